"""Between flat and street: stairs and lifts by hand, the register as arrays, the programme."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from circle.cli import OK, main
from circle.doors.example import example_register
from circle.doors.homes import homes_of
from circle.doors.numbers import numbers
from circle.doors.programme import by_compound, published, stages_of
from circle.doors.travellers import travellers_of
from circle.doors.vertical import Assumed, times
from circle.i18n import LANGUAGES, t
from circle.load.doorways import doorway_findings
from circle.load.text_tables import columns_of
from circle.model import Profile, Text
from circle.model.doorways import HOME_GROUPS
from tests.small import district

if TYPE_CHECKING:
    from pathlib import Path

OLDER = Profile("older_adult", Text("老", "old"), 0.92)
WHEELS = Profile("wheelchair", Text("轮", "wheels"), 0.667, steps_allowed=False)
NO, YES = np.zeros(1, np.bool_), np.ones(1, np.bool_)
STEPS = 17


def seconds(
    profile: Profile, floor: float, *, lift: bool = False, split: bool = False
) -> tuple[float, float]:
    flags = np.array([lift]), np.array([split])
    out, home = times(profile, np.array([floor]), *flags).mean
    return float(out[0]), float(home[0])


def test_stairs_by_hand() -> None:
    out, home = seconds(OLDER, 4)
    assert out == pytest.approx(3 * STEPS * 0.943)
    assert home == pytest.approx(3 * STEPS * 0.927 + 20)  # one rest, after two floors
    assert seconds(OLDER, 3)[1] == pytest.approx(2 * STEPS * 0.927)
    assert seconds(OLDER, 7)[1] == pytest.approx(6 * STEPS * 0.927 + 40)
    assert seconds(OLDER, 1) == (0, 0)


def test_a_walker_that_is_not_ours_takes_stairs_by_its_speed_on_the_level() -> None:
    half = Profile("pram", Text("车", "pram"), 1.333 / 2)
    assert seconds(half, 3)[0] == pytest.approx(2 * STEPS * 0.39 * 2)


def test_wheels_have_the_lift_alone_and_level_with_the_flat() -> None:
    assert seconds(WHEELS, 1) == (0, 0)
    assert np.isinf(seconds(WHEELS, 2)).all()
    ride = 4 * 2.8 + 6.5 + 8 + 30  # the mean wait
    assert seconds(WHEELS, 5, lift=True) == pytest.approx((ride, ride), abs=0.5)
    assert np.isinf(seconds(WHEELS, 5, lift=True, split=True)).all()


def test_half_a_flight_is_left_of_a_split_entry() -> None:
    level, split = seconds(OLDER, 7, lift=True), seconds(OLDER, 7, lift=True, split=True)
    assert level[0] < split[0] < level[0] + STEPS / 2 * 0.943


@given(
    floor=st.floats(1, 33), split=st.booleans(), profile=st.sampled_from([OLDER, WHEELS]),
    draw=st.integers(0, 49),
)  # fmt: skip
def test_a_lift_makes_nobody_slower(
    floor: float,
    split: bool,  # noqa: FBT001 - drawn
    profile: Profile,
    draw: int,
) -> None:
    inputs = Assumed.drawn(np.random.default_rng(1), 50)[draw]
    flats = np.array([floor]), np.array([split])
    without = times(profile, flats[0], NO, flats[1], inputs)
    with_lift = times(profile, flats[0], YES, flats[1], inputs)
    assert (with_lift.out <= without.out).all()
    assert (with_lift.home <= without.home).all()
    assert (without.quantile(0.1)[1] <= without.quantile(0.9)[1]).all()


def test_every_number_has_unit_status_and_source_and_its_words() -> None:
    for number in numbers().values():
        assert number.low <= number.value <= number.high
        assert number.source.zh and number.source.en  # noqa: PT018
        assert number.status in {"published", "derived", "assumed"}
        for language in LANGUAGES:
            t(f"lifts.number.{number.name.replace('.', '_')}", language=language)
            t(f"lifts.status.{number.status}", language=language)


def register(*rows: dict[str, object]) -> pd.DataFrame:
    table = pd.DataFrame(list(rows))
    for name, kind in columns_of("doorways.csv").items():
        if name not in table:
            table[name] = np.nan if kind == "number?" else ""
    texts = [name for name, kind in columns_of("doorways.csv").items() if kind == "text"]
    return table.assign(**{name: table[name].fillna("") for name in texts})


def test_people_floor_by_floor_or_spread() -> None:
    homes = homes_of(
        register(
            {"id": "a", "floors": 2.0, "residents_by_floor": "4;6", "elevator": "running"},
            {"id": "b", "floors": 2.0, "residents": 8.0, "flats_by_floor": "1;3", "entry": "level"},
            {"id": "c", "residents": 8.0},
            {"id": "d", "age_60_64_by_floor": "1;0;2", "age_65_plus_by_floor": "1;?;3"},
        )
    )
    assert homes.doorway.tolist() == [0, 0, 1, 1, 3, 3, 3]
    assert homes.floor.tolist() == [1, 2, 1, 2, 1, 2, 3]
    assert homes.group("residents").tolist() == [4, 6, 2, 6, 0, 0, 0]
    assert homes.group("residents_60_plus").tolist() == [0, 0, 0, 0, 2, 0, 5]
    assert np.isnan(homes.people[5, HOME_GROUPS.index("residents_60_plus")])
    assert homes.spread.tolist() == [False, False, True, True, False, False, False]
    assert homes.running.tolist() == [True, False, False, False]
    assert homes.split.tolist() == [True, False, True, True]


def test_what_is_not_stated_is_no_lift() -> None:
    homes = homes_of(register({"id": "a", "floors": 1.0, "elevator": "也许"}))
    assert not homes.running.any()


def test_travellers_are_all_residents_once() -> None:
    homes = homes_of(
        register(
            {"id": "a", "residents_by_floor": "9", "residents_60_plus_by_floor": "4"},
            {"id": "b", "residents_by_floor": "5"},
            {"id": "c", "residents_60_plus_by_floor": "3"},
            {"id": "d", "age_0_14_by_floor": "1", "age_15_59_by_floor": "2",
             "age_60_64_by_floor": "3", "age_65_plus_by_floor": "4"},
        )
    )  # fmt: skip
    people = np.array([group.people for group in travellers_of(homes)])
    assert people.T.tolist() == [[0, 5, 0, 4], [0, 5, 0, 0], [0, 0, 0, 3], [1, 2, 3, 4]]


def test_the_stage_is_the_last_that_is_dated() -> None:
    table = register(
        {"id": "a", "surveyed": "2024", "filed": "2025", "compound": "甲", "waiting": "树"},
        {"id": "b", "elevator": "running", "compound": "甲"},
        {"id": "c"},
    )
    assert stages_of(table)["stage"].tolist() == ["filed", "finished", ""]
    first, rest = by_compound(table).to_dict("records")
    names = ("compound", "doorways", "filed", "finished", "waiting")
    assert [first[name] for name in names] == ["甲", 2, 1, 1, 1]
    assert (rest["compound"], rest["not_dated"]) == ("", 1)


def test_published_projects_keep_their_own_counts() -> None:
    projects = pd.DataFrame(
        {
            "compound": ["甲", "乙", "丙"],
            "doorways": [3.0, 6.0, 2.0],
            "status": ["installed", "installing", "谈"],
        }
    )
    figures = pd.DataFrame({"key": ["doorways_surveyed"], "value": [303.0]})
    told = published(replace(district(), elevator_projects=projects, figures=figures))
    assert (told.surveyed, told.suitable, told.hard) == (303, None, None)
    assert [told.doorways(lift) for lift in ("running", "under_way", "none")] == [3, 6, 0]  # type: ignore[arg-type]
    assert published(district()).nothing


def test_the_made_up_register_is_a_register_and_says_what_it_is() -> None:
    example = example_register(district())
    assert doorway_findings(example) == []
    assert set(columns_of("doorways.csv")) <= set(example.columns)
    assert (
        example["address"].str.contains(t("lifts.example_address", name="A", number=1)[-4:]).all()
    )
    pd.testing.assert_frame_equal(example, example_register(district()))
    assert homes_of(example).group("residents").sum() > 0


def test_the_command_tells_what_is_published_and_the_example_apart(
    district_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["lifts", "--json", "--district", str(district_dir)]
    assert main(words) == OK
    told = json.loads(capsys.readouterr().out)
    assert (told["register"], told["published"]["surveyed"]) == (None, None)
    assert main([*words, "--example", "--rank", "--top", "2", "--kind", "market"]) == OK
    told = json.loads(capsys.readouterr().out)
    assert (told["register"], told["made_up"], told["published"]) == ("example", True, None)
    assert [row["rank"] for row in told["ranking"]] == [1, 2]
    assert {number["status"] for number in told["numbers"]} == {"published", "derived", "assumed"}
    for language in LANGUAGES:
        assert main(["--lang", language, *words[:1], *words[2:], "--example", "--rank"]) == OK
        out = capsys.readouterr().out
        assert out.splitlines()[0] == t("lifts.example", language=language)
        assert t("lifts.note.basis", language=language) in out
