"""Coverage at its edges: a lower bound, the rule that judges, a walk as long as the limit."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from circle.demand import figure_in
from circle.model import Coverage, District, Requirement, Rule
from circle.network.speeds import impedance
from tests import small
from tests.asking import coverage, coverage_by
from tests.oracle import network_of, walker

DISTRICT = small.district()


def in_minutes(
    district: District, kind: str, minutes: float, *, unverified: bool = False
) -> Coverage:
    walk = impedance(district.network, district.profiles["adult"])
    return coverage(district, walk, kind, minutes, unverified=unverified)


def as_asked(
    district: District,
    requirement: Requirement,
    profile: str = "adult",
    *,
    unverified: bool = False,
) -> Coverage:
    walk = impedance(district.network, district.profiles[profile])
    answer = coverage_by(district, walk, requirement, unverified=unverified)
    assert isinstance(answer, Coverage)
    return answer


def covered(answer: Coverage) -> float:
    return float(figure_in(answer.table)["covered"])


def with_facilities(**columns: Any) -> District:
    """Return the small district with other columns of facilities: m1, c1 (guessed), c2."""
    return replace(DISTRICT, facilities=DISTRICT.facilities.assign(**columns))


def test_a_guessed_place_left_out_makes_a_lower_bound_of_a_complete_list() -> None:
    district = with_facilities(kind=["market", "market", "canteen"])  # c1 is a market, guessed
    for sure, both in (
        (in_minutes(district, "market", 5), in_minutes(district, "market", 5, unverified=True)),
        (
            as_asked(district, small.requirement()),
            as_asked(district, small.requirement(), unverified=True),
        ),
    ):
        assert (sure.unverified_left_out, sure.at_least) == (1, True)
        assert (both.unverified_left_out, both.at_least) == (0, False)


def stairs() -> District:
    """Return the small district with a stair of 2,000 steps on its first 400 m.

    Markets are at 0 and 1,200 m. From 350 m the one is 350 m and 1,750 steps away,
    the other 850 m and 250 steps; a step takes a second, a metre too.
    """
    network = network_of(
        [(small.WEST + 400 * i, small.SOUTH) for i in range(4)],
        [(0, 1, 400.0), (1, 2, 400.0), (2, 3, 400.0)],
        steps=[2000, -1, -1],
    )
    climber = replace(walker(seconds_per_step=1.0), id="climber")
    district = with_facilities(kind=["market", "canteen", "market"])
    return replace(district, network=network, profiles={"climber": climber})


@pytest.mark.parametrize(("rule", "nearest"), [(Rule.METRES, "m1"), (Rule.MINUTES, "c2")])
def test_the_nearest_is_that_of_the_rule_that_judges(rule: Rule, nearest: str) -> None:
    answer = as_asked(stairs(), small.requirement(judged_by=rule), "climber")
    assert (answer.metres[3], answer.seconds[3]) == (350.0, 250.0 + 800.0)
    assert DISTRICT.facilities["id"].iloc[answer.which[3]] == nearest


@pytest.mark.parametrize(("metres", "residents"), [(549.999, 50), (550.0, 60)])
def test_a_way_as_long_as_the_limit_in_metres_is_within(metres: float, residents: float) -> None:
    assert covered(as_asked(DISTRICT, small.requirement(metres=metres))) == residents


@pytest.mark.parametrize(("minutes", "residents"), [(9.999, 60), (10.0, 70)])
def test_a_walk_as_long_as_the_limit_in_minutes_is_within(minutes: float, residents: float) -> None:
    """The market at 50 m: 600 m to the place at 650 m, ten minutes."""
    moved = DISTRICT.facilities["x"].to_numpy() + np.array([50.0, 0.0, 0.0])
    district = with_facilities(x=moved)
    judged = small.requirement(minutes=minutes, judged_by=Rule.MINUTES)
    assert covered(in_minutes(district, "market", minutes)) == residents
    assert covered(as_asked(district, judged)) == residents
