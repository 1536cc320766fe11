"""Plans against every choice there is, their bounds, and constraints that contradict."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from circle.errors import InputError, UnknownNameError
from circle.siting.allocation import Ways, allocate
from circle.siting.constraints import Constraints
from circle.siting.instance import CAP_S, Instance, Objective, Sites
from circle.siting.plan import Proof, exact, greedy
from circle.siting.task import Task

if TYPE_CHECKING:
    from circle.model import Bools, Floats

LIMIT_S = 900.0
CASES = 300


def instance_of(seconds: Any, weight: Any, existing: int = 0, **sites: Any) -> Instance:
    seconds, weight = np.asarray(seconds, np.float64), np.asarray(weight, np.float64)
    count = seconds.shape[1]
    never = np.full(count, np.nan)
    plain = Sites(
        ids=tuple("abcdefghijklmnop"[:count]),
        names=tuple("abcdefghijklmnop"[:count]),
        existing=existing,
        xy=np.column_stack([np.arange(count) * 100.0, np.zeros(count)]),
        cost=never,
        area_m2=never,
        seats=never,
        protected=np.zeros(count, bool),
        never_widened=np.zeros(count, bool),
        new_frontage=np.zeros(count, bool),
    )
    rows = np.arange(len(weight), dtype=np.int32)
    return Instance(replace(plain, **sites), weight, seconds, seconds <= LIMIT_S, rows)


def random_case(seed: int) -> tuple[Instance, Constraints]:
    random = np.random.default_rng(seed)
    people, count, existing = int(random.integers(3, 9)), int(random.integers(4, 7)), seed % 3
    seconds = random.integers(1, 20, (people, count)) * 100.0
    seconds[random.random((people, count)) < 0.15] = np.inf
    sites: dict[str, Any] = {
        "cost": random.integers(1, 9, count).astype(float),
        "xy": random.uniform(0, 1000, (count, 2)),
        "never_widened": random.random(count) < 0.1,
        "new_frontage": random.random(count) < 0.5,
        "area_m2": np.where(random.random(count) < 0.3, np.nan, random.uniform(50, 400, count)),
    }
    instance = instance_of(seconds, random.integers(0, 9, people) + 0.0, existing, **sites)
    ids = instance.sites.ids
    constraints = Constraints(
        count=int(random.integers(0, 4)),
        may_close=ids[:existing] if seed % 2 else (),
        spacing_m=float(random.choice([0, 300])),
        floor_area_m2=float(random.choice([0, 100])),
        must=ids[existing : existing + 1] if seed % 5 == 0 else (),
        must_not=ids[-1:] if seed % 4 == 0 else (),
        budget=float(random.integers(4, 20)) if seed % 3 == 0 else None,
    )
    return instance, constraints


def choices(task: Task) -> Bools:
    """Return every choice that keeps the rows, shape (choices, sites)."""
    every = np.array(list(itertools.product([False, True], repeat=len(task.instance.sites.ids))))
    for row in (row for each in task.rows for row in each.rows):
        sums = every[:, list(row.columns)] @ np.array(row.values)
        every = every[(row.low <= sums) & (sums <= row.high)]
    return every


def worth(task: Task, every: Bools) -> Floats:
    """Return what an objective counts of each choice, and NaN where it is not met."""
    instance, lives = task.instance, task.instance.weight > 0
    walk = np.where(every[:, None, :], instance.seconds, np.inf).min(axis=2)
    covered = np.asarray((every[:, None, :] & instance.within).any(axis=2))
    if task.objective is Objective.COVERAGE:
        return np.asarray(covered @ instance.weight)
    if task.objective is Objective.WALKING:
        return np.asarray(np.minimum(walk, CAP_S) @ instance.weight)
    if task.objective is Objective.FEWEST:
        return np.where(covered[:, lives].all(axis=1), every.sum(axis=1), np.nan)
    possible = choices(replace(task, constraints=replace(task.constraints, count=None)))
    has_way = np.isfinite(instance.seconds[:, possible.any(axis=0)]).any(axis=1)
    return np.asarray(walk[:, lives & has_way].max(axis=1, initial=0.0))


@pytest.mark.parametrize("objective", Objective)
def test_no_choice_is_better(objective: Objective) -> None:
    solved = 0
    for seed in range(CASES):
        instance, constraints = random_case(seed)
        if objective is Objective.FEWEST:
            constraints = replace(constraints, count=None)
        task = Task(instance, objective, constraints)
        every = choices(task)
        values = worth(task, every)
        better = np.fmax if objective.is_most else np.fmin
        if np.isnan(values).all() or not instance.weight.sum():
            with pytest.raises(InputError):
                exact(task)
            continue
        at_once = greedy(task)
        plan = exact(task, start=at_once)
        solved += 1
        assert plan.proof is Proof.OPTIMAL
        assert plan.gap == 0
        assert plan.value == pytest.approx(better.reduce(values)), seed
        assert plan.value == pytest.approx(worth(task, plan.is_open[None])[0])
        assert (plan.is_open == every).all(axis=1).any()
        assert better(at_once.bound, plan.value) == pytest.approx(at_once.bound), seed
        assert better(at_once.value, plan.value) == pytest.approx(plan.value), seed
    assert solved > CASES // 3


FAR = np.inf
LINE = instance_of(
    [[100, FAR, FAR, FAR], [100, 100, FAR, FAR], [FAR, 100, 100, FAR], [FAR, FAR, 100, FAR]],
    [10, 20, 30, 40],
    cost=np.array([5.0, 5, 9, np.nan]),
)


def refused(task: Task) -> InputError:
    with pytest.raises(InputError) as error:
        exact(task)
    return error.value


@pytest.mark.parametrize(
    ("constraints", "keys", "subjects"),
    [
        (Constraints(must=("a",), must_not=("b", "a")), ["must", "must_not"], [("a",), ("a",)]),
        (Constraints(count=1, must=("a", "c")), ["must", "count"], [("a", "c"), ("",)]),
        (Constraints(count=3, must=("c",), budget=8), ["must", "budget"], [("c",), ("",)]),
        (Constraints(count=3, must=("d",), budget=8), ["must", "budget"], [("d",), ("d",)]),
        (
            Constraints(count=3, must=("a", "b", "d"), spacing_m=150),
            ["must", "spacing"],
            [("a", "b"), ("a – b",)],
        ),
    ],
)
def test_what_contradicts_is_named(
    constraints: Constraints, keys: list[str], subjects: list[tuple[str, ...]]
) -> None:
    error = refused(Task(LINE, Objective.COVERAGE, constraints))
    assert error.key == "site_contradiction"
    core = error.values["names"].core  # type: ignore[attr-defined]
    assert [each.key for each in core] == keys
    assert [each.subjects for each in core] == subjects
    assert str(error.values["names"]) in error.message()


def test_what_contradicts_is_named_by_name_and_id() -> None:
    named = replace(LINE, sites=replace(LINE.sites, names=("", "b", "Hall", "Hall")))
    wanted = Constraints(must=("a", "b", "c"), must_not=("a", "c"))
    core = refused(Task(named, Objective.COVERAGE, wanted)).values["names"].core  # type: ignore[attr-defined]
    told = {subject for each in core for subject in each.subjects}
    assert told in ({"a"}, {"Hall (c)"})
    assert named.sites.labels == ("a", "b", "Hall (c)", "Hall (d)")


def test_a_standard_that_cannot_be_met_names_who_makes_it_so() -> None:
    nobody_near = instance_of([[100, FAR], [FAR, FAR]], [10, 7])
    task = Task(nobody_near, Objective.FEWEST, Constraints(count=None))
    error = refused(task)
    assert (error.key, error.values) == ("site_unreachable", {"residents": 7, "places": 1})
    with pytest.raises(InputError) as at_once:
        greedy(task)
    assert at_once.value.key == "site_unreachable"
    assert exact(replace(task, share=0.5)).opened == ("a",)
    task = Task(LINE, Objective.FEWEST, Constraints(count=None, must_not=("b",), spacing_m=250))
    core = refused(task).values["names"].core  # type: ignore[attr-defined]
    assert [each.key for each in core] == ["spacing", "standard"]
    assert core[0].subjects == ("a – c",)
    assert len(core[1].rows) == 2  # residents of the first and of the last door


def test_what_is_asked_is_checked() -> None:
    for constraints, key in (
        (Constraints(count=-1), "site_number"),
        (Constraints(budget=float("nan")), "site_number"),
        (Constraints(must=("z",)), "site_unknown"),
        (Constraints(may_close=("a",)), "site_unknown"),
    ):
        assert refused(Task(LINE, Objective.COVERAGE, constraints)).key == key
    with pytest.raises(UnknownNameError):
        exact(Task(LINE, Objective.COVERAGE, Constraints(must_not=("<b>",))))
    assert refused(Task(LINE, Objective.WALKING, Constraints(), seats=True)).key == "site_seats"
    nobody = replace(LINE, weight=np.zeros(4))
    assert refused(Task(nobody, Objective.COVERAGE, Constraints())).key == "site_nobody"


def test_stopped_at_once_the_greedy_plan_stands_with_its_gap() -> None:
    random = np.random.default_rng(7)
    seconds = random.integers(1, 30, (40, 12)) * 100.0
    instance = instance_of(seconds, np.ones(40))
    for objective in Objective:
        count = None if objective is Objective.FEWEST else 3
        task = Task(instance, objective, Constraints(count=count), share=0.9)
        best, first = exact(task), greedy(task)
        plan = exact(task, cancelled=lambda: True)
        assert plan.proof is Proof.STOPPED
        assert plan.value == first.value
        better = max if objective.is_most else min
        assert better(plan.bound, best.value) == pytest.approx(plan.bound)
        assert plan.gap == abs(plan.bound - plan.value) / plan.value


def test_an_existing_one_that_may_close_is_moved_and_else_stays() -> None:
    instance = replace(LINE, sites=replace(LINE.sites, existing=1))
    task = Task(instance, Objective.COVERAGE, Constraints(count=0, may_close=("a",)))
    plan = exact(task)
    assert (plan.opened, plan.closed, plan.value) == (("c",), ("a",), 70)
    plan = exact(replace(task, constraints=Constraints(count=1, may_close=("a",))))
    assert (plan.opened, plan.closed, plan.value) == (("c",), (), 100)


def test_seats_limit_whom_a_site_serves() -> None:
    seats = np.array([15.0, np.nan, 30.0, np.nan])
    instance = replace(LINE, sites=replace(LINE.sites, seats=seats))
    task = Task(instance, Objective.COVERAGE, Constraints(count=1), seats=True)
    plan = exact(task)  # c covers 70, but serves 30; b serves all of 20 + 30
    assert (plan.opened, plan.value, plan.proof) == (("b",), 50, Proof.OPTIMAL)
    plan = exact(replace(task, constraints=Constraints(count=2)))  # and c beside it the last 30
    assert (plan.opened, plan.value) == (("b", "c"), 80)
    assert plan.served is not None
    assert plan.served.tolist() == [0, 50, 30, 0]
    unlimited = replace(task, instance=LINE)
    assert exact(unlimited).value == exact(replace(unlimited, seats=False)).value == 70


def test_no_choice_serves_more_with_its_seats() -> None:
    for seed in range(15):
        instance, constraints = random_case(seed)
        if not instance.weight.sum():
            continue
        random = np.random.default_rng(seed)
        count = len(instance.sites.ids)
        seats = np.where(random.random(count) < 0.3, np.nan, random.integers(0, 20, count) + 0.0)
        instance = replace(instance, sites=replace(instance.sites, seats=seats))
        task = Task(instance, Objective.COVERAGE, constraints, seats=True)
        every = choices(task)
        if not len(every):
            continue
        limits = np.where(np.isnan(seats), np.inf, seats)
        best, first, at_once = 0.0, greedy(task), -1.0
        for is_open in every:
            costs = np.where(instance.within & is_open, 1.0, np.inf)
            none = np.full_like(costs, np.inf)
            ways = Ways(instance.weight, costs, none, limits, np.zeros(count))
            served = float(allocate(ways).served.sum())
            best = max(best, served)
            at_once = served if (is_open == first.is_open).all() else at_once
        assert first.value == pytest.approx(at_once, abs=1e-5), seed
        assert first.bound >= best - 1e-5
        plan = exact(task)
        assert plan.value == pytest.approx(best, abs=1e-5), seed
        assert plan.served is not None
        assert (plan.served <= limits + 1e-6).all()
        assert not plan.served[~plan.is_open].any()
