"""The maps of a report: what each shows, and where."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from circle.i18n import t
from circle.maps import grades
from circle.measures.gaps import listed
from circle.places.facilities import of_kind
from circle.places.heritage import buildings
from circle.report.content.elements import Map, Zone
from circle.words import tables, wording

if TYPE_CHECKING:
    import pandas as pd

    from circle.model import Coverage, District, Gap
    from circle.report.content.answers import Answers, Service

_AROUND_M = 150.0
"""Ground shown around what a map is about."""

_Bounds = tuple[float, float, float, float]


def of_district(answers: Answers) -> Map:
    """Return the map of the district with its facilities, heritage and protected roads."""
    district = answers.district
    return Map(
        id="district",
        title=t("report.map_district", district=district.name),
        alt=t("report.alt_district", district=district.name),
        bounds=_around(district.boundary.bounds),
        places=_services(district),
    )


def around(district: District) -> tuple[float, float, float, float]:
    """Return the bounds of a map of the whole district."""
    return _around(district.boundary.bounds)


def of_heritage(answers: Answers) -> Map:
    """Return the map of heritage and of the roads that are never to be widened."""
    district = answers.district
    historic = buildings(district.heritage[district.heritage["inside"].astype(bool)])
    return replace(
        of_district(answers),
        id="heritage",
        title=t("report.map_heritage"),
        alt=t("report.alt_heritage", n=f"{historic:,}"),
        heritage=True,
        roads=True,
    )


def of_count(answers: Answers) -> Map | None:
    """Return the map of how many services residents have; None where they cannot be counted."""
    district, provision = answers.district, answers.provision
    many = len(provision.services)
    if not 2 <= many <= grades.MOST_SERVICES:  # noqa: PLR2004 - one service has a map already
        return None
    people = tables.people(district, "residents")
    return Map(
        id="services",
        title=t("report.map_services"),
        alt=t("report.alt_services", n=many),
        bounds=_around(district.boundary.bounds),
        places=_services(district),
        xy=_homes(district)[people.rows],
        graded=grades.by_services(provision.count[people.rows], many),
        people=people.count,
    )


def of_service(answers: Answers, service: Service, coverage: Coverage) -> Map:
    """Return the map of who reaches a service, with its gap zones."""
    district = answers.district
    people = tables.people(district, "residents")
    return Map(
        id=f"coverage-{service.key}",
        title=t("report.map_coverage", name=service.name),
        alt=wording.coverage_sentence(district, coverage, "residents"),
        bounds=_around(district.boundary.bounds),
        places=of_kind(district, coverage.kind, unverified=True),
        xy=_homes(district)[people.rows],
        graded=grades.by_walk(coverage, people.rows),
        people=people.count,
        zones=_zones(district, service.zones),
        note=t("report.map_people"),
    )


def of_zone(answers: Answers, service: Service, coverage: Coverage, zone: Gap) -> Map:
    """Return the map of one gap zone and of the facility nearest to it."""
    district = answers.district
    name = wording.gap_name(zone)
    return replace(
        of_service(answers, service, coverage),
        id=f"gap-{service.key}-{zone.rank}",
        title=t("report.map_zone", rank=zone.rank, name=name, service=service.name),
        alt=wording.zone_sentence(district, coverage, zone),
        bounds=_near(district, zone),
        zones=_zones(district, service.zones, marked=zone.rank),
        note="",
        detail=True,
    )


def _zones(district: District, zones: tuple[Gap, ...], marked: int = 0) -> tuple[Zone, ...]:
    return tuple(
        Zone(
            zone.rank,
            wording.gap_name(zone),
            zone.geometry,
            zone.rank == marked,
            (wording.gap_line(district, zone), wording.gap_beyond(zone)),
        )
        for zone in listed(zones)
    )


def _near(district: District, zone: Gap) -> _Bounds:
    west, south, east, north = zone.geometry.bounds
    if zone.nearest >= 0:
        x, y = district.facilities.iloc[zone.nearest][["x", "y"]]
        west, south, east, north = min(west, x), min(south, y), max(east, x), max(north, y)
    return _around((west, south, east, north))


def _around(bounds: _Bounds) -> _Bounds:
    west, south, east, north = bounds
    return west - _AROUND_M, south - _AROUND_M, east + _AROUND_M, north + _AROUND_M


def _homes(district: District) -> np.ndarray:
    return district.demand[["x", "y"]].to_numpy(np.float64)


def _services(district: District) -> pd.DataFrame:
    services = [kind.id for kind in district.kinds.values() if kind.service]
    return district.facilities[district.facilities["kind"].isin(services)]
