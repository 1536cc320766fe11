"""A plan as plain data, with all that a stranger needs to check it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from circle.budget.model import Price
    from circle.budget.nouns import Budget, Plan, Rules

FORMAT = "circle-plan-1"


def record(budget: Budget, plan: Plan, rules: Rules, share: float) -> dict[str, Any]:
    """Return a plan: its clients, measures, costs and times, unrounded, and what is chosen.

    Client ``i`` is served when the least of ``base_s`` and of the chosen measures' seconds in
    ``street_s`` (id → seconds; one that is not there is no way), and ``lift_s`` where its
    ``lift`` is chosen, else ``stairs_s``, are no more than ``limit_s`` together. None is no way.
    """
    ids = [each.id for each in budget.measures]
    return {
        "format": FORMAT,
        "goal": plan.goal.value,
        "share": share,
        "limit_s": budget.limit_s,
        "from_flat": budget.from_flat,
        "rules": {
            "budget": rules.money,
            "protected": rules.protected,
            "must": list(rules.must),
            "must_not": list(rules.must_not),
        },
        "measures": [
            {
                "id": each.id,
                "kind": each.kind,
                "name": each.name,
                "cost": each.cost,
                "source": each.source,
                "protected": each.protected,
                "edit": None if each.edit is None else each.edit.model_dump(exclude_none=True),
            }
            for each in budget.measures
        ],
        "clients": [
            {
                "id": budget.clients[row],
                "weight": float(budget.weight[row]),
                "stairs_s": _seconds(budget.stairs_s[row]),
                "lift_s": _seconds(budget.lift_s[row]),
                "lift": ids[budget.lift[row]] if budget.lift[row] >= 0 else None,
                "base_s": _seconds(budget.street_s[row, 0]),
                "street_s": {
                    ids[at]: float(budget.street_s[row, 1 + at])
                    for at in np.flatnonzero(np.isfinite(budget.street_s[row, 1:])).tolist()
                },
            }
            for row in range(len(budget.clients))
        ],
        "chosen": [name for name, taken in zip(ids, plan.chosen, strict=True) if taken],
        "residents": budget.everyone,
        "served": plan.served,
        "served_before": budget.value(np.zeros(len(ids), np.bool_)),
        "cost": plan.cost,
        "bound": plan.bound,
        "gap": plan.gap,
        "optimal": plan.optimal,
    }


def front_record(front: Iterable[Plan]) -> list[dict[str, Any]]:
    """Return the points of a front: money, residents served, and how sure that is the most."""
    return [
        {"cost": each.cost, "served": each.served, "bound": each.bound, "gap": each.gap}
        for each in front
    ]


def prices_record(prices: Iterable[Price]) -> list[dict[str, Any]]:
    """Return what each rule costs."""
    return [each._asdict() for each in prices]


def _seconds(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
