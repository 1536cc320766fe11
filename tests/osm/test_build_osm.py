"""One command: an extract and a boundary become a district that opens."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from circle.cli import main
from circle.load import check, read_district
from circle.load.folder import read_folder
from circle.model import Completeness
from circle.osm import extract, refresh
from circle.osm.extract import Frame, read_extract
from tests.osm import conftest
from tests.osm.conftest import boundary, degrees, number

if TYPE_CHECKING:
    from tests.osm.conftest import Town


def test_streets_alone_are_a_district(
    town: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    town.way(300, [number(0, 0), town.node(99, 50, -50)], {"highway": "motorway"})
    osm = town.write(tmp_path / "town.osm")
    out = tmp_path / "out"
    shape = boundary(tmp_path / "b.geojson", name="Centro")
    assert main(["build", "--osm", str(osm), "--boundary", str(shape), str(out)]) == 0
    answer, told = capsys.readouterr()
    assert json.loads(answer)["left_out"] == {"ways": {"motorway": 1}, "places": {}}
    assert "--population" in told
    assert check(out) == []
    district = read_district(out)
    assert (district.time_zone, district.crs) == ("America/Sao_Paulo", "EPSG:32722")
    assert (district.id, district.name.zh, district.name.en) == ("centro", "Centro", "Centro")
    assert (district.observed, district.modified) == ("2026-05-04", False)
    assert {r.completeness for r in district.registers.values()} == {Completeness.UNKNOWN}
    assert district.registers["market"].as_of == "2026-05-04"
    layers = {layer.id: layer for layer in district.layers}
    assert "OpenStreetMap" in layers["segments"].source.en
    assert "ODbL" in layers["segments"].licence.en
    assert layers["boundary"].source.en == "b.geojson"
    listed = pd.read_csv(out / "osm_left_out.csv", dtype=str)
    assert listed["osm_way"].tolist() == ["300"]


def test_the_name_asked_for_is_the_district_s(town: Town, tmp_path: Path) -> None:
    osm, out = town.write(tmp_path / "town.osm"), tmp_path / "out"
    shape = boundary(tmp_path / "b.geojson")
    words = ["build", "--osm", str(osm), "--boundary", str(shape), "--name", "老城", str(out)]
    assert main(words) == 0
    assert read_district(out).name.zh == read_district(out).name.en == "老城"


@pytest.mark.parametrize("asked", ["Centro Histórico", "7", "r7", "relation/7", "centro histórico"])
def test_a_relation_is_the_boundary(town: Town, tmp_path: Path, asked: str) -> None:
    corners = ((-20, -20), (220, -20), (220, 220), (-20, 220))
    ring = [town.node(400 + i, *corner) for i, corner in enumerate(corners)]
    town.way(500, ring[:3], {})
    town.way(501, [ring[0], ring[3], ring[2]], {})
    names = {"name": "Centro Histórico", "name:en": "Old town"}
    tags = {"type": "boundary", "boundary": "administrative", **names}
    town.relations[7] = ((("w", 500, "outer"), ("w", 501, "outer")), tags)
    osm, out = town.write(tmp_path / "town.osm"), tmp_path / "out"
    assert main(["build", "--osm", str(osm), "--boundary", asked, str(out)]) == 0
    district = read_district(out)
    assert district.boundary.area == pytest.approx(240 * 240, rel=0.01)
    assert (district.name.zh, district.name.en) == ("Centro Histórico", "Old town")
    assert "OpenStreetMap" in {layer.id: layer for layer in district.layers}["boundary"].source.en


def test_a_relation_that_is_not_whole_is_refused(
    town: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    town.way(500, [number(0, 0), number(1, 0), number(1, 1)], {})
    tags = {"type": "boundary", "boundary": "administrative", "name": "Open"}
    town.relations[7] = ((("w", 500, "outer"), ("w", 999, "outer")), tags)
    osm = town.write(tmp_path / "town.osm")
    for asked, said in (("Open", "2"), ("Nowhere", "Open (r7"), ("99", "99")):
        out = tmp_path / "out"
        assert main(["build", "--osm", str(osm), "--boundary", asked, str(out)]) != 0
        assert said in capsys.readouterr().err
        assert not out.exists()


def test_a_boundary_elsewhere_is_refused(
    town: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    osm, shape = town.write(tmp_path / "town.osm"), tmp_path / "b.geojson"
    corners = ((9000, 9000), (9200, 9000), (9200, 9200), (9000, 9000))
    polygon = {"type": "Polygon", "coordinates": [[degrees(*corner) for corner in corners]]}
    shape.write_text(json.dumps(polygon), encoding="utf-8")
    code = main(["--lang", "en", "build", "--osm", str(osm), "--boundary", str(shape), "out"])
    assert code == 1
    assert "no walkable street inside the boundary" in capsys.readouterr().err


@pytest.mark.parametrize("driver", ["GPKG", "ESRI Shapefile"])
def test_boundaries_of_other_formats(town: Town, tmp_path: Path, driver: str) -> None:
    table = gpd.read_file(boundary(tmp_path / "b.geojson", name="Cidade Baixa"))
    table = table.to_crs("EPSG:32722")
    folder = tmp_path / "shapes"
    folder.mkdir()
    if driver == "GPKG":
        shape = tmp_path / "b.gpkg"
        table.to_file(shape)
    else:
        table.to_file(folder / "b.shp")
        shape = Path(shutil.make_archive(str(tmp_path / "b"), "zip", folder))
    osm, out = town.write(tmp_path / "town.osm"), tmp_path / "out"
    assert main(["build", "--osm", str(osm), "--boundary", str(shape), str(out)]) == 0
    district = read_district(out)
    assert district.boundary.area == pytest.approx(240 * 240, rel=0.01)
    assert district.name.zh == "Cidade Baixa"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["build", "--osm", "{graphml}", "--boundary", "x", "out"], "import-graphml"),
        (["build", "--osm", "{geojson}", "--boundary", "x", "out"], "[out:xml]"),
        (["build", "--osm", "{text}", "--boundary", "x", "out"], ".osm.pbf"),
        (["build", "--osm", "{torn}", "--boundary", "x", "out"], "Download it again"),
        (["build", "--osm", "{osm}", "out"], "--boundary"),
        (["build", "--osm", "{osm}", "--boundary", "{text}", "out"], "GeoJSON, GeoPackage"),
        (["build", "{osm}", "out"], "--osm"),
        (["build", "out"], "--osm"),
        (["build", "a", "out", "--name", "x"], "--name"),
        (["import-graphml", "{osm}", "out"], "build --osm"),
        (["import-graphml", "{geojson}", "out"], "save_graphml"),
    ],
)
def test_a_wrong_kind_of_file_is_told_with_its_mend(
    town: Town,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    said: str,
) -> None:
    files = {
        "osm": town.write(tmp_path / "town.osm"),
        "geojson": boundary(tmp_path / "b.geojson"),
        "graphml": tmp_path / "g.osm",
        "text": tmp_path / "t.osm.pbf",
        "torn": tmp_path / "torn.osm",
    }
    files["graphml"].write_text('<?xml version="1.0"?>\n<graphml xmlns="x"/>', encoding="utf-8")
    files["text"].write_text("streets", encoding="utf-8")
    files["torn"].write_text(files["osm"].read_text(encoding="utf-8")[:900], encoding="utf-8")
    told = [
        word.format(**files) if "{" in word else str(tmp_path / word) if word == "out" else word
        for word in words
    ]
    assert main(["--lang", "en", *told]) in {1, 2}
    assert said in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_district_across_the_180th_meridian(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conftest, "WEST", 179.999)
    corners = ((-20, -20), (220, -20), (220, 220), (-20, 220))
    ring = [town.node(400 + i, *corner) for i, corner in enumerate(corners)]
    town.way(500, [*ring, ring[0]], {})
    tags = {"type": "boundary", "boundary": "administrative", "name": "Taveuni"}
    town.relations[7] = ((("w", 500, "outer"),), tags)
    osm, out = town.write(tmp_path / "town.osm"), tmp_path / "out"
    assert main(["build", "--osm", str(osm), "--boundary", "r7", str(out)]) == 0
    assert check(out) == []
    district = read_district(out)
    assert district.crs in {"EPSG:32760", "EPSG:32701"}
    assert len(district.network.segment_length_m) == 12
    assert district.boundary.area == pytest.approx(240 * 240, rel=0.01)
    around = refresh.frame_of(read_folder(out))
    assert (around.west, around.east) == pytest.approx((179.999, -179.9989), abs=1e-4)
    beyond = tmp_path / "beyond.geojson"
    west, east = 179.9988, 179.999 + 0.0023
    shape = shapely.box(west, *degrees(0, -20)[1:], east, degrees(0, 220)[1])
    beyond.write_text(shapely.to_geojson(shape), encoding="utf-8")
    assert main(["build", "--osm", str(osm), "--boundary", str(beyond), str(out)]) == 0
    assert read_district(out).boundary.area == pytest.approx(240 * 240, rel=0.05)


def test_numbers_from_all_over_are_read_in_parts_and_say_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = conftest.Town()
    corners = [(0, 0), (100, 0), (200, 0), (9_000, 0)]
    nodes = [town.node((at << 27) + 5, *corner) for at, corner in enumerate(corners)]
    town.way(8, nodes[1:3], {"highway": "residential"})
    town.way(5, [nodes[0], nodes[2], nodes[3]], {"highway": "residential"})
    town.way(9, nodes[3:], {"highway": "residential"})
    town.relations[7] = ((("w", 5, "outer"),), {"type": "multipolygon"})
    osm = town.write(tmp_path / "town.osm")
    frame, told = Frame(*degrees(-50, -50), *degrees(250, 50)), []
    whole = read_extract(osm, frame, lambda *_: None)
    monkeypatch.setattr(extract, "_MOST_BLOCKS", 1)
    parts = read_extract(osm, frame, lambda *step: told.append(step))
    assert [way.id for way in whole.ways] == [5, 8]
    assert (parts.ways, parts.relations) == (whole.ways, whole.relations)
    assert [count for what, count in told if what == "pass"] == [1, 2, 3]
    assert told[-2:] == [("ways", 2), ("relations", 1)]
