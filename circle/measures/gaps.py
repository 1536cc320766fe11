"""Where residents are out of reach: contiguous gap zones."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import shapely

from circle.demand import along_named, demand_points, residents_of
from circle.geo.shapes import points as points_at
from circle.model import CAP_MINUTES, GROUPS, Cause, Gap, Rule, derived
from circle.network.graph import segment_lines
from circle.places.facilities import counted, positions, profile_named

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from circle.model import Bools, Coverage, District, Floats, Ints, Strings

FEW_RESIDENTS = 10.0
"""Gap zones with fewer residents are added up, not listed one by one."""
MOST_LISTED = 6
_AROUND_M = 80.0
_STREETS = 3
_NAMED = 0.1
MOST_OF = 0.5
"""Share of a zone's residents with no facility near, from which that is its cause."""
DETOUR = 4 / np.pi
"""Way over straight line from which a way counts as a detour: the mean over all
directions in a grid of streets at right angles."""
_SIDES = ("e", "ne", "n", "nw", "w", "sw", "s", "se")
_ROUNDING_M, _CORNER_M = 1e-6, 1e-4


@dataclass(frozen=True, eq=False)
class Frontages:
    """The district parted among its demand points.

    Attributes
    ----------
    cells
        Shape (k,): what is nearer to each demand point than to any other, cut
        to the district; empty for points outside it.
    shown
        Shape (k,): the same, no farther than 80 m from the point.
    points
        Shape (k,): the demand points.
    part, touching
        Shapes (k,) and (2, e): the piece of its cell that each demand point
        stands on (the boundary may cut a cell in pieces), and which pieces
        share more than a corner.
    owner
        Shape (n,): the demand point that each piece is of.
    heritage
        Shape (2, h): each demand point and row of the district's heritage that
        stands in its `shown` cell.
    kept
        Shape (k,): whether a demand point is on a road that is never to be widened.
    street, streets
        Shape (k,): the street of each demand point as a place in `streets`,
        the names.
    """

    cells: NDArray[np.object_]
    shown: NDArray[np.object_]
    points: NDArray[np.object_]
    part: NDArray[np.int64]
    touching: NDArray[np.int64]
    owner: NDArray[np.int64]
    heritage: NDArray[np.int64]
    kept: Bools
    street: NDArray[np.int64]
    streets: Strings


@derived
def frontages(district: District) -> Frontages:
    """Part the district among its demand points (Voronoi cells, in metres), once."""
    points = points_at(demand_points(district).xy)
    cells, shown = _cells(district, points)
    part, touching, owner = _pieces(cells, points)
    names = district.network.segment_name[district.demand["segment"].to_numpy()]
    streets, street = np.unique([str(name or "") for name in names], return_inverse=True)
    here = points_at(positions(district.heritage))
    standing = shapely.STRtree(here).query(shown, predicate="intersects")
    kept = along_named(district, district.never_widened["name"])
    return Frontages(
        cells,
        shown,
        points,
        part,
        touching,
        owner,
        standing,
        kept,
        street.astype(np.int64),
        streets,
    )


def _cells(
    district: District, points: NDArray[np.object_]
) -> tuple[NDArray[np.object_], NDArray[np.object_]]:
    inside = residents_of(district).inside
    cells = np.full(len(points), shapely.Polygon(), dtype=object)
    shown = cells.copy()
    if not inside.any():
        return cells, shown
    parts = shapely.get_parts(
        shapely.voronoi_polygons(shapely.MultiPoint(list(points)), extend_to=district.boundary)
    )
    point, part = shapely.STRtree(parts).query(points, predicate="within")
    point, part = point[inside[point]], part[inside[point]]
    cells[point] = shapely.intersection(parts[part], district.boundary)
    shown[point] = shapely.intersection(
        cells[point], shapely.buffer(points[point], _AROUND_M, quad_segs=6)
    )
    return cells, shown


