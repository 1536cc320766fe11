"""Points → places on segments, with the walk off the street.

Never to a junction: the nearest may be far off.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np
import shapely

from circle.errors import NetworkError
from circle.geo.shapes import points as points_at
from circle.model import Snapped, derived
from circle.network.graph import segment_lines
from circle.network.pieces import open_to, pieces_of_street

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circle.model import Bools, Floats, Impedance, Ints, WalkNetwork

    _Shapes = NDArray[np.object_]
    _Nearest = tuple[Ints, _Shapes]

MAX_OFF_STREET_M = 250.0
_HAIR_M = 1e-6
_MOST_OTHERS = 2000
"""Up to so many segments that are others are looked up beside the index of those below."""


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
    points = points_at(xy)
    rows, lines = _index(impedance.network, impedance.profile.steps_allowed).nearest(points)
    off_m = shapely.distance(points, lines)
    fraction = shapely.line_locate_point(lines, points, normalized=True)
    segment = np.where(off_m <= max_off_m, rows, -1).astype(np.int32)
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


class _Index(Protocol):
    def nearest(self, points: _Shapes) -> _Nearest:
        """Return the row of the nearest segment to each point, and its line.

        Of equally near ones it is the first, whatever the tree is like.
        """


class _Whole(NamedTuple):
    """All usable segments.

    Attributes
    ----------
    rows
        Which they are, rising.
    """

    tree: shapely.STRtree
    lines: _Shapes
    rows: Ints

    def nearest(self, points: _Shapes) -> _Nearest:
        point, line = self.tree.query_nearest(points)
        return _first(points, point, self.rows[line], self.lines[line])


class _Laid(NamedTuple):
    """Usable segments that are as those below, and the few that are not.

    Attributes
    ----------
    below
        The usable segments of the streets below.
    stay
        Which of these are here too, as they are.
    others
        The usable segments that are not there; one at least.
    """

    below: _Whole
    stay: Bools
    others: _Whole

    def nearest(self, points: _Shapes) -> _Nearest:
        rows, lines = self.others.nearest(points)
        off_m = shapely.distance(points, lines)
        point, line = self.below.tree.query_nearest(points)
        beside = np.setdiff1d(point, point[self.stay[line]])  # whose nearest is another now
        near, there = self.below.tree.query(
            points[beside], predicate="dwithin", distance=off_m[beside] + _HAIR_M
        )
        point, line = np.append(point, beside[near]), np.append(line, there)
        point, line = point[self.stay[line]], line[self.stay[line]]
        every = np.append(np.arange(len(points)), point)
        row = np.append(rows, self.below.rows[line])
        return _first(points, every, row, np.append(lines, self.below.lines[line]))


def _first(points: _Shapes, which: NDArray[np.intp], rows: Ints, lines: _Shapes) -> _Nearest:
    """Return of the lines that may be nearest to each point the nearest, the first of several.

    A tree tells of all that are nearest but for a hair, in an order of its own.
    """
    away = np.asarray(shapely.distance(points[which], lines))
    order = np.lexsort((rows, away, which))
    first = order[np.searchsorted(which[order], np.arange(len(points)))]
    return rows[first].astype(np.int32), lines[first]


@derived
def _index(
    network: WalkNetwork,
    steps_allowed: bool,  # noqa: FBT001
) -> _Index:
    over = network.over
    if over is None:
        return _whole(network, steps_allowed)
    below, usable = _whole(over.below, steps_allowed), _usable(network, steps_allowed)
    same = usable[: len(over.below.segment_nodes)].copy()
    same[over.touched] = False
    stay = same[below.rows]
    others = usable.copy()
    others[below.rows[stay]] = False
    if 0 < np.count_nonzero(others) <= _MOST_OTHERS:
        return _Laid(below, stay, _of_rows(network, others))
    return _whole(network, steps_allowed)


@derived
def _whole(
    network: WalkNetwork,
    steps_allowed: bool,  # noqa: FBT001
) -> _Whole:
    return _of_rows(network, _usable(network, steps_allowed))


def _usable(network: WalkNetwork, steps_allowed: bool) -> Bools:  # noqa: FBT001
    usable = open_to(network, steps_allowed=steps_allowed)
    if network.main_piece_only:
        usable &= pieces_of_street(network, steps_allowed=steps_allowed) == 0
    return usable


def _of_rows(network: WalkNetwork, usable: Bools) -> _Whole:
    rows = np.flatnonzero(usable).astype(np.int32)
    lines = segment_lines(network, rows)
    return _Whole(shapely.STRtree(lines), lines, rows)
