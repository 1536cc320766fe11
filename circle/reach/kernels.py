"""The inner loops, compiled: shortest paths with a circular bucket queue.

The queue is Dial's (1969): buckets ``2**shift`` milliseconds wide in a ring, each
a list of entries "this junction at this time". A better time adds an entry; the
old one is passed over when its turn comes. Within a bucket labels are corrected,
so the result is exact whatever the width. The list of touched junctions lets a
search clean up only what it reached.

All times are int32 milliseconds; `FAR` means not reached.
"""

from __future__ import annotations

import numpy as np

from circle.network.speeds import MAX_OFF_S
from circle.reach.compiled import njit

FAR = np.int32(2_000_000_000)
_END = np.int32(-1)
_LOW = np.int64(0xFFFFFFFF)


@njit(cache=True, nogil=True)
def search(graph, seeds, limit, queue, keep, times):
    """Find the shortest times from the seeds to every junction within the limit.

    Parameters
    ----------
    graph
        ``(start, edges, shift)``; each edge is its neighbour and its cost, at
        least `FAR` where barred.
    seeds
        ``(node, ms, label)``, shapes (s,).
    limit
        Largest time kept, less than `FAR`.
    queue
        ``(head, following, entry)``: ring of buckets, filled with -1 and left
        so, and two arrays of one length for the entries (longer ones are
        made where they run out).
    keep
        ``(label, via)``: which seed reached a junction, of several at the same
        time that of the least label, and by which adjacency; arrays of length 0
        are not kept.
    times
        ``(ms, touched)``, shapes (n,) and (n + 1,): times, filled with `FAR`, and
        the junctions reached, with room for one more.

    Returns
    -------
    int
        How many junctions were touched.
    """
    head, following, entry = queue
    ms, touched = times
    count, full = _run(graph, seeds, limit, (head, following, entry), keep, times)
    while full:
        for i in range(count):
            ms[touched[i]] = FAR
        head[:] = _END
        following = np.empty(2 * len(entry), np.int32)
        entry = np.empty(2 * len(entry), np.int64)
        count, full = _run(graph, seeds, limit, (head, following, entry), keep, times)
    return count


@njit(cache=True, nogil=True)
def _run(graph, seeds, limit, queue, keep, times):
    """`search`; returns how many junctions were touched, and whether the entries ran out."""
    start, edges, shift = graph
    seed_node, seed_ms, seed_label = seeds
    head, following, entry = queue
    label, via = keep
    ms, touched = times
    with_label = len(label) > 0
    with_via = len(via) > 0
    mask = len(head) - 1
    most = len(entry)
    count = 0
    queued = 0
    used = 0
    bucket = np.int64(FAR)
    beyond = np.int64(limit) + 1
    for i in range(len(seed_node)):
        node = seed_node[i]
        at = np.int64(seed_ms[i])
        if at > ms[node] or at > limit:
            continue
        if at == ms[node] and not (with_label and seed_label[i] < label[node]):
            continue
        if ms[node] == FAR:
            touched[count] = node
            count += 1
        ms[node] = at
        if with_label:
            label[node] = seed_label[i]
        if with_via:
            via[node] = -1
        if used == most:
            return count, True
        _push(head, following, entry, used, np.uint32((at >> shift) & mask), at, node)
        used += 1
        queued += 1
        bucket = min(bucket, at >> shift)
    while queued:
        slot = np.uint32(bucket & mask)
        place = head[slot]
        while place != _END:
            head[slot] = following[place]
            queued -= 1
            node = np.uint32(entry[place] & _LOW)  # unsigned: no index counts from the end
            here = entry[place] >> 32
            if here == ms[node]:
                mine = label[node] if with_label else _END
                for edge in range(start[node], start[node + 1]):
                    there = np.uint32(edges[edge, 0])
                    at = here + edges[edge, 1]
                    old = ms[there]
                    if at > old or at >= beyond:
                        continue
                    if at == old and not (with_label and mine < label[there]):
                        continue
                    ms[there] = at
                    if with_label:
                        label[there] = mine
                    if with_via:
                        via[there] = edge
                    if used == most:
                        return count, True
                    touched[count] = there  # without a branch: which it is cannot be foretold
                    count += old == FAR
                    _push(head, following, entry, used, np.uint32((at >> shift) & mask), at, there)
                    used += 1
                    queued += 1
            place = head[slot]
        bucket += 1
    return count, False


