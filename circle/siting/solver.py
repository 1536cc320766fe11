"""Linear programs with whole numbers, solved by HiGHS: the one user of highspy.

A program is kept as rows that may be added to; what HiGHS says of it comes back with a
bound, so that a solution that was stopped still tells how far off it can be.

References
----------
Huangfu, Q., & Hall, J. A. J. (2018). Parallelizing the dual revised simplex method.
Mathematical Programming Computation 10(1), 119-142.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

import highspy
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from circle.model import Bools, Floats

INFINITE = float(highspy.kHighsInf)
TIGHT = 1e-9
"""Of programs without whole numbers: how far a row may be off, and duals from their sign."""


class Outcome(StrEnum):
    """How a program ended."""

    OPTIMAL = "optimal"
    INFEASIBLE = "infeasible"
    STOPPED = "stopped"


class Row(NamedTuple):
    """One linear condition: ``low <= values · x[columns] <= high``."""

    columns: Sequence[int]
    values: Sequence[float]
    low: float = -INFINITE
    high: float = INFINITE


@dataclass
class Program:
    """Minimise ``cost · x``, each of x within bounds, whole where `whole` says so.

    Attributes
    ----------
    cost, low, high
        Shape (columns,).
    whole
        Shape (columns,): which are whole numbers.
    rows
        The conditions; more may be added.
    """

    cost: Floats
    low: Floats
    high: Floats
    whole: Bools
    rows: list[Row] = field(default_factory=list)


@dataclass(frozen=True, eq=False)
class Solution:
    """What HiGHS found.

    Attributes
    ----------
    x
        Shape (columns,); None where no feasible one is known.
    value, bound
        What `x` costs, and what none can cost less than; infinite where not known.
    duals
        Shape (rows,): by how much the least cost changes with a row's limit; zeros
        where there are whole numbers.
    """

    outcome: Outcome
    x: Floats | None
    value: float
    bound: float
    duals: Floats


class Patience:
    """How long may be searched, and whether somebody stopped it.

    Parameters
    ----------
    limit_s
        Seconds from now.
    cancelled
        Asked now and then whether to stop.
    """

    def __init__(self, limit_s: float, cancelled: Callable[[], bool] | None = None) -> None:
        self._end = time.monotonic() + limit_s
        self._cancelled = cancelled or _never

    @property
    def left_s(self) -> float:
        """Seconds that are left."""
        return max(0.0, self._end - time.monotonic())

    @property
    def is_over(self) -> bool:
        """Whether to stop now."""
        return self.left_s <= 0 or self._cancelled()


def _never() -> bool:
    return False


class _Quiet(highspy.Highs):
    """HiGHS without its banner, which it prints where callbacks are enabled."""

    def enableCallbacks(self) -> None:  # noqa: N802 - HiGHS's name
        self.setOptionValue("output_flag", False)  # noqa: FBT003 - HiGHS's signature
        super().enableCallbacks()  # type: ignore[no-untyped-call]


def solve(program: Program, patience: Patience, start: Floats | None = None) -> Solution:
    """Solve a program.

    Parameters
    ----------
    program
        The program.
    patience
        When to stop.
    start
        A solution to begin with, shape (columns,); one that is not feasible does no harm.
    """
    if patience.is_over:
        return Solution(Outcome.STOPPED, None, np.inf, -np.inf, np.zeros(len(program.rows)))
    highs = _Quiet()  # type: ignore[no-untyped-call]
    highs.passModel(_as_model(program))
    highs.setOptionValue("time_limit", patience.left_s)
    highs.setOptionValue("threads", 1)
    for name in ("mip_rel_gap", "mip_abs_gap"):
        highs.setOptionValue(name, 0.0)
    if not program.whole.any():
        for name in ("primal_feasibility_tolerance", "dual_feasibility_tolerance"):
            highs.setOptionValue(name, TIGHT)
    _listen(highs, patience)
    if start is not None:
        given = highspy.HighsSolution()
        given.col_value = start.tolist()
        highs.setSolution(given)
    highs.run()
    return _read(highs, program)


def feasible(program: Program, rows: Iterable[Row]) -> bool:
    """Whether a program with these rows beside its own has any solution."""
    whole = Program(
        np.zeros_like(program.cost),
        program.low,
        program.high,
        program.whole,
        [*program.rows, *rows],
    )
    return solve(whole, Patience(60.0)).outcome is not Outcome.INFEASIBLE


def _listen(highs: highspy.Highs, patience: Patience) -> None:
    def ask(event: highspy.highs.HighsCallbackEvent) -> None:
        if patience.is_over:
            event.interrupt()

    for callback in (highs.cbMipInterrupt, highs.cbSimplexInterrupt, highs.cbIpmInterrupt):
        callback.subscribe(ask)


def _as_model(program: Program) -> highspy.HighsLp:
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(program.cost), len(program.rows)
    model.col_cost_, model.col_lower_, model.col_upper_ = program.cost, program.low, program.high
    model.row_lower_ = np.array([row.low for row in program.rows], np.float64)
    model.row_upper_ = np.array([row.high for row in program.rows], np.float64)
    matrix = model.a_matrix_
    matrix.format_ = highspy.MatrixFormat.kRowwise
    lengths = np.array([len(row.columns) for row in program.rows], np.int32)
    matrix.start_ = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
    columns = [np.asarray(row.columns, np.int32) for row in program.rows]
    values = [np.asarray(row.values, np.float64) for row in program.rows]
    matrix.index_ = np.concatenate(columns) if columns else np.zeros(0, np.int32)
    matrix.value_ = np.concatenate(values) if values else np.zeros(0)
    if program.whole.any():
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        model.integrality_ = [kinds[int(is_whole)] for is_whole in program.whole]
    return model


def _read(highs: highspy.Highs, program: Program) -> Solution:
    status, info = highs.getModelStatus(), highs.getInfo()
    ends = highspy.HighsModelStatus
    solution = highs.getSolution()
    none = np.zeros(len(program.rows))
    if status in {ends.kInfeasible, ends.kUnboundedOrInfeasible}:
        return Solution(Outcome.INFEASIBLE, None, np.inf, np.inf, none)
    whole = bool(program.whole.any())
    known = bool(solution.value_valid) and info.primal_solution_status == _FEASIBLE
    x = np.array(solution.col_value, np.float64) if known else None
    value = np.inf if x is None else float(info.objective_function_value)
    if status in {ends.kOptimal, ends.kModelEmpty}:
        duals = none if whole or not solution.dual_valid else np.array(solution.row_dual)
        return Solution(Outcome.OPTIMAL, x, value, value, duals)
    bound = float(info.mip_dual_bound) if whole else -np.inf
    return Solution(Outcome.STOPPED, x, value, bound, none)


_FEASIBLE = int(highspy.SolutionStatus.kSolutionStatusFeasible)
