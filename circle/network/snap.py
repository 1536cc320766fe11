"""Points → places on segments, with the walk off the street.

Never to a junction: the nearest may be far off.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from circle.errors import NetworkError
from circle.geo.shapes import points as points_at
from circle.model import Snapped, derived
from circle.network.graph import segment_lines
from circle.network.pieces import open_to, pieces_of_street

if TYPE_CHECKING:
    from circle.model import Floats, Impedance, WalkNetwork

MAX_OFF_STREET_M = 250.0


def snap(impedance: Impedance, xy: Floats, max_off_m: float = MAX_OFF_STREET_M) -> Snapped:
    """Put points on the nearest segment that the profile may use.

    Parameters
    ----------
    impedance
        The streets as the profile walks them.
    xy
        Shape (k, 2), metres in the network's system.
    max_off_m
        Points farther from any street stay off the network (segment -1).

    Returns
    -------
    Snapped
        In the order of `xy`; ``off_m`` is the true distance even where it is
        too far.
    """
    tree, lines, rows = _index(impedance.network, impedance.profile.steps_allowed)
    points = points_at(xy)
    nearest = tree.nearest(points)
    off_m = shapely.distance(points, lines[nearest])
    fraction = shapely.line_locate_point(lines[nearest], points, normalized=True)
    segment = np.where(off_m <= max_off_m, rows[nearest], -1).astype(np.int32)
    return Snapped(xy=xy, segment=segment, fraction=np.nan_to_num(fraction), off_m=off_m)


def snap_one(impedance: Impedance, xy: Floats, max_off_m: float = MAX_OFF_STREET_M) -> Snapped:
    """Put one point, shape (2,), on the network.

    Raises
    ------
    NetworkError
        When no street is within `max_off_m` metres.
    """
    snapped = snap(impedance, np.asarray(xy, np.float64).reshape(1, 2), max_off_m)
    if snapped.segment[0] < 0:
        raise NetworkError("off_network", metres=round(float(snapped.off_m[0])), most=max_off_m)
    return snapped


@derived
def _index(
    network: WalkNetwork,
    steps_allowed: bool,  # noqa: FBT001
) -> tuple[shapely.STRtree, np.ndarray, np.ndarray]:
    usable = open_to(network, steps_allowed=steps_allowed)
    if network.main_piece_only:
        usable &= pieces_of_street(network, steps_allowed=steps_allowed) == 0
    rows = np.flatnonzero(usable).astype(np.int32)
    lines = segment_lines(network)[rows]
    return shapely.STRtree(lines), lines, rows
