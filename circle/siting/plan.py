"""A plan: which sites open, what that gives, and how far from the best it can be."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from circle.errors import InputError
from circle.i18n.rounding import three_figures
from circle.siting import covering, walking
from circle.siting.constraints import (
    Contradiction,
    Named,
    choice,
    conflict,
)
from circle.siting.greedy import Room, greedy_fewest, greedy_most, greedy_worst
from circle.siting.instance import CAP_S, Objective, covered_rows, figures, shortest
from circle.siting.solver import Outcome, Patience, Row, feasible

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from circle.model import Bools, Floats
    from circle.siting.constraints import Constraints
    from circle.siting.greedy import Chosen
    from circle.siting.instance import Figures, Instance
    from circle.siting.task import Task

TIME_LIMIT_S = 60.0
_HALF = 0.5


class Proof(StrEnum):
    """What is known of how good a plan is.

    `GREEDY`: found at once, its bound is proven; `OPTIMAL`: nothing is better; `STOPPED`:
    the search ended before, at its limit of time or because somebody stopped it.
    """

    GREEDY = "greedy"
    OPTIMAL = "optimal"
    STOPPED = "stopped"


@dataclass(frozen=True, eq=False)
class SitePlan:
    """Which sites open, and what that gives.

    Attributes
    ----------
    is_open
        Shape (s,): of the instance's sites, existing ones first.
    value, bound
        What the objective counts (residents covered, sites open, seconds of walking of all
        residents together, seconds of the longest walk), and what no plan can better.
    served
        Shape (s,): residents that each site serves, where seats limit it; else None.
    seconds_taken
        Of computing it.
    """

    objective: Objective
    instance: Instance
    constraints: Constraints
    is_open: Bools
    value: float
    bound: float
    proof: Proof
    served: Floats | None = None
    seconds_taken: float = 0.0

    @property
    def opened(self) -> tuple[str, ...]:
        """Ids of the candidates that open."""
        return self._ids(self.is_open & self.instance.sites.is_new)

    @property
    def closed(self) -> tuple[str, ...]:
        """Ids of the existing facilities that close."""
        return self._ids(~self.is_open & ~self.instance.sites.is_new)

    @property
    def gap(self) -> float:
        """By what share of its value the plan may be bettered; infinite where not known."""
        if self.bound == self.value:
            return 0.0
        known = bool(self.value) and np.isfinite(self.value)
        return abs(self.bound - self.value) / abs(self.value) if known else np.inf

    @property
    def figures(self) -> Figures:
        """What the plan gives, seats aside."""
        return figures(self.instance, self.is_open)

    def _ids(self, which: Bools) -> tuple[str, ...]:
        return tuple(self.instance.sites.ids[row] for row in np.flatnonzero(which))


def check(task: Task) -> None:
    """Refuse a task that no plan can fulfil, and say why.

    Raises
    ------
    InputError
        When constraints contradict each other (named), when seats are to limit another
        objective than coverage, when the share is none, when nobody is to be served, when
        sites that may open reach too few for the standard.
    """
    if not 0 < task.share <= 1:
        raise InputError("site_number", name="share", value=task.share)
    if task.seats and task.objective is not Objective.COVERAGE:
        raise InputError("site_seats")
    if not task.instance.weight.sum():
        raise InputError("site_nobody")
    rows = task.rows
    if not feasible(choice(task.instance.sites), [row for each in rows for row in each.rows]):
        raise InputError("site_contradiction", names=_told(task, rows))
    if task.objective is Objective.FEWEST and most_covered(task) < _needed(task):
        raise _unreachable(task)


def greedy(task: Task) -> SitePlan:
    """Return a plan at once, with a bound that is proven; see `circle.siting.greedy`.

    Raises
    ------
    InputError
        See `check`.
    """
    began = time.monotonic()
    check(task)
    chosen = _greedy(task)
    is_open = _tidied(task, chosen.is_open)
    plan = _plan(task, is_open, chosen.bound, Proof.GREEDY)
    if task.objective is Objective.FEWEST and _covered(plan) < _needed(task):
        plan = replace(plan, value=np.inf)
    if task.seats:
        served = _served_by(task, is_open)
        plan = replace(plan, value=float(served.sum()), served=served)
    return replace(plan, seconds_taken=time.monotonic() - began)


def exact(
    task: Task,
    *,
    limit_s: float = TIME_LIMIT_S,
    cancelled: Callable[[], bool] | None = None,
    start: SitePlan | None = None,
) -> SitePlan:
    """Return the best plan, or the best found when time ran out or somebody stopped it.

    Parameters
    ----------
    task
        What is asked for.
    limit_s
        Seconds to search.
    cancelled
        Asked now and then whether to stop.
    start
        A plan to begin with; by default the greedy one.

    Raises
    ------
    InputError
        See `check`; when no plan meets the standard, with the residents that make it so.
    """
    began = time.monotonic()
    patience = Patience(limit_s, cancelled)
    first = start or greedy(task)
    if task.seats:
        plan = _served(task, patience, first)
    elif task.objective is Objective.COVERAGE:
        plan = _largest(task, patience, first)
    elif task.objective is Objective.FEWEST:
        plan = _fewest(task, patience, first)
    elif task.objective is Objective.WALKING:
        plan = _median(task, patience, first)
    else:
        plan = _centre(task, patience, first)
    return replace(plan, seconds_taken=time.monotonic() - began)


def _greedy(task: Task) -> Chosen:
    instance, rows = task.instance, task.rows
    room = Room(len(task.sure), rows, task.sure)
    if task.objective is Objective.FEWEST:
        return greedy_fewest(instance.within, instance.weight, room, _needed(task))
    if task.objective is Objective.WORST:
        return greedy_worst(_with_way(task), room)
    chosen = greedy_most(_gain(task), instance.weight, room, _most_opened(task))
    if task.objective is Objective.COVERAGE:
        return chosen
    return chosen._replace(bound=_unsaved(task) - chosen.bound)


def _most_opened(task: Task) -> int:
    """Return how many sites any plan opens at most beside those that are sure."""
    for each in task.rows:
        if each.key == "count":
            row = each.rows[0]
            return int(row.high) - int(task.sure[list(row.columns)].sum())
    return len(task.sure)


def _gain(task: Task) -> Floats:
    """Return what each site gives each resident: 1 within reach, or the seconds saved."""
    possible = task.possible
    if task.objective is Objective.COVERAGE:
        return (task.instance.within & possible).astype(np.float64)
    saved = np.maximum(_before(task)[:, None] - task.instance.seconds, 0.0)
    return np.where(possible, saved, 0.0)


def _unsaved(task: Task) -> float:
    """Return the seconds that are walked where only what is sure is open."""
    return float(task.instance.weight @ _before(task))


def _before(task: Task) -> Floats:
    """Return each resident's seconds where only what is sure is open, at most the cap."""
    return np.minimum(shortest(task.instance, task.sure), CAP_S)


