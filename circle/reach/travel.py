"""Walking times over the network: one to all, nearest, many to many, the path.

Origins, facilities and demand points enter the graph where they stand on a
segment, so two places on one segment may reach each other directly. Times are
exact to the rounding of one millisecond a segment.
"""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely.ops import substring

from circle.errors import InputError
from circle.model import MAX_MINUTES, Path, Reach, Snapped
from circle.network.speeds import MAX_OFF_S, MS_PER_S
from circle.reach import kernels
from circle.reach.kernels import FAR

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from circle.model import Floats, Impedance, Ints

_UNLIMITED_MS = 1_900_000_000
_here = threading.local()

Points = tuple["Ints", "Ints", "Ints"]
Graph = tuple["Ints", "Ints", int]


def check_minutes(limits: Sequence[float]) -> tuple[float, ...]:
    """Return the limits in ascending order, each once.

    Raises
    ------
    InputError
        When there is none, or one is not above 0 and at most 120.
    """
    for limit in limits:
        if not 0 < limit <= MAX_MINUTES:
            raise InputError("minutes", minutes=limit, most=int(MAX_MINUTES))
    if not limits:
        raise InputError("minutes", minutes="", most=int(MAX_MINUTES))
    return tuple(sorted(set(limits)))


def reach_from(impedance: Impedance, origin: Snapped, limit_s: float) -> Reach:
    """Return every junction that one origin reaches within `limit_s` seconds."""
    node, ms = _search(impedance, origin, _limit_ms(limit_s))
    return Reach(impedance=impedance, origin=origin, limit_s=limit_s, node=node, ms=ms)


def times_at(reach: Reach, points: Snapped) -> Floats:
    """Return the seconds from the reach's origin to each point, shape (k,).

    Infinite beyond the reach's limit.
    """
    impedance = reach.impedance
    ms = np.full(len(impedance.network.node_xy), FAR, np.int32)
    ms[reach.node] = reach.ms
    where = _points(impedance, points)
    time, _ = kernels.at_points(ms, where, *_streets(impedance)[:2])
    which = np.zeros(len(time), np.int32)
    here = _points(impedance, reach.origin)
    kernels.on_same_segment(time, which, where, here, impedance.segment_ms)
    return _seconds(time, _limit_ms(reach.limit_s))


def nearest(
    impedance: Impedance, places: Snapped, points: Snapped, limit_s: float | None = None
) -> tuple[Floats, Ints]:
    """Return how far the nearest of some places is from each point, and which.

    Parameters
    ----------
    impedance
        The streets as the profile walks them.
    places
        The p places to choose from.
    points
        The k points to walk from.
    limit_s
        Seconds beyond which nothing is looked for; None for no limit.

    Returns
    -------
    seconds, which
        Shapes (k,): infinite and -1 where no place is within reach. Of equally near
        places it is the first, whatever else is there.
    """
    space = _workspace(impedance, float(places.off_m.max(initial=0)))
    return kernels.nearest(  # type: ignore[no-any-return]
        _graph(impedance),
        _streets(impedance),
        _points(impedance, places),
        _points(impedance, points),
        _limit_ms(limit_s),
        (space.queue, space.label, space.times),
    )


def many_to_many(
    impedance: Impedance,
    points: Snapped,
    places: Snapped,
    limit_s: float | None = None,
    threads: int = 2,
) -> Floats:
    """Return the seconds between all points and all places.

    Parameters
    ----------
    impedance
        The streets as the profile walks them.
    points, places
        The k points and the p places.
    limit_s
        Seconds beyond which a pair counts as out of reach; None for no limit.
    threads
        How many searches run at once.

    Returns
    -------
    ndarray
        Shape (k, p), infinite where out of reach.
    """
    limit = _limit_ms(limit_s)
    others = _points(impedance, places)
    longest = int(impedance.segment_ms.max(initial=0)) + int(others[2].max(initial=0))
    buckets = _buckets(impedance, longest)
    work = (_graph(impedance), _streets(impedance), _points(impedance, points), others)
    seconds = np.empty((len(others[0]), len(points.segment)))
    if threads <= 1 or len(seconds) < threads:
        kernels.many_to_many(*work, (limit, buckets, 0, 1), seconds)
        return seconds.T
    pool = _pool(threads)
    shares = [
        pool.submit(kernels.many_to_many, *work, (limit, buckets, first, threads), seconds)
        for first in range(threads)
    ]
    for share in shares:
        share.result()
    return seconds.T


