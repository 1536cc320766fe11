"""Times → isochrone polygons, each with its measured error.

Polygons are for looking at; no figure is computed from one. See the min-plus
raster in `circle.reach.raster`.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import shapely
from contourpy import FillType, contour_generator

from circle.geo.geojson import as_geojson
from circle.geo.shapes import multipolygon
from circle.model import Isochrone
from circle.network.speeds import MS_PER_S, off_street_ms
from circle.reach import raster
from circle.reach.kernels import FAR
from circle.reach.travel import check_minutes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from circle.model import Floats, Ints, Reach

CELL_M = 10.0
FILL_HOLES_M2 = 20_000.0
"""Holes under 2 ha are filled: mostly blocks whose lanes no map shows."""
_SPECK_CELLS = 4
_M2_PER_KM2 = 1e6

Samples = tuple["Floats", "Floats", "Floats", "Floats"]
Rings = tuple["Floats", "NDArray[np.int64]"]


def isochrones(
    reach: Reach,
    minutes: Sequence[float],
    *,
    cell_m: float = CELL_M,
    fill_holes_m2: float = FILL_HOLES_M2,
) -> tuple[Isochrone, ...]:
    """Return the ground within each limit, nested, in ascending order.

    Parameters
    ----------
    reach
        What the origin reaches, at least to the largest limit.
    minutes
        The limits.
    cell_m
        Size of the raster's cells: 10 m for export, 15 to 20 m live.
    fill_holes_m2
        Holes smaller than this are filled; what that does to the error is
        measured with the rest.

    Returns
    -------
    tuple of Isochrone
        Valid geometries in metres of the network's system. A larger limit's
        contains a smaller one's.

    Raises
    ------
    InputError
        When a limit is out of range or beyond the reach's own.
    """
    limits, cell_m = check_minutes(minutes), float(cell_m)
    samples = _samples(reach, limits, cell_m / 2)
    field, frame = _field(reach, samples, limits[-1] * 60.0, cell_m)
    x = frame[0] + np.arange(field.shape[1]) * cell_m
    y = frame[1] + np.arange(field.shape[0]) * cell_m
    contours = contour_generator(x, y, field, fill_type=FillType.ChunkCombinedOffsetOffset)
    return tuple(_isochrone(samples, contours, limit, (cell_m, fill_holes_m2)) for limit in limits)


def to_features(reached: Sequence[Isochrone], crs: str) -> list[dict[str, Any]]:
    """Return GeoJSON features in WGS 84 degrees, one a limit.

    Parameters
    ----------
    reached
        The isochrones.
    crs
        The metric system they are in.
    """
    return [
        {
            "type": "Feature",
            "properties": properties(isochrone),
            "geometry": as_geojson(isochrone.geometry, crs),
        }
        for isochrone in reached
    ]


def properties(isochrone: Isochrone) -> dict[str, float]:
    """Return the limit of an isochrone, its area and its measured error, as files hold them."""
    return {
        "minutes": isochrone.minutes,
        "area_km2": round(isochrone.area_km2, 4),
        "missed": round(isochrone.missed, 4),
        "false_in": round(isochrone.false_in, 4),
    }


def _samples(reach: Reach, limits: tuple[float, ...], gap: float) -> Samples:
    """Sample the streets around what is reached, a little beyond it."""
    impedance = reach.impedance
    network = impedance.network
    ms = np.full(len(network.node_xy), FAR, np.int32)
    ms[reach.node] = reach.ms
    return raster.sample(  # type: ignore[no-any-return]
        (network.shape_xy, network.shape_start),
        _near(reach, ms),
        (network.segment_nodes, ms, impedance.segment_ms, network.segment_length_m),
        _origin(reach),
        (gap, np.array(limits) * 60.0 * MS_PER_S),
    )


def _origin(reach: Reach) -> tuple[Ints, Ints, Ints]:
    origin = reach.origin
    length = reach.impedance.segment_ms[origin.segment]
    along = np.rint(origin.fraction * length).astype(np.int32)
    return origin.segment, along, off_street_ms(origin.off_m, reach.impedance.profile)


def _near(reach: Reach, ms: Ints) -> Ints:
    """Segments within the raster's reach of anything reached."""
    network = reach.impedance.network
    reached_xy = np.concatenate([network.node_xy[reach.node], reach.origin.xy])
    around = 2 * raster.OFF_STREET_M
    box = (*(reached_xy.min(axis=0) - around), *(reached_xy.max(axis=0) + around))
    shape = (network.shape_xy, network.shape_start)
    near = raster.near(shape, network.segment_nodes, ms, box)
    near[reach.origin.segment[0]] = True
    return np.flatnonzero(near).astype(np.int32)


