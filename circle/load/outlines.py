"""Outlines: GeoJSON of the boundary and of the areas → polygons in degrees."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from shapely import MultiPolygon, Polygon
from shapely.errors import ShapelyError

from circle.geo.crs import metric_crs, to_metric
from circle.geo.meridian import on_the_globe, unwrapped
from circle.geo.shapes import on_grid
from circle.load.text_tables import short
from circle.model import Finding

if TYPE_CHECKING:
    from circle.model import Floats

_DECIMALS = 7
"""Degrees once around the globe."""


@dataclass(frozen=True, eq=False)
class Outline:
    """One polygon in degrees (WGS 84) with its properties."""

    properties: dict[str, Any]
    polygon: Polygon | MultiPolygon


def read_outlines(data: bytes, file: str) -> tuple[list[Outline], list[Finding]]:
    """Return the polygons of a GeoJSON file, and what is wrong with the rest.

    Parameters
    ----------
    data
        The file's bytes.
    file
        Its name, for the findings; their rows count features from 1.
    """
    try:
        document = json.loads(data.decode("utf-8-sig"))
        features = document.get("features", [document])
        pairs = [(_stated(f.get("properties")), f["geometry"]) for f in features]
    except (ValueError, RecursionError, LookupError, TypeError, AttributeError) as error:
        return [], [Finding(file, "bad_geojson", values=(("why", short(error)),))]
    outlines, findings = [], []
    for row, (properties, geometry) in enumerate(pairs, start=1):
        polygon = _polygon(geometry)
        if polygon is None:
            findings.append(Finding(file, "bad_geometry", row))
        elif not _in_degrees(polygon):
            findings.append(Finding(file, "not_degrees", row))
        else:
            outlines.append(Outline(properties, polygon))
    return outlines, findings


def metric_crs_of(polygon: Polygon | MultiPolygon) -> str:
    """Return the metric reference system for a polygon in degrees."""
    centre = unwrapped(polygon).centroid
    return metric_crs(on_the_globe(centre.x), centre.y)


def in_metres(polygon: Polygon | MultiPolygon, crs: str) -> Polygon | MultiPolygon:
    """Return `polygon` (degrees) in metres of `crs`."""

    def move(lonlat: Floats) -> Floats:
        return to_metric(lonlat[:, 0], lonlat[:, 1], crs)

    return shapely.transform(polygon, move)


def feature_collection(outlines: list[Outline]) -> bytes:
    """Return a GeoJSON file of `outlines`, degrees to 7 decimals."""
    polygons = on_grid(np.array([outline.polygon for outline in outlines], object), _DECIMALS)
    features = [
        {
            "type": "Feature",
            "properties": outline.properties,
            "geometry": json.loads(shapely.to_geojson(polygon)),
        }
        for outline, polygon in zip(outlines, polygons, strict=True)
    ]
    document = {"type": "FeatureCollection", "features": features}
    return (json.dumps(document, ensure_ascii=False) + "\n").encode()


def _stated(properties: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON
    """Return the properties that are stated: null is as missing."""
    return {name: value for name, value in dict(properties or {}).items() if value is not None}


def _polygon(geometry: object) -> Polygon | MultiPolygon | None:
    try:
        shape = shapely.from_geojson(json.dumps(geometry), on_invalid="ignore")
    except (ShapelyError, ValueError, RecursionError):
        return None
    if not isinstance(shape, Polygon | MultiPolygon) or shape.is_empty or not shape.is_valid:
        return None
    return shape


def _in_degrees(polygon: Polygon | MultiPolygon) -> bool:
    west, south, east, north = polygon.bounds
    return -180 <= west <= east <= 180 and -90 <= south <= north <= 90  # noqa: PLR2004
