"""The one place to ask: what a district answers to a question, each worked out once.

::

    Scenario ── resolve ──► District ─┐
                                      ├─► Study.coverage(question), .gaps(…), …
    Memo (dict, Streamlit's cache) ───┘

Pages, reports and the command line ask the same study. Measures are pure and are
given what they need of one another here.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeVar

import numpy as np

from circle.config import settings
from circle.doors.homes import homes_of
from circle.measures import access, circles, disclosure, equity, heritage, lifecircle
from circle.measures.closing import closing
from circle.measures.completeness import completeness
from circle.measures.coverage import coverage, coverage_after
from circle.measures.difference import difference, interval
from circle.measures.door_to_door import door_to_door
from circle.measures.gaps import gaps
from circle.measures.montecarlo import Assumptions
from circle.measures.uncertainty import by_zone, uncertainty
from circle.model import CAP_MINUTES, NoData, Question
from circle.network.snap import MAX_OFF_STREET_M
from circle.network.speeds import walked
from circle.places.facilities import profile_named
from circle.quality import quality
from circle.reach.isochrone import CELL_M, FILL_HOLES_M2

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence

    import pandas as pd

    from circle.measures.access import Capacity
    from circle.measures.circles import Comparison
    from circle.measures.difference import Difference
    from circle.measures.disclosure import Told
    from circle.measures.door_to_door import DoorToDoor
    from circle.measures.equity import Spread
    from circle.measures.uncertainty import Uncertainty
    from circle.model import (
        Bools,
        Coverage,
        District,
        Gap,
        Impedance,
        LifeCircle,
        Provision,
        StandardSet,
    )
    from circle.quality import Quality

T = TypeVar("T")
Key = tuple[str, str, "Hashable"]
"""Id of the scenario, name of the measure, the question."""

_BANDS = 3


def assumptions() -> Assumptions:
    """Return what this installation assumes where its data say nothing; see `circle.config`."""
    installed = settings()
    return Assumptions(unverified=installed.unverified_chance, target=installed.target)


class Drawing(NamedTuple):
    """How an installation draws isochrones; see `circle.reach.isochrone.isochrones`."""

    max_off_street_m: float = MAX_OFF_STREET_M
    cell_m: float = CELL_M
    fill_holes_m2: float = FILL_HOLES_M2


class Memo(Protocol):
    """Keeps answers."""

    def get(self, key: Key, make: Callable[[], T]) -> T:
        """Return the answer kept under `key`, made by `make` where there is none."""


class DictMemo:
    """A memo for one command or one report: keeps all."""

    def __init__(self) -> None:
        self._answers: dict[Key, Any] = {}

    def get(self, key: Key, make: Callable[[], T]) -> T:
        """Return the answer kept under `key`, made by `make` where there is none."""
        if key not in self._answers:
            self._answers[key] = make()
        answer: T = self._answers[key]
        return answer


@dataclass(frozen=True)
class Study:
    """What can be asked of one district.

    Attributes
    ----------
    district
        A scenario, resolved.
    memo
        Where answers are kept.
    """

    district: District
    memo: Memo = field(default_factory=DictMemo)

    def walk(self, profile: str) -> Impedance:
        """Return the streets as a profile walks them, kept with the network.

        Raises
        ------
        UnknownNameError
            When the district has no such profile.
        """
        return walked(self.district.network, profile_named(self.district, profile))

    def coverage(self, question: Question) -> Coverage | NoData:
        """Return how many residents reach a kind of facility; see `coverage.coverage`."""
        return self._once("coverage", question, lambda: self._coverage(question))

    def _coverage(self, question: Question) -> Coverage | NoData:
        """Work a coverage out, from that of the base where its streets and residents stay."""
        district, walk, base = self.district, self.walk(question.profile), self.district.as_built
        if base is not None and base.kept is district.kept:
            before = Study(base, self.memo).coverage(question)
            if not isinstance(before, NoData):
                return coverage_after(district, walk, question, before, base)
        return coverage(district, walk, question)

    def gaps(self, question: Question) -> tuple[Gap, ...]:
        """Return the zones out of reach, worst first; none where nothing can be said."""
        answer = self.coverage(question)
        if isinstance(answer, NoData):
            return ()
        return self._once("gaps", question, lambda: gaps(self.district, answer))

    def uncertainty(self, question: Question) -> Uncertainty | None:
        """Return how sure the coverage of verified facilities is; None without any to draw."""
        question = replace(question, unverified=False)
        base = self.coverage(question)
        if isinstance(base, NoData):
            return None
        walk = self.walk(question.profile)
        return self._once(
            "uncertainty", question, lambda: uncertainty(self.district, walk, base, assumptions())
        )

    def closing(self, question: Question) -> pd.DataFrame | None:
        """Return what is lost when each facility closes; None where there is no answer."""
        answer = self.coverage(question)
        if isinstance(answer, NoData):
            return None
        walk = self.walk(question.profile)
        return self._once("closing", question, lambda: closing(self.district, walk, answer))

    def difference(self, before: Study, question: Question) -> Difference | None:
        """Return what this scenario changes of another state; None where either has no answer."""
        old, new = before.coverage(question), self.coverage(question)
        if isinstance(old, NoData) or isinstance(new, NoData):
            return None
        zones = before.gaps(question), self.gaps(question)
        key = (before.district.scenario_id, question)
        return self._once("difference", key, lambda: difference(self.district, old, new, zones))

    def interval(self, before: Study, question: Question) -> pd.DataFrame | None:
        """Return how sure that is, of verified facilities; None where either has no answer."""
        question = replace(question, unverified=False)
        old, new = before.coverage(question), self.coverage(question)
        if isinstance(old, NoData) or isinstance(new, NoData):
            return None
        walks = before.walk(question.profile), self.walk(question.profile)
        districts = before.district, self.district
        key = (before.district.scenario_id, question)
        return self._once(
            "interval", key, lambda: interval(districts, walks, (old, new), assumptions())
        )

    def zone_table(self, question: Question, zone: Gap) -> pd.DataFrame | None:
        """Judge a gap zone by the draws; see `circle.measures.uncertainty.by_zone`."""
        drawn = self.uncertainty(question)
        if drawn is None:
            return None
        member = np.zeros((len(self.district.demand), 1), np.bool_)
        member[zone.rows] = True
        return by_zone(self.district, drawn, member)

    def published(self, questions: Sequence[Question]) -> dict[str, Told]:
        """Return what may be told in public of several services, by kind; see `disclosure`."""

        def make() -> dict[str, Told]:
            services = {
                question.kind: disclosure.Service(answer.table, self.gaps(question))
                for question in questions
                if not isinstance(answer := self.coverage(question), NoData)
            }
            people = disclosure.people_of(self.district)
            return disclosure.publish(services, people, self.district.boundary)

        return self._once("published", tuple(questions), make)

    def door_to_door(self, question: Question) -> DoorToDoor | None:
        """Return who reaches a service from flats; None where there is no register of doorways."""
        register = self.district.doorways
        if register is None:
            return None
        return self.door_to_door_of(question, register, "")

    def door_to_door_of(self, question: Question, register: pd.DataFrame, name: str) -> DoorToDoor:
        """Return the same of another register, kept under a name of its own."""
        question = question.by_minutes_alone
        walk = self.walk(question.profile)
        return self._once(
            "door_to_door",
            (question, name),
            lambda: door_to_door(
                self.district, walk, question, (register, homes_of(register)), assumptions()
            ),
        )

    def together(self, questions: Sequence[Question]) -> Provision:
        """Return which of several services residents have; see `completeness`."""
        return self._once(
            "together",
            tuple(questions),
            lambda: completeness(self.district, [self.coverage(each) for each in questions]),
        )

    def capacity(self, question: Question) -> Capacity:
        """Return the capacity within reach (E2SFCA, Gaussian decay in three bands)."""
        question = question.by_minutes_alone
        limit_s = question.criterion.minutes * 60
        bands = [limit_s * share / _BANDS for share in range(1, _BANDS + 1)]
        return self._once(
            "capacity",
            question,
            lambda: access.capacity(
                self.district,
                self.walk(question.profile),
                question.kind,
                access.gaussian(bands),
                unverified=question.unverified,
            ),
        )

    def spread(self, question: Question) -> Spread | None:
        """Return how evenly minutes to the nearest are shared; None where there is no answer."""
        answer = self.coverage(question)
        if isinstance(answer, NoData):
            return None
        return self._once(
            "spread",
            question,
            lambda: equity.spread(
                self.district, question.kind, answer.seconds / 60, cap=CAP_MINUTES
            ),
        )

    def circles(self, question: Question) -> Comparison:
        """Return what a circle and a drawn polygon would say instead of the network."""
        question = question.by_minutes_alone
        network = self.coverage(question)
        if isinstance(network, NoData):  # plain minutes always have an answer
            raise TypeError(question.kind)
        walk = self.walk(question.profile)
        return self._once(
            "circles", question, lambda: circles.compare(self.district, walk, network)
        )

    def beside(self) -> dict[str, Bools]:
        """Return who lives beside heritage, and along roads that are never widened."""
        return {
            "heritage": heritage.beside(self.district),
            "roads": heritage.along_never_widened(self.district),
        }

    def near_heritage(self, profile: str, *, unverified: bool = False) -> pd.DataFrame:
        """Return the minutes from each heritage place to the nearest of every service."""
        return self._once(
            "near_heritage",
            (profile, unverified),
            lambda: heritage.services_near(
                self.district, self.walk(profile), unverified=unverified
            ),
        )

    def life_circle(
        self,
        profile: str,
        at: tuple[float, float],
        minutes: tuple[float, ...],
        drawing: Drawing = Drawing(),  # noqa: B008 - a tuple
    ) -> LifeCircle:
        """Return what the place at these degrees has within each limit; see `life_circle`."""

        def make() -> LifeCircle:
            walk = self.walk(profile)
            return lifecircle.life_circle(
                self.district,
                walk,
                lifecircle.origin_at(self.district, walk, *at, drawing.max_off_street_m),
                minutes,
                cell_m=drawing.cell_m,
                fill_holes_m2=drawing.fill_holes_m2,
            )

        return self._once("life_circle", (profile, at, minutes, drawing), make)

    def quality(self) -> Quality:
        """Return what is known of the quality of the district's data."""
        return self._once("quality", None, lambda: quality(self.district))

    def services(self, profile: str, minutes: float, *, unverified: bool) -> tuple[Question, ...]:
        """Return the question of every service of the district, by plain minutes."""
        return tuple(
            Question.by_minutes(kind.id, profile, minutes, unverified=unverified)
            for kind in self.district.kinds.values()
            if kind.service
        )

    def _once(self, measure: str, question: Hashable, make: Callable[[], T]) -> T:
        return self.memo.get((self.district.scenario_id, measure, question), make)


def of_standard(
    standard: StandardSet, profile: str, *, unverified: bool = False
) -> tuple[Question, ...]:
    """Return the question of every service of a standard, where sources disagree the default's."""
    return tuple(
        Question.by_standard(requirement, profile, unverified=unverified)
        for requirement in standard.defaults
    )
