"""Text on printed maps: measured in millimetres, broken into lines, in fonts that have it."""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from matplotlib import font_manager
from matplotlib.font_manager import FontProperties
from matplotlib.ft2font import LoadFlags
from matplotlib.path import Path

from circle.report import fonts
from circle.report.plain import printable

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circle.model import Floats

MM_PER_INCH = 25.4
PT_PER_MM = 72 / MM_PER_INCH
LEADING = 1.3
"""From one base line to the next, in sizes of the text."""
RISE = 0.37
"""How far the middle of a sign stands above its base line, in sizes of the text."""
_MEASURED_PT = 100
_FIXED = 65536
"""Advances of glyphs are told in such parts of a point."""
_NO_START = frozenset("，。、；：！？）》”’」』】〉·,.;:!?)]}%")
_NO_END = frozenset("（《“‘「『【〈([{")
_ELLIPSIS, _WIDENINGS = "…", 5


class Glyph(NamedTuple):
    """A sign at size 1: how far it moves the next one on, its outline, its path codes."""

    advance: float
    vertices: Floats
    codes: NDArray[np.int8]


def font(size_mm: float, *, bold: bool = False) -> FontProperties:
    """Return a font whose signs are `size_mm` high.

    Raises
    ------
    FontError
        When this machine has no font that prints Chinese.
    """
    return _font(fonts.faces(), size_mm, bold=bold)


@lru_cache(maxsize=64)
def _font(families: tuple[str, ...], size_mm: float, *, bold: bool) -> FontProperties:
    weight = "bold" if bold else "normal"
    return FontProperties(family=list(families), size=size_mm * PT_PER_MM, weight=weight)


def outlines(text: str, *, bold: bool = False) -> Path:
    """Return the outlines of a `printable` line of text at size 1, from (0, 0) to the right."""
    families = fonts.faces()
    glyphs = [_glyph(sign, families, bold) for sign in text]
    if not any(len(one.codes) for one in glyphs):
        return Path(np.empty((0, 2)), np.empty(0, Path.code_type))
    starts = np.cumsum([0.0, *(one.advance for one in glyphs[:-1])])
    placed = [
        np.add(one.vertices, (start, 0.0))
        for one, start in zip(glyphs, starts, strict=True)
        if len(one.codes)
    ]
    return Path(np.concatenate(placed), np.concatenate([one.codes for one in glyphs]))


def width_mm(text: str, size_mm: float, *, bold: bool = False) -> float:
    """Return how wide a `printable` text is as `Page.write` sets it."""
    families = fonts.faces()
    return size_mm * sum(_glyph(sign, families, bold).advance for sign in text)


def wrap(text: str, size_mm: float, room_mm: float, most: int = 12) -> list[str]:
    """Break a text into at most `most` lines of `room_mm`; the last may end in an ellipsis.

    A Latin word stays whole where it fits a line, no line begins with a stop or
    ends with an opening bracket. Signs that no font has are named by their number.
    """
    lines = [""]
    for piece in _pieces(clean(text), size_mm, room_mm):
        if lines[-1] and width_mm(lines[-1] + piece.rstrip(), size_mm) > room_mm:
            lines.append(piece)
        else:
            lines[-1] += piece
    if len(lines) > most:
        lines = [*lines[: most - 1], _cut("".join(lines[most - 1 :]), size_mm, room_mm)]
    return [one.strip() for one in lines if one.strip()]


def evenly(text: str, size_mm: float, room_mm: float, most: int) -> list[str]:
    """Break a text as `wrap` does, into lines that are about as long as one another."""
    lines = wrap(text, size_mm, room_mm, most)
    if len(lines) > 1 and not lines[-1].endswith(_ELLIPSIS):
        narrow = width_mm("".join(lines), size_mm) / len(lines)
        for more in range(_WIDENINGS):
            tried = wrap(text, size_mm, min(room_mm, narrow + more * size_mm), len(lines))
            if not tried[-1].endswith(_ELLIPSIS):
                return tried
    return lines


def shortened(text: str, size_mm: float, room_mm: float) -> str:
    """Return a text in one line that fits `room_mm`, cut with an ellipsis where it has to be."""
    return _cut(clean(text), size_mm, room_mm)


def clean(text: str) -> str:
    """Return a text in one line, in signs that the fonts have."""
    return " ".join(printable(text).split())


def _cut(text: str, size_mm: float, room_mm: float) -> str:
    if width_mm(text.strip(), size_mm) <= room_mm:
        return text.strip()
    room = room_mm - width_mm(_ELLIPSIS, size_mm)
    wide = np.cumsum([width_mm(sign, size_mm) for sign in text])
    return text[: int(np.searchsorted(wide, room, side="right"))].rstrip() + _ELLIPSIS


def _pieces(text: str, size_mm: float, room_mm: float) -> list[str]:
    """Part a text where a line may end: around Chinese signs, after spaces, in long words."""
    found: list[str] = []
    glued = False
    for sign in text:
        last = found[-1] if found else ""
        ends = not last or last.endswith(" ") or _is_wide(sign) or _is_wide(last[-1])
        joined = last and (glued or not ends or sign in _NO_START or sign == " ")
        if joined and width_mm(last + sign, size_mm) <= room_mm:
            found[-1] += sign
        else:
            found.append(sign)
        glued = sign in _NO_END
    return found


def _is_wide(sign: str) -> bool:
    return unicodedata.east_asian_width(sign) in "WF"


@lru_cache(maxsize=8192)
def _glyph(sign: str, families: tuple[str, ...], bold: bool) -> Glyph:  # noqa: FBT001 - a key
    for family in families:
        own = font_manager.get_font(_file(family, bold))
        if own.get_char_index(ord(sign)):
            break
    own.set_size(_MEASURED_PT, 72)
    moved = own.load_char(ord(sign), flags=LoadFlags.NO_HINTING).linearHoriAdvance / _FIXED
    vertices, codes = own.get_path()
    return Glyph(moved / _MEASURED_PT, vertices / _MEASURED_PT, codes)


@cache
def _file(family: str, bold: bool) -> str:  # noqa: FBT001 - a key
    weight = "bold" if bold else "normal"
    return font_manager.findfont(FontProperties(family=family, weight=weight))
