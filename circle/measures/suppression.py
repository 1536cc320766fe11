r"""Complementary suppression: which counts of a few follow from the others, by linear programming.

A count of fewer than `FEWEST` is not told, and every other is rounded to `STEP`.
What is told leaves each count $x$ in an interval: a rounded $v$ in
$[\max(v - 5, 10), v + 5]$, a few in $[0, 10]$, a withheld one in $[10, \infty)$; and
counts stand in relations $a^\top x \ge 0$ or $= 0$ (areas add up to the whole, a part is
no larger than its whole). The least and the most that all this leaves of a few are two
linear programs. Where the least is above 0 or the most below 10, one of the counts
that bind it is withheld, and so on until none of a few is known more closely.

References
----------
Cox, L. H. (1980). Suppression methodology and statistical disclosure control.
Journal of the American Statistical Association 75, 377-385.

Fischetti, M., & Salazar, J. J. (2001). Solving the cell suppression problem on tabular
data with linear constraints. Management Science 47(7), 1008-1027.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circle.model import Bools, Floats

FEWEST = 10
"""Residents that a figure is at least about."""
STEP = 10
"""Counts are rounded to multiples of this."""
HALF = STEP / 2
_CLOSE = 1e-6
_UNBOUNDED = 3


class Shown(StrEnum):
    """How a count is given."""

    VALUE = "value"
    FEW = "few"
    WITHHELD = "withheld"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Count:
    """A count of residents as it may be published.

    Attributes
    ----------
    shown
        ``value``; ``few``: above none, fewer than `FEWEST`; ``withheld``: kept
        back because a count of a few elsewhere would follow from it; ``unknown``: of
        an age group, where no ages are known.
    value
        Rounded to `STEP`; 0 where it is not shown.
    """

    shown: Shown
    value: int = 0


_WITHHELD = Count(Shown.WITHHELD)


def count_of(residents: float) -> Count:
    """Return one count by itself, which is part of no sum; NaN is not known."""
    if math.isnan(residents):
        return Count(Shown.UNKNOWN)
    if is_few(residents):
        return Count(Shown.FEW)
    return Count(Shown.VALUE, math.floor(residents / STEP + 0.5) * STEP)


def is_few(residents: float) -> bool:
    """Say whether a count is above none and fewer than `FEWEST`."""
    return 0 < residents < FEWEST


@dataclass(frozen=True, slots=True)
class _Cell:
    """A count: how many, when it is withheld (None: never told), its bounds, what it goes with."""

    people: float
    turn: int | None
    least: float
    most: float
    of: int


@dataclass(frozen=True, slots=True)
class _Relation:
    """Coefficients by cell: their sum is 0, or is not below 0 and, where it is a few, protected."""

    factors: dict[int, float]
    is_exact: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What may be told.

    Attributes
    ----------
    counts
        One for each cell, in the order in which they were added.
    dropped
        A count beside which nothing else may be told either, such as a place on a map;
        then the counts are to be worked out anew without it. None for none.
    """

    counts: tuple[Count, ...]
    dropped: int | None = None


