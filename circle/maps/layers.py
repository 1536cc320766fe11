"""Answers on the map: each a call of ``circle.js``.

A layer changes without the map being made anew, so that the zoom stays. A thing that
can be clicked has the name of its layer (facility, heritage, gap) and its ``id``.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np
import shapely

from circle.geo.crs import to_lonlat
from circle.geo.geojson import DECIMALS
from circle.i18n import t
from circle.i18n.rounding import time_text
from circle.maps.colours import HERITAGE, SPOT
from circle.maps.drawing import Layer, Shared
from circle.maps.escaping import tip
from circle.maps.fan import fan_offsets
from circle.maps.geometry import feature, packed, packed_polygons, point
from circle.maps.ramp import band_colours
from circle.maps.symbols import SIZE_PX, sign
from circle.words import wording

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd
    from shapely import Geometry

    from circle.maps.grades import Grade, Graded
    from circle.model import Area as Unit
    from circle.model import Floats, Kind, Path

_MICRO = 10**DECIMALS
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


class Reached(Protocol):
    """The ground within a limit, metres."""

    @property
    def minutes(self) -> float:
        """The limit."""

    @property
    def geometry(self) -> Geometry:
        """The ground."""


class Area(NamedTuple):
    """A zone out of reach.

    `shape` is in metres; `lines` are what the tooltip says below the name.
    """

    rank: int
    name: str
    shape: Geometry
    lines: Sequence[str] = ()


def bands(reached: Sequence[Reached], crs: str, *, seen: float | None = None) -> Layer:
    """Return the ground within each limit, the nearest on top.

    Parameters
    ----------
    reached
        In any order.
    crs
        Metric reference system of the ground.
    seen
        Of this limit the map shows the ground whole, once for each ground; by
        default it stays as it is.
    """
    ordered = sorted(reached, key=lambda band: band.minutes)
    colours = band_colours(len(ordered))
    rows = [
        {"polygons": packed_polygons(band.geometry, crs), "fill": fill, "line": line}
        for band, (fill, line) in zip(ordered, colours, strict=True)
    ]
    shown = [band.geometry for band in ordered if band.minutes == seen]
    return Layer("bands", {"bands": rows[::-1], "corners": _corners(shown, crs)})


def _corners(shapes: Sequence[Geometry], crs: str) -> list[list[float]] | None:
    """Return south-west and north-east, latitude first; None where there is no ground."""
    coords = shapely.get_coordinates(shapes)
    if len(coords) == 0:
        return None
    lonlat = to_lonlat(coords, crs)
    first = lonlat[0, 0]  # across 180 degrees a ground is one: its longitudes beside each other
    lonlat[:, 0] = (lonlat[:, 0] - first + 180) % 360 - 180 + first
    low, high = (np.round(edge, DECIMALS).tolist() for edge in (lonlat.min(0), lonlat.max(0)))
    return [low[::-1], high[::-1]]


def places(table: pd.DataFrame, kinds: Mapping[str, Kind]) -> Shared:
    """Return the places that every answer shows alike, for `facilities`.

    Parameters
    ----------
    table
        Rows of `District.facilities`: id, name, name_en, kind, address,
        verified, lon, lat, x, y.
    kinds
        By id; a place of another kind is left out.
    """
    known = table[table["kind"].isin(list(kinds))]
    offsets = fan_offsets(known[["x", "y"]].to_numpy(float), SIZE_PX)
    rows = [
        _facility(row, kinds[row["kind"]], offset)
        for row, offset in zip(known.to_dict("records"), offsets, strict=True)
    ]
    styles = {
        f"{kind.id}:{int(verified)}": {"svg": sign(kind, verified=verified), "size": SIZE_PX}
        for kind in kinds.values()
        for verified in (True, False)
    }
    return Shared({"places": rows, "styles": styles, "join": t("map.join")})


def facilities(
    shown: Shared, *, minutes: Mapping[str, float] | None = None, selected: str | None = None
) -> Layer:
    """Return the places, with their kind's symbol.

    Parameters
    ----------
    shown
        From `places`.
    minutes
        Walking time by id, for those that have one.
    selected
        Id of the place to mark; its name stays shown.
    """
    known = minutes or {}
    times = [
        time_text(known[row["id"]]) if row["id"] in known else "" for row in shown.data["places"]
    ]
    return Layer(
        "facilities", {"times": times if any(times) else [], "selected": selected or ""}, shown
    )


def heritage(table: pd.DataFrame) -> Layer:
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
    return Layer("heritage", {}, Shared({"places": rows, "colour": HERITAGE}))


def origin(lon: float, lat: float) -> Layer:
    """Return the dark halo around the place that the answer starts from."""
    return Layer("origin", {"at": [round(lon, DECIMALS), round(lat, DECIMALS)]})


def lettered(lon: float, lat: float, letter: str) -> Layer:
    """Return another place than the start, by a letter or sign."""
    return Layer("lettered", {"at": [round(lon, DECIMALS), round(lat, DECIMALS)], "letter": letter})


def path(walk: Path, crs: str, limits: Sequence[float] = ()) -> Layer:
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
    return Layer("path", {"line": line[0], "end": end, "text": text})


def points(lonlat: Floats, residents: Floats) -> Shared:
    """Return where residents live, which every measure shows alike, for `graded`.

    Parameters
    ----------
    lonlat
        Shape (k, 2), degrees.
    residents
        Shape (k,): how many (modelled).
    """
    whole = np.rint(lonlat * _MICRO).astype(np.int64)
    return Shared({"at": whole.ravel().tolist(), "people": np.rint(residents).astype(int).tolist()})


def graded(shown: Shared, measured: Graded) -> Layer:
    """Return where residents are, by the grades of a measure.

    Parameters
    ----------
    shown
        From `points`.
    measured
        As long as those; diamonds and crosses are drawn above discs and rings.
    """
    steps = measured.scale.grades
    words = list(dict.fromkeys(measured.shown))
    place = {word: number for number, word in enumerate(words)}
    return Layer(
        "demand",
        {
            "step": "".join(_DIGITS[step] for step in measured.step.tolist()),
            "said": [place[word] for word in measured.shown],
            "words": words,
            "steps": [_step(grade) for grade in steps],
        },
        shown,
    )


def gaps(zones: Iterable[Area], crs: str, *, selected: str | None = None) -> Layer:
    """Return hatched zones out of reach, numbered by rank.

    Parameters
    ----------
    zones
        In metres.
    crs
        Metric reference system of their shapes.
    selected
        Rank of the zone to mark. The map turns to it once, when it differs from
        the one before; another answer alone moves nothing.
    """
    rows = []
    for zone in zones:
        inner = shapely.point_on_surface(zone.shape)
        rows.append(
            {
                "id": str(zone.rank),
                "rank": zone.rank,
                "polygons": packed_polygons(zone.shape, crs),
                "at": point(inner.x, inner.y, crs),
                "tip": tip(zone.name, *zone.lines),
                "label": t("map.gap_label", rank=zone.rank, name=zone.name),
            }
        )
    return Layer("gaps", {"gaps": rows, "selected": selected or ""})


def outlines(features: Iterable[Mapping[str, Any]], *, key: str = "outlines") -> Layer:
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
    return Layer("outlines", {"key": key, "outlines": rows})


def units(areas: Iterable[Unit], crs: str) -> Layer:
    """Return the outlines of the units of a level."""
    return outlines(
        [feature(each.polygon, crs, name=str(each.name)) for each in areas], key="spots"
    )


class Spot(NamedTuple):
    """A row of a layer, or a place to look at.

    `key` is its row's in the legend; `letter` stands on its sign, "" for a disc; `lines` are
    what the tooltip says below the name.
    """

    id: str
    lon: float
    lat: float
    name: str
    key: str = "spots"
    letter: str = ""
    lines: Sequence[str] = ()


def spot_places(places: Iterable[Spot]) -> Shared:
    """Return rows of a layer or places to look at, for `spots`."""
    rows = [
        {
            "id": spot.id,
            "at": [round(spot.lon, DECIMALS), round(spot.lat, DECIMALS)],
            "key": spot.key,
            "letter": spot.letter,
            "tip": tip(spot.name, *spot.lines),
            "label": t("map.join").join([spot.name, *spot.lines]),
        }
        for spot in places
    ]
    return Shared({"places": rows, "colour": SPOT})


def spots(shown: Shared, *, selected: str = "") -> Layer:
    """Return rows of a layer or places to look at; the map turns to the one that is chosen."""
    return Layer("spots", {"selected": selected}, shown)


def _facility(row: Mapping[Any, Any], kind: Kind, offset: tuple[int, int]) -> dict[str, Any]:
    verified = bool(row["verified"])
    name = wording.name_of(row)
    trust = "" if verified else t("map.unverified")
    parts = [str(part) for part in (name, kind.name, trust) if str(part)]
    return {
        "id": str(row["id"]),
        "kind": kind.id,
        "style": f"{kind.id}:{int(verified)}",
        "at": _lonlat(row),
        "dx": offset[0],
        "dy": offset[1],
        "label": t("map.join").join(parts),
        "tip": tip(name, kind.name, row.get("address") or "", trust),
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
