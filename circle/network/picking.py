"""Which street, or which gate that was shut by hand, a point of the map means."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from circle.geo.shapes import points
from circle.model import derived
from circle.network.graph import segment_lines

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circle.model import Floats, WalkNetwork


@derived
def lines_of(network: WalkNetwork) -> tuple[NDArray[np.object_], shapely.STRtree]:
    """Return the shapes of all segments, and where they are, made once."""
    lines = segment_lines(network)
    return lines, shapely.STRtree(lines)


def on_street(network: WalkNetwork, xy: Floats, within_m: float) -> Floats:
    """Return the nearest place on a street, metres, shape (2,); `xy` where none is so near."""
    lines, tree = lines_of(network)
    (place,) = points(xy)
    line = lines[int(tree.nearest(place))] if len(lines) else None
    if line is None or shapely.distance(line, place) > within_m:
        return xy
    along = shapely.line_interpolate_point(line, shapely.line_locate_point(line, place))
    return np.array([along.x, along.y])


def nearest_gate(network: WalkNetwork, xy: Floats, within_m: float) -> Floats:
    """Return the nearest gate that was shut by hand; `xy` where none is so near."""
    gates = network.node_xy[shut_gates(network)[:, 0]]
    away = np.hypot(*(gates - xy).T)
    return gates[away.argmin()] if (away <= within_m).any() else xy


@derived
def shut_gates(network: WalkNetwork) -> NDArray[np.int64]:
    """Return the gates that were shut by hand: both junctions of each, shape (g, 2).

    Such junctions have identifiers below zero, and stand at one place.
    """
    made = np.flatnonzero(network.node_id < 0)
    xy, place, count = np.unique(
        network.node_xy[made], axis=0, return_inverse=True, return_counts=True
    )
    order = made[np.argsort(place.ravel(), kind="stable")]
    first = np.cumsum(count) - count
    two = first[count == 2]  # noqa: PLR2004 - the two sides of a gate
    return np.stack([order[two], order[two + 1]], axis=1) if len(xy) else np.zeros((0, 2), np.int64)
