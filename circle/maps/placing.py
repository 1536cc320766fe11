"""Where a text can stand: clear of what stands already, along a line or inside a shape."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from circle.model import derived
from circle.network.graph import segment_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from shapely import Geometry, LineString, Polygon

    from circle.model import WalkNetwork

_SHARES = (0.5, 0.38, 0.62, 0.26, 0.74, 0.15, 0.85)
_ROOM = 1.25
_GRID = 17

Place = tuple[float, float, float, float, float]
"""Centre east and north in metres, width and height in pixels, angle."""


@dataclass(slots=True)
class Sheet:
    """The boxes taken so far, at one scale; `ground` are their shapes.

    `metres_per_px` is metres a unit of the boxes: a pixel on a screen, a millimetre
    on paper.
    """

    metres_per_px: float
    taken: list[Place] = field(default_factory=list)
    ground: NDArray[np.object_] = field(default_factory=lambda: np.empty(0, object))

    def corners(self, place: Place) -> list[tuple[float, float]]:
        """Return the corners of the ground that a text stands on."""
        x, y, wide, high, angle = place
        turn, unit = math.radians(angle), self.metres_per_px / 2
        right = (math.cos(turn) * wide * unit, math.sin(turn) * wide * unit)
        up = (-math.sin(turn) * high * unit, math.cos(turn) * high * unit)
        return [
            (x + a * right[0] + b * up[0], y + a * right[1] + b * up[1])
            for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1))
        ]

    def box(self, place: Place) -> Polygon:
        """Return the ground that a text stands on."""
        ground: Polygon = shapely.polygons(self.corners(place))
        return ground

    def free(self, place: Place) -> bool:
        """Return whether nothing stands there."""
        return self.clear(self.box(place))

    def clear(self, box: Polygon) -> bool:
        """Return whether nothing stands on some ground."""
        return not shapely.intersects(self.ground, box).any()

    def take(self, place: Place) -> None:
        """Let nothing else stand there."""
        self.taken.append(place)
        box = np.empty(1, object)
        box[0] = self.box(place)
        self.ground = np.concatenate([self.ground, box])

    def rescale(self, metres_per_px: float) -> None:
        """Go on at another scale."""
        self.metres_per_px = metres_per_px
        self.ground = np.array([self.box(place) for place in self.taken], object)


@derived
def named_streets(network: WalkNetwork) -> dict[str, Geometry]:
    """Return the streets by name, in metres, each joined where it meets itself."""
    lines = segment_lines(network)
    names = np.array([str(name or "").split(";")[0] for name in network.segment_name])
    return {
        str(name): shapely.line_merge(shapely.multilinestrings(lines[names == name]))
        for name in np.unique(names[names != ""])
    }


def named_lines(network: WalkNetwork) -> dict[str, LineString]:
    """Return the longest stretch of every named street, longest first."""
    parts = {name: shapely.get_parts(street) for name, street in named_streets(network).items()}
    longest = {name: max(stretches, key=shapely.length) for name, stretches in parts.items()}
    return dict(sorted(longest.items(), key=lambda item: -item[1].length))


def along(line: LineString, wide: float, high: float, sheet: Sheet) -> Place | None:
    """Return the first free place on `line` for a text that is straight and long enough for it."""
    span = wide * sheet.metres_per_px
    if line.length < span * _ROOM:
        return None
    for share in _SHARES:
        middle = min(max(share * line.length, span / 2), line.length - span / 2)
        ends = line.interpolate([middle - span / 2, middle + span / 2])
        (x0, y0), (x1, y1) = shapely.get_coordinates(ends)
        if math.hypot(x1 - x0, y1 - y0) < 0.96 * span:
            continue
        centre = line.interpolate(middle)
        place = (centre.x, centre.y, wide, high, upright(x1 - x0, y1 - y0))
        if sheet.free(place):
            return place
    return None


def inner_points(polygon: Any) -> Sequence[tuple[float, float]]:  # noqa: ANN401 - shapely
    """Return places inside a shape, the best for a name first."""
    west, south, east, north = polygon.bounds
    grid = np.stack(
        np.meshgrid(np.linspace(west, east, _GRID), np.linspace(south, north, _GRID)), -1
    ).reshape(-1, 2)
    core = shapely.buffer(polygon, -min(east - west, north - south) / 12)
    inside = grid[shapely.contains_xy(core, grid[:, 0], grid[:, 1])]
    centre = polygon.representative_point()
    near = np.hypot(inside[:, 0] - centre.x, inside[:, 1] - centre.y).argsort()
    return [(centre.x, centre.y), *((float(x), float(y)) for x, y in inside[near])]


def upright(dx: float, dy: float) -> float:
    """Return the angle of a direction, counter-clockwise, never upside down."""
    angle = math.degrees(math.atan2(dy, dx))
    return (angle + 90) % 180 - 90


def text_width(text: str, size_px: float) -> float:
    """Return about how wide a text is: Chinese characters are square."""
    return sum(size_px if ord(char) > 0x2E7F else 0.58 * size_px for char in text)  # noqa: PLR2004
