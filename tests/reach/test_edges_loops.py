"""A street that comes back to where it began: times along it, and the way.

A loop of 200 m at the end of a street of 100 m; at a metre a second::

    0 --100-- 1 ⟲ 200
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from circle.network.speeds import impedance
from circle.reach import kernels, raster, travel
from tests.oracle import network_of, points_on, walker

if TYPE_CHECKING:
    from circle.model import Path

NETWORK = network_of(
    [(0.0, 0.0), (100.0, 0.0)], [(0, 1, 100.0), (1, 1, 200.0)], names=["甲路", "环路"]
)
Place = tuple[int, float]
START: Place = (0, 0.0)


def seconds(origin: Place, target: Place) -> set[float]:
    """Return the seconds between two places, as every search has them."""
    walk = impedance(NETWORK, walker())
    here, there = (points_on(NETWORK, [(*place, 0.0)]) for place in (origin, target))
    return {
        float(travel.many_to_many(walk, here, there)[0, 0]),
        float(travel.nearest(walk, there, here)[0][0]),
        float(travel.times_at(travel.reach_from(walk, here, np.inf), there)[0]),
    }


def way(origin: Place, target: Place) -> Path:
    here, there = (points_on(NETWORK, [(*place, 0.0)]) for place in (origin, target))
    walk = travel.path(impedance(NETWORK, walker()), here, there)
    assert walk is not None
    return walk


def sampled(limit_s: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the seconds from the street's start to the samples on the loop, and their metres."""
    walk = impedance(NETWORK, walker())
    reach = travel.reach_from(walk, points_on(NETWORK, [(*START, 0.0)]), limit_s)
    ms = np.full(len(NETWORK.node_xy), kernels.FAR, np.int32)
    ms[reach.node] = reach.ms
    samples = raster.sample(
        (NETWORK.shape_xy, NETWORK.shape_start),
        np.array([1], np.int32),
        (NETWORK.segment_nodes, ms, walk.segment_ms, NETWORK.segment_length_m),
        (np.array([0], np.int32), np.array([0], np.int32), np.array([0], np.int32)),
        (5.0, np.array([limit_s * 1000.0])),
    )
    return samples[2], samples[3]


@pytest.mark.parametrize(
    ("origin", "target", "taken"),
    [
        (START, (1, 0.25), 100 + 50),
        (START, (1, 0.5), 100 + 100),
        (START, (1, 0.9), 100 + 20),
        ((1, 0.25), START, 50 + 100),
        ((1, 0.9), START, 20 + 100),
        ((1, 0.25), (1, 0.4), 30),
        ((1, 0.25), (1, 0.9), 50 + 20),  # past the junction; along the loop it were 130
        ((1, 0.9), (1, 0.25), 20 + 50),
        ((1, 0.0), (1, 1.0), 0),
    ],
)
def test_times_along_a_loop(origin: Place, target: Place, taken: float) -> None:
    assert seconds(origin, target) == {taken}
    walk = way(origin, target)
    assert walk.seconds == taken
    assert walk.metres == pytest.approx(taken)


@pytest.mark.parametrize(
    ("origin", "target", "stretches"),
    [
        (START, (1, 0.25), [(0, 0.0, 1.0), (1, 0.0, 0.25)]),
        (START, (1, 0.5), [(0, 0.0, 1.0), (1, 0.0, 0.5)]),
        (START, (1, 0.9), [(0, 0.0, 1.0), (1, 1.0, 0.9)]),
        ((1, 0.9), START, [(1, 0.9, 1.0), (0, 1.0, 0.0)]),
        ((1, 0.25), (1, 0.4), [(1, 0.25, 0.4)]),
        ((1, 0.25), (1, 0.9), [(1, 0.25, 0.0), (1, 1.0, 0.9)]),
        ((1, 0.9), (1, 0.25), [(1, 0.9, 1.0), (1, 0.0, 0.25)]),
    ],
)
def test_the_way_takes_the_nearer_end_of_a_loop(
    origin: Place, target: Place, stretches: list[tuple[int, float, float]]
) -> None:
    assert [walk for walk in way(origin, target).stretches if walk[1] != walk[2]] == stretches


def test_the_line_of_a_way_onto_a_loop() -> None:
    """The loop goes to (110, 10), down to (110, 0) and back west along its last 10 m."""
    walk = way(START, (1, 0.9))
    drawn = np.hypot(10, 10) + 10 + 10
    assert walk.xy[:3] == pytest.approx(np.array([[0, 0], [100, 0], [100 + 0.1 * drawn, 0]]))
    assert [name for name, _ in walk.streets] == ["甲路", "环路"]
    assert [metres for _, metres in walk.streets] == pytest.approx([100.0, 20.0])


def test_samples_of_a_loop() -> None:
    """The drawn loop is 34.1 m long: seven samples, each for a seventh of 200 m.

    From the start they are 100 s and what lies between them and the nearer end;
    160 s run out 60 m along the loop from both sides.
    """
    times, metres = sampled(160.0)
    middles = (np.arange(7) + 0.5) / 7 * 200
    assert times[:7] == pytest.approx(100 + np.minimum(middles, 200 - middles))
    assert metres[:7] == pytest.approx(200 / 7)
    assert times[7:].tolist() == [160.0, 160.0]
    assert metres[7:].tolist() == [0.0, 0.0]
