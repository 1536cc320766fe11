"""Facts become a district folder, whole or not at all."""

from __future__ import annotations

import copy
import json
import shutil
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from circle.errors import DataError, OutputError
from circle.files import work_folder
from circle.load import build, check, provenance, read_district
from circle.load.facts import completeness_word
from circle.model import Completeness, Text
from tests.conftest import place

if TYPE_CHECKING:
    from pathlib import Path

    from circle.model import District


def test_tables_are_carried_over(district: District) -> None:
    assert (district.id, district.crs, district.observed) == (
        "tiny-subdistrict",
        "EPSG:4548",
        "2026-04-01",
    )
    assert len(district.network.node_id) == 25
    assert district.network.node_signal.sum() == 1
    assert district.network.segment_steps.tolist().count(0) == 1
    assert district.facilities["verified"].tolist() == [True, True, False, True]
    assert district.facilities["inside"].tolist() == [True, False, True, True]
    assert district.heritage["inside"].tolist() == [True]
    assert district.places is not None
    assert district.places["kind"].tolist() == ["metro"]
    assert [area.id for area in district.areas] == ["west", "east"]
    assert not district.areas[0].official
    assert district.start_name.zh == "设施market-a"
    assert not district.modified


def test_profiles_and_registers(district: District) -> None:
    assert district.profiles["older_adult"].seconds_per_step == pytest.approx(0.935)
    assert district.profiles["adult"].seconds_per_step is None
    assert not district.profiles["wheelchair"].steps_allowed
    assert district.registers["market"].completeness is Completeness.COMPLETE
    assert district.registers["health"].completeness is Completeness.PARTIAL
    assert district.registers["health"].basis.en == "near complete; 40 of 41"
    assert district.registers["culture"].completeness is Completeness.UNKNOWN


@pytest.mark.parametrize(
    ("said", "word"),
    [
        ("complete", "complete"),
        ("believed complete within about 1 km", "partial"),
        ("Partial", "partial"),
        ("near complete", "partial"),
        ("completely unknown", "unknown"),
        ("", "unknown"),
    ],
)
def test_completeness_is_never_overstated(said: str, word: str) -> None:
    assert completeness_word(said) == word


def test_provenance_is_honest_where_nothing_is_stated(district: District) -> None:
    layers = {layer.id: layer for layer in district.layers}
    assert "OpenStreetMap" in layers["segments"].source.en
    assert layers["heritage"].source.zh == "data.example"
    assert layers["facilities"].source.en == "not stated"
    assert layers["residents"].modelled
    assert layers["demand"].modelled
    assert len(provenance(district)) == len(layers)


def test_building_again_gives_the_same_and_keeps_other_files(
    facts_dir: Path, tmp_path: Path
) -> None:
    first = build(facts_dir, tmp_path / "out")
    (tmp_path / "out" / "README.md").write_text("kept")
    assert build(facts_dir, tmp_path / "out").base_id == first.base_id
    assert (tmp_path / "out" / "README.md").read_text() == "kept"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["facts", "out"]


