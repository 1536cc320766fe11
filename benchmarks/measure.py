"""Cases, the time they take, whether the answers agree, and the aims."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    Work = Callable[[], object]

REPEAT = 25
BUDGET_S = 20.0
LEAST_INSIDE, MOST_FALSE = 0.995, 0.06
"""Aims for our polygons: reachable street inside, unreachable street inside."""


class Quality(NamedTuple):
    """How well polygons keep to the streets.

    Attributes
    ----------
    inside, false
        Share of the length of reachable street that is inside, and of the
        length inside that is out of reach; of all limits together.
    least_inside, most_false
        The same of the worst limit.
    """

    inside: float
    false: float
    least_inside: float
    most_false: float


@dataclass(frozen=True)
class Aim:
    """How many times as long as we a peer shall take; `why` explains a miss."""

    peer: str
    times: float
    why: str = ""


@dataclass(frozen=True)
class Case:
    """One piece of work, done by each side.

    Attributes
    ----------
    name
        What is computed.
    ours
        Our engine's calls, without arguments; the first is what ratios and
        differences are against.
    peers
        The same of each peer, by name.
    aims
        Of this case.
    answer
        What our calls return → metres, an array as the peers return it.
    quality
        What a side (by its name) returned → how well polygons keep to the
        streets.
    """

    name: str
    ours: Mapping[str, Work]
    peers: Mapping[str, Work]
    aims: Sequence[Aim] = ()
    answer: Callable[[object], object] = field(default=lambda found: found)
    quality: Callable[[str, object], Quality] | None = None


@dataclass(frozen=True)
class Row:
    """One line of the table; `times`, `differs_m` and `aim` are against our first."""

    case: str
    who: str
    ms: float
    times: float
    differs_m: float | None
    quality: Quality | None = None
    aim: Aim | None = None

    @property
    def met(self) -> bool:
        """Whether the row's aim, if any, is met."""
        return self.aim is None or self.times >= self.aim.times


def median_ms(func: Work, repeat: int = REPEAT, budget_s: float = BUDGET_S) -> float:
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
    aims = {aim.peer: aim for aim in case.aims}
    rows: list[Row] = []
    reference: object = None
    for who, func in {**case.ours, **case.peers}.items():
        start = time.perf_counter()
        found = func()
        first_s = time.perf_counter() - start
        ms = median_ms(func) if first_s < BUDGET_S else first_s * 1000
        answer = case.answer(found) if who in case.ours else found
        differs = largest_difference(reference, answer) if rows else None
        reference = reference if rows else answer
        quality = case.quality(who, found) if case.quality else None
        times = ms / rows[0].ms if rows else 1.0
        rows.append(Row(case.name, who, ms, times, differs, quality, aims.get(who)))
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
    head = (
        "work | by | median, ms | × ours | aim | largest difference, m "
        "| reachable inside | unreachable inside"
    )
    lines = [f"| {head} |", "| --- | --- | ---: | ---: | --- | ---: | ---: | ---: |"]
    for row in rows:
        differs = "–" if row.differs_m is None else f"{row.differs_m:.2f}"
        shares = _shares(row.quality) if row.quality else ["–", "–"]
        cells = [row.case, row.who, _figure(row.ms), _figure(row.times), _aim(row), differs]
        lines.append(f"| {' | '.join([*cells, *shares])} |")
    return "\n".join(lines)


def missed(rows: Iterable[Row]) -> str:
    """Return the aims that the rows miss, with the reasons, as a Markdown list."""
    lines = []
    for row in rows:
        if row.aim and not row.met:
            said = f"{_figure(row.times)} times {row.who} instead of {_figure(row.aim.times)}"
            lines.append(f"- {row.case}: {said}. {row.aim.why}".rstrip())
        if row.quality and row.times == 1.0 and not _drawn_well(row.quality):
            lines.append(f"- {row.case}: the polygons do not keep to their error.")
    return "\n".join(lines) or "None."


def _aim(row: Row) -> str:
    if row.aim:
        return f"≥ {_figure(row.aim.times)}: {'met' if row.met else '**missed**'}"
    if row.quality and row.times == 1.0:
        said = "met" if _drawn_well(row.quality) else "**missed**"
        return f"≥ {100 * LEAST_INSIDE:.1f} %, ≤ {100 * MOST_FALSE:.0f} %: {said}"
    return "–"


def _shares(quality: Quality) -> list[str]:
    return [
        f"{100 * quality.inside:.1f} % ({100 * quality.least_inside:.1f})",
        f"{100 * quality.false:.1f} % ({100 * quality.most_false:.1f})",
    ]


def _drawn_well(quality: Quality) -> bool:
    return quality.inside >= LEAST_INSIDE and quality.false <= MOST_FALSE


def _seconds(func: Work) -> float:
    start = time.perf_counter()
    func()
    return time.perf_counter() - start


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"  # noqa: PLR2004 - three figures
