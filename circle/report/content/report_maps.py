"""The maps of a report: what each shows, and where."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from circle.i18n import t
from circle.maps import grades
from circle.report.content.elements import Map, Zone
from circle.words import tables, wording

if TYPE_CHECKING:
    import pandas as pd

    from circle.model import Coverage, District, Gap
    from circle.report.content.answers import Answers, Service

AROUND_M = 150.0
"""Ground shown around what a map is about."""
FEW_PEOPLE = 10.0
"""Gap zones with fewer residents are added up, not drawn or named one by one."""
MOST_ZONES = 6

Bounds = tuple[float, float, float, float]


def shown(zones: tuple[Gap, ...]) -> tuple[Gap, ...]:
    """Return the gap zones that have a map of their own, worst first."""
    return tuple(zone for zone in zones if zone.residents >= FEW_PEOPLE)[:MOST_ZONES]


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


def of_heritage(answers: Answers) -> Map:
    """Return the map of heritage and of the roads that are never to be widened."""
    district = answers.district
    return Map(
        id="heritage",
        title=t("report.map_heritage"),
        alt=t("report.alt_heritage", n=f"{int(district.heritage['inside'].sum()):,}"),
        bounds=_around(district.boundary.bounds),
        places=_services(district),
        heritage=True,
        roads=True,
    )


def of_count(answers: Answers) -> Map | None:
    """Return the map of how many services residents have; None where they cannot be counted."""
    district, provision = answers.district, answers.provision
    many = len(provision.services)
    if not 2 <= many <= grades.MOST_SERVICES:  # noqa: PLR2004 - of one service its own map tells
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


def of_service(answers: Answers, service: Service, cover: Coverage) -> Map:
    """Return the map of who reaches a service, with its gap zones."""
    district = answers.district
    people = tables.people(district, "residents")
    return Map(
        id=f"coverage-{service.key}",
        title=t("report.map_coverage", name=service.name),
        alt=wording.coverage_sentence(district, cover, "residents"),
        bounds=_around(district.boundary.bounds),
        places=_counted(district, cover),
        xy=_homes(district)[people.rows],
        graded=grades.by_walk(cover, people.rows),
        people=people.count,
        zones=_zones(district, service.zones),
        note=t("report.map_people"),
    )


def of_zone(answers: Answers, service: Service, cover: Coverage, zone: Gap) -> Map:
    """Return the map of one gap zone and of the facility nearest to it."""
    district = answers.district
    people = tables.people(district, "residents")
    name = wording.gap_name(zone)
    return Map(
        id=f"gap-{service.key}-{zone.rank}",
        title=t("report.map_zone", rank=zone.rank, name=name, service=service.name),
        alt=wording.zone_sentence(district, cover, zone),
        bounds=_near(district, zone),
        places=_counted(district, cover),
        xy=_homes(district)[people.rows],
        graded=grades.by_walk(cover, people.rows),
        people=people.count,
        zones=_zones(district, service.zones, marked=zone.rank),
        detail=True,
    )


def _zones(district: District, zones: tuple[Gap, ...], marked: int = 0) -> tuple[Zone, ...]:
    return tuple(
        Zone(
            one.rank,
            wording.gap_name(one),
            one.geometry,
            one.rank == marked,
            (wording.gap_line(district, one), wording.gap_beyond(one)),
        )
        for one in shown(zones)
    )


def _near(district: District, zone: Gap) -> Bounds:
    west, south, east, north = zone.geometry.bounds
    if zone.nearest >= 0:
        x, y = district.facilities.iloc[zone.nearest][["x", "y"]]
        west, south, east, north = min(west, x), min(south, y), max(east, x), max(north, y)
    return _around((west, south, east, north))


def _around(bounds: Bounds) -> Bounds:
    west, south, east, north = bounds
    return west - AROUND_M, south - AROUND_M, east + AROUND_M, north + AROUND_M


def _homes(district: District) -> np.ndarray:
    return district.demand[["x", "y"]].to_numpy(np.float64)


def _services(district: District) -> pd.DataFrame:
    own = [kind.id for kind in district.kinds.values() if kind.service]
    return district.facilities[district.facilities["kind"].isin(own)]


def _counted(district: District, cover: Coverage) -> pd.DataFrame:
    return district.facilities[district.facilities["kind"].eq(cover.kind)]
