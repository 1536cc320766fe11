"""The ground of every map: streets, names, boundary, scale and credit.

The ground costs some time to lay out and never changes with an answer: it is worth
keeping by the district's content hash and the language.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from circle.i18n import t
from circle.maps.geometry import packed, point
from circle.maps.labels import labels
from circle.model import derived
from circle.network.graph import segment_lines

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shapely import Geometry

    from circle.model import District

STREET_PX = {
    "motorway": 4.5, "trunk": 4.5, "primary": 4.5, "secondary": 3.8, "tertiary": 3.0,
    "unclassified": 2.0, "residential": 2.0, "living_street": 1.6, "pedestrian": 1.6,
}  # fmt: skip
"""Width of a street on the map by its first class, pixels."""
PATH_PX = 1.1
"""Width of any other."""
_AREA_LINE_OFF_M = 15.0
MAX_ZOOM, _FIRST_ZOOM = 19, 15
_BEHAVIOUR = {
    "preferCanvas": True,
    "zoomControl": False,
    "attributionControl": False,
    "zoomSnap": 0.25,
    "wheelPxPerZoomLevel": 90,
    "maxBoundsViscosity": 0.8,
}
_FIT_M, _LIMIT_M = 60.0, 2500.0


def base_data(district: District) -> dict[str, Any]:
    """Return what the ground is drawn from, as plain JSON data.

    Parameters
    ----------
    district
        Shapes in metres of ``district.crs``.

    Returns
    -------
    dict
        The argument of ``circle.base``: less than 400 kB as JSON.
    """
    return {
        "streets": [
            {"weight": weight, "lines": packed([lines], district.crs)}
            for weight, lines in streets_by_width(district)
        ],
        "outline": packed([district.boundary.boundary], district.crs),
        "areas": packed([area_lines(district)], district.crs),
        "labels": labels(district),
        "fit": _corners(district, _FIT_M),
        "limits": _corners(district, _LIMIT_M),
        "credit": t("map.credit"),
        "words": {
            "map": t("map.name", district=district.name),
            "metre": t("map.metre"),
            "kilometre": t("map.kilometre"),
            "zoom_in": t("map.zoom_in"),
            "zoom_out": t("map.zoom_out"),
        },
    }


@derived
def streets_by_width(district: District) -> list[tuple[float, Geometry]]:
    """Return the streets by width, pixels of a screen, narrow ones first, joined where they meet.

    Lines are in metres of ``district.crs``.
    """
    first_class = (
        str(value).split(";")[0].removesuffix("_link") for value in district.network.segment_class
    )
    widths = np.array([STREET_PX.get(name, PATH_PX) for name in first_class], np.float64)
    lines = segment_lines(district.network)
    return [
        (float(width), shapely.line_merge(shapely.multilinestrings(lines[widths == width])))
        for width in np.unique(widths)
    ]


@derived
def area_lines(district: District) -> Geometry:
    """Return the lines between areas, each once, off the boundary; metres of ``district.crs``."""
    around = district.boundary.boundary.buffer(_AREA_LINE_OFF_M)
    lines = [shapely.difference(area.polygon.boundary, around) for area in district.areas]
    return shapely.line_merge(shapely.union_all(lines))


def leaflet_options(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options of a Leaflet map.

    Parameters
    ----------
    data
        What `base_data` returned.
    """
    return _BEHAVIOUR | {
        "center": np.mean(data["fit"], axis=0).tolist(),
        "zoom": _FIRST_ZOOM,
        "maxZoom": MAX_ZOOM,
    }


def _corners(district: District, margin_m: float) -> list[list[float]]:
    west, south, east, north = district.boundary.bounds
    low = point(west - margin_m, south - margin_m, district.crs)
    high = point(east + margin_m, north + margin_m, district.crs)
    if high[0] < low[0]:  # across 180 degrees
        high[0] += 360
    return [low[::-1], high[::-1]]
