"""Votes by the rule in force, how many more are needed, and what stands for and against a lift."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circle.doors.consent import BUILDING, COMPOUND, Vote, consent_of, count_of, passed
from circle.doors.feasibility import PARTS, USUAL_WEIGHTS, feasibility
from circle.doors.homes import homes_of
from tests.test_doors import register

if TYPE_CHECKING:
    from fractions import Fraction


@pytest.mark.parametrize(
    ("counts", "more"),
    [
        ((18, 12, 9), (0, 0)),
        ((18, 11, 11), (1, 0)),
        ((18, 12, 8), (0, 1)),
        ((18, 8, 8), (4, 1)),
        ((18, 18, 13), (0, 1)),
        ((18, 0, 0), (12, 9)),
        ((3, 2, 2), (0, 0)),
    ],
)
def test_how_many_more_owners_of_the_building(
    counts: tuple[float, float, float], more: tuple[float, float]
) -> None:
    count = count_of(counts, BUILDING, by_head=True)
    assert count is not None
    assert (count.more_voted, count.more_agreed) == more
    assert passed(count) == (more == (0, 0))


def test_more_than_half_of_the_compound_is_more_than_half() -> None:
    half, more = (count_of((12, 8, agreed), COMPOUND, by_head=True) for agreed in (4, 5))
    assert half is not None
    assert more is not None
    assert (half.more_agreed, more.more_agreed) == (1, 0)
    area = count_of((1200, 800, 400), COMPOUND, by_head=False)
    assert area is not None
    assert not passed(area)


@given(st.integers(1, 200), st.data(), st.sampled_from([BUILDING, COMPOUND]))
def test_with_so_many_more_it_passes_and_with_one_less_it_does_not(
    whole: int,
    data: st.DataObject,
    needed: Fraction,
) -> None:
    voted = data.draw(st.integers(0, whole))
    agreed = data.draw(st.integers(0, voted))
    count = count_of((whole, voted, agreed), needed, by_head=True)
    assert count is not None
    then, yes = voted + count.more_voted, agreed + count.more_agreed

    def enough(took_part: float, agree: float) -> bool:
        share = agree * needed.denominator - took_part * needed.numerator
        return 3 * took_part >= 2 * whole and (share > 0 if needed == COMPOUND else share >= 0)

    assert enough(then, yes)
    assert yes <= then
    assert not count.more_voted or not enough(then - 1, yes)
    assert not count.more_agreed or not enough(then, yes - 1)


@pytest.mark.parametrize("counts", [(18, math.nan, 3), (18, 3, 4), (0, 0, 0), (5, 6, 6)])
def test_counts_that_cannot_be_say_nothing(counts: tuple[float, float, float]) -> None:
    assert count_of(counts, BUILDING, by_head=True) is None


VOTES = {
    "owners": 18.0, "owners_voted": 15.0, "owners_agreed": 13.0,
    "area_m2": 900.0, "area_voted_m2": 700.0, "area_agreed_m2": 600.0,
}  # fmt: skip


def test_a_vote_passes_by_owners_and_by_area_and_on_the_ground_of_the_compound() -> None:
    def vote(**more: float) -> Vote:
        return consent_of(VOTES | more).vote

    assert vote(ground_used=0.0) is Vote.PASSED
    assert vote() is Vote.UNKNOWN
    assert vote(ground_used=1.0) is Vote.UNKNOWN
    assert vote(ground_used=0.0, area_agreed_m2=500.0) is Vote.SHORT
    assert vote(area_voted_m2=math.nan, owners_agreed=3.0) is Vote.SHORT
    compound = {f"compound_{name}": value * 10 for name, value in VOTES.items()}
    assert vote(ground_used=1.0, **compound) is Vote.PASSED
    compound["compound_owners_agreed"] = 75.0
    assert vote(ground_used=1.0, **compound) is Vote.SHORT


def test_what_forbids_goes_before_any_score() -> None:
    table = register(
        {"id": "shut", "blockers": "structure", "entry": "level", "protected": 0.0, **VOTES},
        {"id": "open", "blockers": "trees", "entry": "split", "protected": 0.0, **VOTES},
        {"id": "not looked at", "residents_60_plus_by_floor": "1;1;2;0"},
        {"id": "has one", "elevator": "running"},
    )
    judged = feasibility(table, homes_of(table))
    assert [each.row for each in judged] == [1, 2, 0]
    assert judged[2].forbids == ("structure",)
    assert judged[1].unknown == ("protected", "structure", "fire_lane")
    assert judged[1].parts["seniors"] == 0.5
    assert judged[0].parts["obstacles"] == 0.75
    assert judged[0].parts["consent"] == 1
    assert feasibility(table, homes_of(table), gates=("trees",))[-1].row == 1


def test_what_is_not_known_leaves_the_score_open() -> None:
    table = register({"id": "a"}, {"id": "b", "entry": "level"})
    first, second = feasibility(table, homes_of(table))
    assert (second.row, second.low, second.high) == (0, 0, 1)
    assert first.low == pytest.approx(1 / sum(USUAL_WEIGHTS.values()))
    assert first.high == 1
    assert feasibility(table, homes_of(table), weights=dict.fromkeys(PARTS, 0.0))[0].high == 0
