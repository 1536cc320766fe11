"""What the load run says, in figures and in a verdict."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from benchmarks.load.visitors import ARRIVE_S, THINK_S

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from benchmarks.load.browser import Look
    from benchmarks.load.client import Answer
    from benchmarks.load.visitors import Return

AIM_S = 1.0
_MIB = 2**20
_MOST_FAULTS = 10


@dataclass(frozen=True, slots=True)
class Times:
    """The waits of one part of the run, seconds."""

    number: int
    median: float
    p90: float
    p95: float
    most: float
    faults: tuple[str, ...]


class Memory(NamedTuple):
    """What the server holds, bytes, after garbage was collected.

    Attributes
    ----------
    before
        After the first answer, with one visitor.
    come, asked
        With all visitors: after each opened the same page; after all questions.
    most
        At any time until then, garbage included.
    """

    before: int
    come: int
    asked: int
    most: int


@dataclass(frozen=True)
class Load:
    """All that was measured.

    Attributes
    ----------
    sessions
        How many visitors.
    seconds
        How long they read and asked.
    come, asked, together, back
        Their waits: on coming, while reading and asking, when all asked at once,
        and from the end of the server until each had its page again.
    memory
        What the server held.
    cores
        Processor time of the server and of the visitors while they read and asked,
        by the time that passed.
    wanted
        How many processes wanted to run when they had asked.
    away_s
        How long the server was away when it was restarted.
    weight_bytes
        Median of what the server sent for an answer.
    looks
        What real browsers saw meanwhile.
    lived
        What a real browser saw of the restart; None without a browser.
    complaints
        Lines of the server's log that tell of an error.
    """

    sessions: int
    seconds: float
    come: Times
    asked: Times
    together: Times
    back: Times
    memory: Memory
    cores: tuple[float, float]
    wanted: float
    away_s: float
    weight_bytes: float
    looks: Sequence[Look] = ()
    lived: Look | None = None
    complaints: Sequence[str] = ()

    @property
    def faults(self) -> list[str]:
        """Everything that went wrong."""
        parts = (self.come, self.asked, self.together, self.back)
        seen = [*self.looks, *([self.lived] if self.lived else [])]
        found = [fault for part in parts for fault in part.faults]
        found += [fault for one in seen for fault in one.faults]
        return [*found, *(f"log: {line}" for line in self.complaints)]

    @property
    def met(self) -> bool:
        """Whether the median answer keeps to the aim and nothing went wrong."""
        return self.asked.median < AIM_S and not self.faults


def times(answers: Iterable[Answer | Return | Look]) -> Times:
    """Return the waits: nearest ranks, so that each is one that somebody had.

    Raises
    ------
    ValueError
        When nobody asked.
    """
    found = list(answers)
    if not found:
        what = "nobody asked"
        raise ValueError(what)
    waits = np.array([one.seconds for one in found])
    median, p90, p95 = np.percentile(waits, (50, 90, 95), method="inverted_cdf").tolist()
    faults = tuple(fault for one in found for fault in one.faults)
    return Times(len(found), median, p90, p95, float(waits.max()), faults)


def table(load: Load) -> str:
    """Return the waits as a Markdown table."""
    rate = load.asked.number / load.seconds
    rows = {
        f"coming within {ARRIVE_S:g} s, all to the same address": load.come,
        f"reading {THINK_S[0]:g} to {THINK_S[1]:g} s and asking anew, for {load.seconds:g} s "
        f"({rate:.1f} questions a second)": load.asked,
        "all asking in the same moment": load.together,
        f"from the end of the server, away for {load.away_s:.1f} s, until the page had run "
        "again": load.back,
    }
    if load.looks:
        rows["real browsers meanwhile: the page opened anew and drawn"] = times(load.looks)
    head = "what | answers | median, s | 90 % | 95 % | longest | faults"
    lines = [f"| {head} |", "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"]
    for name, own in rows.items():
        waits = " | ".join(f"{wait:.2f}" for wait in (own.median, own.p90, own.p95, own.most))
        lines.append(f"| {name} | {own.number} | {waits} | {len(own.faults)} |")
    return "\n".join(lines)


def weight(answers: Iterable[Answer]) -> float:
    """Return the median of what the server sent for an answer, bytes."""
    return float(np.median([one.received for one in answers]))


def memory(load: Load) -> str:
    """Return what the server holds, in sentences."""
    before, come, asked, most = (size / _MIB for size in load.memory)
    each, all_in = ((size - before) / load.sessions for size in (come, asked))
    return (
        f"Memory of the server after collecting garbage: {before:.0f} MiB with one visitor, "
        f"{come:.0f} MiB with {load.sessions} more on the same page ({each:.2f} MiB a visitor), "
        f"{asked:.0f} MiB when all had asked ({all_in:.2f} MiB a visitor, with the answers that "
        f"are kept for whoever asks the same); {most:.0f} MiB at most while all asked at once."
    )


def verdict(load: Load) -> str:
    """Return whether the aim is met, and what went wrong, in Markdown."""
    said = "met" if load.met else "**missed**"
    median = f"median {load.asked.median:.2f} s, faults {len(load.faults)}"
    aim = f"Aim: {load.sessions} at once, median answer below {AIM_S:g} s, no fault"
    lines = [f"{aim}: {said} ({median})."]
    counted = Counter(load.faults).most_common(_MOST_FAULTS)
    lines += [f"- {fault.splitlines()[0]} ({number} ×)" for fault, number in counted]
    if load.lived is not None and not load.lived.faults:
        lines.append(
            "A real browser that stayed open over the restart was connected again after "
            f"{load.lived.seconds:.1f} s, with the same page at the same address, calm words in "
            "between, and answered when used."
        )
    return "\n".join(lines)
