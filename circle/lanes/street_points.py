"""Points of streets from which a passage may start."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from circle.model import Snapped
from circle.network.graph import segment_lines
from circle.network.pieces import open_to

if TYPE_CHECKING:
    from circle.model import District, Impedance

SPACING_M = 25.0
"""Between two points of one street, at most."""
AROUND_M = 300.0
"""How far beyond the boundary they may lie."""


def street_points(district: District, walk: Impedance) -> Snapped:
    """Return points of the streets every `SPACING_M`, each junction once."""
    network = district.network
    lines = segment_lines(network)
    usable = open_to(network, steps_allowed=walk.profile.steps_allowed)
    here = usable & shapely.dwithin(lines, district.boundary, AROUND_M)
    rows, shares, seen = [], [], set()
    for row in np.flatnonzero(here).tolist():
        count = max(1, int(np.ceil(network.segment_length_m[row] / SPACING_M)))
        for number in range(count + 1):
            if number in {0, count}:
                junction = int(network.segment_nodes[row][0 if number == 0 else 1])
                if junction in seen:
                    continue
                seen.add(junction)
            rows.append(row)
            shares.append(number / count)
    segment, fraction = np.array(rows, np.int32), np.array(shares, np.float64)
    places = shapely.line_interpolate_point(lines[segment], fraction, normalized=True)
    xy = shapely.get_coordinates(places).reshape(-1, 2)
    return Snapped(xy, segment, fraction, np.zeros(len(segment)))
