r"""What a passage is worth: resident-minutes a day, from an assumption on who walks how often.

With $w_p$ walks a day of the residents at demand point $p$, shared evenly among the $K$ daily
services, and $t_{pk}$ the minutes to the nearest of service $k$ (at most
`circle.model.CAP_MINUTES`), a state that lengthens walks costs

$$ M = \sum_p w_p \frac{1}{K} \sum_k (t'_{pk} - t_{pk}) $$

resident-minutes a day. A walk is one way: an outing is two. **This is modelled**: nobody
counted the walks.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from circle.demand import residents_of
from circle.doors.numbers import numbers
from circle.errors import InputError
from circle.hours.by_hour import HOURS
from circle.model import AGE_GROUPS, CAP_MINUTES, GROUPS, NoData
from circle.scenario import PlanFile, plan_of, resolved, without_plan
from circle.study import DictMemo, Study

if TYPE_CHECKING:
    from circle.model import Bools, District, Floats
    from circle.scenario import Edit

MOST_WALKS = 20.0
SAME_MINUTES = 0.01
"""Less is no change: a street that is cut is rounded twice."""
_ADULT = "age_15_59"
_WEEK = 7


@dataclass(frozen=True, slots=True)
class Walks:
    """How often residents walk to a daily service, and when.

    Attributes
    ----------
    a_day
        Walks of each resident a day, one way; None: two for each outing that
        `circle/doors/vertical.toml` states for the age.
    first_hour, last_hour
        Between which all walks are, evenly: assumed.

    Raises
    ------
    InputError
        When they are none.
    """

    a_day: float | None = None
    first_hour: int = 6
    last_hour: int = 22

    def __post_init__(self) -> None:
        """Refuse numbers that are none."""
        if self.a_day is not None and not 0 < self.a_day <= MOST_WALKS:
            raise InputError("walks.a_day", most=f"{MOST_WALKS:g}")
        if not 0 <= self.first_hour < self.last_hour <= HOURS:
            raise InputError("walks.hours")

    @property
    def by_hour(self) -> Floats:
        """The share of the day's walks in each hour, shape (24,)."""
        hour = np.arange(HOURS)
        out = (hour >= self.first_hour) & (hour < self.last_hour)
        share: Floats = out / out.sum()
        return share


@dataclass(frozen=True, slots=True)
class Walkers:
    """Who walks how often; two equal ones have the same answers.

    Attributes
    ----------
    unverified
        Whether facilities with a guessed position count.
    """

    profile: str
    unverified: bool = False
    walks: Walks = field(default_factory=Walks)


@dataclass(frozen=True, eq=False)
class Daily:
    """The walks of a district to its daily services, as its streets are.

    Attributes
    ----------
    kinds, left_out
        The services that have an answer, and those that have none.
    walks
        Shape (k,): walks a day of the residents at each demand point; none beyond the boundary.
    residents, older
        Shape (k,): residents, and those of 60 and older, within the boundary.
    minutes
        Shape (kinds, k): to the nearest, at most `CAP_MINUTES`.
    no_way
        Shape (kinds, k): where there is no way to any.
    """

    kinds: tuple[str, ...]
    left_out: tuple[str, ...]
    walks: Floats
    residents: Floats
    older: Floats
    minutes: Floats
    no_way: Bools


def daily(study: Study, who: Walkers) -> Daily:
    """Return the walks to the daily services: those kinds that a life circle is judged by."""
    district = study.district
    asked = study.services(who.profile, CAP_MINUTES, unverified=who.unverified)
    answers = {question.kind: study.coverage(question) for question in asked}
    known = {kind: each for kind, each in answers.items() if not isinstance(each, NoData)}
    seconds = np.array([each.seconds for each in known.values()]).reshape(len(known), -1)
    people = residents_of(district)
    inside = people.inside
    return Daily(
        kinds=tuple(known),
        left_out=tuple(kind for kind in answers if kind not in known),
        walks=walks_of(district, who.walks),
        residents=people.people[:, GROUPS.index("residents")] * inside,
        older=people.people[:, GROUPS.index("residents_60_plus")] * inside,
        minutes=np.minimum(seconds / 60, CAP_MINUTES),
        no_way=np.isinf(seconds),
    )


def walks_of(district: District, walks: Walks) -> Floats:
    """Return the walks a day of the residents at each demand point, shape (k,).

    Where the ages are not known all count as those of 15 to 59.
    """
    people = residents_of(district)
    everyone = people.people[:, GROUPS.index("residents")] * people.inside
    if walks.a_day is not None:
        return everyone * walks.a_day
    often = np.array([2 * numbers()[f"outings.{age}"].value / _WEEK for age in AGE_GROUPS])
    ages = people.people[:, [GROUPS.index(age) for age in AGE_GROUPS]]
    known = people.ages_known & (ages.sum(axis=1) > 0)
    mean = np.full(len(everyone), often[AGE_GROUPS.index(_ADULT)])
    mean[known] = ages[known] @ often / ages[known].sum(axis=1)
    each: Floats = everyone * mean
    return each


def with_edit(study: Study, edit: Edit) -> Study:
    """Return the study of the same district with one more edit, kept nowhere.

    Raises
    ------
    DataError
        When the edit does not fit.
    """
    district, plan = without_plan(study.district)
    edits = (edit,) if plan is None else (*plan.plan.edits, edit)
    file = PlanFile(name="passage", base="", author="", edits=edits)
    return Study(resolved(district, plan_of(file)), DictMemo())


def longer(shorter: Daily, other: Daily) -> Floats:
    """Return how many minutes longer the walks of another state are, shape (kinds, k).

    Both are of the same services: an edit of streets changes no list.
    """
    more = other.minutes - shorter.minutes
    more[np.abs(more) < SAME_MINUTES] = 0.0
    return more
