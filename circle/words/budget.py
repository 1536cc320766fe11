"""A plan for one budget in sentences and tables."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circle.budget.nouns import Goal
from circle.i18n import t
from circle.i18n.rounding import percent
from circle.words.lifts import whole
from circle.words.wording import inline

if TYPE_CHECKING:
    from collections.abc import Iterable

    from circle.budget.model import Price
    from circle.budget.nouns import Budget, Plan
    from circle.budget.reading import Read


def plan_lines(budget: Budget, plan: Plan, group: str, kind: str, currency: str) -> list[str]:
    """Return what a plan serves and costs, how sure that is the best, and what it is made of."""
    before = budget.value(np.zeros(len(budget.measures), np.bool_))
    lines = [
        t(
            "plan.answer" if budget.from_flat else "plan.answer_street",
            n=int(plan.chosen.sum()),
            cost=money(plan.cost, currency),
            group=inline(t(f"group_of.{group}")),
            kind=kind,
            minutes=f"{budget.limit_s / 60:g}",
            served=whole(plan.served),
            everyone=whole(budget.everyone),
            share=percent(plan.served / budget.everyone) if budget.everyone else "—",
            before=whole(before),
        ),
        proof_line(plan, currency),
    ]
    if plan.chosen.any():
        lines.append(chosen_table(budget, plan).to_string(index=False))
    return lines


def proof_line(plan: Plan, currency: str) -> str:
    """Return whether a plan is proved the best, or how much better another could be."""
    if plan.optimal:
        return t("plan.optimal")
    most = whole(plan.bound) if plan.goal is Goal.MOST else money(plan.bound, currency)
    return t(f"plan.stopped_{plan.goal.value}", bound=most, gap=f"{plan.gap:.2%}")


def again_line(plan: Plan, again: float) -> str:
    """Return what a full computation with all measures together says."""
    key = "same" if math.isclose(again, plan.served, abs_tol=0.5) else "other"
    return t(f"plan.again_{key}", n=whole(again), model=whole(plan.served))


def chosen_table(budget: Budget, plan: Plan) -> pd.DataFrame:
    """Return the measures of a plan, as a table to print."""
    rows = [
        {
            "id": each.id,
            "kind": t(f"plan.kind.{each.kind}"),
            "name": each.name,
            "cost": whole(each.cost),
            "source": each.source,
        }
        for each, taken in zip(budget.measures, plan.chosen, strict=True)
        if taken
    ]
    table = pd.DataFrame(rows)
    return table.rename(columns={name: t(f"plan.column.{name}") for name in table})


def front_table(front: Iterable[Plan], everyone: float) -> pd.DataFrame:
    """Return the points of money against residents served, as a table to print."""
    rows = [
        {
            t("plan.column.cost"): whole(each.cost),
            t("plan.column.served"): whole(each.served),
            t("plan.column.share"): percent(each.served / everyone) if everyone else "—",
            t("plan.column.gap"): f"{each.gap:.2%}",
        }
        for each in front
    ]
    return pd.DataFrame(rows)


def price_lines(prices: Iterable[Price], currency: str) -> list[str]:
    """Return what each rule costs, a line each."""
    return [
        t(
            f"plan.price_{each.rule}",
            served=f"{each.served:+,.0f}",
            cost=f"{'+' if each.cost >= 0 else '−'}{money(abs(each.cost), currency)}",
        )
        for each in prices
    ]


def notes(read: Read) -> list[str]:
    """Return what is to be known of a budget: what is left out of it."""
    lines = [
        t("plan.unpriced", kind=t(f"plan.kind.{kind}"), n=n) for kind, n in read.unpriced.items()
    ]
    for key, n in (("forbidden", read.forbidden), ("under_way", read.under_way)):
        if n:
            lines.append(t(f"plan.{key}", n=n))
    lines.append(t("plan.seats"))
    return [*lines, t("plan.joint")]


def money(value: float, currency: str) -> str:
    """Return an amount with its currency."""
    return f"{whole(value)} {currency}".strip()