def _pieces(
    cells: NDArray[np.object_], points: NDArray[np.object_]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return `Frontages.part`, `Frontages.touching` and `Frontages.owner`.

    Cutting at the boundary may part an edge that two cells share by a rounding,
    so pieces are widened by a thousandth of a millimetre before they are compared.
    """
    bare = np.where(shapely.is_empty(cells), points, cells)
    pieces, owner = shapely.get_parts(bare, return_index=True)
    away = shapely.distance(pieces, points[owner])
    order = np.lexsort([away, owner])
    part = order[np.searchsorted(owner[order], np.arange(len(points)))]
    piece, other = shapely.STRtree(pieces).query(pieces, predicate="dwithin", distance=_ROUNDING_M)
    piece, other = piece[piece < other], other[piece < other]
    edge = shapely.intersection(shapely.buffer(pieces[piece], _ROUNDING_M), pieces[other])
    shared = shapely.length(edge) > _CORNER_M
    return part, np.stack([piece[shared], other[shared]]), owner


def _zones(frontage: Frontages, lacking: Bools) -> NDArray[np.int64]:
    """Return a number for each lacking demand point, the same for those of one zone."""
    out = lacking[frontage.owner]
    piece, beside = frontage.touching[:, out[frontage.touching].all(axis=0)]
    label = np.arange(len(out))
    while True:
        least = label.copy()
        np.minimum.at(least, piece, label[beside])
        np.minimum.at(least, beside, label[piece])
        least = least[least]
        if (least == label).all():
            return label[frontage.part[lacking]]
        label = least


def gaps(district: District, coverage: Coverage) -> tuple[Gap, ...]:
    """Join the demand points out of reach into contiguous zones, worst first.

    Two points are of one zone when a chain of neighbouring cells, all out of
    reach, joins them.

    Parameters
    ----------
    district
        The district.
    coverage
        Coverage of one kind.

    Returns
    -------
    tuple of Gap
        Together they hold every resident out of reach, once. Ranked by
        resident-minutes beyond the limit, of each resident at most
        `CAP_MINUTES`, as many as without any way. Where several lie along the same
        streets, their sides tell them apart.
        Metres beyond a limit in metres count as the minutes that they take at
        the profile's pace.

    Raises
    ------
    UnknownNameError
        When the district has no such profile.
    """
    frontage = frontages(district)
    out = ~coverage.within & residents_of(district).inside
    if not out.any():
        return ()
    lacking = _lacking(district, coverage, np.flatnonzero(out), frontage.points[out])
    _, zone, size = np.unique(_zones(frontage, out), return_inverse=True, return_counts=True)
    order, ends = np.argsort(zone, kind="stable"), np.cumsum(size)[:-1]
    addresses = district.heritage["address"].to_numpy(object)
    parts = [part for part in np.split(order, ends) if lacking.residents[part].sum() > 0]
    xy = shapely.get_coordinates(frontage.points[out])
    centres = [np.average(xy[part], axis=0, weights=lacking.residents[part]) for part in parts]
    drafts = [
        replace(_gap(lacking, part, frontage, addresses), near=near)
        for part, near in zip(parts, _near(district, centres), strict=True)
    ]
    minutes = lacking.residents * np.minimum(lacking.beyond, CAP_MINUTES)
    worth = [
        (-minutes[part].sum(), -gap.residents) for part, gap in zip(parts, drafts, strict=True)
    ]
    worst_first = sorted(range(len(drafts)), key=worth.__getitem__)
    ranked = [replace(drafts[draft], rank=rank) for rank, draft in enumerate(worst_first, 1)]
    return _told_apart(ranked, frontage)


def listed(zones: Sequence[Gap]) -> tuple[Gap, ...]:
    """Return the zones that are listed and drawn with a number, worst first."""
    return by_size(zones)[0][:MOST_LISTED]


def by_size(zones: Sequence[Gap]) -> tuple[tuple[Gap, ...], tuple[Gap, ...]]:
    """Return the zones of `FEW_RESIDENTS` and more, and those of fewer, in their order."""
    few = [zone.residents < FEW_RESIDENTS for zone in zones]
    many = tuple(zone for zone, small in zip(zones, few, strict=True) if not small)
    return many, tuple(zone for zone, small in zip(zones, few, strict=True) if small)


@dataclass(frozen=True, eq=False)
class _Lacking:
    """The n demand points out of reach, each shape (n,); `row` in the demand table.

    `seniors` are NaN where ages are not known.
    """

    row: NDArray[np.intp]
    residents: Floats
    seniors: Floats
    beyond: Floats
    beyond_m: Floats | None
    nearest: Ints
    metres: Floats
    straight_m: Floats
    far: Bools


def _lacking(
    district: District, coverage: Coverage, rows: NDArray[np.intp], points: NDArray[np.object_]
) -> _Lacking:
    people = residents_of(district).people[rows]
    limit_m, beyond = _limits(district, coverage)
    straight_m = _straight(district, coverage, points)
    by_metres = coverage.rule is Rule.METRES
    return _Lacking(
        row=rows,
        residents=people[:, GROUPS.index("residents")],
        seniors=np.where(
            residents_of(district).ages_known[rows],
            people[:, GROUPS.index("residents_60_plus")],
            np.nan,
        ),
        beyond=beyond[rows],
        beyond_m=coverage.metres[rows] - limit_m if by_metres else None,
        nearest=coverage.which[rows],
        metres=coverage.metres[rows],
        straight_m=straight_m,
        far=~(straight_m <= limit_m),
    )


def _gap(lacking: _Lacking, part: NDArray[np.intp], frontage: Frontages, addresses: Strings) -> Gap:
    """Describe the zone of `part` of the points that lack; those without residents only show."""
    rows = lacking.row[part]
    listed = _addresses(addresses[frontage.heritage[1, np.isin(frontage.heritage[0], rows)]])
    part = part[lacking.residents[part] > 0]
    inhabited, weight = lacking.row[part], lacking.residents[part]
    far = np.average(lacking.far[part], weights=weight)
    way = part[np.isfinite(lacking.beyond[part])]
    by_way = lacking.residents[way]
    of_nearest = np.bincount(lacking.nearest[way] + 1, weights=by_way, minlength=1)
    detour = _detour(lacking, part, way)
    streets, more_streets = _streets(frontage, inhabited, weight)
    return Gap(
        rank=0,
        rows=rows.astype(np.int32),
        streets=streets,
        more_streets=more_streets,
        residents=float(weight.sum()),
        residents_60_plus=_known_sum(lacking.seniors[part]),
        residents_without_way=float(weight.sum() - by_way.sum()),
        minutes_beyond=_mean(lacking.beyond[way], by_way),
        metres_beyond=None if lacking.beyond_m is None else _mean(lacking.beyond_m[way], by_way),
        nearest=int(of_nearest.argmax()) - 1,
        shown=frontage.shown[rows],
        straight_m=_mean(lacking.straight_m[part], weight),
        detour=detour,
        cause=cause_of(far, detour),
        heritage=listed,
        constrained=listed > 0 or bool(frontage.kept[inhabited].any()),
    )


def cause_of(far: float, detour: float) -> Cause:
    """Return the likely cause, by the share of residents without a facility near, and the way."""
    if far >= MOST_OF:
        return Cause.NO_FACILITY
    return Cause.JUST_BEYOND if detour < DETOUR else Cause.DETOUR


def _told_apart(zones: Sequence[Gap], frontage: Frontages) -> tuple[Gap, ...]:
    """Give zones of the same streets their sides, and numbers where these are the same too."""
    by_streets = defaultdict(list)
    for zone in zones:
        by_streets[zone.streets or zone.near].append(zone)
    apart = []
    for alike in by_streets.values():
        by_side = defaultdict(list)
        for zone, side in zip(alike, _sides(alike, frontage), strict=True):
            by_side[side].append(replace(zone, side=side))
        for same in by_side.values():
            numbers = range(1, len(same) + 1) if len(same) > 1 else [0]
            apart += [replace(zone, number=n) for zone, n in zip(same, numbers, strict=True)]
    return tuple(sorted(apart, key=lambda zone: zone.rank))


def _sides(zones: Sequence[Gap], frontage: Frontages) -> list[str]:
    """Return the compass point of each zone seen from their common centre; "" for one alone."""
    if len(zones) == 1:
        return [""]
    centres = [shapely.get_coordinates(frontage.points[zone.rows]).mean(axis=0) for zone in zones]
    east, north = (np.array(centres) - np.mean(centres, axis=0)).T
    eighths = np.rint(np.arctan2(north, east) / (np.pi / 4)).astype(np.int64) % len(_SIDES)
    return [_SIDES[eighth] for eighth in eighths]


def _known_sum(values: Floats) -> float:
    """Return the sum of the values that are known, NaN where none is."""
    known = values[~np.isnan(values)]
    return float(known.sum()) if len(known) else np.nan


def _mean(values: Floats, weight: Floats) -> float:
    """Return the mean over residents; infinite where there are none."""
    return float(np.average(values, weights=weight)) if len(values) else np.inf


def _detour(lacking: _Lacking, part: NDArray[np.intp], way: NDArray[np.intp]) -> float:
    """Return `Gap.detour`, of the points of `way`, those of `part` that have a way."""
    if not len(way):
        return np.nan if np.isnan(lacking.straight_m[part]).any() else np.inf
    straight_m = _mean(lacking.straight_m[way], lacking.residents[way])
    return _mean(lacking.metres[way], lacking.residents[way]) / (straight_m or np.nan)


def _near(district: District, centres: Sequence[Floats]) -> list[str]:
    """Return the named street nearest to each place, shape (2,), in metres."""
    names = district.network.segment_name
    named = np.flatnonzero([bool(name) for name in names])
    if not len(named) or not len(centres):
        return [""] * len(centres)
    tree = shapely.STRtree(segment_lines(district.network)[named])
    # A segment that carries several names goes by the first.
    rows = tree.nearest(points_at(np.array(centres)))
    return [str(names[named[row]]).split(";")[0] for row in rows]


def _streets(
    frontage: Frontages, rows: NDArray[np.intp], weight: Floats
) -> tuple[tuple[str, ...], int]:
    """Return the names of the streets with the most residents, and how many more there are.

    The number is told where the streets named have less than `_NAMED` of the residents.
    """
    residents = np.bincount(frontage.street[rows], weights=weight, minlength=len(frontage.streets))
    residents[frontage.streets == ""] = 0
    most = np.argsort(-residents, kind="stable")[:_STREETS]
    names = tuple(str(frontage.streets[i]) for i in most if residents[i] > 0)
    few = residents[most].sum() < _NAMED * weight.sum()
    return names, int((residents > 0).sum()) - len(names) if few else 0


def _limits(district: District, coverage: Coverage) -> tuple[float, Floats]:
    """Return the limit as metres, and the minutes beyond it of each demand point."""
    m_per_minute = profile_named(district, coverage.profile).speed_m_s * 60
    limit_m = coverage.question.criterion.metres
    if limit_m is not None:
        return limit_m, (coverage.metres - limit_m) / m_per_minute
    return coverage.minutes * m_per_minute, coverage.seconds / 60 - coverage.minutes


def _straight(
    district: District, coverage: Coverage, points: NDArray[np.object_]
) -> NDArray[np.float64]:
    """Return the straight line from each point to the nearest facility counted."""
    at = points_at(positions(counted(district, coverage.question)))
    nearest = shapely.STRtree(at).nearest(points)
    return np.asarray(shapely.distance(points, at[nearest]), dtype=np.float64)


def _addresses(addresses: Strings) -> int:
    """Count addresses: one on two lists counts once, each place without one for itself."""
    named = {address for address in addresses if address}
    return len(named) + sum(1 for address in addresses if not address)
