"""Answers on the map: each a feature group for ``feature_group_to_add``.

A group changes without the map being made anew, so that the zoom stays. A click
on a thing comes back from the map as ``last_active_drawing``, a feature whose
properties are ``layer`` (facility, heritage, gap) and ``id``.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from circle.geo.geojson import DECIMALS
from circle.i18n import t
from circle.i18n.rounding import time_text
from circle.maps.colours import HERITAGE
from circle.maps.element import group
from circle.maps.escaping import tip
from circle.maps.fan import fan_offsets
from circle.maps.geometry import packed, point
from circle.maps.grades import Mark
from circle.maps.ramp import band_colours
from circle.maps.symbols import SIZE_PX, sign
from circle.words import wording

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import folium
    import pandas as pd

    from circle.maps.grades import Grade, Graded
    from circle.model import Floats, Kind, Path

_MICRO = 10**DECIMALS
_BELOW = (Mark.DISC, Mark.RING)


def bands(
    isochrones: Sequence[Mapping[str, Any]], *, seen: float | None = None
) -> folium.FeatureGroup:
    """Return the ground within each limit, the nearest on top.

    Parameters
    ----------
    isochrones
        GeoJSON features in degrees with the property ``minutes``, in any order
        (`circle.maps.geometry.feature` makes them).
    seen
        Of this limit the map shows the ground whole, once for each ground; by
        default it stays as it is.
    """
    ordered = sorted(isochrones, key=lambda band: float(band["properties"]["minutes"]))
    colours = band_colours(len(ordered))
    rows = [
        {"geometry": band["geometry"], "fill": fill, "line": line}
        for band, (fill, line) in zip(ordered, colours, strict=True)
    ]
    shown = [band["geometry"] for band in ordered if band["properties"]["minutes"] == seen]
    return group("bands", {"bands": rows[::-1], "corners": _corners(shown)})


def _corners(geometries: Sequence[Mapping[str, Any]]) -> list[list[float]] | None:
    """Return south-west and north-east, latitude first; None where there is no ground."""
    shapes = [shapely.geometry.shape(dict(geometry)) for geometry in geometries]
    bounds = shapely.MultiPoint(shapely.get_coordinates(shapes)).bounds
    if not shapes or not np.isfinite(bounds).all():
        return None
    west, south, east, north = np.round(bounds, DECIMALS).tolist()
    return [[south, west], [north, east]]


def facilities(
    table: pd.DataFrame,
    kinds: Mapping[str, Kind],
    *,
    minutes: Mapping[str, float] | None = None,
    selected: str | None = None,
) -> folium.FeatureGroup:
    """Return the places, with their kind's symbol.

    Parameters
    ----------
    table
        Rows of `District.facilities`: id, name, name_en, kind, address,
        verified, lon, lat, x, y.
    kinds
        By id; a place of another kind is left out.
    minutes
        Walking time by id, for those that have one.
    selected
        Id of the place to mark; its name stays shown.
    """
    known = table[table["kind"].isin(list(kinds))]
    offsets = fan_offsets(known[["x", "y"]].to_numpy(float), SIZE_PX)
    times = minutes or {}
    rows = [
        _facility(row, kinds[row["kind"]], times.get(row["id"]), offset)
        | {"selected": row["id"] == selected}
        for row, offset in zip(known.to_dict("records"), offsets, strict=True)
    ]
    styles = {
        f"{kind.id}:{int(verified)}": {"svg": sign(kind, verified=verified), "size": SIZE_PX}
        for kind in kinds.values()
        for verified in (True, False)
    }
    return group("facilities", {"places": rows, "styles": styles})


def heritage(table: pd.DataFrame) -> folium.FeatureGroup:
    """Return protected buildings as small gables.

    Parameters
    ----------
    table
        Rows of `District.heritage`: id, kind, name, address, batch, grade,
        built, lon, lat, position_accuracy_m.
    """
    texts = {
        name: wording.in_own_words(table, name)
        for name in ("kind", "batch", "grade", "built")
        if name in table
    }
    rows = [
        {
            "id": str(row["id"]),
            "at": _lonlat(row),
            "tip": tip(
                row["name"],
                row["kind"],
                row["address"] if row["address"] != row["name"] else "",
                *(
                    row[name]
                    for name in ("batch", "grade", "built")
                    if wording.has_text(row.get(name))
                ),
                *(
                    [t("map.accuracy", metres=round(float(row["position_accuracy_m"])))]
                    if not math.isnan(row["position_accuracy_m"])
                    else []
                ),
            ),
        }
        for row in table.assign(**texts).to_dict("records")
    ]
    return group("heritage", {"places": rows, "colour": HERITAGE})


def origin(lon: float, lat: float) -> folium.FeatureGroup:
    """Return the dark halo around the place that the answer starts from."""
    return group("origin", {"at": [round(lon, DECIMALS), round(lat, DECIMALS)]})


def lettered(lon: float, lat: float, letter: str) -> folium.FeatureGroup:
    """Return another place than the start, by a letter or sign."""
    return group("lettered", {"at": [round(lon, DECIMALS), round(lat, DECIMALS)], "letter": letter})


def path(walk: Path, crs: str, limits: Sequence[float] = ()) -> folium.FeatureGroup:
    """Return a walk along the streets, with its minutes at the end.

    Parameters
    ----------
    walk
        Its ``xy`` are metres of `crs`.
    crs
        Metric reference system of the network.
    limits
        Minutes that a longer walk must not read as.
    """
    line = packed([shapely.LineString(walk.xy)], crs)
    end = point(float(walk.xy[-1, 0]), float(walk.xy[-1, 1]), crs)
    text = time_text(walk.seconds / 60, limits)
    return group("path", {"line": line[0], "end": end, "text": text})


def graded(lonlat: Floats, points: Graded, residents: Floats) -> folium.FeatureGroup:
    """Return where residents are, by the grades of a measure.

    Parameters
    ----------
    lonlat
        Shape (k, 2), degrees.
    points
        Length k; diamonds and crosses are drawn above discs and rings.
    residents
        Shape (k,): how many (modelled).
    """
    steps = points.scale.grades
    whole = np.rint(lonlat * _MICRO).astype(np.int64).tolist()
    people, grade_of = residents.tolist(), points.step.tolist()
    lifted = [grade.mark not in _BELOW for grade in steps]
    rows = [
        [*whole[i], grade_of[i], points.shown[i], round(people[i])]
        for i in sorted(range(len(grade_of)), key=lambda i: lifted[grade_of[i]])
    ]
    return group("demand", {"points": rows, "steps": [_step(grade) for grade in steps]})


def gaps(zones: Iterable[Mapping[str, Any]], *, selected: str | None = None) -> folium.FeatureGroup:
    """Return hatched zones out of reach, numbered by rank.

    Parameters
    ----------
    zones
        GeoJSON features in degrees with the properties ``rank``, ``name`` and
        ``lines`` (what the tooltip says below the name).
    selected
        Rank of the zone to mark. The map turns to it once, when it differs from
        the one before; another answer alone moves nothing.
    """
    rows = []
    for zone in zones:
        name, rank = str(zone["properties"]["name"]), str(zone["properties"]["rank"])
        inner = shapely.geometry.shape(zone["geometry"]).representative_point()
        rows.append(
            {
                "id": rank,
                "rank": int(rank),
                "geometry": zone["geometry"],
                "at": [round(inner.x, DECIMALS), round(inner.y, DECIMALS)],
                "tip": tip(name, *zone["properties"]["lines"]),
                "label": t("map.gap_label", rank=rank, name=name),
                "selected": rank == selected,
            }
        )
    return group("gaps", {"gaps": rows, "selected": selected or ""})


def outlines(
    features: Iterable[Mapping[str, Any]], *, key: str = "outlines"
) -> folium.FeatureGroup:
    """Return dotted outlines or lines, for instance of a circle drawn with a ruler.

    Parameters
    ----------
    features
        GeoJSON features in degrees with the properties ``name`` and, if there
        is more to say below the pointer, ``lines``.
    key
        Of this layer, as its row in the legend has it.
    """
    rows = [
        {
            "geometry": feature["geometry"],
            "tip": tip(feature["properties"]["name"], *feature["properties"].get("lines", ())),
        }
        for feature in features
    ]
    return group("outlines", {"key": key, "outlines": rows})


def _facility(
    row: Mapping[Any, Any], kind: Kind, minutes: float | None, offset: tuple[int, int]
) -> dict[str, Any]:
    verified = bool(row["verified"])
    name = wording.name_of(row)
    trust = "" if verified else t("map.unverified")
    time = "" if minutes is None else time_text(minutes)
    parts = [str(part) for part in (name, kind.name, trust, time) if str(part)]
    return {
        "id": str(row["id"]),
        "kind": kind.id,
        "style": f"{kind.id}:{int(verified)}",
        "at": _lonlat(row),
        "dx": offset[0],
        "dy": offset[1],
        "label": t("map.join").join(parts),
        "tip": tip(name, kind.name, row.get("address") or "", trust, time),
    }


def _step(grade: Grade) -> dict[str, str]:
    return {
        "fill": grade.fill,
        "line": grade.line,
        "dark": grade.dark,
        "mark": grade.mark.value,
        "tip": t(grade.tip, **dict(grade.values)),
    }


def _lonlat(row: Mapping[Any, Any]) -> list[float]:
    return [round(float(row["lon"]), DECIMALS), round(float(row["lat"]), DECIMALS)]
