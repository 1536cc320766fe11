"""Reach from the flat against a walk worked out by hand, and lifts against leaving one out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circle.doors.homes import homes_of
from circle.measures import door_to_door as measure
from circle.measures.montecarlo import Assumptions
from circle.model import District, Profile, Question, Text
from circle.network.speeds import walked
from tests.small import SOUTH, WEST, district
from tests.test_doors import register

OLDER = Profile("older_adult", Text("老", "old"), 1.0)
QUICK = Assumptions(positions=4, allocations=1, draws=40)
SURE = replace(QUICK, position=0.0, unverified=0.0)
SENIORS = "residents_60_plus"


def town() -> District:
    return replace(district(), profiles={"older_adult": OLDER})


def doorway(at_m: float, floors: int = 3, lift: str = "none", **more: object) -> dict[str, object]:
    people = ";".join(["4"] * floors)
    return {
        "id": f"d{at_m:g}", "x": WEST + at_m, "y": SOUTH, "floors": float(floors),
        "elevator": lift, "entry": "level", "residents_60_plus_by_floor": people,
        "residents_by_floor": people,
    } | more  # fmt: skip


def ask(table: pd.DataFrame, minutes: float = 5, assumed: Assumptions = SURE) -> measure.DoorToDoor:
    place = town()
    question = Question.by_minutes("market", "older_adult", minutes)
    walk = walked(place.network, OLDER)
    return measure.door_to_door(place, walk, question, (table, homes_of(table)), assumed)


def seniors(answer: measure.DoorToDoor, name: str) -> float:
    return float(answer.table.loc[answer.table["group"].eq(SENIORS), name].sum())


def test_reach_from_the_flat_by_hand() -> None:
    # 270 s to the market at 0 m; the second floor takes 16 s, the third 32 s: 286 and 302 s.
    # Steps and paces as drawn make the third floor 26 to 39 s, the second 13 to 20 s.
    answer = ask(register(doorway(270.0)))
    assert answer.door_s[0] == pytest.approx(270.0)
    assert [seniors(answer, name) for name in ("residents", "door", "flat")] == [12, 12, 8]
    assert [seniors(answer, name) for name in ("lost", "lost_low", "lost_high")] == [4, 0, 4]


def test_beyond_the_door_nobody_is_lost_on_the_stairs() -> None:
    answer = ask(register(doorway(320.0)))
    assert [seniors(answer, name) for name in ("door", "flat", "lost")] == [0, 0, 0]


def test_a_running_lift_is_no_candidate() -> None:
    answer = ask(register(doorway(280.0, lift="running"), doorway(281.0, lift="under_way")))
    assert answer.doorways["row"].tolist() == [1]


def test_who_is_not_known_is_not_counted_and_no_register_is_none() -> None:
    table = register(doorway(100.0, residents_60_plus_by_floor="", residents_by_floor="1;?;2"))
    answer = ask(table)
    assert answer.table["group"].tolist() == ["residents"]
    assert answer.table["residents"].tolist() == [3]
    assert ask(register(doorway(1.0)).iloc[:0]).doorways.empty


def test_an_interval_holds_its_figure_and_draws_are_the_same_again() -> None:
    table = register(*(doorway(at, 6) for at in (150.0, 200.0, 250.0, 270.0, 290.0)))
    first, again = (ask(table, assumed=QUICK) for _ in range(2))
    pd.testing.assert_frame_equal(first.doorways, again.doorways)
    for name in ("door", "flat", "lost"):
        assert (first.table[f"{name}_low"] <= first.table[name]).all()
        assert (first.table[name] <= first.table[f"{name}_high"]).all()
    assert (first.table["flat_low"] < first.table["flat_high"]).all()
    assert (first.doorways["minutes_week_low"] < first.doorways["minutes_week_high"]).all()


DOORWAYS = st.lists(
    st.tuples(
        st.floats(0, 1100),
        st.integers(1, 12),
        st.sampled_from(["none", "running", "planned", ""]),
        st.sampled_from(["level", "split", ""]),
    ),
    min_size=1,
    max_size=5,
)


@settings(max_examples=15)
@given(rows=DOORWAYS, minutes=st.floats(1, 15))
def test_a_lift_wins_what_leaving_it_out_loses(
    rows: list[tuple[float, int, str, str]], minutes: float
) -> None:
    table = register(*(doorway(at, floors, lift, entry=entry) for at, floors, lift, entry in rows))
    answer, homes = ask(table, minutes), homes_of(table)
    lost = seniors(answer, "lost")
    weekly = measure.weekly_minutes(homes).sum()
    for row in answer.doorways.to_dict("records"):
        running = homes.running.copy()
        running[row["row"]] = True
        other = homes.with_lift(running)
        assert row["minutes_week"] == pytest.approx(weekly - measure.weekly_minutes(other).sum())
        with_one = table.copy()
        with_one.loc[row["row"], "elevator"] = "running"
        assert row["reached"] == pytest.approx(lost - seniors(ask(with_one, minutes), "lost"))
        assert row["reached"] >= 0
        assert row["minutes_week"] >= -1e-9


def test_wheels_are_brought_within_reach_by_a_level_lift_alone() -> None:
    wheels = replace(OLDER, id="wheelchair", steps_allowed=False)
    place = replace(town(), profiles={"wheelchair": wheels})
    table = register(doorway(100.0), doorway(101.0, entry="split"))
    answer = measure.door_to_door(
        place, walked(place.network, wheels), Question.by_minutes("market", "wheelchair", 15),
        (table, homes_of(table)), SURE,
    )  # fmt: skip
    reached = answer.doorways.set_index("row")["reached"]
    assert (reached[0], reached[1]) == (8, 0)
    assert np.isfinite(answer.doorways.to_numpy()).all()