def test_about_is_used_and_kept(facts_dir: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    about = '[name]\nzh="甲"\nen="A"\n[kinds.market]\nletter="市"\n[areas.note]\nzh="说明"\n'
    (out / "about.toml").write_text(about, encoding="utf-8")
    found = build(facts_dir, out)
    assert (found.name.zh, found.kinds["market"].letter) == ("甲", "市")
    assert (found.areas[0].note.zh, found.areas[0].note.en) == ("说明", "drawn for a test")
    assert (out / "about.toml").read_text(encoding="utf-8") == about


def test_hours_and_offers_of_about_stay_through_a_build(facts_dir: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    about = (
        '[facilities.market-a]\nhours = "Mo-Fr 06:00-18:00; PH off"\n'
        '[facilities.market-a.services]\nzh = "蔬菜；早餐"\n[facilities.gone]\nhours = "24/7"\n'
    )
    (out / "about.toml").write_text(about, encoding="utf-8")
    for _ in range(2):
        found = build(facts_dir, out)
        row = found.facilities.set_index("id").loc["market-a"]
        assert (row["hours"], row["services"]) == ("Mo-Fr 06:00-18:00; PH off", "")
        assert found.facilities["services_zh"].tolist() == ["蔬菜；早餐", "", "", ""]
        assert not found.modified
        assert check(out) == []


@pytest.mark.parametrize("column", ["services", "position_basis", "source"])
def test_chinese_texts_may_stand_in_the_facts_or_in_about(
    facts_dir: Path, tmp_path: Path, column: str
) -> None:
    chinese = f"{column}_zh"
    assert chinese not in build(facts_dir, tmp_path / "plain").facilities
    table = pd.read_csv(facts_dir / "facilities.csv", dtype=str, keep_default_na=False)
    table.assign(**{chinese: "理发"}).to_csv(facts_dir / "facilities.csv", index=False)
    assert set(build(facts_dir, tmp_path / "out").facilities[chinese]) == {"理发"}
    stated = f'[facilities.market-a]\n{column}.zh = "甲"\n{column}.en = "a"\n'
    (tmp_path / "out" / "about.toml").write_text(stated, encoding="utf-8")
    row = build(facts_dir, tmp_path / "out").facilities.set_index("id").loc["market-a"]
    assert (row[chinese], row[column]) == ("甲", "a")


def test_texts_that_come_again_are_translated_once(facts_dir: Path, tmp_path: Path) -> None:
    assert "batch_en" not in build(facts_dir, tmp_path / "plain").heritage
    stated = '[translations.heritage]\nbatch."第一批" = "first list"\ngrade = 3\n'
    stated += '[translations.profiles.source]\nrule = "规则"\n'
    (facts_dir / "about.toml").write_text(stated, encoding="utf-8")
    for _ in range(2):
        found = build(facts_dir, tmp_path / "out")
        assert found.heritage["batch_en"].tolist() == ["first list"]
        assert "grade_en" not in found.heritage
        assert found.profiles["adult"].source == Text("规则", "rule")
        assert not found.modified
    walking = pd.read_csv(facts_dir / "walking.csv", dtype=str, keep_default_na=False)
    (facts_dir / "about.toml").unlink()
    walking.assign(source_zh="规定").to_csv(facts_dir / "walking.csv", index=False)
    assert build(facts_dir, tmp_path / "stated").profiles["adult"].source.zh == "规定"


def test_unreadable_hours_are_no_district(facts_dir: Path, tmp_path: Path) -> None:
    table = pd.read_csv(facts_dir / "facilities.csv", dtype=str, keep_default_na=False)
    table.loc[1, "hours"] = "nine to five"
    table.to_csv(facts_dir / "facilities.csv", index=False)
    with pytest.raises(DataError) as error:
        build(facts_dir, tmp_path / "out")
    (fault,) = error.value.findings
    assert (fault.file, fault.row, fault.column, fault.key) == (
        "facilities.csv", 3, "hours", "bad_hours",
    )  # fmt: skip


@pytest.mark.parametrize("about", ["name = 3", "[kinds]\nmarket = 3", "start = 5", "x = ["])
def test_a_bad_about_is_told(about: str, facts_dir: Path, tmp_path: Path) -> None:
    (facts_dir / "about.toml").write_text(about)
    with pytest.raises(DataError) as error:
        build(facts_dir, tmp_path / "out")
    assert {finding.file for finding in error.value.findings} == {"about.toml"}


def test_another_folder_is_never_overwritten(facts_dir: Path, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "letter.txt").write_text("mine")
    with pytest.raises(OutputError, match="home"):
        build(facts_dir, tmp_path / "home")
    assert (tmp_path / "home" / "letter.txt").read_text() == "mine"


def test_what_a_killed_build_had_moved_aside_is_put_back(
    district_dir: Path, facts_dir: Path
) -> None:
    (district_dir / "own.txt").write_text("mine")
    with work_folder(district_dir.parent, district_dir.name) as work:
        left = work.with_name(f"{work.name[:-8]}abcdefgh")
    left.mkdir()
    district_dir.replace(left / "old")
    build(facts_dir, district_dir)
    assert (district_dir / "own.txt").read_text() == "mine"
    assert not left.exists()


def test_bad_facts_leave_the_folder_as_it_was(district_dir: Path, facts_dir: Path) -> None:
    before = read_district(district_dir).base_id
    table = pd.read_csv(facts_dir / "segments.csv", dtype=str)
    table.loc[3, "from_node"] = "7"
    table.loc[4, "length_m"] = "-3"
    table.to_csv(facts_dir / "segments.csv", index=False)
    with pytest.raises(DataError) as error:
        build(facts_dir, district_dir)
    told = {(f.file, f.row, f.column, f.key) for f in error.value.findings}
    assert ("segments.csv", 5, "from_node", "missing_junction") in told
    assert ("segments.csv", 6, "length_m", "length_not_positive") in told
    assert read_district(district_dir).base_id == before
    assert check(district_dir) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "key"),
    [
        ("facilities.csv", "category", "sort", "missing_column"),
        ("facilities.csv", ",canteen,", ",cafe,", "unknown_kind"),
        ("facilities.csv", ",address,yes", ",perhaps,yes", "not_flag"),
        ("walking.csv", "1.333", "fast", "not_number"),
        ("walking.csv", "1.333", "80", "speed_range"),
        ("metro_stations.csv", "39.9", "0.9", "far_away"),
        ("residents.csv", "0.37", "1.37", "share_range"),
        ("boundary.geojson", "Polygon", "Point", "bad_geometry"),
        ("boundary.geojson", "[[", "", "bad_geojson"),
    ],
)
def test_faults_are_told_by_the_facts_own_names(
    file: str, old: str, new: str, key: str, facts_dir: Path, tmp_path: Path
) -> None:
    path = facts_dir / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(DataError) as error:
        build(facts_dir, tmp_path / "out")
    assert (file, key) in {(f.file, f.key) for f in error.value.findings}
    assert not (tmp_path / "out").exists()


