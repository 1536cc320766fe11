from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from inequality.gini import Gini

from circle.errors import InputError
from circle.measures.equity import curve, lorenz, spread
from circle.model import Completeness, Floats
from circle.network.speeds import impedance
from tests import small
from tests.asking import coverage, gini, palma

DISTRICT = small.district()
ADULT = impedance(DISTRICT.network, DISTRICT.profiles["adult"])
EXACT = 1e-9

amounts = st.lists(st.floats(0.01, 1e4), min_size=1, max_size=30)


def ones(count: int) -> Floats:
    return np.ones(count)


def test_by_hand() -> None:
    """One has 1, two have 2 each, one has 5: of ten, 1 is a tenth, 5 are half."""
    value, weight = np.array([5.0, 1.0, 2.0]), np.array([1.0, 1.0, 2.0])
    assert lorenz(value, weight).tolist() == [[0, 0], [0.25, 0.1], [0.75, 0.5], [1, 1]]
    assert gini(value, weight) == pytest.approx(1 - (0.25 * 0.1 + 0.5 * 0.6 + 0.25 * 1.5))
    # L(0.4) = 0.1 + 0.15 * 0.8, 1 - L(0.9) = 0.1 * 2
    assert palma(value, weight) == pytest.approx(0.2 / 0.22)


def test_all_the_same() -> None:
    value, weight = np.full(7, 3.0), np.arange(7.0)
    assert gini(value, weight) == pytest.approx(0, abs=1e-15)
    assert palma(value, weight) == pytest.approx(0.25)


def test_one_has_all() -> None:
    value = np.r_[np.zeros(99), 1.0]
    assert gini(value, ones(100)) == pytest.approx(0.99)
    assert palma(value, ones(100)) == math.inf


@pytest.mark.parametrize(
    ("value", "weight"),
    [(np.zeros(3), np.ones(3)), (np.ones(3), np.zeros(3)), (np.zeros(0), np.zeros(0))],
)
def test_nothing_to_share(value: Floats, weight: Floats) -> None:
    assert math.isnan(gini(value, weight))
    assert math.isnan(palma(value, weight))


@pytest.mark.parametrize(
    ("value", "weight"),
    [
        (np.array([1.0, np.inf]), np.ones(2)),
        (np.array([1.0, np.nan]), np.ones(2)),
        (np.array([1.0, -1.0]), np.ones(2)),
        (np.ones(2), np.array([1.0, -1.0])),
        (np.ones(2), np.array([1.0, np.inf])),
        (np.ones(2), np.ones(3)),
    ],
)
def test_amounts_that_are_none(value: Floats, weight: Floats) -> None:
    with pytest.raises(InputError) as error:
        lorenz(value, weight)
    assert error.value.key == "amounts"


@given(amounts)
@settings(max_examples=150, deadline=None)
def test_gini_agrees_with_pysal(value: list[float]) -> None:
    own = np.array(value)
    assert gini(own, ones(len(own))) == pytest.approx(Gini(own).g, rel=0, abs=EXACT)


@given(st.lists(st.tuples(st.floats(0.01, 1e4), st.integers(0, 9)), min_size=1, max_size=20))
@settings(max_examples=150, deadline=None)
def test_weights_are_as_if_each_resident_stood_in_the_list(pairs: list[tuple[float, int]]) -> None:
    value, count = (np.array(column) for column in zip(*pairs, strict=True))
    each = np.repeat(value, count)
    if len(each) == 0:
        return
    weight = count.astype(np.float64)
    assert gini(value, weight) == pytest.approx(Gini(each).g, rel=0, abs=EXACT)
    assert palma(value, weight) == pytest.approx(palma(each, ones(len(each))))


