"""Seats and deliveries: cases by hand, what is conserved, and the limits it has."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circle.errors import InputError
from circle.measures.access import two_step, within
from circle.model import Coverage, Question
from circle.siting.allocation import Ways, allocate, allocation_of
from circle.study import Study
from tests.siting.test_district import town

NO = np.inf


def ways(weight: list[float], seated: list[list[float]], **more: object) -> Ways:
    costs = np.array(seated, float)
    plain = Ways(
        np.array(weight, float),
        costs,
        np.full_like(costs, NO),
        np.full(costs.shape[1], NO),
        np.zeros(costs.shape[1]),
    )
    return replace(plain, **{name: np.array(value, float) for name, value in more.items()})


def test_two_places_by_hand() -> None:
    """All of a, and what b's seats leave over, go where they can; c gets what is brought."""
    case = ways(
        [30, 30, 30],
        [[60, NO], [120, 60], [NO, NO]],
        seats=[20, 25],
        delivered=[[NO, NO], [NO, NO], [500, 900]],
        deliveries=[4, 5],
    )
    answer = allocate(case, a_round=10)
    assert answer.seated.round(6).tolist() == [[20, 0], [0, 25], [0, 0]]
    assert answer.delivered.round(6).tolist() == [[0, 0], [0, 0], [4, 5]]
    assert answer.one_more_seat.tolist() == [1, 1]
    assert answer.one_more_round.tolist() == [10, 10]
    assert answer.seat_price.tolist() == [1, 1]


def test_a_seat_is_worth_nothing_where_all_are_served() -> None:
    case = ways([30, 10], [[60, NO], [120, 60]], seats=[35, 5])
    answer = allocate(case)
    assert answer.seated.round(6).tolist() == [[30, 0], [5, 5]]  # the nearer as far as it goes
    assert answer.served.sum() == pytest.approx(40)
    assert answer.one_more_seat.tolist() == [0, 0]
    half = allocate(replace(case, seats=np.array([29.5, 0.0])))  # one more seat, half of it used
    assert half.one_more_seat.tolist() == [1, 1]
    last = allocate(replace(case, seats=np.array([39.5, 0.0])))
    assert last.one_more_seat.tolist() == [0.5, 0.5]


amounts = st.integers(0, 30)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(amounts, min_size=1, max_size=5),
    st.lists(amounts, min_size=1, max_size=3),
    st.integers(0, 2**31),
)
def test_nothing_is_served_twice_and_more_never_serves_fewer(
    weight: list[int], seats: list[int], seed: int
) -> None:
    random = np.random.default_rng(seed)
    shape = len(weight), len(seats)
    walk = np.where(random.random(shape) < 0.6, random.integers(1, 9, shape) * 60.0, NO)
    brought = np.where(np.isinf(walk) & (random.random(shape) < 0.6), 100.0, NO)
    rounds = random.integers(0, 9, len(seats)).astype(np.float64)
    case = Ways(np.array(weight, np.float64), walk, brought, np.array(seats, np.float64), rounds)
    answer = allocate(case)
    assert (answer.served <= case.weight + 1e-6).all()
    assert (answer.seated.sum(axis=0) <= case.seats + 1e-6).all()
    assert (answer.delivered.sum(axis=0) <= case.deliveries + 1e-6).all()
    assert not answer.seated[np.isinf(walk)].any()
    assert not answer.delivered[np.isinf(brought)].any()
    assert (answer.one_more_seat <= np.minimum(answer.seat_price, 1) + 1e-6).all()
    endless = replace(case, seats=np.full(len(seats), NO), deliveries=np.zeros(len(seats)))
    covered = np.isfinite(walk).any(axis=1)
    assert allocate(endless).served == pytest.approx(case.weight * covered, abs=1e-5)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**31))
def test_even_shares_are_two_step_floating_catchments(seed: int) -> None:
    random = np.random.default_rng(seed)
    cost, weight = random.uniform(0, 900, (6, 3)), random.uniform(1, 9, 6)
    seats, brought = random.uniform(0, 9, (2, 3))
    weight[random.random(6) < 0.2] = 0.0
    case = Ways(
        weight,
        np.where(cost <= 450, cost, NO),
        np.where(cost > 600, cost, NO),
        seats,
        brought,
    )
    answer = allocate(case, even=True)
    on_foot = two_step(cost, weight, seats, within(450))
    by_rider = two_step(np.where(cost > 600, 1.0, NO), weight, brought, within(450))
    lived = weight > 0
    for shares, floating, limits in (
        (answer.seated, on_foot, seats),
        (answer.delivered, by_rider, brought),
    ):
        told = shares[lived].sum(axis=1) / weight[lived]
        assert told == pytest.approx(floating.accessibility[lived], abs=1e-6)
        conserved = np.where(np.isnan(floating.ratio), 0.0, limits)
        assert shares[lived].sum(axis=0) == pytest.approx(conserved, abs=1e-6)


def test_even_shares_need_limits() -> None:
    with pytest.raises(InputError):
        allocate(ways([1], [[60]]), even=True)


def test_a_district_is_served_by_seats_and_beyond_by_deliveries() -> None:
    plain = town()
    capacity = ["", "", "25 dine-in + 12 delivered"]
    table = plain.facilities.assign(capacity=capacity)
    study = Study(replace(plain, facilities=table))
    question = Question.by_minutes("canteen", "adult", 10.0)
    answer = allocation_of(study, question, deliver_m=800.0)
    assert (answer.residents, round(answer.served, 6), answer.left_out) == (100, 25 + 12, 0)
    row = answer.table.to_dict("records")[0]
    assert (row["id"], row["seats"], row["deliveries"]) == ("c2", 25, 12)
    assert (round(row["seated"], 6), round(row["delivered"], 6)) == (25, 12)
    assert (row["one_more_seat"], row["one_more_round"]) == (1, 8)  # 20 out there, 12 are brought
    assert allocation_of(study, question, uptake=0.1).served == pytest.approx(10)
    endless = table.assign(capacity=["", "", "9000"])
    study = Study(replace(plain, facilities=endless))
    covered = study.coverage(question)
    assert isinstance(covered, Coverage)
    whole = covered.table.query("area == '' and group == 'residents'").iloc[0]
    assert allocation_of(study, question).served == pytest.approx(whole["covered"])


def test_what_is_asked_is_checked() -> None:
    study = Study(town())
    question = Question.by_minutes("canteen", "adult", 10.0)
    for wrong in ({}, {"uptake": 0.0}, {"uptake": 1.5}, {"deliver_m": -1.0}, {"group": "x"}):
        with pytest.raises(InputError):
            allocation_of(study, question, **wrong)
    for case in (ways([-1], [[60]]), ways([1], [[60]], seats=[np.nan]), ways([1, 2], [[60]])):
        with pytest.raises(InputError):
            allocate(case)
