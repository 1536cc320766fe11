r"""Least walking and shortest worst walk, exactly.

**p-median** (Hakimi 1964) as saving: with $b_{ij}$ the seconds that site $j$ saves resident
$i$, $\sum_i w_i \theta_i$ is maximised. For integer $x$ and any threshold $v \ge 0$,

$$ \theta_i \le v + \sum_j \max(0, b_{ij} - v)\, x_j , $$

and the best saving of the open sites is the least of these. The conditions are added where a
solution breaks them, first without whole numbers, then with them (Benders; for this problem
Duran-Mateluna, Ales & Elloumi 2023); what is left out only lets the program promise more, so
its value is a bound all the way.

**p-centre**: the longest walk is one of the matrix, and by bisection the least of them for
which a covering exists (Minieka 1970).

References
----------
Duran-Mateluna, C., Ales, Z., & Elloumi, S. (2023). An efficient Benders decomposition for
the p-median problem. European Journal of Operational Research 308(1), 84-96.

Hakimi, S. L. (1964). Optimum locations of switching centers and the absolute centers and
medians of a graph. Operations Research 12(3), 450-459.

Minieka, E. (1970). The m-center problem. SIAM Review 12(1), 138-139.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from circle.siting.covering import merged, standard_rows
from circle.siting.solver import Outcome, Program, Row, solve

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circle.model import Bools, Floats
    from circle.siting.constraints import Named
    from circle.siting.solver import Patience

_BROKEN = 1e-6
"""A condition that is broken by less is kept, in seconds."""


class Found(NamedTuple):
    """The best plan, what it gives, and what none can better."""

    is_open: Bools
    value: float
    bound: float
    outcome: Outcome


def most_saved(
    saved: Floats,
    weight: Floats,
    constraints: Sequence[Named],
    patience: Patience,
    start: Bools,
) -> Found:
    """Return the plan that saves most, by conditions added where they are broken.

    Parameters
    ----------
    saved
        Shape (m, s): what each site saves each resident, at least 0.
    weight
        Shape (m,): residents.
    start
        Shape (s,): a plan that keeps the constraints.
    """
    search = _Search(saved, weight, constraints, start)
    for whole in (False, True):
        while search.gap > 0 and not patience.is_over:
            if not search.round(patience, whole=whole):
                break
    outcome = Outcome.OPTIMAL if search.gap <= 0 else Outcome.STOPPED
    return Found(search.best, search.value, max(search.bound, search.value), outcome)


class _Search:
    """The conditions so far, the best plan, and the bound."""

    def __init__(
        self, saved: Floats, weight: Floats, constraints: Sequence[Named], start: Bools
    ) -> None:
        lives = (weight > 0) & (saved > 0).any(axis=1)
        self.saved, self.weight = saved[lives], weight[lives]
        self.count = len(start)
        most = self.saved.max(axis=1, initial=0.0)
        total = self.count + len(most)
        self.program = Program(
            cost=np.concatenate([np.zeros(self.count), -self.weight]),
            low=np.zeros(total),
            high=np.concatenate([np.ones(self.count), most]),
            whole=np.zeros(total, np.bool_),
            rows=[row for each in constraints for row in each.rows],
        )
        self.order = np.argsort(-self.saved, axis=1, kind="stable")
        self.best, self.value = start, self._saving(start)
        self.bound = float(self.weight @ most)
        self._cut(start.astype(np.float64), np.full(len(most), np.inf))

    @property
    def gap(self) -> float:
        """What a plan might still save more, 0 where it is no more than rounding."""
        gap = self.bound - self.value
        return gap if gap > 1e-7 * max(1.0, abs(self.bound)) else 0.0

    def round(self, patience: Patience, *, whole: bool) -> bool:
        """Solve once and add what is broken; whether anything came of it."""
        self.program.whole[: self.count] = whole
        start = None
        if whole:
            best = self.saved[:, self.best].max(axis=1, initial=0.0)
            start = np.concatenate([self.best.astype(np.float64), best])
        solution = solve(self.program, patience, start)
        if np.isfinite(solution.bound):
            self.bound = min(self.bound, -solution.bound)
        if solution.x is None:
            return False
        chosen, promised = solution.x[: self.count], solution.x[self.count :]
        is_open = chosen > 0.5  # noqa: PLR2004 - whole numbers, but for rounding
        if (np.abs(chosen - is_open) < _BROKEN).all():
            saving = self._saving(is_open)
            if saving > self.value:
                self.best, self.value = is_open, saving
            chosen = is_open.astype(np.float64)
        return self._cut(chosen, promised) and solution.outcome is Outcome.OPTIMAL

    def _saving(self, is_open: Bools) -> float:
        return float(self.weight @ self.saved[:, is_open].max(axis=1, initial=0.0))

    def _cut(self, chosen: Floats, promised: Floats) -> bool:
        """Add each resident's tightest condition where what is promised breaks it."""
        ranked = chosen[self.order]
        reached = ranked.cumsum(axis=1) >= 1 - 1e-9
        at = np.where(reached.any(axis=1), reached.argmax(axis=1), self.count - 1)
        rows = np.arange(len(at))
        values = np.take_along_axis(self.saved, self.order, axis=1)
        level = np.where(reached.any(axis=1), values[rows, at], 0.0)
        extra = (np.maximum(values - level[:, None], 0.0) * ranked).sum(axis=1)
        broken = np.flatnonzero(promised > level + extra + _BROKEN)
        for row in broken:
            above = np.flatnonzero(self.saved[row] > level[row])
            factors = [*(level[row] - self.saved[row, above]).tolist(), 1.0]
            columns = [*above.tolist(), self.count + int(row)]
            self.program.rows.append(Row(columns, factors, high=float(level[row])))
        return bool(len(broken))


