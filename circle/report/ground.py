"""What every printed map stands on: streets, areas, the outline, names that do not collide."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from circle.maps.base import WEIGHTS
from circle.maps.placing import Sheet, along, inner_points, named_lines, text_width
from circle.network.graph import segment_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.axes import Axes

    from circle.maps.placing import Place
    from circle.model import District

PAPER = "#FAF8F4"
STREET, LINE, INK, QUIET = "#D6D2CA", "#4A4A4A", "#2B2B2B", "#6B665C"
_PATH_WEIGHT = 1.1
_PT_PER_WEIGHT = 0.42
_STREET_MM, _AREA_MM = 2.1, 3.6
_AREA_LINE_OFF_M = 15.0

Bounds = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Name:
    """A text on the map: where, how high (mm), at which angle."""

    text: str
    x: float
    y: float
    high_mm: float
    angle: float
    kind: str


def draw_ground(axes: Axes, district: District, bounds: Bounds) -> None:
    """Draw streets, the lines of areas and the outline.

    Parameters
    ----------
    axes
        In metres of the district.
    district
        The district.
    bounds
        What is seen; what lies outside is left out.
    """
    frame = shapely.box(*bounds)
    for weight, lines in _streets(district):
        seen = shapely.intersection(lines, frame)
        add(
            axes,
            shapely.multilinestrings(shapely.get_parts(seen[~shapely.is_empty(seen)])),
            edgecolor=STREET,
            linewidth=weight * _PT_PER_WEIGHT,
            capstyle="round",
            zorder=1,
        )
    for area in district.areas:
        hair = shapely.difference(
            area.polygon.boundary, district.boundary.boundary.buffer(_AREA_LINE_OFF_M)
        )
        add(axes, hair, edgecolor=QUIET, linewidth=0.5, linestyle=(0, (1, 1.5)), zorder=5)
    add(
        axes,
        district.boundary.boundary,
        edgecolor=LINE,
        linewidth=1.1,
        linestyle=(0, (5, 2.2)),
        zorder=5,
    )


def names(district: District, bounds: Bounds, sheet: Sheet) -> Iterator[Name]:
    """Place the names of areas, then of streets, widest stretches first, clear of the taken.

    Parameters
    ----------
    district, bounds
        As for `draw_ground`.
    sheet
        What is taken already; takes what is placed.
    """
    frame = shapely.box(*bounds)
    for area in district.areas:
        seen = shapely.intersection(area.polygon, frame)
        if not seen.is_empty and seen.area > area.polygon.area / 4:
            yield from _area(str(area.name), seen, sheet)
    for text, line in _long_streets(district):
        seen = shapely.intersection(line, frame)
        parts = shapely.get_parts(seen)
        if len(parts) == 0:
            continue
        longest = parts[int(np.argmax(shapely.length(parts)))]
        place = along(longest, text_width(text, _STREET_MM), _STREET_MM, sheet)
        if place is not None:
            sheet.take(place)
            yield _name(text, place, "street")


def add(axes: Axes, shape: Any, **style: Any) -> None:  # noqa: ANN401 - a shape, and matplotlib's own
    """Draw a shape: polygons with their holes, lines open."""
    path = outline(shape)
    if path is not None:
        style.setdefault("facecolor", "none")
        axes.add_artist(PathPatch(path, **style))  # a patch would widen the limits, slowly


def outline(shape: Any) -> Path | None:  # noqa: ANN401 - any shape
    """Return a shape as one path; None for nothing."""
    vertices, codes = [], []
    for part in shapely.get_parts(shape):
        rings = shapely.get_rings(part) if part.geom_type == "Polygon" else [part]
        for ring in rings:
            own = shapely.get_coordinates(ring)
            if len(own) > 1:
                vertices.append(own)
                codes.append(np.r_[Path.MOVETO, np.full(len(own) - 1, Path.LINETO)])
    if not vertices:
        return None
    return Path(np.concatenate(vertices), np.concatenate(codes))


@lru_cache(maxsize=4)
def _streets(district: District) -> tuple[tuple[float, np.ndarray], ...]:
    """Return the streets by width, narrow ones first, joined where they meet."""
    network = district.network
    first = [str(one).split(";")[0].removesuffix("_link") for one in network.segment_class]
    weights = np.array([WEIGHTS.get(name, _PATH_WEIGHT) for name in first])
    lines = segment_lines(network)
    return tuple(
        (
            float(weight),
            shapely.get_parts(
                shapely.line_merge(shapely.multilinestrings(lines[weights == weight]))
            ),
        )
        for weight in np.unique(weights)
    )


@lru_cache(maxsize=4)
def _long_streets(district: District) -> tuple[tuple[str, shapely.LineString], ...]:
    return tuple(named_lines(district.network).items())


def _area(text: str, shape: shapely.Geometry, sheet: Sheet) -> Iterator[Name]:
    wide = text_width(text, _AREA_MM) * 1.1
    for x, y in inner_points(shape):
        place = (x, y, wide, _AREA_MM * 1.3, 0.0)
        if sheet.free(place):
            sheet.take(place)
            yield _name(text, place, "area")
            return


def _name(text: str, place: Place, kind: str) -> Name:
    high = _AREA_MM if kind == "area" else _STREET_MM
    return Name(text, place[0], place[1], high, place[4], kind)
