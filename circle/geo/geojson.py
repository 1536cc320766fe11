"""Shapes in metres as GeoJSON has them: in degrees, longitude first."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from circle.geo.crs import to_lonlat
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
        With `DECIMALS` decimals.
    """
    degrees = shapely.transform(np.array([shape], object), lambda xy: to_lonlat(xy, crs))
    geometry: dict[str, Any] = json.loads(shapely.to_geojson(on_grid(degrees, DECIMALS)[0]))
    return geometry
