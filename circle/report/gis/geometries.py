"""Layers as files hold them: in the chosen system, one kind of geometry, plain values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import geopandas as gpd
import numpy as np
import shapely

from circle.geo.shapes import on_grid
from circle.i18n import t
from circle.report.content.reference_systems import in_degrees
from circle.report.tabular.values import storable_values

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from numpy.typing import NDArray

    from circle.report.content.elements import Layer, Report

    Shapes = NDArray[Any]

GEOMETRY = "geom"
KINDS = ("points", "lines", "polygons")
"""Kinds of geometry by their dimension."""
_DEGREE_DECIMALS, _METRE_DECIMALS = 7, 3
_projected: WeakKeyDictionary[Layer, dict[tuple[str, str], gpd.GeoDataFrame]] = WeakKeyDictionary()
_MULTI: tuple[Callable[..., Shapes], ...] = (
    shapely.multipoints,
    shapely.multilinestrings,
    shapely.multipolygons,
)


@dataclass(frozen=True, eq=False)
class Part:
    """What of a layer has one kind of geometry.

    Attributes
    ----------
    name, title
        Those of the layer; with the kind where the layer has several.
    layer
        The layer it is of.
    kind
        One of `KINDS`; "" where there is no geometry at all.
    frame
        Plain values and `GEOMETRY`, in the report's reference system.
    """

    name: str
    title: str
    layer: Layer
    kind: str
    frame: gpd.GeoDataFrame


def projected(layer: Layer, report: Report) -> gpd.GeoDataFrame:
    """Return a layer's values and its shapes in two dimensions, in the report's system.

    Coordinates are rounded as GeoJSON writes them, so that every format has the same
    valid shapes. Made once for all of them: whoever changes it takes a copy.
    """
    systems = _projected.setdefault(layer, {})
    key = (report.district.crs, report.imprint.crs)
    if key not in systems:
        systems[key] = _in_system(layer, report)
    return systems[key]


def _in_system(layer: Layer, report: Report) -> gpd.GeoDataFrame:
    frame = layer.frame
    if frame.crs is None:
        frame = frame.set_crs(report.district.crs)
    shapes = shapely.force_2d(frame.to_crs(report.imprint.crs).geometry.to_numpy())
    shapes = on_grid(shapes, decimals(report.imprint.crs))
    shapes[shapely.is_empty(shapes)] = None
    values = storable_values(frame.drop(columns=frame.geometry.name))
    geometry = gpd.GeoSeries(shapes, index=values.index, crs=report.imprint.crs)
    return gpd.GeoDataFrame(values, geometry=geometry).rename_geometry(GEOMETRY)


def decimals(crs: str) -> int:
    """Return how many decimals coordinates of a reference system are written with."""
    return _DEGREE_DECIMALS if in_degrees(crs) else _METRE_DECIMALS


def parts(layer: Layer, report: Report) -> list[Part]:
    """Return a layer in as many parts as it has kinds of geometry, at least one.

    Rows without a geometry go with the first part.
    """
    frame = projected(layer, report)
    shapes = frame.geometry.to_numpy()
    types = np.unique(shapely.get_type_id(shapes[shapely.is_geometry(shapes)]))
    if len(types) == 0:
        return [Part(layer.id, layer.title, layer, "", frame)]
    if len(types) == 1 and types[0] != shapely.GeometryType.GEOMETRYCOLLECTION:
        kind = KINDS[shapely.get_dimensions(shapes).max()]
        return [Part(layer.id, layer.title, layer, kind, frame)]
    return _divided(layer, frame)


def _divided(layer: Layer, frame: gpd.GeoDataFrame) -> list[Part]:
    """Return one part for each kind of geometry, all shapes of it multiple."""
    pieces, row = _pieces(frame.geometry.to_numpy())
    dimension = shapely.get_dimensions(pieces)
    kinds = np.unique(dimension)
    no_shape = frame.geometry.isna().to_numpy()
    divided = []
    for kind in kinds:
        of_kind = dimension == kind
        shapes = np.full(len(frame), None, object)
        _MULTI[kind](pieces[of_kind], indices=row[of_kind], out=shapes)
        kept = shapely.is_geometry(shapes) | (no_shape & (kind == kinds[0]))
        name, title = layer.id, layer.title
        if len(kinds) > 1:
            name, title = f"{name}_{KINDS[kind]}", f"{title} ({t(f'datafiles.{KINDS[kind]}')})"
        series = gpd.GeoSeries(shapes, index=frame.index, crs=frame.crs)
        divided.append(Part(name, title, layer, KINDS[kind], frame.set_geometry(series)[kept]))
    return divided


def _pieces(shapes: Shapes) -> tuple[Shapes, Shapes]:
    """Return the single shapes that shapes are made of, and the row of each."""
    pieces, row = shapely.get_parts(shapes, return_index=True)
    while (shapely.get_type_id(pieces) > shapely.GeometryType.POLYGON).any():
        pieces, at = shapely.get_parts(pieces, return_index=True)
        row = row[at]
    return pieces, row
