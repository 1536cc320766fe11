"""Symbols of the kinds of places: colour, shape and letter, as inline SVG.

Verified is filled; unverified is hollow with a dashed ring. The shape differs by
kind too, so that a map printed in grey can be read.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from circle.maps.colours import HERITAGE, PAPER, SPOT
from circle.maps.escaping import escape
from circle.maps.grades import Mark

if TYPE_CHECKING:
    from circle.maps.grades import Grade
    from circle.model import Kind

SIZE_PX = 28
_FALLBACK = "#555555"
_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
BOX = 28
"""Width and height of the box that a symbol is drawn in."""
_XMLNS = "http://www.w3.org/2000/svg"


def _burst(points: int, outer: float, inner: float) -> str:
    centre = BOX / 2
    corners = [
        (
            centre + (outer if i % 2 == 0 else inner) * math.sin(math.pi * i / points),
            centre - (outer if i % 2 == 0 else inner) * math.cos(math.pi * i / points),
        )
        for i in range(2 * points)
    ]
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in corners) + "Z"


_NOTE, _FOLD = "M4 3H24V18.5L18 25H4Z", "M24 18.5H18V25Z"
_CIRCLE = "M14 2.5a11.5 11.5 0 1 1 0 23a11.5 11.5 0 1 1 0-23Z"
_SHAPES = {
    "basket": "M2.5 9H25.5L22.6 23.2Q22.2 25.5 20 25.5H8Q5.8 25.5 5.4 23.2Z",
    "bowl": "M2 7.5Q2 5.5 4 5.5H24Q26 5.5 26 7.5C26 18.5 21 25.5 14 25.5S2 18.5 2 7.5Z",
    "star": _burst(8, 13.2, 10.4),
    "gable": "M14 2L26 12.5V25.5H2V12.5Z",
    "cross": "M9 2.5H19V8.5H25.5V19.5H19V25.5H9V19.5H2.5V8.5H9Z",
    "square": "M6 3H22Q25 3 25 6V22Q25 25 22 25H6Q3 25 3 22V6Q3 3 6 3Z",
    "diamond": "M14 .8L27.2 14L14 27.2L.8 14Z",
}
MARK_BOX, MARK_DISC = 14, 10
"""Width of the box that marks and gables are drawn in, and of a disc in it."""
GABLE = "M7 2L12.5 11.5H1.5Z"
_DISC = "M7 2a5 5 0 1 1 0 10a5 5 0 1 1 0-10Z"
_MARKS = {
    Mark.DIAMOND: "M7 .8L13.2 7L7 13.2L.8 7Z",
    Mark.CROSS: (
        "M3.6 1.2L7 4.6L10.4 1.2L12.8 3.6L9.4 7L12.8 10.4"
        "L10.4 12.8L7 9.4L3.6 12.8L1.2 10.4L4.6 7L1.2 3.6Z"
    ),
}
_HANDLES = {"basket": "M8.5 9C8.5 1.5 19.5 1.5 19.5 9"}
_LETTER_Y = {"basket": 22, "bowl": 19.2, "gable": 22.4}


def colour_of(kind: Kind) -> str:
    """Return the kind's colour when it is one, else a grey."""
    return kind.colour if _COLOUR.fullmatch(kind.colour) else _FALLBACK


def body(kind: Kind, *, verified: bool, joined: str = "") -> tuple[str, str]:
    """Return the symbol of a kind in `BOX` without its letter, and the colour of the letter.

    `joined` is added to the attributes of its shape.
    """
    colour, handle = colour_of(kind), _HANDLES.get(kind.symbol, "")
    fill, ink = (colour, PAPER) if verified else (PAPER, colour)
    ring = (
        f'stroke="{PAPER}" stroke-width="1.5"'
        if verified
        else f'stroke="{colour}" stroke-width="2" stroke-dasharray="3.2 2.2"'
    )
    arcs = ((PAPER, 4.5), (colour, 2.2)) if handle else ()
    arc = "".join(
        f'<path d="{handle}" fill="none" stroke="{line}" stroke-width="{width}"/>'
        for line, width in arcs
    )
    shape = _SHAPES.get(kind.symbol, _CIRCLE)
    return f'{arc}<path d="{shape}" fill="{fill}" {ring}{joined}/>', ink


def letter_place(kind: Kind) -> tuple[float, int]:
    """Return the base line of a symbol's letter, down from the top of `BOX`, and its size."""
    return _LETTER_Y.get(kind.symbol, 18.8), 13 if len(kind.letter) == 1 else 10


