"""Arrays of shapes from arrays of coordinates."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from circle.model import Floats

_SLIVER_STEPS, _MOST_MENDINGS = 4, 8


def points(xy: Floats) -> NDArray[np.object_]:
    """Return points, shape (k,), from coordinates (k, 2)."""
    return cast("NDArray[np.object_]", shapely.points(np.asarray(xy, np.float64).reshape(-1, 2)))


def lines(xy: Floats, start: NDArray[np.integer]) -> NDArray[np.object_]:
    """Return m lines from coordinates (k, 2); line i has rows ``start[i]:start[i + 1]``."""
    owner = np.repeat(np.arange(len(start) - 1), np.diff(start))
    return cast("NDArray[np.object_]", shapely.linestrings(xy, indices=owner))


def polygons(rings: Sequence[Floats], owner: Sequence[int]) -> NDArray[np.object_]:
    """Return polygons from closed rings; those with one owner are its outer ring, then its holes.

    Parameters
    ----------
    rings
        Coordinates (k, 2) of each.
    owner
        In ascending order.
    """
    if not rings:
        return np.empty(0, np.object_)
    row = np.repeat(np.arange(len(rings)), [len(ring) for ring in rings])
    closed = cast("NDArray[np.object_]", shapely.linearrings(np.concatenate(rings), indices=row))
    _, number = np.unique(owner, return_inverse=True)
    return cast("NDArray[np.object_]", shapely.polygons(closed, indices=number))


def on_grid(shapes: NDArray[np.object_], decimals: int) -> NDArray[np.object_]:
    """Return valid shapes with coordinates of so many decimals.

    Rounding may close a gap between two edges or let them cross. Such a shape is mended,
    which moves no edge by more than some steps of the grid; what is left of it that is no
    wider than this, a part or a hole, is dropped.

    Parameters
    ----------
    shapes
        Shape (k,): valid before they are rounded; None stays None.
    decimals
        Of every coordinate.

    Returns
    -------
    ndarray
        Shape (k,); empty where rounding leaves nothing.
    """

    def round_(xy: Floats) -> Floats:
        return xy.round(decimals)

    rounded = np.asarray(shapely.transform(shapes, round_), object)
    width = _SLIVER_STEPS * 10.0**-decimals
    for _ in range(_MOST_MENDINGS):
        invalid = shapely.is_geometry(rounded) & ~shapely.is_valid(rounded)
        if not invalid.any():
            break
        # GEOS's own rounding of whole shapes fails on some valid ones
        mended = shapely.make_valid(rounded[invalid], method="structure", keep_collapsed=False)
        whole = [_without_slivers(shape, width) for shape in mended]
        rounded[invalid] = shapely.transform(np.array(whole, object), round_)
    return rounded


def _without_slivers(shape: shapely.Geometry, width: float) -> shapely.Geometry:
    """Return a (multi)polygon without parts and holes that are no wider than `width`."""
    if not isinstance(shape, shapely.Polygon | shapely.MultiPolygon):
        return shape
    kept = [
        shapely.Polygon(part.exterior, [hole for hole in part.interiors if _wide(hole, width)])
        for part in shapely.get_parts(shape)
        if _wide(part.exterior, width)
    ]
    return shapely.MultiPolygon(kept)


def _wide(ring: shapely.LinearRing, width: float) -> bool:
    """Return whether a ring is wider than `width`; a long strip is as wide as this tells."""
    return 2 * shapely.Polygon(ring).area > width * ring.length


def multipolygon(shape: shapely.Geometry) -> shapely.MultiPolygon:
    """Return the polygons of any shape; its points and lines are left out."""
    return shapely.MultiPolygon([p for p in shapely.get_parts(shape) if p.geom_type == "Polygon"])
