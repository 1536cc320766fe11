"""Coordinates of Chinese map services → WGS 84: GCJ-02 and, on top of it, BD-09.

The offset of GCJ-02 is known as an approximation of a polynomial and sines on the
Krasovsky 1940 ellipsoid; it has no closed inverse, so that the offset is taken again
at each better place. Three times leave less than a millimetre.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from circle.model import Floats

WGS84 = "wgs84"
DATUMS = (WGS84, "gcj02", "bd09")
_AXIS_M, _FLATNESS = 6_378_245.0, 0.006_693_421_622_965_943
_WEST, _EAST, _SOUTH, _NORTH = 72.004, 137.8347, 0.8293, 55.8271
_FROM_LON, _FROM_LAT = 105.0, 35.0
_TURN = np.pi * 3000 / 180
_ROUNDS = 3


def to_wgs84(lonlat: Floats, datum: str) -> Floats:
    """Return degrees of a datum in WGS 84, shape (k, 2); unchanged outside China's bounds.

    Parameters
    ----------
    lonlat
        Shape (k, 2): longitude and latitude.
    datum
        One of `DATUMS`.

    Raises
    ------
    ValueError
        For any other datum.
    """
    if datum not in DATUMS:
        raise ValueError(datum)
    lonlat = np.asarray(lonlat, np.float64).reshape(-1, 2)
    if datum == WGS84:
        return lonlat
    stated = _bd09_to_gcj02(lonlat) if datum == "bd09" else lonlat
    true = stated
    for _ in range(_ROUNDS):
        true = stated - gcj02_offset(true)
    west, south = lonlat[:, 0] > _WEST, lonlat[:, 1] > _SOUTH
    inside = west & south & (lonlat[:, 0] < _EAST) & (lonlat[:, 1] < _NORTH)
    return np.where(inside[:, None], true, lonlat)


def gcj02_offset(lonlat: Floats) -> Floats:
    """Return by how many degrees GCJ-02 is off at places in WGS 84, shape (k, 2)."""
    x, y = (lonlat - [_FROM_LON, _FROM_LAT]).T
    root, cross = 0.1 * np.sqrt(np.abs(x)), x * y
    common = (20 * np.sin(6 * np.pi * x) + 20 * np.sin(2 * np.pi * x)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * cross + 2 * root + common
    north += (20 * np.sin(np.pi * y) + 40 * np.sin(np.pi * y / 3)) * 2 / 3
    north += (160 * np.sin(np.pi * y / 12) + 320 * np.sin(np.pi * y / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * cross + root + common
    east += (20 * np.sin(np.pi * x) + 40 * np.sin(np.pi * x / 3)) * 2 / 3
    east += (150 * np.sin(np.pi * x / 12) + 300 * np.sin(np.pi * x / 30)) * 2 / 3
    latitude = np.radians(lonlat[:, 1])
    curved = 1 - _FLATNESS * np.sin(latitude) ** 2
    meridian = _AXIS_M * (1 - _FLATNESS) / curved**1.5
    parallel = _AXIS_M / np.sqrt(curved) * np.cos(latitude)
    offset: Floats = np.degrees(np.column_stack([east / parallel, north / meridian]))
    return offset


def _bd09_to_gcj02(lonlat: Floats) -> Floats:
    x, y = (lonlat - [0.0065, 0.006]).T
    away = np.hypot(x, y) - 0.00002 * np.sin(y * _TURN)
    turned = np.arctan2(y, x) - 0.000003 * np.cos(x * _TURN)
    return np.column_stack([away * np.cos(turned), away * np.sin(turned)])