@njit(cache=True, nogil=True, inline="always")
def _push(head, following, entry, used, slot, at, node):
    entry[used] = (at << 32) | np.int64(node)
    following[used] = head[slot]
    head[slot] = used


@njit(cache=True, nogil=True)
def on_street(points, segment_ms, speed_m_s):
    """Return ``(segment, along_ms, off_ms)`` of points put on segments.

    Parameters
    ----------
    points
        ``(segment, fraction, off_m)``, shapes (k,).
    segment_ms
        Shape (m,).
    speed_m_s
        Speed off the street.
    """
    segment, fraction, off_m = points
    along = np.zeros(len(segment), np.int32)
    off = np.empty(len(segment), np.int32)
    for i in range(len(segment)):
        if segment[i] >= 0:
            along[i] = np.rint(fraction[i] * segment_ms[segment[i]])
        off[i] = np.rint(min(off_m[i] / speed_m_s, MAX_OFF_S) * 1000.0)
    return segment, along, off


@njit(cache=True, nogil=True)
def reach(graph, streets, origin, setting, queue, times):
    """Search from one place and clean up.

    Parameters
    ----------
    graph, queue, times
        As `search` takes them.
    streets
        ``(ends, segment_ms, node_ms)``.
    origin
        ``(segment, fraction, off_m)``, shapes (1,).
    setting
        ``(limit, speed off the street)``.

    Returns
    -------
    node, ms
        Shapes (r,): the junctions reached, and when.
    """
    ends, segment_ms, node_ms = streets
    ms, touched = times
    limit, speed_m_s = setting
    none = np.empty(0, np.int32)
    here = on_street(origin, segment_ms, speed_m_s)
    seeds = seeds_of(here, np.zeros(1, np.int64), ends, segment_ms, node_ms)
    count = search(graph, seeds, limit, queue, (none, none), times)
    node = touched[:count].copy()
    time = np.empty(count, np.int32)
    for i in range(count):
        time[i] = ms[node[i]]
        ms[node[i]] = FAR
    return node, time


@njit(cache=True, nogil=True)
def nearest(graph, streets, places, points, limit, space):
    """Search from all places at once, look up the points, and clean up.

    Parameters
    ----------
    graph
        ``(start, edges, shift)``.
    streets
        ``(ends, segment_ms, node_ms)``.
    places, points
        ``(segment, along_ms, off_ms)``, shapes (p,) and (k,).
    limit
        Largest time kept.
    space
        ``(queue, label, times)`` as `search` takes them.

    Returns
    -------
    seconds, which
        Shapes (k,): infinite and -1 beyond the limit. Of places at the same time
        it is the first.
    """
    ends, segment_ms, node_ms = streets
    queue, label, times = space
    ms, touched = times
    none = np.empty(0, np.int32)
    rows = np.arange(len(places[0]))
    seeds = seeds_of(places, rows, ends, segment_ms, node_ms)
    count = search(graph, seeds, limit, queue, (label, none), times)
    time, which = at_points(ms, points, ends, segment_ms)
    segment, along, _ = points
    for i in range(len(which)):
        if which[i] < 0:
            continue
        s = segment[i]
        tail, head = ends[s, 0], ends[s, 1]
        which[i] = label[which[i]]
        if np.int64(ms[tail]) + along[i] == np.int64(ms[head]) + segment_ms[s] - along[i]:
            which[i] = min(label[tail], label[head])
    on_same_segment(time, which, points, places, segment_ms)
    seconds = np.empty(len(time))
    for i in range(len(time)):
        within = time[i] <= limit
        seconds[i] = time[i] / 1000.0 if within else np.inf
        which[i] = which[i] if within else -1
    _clear(ms, touched, count)
    return seconds, which


@njit(cache=True, nogil=True)
def _clear(ms, touched, count):
    """Set the times of the junctions touched back: all in their order, where these are many."""
    if count > len(ms) // 4:
        ms[:] = FAR
        return
    for i in range(count):
        ms[touched[i]] = FAR


