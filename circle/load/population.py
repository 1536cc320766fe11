"""Residents of cells → demand points on the street, losing and making nobody.

The rule stands in docs/methods.md, "Demand points". People are counted in whole
hundredths, so that sums are exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely
from shapely import STRtree

from circle.model import AGE_GROUPS, RESIDENT_COLUMNS
from circle.network.graph import segment_lines
from circle.network.pieces import pieces_of_street

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from shapely import MultiPolygon, Polygon

    from circle.model import Bools, Floats, Strings, WalkNetwork

    Whole = NDArray[np.int64]
    Shapes = NDArray[np.object_]

NEAR_M = 50.0
"""A point of the district in no unit of a level belongs to the nearest that is nearer than this."""

PIECE_M = 25.0
"""Longest piece of frontage that one demand point stands for."""

GROUND_M = 5.0
"""Homes are taken to lie evenly on the ground of a cell: at the points of such a grid."""

MOST_GROUND = 250_000
"""Points of that grid in a cell's frame; a cell of more than 6 km² has a coarser one."""
_PAIRS = 4_000_000
"""Distances that are worked out at a time."""

CLASS_WEIGHT = {
    "tertiary": 0.5,
    "unclassified": 0.5,
    "secondary": 0.2,
    "primary": 0.2,
    "trunk": 0.2,
    "motorway": 0.0,
    "steps": 0.0,
}
"""Weight of a metre of frontage by highway value; lanes and the rest weigh 1."""


@dataclass(frozen=True, eq=False)
class _Parts:
    """Parts of cells: either the part inside the boundary or the rest.

    `hundredths` has shape (p, columns); `cell` and `inside` have shape (p,).
    """

    cell: Whole
    inside: NDArray[np.bool_]
    shape: Shapes
    hundredths: Whole


@dataclass(frozen=True, eq=False)
class _Pieces:
    """Middles of pieces of frontage, shape (q,) each; `xy` shape (q, 2)."""

    part: Whole
    segment: Whole
    fraction: Floats
    xy: Floats
    weight: Floats


def place_residents(
    network: WalkNetwork,
    cells: pd.DataFrame,
    cell_shapes: Shapes,
    boundary: Polygon | MultiPolygon,
    areas: Sequence[tuple[str, Polygon | MultiPolygon]],
) -> pd.DataFrame:
    """Put the residents of each cell on the frontage within it.

    Parameters
    ----------
    network
        The walkable streets.
    cells
        n rows: ``cell`` (identifier), ``share_inside`` (0 to 1) and
        `RESIDENT_COLUMNS` (persons); ages NaN where they are not known, which
        they are not either at the points of that cell.
    cell_shapes
        Shape (n,): polygons in metres of the network's system.
    boundary
        The district, in metres.
    areas
        Identifier and polygon (metres) of each area; may be empty.

    Returns
    -------
    DataFrame
        Columns cell, area, inside, segment, fraction, x, y (metres), off_m (metres
        from home to the street; see `off_street`) and `RESIDENT_COLUMNS`. For every
        cell and column the sum is the cell's number, to the hundredth; the sum of the
        rows inside is the cell's number times ``share_inside``, rounded to the
        hundredth.

    References
    ----------
    Weighting by street class follows the idea of Xie (1995), Computers,
    Environment and Urban Systems 19(4), and Reibel & Bufalino (2005),
    Environment and Planning A 37(1).
    """
    lines = segment_lines(network)
    weight = class_weight(network.segment_class)
    weight = weight if weight.max(initial=0.0) > 0 else np.ones(len(lines))
    if network.main_piece_only:
        weight = np.where(pieces_of_street(network) == 0, weight, 0.0)
    parts = _split(cells, cell_shapes, boundary)
    pieces = _with_nearest(_frontage(parts, lines, weight), parts, lines, weight)
    persons = largest_remainder(parts.hundredths, pieces.part, pieces.weight)
    off_m = off_street(parts.shape, pieces, lines)
    kept = persons.any(axis=1)
    part, inside = pieces.part[kept], parts.inside[pieces.part[kept]]
    area = np.full(len(part), "", dtype=object)
    area[inside] = place_areas(pieces.xy[kept][inside], areas)
    table = pd.DataFrame(
        {
            "cell": cells["cell"].to_numpy()[parts.cell[part]],
            "area": area,
            "inside": inside,
            "segment": pieces.segment[kept],
            "fraction": pieces.fraction[kept],
            "x": pieces.xy[kept, 0],
            "y": pieces.xy[kept, 1],
            "off_m": off_m[kept],
        }
    )
    table[list(RESIDENT_COLUMNS)] = persons[kept] / 100
    unknown = cells[list(AGE_GROUPS)].isna().any(axis=1).to_numpy(np.bool_)
    table.loc[unknown[parts.cell[part]], list(AGE_GROUPS)] = np.nan
    return table


