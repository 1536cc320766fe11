from __future__ import annotations

import math

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from circle.coverage import coverage, figure
from circle.gaps import frontages, gaps
from circle.network.speeds import impedance
from tests import small

DISTRICT = small.district()
ADULT = impedance(DISTRICT.network, DISTRICT.profiles["adult"])


def test_one_zone_by_hand() -> None:
    """Out of the market's 10 minutes: the places at 650 to 950 m."""
    found = coverage(DISTRICT, ADULT, "market", 10)
    (gap,) = gaps(DISTRICT, found)
    assert (gap.rank, gap.residents, gap.residents_60_plus) == (1, 40, 12)
    assert gap.minutes_beyond == pytest.approx((650 + 750 + 850 + 950) / 4 / 60 - 10)
    assert gap.streets == ("乙路", "甲路")
    assert DISTRICT.facilities["id"].iloc[gap.nearest] == "m1"


def test_zones_apart_are_ranked_by_resident_minutes() -> None:
    found = coverage(DISTRICT, ADULT, "canteen", 3, unverified=True)
    zones = gaps(DISTRICT, found)
    assert [zone.rank for zone in zones] == list(range(1, len(zones) + 1))
    worth = [zone.residents * zone.minutes_beyond for zone in zones]
    assert worth == sorted(worth, reverse=True)


def test_without_any_facility_all_is_one_gap() -> None:
    found = coverage(DISTRICT, ADULT, "health", 15)
    zones = gaps(DISTRICT, found)
    assert sum(zone.residents for zone in zones) == 100
    assert all(math.isinf(zone.minutes_beyond) and zone.nearest == -1 for zone in zones)


def test_everybody_in_reach_is_no_gap() -> None:
    assert gaps(DISTRICT, coverage(DISTRICT, ADULT, "market", 60)) == ()


@given(st.floats(0.5, 30), st.sampled_from(["market", "canteen"]))
@settings(max_examples=40, deadline=None)
def test_zones_hold_all_out_of_reach_and_nobody_else(minutes: float, kind: str) -> None:
    found = coverage(DISTRICT, ADULT, kind, minutes)
    zones = gaps(DISTRICT, found, frontages(DISTRICT))
    assert sum(z.residents for z in zones) == pytest.approx(figure(found)["uncovered"])
    demand = DISTRICT.demand
    points = shapely.points(demand[["x", "y"]].to_numpy())
    lacking = (found.seconds > minutes * 60) & demand["inside"].to_numpy()
    ground = shapely.union_all([zone.geometry for zone in zones])
    assert (shapely.contains(ground, points) == lacking).all()
    assert DISTRICT.boundary.buffer(1e-6).contains(ground) or ground.is_empty
