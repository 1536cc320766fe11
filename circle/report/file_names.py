"""Texts and names that every file format holds, and files that are whole or not there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
"""What XML, databases or UTF-8 cannot hold: control characters, halves of surrogate
pairs, code points that are no characters."""
_NOT_IN_A_STEM = re.compile(r"[^a-z0-9_-]+")
_NOT_IN_A_FIELD = re.compile(r"[^a-z0-9]+")
_SHEET = re.compile(r"[\[\]:*?/\\'\s]+")
_SHEET_UNITS = 31
_FIELD_CHARS = 10


def storable(text: str) -> str:
    """Return a text without the characters that no file can hold; line breaks and tabs stay."""
    return _UNFIT.sub("", text)


def stem(text: str) -> str:
    """Return the name of a file: lower case, ASCII, no dots; "file" for nothing."""
    return _NOT_IN_A_STEM.sub("-", text.lower()).strip("-_")[:100] or "file"


def stems(wanted: Iterable[str]) -> list[str]:
    """Return a name of a file for each, no two the same."""
    return _numbered(map(stem, wanted), "-{}", lambda text, most: text[:most], 100)


def sheets(wanted: Iterable[str]) -> list[str]:
    r"""Return a name of a sheet for each: at most 31 units of UTF-16, none of []:*?/\\."""
    fit = (_SHEET.sub(" ", storable(text)).strip() or "—" for text in wanted)
    kept = (f"{text}_" if text.lower() == "history" else text for text in fit)  # Excel's own
    return _numbered(kept, " ({})", _units, _SHEET_UNITS)


def fields(wanted: Iterable[str]) -> list[str]:
    """Return a field of a Shapefile for each column: at most 10 ASCII characters."""
    fit = (
        _short(name if name[:1].isalpha() else f"field{name}")
        for name in (_NOT_IN_A_FIELD.sub("_", text.lower()).strip("_") for text in wanted)
    )
    return _numbered(fit, "{}", lambda text, most: text[:most], _FIELD_CHARS)


def cut(text: str, most: int, encoding: str = "utf-8") -> str:
    """Return the longest beginning of a text that takes at most `most` bytes."""
    return text.encode(encoding)[:most].decode(encoding, "ignore")


def put(path: Path, content: bytes) -> None:
    """Write a file whole or not at all: an old one stays where writing fails."""
    part = path.with_name(f"{path.name}.part")
    try:
        part.write_bytes(content)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _units(text: str, most: int) -> str:
    return cut(text, 2 * most, "utf-16-le").rstrip()


def _short(name: str) -> str:
    """Shorten all words of a name alike, so that names with one beginning stay apart."""
    words = name.split("_")
    for length in range(len(name), 0, -1):
        for between in ("_", ""):
            shortened = between.join(word[:length] for word in words)
            if len(shortened) <= _FIELD_CHARS:
                return shortened
    return name


def _numbered(
    wanted: Iterable[str], ending: str, shorten: Callable[[str, int], str], most: int
) -> list[str]:
    """Return the names with a number where one is taken, upper and lower case alike."""
    names: list[str] = []
    taken: set[str] = set()
    for name in wanted:
        text, number = shorten(name, most), 1
        while text.casefold() in taken:
            number += 1
            last = ending.format(number)
            text = shorten(name, most - len(last)) + last
        taken.add(text.casefold())
        names.append(text)
    return names
