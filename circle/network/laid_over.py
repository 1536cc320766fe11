"""Streets with some segments replaced and some added, made from those that they are laid over.

What an edit does not touch is copied and not worked out anew: on a million junctions that
is a tenth of the time of `circle.network.graph.build_network`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from circle.model import Over, WalkNetwork, derived

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from circle.model import Floats, Ints


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment of the streets to be: ends by identifier, shape in metres."""

    from_id: int
    to_id: int
    length_m: float
    steps: int
    kind: str
    name: str
    shape_kind: str
    shape: shapely.Geometry


def laid_over(
    network: WalkNetwork,
    replaced: dict[int, Segment],
    added: Sequence[Segment],
    junctions: dict[int, Floats],
) -> WalkNetwork:
    """Return streets with some segments replaced, and some added at the end.

    Parameters
    ----------
    network
        The streets below.
    replaced
        By row; none of them is one that `junctions` alone would change.
    added
        Their rows follow those of the network.
    junctions
        Metres of the new ones by identifier, below any of the network's; they follow its own.

    Returns
    -------
    WalkNetwork
        With `WalkNetwork.over` set, so that what is derived can start from that below.
    """
    rows = np.array([*replaced], np.int64)
    new = [*replaced.values(), *added]
    xy = np.array([*junctions.values()], np.float64).reshape(-1, 2)
    ends = _ends(network, new, [*junctions])
    nodes = np.concatenate([network.segment_nodes, ends[len(rows) :]])
    nodes[rows] = ends[: len(rows)]
    coords, start = _shapes(network, replaced, added)
    adjacency = _adjacency(network, rows, ends, len(junctions))
    laid = WalkNetwork(
        crs=network.crs,
        node_id=np.append(network.node_id, np.array([*junctions], np.int64)),
        node_xy=np.concatenate([network.node_xy, xy]),
        node_signal=np.append(network.node_signal, np.zeros(len(xy), np.bool_)),
        segment_nodes=nodes,
        segment_length_m=_column(network.segment_length_m, rows, [s.length_m for s in new]),
        segment_steps=_column(network.segment_steps, rows, [s.steps for s in new]),
        segment_class=_column(network.segment_class, rows, [s.kind for s in new]),
        segment_name=_column(network.segment_name, rows, [s.name for s in new]),
        segment_shape_kind=_column(network.segment_shape_kind, rows, [s.shape_kind for s in new]),
        shape_xy=coords,
        shape_start=start,
        adjacency_start=adjacency[0],
        adjacency_node=adjacency[1],
        adjacency_segment=adjacency[2],
        main_piece_only=network.main_piece_only,
    )
    object.__setattr__(laid, "over", Over(network, rows))
    return laid


@derived
def _by_id(network: WalkNetwork) -> NDArray[np.intp]:
    return np.argsort(network.node_id)


def _ends(network: WalkNetwork, segments: Sequence[Segment], new: Sequence[int]) -> Ints:
    """Return the rows of the segments' junctions, shape (s, 2)."""
    ids = np.array([(s.from_id, s.to_id) for s in segments], np.int64).reshape(-1, 2)
    by_id = _by_id(network)
    place = np.searchsorted(network.node_id, ids, sorter=by_id)
    ends = by_id[np.minimum(place, len(by_id) - 1)].astype(np.int32)
    for row, number in enumerate(new, len(network.node_id)):
        ends[ids == number] = row
    return ends


def _column(before: NDArray[Any], rows: NDArray[np.int64], new: Sequence[object]) -> NDArray[Any]:
    """Return a column with new values in some rows, and the others at the end."""
    values = np.empty(len(new), before.dtype)
    values[:] = new
    column = np.concatenate([before, values[len(rows) :]])
    column[rows] = values[: len(rows)]
    return column


def _shapes(
    network: WalkNetwork, replaced: dict[int, Segment], added: Sequence[Segment]
) -> tuple[Floats, Ints]:
    """Return the vertices of all segments, and where each begins."""
    parts, end = [], 0
    counts = np.diff(network.shape_start)
    for row in sorted(replaced):
        first, last = network.shape_start[row : row + 2]
        shape = shapely.get_coordinates(replaced[row].shape)
        parts += [network.shape_xy[end:first], shape]
        end, counts[row] = int(last), len(shape)
    more = [shapely.get_coordinates(segment.shape) for segment in added]
    counts = np.append(counts, np.array([len(shape) for shape in more], counts.dtype))
    start = np.zeros(len(counts) + 1, np.int32)
    np.cumsum(counts, out=start[1:])
    return np.concatenate([*parts, network.shape_xy[end:], *more]), start


def _adjacency(
    network: WalkNetwork, rows: NDArray[np.int64], ends: Ints, junctions: int
) -> tuple[Ints, Ints, Ints]:
    """Return the compressed rows, those of the segments replaced taken out, new ones put in."""
    start, count = network.adjacency_start, len(network.segment_nodes)
    at = np.unique(network.segment_nodes[rows])
    gone = np.concatenate(
        [
            np.zeros(0, np.int64),
            *(
                first + np.flatnonzero(np.isin(network.adjacency_segment[first:last], rows))
                for first, last in zip(start[at], start[at + 1], strict=True)
            ),
        ]
    )
    segment = np.append(rows, count + np.arange(len(ends) - len(rows))).astype(np.int32)
    tail = np.concatenate([ends[:, 0], ends[:, 1]])
    order = np.argsort(tail, kind="stable")
    head, owner = np.concatenate([ends[:, 1], ends[:, 0]])[order], np.tile(segment, 2)[order]
    tail = tail[order]
    degree = np.append(np.diff(start), np.zeros(junctions, start.dtype))
    left = degree.copy()
    np.subtract.at(left, np.searchsorted(start, gone, side="right") - 1, 1)
    begins = np.zeros(len(left) + 1, np.int32)
    np.cumsum(left, out=begins[1:])
    places = begins[tail + 1]
    np.add.at(left, tail, 1)
    begins_now = np.zeros(len(left) + 1, np.int32)
    np.cumsum(left, out=begins_now[1:])
    columns = [
        np.insert(np.delete(before, gone), places, values)
        for before, values in (
            (network.adjacency_node, head),
            (network.adjacency_segment, owner),
        )
    ]
    return begins_now, columns[0], columns[1]
