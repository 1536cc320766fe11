"""The inner loops of the polygons, compiled: times → raster, points in polygons.

Min-plus raster: every reached stretch of street is sampled half a cell apart,
and each sample spreads into the cells around it as its time plus the walk off
the street. Past `OFF_STREET_M` the walk costs `_STEEP_S_PER_M` a metre, so that
the contour ends there and not at the last cell.
"""

from __future__ import annotations

import numpy as np

from circle.reach.compiled import njit
from circle.reach.kernels import FAR

OFF_STREET_M = 50.0
_STEEP_S_PER_M = 60.0
_NOWHERE = np.float32(1e9)
_LANES = 8
"""Cells that a processor takes at once."""


@njit(cache=True, nogil=True)
def near(shape, nodes, ms, box):
    """Which segments touch a junction reached or have a vertex in a box.

    Parameters
    ----------
    shape
        ``(xy, start)``: the segments' vertices.
    nodes, ms
        Shapes (m, 2), (n,): the segments' ends, the times at the junctions.
    box
        ``(west, south, east, north)``.

    Returns
    -------
    ndarray of bool
        Shape (m,).
    """
    xy, start = shape
    west, south, east, north = box
    kept = np.zeros(len(nodes), np.bool_)
    for s in range(len(nodes)):
        touched = ms[nodes[s, 0]] != FAR or ms[nodes[s, 1]] != FAR
        i = start[s]
        while not touched and i < start[s + 1]:
            touched = west <= xy[i, 0] <= east and south <= xy[i, 1] <= north
            i += 1
        kept[s] = touched
    return kept


@njit(cache=True, nogil=True)
def sample(shape, rows, ends, along, spacing):
    """Place points along segments, with the time to each.

    Parameters
    ----------
    shape
        ``(xy, start)``: the segments' vertices.
    rows
        Shape (r,): the segments to sample.
    ends
        ``(segment_nodes, ms, segment_ms, segment_length_m)``: the segments'
        ends, the times at the junctions (`FAR` where not reached), the
        segments' own times and true lengths.
    along
        ``(segment, along_ms, off_ms)`` of the origin, shapes (1,).
    spacing
        ``(metres between samples, limits_ms)``.

    Returns
    -------
    x, y, seconds, metres
        Shapes (k,): position, time (infinite where not reached), and the length
        of street that the sample stands for (0 for the extra samples at the
        exact places where a limit runs out).
    """
    xy, start = shape
    nodes, ms, segment_ms, length_m = ends
    gap, limits = spacing
    room = 0
    drawn_m = np.zeros(len(rows))
    for r in range(len(rows)):
        for i in range(start[rows[r]] + 1, start[rows[r] + 1]):
            drawn_m[r] += _step(xy, i)
        room += int(np.ceil(drawn_m[r] / gap)) + 1 + 4 * len(limits)
    x = np.empty(room)
    y = np.empty(room)
    seconds = np.empty(room)
    metres = np.empty(room)
    count = 0
    for r in range(len(rows)):
        s = rows[r]
        begin, finish = start[s], start[s + 1]
        length = drawn_m[r]
        clock = _clock(s, nodes, ms, segment_ms, along)
        pieces = max(1, int(np.ceil(length / gap)))
        vertex = begin + 1
        passed = 0.0
        step = _step(xy, vertex)
        for i in range(pieces):
            f = (i + 0.5) / pieces
            want = f * length
            while passed + step < want and vertex + 1 < finish:
                passed += step
                vertex += 1
                step = _step(xy, vertex)
            part = 0.0 if step == 0.0 else min(1.0, (want - passed) / step)
            x[count] = xy[vertex - 1, 0] + part * (xy[vertex, 0] - xy[vertex - 1, 0])
            y[count] = xy[vertex - 1, 1] + part * (xy[vertex, 1] - xy[vertex - 1, 1])
            seconds[count] = _time_on(f, clock)
            metres[count] = length_m[s] / pieces
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
                seconds[count] = _time_on(f, clock)
                metres[count] = 0.0
                count += 1
    return x[:count], y[:count], seconds[:count], metres[:count]


@njit(cache=True, nogil=True)
def extent(samples, limit_s):
    """Return west, south, east and north of the samples within a limit.

    West is beyond east where there are none.
    """
    x, y, seconds = samples
    west, south, east, north = np.inf, np.inf, -np.inf, -np.inf
    for k in range(len(x)):
        if seconds[k] <= limit_s:
            west, east = min(west, x[k]), max(east, x[k])
            south, north = min(south, y[k]), max(north, y[k])
    return west, south, east, north


