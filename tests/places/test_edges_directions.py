"""The way in words, where a turn, a piece or a door is exactly at its bound."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from circle.network.speeds import impedance
from circle.places.directions import Directions, Turn, about_metres, directions, sentences, turn_of
from circle.reach.travel import path
from tests.oracle import network_of, points_on, walker

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circle.model import WalkNetwork

Place = tuple[int, float]


def way(network: WalkNetwork, origin: Place, target: Place) -> Directions:
    walk = impedance(network, walker())
    here, there = (points_on(network, [(*place, 0.0)]) for place in (origin, target))
    taken = path(walk, here, there)
    assert taken is not None
    return directions(network, taken)


def steps(answer: Directions) -> list[tuple[str, float]]:
    return [(step.street, step.metres) for step in answer.steps]


def turn(degrees: float) -> Turn:
    return turn_of(degrees)


def words(answer: Directions) -> list[str]:
    return sentences(answer, "家园")


def chain(
    xy: Sequence[tuple[float, float]], names: Sequence[str], signals: Sequence[int] = ()
) -> WalkNetwork:
    """Return streets from each place to the next, as long as they are drawn."""
    length = np.hypot(*np.diff(np.array(xy), axis=0).T).tolist()
    segments = [(n, n + 1, metres) for n, metres in enumerate(length)]
    return network_of(xy, segments, names=names, signals=signals)


@pytest.mark.parametrize(
    ("degrees", "right", "left"),
    [
        (29.999, Turn.STRAIGHT, Turn.STRAIGHT),
        (30.0, Turn.SLIGHT_RIGHT, Turn.SLIGHT_LEFT),
        (59.999, Turn.SLIGHT_RIGHT, Turn.SLIGHT_LEFT),
        (60.0, Turn.RIGHT, Turn.LEFT),
        (120.0, Turn.RIGHT, Turn.LEFT),
        (120.001, Turn.SHARP_RIGHT, Turn.SHARP_LEFT),
        (160.0, Turn.SHARP_RIGHT, Turn.SHARP_LEFT),
        (160.001, Turn.BACK, Turn.BACK),
    ],
)
def test_where_one_turn_ends_and_the_next_begins(degrees: float, right: Turn, left: Turn) -> None:
    assert (turn(degrees), turn(-degrees)) == (right, left)


@pytest.mark.parametrize(
    ("metres", "text"),
    [(4.99, "不到 10 米"), (5.0, "约 10 米"), (14.99, "约 10 米"), (15.0, "约 20 米")],
)
def test_metres_are_rounded_half_up(metres: float, text: str) -> None:
    assert about_metres(metres) == text


@pytest.mark.parametrize(("metres", "lines"), [(9.999, 2), (10.0, 3)])
def test_ten_metres_to_the_door_are_told(metres: float, lines: int) -> None:
    """In turn: the walk to the street, the walk along it, the arrival."""
    along = way(chain([(0, 0), (100, 0)], ["甲路"]), (0, 0.0), (0, 1.0)).steps
    leaving = words(Directions(along, metres, 0.0, 110, 110))
    arriving = words(Directions(along, 0.0, metres, 110, 110))
    assert len(leaving) == lines
    assert len(arriving) == 2
    assert arriving[-1] == ("到了：家园。" if lines == 2 else "到了：家园离路约 10 米。")


@pytest.mark.parametrize(
    ("short_m", "streets"),
    [
        (19.999, [("甲路", 119.999), ("丙路", 100.0)]),
        (20.0, [("甲路", 100.0), ("", 20.0), ("丙路", 100.0)]),
    ],
)
def test_a_piece_without_a_name_is_named_from_twenty_metres_on(
    short_m: float, streets: list[tuple[str, float]]
) -> None:
    network = chain([(0, 0), (100, 0), (100, short_m), (0, short_m)], ["甲路", "", "丙路"])
    answer = steps(way(network, (0, 0.0), (2, 1.0)))
    assert [name for name, _ in answer] == [name for name, _ in streets]
    assert [metres for _, metres in answer] == pytest.approx([metres for _, metres in streets])


@pytest.mark.parametrize(("north", "pieces"), [(99.0, 1), (100.0, 2), (101.0, 2)])
def test_a_bend_of_45_degrees_parts_pieces_without_a_name(north: float, pieces: int) -> None:
    """East to the corner, then 100 m further east and so far north."""
    network = chain([(-100, 0), (0, 0), (100, north)], ["", ""])
    assert len(steps(way(network, (0, 0.0), (1, 1.0)))) == pieces


def test_the_lights_at_the_first_junction_of_the_network_are_told() -> None:
    """The junction with lights is the south-west corner, which has the number 0."""
    network = chain([(0, 100), (0, 0), (100, 0)], ["甲路", "乙路"], signals=[1])
    assert network.node_signal.tolist() == [True, False, False]
    assert words(way(network, (0, 0.0), (1, 1.0)))[0] == "沿甲路向南走约 100 米（过红绿灯）。"