def off_street(shapes: Shapes, pieces: _Pieces, lines: Shapes) -> Floats:
    """Return how far homes are from the street that they are put on, shape (q,), metres.

    The ground of a part is shared among its pieces, each point of a grid to the nearest;
    a piece's residents walk the mean distance from its ground to its street. A piece
    without ground of its own walks as far as the nearest point of the part.

    Parameters
    ----------
    shapes
        Shape (p,): the parts, metres.
    pieces
        The q pieces of frontage, each of one part.
    lines
        Shape (m,): the streets.
    """
    off_m = np.zeros(len(pieces.part))
    order = np.argsort(pieces.part, kind="stable")
    for rows in np.split(order, np.flatnonzero(np.diff(pieces.part[order])) + 1):
        if not len(rows):
            continue
        ground = _ground(shapes[pieces.part[rows[0]]])
        nearest, closest = _nearest_each(ground, pieces.xy[rows])
        street = lines[pieces.segment[rows]]
        metres = shapely.distance(street[nearest], shapely.points(ground))
        count = np.bincount(nearest, minlength=len(rows))
        total = np.bincount(nearest, weights=metres, minlength=len(rows))
        alone = shapely.distance(street, shapely.points(ground[closest]))
        off_m[rows] = np.where(count > 0, total / np.maximum(count, 1), alone)
    return off_m


