"""Who walks, and how fast: profile × network → impedance."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from circle.errors import InputError
from circle.model import Impedance, derived

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circle.model import Bools, Floats, Ints, Profile, Strings, WalkNetwork

MS_PER_S = 1000
MAX_OFF_S = 2e6
"""A walk off the street takes no longer: milliseconds stay within int32."""
BARRED_MS = 2_000_000_000
"""The cost of an edge that the profile may not use: longer than any walk."""
_BUCKET_SHIFT = 13
_MOST_BUCKETS = 1 << 16
_LONGEST_MS = 100_000_000


def impedance(network: WalkNetwork, profile: Profile) -> Impedance:
    """Return what every segment costs `profile`, in whole milliseconds.

    A segment costs its length at the profile's speed; a stair whose steps are
    counted costs the profile's seconds a step, and one that is partly path never
    less than its length; a junction with signals costs the profile's wait to
    whoever passes it.

    Parameters
    ----------
    network
        The streets.
    profile
        Who walks.

    Returns
    -------
    Impedance
        With -1 for the segments that the profile may not use, `BARRED_MS` for
        their edges.

    Raises
    ------
    InputError
        When the profile's speed is not above zero, or a segment would take
        more than a day.
    """
    if not profile.speed_m_s > 0:
        raise InputError("speed", profile=profile.id, speed=profile.speed_m_s)
    segment_ms = _whole_ms(_segment_seconds(network, profile))
    if segment_ms.max(initial=0) > _LONGEST_MS:
        raise InputError("speed", profile=profile.id, speed=profile.speed_m_s)
    segment_ms[barred(network, profile)] = -1
    node_ms = np.where(network.node_signal, round(profile.signal_wait_s * MS_PER_S), 0)
    node_ms = node_ms.astype(np.int32, copy=False)
    edge_ms = segment_ms[network.adjacency_segment]
    closed = edge_ms < 0
    if node_ms.any():
        edge_ms += node_ms[network.adjacency_node]
    edge_ms[closed] = 0
    longest = int(edge_ms.max(initial=0))
    edge_ms[closed] = BARRED_MS
    shift = _BUCKET_SHIFT
    while longest >> shift >= _MOST_BUCKETS:
        shift += 1
    return Impedance(
        network=network,
        profile=profile,
        segment_ms=segment_ms,
        edges=np.stack([network.adjacency_node, edge_ms], axis=1),
        node_ms=node_ms,
        bucket_shift=shift,
        longest_ms=longest,
    )


def by_length(walk: Impedance) -> Impedance:
    """Return what every segment costs in length: one second stands for one metre.

    The same segments are barred; stairs count by their length, and nobody waits.

    Parameters
    ----------
    walk
        The streets as a profile walks them.
    """
    metre_a_second = replace(walk.profile, speed_m_s=1.0, seconds_per_step=None, signal_wait_s=0.0)
    return walked(walk.network, metre_a_second)


@derived
def walked(network: WalkNetwork, profile: Profile) -> Impedance:
    """Return `impedance`, made once and kept with the network."""
    return impedance(network, profile)


def barred(network: WalkNetwork, profile: Profile) -> Bools:
    """Return which segments the profile may not use, shape (m,)."""
    if profile.steps_allowed:
        return np.zeros(len(network.segment_length_m), np.bool_)
    stair: Bools = network.segment_steps >= 0
    return stair


def off_street_ms(off_m: Floats, profile: Profile) -> Ints:
    """Return the time for a walk off the street, in whole milliseconds."""
    return _whole_ms(off_m / profile.speed_m_s)


def _segment_seconds(network: WalkNetwork, profile: Profile) -> Floats:
    seconds = network.segment_length_m / profile.speed_m_s
    if profile.seconds_per_step is not None:
        counted = network.segment_steps > 0
        stairs = network.segment_steps[counted] * profile.seconds_per_step
        partly = _partly_stairs(network.segment_class[counted])
        seconds[counted] = np.where(partly, np.maximum(stairs, seconds[counted]), stairs)
    return seconds


def _partly_stairs(classes: Strings) -> Bools:
    """Return which classes name more than stairs, as joined segments do, shape (k,)."""
    return np.array([len({*str(name).split(";")}) > 1 for name in classes], np.bool_)


def _whole_ms(seconds: NDArray[np.float64]) -> Ints:
    ms = np.minimum(seconds, MAX_OFF_S)
    ms *= MS_PER_S
    whole: Ints = np.rint(ms, out=ms).astype(np.int32)
    return whole
