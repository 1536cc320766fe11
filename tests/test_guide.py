"""The long texts of the help page: alike in both languages, and true of the program."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING

import pytest

from circle import identity
from circle.cli import _parser
from circle.config import ROOT
from circle.i18n import LANGUAGES, in_language, sentences
from circle.i18n.help_texts import PLACEHOLDER, Section, filled, guide
from circle.web.help_figures import numbers
from circle.web.help_page import AUDIENCES
from circle.web.navigation import title_of
from circle.web.sign_in import existing

if TYPE_CHECKING:
    from circle.model import District

FILES = Path("circle/i18n/help")
SUBJECTS = sorted(file.stem for file in (ROOT / FILES / "zh").iterdir())
PAGES = set(existing())
UNEXPLAINED = {"help", "about", "welcome"}
SECTIONS = [(name, row) for name in SUBJECTS for row in range(len(guide(name, "zh").sections))]
_TYPED = re.compile(r"\d[\d,.]* ?(?:米|公顷|次|级|m\b|ha\b|draws|minutes per)")
_CODE = re.compile(r"```text\n(.*?)```", re.DOTALL)


def pair(subject: str, row: int) -> tuple[Section, Section]:
    zh, en = (guide(subject, code).sections[row] for code in LANGUAGES)
    return zh, en


def everything(section: Section) -> str:
    return f"{section.title}\n{section.body}"


def test_both_languages_have_the_same_subjects() -> None:
    for code in LANGUAGES:
        found = {file.stem for file in (ROOT / FILES / code).iterdir()}
        assert found == set(SUBJECTS)
    assert set(AUDIENCES) <= set(SUBJECTS)


@pytest.mark.parametrize("subject", SUBJECTS)
def test_both_languages_have_the_same_parts(subject: str) -> None:
    zh, en = (guide(subject, code) for code in LANGUAGES)
    assert len(zh.sections) == len(en.sections) >= 4
    assert bool(zh.lead) == bool(en.lead)
    assert len({one.title for one in en.sections}) == len(en.sections)


@pytest.mark.parametrize(("subject", "row"), SECTIONS)
def test_a_part_is_built_alike_in_both_languages(subject: str, row: int) -> None:
    zh, en = pair(subject, row)
    assert (zh.page, zh.audiences) == (en.page, en.audiences)
    for sign in (r"^\d+\. ", r"^- ", r"^\$\$$", r"^```"):
        counts = [len(re.findall(sign, one.body, re.MULTILINE)) for one in (zh, en)]
        assert counts[0] == counts[1], sign
    assert _CODE.findall(zh.body) == _CODE.findall(en.body)
    assert sorted(PLACEHOLDER.findall(everything(zh))) == sorted(
        PLACEHOLDER.findall(everything(en))
    )


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize(("subject", "row"), SECTIONS)
def test_what_a_part_names_exists(district: District, subject: str, row: int, code: str) -> None:
    """Controls are named by the sentences of the pages; a page to come is not told of."""
    section = guide(subject, code).sections[row]
    assert set(section.audiences) <= set(AUDIENCES)
    assert not section.page or section.page in identity.PAGES
    if section.page and section.page not in PAGES:
        return
    with in_language(code):
        known = numbers(district)
        for name in PLACEHOLDER.findall(everything(section)):
            if name.startswith("page."):
                page = name.removeprefix("page.")
                assert page in PAGES, name
                assert title_of(page)
            elif name not in known:
                fields = [field for _, field, _, _ in Formatter().parse(sentences(code)[name])]
                assert not any(fields), name


def test_every_page_is_explained_to_somebody() -> None:
    told = {pair(subject, row)[0].page for subject, row in SECTIONS}
    assert told >= PAGES - UNEXPLAINED


def test_every_figure_that_is_offered_is_used(district: District) -> None:
    named = {
        name
        for subject, row in SECTIONS
        for name in PLACEHOLDER.findall(everything(pair(subject, row)[0]))
    }
    offered = {name for name in numbers(district) if not name.startswith("setting.")}
    assert offered <= named


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("subject", SUBJECTS)
def test_no_figure_is_typed_and_the_tone_is_plain(subject: str, code: str) -> None:
    text = (ROOT / FILES / code / f"{subject}.md").read_text(encoding="utf-8")
    assert not _TYPED.findall(text)
    assert not re.search(r"[!！]", text)
    assert "<" not in text.replace("$t_i < ", "")


def test_every_command_is_one() -> None:
    lines = [
        line
        for subject, row in SECTIONS
        for block in _CODE.findall(pair(subject, row)[0].body)
        for line in block.splitlines()
    ]
    assert len(lines) >= 8
    for line in lines:
        call = shlex.split(line)
        assert call[:3] == ["python", "-m", "circle"]
        assert _parser().parse_args(call[3:]).run


def test_tags_are_read() -> None:
    words = {one.title: one for one in guide("words", "en").sections}
    assert words["Gap"].audiences == ("officials", "planners", "stewards")
    assert words["Modelled"].audiences == ()
    assert guide("officials", "zh").sections[0].page == "coverage"


def test_placeholders_are_filled_and_formulas_left_alone() -> None:
    said = filled(r"$\frac{a}{b}$ {{draws}} {i} {{a.b}}", lambda name: f"<{name}>")
    assert said == r"$\frac{a}{b}$ <draws> {i} <a.b>"
