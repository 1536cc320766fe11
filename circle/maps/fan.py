"""Places at one address are fanned out, so that none hides another."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import shapely

from circle.geo.shapes import points

if TYPE_CHECKING:
    from circle.model import Floats

NEAR_M = 25.0
_PAIR = 2


def fan_offsets(xy: Floats, size_px: int, near_m: float = NEAR_M) -> list[tuple[int, int]]:
    """Return how far each symbol is moved off its place, in pixels.

    The place itself stays what a click reports; only the symbol moves.

    Parameters
    ----------
    xy
        Shape (k, 2), metres.
    size_px
        Width of a symbol.
    near_m
        Places linked by steps of at most this many metres make one fan.

    Returns
    -------
    list of (int, int)
        Right and down; (0, 0) for a single place, side by side for two, in
        a ring for more.
    """
    if len(xy) == 0:
        return []
    places = points(xy)
    near = shapely.union_all(shapely.buffer(places, near_m / 2, quad_segs=32))
    fan = shapely.STRtree(shapely.get_parts(near)).nearest(places)
    offsets = [(0, 0)] * len(xy)
    for label in np.unique(fan):
        members = np.flatnonzero(fan == label)
        for place, offset in zip(members, _ring(len(members), size_px), strict=True):
            offsets[int(place)] = offset
    return offsets


def _ring(count: int, size_px: int) -> list[tuple[int, int]]:
    if count == 1:
        return [(0, 0)]
    if count == _PAIR:
        half = math.ceil(size_px / 2)
        return [(-half, 0), (half, 0)]
    radius = (size_px + 1) / (2 * math.sin(math.pi / count))
    angles = [2 * math.pi * i / count for i in range(count)]
    return [(round(radius * math.sin(a)), round(-radius * math.cos(a))) for a in angles]