def shortest_worst(
    seconds: Floats,
    is_sure: Bools,
    constraints: Sequence[Named],
    patience: Patience,
    start: Bools,
) -> Found:
    """Return the plan with the shortest longest walk.

    Parameters
    ----------
    seconds
        Shape (m, s), of residents who have a way to a site that may be open.
    is_sure
        Shape (s,): sites that are open in any plan.
    start
        Shape (s,): a plan that keeps the constraints.
    """
    best, value = start, _longest(seconds, start)
    limits = np.unique(seconds)
    least = float(seconds.min(axis=1, initial=np.inf).max(initial=0.0))
    limits = limits[(limits >= least) & (limits < value)]
    low = 0
    high = len(limits)
    while low < high and not patience.is_over:
        middle = (low + high) // 2
        plan = _covering(seconds <= limits[middle], is_sure, constraints, patience, start)
        if plan is None and patience.is_over:
            break
        if plan is None:
            low = middle + 1
        else:
            best, value = plan, _longest(seconds, plan)
            high = int(np.searchsorted(limits, value))
    bound = value if low >= high else float(limits[low])
    return Found(best, value, bound, Outcome.OPTIMAL if low >= high else Outcome.STOPPED)


def _covering(
    within: Bools,
    is_sure: Bools,
    constraints: Sequence[Named],
    patience: Patience,
    start: Bools,
) -> Bools | None:
    """Return a plan by which everybody is within a limit; None where there is none."""
    if not within.any(axis=1).all():
        return None
    residents = merged(np.ones(len(within)), within, is_sure)
    count = len(start)
    program = Program(
        np.ones(count),
        np.zeros(count),
        np.ones(count),
        np.ones(count, np.bool_),
        [*(row for each in constraints for row in each.rows), *standard_rows(residents)],
    )
    solution = solve(program, patience)
    return None if solution.x is None else solution.x > 0.5  # noqa: PLR2004 - whole numbers


def _longest(seconds: Floats, is_open: Bools) -> float:
    return float(seconds[:, is_open].min(axis=1, initial=np.inf).max(initial=0.0))
