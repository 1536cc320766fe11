"""What one place has within its limits, where a walk is exactly as long as a limit."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from circle.measures.lifecircle import count_within, life_circle
from circle.network.snap import snap_one
from circle.network.speeds import impedance
from tests import small

if TYPE_CHECKING:
    from circle.model import District, LifeCircle

DISTRICT = small.district()


def around(district: District, east_m: float, minutes: float) -> LifeCircle:
    """Return what a place on the street has, at a metre a second."""
    walk = impedance(district.network, district.profiles["adult"])
    origin = snap_one(walk, np.array([small.WEST + east_m, small.SOUTH]))
    return life_circle(district, walk, origin, [minutes])


def counted(seconds: list[float], minutes: float) -> int:
    return count_within(pd.DataFrame({"seconds": seconds}), minutes)


def canteens_listed(guessed_m: float) -> list[str]:
    """Return the canteens told as nearest to 600 m: the sure one stands at 1,200 m."""
    east = small.WEST + np.array([0.0, guessed_m, 1200.0])
    district = replace(DISTRICT, facilities=DISTRICT.facilities.assign(x=east))
    nearest = around(district, 600.0, 15).nearest
    return nearest.loc[nearest["kind"].eq("canteen"), "id"].tolist()


@pytest.mark.parametrize(("minutes", "residents"), [(9.999, 60), (10.0, 70)])
def test_residents_exactly_as_far_as_the_limit_are_within(minutes: float, residents: float) -> None:
    """From 50 m on the street the place at 650 m is 600 m away."""
    assert around(DISTRICT, 50.0, minutes).residents["residents"].tolist() == [residents]


def test_a_place_exactly_as_far_as_the_limit_is_counted() -> None:
    assert counted([599.0, 600.0, 600.001, np.inf], 10) == 2


@pytest.mark.parametrize(
    ("guessed_m", "listed"), [(0.0, ["c2"]), (0.01, ["c2", "c1"]), (1200.0, ["c2"])]
)
def test_a_guessed_place_is_told_only_where_it_is_nearer(
    guessed_m: float, listed: list[str]
) -> None:
    assert canteens_listed(guessed_m) == listed
