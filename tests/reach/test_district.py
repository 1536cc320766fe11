"""The engine on the real streets, against networkx with the points inserted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from circle.config import ROOT
from circle.load import read_district
from circle.model import Snapped
from circle.network.snap import snap
from circle.network.speeds import impedance
from circle.reach import travel
from tests.oracle import seconds_between

DISTRICT = read_district(ROOT / "data" / "tianping")
ORIGINS, TARGETS = 40, 25


def some_places(count: int, seed: int) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Return places up to 120 m off a random junction, shape (count, 2)."""
    random = np.random.default_rng(seed)
    node_xy = DISTRICT.network.node_xy
    away = random.uniform(-85, 85, (count, 2))
    found: np.ndarray[tuple[int, int], np.dtype[np.float64]] = (
        node_xy[random.integers(0, len(node_xy), count)] + away
    )
    return found


@pytest.mark.parametrize("profile", ["adult", "older_adult", "wheelchair"])
def test_a_thousand_pairs_agree_to_half_a_second(profile: str) -> None:
    who = replace(DISTRICT.profiles[profile], signal_wait_s=12.0)
    walk = impedance(DISTRICT.network, who)
    origins = snap(walk, some_places(ORIGINS, 1))
    targets = snap(walk, some_places(TARGETS, 2))
    want = seconds_between(DISTRICT.network, who, origins, targets)
    got = travel.many_to_many(walk, origins, targets)
    assert np.isfinite(want).all()
    assert want.size == 1000
    np.testing.assert_allclose(got, want, atol=0.5)


def test_every_measure_tells_the_same_time() -> None:
    walk = impedance(DISTRICT.network, DISTRICT.profiles["adult"])
    origins, targets = snap(walk, some_places(6, 3)), snap(walk, some_places(30, 4))
    matrix = travel.many_to_many(walk, origins, targets)
    for i in range(6):
        one = Snapped(
            origins.xy[i : i + 1],
            origins.segment[i : i + 1],
            origins.fraction[i : i + 1],
            origins.off_m[i : i + 1],
        )
        reach = travel.reach_from(walk, one, np.inf)
        np.testing.assert_array_equal(travel.times_at(reach, targets), matrix[i])
        time, _ = travel.nearest(walk, targets, one)
        assert time[0] == matrix[i].min()
