from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circle.errors import InputError
from circle.model import Snapped
from circle.network.speeds import impedance
from circle.reach import travel
from tests.oracle import network_of, points_on, seconds_between, walker

if TYPE_CHECKING:
    from circle.model import WalkNetwork

#    0 --100-- 1 --100-- 2
#              |
#             200 (stair of 50 steps)
#              |
#              3          4 --50-- 5   (a part of its own)
XY = [(0.0, 0.0), (100.0, 0.0), (200.0, 0.0), (100.0, 200.0), (900.0, 0.0), (950.0, 0.0)]
STREETS = [(0, 1, 100.0), (1, 2, 100.0), (1, 3, 200.0), (4, 5, 50.0)]


def line() -> WalkNetwork:
    return network_of(
        XY, STREETS, steps=[-1, -1, 50, -1], signals=[1], names=["甲路", "甲路", "", ""]
    )


def row(points: Snapped, j: int) -> Snapped:
    part = slice(j, j + 1)
    return Snapped(points.xy[part], points.segment[part], points.fraction[part], points.off_m[part])


def seconds(network: WalkNetwork, a: Snapped, b: Snapped, **profile: Any) -> float:
    walk = impedance(network, walker(**profile))
    return float(travel.many_to_many(walk, a, b)[0, 0])


def test_by_hand() -> None:
    net = line()
    start = points_on(net, [(0, 0.25, 10.0)])
    assert seconds(net, start, points_on(net, [(1, 0.5, 5.0)])) == 10 + 75 + 50 + 5
    assert seconds(net, start, points_on(net, [(0, 0.75, 0.0)])) == 10 + 50
    assert seconds(net, start, points_on(net, [(3, 0.5, 0.0)])) == math.inf
    assert seconds(net, start, points_on(net, [(1, 0.5, 5.0)]), speed_m_s=2.0) == 70


def test_stairs_and_signals() -> None:
    net = line()
    start, top = points_on(net, [(0, 0.0, 0.0)]), points_on(net, [(2, 0.5, 0.0)])
    assert seconds(net, start, top) == 200
    assert seconds(net, start, top, seconds_per_step=0.9) == pytest.approx(100 + 25 * 0.9)
    assert seconds(net, start, top, steps_allowed=False) == math.inf
    assert seconds(net, start, top, signal_wait_s=30.0) == 230
    along = points_on(net, [(0, 0.9, 0.0)])
    assert seconds(net, start, along, signal_wait_s=30.0) == 90


def test_path_explains_its_time() -> None:
    net = line()
    walk = impedance(net, walker())
    found = travel.path(walk, points_on(net, [(0, 0.25, 10.0)]), points_on(net, [(2, 0.5, 5.0)]))
    assert found is not None
    assert found.seconds == 10 + 75 + 100 + 5
    assert found.metres == pytest.approx(190)
    assert found.off_street_m == 15
    assert found.streets == (("甲路", 75.0), ("", 100.0))
    assert found.steps
    assert travel.path(walk, points_on(net, [(0, 0, 0)]), points_on(net, [(3, 0, 0)])) is None


def test_path_on_one_segment_stays_on_it() -> None:
    net = line()
    walk = impedance(net, walker(signal_wait_s=60.0))
    found = travel.path(walk, points_on(net, [(0, 0.9, 0.0)]), points_on(net, [(0, 0.2, 0.0)]))
    assert found is not None
    assert found.seconds == 70
    assert dict(found.streets) == {"甲路": pytest.approx(70.0)}


def test_nearest_names_the_place() -> None:
    net = line()
    walk = impedance(net, walker())
    places = points_on(net, [(1, 1.0, 0.0), (0, 0.5, 0.0)])
    doors = points_on(net, [(0, 0.0, 0.0), (1, 0.9, 0.0), (3, 0.5, 0.0)])
    time, which = travel.nearest(walk, places, doors)
    assert time.tolist() == [50.0, 10.0, math.inf]
    assert which.tolist() == [1, 0, -1]
    time, which = travel.nearest(walk, places, doors, limit_s=20)
    assert time.tolist() == [math.inf, 10.0, math.inf]
    assert which.tolist() == [-1, 0, -1]


