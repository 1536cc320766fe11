"""Capacity at its edges: another unit, a place left out, a walk as long as the catchment."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from circle.measures.access import Capacity, Decay, capacity, within
from circle.network.speeds import impedance
from tests import small

if TYPE_CHECKING:
    from circle.model import District

UNIT = "meals/day"


def within_reach(
    district: District, kind: str, seconds: float, metres: float, *, unverified: bool = True
) -> Capacity:
    walk = impedance(district.network, district.profiles["adult"])
    return capacity(district, walk, kind, within(seconds), deliver_m=metres, unverified=unverified)


def with_facilities(**columns: Any) -> District:
    """Return the small district with other columns of facilities: at 0, 900 (guessed), 1,200 m."""
    district = small.district()
    plain = district.facilities.assign(capacity="", capacity_unit=UNIT)
    return replace(district, facilities=plain.assign(**columns))


def test_a_capacity_in_another_unit_than_most_is_unknown_delivered_too() -> None:
    """Of three canteens the one at 900 m counts seats, the others meals."""
    district = with_facilities(
        kind="canteen",
        capacity=["30 + 10 delivered", "50 + 20 delivered", "60 + 24 delivered"],
        capacity_unit=[UNIT, "seats", UNIT],
    )
    answer = within_reach(district, "canteen", 300, 500)
    table = answer.facilities
    assert (answer.unit, answer.capacity_known, answer.supply_at_least) == (UNIT, 2, True)
    assert table["walk_in"].isna().tolist() == [False, True, False]
    assert table["delivered"].isna().tolist() == [False, True, False]
    # 300 m on foot: three places of ten residents each; 500 m for what is brought: five.
    assert answer.walk_in == pytest.approx([1.0] * 3 + [0.0] * 6 + [2.0] * 3)
    assert answer.delivered == pytest.approx([0.2] * 5 + [0.0] * 2 + [0.48] * 5)


def test_a_guessed_place_left_out_of_a_complete_list_may_hold_more() -> None:
    district = with_facilities(kind="market", capacity="30")
    assert within_reach(district, "market", 300, 500, unverified=False).supply_at_least
    assert not within_reach(district, "market", 300, 500).supply_at_least


@pytest.mark.parametrize(("metres", "places"), [(249.999, 2), (250.0, 3)])
def test_a_way_as_long_as_the_catchment_is_within(metres: float, places: int) -> None:
    """From the sure canteen at 1,200 m: the place at 950 m is 250 m away."""
    district = with_facilities(capacity="60 + 60 delivered")
    on_foot = within_reach(district, "canteen", metres, 1.0, unverified=False)
    brought = within_reach(district, "canteen", 1.0, metres, unverified=False)
    assert on_foot.walk_in == pytest.approx([0.0] * (12 - places) + [6 / places] * places)
    assert brought.delivered == pytest.approx([0.0] * (12 - places) + [6 / places] * places)


def test_bands_of_one_weight_are_a_plain_catchment() -> None:
    assert Decay((300.0, 600.0), (1.0, 1.0)).at(np.array([300.0, 600.0])).tolist() == [1.0, 1.0]


@pytest.mark.parametrize(("seconds", "edge"), [(400.0, False), (400.001, True)])
def test_a_catchment_that_ends_where_the_residents_data_ends(seconds: float, edge: bool) -> None:  # noqa: FBT001
    """Residents are known from 50 m to 1,150 m; the market stands at 450 m."""
    district = with_facilities(x=small.WEST + np.array([450.0, 900.0, 1200.0]))
    rows = [district.demand.assign(y=small.SOUTH + north) for north in (-500.0, 500.0)]
    district = replace(district, demand=pd.concat(rows, ignore_index=True))
    assert within_reach(district, "market", seconds, 500).facilities["edge"].tolist() == [edge]
