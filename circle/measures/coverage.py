"""What share of residents reach a kind of facility in time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pandas as pd

from circle.demand import WHOLE, demand_points, roll_up
from circle.model import Completeness, Coverage, NoData, Rule
from circle.network.speeds import by_length
from circle.places.facilities import meeting, nearest_rows, of_kind, register_of, units_of
from circle.reach.travel import check_minutes

if TYPE_CHECKING:
    from circle.model import District, Impedance, Requirement, StandardSet

__all__ = [
    "WHOLE",
    "at_level",
    "by_other_rule",
    "coverage",
    "coverage_by",
    "coverages_by",
    "figure",
    "figure_in",
    "roll_up",
]


def coverage(
    district: District, impedance: Impedance, kind: str, minutes: float, *, unverified: bool = False
) -> Coverage:
    """Return how many residents reach a facility of `kind` within `minutes`.

    Parameters
    ----------
    district
        The district. Its residents count; facilities and streets beyond its
        boundary serve them all the same.
    impedance
        Its streets as the profile walks them.
    kind
        A kind of facility.
    minutes
        The limit, above 0 and at most 120.
    unverified
        Whether facilities with a guessed position count.

    Raises
    ------
    InputError
        When the limit is out of range.
    UnknownNameError
        When the district has no such kind.
    """
    (limit,) = check_minutes([minutes])
    every = of_kind(district, kind, unverified=True)
    return _coverage(district, impedance, every, _Question(kind, limit, unverified))


def coverage_by(
    district: District, impedance: Impedance, requirement: Requirement, *, unverified: bool = False
) -> Coverage | NoData:
    """Return how many residents have a service as a requirement asks.

    Parameters
    ----------
    district
        The district. Its residents count; facilities and streets beyond its
        boundary serve them all the same.
    impedance
        Its streets as the profile walks them. Where the requirement is judged
        by metres the profile's pace decides nothing; the stairs that it may
        not take do.
    requirement
        What a standard asks.
    unverified
        Whether facilities with a guessed position count.

    Returns
    -------
    Coverage or NoData
        `NoData` where no facility can be counted: that is no coverage of zero.

    Raises
    ------
    InputError
        When the requirement's limit is out of range.
    """
    (limit,) = check_minutes([requirement.limit_minutes])
    every = meeting(district, requirement)
    if (unverified and len(every)) or every["verified"].any():
        question = _Question(requirement.kind, limit, unverified, requirement)
        return _coverage(district, impedance, every, question)
    known = requirement.kind in district.kinds
    reason = "verified" if len(every) else "facilities" if known else "kind"
    return NoData(requirement, impedance.profile.id, unverified, reason, len(every))


def coverages_by(
    district: District, impedance: Impedance, standard: StandardSet, *, unverified: bool = False
) -> tuple[Coverage | NoData, ...]:
    """Return `coverage_by` for every service of a standard, where sources disagree by its default.

    Parameters
    ----------
    district, impedance, unverified
        As for `coverage_by`.
    standard
        The standard.
    """
    return tuple(
        coverage_by(district, impedance, one, unverified=unverified) for one in standard.defaults
    )


def by_other_rule(district: District, found: Coverage) -> pd.DataFrame | None:
    """Return the table by the limit that does not judge, to be shown beside it.

    Returns
    -------
    pandas.DataFrame or None
        As `Coverage.table`; None where the requirement has one limit only.
    """
    asked = found.standard
    if asked is None or asked.minutes is None or asked.metres is None:
        return None
    other = Rule.METRES if asked.judged_by is Rule.MINUTES else Rule.MINUTES
    return roll_up(district, asked.within(found.seconds, found.metres, other))


def at_level(district: District, found: Coverage, level: str) -> pd.DataFrame:
    """Return a coverage by the units of another level.

    Parameters
    ----------
    district
        The district.
    found
        Its coverage of one kind.
    level
        ``area``, ``committee`` or ``grid``.

    Returns
    -------
    pandas.DataFrame
        As `Coverage.table`, with the units of the level as its areas, and
        `circle.model.NOT_IN_ANY` where residents live in none of them.

    Raises
    ------
    InputError
        When there is no such level, or the district has no layer for it.
    """
    units_of(district, level)
    return roll_up(district, found.within, level=level)


def figure(found: Coverage, group: str = "residents", area: str = WHOLE) -> pd.Series:
    """Return one row of a coverage's table: residents, covered, uncovered, rate."""
    return figure_in(found.table, group, area)


def figure_in(table: pd.DataFrame, group: str = "residents", area: str = WHOLE) -> pd.Series:
    """Return one row of a coverage table, of whatever level."""
    row: pd.Series = table[table["area"].eq(area) & table["group"].eq(group)].iloc[0]
    return row


@dataclass(frozen=True, slots=True)
class _Question:
    kind: str
    minutes: float
    unverified: bool
    standard: Requirement | None = None


def _coverage(
    district: District, impedance: Impedance, every: pd.DataFrame, asked: _Question
) -> Coverage:
    """Judge by the facilities `every`, those with a guessed position left out unless asked for."""
    places = every if asked.unverified else every[every["verified"]]
    points = demand_points(district)
    seconds, soonest = nearest_rows(district, impedance, places, points)
    metres, closest = nearest_rows(district, by_length(impedance), places, points)
    register = register_of(district, asked.kind)
    left_out = len(every) - len(places)
    found = Coverage(
        kind=asked.kind,
        profile=impedance.profile.id,
        minutes=asked.minutes,
        unverified=asked.unverified,
        register=register,
        seconds=seconds,
        metres=metres,
        which=soonest,
        table=pd.DataFrame(),
        facilities_counted=len(places),
        unverified_counted=int((~places["verified"]).sum()),
        unverified_left_out=left_out,
        at_least=register.completeness is not Completeness.COMPLETE or left_out > 0,
        standard=asked.standard,
    )
    which = closest if found.rule is Rule.METRES else soonest
    return replace(found, which=which, table=roll_up(district, found.within))
