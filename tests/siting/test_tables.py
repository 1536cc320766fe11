"""Plans of sites as plain data and as tables: what they add up to."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from circle import scenario
from circle.errors import InputError
from circle.i18n import t
from circle.model import Question
from circle.scenario import edits
from circle.siting import reading
from circle.siting.allocation import allocation_of
from circle.siting.candidates import rooms
from circle.siting.constraints import Constraints
from circle.siting.explain import each_site, reach_of_each, without_each
from circle.siting.instance import Objective
from circle.siting.plan import exact
from circle.siting.reading import instance_of, plan_file
from circle.siting.record import plan_geojson, plan_record
from circle.siting.task import Task
from circle.study import Study
from circle.words import site_tables
from circle.words import siting as words
from tests.siting.test_district import register, room, town


def test_everybody_is_served_once_or_left() -> None:
    plain = town()
    places = plain.facilities.assign(capacity=["", "", "25 dine-in + 12 delivered"])
    study = Study(replace(plain, facilities=places))
    served = allocation_of(study, Question.by_minutes("canteen", "adult", 10.0))
    table = site_tables.served_areas(study.district, served)
    columns = [t(f"siting.{name}") for name in ("col_seated", "col_delivered", "col_left")]
    sums = [sum(float(cell or 0) for cell in table[name]) for name in columns]
    assert sums == [25, 12, 100 - 37]
    assert set(table[t("siting.col_area")]) == {"西片区", "东片区"}


def test_rooms_serve_in_the_unit_of_what_is_there() -> None:
    plain = town()
    places = plain.facilities.assign(
        capacity=["", "", "25 dine-in + 12 delivered"], capacity_unit=["", "", "meals"]
    )
    study = Study(replace(plain, facilities=places))
    question = Question.by_minutes("canteen", "adult", 4.0)
    candidates = rooms(
        study.district, register(room("甲", 150, capacity="10"), room("乙", 250, capacity=""))
    )
    task = Task(instance_of(study, question, candidates), Objective.COVERAGE, Constraints(count=2))
    plan = exact(replace(task, constraints=Constraints(count=2, must=("甲", "乙"))))
    file = plan_file(study, question, plan, candidates)
    assert [getattr(edit, "capacity_unit", None) for edit in file.edits] == ["meals", ""]
    after = Study(scenario.resolved(study.district, scenario.plan_of(file)))
    served = allocation_of(after, question)
    assert (sorted(served.table["seats"]), served.left_out) == ([10, 25], 1)


def test_a_plan_as_plain_data_and_its_sites_as_points(monkeypatch: pytest.MonkeyPatch) -> None:
    study, question = Study(town()), Question.by_minutes("market", "adult", 3.0)
    table = register(room("甲", 450, cost=3.0), room("x" * 500, 850, floor_area_m2=np.nan))
    candidates = rooms(study.district, table)
    task = Task(
        instance_of(study, question, candidates),
        Objective.COVERAGE,
        Constraints(count=3, may_close=("m1",), must=("x" * 500,)),
    )
    plan = exact(replace(task, constraints=replace(task.constraints, count=2)))
    told = plan_record(study, question, plan, candidates, "residents")
    collection = plan_geojson(study, question, plan, candidates, "residents")
    assert [row["id"] for row in told["open"]] == list(plan.opened) == ["甲", "x" * 500]
    points = [each["properties"] for each in collection["features"]]
    assert [each["number"] for each in points] == [1, 2]
    assert [each["cost"] for each in points] == [3, None]
    assert collection["metadata"] == told
    assert told["after"]["rate"] == told["after"]["covered"] / told["residents"]
    assert all(
        len(edit.reason) <= 400 for edit in plan_file(study, question, plan, candidates).edits
    )
    monkeypatch.setattr(reading, "MOST_EDITS", 1)
    with pytest.raises(InputError) as error:
        plan_file(study, question, plan, candidates)
    assert error.value.key == "site_edits"
    assert edits.MOST_EDITS > 1


def test_each_site_is_its_reach_and_the_best_plan_without_it() -> None:
    study, question = Study(town()), Question.by_minutes("market", "adult", 3.0)
    table = register(room("甲", 450), room("乙", 850))
    task = Task(
        instance_of(study, question, rooms(study.district, table)),
        Objective.COVERAGE,
        Constraints(count=1),
    )
    plan = exact(task)
    both = each_site(task, plan)
    assert both[list(reach_of_each(plan))].equals(reach_of_each(plan))
    assert both[list(without_each(task, plan))].equals(without_each(task, plan))


def test_no_data_of_what_is_there_is_never_told_as_none() -> None:
    study, question = Study(town()), Question.by_minutes("health", "adult", 3.0)
    table = register(room("甲", 450))
    task = Task(
        instance_of(study, question, rooms(study.district, table)),
        Objective.COVERAGE,
        Constraints(count=1),
    )
    said = words.Said("卫生站", "3 分钟", at_least=True)
    first = words.plan_lines(task, exact(task), "residents", said)[0]
    assert "≥ 0 %" in first
    first = words.plan_lines(task, exact(task), "residents", said._replace(before_known=False))[0]
    assert "≥ 0 %" not in first
    assert t("site.no_data") in first
