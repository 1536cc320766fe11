"""Text on printed maps: measured in millimetres, wrapped, in fonts that have its signs."""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import TYPE_CHECKING, Any

from matplotlib.font_manager import FontProperties

from circle.report import fonts
from circle.report.ground import INK
from circle.report.plain import printable, width_em

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.text import Text

MM_PER_INCH = 25.4
PT_PER_MM = 72 / MM_PER_INCH
_LEADING = 1.3
_NO_START = frozenset("，。、；：！？）》”’」』】〉·,.;:!?)]}%")


def mm_axes(figure: Figure, box: tuple[float, ...], *, own_units: bool = False) -> Axes:
    """Return axes at a box of millimetres; in millimetres of their own where asked for."""
    wide, high = (float(inches) * MM_PER_INCH for inches in figure.get_size_inches())
    left, low, across, tall = box
    axes = figure.add_axes((left / wide, low / high, across / wide, tall / high))
    if own_units:
        axes.set_xlim(0, across)
        axes.set_ylim(0, tall)
        axes.set_axis_off()
    return axes


@cache
def font(size_mm: float, *, bold: bool = False) -> FontProperties:
    """Return a font whose signs are about `size_mm` high."""
    weight = "bold" if bold else "normal"
    return FontProperties(family=list(fonts.faces()), size=size_mm * PT_PER_MM, weight=weight)


def put(  # noqa: PLR0913 - a text, its place and its looks
    axes: Axes,
    text: str,
    x: float,
    y: float,
    size_mm: float,
    width_mm: float,
    *,
    bold: bool = False,
    colour: str = INK,
    align: str = "left",
    lines: int = 12,
) -> float:
    """Write a text from its upper corner down, wrapped, and return how high it is (mm)."""
    wrapped = wrap(text, width_mm / size_mm, lines)
    for row, line in enumerate(wrapped):
        write(
            axes, line, x, y - row * size_mm * _LEADING, size_mm, bold=bold, color=colour,
            ha=align, va="top",
        )  # fmt: skip
    return len(wrapped) * size_mm * _LEADING


def write(axes: Axes, text: str, x: float, y: float, size_mm: float, **looks: Any) -> Text:  # noqa: ANN401
    """Write one line; `looks` are those of matplotlib, and ``bold``."""
    own = font(size_mm, bold=bool(looks.pop("bold", False)))
    return axes.text(x, y, printable(text), fontproperties=own, parse_math=False, **looks)


def wrap(text: str, most: float, lines: int = 12) -> list[str]:
    """Break a text into lines of at most `most` Chinese signs; the last may end in an ellipsis.

    A Latin word stays whole where it fits a line; no line begins with a stop.
    """
    done: list[str] = []
    line = ""
    for piece in _pieces(" ".join(text.split()), most):
        stops = piece in _NO_START and line
        if line and not stops and width_em(line + piece.rstrip()) > most:
            done.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
    done.append(line.rstrip())
    if len(done) <= lines:
        return done
    last = done[lines - 1]
    while last and width_em(last + "…") > most:
        last = last[:-1]
    return [*done[: lines - 1], last + "…"]


def _pieces(text: str, most: float) -> list[str]:
    """Part a text where a line may end: around Chinese signs, after spaces, in long words."""
    found: list[str] = []
    word = ""
    for sign in text:
        if unicodedata.east_asian_width(sign) in "WF" or sign == " ":
            if sign == " ":
                found.append(word + sign)
            else:
                found += [word, sign] if word else [sign]
            word = ""
        else:
            word += sign
            if width_em(word) > most - 1:
                found.append(word)
                word = ""
    return [*found, word] if word else found