def mark_outline(mark: Mark) -> str:
    """Return the shape of a grade's mark, as an SVG path in `MARK_BOX`."""
    return _MARKS.get(mark, _DISC)


def sign(kind: Kind, *, verified: bool = True, size: int = SIZE_PX) -> str:
    """Return the symbol of a kind as an SVG element.

    Parameters
    ----------
    kind
        Its `letter` is escaped, its `colour` checked, an unknown `symbol` is a disc.
    verified
        False draws it hollow, with a dashed ring.
    size
        Width and height, pixels.
    """
    shape, ink = body(kind, verified=verified, joined=' stroke-linejoin="round"')
    letter = escape(kind.letter[:2])
    base, points = letter_place(kind)
    return (
        f'<svg xmlns="{_XMLNS}" width="{size}" height="{size}" viewBox="0 0 {BOX} {BOX}">'
        f'{shape}<text x="14" y="{base}" text-anchor="middle" '
        f'font-size="{points}" font-weight="700" fill="{ink}">{letter}</text></svg>'
    )


def note(kind: Kind | None, *, size: int = SIZE_PX) -> str:
    """Return the symbol of a wish as an SVG element: a note in the colour of its kind.

    Parameters
    ----------
    kind
        None for a wish of another kind, or of one that is not told.
    size
        Width and height, pixels.
    """
    colour, letter = (_FALLBACK, "") if kind is None else (colour_of(kind), escape(kind.letter[:2]))
    fold = f'<path d="{_FOLD}" fill="{PAPER}" fill-opacity="0.65"/>'
    return (
        f'<svg xmlns="{_XMLNS}" width="{size}" height="{size}" viewBox="0 0 {BOX} {BOX}">'
        f'<path d="{_NOTE}" fill="{colour}" stroke="{PAPER}" stroke-width="1.5"/>{fold}'
        f'<text x="13" y="18" text-anchor="middle" font-size="12" font-weight="700" '
        f'fill="{PAPER}">{letter}</text></svg>'
    )


def gable(size: int = 14) -> str:
    """Return the small symbol of a protected building as an SVG element."""
    return (
        f'<svg xmlns="{_XMLNS}" width="{size}" height="{size}" viewBox="0 0 14 14">'
        f'<path d="{GABLE}" fill="{HERITAGE}"/></svg>'
    )


def swatch(fill: str, line: str) -> str:
    """Return a legend's sample of a fill as an SVG element."""
    return _sample(
        16, f'<rect x="1" y="1.5" width="14" height="11" rx="2" fill="{fill}" stroke="{line}"/>'
    )


def dash() -> str:
    """Return a legend's sample of a dashed outline as an SVG element."""
    line = '<path class="circle-outline" d="M1 7H19" fill="none" stroke-width="2.5" '
    return _sample(20, f'{line}stroke-dasharray="1.5 4.5" stroke-linecap="round"/>')


def spot(letter: str = "") -> str:
    """Return a row of a layer, or a place to look at by its letter, as an SVG element."""
    if not letter:
        return _sample(14, f'<circle cx="7" cy="7" r="5" fill="{SPOT}" stroke="#FFFFFF"/>')
    text = (
        '<text x="8" y="10.5" text-anchor="middle" font-size="9" font-weight="700" '
        f'fill="#FFFFFF">{escape(letter[:1])}</text>'
    )
    return _sample(16, f'<circle cx="8" cy="7" r="7" fill="{SPOT}"/>{text}')


def mark(grade: Grade) -> str:
    """Return a grade's mark in the legend as an SVG element."""
    fill, line = escape(grade.fill), escape(grade.line)
    dark = f'data-dark="{escape(grade.dark)}"'
    if grade.mark is Mark.RING:
        hollow = f'class="circle-ring" {dark} fill="none" stroke="{line}" stroke-width="2"'
        return _sample(14, f'<circle cx="7" cy="7" r="4" {hollow}/>')
    paint = f'class="circle-mark" {dark} fill="{fill}" stroke="{line}"'
    if grade.mark is Mark.DISC:
        return _sample(14, f'<circle cx="7" cy="7" r="5" {paint}/>')
    return _sample(14, f'<path d="{_MARKS[grade.mark]}" {paint} stroke-linejoin="round"/>')


def _sample(width: int, shape: str) -> str:
    box = f'width="{width}" height="14" viewBox="0 0 {width} 14"'
    return f'<svg xmlns="{_XMLNS}" {box}>{shape}</svg>'