def _needed(task: Task) -> float:
    """Return how many residents are to be covered."""
    return float(task.instance.weight.sum()) * task.share * (1 - 1e-9)


def _covered(plan: SitePlan) -> float:
    return float(plan.instance.weight[covered_rows(plan.instance, plan.is_open)].sum())


def _with_way(task: Task) -> Floats:
    """Return the walks of those who have a way to a site that may be open."""
    walks = np.where(task.possible, task.instance.seconds, np.inf)
    return walks[np.isfinite(walks).any(axis=1) & (task.instance.weight > 0)]


def _value(task: Task, is_open: Bools) -> float:
    instance = task.instance
    if task.objective is Objective.COVERAGE:
        return float(instance.weight[covered_rows(instance, is_open)].sum())
    if task.objective is Objective.FEWEST:
        return float(is_open.sum())
    if task.objective is Objective.WALKING:
        return float(instance.weight @ np.minimum(shortest(instance, is_open), CAP_S))
    return float(_with_way(task)[:, is_open].min(axis=1, initial=np.inf).max(initial=0.0))


def _plan(task: Task, is_open: Bools, bound: float, proof: Proof) -> SitePlan:
    value = _value(task, is_open)
    better = max if task.objective.is_most else min
    if proof is Proof.OPTIMAL:
        bound = value
    return SitePlan(
        task.objective,
        task.instance,
        task.constraints,
        is_open,
        value,
        better(bound, value),
        proof,
    )


def _tidied(task: Task, is_open: Bools) -> Bools:
    """Open again what was closed for nothing, and leave out new sites that give nothing."""
    if task.objective is Objective.FEWEST:
        return is_open
    room = Room(len(is_open), task.rows, is_open)
    for site in np.flatnonzero(~is_open & ~task.instance.sites.is_new):
        if room.fits[site]:
            room.open(int(site))
    kept, value = room.is_open, _value(task, room.is_open)
    for site in np.flatnonzero(kept & task.instance.sites.is_new & ~task.sure):
        fewer = kept.copy()
        fewer[site] = False
        if _value(task, fewer) == value:
            kept = fewer
    return kept


def _proof(outcome: Outcome) -> Proof:
    return Proof.OPTIMAL if outcome is Outcome.OPTIMAL else Proof.STOPPED


def _largest(task: Task, patience: Patience, first: SitePlan) -> SitePlan:
    residents = residents_of_task(task)
    solution = covering.largest(residents, task.rows, patience, first.is_open)
    is_open = _better(task, first.is_open, solution.x)
    bound = min(first.bound, residents.already - solution.bound)
    return _plan(task, is_open, bound, _proof(solution.outcome))


