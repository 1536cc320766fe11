"""Reference systems: degrees in WGS 84 outside, metres of a local zone inside.

China's survey works in 3-degree Gauss-Krüger zones of CGCS2000, one for every
third meridian from 75° E to 135° E. A zone is picked by longitude and is never
written down for a district: a zone used far from its meridian stretches lengths.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError

from circle.errors import CrsError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from circle.model import Floats

WGS84 = "EPSG:4326"

_ZONE_DEG = 3
_FIRST_MERIDIAN, _LAST_MERIDIAN = 75, 135
_FIRST_CODE = 4534
_MERIDIANS = {
    f"EPSG:{_FIRST_CODE + number}": meridian
    for number, meridian in enumerate(range(_FIRST_MERIDIAN, _LAST_MERIDIAN + 1, _ZONE_DEG))
}
_UTM_ZONE_DEG = 6
_UTM_NORTH, _UTM_SOUTH = 32600, 32700


def metric_crs(lon: float, lat: float = 0.0) -> str:
    """Pick the metric reference system for a place.

    Parameters
    ----------
    lon, lat
        Degrees in WGS 84.

    Returns
    -------
    str
        The CGCS2000 3-degree zone whose meridian is nearest, within China's
        longitudes (73.5° to 136.5° E); else the UTM zone of WGS 84.

    Raises
    ------
    CrsError
        When `lon` and `lat` are no degrees.
    """
    if not (abs(lon) <= 180 and abs(lat) <= 90):  # noqa: PLR2004 - degrees of the globe
        raise CrsError("not_degrees", lon=lon, lat=lat)
    meridian = _ZONE_DEG * int(np.floor(lon / _ZONE_DEG + 0.5))
    if _FIRST_MERIDIAN <= meridian <= _LAST_MERIDIAN and lat >= 0:
        return f"EPSG:{_FIRST_CODE + (meridian - _FIRST_MERIDIAN) // _ZONE_DEG}"
    zone = min(int((lon + 180) // _UTM_ZONE_DEG) + 1, 60)
    return f"EPSG:{(_UTM_SOUTH if lat < 0 else _UTM_NORTH) + zone}"


def check_metric(crs: str) -> str:
    """Return `crs` when it counts in metres.

    Raises
    ------
    CrsError
        When `crs` is unknown or does not count in metres.
    """
    if not _is_metric(crs):
        raise CrsError("not_metric", crs=crs)
    return crs


def to_metric(lon: ArrayLike, lat: ArrayLike, crs: str) -> Floats:
    """Turn degrees into metres.

    Parameters
    ----------
    lon, lat
        Shape (k,) each, or single numbers: degrees in WGS 84.
    crs
        Metric reference system, for instance from `metric_crs`.

    Returns
    -------
    ndarray
        Shape (k, 2): metres east and north; infinite where the zone ends.
    """
    east, north = np.atleast_1d(np.asarray(lon, float)), np.atleast_1d(np.asarray(lat, float))
    return np.column_stack(_transformer(WGS84, crs).transform(east, north))


def to_lonlat(xy: ArrayLike, crs: str) -> Floats:
    """Turn metres of `crs`, shape (k, 2), into degrees of WGS 84, shape (k, 2)."""
    points = np.atleast_2d(np.asarray(xy, float))
    return np.column_stack(_transformer(crs, WGS84).transform(points[:, 0], points[:, 1]))


@cache
def _is_metric(crs: str) -> bool:
    try:
        system = CRS.from_user_input(crs)
    except CRSError:
        return False
    return system.is_projected and system.axis_info[0].unit_name == "metre"


@cache
def _transformer(source: str, target: str) -> Transformer:
    """Return the transformer, as a pipeline.

    Every thread sets a transformer up for itself: 50 ms from two systems, 0.1 ms
    from the pipeline that those lead to. A page runs in a fresh thread each time.
    """
    if (known := _pipeline(source, target)) is not None:
        return Transformer.from_pipeline(known)
    try:
        chosen = Transformer.from_crs(source, target, always_xy=True)
        return Transformer.from_pipeline(chosen.definition)
    except CRSError as error:
        raise CrsError("unknown_crs", crs=target if source == WGS84 else source) from error
    except ProjError:  # several operations to choose from: no one pipeline
        return chosen


def _pipeline(source: str, target: str) -> str | None:
    """Return the pipeline between degrees and a zone of CGCS2000; None for other systems.

    It is what PROJ answers, which takes 50 ms to find it in its database.
    """
    zone = target if source == WGS84 else source
    meridian = _MERIDIANS.get(zone)
    if meridian is None or WGS84 not in {source, target}:
        return None
    projected = f"proj=tmerc lat_0=0 lon_0={meridian} k=1 x_0=500000 y_0=0 ellps=GRS80"
    if source == WGS84:
        return f"proj=pipeline step proj=unitconvert xy_in=deg xy_out=rad step {projected}"
    return f"proj=pipeline step inv {projected} step proj=unitconvert xy_in=rad xy_out=deg"
