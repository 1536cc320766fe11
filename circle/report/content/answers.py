"""All that a report says, computed once: what was asked, of whom, with what answer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import shapely

from circle.errors import CancelledError
from circle.geo.shapes import points
from circle.i18n import LANGUAGES
from circle.load.standards import standard_named
from circle.measures import equity, heritage
from circle.measures.access import Capacity, capacity, gaussian
from circle.measures.completeness import completeness
from circle.measures.coverage import coverage, coverage_by
from circle.measures.gaps import gaps
from circle.measures.uncertainty import Uncertainty, uncertainty, uncertainty_by
from circle.model import Coverage, NoData
from circle.network.speeds import impedance
from circle.places.facilities import area_named, kind_named, profile_named, usual_profile
from circle.quality import Quality, quality
from circle.reach.travel import check_minutes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from circle.measures.equity import Spread
    from circle.model import (
        District,
        Gap,
        Impedance,
        Profile,
        Provision,
        Requirement,
        StandardSet,
    )
    from circle.report.content.elements import Choice

CAP_MINUTES = 60.0
"""A walk longer than this counts as this in the spread of minutes, as on the pages."""


@dataclass(frozen=True, eq=False)
class Service:
    """One service as the first profile reaches it.

    Attributes
    ----------
    key
        Its kind, or with a standard the id of the requirement.
    name
        In the language of the report.
    sure
        None where there is nothing to draw.
    zones
        Gap zones of the chosen areas, worst first; ranks are of all zones.
    others
        Its coverage for every further profile.
    """

    key: str
    name: str
    found: Coverage | NoData
    sure: Uncertainty | None
    zones: tuple[Gap, ...]
    others: tuple[Coverage | NoData, ...]


@dataclass(frozen=True, eq=False)
class Answers:
    """The answers of one choice.

    Attributes
    ----------
    choice
        With every default filled in.
    standard
        The standard that judges; None for plain minutes.
    walks
        Streets as each profile walks them; the first is the report's own.
    """

    district: District
    choice: Choice
    standard: StandardSet | None
    walks: tuple[Impedance, ...]
    services: tuple[Service, ...]
    provision: Provision
    spreads: tuple[Spread, ...]
    capacities: tuple[Capacity, ...]
    quality: Quality

    @property
    def profile(self) -> Profile:
        """Who walks on the maps and in the summary."""
        return self.walks[0].profile

    @property
    def covered(self) -> tuple[tuple[Service, Coverage], ...]:
        """The services that there is data for, with their coverage."""
        return tuple((one, one.found) for one in self.services if isinstance(one.found, Coverage))

    @cached_property
    def beside(self) -> dict[str, np.ndarray]:
        """Who lives beside heritage, and along roads that are never widened."""
        return {
            "heritage": heritage.beside(self.district),
            "roads": heritage.along_never_widened(self.district),
        }


def settled(district: District, choice: Choice, standards: Mapping[str, StandardSet]) -> Choice:
    """Return a choice with every default filled in and every name checked.

    Raises
    ------
    UnknownNameError
        For a kind, profile, area or standard that is not there.
    InputError
        For a limit out of range.
    """
    check_minutes([choice.minutes])
    if choice.standard:
        standard_named(dict(standards), choice.standard)
    first = usual_profile(district)
    usual = (first, *(name for name in list(district.profiles)[:1] if name != first))
    profiles = choice.profiles or usual
    services = tuple(kind.id for kind in district.kinds.values() if kind.service)
    return replace(
        choice,
        kinds=tuple(dict.fromkeys(kind_named(district, name).id for name in choice.kinds))
        or services,
        profiles=tuple(dict.fromkeys(profile_named(district, name).id for name in profiles)),
        areas=tuple(dict.fromkeys(area_named(district, name).id for name in choice.areas)),
        language=choice.language if choice.language in LANGUAGES else LANGUAGES[0],
    )


def answers(
    district: District,
    choice: Choice,
    standards: Mapping[str, StandardSet],
    tell: Callable[[float], bool] | None = None,
) -> Answers:
    """Compute what a report says.

    Parameters
    ----------
    district
        The district, with its confirmed registers.
    choice
        As `settled` returns it.
    standards
        The standards of this installation, by id.
    tell
        Told the share of the work done, 0 to 1; returns whether to go on.

    Raises
    ------
    CancelledError
        When `tell` said not to.
    """
    walks = tuple(impedance(district.network, district.profiles[one]) for one in choice.profiles)
    standard = standard_named(dict(standards), choice.standard) if choice.standard else None
    asked = _asked(district, choice, standard)
    services: list[Service] = []
    for done, (key, one) in enumerate(asked):
        _go_on(tell, done / (len(asked) + 1))
        services.append(_service(district, choice, walks, (key, one)))
    _go_on(tell, len(asked) / (len(asked) + 1))
    found = [one.found for one in services if isinstance(one.found, Coverage)]
    kinds = tuple(dict.fromkeys(one.kind for one in found))
    return Answers(
        district=district,
        choice=choice,
        standard=standard,
        walks=walks,
        services=tuple(services),
        provision=completeness(district, [one.found for one in services]),
        spreads=tuple(
            equity.spread(district, one.kind, one.seconds / 60, cap=CAP_MINUTES) for one in found
        ),
        capacities=tuple(_capacity(district, walks[0], kind, choice) for kind in kinds),
        quality=quality(district),
    )


def _go_on(tell: Callable[[float], bool] | None, share: float) -> None:
    if tell is not None and not tell(share):
        raise CancelledError


def _asked(
    district: District, choice: Choice, standard: StandardSet | None
) -> list[tuple[str, Requirement | str]]:
    """Return what is asked of each service: a requirement, or its kind."""
    if standard is None:
        return [(kind, kind) for kind in choice.kinds]
    chosen = set(choice.kinds) if choice.kinds else set(district.kinds)
    return [(one.id, one) for one in standard.defaults if one.kind in chosen]


def _service(
    district: District,
    choice: Choice,
    walks: tuple[Impedance, ...],
    asked: tuple[str, Requirement | str],
) -> Service:
    key, what = asked
    found, *others = (_coverage(district, walk, what, choice) for walk in walks)
    drawn = (
        uncertainty(district, walks[0], what, choice.minutes)
        if isinstance(what, str)
        else uncertainty_by(district, walks[0], what)
    )
    sure = None if isinstance(drawn, NoData) else drawn
    name = str(district.kinds[what].name if isinstance(what, str) else what.name)
    zones = () if isinstance(found, NoData) else _zones(district, found, choice)
    return Service(key, name, found, sure, zones, tuple(others))


def _coverage(
    district: District, walk: Impedance, what: Requirement | str, choice: Choice
) -> Coverage | NoData:
    if isinstance(what, str):
        return coverage(district, walk, what, choice.minutes, unverified=choice.unverified)
    return coverage_by(district, walk, what, unverified=choice.unverified)


def _zones(district: District, found: Coverage, choice: Choice) -> tuple[Gap, ...]:
    """Return the gap zones, of the chosen areas where some are chosen."""
    every = gaps(district, found)
    if not choice.areas:
        return every
    demand = district.demand
    out = (
        demand["inside"].to_numpy(np.bool_)
        & demand["area"].isin(choice.areas).to_numpy()
        & ~found.within
    )
    homes = shapely.union_all(points(demand.loc[out, ["x", "y"]].to_numpy(np.float64)))
    return tuple(zone for zone in every if zone.geometry.intersects(homes))


def _capacity(district: District, walk: Impedance, kind: str, choice: Choice) -> Capacity:
    bands = [choice.minutes * 60 * share / 3 for share in (1, 2, 3)]
    return capacity(district, walk, kind, gaussian(bands), unverified=choice.unverified)
