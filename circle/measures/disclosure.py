"""What may be published of residents: no counts of a few, none to the person.

A count of fewer than `FEWEST` residents is not given, and every other is rounded to
`STEP`. A count that is kept back must not come back by subtraction: where the
others and the total of a line would narrow it down closer than "fewer than ten", more
counts of the line are kept back, the smallest first, at last the total. Places are
drawn by cells of `CELL_M`, none with fewer than `FEWEST` residents concerned.
The rules are in docs/methods.md.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd
    from numpy.typing import ArrayLike, NDArray
    from shapely import MultiPolygon, Polygon

    from circle.model import Bools, Floats, Gap

FEWEST = 10
"""Residents that a figure is at least about."""
STEP = 10
"""Counts are rounded to multiples of this."""
CELL_M = 150.0
"""Side of the squares that places are drawn by."""
EVERYBODY = "residents"
"""The group that all others are part of."""
_HALF = STEP / 2


class Shown(StrEnum):
    """How a count is given."""

    VALUE = "value"
    FEW = "few"
    WITHHELD = "withheld"
    UNKNOWN = "unknown"


class People(NamedTuple):
    """Where residents live, metres, shape (k, 2), and how many, shape (k,)."""

    xy: Floats
    residents: Floats


@dataclass(frozen=True, slots=True)
class Count:
    """A count of residents as it may be published.

    Attributes
    ----------
    shown
        ``value``; ``few``: above none, fewer than `FEWEST`; ``withheld``: kept
        back because a count of a few elsewhere would follow from it;
        ``unknown``: of an age group, where no ages are known.
    value
        Rounded to `STEP`; 0 where it is not shown.
    """

    shown: Shown
    value: int = 0


@dataclass(frozen=True, slots=True)
class Rate:
    """A share of residents, made of published counts alone.

    Attributes
    ----------
    low, high
        What is published of it: the same where it is one number.
    """

    low: float
    high: float

    @property
    def exact(self) -> bool:
        """Whether it is one number."""
        return self.low == self.high


@dataclass(frozen=True, slots=True)
class Published:
    """What is published of one area; `rate` is None where it must not be."""

    area: str
    residents: Count
    uncovered: Count
    rate: Rate | None


def count_of(residents: float) -> Count:
    """Return one count by itself, which is part of no sum; NaN is not known."""
    if math.isnan(residents):
        return Count(Shown.UNKNOWN)
    if 0 < residents < FEWEST:
        return Count(Shown.FEW)
    return Count(Shown.VALUE, math.floor(residents / STEP + 0.5) * STEP)


def part_of(part: Count, whole: Count) -> Count:
    """Return the count of a part of a published whole, so that the rest is not of a few.

    Of a whole of a few no part is published, and of one that is just `FEWEST` none as
    large: the rest would be known to be fewer than five.
    """
    if whole.shown is Shown.FEW and part.shown is not Shown.UNKNOWN:
        return whole
    if part == whole == Count(Shown.VALUE, FEWEST):
        return Count(Shown.WITHHELD)
    return part


def line(cells: ArrayLike, most: ArrayLike) -> tuple[list[Count], Count]:
    """Return counts that add up, and their total, so that none of a few comes back.

    Parameters
    ----------
    cells
        Residents, not below 0; NaN where they are not known, part of no total.
    most
        What is known that each cannot be above, for instance who lives there.

    Returns
    -------
    cells, total
        In their order.
    """
    people = np.asarray(cells, float)
    counts = [count_of(float(value)) for value in people]
    unknown = np.isnan(people)
    total = count_of(
        float(people[~unknown].sum()) if not unknown.all() or not len(people) else np.nan
    )
    few = (people > 0) & (people < FEWEST)
    by_size = [int(i) for i in np.argsort(people, kind="stable") if people[i] >= FEWEST]
    caps = np.asarray(most, float)
    while total.shown is Shown.VALUE and not _safe(counts, total, few, caps):
        if by_size:
            counts[by_size.pop(0)] = Count(Shown.WITHHELD)
        else:
            total = Count(Shown.WITHHELD)
    return counts, total


def _safe(counts: Sequence[Count], total: Count, few: Bools, caps: Floats) -> bool:
    """Say whether the total and the other counts leave "fewer than ten" as wide as it is."""
    low, high = np.zeros(len(counts)), np.zeros(len(counts))
    for i, count in enumerate(counts):
        if count.shown is Shown.VALUE:
            low[i], high[i] = _between(count)
        elif count.shown is Shown.FEW:
            low[i], high[i] = 0, FEWEST
        elif count.shown is Shown.WITHHELD:
            low[i], high[i] = FEWEST, max(caps[i], FEWEST)
    from_, to = _between(total)
    for i in np.flatnonzero(few).tolist():
        least = from_ - (high.sum() - high[i])
        largest = to - (low.sum() - low[i])
        if least > 0 or largest < FEWEST:
            return False
    return True


def _between(count: Count) -> tuple[float, float]:
    """Return between which counts a shown one was: it is rounded, and none of a few."""
    if not count.value:
        return 0.0, 0.0
    return max(count.value - _HALF, FEWEST), count.value + _HALF


def publish(table: pd.DataFrame, group: str, whole: str = "") -> tuple[Published, ...]:
    """Return what may be published of a coverage, the whole first.

    Parameters
    ----------
    table
        As `circle.model.Coverage.table`, of whatever level.
    group
        The age group.
    whole
        The area that stands for the whole.
    """
    of_group, all_ages = (
        table[table["group"].eq(ages)].set_index("area")[["residents", "uncovered"]]
        for ages in (group, EVERYBODY)
    )
    areas = of_group.drop(index=whole)
    unbounded = np.full(len(areas), np.inf)
    residents, everyone = line(areas["residents"], unbounded)
    caps = np.array([_at_most(count) for count in residents])
    uncovered, without = line(areas["uncovered"], caps)
    names = [whole, *(str(name) for name in areas.index)]
    rows = zip(names, [everyone, *residents], [without, *uncovered], strict=True)
    if group == EVERYBODY:
        return tuple(_published(*row) for row in rows)
    among = {str(name): (row.residents, row.uncovered) for name, row in all_ages.iterrows()}
    return tuple(
        _published(name, *(part_of(count, count_of(of)) for count, of in pairs))
        for name, live, lack in rows
        for pairs in [zip((live, lack), among[name], strict=True)]
    )


def _published(area: str, residents: Count, uncovered: Count) -> Published:
    if residents.shown is not Shown.VALUE:
        hidden = Count(Shown.WITHHELD) if uncovered.value else uncovered
        return Published(area, residents, hidden, None)
    return Published(area, residents, uncovered, rate_of(residents, uncovered))


def rate_of(residents: Count, uncovered: Count) -> Rate | None:
    """Return the share that is within reach, from published counts; None where it is withheld."""
    if Shown.WITHHELD in {residents.shown, uncovered.shown} or not residents.value:
        return None
    if uncovered.shown is Shown.FEW:
        return Rate(max(0.0, 1 - FEWEST / (residents.value - _HALF)), 1.0)
    share = max(0.0, 1 - uncovered.value / residents.value)
    return Rate(share, share)


@dataclass(frozen=True, slots=True, eq=False)
class Zone:
    """A zone out of reach as it may be published; `shape` is made of squares and may be empty."""

    gap: Gap
    rank: int
    residents: Count
    seniors: Count
    shape: MultiPolygon


def zones(gaps: Iterable[Gap], out: People, within: Polygon | MultiPolygon) -> tuple[Zone, ...]:
    """Return the zones that at least `FEWEST` residents live in, numbered anew.

    Parameters
    ----------
    gaps
        Of one coverage, worst first.
    out
        The residents of the district who are out of reach.
    within
        The district.
    """
    large = [gap for gap in gaps if gap.residents >= FEWEST]
    points = shapely.points(out.xy)
    published = []
    for rank, gap in enumerate(large, 1):
        inside = shapely.intersects(points, gap.geometry)
        shape = coarse(out.xy[inside], out.residents[inside], within)
        residents = count_of(gap.residents)
        seniors = part_of(count_of(gap.residents_60_plus), residents)
        published.append(Zone(gap, rank, residents, seniors, shape))
    return tuple(published)


def _at_most(residents: Count) -> float:
    if residents.shown is Shown.VALUE:
        return residents.value + _HALF
    return FEWEST if residents.shown is Shown.FEW else np.inf


def coarse(
    xy: Floats, residents: Floats, within: Polygon | MultiPolygon, size_m: float = CELL_M
) -> MultiPolygon:
    """Return the squares of a fixed grid in which at least `FEWEST` of some residents live.

    Parameters
    ----------
    xy
        Shape (k, 2): where they live, metres.
    residents
        Shape (k,): how many.
    within
        What the squares are cut to: the district.
    size_m
        Side of the squares, which begin at the system's origin: the same for
        every question, so that two answers cannot be overlaid to see finer.

    Returns
    -------
    MultiPolygon
        Empty where no square has as many.
    """
    cell = np.floor(np.asarray(xy, float).reshape(-1, 2) / size_m).astype(np.int64)
    occupied, row = np.unique(cell, axis=0, return_inverse=True)
    people = np.bincount(row.ravel(), weights=residents, minlength=len(occupied))
    corners = occupied[people >= FEWEST] * size_m
    squares: NDArray[Any] = shapely.box(*corners.T, *(corners + size_m).T)
    cut = shapely.intersection(shapely.union_all(squares), within)
    parts = [part for part in shapely.get_parts(cut) if part.geom_type == "Polygon"]
    return shapely.MultiPolygon(parts)
