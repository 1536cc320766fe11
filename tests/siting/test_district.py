"""Candidates of a district, and that a plan laid over it gives what was counted."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from circle import scenario
from circle.errors import InputError
from circle.model import Coverage, Question, Rule
from circle.scenario.reading import dump_plan, parse_plan
from circle.siting.candidates import frontage, rooms
from circle.siting.constraints import Constraints
from circle.siting.instance import Objective, figures
from circle.siting.plan import exact
from circle.siting.reading import instance_of, plan_file, within_reach
from circle.siting.task import Task
from circle.study import Study
from tests import small

if TYPE_CHECKING:
    from circle.model import District

TEXTS = ("capacity", "capacity_unit", "hours", "source", "address")


def town() -> District:
    """Return the small street, homes 0 to 33 m off it."""
    plain = small.district()
    return replace(
        plain,
        facilities=plain.facilities.assign(**dict.fromkeys(TEXTS, "")),
        demand=plain.demand.assign(off_m=np.arange(12) * 3.0),
        never_widened=pd.DataFrame({"name": ["乙路"], "confidence": [""]}),
    )


def register(*rows: dict[str, Any]) -> pd.DataFrame:
    table = pd.DataFrame(rows)
    metres = table.assign(x=small.WEST + table["x"], y=small.SOUTH + table["y"])
    return small.with_places(metres).drop(columns=["x", "y"])


def room(name: str, x: float, y: float = 0.0, **more: Any) -> dict[str, Any]:
    return {"id": name, "name": name, "x": x, "y": y, "address": ""} | more


QUESTIONS = [
    Question.by_minutes("market", "adult", 5.0),
    Question.by_minutes("canteen", "slow", 8.0),
    Question.by_minutes("canteen", "slow", 8.0, unverified=True),
    Question.by_minutes("health", "adult", 3.0),
    Question.by_standard(small.requirement("market", metres=310.0), "slow"),
    Question.by_standard(small.requirement("market", name_has="大菜场"), "adult"),
    Question.by_standard(small.requirement("market", judged_by=Rule.MINUTES, minutes=5.0), "slow"),
]


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("objective", [Objective.COVERAGE, Objective.WALKING])
def test_a_plan_laid_over_the_district_covers_whom_it_counted(
    question: Question, objective: Objective
) -> None:
    study = Study(town())
    candidates = frontage(study.district, 70.0)
    instance = instance_of(study, question, candidates)
    assert not np.isin(instance.rows, [10, 11]).any()  # beyond the boundary
    plan = exact(Task(instance, objective, Constraints(count=2, spacing_m=150)))
    file = parse_plan(dump_plan(plan_file(study, question, plan, candidates)), "plan.json")
    after = Study(scenario.resolved(study.district, scenario.plan_of(file)))
    answer = after.coverage(question)
    assert isinstance(answer, Coverage)
    inside = study.district.demand["inside"].to_numpy()
    counted = within_reach(instance, plan.is_open, 12)
    assert (answer.within[inside] == counted[inside]).all()
    whole = answer.table.query("area == '' and group == 'residents'").iloc[0]
    assert whole["covered"] == figures(instance, plan.is_open).covered
    walks = np.minimum(answer.seconds[instance.rows], 3600.0)
    assert float(instance.weight @ walks) / instance.weight.sum() / 60 == pytest.approx(
        plan.figures.mean_minutes, abs=1e-12
    )
    if objective is Objective.COVERAGE:
        assert plan.value == whole["covered"]


def test_frontage_stands_on_the_streets_within_the_boundary() -> None:
    table = frontage(town(), 100.0).table
    assert (table["x"] - small.WEST).round().tolist() == [50.0 + 100 * n for n in range(10)]
    apart = frontage(town(), 790.0).table  # of middles at 200, 600 and 1,000 m all three
    assert len(apart) == 2 + int(apart["x"].max() > small.WEST + 990)
    fewer = frontage(town(), 810.0).table
    assert (600 - (fewer["x"] - small.WEST)).abs().min() > 300
    for wrong in (0.0, -5.0, 2000.0, float("nan")):
        with pytest.raises(InputError):
            frontage(town(), wrong)


def test_no_new_frontage_beside_protected_buildings_or_on_never_widened_roads() -> None:
    study = Study(town())
    question = QUESTIONS[0]
    new = instance_of(study, question, frontage(study.district, 100.0)).sites
    on_road = (new.xy[:, 0] >= small.WEST + 800) & new.is_new
    assert (new.never_widened == on_road).all()
    at_protected = np.isin((new.xy[:, 0] - small.WEST).round(), [150, 850]) & new.is_new
    assert (new.protected == at_protected).all()
    table = register(
        room("甲", 150, protected=1.0, floor_area_m2=80.0, cost=3.0, capacity="40"),
        room("乙", 900, floor_area_m2=np.nan, capacity="many"),
    )
    instance = instance_of(study, question, rooms(study.district, table))
    sites = instance.sites
    assert sites.ids == ("m1", "甲", "乙")
    assert np.array_equal(sites.seats, [np.nan, 40, np.nan], equal_nan=True)
    assert np.array_equal(sites.cost, [np.nan, 3, np.nan], equal_nan=True)
    assert sites.protected.tolist() == [False, True, False]
    plan = exact(Task(instance, Objective.COVERAGE, Constraints(count=2)))
    assert plan.opened == ("甲", "乙")  # rooms that are there are only reused
    plan = exact(Task(instance, Objective.COVERAGE, Constraints(count=2, floor_area_m2=100)))
    assert plan.opened == ("乙",)
    plan = exact(Task(instance, Objective.COVERAGE, Constraints(count=2, budget=5)))
    assert plan.opened == ("甲",)


def test_a_group_counts_its_own_residents() -> None:
    study = Study(town())
    candidates = frontage(study.district, 200.0)
    instance = instance_of(study, QUESTIONS[0], candidates, "residents_60_plus")
    assert instance.weight.tolist() == [3.0] * 10
    with pytest.raises(InputError):
        instance_of(study, QUESTIONS[0], candidates, "everybody")
    with pytest.raises(InputError):
        rooms(study.district, register(room("甲", 150)).iloc[:0])