def _nearest_each(ground: Floats, xy: Floats) -> tuple[Whole, Whole]:
    """Return for each point of the ground the nearest place, and for each place the ground's."""
    nearest = np.empty(len(ground), np.int64)
    closest, least = np.zeros(len(xy), np.int64), np.full(len(xy), np.inf)
    block = max(_PAIRS // max(len(xy), 1), 1)
    for start in range(0, len(ground), block):
        some = ground[start : start + block]
        away = np.hypot(*(some[:, None, :] - xy).transpose(2, 0, 1))
        nearest[start : start + block] = away.argmin(axis=1)
        row = away.argmin(axis=0)
        metres = away[row, np.arange(len(xy))]
        nearer = metres < least
        closest[nearer], least[nearer] = start + row[nearer], metres[nearer]
    return nearest, closest


def _ground(shape: Polygon | MultiPolygon) -> Floats:
    """Return the points of the grid that lie in a shape, at least one, shape (g, 2)."""
    west, south, east, north = shape.bounds
    step = max(GROUND_M, float(np.sqrt((east - west) * (north - south) / MOST_GROUND)))
    x = np.arange(np.ceil(west / step), east // step + 1) * step
    y = np.arange(np.ceil(south / step), north // step + 1) * step
    grid = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    held = grid[shapely.contains_xy(shape, grid)]
    return held if len(held) else shapely.get_coordinates(shape.representative_point())


def class_weight(classes: Strings) -> Floats:
    """Return the weight of a metre of frontage for each highway value, shape (m,).

    Merged ways (``residential;primary``) take the least of their weights; links
    and stairs weigh nothing.
    """
    names = pd.Series(classes, dtype=object)
    known = {name: _segment_weight(str(name)) for name in names.unique()}
    return names.map(known).to_numpy(np.float64)


def _segment_weight(value: str) -> float:
    words = value.split(";")
    return min(0.0 if w.endswith("_link") else CLASS_WEIGHT.get(w, 1.0) for w in words)


def hundredths(persons: Floats) -> Whole:
    """Return persons as whole hundredths of a person, same shape; 0 where not known (NaN)."""
    return np.rint(np.nan_to_num(persons) * 100).astype(np.int64)


def inside_hundredths(whole: Whole, share: Floats) -> Whole:
    """Return the part of `whole` (n, c) inside the boundary, given shares (n,)."""
    return np.rint(whole * share[:, None]).astype(np.int64)


def largest_remainder(totals: Whole, owner: Whole, weight: Floats) -> Whole:
    """Share whole numbers out by weight so that each owner's sum is exact.

    Parameters
    ----------
    totals
        Shape (p, c): whole numbers to share out, for each owner and column.
    owner
        Shape (q,): the owner (row of `totals`) of each share.
    weight
        Shape (q,): positive.

    Returns
    -------
    ndarray
        Shape (q, c). Columns are shared out apart from each other; what is left
        after rounding down goes, one by one, to the largest remainders, the
        earlier share first among equals.
    """
    among = np.bincount(owner, weights=weight, minlength=len(totals))
    quota = totals[owner] * (weight / among[owner])[:, None]
    result = np.floor(quota).astype(np.int64)
    first = np.zeros(len(totals) + 1, np.int64)
    np.cumsum(np.bincount(owner, minlength=len(totals)), out=first[1:])
    for column in range(totals.shape[1]):
        given = np.bincount(owner, weights=result[:, column], minlength=len(totals))
        left = totals[:, column] - given.astype(np.int64)
        order = np.lexsort((result[:, column] - quota[:, column], owner))
        rank = np.arange(len(owner)) - first[owner[order]]
        result[order[rank < left[owner[order]]], column] += 1
    return result


def place_areas(xy: Floats, areas: Sequence[tuple[str, Polygon | MultiPolygon]]) -> Strings:
    """Say in which area each point lies; on a line or outside all, the nearest.

    Parameters
    ----------
    xy
        Shape (k, 2): metres.
    areas
        Identifier and polygon in metres.

    Returns
    -------
    ndarray
        Shape (k,): identifiers; "" where there are no areas.
    """
    names = np.array([name for name, _ in areas], dtype=object)
    if not len(areas):
        return np.full(len(xy), "", dtype=object)
    points = shapely.points(xy)
    shapes = np.array([shape for _, shape in areas], dtype=object)
    away = np.stack([shapely.distance(shape, points) for shape in shapes], axis=1)
    return names[away.argmin(axis=1)] if len(xy) else names[:0]


def place_units(
    xy: Floats, inside: Bools, units: Sequence[tuple[str, Polygon | MultiPolygon]]
) -> Strings:
    """Say in which unit of a level each point lies, units that need not fill the district.

    Parameters
    ----------
    xy
        Shape (k, 2): metres.
    inside
        Shape (k,): which points lie in the district; of these, one outside all
        units belongs to the nearest if that is nearer than `NEAR_M`.
    units
        Identifier and polygon in metres; where they touch or overlap, the first counts.

    Returns
    -------
    ndarray
        Shape (k,): identifiers; "" for points in none.
    """
    names = np.full(len(xy), "", dtype=object)
    if not len(units) or not len(xy):
        return names
    tree = STRtree([shape for _, shape in units])
    (point, unit), away = tree.query_nearest(
        shapely.points(xy), max_distance=NEAR_M, return_distance=True
    )
    held = (away == 0) | (inside[point] & (away < NEAR_M))
    first = np.full(len(xy), len(units))
    np.minimum.at(first, point[held], unit[held])
    in_unit = first < len(units)
    names[in_unit] = np.array([name for name, _ in units], dtype=object)[first[in_unit]]
    return names


def _split(cells: pd.DataFrame, shapes: Shapes, boundary: Polygon | MultiPolygon) -> _Parts:
    whole = hundredths(cells[list(RESIDENT_COLUMNS)].to_numpy(np.float64))
    within = inside_hundredths(whole, cells["share_inside"].to_numpy(np.float64))
    shapely.prepare(boundary)
    cut_in, cut_out = shapely.intersection(shapes, boundary), shapely.difference(shapes, boundary)
    # Where the share and the drawn line disagree, the whole cell stands for the part.
    cut_in = np.where(shapely.area(cut_in) > 0, cut_in, shapes)
    cut_out = np.where(shapely.area(cut_out) > 0, cut_out, shapes)
    people = np.concatenate([within, whole - within])
    row = np.tile(np.arange(len(cells)), 2)
    inside = np.repeat([True, False], len(cells))
    inhabited = people.any(axis=1)
    both = np.concatenate([cut_in, cut_out])
    return _Parts(row[inhabited], inside[inhabited], both[inhabited], people[inhabited])


def _frontage(parts: _Parts, lines: Shapes, weight: Floats) -> _Pieces:
    usable = np.flatnonzero(weight > 0)
    part, hit = STRtree(lines[usable]).query(parts.shape, predicate="intersects")
    segment = usable[hit]
    cut, source = shapely.get_parts(
        shapely.line_merge(shapely.intersection(lines[segment], parts.shape[part])),
        return_index=True,
    )
    kept = shapely.length(cut) > 0
    cut, source = cut[kept], source[kept]
    length = shapely.length(cut)
    count = np.maximum(np.ceil(length / PIECE_M), 1).astype(np.int64)
    stretch = np.repeat(np.arange(len(cut)), count)
    index = np.arange(len(stretch)) - np.repeat(np.cumsum(count) - count, count)
    piece_m = (length / count)[stretch]
    middle = shapely.line_interpolate_point(cut[stretch], (index + 0.5) * piece_m)
    segment = segment[source[stretch]]
    return _Pieces(
        part=part[source[stretch]],
        segment=segment,
        fraction=shapely.line_locate_point(lines[segment], middle, normalized=True),
        xy=shapely.get_coordinates(middle),
        weight=piece_m * weight[segment],
    )


def _with_nearest(pieces: _Pieces, parts: _Parts, lines: Shapes, weight: Floats) -> _Pieces:
    """Add the nearest point of a street for each part without frontage."""
    bare = np.flatnonzero(np.bincount(pieces.part, minlength=len(parts.cell)) == 0)
    usable = np.flatnonzero(weight > 0)
    centre = shapely.centroid(parts.shape[bare])
    segment = usable[STRtree(lines[usable]).nearest(centre)] if len(bare) else bare
    fraction = shapely.line_locate_point(lines[segment], centre, normalized=True)
    point = shapely.line_interpolate_point(lines[segment], fraction, normalized=True)
    return _Pieces(
        part=np.concatenate([pieces.part, bare]),
        segment=np.concatenate([pieces.segment, segment]),
        fraction=np.concatenate([pieces.fraction, fraction]),
        xy=np.concatenate([pieces.xy, shapely.get_coordinates(point)]),
        weight=np.concatenate([pieces.weight, np.ones(len(bare))]),
    )