def test_missing_facts(facts_dir: Path, tmp_path: Path) -> None:
    (facts_dir / "segments.csv").unlink()
    with pytest.raises(DataError) as error:
        build(facts_dir, tmp_path / "out")
    assert [f.key for f in error.value.findings] == ["missing_layer"]
    shutil.rmtree(facts_dir)
    with pytest.raises(DataError):
        build(facts_dir, tmp_path / "out")


def test_optional_facts_may_be_missing(facts_dir: Path, tmp_path: Path) -> None:
    for name in ("areas.geojson", "registers.csv", "heritage.csv", "metro_stations.csv"):
        (facts_dir / name).unlink()
    found = build(facts_dir, tmp_path / "out")
    assert found.areas == ()
    assert found.places is None
    assert set(found.demand["area"]) == {""}
    assert found.registers["market"].completeness is Completeness.UNKNOWN
    assert check(tmp_path / "out") == []


def test_without_places_residents_and_speeds(facts_dir: Path, tmp_path: Path) -> None:
    for name in ("facilities", "residents", "walking"):
        (facts_dir / f"{name}.csv").unlink()
    built = build(facts_dir, tmp_path / "out")
    assert (len(built.facilities), len(built.demand), built.start) == (0, 0, None)
    assert built.profiles["older_adult"].speed_m_s == pytest.approx(0.92)
    assert built.profiles["older_adult"].seconds_per_step == pytest.approx(0.935)
    assert not built.profiles["wheelchair"].steps_allowed
    assert check(tmp_path / "out") == []


def test_columns_with_nothing_in_them_may_be_missing(facts_dir: Path, tmp_path: Path) -> None:
    whole = build(facts_dir, tmp_path / "whole")
    for name, columns in (
        ("facilities", ["name", "category", "lon", "lat", "verified"]),
        ("segments", ["from_node", "to_node", "length_m", "shape", "class"]),
        ("junctions", ["osm_node", "lon", "lat"]),
    ):
        table = pd.read_csv(facts_dir / f"{name}.csv", dtype=str)
        table[columns].to_csv(facts_dir / f"{name}.csv", index=False)
    built = build(facts_dir, tmp_path / "out")
    assert check(tmp_path / "out") == []
    assert built.facilities["id"].tolist() == [f"facility-{i}" for i in range(1, 5)]
    assert set(built.network.segment_shape_kind) == {"traced"}
    assert built.network.segment_length_m.tolist() == whole.network.segment_length_m.tolist()
    assert built.facilities["inside"].tolist() == whole.facilities["inside"].tolist()


