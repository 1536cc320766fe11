"""The ground of every map: streets, names, boundary, scale and credit.

The ground costs some time to lay out and never changes with an answer: the
`Backdrop` of `base_data` is worth keeping by the district's content hash and the
language, and `district_map` makes a fresh map of it, as Streamlit wants one each run.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import folium
import numpy as np
import shapely
from folium.utilities import camelize

from circle.i18n import t
from circle.maps.element import Call, offline_map, script_json
from circle.maps.escaping import escape
from circle.maps.geometry import packed, point
from circle.maps.labels import labels
from circle.model import derived
from circle.network.graph import segment_lines

if TYPE_CHECKING:
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
_MAX_ZOOM, _FIRST_ZOOM = 19, 15
_BEHAVIOUR = {
    "prefer_canvas": True,
    "zoom_control": False,
    "attribution_control": False,
    "zoom_snap": 0.25,
    "wheel_px_per_zoom_level": 90,
    "max_bounds_viscosity": 0.8,
}
_FIT_M, _LIMIT_M = 60.0, 2500.0


@dataclass(frozen=True, slots=True)
class Backdrop:
    """The ground as it stands in a map's script.

    Attributes
    ----------
    middle
        Latitude and longitude that the map begins at, degrees.
    json
        The argument of ``circle.base``, written.
    """

    middle: tuple[float, float]
    json: str

    @classmethod
    def of(cls, data: dict[str, Any]) -> Self:
        """Write what `base_data` returned."""
        lat, lon = np.mean(data["fit"], axis=0)
        return cls((float(lat), float(lon)), script_json(data))


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


def district_map(
    backdrop: Backdrop, *, tiles: str | None = None, tiles_credit: str = ""
) -> folium.Map:
    """Return the map of a district, without any answer on it.

    Parameters
    ----------
    backdrop
        Its ground.
    tiles
        Address of background tiles, ``https://…/{z}/{x}/{y}.png``; by default
        none, and the map needs no internet.
    tiles_credit
        Whom the tiles are from.

    Returns
    -------
    folium.Map
        Fresh: streamlit-folium changes the map that it is given.
    """
    map_ = offline_map(
        location=list(backdrop.middle), zoom_start=_FIRST_ZOOM, tiles=None, **_BEHAVIOUR
    )
    map_.options["maxZoom"] = _MAX_ZOOM
    if tiles:
        folium.TileLayer(
            tiles, attr=escape(tiles_credit), max_zoom=_MAX_ZOOM, control=False
        ).add_to(map_)
    map_.add_child(Call("base", backdrop.json))
    return map_


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


def leaflet_options(data: dict[str, Any]) -> dict[str, Any]:
    """Return the options of a Leaflet map that behaves as those of `district_map`.

    Parameters
    ----------
    data
        What `base_data` returned.
    """
    options = {camelize(name): value for name, value in _BEHAVIOUR.items()}
    return options | {
        "center": np.mean(data["fit"], axis=0).tolist(),
        "zoom": _FIRST_ZOOM,
        "maxZoom": _MAX_ZOOM,
    }


def _corners(district: District, margin_m: float) -> list[list[float]]:
    west, south, east, north = district.boundary.bounds
    low = point(west - margin_m, south - margin_m, district.crs)
    high = point(east + margin_m, north + margin_m, district.crs)
    return [low[::-1], high[::-1]]