@njit(cache=True, nogil=True)
def at_points(ms, points, ends, segment_ms):
    """Return the times at places on segments, from the times at the segments' ends.

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
        tail, head = ends[s, 0], ends[s, 1]
        first = np.int64(ms[tail]) + along[i]
        last = np.int64(ms[head]) + segment_ms[s] - along[i]
        at = min(first, last) + off[i]
        if min(ms[tail], ms[head]) < FAR and at < FAR:
            time[i] = at
            end[i] = tail if first <= last else head
    return time, end


@njit(cache=True, nogil=True)
def on_same_segment(time, which, points, places, segment_ms):
    """Better times with the direct walk between points and places on one segment.

    Parameters
    ----------
    time, which
        Shapes (k,): times so far and the place each comes from; changed.
    points, places
        ``(segment, along_ms, off_ms)``, shapes (k,) and (p,).
    segment_ms
        Shape (m,).
    """
    segment, along, off = points
    place_segment, place_along, place_off = places
    first, following = _by_segment(place_segment, len(segment_ms))
    for i in range(len(segment)):
        s = segment[i]
        if s < 0 or first[s] == _END or segment_ms[s] < 0:
            continue
        j = first[s]
        while j != _END:
            at = abs(along[i] - place_along[j]) + off[i] + place_off[j]
            if at < time[i] or (at == time[i] and j < which[i]):
                time[i] = at
                which[i] = j
            j = following[j]


@njit(cache=True, nogil=True)
def _by_segment(segment, count):
    """Chain the places of each segment: ``first[s]``, then ``following`` in their order, to -1."""
    first = np.full(count, _END, np.int32)
    following = np.empty(len(segment), np.int32)
    for j in range(len(segment) - 1, -1, -1):
        s = segment[j]
        if s >= 0:
            following[j] = first[s]
            first[s] = j
    return first, following


@njit(cache=True, nogil=True)
def seeds_of(points, rows, ends, segment_ms, node_ms):
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
def _fresh(nodes, edges, buckets):
    queue = (
        np.full(buckets, _END, np.int32),
        np.empty(edges, np.int32),
        np.empty(edges, np.int64),
    )
    times = (np.full(nodes, FAR, np.int32), np.empty(nodes + 1, np.int32))
    return queue, times


@njit(cache=True, nogil=True)
def many_to_many(graph, streets, points, places, setting, out):
    """Find the times of all points to every nth place, one search a place.

    Threads share the work by calling this with other places to begin at. Numba's
    own threads are not used: they must not be entered twice at once, as the
    pages of two visitors would.

    Parameters
    ----------
    graph
        ``(start, edges, shift)``.
    streets
        ``(ends, segment_ms, node_ms)``.
    points, places
        ``(segment, along_ms, off_ms)``, shapes (k,) and (p,).
    setting
        ``(limit, buckets, first, step)``.
    out
        Shape (p, k): filled with seconds, infinite beyond the limit.
    """
    limit, buckets, first, step = setting
    queue, times = _fresh(len(graph[0]) - 1, len(graph[1]), buckets)
    for place in range(first, len(out), step):
        _to_points(graph, streets, points, places, place, (limit, queue, times), out[place])


@njit(cache=True, nogil=True)
def _to_points(graph, streets, points, places, place, space, out):
    ends, segment_ms, node_ms = streets
    limit, queue, times = space
    ms, touched = times
    segment, along, off = points
    none = np.empty(0, np.int32)
    seeds = seeds_of(places, np.full(1, place), ends, segment_ms, node_ms)
    reached = search(graph, seeds, limit, queue, (none, none), times)
    time, _ = at_points(ms, points, ends, segment_ms)
    here, here_along, here_off = places[0][place], places[1][place], places[2][place]
    for i in range(len(segment)):
        at = time[i]
        if segment[i] == here and here >= 0 and segment_ms[here] >= 0:
            at = min(at, abs(along[i] - here_along) + off[i] + here_off)
        out[i] = at / 1000.0 if at <= limit else np.inf
    _clear(ms, touched, reached)
