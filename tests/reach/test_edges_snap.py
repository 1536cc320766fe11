"""Places exactly as far from the street as is allowed, limits as long as the walk."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from circle.errors import InputError, NetworkError
from circle.network.snap import snap, snap_one
from circle.network.speeds import impedance
from circle.reach import travel
from tests.oracle import network_of, points_on, walker

if TYPE_CHECKING:
    from circle.model import Snapped

WALK = impedance(network_of([(0.0, 0.0), (1000.0, 0.0)], [(0, 1, 1000.0)]), walker())


def on_street(off_m: float, **most: float) -> Snapped:
    return snap(WALK, np.array([[400.0, off_m]]), **most)


def on_street_or_error(off_m: float) -> Snapped:
    return snap_one(WALK, np.array([400.0, off_m]))


def times(limit_s: float) -> list[float]:
    """Return the seconds to places 300 m and 300.001 m on, as every search has them."""
    here = points_on(WALK.network, [(0, 0.0, 0.0)])
    there = points_on(WALK.network, [(0, 0.3, 0.0), (0, 0.300001, 0.0)])
    return [
        *travel.nearest(WALK, here, there, limit_s)[0].tolist(),
        *travel.many_to_many(WALK, here, there, limit_s)[0].tolist(),
        *travel.times_at(travel.reach_from(WALK, here, limit_s), there).tolist(),
    ]


def minutes(*limits: float) -> tuple[float, ...]:
    return travel.check_minutes(limits)


@pytest.mark.parametrize(("most", "off_m"), [({}, 250.0), ({"max_off_m": 30.0}, 30.0)])
def test_a_place_exactly_as_far_off_as_allowed_is_on_the_street(
    most: dict[str, float], off_m: float
) -> None:
    assert on_street(off_m, **most).segment.tolist() == [0]
    beyond = on_street(off_m + 0.001, **most)
    assert beyond.segment.tolist() == [-1]
    assert beyond.off_m == pytest.approx([off_m + 0.001])


def test_the_first_segment_is_a_street_too() -> None:
    assert on_street_or_error(250.0).fraction.tolist() == [0.4]
    with pytest.raises(NetworkError):
        on_street_or_error(250.001)


def test_a_walk_exactly_as_long_as_the_limit_is_within() -> None:
    assert times(300.0) == [300.0, np.inf] * 3


def test_two_hours_are_the_most() -> None:
    assert minutes(120, 0.001) == (0.001, 120)
    with pytest.raises(InputError):
        minutes(120.001)
