from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from circle.errors import InputError, NetworkError
from circle.geo.crs import to_lonlat
from circle.load.plain import plain
from circle.measures.lifecircle import (
    buildings_within,
    count_within,
    life_circle,
    origin_at,
    second_nearest,
    verified_seconds,
    walk_to,
    within_limits,
)
from circle.network.speeds import impedance
from tests import small

DISTRICT = small.district()
ADULT = impedance(DISTRICT.network, DISTRICT.profiles["adult"])


def degrees(east: float, north: float = 0.0) -> tuple[float, float]:
    lon, lat = to_lonlat(np.array([[small.WEST + east, small.SOUTH + north]]), DISTRICT.crs)[0]
    return float(lon), float(lat)


def test_by_hand() -> None:
    origin = origin_at(DISTRICT, ADULT, *degrees(500, 10))
    found = life_circle(DISTRICT, ADULT, origin, [5, 10])
    # 10 m off the street, then 290 m and 590 m each way.
    assert found.residents["residents"].tolist() == [60, 100]
    assert found.residents["residents_60_plus"].tolist() == [18, 30]
    assert found.residents["residents_beyond"].tolist() == [0, 10]
    assert found.facilities["id"].tolist() == ["c1", "m1", "c2"]
    assert found.facilities["seconds"].tolist() == pytest.approx([410, 510, 710], abs=0.1)
    assert [count_within(found.heritage, m) for m in (5, 6, 10)] == [0, 2, 2]
    assert [one.minutes for one in found.isochrones] == [5, 10]


@pytest.mark.parametrize("ages", [1.0, np.nan])
def test_what_is_counted_without_tables_is_the_same(ages: float) -> None:
    every_other = np.where(np.arange(len(DISTRICT.demand)) % 2, ages, 1.0)
    demand = DISTRICT.demand.assign(age_60_64=DISTRICT.demand["age_60_64"] * every_other)
    district = replace(DISTRICT, demand=demand)
    origin = origin_at(district, ADULT, *degrees(500, 10))
    circle = life_circle(district, ADULT, origin, [1, 5, 10])
    limits = within_limits(plain(district), ADULT, origin, [1, 5, 10])
    for limit, (minutes, residents) in zip(limits, circle.residents.iterrows(), strict=True):
        assert limit.isochrone.minutes == minutes
        assert limit.residents == pytest.approx(residents.to_dict(), nan_ok=True)
        near = circle.facilities[circle.facilities["seconds"] <= limit.isochrone.minutes * 60]
        for sure, counts in ((True, limit.facilities), (False, limit.facilities_unverified)):
            of_kinds = near[near["verified"].eq(sure)]["kind"].value_counts(sort=False)
            assert list(counts.items()) == list(of_kinds.items())
        assert limit.heritage == buildings_within(circle.heritage, limit.isochrone.minutes)
    assert limits[-1].facilities_unverified


def test_a_guessed_position_never_stands_for_its_kind() -> None:
    found = life_circle(DISTRICT, ADULT, origin_at(DISTRICT, ADULT, *degrees(500)), [5])
    assert found.nearest["id"].tolist() == ["m1", "c2", "c1"]
    far = life_circle(DISTRICT, ADULT, origin_at(DISTRICT, ADULT, *degrees(1150)), [5])
    assert far.nearest["id"].tolist() == ["m1", "c2"]


def test_the_second_is_what_is_left_where_the_nearest_closes() -> None:
    origin = origin_at(DISTRICT, ADULT, *degrees(500))
    assert second_nearest(life_circle(DISTRICT, ADULT, origin, [5])).empty
    canteens = DISTRICT.facilities[DISTRICT.facilities["kind"].eq("canteen")]
    table = pd.concat([canteens, canteens.assign(id=["sure", "twin"], verified=True)])
    second = second_nearest(life_circle(replace(DISTRICT, facilities=table), ADULT, origin, [5]))
    assert second["id"].isin(["c2", "twin"]).to_dict() == {"canteen": True}
    rest = replace(DISTRICT, facilities=table[table["id"].ne("sure")])
    left = verified_seconds(life_circle(rest, ADULT, origin, [5]))
    assert left["canteen"] == second["seconds"]["canteen"]


def test_the_walk_explains_the_time() -> None:
    origin = origin_at(DISTRICT, ADULT, *degrees(500, 10))
    found = life_circle(DISTRICT, ADULT, origin, [5])
    market = found.facilities[found.facilities["id"].eq("m1")].iloc[0]
    walk = walk_to(ADULT, origin, market)
    assert walk is not None
    assert walk.seconds == market["seconds"]
    assert dict(walk.streets) == {"甲路": pytest.approx(500.0)}


@pytest.mark.parametrize(
    ("lon", "lat", "key"),
    [
        (math.nan, 31.0, "point"),
        (math.inf, 31.0, "point"),
        (31.2, 121.4, "point_swapped"),
        (500.0, 31.0, "point"),
        (121.4, -120.0, "point"),
    ],
)
def test_places_that_are_none(lon: float, lat: float, key: str) -> None:
    with pytest.raises(InputError) as error:
        origin_at(DISTRICT, ADULT, lon, lat)
    assert error.value.key == key
    assert error.value.message("zh") != error.value.message("en")


def test_far_from_any_street() -> None:
    with pytest.raises(NetworkError) as error:
        origin_at(DISTRICT, ADULT, *degrees(500, 400))
    assert error.value.values["metres"] == 400


def test_limits_are_checked() -> None:
    with pytest.raises(InputError):
        life_circle(DISTRICT, ADULT, origin_at(DISTRICT, ADULT, *degrees(500)), [])


def test_a_building_on_two_lists_counts_once() -> None:
    rows = [("甲", "路1号", 60.0), ("乙", "路1号", 61.0), ("甲", "路2号", 90.0)]
    heritage = pd.DataFrame(rows, columns=["kind", "address", "seconds"])
    assert [buildings_within(heritage, minutes) for minutes in (0.5, 1, 1.5)] == [0, 1, 2]