def _served(task: Task, patience: Patience, first: SitePlan) -> SitePlan:
    """Return the plan that serves most; its value is served, not only covered."""
    instance = task.instance
    residents = covering.merged(instance.weight, instance.within, np.zeros_like(task.sure))
    solution, served = covering.largest_served(
        residents.weight, residents.covers, instance.sites.seats, task.rows, patience
    )
    value, proof = float(served.sum()), _proof(solution.outcome)
    bound = value if proof is Proof.OPTIMAL else min(first.bound, -solution.bound)
    if solution.x is None or value < first.value:
        return replace(first, bound=max(bound, first.value), proof=proof)
    plan = _plan(task, solution.x[: len(task.sure)] > _HALF, 0.0, proof)
    return replace(plan, value=value, bound=max(bound, value), served=served)


def _served_by(task: Task, is_open: Bools) -> Floats:
    """Return how many each of some open sites serves with its seats, of all together most."""
    instance, patience = task.instance, Patience(TIME_LIMIT_S)
    residents = covering.merged(instance.weight, instance.within, np.zeros_like(task.sure))
    rows = tuple(Row([site], [1.0], at, at) for site, at in enumerate(is_open.astype(float)))
    chosen = Named("chosen", rows, ("",) * len(rows))
    _, served = covering.largest_served(
        residents.weight, residents.covers, instance.sites.seats, [chosen], patience
    )
    return served


def _fewest(task: Task, patience: Patience, first: SitePlan) -> SitePlan:
    residents = residents_of_task(task)
    needed = _needed(task) - residents.already
    if needed <= 0:
        return _plan(task, task.sure, 0.0, Proof.OPTIMAL)
    start = first.is_open if np.isfinite(first.value) else task.sure
    solution = covering.fewest(residents, task.rows, needed, patience, start)
    if solution.outcome is Outcome.INFEASIBLE:
        standard = covering.standard_rows(residents)
        raise InputError("site_contradiction", names=_told(task, task.rows, standard))
    if solution.x is None:
        return replace(first, proof=Proof.STOPPED)
    is_open = solution.x[: len(task.sure)] > _HALF
    if first.value <= is_open.sum():
        is_open = first.is_open
    bound = max(first.bound, np.ceil(solution.bound - 1e-6))
    return _plan(task, is_open, bound, _proof(solution.outcome))


def _median(task: Task, patience: Patience, first: SitePlan) -> SitePlan:
    before = _unsaved(task)
    found = walking.most_saved(
        _gain(task), task.instance.weight, task.rows, patience, first.is_open
    )
    is_open = _tidied(task, found.is_open)
    return _plan(task, is_open, max(first.bound, before - found.bound), _proof(found.outcome))


def _centre(task: Task, patience: Patience, first: SitePlan) -> SitePlan:
    found = walking.shortest_worst(_with_way(task), task.sure, task.rows, patience, first.is_open)
    is_open = _tidied(task, found.is_open)
    return _plan(task, is_open, max(first.bound, found.bound), _proof(found.outcome))


def residents_of_task(task: Task) -> covering.Merged:
    """Return the residents whom a choice can still cover, equal cover sets as one."""
    return covering.merged(task.instance.weight, task.instance.within & task.possible, task.sure)


def _better(task: Task, first: Bools, x: Floats | None) -> Bools:
    """Return the better of a plan and what the solver found, tidied."""
    if x is None:
        return first
    is_open = _tidied(task, x[: len(first)] > _HALF)
    return is_open if _value(task, is_open) >= _value(task, first) else first


def _unreachable(task: Task) -> InputError:
    """Return that a standard cannot be met, with the residents whom no site serves."""
    unserved = ~reachable(task)
    residents = float(task.instance.weight[unserved].sum())
    return InputError(
        "site_unreachable", residents=three_figures(residents), places=int(unserved.sum())
    )


def reachable(task: Task) -> Bools:
    """Return whom any site that may be open has within reach, shape (m,)."""
    reached = (task.instance.within & task.possible).any(axis=1)
    served: Bools = reached | (task.instance.weight <= 0)
    return served


def most_covered(task: Task) -> float:
    """Return how many residents would be covered were every site open that may be."""
    return float(task.instance.weight[reachable(task)].sum())


def _told(task: Task, rows: Sequence[Named], standard: Sequence[Row] = ()) -> Contradiction:
    """Return the constraints that cannot hold together."""
    asked = [Named("standard", tuple(standard), ("",) * len(standard))] if standard else []
    return Contradiction(conflict(task.instance.sites, [*rows, *asked]))
