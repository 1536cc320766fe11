"""A made-up city, the same on every machine."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from circle.geo.shapes import lines
from circle.network.graph import build_network

if TYPE_CHECKING:
    from circle.model import Floats, Ints, WalkNetwork

SPACING_M = 80.0
JITTER_M = 25.0
REMOVED = 0.15
DETOUR = (1.0, 1.3)
CORNER_M = (460_000.0, 3_400_000.0)
CRS = "EPSG:4549"
"""The corner is in this system, where the peers that want degrees are happy."""


class Streets(NamedTuple):
    """Streets as plain arrays.

    Attributes
    ----------
    xy
        Shape (n, 2): junctions, metres.
    ends
        Shape (m, 2): the two junctions of each segment, walked both ways.
    length_m
        Shape (m,): length of each segment.
    """

    xy: Floats
    ends: Ints
    length_m: Floats


def build(side: int = 990, seed: int = 20260410) -> Streets:
    """Make an irregular grid of about `side` x `side` junctions.

    Junctions stand about 80 m apart, moved at random; 15 % of the segments are
    taken out and the largest connected piece is kept; a segment is as long as
    the straight line, times 1.0 to 1.3.

    Parameters
    ----------
    side
        Junctions along one side.
    seed
        Of the random numbers: the same seed makes the same city.

    Returns
    -------
    Streets
        One connected piece.
    """
    random = np.random.default_rng(seed)
    number = np.arange(side * side, dtype=np.int32).reshape(side, side)
    columns, rows = number.ravel() % side, number.ravel() // side
    xy: Floats = np.column_stack([columns, rows]).astype(np.float64) * SPACING_M
    xy += random.uniform(-JITTER_M, JITTER_M, xy.shape)
    xy += CORNER_M
    ends = np.concatenate([_pairs(number[:, :-1], number[:, 1:]), _pairs(number[:-1], number[1:])])
    ends = ends[random.random(len(ends)) >= REMOVED]
    xy, ends = _largest_piece(xy, ends)
    straight = np.hypot(*(xy[ends[:, 0]] - xy[ends[:, 1]]).T)
    return Streets(xy, ends, straight * random.uniform(*DETOUR, len(ends)))


def lay_out(streets: Streets) -> WalkNetwork:
    """Return the made-up streets as our network, with straight shapes."""
    number = np.arange(len(streets.xy))
    x, y = streets.xy.T
    junctions = pd.DataFrame({"id": number, "x": x, "y": y, "signal": False})
    one, other = streets.ends.T
    segments = pd.DataFrame({"from_id": one, "to_id": other, "length_m": streets.length_m})
    segments = segments.assign(steps=-1, name="", shape_kind="straight")
    segments["class"] = "residential"
    start = 2 * np.arange(len(segments) + 1)
    return build_network(
        junctions, segments, lines(streets.xy[streets.ends].reshape(-1, 2), start), CRS
    )


def _pairs(one: Ints, other: Ints) -> Ints:
    return np.column_stack([one.ravel(), other.ravel()])


def _largest_piece(xy: Floats, ends: Ints) -> tuple[Floats, Ints]:
    graph = coo_array((np.ones(len(ends), np.int8), (ends[:, 0], ends[:, 1])), (len(xy), len(xy)))
    _, piece = connected_components(graph, directed=False)
    kept = piece == np.bincount(piece).argmax()
    renumbered = (np.cumsum(kept) - 1).astype(np.int32)
    return xy[kept], renumbered[ends[kept[ends[:, 0]]]]
