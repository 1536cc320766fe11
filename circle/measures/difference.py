r"""What a scenario changes: the same question asked before and after, figure by figure.

Minutes won by a demand point are $\min(t, C) - \min(t', C)$, with $t$ and $t'$ the walk to
the nearest facility before and after and $C$ the cap `circle.model.CAP_MINUTES`, which also
stands for no way at all. Resident-minutes add them up over the residents of the scenario who
lived there before; newcomers had no walk to compare with.

The interval of a difference of rates uses **common random numbers**: in draw $d$ both states
have the same errors of position, the same unverified facilities and the same homes
(`circle.measures.montecarlo.Draws`), so that what is alike cancels and
$\Delta_d = r'_d - r_d$ varies with the edits alone. It runs from the 5th to the 95th
percentile of $\Delta_d$ and is widened to the difference without uncertainty.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circle.demand import residents_of, totals, unit_of
from circle.measures.montecarlo import Assumptions, draws_of
from circle.measures.uncertainty import HIGH, LOW, drawn_rates, uncertainty
from circle.model import CAP_MINUTES, GROUPS, WHOLE
from circle.places.facilities import matching

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circle.model import Bools, Coverage, District, Floats, Gap, Impedance

SAME_MINUTES = 0.01
"""Less is no change: a street that is cut is rounded twice."""
_LIST, _STREETS, _RESIDENTS, _CAPACITY, _HOURS = (
    ("add_facility", "move_facility", "close_facility", "reopen_facility"),
    ("add_link", "shut_gate", "open_gate", "set_steps"),
    ("add_residents", "move_residents"),
    ("set_capacity",),
    ("set_hours",),
)
REACTS: dict[str, tuple[str, ...]] = {
    "coverage": (*_LIST, *_STREETS, *_RESIDENTS),
    "interval": (*_LIST, *_STREETS, *_RESIDENTS),
    "gaps": (*_LIST, *_STREETS, *_RESIDENTS),
    "minutes": (*_LIST, *_STREETS),
    "services": (*_LIST, *_STREETS, *_RESIDENTS),
    "capacity": (*_LIST, *_STREETS, *_RESIDENTS, *_CAPACITY),
    "spread": (*_LIST, *_STREETS, *_RESIDENTS),
}
"""Each figure of a difference, and the edits that can change it; all others cannot."""
EDITS = (*_LIST, *_CAPACITY, *_HOURS, *_STREETS, *_RESIDENTS)
"""All edits, as they are listed."""


class Fate(StrEnum):
    """What becomes of a gap zone."""

    GONE = "gone"
    SHRUNK = "shrunk"
    SAME = "same"
    GROWN = "grown"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class ZoneChange:
    """A gap zone before, or a new one, and what becomes of it.

    Attributes
    ----------
    zone
        As it was; a new one as it is.
    before, after
        Residents of it out of reach, and of what it has grown by.
    """

    zone: Gap
    fate: Fate
    before: float
    after: float


@dataclass(frozen=True, eq=False)
class Difference:
    """One question, before and after.

    Attributes
    ----------
    before, after
        What was answered.
    won
        Shape (k,), for each row of the scenario's demand: minutes won, below 0 where lost;
        NaN where nobody lived before.
    rates
        One row for each area and age group, as `Coverage.table`: area, group, before, after,
        change (of the rates), covered (residents within reach, change of).
    people
        The same rows: gaining, losing (residents whose walk is shorter, longer), reached,
        cut_off (residents newly within the limit, no longer), resident_minutes (won).
    zones
        First those that were, in their order.
    """

    before: Coverage
    after: Coverage
    won: Floats
    rates: pd.DataFrame
    people: pd.DataFrame
    zones: tuple[ZoneChange, ...]


def difference(
    district: District,
    before: Coverage,
    after: Coverage,
    zones: tuple[Sequence[Gap], Sequence[Gap]],
) -> Difference:
    """Return what differs between two answers to one question.

    Parameters
    ----------
    district
        The scenario's. The rows of its demand begin with those of the base.
    before, after
        The answers for the base and for the scenario.
    zones
        The gap zones of each.
    """
    rates = changed(before.table, after.table, "rate")
    covered = changed(before.table, after.table, "covered")["change"]
    won = minutes_won(before.seconds, after.seconds)
    return Difference(
        before=before,
        after=after,
        won=won,
        rates=rates.assign(covered=covered),
        people=_people(district, won, before.within, after.within),
        zones=_zones(district, (before.within, after.within), zones),
    )


def minutes_won(before_s: Floats, after_s: Floats) -> Floats:
    """Return the minutes won by each demand point of the scenario; see the module."""
    won = np.full(len(after_s), np.nan)
    kept = after_s[: len(before_s)]
    won[: len(before_s)] = np.minimum(before_s / 60, CAP_MINUTES) - np.minimum(
        kept / 60, CAP_MINUTES
    )
    won[np.abs(won) < SAME_MINUTES] = 0.0
    return won


def changed(before: pd.DataFrame, after: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return a figure of two tables by area and age group: before, after, change."""
    keys = ["area", "group"]
    both = after[[*keys, column]].merge(
        before[[*keys, column]], on=keys, how="left", suffixes=("_after", "_before")
    )
    values = both[f"{column}_before"], both[f"{column}_after"]
    return both[keys].assign(before=values[0], after=values[1], change=values[1] - values[0])


