"""Streets whose sidewalks are drawn apart: which of them a drawn sidewalk stands for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from scipy.sparse import coo_matrix, csr_matrix
from scipy.sparse.csgraph import connected_components, minimum_spanning_tree

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circle.model import Bools

BESIDE_M = 25.0
"""A drawn sidewalk nearer than this runs beside a street."""
BESIDE_SHARE = 0.8
"""Share of a street's length that a sidewalk runs beside, for it to stand for the street."""
_EVERY_M = 10.0


def beside_sidewalks(
    lines: NDArray[np.object_], ends: NDArray[np.int64], separate: Bools, drawn: Bools
) -> tuple[Bools, NDArray[np.int64]]:
    """Say which streets are left to their sidewalks, and which street each sidewalk is of.

    A street stays where leaving it out would part what it joins.

    Parameters
    ----------
    lines
        Shape (m,): pieces of street in metres.
    ends
        Shape (m, 2): numbers of their end nodes.
    separate, drawn
        Shapes (m,): said to have sidewalks drawn apart; is such a sidewalk.

    Returns
    -------
    dropped, street
        Shapes (m,): streets left out; row of the street beside a sidewalk, -1 for none.
    """
    street = np.full(len(lines), -1)
    sidewalks, candidates = np.flatnonzero(drawn), np.flatnonzero(separate & ~drawn)
    if not len(sidewalks) or not len(candidates):
        return np.zeros(len(lines), np.bool_), street
    beside = np.zeros(len(lines), np.bool_)
    tree = shapely.STRtree(lines[sidewalks])
    for row in candidates:
        points = _points(lines[row])
        near = np.unique(tree.query(points, predicate="dwithin", distance=BESIDE_M)[0])
        beside[row] = len(near) >= BESIDE_SHARE * len(points)
    dropped = beside & ~_needed(ends, beside)
    streets = np.flatnonzero(dropped)
    if len(streets):
        middle = shapely.line_interpolate_point(lines[sidewalks], 0.5, normalized=True)
        (at, nearest), _ = shapely.STRtree(lines[streets]).query_nearest(
            middle, max_distance=BESIDE_M, return_distance=True, all_matches=False
        )
        street[sidewalks[at]] = streets[nearest]
    return dropped, street


def _points(line: shapely.LineString) -> NDArray[np.object_]:
    count = max(int(line.length / _EVERY_M), 1)
    at = (np.arange(count) + 0.5) / count
    return np.asarray(shapely.line_interpolate_point(line, at, normalized=True), object)


def _needed(ends: NDArray[np.int64], spare: Bools) -> Bools:
    """Say which of the spare edges join what the others leave apart, as few as will do."""
    _, node = np.unique(ends, return_inverse=True)
    node = node.reshape(ends.shape)
    count = int(node.max()) + 1
    fixed = node[~spare]
    _, piece = connected_components(_matrix(fixed, np.ones(len(fixed)), count), directed=False)
    rows = np.flatnonzero(spare)
    between = piece[node[rows]]
    apart = between[:, 0] != between[:, 1]
    rows, between = rows[apart], between[apart]
    needed = np.zeros(len(ends), np.bool_)
    if not len(rows):
        return needed
    # one spare edge between two pieces is enough: the first
    low, high = between.min(axis=1), between.max(axis=1)
    _, first = np.unique(low * count + high, return_index=True)
    rows, pairs = rows[first], np.column_stack([low, high])[first]
    tree = minimum_spanning_tree(_matrix(pairs, np.arange(1.0, len(pairs) + 1), count)).tocoo()
    chosen = np.rint(tree.data).astype(np.int64) - 1
    touched = np.zeros(count, np.bool_)
    touched[piece[fixed.ravel()]] = True
    # what ends in a node that no other street touches joins nothing
    while True:
        degree = np.bincount(pairs[chosen].ravel(), minlength=count)
        loose = ((degree[pairs[chosen]] == 1) & ~touched[pairs[chosen]]).any(axis=1)
        if not loose.any():
            break
        chosen = chosen[~loose]
    needed[rows[chosen]] = True
    return needed


def _matrix(pairs: NDArray[np.int64], values: NDArray[np.float64], count: int) -> csr_matrix:
    shape = (count, count)
    return coo_matrix((values, (pairs[:, 0], pairs[:, 1])), shape=shape).tocsr()
