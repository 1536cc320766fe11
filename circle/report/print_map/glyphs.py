"""Characters of printed maps: measured in millimetres, broken into lines, as outlines."""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache

import numpy as np
from matplotlib import font_manager
from matplotlib.font_manager import FontProperties
from matplotlib.ft2font import LoadFlags
from matplotlib.path import Path

from circle.report import fonts
from circle.report.printable import printable

LEADING = 1.3
"""From one base line to the next, in sizes of the text."""
RISE = 0.37
"""How far the middle of a character stands above its base line, in sizes of the text."""
_MEASURED_PT = 100
_FIXED = 65536
"""Advances of glyphs are told in such parts of a point."""
_COMMANDS = {
    Path.MOVETO: "M",
    Path.LINETO: "L",
    Path.CURVE3: "Q",
    Path.CURVE4: "C",
    Path.CLOSEPOLY: "Z",
}
_NO_START = frozenset("，。、；：！？）》”’」』】〉·,.;:!?)]}%")
_NO_END = frozenset("（《“‘「『【〈([{")
_ELLIPSIS, _WIDENINGS = "…", 5


def outline(character: str, *, bold: bool = False) -> tuple[float, str]:
    """Return how far a character moves the next one on, at size 1, and its outline.

    The outline is an SVG path in thousandths of the size, down from the base line;
    "" for a blank.

    Raises
    ------
    FontError
        When this machine has no font that prints Chinese.
    """
    return _glyph(character, fonts.faces(), bold)


def width_mm(text: str, size_mm: float, *, bold: bool = False) -> float:
    """Return how wide a `printable` text is set."""
    return size_mm * sum(outline(character, bold=bold)[0] for character in text)


def wrap(text: str, size_mm: float, room_mm: float, most: int = 12) -> list[str]:
    """Break a text into at most `most` lines of `room_mm`; the last may end in an ellipsis.

    A Latin word stays whole where it fits a line, no line begins with a stop or ends with
    an opening bracket. Characters that no font has are named by their number.
    """
    lines = [""]
    for piece in _pieces(_clean(text), size_mm, room_mm):
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
    return _cut(_clean(text), size_mm, room_mm)


def _clean(text: str) -> str:
    """Return a text in one line, in characters that the fonts have."""
    return " ".join(printable(text).split())


def _cut(text: str, size_mm: float, room_mm: float) -> str:
    if width_mm(text.strip(), size_mm) <= room_mm:
        return text.strip()
    room = room_mm - width_mm(_ELLIPSIS, size_mm)
    wide = np.cumsum([width_mm(character, size_mm) for character in text])
    return text[: int(np.searchsorted(wide, room, side="right"))].rstrip() + _ELLIPSIS


def _pieces(text: str, size_mm: float, room_mm: float) -> list[str]:
    """Part a text where a line may end: around Chinese characters, after spaces, in long words."""
    pieces: list[str] = []
    glued = False
    for character in text:
        last = pieces[-1] if pieces else ""
        ends = not last or last.endswith(" ") or _is_wide(character) or _is_wide(last[-1])
        joined = last and (glued or not ends or character in _NO_START or character == " ")
        if joined and width_mm(last + character, size_mm) <= room_mm:
            pieces[-1] += character
        else:
            pieces.append(character)
        glued = character in _NO_END
    return pieces


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"


@lru_cache(maxsize=8192)
def _glyph(character: str, families: tuple[str, ...], bold: bool) -> tuple[float, str]:  # noqa: FBT001 - a key
    code = ord(character)
    files = [_file(family, weight) for weight in (bold, False) for family in families]
    font = next(filter(lambda one: one.get_char_index(code), map(font_manager.get_font, files)))
    font.set_size(_MEASURED_PT, 72)
    advance = font.load_char(code, flags=LoadFlags.NO_HINTING).linearHoriAdvance / _FIXED
    vertices, codes = font.get_path()
    data, last = "", 0
    for (x, y), code in zip(np.rint(vertices * (10, -10)).tolist(), codes.tolist(), strict=True):
        data += " " if code == last else _COMMANDS[code]
        data += "" if code == Path.CLOSEPOLY else f"{x:.0f} {y:.0f}"
        last = code
    return advance / _MEASURED_PT, data


@cache
def _file(family: str, bold: bool) -> str:  # noqa: FBT001 - a key
    weight = "bold" if bold else "normal"
    return font_manager.findfont(FontProperties(family=family, weight=weight))
