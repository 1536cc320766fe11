"""Streets mended by hand: links, gates and stairs laid over what the source has.

Each edit is put on the source's streets, not on those of another edit, so that
their order does not matter. One that finds no street is left out and says so.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, fields, replace
from enum import Enum
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import shapely
from shapely.ops import substring

from circle.geo.shapes import points
from circle.network.graph import build_network
from circle.network.laid_over import Segment, laid_over
from circle.network.picking import lines_of, shut_gates

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from circle.model import Floats, Ints, WalkNetwork

MOST_OFF_M = 25.0
"""An edit farther from every street of the source than this fits it no longer."""
AT_END_M = 1.0
"""So near the end of a segment an edit is at its junction."""
LONGEST_LINK_M = 500.0


_COLUMNS = tuple(field.name for field in fields(Segment))


class Act(Enum):
    """What an edit does."""

    LINK = "link"
    """A way between two points of streets, walked both ways."""
    GATE_SHUT = "gate_shut"
    """Nobody passes this point of a street; it is reached from both sides."""
    GATE_OPENED = "gate_opened"
    """A gate that was shut by hand at this point is passed again."""
    GATE = "gate"
    """A gate that is open by its hours. It is walked through at any hour: no walk has a time of
    day here, so its hours are told and not counted."""
    STEPS = "steps"
    """The segment at this point is a stair, or with -1 steps none any more."""


@dataclass(frozen=True, slots=True)
class StreetEdit:
    """One edit.

    Attributes
    ----------
    xy, to_xy
        Metres in the network's system; `to_xy` is the other end of a link.
    steps
        Of a link or a stair: -1 none, 0 not counted, else the count.
    name
        Of a link.
    """

    id: str
    act: Act
    xy: tuple[float, float]
    to_xy: tuple[float, float] | None = None
    steps: int = -1
    name: str = ""


class Outcome(Enum):
    """Whether an edit fits the streets, and why not."""

    FITS = "fits"
    OFF_STREET = "off_street"
    SAME_PLACE = "same_place"
    TOO_LONG = "too_long"
    AT_JUNCTION = "at_junction"
    NO_GATE = "no_gate"


class _Spot(NamedTuple):
    segment: int
    fraction: float


class Piece(NamedTuple):
    """A part of a segment that was cut: shares of its length, and its row in the new streets."""

    low: float
    high: float
    row: int


@dataclass(frozen=True, eq=False)
class Edited:
    """Streets with edits laid over them.

    Attributes
    ----------
    outcomes
        How each edit fits, in their order.
    pieces
        Of each segment that was cut, its pieces from the first end on.
    """

    network: WalkNetwork
    outcomes: tuple[Outcome, ...]
    pieces: Mapping[int, tuple[Piece, ...]]

    def place(self, segment: Ints, fraction: Floats) -> tuple[Ints, Floats]:
        """Return where places of the streets before stand now.

        Parameters
        ----------
        segment, fraction
            Shapes (k,): as in `circle.model.Snapped`.
        """
        now, share = segment.copy(), fraction.copy()
        for cut, pieces in self.pieces.items():
            for i in np.flatnonzero(segment == cut):
                piece = next(each for each in pieces if fraction[i] <= each.high)
                now[i] = piece.row
                share[i] = (fraction[i] - piece.low) / (piece.high - piece.low)
        return now, share


def edited(network: WalkNetwork, edits: Sequence[StreetEdit]) -> Edited:
    """Return the streets with edits, and how each of them fits.

    Parameters
    ----------
    network
        The streets of the source.
    edits
        What is laid over them.

    Returns
    -------
    Edited
        Rows of segments stay those of the source; of one that is cut the row is its first
        piece, the other pieces and the links follow at the end. New junctions have
        identifiers below those of the source and below zero. Without an edit that fits and
        changes something the network is `network` itself.
    """
    if not edits:
        return Edited(network, (), {})
    work = _Work(network)
    outcomes = tuple(work.add(edit) for edit in edits)
    if not work.changes_anything:
        return Edited(network, outcomes, {})
    return Edited(work.laid_out(), outcomes, work.pieces)


class _Work:
    def __init__(self, network: WalkNetwork) -> None:
        self.network = network
        self.lines, self.tree = lines_of(network)
        self.opened: dict[int, int] = {}
        self.cuts: dict[int, dict[float, tuple[int, int]]] = defaultdict(dict)
        self.stairs: dict[_Spot, int] = {}
        self.links: list[Segment] = []
        self.new: dict[int, Floats] = {}
        self.pieces: dict[int, tuple[Piece, ...]] = {}
        self.lowest = min(0, int(network.node_id.min(initial=0)))

    @property
    def changes_anything(self) -> bool:
        """Whether the streets would be others."""
        return bool(self.cuts or self.stairs or self.links or self.opened)

    def add(self, edit: StreetEdit) -> Outcome:
        """Take an edit in, where it fits."""
        if edit.act is Act.GATE_OPENED:
            return self._open(edit.xy)
        spot = self._spot(edit.xy)
        if spot is None:
            return Outcome.OFF_STREET
        match edit.act:
            case Act.STEPS:
                self.stairs[spot] = edit.steps
            case Act.GATE_SHUT:
                return self._shut(spot)
            case Act.GATE:
                pass
            case Act.LINK:
                return self._link(edit, spot)
        return Outcome.FITS

    def _spot(self, xy: tuple[float, float]) -> _Spot | None:
        (place,) = points(np.array([xy]))
        segment = int(self.tree.nearest(place)) if len(self.lines) else -1
        if segment < 0 or shapely.distance(self.lines[segment], place) > MOST_OFF_M:
            return None
        fraction = float(shapely.line_locate_point(self.lines[segment], place, normalized=True))
        return _Spot(segment, round(fraction, 9))

    def _end(self, spot: _Spot) -> int | None:
        """Return the junction that the spot is at; None along the segment."""
        length = float(self.network.segment_length_m[spot.segment])
        first, last = self.network.segment_nodes[spot.segment]
        if spot.fraction * length < AT_END_M:
            return int(first)
        return int(last) if (1 - spot.fraction) * length < AT_END_M else None

    def _shut(self, spot: _Spot) -> Outcome:
        if self._end(spot) is not None:
            return Outcome.AT_JUNCTION
        self._cut(spot, apart=True)
        return Outcome.FITS

    def _open(self, xy: tuple[float, float]) -> Outcome:
        """Join both sides of the nearest shut gate: the second becomes the first."""
        gates = shut_gates(self.network)
        away = np.hypot(*(self.network.node_xy[gates[:, 0]] - xy).T)
        if not (away <= MOST_OFF_M).any():
            return Outcome.NO_GATE
        here, there = self.network.node_id[gates[away.argmin()]].tolist()
        self.opened[there] = here
        return Outcome.FITS

    def _link(self, edit: StreetEdit, spot: _Spot) -> Outcome:
        other = None if edit.to_xy is None else self._spot(edit.to_xy)
        if other is None:
            return Outcome.OFF_STREET
        begin, finish = self._place(spot), self._place(other)
        length = float(np.hypot(*(finish - begin)))
        if length < AT_END_M:
            return Outcome.SAME_PLACE
        if length > LONGEST_LINK_M:
            return Outcome.TOO_LONG
        ends = [self._junction(each) for each in (spot, other)]
        kind = "footway" if edit.steps < 0 else "steps"
        line = shapely.LineString([begin, finish])
        self.links.append(
            Segment(ends[0], ends[1], length, edit.steps, kind, edit.name, "straight", line)
        )
        return Outcome.FITS

    def _place(self, spot: _Spot) -> Floats:
        end = self._end(spot)
        if end is not None:
            return np.asarray(self.network.node_xy[end])
        line = self.lines[spot.segment]
        place = shapely.line_interpolate_point(line, spot.fraction, normalized=True)
        return np.array([place.x, place.y])

    def _junction(self, spot: _Spot) -> int:
        """Return the identifier of the junction at a spot, made where there is none."""
        end = self._end(spot)
        if end is not None:
            return int(self.network.node_id[end])
        return self._cut(spot, apart=False)[0]

    def _cut(self, spot: _Spot, *, apart: bool) -> tuple[int, int]:
        """Return the junctions that end the piece before a spot and begin the one after it."""
        before, after = self.cuts[spot.segment].get(spot.fraction, (0, 0))
        if before == 0:
            before = after = self._new(spot)
        if apart and before == after:
            after = self._new(spot)
        self.cuts[spot.segment][spot.fraction] = (before, after)
        return before, after

    def _new(self, spot: _Spot) -> int:
        number = self.lowest - 1 - len(self.new)
        self.new[number] = self._place(spot)
        return number

    def laid_out(self) -> WalkNetwork:
        """Return the streets with all edits that were taken in."""
        network = self.network
        count = len(network.segment_length_m)
        touched = sorted({*self.cuts, *(spot.segment for spot in self.stairs)})
        first: list[Segment] = []
        more: list[Segment] = []
        for segment in touched:
            parts = self._parts(segment)
            first.append(parts[0])
            if len(parts) > 1:
                shares = [0.0, *sorted(self.cuts[segment]), 1.0]
                row = count + len(more)
                numbers = [segment, *range(row, row + len(parts) - 1)]
                self.pieces[segment] = tuple(
                    Piece(low, high, number)
                    for (low, high), number in zip(pairwise(shares), numbers, strict=True)
                )
            more += parts[1:]
        if not self.opened:
            replaced = dict(zip(touched, first, strict=True))
            return laid_over(network, replaced, [*more, *self.links], self.new)
        segments, shapes = self._with(touched, first, [*more, *self.links])
        for name in ("from_id", "to_id"):
            for gone, stays in self.opened.items():
                segments[name][segments[name] == gone] = stays
        laid = build_network(self._junctions(), segments, shapes, network.crs)
        return replace(laid, main_piece_only=network.main_piece_only)

    def _with(
        self, touched: Sequence[int], first: Sequence[Segment], more: Sequence[Segment]
    ) -> tuple[dict[str, NDArray[Any]], NDArray[np.object_]]:
        """Return the columns of the segments and their shapes, some replaced and some added."""
        network = self.network
        ends = network.node_id[network.segment_nodes]
        before: list[NDArray[Any]] = [
            ends[:, 0],
            ends[:, 1],
            network.segment_length_m,
            network.segment_steps,
            network.segment_class,
            network.segment_name,
            network.segment_shape_kind,
            self.lines,
        ]
        columns = []
        for name, values in zip(_COLUMNS, before, strict=True):
            added = np.empty(len(more), values.dtype)
            added[:] = [getattr(row, name) for row in more]
            now = np.concatenate([values, added])
            for segment, row in zip(touched, first, strict=True):
                now[segment] = getattr(row, name)
            columns.append(now)
        names = ("from_id", "to_id", "length_m", "steps", "class", "name", "shape_kind")
        return dict(zip(names, columns, strict=False)), columns[-1]

    def _junctions(self) -> dict[str, NDArray[Any]]:
        network = self.network
        stays = ~np.isin(network.node_id, [*self.opened])
        new = np.array([*self.new.values()]).reshape(-1, 2)
        xy = np.concatenate([network.node_xy[stays], new])
        return {
            "id": np.append(network.node_id[stays], np.array([*self.new], np.int64)),
            "x": xy[:, 0],
            "y": xy[:, 1],
            "signal": np.append(network.node_signal[stays], np.zeros(len(new), np.bool_)),
        }

    def _parts(self, segment: int) -> list[Segment]:
        network, line = self.network, self.lines[segment]
        begin, finish = (int(i) for i in network.node_id[network.segment_nodes[segment]])
        cuts = sorted(self.cuts.get(segment, {}).items())
        shares = [0.0, *(fraction for fraction, _ in cuts), 1.0]
        ends = [begin, *(node for _, pair in cuts for node in pair), finish]
        steps = int(network.segment_steps[segment])
        length = float(network.segment_length_m[segment])
        rows = []
        for i, (low, high) in enumerate(pairwise(shares)):
            shape = line if not cuts else substring(line, low, high, normalized=True)
            count = round(high * steps) - round(low * steps) if steps > 0 else steps
            kind = str(network.segment_class[segment])
            for spot, stairs in self.stairs.items():
                if spot.segment == segment and low <= spot.fraction <= high:
                    kind, count = ("footway" if stairs < 0 else "steps"), stairs
            rows.append(
                Segment(
                    ends[2 * i],
                    ends[2 * i + 1],
                    length if not cuts else (high - low) * length,
                    count,
                    kind,
                    str(network.segment_name[segment] or ""),
                    str(network.segment_shape_kind[segment]),
                    shape,
                )
            )
        return rows
