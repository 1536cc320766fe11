"""Shapes for the browser: degrees, few vertices, few digits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from circle.geo.crs import to_lonlat
from circle.geo.geojson import DECIMALS, as_geojson

if TYPE_CHECKING:
    from collections.abc import Iterable

    from shapely import Geometry

    from circle.model import Floats

SIMPLIFY_M = 2.0
_MICRO = 10**DECIMALS


def feature(shape: Geometry, crs: str, **properties: object) -> dict[str, Any]:
    """Return a shape in metres as a GeoJSON feature in degrees, made small.

    Parameters
    ----------
    shape
        In metres of `crs`.
    crs
        Metric reference system.
    **properties
        The feature's properties, for instance ``minutes=15``.

    Returns
    -------
    dict
        Simplified by `SIMPLIFY_M`, with `DECIMALS` decimals.
    """
    geometry = as_geojson(shapely.simplify(shape, SIMPLIFY_M), crs)
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def packed(lines: Iterable[Geometry], crs: str) -> list[list[int]]:
    """Return lines in metres as micro-degrees, each vertex after the first as a step.

    Parameters
    ----------
    lines
        LineStrings or MultiLineStrings in metres of `crs`.
    crs
        Metric reference system.

    Returns
    -------
    list of list of int
        ``[lon, lat, step east, step north, …]`` a line.
    """
    parts = shapely.get_parts(shapely.simplify(np.asarray(list(lines), object), SIMPLIFY_M))
    coords, owner = shapely.get_coordinates(parts, return_index=True)
    if len(coords) == 0:
        return []
    whole = np.rint(to_lonlat(coords, crs) * _MICRO).astype(np.int64)
    starts = np.flatnonzero(np.diff(owner)) + 1
    return [_steps(line) for line in np.split(whole, starts)]


def packed_polygons(shape: Geometry, crs: str) -> list[list[list[int]]]:
    """Return the polygons of a shape in metres as `packed` returns lines: each its rings."""
    parts = shapely.get_parts(shapely.simplify(shape, SIMPLIFY_M))
    parts = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
    rings, owner = shapely.get_rings(parts, return_index=True)
    coords, ring_of = shapely.get_coordinates(rings, return_index=True)
    if len(coords) == 0:
        return []
    whole = np.rint(to_lonlat(coords, crs) * _MICRO).astype(np.int64)
    lines = [_steps(ring) for ring in np.split(whole, np.flatnonzero(np.diff(ring_of)) + 1)]
    polygons: list[list[list[int]]] = [[] for _ in parts]
    for polygon, line in zip(owner.tolist(), lines, strict=True):
        polygons[polygon].append(line)
    return polygons


def point(x: float, y: float, crs: str) -> list[float]:
    """Return one place in metres as ``[lon, lat]``."""
    lonlat: Floats = to_lonlat([[x, y]], crs)
    return [round(float(value), DECIMALS) for value in lonlat[0]]


def _steps(line: np.ndarray[Any, np.dtype[np.int64]]) -> list[int]:
    steps = np.diff(line, axis=0)
    moved = steps[(steps != 0).any(axis=1)]
    steps_of: list[int] = np.concatenate([line[:1], moved]).ravel().tolist()
    return steps_of
