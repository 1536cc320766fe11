"""The register of doorways: its words, floors, dates and counts, from a file and in a folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from circle.cli import FAULT, OK, main
from circle.intake.cells import read_cell
from circle.load import check, read_district
from circle.load.doorways import doorway_findings
from circle.model.doorways import Blocker, Entry, Lift, blockers_of, by_floor, entry_of, lift_of
from tests.conftest import place

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("text", "lift"),
    [
        ("无", Lift.NONE),
        ("已装", Lift.RUNNING),
        ("施工中", Lift.UNDER_WAY),
        ("Under way", "under_way"),
    ],
)
def test_words_of_the_lift_are_read_in_both_languages(text: str, lift: str) -> None:
    assert lift_of(text) == lift
    assert read_cell(text, "lift", {}).value == lift


def test_words_of_none_of_ours_are_refused() -> None:
    assert lift_of("也许") is None
    assert entry_of("错层") is Entry.SPLIT
    assert read_cell("半空", "entry", {}).fault == "register_word"
    assert blockers_of("管线、树木") == (Blocker.PIPES, Blocker.TREES)
    assert blockers_of("管线;风水") is None


def test_nothing_in_the_way_is_not_the_same_as_not_looked_at() -> None:
    assert (blockers_of("无"), read_cell("无", "blockers", {}).value) == ((), "none")
    assert read_cell("", "blockers", {}).value == ""


@pytest.mark.parametrize("text", ["", "4;x", "nan", "-1;2", "1e3", "inf", ";".join(["1"] * 61)])
def test_what_is_no_list_by_floor(text: str) -> None:
    assert by_floor(text) is None


def test_people_by_floor() -> None:
    people = by_floor("4; 6、?,5")
    assert people is not None
    np.testing.assert_array_equal(people, [4, 6, np.nan, 5])
    assert read_cell("４；６", "by_floor", {}).value == "4;6"


def _register(**columns: object) -> pd.DataFrame:
    row = {"id": "d", "floors": 6.0, "residents": 40.0, "residents_60_plus": 10.0} | columns
    return pd.DataFrame([row])


@pytest.mark.parametrize(
    ("columns", "key", "column"),
    [
        ({"elevator": "也许"}, "register_word", "elevator"),
        ({"blockers": "风水"}, "register_word", "blockers"),
        ({"residents_by_floor": "4;5"}, "by_floor_count", "residents_by_floor"),
        ({"residents_by_floor": "four"}, "by_floor", "residents_by_floor"),
        ({"surveyed": "2025-13"}, "bad_date", "surveyed"),
        ({"consulted": "2025-03-02", "filed": "2025-02"}, "stage_order", "filed"),
        ({"owners": 12.0, "owners_voted": 13.0}, "part_above_whole", "owners_voted"),
        ({"residents_60_plus": 41.0}, "part_above_whole", "residents_60_plus"),
        ({"area_m2": -1.0}, "negative_residents", "area_m2"),
    ],
)
def test_each_fault_is_named_with_its_column(
    columns: dict[str, object], key: str, column: str
) -> None:
    assert [
        (each.key, each.column, each.row) for each in doorway_findings(_register(**columns))
    ] == [(key, column, 2)]


def test_dates_of_less_detail_are_no_contradiction() -> None:
    assert doorway_findings(_register(surveyed="2025-03-20", consulted="2025-03")) == []
    assert doorway_findings(None) == []


def test_a_register_is_brought_row_by_row(
    district_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lon, lat = place(1.5, 1.0)
    head = "小区,地址,经度,纬度,层数,电梯,各层60岁及以上人数,摸排日期"
    good = f"甲弄,甲路1弄1号,{lon},{lat},6,无,2;3;3;2;2;2,2025年3月"
    bad = f"甲弄,甲路1弄2号,{lon + 0.001},{lat},6,无,2;3,2025-03"
    path, mend = tmp_path / "doorways.csv", tmp_path / "mend.csv"
    path.write_text(f"{head}\n{good}\n{bad}", "utf-8")
    words = ["import", "doorways", str(path), "--district", str(district_dir), "--datum", "wgs84"]
    assert main(words) == FAULT
    assert main([*words, "--accept-good", "--bad-rows", str(mend)]) == OK
    assert "2;3" in mend.read_text("utf-8-sig")
    district = read_district(district_dir)
    assert district.doorways is not None
    assert district.doorways[["elevator", "surveyed", "compound"]].to_numpy().tolist() == [
        ["none", "2025-03", "甲弄"]
    ]
    assert np.isfinite(district.doorways[["x", "y"]].to_numpy()).all()
    assert check(district_dir) == []
    assert "doorways" in {layer.id for layer in district.layers}
    capsys.readouterr()
