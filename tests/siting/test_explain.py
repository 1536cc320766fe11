"""What is told of a plan, against every choice there is and against cases by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from circle.model import Question
from circle.siting import explain
from circle.siting.candidates import frontage
from circle.siting.constraints import Constraints
from circle.siting.instance import Objective
from circle.siting.plan import exact
from circle.siting.reading import instance_of
from circle.siting.task import Task
from circle.study import Study
from tests.siting.test_district import town
from tests.siting.test_models import FAR, LINE, choices, random_case, worth
from tests.siting.test_models import instance_of as made


def test_each_site_by_hand() -> None:
    instance = replace(LINE, sites=replace(LINE.sites, existing=1))  # a is there: 10 and 20
    task = Task(instance, Objective.COVERAGE, Constraints(count=1))
    plan = exact(task)
    row = explain.each_site(task, plan).to_dict("records")[0]
    assert (row["id"], row["reaches"], row["alone"], row["lost"]) == ("c", 70, 70, 70)
    assert (row["value_without"], row["opened_without"]) == (60, "b")
    assert not row["area_known"]
    both = exact(replace(task, constraints=Constraints(count=2, must=("b",))))
    rows = explain.each_site(replace(task, constraints=both.constraints), both)
    assert rows["lost"].tolist() == [0, 40]
    assert rows["alone"].tolist() == [30, 70]
    assert rows["opened_without"].tolist() == ["c", "b"]


def test_what_is_taken_from_existing_ones() -> None:
    instance = made([[300, 100], [100, 300], [FAR, 100], [950, 100]], [1, 2, 4, 8], existing=1)
    plan = exact(Task(instance, Objective.COVERAGE, Constraints(count=1)))
    assert explain.taken(plan).to_dict("records") == [
        {"site": "b", "existing": "a", "residents": 1}
    ]


@pytest.mark.parametrize("objective", [Objective.COVERAGE, Objective.WALKING])
def test_the_price_of_a_constraint_is_what_is_won_without_it(objective: Objective) -> None:
    for seed in (0, 12, 30, 33, 48):
        instance, constraints = random_case(seed)
        task = Task(instance, objective, constraints)
        plan = exact(task)
        table = explain.prices(task, plan)
        assert table["constraint"].tolist() == [each.key for each in task.rows]
        for row in table.to_dict("records"):
            free = replace(task, dropped=(row["constraint"],))
            values = worth(free, choices(free))
            best = values.max() if objective.is_most else values.min()
            assert row["value"] == pytest.approx(best)
            assert row["price"] == pytest.approx(abs(best - plan.value))
            assert row["proven"]


def test_the_curve_rises_to_its_end_and_bends_once() -> None:
    random = np.random.default_rng(3)
    instance = made(random.integers(1, 40, (60, 10)) * 100.0, random.integers(1, 9, 60))
    table = explain.curve(Task(instance, Objective.COVERAGE, Constraints()))
    values = table["value"].to_numpy()
    assert (np.diff(values) > 0).all()
    assert values[-1] == instance.weight[instance.within.any(axis=1)].sum()
    assert table["elbow"].sum() == 1
    assert table["covered"].to_numpy() == pytest.approx(values / instance.weight.sum())


@pytest.mark.parametrize(
    ("values", "at"), [([0, 5, 6, 7], 1), ([9, 2, 1, 0], 1), ([0, 1, 2], -1), ([0, 1], -1)]
)
def test_elbow(values: list[float], at: int) -> None:
    assert explain.elbow(np.array(values, float)) == at


def test_no_plan_betters_one_of_the_front() -> None:
    for seed in (1, 5, 7, 11, 13):
        instance, _ = random_case(seed)
        task = Task(instance, Objective.COVERAGE, Constraints(count=None))
        front = explain.pareto(task, 5)
        every = choices(task)
        covered, cost = worth(task, every), (every & instance.sites.is_new) @ instance.sites.cost
        assert (np.diff(front["cost"]) > 0).all()
        assert (np.diff(front["covered"]) > 0).all()
        for row in front.to_dict("records"):
            at_least, at_most = covered >= row["covered"] - 1e-9, cost <= row["cost"] + 1e-9
            same = np.isclose(covered, row["covered"]) & np.isclose(cost, row["cost"])
            assert (same == (at_least & at_most)).all()
            assert same.any()
        assert front["covered"].max() == pytest.approx(covered.max())


def test_who_is_left_is_told_by_street() -> None:
    study = Study(town())
    question = Question.by_minutes("health", "adult", 3.0)
    instance = instance_of(study, question, frontage(study.district, 100.0))
    task = Task(instance, Objective.COVERAGE, Constraints())
    table = explain.unserved(study.district, task)  # never widened from 800 m on
    assert table.to_dict("records") == [{"street": "乙路", "residents": 10.0, "places": 1}]
    free = replace(task, constraints=Constraints(never_widened=False))
    assert explain.unserved(study.district, free).empty


def test_a_site_that_nothing_equals_stays_in_every_draw() -> None:
    study = Study(town())
    question = Question.by_minutes("market", "adult", 5.0)
    candidates = frontage(study.district, 100.0)
    instance = instance_of(study, question, candidates)
    task = Task(instance, Objective.COVERAGE, Constraints(count=1, must=("frontage-1-1",)))
    plan, drawn = exact(task), study.uncertainty(question)
    assert drawn is not None
    table = explain.robustness(task, plan, drawn, draws=5)
    first = table.to_dict("records")[0]
    assert (first["id"], first["share"], first["in_plan"]) == ("frontage-1-1", 1.0, True)
    assert (table.attrs["kept"], table.attrs["draws"]) == (1.0, 5)
    free = replace(task, constraints=Constraints(count=1))
    table = explain.robustness(free, exact(free), drawn, draws=5)
    assert table["share"].sum() == pytest.approx(1)
    assert 0 < table.attrs["kept"] <= 1
