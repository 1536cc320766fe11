from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from circle.demand import figure_in
from circle.errors import UnknownNameError
from circle.measures.gaps import by_size, gaps
from circle.model import Cause, Coverage, District, NoData, Rule
from circle.network.speeds import impedance
from circle.words.wording import gap_name
from tests import small
from tests.asking import coverage, coverage_by
from tests.oracle import network_of

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


def test_streets_that_stand_for_few_residents_are_not_the_whole_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = coverage(DISTRICT, ADULT, "market", 10)
    assert [zone.more_streets for zone in gaps(DISTRICT, found)] == [0]
    monkeypatch.setattr("circle.measures.gaps._STREETS", 1)
    monkeypatch.setattr("circle.measures.gaps._NAMED", 0.9)
    (zone,) = gaps(DISTRICT, found)
    assert (zone.streets, zone.more_streets) == (("乙路",), 1)
    assert gap_name(zone) == "乙路等，另有 1 条路"


def test_zones_of_a_few_residents_are_told_apart() -> None:
    (zone,) = gaps(DISTRICT, coverage(DISTRICT, ADULT, "market", 10))
    zones = [replace(zone, rank=rank, residents=n) for rank, n in enumerate((40, 9.9, 10, 0.5), 1)]
    many, few = by_size(zones)
    assert ([zone.rank for zone in many], [zone.rank for zone in few]) == ([1, 3], [2, 4])


def test_zones_apart_are_ranked_by_resident_minutes() -> None:
    found = coverage(DISTRICT, ADULT, "canteen", 3, unverified=True)
    zones = gaps(DISTRICT, found)
    assert [zone.rank for zone in zones] == list(range(1, len(zones) + 1))
    worth = [zone.residents * zone.minutes_beyond for zone in zones]
    assert worth == sorted(worth, reverse=True)


def test_everybody_in_reach_is_no_gap() -> None:
    assert gaps(DISTRICT, coverage(DISTRICT, ADULT, "market", 60)) == ()


@given(st.floats(0.5, 30), st.sampled_from(["market", "canteen"]))
@settings(max_examples=40, deadline=None)
def test_zones_hold_all_out_of_reach_and_nobody_else(minutes: float, kind: str) -> None:
    found = coverage(DISTRICT, ADULT, kind, minutes)
    zones = gaps(DISTRICT, found)
    assert sum(z.residents for z in zones) == pytest.approx(figure_in(found.table)["uncovered"])
    demand = DISTRICT.demand
    points = shapely.points(demand[["x", "y"]].to_numpy())
    lacking = (found.seconds > minutes * 60) & demand["inside"].to_numpy()
    ground = shapely.union_all([zone.geometry for zone in zones])
    assert (shapely.contains(ground, points) == lacking).all()
    assert DISTRICT.boundary.buffer(1e-4).contains(ground) or ground.is_empty


def _bend() -> District:
    """Return a street 400 m up, 100 m across, 400 m down: the market at its start.

    Ten residents live 10 m before its end: 890 m to walk, and straight across
    hypot(100, 10) m; ten more stand on the top, 450 m on, hypot(50, 400) straight.
    """
    west, south = small.WEST, small.SOUTH
    corners = [(west, south), (west, south + 400), (west + 100, south + 400), (west + 100, south)]
    network = network_of(
        corners, [(0, 1, 400.0), (1, 2, 100.0), (2, 3, 400.0)], names=["甲路", "顶路", "乙路"]
    )
    demand = small.demand().iloc[[0, 1]].reset_index(drop=True)
    demand = demand.assign(
        x=[west + 100, west + 50],
        y=[south + 10.0, south + 400.0],
        segment=[2, 1],
        fraction=[390 / 400, 0.5],
    )
    return replace(
        DISTRICT,
        network=network,
        demand=small.with_places(demand),
        boundary=shapely.box(west - 50, south - 50, west + 150, south + 450),
    )


def test_a_detour_by_hand() -> None:
    district = _bend()
    walk = impedance(district.network, district.profiles["adult"])
    far, near = math.hypot(50, 400), math.hypot(100, 10)
    (gap,) = gaps(district, coverage(district, walk, "market", 10))
    assert gap.residents == 10
    assert gap.straight_m == pytest.approx(near)
    assert gap.detour == pytest.approx(890 / near, abs=1e-4)
    assert gap.cause is Cause.DETOUR
    (gap,) = gaps(district, coverage(district, walk, "market", 1))
    assert gap.residents == 20
    assert gap.straight_m == pytest.approx((near + far) / 2)
    assert gap.detour == pytest.approx((890 + 450) / (near + far), abs=1e-4)
    assert gap.cause is Cause.NO_FACILITY  # 60 m is nearer than either


