"""Where residents are out of reach: contiguous gap zones."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import shapely

from circle.demand import along_named, demand_points, residents_of
from circle.geo.shapes import points as points_at
from circle.model import CAP_MINUTES, GROUPS, Cause, Gap, Rule, derived_of_homes
from circle.network.graph import segment_lines
from circle.places.facilities import counted, positions, profile_named

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from circle.model import Bools, Coverage, District, Floats, Ints, Strings

FEW_RESIDENTS = 10.0
"""Gap zones with fewer residents are added up, not listed one by one."""
MOST_LISTED = 6
MOST_ACROSS_M = 3000.0
"""A zone wider than this, from west to east or from south to north, is cut."""
_AROUND_M, _ROUND_BY = 80.0, 6
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


@derived_of_homes
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
    cells[point] = parts[part]
    crossing = point[~_within(district.boundary, cells[point])]
    cells[crossing] = shapely.intersection(cells[crossing], district.boundary)
    shown[point] = cells[point]
    wide = point[_farthest(cells[point], points[point]) > _AROUND_M * np.cos(np.pi / 4 / _ROUND_BY)]
    around = shapely.buffer(points[wide], _AROUND_M, quad_segs=_ROUND_BY)
    shown[wide] = shapely.intersection(cells[wide], around)
    return cells, shown


def _within(ground: shapely.Geometry, cells: NDArray[np.object_]) -> Bools:
    """Return which cells lie in the ground and off its boundary."""
    shapely.prepare(ground)
    return np.asarray(shapely.contains_properly(ground, cells), np.bool_)


def _farthest(cells: NDArray[np.object_], points: NDArray[np.object_]) -> Floats:
    """Return the distance from each point to the farthest corner of its cell."""
    corners, owner = shapely.get_coordinates(cells, return_index=True)
    away = np.zeros(len(cells))
    np.maximum.at(away, owner, np.hypot(*(corners - shapely.get_coordinates(points)[owner]).T))
    return away


def _pieces(
    cells: NDArray[np.object_], points: NDArray[np.object_]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return `Frontages.part`, `Frontages.touching` and `Frontages.owner`."""
    bare = np.where(shapely.is_empty(cells), points, cells)
    pieces, owner = shapely.get_parts(bare, return_index=True)
    away = shapely.distance(pieces, points[owner])
    order = np.lexsort([away, owner])
    part = order[np.searchsorted(owner[order], np.arange(len(points)))]
    by_edges, rest = _by_edges(pieces)
    return part, np.concatenate([by_edges, _by_ground(pieces, rest)], axis=1), owner