def test_residents_of_a_drawn_shape(facts_dir: Path, tmp_path: Path) -> None:
    (west, south), (east, north) = place(0, 0), place(100, 100)
    cell = {"west": west, "south": south, "east": east, "north": north, "total": 90}
    shape = f"POLYGON (({west} {south}, {east} {south}, {west} {north}, {west} {south}))"
    pd.DataFrame([cell | {"shape": shape}]).to_csv(facts_dir / "residents.csv", index=False)
    built = build(facts_dir, tmp_path / "out")
    assert check(tmp_path / "out") == []
    xy = built.demand[["x", "y"]] - built.demand[["x", "y"]].min()
    assert built.demand["residents"].sum() == pytest.approx(90)
    assert (xy.sum(axis=1) < 102).all()  # only on the sides of the triangle
    pd.DataFrame([cell | {"shape": "POINT (1 2)"}]).to_csv(facts_dir / "residents.csv", index=False)
    with pytest.raises(DataError) as fault:
        build(facts_dir, tmp_path / "out")
    assert ("bad_geometry", "shape") in {(f.key, f.column) for f in fault.value.findings}


def _with_walker(facts_dir: Path, steps: str) -> None:
    """Add a profile that the package does not know to the facts."""
    path = facts_dir / "walking.csv"
    walking = pd.read_csv(path, dtype=str, keep_default_na=False)
    walker = {
        "key": "pram", "value_m_per_s": "1.1", "source": "counted here", "name_zh": "推婴儿车",
        "name_en": "With a pram", "steps": steps, "signal_wait_s": "12",
    }  # fmt: skip
    pd.concat([walking, pd.DataFrame([walker])]).fillna("").to_csv(path, index=False)


@pytest.mark.parametrize(
    ("steps", "allowed", "own_time"),
    [("", True, False), ("level", True, False), ("counted", True, True), ("no", False, False)],
)
def test_a_profile_comes_with_the_facts(
    steps: str, allowed: object, own_time: object, facts_dir: Path, tmp_path: Path
) -> None:
    _with_walker(facts_dir, steps)
    profiles = build(facts_dir, tmp_path / "out").profiles
    pram = profiles["pram"]
    assert (pram.name.zh, pram.name.en, pram.speed_m_s) == ("推婴儿车", "With a pram", 1.1)
    assert pram.steps_allowed is allowed
    assert (pram.seconds_per_step is not None) is own_time
    assert pram.signal_wait_s == 12
    assert profiles["older_adult"].name.zh == "老年人"


def test_a_word_for_steps_that_is_none(facts_dir: Path, tmp_path: Path) -> None:
    _with_walker(facts_dir, "sometimes")
    with pytest.raises(DataError) as error:
        build(facts_dir, tmp_path / "out")
    (finding,) = error.value.findings
    assert (finding.file, finding.column, finding.key) == ("walking.csv", "steps", "standard_word")


def test_null_in_the_outlines_is_as_missing(facts_dir: Path, tmp_path: Path) -> None:
    areas, boundary = facts_dir / "areas.geojson", facts_dir / "boundary.geojson"
    document = json.loads(areas.read_text("utf-8"))
    document["features"][0]["properties"] = dict.fromkeys(("name", "name_en", "note"))
    areas.write_text(json.dumps(document), encoding="utf-8")
    text = boundary.read_text("utf-8").replace('"2026-04-01"', "null")
    boundary.write_text(text, encoding="utf-8")
    built = build(facts_dir, tmp_path / "out")
    assert (built.areas[0].name.zh, built.areas[0].note.zh) == ("1", "")
    for name in ("areas.geojson", "boundary.geojson", "district.toml"):
        assert "None" not in (tmp_path / "out" / name).read_text("utf-8")


