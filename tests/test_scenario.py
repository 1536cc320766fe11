"""Scenarios: edits laid over a district, together or not at all, and the laws they keep."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circle import scenario
from circle.cli import main
from circle.errors import DataError
from circle.geo.crs import to_lonlat
from circle.load import finding_text
from circle.measures.coverage import coverage
from circle.model import Coverage, Question
from circle.network.speeds import walked
from circle.scenario import PlanFile
from circle.scenario.reading import parse_plan
from circle.study import Study
from tests import small
from tests.oracle import CRS

if TYPE_CHECKING:
    from pathlib import Path

    from circle.model import District


CUT_S = 0.003
"""A segment that is cut is rounded twice, and so is the walk to either end."""


def at(east_m: float, north_m: float = 0.0) -> dict[str, float]:
    lon, lat = to_lonlat(np.array([[small.WEST + east_m, small.SOUTH + north_m]]), CRS)[0]
    return {"lon": float(lon), "lat": float(lat)}


def to(east_m: float, north_m: float = 0.0) -> dict[str, float]:
    return {f"{name}_to": value for name, value in at(east_m, north_m).items()}


def market(east_m: float, number: str = "new") -> dict[str, Any]:
    return {"edit": "add_facility", "id": number, "kind": "market", "name": "新市场"} | at(east_m)


def plan(*edits: dict[str, Any], **more: Any) -> scenario.Plan:
    return scenario.plan_of(PlanFile.model_validate({"name": "试", "edits": edits, **more}))


@pytest.fixture
def base() -> District:
    district = small.district()
    columns = ("capacity", "capacity_unit", "hours", "source", "address")
    table = district.facilities.assign(**dict.fromkeys(columns, ""))
    return replace(district, facilities=table)


def told(district: District, kind: str = "market", minutes: float = 5.0) -> Coverage:
    answer = Study(district).coverage(Question.by_minutes(kind, "adult", minutes))
    assert isinstance(answer, Coverage)
    return answer


def faults(district: District, *edits: dict[str, Any], **more: Any) -> list[tuple[int | None, str]]:
    with pytest.raises(DataError) as error:
        scenario.resolved(district, plan(*edits, **more))
    assert error.value.key == "scenario_faulty"
    return [(finding.row, finding.key) for finding in error.value.findings]


def test_no_edit_is_the_base_itself(base: District) -> None:
    assert scenario.resolved(base, plan()) is base


def test_a_facility_added_serves_who_lives_there(base: District) -> None:
    before = told(base)
    after = told(scenario.resolved(base, plan(market(1000))))
    assert before.within.sum() == 3  # at 1 m/s: doors at 50, 150, 250 m
    assert after.within.sum() == 3 + 5  # and at 750 to 1,150 m
    assert (after.seconds <= before.seconds).all()


def test_moving_closing_and_reopening(base: District) -> None:
    moved = scenario.resolved(base, plan({"edit": "move_facility", "id": "m1"} | at(1000)))
    assert told(moved).within.sum() == 5
    closed = plan({"edit": "close_facility", "id": "m1"})
    assert len(scenario.resolved(base, closed).facilities) == 2
    back = plan(
        {"edit": "close_facility", "id": "m1"},
        {"edit": "reopen_facility", "id": "m1"},
    )
    assert told(scenario.resolved(base, back)).seconds.tolist() == told(base).seconds.tolist()


@pytest.mark.parametrize(
    ("day", "there"), [("2027-01-31", 3), ("2027-02-01", 2), ("2027-02-28", 2), ("2027-03-01", 3)]
)
def test_a_renovation_ends(base: District, day: str, there: int) -> None:
    edit = {"edit": "close_facility", "id": "m1", "start": "2027-02-01", "end": "2027-02-28"}
    assert len(scenario.resolved(base, plan(edit, day=day)).facilities) == there


@pytest.mark.parametrize(
    ("day", "there"),
    [
        ("2027-01-31", 3),
        ("2027-02-14", 2),
        ("2027-02-15", 3),
        ("2027-05-01", 2),
        ("2027-06-01", 3),
        (None, 2),
    ],
)
def test_closed_twice_and_reopened_early_whatever_the_day(
    base: District, day: str | None, there: int
) -> None:
    one = {"edit": "close_facility", "id": "m1"}
    edits = (
        one | {"start": "2027-02-01", "end": "2027-02-28"},
        {"edit": "reopen_facility", "id": "m1", "start": "2027-02-15"},
        one | {"start": "2027-05-01", "end": "2027-05-31"},
    )
    assert len(scenario.resolved(base, plan(*edits, day=day)).facilities) == there
    assert faults(base, *edits[:1], one, day=day) == [(2, "scenario_closed")]


def test_capacity_and_hours(base: District) -> None:
    edits = (
        {"edit": "set_capacity", "id": "c2", "capacity": "200", "capacity_unit": "seats"},
        {"edit": "set_hours", "id": "c2", "hours": "Mo-Su 07:00-18:00"},
    )
    row = scenario.resolved(base, plan(*edits)).facilities.set_index("id").loc["c2"]
    assert (row["capacity"], row["capacity_unit"], row["hours"]) == (
        "200",
        "seats",
        "Mo-Su 07:00-18:00",
    )


def test_a_shut_gate_parts_the_street_and_residents_stay_where_they_live(base: District) -> None:
    gate = {"edit": "shut_gate"} | at(130)
    district = scenario.resolved(base, plan(gate))
    answer = told(district, minutes=60)
    assert answer.within.sum() == 1  # at 50 m; all others live beyond the gate
    assert np.isinf(answer.seconds[1:]).all()
    assert told(base, minutes=60).within.all()
    assert district.kept is not base.kept


def test_residents_who_move_in_are_counted(base: District) -> None:
    edit = {"edit": "add_residents", "residents": 300} | at(50, 12)
    district = scenario.resolved(base, plan(edit))
    whole = told(district).table.query("area == '' and group == 'residents'").iloc[0]
    assert whole["residents"] == 100 + 300
    assert whole["covered"] == 30 + 300
    assert district.demand["off_m"].iloc[-1] == pytest.approx(12)
    assert district.demand["area"].iloc[-1] == "west"


def test_residents_who_move_are_as_many_as_before(base: District) -> None:
    edit = {"edit": "move_residents", "radius_m": 60, "share": 0.5} | at(50) | to(950)
    demand = scenario.resolved(base, plan(edit)).demand
    assert demand["residents"].sum() == pytest.approx(base.demand["residents"].sum())
    assert demand["residents"].iloc[0] == 5
    assert demand["residents"].iloc[-1] == 5


def test_all_faults_are_told_and_nothing_is_applied(base: District) -> None:
    wrong = (
        {"edit": "close_facility", "id": "nobody"},
        market(100, "m1"),
        market(90_000),
        {"edit": "add_facility", "id": "x", "kind": "zoo", "name": "动物园"} | at(0),
        {"edit": "reopen_facility", "id": "m1"},
        {"edit": "set_hours", "id": "m1", "hours": "whenever"},
        {"edit": "set_capacity", "id": "m1", "capacity": "many"},
        {"edit": "shut_gate"} | at(0, 900),
        {"edit": "add_link"} | at(50) | to(50),
        {"edit": "add_residents", "residents": 5, "age_0_14": 5} | at(50),
        {"edit": "move_residents", "radius_m": 5} | at(0, 500) | to(50),
        {"edit": "close_facility", "id": "m1", "start": "2027-02-02", "end": "2027-02-01"},
    )
    assert faults(base, *wrong) == [
        (1, "scenario_unknown"),
        (2, "scenario_taken"),
        (3, "scenario_far"),
        (4, "scenario_kind"),
        (5, "scenario_open"),
        (6, "scenario_hours"),
        (7, "scenario_capacity"),
        (8, "scenario_off_street"),
        (9, "scenario_same_place"),
        (10, "scenario_ages"),
        (11, "scenario_nobody"),
        (12, "scenario_days"),
    ]


def test_why_and_by_whom_make_no_other_scenario(base: District) -> None:
    first = plan(market(1000) | {"reason": "居民提议"})
    second = scenario.plan_of(
        PlanFile.model_validate({"name": "别名", "edits": [market(1000)]}), author="某人"
    )
    assert scenario.resolved(base, first) is scenario.resolved(base, second)
    assert scenario.resolved(base, first).scenario_id != base.scenario_id


edits = st.lists(
    st.one_of(
        st.builds(market, st.floats(0, 1200), st.sampled_from(["a", "b", "c"])),
        st.builds(lambda x: {"edit": "move_facility", "id": "m1"} | at(x), st.floats(0, 1200)),
        st.builds(lambda x: {"edit": "shut_gate"} | at(x), st.floats(10, 390)),
        st.builds(
            lambda x, y: {"edit": "add_link"} | at(x) | to(y),
            st.floats(0, 500),
            st.floats(700, 990),
        ),
    ),
    max_size=4,
    unique_by=lambda edit: (edit["edit"], edit.get("id")),
)


@settings(max_examples=40)
@given(edits)
def test_an_answer_is_that_of_the_edited_tables_and_undoing_is_the_base(
    chosen: list[dict[str, Any]],
) -> None:
    columns = ("capacity", "capacity_unit", "hours", "source", "address")
    district = small.district()
    district = replace(
        district, facilities=district.facilities.assign(**dict.fromkeys(columns, ""))
    )
    try:
        after = scenario.resolved(district, plan(*chosen))
    except DataError:
        return
    anew = replace(after)  # nothing kept, nothing shared
    question = Question.by_minutes("market", "adult", 5.0)
    walk = walked(anew.network, anew.profiles["adult"])
    full = coverage(anew, walk, question)
    assert isinstance(full, Coverage)
    assert told(after).seconds.tolist() == full.seconds.tolist()
    pd.testing.assert_frame_equal(told(after).table, full.table)
    assert scenario.resolved(after, plan()) is district
    kinds = {edit["edit"] for edit in chosen}
    before = told(district).seconds
    if kinds <= {"add_facility", "add_link"}:
        assert (full.seconds <= before + CUT_S).all()
    if kinds <= {"shut_gate"}:
        assert (full.seconds >= before - CUT_S).all()


@settings(max_examples=15)
@given(st.floats(10, 390), st.floats(0, 1200), st.floats(0, 1200))
def test_what_opens_never_worsens_and_what_closes_never_betters(
    gate_m: float, near_m: float, far_m: float
) -> None:
    columns = ("capacity", "capacity_unit", "hours", "source", "address")
    district = small.district()
    table = district.facilities.assign(**dict.fromkeys(columns, ""))
    built = scenario.resolved(
        replace(district, facilities=table),
        plan({"edit": "shut_gate"} | at(gate_m), market(near_m, "near")),
    )
    now = replace(built, base_id="1" * 64, scenario_id="1" * 64)  # a base with a gate and a market
    before = told(now)
    closed = {"edit": "close_facility", "id": "near"}
    for edits, sign, cut_s in (
        ([market(far_m, "far")], 1, 0.0),
        ([{"edit": "open_gate"} | at(gate_m)], 1, CUT_S),
        ([closed], -1, 0.0),
        ([closed, {"edit": "reopen_facility", "id": "near"}], 1, 0.0),
        ([{"edit": "shut_gate"} | at(600.0)], -1, CUT_S),
        ([{"edit": "set_steps", "steps": -1} | at(600.0)], 1, 0.0),
    ):
        after = told(scenario.resolved(now, plan(*edits)))
        walks = [np.minimum(answer.seconds, 1e6) for answer in (before, after)]  # none is long
        assert (sign * (walks[1] - walks[0]) <= cut_s).all()
        known = before.table["rate"].notna()
        change = sign * (after.table["rate"] - before.table["rate"])[known]
        assert (change >= 0).all()


@settings(max_examples=6)
@given(st.permutations([market(1000, "a"), market(600, "b"), {"edit": "shut_gate"} | at(130)]))
def test_edits_that_have_nothing_to_do_with_each_other_commute(order: list[dict[str, Any]]) -> None:
    columns = ("capacity", "capacity_unit", "hours", "source", "address")
    district = small.district()
    district = replace(
        district, facilities=district.facilities.assign(**dict.fromkeys(columns, ""))
    )
    assert told(scenario.resolved(district, plan(*order))).seconds.tolist() == (
        told(
            scenario.resolved(
                district, plan(market(1000, "a"), market(600, "b"), {"edit": "shut_gate"} | at(130))
            )
        ).seconds.tolist()
    )


def test_a_file_reads_as_it_was_written(tmp_path: Path) -> None:
    file = plan(market(1000) | {"reason": "居民提议"}, day="2027-02-01", author="某人").plan
    (tmp_path / "a.json").write_bytes(scenario.dump_plan(file))
    assert scenario.read_plan(tmp_path / "a.json") == file
    assert json.loads(scenario.dump_plan(file))["edits"][0]["reason"] == "居民提议"


GATE = '{"edit": "shut_gate", "lon": 0, "lat": 0}'


@pytest.mark.parametrize(
    ("text", "row", "column"),
    [
        ("", None, None),
        ("[]", None, None),
        ('{"name": "a", "edits": [{"edit": "dance"}]}', 1, None),
        ('{"name": "a", "edits": [{"edit": "close_facility"}]}', 1, "id"),
        ('{"name": "a", "edits": [{"edit": "shut_gate", "lon": 1e999, "lat": 0}]}', 1, "lon"),
        ('{"name": "a", "edits": [{"edit": "close_facility", "id": "a", "x": 1}]}', 1, "x"),
        ('{"name": "", "edits": []}', None, "name"),
        ('{"name": "a", "edits": [{"edit": "shut_gate", "lon": 999, "lat": 0}]}', 1, "lon"),
        (f'{{"name": "a", "edits": [{", ".join([GATE] * 201)}]}}', None, None),
    ],
)
def test_a_bad_file_names_its_edit(text: str, row: int | None, column: str | None) -> None:
    with pytest.raises(DataError) as error:
        parse_plan(text.encode(), "plan.json")
    finding = error.value.findings[0]
    assert (finding.file, finding.row) == ("plan.json", row)
    assert not re.search("[a-z]{3} [a-z]{3}", finding_text(finding, "zh")), "in one language"
    if column:
        assert finding.column == column


def test_the_command_says_that_it_is_no_present_state(
    district_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    at_district = ("--district", str(district_dir), "--json", "--kinds", "market")
    assert main(["coverage", *at_district, "--minutes", "3"]) == 0
    before = json.loads(capsys.readouterr().out)["kinds"]["market"]
    gone = plan({"edit": "close_facility", "id": "market-a"}, base="0" * 64)
    (tmp_path / "a.json").write_bytes(scenario.dump_plan(gone.plan))
    asked = ("coverage", *at_district, "--minutes", "3", "--scenario", str(tmp_path / "a.json"))
    main(asked)
    printed = capsys.readouterr()
    assert "不是现状" in printed.err
    assert "另一版数据" in printed.err
    assert json.loads(printed.out)["kinds"]["market"] != before
    (tmp_path / "a.json").write_text('{"name": "a", "edits": [{"edit": "dance"}]}')
    assert main(asked) == 1
    assert "a.json" in capsys.readouterr().err


def test_a_gate_that_the_data_has_as_shut_is_opened_again(base: District) -> None:
    shut = scenario.resolved(base, plan({"edit": "shut_gate"} | at(130)))
    gated = replace(shut, base_id="1" * 64, scenario_id="")  # as if its folder had the gate
    opened = scenario.resolved(gated, plan({"edit": "open_gate"} | at(140)))
    assert np.isinf(told(gated).seconds[1:]).all()
    np.testing.assert_allclose(told(opened).seconds, told(base).seconds, atol=0.002)
    assert len(opened.network.node_id) == len(gated.network.node_id) - 1
    assert faults(base, {"edit": "open_gate"} | at(130)) == [(1, "scenario_no_gate")]


def test_the_command_says_whether_a_file_fits_and_how_it_is_written(
    district_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["scenario", "--schema"]) == 0
    schema = json.loads(capsys.readouterr().out)
    assert schema["properties"]["edits"]["maxItems"] == 200
    file = tmp_path / "a.json"
    at_district = ("scenario", str(file), "--district", str(district_dir))
    file.write_bytes(scenario.dump_plan(plan({"edit": "close_facility", "id": "market-a"}).plan))
    assert main(at_district) == 0
    assert json.loads(capsys.readouterr().out)["edits"] == 1
    gone = [{"edit": "close_facility", "id": name} for name in ("gone", "lost")]
    file.write_bytes(scenario.dump_plan(plan(*gone).plan))
    assert main(at_district) == 1
    told = capsys.readouterr()
    assert not told.out
    assert all(name in told.err for name in ("gone", "lost"))
    assert main(["scenario"]) == 2


@pytest.mark.parametrize("first", ["a", "b"])
def test_of_equally_near_facilities_it_is_the_first_of_the_list(base: District, first: str) -> None:
    places = {"a": market(100, "a"), "b": market(400, "b")}  # the door at 250 m is between them
    gone = {"edit": "close_facility", "id": "m1"}
    after = scenario.resolved(
        base, plan(gone, *(places[i] for i in sorted("ab", key=first.__ne__)))
    )
    nearest = after.facilities["id"].to_numpy()[told(after).soonest]
    assert [*nearest[:2], nearest[2], nearest[3]] == ["a", "a", first, "b"]


def test_one_that_moves_to_the_same_walk_is_told_by_its_place_in_the_list(base: District) -> None:
    table = base.facilities
    two = table.assign(kind="market").iloc[[0, 1]].assign(verified=True)
    two.loc[1, ["x", "y"]] = small.WEST + 400, small.SOUTH
    moved = replace(base, facilities=two)
    answer = told(scenario.resolved(moved, plan({"edit": "move_facility", "id": "m1"} | at(100))))
    assert answer.soonest[:4].tolist() == [0, 0, 0, 1]
