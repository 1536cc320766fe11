from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circle.coverage import coverage, figure, roll_up
from circle.demand import GROUPS
from circle.errors import InputError, UnknownNameError
from circle.facilities import area_named, coverable_kinds, profile_named
from circle.model import Completeness
from circle.network.speeds import impedance
from tests import small

DISTRICT = small.district()
ADULT = impedance(DISTRICT.network, DISTRICT.profiles["adult"])
SLOW = impedance(DISTRICT.network, DISTRICT.profiles["slow"])


def test_market_by_hand() -> None:
    """The market is at 0 m, 1 m/s: 10 minutes reach 600 m, six places of ten."""
    found = coverage(DISTRICT, ADULT, "market", 10)
    whole = figure(found)
    assert (whole["residents"], whole["covered"], whole["uncovered"]) == (100, 60, 40)
    assert whole["rate"] == 0.6
    assert figure(found, "residents_60_plus")["covered"] == 18
    assert figure(found, "age_65_plus", "east")["covered"] == 1
    assert figure(found, area="west")["rate"] == 1.0
    assert not found.at_least
    assert (found.facilities_counted, found.unverified_counted) == (1, 0)


def test_unverified_never_improves_silently() -> None:
    sure = coverage(DISTRICT, ADULT, "canteen", 5)
    both = coverage(DISTRICT, ADULT, "canteen", 5, unverified=True)
    assert figure(sure)["covered"] == 10  # the place at 950 m, from the canteen at 1,200 m
    assert figure(both)["covered"] == 40  # 650 m to 950 m
    assert (sure.unverified_left_out, both.unverified_left_out) == (1, 0)
    assert (sure.unverified_counted, both.unverified_counted) == (0, 1)
    assert sure.at_least
    assert both.at_least
    assert DISTRICT.facilities["id"].iloc[both.which[0]] == "c1"


def test_no_facility_covers_nobody() -> None:
    found = coverage(DISTRICT, ADULT, "health", 15)
    assert figure(found)["covered"] == 0
    assert found.register.completeness is Completeness.UNKNOWN
    assert found.at_least
    assert np.isinf(found.seconds).all()


def test_an_area_without_residents_has_no_rate() -> None:
    empty = replace(DISTRICT, demand=DISTRICT.demand.assign(inside=DISTRICT.demand["area"].eq("west")))
    table = roll_up(empty, np.ones(len(empty.demand), bool))
    assert math.isnan(table[table["area"].eq("east") & table["group"].eq("residents")]["rate"].iloc[0])


@pytest.mark.parametrize("minutes", [0, -1, 121, math.nan])
def test_minutes_out_of_range(minutes: float) -> None:
    with pytest.raises(InputError):
        coverage(DISTRICT, ADULT, "market", minutes)


def test_unknown_names_say_what_is_known() -> None:
    with pytest.raises(UnknownNameError) as error:
        coverage(DISTRICT, ADULT, "heritage", 15)
    assert "market" in error.value.message("zh")
    assert "market" in error.value.message("en")
    with pytest.raises(UnknownNameError):
        profile_named(DISTRICT, "robot")
    with pytest.raises(UnknownNameError):
        area_named(DISTRICT, "南片区")
    assert area_named(DISTRICT, "WEST").id == area_named(DISTRICT, "西片区").id == "west"
    assert coverable_kinds(DISTRICT) == ("market", "canteen", "health")


@given(st.floats(0.5, 40), st.floats(0.5, 40), st.sampled_from(["market", "canteen"]), st.booleans())
@settings(max_examples=60, deadline=None)
def test_rates_move_the_right_way(a: float, b: float, kind: str, unverified: bool) -> None:  # noqa: FBT001
    short, long = sorted((a, b))
    near = coverage(DISTRICT, ADULT, kind, short, unverified=unverified)
    far = coverage(DISTRICT, ADULT, kind, long, unverified=unverified)
    slow = coverage(DISTRICT, SLOW, kind, short, unverified=unverified)
    more = coverage(DISTRICT, ADULT, kind, short, unverified=True)
    assert (near.table["covered"] <= far.table["covered"]).all()
    assert (slow.table["covered"] <= near.table["covered"]).all()
    assert (near.table["covered"] <= more.table["covered"]).all()
    for found in (near, far, slow):
        table = found.table
        assert np.allclose(table["covered"] + table["uncovered"], table["residents"])
        for group in GROUPS:
            own = table[table["group"].eq(group)].set_index("area")
            assert own.drop("")["covered"].sum() == pytest.approx(own.at["", "covered"])
