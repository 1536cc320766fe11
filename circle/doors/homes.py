"""The register of doorways as arrays: who lives on which floor, and what lift there is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from circle.model import AGE_GROUPS
from circle.model.doorways import HOME_GROUPS, Entry, Lift, by_floor, entry_of, lift_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from circle.model import Bools, Floats

_OLDER = ("age_60_64", "age_65_plus")


@dataclass(frozen=True, eq=False)
class Homes:
    """The floors of a register, one after another, doorway by doorway.

    Attributes
    ----------
    doorway
        Shape (h,): the row of the register.
    floor
        Shape (h,): from 1, the street's.
    people
        Shape (h, groups): residents by `HOME_GROUPS`; NaN where not known.
    spread
        Shape (h,): whether people are the doorway's total spread over its floors.
    running, split
        Shape (doorways,): whether a lift runs; whether it stops, or would, half a floor
        from the flats. What is not stated is no lift, and a split entry.
    """

    doorway: np.ndarray
    floor: Floats
    people: Floats
    spread: Bools
    running: Bools
    split: Bools

    @property
    def lift(self) -> Bools:
        """Whether a lift runs, by floor, shape (h,)."""
        here: Bools = self.running[self.doorway]
        return here

    @property
    def split_here(self) -> Bools:
        """Whether the lift stops half a floor away, by floor, shape (h,)."""
        here: Bools = self.split[self.doorway]
        return here

    def group(self, name: str) -> Floats:
        """Return the residents of a group by floor, none where not known, shape (h,)."""
        return np.nan_to_num(self.people[:, HOME_GROUPS.index(name)])

    def with_lift(self, running: Bools) -> Homes:
        """Return the same homes with other lifts running."""
        return replace(self, running=running)

    def among(self, block: slice) -> Bools:
        """Return which floors are of some doorways that follow one another, shape (h,)."""
        here: Bools = (self.doorway >= block.start) & (self.doorway < block.stop)
        return here

    def of_doorways(self, block: slice) -> Homes:
        """Return the homes of some doorways that follow one another, numbered from 0."""
        here = self.among(block)
        return Homes(
            doorway=self.doorway[here] - block.start,
            floor=self.floor[here],
            people=self.people[here],
            spread=self.spread[here],
            running=self.running[block],
            split=self.split[block],
        )

    def per_doorway(self, values: Floats) -> Floats:
        """Return values by floor, shape (…, h), added up by doorway, shape (…, doorways)."""
        count = len(self.running)
        if values.ndim == 1:
            return np.bincount(self.doorway, values, count).astype(np.float64)
        sums: Floats = np.stack([np.bincount(self.doorway, row, count) for row in values])
        return sums


def homes_of(register: pd.DataFrame) -> Homes:
    """Return a register as arrays.

    Parameters
    ----------
    register
        As `District.doorways`. A doorway of which neither the number of floors nor any
        list by floor is known has no floor here.
    """
    rows = register.to_dict("records")
    parts = [_floors(row) for row in rows]
    counts = [len(people) for people, _ in parts]
    nobody = np.zeros((0, len(HOME_GROUPS)))
    return Homes(
        doorway=np.repeat(np.arange(len(rows)), counts),
        floor=np.concatenate([np.arange(1.0, n + 1) for n in counts] or [np.zeros(0)]),
        people=np.concatenate([people for people, _ in parts] or [nobody]),
        spread=np.repeat(np.array([spread for _, spread in parts], np.bool_), counts),
        running=np.array([_lift(row) is Lift.RUNNING for row in rows], np.bool_),
        split=np.array(
            [entry_of(_text(row, "entry")) is not Entry.LEVEL for row in rows], np.bool_
        ),
    )


def _lift(row: Mapping[Any, Any]) -> Lift | None:
    return lift_of(_text(row, "elevator"))


def _text(row: Mapping[Any, Any], column: str) -> str:
    value = row.get(column)
    return value.strip() if isinstance(value, str) else ""


def _number(row: Mapping[Any, Any], column: str) -> float:
    value = row.get(column)
    return float(value) if isinstance(value, int | float) else np.nan


def _floors(row: Mapping[Any, Any]) -> tuple[Floats, bool]:
    """Return the residents of a doorway floor by floor, and whether they were spread."""
    lists = {
        name: people
        for name in ("flats", *HOME_GROUPS)
        if (people := by_floor(_text(row, f"{name}_by_floor"))) is not None
    }
    stated = _number(row, "floors")
    count = int(stated) if stated >= 1 else max(map(len, lists.values()), default=0)
    lists = {name: people for name, people in lists.items() if len(people) == count}
    people, spread = np.full((count, len(HOME_GROUPS)), np.nan), False
    for column, name in enumerate(HOME_GROUPS):
        total = _number(row, name)
        if name in lists:
            people[:, column] = lists[name]
        elif not np.isnan(total) and count:
            people[:, column], spread = total * _shares(lists.get("flats"), count), True
    return _completed(people), spread


def _shares(flats: Floats | None, count: int) -> Floats:
    if flats is None or np.isnan(flats).any() or not flats.sum():
        return np.full(count, 1.0 / count)
    shares: Floats = flats / flats.sum()
    return shares


def _completed(people: Floats) -> Floats:
    """Add up what the ages say: 60+ where its own number lacks, and all residents."""
    column = {name: HOME_GROUPS.index(name) for name in HOME_GROUPS}
    for total, parts in (("residents_60_plus", _OLDER), ("residents", AGE_GROUPS)):
        sums = people[:, [column[part] for part in parts]].sum(axis=1)
        known = people[:, column[total]]
        people[:, column[total]] = np.where(np.isnan(known), sums, known)
    return people
