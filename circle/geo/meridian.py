"""Degrees across the 180th meridian, where longitudes jump by a whole round."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely import MultiPolygon, Polygon
from shapely.affinity import translate

if TYPE_CHECKING:
    from circle.model import Floats

HALF_ROUND = 180.0
ONE_ROUND = np.array([360.0, 0.0])


def on_the_globe(lon: float) -> float:
    """Return a longitude that may lie beyond 180° or -180° as one from -180° on."""
    return (lon + HALF_ROUND) % (2 * HALF_ROUND) - HALF_ROUND


def crosses_180(polygon: Polygon | MultiPolygon) -> bool:
    """Say whether a polygon in degrees lies on both sides of the 180th meridian.

    Such a one is in parts, the western ones near 180°, the eastern ones near -180°.
    """
    west, _, east, _ = polygon.bounds
    return bool(east - west > HALF_ROUND)


def unwrapped(polygon: Polygon | MultiPolygon) -> Polygon | MultiPolygon:
    """Return a polygon in degrees in one stretch: beyond 180° where it crosses that meridian."""
    if not crosses_180(polygon):
        return polygon

    def eastwards(lonlat: Floats) -> Floats:
        return np.where(lonlat[:, :1] < 0, lonlat + ONE_ROUND, lonlat)

    return shapely.transform(polygon, eastwards)


def wrapped(polygon: Polygon | MultiPolygon) -> Polygon | MultiPolygon:
    """Return a polygon that may go on beyond 180° or -180° parted there, as GeoJSON wants it."""
    west, south, east, north = polygon.bounds
    if west >= -HALF_ROUND and east <= HALF_ROUND:
        return polygon
    parts = []
    for turn in (-1, 0, 1):
        middle = turn * 2 * HALF_ROUND
        world = shapely.box(middle - HALF_ROUND, south, middle + HALF_ROUND, north)
        inside = shapely.get_parts(shapely.intersection(polygon, world))
        parts += [translate(part, -middle) for part in inside if isinstance(part, Polygon)]
    return MultiPolygon(parts)
