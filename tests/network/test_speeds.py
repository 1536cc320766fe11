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
