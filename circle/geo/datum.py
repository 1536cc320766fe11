"""Coordinates as they are stated ↔ WGS 84: Chinese map services' GCJ-02 and BD-09, EPSG codes.

The offset of GCJ-02 is known as an approximation of a polynomial and sines on the
Krasovsky 1940 ellipsoid; BD-09 turns and stretches what GCJ-02 gives. Neither has a
closed inverse, so that the offset is taken again at each better place. Three times
leave less than a millimetre.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from circle.geo.crs import to_lonlat

if TYPE_CHECKING:
    from collections.abc import Callable

    from circle.model import Bools, Floats

WGS84 = "wgs84"
SHIFTED = ("gcj02", "bd09")
"""Datums of map services, hundreds of metres off."""
DATUMS = (WGS84, "cgcs2000", *SHIFTED)
"""CGCS2000 and WGS 84 differ by less than a metre and are taken as one."""
_EPSG = re.compile(r"EPSG:\d{4,6}", re.IGNORECASE)
_AXIS_M, _FLATNESS = 6_378_245.0, 0.006_693_421_622_965_943
_WEST, _EAST, _SOUTH, _NORTH = 72.004, 137.8347, 0.8293, 55.8271
_FROM_LON, _FROM_LAT = 105.0, 35.0
_TURN = np.pi * 3000 / 180
_ROUNDS = 3


def known(datum: str) -> bool:
    """Say whether a datum can be read: one of `DATUMS`, or ``EPSG:`` with a number."""
    return datum in DATUMS or _EPSG.fullmatch(datum) is not None


def to_wgs84(lonlat: Floats, datum: str) -> Floats:
    """Return coordinates of a datum in degrees of WGS 84, shape (k, 2).

    Those of a map service are unchanged outside China's bounds.

    Parameters
    ----------
    lonlat
        Shape (k, 2): longitude and latitude; with an EPSG code east and north.
    datum
        One of `DATUMS`, or ``EPSG:`` with a number.

    Raises
    ------
    ValueError
        For any other datum.
    CrsError
        For a number that is no reference system.
    """
    if not known(datum):
        raise ValueError(datum)
    lonlat = np.asarray(lonlat, np.float64).reshape(-1, 2)
    if datum.upper().startswith("EPSG:"):
        return to_lonlat(lonlat, datum.upper())
    if datum not in SHIFTED:
        return lonlat
    gcj02 = _inverse(_gcj02_to_bd09, lonlat) if datum == "bd09" else lonlat
    return np.where(_in_china(lonlat), _inverse(_wgs84_to_gcj02, gcj02), lonlat)


def from_wgs84(lonlat: Floats, datum: str) -> Floats:
    """Return degrees of WGS 84 in one of `DATUMS`, shape (k, 2); unchanged outside China's bounds.

    Raises
    ------
    ValueError
        For any other datum.
    """
    if datum not in DATUMS:
        raise ValueError(datum)
    lonlat = np.asarray(lonlat, np.float64).reshape(-1, 2)
    if datum not in SHIFTED:
        return lonlat
    gcj02 = _wgs84_to_gcj02(lonlat)
    there = _gcj02_to_bd09(gcj02) if datum == "bd09" else gcj02
    return np.where(_in_china(lonlat), there, lonlat)


def _in_china(lonlat: Floats) -> Bools:
    west, south = lonlat[:, 0] > _WEST, lonlat[:, 1] > _SOUTH
    inside: Bools = west & south & (lonlat[:, 0] < _EAST) & (lonlat[:, 1] < _NORTH)
    return inside[:, None]


def _inverse(forward: Callable[[Floats], Floats], there: Floats) -> Floats:
    """Return what `forward` brings to `there`: taken again at each better place."""
    here = there
    for _ in range(_ROUNDS):
        here = here + (there - forward(here))
    return here


def _wgs84_to_gcj02(lonlat: Floats) -> Floats:
    return lonlat + gcj02_offset(lonlat)


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


def _gcj02_to_bd09(lonlat: Floats) -> Floats:
    x, y = lonlat.T
    away = np.hypot(x, y) + 0.00002 * np.sin(y * _TURN)
    turned = np.arctan2(y, x) + 0.000003 * np.cos(x * _TURN)
    there: Floats = np.column_stack([away * np.cos(turned), away * np.sin(turned)])
    there += [0.0065, 0.006]
    return there
