"""The way in words, street by street."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely.ops import substring

from circle.i18n import t
from circle.i18n.rounding import time_text
from circle.network.graph import street_label

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from circle.model import Floats, Path, WalkNetwork

SHORT_M = 20.0
"""A piece without a name that is shorter is walked without being named."""
_LOOK_M = 15.0
_BEND_DEG = 45.0
_OFF_M = 10.0
_TENS = 10
_NO_STAIR = -1


class Turn(StrEnum):
    """How one goes on at the beginning of a step."""

    START = "start"
    STRAIGHT = "straight"
    SLIGHT_LEFT = "slight_left"
    LEFT = "left"
    SHARP_LEFT = "sharp_left"
    SLIGHT_RIGHT = "slight_right"
    RIGHT = "right"
    SHARP_RIGHT = "sharp_right"
    BACK = "back"


@dataclass(frozen=True, slots=True)
class Step:
    """One street of a walk.

    Attributes
    ----------
    turn
        How one gets onto it.
    heading_deg
        Where its beginning leads: 0 north, 90 east.
    street
        Its name; "" for none.
    metres
        How far along it.
    stair
        -1 no stair on it, 0 one of unknown count, else how many steps.
    signals
        Whether a junction with traffic lights is crossed on it or at its end.
    """

    turn: Turn
    heading_deg: float
    street: str
    metres: float
    stair: int
    signals: bool


@dataclass(frozen=True, slots=True)
class Directions:
    """A walk in steps.

    Attributes
    ----------
    start_off_m, end_off_m
        Straight walk between the street and the place at either end.
    metres, seconds
        Of the whole walk, the ends included.
    """

    steps: tuple[Step, ...]
    start_off_m: float
    end_off_m: float
    metres: float
    seconds: float


def directions(network: WalkNetwork, walk: Path) -> Directions:
    """Return a walk as steps from street to street.

    Stretches of one name are one step. A piece without a name that is shorter
    than `SHORT_M` belongs to the step before it; longer ones are steps of their
    own where they bend by more than 45 degrees.

    Parameters
    ----------
    network
        The streets that the walk was found on.
    walk
        From `circle.reach.travel.path`.
    """
    pieces = _joined(_without_short(_joined(_pieces(network, walk))))
    steps = []
    for before, piece in zip([None, *pieces], pieces, strict=False):
        heading = _entry(piece.xy)
        turn = Turn.START if before is None else turn_of(heading - _exit(before.xy))
        steps.append(Step(turn, heading, piece.street, piece.metres, piece.stair, piece.signals))
    start_off_m, end_off_m = _off_street(network, walk)
    return Directions(tuple(steps), start_off_m, end_off_m, walk.metres, walk.seconds)


def turn_of(degrees: float) -> Turn:
    """Return what a change of heading is called; clockwise is positive."""
    angle = (degrees + 180) % 360 - 180
    size = abs(angle)
    if size < 30:  # noqa: PLR2004 - degrees, as are the rest
        return Turn.STRAIGHT
    if size > 160:  # noqa: PLR2004
        return Turn.BACK
    side = "right" if angle > 0 else "left"
    if size < 60:  # noqa: PLR2004
        return Turn(f"slight_{side}")
    return Turn(side if size <= 120 else f"sharp_{side}")  # noqa: PLR2004


def compass(heading_deg: float) -> str:
    """Return one of eight points of the compass: ``n``, ``ne``, ``e`` …."""
    points = ("n", "ne", "e", "se", "s", "sw", "w", "nw")
    return points[round(heading_deg / 45) % 8]


def about_metres(metres: float) -> str:
    """Return metres to the next ten, as no street is known better."""
    tens = math.floor(metres / _TENS + 0.5) * _TENS
    return t("directions.metres", n=f"{tens:,}") if tens else t("directions.few_metres")


def sentences(walk: Directions, name: str, gates: Sequence[str] = ()) -> list[str]:
    """Return the walk in words, one sentence a step, in the language in use.

    Parameters
    ----------
    walk
        From `directions`.
    name
        What the place is called that is walked to.
    gates
        Sentences on the gates that it passes; see `circle.places.gates`.
    """
    if not walk.steps:
        return [t("directions.near", name=name, metres=about_metres(walk.metres))]
    lines = []
    if walk.start_off_m >= _OFF_M:
        lines.append(t("directions.from_door", metres=about_metres(walk.start_off_m)))
    lines += [*(_sentence(step) for step in walk.steps), *gates]
    if walk.end_off_m >= _OFF_M:
        lines.append(t("directions.to_door", name=name, metres=about_metres(walk.end_off_m)))
    else:
        lines.append(t("directions.there", name=name))
    return lines


def total(walk: Directions, limits: Iterable[float] = ()) -> str:
    """Return how long the walk is, as ``全程约 900 米，16 分钟``.

    Parameters
    ----------
    walk
        From `directions`.
    limits
        Minutes that a longer walk must not read as.
    """
    return t(
        "directions.total",
        metres=about_metres(walk.metres),
        time=time_text(walk.seconds / 60, limits),
    )


def _sentence(step: Step) -> str:
    features = [t("directions.lights")] if step.signals else []
    if step.stair > 0:
        features.append(t("directions.stair_of", n=step.stair))
    elif step.stair == 0:
        features.append(t("directions.stair"))
    return t(
        f"directions.{step.turn}",
        street=street_label(step.street) or t("directions.unnamed"),
        heading=t(f"directions.to_{compass(step.heading_deg)}"),
        metres=about_metres(step.metres),
        beside=t("directions.beside", said=t("directions.and").join(features)) if features else "",
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Piece:
    """A stretch of one street, in the direction that it is walked."""

    street: str
    metres: float
    xy: Floats
    stair: int
    signals: bool


def _pieces(network: WalkNetwork, walk: Path) -> list[_Piece]:
    pieces = []
    for segment, begin, finish in walk.stretches:
        metres = abs(finish - begin) * float(network.segment_length_m[segment])
        if metres == 0:
            continue
        rows = slice(network.shape_start[segment], network.shape_start[segment + 1])
        line = shapely.LineString(network.shape_xy[rows])
        xy = shapely.get_coordinates(substring(line, begin, finish, normalized=True))
        end = network.segment_nodes[segment][int(finish)] if finish in {0.0, 1.0} else -1
        pieces.append(
            _Piece(
                str(network.segment_name[segment] or ""),
                metres,
                xy,
                int(network.segment_steps[segment]),
                bool(end >= 0 and network.node_signal[end]),
            )
        )
    return pieces


def _joined(pieces: Sequence[_Piece]) -> list[_Piece]:
    """Join neighbours that share a name, or have none and go on in one direction."""
    joined: list[_Piece] = []
    for piece in pieces:
        last = joined[-1] if joined else None
        if last is not None and (name := _in_common(last, piece)) is not None:
            xy = np.concatenate([last.xy, piece.xy])
            joined[-1] = replace(_longer(last, piece), street=name, xy=xy)
        else:
            joined.append(piece)
    return joined


def _in_common(piece: _Piece, other: _Piece) -> str | None:
    """Return the name that two neighbours go by; None where they are two streets."""
    names = set(other.street.split(";"))
    if piece.street and other.street:
        return next((name for name in piece.street.split(";") if name in names), None)
    bend = abs((_entry(other.xy) - _exit(piece.xy) + 180) % 360 - 180)
    return "" if piece.street == other.street and bend < _BEND_DEG else None


def _without_short(pieces: Sequence[_Piece]) -> list[_Piece]:
    """Give short pieces without a name to the street before, the first one to that after."""
    kept: list[_Piece] = []
    owed: _Piece | None = None
    for piece in pieces:
        if piece.street or piece.metres >= SHORT_M:
            kept.append(piece if owed is None else _longer(piece, owed))
            owed = None
        elif kept:
            kept[-1] = _longer(kept[-1], piece)
        else:
            owed = piece if owed is None else _longer(owed, piece)
    return kept if owed is None else [owed]


def _longer(piece: _Piece, by: _Piece) -> _Piece:
    """Return a piece with the length, stairs and lights of another added to its own."""
    counts = [part.stair for part in (piece, by) if part.stair != _NO_STAIR]
    stair = sum(counts) if counts and all(counts) else min(counts, default=_NO_STAIR)
    return replace(
        piece,
        metres=piece.metres + by.metres,
        stair=stair,
        signals=piece.signals or by.signals,
    )


def _entry(xy: Floats) -> float:
    """Return the heading of a line's first metres, degrees."""
    line = shapely.LineString(xy)
    return _heading(xy[0], shapely.get_coordinates(line.interpolate(_LOOK_M))[0])


def _exit(xy: Floats) -> float:
    """Return the heading of a line's last metres, degrees."""
    line = shapely.LineString(xy[::-1])
    return _heading(shapely.get_coordinates(line.interpolate(_LOOK_M))[0], xy[-1])


def _heading(begin: Floats, end: Floats) -> float:
    east, north = end - begin
    return math.degrees(math.atan2(east, north)) % 360


def _off_street(network: WalkNetwork, walk: Path) -> tuple[float, float]:
    """Return the walk off the street at both ends, metres."""
    if not walk.stretches:
        return walk.off_street_m, 0.0
    segment, begin, _ = walk.stretches[0]
    rows = slice(network.shape_start[segment], network.shape_start[segment + 1])
    street = shapely.LineString(network.shape_xy[rows]).interpolate(begin, normalized=True)
    first = min(float(shapely.Point(walk.xy[0]).distance(street)), walk.off_street_m)
    return first, walk.off_street_m - first
