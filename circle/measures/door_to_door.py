r"""Door to door: who reaches a service from the flat, and what each lift would win.

A floor of a doorway is within reach *from the door* when the walk from the doorway takes at
most $T$, and *from the flat* when the walk and the longer of the ways down and up
(`circle.doors.vertical`) do together. What a lift at doorway $j$ wins is

$$ M_j = \sum_{i \in j} \sum_g p_{ig}\,o_g\,(\bar t_i^{\text{without}} - \bar t_i^{\text{with}}),
\qquad
R_j = \sum_{i \in j} p_{i,60+}\,[\,\text{within with}\,] - [\,\text{within without}\,], $$

person-minutes a week over the ages $g$ with $o_g$ outings, down and up, and residents of 60
and older brought within reach. Doorways do not touch each other, so both are what leaving one
lift out loses. As each person takes the quicker way, no lift loses anyone.

Intervals are 90 % over `DRAWS` draws: where facilities stand and whether those with a guessed
position are there (`circle.measures.montecarlo`), and the inputs of `vertical.toml`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circle.doors.travellers import travellers_of
from circle.doors.vertical import Assumed, times
from circle.measures.montecarlo import Assumptions, sample
from circle.model.doorways import HOME_GROUPS
from circle.places.facilities import counted, matching, nearest_rows, on_street
from circle.reach.travel import many_to_many

if TYPE_CHECKING:
    from circle.doors.homes import Homes
    from circle.measures.montecarlo import Sample
    from circle.model import Bools, District, Floats, Impedance, Profile, Question, Snapped

DRAWS = 400
"""Draws at most; as many as `Assumptions.draws` where those are fewer."""
LOW, HIGH = 0.05, 0.95
_BLOCK = 500
"""Doorways whose draws are held at once."""
_SENIORS = "residents_60_plus"


@dataclass(frozen=True, eq=False)
class DoorToDoor:
    """What a register of doorways says of one service.

    Attributes
    ----------
    question
        What was asked, judged by minutes.
    homes
        The register as arrays.
    door_s
        Shape (doorways,): seconds from the doorway to the nearest; infinite without any.
    vertical_s
        Shape (h,): the longer of the ways down and up.
    table
        One row for each of `HOME_GROUPS` that is known of somebody: group, residents, door,
        flat (residents within reach), lost (from the door and not from the flat), and
        door_low … lost_high, the 90 % interval.
    doorways
        One row for each doorway without a running lift: row (of the register), people,
        seniors, minutes_week and reached with their low and high; most minutes first.
    """

    question: Question
    homes: Homes
    door_s: Floats
    vertical_s: Floats
    table: pd.DataFrame
    doorways: pd.DataFrame

    def within(self) -> tuple[Bools, Bools]:
        """Return which floors are within reach from the door, and from the flat, shape (h,)."""
        limit_s = self.question.criterion.minutes * 60
        door = self.door_s[self.homes.doorway]
        return door <= limit_s, door + self.vertical_s <= limit_s


def door_to_door(
    district: District,
    walk: Impedance,
    question: Question,
    register: tuple[pd.DataFrame, Homes],
    assumed: Assumptions | None = None,
) -> DoorToDoor:
    """Return who reaches a service from door and flat, and what each lift would win.

    Parameters
    ----------
    district, walk, question
        As of `circle.measures.coverage.coverage`; judged by the question's minutes alone.
    register
        The table of doorways, and the same as arrays.
    assumed
        How far facilities may be off; by default `Assumptions()`.
    """
    table, homes = register
    question = question.by_minutes_alone
    doors = on_street(walk, table)
    door_s = nearest_rows(district, walk, counted(district, question), doors)[0]
    ways = _Ways.of(homes, walk.profile, [Assumed.central()])
    drawn = _drawn(district, walk, question, doors, homes, assumed or Assumptions())
    central = _outcome(homes, ways, door_s[None, :], question.criterion.minutes * 60)
    return DoorToDoor(
        question=question,
        homes=homes,
        door_s=door_s,
        vertical_s=ways.longer(homes)[0],
        table=_by_group(homes, central, drawn),
        doorways=_by_doorway(homes, central, drawn),
    )


def weekly_minutes(homes: Homes) -> Floats:
    """Return the person-minutes a week between flat and street, by doorway, shape (doorways,)."""
    total = np.zeros(len(homes.floor))
    for group in travellers_of(homes):
        both = sum(times(group.profile, homes.floor, homes.lift, homes.split_here).mean)
        total += group.people * group.outings.value * both / 60
    return homes.per_doorway(total)


@dataclass(frozen=True, eq=False)
class _Ways:
    """Seconds by draw and kind of flat, without a lift and with one.

    Attributes
    ----------
    kind
        Shape (h,): of which kind (floor and entry) each floor is.
    none, lift
        Shapes (draws, kinds): the longer way of the walker's profile.
    won
        Of each group of travellers the minutes a week that a lift wins one person, shapes
        (draws, kinds).
    """

    kind: np.ndarray
    none: Floats
    lift: Floats
    won: tuple[Floats, ...]

    @classmethod
    def of(cls, homes: Homes, profile: Profile, draws: list[Assumed], seed: int = 0) -> _Ways:
        """Work the kinds of flats out, in each of some draws; a seed draws the outings too."""
        floor_and_entry = np.stack([homes.floor, homes.split_here], axis=1)
        kinds, kind = np.unique(floor_and_entry, axis=0, return_inverse=True)
        floor, split = kinds.reshape(-1, 2).T
        yes, no = np.ones(len(floor), np.bool_), np.zeros(len(floor), np.bool_)
        split = split > 0
        none, with_lift = (
            np.stack([times(profile, floor, lift, split, each).longer for each in draws])
            for lift in (no, yes)
        )
        won = _won(homes, (floor, split), draws, np.random.default_rng(seed))
        return cls(kind.ravel(), none, with_lift, won)

    def longer(self, homes: Homes) -> Floats:
        """Return the longer way as things are, shape (draws, h)."""
        return np.where(homes.lift, self.lift[:, self.kind], self.none[:, self.kind])


def _won(
    homes: Homes,
    kinds: tuple[Floats, Bools],
    draws: list[Assumed],
    random: np.random.Generator,
) -> tuple[Floats, ...]:
    """Return the minutes a week that a lift wins one person of each group, by draw and kind."""
    floor, split = kinds
    yes, no = np.ones(len(floor), np.bool_), np.zeros(len(floor), np.bool_)

    def both_ways(profile: Profile, lift: Bools) -> Floats:
        return np.stack([sum(times(profile, floor, lift, split, each).mean) for each in draws])

    groups = travellers_of(homes)
    saved = {
        profile.id: both_ways(profile, no) - both_ways(profile, yes)
        for profile in {group.profile.id: group.profile for group in groups}.values()
    }
    often = [
        np.full((1, 1), group.outings.value)
        if len(draws) == 1
        else random.uniform(group.outings.low, group.outings.high, (len(draws), 1))
        for group in groups
    ]
    return tuple(
        saved[group.profile.id] * times_a_week / 60
        for group, times_a_week in zip(groups, often, strict=True)
    )


@dataclass(frozen=True, eq=False)
class _Outcome:
    """Residents within reach by draw and group, shapes (draws, groups); lifts by doorway."""

    door: Floats
    flat: Floats
    lost: Floats
    minutes: Floats
    reached: Floats


def _outcome(homes: Homes, ways: _Ways, door_s: Floats, limit_s: float) -> _Outcome:
    """Return what is within reach and what lifts win, in each draw.

    Parameters
    ----------
    door_s
        Shape (draws, doorways).
    """
    people = np.nan_to_num(homes.people)
    at_door = door_s[:, homes.doorway]
    door = at_door <= limit_s
    flat = at_door + ways.longer(homes) <= limit_s
    with_lift = at_door + ways.lift[:, ways.kind] <= limit_s
    without = at_door + ways.none[:, ways.kind] <= limit_s
    minutes = np.zeros((len(ways.none), len(homes.floor)))
    for group, won in zip(travellers_of(homes), ways.won, strict=True):
        minutes += group.people * won[:, ways.kind]
    gained = (with_lift & ~without) * homes.group(_SENIORS)
    return _Outcome(
        door=door @ people,
        flat=flat @ people,
        lost=(door & ~flat) @ people,
        minutes=homes.per_doorway(minutes),
        reached=homes.per_doorway(gained),
    )


def _drawn(
    district: District,
    walk: Impedance,
    question: Question,
    doors: Snapped,
    homes: Homes,
    assumed: Assumptions,
) -> _Outcome:
    """Return the outcome of all draws, block by block of doorways."""
    assumed = replace(assumed, draws=min(assumed.draws, DRAWS), allocations=1)
    sampled = sample(district, walk, matching(district, question), assumed)
    random = np.random.default_rng(assumed.seed)
    ways = _Ways.of(homes, walk.profile, Assumed.drawn(random, assumed.draws), assumed.seed)
    limit_s = question.criterion.minutes * 60
    parts = []
    for start in range(0, len(homes.running), _BLOCK):
        block = slice(start, min(start + _BLOCK, len(homes.running)))
        part = homes.of_doorways(block)
        door_s = _door_draws(walk, doors.take(block), sampled, limit_s)
        here = replace(ways, kind=ways.kind[homes.among(block)])
        parts.append(_outcome(part, here, door_s, limit_s))
    return _joined(parts, assumed.draws)


def _joined(parts: list[_Outcome], draws: int) -> _Outcome:
    if not parts:
        nobody, none = np.zeros((draws, len(HOME_GROUPS))), np.zeros((draws, 0))
        return _Outcome(nobody, nobody, nobody, none, none)
    return _Outcome(
        *(sum(getattr(part, name) for part in parts) for name in ("door", "flat", "lost")),
        *(
            np.concatenate([getattr(part, name) for part in parts], axis=1)
            for name in ("minutes", "reached")
        ),
    )


def _door_draws(walk: Impedance, doors: Snapped, sampled: Sample, limit_s: float) -> Floats:
    """Return the seconds to the nearest facility that is there, shape (draws, doorways)."""
    each, count = sampled.each, sampled.there.shape[2]
    seconds = many_to_many(walk, doors, sampled.places, limit_s + 1.0)
    best = np.full((sampled.there.shape[1], len(doors.segment)), np.inf)
    for f in range(count):
        there, pick = sampled.there[0, :, f], sampled.pick[0, :, f]
        at = seconds[:, f * each : (f + 1) * each].T[pick[there]]
        best[there] = np.minimum(best[there], at)
    return best


def _by_group(homes: Homes, central: _Outcome, drawn: _Outcome) -> pd.DataFrame:
    rows = []
    for column, group in enumerate(HOME_GROUPS):
        known = homes.people[:, column]
        if np.isnan(known).all():
            continue
        row: dict[str, object] = {"group": group, "residents": float(np.nansum(known))}
        for name in ("door", "flat", "lost"):
            value = float(getattr(central, name)[0, column])
            row |= _with_interval(name, value, getattr(drawn, name)[:, column])
        rows.append(row)
    columns = [f"{name}{end}" for name in ("door", "flat", "lost") for end in ("", "_low", "_high")]
    return pd.DataFrame(rows, columns=["group", "residents", *columns])


def _with_interval(name: str, value: float, draws: Floats) -> dict[str, object]:
    low, high = np.quantile(draws, [LOW, HIGH])
    return {name: value, f"{name}_low": min(low, value), f"{name}_high": max(high, value)}


def _by_doorway(homes: Homes, central: _Outcome, drawn: _Outcome) -> pd.DataFrame:
    known = np.bincount(homes.doorway, minlength=len(homes.running)) > 0
    rows = np.flatnonzero(~homes.running & known)
    columns: dict[str, object] = {
        "row": rows,
        "people": homes.per_doorway(homes.group("residents"))[rows],
        "seniors": homes.per_doorway(homes.group(_SENIORS))[rows],
    }
    for name, values, draws in (
        ("minutes_week", central.minutes[0], drawn.minutes),
        ("reached", central.reached[0], drawn.reached),
    ):
        low, high = np.quantile(draws[:, rows], [LOW, HIGH], axis=0) if len(rows) else (0.0, 0.0)
        columns |= {
            name: values[rows],
            f"{name}_low": np.minimum(low, values[rows]),
            f"{name}_high": np.maximum(high, values[rows]),
        }
    table = pd.DataFrame(columns)
    order = np.lexsort((rows, -table["reached"], -table["minutes_week"]))
    return table.iloc[order].reset_index(drop=True)
