"""What every printed map stands on: how metres become millimetres, streets, areas, the boundary."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from circle.maps.base_map import area_lines, streets_by_width
from circle.report.print_map.canvas import LINE, PAPER, SURROUNDINGS, Box, Canvas, Paint

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circle.model import District, Floats

Bounds = tuple[float, float, float, float]
"""West, south, east, north."""

_STREET = "#CFCAC0"
STREET_PT = 0.62
"""Width of a street for each pixel that it has on the screen."""
BOUNDARY = Paint("none", LINE, 1.3, (4.5, 2.0))
AREA_LINE = Paint("none", "#8A857B", 0.7)
"""How the district's boundary and the lines of its areas are drawn."""
_SIMPLIFY_MM = 0.04
_DENSE_M = 15.0
"""From so many metres a millimetre on, marks of residents shrink."""
_LEAST_M = 20.0
_SCALE_FIGURES = 2

_AT_GROUND, _AT_STREETS, _AT_LINES = 1.0, 3.0, 5.0


@dataclass(frozen=True, slots=True)
class View:
    """How a frame on the sheet shows metres of the district.

    Attributes
    ----------
    frame
        Millimetres.
    middle
        What stands in its middle, metres.
    metres_per_mm
        The scale.
    size
        How large symbols and texts are, against those of a sheet A4.
    """

    frame: Box
    middle: tuple[float, float]
    metres_per_mm: float
    size: float = 1.0

    @property
    def dots(self) -> float:
        """How large marks of residents are; smaller where streets are near one another."""
        return self.size * min(1.0, math.sqrt(_DENSE_M / self.metres_per_mm))

    @property
    def bounds(self) -> Bounds:
        """What is seen, metres."""
        half = np.array([self.frame.width, self.frame.height]) * self.metres_per_mm / 2
        (west, south), (east, north) = self.middle - half, self.middle + half
        return float(west), float(south), float(east), float(north)

    def mm(self, xy: Floats) -> Floats:
        """Return places in metres, shape (k, 2), as millimetres on the sheet."""
        off = np.asarray(xy, np.float64) - self.middle
        return off / self.metres_per_mm + self.frame.middle

    def shape(self, shape: Any) -> Any:  # noqa: ANN401 - one geometry or an array of them
        """Return shapes in metres as shapes on the sheet, without bends that nobody sees."""
        return shapely.simplify(shapely.transform(shape, self.mm), _SIMPLIFY_MM)

    def seen(self, xy: Floats, margin_mm: float = 0.0) -> NDArray[np.bool_]:
        """Return which places on the sheet lie in the frame, so far off its lines."""
        left, bottom, right, top = self.frame.inset(margin_mm).corners
        x, y = xy.reshape(-1, 2).T
        return np.asarray((x >= left) & (x <= right) & (y >= bottom) & (y <= top))


def fitted(bounds: Bounds, frame: Box, size: float, *, round_scale: bool) -> View:
    """Return the view that shows `bounds` as large as `frame` allows.

    Parameters
    ----------
    bounds
        Metres.
    frame, size
        As `View` has them.
    round_scale
        Whether the scale is rounded, to 1 : 14,000 and the like.
    """
    west, south, east, north = bounds
    wide, high = max(east - west, _LEAST_M), max(north - south, _LEAST_M)
    scale = max(wide / frame.width, high / frame.height) * 1000
    if round_scale:
        step = 10.0 ** (math.floor(math.log10(scale)) - _SCALE_FIGURES + 1)
        scale = math.ceil(scale / step - 1e-9) * step
    return View(frame, ((west + east) / 2, (south + north) / 2), scale / 1000, size)


def draw_basemap(canvas: Canvas, district: District, view: View) -> None:
    """Draw ground, streets, the lines of areas and the boundary."""
    canvas.shape(shapely.box(*view.frame.corners), _AT_GROUND, Paint(SURROUNDINGS))
    seen = shapely.box(*view.bounds)
    inside = view.shape(shapely.intersection(district.boundary, seen))
    canvas.shape(inside, _AT_GROUND, Paint(PAPER))
    for weight, joined in streets_by_width(district):
        lines = shapely.get_parts(joined)
        near = lines[shapely.intersects(lines, seen)]
        streets = shapely.multilinestrings(view.shape(near)) if len(near) else None
        canvas.shape(streets, _AT_STREETS, street_paint(weight * STREET_PT * view.size))
    canvas.shape(view.shape(area_lines(district)), _AT_LINES, AREA_LINE)
    canvas.shape(view.shape(district.boundary.boundary), _AT_LINES, BOUNDARY)


def street_paint(width_pt: float) -> Paint:
    """Return how a street is drawn, so many points wide."""
    return Paint("none", _STREET, width_pt, round_ends=True)
