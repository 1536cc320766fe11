r"""The best plan for one budget, exactly.

With $x_k$ whether measure $k$ is chosen, client $i$ with the time $T$ less its stairs
$T - v_i$, or with the lift $\ell(i)$ of its doorway $T - v'_i$, has $A_i$, the street measures
by which it is in time as it is, and $B_i \supseteq A_i$, those with the lift:

$$ \max \sum_i w_i y_i, \quad
   y_i \le \sum_{k \in A_i} x_k + z_i, \quad z_i \le x_{\ell(i)}, \quad
   z_i \le \sum_{k \in B_i \setminus A_i} x_k, \quad \sum_k c_k x_k \le C , $$

a covering as of Church & ReVelle (1974) in which one service takes two measures together.
The streets as they are count as a measure that is chosen in any plan. Clients of one doorway
with the same sets are one. Of all plans that serve most the cheapest is told: it is asked for
in a second program; the least money for a share of residents is the same program the other
way round.

References
----------
Church, R., & ReVelle, C. (1974). The maximal covering location problem. Papers of the
Regional Science Association 32, 101-118.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from circle.budget.nouns import Budget, Goal, Plan, Rules
from circle.errors import InputError, UnknownNameError
from circle.siting.solver import Outcome, Patience, Program, Row, solve

if TYPE_CHECKING:
    from circle.model import Bools, Floats

LIMIT_S = 60.0
POINTS = 10
"""Points of the front between no money and the budget."""
_NOISE = 1e-6
_TOLD = 20


class Client(NamedTuple):
    """Clients that the same measures serve: with `plain` alone, with `by_lift` and the lift."""

    weight: float
    lift: int
    plain: tuple[int, ...]
    by_lift: tuple[int, ...]
    lift_alone: bool


class Price(NamedTuple):
    """What a rule costs: residents and money of the best plan without it, less those with it."""

    rule: str
    served: float
    cost: float


def best(
    budget: Budget,
    goal: Goal,
    rules: Rules,
    share: float = 1.0,
    patience: Patience | None = None,
) -> Plan:
    """Return the best plan.

    Parameters
    ----------
    share
        Of `Goal.LEAST`: what share of residents is to be served.

    Raises
    ------
    InputError
        When a number is out of range, or no plan keeps the rules.
    UnknownNameError
        When an id is none of the measures'.
    """
    _check(budget, rules, share)
    patience = patience or Patience(LIMIT_S)
    clients, already = merged(budget)
    if goal is Goal.MOST:
        return _most(budget, rules, clients, already, patience)
    needed = share * budget.everyone - already
    program = _program(budget, rules, clients, money=True)
    program.rows.append(_served_row(budget, clients, needed))
    solution = solve(program, patience)
    if solution.outcome is Outcome.INFEASIBLE:
        raise InputError("budget_share", share=f"{share:.1%}")
    if solution.x is None:
        raise InputError("budget_time", seconds=f"{LIMIT_S:g}")
    return _plan(budget, goal, solution.x, solution.bound, solution.outcome)


def _most(
    budget: Budget, rules: Rules, clients: list[Client], already: float, patience: Patience
) -> Plan:
    program = _program(budget, rules, clients, money=False)
    solution = solve(program, patience)
    if solution.outcome is Outcome.INFEASIBLE:
        raise InputError("budget_rules")
    if solution.x is None:
        raise InputError("budget_time", seconds=f"{LIMIT_S:g}")
    bound, x, outcome = already - solution.bound, solution.x, solution.outcome
    cheaper = _program(budget, rules, clients, money=True)
    cheaper.rows.append(_served_row(budget, clients, -solution.value))
    cheapest = solve(cheaper, patience, x)
    if cheapest.x is not None:
        x = cheapest.x
    if cheapest.outcome is not Outcome.OPTIMAL:
        outcome = Outcome.STOPPED
    return _plan(budget, Goal.MOST, x, bound, outcome)


def front(budget: Budget, rules: Rules, patience: Patience | None = None) -> list[Plan]:
    """Return the plans that serve most for `POINTS` parts of the money, the cheapest first.

    Each serves more than the one before: no plan serves as many for less.
    """
    most = float(budget.cost.sum()) if rules.money is None else rules.money
    patience = patience or Patience(LIMIT_S)
    plans: list[Plan] = []
    forced = float(budget.cost[_fixed(budget, rules)[0] > 0].sum())
    for part in np.linspace(forced, most, POINTS + 1):
        if patience.is_over or forced > most:
            break
        some = Rules(float(part), rules.protected, rules.must, rules.must_not)
        plan = best(budget, Goal.MOST, some, patience=patience)
        if not plans or plan.served > plans[-1].served + _NOISE:
            plans.append(plan)
    return plans


def prices(
    budget: Budget, plan: Plan, rules: Rules, share: float = 1.0, patience: Patience | None = None
) -> list[Price]:
    """Return what each rule beside the money costs, by the best plan without it."""
    patience = patience or Patience(LIMIT_S)
    told = []
    for name in rules.named:
        if patience.is_over:
            break
        other = best(budget, plan.goal, rules.without(name), share, patience)
        told.append(Price(name, other.served - plan.served, other.cost - plan.cost))
    return told


def merged(budget: Budget) -> tuple[list[Client], float]:
    """Return clients that a plan decides on, equal ones as one, and who is served anyway.

    Those that no measure serves are left out.
    """
    plain = budget.street_s + budget.stairs_s[:, None] <= budget.limit_s
    by_lift = (budget.street_s + budget.lift_s[:, None] <= budget.limit_s) & ~plain
    by_lift &= budget.lift[:, None] >= 0
    already = float(budget.weight[plain[:, 0]].sum())
    weights: dict[tuple[int, tuple[int, ...], tuple[int, ...], bool], float] = {}
    for row in np.flatnonzero(~plain[:, 0] & (budget.weight > 0)):
        sets = tuple(np.flatnonzero(each[row, 1:]).tolist() for each in (plain, by_lift))
        alone = bool(by_lift[row, 0])
        lift = int(budget.lift[row]) if sets[1] or alone else -1
        if sets[0] or lift >= 0:
            key = (lift, tuple(sets[0]), tuple(sets[1]), alone)
            weights[key] = weights.get(key, 0.0) + float(budget.weight[row])
    return [Client(weight, *key) for key, weight in weights.items()], already


def _program(budget: Budget, rules: Rules, clients: list[Client], *, money: bool) -> Program:
    """Return columns: a measure each, a client each (y), and (z) one each that takes two.

    Either the money is least, or the residents are most.
    """
    measures, count = len(budget.measures), len(clients)
    two = [n for n, each in enumerate(clients) if each.lift >= 0 and not each.lift_alone]
    columns = max(measures + count + len(two), 1)  # a program has a column, if of nothing
    cost = np.zeros(columns)
    if money:
        cost[:measures] = budget.cost
    else:
        cost[measures : measures + count] = [-each.weight for each in clients]
    low, high = np.zeros(columns), np.ones(columns)
    low[:measures], high[:measures] = _fixed(budget, rules)
    program = Program(cost, low, high, np.arange(columns) < measures)
    if rules.money is not None:
        spent = Row(list(range(measures)), budget.cost.tolist(), high=rules.money)
        program.rows.append(spent)
    both = {n: measures + count + place for place, n in enumerate(two)}
    for n, client in enumerate(clients):
        program.rows += _rows(client, measures + n, both.get(n))
    return program


def _rows(client: Client, served: int, both: int | None) -> list[Row]:
    """Return when a client is served."""
    by = list(client.plain)
    if client.lift >= 0:
        by.append(client.lift if both is None else both)
    rows = [_at_most(served, by)]
    if both is not None:
        rows += [_at_most(both, [client.lift]), _at_most(both, list(client.by_lift))]
    return rows


def _at_most(column: int, by: list[int]) -> Row:
    return Row([column, *by], [1.0] + [-1.0] * len(by), high=0.0)


def _served_row(budget: Budget, clients: list[Client], needed: float) -> Row:
    measures = len(budget.measures)
    columns = list(range(measures, measures + len(clients)))
    return Row(columns, [each.weight for each in clients], low=needed - _NOISE)


def _fixed(budget: Budget, rules: Rules) -> tuple[Floats, Floats]:
    """Return the least and most that each measure may be, 0 or 1."""
    ids = [each.id for each in budget.measures]
    must = np.isin(ids, rules.must)
    out = np.isin(ids, rules.must_not)
    if rules.protected:
        out |= np.array([each.protected for each in budget.measures], np.bool_)
    if (must & out).any():
        raise InputError("budget_rules")
    return must.astype(np.float64), (~out).astype(np.float64)


def _plan(budget: Budget, goal: Goal, x: Floats, bound: float, outcome: Outcome) -> Plan:
    chosen: Bools = x[: len(budget.measures)] > 0.5  # noqa: PLR2004 - whole numbers
    optimal = outcome is Outcome.OPTIMAL
    served, cost = budget.value(chosen), float(budget.cost[chosen].sum())
    value = served if goal is Goal.MOST else cost
    if optimal:
        bound = value
    return Plan(goal, chosen, served, cost, bound, optimal)


def _check(budget: Budget, rules: Rules, share: float) -> None:
    if rules.money is not None and not 0 <= rules.money < np.inf:
        raise InputError("site_number", name="budget", value=rules.money)
    if not 0 < share <= 1:
        raise InputError("site_number", name="share", value=share)
    known = [each.id for each in budget.measures]
    for name in (*rules.must, *rules.must_not):
        if name not in known:
            told = ", ".join(known[:_TOLD]) + (" …" if len(known) > _TOLD else "")
            raise UnknownNameError("budget_measure", name=name, known=told or "–")
