"""Shapes in metres as GeoJSON has them: in degrees, longitude first."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from circle.geo.crs import to_lonlat
from circle.geo.meridian import unwrapped, wrapped
from circle.geo.shapes import on_grid

if TYPE_CHECKING:
    from shapely import Geometry

DECIMALS = 6


def as_geojson(shape: Geometry, crs: str) -> dict[str, Any]:
    """Return a shape in metres as a valid GeoJSON geometry in degrees, all its vertices kept.

    Parameters
    ----------
    shape
        In metres of `crs`.
    crs
        Metric reference system.

    Returns
    -------
    dict
        With `DECIMALS` decimals; a polygon over the 180th meridian is parted there.
    """
    degrees = shapely.transform(shape, lambda xy: to_lonlat(xy, crs))
    if isinstance(degrees, shapely.Polygon | shapely.MultiPolygon):
        degrees = wrapped(unwrapped(degrees))
    return _geometry(on_grid(np.array([degrees], object), DECIMALS)[0])


def _geometry(shape: Geometry) -> dict[str, Any]:
    if not isinstance(shape, shapely.MultiPolygon) or not shape.geoms:
        geometry: dict[str, Any] = json.loads(shapely.to_geojson(shape))
        return geometry
    _, xy, (rings, polygons, _) = shapely.to_ragged_array([shape])
    vertices, ends, outer = xy.tolist(), rings.tolist(), polygons.tolist()
    closed = [vertices[begin:end] for begin, end in pairwise(ends)]
    coordinates = [closed[begin:end] for begin, end in pairwise(outer)]
    return {"type": "MultiPolygon", "coordinates": coordinates}
