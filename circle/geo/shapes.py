"""Arrays of shapes from arrays of coordinates."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from circle.model import Floats


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


def multipolygon(shape: shapely.Geometry) -> shapely.MultiPolygon:
    """Return the polygons of any shape; its points and lines are left out."""
    return shapely.MultiPolygon([p for p in shapely.get_parts(shape) if p.geom_type == "Polygon"])
