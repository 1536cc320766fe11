"""Where names stand: along their street, on their area, never on one another.

Every label has the zoom from which it shows. A label's box, in metres, halves
with each zoom, so that labels that are clear of each other at one zoom are clear
at all nearer ones: names are placed from the farthest zoom to the nearest.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from circle.maps.geometry import point
from circle.maps.placing import Sheet, along, inner_points, named_lines, text_width

if TYPE_CHECKING:
    from collections.abc import Iterable

    from circle.maps.placing import Place
    from circle.model import District

ZOOMS = (14.5, 15.0, 15.5, 16.0, 16.75, 17.5)
_EQUATOR_M_PER_PX = 156543.034
_STREET_PX, _AREA_PX, _METRO_PX, _PLACE_PX = 12.0, 19.0, 12.0, 30.0


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
    sheet = Sheet(_metres_per_px(district, ZOOMS[0]))
    for x, y in district.facilities[["x", "y"]].to_numpy(float):
        sheet.take((float(x), float(y), _PLACE_PX, _PLACE_PX, 0.0))
    rows = [*_areas(district, sheet), *_metro(district, sheet)]
    return rows + _streets(district, sheet)


def _areas(district: District, sheet: Sheet) -> Iterable[dict[str, Any]]:
    for area in district.areas:
        text = str(area.name)
        spots = inner_points(area.polygon)
        wide = text_width(text, _AREA_PX)
        places = [(x, y, wide, _AREA_PX, 0.0) for x, y in spots]
        place = next((place for place in places if sheet.free(place)), places[0])
        sheet.take(place)
        yield _row(text, "area", place, 0.0, district.crs)


def _metro(district: District, sheet: Sheet) -> Iterable[dict[str, Any]]:
    if district.places is None or "kind" not in district.places:
        return
    stations = district.places[district.places["kind"] == "metro"].drop_duplicates("name")
    for name, x, y in zip(stations["name"], stations["x"], stations["y"], strict=True):
        text = str(name)
        place = (float(x), float(y), text_width(text, _METRO_PX) + 16, _METRO_PX, 0.0)
        if sheet.free(place):
            sheet.take(place)
            yield _row(text, "metro", place, ZOOMS[0], district.crs)


def _streets(district: District, sheet: Sheet) -> list[dict[str, Any]]:
    waiting = named_lines(district.network)
    rows = []
    for zoom in ZOOMS:
        sheet.rescale(_metres_per_px(district, zoom))
        for name in list(waiting):
            place = along(waiting[name], text_width(name, _STREET_PX), _STREET_PX, sheet)
            if place is None:
                continue
            sheet.take(place)
            rows.append(_row(name, "street", place, zoom, district.crs))
            del waiting[name]
    return rows


def _metres_per_px(district: District, zoom: float) -> float:
    middle = district.boundary.representative_point()
    latitude = point(middle.x, middle.y, district.crs)[1]
    return _EQUATOR_M_PER_PX * math.cos(math.radians(latitude)) / 2**zoom


def _row(text: str, kind: str, place: Place, zoom: float, crs: str) -> dict[str, Any]:
    return {
        "text": text,
        "at": point(place[0], place[1], crs),
        "kind": kind,
        "zoom": zoom,
        "angle": round(-place[4], 1),
    }
