"""Tables of junctions and segments → the network as flat arrays."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import shapely

from circle.errors import DataError
from circle.geo.shapes import lines
from circle.model import Finding, Ints, WalkNetwork

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circle.model import Floats
    from circle.model.plain import Columns

_HILBERT_LEVEL = 16
_BETWEEN_NAMES = re.compile("[;/]")


def build_network(
    junctions: Columns, segments: Columns, shapes: NDArray[np.object_], crs: str
) -> WalkNetwork:
    """Lay the streets out as flat arrays, junctions in Hilbert order.

    Parameters
    ----------
    junctions
        Columns ``id``, ``x``, ``y`` (metres in `crs`), ``signal`` (bool).
    segments
        Columns ``from_id``, ``to_id``, ``length_m``, ``steps`` (-1 no stair, 0
        a stair of unknown count, else the count), ``class``, ``name``,
        ``shape_kind``.
    shapes
        One LineString a segment, in metres of `crs`, from ``from_id`` to
        ``to_id``.
    crs
        Metric reference system, for instance ``EPSG:4549``.

    Returns
    -------
    WalkNetwork
        With segments in the order given.

    Raises
    ------
    DataError
        When a segment names a junction that is not there.
    """
    xy = np.column_stack([junctions["x"], junctions["y"]]).astype(np.float64, copy=False)
    order = hilbert_order(xy)
    ids = np.asarray(junctions["id"], np.int64)[order]
    ends = _positions(ids, np.column_stack([segments["from_id"], segments["to_id"]]))
    coords, owner = shapely.get_coordinates(shapes, return_index=True)
    start = np.zeros(len(ends) + 1, np.int32)
    np.cumsum(np.bincount(owner, minlength=len(ends)), out=start[1:])
    indptr, neighbour, segment = adjacency(len(ids), ends)
    return WalkNetwork(
        crs=crs,
        node_id=ids,
        node_xy=xy[order],
        node_signal=np.asarray(junctions["signal"], np.bool_)[order],
        segment_nodes=ends,
        segment_length_m=np.asarray(segments["length_m"], np.float64),
        segment_steps=np.asarray(segments["steps"], np.int32),
        segment_class=np.asarray(segments["class"], object),
        segment_name=np.asarray(segments["name"], object),
        segment_shape_kind=np.asarray(segments["shape_kind"], object),
        shape_xy=coords,
        shape_start=start,
        adjacency_start=indptr,
        adjacency_node=neighbour,
        adjacency_segment=segment,
    )


def adjacency(nodes: int, ends: Ints) -> tuple[Ints, Ints, Ints]:
    """Return the compressed rows of an undirected graph.

    Parameters
    ----------
    nodes
        How many junctions there are.
    ends
        Shape (m, 2): the two ends of each segment; a loop counts once each way.

    Returns
    -------
    start, neighbour, segment
        Shapes (nodes + 1,), (2m,), (2m,).
    """
    tail = np.concatenate([ends[:, 0], ends[:, 1]])
    head = np.concatenate([ends[:, 1], ends[:, 0]])
    owner = np.tile(np.arange(len(ends), dtype=np.int32), 2)
    order = np.argsort(tail, kind="stable")
    start = np.zeros(nodes + 1, np.int32)
    np.cumsum(np.bincount(tail, minlength=nodes), out=start[1:])
    return start, head[order].astype(np.int32), owner[order]


def hilbert_order(xy: Floats) -> NDArray[np.int64]:
    """Return the order of points (k, 2) along a Hilbert curve over their extent."""
    if len(xy) == 0:
        return np.zeros(0, np.int64)
    low = xy.min(axis=0)
    span = max(float((xy.max(axis=0) - low).max()), 1e-9)
    cells = ((xy - low) / span * (2**_HILBERT_LEVEL - 1)).astype(np.int64)
    x, y = cells[:, 0].copy(), cells[:, 1].copy()
    distance = np.zeros(len(xy), np.int64)
    side = 1 << (_HILBERT_LEVEL - 1)
    while side:
        right, upper = (x & side) > 0, (y & side) > 0
        distance += side * side * ((3 * right) ^ upper)
        flip = ~upper & right
        x[flip], y[flip] = side - 1 - (x[flip] & (side - 1)), side - 1 - (y[flip] & (side - 1))
        lower = ~upper
        x[lower], y[lower] = y[lower].copy(), x[lower].copy()
        side >>= 1
    return np.argsort(distance, kind="stable")


def _positions(ids: NDArray[np.int64], ends: NDArray[np.int64]) -> Ints:
    by_id = np.argsort(ids)
    positions = by_id[np.clip(np.searchsorted(ids, ends, sorter=by_id), 0, len(ids) - 1)]
    missing = ids[positions] != ends
    if missing.any():
        row, side = (int(i) for i in np.argwhere(missing)[0])
        finding = Finding(
            "segments.csv",
            "missing_junction",
            row + 2,
            ("from_id", "to_id")[side],
            (("id", str(ends[row, side])),),
        )
        raise DataError("missing_junction", [finding], row=row + 2, id=int(ends[row, side]))
    return positions.astype(np.int32)


def street_names(written: object) -> list[str]:
    """Return the names of a stretch of street: two of ``"甲路;乙路"``, none of ""."""
    return [name for part in _BETWEEN_NAMES.split(str(written or "")) if (name := part.strip())]


def street_label(written: object) -> str:
    """Return the names of a stretch of street as they are read: ``甲路/乙路``."""
    return "/".join(street_names(written))


def segment_lines(network: WalkNetwork, rows: Ints | None = None) -> NDArray[np.object_]:
    """Return the segments' shapes as LineStrings, shape (m,), in metres; or those of some rows."""
    if rows is None or len(rows) == len(network.segment_nodes):
        return lines(network.shape_xy, network.shape_start)
    count = np.diff(network.shape_start)[rows]
    start = np.append(0, np.cumsum(count))
    within = np.arange(start[-1]) - np.repeat(start[:-1], count)
    vertex = np.repeat(network.shape_start[rows], count) + within
    return lines(network.shape_xy[vertex], start)
