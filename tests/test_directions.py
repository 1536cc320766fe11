"""The way in words, beside walks laid out by hand."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from circle.i18n import in_language
from circle.load import read_district
from circle.measures.lifecircle import life_circle, origin_at, walk_to
from circle.network.snap import snap_one
from circle.network.speeds import impedance
from circle.places.directions import (
    Directions,
    Turn,
    compass,
    directions,
    sentences,
    total,
    turn_of,
)
from circle.reach.travel import path
from tests.oracle import network_of, walker

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circle.model import WalkNetwork

TIANPING = Path(__file__).parents[1] / "data" / "tianping"

#   5 ---------- 6        甲路 from 0 to 2, eastwards; at 1 the lane 乙弄 goes north,
#   |            |        with a stair of 12 on its second piece (3-4); from 4 a piece
#   |            4        without a name of 10 m leads to 6; 丙路 from 6 west to 5.
#   |            3
#   0 ---- 1 --- 2
XY = [(0.0, 0.0), (100.0, 0.0), (200.0, 0.0), (200.0, 80.0), (200.0, 110.0), (0.0, 120.0),
      (200.0, 120.0)]  # fmt: skip
STREETS = [
    (0, 1, 100.0), (1, 2, 100.0), (2, 3, 80.0), (3, 4, 30.0), (4, 6, 10.0), (6, 5, 200.0),
]  # fmt: skip
NAMES = ["甲路", "甲路", "乙弄", "乙弄", "", "丙路"]
STEPS = [-1, -1, -1, 12, -1, -1]


def grid(**changes: object) -> WalkNetwork:
    given = {"names": NAMES, "steps": STEPS, "signals": [2]} | changes
    return network_of(XY, STREETS, **given)  # type: ignore[arg-type]


def way(network: WalkNetwork, begin: Sequence[float], end: Sequence[float]) -> Directions:
    walk = impedance(network, walker())
    here, there = (snap_one(walk, np.array(xy), 250.0) for xy in (begin, end))
    found = path(walk, here, there)
    assert found is not None
    return directions(network, found)


def said(found: Directions) -> list[tuple[str, str, float, int, bool]]:
    return [(s.turn, s.street, round(s.metres, 6), s.stair, s.signals) for s in found.steps]


def test_street_by_street() -> None:
    found = way(grid(), (20.0, -30.0), (40.0, 125.0))
    assert said(found) == [
        ("start", "甲路", 180.0, -1, True),
        ("left", "乙弄", 120.0, 12, False),
        ("left", "丙路", 160.0, -1, False),
    ]
    assert [step.heading_deg for step in found.steps] == pytest.approx([90.0, 0.0, 270.0])
    assert (found.start_off_m, found.end_off_m) == pytest.approx((30.0, 5.0))
    assert found.metres == pytest.approx(180 + 120 + 160 + 35)
    assert sentences(found, "家园") == [
        "先走约 30 米到街上。",
        "沿甲路向东走约 180 米（过红绿灯）。",
        "左转进入乙弄，走约 120 米（有 12 级台阶）。",
        "左转进入丙路，走约 160 米。",
        "到了：家园。",
    ]
    assert total(found) == "全程约 500 米，8 分钟"
    with in_language("en"):
        assert sentences(found, "Home")[1:3] == [
            "Walk east on 甲路, about 180 m (with traffic lights).",
            "Turn left onto 乙弄, about 120 m (with 12 steps).",
        ]


def test_back_again_turns_the_other_way() -> None:
    found = way(grid(), (40.0, 125.0), (20.0, -30.0))
    assert said(found) == [
        ("start", "丙路", 170.0, -1, False),
        ("right", "乙弄", 110.0, 12, True),
        ("right", "甲路", 180.0, -1, False),
    ]
    assert [compass(step.heading_deg) for step in found.steps] == ["e", "s", "w"]
    assert sentences(found, "家园")[-1] == "到了：家园离路约 30 米。"


def test_a_short_piece_without_a_name_belongs_to_the_street_before() -> None:
    assert sum(step.metres for step in way(grid(), (20.0, 0.0), (40.0, 120.0)).steps) == 460.0
    named = [*NAMES[:4], "丁弄", NAMES[5]]
    streets = [s.street for s in way(grid(names=named), (20.0, 0.0), (40.0, 120.0)).steps]
    assert streets == ["甲路", "乙弄", "丁弄", "丙路"]


def test_the_first_piece_without_a_name_belongs_to_the_street_after() -> None:
    found = way(grid(), (200.0, 114.0), (40.0, 120.0))
    assert said(found) == [("start", "丙路", 166.0, -1, False)]
    assert compass(found.steps[0].heading_deg) == "w"


def test_a_stair_in_a_short_piece_is_not_lost() -> None:
    found = way(grid(steps=[-1, -1, -1, -1, 0, -1]), (200.0, 50.0), (40.0, 120.0))
    assert said(found)[0] == ("start", "乙弄", 70.0, 0, False)
    assert "有台阶" in sentences(found, "家园")[0]


def test_stairs_add_up_unless_one_is_not_counted() -> None:
    lane = ["甲路", "甲路", "乙弄", "乙弄", "乙弄", "丙路"]
    for last, sum_ in ((9, 21), (0, 0)):
        network = grid(names=lane, steps=[-1, -1, -1, 12, last, -1])
        assert way(network, (200.0, 50.0), (40.0, 120.0)).steps[0].stair == sum_


def test_long_pieces_without_a_name_are_told_apart_where_they_bend() -> None:
    found = way(grid(names=[""] * 6), (20.0, 0.0), (40.0, 120.0))
    assert [(s.turn, s.metres) for s in found.steps] == [
        ("start", 180.0), ("left", 120.0), ("left", 160.0),
    ]  # fmt: skip
    assert sentences(found, "家园")[1] == "左转进入无名小路，走约 120 米（有 12 级台阶）。"


def test_one_of_two_names_goes_on() -> None:
    names = ["甲路", "甲路;乙弄", "乙弄", "乙弄", "", "丙路"]
    found = way(grid(names=names), (20.0, 0.0), (40.0, 120.0))
    assert [(s.street, s.metres) for s in found.steps] == [
        ("甲路", 180.0), ("乙弄", 120.0), ("丙路", 160.0),
    ]  # fmt: skip
    alone = way(grid(names=names), (120.0, 0.0), (180.0, 0.0))
    assert sentences(alone, "家园")[0] == "沿甲路/乙弄向东走约 60 米。"


def test_the_same_place() -> None:
    found = way(grid(), (20.0, -30.0), (20.0, -30.0))
    assert found.steps == ()
    assert sentences(found, "家园") == ["家园就在附近，走约 60 米。"]
    assert sentences(way(grid(), (20.0, 0.0), (20.0, 0.0)), "家园") == [
        "家园就在附近，走不到 10 米。"
    ]


@pytest.mark.parametrize(
    ("degrees", "turn"),
    [
        (0, Turn.STRAIGHT), (29, Turn.STRAIGHT), (-29, Turn.STRAIGHT), (359, Turn.STRAIGHT),
        (45, Turn.SLIGHT_RIGHT), (-45, Turn.SLIGHT_LEFT), (90, Turn.RIGHT), (270, Turn.LEFT),
        (-90, Turn.LEFT), (140, Turn.SHARP_RIGHT), (-140, Turn.SHARP_LEFT), (180, Turn.BACK),
        (-175, Turn.BACK), (540, Turn.BACK),
    ],
)  # fmt: skip
def test_turns(degrees: float, turn: Turn) -> None:
    assert turn_of(degrees) is turn


def test_every_turn_has_its_words() -> None:
    found = way(grid(), (20.0, 0.0), (180.0, 0.0))
    (step,) = found.steps
    for language in ("zh", "en"):
        with in_language(language):
            lines = set()
            for turn in Turn:
                own = type(step)(turn, 10.0, "甲路", 123.0, -1, signals=False)
                lines.add(sentences(Directions((own,), 0, 0, 123, 100), "家园")[0])
            assert len(lines) == len(Turn)
            assert all("甲路" in line and "120" in line for line in lines)


def test_in_the_district_the_steps_add_up_to_the_walk() -> None:
    tianping = read_district(TIANPING)
    for profile in tianping.profiles.values():
        walk = impedance(tianping.network, profile)
        assert tianping.start is not None
        here = origin_at(tianping, walk, *tianping.start)
        places = life_circle(tianping, walk, here, [15]).facilities
        for _, row in places.iterrows():
            found = walk_to(walk, here, row)
            assert found is not None
            told = directions(tianping.network, found)
            metres = sum(step.metres for step in told.steps)
            assert metres + told.start_off_m + told.end_off_m == pytest.approx(found.metres)
            assert told.seconds == pytest.approx(row["seconds"], abs=0.01)
            assert [s.turn for s in told.steps][:1] == ["start"] * bool(told.steps)
            if not profile.steps_allowed:
                assert all(step.stair == -1 for step in told.steps)
