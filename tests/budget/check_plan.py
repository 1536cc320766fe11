"""Check a plan of `circle plan --json` with nothing but the standard library.

Usage: python check_plan.py PLAN.json. It counts anew who is served and what is spent, looks at
the rules, and where there are few measures tries every choice of them.
"""

from __future__ import annotations

import itertools
import json
import sys
from pathlib import Path
from typing import Any

NEVER = float("inf")
NEAR = 1e-6
MOST_TRIED = 16


def seconds(value: float | None) -> float:
    """Return seconds; none is no way."""
    return NEVER if value is None else value


def is_served(client: dict[str, Any], chosen: set[str], limit_s: float) -> bool:
    """Whether a client is in time with some measures."""
    ways = [seconds(client["base_s"])]
    ways += [way for name, way in client["street_s"].items() if name in chosen]
    stairs = client["lift_s"] if client["lift"] in chosen else client["stairs_s"]
    return min(ways) + seconds(stairs) <= limit_s


def served(plan: dict[str, Any], chosen: set[str]) -> float:
    """Return how many are served with some measures."""
    limit_s = plan["limit_s"]
    return float(sum(c["weight"] for c in plan["clients"] if is_served(c, chosen, limit_s)))


def spent(plan: dict[str, Any], chosen: set[str]) -> float:
    """Return what some measures cost."""
    return float(sum(each["cost"] for each in plan["measures"] if each["id"] in chosen))


def keeps(plan: dict[str, Any], chosen: set[str]) -> bool:
    """Whether some measures keep the rules."""
    rules = plan["rules"]
    on_protected = {each["id"] for each in plan["measures"] if each["protected"]}
    return (
        (rules["budget"] is None or spent(plan, chosen) <= rules["budget"] + NEAR)
        and not (rules["protected"] and chosen & on_protected)
        and set(rules["must"]) <= chosen
        and not chosen & set(rules["must_not"])
    )


def faults(plan: dict[str, Any]) -> list[str]:
    """Return what is wrong with a plan; nothing where all of it holds."""
    chosen, ids = set(plan["chosen"]), [each["id"] for each in plan["measures"]]
    said = [] if keeps(plan, chosen) else ["rules"]
    if len(set(ids)) != len(ids) or not chosen <= set(ids):
        said.append("ids")
    if any(each["cost"] < 0 or not each["source"].strip() for each in plan["measures"]):
        said.append("a cost without its source")
    if any(client["lift"] is not None and client["lift"] not in ids for client in plan["clients"]):
        said.append("a lift that is no measure")
    now, cost = served(plan, chosen), spent(plan, chosen)
    said += figures(plan, now, cost) + proof(plan, now, cost)
    if plan["optimal"] and len(ids) <= MOST_TRIED:
        said += beaten(plan, ids, now, cost)
    return said


def figures(plan: dict[str, Any], now: float, cost: float) -> list[str]:
    """Return which figures are others than they are said to be."""
    values = {
        "served": now,
        "cost": cost,
        "served_before": served(plan, set()),
        "residents": sum(client["weight"] for client in plan["clients"]),
    }
    return [
        f"{name}: {plan[name]} is {value}"
        for name, value in values.items()
        if abs(plan[name] - value) > NEAR * max(1.0, value)
    ]


def proof(plan: dict[str, Any], now: float, cost: float) -> list[str]:
    """Return whether bound, goal and front fit the plan."""
    most, said = plan["goal"] == "most", []
    better = plan["bound"] - now if most else cost - plan["bound"]
    if better < -NEAR or (plan["optimal"] and better > NEAR):
        said.append("bound")
    if not most and now < plan["share"] * plan["residents"] - 1e-5:
        said.append("share")
    points = plan.get("front", []) if most and plan["optimal"] else []
    if any(point["cost"] <= cost and point["served"] > now + NEAR for point in points):
        said.append("a point of the front is better")
    return said


def beaten(plan: dict[str, Any], ids: list[str], now: float, cost: float) -> list[str]:
    """Return a choice that is better, by trying all of them."""
    for count in range(len(ids) + 1):
        for some in map(set, itertools.combinations(ids, count)):
            if not keeps(plan, some):
                continue
            other, money = served(plan, some), spent(plan, some)
            if plan["goal"] == "most":
                better = other > now + NEAR or (other > now - NEAR and money < cost - NEAR)
            else:
                better = other >= plan["share"] * plan["residents"] and money < cost - NEAR
            if better:
                return [f"better: {sorted(some)} serves {other} for {money}"]
    return []


if __name__ == "__main__":
    told = faults(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
    sys.stdout.write("\n".join(told) or "holds")
    sys.exit(bool(told))
