"""The benchmarks' own tools; the peers are not installed for the tests."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from benchmarks import city
from benchmarks.measure import (
    Aim,
    Case,
    Quality,
    Row,
    largest_difference,
    measure,
    median_ms,
    missed,
    table,
)


def test_city_is_one_piece_and_the_same_each_time() -> None:
    streets = city.build(40)
    n = len(streets.xy)
    graph = coo_array((np.ones(len(streets.ends)), tuple(streets.ends.T)), (n, n))
    assert connected_components(graph, directed=False)[0] == 1
    assert 1500 < n <= 1600
    for one, again in zip(streets, city.build(40), strict=True):
        np.testing.assert_array_equal(one, again)


def test_city_segments_are_as_long_as_the_line_or_longer() -> None:
    streets = city.build(40)
    straight = np.hypot(*(streets.xy[streets.ends[:, 0]] - streets.xy[streets.ends[:, 1]]).T)
    ratio = streets.length_m / straight
    assert ratio.min() >= 1 - 1e-9
    assert ratio.max() <= 1.3 + 1e-9


@pytest.mark.parametrize(("budget_s", "calls"), [(60.0, 6), (0.0, 1)])
def test_median_keeps_to_its_budget(budget_s: float, calls: int) -> None:
    made: list[int] = []
    assert median_ms(lambda: made.append(1), repeat=5, budget_s=budget_s) >= 0
    assert len(made) == calls


@pytest.mark.parametrize(
    ("other", "difference"),
    [
        (np.array([1.0, 2.5, np.inf]), 0.5),
        (np.array([1.0, 2.0, 3.0]), np.inf),
        (np.array([1.0]), None),
        ("polygons", None),
    ],
)
def test_difference(other: object, difference: float | None) -> None:
    assert largest_difference(np.array([1.0, 2.0, np.inf]), other) == difference


def test_ours_comes_first_and_peers_are_compared_with_it() -> None:
    case = Case("work", {"ours": lambda: np.zeros(2)}, {"peer": lambda: np.ones(2)})
    rows = measure(case)
    assert [(row.who, row.differs_m) for row in rows] == [("ours", None), ("peer", 1.0)]
    assert rows[0].times == 1.0
    assert table(rows).count("| work |") == 3
    assert missed(rows) == "None."


def test_our_answer_is_turned_into_metres_before_it_is_compared() -> None:
    case = Case("work", {"ours": lambda: 2.0}, {"peer": lambda: np.ones(2)}, answer=_twice_one)
    assert measure(case)[1].differs_m == 1.0


def _twice_one(found: object) -> object:
    return np.ones(2) * float(str(found))


def test_aims_missed_are_told_with_their_reason() -> None:
    aim = Aim("peer", 4.0, "The peer is small.")
    rows = [Row("work", "peer", 8.0, times, None, aim=aim) for times in (4.0, 3.9)]
    assert [row.met for row in rows] == [True, False]
    assert missed(rows) == "- work: 3.9 times peer instead of 4. The peer is small."
    assert "**missed**" in table(rows)


@pytest.mark.parametrize(("false", "word"), [(0.06, "met"), (0.061, "**missed**")])
def test_polygons_keep_to_their_error(false: float, word: str) -> None:
    row = Row("work", "ours", 8.0, 1.0, None, Quality(0.995, false, 0.9, 0.2))
    assert f"6 %: {word}" in table([row])
    assert (missed([row]) == "None.") == (word == "met")
