"""What Python packs for the map's drawing script, as shapes again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circle.model import Floats

_MICRO = 1e-6


def points(line: Sequence[int]) -> Floats:
    """Return the vertices of a packed line, degrees."""
    degrees: Floats = np.cumsum(np.array(line).reshape(-1, 2), axis=0) * _MICRO
    return degrees


def unpacked(polygons: Sequence[Sequence[Sequence[int]]]) -> shapely.MultiPolygon:
    """Return packed polygons, degrees."""
    return shapely.MultiPolygon(
        [(points(rings[0]), [points(hole) for hole in rings[1:]]) for rings in polygons]
    )
