"""Where residents are out of reach: contiguous gap zones."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import shapely

from circle.demand import along_named, with_seniors
from circle.facilities import meeting, of_kind, positions, profile_named
from circle.geo.shapes import multipolygon
from circle.geo.shapes import points as points_at
from circle.model import Cause, Gap, Rule
from circle.network.graph import segment_lines

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from circle.model import Coverage, District, Floats

_AROUND_M = 80.0
_STREETS = 3
_MOST_OF = 0.5


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
        Metres beyond a limit in metres count as the minutes that they take at
        the profile's pace.

    Raises
    ------
    UnknownNameError
        When the district has no such profile.
    """
    ground = frontages(district) if ground is None else ground
    demand = with_seniors(district.demand)
    lacking = ~found.within & demand["inside"].to_numpy(np.bool_)
    if not lacking.any():
        return ()
    rows = np.flatnonzero(lacking)
    joined = shapely.get_parts(shapely.union_all(ground.cells[rows]))
    points = points_at(demand[["x", "y"]].to_numpy(np.float64)[rows])
    limit_m, beyond = _limits(district, found)
    straight_m = _straight(district, found, points)
    table = demand.iloc[rows].assign(
        zone=shapely.STRtree(joined).nearest(points),
        beyond=beyond[rows],
        nearest=found.which[rows],
        street=district.network.segment_name[demand["segment"].to_numpy()[rows]],
        shown=ground.shown[rows],
        metres=found.metres[rows],
        straight_m=straight_m,
        far=~(straight_m <= limit_m),
        kept=along_named(district, district.never_widened["name"])[rows],
    )
    zones = [own for _, own in table.groupby("zone") if own["residents"].sum() > 0]
    drafts = [_gap(own, district.heritage) for own in zones]
    nearby = _near(district, zones)
    drafts = [replace(gap, near=near) for gap, near in zip(drafts, nearby, strict=True)]
    drafts.sort(key=lambda gap: -gap.residents * gap.minutes_beyond)
    return tuple(replace(gap, rank=rank) for rank, gap in enumerate(drafts, 1))


def _gap(own: pd.DataFrame, heritage: pd.DataFrame) -> Gap:
    geometry = multipolygon(shapely.union_all(own["shown"].to_numpy()))
    own = own[own["residents"] > 0]
    weight = own["residents"]
    named = weight.groupby(own["street"]).sum().drop("", errors="ignore")
    of_nearest = weight.groupby(own["nearest"]).sum()
    straight_m = float(np.average(own["straight_m"], weights=weight))
    far = np.average(own["far"], weights=weight)
    listed = _addresses(heritage, geometry)
    return Gap(
        rank=0,
        streets=tuple(str(s) for s in named.sort_values(ascending=False).index[:_STREETS]),
        residents=float(weight.sum()),
        residents_60_plus=float(own["residents_60_plus"].sum()),
        minutes_beyond=float(np.average(own["beyond"], weights=weight)),
        nearest=int(of_nearest.index.to_numpy()[of_nearest.to_numpy().argmax()]),
        geometry=geometry,
        straight_m=straight_m,
        detour=float(np.average(own["metres"], weights=weight)) / (straight_m or np.nan),
        cause=Cause.NO_FACILITY if far >= _MOST_OF else Cause.DETOUR,
        heritage=listed,
        constrained=listed > 0 or bool(own["kept"].any()),
    )


def _near(district: District, zones: list[pd.DataFrame]) -> list[str]:
    """Return for each zone the named street nearest to the mean place of its residents."""
    names = district.network.segment_name
    named = np.flatnonzero([bool(name) for name in names])
    if not len(named) or not zones:
        return [""] * len(zones)
    centres = [np.average(own[["x", "y"]], axis=0, weights=own["residents"]) for own in zones]
    tree = shapely.STRtree(segment_lines(district.network)[named])
    # A segment that carries several names is told by the first.
    return [
        str(names[named[row]]).split(";")[0] for row in tree.nearest(points_at(np.array(centres)))
    ]


def _limits(district: District, found: Coverage) -> tuple[float, Floats]:
    """Return the limit as metres, and the minutes beyond it of each demand point."""
    m_per_minute = profile_named(district, found.profile).speed_m_s * 60
    asked = found.standard
    if asked is not None and asked.metres is not None and found.rule is Rule.METRES:
        return asked.metres, (found.metres - asked.metres) / m_per_minute
    return found.minutes * m_per_minute, found.seconds / 60 - found.minutes


def _straight(
    district: District, found: Coverage, points: NDArray[np.object_]
) -> NDArray[np.float64]:
    """Return the straight line from each point to the nearest facility counted, NaN without one."""
    if found.standard is None:
        places = of_kind(district, found.kind, unverified=found.unverified)
    else:
        places = meeting(district, found.standard)
        places = places if found.unverified else places[places["verified"]]
    if len(places) == 0:
        return np.full(len(points), np.nan)
    at = points_at(positions(places))
    nearest = shapely.STRtree(at).nearest(points)
    return np.asarray(shapely.distance(points, at[nearest]), dtype=np.float64)


def _addresses(heritage: pd.DataFrame, ground: shapely.MultiPolygon) -> int:
    """Count the addresses of protected heritage inside: one on two lists counts once."""
    inside = shapely.STRtree(points_at(positions(heritage))).query(ground, "intersects")
    own = heritage.iloc[inside]
    named = own["address"].ne("")
    return int(own.loc[named, "address"].nunique() + (~named).sum())
