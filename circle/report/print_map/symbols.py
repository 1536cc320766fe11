"""Signs on printed maps: of kinds, of grades, of heritage; one source of shapes with the screen."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from fontTools.pens.recordingPen import RecordingPen
from fontTools.svgLib.path import parse_path
from matplotlib.path import Path

from circle.maps import symbols

if TYPE_CHECKING:
    from circle.maps.grades import Mark
    from circle.model import Kind

_CODES: dict[str, tuple[int, ...]] = {
    "moveTo": (int(Path.MOVETO),),
    "lineTo": (int(Path.LINETO),),
    "qCurveTo": (int(Path.CURVE3), int(Path.CURVE3)),
    "curveTo": (int(Path.CURVE4), int(Path.CURVE4), int(Path.CURVE4)),
}


def shape_of(kind: Kind) -> Path:
    """Return the shape of a kind's sign, in a box of one unit about (0, 0)."""
    return _path(symbols.outline(kind)[0], symbols.BOX)


def handle_of(kind: Kind) -> Path | None:
    """Return the handle of a kind's sign, on the same scale; None where it has none."""
    handle = symbols.outline(kind)[1]
    return _path(handle, symbols.BOX) if handle else None


def letter_of(kind: Kind) -> tuple[float, float]:
    """Return where a sign's letter stands and how high it is: base line above the middle, size."""
    base, size = symbols.letter_place(kind)
    return 0.5 - base / symbols.BOX, size / symbols.BOX


def mark_of(mark: Mark) -> Path:
    """Return the mark of a grade about (0, 0); a disc is one unit wide."""
    return _path(symbols.mark_outline(mark), symbols.MARK_BOX, symbols.MARK_DISC)


def gable() -> Path:
    """Return the sign of a protected building, in a box of one unit about (0, 0)."""
    return _path(symbols.GABLE, symbols.MARK_BOX)


@cache
def _path(svg: str, box: float, unit: float | None = None) -> Path:
    """Turn an SVG path in a square box into a path about (0, 0), `unit` (the box) being 1."""
    pen = RecordingPen()
    parse_path(svg, pen)
    vertices: list[tuple[float, float]] = []
    codes: list[int] = []
    for what, places in pen.value:
        if what == "closePath":
            codes.append(int(Path.CLOSEPOLY))
            vertices.append(vertices[-1])
        elif what in _CODES:
            codes += _CODES[what]
            vertices += places
    about = (np.array(vertices, float) - box / 2) * (1, -1) / (unit or box)
    return Path(about, codes)
