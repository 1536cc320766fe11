"""What is asked of the page Siting: read from the address, and made a task for the models."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import quote, unquote

from circle.i18n import language
from circle.places.facilities import counted
from circle.siting import candidates as places
from circle.siting.constraints import Constraints
from circle.siting.instance import Objective
from circle.siting.plan import greedy
from circle.siting.reading import instance_of
from circle.siting.task import Task
from circle.web import coverage_page, params, state

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable

    from circle.model import District, Question
    from circle.siting.candidates import Candidates
    from circle.siting.instance import Instance
    from circle.siting.plan import SitePlan
    from circle.study import Study

T = TypeVar("T")

OBJECTIVES = tuple(each.value for each in Objective)
SOURCES = ("rooms", "frontage")
MOST_SITES = 20
MOST_NAMED = 12
"""So many sites may be named in one choice: an address holds no more."""
MOST_M = 2000.0
LEAST_EVERY_M, MOST_EVERY_M = 50.0, 1000.0
MOST_AREA_M2 = 100_000.0
MOST_BUDGET = 1e12


@dataclass(frozen=True)
class Wanted:
    """What is asked, as one key: whom the plan is for, what is best, and what it has to keep to.

    Attributes
    ----------
    question, group
        Kind, walker, limit; whose residents count.
    source, every_m
        Where one could open: rooms of the register, or frontage at this spacing.
    objective, share, seats
        As `circle.siting.task.Task` has them.
    constraints
        What the plan has to keep to.
    """

    question: Question
    group: str
    source: str
    every_m: float
    objective: Objective
    share: float
    seats: bool
    constraints: Constraints


def objective() -> state.Param[str]:
    """Return what is best."""
    return state.choice("objective", OBJECTIVES)


def count() -> state.Param[float]:
    """Return how many may open."""
    return state.Param("sites", _whole(1, MOST_SITES), state.write_number, 2.0)


def share() -> state.Param[float]:
    """Return how many per cent are to be covered by the fewest."""
    return state.Param("share", state.number(1, 100), state.write_number, 100.0)


def source(district: District) -> state.Param[str]:
    """Return where one could open; the register where there is one."""
    has_rooms = has_register(district)
    return state.choice("candidates", SOURCES if has_rooms else SOURCES[1:])


def every() -> state.Param[float]:
    """Return how far pieces of frontage are apart, metres."""
    parse = state.number(LEAST_EVERY_M, MOST_EVERY_M)
    return state.Param("every", parse, state.write_number, places.SPACING_M)


def spacing() -> state.Param[float]:
    """Return how far sites are to be apart, metres."""
    return state.Param("apart", state.number(0, MOST_M), state.write_number, 0.0)


def floor_area() -> state.Param[float]:
    """Return the least floor area, square metres."""
    return state.Param("floor", state.number(0, MOST_AREA_M2), state.write_number, 0.0)


def budget() -> state.Param[float | None]:
    """Return what the new sites may cost in all; None for no limit."""
    parse: Callable[[str], float | None] = state.number(0, MOST_BUDGET)
    return state.Param("budget", parse, _write_amount, None)


def protected() -> state.Param[bool]:
    """Return whether protected buildings are only reused."""
    return params.flag("protected", default=True)


def never_widened() -> state.Param[bool]:
    """Return whether roads never to be widened get no new frontage."""
    return params.flag("widened", default=True)


def seats() -> state.Param[bool]:
    """Return whether seats limit how many a site serves."""
    return params.flag("seats", default=False)


def may_close(known: Iterable[str]) -> state.Param[tuple[str, ...]]:
    """Return the existing facilities that need not stay."""
    return _some("may_close", known)


def must(known: Iterable[str]) -> state.Param[tuple[str, ...]]:
    """Return the candidates that have to open."""
    return _some("must", known)


def must_not(known: Iterable[str]) -> state.Param[tuple[str, ...]]:
    """Return the candidates that must not open."""
    return _some("must_not", known)


def picked(known: Iterable[str]) -> state.Param[str]:
    """Return the site that is looked at; "" for none."""
    return state.choice("site", ("", *known))


def has_register(district: District) -> bool:
    """Tell whether the district has a register of rooms."""
    rooms = district.candidate_rooms
    return rooms is not None and not rooms.empty


def candidates(study: Study) -> Candidates:
    """Return where one could open, as the address asks.

    Raises
    ------
    InputError
        When there are none, or too many.
    """
    district = study.district
    return _candidates(study, state.value(source(district)), state.value(every()))


def wanted(study: Study, question: Question) -> Wanted:
    """Return what the address asks."""
    district = study.district
    there = existing_ids(study, question)
    new = tuple(candidates(study).table["id"])
    goal = Objective(state.value(objective()))
    is_fewest = goal is Objective.FEWEST
    constraints = Constraints(
        count=None if is_fewest else int(state.value(count())),
        may_close=state.value(may_close(there)),
        spacing_m=state.value(spacing()),
        floor_area_m2=state.value(floor_area()),
        protected=state.value(protected()),
        never_widened=state.value(never_widened()),
        must=state.value(must(new)),
        must_not=state.value(must_not(new)),
        budget=state.value(budget()),
    )
    return Wanted(
        question=question,
        group=state.value(coverage_page.group_param(district)),
        source=state.value(source(district)),
        every_m=state.value(every()),
        objective=goal,
        share=state.value(share()) / 100 if is_fewest else 1.0,
        seats=goal is Objective.COVERAGE and state.value(seats()),
        constraints=constraints,
    )


def existing_ids(study: Study, question: Question) -> tuple[str, ...]:
    """Return the facilities that a question counts."""
    return tuple(counted(study.district, question)["id"].astype(str))


def candidates_of(study: Study, asked: Wanted) -> Candidates:
    """Return where one could open."""
    return _candidates(study, asked.source, asked.every_m)


def task_of(study: Study, asked: Wanted, group: str = "") -> Task:
    """Return the task of what is asked, by default for the group that is asked for.

    Raises
    ------
    InputError
        When there is no candidate, or nobody to serve.
    """
    instance = _instance(study, asked, group or asked.group)
    return Task(instance, asked.objective, asked.constraints, asked.share, asked.seats)


def first_of(study: Study, asked: Wanted) -> SitePlan:
    """Return the plan that is there at once.

    Raises
    ------
    InputError
        When no plan can fulfil what is asked, with what makes it so.
    """
    key = (asked, language())
    return _kept(study, "siting_first", key, lambda: greedy(task_of(study, asked)))


def _candidates(study: Study, source_name: str, every_m: float) -> Candidates:
    district = study.district

    def make() -> Candidates:
        rooms = district.candidate_rooms
        if source_name == "rooms" and rooms is not None:
            return places.rooms(district, rooms)
        return places.frontage(district, every_m)

    return _kept(study, "siting_candidates", (source_name, every_m, language()), make)


def _instance(study: Study, asked: Wanted, group: str) -> Instance:
    key = (asked.question, asked.source, asked.every_m, group, language())
    return _kept(
        study,
        "siting",
        key,
        lambda: instance_of(study, asked.question, candidates_of(study, asked), group),
    )


def _kept(study: Study, what: str, key: Hashable, make: Callable[[], T]) -> T:
    return study.memo.get((study.district.scenario_id, what, key), make)


def _whole(low: int, high: int) -> Callable[[str], float]:
    parse = state.number(low, high)

    def read(raw: str) -> float:
        number = parse(raw)
        if number != int(number):
            raise ValueError(raw)
        return number

    return read


def _some(name: str, known: Iterable[str]) -> state.Param[tuple[str, ...]]:
    """Return a choice of some ids, whatever characters they have."""
    allowed = tuple(known)

    def parse(raw: str) -> tuple[str, ...]:
        asked = {unquote(part) for part in raw.split(",") if part}
        if len(asked) > MOST_NAMED or not asked <= set(allowed):
            raise ValueError(raw)
        return tuple(each for each in allowed if each in asked)

    return state.Param(name, parse, _write_ids, ())


def _write_ids(ids: tuple[str, ...]) -> str:
    """Write ids, as many of the first as an address can hold."""
    written = ""
    for each in ids[:MOST_NAMED]:
        longer = state.join(filter(None, [written, quote(each, safe="")]))
        if len(longer) > state.MAX_LENGTH:
            break
        written = longer
    return written


def _write_amount(value: float | None) -> str:
    return "" if value is None else f"{value:.12g}"
