"""Where names stand: along their street, on their area, never on one another.

Every label has the zoom from which it shows. A label's box, in metres, halves
with each zoom, so that labels that are clear of each other at one zoom are clear
at all nearer ones: names are placed from the farthest zoom to the nearest.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from shapely.affinity import rotate, translate

from circle.maps.geometry import point
from circle.network.graph import segment_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from shapely import LineString, Polygon

    from circle.model import District, WalkNetwork

ZOOMS = (14.5, 15.0, 15.5, 16.0, 16.75, 17.5)
_EQUATOR_M_PER_PX = 156543.034
_STREET_PX, _AREA_PX, _METRO_PX, _PLACE_PX = 12.0, 19.0, 12.0, 30.0
_ALONG = (0.5, 0.38, 0.62, 0.26, 0.74, 0.15, 0.85)
_ROOM = 1.25
_GRID = 17


_Place = tuple[float, float, float, float, float]
"""Centre east and north in metres, width and height in pixels, angle."""


@dataclass(slots=True)
class _Sheet:
    """The boxes taken so far, at one scale."""

    metres_per_px: float
    taken: list[_Place] = field(default_factory=list)
    boxes: list[Polygon] = field(default_factory=list)

    def box(self, place: _Place) -> Polygon:
        x, y, wide, high, angle = place
        half_w, half_h = wide * self.metres_per_px / 2, high * self.metres_per_px / 2
        return translate(rotate(shapely.box(-half_w, -half_h, half_w, half_h), angle), x, y)

    def free(self, place: _Place) -> bool:
        return not shapely.intersects(self.box(place), np.array(self.boxes, object)).any()

    def take(self, place: _Place) -> None:
        self.taken.append(place)
        self.boxes.append(self.box(place))

    def rescale(self, metres_per_px: float) -> None:
        self.metres_per_px = metres_per_px
        self.boxes = [self.box(place) for place in self.taken]


def labels(district: District) -> list[dict[str, Any]]:
    """Return every name on the ground.

    Parameters
    ----------
    district
        Its areas, metro stations (places of kind ``metro``) and named streets.

    Returns
    -------
    list of dict
        ``text``, ``at`` (longitude, latitude), ``kind``, ``zoom`` (shown from),
        ``angle`` (degrees clockwise).
    """
    sheet = _Sheet(_metres_per_px(district, ZOOMS[0]))
    for x, y in district.facilities[["x", "y"]].to_numpy(float):
        sheet.take((float(x), float(y), _PLACE_PX, _PLACE_PX, 0.0))
    rows = [*_areas(district, sheet), *_metro(district, sheet)]
    return rows + _streets(district, sheet)


def _areas(district: District, sheet: _Sheet) -> Iterable[dict[str, Any]]:
    for area in district.areas:
        text = str(area.name)
        spots = _inner_points(area.polygon)
        wide = _width(text, _AREA_PX)
        places = [(x, y, wide, _AREA_PX, 0.0) for x, y in spots]
        place = next((one for one in places if sheet.free(one)), places[0])
        sheet.take(place)
        yield _row(text, "area", place, 0.0, district.crs)


def _metro(district: District, sheet: _Sheet) -> Iterable[dict[str, Any]]:
    if district.places is None or "kind" not in district.places:
        return
    stations = district.places[district.places["kind"] == "metro"].drop_duplicates("name")
    for name, x, y in zip(stations["name"], stations["x"], stations["y"], strict=True):
        text = str(name)
        place = (float(x), float(y), _width(text, _METRO_PX) + 16, _METRO_PX, 0.0)
        if sheet.free(place):
            sheet.take(place)
            yield _row(text, "metro", place, ZOOMS[0], district.crs)


def _streets(district: District, sheet: _Sheet) -> list[dict[str, Any]]:
    waiting = _named_lines(district.network)
    rows = []
    for zoom in ZOOMS:
        sheet.rescale(_metres_per_px(district, zoom))
        for name in list(waiting):
            place = _along(waiting[name], _width(name, _STREET_PX), sheet)
            if place is None:
                continue
            sheet.take(place)
            rows.append(_row(name, "street", place, zoom, district.crs))
            del waiting[name]
    return rows


def _named_lines(network: WalkNetwork) -> dict[str, LineString]:
    lines = segment_lines(network)
    names = np.array([str(name).split(";")[0] for name in network.segment_name])
    longest = {}
    for name in np.unique(names[names != ""]):
        merged = shapely.line_merge(shapely.multilinestrings(lines[names == name]))
        parts = shapely.get_parts(merged)
        longest[str(name)] = parts[int(np.argmax(shapely.length(parts)))]
    return dict(sorted(longest.items(), key=lambda item: -item[1].length))


def _along(line: LineString, wide: float, sheet: _Sheet) -> _Place | None:
    """Return the first free place on `line` that is straight and long enough."""
    span = wide * sheet.metres_per_px
    if line.length < span * _ROOM:
        return None
    for share in _ALONG:
        middle = min(max(share * line.length, span / 2), line.length - span / 2)
        ends = line.interpolate([middle - span / 2, middle + span / 2])
        (x0, y0), (x1, y1) = shapely.get_coordinates(ends)
        if math.hypot(x1 - x0, y1 - y0) < 0.96 * span:
            continue
        centre = line.interpolate(middle)
        place = (centre.x, centre.y, wide, _STREET_PX, _upright(x1 - x0, y1 - y0))
        if sheet.free(place):
            return place
    return None


def _inner_points(polygon: Any) -> Sequence[tuple[float, float]]:  # noqa: ANN401 - shapely
    west, south, east, north = polygon.bounds
    grid = np.stack(
        np.meshgrid(np.linspace(west, east, _GRID), np.linspace(south, north, _GRID)), -1
    ).reshape(-1, 2)
    core = shapely.buffer(polygon, -min(east - west, north - south) / 12)
    inside = grid[shapely.contains_xy(core, grid[:, 0], grid[:, 1])]
    centre = polygon.representative_point()
    near = np.hypot(inside[:, 0] - centre.x, inside[:, 1] - centre.y).argsort()
    return [(centre.x, centre.y), *((float(x), float(y)) for x, y in inside[near])]


def _upright(dx: float, dy: float) -> float:
    """Return the angle of a direction, counter-clockwise, never upside down."""
    angle = math.degrees(math.atan2(dy, dx))
    return (angle + 90) % 180 - 90


def _width(text: str, size_px: float) -> float:
    return sum(size_px if ord(sign) > 0x2E7F else 0.58 * size_px for sign in text)  # noqa: PLR2004


def _metres_per_px(district: District, zoom: float) -> float:
    middle = district.boundary.representative_point()
    latitude = point(middle.x, middle.y, district.crs)[1]
    return _EQUATOR_M_PER_PX * math.cos(math.radians(latitude)) / 2**zoom


def _row(text: str, kind: str, place: _Place, zoom: float, crs: str) -> dict[str, Any]:
    return {
        "text": text,
        "at": point(place[0], place[1], crs),
        "kind": kind,
        "zoom": zoom,
        "angle": round(-place[4], 1),
    }
