"""Committees and grid cells: carried over, checked like areas, and never required."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from circle.errors import DataError
from circle.load import build, check, finding_text, read_district
from tests.conftest import place

if TYPE_CHECKING:
    from pathlib import Path


def write_level(
    folder: Path, file: str, *units: tuple[float, float, str], **properties: object
) -> Path:
    """Write units from west to east (metres) with a name each, and return the file."""
    features = []
    for west, east, name in units:
        corners = ((west, -5), (east, -5), (east, 405), (west, 405), (west, -5))
        ring = [place(*corner) for corner in corners]
        features.append(
            {
                "type": "Feature",
                "properties": {"name": name, "status": "official", "note": "一览", **properties},
                "geometry": {"type": "Polygon", "coordinates": [ring]},
            }
        )
    document = {"type": "FeatureCollection", "features": features}
    (folder / file).write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return folder / file


def test_levels_are_carried_over(facts_dir: Path, tmp_path: Path) -> None:
    write_level(facts_dir, "committees.geojson", (-5, 150, "甲居委会"), (150, 337, "乙居委会"))
    write_level(facts_dir, "grid.geojson", (-5, 120, "一"), id="XH-03", name_en="Cell")
    about = '[layers.grid.source]\nzh="街道办"\nen="the office"\n[committees.note]\nen="Told"\n'
    (facts_dir / "about.toml").write_text(about, encoding="utf-8")
    found = build(facts_dir, tmp_path / "out")
    assert check(tmp_path / "out") == []
    assert list(found.levels) == ["area", "committee", "grid"]
    first = found.levels["committee"][0]
    assert (first.id, first.name.zh, first.official) == ("committee-1", "甲居委会", True)
    assert (first.note.zh, first.note.en) == ("一览", "Told")
    assert [unit.id for unit in found.levels["grid"]] == ["xh-03"]
    layers = {layer.id: layer for layer in found.layers}
    assert (layers["committees"].rows, layers["committees"].source.en) == (2, "not stated")
    assert layers["grid"].source.zh == "街道办"
    inside = found.demand[found.demand["inside"]]
    assert set(inside["committee"]) == {"committee-1", "committee-2"}
    assert set(found.demand["grid"]) == {"xh-03", ""}
    assert "committee" not in (tmp_path / "out" / "demand.csv").read_text("utf-8")


def test_a_folder_without_them_is_as_before(district_dir: Path) -> None:
    found = read_district(district_dir)
    assert found.levels == {"area": found.areas}
    assert not {"committee", "grid"} & set(found.demand)
    assert "committees.geojson" not in (district_dir / "district.toml").read_text("utf-8")


def test_levels_change_neither_demand_nor_areas(
    district_dir: Path, facts_dir: Path, tmp_path: Path
) -> None:
    write_level(facts_dir, "grid.geojson", (-5, 120, "一"))
    found = build(facts_dir, tmp_path / "out")
    assert found.base_id != read_district(district_dir).base_id
    for file in ("demand.csv", "areas.geojson"):
        assert (tmp_path / "out" / file).read_bytes() == (district_dir / file).read_bytes()


def test_a_layer_put_into_a_district_is_read_and_told(district_dir: Path) -> None:
    path = write_level(district_dir, "grid.geojson", (-5, 200, "一"), id="g1", name_zh="一号")
    found = read_district(district_dir)
    assert found.modified
    assert found.levels["grid"][0].name.zh == "一号"
    assert {(f.file, f.key) for f in check(district_dir)} == {(path.name, "layer_unlisted")}


def test_a_listed_layer_that_is_gone_is_told(facts_dir: Path, tmp_path: Path) -> None:
    write_level(facts_dir, "grid.geojson", (-5, 200, "一"))
    build(facts_dir, tmp_path / "out")
    (tmp_path / "out" / "grid.geojson").unlink()
    assert ("grid.geojson", "missing_layer") in {(f.file, f.key) for f in check(tmp_path / "out")}
    assert list(read_district(tmp_path / "out").levels) == ["area"]


def test_a_layer_without_features_brings_no_level(facts_dir: Path, tmp_path: Path) -> None:
    write_level(facts_dir, "committees.geojson")
    assert list(build(facts_dir, tmp_path / "out").levels) == ["area"]
    assert check(tmp_path / "out") == []


_AFAR = """{"features": [{"geometry": {"type": "Polygon",
    "coordinates": [[[500, 1], [501, 1], [501, 2], [500, 1]]]}}]}"""


@pytest.mark.parametrize("file", ["committees.geojson", "grid.geojson"])
@pytest.mark.parametrize(
    ("text", "row", "key"),
    [
        ("[", None, "bad_geojson"),
        ('{"features": [{"geometry": {"type": "Point"}}]}', 1, "bad_geometry"),
        (_AFAR, 1, "not_degrees"),
    ],
)
def test_faults_are_told_in_facts_and_district(
    file: str, text: str, row: int | None, key: str, facts_dir: Path, district_dir: Path
) -> None:
    (facts_dir / file).write_text(text)
    with pytest.raises(DataError) as error:
        build(facts_dir, district_dir)
    assert [(f.file, f.row, f.key) for f in error.value.findings] == [(file, row, key)]
    (district_dir / file).write_text(text)
    told = {(f.file, f.row, f.key): f for f in check(district_dir)}
    assert all(finding_text(told[file, row, key], language) for language in ("zh", "en"))
    with pytest.raises(DataError):
        read_district(district_dir)


@pytest.mark.parametrize("name", ["same", "", "(none)"])
def test_each_unit_needs_an_id_of_its_own(district_dir: Path, name: str) -> None:
    write_level(district_dir, "grid.geojson", (-5, 100, "一"), (100, 200, "二"), id=name)
    told = {(f.file, f.row, f.column, f.key) for f in check(district_dir)}
    assert ("grid.geojson", 2, "id", "duplicate_id") in told
    with pytest.raises(DataError):
        read_district(district_dir)


def test_two_units_of_one_id_are_no_district(facts_dir: Path, tmp_path: Path) -> None:
    write_level(facts_dir, "grid.geojson", (-5, 100, "一"), (100, 200, "二"), id="g")
    with pytest.raises(DataError) as error:
        build(facts_dir, tmp_path / "out")
    assert [(f.file, f.row, f.key) for f in error.value.findings] == [
        ("grid.geojson", 2, "duplicate_id")
    ]
    assert not (tmp_path / "out").exists()
