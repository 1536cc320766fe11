"""Stretches of street that bear no name, where people live along them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely

from circle.load.population import class_weight
from circle.network.graph import segment_lines, street_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from circle.model import Bools, District, Ints, WalkNetwork

MOST = 100
"""Stretches that are listed, longest first."""


class Stretch(NamedTuple):
    """A stretch without a name: the streets it meets, its length, its longest part's middle."""

    meets: tuple[str, ...]
    metres: float
    middle: tuple[float, float]


def nameless(district: District) -> list[Stretch]:
    """Return the longest stretches inside, at most `MOST`, that bear no name and have frontage.

    Links, stairs and paths along which nobody lives need no name. A stretch goes on through
    a junction where exactly two nameless segments of one class meet.
    """
    network = district.network
    rows = np.flatnonzero(_wanting(district)).astype(np.int32)
    stretch = _stretches(network, rows)
    metres = np.bincount(stretch, weights=network.segment_length_m[rows])
    longest = np.argsort(-metres, kind="stable")[:MOST]
    lines = segment_lines(network)
    return [
        Stretch(
            tuple(dict.fromkeys(_meeting(network, rows[stretch == number]))),
            float(metres[number]),
            _middle(network, lines, rows[stretch == number]),
        )
        for number in longest
    ]


def _wanting(district: District) -> Bools:
    network = district.network
    bare = np.array([not street_names(name) for name in network.segment_name], np.bool_)
    bare &= (class_weight(network.segment_class) > 0) & (network.segment_length_m > 0)
    bare[bare] = shapely.intersects(segment_lines(network)[bare], district.boundary)
    return bare


def _stretches(network: WalkNetwork, rows: Ints) -> Ints:
    """Return the stretch that each of some segments is part of, numbered from 0."""
    from scipy.sparse import coo_array  # noqa: PLC0415 - only here
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415

    _, kind = np.unique(network.segment_class[rows].astype(str), return_inverse=True)
    ends = network.segment_nodes[rows]
    (open_ended,) = np.nonzero(ends[:, 0] != ends[:, 1])
    end = np.column_stack([ends[open_ended].ravel(), np.repeat(kind[open_ended], 2)])
    _, place, count = np.unique(end, axis=0, return_inverse=True, return_counts=True)
    order = np.argsort(place, kind="stable")
    first = (np.cumsum(count) - count)[count == 2]  # noqa: PLR2004 - exactly two meet
    owner = np.repeat(open_ended, 2)[order]
    joined = coo_array(
        (np.ones(len(first)), (owner[first], owner[first + 1])), shape=(len(rows), len(rows))
    )
    return connected_components(joined, directed=False)[1]


def _middle(
    network: WalkNetwork, lines: NDArray[np.object_], segments: Ints
) -> tuple[float, float]:
    """Return the middle of the longest of some segments."""
    longest = segments[np.argmax(network.segment_length_m[segments])]
    middle = shapely.line_interpolate_point(lines[longest], 0.5, normalized=True)
    return float(shapely.get_x(middle)), float(shapely.get_y(middle))


def _meeting(network: WalkNetwork, segments: Ints) -> Iterator[str]:
    start = network.adjacency_start
    for node in network.segment_nodes[segments].ravel().tolist():
        for segment in network.adjacency_segment[start[node] : start[node + 1]].tolist():
            yield from street_names(network.segment_name[segment])
