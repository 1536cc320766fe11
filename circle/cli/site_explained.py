"""Why a plan of sites is as it is: as JSON and in lines."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from circle.cli.answers import rounded
from circle.i18n import t
from circle.i18n.rounding import fixed, people, percent
from circle.siting import explain
from circle.siting.instance import Objective
from circle.words import siting as words

if TYPE_CHECKING:
    import pandas as pd

    from circle.model import Question
    from circle.siting.instance import Instance
    from circle.siting.plan import SitePlan
    from circle.siting.task import Task
    from circle.study import Study


@dataclass(frozen=True, eq=False)
class Explained:
    """The tables of `circle.siting.explain`; None for those that the objective has not."""

    sites: pd.DataFrame
    taken: pd.DataFrame
    prices: pd.DataFrame
    unserved: pd.DataFrame
    curve: pd.DataFrame | None
    front: pd.DataFrame | None
    stays: pd.DataFrame | None

    def as_json(self) -> dict[str, Any]:
        """Return the tables as plain data."""
        told: dict[str, Any] = {
            name: records(table) for name, table in vars(self).items() if table is not None
        }
        if self.stays is not None:
            told["stays_kept"] = rounded(self.stays.attrs["kept"])
        return told


def explained(
    study: Study, question: Question, task: Task, plan: SitePlan, seniors: Instance
) -> Explained:
    """Return all that is told of a plan."""
    covers = task.objective is Objective.COVERAGE and not task.seats
    drawn = study.uncertainty(question) if covers and not question.unverified else None
    return Explained(
        sites=explain.each_site(task, plan),
        taken=explain.taken(plan),
        prices=explain.prices(task, plan),
        unserved=explain.unserved(study.district, task),
        curve=None if task.objective is Objective.FEWEST else explain.curve(task),
        front=explain.pareto(replace(task, instance=seniors)) if seniors.weight.sum() else None,
        stays=None if drawn is None else explain.robustness(task, plan, drawn),
    )


def explained_lines(task: Task, plan: SitePlan, told: Explained) -> list[str]:
    """Return the same in lines."""
    lines = [
        t(
            "site.without",
            name=name,
            alone=people(row["alone"]),
            lost=people(row["lost"]),
            value=words.value_text(task.objective, row["value_without"]),
        )
        for name, row in zip(
            words.names_of(plan, told.sites["id"].tolist()),
            told.sites.to_dict("records"),
            strict=True,
        )
    ]
    lines += _prices(task, told.prices[told.prices["price"] > 0])
    lines += [words.unserved_line(told.unserved)] if len(told.unserved) else []
    lines += [] if told.curve is None else _curve(task, told.curve)
    lines += [] if told.front is None else _front(plan, told.front)
    return lines if told.stays is None else [*lines, _stays(plan, told.stays)]


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table, figures that there are none of as null."""
    return [
        {
            str(name): rounded(float(value)) if isinstance(value, float | np.floating) else value
            for name, value in row.items()
        }
        for row in table.to_dict("records")
    ]


def _prices(task: Task, table: pd.DataFrame) -> list[str]:
    return [
        t(
            "site.price",
            constraint=t(f"site.constraint.{row['constraint']}"),
            value=words.value_text(task.objective, row["value"]),
            price=words.value_text(task.objective, row["price"]),
        )
        for row in table.to_dict("records")
    ]


def _curve(task: Task, table: pd.DataFrame) -> list[str]:
    return [
        t("site.curve", n=row["count"], value=words.value_text(task.objective, row["value"]))
        + (t("site.elbow") if row["elbow"] else "")
        for row in table.to_dict("records")
    ]


def _front(plan: SitePlan, table: pd.DataFrame) -> list[str]:
    return [
        t(
            "site.front",
            cost=fixed(row["cost"], 0),
            covered=people(row["covered"]),
            names=t("unit.and").join(words.names_of(plan, row["opened"].split())) or t("unit.dash"),
        )
        for row in table.to_dict("records")
    ]


def _stays(plan: SitePlan, table: pd.DataFrame) -> str:
    chosen = table[table["in_plan"]]
    names = words.names_of(plan, chosen["id"].tolist())
    told = [
        t("site.stays_name", name=name, share=percent(share))
        for name, share in zip(names, chosen["share"], strict=True)
    ]
    return t(
        "site.stays",
        draws=table.attrs["draws"],
        kept=percent(table.attrs["kept"]),
        names=t("unit.and").join(told),
    )
