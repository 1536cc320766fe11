"""What a map page shows at the moment, as GeoJSON and in the words of a saved picture.

Coordinates are degrees of WGS 84, longitude first, as RFC 7946 has it. What the
file is about stands in its member ``metadata``.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from circle.demand import figure_in
from circle.geo.crs import WGS84, to_lonlat
from circle.geo.geojson import DECIMALS, as_geojson
from circle.i18n import language, t
from circle.i18n.rounding import fraction, three_figures
from circle.load import layer_sources
from circle.maps.picture import Sheet
from circle.reach.isochrone import properties as isochrone_properties
from circle.report.tabular.values import finite_or_none
from circle.scenario import without_plan
from circle.words import wording

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import pandas as pd

    from circle.maps.grades import Graded
    from circle.model import Coverage, District, Gap, LifeCircle, Path
    from circle.words.tables import People

_UNSAFE = re.compile(r"[^\w.-]+")
_LONGEST_NAME = 120

Feature = dict[str, Any]


@dataclass(frozen=True, eq=False)
class FromPlace:
    """What the Explore page shows of a life circle.

    Attributes
    ----------
    name, at, profile
        The place's name, its longitude and latitude; who walks.
    places
        The facilities on the map: rows of the life circle's, with ``seconds``.
    heritage
        Whether heritage places are drawn.
    route, to
        The walk that is drawn and the id of where it leads; None and "" for none.
    """

    name: str
    at: tuple[float, float]
    profile: str
    places: pd.DataFrame
    heritage: bool = False
    route: Path | None = None
    to: str = ""


@dataclass(frozen=True, eq=False)
class Measured:
    """What the Coverage page shows of a coverage.

    Attributes
    ----------
    graded, people
        The points of residents on the map by the measure that is chosen.
    zones
        The gap zones on the map, with their numbers.
    answer, roads
        GeoJSON features in degrees with ``name``: the circle or polygon that the
        coverage is compared with, if any; the roads that are never to be widened.
    heritage
        Whether heritage places are drawn.
    """

    graded: Graded
    people: People
    zones: tuple[Gap, ...] = ()
    answer: tuple[Mapping[str, Any], ...] = ()
    roads: tuple[Mapping[str, Any], ...] = ()
    heritage: bool = False


def explore(district: District, circle: LifeCircle, shown: FromPlace) -> dict[str, Any]:
    """Return the Explore page's map as a GeoJSON feature collection.

    Features have a ``layer``: isochrone (with its measured error), origin,
    facility, way, heritage. Residents are rounded to three figures.
    """
    features = [
        *_isochrones(district, circle, shown.profile),
        *_places(district, shown.places),
        *(_heritage(circle.heritage) if shown.heritage else ()),
        *([] if shown.route is None else [_way(district, shown.route, shown.to)]),
        _origin(circle, shown),
    ]
    question = {
        "profile": shown.profile,
        "minutes": [isochrone.minutes for isochrone in circle.isochrones],
        "from": list(shown.at),
    }
    return _collection(district, explore_sheet(district, circle, shown), question, features)


def explore_sheet(district: District, circle: LifeCircle, shown: FromPlace) -> Sheet:
    """Return the texts around a saved picture of the Explore page's map."""
    limits = "/".join(f"{isochrone.minutes:g}" for isochrone in circle.isochrones)
    return _sheet(
        district,
        t("picture.explore", place=shown.name, minutes=limits),
        (wording.profile_label(district.profiles[shown.profile]),),
        ("explore", shown.profile, limits.replace("/", "-")),
    )


def coverage(district: District, coverage: Coverage, shown: Measured) -> dict[str, Any]:
    """Return the Coverage page's map as a GeoJSON feature collection.

    Features have a ``layer``: area, gap_zone, answer, never_widened_road,
    demand_point, facility, heritage. Residents of zones and areas are rounded to
    three figures, those of points to one decimal.
    """
    places = district.facilities[district.facilities["kind"].eq(coverage.kind)]
    features = [
        *_areas(district, coverage),
        *(_zone(district, coverage, zone) for zone in shown.zones),
        *_outlines(shown.answer, "answer"),
        *_outlines(shown.roads, "never_widened_road"),
        *_points(district, coverage, shown),
        *_places(district, places),
        *(_heritage(district.heritage) if shown.heritage else ()),
    ]
    question = {
        "kind": coverage.kind,
        "profile": coverage.profile,
        "minutes": coverage.minutes,
        "metres": coverage.standard.metres if coverage.standard is not None else None,
        "judged_by": coverage.rule.value,
        "unverified": coverage.unverified,
        "measure": shown.graded.scale.title,
        "at_least": coverage.at_least,
        "register": coverage.register.completeness.value,
    }
    sheet = coverage_sheet(district, coverage, shown)
    return _collection(district, sheet, question, features, wording.trust_notes(district, coverage))


