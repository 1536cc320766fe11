"""Cases, the time they take, and whether the answers agree."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

REPEAT = 25
BUDGET_S = 20.0
OURS = "circle"


@dataclass(frozen=True)
class Case:
    """One piece of work, done by each side.

    Attributes
    ----------
    name
        What is computed.
    ours
        Our engine's call, without arguments; None while there is none.
    peers
        The same of each peer, by name.

    Calls that return arrays of one shape (metres) are compared; what else they
    return is not.
    """

    name: str
    ours: Callable[[], object] | None
    peers: dict[str, Callable[[], object]]


@dataclass(frozen=True)
class Row:
    """One line of the table: `differs_m` is against the first of the case."""

    case: str
    who: str
    ms: float
    differs_m: float | None


def median_ms(
    func: Callable[[], object], repeat: int = REPEAT, budget_s: float = BUDGET_S
) -> float:
    """Return the median time of a call, in milliseconds.

    The first call warms up and does not count, unless it alone takes the budget.

    Parameters
    ----------
    func
        The call.
    repeat
        Calls that count, at most.
    budget_s
        No call is begun when this much time has passed.

    Returns
    -------
    float
        Milliseconds.
    """
    begin = time.perf_counter()
    times = [_seconds(func)]
    if times[0] < budget_s:
        times = [_seconds(func)]
    while len(times) < repeat and time.perf_counter() - begin < budget_s:
        times.append(_seconds(func))
    return statistics.median(times) * 1000


def measure(case: Case) -> list[Row]:
    """Time every side of a case, ours first."""
    sides = {OURS: case.ours, **case.peers} if case.ours else dict(case.peers)
    rows: list[Row] = []
    reference: object = None
    for who, func in sides.items():
        if func is None:
            continue
        start = time.perf_counter()
        answer = func()
        first_s = time.perf_counter() - start
        reference = answer if reference is None else reference
        differs = None if reference is answer else largest_difference(reference, answer)
        ms = median_ms(func) if first_s < BUDGET_S else first_s * 1000
        rows.append(Row(case.name, who, ms, differs))
    return rows


def largest_difference(one: object, other: object) -> float | None:
    """Return the largest difference of two arrays; infinite where only one reaches.

    Returns
    -------
    float or None
        Metres; None where the two are no arrays of one shape.
    """
    if not (isinstance(one, np.ndarray) and isinstance(other, np.ndarray)):
        return None
    if one.shape != other.shape:
        return None
    reached = np.isfinite(one)
    if not np.array_equal(reached, np.isfinite(other)):
        return float("inf")
    return float(np.abs(one[reached] - other[reached]).max(initial=0.0))


def table(rows: Iterable[Row]) -> str:
    """Return the rows as a Markdown table."""
    lines = ["| work | by | median, ms | largest difference, m |", "| --- | --- | ---: | ---: |"]
    for row in rows:
        differs = "–" if row.differs_m is None else f"{row.differs_m:.2f}"
        lines.append(f"| {row.case} | {row.who} | {_figure(row.ms)} | {differs} |")
    return "\n".join(lines)


def _seconds(func: Callable[[], object]) -> float:
    start = time.perf_counter()
    func()
    return time.perf_counter() - start


def _figure(ms: float) -> str:
    return f"{ms:,.0f}" if ms >= 100 else f"{ms:.3g}"  # noqa: PLR2004 - three figures are enough