@dataclass
class System:
    """Counts that are told together, and how they are related."""

    _cells: list[_Cell] = field(default_factory=list)
    _counts: list[Count] = field(default_factory=list)
    _relations: list[_Relation] = field(default_factory=list)

    def told(
        self, people: float, turn: int, *, least: float = 0, wholes: Sequence[int] = ()
    ) -> int:
        """Add a count that is told where it may be, and return its number.

        Parameters
        ----------
        people
            Residents, not below 0; NaN where they are not known, which is no secret.
        turn
            Counts of a lower turn are withheld first, within a turn smaller ones.
        least
            What is told beside the count that it is at least, for instance by a map.
        wholes
            The numbers of the counts that it is a part of; of a few no part is told.
        """
        of_few = any(self._counts[whole].shown is Shown.FEW for whole in wholes)
        count = count_of(people)
        if count.shown is Shown.UNKNOWN:
            self._cells.append(_Cell(0.0, None, 0.0, np.inf, len(self._cells)))
        else:
            self._cells.append(_Cell(people, turn, least, np.inf, len(self._cells)))
            count = Count(Shown.FEW) if of_few else count
        self._counts.append(count)
        for whole in wholes:
            self.relate(whole, [len(self._cells) - 1])
        return len(self._cells) - 1

    def hidden(self, people: float, *, of: int, least: float = 0) -> int:
        """Add a count that is never told, a part of one that is, and return its number."""
        self._cells.append(_Cell(people, None, least, np.inf, of))
        self._counts.append(_WITHHELD)
        return len(self._cells) - 1

    def rest(self, whole: int, parts: Sequence[int]) -> None:
        """Add what a whole has beside its parts; a reader may guess that it is none, or a few."""
        people = self._cells[whole].people - sum(self._cells[part].people for part in parts)
        people = people if people > _CLOSE else 0.0
        most = 0.0 if not people else FEWEST if is_few(people) else np.inf
        self._cells.append(_Cell(people, None, 0.0, most, whole))
        self._counts.append(_WITHHELD)
        self.relate(whole, [*parts, len(self._cells) - 1], is_exact=True)

    def relate(self, whole: int, parts: Sequence[int], *, is_exact: bool = False) -> None:
        """Say that parts add up to a whole, or to no more; then the rest is protected too."""
        self.compare([whole], parts, is_exact=is_exact)

    def compare(self, more: Sequence[int], less: Sequence[int], *, is_exact: bool = False) -> None:
        """Say that some counts together are as many as others, or no fewer."""
        factors = dict.fromkeys(more, 1.0) | dict.fromkeys(less, -1.0)
        self._relations.append(_Relation(factors, is_exact))

    def outcome(self) -> Outcome:
        """Withhold counts until none of a few is known more closely than as a few."""
        counts, wanted = list(self._counts), self._protected()
        while binding := self._narrowed(wanted, counts):
            number = min(binding, key=lambda cell: self._order(cell, counts))
            if counts[number].shown is not Shown.VALUE:
                return Outcome(tuple(counts), number)
            counts[number] = Count(Shown.WITHHELD)
        return Outcome(tuple(counts))

    def _order(self, number: int, counts: Sequence[Count]) -> tuple[float, float, int]:
        cell = self._cells[number]
        withheld = counts[number].shown is not Shown.VALUE
        return (cell.turn or 0) + withheld / 2, cell.people, number

    def _protected(self) -> list[Floats]:
        """Return the counts and rests of a few, each as coefficients."""
        unit = np.eye(len(self._cells))
        cells = [
            unit[number]
            for number, cell in enumerate(self._cells)
            if is_few(cell.people) and (cell.turn is not None or cell.most == FEWEST)
        ]
        rests = [self._row(relation) for relation in self._relations if not relation.is_exact]
        left = [float(row @ self._people) for row in rests]
        return cells + [
            row for row, rest in zip(rests, left, strict=True) if _CLOSE < rest < FEWEST
        ]

    @property
    def _people(self) -> Floats:
        return np.array([cell.people for cell in self._cells])

    def _row(self, relation: _Relation) -> Floats:
        row = np.zeros(len(self._cells))
        row[list(relation.factors)] = list(relation.factors.values())
        return row

    def _narrowed(self, wanted: list[Floats], counts: Sequence[Count]) -> list[int]:
        """Return the cells whose interval narrows the first few that is known too closely."""
        if not wanted:
            return []
        low, high = self._intervals(counts)
        rows = np.array([self._row(relation) for relation in self._relations])
        exact = np.array([relation.is_exact for relation in self._relations], bool)
        while wanted:
            for sign, bound in ((1.0, 0.0), (-1.0, -float(FEWEST))):
                least, pressing = _least(sign * wanted[0], rows, exact, (low, high))
                if least > bound + _CLOSE:
                    may_go = self._may_go(counts)
                    pressed = {self._cells[cell].of for cell in np.flatnonzero(pressing)}
                    return [cell for cell in may_go if cell in pressed] or may_go
            wanted.pop(0)
        return []

    def _intervals(self, counts: Sequence[Count]) -> tuple[Floats, Floats]:
        pairs = []
        for cell, count in zip(self._cells, counts, strict=True):
            low, high = (0.0, np.inf) if cell.turn is None else interval(count)
            pairs.append((max(low, cell.least), min(high, cell.most)))
        low, high = np.array(pairs).T
        return low, high

    def _may_go(self, counts: Sequence[Count]) -> list[int]:
        """Return the cells that can be withheld, or dropped where they are withheld already."""
        return [
            number
            for number, (cell, count) in enumerate(zip(self._cells, counts, strict=True))
            if cell.turn is not None and (count.value or (cell.least and count == _WITHHELD))
        ]


def _least(
    aim: Floats, rows: Floats, exact: Bools, bounds: tuple[Floats, Floats]
) -> tuple[float, Bools]:
    """Return the least of a sum of cells, and the cells whose bounds keep it from being less."""
    from scipy.optimize import linprog  # noqa: PLC0415 - slow to load, for one page alone

    solved = linprog(
        aim,
        A_ub=-rows[~exact],
        b_ub=np.zeros((~exact).sum()),
        A_eq=rows[exact],
        b_eq=np.zeros(exact.sum()),
        bounds=list(zip(*(ends.tolist() for ends in bounds), strict=True)),
    )
    if not solved.success:
        without_end = solved.status == _UNBOUNDED
        return -np.inf if without_end else np.inf, np.zeros(len(aim), np.bool_)
    pressure = np.abs(solved.lower.marginals) + np.abs(solved.upper.marginals)
    return float(solved.fun or 0.0), pressure > _CLOSE


def interval(count: Count) -> tuple[float, float]:
    """Return between which counts a published one is: it is rounded, and none of a few."""
    if count.shown is Shown.FEW:
        return 0.0, float(FEWEST)
    if count.shown is Shown.WITHHELD:
        return float(FEWEST), np.inf
    if not count.value:
        return 0.0, 0.0
    return max(count.value - HALF, FEWEST), count.value + HALF
