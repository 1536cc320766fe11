from __future__ import annotations

from dataclasses import replace

import numpy as np

from circle.model import Profile, Text
from circle.network.speeds import by_length, impedance
from tests import small


def test_one_second_is_one_metre() -> None:
    """Nobody waits, stairs count by their length, and what is barred stays barred."""
    network = small.district().network
    steps = np.array([-1, 40, -1], np.int32)
    signal = np.ones(len(network.node_signal), np.bool_)
    stair = replace(network, segment_steps=steps, node_signal=signal)
    slow = Profile("slow", Text("慢", "slow"), 0.5, seconds_per_step=3.0, signal_wait_s=60.0)
    found = by_length(impedance(stair, slow))
    assert found.segment_ms.tolist() == [400_000, 400_000, 400_000]
    assert not found.node_ms.any()
    assert found.profile.id == "slow"
    wheels = by_length(impedance(stair, replace(slow, steps_allowed=False)))
    assert wheels.segment_ms.tolist() == [400_000, -1, 400_000]


def test_a_stair_joined_with_a_path_keeps_its_metres() -> None:
    """Steps of a part are not the whole: never faster than its metres, a pure stair is."""
    network = small.district().network
    network = replace(
        network,
        segment_length_m=np.array([150.0, 150.0, 15.0]),
        segment_steps=np.array([24, 24, 30], np.int32),
        segment_class=np.array(["footway;steps", "steps", "footway;steps"], object),
    )
    slow = Profile("slow", Text("慢", "slow"), 1.0, seconds_per_step=1.0)
    assert impedance(network, slow).segment_ms.tolist() == [150_000, 24_000, 30_000]
