"""Nothing of fewer than ten residents is told, nor comes back by subtraction."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from circle.measures.disclosure import (
    CELL_M,
    FEWEST,
    STEP,
    Count,
    People,
    Rate,
    Shown,
    coarse,
    count_of,
    line,
    part_of,
    publish,
    zones,
)
from circle.model import Cause, Gap

if TYPE_CHECKING:
    from collections.abc import Sequence

FEW, WITHHELD = Count(Shown.FEW), Count(Shown.WITHHELD)


def value(number: int) -> Count:
    return Count(Shown.VALUE, number)


@pytest.mark.parametrize(
    ("people", "told"),
    [
        (0.0, value(0)), (0.01, FEW), (9.99, FEW), (10.0, value(10)), (14.99, value(10)),
        (15.0, value(20)), (13_482.2, value(13_480)),
    ],
)  # fmt: skip
def test_a_count_is_rounded_or_kept_back(people: float, told: Count) -> None:
    assert count_of(people) == told


@pytest.mark.parametrize(
    ("cells", "told", "total"),
    [
        # 1,020 - 120 - 900 = 0, and each may be off by five: nothing closer than "fewer than ten"
        ([4, 120, 900], [FEW, value(120), value(900)], value(1020)),
        # 1,040 - 120 - 900 = 20, off by 15 at most: the few would be five at least
        ([9.9, 124.9, 904.9], [FEW, WITHHELD, value(900)], value(1040)),
        # nothing else to keep back but the total: 20 would make both nine
        ([9, 9, 0], [FEW, FEW, value(0)], WITHHELD),
        ([5, 0, 0], [FEW, value(0), value(0)], FEW),
        ([0, 0], [value(0), value(0)], value(0)),
        ([30, 40], [value(30), value(40)], value(70)),
        ([], [], value(0)),
    ],
)
def test_a_line(cells: list[float], told: list[Count], total: Count) -> None:
    assert line(cells, [5000.0] * len(cells)) == (told, total)


def _known(count: Count, most: float) -> tuple[float, float | None]:
    """Return what everybody can tell of one count by itself."""
    if count.shown is Shown.FEW:
        return 0, FEWEST
    if count.shown is Shown.WITHHELD:
        return FEWEST, None if np.isinf(most) else max(most, FEWEST)
    if not count.value:
        return 0, 0
    return max(count.value - STEP / 2, FEWEST), count.value + STEP / 2


def widest(told: Sequence[Count], total: Count, which: int, most: Sequence[float]) -> list[float]:
    """Return the least and the most that one count can be, by linear programming."""
    bounds = [_known(one, cap) for one, cap in zip(told, most, strict=True)]
    bounds.append((0, None) if total.shown is Shown.WITHHELD else _known(total, np.inf))
    adds_up = [[1.0] * len(told) + [-1.0]]
    ends = []
    for sign in (1, -1):
        aim = np.zeros(len(bounds))
        aim[which] = sign
        found = linprog(aim, A_eq=adds_up, b_eq=[0.0], bounds=bounds)
        assert found.success
        ends.append(sign * float(found.fun or 0.0))
    return ends


counts = st.one_of(st.just(0.0), st.floats(0.01, 9.99), st.floats(10, 60), st.floats(0, 20_000))


@given(st.lists(counts, min_size=1, max_size=6))
def test_no_few_comes_back_by_subtraction(cells: list[float]) -> None:
    most = [max(cell * 1.5, cell + 3) for cell in cells]
    told, total = line(cells, most)
    assert all(one.value % STEP == 0 and (not one.value or one.value >= FEWEST) for one in told)
    for which, (cell, one) in enumerate(zip(cells, told, strict=True)):
        assert (one.shown is Shown.FEW) == (0 < cell < FEWEST)
        if one.shown is Shown.VALUE:
            assert abs(one.value - cell) <= STEP / 2
        if one.shown is Shown.FEW:
            least, largest = widest(told, total, which, most)
            assert least <= 1e-9
            assert largest >= FEWEST - 1e-9


def table(rows: list[tuple[str, float, float]]) -> pd.DataFrame:
    made = pd.DataFrame(rows, columns=["area", "residents", "uncovered"])
    whole = {"area": "", **made[["residents", "uncovered"]].sum()}
    return pd.concat([made, pd.DataFrame([whole])]).assign(group="residents")


def test_rates_are_made_of_what_is_published() -> None:
    whole, a, b, c = publish(table([("a", 1004, 4), ("b", 523, 128), ("c", 803, 0)]), "residents")
    assert (whole.area, whole.residents, whole.uncovered) == ("", value(2330), value(130))
    assert whole.rate == Rate(1 - 130 / 2330, 1 - 130 / 2330)
    assert (a.residents, a.uncovered) == (value(1000), FEW)
    assert a.rate == Rate(1 - 10 / 995, 1.0)
    assert not a.rate.exact
    assert (b.uncovered, b.rate) == (value(130), Rate(1 - 130 / 520, 1 - 130 / 520))
    assert (c.uncovered, c.rate) == (value(0), Rate(1.0, 1.0))


def test_an_area_of_a_few_says_nothing_at_all() -> None:
    whole, few, _ = publish(table([("few", 7, 3), ("b", 523, 128)]), "residents")
    assert (few.residents, few.uncovered, few.rate) == (FEW, FEW, None)
    assert whole.uncovered == value(130)


@pytest.mark.parametrize(
    ("everybody", "seniors", "told"),
    [
        (12.0, 11.0, WITHHELD),  # the rest would be fewer than five
        (24.0, 21.0, value(20)),  # from none to ten: no closer than "fewer than ten"
        (12.0, 4.0, FEW),
        (7.0, 0.0, FEW),  # of a few not even that it is none
        (12.0, 0.0, value(0)),
        (400.0, 120.0, value(120)),
    ],
)
def test_the_rest_of_a_part_is_no_few(everybody: float, seniors: float, told: Count) -> None:
    assert part_of(count_of(seniors), count_of(everybody)) == told
    both = pd.concat(
        [
            table([("a", 600, everybody), ("b", 900, 300)]),
            table([("a", 300, seniors), ("b", 400, 100)]).assign(group="residents_60_plus"),
        ]
    )
    found = {row.area: row for row in publish(both, "residents_60_plus")}
    assert found["a"].uncovered == told


def test_what_is_withheld_has_no_rate() -> None:
    rows = publish(table([("a", 600, 9.9), ("b", 600, 124.9), ("c", 2000, 904.9)]), "residents")
    told = {row.area: row for row in rows}
    assert (told["b"].uncovered, told["b"].rate) == (WITHHELD, None)
    assert told["a"].rate == Rate(1 - 10 / 595, 1.0)


# ---- places ----

WITHIN = shapely.box(0, 0, 1000, 1000)


def test_places_are_squares_with_enough_residents() -> None:
    xy = np.array([[5.0, 5], [140, 140], [400, 400], [990, 990]])
    shape = coarse(xy, np.array([6.0, 5, 9, 12]), WITHIN)
    first, last = sorted(shape.geoms, key=lambda part: part.bounds)
    assert first.equals(shapely.box(0, 0, CELL_M, CELL_M))
    assert last.equals(shapely.box(900, 900, 1000, 1000))
    assert coarse(np.zeros((0, 2)), np.zeros(0), WITHIN).is_empty


def gap(shape: shapely.Polygon, residents: float) -> Gap:
    return Gap(
        rank=1, streets=("甲路",), residents=residents, residents_60_plus=residents / 3,
        residents_without_way=0.0, minutes_beyond=3.0, nearest=0,
        shown=np.array([shape], object), straight_m=100.0, detour=1.2,
        cause=Cause.NO_FACILITY, heritage=0, constrained=False,
    )  # fmt: skip


def test_zones_of_a_few_are_not_told_and_leave_no_trace() -> None:
    people = People(np.array([[10.0, 10], [310, 310], [910, 910]]), np.array([40.0, 9, 21]))
    doors = [shapely.box(x - 3, x - 3, x + 3, x + 3) for x, _ in people.xy]
    gaps = [
        replace(gap(door, count), rank=rank)
        for rank, (door, count) in enumerate(zip(doors, people.residents, strict=True), 1)
    ]
    found = zones(gaps, people, WITHIN)
    assert [zone.rank for zone in found] == [1, 2]
    assert [zone.residents for zone in found] == [value(40), value(20)]
    assert [zone.seniors for zone in found] == [value(10), FEW]
    assert found[0].shape.equals(shapely.box(0, 0, CELL_M, CELL_M))
    assert all(zone.shape.area >= 10_000 for zone in found)