@njit(cache=True, nogil=True)
def _step(xy, i):
    east, north = xy[i, 0] - xy[i - 1, 0], xy[i, 1] - xy[i - 1, 1]
    return np.sqrt(east * east + north * north)


@njit(cache=True, nogil=True)
def _place(xy, begin, finish, want, x, y, at):
    passed = 0.0
    for i in range(begin + 1, finish):
        step = _step(xy, i)
        if passed + step >= want or i == finish - 1:
            part = 0.0 if step == 0.0 else min(1.0, (want - passed) / step)
            x[at] = xy[i - 1, 0] + part * (xy[i, 0] - xy[i - 1, 0])
            y[at] = xy[i - 1, 1] + part * (xy[i, 1] - xy[i - 1, 1])
            return
        passed += step


@njit(cache=True, nogil=True)
def _clock(s, nodes, ms, segment_ms, along):
    """Seconds: at both ends, along the whole, at the origin on it and how far that is along."""
    origin_segment, origin_ms, origin_off = along
    tail_ms, head_ms = ms[nodes[s, 0]], ms[nodes[s, 1]]
    whole = segment_ms[s] / 1000.0
    first = tail_ms / 1000.0 if tail_ms != FAR and whole >= 0.0 else np.inf
    last = head_ms / 1000.0 if head_ms != FAR and whole >= 0.0 else np.inf
    on_it = origin_segment[0] == s and whole >= 0.0
    return first, last, whole, origin_off[0] / 1000.0 if on_it else np.inf, origin_ms[0] / 1000.0


@njit(cache=True, nogil=True)
def _time_on(f, clock):
    first, last, whole, origin, origin_along = clock
    passed = f * whole
    return min(first + passed, last + whole - passed, origin + abs(passed - origin_along))


@njit(cache=True, nogil=True, fastmath={"nnan", "nsz", "contract"})
def spread(samples, limit_s, frame, speed_m_s):
    """Spread the samples' times into cells.

    Each sample spreads into a square of cells, a fixed number a row, without
    branches: so the processor takes many cells at once.

    Parameters
    ----------
    samples
        ``(x, y, seconds)``, shapes (k,).
    limit_s
        Samples with a longer time are left out.
    frame
        ``(west, south, cell_m, rows, columns)``: cell (0, 0) is centred on
        ``west, south``. Samples lie inside.
    speed_m_s
        Speed off the street.

    Returns
    -------
    ndarray
        Shape (rows, columns), float32: seconds; 1e9 where nothing comes near.
    """
    x, y, seconds = samples
    west, south, cell, rows, columns = frame
    around = int((OFF_STREET_M + 1.6 * cell) / cell)
    high = 2 * around + 2
    wide = (high + _LANES - 1) // _LANES * _LANES
    field = np.full((rows + 2 * wide, columns + 2 * wide), _NOWHERE)
    size, pace = np.float32(cell), np.float32(1.0 / speed_m_s)
    most, edge = np.float32(OFF_STREET_M), np.float32(OFF_STREET_M + 1.6 * cell)
    steep, nought = np.float32(_STEEP_S_PER_M), np.float32(0.0)
    for k in range(len(x)):
        if not seconds[k] <= limit_s:
            continue
        left = int((x[k] - west) / cell) - around
        bottom = int((y[k] - south) / cell) - around
        dx_left = np.float32(west + left * cell - x[k])
        dy = np.float32(south + bottom * cell - y[k])
        begin = np.float32(seconds[k])
        for i in range(bottom + wide, bottom + wide + high):
            cells = field[i, left + wide : left + 2 * wide]
            for j in range(wide):
                dx = dx_left + np.float32(j) * size
                off = np.sqrt(dx * dx + dy * dy)
                at = begin + off * pace + max(off - most, nought) * steep
                cells[j] = min(cells[j], at if off <= edge else _NOWHERE)
            dy += size
    return field[wide : wide + rows, wide : wide + columns]


@njit(cache=True, nogil=True)
def areas(xy, ends):
    """Return the ground in each closed ring, shape (r,), square metres.

    Parameters
    ----------
    xy
        Shape (k, 2): the vertices of all rings, one after another.
    ends
        Shape (r + 1,): where each begins, and the last ends.
    """
    area = np.empty(len(ends) - 1)
    for ring in range(len(area)):
        begin = ends[ring]
        twice = 0.0
        for i in range(begin, ends[ring + 1] - 1):
            x, y = xy[i, 0] - xy[begin, 0], xy[i, 1] - xy[begin, 1]
            twice += x * (xy[i + 1, 1] - xy[begin, 1]) - (xy[i + 1, 0] - xy[begin, 0]) * y
        area[ring] = abs(twice) / 2
    return area


