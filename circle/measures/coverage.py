"""What share of residents reach a kind of facility in time."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from circle.demand import demand_points, residents_unknown, roll_up
from circle.model import Coverage, NoData, Rule
from circle.network.speeds import by_length
from circle.places.facilities import counted, matching, nearest_rows, register_of, units_of
from circle.reach.travel import check_minutes

if TYPE_CHECKING:
    import pandas as pd

    from circle.model import District, Floats, Impedance, Ints, Profile, Question, Snapped


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
    places = _places(district, question)
    if isinstance(places, NoData):
        return places
    points = demand_points(district)
    near = [
        nearest_rows(district, walk, places, points) for walk in (impedance, by_length(impedance))
    ]
    return _answered(district, question, places, *near)


def coverage_after(
    district: District, impedance: Impedance, question: Question, before: Coverage, was: District
) -> Coverage | NoData:
    """Return `coverage`, from that of a district whose streets and residents are the same.

    A facility that is new costs one search up to the longest walk to any, one that is gone
    a search for those alone whose nearest it was.

    Parameters
    ----------
    district, impedance, question
        As of `coverage`.
    before, was
        The answer to the same question, and the district that it is of.
    """
    places = _places(district, question)
    if isinstance(places, NoData):
        return places
    change = _Change.between(district, places, was, counted(was, question))
    points = demand_points(district)
    near = [
        change.nearest(district, walk, points, *one)
        for walk, one in zip(
            (impedance, by_length(impedance)),
            ((before.seconds, before.soonest), (before.metres, before.closest)),
            strict=True,
        )
    ]
    return _answered(district, question, places, *near)


def _places(district: District, question: Question) -> pd.DataFrame | NoData:
    """Return the facilities that count, or why there is no answer."""
    check_minutes([question.criterion.minutes])
    if residents_unknown(district):
        return NoData(question, "residents", 0)
    places = counted(district, question)
    if len(places) == 0:
        left_out = len(matching(district, question))
        known = question.kind in district.kinds
        reason = "verified" if left_out else "facilities" if known else "kind"
        return NoData(question, reason, left_out)
    return places


def _answered(
    district: District,
    question: Question,
    places: pd.DataFrame,
    by_time: tuple[Floats, Ints],
    by_way: tuple[Floats, Ints],
) -> Coverage:
    register = register_of(district, question.kind)
    left_out = len(matching(district, question)) - len(places)
    (seconds, soonest), (metres, closest) = by_time, by_way
    return Coverage(
        question=question,
        register=register,
        seconds=seconds,
        metres=metres,
        soonest=soonest,
        closest=closest,
        table=roll_up(district, question.criterion.within(seconds, metres)),
        facilities_counted=len(places),
        unverified_counted=int((~places["verified"]).sum()),
        unverified_left_out=left_out,
        at_least=not register.is_complete or left_out > 0,
    )


@dataclass(frozen=True, eq=False)
class _Change:
    """What differs between the facilities that count, before and after.

    Attributes
    ----------
    row
        Shape (rows before,): where each facility that is as it was stands now; -1 for
        those that are gone, moved or never counted.
    staying, added
        Those that are as they were, and those that are new or at another place.
    """

    row: Ints
    staying: pd.DataFrame
    added: pd.DataFrame

    @classmethod
    def between(
        cls, district: District, places: pd.DataFrame, was: District, before: pd.DataFrame
    ) -> _Change:
        """Compare places by their ids and where they stand."""
        at = dict(zip(before["id"], zip(before["x"], before["y"], strict=True), strict=True))
        as_it_was = np.array(
            [at.get(row.id) == (row.x, row.y) for row in places.itertuples()], np.bool_
        )
        staying = places[as_it_was]
        rows = district.facilities.index.get_indexer(staying.index)
        now = dict(zip(staying["id"], rows.tolist(), strict=True))
        counted_before = set(before["id"])
        row = [now.get(name, -1) if name in counted_before else -1 for name in was.facilities["id"]]
        return cls(np.array(row, np.int32), staying, places[~as_it_was])

    def nearest(
        self, district: District, walk: Impedance, points: Snapped, far: Floats, which: Ints
    ) -> tuple[Floats, Ints]:
        """Return how far the nearest facility is now, and its row; `far` and `which` are before.

        Shapes (k,), as `nearest_rows` returns them.
        """
        far = far.copy()
        rows = np.where(which >= 0, self.row[which], -1).astype(np.int32)
        lost = (which >= 0) & (rows < 0)
        if lost.any():
            far[lost], rows[lost] = nearest_rows(district, walk, self.staying, points.take(lost))
        if len(self.added):
            longest = float(far.max(initial=0.0)) + _MS
            new, new_rows = nearest_rows(district, walk, self.added, points, longest)
            better = (new < far) | ((new == far) & (new_rows >= 0) & (new_rows < rows))
            far[better], rows[better] = new[better], new_rows[better]
        return far, rows


_MS = 0.001
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
