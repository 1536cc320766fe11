"""Siting beside spopt, with the same solver (HiGHS) on the same finite matrices.

``python -m benchmarks.siting`` prints the table; ``siting_cases`` is for the others' page.
Nothing is there already: spopt 0.7 is reported to call some feasible cases with predefined sites
infeasible. Answers are in the unit of the objective: residents, sites, minutes.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pulp
from spopt.locate import LSCP, MCLP, PCenter, PMedian

from benchmarks.measure import Case, measure, table
from circle.load import read_district
from circle.model import Question
from circle.siting.candidates import frontage
from circle.siting.constraints import Constraints
from circle.siting.instance import CAP_S, Objective
from circle.siting.plan import exact, greedy
from circle.siting.reading import instance_of
from circle.siting.task import Task
from circle.study import Study

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from circle.model import Floats
    from circle.siting.instance import Instance
    from circle.siting.plan import SitePlan

DISTRICT = Path(__file__).resolve().parents[1] / "data" / "tianping"
MINUTES = 15.0
FEW = 300
"""Residents' points where the peer has a variable for each pair."""
_LONG_S = 1000.0


def siting_cases() -> Iterator[Case]:
    """Cases of siting on the embedded district."""
    study = Study(read_district(DISTRICT))
    question = Question.by_minutes("canteen", "older_adult", MINUTES)
    wide, few = (
        _from_scratch(instance_of(study, question, frontage(study.district, spacing)), points)
        for spacing, points in ((100.0, None), (200.0, FEW))
    )
    for instance, objective, counts in (
        (wide, Objective.COVERAGE, (2, 4, 8)),
        (wide, Objective.FEWEST, (None,)),
        (few, Objective.WALKING, (2, 4, 8)),
        (few, Objective.WORST, (2, 4)),
    ):
        for count in counts:
            yield _case(instance, objective, count)


def _case(instance: Instance, objective: Objective, count: int | None) -> Case:
    task = Task(instance, objective, Constraints(count, protected=False, never_widened=False))
    points, sites = instance.seconds.shape
    many = "" if count is None else f", {count} sites"
    return Case(
        f"siting, {objective.value}: {points:,} points × {sites} candidates{many}",
        {
            "circle": lambda: _worth(exact(task, limit_s=_LONG_S)),
            "circle, at once with its bound": lambda: _worth(greedy(task)),
        },
        {"spopt": _peer(instance, objective, count)},
    )


def _from_scratch(instance: Instance, points: int | None) -> Instance:
    """Return the instance as if nothing was there, of points that some candidate reaches."""
    new = instance.sites.is_new
    reached = np.flatnonzero(instance.within[:, new].any(axis=1))
    if points is not None:
        reached = np.sort(np.random.default_rng(1).choice(reached, points, replace=False))
    every = instance.sites
    kept = {
        name: getattr(every, name)[new]
        for name in ("xy", "cost", "area_m2", "seats", "protected", "never_widened", "new_frontage")
    }
    ids, names = every.ids[every.existing :], every.names[every.existing :]
    return replace(
        instance,
        sites=replace(every, existing=0, ids=ids, names=names, **kept),
        weight=instance.weight[reached],
        seconds=np.minimum(instance.seconds[np.ix_(reached, new)], CAP_S),
        within=instance.within[np.ix_(reached, new)],
        rows=instance.rows[reached],
    )


def _worth(plan: SitePlan) -> Floats:
    figures = plan.figures
    values = {
        Objective.COVERAGE: figures.covered,
        Objective.FEWEST: float(figures.opened),
        Objective.WALKING: figures.mean_minutes,
        Objective.WORST: figures.worst_minutes,
    }
    return np.array([values[plan.objective]])


def _peer(instance: Instance, objective: Objective, count: int | None) -> Callable[[], Floats]:
    cost, weight, limit = instance.seconds, instance.weight, MINUTES * 60
    makers = {
        Objective.COVERAGE: lambda: MCLP.from_cost_matrix(cost, weight, limit, count),
        Objective.FEWEST: lambda: LSCP.from_cost_matrix(cost, limit),
        Objective.WALKING: lambda: PMedian.from_cost_matrix(cost, weight, count),
        Objective.WORST: lambda: PCenter.from_cost_matrix(cost, count),
    }

    def run() -> Floats:
        model = makers[objective]().solve(pulp.HiGHS(msg=False, threads=1))
        value = float(pulp.value(model.problem.objective))
        people = float(weight.sum())
        scale = {Objective.WALKING: 60 * people, Objective.WORST: 60.0}
        return np.array([value / scale.get(objective, 1.0)])

    return run


if __name__ == "__main__":
    print(table([row for case in siting_cases() for row in measure(case)]))