def test_points_off_the_network_reach_nothing() -> None:
    net = line()
    walk = impedance(net, walker())
    lost, here = points_on(net, [(-1, 0.0, 9.0)]), points_on(net, [(0, 0.5, 0.0)])
    assert travel.many_to_many(walk, lost, here)[0, 0] == math.inf
    assert travel.many_to_many(walk, here, lost)[0, 0] == math.inf
    assert travel.nearest(walk, lost, here)[0][0] == math.inf
    assert travel.nearest(walk, here, lost)[0][0] == math.inf
    assert travel.path(walk, lost, here) is None


def test_reach_stops_at_its_limit() -> None:
    net = line()
    walk = impedance(net, walker())
    reach = travel.reach_from(walk, points_on(net, [(0, 0.0, 0.0)]), 100)
    assert sorted(reach.ms.tolist()) == [0, 100_000]
    times = travel.times_at(reach, points_on(net, [(0, 0.5, 0.0), (1, 0.1, 0.0)]))
    assert times.tolist() == [50.0, math.inf]


@pytest.mark.parametrize("minutes", [0, -5, 120.5, math.nan, math.inf])
def test_limits_out_of_range(minutes: float) -> None:
    with pytest.raises(InputError):
        travel.check_minutes([5, minutes])


def test_no_limit_is_refused() -> None:
    with pytest.raises(InputError):
        travel.check_minutes([])
    assert travel.check_minutes([15, 5, 5]) == (5, 15)


@st.composite
def cities(draw: st.DrawFn) -> tuple[WalkNetwork, Snapped, Snapped, dict[str, Any]]:
    """Small street networks: parts, parallels, loops and segments of no length among them."""
    nodes = draw(st.integers(2, 9))
    xy = [(float(50 * i), float(37 * (i * i % 7))) for i in range(nodes)]
    node = st.integers(0, nodes - 1)
    length = st.one_of(st.just(0.0), st.floats(0.5, 3000), st.integers(1, 40).map(float))
    segments = draw(st.lists(st.tuples(node, node, length), min_size=1, max_size=16))
    steps = draw(
        st.lists(st.sampled_from([-1, -1, 0, 12]), min_size=len(segments), max_size=len(segments))
    )
    signals = draw(st.lists(node, max_size=3, unique=True))
    net = network_of(xy, segments, steps=steps, signals=signals)
    place = st.tuples(
        st.integers(-1, len(segments) - 1),
        st.one_of(st.sampled_from([0.0, 0.5, 1.0]), st.floats(0, 1)),
        st.floats(0, 200),
    )
    spots = st.lists(place, min_size=1, max_size=6)
    profile = {
        "speed_m_s": draw(st.floats(0.3, 2.0)),
        "steps_allowed": draw(st.booleans()),
        "seconds_per_step": draw(st.sampled_from([None, 0.9])),
        "signal_wait_s": draw(st.sampled_from([0.0, 0.0, 45.0])),
    }
    return net, points_on(net, draw(spots)), points_on(net, draw(spots)), profile


@given(cities())
@settings(max_examples=250, deadline=None)
def test_agrees_with_networkx(
    city: tuple[WalkNetwork, Snapped, Snapped, dict[str, Any]],
) -> None:
    net, doors, places, how = city
    profile = walker(**how)
    walk = impedance(net, profile)
    want = seconds_between(net, profile, doors, places)
    got = travel.many_to_many(walk, doors, places)
    np.testing.assert_allclose(got, want, atol=0.5)
    time, which = travel.nearest(walk, places, doors)
    np.testing.assert_allclose(time, want.min(axis=1), atol=0.5)
    known = which >= 0
    assert (known == np.isfinite(time)).all()
    np.testing.assert_allclose(
        want[np.flatnonzero(known), which[known]], want.min(axis=1)[known], atol=0.5
    )


@given(cities())
@settings(max_examples=150, deadline=None)
def test_one_search_and_the_path_agree(
    city: tuple[WalkNetwork, Snapped, Snapped, dict[str, Any]],
) -> None:
    net, doors, places, how = city
    walk = impedance(net, walker(**how))
    origin = row(doors, 0)
    want = travel.many_to_many(walk, doors, places)[0]
    got = travel.times_at(travel.reach_from(walk, origin, math.inf), places)
    np.testing.assert_array_equal(got, want)
    for j, expected in enumerate(want):
        one = row(places, j)
        found = travel.path(walk, origin, one)
        assert (found is None) == math.isinf(expected)
        if found is not None:
            assert found.seconds == pytest.approx(expected, abs=0.02)
            on_street = sum(m for _, m in found.streets)
            assert found.metres == pytest.approx(on_street + found.off_street_m)