def test_half_of_the_residents_decide_the_cause() -> None:
    district = _bend()
    walk = impedance(district.network, district.profiles["adult"])
    two_minutes = coverage(district, walk, "market", 2)  # 120 m: one place beyond, one not
    (gap,) = gaps(district, two_minutes)
    assert gap.cause is Cause.NO_FACILITY
    fewer = district.demand.assign(residents=[11.0, 9.0])
    (gap,) = gaps(replace(district, demand=fewer), two_minutes)
    assert gap.cause is Cause.DETOUR


def test_no_way_is_an_endless_detour() -> None:
    apart = replace(
        _bend(),
        network=network_of(
            [
                (small.WEST + x, small.SOUTH + y)
                for x, y in ((0, 0), (0, 400), (100, 400), (100, 0))
            ],
            [(0, 1, 400.0), (2, 3, 400.0)],
            names=["甲路", "乙路"],
        ),
    )
    apart = replace(apart, demand=apart.demand.iloc[[0]].assign(segment=1))
    walk = impedance(apart.network, apart.profiles["adult"])
    (gap,) = gaps(apart, coverage(apart, walk, "market", 15))
    assert gap.detour == math.inf
    assert gap.cause is Cause.DETOUR


def test_heritage_inside_by_hand() -> None:
    """The place at 850 m lies in the gap, the one at 150 m does not."""
    (gap,) = gaps(DISTRICT, coverage(DISTRICT, ADULT, "market", 10))
    assert (gap.heritage, gap.constrained) == (1, True)
    twice = pd.concat([DISTRICT.heritage, DISTRICT.heritage], ignore_index=True)
    (gap,) = gaps(replace(DISTRICT, heritage=twice), coverage(DISTRICT, ADULT, "market", 10))
    assert gap.heritage == 1
    bare = replace(DISTRICT, heritage=DISTRICT.heritage.head(0))
    (gap,) = gaps(bare, coverage(bare, ADULT, "market", 10))
    assert (gap.heritage, gap.constrained) == (0, False)
    kept = replace(bare, never_widened=pd.DataFrame({"name": ["乙路"], "confidence": [""]}))
    (gap,) = gaps(kept, coverage(kept, ADULT, "market", 10))
    assert (gap.heritage, gap.constrained) == (0, True)


def test_metres_beyond_count_at_the_pace() -> None:
    """600 m judge; at half a metre a second 50 to 350 m beyond take 1.7 to 11.7 minutes."""
    walk = impedance(DISTRICT.network, DISTRICT.profiles["slow"])
    found = coverage_by(DISTRICT, walk, small.requirement())
    assert isinstance(found, Coverage)
    (gap,) = gaps(DISTRICT, found)
    assert gap.residents == 40
    assert gap.minutes_beyond == pytest.approx((50 + 150 + 250 + 350) / 4 / 0.5 / 60)
    assert gap.straight_m == pytest.approx(800)
    assert gap.detour == pytest.approx(1)
    assert gap.cause is Cause.NO_FACILITY


def test_a_profile_that_the_district_lacks() -> None:
    found = coverage(DISTRICT, ADULT, "market", 10)
    found = replace(found, question=replace(found.question, profile="robot"))
    with pytest.raises(UnknownNameError):
        gaps(DISTRICT, found)


def test_a_place_without_residents_spoils_no_mean() -> None:
    demand = DISTRICT.demand.assign(residents=np.where(DISTRICT.demand["cell"].eq(9), 0.0, 10.0))
    empty = replace(DISTRICT, demand=demand)
    found = coverage(empty, ADULT, "market", 10)
    seconds = found.seconds.copy()
    seconds[9] = math.inf
    (gap,) = gaps(empty, replace(found, seconds=seconds))
    assert math.isfinite(gap.minutes_beyond)


@given(
    st.floats(10, 1500),
    st.sampled_from(["market", "canteen", "health"]),
    st.sampled_from(["adult", "slow"]),
    st.sampled_from(list(Rule)),
    st.booleans(),
)
@settings(max_examples=40, deadline=None)
def test_zones_of_a_standard_hold_all_out_of_reach(
    metres: float,
    kind: str,
    who: str,
    rule: Rule,
    unverified: bool,  # noqa: FBT001
) -> None:
    walk = impedance(DISTRICT.network, DISTRICT.profiles[who])
    asked = small.requirement(kind, metres=metres, minutes=metres / 60, judged_by=rule)
    found = coverage_by(DISTRICT, walk, asked, unverified=unverified)
    if isinstance(found, NoData):
        assert kind == "health"
        return
    zones = gaps(DISTRICT, found)
    assert sum(z.residents for z in zones) == pytest.approx(figure_in(found.table)["uncovered"])
    seniors = figure_in(found.table, "residents_60_plus")["uncovered"]
    assert sum(z.residents_60_plus for z in zones) == pytest.approx(seniors)
    assert all(z.detour >= 1 - 1e-6 and z.minutes_beyond > 0 for z in zones)
