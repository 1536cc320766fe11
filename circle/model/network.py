"""The walkable streets and what is walked on them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from circle.model.kept import Kept

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from shapely import MultiPolygon

    from circle.model.vocabulary import Bools, Floats, Ints, Profile, Strings


@dataclass(frozen=True, eq=False)
class WalkNetwork:
    """Walkable streets as flat arrays: n junctions, m undirected segments.

    Junctions stand in Hilbert order, so that neighbours in space are neighbours
    in memory.

    Attributes
    ----------
    crs
        Metric reference system of every ``xy``.
    node_id, node_xy, node_signal
        Shapes (n,), (n, 2), (n,): identifier, position, signal-controlled.
    segment_nodes
        Shape (m, 2): the two ends; equal for a loop.
    segment_length_m
        Shape (m,): true length along the way.
    segment_steps
        Shape (m,): -1 no stair, 0 a stair of unknown count, else the count.
    segment_class, segment_name, segment_shape_kind
        Shape (m,): highway value, street name, ``traced | straight | chord``.
    shape_xy, shape_start
        Shapes (k, 2), (m + 1,): vertices of segment i are rows
        ``shape_start[i]:shape_start[i + 1]``, from its first end to its second.
    adjacency_start, adjacency_node, adjacency_segment
        Compressed rows, shapes (n + 1,), (2m,), (2m,): what leaves each junction.
    main_piece_only
        Whether places are put on the main piece of street alone, and never on
        one that nothing joins to it; see `circle.network.pieces`.
    over
        What they were laid over, where what is derived can start from that; None for none.
    kept
        What was derived of it, such as the index that snaps.
    """

    crs: str
    node_id: NDArray[np.int64]
    node_xy: Floats
    node_signal: Bools
    segment_nodes: Ints
    segment_length_m: Floats
    segment_steps: Ints
    segment_class: Strings
    segment_name: Strings
    segment_shape_kind: Strings
    shape_xy: Floats
    shape_start: Ints
    adjacency_start: Ints
    adjacency_node: Ints
    adjacency_segment: Ints
    main_piece_only: bool = False
    over: Over | None = field(default=None, init=False, repr=False)
    kept: Kept = field(default_factory=Kept, init=False, repr=False)


@dataclass(frozen=True, eq=False)
class Over:
    """What streets were laid over: their first rows are those below, but for some.

    Attributes
    ----------
    below
        The streets below.
    touched
        Shape (t,): rows of them that are others now.
    """

    below: WalkNetwork
    touched: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Impedance:
    """What each segment costs one profile, in whole milliseconds.

    Attributes
    ----------
    segment_ms
        Shape (m,): time along a segment; -1 where the profile may not go.
    edges
        Shape (2m, 2), by adjacency: the junction arrived at, and the time to
        it with the wait there; beyond any limit where barred.
    node_ms
        Shape (n,): wait at each junction.
    bucket_shift
        The queue's buckets are ``2 ** bucket_shift`` milliseconds wide.
    longest_ms
        The largest cost of one adjacency.
    """

    network: WalkNetwork
    profile: Profile
    segment_ms: Ints
    edges: Ints
    node_ms: Ints
    bucket_shift: int
    longest_ms: int


@dataclass(frozen=True, eq=False)
class Snapped:
    """k points put on the nearest walkable segment.

    Attributes
    ----------
    xy
        Shape (k, 2): where the points are.
    segment
        Shape (k,): the segment; -1 where none is near enough.
    fraction
        Shape (k,): share of the segment's length from its first end.
    off_m
        Shape (k,): straight walk from the point to the street.
    """

    xy: Floats
    segment: Ints
    fraction: Floats
    off_m: Floats

    def take(self, rows: slice | Bools) -> Snapped:
        """Return some of the points."""
        return Snapped(self.xy[rows], self.segment[rows], self.fraction[rows], self.off_m[rows])


@dataclass(frozen=True, eq=False)
class Reach:
    """All that one origin reaches within a limit.

    Attributes
    ----------
    node, ms
        Shape (r,): junctions reached and the time to each, in milliseconds.
    """

    impedance: Impedance
    origin: Snapped
    limit_s: float
    node: Ints
    ms: Ints


@dataclass(frozen=True, eq=False)
class Path:
    """A walk from one point to another.

    Attributes
    ----------
    seconds, metres, off_street_m
        The whole time; the whole way; the part of it off the street, both ends.
    xy
        Shape (p, 2): the line, from point to point.
    streets
        Street names in order with metres on each; "" where a street has none.
    steps
        Whether the walk takes a stair.
    stretches
        The segments in order, each with the shares of its length that the walk
        begins and ends at: from 1 to 0 against the segment's own direction.
    """

    seconds: float
    metres: float
    off_street_m: float
    xy: Floats
    streets: tuple[tuple[str, float], ...]
    steps: bool
    stretches: tuple[tuple[int, float, float], ...] = ()


@dataclass(frozen=True, eq=False)
class Isochrone:
    """The ground within one limit, with its measured error.

    Attributes
    ----------
    minutes
        The limit.
    geometry
        In metres of the network's system.
    missed
        Share of the length of reachable street that lies outside.
    false_in
        Share of the length of street inside that is out of reach.
    """

    minutes: float
    geometry: MultiPolygon
    area_km2: float
    missed: float
    false_in: float
