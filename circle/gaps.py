"""Where residents are out of reach: contiguous gap zones."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import shapely

from circle.demand import with_seniors
from circle.geo.shapes import multipolygon
from circle.geo.shapes import points as points_at
from circle.model import Gap

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from circle.model import Coverage, District

_AROUND_M = 80.0
_STREETS = 3


@dataclass(frozen=True, eq=False)
class Ground:
    """The district parted among its demand points.

    Attributes
    ----------
    cells
        Shape (k,): what is nearer to each demand point than to any other, cut
        to the district; empty for points outside it.
    shown
        Shape (k,): the same, no farther than 80 m from the point.
    """

    cells: NDArray[np.object_]
    shown: NDArray[np.object_]


def frontages(district: District) -> Ground:
    """Part the district among its demand points (Voronoi cells, in metres)."""
    demand = district.demand
    inside = demand["inside"].to_numpy(np.bool_)
    points = points_at(demand[["x", "y"]].to_numpy(np.float64))
    cells = np.full(len(demand), shapely.Polygon(), dtype=object)
    shown = cells.copy()
    if not inside.any():
        return Ground(cells, shown)
    parts = shapely.get_parts(
        shapely.voronoi_polygons(shapely.MultiPoint(list(points)), extend_to=district.boundary)
    )
    point, part = shapely.STRtree(parts).query(points, predicate="within")
    point, part = point[inside[point]], part[inside[point]]
    cells[point] = shapely.intersection(parts[part], district.boundary)
    shown[point] = shapely.intersection(
        cells[point], shapely.buffer(points[point], _AROUND_M, quad_segs=6)
    )
    return Ground(cells, shown)


def gaps(district: District, found: Coverage, ground: Ground | None = None) -> tuple[Gap, ...]:
    """Join the demand points out of reach into contiguous zones, worst first.

    Two points are of one zone when a chain of neighbouring cells, all out of
    reach, joins them.

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
    joined = shapely.get_parts(shapely.union_all(ground.cells[rows]))
    points = points_at(demand[["x", "y"]].to_numpy(np.float64)[rows])
    table = demand.iloc[rows].assign(
        zone=shapely.STRtree(joined).nearest(points),
        beyond=found.seconds[rows] / 60 - found.minutes,
        nearest=found.which[rows],
        street=district.network.segment_name[demand["segment"].to_numpy()[rows]],
        shown=ground.shown[rows],
    )
    drafts = [_gap(own) for _, own in table.groupby("zone") if own["residents"].sum() > 0]
    drafts.sort(key=lambda gap: -gap.residents * gap.minutes_beyond)
    return tuple(replace(gap, rank=rank) for rank, gap in enumerate(drafts, 1))


def _gap(own: pd.DataFrame) -> Gap:
    weight = own["residents"]
    named = weight.groupby(own["street"]).sum().drop("", errors="ignore")
    of_nearest = weight.groupby(own["nearest"]).sum()
    return Gap(
        rank=0,
        streets=tuple(str(s) for s in named.sort_values(ascending=False).index[:_STREETS]),
        residents=float(weight.sum()),
        residents_60_plus=float(own["residents_60_plus"].sum()),
        minutes_beyond=float(np.average(own["beyond"], weights=weight)),
        nearest=int(of_nearest.index.to_numpy()[of_nearest.to_numpy().argmax()]),
        geometry=multipolygon(shapely.union_all(own["shown"].to_numpy())),
    )