def test_areas_that_overlap_are_refused(facts_dir: Path, tmp_path: Path) -> None:
    path = facts_dir / "areas.geojson"
    before = json.loads(path.read_text("utf-8"))
    for east_m, faulty in ((151, False), (160, True)):
        document = copy.deepcopy(before)
        ring = document["features"][0]["geometry"]["coordinates"][0]
        ring[1][0] = ring[2][0] = place(east_m, 0)[0]
        path.write_text(json.dumps(document), encoding="utf-8")
        if not faulty:
            build(facts_dir, tmp_path / "out")
            continue
        with pytest.raises(DataError) as error:
            build(facts_dir, tmp_path / "out")
        (finding,) = error.value.findings
        assert (finding.file, finding.row, finding.key) == ("areas.geojson", 2, "overlap")
        assert dict(finding.values) == {"one": "西片区", "other": "东片区", "hectares": "0.41"}


@pytest.mark.parametrize("column", ["name", "address"])
def test_open_quotes_swallow_no_facility(facts_dir: Path, tmp_path: Path, column: str) -> None:
    path = facts_dir / "facilities.csv"
    lines = path.read_text("utf-8").splitlines()
    place_of = lines[0].split(",").index(column)
    for number in (1, 2):
        cells = lines[number].split(",")
        cells[place_of] = '"' + cells[place_of]
        lines[number] = ",".join(cells)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(DataError) as error:
        build(facts_dir, tmp_path / "out")
    (finding,) = error.value.findings
    assert (finding.row, finding.column, finding.key) == (2, column, "torn_row")


def test_a_cut_off_row_is_told_and_free_text_may_have_lines(
    facts_dir: Path, tmp_path: Path
) -> None:
    path = facts_dir / "facilities.csv"
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    table.assign(address="横1路\n2号, 3号").to_csv(path, index=False)
    assert len(build(facts_dir, tmp_path / "out").facilities) == 4
    text = path.read_text("utf-8")
    path.write_text(text[: text.rindex(",")], encoding="utf-8")
    with pytest.raises(DataError) as error:
        build(facts_dir, tmp_path / "other")
    assert [(f.row, f.key) for f in error.value.findings] == [(5, "short_row")]


def test_ids_are_compared_as_they_read(facts_dir: Path, tmp_path: Path) -> None:
    path = facts_dir / "facilities.csv"
    text = path.read_text("utf-8")
    path.write_text(text.replace("\nmarket-b,", "\n\u200bmarket-a\u00a0,"), encoding="utf-8")
    with pytest.raises(DataError) as error:
        build(facts_dir, tmp_path / "out")
    assert (3, "duplicate_id") in [(f.row, f.key) for f in error.value.findings]


AGES = ["age_0_14", "age_15_59", "age_60_64", "age_65_plus"]


def without_ages(facts_dir: Path, rows: slice, columns: list[str]) -> None:
    cells = pd.read_csv(facts_dir / "residents.csv", dtype=str)
    cells.loc[cells.index[rows], columns] = ""
    cells.to_csv(facts_dir / "residents.csv", index=False)


@pytest.mark.parametrize("rows", [slice(None), slice(5)])
def test_empty_ages_are_not_known_and_everybody_counts(
    rows: slice, facts_dir: Path, tmp_path: Path, district: District
) -> None:
    without_ages(facts_dir, rows, AGES)
    built = build(facts_dir, tmp_path / "new")
    before, after = district.demand, built.demand
    assert after["residents"].sum() == pytest.approx(before["residents"].sum())
    cells = set(range(1, 17)[rows])
    assert (after[AGES].isna().all(axis=1) == after["cell"].isin(cells)).all()
    assert after[AGES].isna().any(axis=1).sum() == after[AGES].isna().all(axis=1).sum()
    assert check(tmp_path / "new") == []


def test_age_columns_may_be_missing_together(facts_dir: Path, tmp_path: Path) -> None:
    file = facts_dir / "residents.csv"
    pd.read_csv(file).drop(columns=AGES).to_csv(file, index=False)
    assert build(facts_dir, tmp_path / "new").demand[AGES].isna().all(axis=None)
    cells = pd.read_csv(file)
    cells.assign(age_0_14=1).to_csv(file, index=False)
    with pytest.raises(DataError) as fault:
        build(facts_dir, tmp_path / "other")
    assert {finding.key for finding in fault.value.findings} == {"missing_column"}


