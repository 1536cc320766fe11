"""The inner loops, compiled: shortest paths with a circular bucket queue.

The queue is Dial's (1969): buckets `2**shift` milliseconds wide in a ring, each
a doubly linked list of junctions. Within a bucket labels are corrected, so the
result is exact whatever the width. A junction stands in one bucket at most, so
memory is bounded by the junctions. The list of touched junctions lets a search
clean up only what it reached.

All times are int32 milliseconds; `FAR` means not reached.
"""

from __future__ import annotations

import numpy as np
from numba import njit, prange

FAR = np.int32(2_000_000_000)
_OUT = np.int32(-2)
_END = np.int32(-1)


@njit(cache=True, nogil=True)
def search(graph, seeds, limit, queue, keep, found):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201, C901, PLR0912, PLR0915
    """Shortest times from the seeds to every junction within the limit.

    Parameters
    ----------
    graph
        ``(start, neighbour, adjacency_ms, shift)``.
    seeds
        ``(node, ms, label)``, shapes (s,).
    limit
        Largest time kept.
    queue
        ``(head, following, previous)``: ring of buckets (-1), and two arrays
        (n,), ``previous`` filled with -2. Left as found.
    keep
        ``(label, via)``: which seed reached a junction, and by which
        adjacency; arrays of length 0 are not kept.
    found
        ``(ms, touched)``, shapes (n,): times, filled with `FAR`, and the
        junctions reached.

    Returns
    -------
    int
        How many junctions were touched.
    """
    start, neighbour, cost, shift = graph
    seed_node, seed_ms, seed_label = seeds
    head, following, previous = queue
    label, via = keep
    ms, touched = found
    with_label = len(label) > 0
    with_via = len(via) > 0
    mask = len(head) - 1
    count = 0
    queued = 0
    bucket = np.int64(FAR)
    for i in range(len(seed_node)):
        node = seed_node[i]
        at = seed_ms[i]
        if at >= ms[node] or at > limit:
            continue
        slot = (at >> shift) & mask
        if ms[node] == FAR:
            touched[count] = node
            count += 1
            queued += 1
        else:
            _unlink(head, following, previous, node, (ms[node] >> shift) & mask)
        ms[node] = at
        if with_label:
            label[node] = seed_label[i]
        if with_via:
            via[node] = -1
        _link(head, following, previous, node, slot)
        bucket = min(bucket, at >> shift)
    while queued:
        slot = bucket & mask
        node = head[slot]
        if node == _END:
            bucket += 1
            continue
        _unlink(head, following, previous, node, slot)
        queued -= 1
        here = ms[node]
        for edge in range(start[node], start[node + 1]):
            step = cost[edge]
            if step < 0:
                continue
            there = neighbour[edge]
            at = here + step
            old = ms[there]
            if at >= old or at > limit:
                continue
            slot_new = (at >> shift) & mask
            waiting = previous[there] != _OUT
            ms[there] = at
            if with_label:
                label[there] = label[node]
            if with_via:
                via[there] = edge
            if old == FAR:
                touched[count] = there
                count += 1
            if waiting:
                slot_old = (old >> shift) & mask
                if slot_old == slot_new:
                    continue
                _unlink(head, following, previous, there, slot_old)
            else:
                queued += 1
            _link(head, following, previous, there, slot_new)
    return count


@njit(cache=True, nogil=True, inline="always")
def _link(head, following, previous, node, slot):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    first = head[slot]
    following[node] = first
    previous[node] = _END
    if first != _END:
        previous[first] = node
    head[slot] = node


@njit(cache=True, nogil=True, inline="always")
def _unlink(head, following, previous, node, slot):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    before = previous[node]
    after = following[node]
    if before == _END:
        head[slot] = after
    else:
        following[before] = after
    if after != _END:
        previous[after] = before
    previous[node] = _OUT


