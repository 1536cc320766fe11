from __future__ import annotations

import csv
import io
import json
import sqlite3
import struct
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from pyproj import CRS

from circle.report.content.choices import Crs
from circle.report.content.reference_systems import resolve
from circle.report.gis import writers
from circle.report.gis.geometries import parts
from tests.report.sample_data import FIT, report, tianping

if TYPE_CHECKING:
    from pathlib import Path

    from circle.report.content.elements import Report

CHOICES = list(Crs)
FEATURES = {
    "areas": 3,
    "facilities": 24,
    "network": 2598,
    "zones": 0,
    "mixed_points": 4,
    "mixed_lines": 2,
    "mixed_polygons": 3,
}


@pytest.fixture(scope="module", params=CHOICES)
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Return the folder of all files in one reference system, and the report."""
    folder = tmp_path_factory.mktemp(str(request.param))
    asked = report(crs=request.param)
    writers.geopackage(asked, folder / "a.gpkg")
    writers.geojson(asked, folder / "json")
    writers.shapefiles(asked, folder / "shp")
    return folder, asked


def expected(asked: Report, place: tuple[float, float]) -> tuple[float, float]:
    """Return the first and second coordinate that a place has in the files."""
    lon, lat = place
    if asked.choice.crs is not Crs.ZONE:
        return lon, lat
    east, north = tianping().facilities[["x", "y"]].iloc[0]
    return float(east), float(north)


def first_facility() -> tuple[float, float]:
    lon, lat = tianping().facilities[["lon", "lat"]].iloc[0]
    assert 121 < lon < 122  # Shanghai: no other order is right
    assert 31 < lat < 32
    return float(lon), float(lat)


def read_csv(path: Path) -> list[list[str]]:
    text = path.read_bytes().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def test_every_layer_reads_in_the_system_that_was_asked_for(made: Any) -> None:
    folder, asked = made
    code = int(asked.imprint.crs.removeprefix("EPSG:"))
    found = dict(pyogrio.list_layers(folder / "a.gpkg"))
    tables = {"about", "column_meanings", "layer_styles"}
    assert set(found) == {*FEATURES, *tables}
    assert all(found[name] is None for name in tables)
    for name, rows in FEATURES.items():
        frame = pyogrio.read_dataframe(folder / "a.gpkg", layer=name)
        assert len(frame) == rows
        assert frame.crs.to_epsg() == code
        if rows:
            shape = pyogrio.read_dataframe(folder / "shp" / f"{name}.shp")
            assert len(shape) == rows
            assert shape.crs.to_epsg() == code
    for layer in asked.layers:
        frame = pyogrio.read_dataframe(folder / "json" / f"{layer.id}.geojson")
        assert len(frame) == len(layer.frame)
        assert frame.crs.to_epsg() == code


def test_coordinates_are_east_before_north_in_the_bytes(made: Any) -> None:
    folder, asked = made
    want = pytest.approx(expected(asked, first_facility()), abs=1e-6, rel=1e-9)
    with closing(sqlite3.connect(folder / "a.gpkg")) as file:
        (blob,) = file.execute("SELECT geom FROM facilities ORDER BY fid").fetchone()
        box = file.execute(
            "SELECT min_x, min_y, max_x, max_y FROM gpkg_contents WHERE table_name = 'areas'"
        ).fetchone()
    assert blob[:2] == b"GP"
    assert struct.unpack("<dd", blob[-16:]) == want
    assert box[0] > box[1] or asked.choice.crs is Crs.ZONE
    content = json.loads((folder / "json" / "facilities.geojson").read_bytes())
    assert content["features"][0]["geometry"]["coordinates"] == pytest.approx(
        expected(asked, first_facility()), abs=6e-4 if asked.choice.crs is Crs.ZONE else 6e-8
    )
    shape = (folder / "shp" / "facilities.shp").read_bytes()
    assert struct.unpack("<dd", shape[112:128]) == want  # header 100, record 8, type 4


def test_the_prj_is_the_system(made: Any) -> None:
    folder, asked = made
    for path in (folder / "shp").glob("*.prj"):
        assert CRS.from_wkt(path.read_text()).to_epsg() == int(asked.imprint.crs[5:])
        assert path.with_suffix(".cpg").read_text().strip() == "UTF-8"


def test_geojson_names_any_system_but_the_one_of_its_standard(made: Any) -> None:
    folder, asked = made
    content = json.loads((folder / "json" / "areas.geojson").read_bytes())
    if asked.choice.crs is Crs.WGS84:
        assert "crs" not in content
    else:
        code = asked.imprint.crs.removeprefix("EPSG:")
        assert content["crs"]["properties"]["name"] == f"urn:ogc:def:crs:EPSG::{code}"
    empty = json.loads((folder / "json" / "zones.geojson").read_bytes())
    assert (empty["type"], empty["features"]) == ("FeatureCollection", [])
    decimals = 3 if asked.choice.crs is Crs.ZONE else 7
    ring = np.array(content["features"][0]["geometry"]["coordinates"][0])
    assert np.array_equal(ring, ring.round(decimals))
    assert not np.array_equal(ring, ring.round(decimals - 1))


def test_rings_turn_as_the_standard_of_geojson_says(tmp_path: Path) -> None:
    writers.geojson(report(crs=Crs.WGS84), tmp_path)
    for one in json.loads((tmp_path / "areas.geojson").read_bytes())["features"]:
        assert shapely.is_ccw(shapely.linearrings(one["geometry"]["coordinates"][0]))


def test_shapes_are_where_they_were(made: Any) -> None:
    folder, asked = made
    for layer in asked.layers[:3]:
        want = layer.frame.to_crs(asked.imprint.crs).geometry
        near = 1e-7 if asked.choice.crs is not Crs.ZONE else 1e-3
        for shapes in read(folder, layer.id):
            assert shapely.hausdorff_distance(shapes, want.to_numpy()).max() < near


def read(folder: Path, name: str) -> list[Any]:
    """Return the shapes of a layer as each format has them."""
    frames = (
        pyogrio.read_dataframe(folder / "a.gpkg", layer=name),
        pyogrio.read_dataframe(folder / "json" / f"{name}.geojson"),
        pyogrio.read_dataframe(folder / "shp" / f"{name}.shp"),
    )
    return [frame.geometry.to_numpy() for frame in frames]


@pytest.mark.parametrize("crs", CHOICES)
def test_shapes_are_valid_and_equal_in_every_format(
    canteens: Report, crs: Crs, tmp_path: Path
) -> None:
    code, name = resolve(crs, canteens.district)
    asked = replace(canteens, imprint=replace(canteens.imprint, crs=code, crs_name=name))
    writers.geopackage(asked, tmp_path / "a.gpkg")
    writers.geojson(asked, tmp_path / "json")
    writers.shapefiles(asked, tmp_path / "shp")
    for layer in asked.layers:
        packed, *others = read(tmp_path, layer.id)
        dimension = shapely.get_dimensions(layer.frame.geometry.to_numpy())
        for shapes in (packed, *others):
            assert shapely.is_valid(shapes).all(), layer.id
            assert (shapely.get_dimensions(shapes) == dimension).all()
            assert shapely.equals(shapes, packed).all()
        if dimension[0] == 2:
            area = gpd.GeoSeries(packed, crs=code).to_crs(layer.frame.crs).area
            assert area.to_numpy() == pytest.approx(layer.frame.area.to_numpy(), rel=1e-3)


def test_the_zone_of_the_district_is_not_moved(tmp_path: Path) -> None:
    writers.geopackage(report(crs=Crs.ZONE), tmp_path / "a.gpkg")
    found = pyogrio.read_dataframe(tmp_path / "a.gpkg", layer="areas").geometry
    own = [area.polygon for area in tianping().areas]
    assert shapely.equals_exact(found.to_numpy(), np.array(own), tolerance=7.2e-4).all()


def test_values_are_plain_in_every_format(made: Any) -> None:
    folder, _ = made
    frames = {
        "gpkg": pyogrio.read_dataframe(folder / "a.gpkg", layer="facilities"),
        "json": pyogrio.read_dataframe(folder / "json" / "facilities.geojson"),
        "shp": pyogrio.read_dataframe(folder / "shp" / "facilities.shp"),
    }
    for kind, frame in frames.items():
        names = ["" if one is None else one for one in frame["name"].astype(object)]
        want = [FIT[row % len(FIT)] for row in range(len(frame))]
        if kind == "shp":  # a dBASE text ends where its blanks begin
            want = [text.encode()[:254].decode("utf-8", "ignore").rstrip(" ") for text in want]
        assert names == want
        assert frame["walk_min"].notna().tolist() == [row % 4 == 0 for row in range(24)]
        assert frame["walk_min"].dropna().eq(1.5).all()
        assert frame["opened"].dropna().astype(str).str.startswith("2026-04-10").all()
        assert frame["opened"].isna().sum() == 12
        assert frame["verified"].astype(bool).tolist() == tianping().facilities["verified"].tolist()
        assert frame["maybe"].isna().tolist() == [row % 3 == 2 for row in range(24)]
    content = json.loads((folder / "json" / "facilities.geojson").read_bytes())
    values = [one["properties"] for one in content["features"]]
    assert values[1]["walk_min"] is None
    assert values[0]["verified"] is True
    assert isinstance(values[FIT.index("[1, 2]")]["name"], str)
    assert isinstance(values[FIT.index('{"a": 1}')]["name"], str)


def test_gap_zones_have_no_cracks(canteens: Report) -> None:
    (zones,) = (layer.frame for layer in canteens.layers if layer.id == "gap_zones")
    closed = zones.buffer(0.01, join_style="mitre").buffer(-0.01, join_style="mitre")
    assert zones.length.to_numpy() == pytest.approx(closed.length.to_numpy(), rel=1e-3)


def test_numbers_are_numbers_and_what_is_not_known_is_empty(
    canteens: Report, tmp_path: Path
) -> None:
    writers.geopackage(canteens, tmp_path / "a.gpkg")
    with closing(sqlite3.connect(tmp_path / "a.gpkg")) as file:
        listed = "SELECT capacity, delivered, capacity_unit, capacity_text FROM facilities"
        capacities = file.execute(f"{listed} WHERE capacity_text IS NOT NULL").fetchall()
        stairs = "SELECT DISTINCT stairs, steps, ifnull(class, '') LIKE '%steps%' FROM network"
        steps = set(file.execute(stairs).fetchall())
        for layer in canteens.layers:
            for column in file.execute(f"PRAGMA table_info({layer.id})").fetchall():
                name, kind = column[1:3]
                if kind == "TEXT":
                    empty = f"SELECT count(*) FROM {layer.id} WHERE \"{name}\" = ''"  # noqa: S608
                    assert file.execute(empty).fetchone() == (0,), (layer.id, name)
    assert capacities == [
        (71.0, None, "stalls", "71"),
        (700.0, 200.0, "meals/day", "700 dine-in + 200 delivered"),
    ]
    assert steps == {(0, 0, 0), (1, None, 1)}


def test_fields_of_shapefiles_are_explained(tmp_path: Path) -> None:
    writers.shapefiles(report(), tmp_path)
    header, *rows = read_csv(tmp_path / writers.FIELDS)
    assert header == ["文件", "短字段名", "完整字段名", "含义", "备注"]
    written = {
        (path.stem, field)
        for path in tmp_path.glob("*.shp")
        for field in pyogrio.read_info(path)["fields"]
    }
    assert written == {(row[0], row[1]) for row in rows if row[1]}
    by_name = {(row[0], row[2]): row for row in rows}
    assert by_name["areas", "residents_60_plus"][1] == "resi60plus"
    assert by_name["areas", "residents_65_plus"][1] == "resi65plus"
    frame = pyogrio.read_dataframe(tmp_path / "areas.shp")
    assert frame["resi60plus"].tolist() == [0.5, 1.5, 2.5]
    assert frame["resi65plus"].tolist() == [0, 1, 2]
    assert by_name["facilities", "address"][4].startswith("24 行")
    assert by_name["facilities", "name"][4].startswith("1 行")
    assert by_name["facilities", "walk_min"][3:] == ["步行（分钟）", ""]
    assert "没有要素" in by_name["zones", ""][4]
    assert not list(tmp_path.glob("zones.*"))
    address = pyogrio.read_dataframe(tmp_path / "facilities.shp")["address"]
    assert {len(text.encode()) for text in address} == {252}  # 84 signs of three bytes


def test_shapefiles_carry_the_report_s_day(tmp_path: Path) -> None:
    writers.shapefiles(report(), tmp_path)
    assert (tmp_path / "areas.dbf").read_bytes()[1:4] == bytes([126, 5, 6])


def test_mixed_geometry_is_one_kind_in_each_part(tmp_path: Path) -> None:
    asked = report(crs=Crs.ZONE)
    layer = asked.layers[-1]
    found = {part.kind: part.frame for part in parts(layer, asked)}
    rows = {kind: frame["number"].tolist() for kind, frame in found.items()}
    assert rows == {"points": [0, 4, 5, 6], "lines": [1, 4], "polygons": [2, 3, 4]}
    for kind, dimension in (("lines", 1), ("polygons", 2)):
        shapes = found[kind].geometry.to_numpy()
        assert set(shapely.get_dimensions(shapes)) == {dimension}
        assert len(set(shapely.get_type_id(shapes))) == 1
    assert found["points"].geometry.isna().tolist() == [False, False, True, True]
    assert found["polygons"].area.tolist() == pytest.approx([400, 400, 400])
    nothing = replace(layer, frame=layer.frame.iloc[5:])
    assert [(part.kind, len(part.frame)) for part in parts(nothing, asked)] == [("", 2)]
    writers.geopackage(replace(asked, layers=(nothing,)), tmp_path / "a.gpkg")
    assert len(pyogrio.read_dataframe(tmp_path / "a.gpkg", layer="mixed")) == 2


def test_heights_are_left_out() -> None:
    asked = report(crs=Crs.ZONE)
    high = gpd.GeoDataFrame({"a": [1]}, geometry=[shapely.Point(1, 2, 3)], crs=tianping().crs)
    (part,) = parts(replace(asked.layers[0], frame=high), asked)
    assert not part.frame.geometry.iloc[0].has_z


def test_a_frame_without_a_system_is_in_the_district_s() -> None:
    asked = report(crs=Crs.WGS84)
    layer = asked.layers[1]
    bare = replace(layer, frame=gpd.GeoDataFrame(layer.frame.drop(columns="geometry"),
        geometry=layer.frame.geometry.to_numpy()))  # fmt: skip
    (want,), (found,) = parts(layer, asked), parts(bare, asked)
    assert bare.frame.crs is None
    assert found.frame.geometry.geom_equals(want.frame.geometry).all()


def test_the_geopackage_says_what_it_is(tmp_path: Path) -> None:
    asked = report()
    assert writers.geopackage(asked, tmp_path / "a.gpkg") == sum(FEATURES.values())
    said = dict(
        pyogrio.read_dataframe(tmp_path / "a.gpkg", layer="about")[["item", "said"]].to_numpy()
    )
    assert said["坐标系代码"] == "EPSG:4490"
    assert said["数据校验码"] == tianping().base_id
    assert said["使用须知"] == asked.imprint.caution
    means = pyogrio.read_dataframe(tmp_path / "a.gpkg", layer="column_meanings")
    row = means[means["layer"].eq("facilities") & means["column_name"].eq("walk_min")]
    assert row["meaning"].tolist() == ["步行（分钟）"]
    with closing(sqlite3.connect(tmp_path / "a.gpkg")) as file:
        rows = file.execute("SELECT DISTINCT last_change FROM gpkg_contents").fetchall()
        titles = dict(file.execute("SELECT table_name, description FROM gpkg_contents"))
        assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert file.execute("PRAGMA application_id").fetchone() == (0x47504B47,)
    assert rows == [("2026-05-05T23:08:09.000Z",)]
    assert titles["facilities"] == "设施 <&>"


def test_equal_reports_are_equal_files(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        writers.geopackage(report(), tmp_path / name / "a.gpkg")
        writers.geojson(report(), tmp_path / name)
        writers.shapefiles(report(), tmp_path / name)
    files = sorted(path.name for path in (tmp_path / "a").iterdir())
    assert len(files) == 37
    for name in files:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes(), name


def test_a_report_without_layers(tmp_path: Path) -> None:
    bare = replace(report(), layers=())
    assert writers.geopackage(bare, tmp_path / "a.gpkg") == 0
    assert set(dict(pyogrio.list_layers(tmp_path / "a.gpkg"))) == {"about", "column_meanings"}
    assert writers.geojson(bare, tmp_path) == {}
    assert writers.shapefiles(bare, tmp_path) == {writers.FIELDS: 0}
    assert pd.read_csv(tmp_path / writers.FIELDS).empty
