"""A place moved along the streets, so that it names no house.

After Swanlund, Schuurman, Zandbergen and Brussoni (2020), "Street masking: a
network-based geographic mask for easily protecting geographic privacy", International
Journal of Health Geographics 19:26: from the junction nearest to the place, the nearest
`DEPTH` junctions by way are the pool, and the mean way to them is the distance aimed at.
They take the junction whose way comes nearest to it, which can be worked back; here it
is drawn at random among the half of the pool that comes nearest. Masking anew each time
would average out to the place itself: a place is masked once and kept so.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from circle.model import derived

if TYPE_CHECKING:
    from collections.abc import Callable

    from circle.model import Floats, WalkNetwork

DEPTH = 20


def masked(
    network: WalkNetwork, xy: Floats, choose: Callable[[int], int] = secrets.randbelow
) -> Floats:
    """Return the junction that a place is moved to.

    Parameters
    ----------
    network
        The streets.
    xy
        Shape (2,), metres in the network's system.
    choose
        Given n, returns one of 0 … n - 1; another one than the default is for tests.

    Returns
    -------
    ndarray
        Shape (2,), metres.
    """
    near = int(np.argmin(((network.node_xy - xy) ** 2).sum(axis=1)))
    graph = _metres(network)
    limit_m = 250.0
    while True:
        metres = dijkstra(graph, directed=False, indices=[near], limit=limit_m)[0]
        pool = np.flatnonzero(np.isfinite(metres))
        if len(pool) > DEPTH or limit_m > network.segment_length_m.sum():
            break
        limit_m *= 2
    order = np.argsort(metres[pool], kind="stable")
    pool = pool[order[order != np.searchsorted(pool, near)]][:DEPTH]
    if not len(pool):  # a place on no street that leads anywhere
        return np.asarray(network.node_xy[near], np.float64)
    aimed_m = metres[pool].mean()
    nearest = np.argsort(np.abs(metres[pool] - aimed_m), kind="stable")
    half = pool[nearest[: max(1, len(pool) // 2)]]
    return np.asarray(network.node_xy[half[choose(len(half))]], np.float64)


@derived
def _metres(network: WalkNetwork) -> csr_array:
    """Return the ways between junctions, metres; of several the shortest."""
    ends, lengths = network.segment_nodes, network.segment_length_m
    longest_first = np.argsort(-lengths, kind="stable")
    low, high = ends[longest_first].min(axis=1), ends[longest_first].max(axis=1)
    count = len(network.node_xy)
    pairs, last = np.unique((low.astype(np.int64) * count + high)[::-1], return_index=True)
    shortest = lengths[longest_first][::-1][last]
    return csr_array((shortest, (pairs // count, pairs % count)), shape=(count, count))
