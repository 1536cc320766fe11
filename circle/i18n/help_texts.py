"""The long texts of the help page: Markdown files, one a subject, read into sections.

A file begins with its lead, where it has one; each ``##`` begins a section. Words in
brackets after a section's title say whom it is for (``[officials planners]``) and
which page it is about (``[@coverage]``). ``{{coverage.kind}}`` in a text stands for
that sentence of the language files, ``{{draws}}`` for a figure of the program: what a
control is called is written in one place only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

PLACEHOLDER = re.compile(r"\{\{([a-z_][a-z0-9_.]*)\}\}")
_HEADING = re.compile(r"^## +(?P<title>.+?)(?: +\[(?P<tags>[^\]]*)\])?$", re.MULTILINE)
_PAGE = "@"


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a subject.

    Attributes
    ----------
    title, body
        Markdown with placeholders.
    audiences
        Whom it is for; empty for everybody.
    page
        The page that it is about; "" for none.
    """

    title: str
    body: str
    audiences: tuple[str, ...] = ()
    page: str = ""


@dataclass(frozen=True, slots=True)
class Guide:
    """One subject: its lead and its sections, in order."""

    lead: str
    sections: tuple[Section, ...]


@cache
def guide(subject: str, language: str) -> Guide:
    """Return one subject in one language, placeholders unfilled.

    Parameters
    ----------
    subject
        Name of a file in ``circle/i18n/help/LANGUAGE``, without its ending.
    language
        ``zh`` or ``en``.
    """
    text = files("circle.i18n").joinpath(f"help/{language}/{subject}.md").read_text("utf-8")
    headings = list(_HEADING.finditer(text))
    ends = [*(heading.start() for heading in headings[1:]), len(text)]
    lead = text[: headings[0].start()] if headings else text
    sections = (
        _section(heading["title"], heading["tags"] or "", text[heading.end() : end])
        for heading, end in zip(headings, ends, strict=True)
    )
    return Guide(lead.strip(), tuple(sections))


def filled(text: str, replacement: Callable[[str], str]) -> str:
    """Return a text with each placeholder replaced by what `replacement` makes of its name."""
    return PLACEHOLDER.sub(lambda match: replacement(match[1]), text)


def _section(title: str, tags: str, body: str) -> Section:
    words = tags.split()
    pages = [word.removeprefix(_PAGE) for word in words if word.startswith(_PAGE)]
    audiences = tuple(word for word in words if not word.startswith(_PAGE))
    return Section(title, body.strip(), audiences, pages[0] if pages else "")
