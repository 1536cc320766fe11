"""What share of residents reach a kind of facility in time."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import TYPE_CHECKING

from circle.demand import demand_points, residents_unknown, roll_up
from circle.model import Coverage, NoData, Rule
from circle.network.speeds import by_length
from circle.places.facilities import counted, matching, nearest_rows, register_of, units_of
from circle.reach.travel import check_minutes

if TYPE_CHECKING:
    import pandas as pd

    from circle.model import District, Impedance, Profile, Question


def coverage(district: District, impedance: Impedance, question: Question) -> Coverage | NoData:
    """Return how many residents reach a kind of facility as a question asks.

    Parameters
    ----------
    district
        The district. Its residents count; facilities and streets beyond its
        boundary serve them all the same.
    impedance
        Its streets as the question's profile walks them. Where a requirement is
        judged by metres the profile's pace decides nothing; the stairs that it
        may not take do.
    question
        Its limit is above 0 and at most 120 minutes.

    Returns
    -------
    Coverage or NoData
        `NoData` where no facility can be counted, or there are no data of residents:
        that is no coverage of zero.

    Raises
    ------
    InputError
        When the limit is out of range.
    UnknownNameError
        When the district has no such kind.
    """
    check_minutes([question.criterion.minutes])
    if residents_unknown(district):
        return NoData(question, "residents", 0)
    places = counted(district, question)
    left_out = len(matching(district, question)) - len(places)
    if len(places) == 0:
        known = question.kind in district.kinds
        reason = "verified" if left_out else "facilities" if known else "kind"
        return NoData(question, reason, left_out)
    points = demand_points(district)
    seconds, soonest = nearest_rows(district, impedance, places, points)
    metres, closest = nearest_rows(district, by_length(impedance), places, points)
    register = register_of(district, question.kind)
    within = question.criterion.within(seconds, metres)
    return Coverage(
        question=question,
        register=register,
        seconds=seconds,
        metres=metres,
        which=closest if question.criterion.rule is Rule.METRES else soonest,
        table=roll_up(district, within),
        facilities_counted=len(places),
        unverified_counted=int((~places["verified"]).sum()),
        unverified_left_out=left_out,
        at_least=not register.is_complete or left_out > 0,
    )


PACES = (0.1, 0.9)
"""The walkers that `by_pace` tells of: of ten people the slowest and the fastest."""


def by_pace(district: District, profile: Profile, coverage: Coverage) -> pd.DataFrame | None:
    """Return what the slower and the faster people of a profile reach.

    Speeds are taken as lognormal with the profile's spread, and its own speed as the
    percentile that it states: a speed that is slow already is not slowed again.

    Returns
    -------
    pandas.DataFrame or None
        As `Coverage.table`, with columns slow and fast: the share of residents within
        reach at the 10th and at the 90th percentile of speeds. None where metres judge.
    """
    if coverage.rule is Rule.METRES or not profile.speed_cv:
        return None
    sigma = math.sqrt(math.log1p(profile.speed_cv**2))
    stated = NormalDist().inv_cdf(profile.speed_percentile / 100)
    table = coverage.table[["area", "group", "residents"]]
    for name, share in zip(("slow", "fast"), PACES, strict=True):
        faster = math.exp(sigma * (NormalDist().inv_cdf(share) - stated))
        within = coverage.seconds <= coverage.minutes * 60 * faster
        table = table.assign(**{name: roll_up(district, within)["rate"].to_numpy()})
    return table


def by_other_rule(district: District, coverage: Coverage) -> pd.DataFrame | None:
    """Return the table by the limit that does not judge, to be shown beside it.

    Returns
    -------
    pandas.DataFrame or None
        As `Coverage.table`; None where the requirement has one limit only.
    """
    asked = coverage.standard
    if asked is None or asked.minutes is None or asked.metres is None:
        return None
    other = Rule.METRES if asked.judged_by is Rule.MINUTES else Rule.MINUTES
    return roll_up(district, asked.within(coverage.seconds, coverage.metres, other))


def at_level(district: District, coverage: Coverage, level: str) -> pd.DataFrame:
    """Return a coverage by the units of another level.

    Parameters
    ----------
    district
        The district.
    coverage
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
    return roll_up(district, coverage.within, level=level)