@njit(cache=True, nogil=True)
def at_points(ms, points, ends, segment_ms):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Times at places on segments, from the times at the segments' ends.

    Parameters
    ----------
    ms
        Shape (n,): times at junctions.
    points
        ``(segment, along_ms, off_ms)``, shapes (k,).
    ends, segment_ms
        Shapes (m, 2), (m,).

    Returns
    -------
    time, end
        Shapes (k,): the time, `FAR` where out of reach, and the junction that
        the last stretch starts from.
    """
    segment, along, off = points
    time = np.full(len(segment), FAR, np.int32)
    end = np.full(len(segment), -1, np.int32)
    for i in range(len(segment)):
        s = segment[i]
        if s < 0 or segment_ms[s] < 0:
            continue
        for side in range(2):
            node = ends[s, side]
            if ms[node] == FAR:
                continue
            rest = along[i] if side == 0 else segment_ms[s] - along[i]
            at = ms[node] + rest + off[i]
            if at < time[i]:
                time[i] = at
                end[i] = node
    return time, end


@njit(cache=True, nogil=True)
def on_same_segment(time, which, points, others, first):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Better times with the direct walk between places on one segment.

    Parameters
    ----------
    time, which
        Shapes (k,): times so far and the place each comes from; changed.
    points, others
        ``(segment, along_ms, off_ms)`` of the k points and of the places, the
        places in order of their segment.
    first
        Shape (k, 2): the range of places on each point's segment.
    """
    _, along, off = points
    _, other_along, other_off = others
    for i in range(len(along)):
        for j in range(first[i, 0], first[i, 1]):
            at = abs(along[i] - other_along[j]) + off[i] + other_off[j]
            if at < time[i]:
                time[i] = at
                which[i] = j


@njit(cache=True, nogil=True)
def seeds_of(points, rows, ends, segment_ms, node_ms):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Both ends of the segments that `rows` of the points stand on.

    Returns
    -------
    node, ms, label
        Shapes (2 × rows that are on the network,).
    """
    segment, along, off = points
    node = np.empty(2 * len(rows), np.int32)
    ms = np.empty(2 * len(rows), np.int32)
    label = np.empty(2 * len(rows), np.int32)
    count = 0
    for row in rows:
        s = segment[row]
        if s < 0 or segment_ms[s] < 0:
            continue
        for side in range(2):
            node[count] = ends[s, side]
            rest = along[row] if side == 0 else segment_ms[s] - along[row]
            ms[count] = rest + off[row] + node_ms[ends[s, side]]
            label[count] = row
            count += 1
    return node[:count], ms[:count], label[:count]


@njit(cache=True, nogil=True)
def _fresh(nodes, buckets):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    queue = (
        np.full(buckets, _END, np.int32),
        np.empty(nodes, np.int32),
        np.full(nodes, _OUT, np.int32),
    )
    found = (np.full(nodes, FAR, np.int32), np.empty(nodes, np.int32))
    return queue, found


@njit(cache=True, nogil=True, parallel=True)
def many_to_many(graph, streets, doors, places, setting):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Times of all doors to all places, one search a place.

    Parameters
    ----------
    graph
        ``(start, neighbour, adjacency_ms, shift)``.
    streets
        ``(ends, segment_ms, node_ms)``.
    doors, places
        ``(segment, along_ms, off_ms)``, shapes (k,) and (p,).
    setting
        ``(limit, buckets, threads)``.

    Returns
    -------
    ndarray
        Shape (k, p), int32 milliseconds, `FAR` beyond the limit.
    """
    ends, segment_ms, node_ms = streets
    limit, buckets, threads = setting
    segment, along, off = doors
    count = len(places[0])
    out = np.full((len(segment), count), FAR, np.int32)
    nodes = len(graph[0]) - 1
    for thread in prange(threads):
        queue, found = _fresh(nodes, buckets)
        none = np.empty(0, np.int32)
        row = np.empty(1, np.int64)
        for j in range(thread, count, threads):
            row[0] = j
            seeds = seeds_of(places, row, ends, segment_ms, node_ms)
            reached = search(graph, seeds, limit, queue, (none, none), found)
            time, _ = at_points(found[0], doors, ends, segment_ms)
            for i in range(len(segment)):
                at = time[i]
                if segment[i] >= 0 and segment[i] == places[0][j] and segment_ms[segment[i]] >= 0:
                    at = min(at, abs(along[i] - places[1][j]) + off[i] + places[2][j])
                if at <= limit:
                    out[i, j] = at
            for k in range(reached):
                found[0][found[1][k]] = FAR
    return out
