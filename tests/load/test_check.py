"""Every fault of a district folder is told where it stands."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from circle.errors import DataError
from circle.load import check, finding_text, read_district, text_tables
from circle.load.folder import read_folder

if TYPE_CHECKING:
    from circle.model import Finding

TIANPING = Path(__file__).parents[2] / "data" / "tianping"


def _edit(folder: Path, file: str, cells: dict[tuple[int, str], str]) -> None:
    table = pd.read_csv(folder / file, dtype=str, keep_default_na=False)
    for (row, column), value in cells.items():
        table.loc[row - 2, column] = value
    table.to_csv(folder / file, index=False)


def _told(findings: list[Finding]) -> set[tuple[str, int | None, str | None, str]]:
    return {(f.file, f.row, f.column, f.key) for f in findings}


def test_a_built_folder_is_clean(district_dir: Path) -> None:
    assert check(district_dir) == []


@pytest.mark.parametrize(
    ("file", "row", "column", "value", "key"),
    [
        ("segments.csv", 4, "from_id", "999", "missing_junction"),
        ("segments.csv", 4, "length_m", "-1", "length_not_positive"),
        ("segments.csv", 4, "length_m", "NaN", "not_number"),
        ("segments.csv", 4, "length_m", "inf", "not_number"),
        ("segments.csv", 4, "length_m", "", "missing_value"),
        ("segments.csv", 4, "length_m", "90", "too_short"),
        ("segments.csv", 4, "shape", "LINESTRING (1", "bad_shape"),
        ("segments.csv", 4, "shape", "POINT (1 2)", "bad_shape"),
        ("segments.csv", 4, "shape", "LINESTRING (116.4 39.9, 116.5 39.9)", "shape_off"),
        ("segments.csv", 4, "shape_kind", "guessed", "unknown_word"),
        ("segments.csv", 4, "steps", "-2", "bad_steps"),
        ("segments.csv", 4, "steps", "1.5", "not_whole"),
        ("junctions.csv", 3, "id", "100", "duplicate_id"),
        ("junctions.csv", 3, "lon", "east", "not_number"),
        ("junctions.csv", 3, "signal", "maybe", "not_flag"),
        ("facilities.csv", 3, "id", "market-a", "duplicate_id"),
        ("facilities.csv", 3, "kind", "<b>cinema</b>", "unknown_kind"),
        ("facilities.csv", 3, "lon", "110", "far_away"),
        ("facilities.csv", 3, "name", "", "missing_value"),
        ("facilities.csv", 3, "hours", "nine to five", "bad_hours"),
        ("facilities.csv", 3, "hours", "Mo-Fr 09:00-27:61", "bad_hours"),
        ("residents.csv", 3, "share_inside", "1.2", "share_range"),
        ("residents.csv", 3, "residents", "-5", "negative_residents"),
        ("residents.csv", 3, "west", "117", "bad_cell"),
        ("demand.csv", 3, "area", "north", "unknown_area"),
        ("demand.csv", 3, "cell", "99", "unknown_cell"),
        ("demand.csv", 3, "segment", "4000", "unknown_segment"),
        ("demand.csv", 3, "fraction", "1.01", "share_range"),
        ("registers.csv", 2, "completeness", "sure", "unknown_word"),
        ("profiles.csv", 2, "speed_m_s", "0", "speed_range"),
        ("profiles.csv", 2, "speed_cv", "1.2", "spread_range"),
    ],
)
def test_one_fault_is_found_in_its_place(
    district_dir: Path, file: str, row: int, column: str, value: str, key: str
) -> None:
    _edit(district_dir, file, {(row, column): value})
    assert (file, row, column, key) in _told(check(district_dir))
    with pytest.raises(DataError) as error:
        read_district(district_dir)
    assert (file, row, column, key) in _told(list(error.value.findings))
    assert all(
        finding_text(finding, code) for finding in error.value.findings for code in ("zh", "en")
    )


@pytest.mark.parametrize("zone", ["Nowhere/Land", "../../etc/passwd", "a" * 300])
def test_a_time_zone_that_there_is_not(district_dir: Path, zone: str) -> None:
    file = district_dir / "district.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('"Asia/Shanghai"', f'"{zone}"'), encoding="utf-8")
    assert ("district.toml", None, "time_zone", "bad_time_zone") in _told(check(district_dir))
    with pytest.raises(DataError):
        read_district(district_dir)


def test_swapped_coordinates(district_dir: Path) -> None:
    _edit(district_dir, "facilities.csv", {(2, "lon"): "39.901", (2, "lat"): "116.401"})
    assert ("facilities.csv", 2, "lon", "swapped") in _told(check(district_dir))


def test_demand_must_conserve_the_cells(district_dir: Path) -> None:
    _edit(district_dir, "demand.csv", {(2, "age_65_plus"): "50"})
    (finding, *_) = [f for f in check(district_dir) if f.key == "not_conserved"]
    assert finding.column == "age_65_plus"
    assert dict(finding.values)["cell"] == "1"


@pytest.mark.parametrize("name", ["segments.csv", "boundary.geojson", "district.toml"])
def test_missing_layer(district_dir: Path, name: str) -> None:
    (district_dir / name).unlink()
    assert (name, None, None, "missing_layer") in _told(check(district_dir))
    with pytest.raises(DataError):
        read_district(district_dir)


@pytest.mark.parametrize(
    ("name", "data", "key"),
    [
        ("boundary.geojson", b'{"type": ', "bad_geojson"),
        ("boundary.geojson", b"[" * 100_000, "bad_geojson"),
        ("boundary.geojson", b'{"features": []}', "one_boundary"),
        ("areas.geojson", b'{"features": [{"geometry": {"type": "Point"}}]}', "bad_geometry"),
        ("areas.geojson", b"7", "bad_geojson"),
        ("facilities.csv", b"", "empty_table"),
        ("segments.csv", b"from_id,to_id\n", "empty_table"),
        ("facilities.csv", b"id,name\n", "missing_column"),
        ("facilities.csv", b"id,name\na,b\n", "missing_column"),
        ("facilities.csv", b'id,name\na,b\n"c', "bad_csv"),
        ("facilities.csv", b"id\na,b,c\n", "bad_csv"),
        ("facilities.csv", "名称".encode("gb18030"), "not_utf8"),
        ("district.toml", b"id = ", "bad_toml"),
        ("district.toml", b"id = 3", "missing_key"),
        ("district.toml", b"\xff", "bad_toml"),
    ],
)
def test_broken_files(district_dir: Path, name: str, data: bytes, key: str) -> None:
    (district_dir / name).write_bytes(data)
    assert (name, key) in {(f.file, f.key) for f in check(district_dir)}
    with pytest.raises(DataError):
        read_district(district_dir)


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "a/b.csv", "..", ".x.csv"])
def test_only_plain_names_within_the_folder(district_dir: Path, name: str) -> None:
    path = district_dir / "district.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('file = "areas.geojson"', f'file = "{name}"'), encoding="utf-8")
    assert "bad_name" in {f.key for f in check(district_dir)}


def test_a_link_is_no_layer(district_dir: Path, tmp_path: Path) -> None:
    (district_dir / "heritage.csv").rename(tmp_path / "heritage.csv")
    (district_dir / "heritage.csv").symlink_to(tmp_path / "heritage.csv")
    assert ("heritage.csv", None, None, "missing_layer") in _told(check(district_dir))


def test_large_files_are_refused_unread(
    district_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text_tables, "LARGEST_MB", 0.001)
    assert "too_large" in {f.key for f in check(district_dir)}


def test_a_clean_change_is_read_and_told(district_dir: Path) -> None:
    before = read_district(district_dir)
    _edit(district_dir, "facilities.csv", {(2, "hours"): "06:00-18:00"})
    after = read_district(district_dir)
    assert after.modified
    assert after.base_id != before.base_id
    assert {f.key for f in check(district_dir)} == {"layer_hash"}


def test_a_folder_that_vouches_for_broken_tables_is_not_believed(district_dir: Path) -> None:
    (district_dir / "facilities.csv").write_text("id,name\na,b\n")
    path = district_dir / "district.toml"
    stated = read_folder(district_dir).meta
    assert stated is not None
    text = path.read_text("utf-8")
    path.write_text(
        text.replace(stated.content_hash, read_folder(district_dir).content_hash), "utf-8"
    )
    assert read_folder(district_dir).unchanged
    with pytest.raises(DataError) as error:
        read_district(district_dir)
    assert "missing_column" in {f.key for f in error.value.findings}


def test_a_lost_row_is_counted(district_dir: Path) -> None:
    path = district_dir / "facilities.csv"
    path.write_text("\n".join(path.read_text("utf-8").splitlines()[:-1]) + "\n", "utf-8")
    assert {f.key for f in check(district_dir)} == {"layer_hash", "layer_rows"}


def test_a_change_of_district_toml_counts(district_dir: Path) -> None:
    path = district_dir / "district.toml"
    path.write_text(path.read_text("utf-8").replace("菜市场", "市场"), "utf-8")
    assert read_district(district_dir).modified
    assert ("district.toml", None, None, "layer_hash") in _told(check(district_dir))


def test_many_faults_are_counted_not_listed(district_dir: Path) -> None:
    path = district_dir / "demand.csv"
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    pd.concat([table] * 5).assign(cell="x").to_csv(path, index=False)
    assert "more" in {f.key for f in check(district_dir)}


def test_every_finding_has_its_sentences() -> None:
    from circle.i18n import sentences  # noqa: PLC0415

    package = Path(text_tables.__file__).parents[1]
    files = [
        path
        for room in ("load", "osm", "scenario", "web")
        for path in (package / room).glob("*.py")
    ]
    source = "".join(path.read_text("utf-8") for path in files)
    known = {key.split(".")[1] for key in sentences("zh") if key.startswith("finding.")}
    used = set(re.findall(r'"([a-z]+(?:_[a-z0-9]+)+)"', source)) & known
    assert known - used <= {
        "row",
        "edit",
        "line",
        "fault",
        "more",
        "swapped",
        "unreadable",
        "overlap",
    }


def test_tianping_is_clean() -> None:
    assert check(TIANPING) == []
    found = read_district(TIANPING)
    inside = found.demand[found.demand["inside"]]
    sums = inside[["residents", "age_65_plus", "age_60_64", "age_0_14"]].sum().round()
    assert sums.tolist() == [63_735, 14_540, 5_018, 7_071]
    assert found.start == (121.4438, 31.2078)
    assert not found.modified
    assert all(layer.trust.zh for layer in found.layers)


@given(st.text(alphabet='ab ,"\n\r\v\u2028é', max_size=40))
def test_a_table_without_torn_rows_is_seen_at_a_glance(text: str) -> None:
    if text.strip("\r\n") and text_tables.whole_rows(text.encode()):
        assert text_tables.torn_rows(text, "a.csv") == []


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("a,b\n1,2\n\n3,4", True),
        ("a,b\r\n1,2\r\n", True),
        ("a,b\n1\n", False),
        ('a,b\n"1,2",2\n', True),
        ('a,b\n"1,2"\n', False),
        ('a,b\n"1""1",2\n', True),
        ('a,b\n1"1,2"\n', False),
        ('a,b\n"1\n1",2\n', False),
        ('a,b\n"1,2\n', False),
        ("a,b\n1\v,2\n", False),
        ("a,b\r1,2\n", False),
        ("a,b\n1,2,3\n", True),
    ],
)
def test_what_can_be_seen_at_a_glance(text: str, whole: object) -> None:
    assert text_tables.whole_rows(text.encode()) is whole
