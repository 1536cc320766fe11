"""Texts of a report made fit for a page: no invisible characters, none that no font shows."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

from matplotlib import font_manager

from circle.report import fonts

if TYPE_CHECKING:
    from collections.abc import Iterable

_BREAKS = re.compile(r"[\t\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")
_UNWRITABLE = re.compile(
    "[\x00-\x1f\x7f-\x9f"  # control characters, which XML forbids
    "\u202a-\u202e\u2066-\u2069"  # marks that turn the direction of what follows
    "\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff]"  # code points that are no characters
)
_WORD = re.compile(r"[!-~\u00a1-\u024f\u0370-\u05ff]{8,}")
_PER_CENT = re.compile("(?<=[0-9]) (?=%)")
_ZERO_WIDTH = "\u200b"
_WIDE_EM = 1.0
_LATIN_EM = {
    " ,.:;'!|iIjl": 0.33,
    "()[]{}/-frt": 0.43,
    "csxyvz": 0.56,
    "ACDGHKNOPQRSUVwXY": 0.77,
    "mMW%@": 0.98,
}
_OTHER_EM = 0.64
_WIDTHS_EM = {character: width for group, width in _LATIN_EM.items() for character in group}
"""Of the bold weight, a little more than less: bold is the wider one."""


def one_line(text: object) -> str:
    """Return `text` in one line, without characters that a document may not hold."""
    return _UNWRITABLE.sub("", _BREAKS.sub(" ", str(text)))


def printable(text: object) -> str:
    """Return `one_line` of a text with each character that `fonts.faces` lacks named by its number.

    Never boxes: a character without a glyph comes out as ``[U+1F9EA]``, and one that is
    only a hint (a variation selector, a joiner) is left out.
    """
    clean = one_line(text)
    lacking = {character for character in clean if ord(character) not in _glyphs("normal")}
    return (
        clean.translate({ord(character): _named(character) for character in lacking})
        if lacking
        else clean
    )


def never_bold(texts: Iterable[str]) -> str:
    """Return the characters of `texts` that the fonts hold in the regular weight alone."""
    characters = set().union(*map(set, texts))
    return "".join(
        sorted(character for character in characters if ord(character) not in _glyphs("bold"))
    )


def width_em(text: str) -> float:
    """Return about how wide `text` is set, in em: one for a Chinese character."""
    return sum(
        _WIDTHS_EM.get(character, _OTHER_EM)
        if character.isascii() or unicodedata.east_asian_width(character) not in "WFA"
        else _WIDE_EM
        for character in text
    )


def longest_em(text: str) -> float:
    """Return how wide the longest part of `text` is that should not be broken, in em."""
    words = re.split(r"[\s\u200b]+|(?<=[-/])|[\u2e80-\U0003ffff]", text)
    return max(map(width_em, words), default=0.0)


def breakable(text: str, room_em: float) -> str:
    """Return `text` as it may be broken into lines.

    There are zero-width spaces in the words that are wider than `room_em`, and none that
    breaks between a figure and its per cent.
    """
    return _WORD.sub(
        lambda word: _ZERO_WIDTH.join(word[0]) if width_em(word[0]) > room_em else word[0],
        _PER_CENT.sub("\u00a0", text),
    )


def shortened(text: str, room_em: float) -> str:
    """Return `text`, cut with "…" where it is wider than `room_em`."""
    if width_em(text) <= room_em:
        return text
    kept = text
    while kept and width_em(kept) > room_em - 1:
        kept = kept[:-1]
    return f"{kept.rstrip()}…"


def _named(character: str) -> str:
    hint = unicodedata.category(character) == "Cf" or "VARIATION SELECTOR" in unicodedata.name(
        character, ""
    )
    return "" if hint else f"[U+{ord(character):04X}]"


def _glyphs(weight: str) -> frozenset[int]:
    return _covered(fonts.faces(), weight)


@cache
def _covered(families: tuple[str, ...], weight: str) -> frozenset[int]:
    code_points: set[int] = set()
    for family in families:
        font = font_manager.FontProperties(family=family, weight=weight)
        code_points.update(font_manager.get_font(font_manager.findfont(font)).get_charmap())
    return frozenset(code_points)
