"""Votes on a lift, by the rule in force in Shanghai: how many more must take part, and agree.

The notice 沪建房管联〔2020〕801号 (from 1 January 2021, after Article 278 of the Civil Code): of
all owners of the building, by number and by floor area, at least two thirds take part in the
vote, and of those at least three quarters agree. Where the common ground of the compound is
used, its owners are asked too: at least two thirds take part, and more than half of them agree.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

RULE = "沪建房管联〔2020〕801号"
TAKE_PART = Fraction(2, 3)
BUILDING, COMPOUND = Fraction(3, 4), Fraction(1, 2)
"""The shares of those taking part who must agree: at least, and more than."""
_NOISE = 1e-9


class Vote(StrEnum):
    """How a vote stands."""

    PASSED = "passed"
    SHORT = "short"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Count:
    """A vote counted one way: by owners, or by square metres of floor area.

    Attributes
    ----------
    whole, voted, agreed
        All there are, those who took part, those who agreed.
    more_voted
        How many more must take part.
    more_agreed
        How many more must agree once so many take part.
    """

    whole: float
    voted: float
    agreed: float
    more_voted: float
    more_agreed: float

    @property
    def progress(self) -> float:
        """How far it is, 0 to 1: the lesser of the two shares of what is due."""
        due = self.agreed + self.more_agreed
        part = self.voted / (self.voted + self.more_voted) if self.voted else 0.0
        return min(part, self.agreed / due if due else 1.0)


@dataclass(frozen=True, slots=True)
class Consent:
    """The votes on one doorway: of the building, and of the compound where its ground is used.

    A count is None where a number is not known; `compound` is empty where no ground is used,
    and None where it is not known whether any is.
    """

    building: tuple[Count | None, Count | None]
    compound: tuple[Count | None, ...] | None

    @property
    def vote(self) -> Vote:
        """How it stands: short where any count is, passed where all are known to be."""
        counts = [*self.building, *(self.compound if self.compound is not None else [None])]
        if any(each is not None and not passed(each) for each in counts):
            return Vote.SHORT
        return Vote.UNKNOWN if None in counts else Vote.PASSED

    @property
    def progress(self) -> float:
        """How far the least of the known counts is; NaN where none is known."""
        counts = [*self.building, *(self.compound or ())]
        return min((each.progress for each in counts if each is not None), default=math.nan)


def passed(count: Count) -> bool:
    """Return whether enough took part and agreed."""
    return not count.more_voted and not count.more_agreed


def count_of(
    counts: tuple[float, float, float], needed: Fraction, *, by_head: bool
) -> Count | None:
    """Return a vote counted one way; None where a number is not known or cannot be.

    Parameters
    ----------
    counts
        All there are, those who took part, those who agreed.
    needed
        `BUILDING` or `COMPOUND`.
    by_head
        Whether owners are counted, who are whole; else square metres.
    """
    whole, voted, agreed = counts
    if not (0 <= agreed <= voted <= whole and whole > 0):
        return None
    due = _at_least(float(TAKE_PART) * whole, by_head=by_head)
    then = max(voted, due)
    enough = float(needed) * then
    agree = (
        _more_than(enough, by_head=by_head)
        if needed == COMPOUND
        else _at_least(enough, by_head=by_head)
    )
    return Count(whole, voted, agreed, max(due - voted, 0.0), max(agree - agreed, 0.0))


def consent_of(row: Mapping[Any, Any]) -> Consent:
    """Return the votes that a row of the register states."""
    building = _pair(row, "", BUILDING)
    ground = _number(row, "ground_used")
    if np.isnan(ground):
        return Consent(building, None)
    return Consent(building, _pair(row, "compound_", COMPOUND) if ground else ())


def _pair(
    row: Mapping[Any, Any], prefix: str, needed: Fraction
) -> tuple[Count | None, Count | None]:
    heads, area = (
        (
            _number(row, f"{prefix}{whole}"),
            _number(row, f"{prefix}{voted}"),
            _number(row, f"{prefix}{agreed}"),
        )
        for whole, voted, agreed in (
            ("owners", "owners_voted", "owners_agreed"),
            ("area_m2", "area_voted_m2", "area_agreed_m2"),
        )
    )
    return count_of(heads, needed, by_head=True), count_of(area, needed, by_head=False)


def _at_least(value: float, *, by_head: bool) -> float:
    return float(math.ceil(value - _NOISE)) if by_head else value


def _more_than(value: float, *, by_head: bool) -> float:
    """Return the least that is more than a value; of areas a hundredth of a square metre more."""
    return float(math.floor(value + _NOISE) + 1) if by_head else value + 0.01


def _number(row: Mapping[Any, Any], column: str) -> float:
    value = row.get(column)
    return float(value) if isinstance(value, int | float) else math.nan