def _field(
    reach: Reach, samples: Samples, limit_s: float, cell_m: float
) -> tuple[NDArray[np.floating], tuple[float, float]]:
    timed = samples[:3]
    west, south, east, north = raster.extent(timed, limit_s)
    if west > east:
        return np.full((2, 2), 1e9), (float(reach.origin.xy[0, 0]), float(reach.origin.xy[0, 1]))
    room = raster.OFF_STREET_M + 3 * cell_m
    west, south = (math.floor((low - room) / cell_m) * cell_m for low in (west, south))
    rows, columns = (
        math.ceil((high + room - low) / cell_m) + 1 for low, high in ((south, north), (west, east))
    )
    frame = (west, south, cell_m, rows, columns)
    field = raster.spread(timed, limit_s, frame, reach.impedance.profile.speed_m_s)
    return field, (frame[0], frame[1])


def _isochrone(
    samples: Samples,
    contours: Any,  # noqa: ANN401
    limit: float,
    setting: tuple[float, float],
) -> Isochrone:
    cell_m, fill_holes_m2 = setting
    (points,), (ends,), (parts,) = contours.filled(-1.0, limit * 60.0)
    speck_m2 = _SPECK_CELLS * cell_m**2
    geometry = (
        shapely.MultiPolygon()
        if points is None
        else _polygons(points, ends.astype(np.int64), parts, (speck_m2, fill_holes_m2))
    )
    missed, false_in = _errors(samples, geometry, limit * 60.0, cell_m)
    return Isochrone(
        minutes=limit,
        geometry=geometry,
        area_km2=float(geometry.area) / _M2_PER_KM2,
        missed=missed,
        false_in=false_in,
    )


def _polygons(
    xy: Floats, ends: NDArray[np.int64], parts: Ints, least_m2: tuple[float, float]
) -> shapely.MultiPolygon:
    """Contours → polygons without specks and small holes.

    Parameters
    ----------
    xy
        The vertices of all rings, one after another.
    ends, parts
        Where in `xy` each ring begins, and the last ends; which ring each polygon begins
        with, its outer one.
    least_m2
        Of a polygon, of a hole.
    """
    owner = np.repeat(np.arange(len(parts) - 1), np.diff(parts))
    outer = np.zeros(len(owner), np.bool_)
    outer[parts[:-1]] = True
    area = raster.areas(xy, ends)
    large = area >= np.where(outer, *least_m2)
    kept = np.flatnonzero(large & large[parts[owner]])
    row, vertex = raster.of_rings(ends, kept)
    rings = shapely.linearrings(xy[vertex], indices=row)
    _, number = np.unique(owner[kept], return_inverse=True)
    drawn = shapely.polygons(rings, indices=number)
    if shapely.is_valid(drawn).all():
        return cast("shapely.MultiPolygon", shapely.multipolygons(drawn))
    return multipolygon(shapely.union_all(shapely.make_valid(drawn)))


def _errors(
    samples: Samples, geometry: shapely.MultiPolygon, limit_s: float, cell_m: float
) -> tuple[float, float]:
    """Measure the polygon against the streets, by length."""
    x, y, seconds, metres = samples
    within = raster.inside(x, y, _rings(geometry), cell_m)
    reached_m, missed_m, inside_m, false_m = raster.lengths(seconds, metres, within, limit_s)
    missed = missed_m / reached_m if reached_m else 0.0
    false_in = false_m / inside_m if inside_m else 0.0
    return missed, false_in


def _rings(geometry: shapely.MultiPolygon) -> Rings:
    rings = shapely.get_rings(shapely.get_parts(geometry))
    coords, owner = shapely.get_coordinates(rings, return_index=True)
    start = np.zeros(len(rings) + 1, np.int64)
    np.cumsum(np.bincount(owner, minlength=len(rings)), out=start[1:])
    return coords, start
