"""What of a table lies inside the boundary: places, and shares of cells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from circle.geo.crs import to_metric
from circle.geo.shapes import points
from circle.load.outlines import in_metres

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray
    from shapely import MultiPolygon, Polygon

    from circle.model import Bools, Floats


def cell_shapes(cells: pd.DataFrame, crs: str) -> NDArray[Any]:
    """Return the ground of cells as polygons in metres, shape (n,).

    It is their `shape` (WKT in degrees) where they have one, else the rectangle of west,
    south, east and north.
    """
    around = (("west", "south"), ("east", "south"), ("east", "north"), ("west", "north"))
    corners = [to_metric(cells[lon], cells[lat], crs) for lon, lat in around]
    shapes = np.asarray(shapely.polygons(np.stack(corners, axis=1)), dtype=object)
    if "shape" in cells and len(cells):
        drawn = shapely.from_wkt(cells["shape"].to_numpy(object), on_invalid="ignore")
        has = shapely.is_geometry(drawn) & ~shapely.is_empty(drawn)
        shapes[has] = [in_metres(shape, crs) for shape in drawn[has]]
    return shapes


def shares_inside(cells: pd.DataFrame, boundary: Polygon | MultiPolygon, crs: str) -> Floats:
    """Return the share of each cell's ground inside the boundary (metres), shape (n,).

    NaN where a corner is missing or no place.
    """
    shapes = cell_shapes(cells, crs)
    sound = np.isfinite(shapely.bounds(shapes)).all(axis=1) & shapely.is_valid(shapes)
    share = np.full(len(cells), np.nan)
    area = shapely.area(shapes[sound])
    inside = shapely.area(shapely.intersection(shapes[sound], boundary))
    share[sound] = np.divide(inside, area, out=np.zeros_like(area), where=area > 0)
    return share


def places_inside(
    table: pd.DataFrame, boundary: Polygon | MultiPolygon, crs: str
) -> tuple[Bools, Floats]:
    """Return which places (lon, lat in degrees) are inside the boundary, and how far from its line.

    Returns
    -------
    inside, off_m
        Shapes (n,): inside or on the line; metres, NaN for what is no place.
    """
    xy = to_metric(table["lon"], table["lat"], crs)
    placed = np.isfinite(xy).all(axis=1)
    inside, off_m = np.zeros(len(xy), np.bool_), np.full(len(xy), np.nan)
    inside[placed] = shapely.intersects(boundary, points(xy[placed]))
    off_m[placed] = shapely.distance(boundary.boundary, points(xy[placed]))
    return inside, off_m
