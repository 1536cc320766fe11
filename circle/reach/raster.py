"""The inner loops of the polygons, compiled: times → raster, points in polygons.

Min-plus raster: every reached stretch of street is sampled half a cell apart,
and each sample spreads into the cells around it as its time plus the walk off
the street. Past `OFF_STREET_M` the walk costs `_STEEP_S_PER_M` a metre, so that
the contour ends there and not at the last cell.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from circle.reach.kernels import FAR

OFF_STREET_M = 50.0
_STEEP_S_PER_M = 60.0


@njit(cache=True, nogil=True)
def sample(shape, rows, ends, along, spacing):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201, PLR0915
    """Points along segments with the time to each.

    Parameters
    ----------
    shape
        ``(xy, start)``: the segments' vertices.
    rows
        Shape (r,): the segments to sample.
    ends
        ``(segment_nodes, ms, segment_ms)``: the segments' ends, the times at
        the junctions (`FAR` where not reached), the segments' own times.
    along
        ``(segment, along_ms, off_ms)`` of the origin, shapes (1,).
    spacing
        ``(metres between samples, limits_ms)``.

    Returns
    -------
    x, y, seconds, share
        Shapes (k,): position, time (infinite where not reached), and the share
        of its segment that the sample stands for (0 for the extra samples at
        the exact places where a limit runs out).
    row
        Shape (k,): the segment.
    """
    xy, start = shape
    nodes, ms, segment_ms = ends
    gap, limits = spacing
    room = 0
    for s in rows:
        length = 0.0
        for i in range(start[s] + 1, start[s + 1]):
            length += np.hypot(xy[i, 0] - xy[i - 1, 0], xy[i, 1] - xy[i - 1, 1])
        room += int(np.ceil(length / gap)) + 1 + 4 * len(limits)
    x = np.empty(room)
    y = np.empty(room)
    seconds = np.empty(room)
    share = np.empty(room)
    row = np.empty(room, np.int32)
    count = 0
    for s in rows:
        begin, finish = start[s], start[s + 1]
        length = 0.0
        for i in range(begin + 1, finish):
            length += np.hypot(xy[i, 0] - xy[i - 1, 0], xy[i, 1] - xy[i - 1, 1])
        pieces = max(1, int(np.ceil(length / gap)))
        vertex = begin + 1
        passed = 0.0
        for i in range(pieces):
            f = (i + 0.5) / pieces
            want = f * length
            step = np.hypot(xy[vertex, 0] - xy[vertex - 1, 0], xy[vertex, 1] - xy[vertex - 1, 1])
            while passed + step < want and vertex + 1 < finish:
                passed += step
                vertex += 1
                step = np.hypot(
                    xy[vertex, 0] - xy[vertex - 1, 0], xy[vertex, 1] - xy[vertex - 1, 1]
                )
            part = 0.0 if step == 0.0 else min(1.0, (want - passed) / step)
            x[count] = xy[vertex - 1, 0] + part * (xy[vertex, 0] - xy[vertex - 1, 0])
            y[count] = xy[vertex - 1, 1] + part * (xy[vertex, 1] - xy[vertex - 1, 1])
            seconds[count] = _time_on(s, f, nodes, ms, segment_ms, along)
            share[count] = 1.0 / pieces
            row[count] = s
            count += 1
        for side in range(2):
            node = nodes[s, side]
            if segment_ms[s] <= 0 or ms[node] == FAR:
                continue
            for limit in limits:
                f = (limit - ms[node]) / segment_ms[s]
                if not 0.0 <= f <= 1.0:
                    continue
                f = f if side == 0 else 1.0 - f
                _place(xy, begin, finish, f * length, x, y, count)
                seconds[count] = _time_on(s, f, nodes, ms, segment_ms, along)
                share[count] = 0.0
                row[count] = s
                count += 1
    return x[:count], y[:count], seconds[:count], share[:count], row[:count]


@njit(cache=True, nogil=True)
def _place(xy, begin, finish, want, x, y, at):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, PLR0913
    passed = 0.0
    for i in range(begin + 1, finish):
        step = np.hypot(xy[i, 0] - xy[i - 1, 0], xy[i, 1] - xy[i - 1, 1])
        if passed + step >= want or i == finish - 1:
            part = 0.0 if step == 0.0 else min(1.0, (want - passed) / step)
            x[at] = xy[i - 1, 0] + part * (xy[i, 0] - xy[i - 1, 0])
            y[at] = xy[i - 1, 1] + part * (xy[i, 1] - xy[i - 1, 1])
            return
        passed += step


@njit(cache=True, nogil=True)
def _time_on(s, f, nodes, ms, segment_ms, along):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, PLR0913
    origin_segment, origin_ms, origin_off = along
    whole = segment_ms[s]
    best = np.inf
    if whole < 0:
        return best
    if ms[nodes[s, 0]] != FAR:
        best = ms[nodes[s, 0]] + f * whole
    if ms[nodes[s, 1]] != FAR:
        best = min(best, ms[nodes[s, 1]] + (1.0 - f) * whole)
    if origin_segment[0] == s:
        best = min(best, abs(f * whole - origin_ms[0]) + origin_off[0])
    return best / 1000.0


@njit(cache=True, nogil=True)
def spread(samples, frame, speed_m_s):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Spread the samples' times into cells.

    Parameters
    ----------
    samples
        ``(x, y, seconds)``, shapes (k,).
    frame
        ``(west, south, cell_m, rows, columns)``: cell (0, 0) is centred on
        ``west, south``.
    speed_m_s
        Speed off the street.

    Returns
    -------
    ndarray
        Shape (rows, columns): seconds; 1e9 where nothing comes near.
    """
    x, y, seconds = samples
    west, south, cell, rows, columns = frame
    field = np.full((rows, columns), 1e9)
    radius = OFF_STREET_M + 1.6 * cell
    for k in range(len(x)):
        top = min(rows - 1, int((y[k] - south + radius) / cell))
        left = max(0, int(np.ceil((x[k] - west - radius) / cell)))
        right = min(columns - 1, int((x[k] - west + radius) / cell))
        for i in range(max(0, int(np.ceil((y[k] - south - radius) / cell))), top + 1):
            dy = south + i * cell - y[k]
            for j in range(left, right + 1):
                if seconds[k] >= field[i, j]:
                    continue
                dx = west + j * cell - x[k]
                off = np.sqrt(dx * dx + dy * dy)
                if off > radius:
                    continue
                at = seconds[k] + off / speed_m_s
                if off > OFF_STREET_M:
                    at += (off - OFF_STREET_M) * _STEEP_S_PER_M
                field[i, j] = min(field[i, j], at)
    return field