def test_ages_of_a_row_are_known_or_not(facts_dir: Path, tmp_path: Path) -> None:
    without_ages(facts_dir, slice(3, 4), AGES[:1])
    with pytest.raises(DataError) as fault:
        build(facts_dir, tmp_path / "new")
    assert [(f.key, f.file, f.row) for f in fault.value.findings] == [
        ("ages_partly", "residents.csv", 5)
    ]


def test_a_table_of_nothing_but_its_header_is_told(facts_dir: Path, tmp_path: Path) -> None:
    file = facts_dir / "residents.csv"
    pd.read_csv(file).iloc[:0].to_csv(file, index=False)
    with pytest.raises(DataError) as fault:
        build(facts_dir, tmp_path / "new")
    assert [(f.key, f.file) for f in fault.value.findings] == [("empty_table", "residents.csv")]


def edited(facts_dir: Path, name: str, **columns: object) -> None:
    table = pd.read_csv(facts_dir / f"{name}.csv", dtype=str)
    table.assign(**columns).to_csv(facts_dir / f"{name}.csv", index=False)  # type: ignore[arg-type]


@pytest.mark.parametrize("column_is", ["empty", "missing"])
def test_what_the_boundary_decides_need_not_be_stated(
    column_is: str, facts_dir: Path, tmp_path: Path, district: District
) -> None:
    for name, column in (
        ("facilities", "inside"),
        ("heritage", "inside"),
        ("residents", "share_inside"),
    ):
        edited(facts_dir, name, **{column: ""})
        if column_is == "missing":
            file = facts_dir / f"{name}.csv"
            pd.read_csv(file, dtype=str).drop(columns=column).to_csv(file, index=False)
    built = build(facts_dir, tmp_path / "new")
    assert built.facilities["inside"].tolist() == district.facilities["inside"].tolist()
    assert built.heritage["inside"].tolist() == [True]
    inside = built.demand["inside"]
    share = built.demand.loc[inside & built.demand["cell"].eq(4), "residents"].sum() / 100.01
    assert share == pytest.approx((337 - 299.5) / 100, abs=0.002)


@pytest.mark.parametrize(
    ("name", "columns", "key", "rows"),
    [
        ("facilities", {"inside": "yes"}, "inside_differs", [3]),
        ("facilities", {"inside": "no"}, "inside_differs", [2, 4]),
        (
            "residents",
            {"share_inside": "0.37"},
            "share_differs",
            [row for row in range(2, 18) if row % 4 != 1],
        ),
    ],
)
def test_what_the_boundary_contradicts_is_refused(
    name: str, columns: dict[str, str], key: str, rows: list[int], facts_dir: Path, tmp_path: Path
) -> None:
    """The clinic stands 37 m inside and is accurate to 40 m: either may be stated of it."""
    edited(facts_dir, name, **columns)
    with pytest.raises(DataError) as fault:
        build(facts_dir, tmp_path / "new")
    told = [(f.key, f.file, f.row) for f in fault.value.findings]
    assert told == [(key, f"{name}.csv", row) for row in rows]


def test_the_time_zone_is_asked_for(facts_dir: Path, tmp_path: Path) -> None:
    file = facts_dir / "boundary.geojson"
    whole = json.loads(file.read_text(encoding="utf-8"))
    del whole["features"][0]["properties"]["time_zone"]
    file.write_text(json.dumps(whole), encoding="utf-8")
    with pytest.raises(DataError) as fault:
        build(facts_dir, tmp_path / "new")
    assert [(f.key, f.file) for f in fault.value.findings] == [("no_time_zone", "about.toml")]
    (facts_dir / "about.toml").write_text('time_zone = "Asia/Tokyo"\n', encoding="utf-8")
    assert build(facts_dir, tmp_path / "new").time_zone == "Asia/Tokyo"
