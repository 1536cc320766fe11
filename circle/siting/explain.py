"""Why a plan is as it is: what each site does, what each constraint costs, who is left.

All of these solve again with something changed; each takes a limit of time for every
single solving, and tells where the proof is not complete.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from circle.errors import InputError
from circle.i18n import t
from circle.network.graph import street_label
from circle.siting.covering import fewest
from circle.siting.instance import Objective, covered_rows, figures
from circle.siting.plan import Proof, exact, reachable, residents_of_task
from circle.siting.solver import Patience

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from circle.measures.uncertainty import Uncertainty
    from circle.model import Bools, District, Floats
    from circle.siting.instance import Instance
    from circle.siting.plan import SitePlan
    from circle.siting.task import Task

    Cancelled = Callable[[], bool]

LIMIT_S = 10.0
DRAWS = 20
MOST_COUNT = 12


def each_site(
    task: Task, plan: SitePlan, *, limit_s: float = LIMIT_S, cancelled: Cancelled | None = None
) -> pd.DataFrame:
    """Return what each new site of a plan does.

    Returns
    -------
    pandas.DataFrame
        As `reach_of_each`, with value_without and opened_without as `without_each`.
    """
    others = without_each(task, plan, limit_s=limit_s, cancelled=cancelled)
    return reach_of_each(plan).merge(others, on="id", validate="one_to_one")


def reach_of_each(plan: SitePlan) -> pd.DataFrame:
    """Return whom each new site of a plan reaches; nothing is solved for it.

    Returns
    -------
    pandas.DataFrame
        One row a site, in the instance's order: id, name; reaches (residents within reach
        of it); alone (of them those whom no existing facility of the plan reaches); lost
        (whom only it reaches); area_known (whether its floor area is stated).
    """
    sites, rows = plan.instance.sites, []
    there = covered_rows(plan.instance, plan.is_open & ~sites.is_new)
    for row in np.flatnonzero(plan.is_open & sites.is_new):
        others = plan.is_open.copy()
        others[row] = False
        within, weight = plan.instance.within[:, row], plan.instance.weight
        rows.append(
            {
                "id": sites.ids[row],
                "name": sites.names[row],
                "reaches": float(weight[within].sum()),
                "alone": float(weight[within & ~there].sum()),
                "lost": float(weight[within & ~covered_rows(plan.instance, others)].sum()),
                "area_known": not np.isnan(sites.area_m2[row]),
            }
        )
    columns = ["id", "name", "reaches", "alone", "lost", "area_known"]
    return pd.DataFrame(rows, columns=columns)


def without_each(
    task: Task, plan: SitePlan, *, limit_s: float = LIMIT_S, cancelled: Cancelled | None = None
) -> pd.DataFrame:
    """Return the best plan without each new site of a plan.

    Returns
    -------
    pandas.DataFrame
        One row a site, in the instance's order: id, value_without, opened_without (ids
        joined by a blank); NaN and "" where there is no plan.
    """
    rows = [{"id": name, **_without(task, name, limit_s, cancelled)} for name in plan.opened]
    return pd.DataFrame(rows, columns=["id", "value_without", "opened_without"])


def taken(plan: SitePlan) -> pd.DataFrame:
    """Return what new sites take from existing facilities: residents whose nearest changes.

    Returns
    -------
    pandas.DataFrame
        Columns site, existing (ids), residents; only of residents whom the existing one had
        within reach.
    """
    instance, sites = plan.instance, plan.instance.sites
    before = np.where(sites.is_new, np.inf, instance.seconds)
    after = np.where(plan.is_open, instance.seconds, np.inf)
    nearest, now = before.argmin(axis=1), after.argmin(axis=1)
    rows = np.arange(len(nearest))
    moved = sites.is_new[now] & instance.within[rows, nearest] & ~sites.is_new[nearest]
    moved &= after[rows, now] < before[rows, nearest]
    table = pd.DataFrame(
        {
            "site": np.array(sites.ids, object)[now[moved]],
            "existing": np.array(sites.ids, object)[nearest[moved]],
            "residents": instance.weight[moved],
        }
    )
    return table.groupby(["site", "existing"], as_index=False).sum()


def prices(
    task: Task, plan: SitePlan, *, limit_s: float = LIMIT_S, cancelled: Cancelled | None = None
) -> pd.DataFrame:
    """Return what each constraint costs: the plan solved again without it.

    Returns
    -------
    pandas.DataFrame
        Columns constraint (its key), value (without it), price (by how much that is better,
        never below 0), proven (whether both are the best there is).
    """
    rows = []
    for each in task.rows:
        freed = replace(task, dropped=(*task.dropped, each.key))
        other = exact(freed, limit_s=limit_s, cancelled=cancelled)
        sign = 1 if task.objective.is_most else -1
        price = max(0.0, sign * (other.value - plan.value))
        proven = plan.proof is Proof.OPTIMAL is other.proof
        rows.append((each.key, other.value, price, proven))
    return pd.DataFrame(rows, columns=["constraint", "value", "price", "proven"])


def unserved(district: District, task: Task) -> pd.DataFrame:
    """Return the residents whom no site that may be open has within reach, by street.

    Returns
    -------
    pandas.DataFrame
        Columns street, residents, places (demand points), most residents first.
    """
    left = ~reachable(task)
    segment = district.demand["segment"].to_numpy()[task.instance.rows[left]]
    names = [street_label(name) or t("unit.unnamed") for name in district.network.segment_name]
    table = pd.DataFrame(
        {
            "street": np.array(names, object)[segment],
            "residents": task.instance.weight[left],
        }
    )
    by_street = table.groupby("street", as_index=False).agg(
        residents=("residents", "sum"), places=("residents", "size")
    )
    return by_street.sort_values(["residents", "street"], ascending=[False, True])


def curve(
    task: Task,
    most: int = MOST_COUNT,
    *,
    limit_s: float = LIMIT_S,
    cancelled: Cancelled | None = None,
) -> pd.DataFrame:
    """Return the best value of each number of new sites, from none up.

    It ends where one more gives nothing.

    Returns
    -------
    pandas.DataFrame
        Columns count, value, covered (share of residents), elbow (True once, where more
        sites begin to give less; see `elbow`), proven.
    """
    rows: list[tuple[int, float, float, bool]] = []
    needed = len(task.constraints.must)
    for count in range(needed, max(most, needed) + 1):
        constraints = replace(task.constraints, count=count)
        plan = exact(replace(task, constraints=constraints), limit_s=limit_s, cancelled=cancelled)
        if rows and plan.value == rows[-1][1]:
            break
        share = plan.figures.covered / float(task.instance.weight.sum())
        rows.append((count, plan.value, share, plan.proof is Proof.OPTIMAL))
    table = pd.DataFrame(rows, columns=["count", "value", "covered", "proven"])
    bend = elbow(table["value"].to_numpy(np.float64))
    return table.assign(elbow=np.arange(len(table)) == bend)


def elbow(values: Floats) -> int:
    """Return where a curve lies farthest from its chord (Satopaa et al. 2011); -1 for none.

    Of a curve whose last value is where it began, or of fewer than three, there is none.
    """
    if len(values) < 3 or not np.isfinite(values).all() or values[0] == values[-1]:  # noqa: PLR2004
        return -1
    risen = (values - values[0]) / (values[-1] - values[0])
    above = risen - np.linspace(0, 1, len(values))
    return int(above.argmax()) if above.max() > 1e-9 else -1  # noqa: PLR2004 - rounding


def pareto(
    task: Task, points: int = 8, *, limit_s: float = LIMIT_S, cancelled: Cancelled | None = None
) -> pd.DataFrame:
    """Return plans of which none is both cheaper and covers as many, at equal steps of cost.

    Parameters
    ----------
    task
        Of coverage; its instance says of whom (for those of 60 and older, one of that
        group). Where the cost of some candidate is not known each counts 1.
    points
        How many steps at most.

    Returns
    -------
    pandas.DataFrame
        Columns cost, covered (residents), opened (ids joined by a blank), proven; by cost.
        Every row is on the front; between the steps the front may have more.
    """
    sites = task.instance.sites
    known = not np.isnan(sites.cost[sites.is_new]).any()
    cost = sites.cost if known else sites.is_new.astype(np.float64)
    instance = replace(task.instance, sites=replace(sites, cost=cost))
    task = replace(task, instance=instance, objective=Objective.COVERAGE)
    rows: dict[tuple[float, float], tuple[str, bool]] = {}
    budget, most = task.constraints.budget, np.inf
    for step in range(points, 0, -1):
        limit = budget if np.isinf(most) else most * step / points
        constraints = replace(task.constraints, budget=limit)
        try_task = replace(task, constraints=constraints)
        if not _affordable(try_task):
            break
        best = exact(try_task, limit_s=limit_s, cancelled=cancelled)
        is_open = _cheapest(try_task, best, cost, limit_s)
        told = figures(instance, is_open)
        most = told.cost if np.isinf(most) else most
        ids = " ".join(np.array(sites.ids, object)[is_open & sites.is_new])
        rows.setdefault((told.cost, told.covered), (ids, best.proof is Proof.OPTIMAL))
    table = [(*key, *value) for key, value in sorted(rows.items())]
    return pd.DataFrame(table, columns=["cost", "covered", "opened", "proven"])


def robustness(
    task: Task,
    plan: SitePlan,
    drawn: Uncertainty,
    *,
    draws: int = DRAWS,
    cancelled: Cancelled | None = None,
) -> pd.DataFrame:
    """Return how often each site is in the best plan, over the draws of uncertainty.

    In each draw existing facilities stand where they were drawn, or are not there, and
    residents live as drawn; candidates stand where they are said to. Coverage decides.

    Parameters
    ----------
    plan
        The plan in question, of coverage.
    drawn
        What `Study.uncertainty` says of the same question.
    draws
        How many of the draws are taken, the first ones.

    Returns
    -------
    pandas.DataFrame
        Columns id, name, share (of the draws whose best plan has it), in_plan; the plan's
        sites first, then by share; ``attrs["kept"]`` is the least share of a draw's best
        gain that the plan itself gives.
    """
    sites = task.instance.sites
    times, kept, done = np.zeros(len(sites.ids)), 1.0, 0
    for instance in _drawn(task, drawn, draws):
        if cancelled is not None and cancelled():
            break
        best = exact(replace(task, instance=instance), limit_s=LIMIT_S, cancelled=cancelled)
        times += best.is_open
        given = float(instance.weight[covered_rows(instance, plan.is_open)].sum())
        kept = min(kept, given / best.value if best.value else 1.0)
        done += 1
    share = times / max(done, 1)
    chosen = sites.is_new & ((share > 0) | plan.is_open)
    table = pd.DataFrame(
        {
            "id": np.array(sites.ids, object)[chosen],
            "name": np.array(sites.names, object)[chosen],
            "share": share[chosen],
            "in_plan": plan.is_open[chosen],
        }
    ).sort_values(["in_plan", "share", "id"], ascending=[False, False, True])
    table.attrs.update(kept=kept, draws=done)
    return table


def _without(task: Task, name: str, limit_s: float, cancelled: Cancelled | None) -> dict[str, Any]:
    """Return the best plan without a site; of one that must be there as if it need not."""
    asked = task.constraints
    constraints = replace(
        asked,
        must=tuple(each for each in asked.must if each != name),
        must_not=(*asked.must_not, name),
    )
    try:
        other = exact(replace(task, constraints=constraints), limit_s=limit_s, cancelled=cancelled)
    except InputError:  # nothing else meets the standard
        return {"value_without": np.nan, "opened_without": ""}
    return {"value_without": other.value, "opened_without": " ".join(other.opened)}


def _affordable(task: Task) -> bool:
    """Whether what must be there can be paid."""
    sites, budget = task.instance.sites, task.constraints.budget
    must = np.isin(sites.ids, task.constraints.must)
    return budget is None or float(sites.cost[must].sum()) <= budget


def _cheapest(task: Task, best: SitePlan, cost: Floats, limit_s: float) -> Bools:
    """Return the cheapest plan that covers as many."""
    residents = residents_of_task(task)
    needed = best.value - residents.already
    if needed <= 0:
        return task.sure
    count = np.where(task.instance.sites.is_new, cost, 0.0)
    solution = fewest(residents, task.rows, needed, Patience(limit_s), best.is_open, count)
    if solution.x is None:
        return best.is_open
    is_open = solution.x[: len(count)] > 0.5  # noqa: PLR2004 - whole numbers
    covered = float(task.instance.weight[covered_rows(task.instance, is_open)].sum())
    cheaper = covered >= best.value and count[is_open].sum() <= count[best.is_open].sum()
    return is_open if cheaper else best.is_open


def _drawn(task: Task, drawn: Uncertainty, draws: int) -> Iterator[Instance]:
    """Yield the instance of each draw: who is covered already counts no more."""
    rows, is_new = task.instance.rows, task.instance.sites.is_new
    count = drawn.homes.shape[1]
    for bits, home in zip(drawn.reached[0][:draws], drawn.home[0], strict=False):
        covered = np.unpackbits(bits, count=count).astype(np.bool_)[rows]
        weight = task.instance.weight * drawn.homes[home][rows] * ~covered
        if weight.sum():
            within = task.instance.within & is_new
            yield replace(task.instance, weight=weight, within=within)