@cache
def _pool(threads: int) -> ThreadPoolExecutor:
    """Return the threads that share the searches of one call; they wait for the next."""
    return ThreadPoolExecutor(threads, thread_name_prefix="searches")


def path(impedance: Impedance, origin: Snapped, target: Snapped) -> Path | None:
    """Return the quickest walk from one point to another.

    Parameters
    ----------
    impedance
        The streets as the profile walks them.
    origin, target
        One point each.

    Returns
    -------
    Path or None
        None where there is no way.
    """
    if origin.segment[0] < 0 or target.segment[0] < 0:
        return None
    network = impedance.network
    ends, segment_ms, node_ms = _streets(impedance)
    here, there = _points(impedance, origin), _points(impedance, target)
    seeds = kernels.seeds_of(here, np.zeros(1, np.int64), ends, segment_ms, node_ms)
    space = _workspace(impedance, float(origin.off_m[0]))
    via = np.full(len(network.node_xy), -1, np.int32)
    reached = kernels.search(
        _graph(impedance), seeds, _UNLIMITED_MS, space.queue, (space.none, via), space.times
    )
    time, end = kernels.at_points(space.times[0], there, ends, segment_ms)
    space.clear(reached)
    direct = np.full(1, -1, np.int32)
    kernels.on_same_segment(time, direct, there, here, segment_ms)
    if time[0] >= FAR:
        return None
    if direct[0] >= 0:
        stretches = [(int(origin.segment[0]), float(origin.fraction[0]), float(target.fraction[0]))]
    else:
        stretches = _stretches(impedance, origin, target, int(end[0]), via)
    return _walk(impedance, origin, target, stretches, int(time[0]) / MS_PER_S)


def _stretches(
    impedance: Impedance, origin: Snapped, target: Snapped, end: int, via: Ints
) -> list[tuple[int, float, float]]:
    """Unroll the search: segments with the fractions walked from and to."""
    network = impedance.network
    middle: list[tuple[int, float, float]] = []
    node = end
    while via[node] >= 0:
        edge = int(via[node])
        segment = int(network.adjacency_segment[edge])
        before = int(np.searchsorted(network.adjacency_start, edge, side="right")) - 1
        # No shortest path walks a loop, so the edge's two ends differ.
        forward = network.segment_nodes[segment][0] == before
        middle.append((segment, 0.0, 1.0) if forward else (segment, 1.0, 0.0))
        node = before
    first, last = int(origin.segment[0]), int(target.segment[0])
    out = _side(impedance, origin, node)
    back = _side(impedance, target, end)
    return [
        (first, float(origin.fraction[0]), out),
        *reversed(middle),
        (last, back, float(target.fraction[0])),
    ]


def _side(impedance: Impedance, point: Snapped, node: int) -> float:
    """Which end of the point's segment is `node` (the nearer one on a loop)."""
    a, b = impedance.network.segment_nodes[point.segment[0]]
    if a == b:
        return 0.0 if point.fraction[0] <= 0.5 else 1.0  # noqa: PLR2004
    return 0.0 if a == node else 1.0


def _walk(
    impedance: Impedance,
    origin: Snapped,
    target: Snapped,
    stretches: list[tuple[int, float, float]],
    seconds: float,
) -> Path:
    network = impedance.network
    coords: list[NDArray[np.float64]] = [origin.xy[:1]]
    streets: list[tuple[str, float]] = []
    metres = 0.0
    steps = False
    for segment, begin, finish in stretches:
        walked = abs(finish - begin) * float(network.segment_length_m[segment])
        rows = slice(network.shape_start[segment], network.shape_start[segment + 1])
        line = shapely.LineString(network.shape_xy[rows])
        coords.append(shapely.get_coordinates(substring(line, begin, finish, normalized=True)))
        metres += walked
        if walked > 0:
            steps |= bool(network.segment_steps[segment] >= 0)
            _add_street(streets, str(network.segment_name[segment] or ""), walked)
    coords.append(target.xy[:1])
    off = float(origin.off_m[0] + target.off_m[0])
    xy = np.concatenate(coords)
    moved = np.r_[True, np.abs(np.diff(xy, axis=0)).max(axis=1) > 1e-6]  # noqa: PLR2004
    taken = tuple(stretches)
    return Path(seconds, metres + off, off, xy[moved], tuple(streets), steps, taken)