@njit(cache=True, nogil=True)
def of_rings(ends, rings):
    """Return which of `rings` each of their vertices is of, from 0, and which vertex it is."""
    count = 0
    for ring in rings:
        count += ends[ring + 1] - ends[ring]
    row, vertex = np.empty(count, np.int64), np.empty(count, np.int64)
    at = 0
    for r in range(len(rings)):
        for i in range(ends[rings[r]], ends[rings[r] + 1]):
            row[at], vertex[at] = r, i
            at += 1
    return row, vertex


@njit(cache=True, nogil=True)
def inside(x, y, rings, band):
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
    west, east = xy[:, 0].min(), xy[:, 0].max()
    south = xy[:, 1].min()
    bands = int((xy[:, 1].max() - south) / band) + 1
    first = np.zeros(bands + 1, np.int64)
    for ring in range(len(start) - 1):
        for i in range(start[ring] + 1, start[ring + 1]):
            low, high = _bands(xy, i, south, band)
            for b in range(low, high + 1):
                first[b + 1] += 1
    for b in range(bands):
        first[b + 1] += first[b]
    fill = first.copy()
    bottom, top = np.empty(first[bands]), np.empty(first[bands])
    foot, slope = np.empty(first[bands]), np.empty(first[bands])
    for ring in range(len(start) - 1):
        for i in range(start[ring] + 1, start[ring + 1]):
            low, high = _bands(xy, i, south, band)
            a, b = (i, i - 1) if xy[i, 1] < xy[i - 1, 1] else (i - 1, i)
            rise = xy[b, 1] - xy[a, 1]
            for row in range(low, high + 1):
                at = fill[row]
                bottom[at], top[at], foot[at] = xy[a, 1], xy[b, 1], xy[a, 0]
                slope[at] = 0.0 if rise == 0.0 else (xy[b, 0] - xy[a, 0]) / rise
                fill[row] += 1
    columns = int((east - west) / band) + 1
    stretch = _stretches(rings, (west, south, band, bands, columns))
    known = np.zeros(bands * columns, np.int8)
    for k in range(len(x)):
        if not (west <= x[k] <= east and y[k] >= south):
            continue
        b = int((y[k] - south) / band)
        if b >= bands:
            continue
        whole = stretch[b, int((x[k] - west) / band)]
        if whole >= 0 and known[whole] != 0:
            within[k] = known[whole] > 0
            continue
        crossed = 0
        for e in range(first[b], first[b + 1]):
            right = x[k] < foot[e] + (y[k] - bottom[e]) * slope[e]
            crossed += (bottom[e] <= y[k]) & (y[k] < top[e]) & right
        within[k] = crossed % 2 == 1
        if whole >= 0:
            known[whole] = 1 if within[k] else -1
    return within


@njit(cache=True, nogil=True)
def _stretches(rings, frame):
    """Give squares of a grid that no edge comes near a number, the same to those side by side.

    What is true of one point in such a stretch of squares is true of all. -1 elsewhere.
    """
    xy, start = rings
    west, south, side, rows, columns = frame
    stretch = np.zeros((rows, columns), np.int32)
    for ring in range(len(start) - 1):
        for i in range(start[ring] + 1, start[ring + 1]):
            low, high = _bands(xy, i, south, side)
            here, before = (xy[i, 0] - west) / side, (xy[i - 1, 0] - west) / side
            left, right = int(min(here, before)), int(max(here, before))
            for row in range(low, high + 1):
                for column in range(left, right + 1):
                    stretch[row, column] = -1
    number = np.int32(0)
    for row in range(rows):
        for column in range(columns):
            if stretch[row, column] < 0:
                number += column + 1 < columns and stretch[row, column + 1] == 0
            else:
                stretch[row, column] = number
        number += 1
    return stretch


@njit(cache=True, nogil=True)
def _bands(xy, i, south, band):
    here, before = (xy[i, 1] - south) / band, (xy[i - 1, 1] - south) / band
    return int(min(here, before)), int(max(here, before))


@njit(cache=True, nogil=True)
def lengths(seconds, metres, within, limit_s):
    """Sum the street by what a polygon makes of it.

    Returns
    -------
    reached, missed, inside, false
        Metres within the limit, of these outside; inside, of these out of
        reach.
    """
    reached = missed = inside_m = false = 0.0
    for k in range(len(seconds)):
        if seconds[k] <= limit_s:
            reached += metres[k]
            missed += 0.0 if within[k] else metres[k]
        elif within[k]:
            false += metres[k]
        inside_m += metres[k] if within[k] else 0.0
    return reached, missed, inside_m, false
