"""The maps of a report as data for the drawing script of a page that is one file.

Every layer is a call of ``circle.js``, as on the pages of the application. Maps
share most of what they show: a long list is written once, in ``pool``, and stands
in its calls as ``{"pool": place}``.
"""

from __future__ import annotations

import json
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from circle.geo.crs import to_lonlat
from circle.geo.geojson import DECIMALS
from circle.i18n import t
from circle.maps import layers, legend
from circle.maps.base_map import base_data, leaflet_options
from circle.maps.drawing import calls
from circle.maps.picture import Sheet, picture
from circle.maps.roads import never_widened
from circle.report.snapshot import file_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from circle.maps.drawing import Layer
    from circle.report.content.elements import Map, Report

_WORTH_SHARING = 400

Data = dict[str, Any]


def scene(report: Report) -> Data:
    """Return the ground and all maps of a report as plain JSON data.

    Parameters
    ----------
    report
        Its maps are in metres of the district's system.

    Returns
    -------
    dict
        ``options`` of the Leaflet map, ``base`` for ``circle.base``, ``pool``, and
        ``maps``: each with its texts, ``bounds`` (south-west and north-east),
        ``calls`` (function and data) and ``zones`` for the list beside it.
    """
    pool: dict[str, int] = {}
    base = base_data(report.district)
    maps = [_map(report, map_, pool) for map_ in report.maps]
    return {
        "options": leaflet_options(base),
        "base": base | {"vectors": True},
        "pool": [json.loads(text) for text in pool],
        "maps": maps,
    }


def _map(report: Report, shown: Map, pool: dict[str, int]) -> Data:
    return {
        "title": shown.title,
        "alt": shown.alt,
        "note": shown.note,
        "bounds": _corners(shown, report.district.crs),
        "calls": [[name, _pooled(data, pool)] for name, data in calls(_layers(report, shown))],
        "zones": [
            {"rank": zone.rank, "name": zone.name, "lines": list(zone.lines)}
            for zone in shown.zones
        ],
    }


def _layers(report: Report, shown: Map) -> Iterator[Layer]:
    """Yield what is drawn of a map, then its legend and the button of its picture."""
    district = report.district
    rows = []
    if shown.bands:
        rows.append(legend.bands_row([band.minutes for band in shown.bands]))
        yield layers.bands(shown.bands, district.crs)
    if shown.graded is not None:
        rows.append(legend.graded_row(shown.graded.scale))
        points = layers.points(to_lonlat(shown.xy, district.crs), shown.people)
        yield layers.graded(points, shown.graded)
    if shown.zones:
        rows.append(legend.gaps_row())
        marked = next((str(zone.rank) for zone in shown.zones if zone.marked), None)
        zones = (
            layers.Area(zone.rank, zone.name, zone.geometry, zone.lines) for zone in shown.zones
        )
        yield layers.gaps(zones, district.crs, selected=marked)
    present = set(shown.places["kind"])
    kinds = {name: kind for name, kind in district.kinds.items() if name in present}
    rows += legend.kind_rows(kinds.values())
    yield layers.facilities(layers.places(shown.places, kinds))
    if shown.roads:
        rows.append(legend.outlines_row(t("measure.roads"), "roads"))
        yield layers.outlines(never_widened(district), key="roads")
    if shown.heritage:
        rows.append(legend.heritage_row())
        yield layers.heritage(district.heritage)
    unverified = kinds.values() if len(shown.places) and not shown.places["verified"].all() else ()
    yield legend.layer(rows, notes=[legend.unverified_note(kind) for kind in list(unverified)[:1]])
    yield picture(_sheet(report, shown))


def _sheet(report: Report, shown: Map) -> Sheet:
    imprint = report.imprint
    date = t("shell.data_date", date=imprint.observed)
    number = imprint.map_number and t("webmap.map_number_line", number=imprint.map_number)
    notes = (shown.note, imprint.caution, imprint.sources, t("map.credit"), number)
    return Sheet(
        title=shown.title,
        subtitle=" · ".join(filter(None, (imprint.district, imprint.title, date))),
        notes=tuple(filter(None, notes)),
        file=file_name(report.district.id, shown.id, imprint.observed),
    )


def _pooled(data: Mapping[str, Any], pool: dict[str, int]) -> Data:
    shared = {}
    for name, value in data.items():
        text = json.dumps(value, ensure_ascii=False, allow_nan=False)
        if len(text) > _WORTH_SHARING:
            shared[name] = {"pool": pool.setdefault(text, len(pool))}
        else:
            shared[name] = value
    return shared


def _corners(shown: Map, crs: str) -> list[list[float]]:
    west, south, east, north = shown.bounds
    degrees = to_lonlat(list(product((west, east), (south, north))), crs)
    low, high = np.round(degrees.min(axis=0), DECIMALS), np.round(degrees.max(axis=0), DECIMALS)
    return [low[::-1].tolist(), high[::-1].tolist()]