@njit(cache=True, nogil=True)
def inside(x, y, rings, band):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Which points lie inside rings, by the even-odd rule.

    Parameters
    ----------
    x, y
        Shapes (k,).
    rings
        ``(xy, start)``: closed rings one after the other, holes included.
    band
        Height of the bands that edges are sorted into, metres.

    Returns
    -------
    ndarray of bool
        Shape (k,).
    """
    xy, start = rings
    within = np.zeros(len(x), np.bool_)
    if len(xy) == 0:
        return within
    south = xy[:, 1].min()
    bands = int((xy[:, 1].max() - south) / band) + 1
    first = np.zeros(bands + 1, np.int64)
    for ring in range(len(start) - 1):
        for i in range(start[ring] + 1, start[ring + 1]):
            low = int((min(xy[i, 1], xy[i - 1, 1]) - south) / band)
            high = int((max(xy[i, 1], xy[i - 1, 1]) - south) / band)
            for b in range(low, high + 1):
                first[b + 1] += 1
    for b in range(bands):
        first[b + 1] += first[b]
    fill = first.copy()
    edges = np.empty(first[bands], np.int64)
    for ring in range(len(start) - 1):
        for i in range(start[ring] + 1, start[ring + 1]):
            low = int((min(xy[i, 1], xy[i - 1, 1]) - south) / band)
            high = int((max(xy[i, 1], xy[i - 1, 1]) - south) / band)
            for b in range(low, high + 1):
                edges[fill[b]] = i
                fill[b] += 1
    for k in range(len(x)):
        if y[k] < south:
            continue
        b = int((y[k] - south) / band)
        if b >= bands:
            continue
        odd = False
        for e in range(first[b], first[b + 1]):
            i = edges[e]
            y0, y1 = xy[i - 1, 1], xy[i, 1]
            if (y0 > y[k]) != (y1 > y[k]):
                cross = xy[i - 1, 0] + (y[k] - y0) / (y1 - y0) * (xy[i, 0] - xy[i - 1, 0])
                if x[k] < cross:
                    odd = not odd
        within[k] = odd
    return within