def _by_edges(pieces: NDArray[np.object_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the pairs with a common edge, shape (2, e), and the pieces with other edges too.

    Cells have their corners from one partition: what is not cut fits to the last bit.
    Points at one place have one cell, whose edges are of more than two.
    """
    corners, ring = shapely.get_coordinates(pieces, return_index=True)
    along = np.flatnonzero(ring[1:] == ring[:-1])
    length = np.hypot(*(corners[along + 1] - corners[along]).T)
    along = along[2 * length > _CORNER_M]
    _, corner = np.unique(corners[:, 0] + 1j * corners[:, 1], return_inverse=True)
    ends = np.sort([corner[along], corner[along + 1]], axis=0)
    _, edge, count = np.unique(
        ends[0] * len(corners) + ends[1], return_inverse=True, return_counts=True
    )
    of_two = count[edge] == 2  # noqa: PLR2004
    piece = ring[along]
    pairs = piece[of_two][np.argsort(edge[of_two], kind="stable")].reshape(-1, 2).T
    return pairs.astype(np.int64), np.unique(piece[~of_two]).astype(np.int64)


def _by_ground(pieces: NDArray[np.object_], rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the pairs among some pieces that share more than a corner, shape (2, e).

    Cutting at the boundary may part an edge that two cells share by a rounding,
    so pieces are widened by a thousandth of a millimetre before they are compared.
    """
    some = pieces[rows]
    pair = shapely.STRtree(some).query(some, predicate="dwithin", distance=_ROUNDING_M)
    pair = pair[:, pair[0] < pair[1]]
    edge = shapely.intersection(shapely.buffer(some[pair[0]], _ROUNDING_M), some[pair[1]])
    return rows[pair[:, shapely.length(edge) > _CORNER_M]]


def _zones(frontage: Frontages, lacking: Bools) -> tuple[NDArray[np.int64], Bools]:
    """Return of each lacking demand point a number, the same for those of one zone.

    Beside it, whether the zone is part of one that was cut.
    """
    out = lacking[frontage.owner]
    touching = frontage.touching[:, out[frontage.touching].all(axis=0)]
    xy = shapely.get_coordinates(frontage.points)[frontage.owner]
    zone, cut = _cut(_joined(len(out), touching), xy, touching)
    here = frontage.part[lacking]
    return zone[here], cut[here]


def _joined(count: int, touching: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the least of the pieces, 0 to `count`, that each is joined with."""
    piece, beside = touching
    label = np.arange(count)
    while True:
        least = label.copy()
        np.minimum.at(least, piece, label[beside])
        np.minimum.at(least, beside, label[piece])
        least = least[least]
        if (least == label).all():
            return label
        label = least


def _cut(
    zone: NDArray[np.int64], xy: Floats, touching: NDArray[np.int64]
) -> tuple[NDArray[np.int64], Bools]:
    """Cut zones wider than `MOST_ACROSS_M` across the middle, until none is.

    Parameters
    ----------
    zone
        Shape (n,): the zone of each piece, the least piece of it.
    xy
        Shape (n, 2): where it is.
    touching
        Shape (2, e): which pieces touch.

    Returns
    -------
    zone, cut
        Shapes (n,): each zone is joined; whether it is part of a wider one.
    """
    cut = np.zeros(len(zone), np.bool_)
    while True:
        low, high = xy.copy(), xy.copy()
        np.minimum.at(low, zone, xy)
        np.maximum.at(high, zone, xy)
        wide = ((high - low).max(axis=1) > MOST_ACROSS_M)[zone]
        if not wide.any():
            return zone, cut
        cut |= wide
        longer = (high - low).argmax(axis=1)[zone]
        rows = np.arange(len(zone))
        far = wide & (xy[rows, longer] > ((low + high) / 2)[zone, longer])
        inner = touching[:, wide[touching].all(axis=0)]
        for side in (False, True):  # what is apart from most of its side goes to the other
            apart = wide & (far == side) & ~_mostly(zone, far, inner)
            far = far ^ apart
        least = np.full((len(zone), 2), len(zone))
        np.minimum.at(least, (zone, far.astype(np.int64)), rows)
        zone = least[zone, far.astype(np.int64)]


def _mostly(zone: NDArray[np.int64], far: Bools, touching: NDArray[np.int64]) -> Bools:
    """Return which pieces are of the largest part of their side of their zone, shape (n,)."""
    along = (zone[touching[0]] == zone[touching[1]]) & (far[touching[0]] == far[touching[1]])
    part = _joined(len(zone), touching[:, along])
    size = np.bincount(part, minlength=len(zone))[part]
    order = np.lexsort([part, -size, far, zone])
    key = 2 * zone[order] + far[order]
    first = order[np.r_[True, key[1:] != key[:-1]]]
    largest = np.zeros(len(zone), np.bool_)
    largest[part[first]] = True
    return largest[part]


def gaps(district: District, coverage: Coverage) -> tuple[Gap, ...]:
    """Join the demand points out of reach into contiguous zones, worst first.

    Two points are of one zone when a chain of neighbouring cells, all out of
    reach, joins them. A zone wider than `MOST_ACROSS_M` is cut across its middle
    until none is; its parts are named by the street in their own middle.

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
    zones, cut = _zones(frontage, out)
    _, zone, size = np.unique(zones, return_inverse=True, return_counts=True)
    order, ends = np.argsort(zone, kind="stable"), np.cumsum(size)[:-1]
    addresses = district.heritage["address"].to_numpy(object)
    parts = [part for part in np.split(order, ends) if lacking.residents[part].sum() > 0]
    xy = shapely.get_coordinates(frontage.points[out])
    centres = [np.average(xy[part], axis=0, weights=lacking.residents[part]) for part in parts]
    drafts = [
        replace(gap, near=near, streets=() if cut[part[0]] and near else gap.streets)
        for part, near in zip(parts, _near(district, centres), strict=True)
        for gap in [_gap(lacking, part, frontage, addresses)]
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
