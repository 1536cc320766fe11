"""Constraints in words → rows on which sites are open; and which of them contradict each other.

References
----------
Junker, U. (2004). QUICKXPLAIN: Preferred explanations and relaxations for
over-constrained problems. AAAI 2004, 167-172.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import numpy as np
from scipy.spatial import KDTree

from circle.errors import InputError, UnknownNameError
from circle.i18n import t
from circle.siting.solver import Program, Row, feasible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from circle.model import Bools
    from circle.siting.instance import Sites

T = TypeVar("T")

MOST_NAMED = 20
MOST_TOLD = 4


@dataclass(frozen=True)
class Constraints:
    """What a plan has to keep to.

    Attributes
    ----------
    count
        At most so many new sites; None for no limit. Each existing one that closes may
        be replaced by one more.
    may_close
        Ids of existing facilities that need not stay; the others stay.
    spacing_m
        A new site is no nearer than this, by straight line, to another or to an
        existing one.
    floor_area_m2
        Rooms that are known to be smaller are out; those of unknown area stay in.
    protected
        In or beside a protected building only what reuses a room.
    never_widened
        On roads never to be widened no new frontage.
    must, must_not
        Ids of candidates.
    budget
        What the new sites may cost in all; those of unknown cost are out then.
    """

    count: int | None = 1
    may_close: tuple[str, ...] = ()
    spacing_m: float = 0.0
    floor_area_m2: float = 0.0
    protected: bool = True
    never_widened: bool = True
    must: tuple[str, ...] = ()
    must_not: tuple[str, ...] = ()
    budget: float | None = None


class Named(NamedTuple):
    """One constraint: its key in the language files, its rows, and the site each row is about."""

    key: str
    rows: tuple[Row, ...]
    subjects: tuple[str, ...]


@dataclass(frozen=True)
class Contradiction:
    """Constraints that cannot hold together; as text it says which, in the language in use."""

    core: tuple[Named, ...]

    def __str__(self) -> str:
        told = []
        for each in self.core:
            subjects = [name for name in each.subjects if name]
            more = " …" if len(subjects) > MOST_TOLD else ""
            names = ", ".join(subjects[:MOST_TOLD]) + more
            name = t(f"site.constraint.{each.key}")
            told.append(name + (t("unit.colon") + names if names else ""))
        return t("site.and").join(told)


def named(sites: Sites, constraints: Constraints) -> tuple[Named, ...]:
    """Return the constraints that say anything, each as rows on the sites.

    Raises
    ------
    InputError
        When a number is out of range.
    UnknownNameError
        When an id is none of the sites'.
    """
    _check(sites, constraints)
    out = {
        "floor_area": sites.area_m2 < constraints.floor_area_m2,
        "protected": sites.protected & sites.new_frontage & constraints.protected,
        "never_widened": sites.never_widened & sites.new_frontage & constraints.never_widened,
        "must_not": np.isin(sites.ids, constraints.must_not),
    }
    stay = [name for name in sites.ids[: sites.existing] if name not in constraints.may_close]
    every = [
        _fixed("stay", sites, np.isin(sites.ids, stay) & ~sites.is_new, 1.0),
        _fixed("must", sites, np.isin(sites.ids, constraints.must) & sites.is_new, 1.0),
        *(_fixed(key, sites, which & sites.is_new, 0.0) for key, which in out.items()),
        _spaced(sites, constraints.spacing_m),
        _counted(sites, constraints),
        _paid(sites, constraints.budget),
    ]
    return tuple(each for each in every if each.rows)


def sure(sites: Sites, constraints: Constraints) -> Bools:
    """Return which sites are open in any plan, shape (s,)."""
    stay = ~np.isin(sites.ids, constraints.may_close) & ~sites.is_new
    chosen: Bools = stay | (np.isin(sites.ids, constraints.must) & sites.is_new)
    return chosen


def conflict(sites: Sites, constraints: Iterable[Named]) -> tuple[Named, ...]:
    """Return the fewest constraints that cannot hold together; none where all can.

    Of each constraint only the rows stay that are needed for it: taking any away, the
    others can hold.
    """
    program = choice(sites)

    def broken(some: Sequence[Named]) -> bool:
        return not feasible(program, [row for each in some for row in each.rows])

    core = minimal(tuple(constraints), broken)
    for number, each in enumerate(core):
        others = [*core[:number], *core[number + 1 :]]
        pairs = tuple(zip(each.rows, each.subjects, strict=True))

        def still(
            some: Sequence[tuple[Row, str]], each: Named = each, others: list[Named] = others
        ) -> bool:
            return broken([*others, each._replace(rows=tuple(row for row, _ in some))])

        needed = minimal(pairs, still)
        rows, subjects = zip(*needed, strict=True) if needed else ((), ())
        core = (*core[:number], Named(each.key, rows, subjects), *core[number + 1 :])
    return core


def choice(sites: Sites) -> Program:
    """Return the program of any choice of sites."""
    count = len(sites.ids)
    return Program(np.zeros(count), np.zeros(count), np.ones(count), np.ones(count, np.bool_))


def minimal(items: Sequence[T], broken: Callable[[Sequence[T]], bool]) -> tuple[T, ...]:
    """Return the fewest items that are broken together: taking any away, the rest is not.

    Of a set that is not broken nothing.
    """
    if not broken(items):
        return ()
    return tuple(_needed((), items, broken, known_sound=False))


def _needed(
    background: Sequence[T],
    items: Sequence[T],
    broken: Callable[[Sequence[T]], bool],
    *,
    known_sound: bool,
) -> list[T]:
    """Return which items are needed beside a background (QuickXplain)."""
    if not known_sound and broken(background):
        return []
    if len(items) == 1:
        return list(items)
    half = len(items) // 2
    first, second = items[:half], items[half:]
    of_second = _needed([*background, *first], second, broken, known_sound=not first)
    of_first = _needed([*background, *of_second], first, broken, known_sound=not of_second)
    return [*of_first, *of_second]


def _check(sites: Sites, constraints: Constraints) -> None:
    numbers = {
        "count": constraints.count,
        "spacing": constraints.spacing_m,
        "floor_area": constraints.floor_area_m2,
        "budget": constraints.budget,
    }
    for name, value in numbers.items():
        if value is not None and not 0 <= value < np.inf:
            raise InputError("site_number", name=name, value=value)
    new, there = sites.ids[sites.existing :], sites.ids[: sites.existing]
    for ids, known in (
        (constraints.must, new),
        (constraints.must_not, new),
        (constraints.may_close, there),
    ):
        for name in ids:
            if name not in known:
                told = ", ".join(known[:MOST_NAMED]) + (" …" if len(known) > MOST_NAMED else "")
                raise UnknownNameError("site_unknown", name=name, known=told or "–")


def _fixed(key: str, sites: Sites, which: Bools, at: float) -> Named:
    rows, labels = np.flatnonzero(which).tolist(), sites.labels
    return Named(
        key,
        tuple(Row([row], [1.0], at, at) for row in rows),
        tuple(labels[row] for row in rows),
    )


def _spaced(sites: Sites, spacing_m: float) -> Named:
    if not spacing_m or not len(sites.ids):
        return Named("spacing", (), ())
    near = KDTree(sites.xy).query_pairs(np.nextafter(spacing_m, 0))
    pairs = sorted(pair for pair in near if max(pair) >= sites.existing)
    rows = tuple(Row(pair, [1.0, 1.0], high=1.0) for pair in pairs)
    labels = sites.labels
    return Named("spacing", rows, tuple(f"{labels[a]} – {labels[b]}" for a, b in pairs))


def _counted(sites: Sites, constraints: Constraints) -> Named:
    if constraints.count is None:
        return Named("count", (), ())
    free = sites.is_new | np.isin(sites.ids, constraints.may_close)
    columns = np.flatnonzero(free).tolist()
    most = constraints.count + int((free & ~sites.is_new).sum())
    return Named("count", (Row(columns, [1.0] * len(columns), high=float(most)),), ("",))


def _paid(sites: Sites, budget: float | None) -> Named:
    if budget is None:
        return Named("budget", (), ())
    known = sites.is_new & ~np.isnan(sites.cost)
    columns = np.flatnonzero(known)
    rows = [Row(columns.tolist(), sites.cost[columns].tolist(), high=float(budget))]
    unknown, labels = np.flatnonzero(sites.is_new & ~known).tolist(), sites.labels
    rows += [Row([row], [1.0], 0.0, 0.0) for row in unknown]
    return Named("budget", tuple(rows), ("", *(labels[row] for row in unknown)))