def interval(
    districts: tuple[District, District],
    impedances: tuple[Impedance, Impedance],
    answers: tuple[Coverage, Coverage],
    assumed: Assumptions | None = None,
) -> pd.DataFrame:
    """Return the 90 % interval of the difference of rates, by common random numbers.

    Parameters
    ----------
    districts, impedances, answers
        Of the base and of the scenario; the answers of verified facilities.
    assumed
        How far the inputs may be off; by default `Assumptions()`.

    Returns
    -------
    pandas.DataFrame
        One row for each area and age group: area, group, change, low, high.
    """
    assumed = assumed or Assumptions()
    states = [
        (district, matching(district, answer.question))
        for district, answer in zip(districts, answers, strict=True)
    ]
    draws = draws_of(states, assumed)
    areas = [*dict.fromkeys(answers[1].table["area"])]
    rates, drawn = [], []
    for district, impedance, answer in zip(districts, impedances, answers, strict=True):
        sure = uncertainty(district, impedance, answer, assumed, draws)
        named = np.array(areas, object)
        member = (unit_of(district)[:, None] == named) | (named == WHOLE)
        _, rate, all_rates = drawn_rates(district, sure, member)
        rates.append(rate)
        drawn.append(all_rates[0])
    change = rates[1] - rates[0]
    low, high = np.quantile(drawn[1] - drawn[0], [LOW, HIGH], axis=0)
    return pd.DataFrame(
        {
            "area": np.repeat(np.array(areas, object), len(GROUPS)),
            "group": np.tile(np.array(GROUPS, object), len(areas)),
            "change": change,
            "low": np.fmin(low, change),
            "high": np.fmax(high, change),
        }
    )


def _people(district: District, won: Floats, before: Bools, after: Bools) -> pd.DataFrame:
    known = np.isfinite(won)
    reached = _padded(before, len(won))
    masks = {
        "gaining": won > 0,
        "losing": won < 0,
        "reached": known & after & ~reached,
        "cut_off": known & ~after & reached,
    }
    sums = {name: totals(district, mask.astype(np.float64)) for name, mask in masks.items()}
    minutes = totals(district, np.where(known, won, 0.0))
    return pd.DataFrame({**residents_of(district).labels, **sums, "resident_minutes": minutes})


def _zones(
    district: District, within: tuple[Bools, Bools], zones: tuple[Sequence[Gap], Sequence[Gap]]
) -> tuple[ZoneChange, ...]:
    people = residents_of(district).people[:, GROUPS.index("residents")]
    lacked = np.zeros(len(people), np.bool_)
    lacked[: len(within[0])] = ~within[0]
    lacks = ~within[1]
    grown = {
        row: float(people[added].sum())
        for zone in zones[1]
        if len(added := zone.rows[~lacked[zone.rows]])
        for row in zone.rows[lacked[zone.rows]].tolist()[:1]
    }
    changes = []
    for zone in zones[0]:
        rows = zone.rows
        more = sum(grown.get(row, 0.0) for row in rows.tolist())
        left = float(people[rows[lacks[rows]]].sum())
        changes.append(
            ZoneChange(zone, _fate(zone.residents, left, more), zone.residents, left + more)
        )
    new = (zone for zone in zones[1] if not lacked[zone.rows].any())
    return (*changes, *(ZoneChange(zone, Fate.NEW, 0.0, zone.residents) for zone in new))


def _fate(before: float, left: float, more: float) -> Fate:
    if left + more > before + SAME_MINUTES:
        return Fate.GROWN
    if left <= 0:
        return Fate.GONE
    return Fate.SAME if left + more >= before - SAME_MINUTES else Fate.SHRUNK


def _padded(values: Bools, length: int) -> Bools:
    longer = np.zeros(length, np.bool_)
    longer[: len(values)] = values
    return longer
