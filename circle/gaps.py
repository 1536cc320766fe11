"""Where residents are out of reach: contiguous gap zones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from circle.demand import with_seniors
from circle.geo.shapes import points as points_at
from circle.model import Gap

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from circle.model import Coverage, District

_AROUND_M = 80.0
_STREETS = 3


def frontages(district: District) -> NDArray[np.object_]:
    """Return the ground around each demand point that is nearer to it than to any other.

    Returns
    -------
    ndarray of Polygon
        Shape (k,), in the order of the demand table, in metres; Voronoi cells
        clipped to the district and to 60 m around the point. Points outside
        the district have an empty one.
    """
    demand = district.demand
    inside = demand["inside"].to_numpy(np.bool_)
    points = points_at(demand[["x", "y"]].to_numpy(np.float64))
    ground = np.full(len(demand), shapely.Polygon(), dtype=object)
    if not inside.any():
        return ground
    cells = shapely.get_parts(
        shapely.voronoi_polygons(shapely.MultiPoint(list(points)), extend_to=district.boundary)
    )
    tree = shapely.STRtree(cells)
    point, cell = tree.query(points, predicate="within")
    own = inside[point]
    point, cell = point[own], cell[own]
    near = shapely.buffer(points[point], _AROUND_M, quad_segs=6)
    ground[point] = shapely.intersection(shapely.intersection(cells[cell], near), district.boundary)
    return ground


def gaps(
    district: District, found: Coverage, ground: NDArray[np.object_] | None = None
) -> tuple[Gap, ...]:
    """Join the demand points out of reach into contiguous zones, worst first.

    Parameters
    ----------
    district
        The district.
    found
        Coverage of one kind.
    ground
        `frontages` of the district, when at hand.

    Returns
    -------
    tuple of Gap
        Together they hold every resident out of reach, once. Ranked by
        resident-minutes beyond the limit; zones without any way come first.
    """
    ground = frontages(district) if ground is None else ground
    demand = with_seniors(district.demand)
    lacking = ~(found.seconds <= found.minutes * 60) & demand["inside"].to_numpy(np.bool_)
    if not lacking.any():
        return ()
    rows = np.flatnonzero(lacking)
    zones = shapely.get_parts(shapely.union_all(ground[rows]))
    points = points_at(demand[["x", "y"]].to_numpy(np.float64)[rows])
    zone = shapely.STRtree(zones).nearest(points)
    table = demand.iloc[rows].assign(
        zone=zone,
        beyond=found.seconds[rows] / 60 - found.minutes,
        nearest=found.which[rows],
        street=district.network.segment_name[demand["segment"].to_numpy()[rows]],
    )
    drafts = [
        _gap(own, zones[own["zone"].iloc[0]])
        for _, own in table.groupby("zone")
        if own["residents"].sum() > 0
    ]
    drafts.sort(key=lambda gap: -gap.residents * gap.minutes_beyond)
    return tuple(
        Gap(
            rank,
            g.streets,
            g.residents,
            g.residents_60_plus,
            g.minutes_beyond,
            g.nearest,
            g.geometry,
        )
        for rank, g in enumerate(drafts, 1)
    )


def _gap(own: pd.DataFrame, zone: shapely.Polygon) -> Gap:
    weight = own["residents"]
    named = weight.groupby(own["street"]).sum().drop("", errors="ignore")
    return Gap(
        rank=0,
        streets=tuple(str(s) for s in named.sort_values(ascending=False).index[:_STREETS]),
        residents=float(weight.sum()),
        residents_60_plus=float(own["residents_60_plus"].sum()),
        minutes_beyond=float(np.average(own["beyond"], weights=weight)),
        nearest=int(weight.groupby(own["nearest"]).sum().idxmax()),
        geometry=zone,
    )
