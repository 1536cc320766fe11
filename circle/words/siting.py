"""Plans of sites in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from circle.i18n import t
from circle.i18n.rounding import about, bound, fixed, people, percent
from circle.siting.instance import Objective, figures
from circle.siting.plan import Proof

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from circle.siting.allocation import Served
    from circle.siting.plan import SitePlan
    from circle.siting.task import Task

MOST_STREETS = 5
MOST_SITES = 3


class Said(NamedTuple):
    """In what words a plan is told.

    Attributes
    ----------
    kind, limit
        Of what, judged by what.
    at_least
        Whether rates are lower bounds, as what is there is not all known.
    numbered
        Whether sites are told by their numbers, as a map has them, rather than by their ids.
    before_known
        Whether anything is known of what is there: no data is never 0.
    """

    kind: str
    limit: str
    at_least: bool
    numbered: bool = False
    before_known: bool = True


def plan_lines(task: Task, plan: SitePlan, group: str, said: Said) -> list[str]:
    """Return what a plan gives, and how good it is known to be.

    Parameters
    ----------
    group
        Whose residents, one of `circle.model.GROUPS`.
    said
        In what words.
    """
    key = "fewest" if plan.objective is Objective.FEWEST else "plan"
    values = _values(plan, group, said)
    lines = [t(f"site.{key}" if plan.opened else "site.plan_none", language=None, **values)]
    if said.at_least:
        lines.append(t("site.plan_at_least"))
    if plan.closed:
        closed = t("unit.and").join(names_of(plan, plan.closed))
        lines.append(t("site.closes", names=closed))
    if plan.objective is Objective.WORST:
        lines.append(t("site.worst", minutes=fixed(plan.figures.worst_minutes, 1)))
    if task.seats:
        lines.append(t("site.seats", served=people(plan.value), group=values["group"]))
    return [*lines, proof_line(plan)]


def _values(plan: SitePlan, group: str, said: Said) -> dict[str, Any]:
    instance = plan.instance
    everyone = float(instance.weight.sum())
    before, after = figures(instance, ~instance.sites.is_new), plan.figures
    share = bound(after.covered / everyone, at_least=said.at_least)
    names = t("unit.and").join(names_of(plan, plan.opened))
    if said.numbered:
        names = _numbered_names(plan)
    return {
        "names": names,
        "kind": said.kind,
        "limit": said.limit,
        "group": t(f"group_of.{group}"),
        "before": rate_before(before.covered / everyone, said),
        "after": share,
        "minutes_before": fixed(before.mean_minutes if said.before_known else np.nan, 1),
        "minutes_after": fixed(after.mean_minutes, 1),
        "n": int(plan.is_open.sum()),
        "new": after.opened,
        "share": share,
    }


def rate_before(rate: float, said: Said) -> str:
    """Return the rate without the plan; that there are no data where nothing is known."""
    return bound(rate, at_least=said.at_least) if said.before_known else t("site.no_data")


def proof_line(plan: SitePlan) -> str:
    """Return how good a plan is known to be."""
    if plan.proof is Proof.OPTIMAL or plan.gap == 0:
        return t("site.proof_optimal")
    if not np.isfinite(plan.gap):
        return t("site.proof_unknown")
    key = "site.proof_greedy" if plan.proof is Proof.GREEDY else "site.proof_stopped"
    return t(key, gap=percent(plan.gap))


def names_of(plan: SitePlan, ids: Sequence[str]) -> list[str]:
    """Return the names of sites, each with its id where another bears the same name."""
    sites = plan.instance.sites
    named = dict(zip(sites.ids, sites.names, strict=True))
    every = list(sites.names)
    return [
        name if name and every.count(name) == 1 else f"{name} ({site})".strip()
        for site in ids
        for name in [str(named[site])]
    ]


def numbered(plan: SitePlan) -> list[str]:
    """Return the names of the sites that open, each after its number."""
    sites = plan.instance.sites
    named = dict(zip(sites.ids, sites.names, strict=True))
    return [
        t("site.numbered", n=number, name=named[site] or site)
        for number, site in enumerate(plan.opened, 1)
    ]


def _numbered_names(plan: SitePlan) -> str:
    """Return the first sites that open by their numbers, and how many there are."""
    every = numbered(plan)
    names = t("unit.and").join(every[:MOST_SITES])
    return t("site.and_more", names=names, n=len(every)) if len(every) > MOST_SITES else names


def value_text(objective: Objective, value: float) -> str:
    """Return what an objective counts, with its unit."""
    if not np.isfinite(value):
        return t("unit.dash")
    if objective is Objective.COVERAGE:
        return people(value)
    if objective is Objective.FEWEST:
        return fixed(value, 0)
    hours = objective is Objective.WALKING
    return t("unit.minutes", n=about(value / 60) if hours else fixed(value / 60, 1))


def closing_lines(table: pd.DataFrame, kind: str) -> list[str]:
    """Return what is lost when each facility closes, as `Study.closing` has it."""
    lines = []
    for row in table.to_dict("records"):
        lost, nearest = float(row["lost"]), float(row["nearest"])
        key = "closing" if lost else "closing_spare" if nearest else "closing_nobody"
        lines.append(
            t(
                f"site.{key}",
                name=row["name"],
                kind=kind,
                lost=people(lost),
                nearest=people(nearest),
                now=fixed(row["minutes_now"], 1),
                then=fixed(row["minutes_then"], 1),
            )
        )
    return lines


def allocation_lines(served: Served, group: str) -> list[str]:
    """Return who is served by what, and what one more seat or round is worth."""
    table = served.table
    said = {
        "residents": people(served.residents),
        "served": people(served.served),
        "seated": people(float(table["seated"].sum())),
        "delivered": people(float(table["delivered"].sum())),
        "group": t(f"group_of.{group}"),
    }
    lines = [t("site.allocation", language=None, **said)]
    if served.left_out:
        lines.append(t("site.allocation_left", n=served.left_out))
    for row in table.to_dict("records"):
        amounts = {
            name: fixed(row[name], 0) for name in ("seated", "seats", "delivered", "deliveries")
        }
        more = {"seat": fixed(row["one_more_seat"], 1), "round": fixed(row["one_more_round"], 1)}
        said = {"name": row["name"], **amounts, **more}
        lines.append(t("site.allocation_row", language=None, **said))
    return lines


def unserved_line(table: pd.DataFrame) -> str:
    """Return whom no candidate reaches, by street, as `explain.unserved` has it; "" for nobody."""
    if table.empty:
        return ""
    first = table.head(MOST_STREETS)
    streets = t("unit.and").join(
        f"{street} {people(count)}"
        for street, count in zip(first["street"], first["residents"], strict=True)
    )
    more = len(table) - len(first)
    told = t("unit.and_more_streets", name=streets, n=more) if more else streets
    return t("site.unserved", residents=people(float(table["residents"].sum())), streets=told)