@given(amounts, st.floats(0.1, 100), st.floats(0.1, 100))
@settings(max_examples=100, deadline=None)
def test_units_and_head_counts_do_not_matter(
    value: list[float], scale: float, people: float
) -> None:
    own = np.array(value)
    weight = np.linspace(1, 3, len(own))
    assert gini(own * scale, weight * people) == pytest.approx(gini(own, weight), abs=EXACT)
    assert palma(own * scale, weight * people) == pytest.approx(palma(own, weight))
    assert 0 <= gini(own, weight) < 1
    assert palma(own, weight) >= 0.25 * (1 - EXACT)
    points = lorenz(own, weight)
    assert (np.diff(points, axis=0) >= 0).all()
    assert (points[:, 1] <= points[:, 0] + EXACT).all()


def test_minutes_of_the_small_district() -> None:
    """The market is at 0 m, 1 m/s: 50 to 950 s, ten residents at each place."""
    found = spread(DISTRICT, "market", coverage(DISTRICT, ADULT, "market", 15).seconds / 60)
    table = found.table.set_index(["area", "group"])
    minutes = np.arange(50.0, 1000.0, 100.0) / 60
    assert table.at[("", "residents"), "gini"] == pytest.approx(Gini(minutes).g)
    assert table.at[("", "residents"), "mean"] == pytest.approx(500 / 60)
    # bottom four tenths: 50 + 150 + 250 + 350, top tenth: 950
    assert table.at[("", "residents"), "palma"] == pytest.approx(950 / 800)
    assert table.at[("west", "age_65_plus"), "gini"] == pytest.approx(Gini(minutes[:5]).g)
    assert table.at[("east", "residents_60_plus"), "residents"] == 15
    assert (found.table["capped_share"] == 0).all()
    assert found.cap is None
    assert found.register.completeness is Completeness.COMPLETE
    assert curve(DISTRICT, found).shape == (11, 2)
    assert curve(DISTRICT, found, "age_65_plus", "west")[2].tolist() == pytest.approx(
        [0.4, 200 / 1250]
    )


def test_minutes_are_cut_off_and_it_is_said() -> None:
    seconds = coverage(DISTRICT, ADULT, "market", 15).seconds.copy()
    seconds[:3] = np.inf
    with pytest.raises(InputError) as error:
        spread(DISTRICT, "market", seconds / 60)
    assert error.value.key == "endless"
    assert error.value.message("zh") != error.value.message("en")
    found = spread(DISTRICT, "market", seconds / 60, cap=15)
    table = found.table.set_index(["area", "group"])
    # three without a way and the place at 950 s, 15.8 minutes
    assert table.at[("", "residents"), "capped_share"] == 0.4
    assert table.at[("west", "residents"), "capped_share"] == pytest.approx(0.6)
    assert (found.cap, found.value.max()) == (15, 15)
    assert table.at[("west", "residents"), "mean"] == pytest.approx(
        (3 * 15 + 350 / 60 + 450 / 60) / 5
    )


def test_residents_beyond_the_boundary_do_not_count() -> None:
    value = np.where(DISTRICT.demand["inside"], 2.0, np.inf)
    found = spread(DISTRICT, "market", value)
    assert found.table["gini"].to_numpy() == pytest.approx(np.zeros(21), abs=1e-12)
    assert found.table["palma"].to_numpy() == pytest.approx(np.full(21, 0.25))


def test_an_area_without_residents_has_no_figures() -> None:
    empty = replace(
        DISTRICT, demand=DISTRICT.demand.assign(inside=DISTRICT.demand["area"].eq("west"))
    )
    table = spread(empty, "market", np.ones(12)).table
    east = table[table["area"].eq("east")]
    assert east[["mean", "gini", "palma", "capped_share"]].isna().all(axis=None)


@pytest.mark.parametrize("cap", [0.0, -1.0, math.nan, math.inf])
def test_caps_that_are_none(cap: float) -> None:
    with pytest.raises(InputError):
        spread(DISTRICT, "market", np.ones(12), cap=cap)


@pytest.mark.parametrize("value", [-np.ones(12), np.full(12, np.nan), np.ones(3)])
def test_values_that_are_none(value: Floats) -> None:
    with pytest.raises(InputError):
        spread(DISTRICT, "market", value)