def coverage_sheet(district: District, coverage: Coverage, shown: Measured) -> Sheet:
    """Return the texts around a saved picture of the Coverage page's map."""
    counted = "all" if coverage.unverified else "verified"
    return _sheet(
        district,
        t(
            "picture.coverage",
            kind=district.kinds[coverage.kind].name,
            limit=wording.limit_text(coverage),
        ),
        (
            shown.graded.scale.title,
            wording.profile_label(district.profiles[coverage.profile]),
            t(f"coverage.both_{counted}", n=coverage.facilities_counted),
        ),
        ("coverage", coverage.kind, coverage.profile, f"{coverage.minutes:g}"),
        wording.trust_notes(district, coverage)[:1],
    )


def to_bytes(collection: Mapping[str, Any]) -> bytes:
    """Return a feature collection as a file in UTF-8."""
    text = json.dumps(collection, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8", "replace")


def file_name(*parts: object) -> str:
    """Return parts as the stem of a file's name, whatever characters they have."""
    stem = "-".join(_UNSAFE.sub("_", str(part)).strip("._") for part in parts)
    return stem[:_LONGEST_NAME]


def _sheet(
    district: District,
    title: str,
    details: Iterable[str],
    name: tuple[str, ...],
    notes: Iterable[str] = (),
) -> Sheet:
    date = t("shell.data_date", date=district.observed)
    _, plan = without_plan(district)
    scenario = () if plan is None else (t("picture.scenario", name=plan.plan.name),)
    return Sheet(
        title=title,
        subtitle=" · ".join([str(district.name), *details, date]),
        notes=(
            *scenario,
            t("picture.caution"),
            *notes,
            t("picture.sources", sources=layer_sources(district)),
            t("map.credit"),
        ),
        file=file_name(district.id, *name, *("scenario" for _ in scenario), district.observed),
    )


def _collection(
    district: District,
    sheet: Sheet,
    question: dict[str, Any],
    features: list[Feature],
    notes: Iterable[str] = (),
) -> dict[str, Any]:
    _, plan = without_plan(district)
    return {
        "type": "FeatureCollection",
        "name": sheet.file,
        "metadata": {
            "title": sheet.title,
            "district": str(district.name),
            "district_id": district.id,
            "language": language(),
            "question": question,
            "data_date": district.observed,
            "data_hash": district.scenario_id,
            "scenario": None if plan is None else plan.plan.name,
            "crs": f"{WGS84} (WGS 84)",
            "caution": t("picture.caution"),
            "notes": list(notes),
            "modelled": ["residents", "residents_60_plus", "residents_65_plus"],
            "sources": [
                {
                    "layer": layer.id,
                    "source": str(layer.source),
                    "licence": str(layer.licence),
                    "observed": layer.observed,
                    "modelled": layer.modelled,
                }
                for layer in district.layers
            ],
        },
        "features": features,
    }


def _isochrones(district: District, circle: LifeCircle, profile: str) -> Iterator[Feature]:
    rows = circle.residents.to_dict("records")
    for isochrone, row in reversed(list(zip(circle.isochrones, rows, strict=True))):
        people = {str(name): three_figures(count) for name, count in row.items()}
        yield _feature(
            as_geojson(isochrone.geometry, district.crs),
            {"layer": "isochrone", "profile": profile}
            | isochrone_properties(isochrone)
            | people
            | {"modelled": True},
        )


def _origin(circle: LifeCircle, shown: FromPlace) -> Feature:
    off_street_m = round(float(circle.origin.off_m[0]), 1)
    properties = {"layer": "origin", "name": shown.name, "off_street_m": off_street_m}
    return _feature(_at(*shown.at), properties)


def _way(district: District, route: Path, to: str) -> Feature:
    line = np.round(to_lonlat(route.xy, district.crs), DECIMALS).tolist()
    properties = {
        "layer": "way",
        "to": to,
        "minutes": finite_or_none(route.seconds / 60, 1),
        "metres": round(route.metres),
        "streets": " → ".join(name or t("unit.unnamed") for name, _ in route.streets),
    }
    return _feature({"type": "LineString", "coordinates": line}, properties)


def _places(district: District, places: pd.DataFrame) -> Iterator[Feature]:
    for _, row in places.iterrows():
        kind = district.kinds.get(str(row["kind"]))
        properties: dict[str, Any] = {
            "layer": "facility",
            "id": str(row["id"]),
            "name": wording.name_of(row),
            "kind": str(row["kind"]),
            "kind_name": str(row["kind"] if kind is None else kind.name),
            "address": _text(row.get("address")),
            "verified": bool(row["verified"]),
            "inside": bool(row["inside"]),
        }
        if "seconds" in row:
            properties["minutes"] = finite_or_none(float(row["seconds"]) / 60, 1)
        yield _feature(_at(row["lon"], row["lat"]), properties)


def _heritage(places: pd.DataFrame) -> Iterator[Feature]:
    for _, row in places.iterrows():
        properties = {"layer": "heritage", "id": str(row["id"]), "name": _text(row["name"])}
        properties |= {"kind": _text(row["kind"]), "address": _text(row.get("address"))}
        yield _feature(_at(row["lon"], row["lat"]), properties)


def _areas(district: District, coverage: Coverage) -> Iterator[Feature]:
    for area in district.areas:
        row = figure_in(coverage.table, "residents", area.id)
        properties = {
            "layer": "area",
            "id": area.id,
            "name": str(area.name),
            "official": area.official,
            "residents": three_figures(row["residents"]),
            "covered": three_figures(row["covered"]),
            "uncovered": three_figures(row["uncovered"]),
            "rate": fraction(float(row["rate"]), 3, at_least=coverage.at_least),
            "at_least": coverage.at_least,
            "modelled": True,
        }
        yield _feature(as_geojson(area.polygon, district.crs), properties)


def _zone(district: District, coverage: Coverage, zone: Gap) -> Feature:
    nearest = district.facilities.iloc[zone.nearest] if zone.nearest >= 0 else None
    properties = {
        "layer": "gap_zone",
        "rank": zone.rank,
        "name": wording.gap_name(zone),
        "verdict": "none_known" if coverage.at_least else "gap",
        "residents": three_figures(zone.residents),
        "residents_60_plus": three_figures(zone.residents_60_plus),
        "minutes_beyond": finite_or_none(zone.minutes_beyond, 1),
        "metres_beyond": _metres_beyond(zone),
        "residents_without_way": three_figures(zone.residents_without_way),
        "nearest": None if nearest is None else wording.name_of(nearest),
        "cause": zone.cause.value,
        "cause_words": t(f"cause.{zone.cause.value}"),
        "constrained": zone.constrained,
        "modelled": True,
    }
    return _feature(as_geojson(zone.geometry, district.crs), properties)


def _metres_beyond(zone: Gap) -> float | None:
    return None if zone.metres_beyond is None else finite_or_none(zone.metres_beyond, 0)


def _outlines(outlines: Iterable[Mapping[str, Any]], layer: str) -> Iterator[Feature]:
    for outline in outlines:
        yield _feature(outline["geometry"], {"layer": layer, "name": outline["properties"]["name"]})


def _points(district: District, coverage: Coverage, shown: Measured) -> Iterator[Feature]:
    rows, graded = shown.people.rows, shown.graded
    lonlat = district.demand.loc[rows, ["lon", "lat"]].to_numpy(np.float64).tolist()
    area = district.demand.loc[rows, "area"].tolist()
    minutes = (coverage.seconds[rows] / 60).tolist()
    for i, (lon, lat) in enumerate(lonlat):
        properties = {
            "layer": "demand_point",
            "area": _text(area[i]),
            "residents": round(float(shown.people.count[i]), 1),
            "grade": graded.scale.grades[graded.step[i]].text,
            "value": graded.shown[i],
            "minutes": finite_or_none(minutes[i], 1),
            "modelled": True,
        }
        yield _feature(_at(lon, lat), properties)


def _feature(geometry: Mapping[str, Any], properties: Feature) -> Feature:
    return {"type": "Feature", "properties": properties, "geometry": dict(geometry)}


def _at(lon: float, lat: float) -> dict[str, Any]:
    degrees = [round(float(lon), DECIMALS), round(float(lat), DECIMALS)]
    return {"type": "Point", "coordinates": degrees}


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