def _add_street(streets: list[tuple[str, float]], name: str, metres: float) -> None:
    if streets and streets[-1][0] == name:
        streets[-1] = (name, streets[-1][1] + metres)
    else:
        streets.append((name, metres))


def _search(impedance: Impedance, origin: Snapped, limit: int) -> tuple[Ints, Ints]:
    space = _workspace(impedance, float(origin.off_m[0]))
    return kernels.reach(  # type: ignore[no-any-return]
        _graph(impedance),
        _streets(impedance),
        (origin.segment, origin.fraction, origin.off_m),
        (limit, impedance.profile.speed_m_s),
        space.queue,
        space.times,
    )


def _points(impedance: Impedance, points: Snapped) -> Points:
    return kernels.on_street(  # type: ignore[no-any-return]
        (points.segment, points.fraction, points.off_m),
        impedance.segment_ms,
        impedance.profile.speed_m_s,
    )


def _graph(impedance: Impedance) -> Graph:
    return impedance.network.adjacency_start, impedance.edges, impedance.bucket_shift


def _streets(impedance: Impedance) -> tuple[Ints, Ints, Ints]:
    return impedance.network.segment_nodes, impedance.segment_ms, impedance.node_ms


def _limit_ms(limit_s: float | None) -> int:
    if limit_s is None or not np.isfinite(limit_s):
        return _UNLIMITED_MS
    return min(int(limit_s * MS_PER_S), _UNLIMITED_MS)


def _seconds(ms: Ints, limit: int) -> Floats:
    return np.where(ms <= min(limit, int(FAR) - 1), ms / MS_PER_S, np.inf)


def _buckets(impedance: Impedance, span_ms: int) -> int:
    widest = max(impedance.longest_ms, span_ms) >> impedance.bucket_shift
    return 1 << int(widest + 2).bit_length()


class _Workspace:
    """Arrays of one thread, which every search leaves as they were before it."""

    def __init__(self, nodes: int, edges: int, buckets: int) -> None:
        self.nodes, self.edges, self.buckets = nodes, edges, buckets
        self.queue = (
            np.full(buckets, -1, np.int32),
            np.empty(edges, np.int32),
            np.empty(edges, np.int64),
        )
        self.times = (np.full(nodes, FAR, np.int32), np.empty(nodes + 1, np.int32))
        self.label = np.full(nodes, -1, np.int32)
        self.none = np.empty(0, np.int32)

    def clear(self, reached: int) -> None:
        self.times[0][self.times[1][:reached]] = FAR


def _workspace(impedance: Impedance, off_m: float) -> _Workspace:
    nodes, edges = len(impedance.network.node_xy), len(impedance.edges)
    off_ms = round(min(off_m / impedance.profile.speed_m_s, MAX_OFF_S) * MS_PER_S)
    buckets = _buckets(impedance, impedance.longest_ms + off_ms)
    space: _Workspace | None = getattr(_here, "space", None)
    if space is None or space.nodes != nodes or space.edges != edges or space.buckets < buckets:
        space = _here.space = _Workspace(nodes, edges, buckets)
    return space


def warm(impedance: Impedance) -> None:
    """Compile the kernels (or load them from their cache) before the first click."""
    network = impedance.network
    if len(network.segment_nodes) == 0:
        return
    middle = Snapped(
        xy=network.shape_xy[:1],
        segment=np.zeros(1, np.int32),
        fraction=np.zeros(1),
        off_m=np.zeros(1),
    )
    times_at(reach_from(impedance, middle, 1.0), middle)
    nearest(impedance, middle, middle, 1.0)
