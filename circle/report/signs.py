"""Signs on printed maps: of kinds, of grades, of heritage; one source of shapes with the screen."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from fontTools.pens.recordingPen import RecordingPen
from fontTools.svgLib.path import parse_path
from matplotlib.path import Path

from circle.maps.grades import Mark
from circle.maps.symbols import BOX, outline

if TYPE_CHECKING:
    from circle.model import Kind

_CODES: dict[str, tuple[int, ...]] = {
    "moveTo": (int(Path.MOVETO),),
    "lineTo": (int(Path.LINETO),),
    "qCurveTo": (int(Path.CURVE3), int(Path.CURVE3)),
    "curveTo": (int(Path.CURVE4), int(Path.CURVE4), int(Path.CURVE4)),
}
MARKS: dict[Mark, str] = {
    Mark.DISC: "o",
    Mark.RING: "o",
    Mark.DIAMOND: "D",
    Mark.CROSS: "X",
}
HERITAGE = "^"


def shape_of(kind: Kind) -> Path:
    """Return the shape of a kind's sign, one unit high and wide, about (0, 0)."""
    return _path(outline(kind)[0])


def handle_of(kind: Kind) -> Path | None:
    """Return the handle of a kind's sign, on the same scale; None where it has none."""
    handle = outline(kind)[1]
    return _path(handle) if handle else None


@cache
def _path(svg: str) -> Path:
    pen = RecordingPen()
    parse_path(svg, pen)
    vertices: list[tuple[float, float]] = []
    codes: list[int] = []
    for what, points in pen.value:
        if what == "closePath":
            codes.append(int(Path.CLOSEPOLY))
            vertices.append(vertices[-1])
        elif what in _CODES:
            codes += _CODES[what]
            vertices += points
    across = np.array(vertices, float) / BOX - 0.5
    return Path(across * (1, -1), codes)
