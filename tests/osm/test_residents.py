"""Residents of any usual form become cells with people, none lost and none made."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from circle.cli import main
from circle.geo.geojson import as_geojson
from circle.load import check, read_district
from circle.osm.extract import Frame
from circle.osm.residents import grounds, residents_of
from circle.web import params
from tests.osm import conftest
from tests.osm.conftest import boundary, degrees

if TYPE_CHECKING:
    from pathlib import Path

    from circle.model import District
    from tests.osm.conftest import Town

AGES = ("age_0_14", "age_15_59", "age_60_64", "age_65_plus")


def built(town: Town, tmp_path: Path, file: Path) -> District:
    osm, shape = town.write(tmp_path / "town.osm"), boundary(tmp_path / "b.geojson", name="Centro")
    out = tmp_path / "out"
    words = ["--osm", str(osm), "--boundary", str(shape), "--population", str(file)]
    assert main(["build", *words, str(out)]) == 0
    assert check(out) == []
    return read_district(out)


def _hexagons(rings: int = 3, metres: float = 60.0) -> pd.DataFrame:
    rows = []
    for row in range(-rings, rings + 4):
        for column in range(-rings, rings + 4):
            lon, lat = degrees(metres * (column + row / 2), metres * row * np.sqrt(3) / 2)
            rows.append({"id": f"h{row}.{column}", "lon": lon, "lat": lat, "population": 10})
    return pd.DataFrame(rows)


def test_points_of_a_lattice_stand_for_their_cells(town: Town, tmp_path: Path) -> None:
    file = tmp_path / "hexagons.csv"
    table = _hexagons()
    table.to_csv(file, index=False)
    district = built(town, tmp_path, file)
    assert district.demand["residents"].sum() == pytest.approx(10 * len(table))
    assert district.demand[list(AGES)].isna().all(axis=None)
    cells = pd.read_csv(tmp_path / "out" / "residents.csv")
    shapes = gpd.GeoSeries(shapely.from_wkt(cells["shape"]), crs=4326).to_crs(district.crs)
    inner = shapes.area.sort_values().to_numpy()[: len(shapes) // 2]
    assert inner == pytest.approx(60**2 * np.sqrt(3) / 2, rel=0.01)
    assert district.layers[[x.id for x in district.layers].index("residents")].modelled


@given(
    st.lists(
        st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=1, max_size=25, unique=True
    )
)
def test_the_ground_of_points_overlaps_nowhere(places: list[tuple[int, int]]) -> None:
    xy = np.array(places, float) * 100
    ground = grounds(xy)
    assert shapely.contains_xy(ground, xy[:, 0], xy[:, 1]).all()
    # on a grid: without one GEOS 3.14 at times loses whole parts of a union
    whole = shapely.union_all(ground, grid_size=1e-6).area
    assert shapely.area(ground).sum() == pytest.approx(whole, rel=1e-6)


def test_cells_with_ages(town: Town, tmp_path: Path) -> None:
    (west, south), (east, north) = degrees(0, 0), degrees(100, 100)
    cell = {"west": west, "south": south, "east": east, "north": north, "total": 100}
    ages = dict(zip(AGES, (10, 60, 10, 20), strict=True))
    file = tmp_path / "cells.csv"
    pd.DataFrame([cell | ages]).to_csv(file, index=False)
    district = built(town, tmp_path, file)
    assert district.demand[["residents", *AGES]].sum().tolist() == pytest.approx(
        [100, 10, 60, 10, 20]
    )


@pytest.mark.parametrize("name", ["units.geojson", "units.gpkg"])
def test_units_with_polygons(town: Town, tmp_path: Path, name: str) -> None:
    halves = [(0, 100), (100, 200)]
    shapes = [shapely.box(*degrees(west, 0), *degrees(east, 200)) for west, east in halves]
    table = gpd.GeoDataFrame({"人口": [300, 100]}, geometry=shapes, crs=4326)
    table.to_file(tmp_path / name)
    district = built(town, tmp_path, tmp_path / name)
    demand = district.demand
    assert demand.groupby("cell")["residents"].sum().to_dict() == {1: 300, 2: 100}
    middle = district.network.node_xy[:, 0].mean()
    assert demand.loc[demand["cell"] == 1, "x"].max() < middle + 1
    assert demand.loc[demand["cell"] == 2, "x"].min() > middle - 1


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:32722"])
@pytest.mark.parametrize("compress", ["lzw", "deflate"])
def test_a_raster(town: Town, tmp_path: Path, crs: str, compress: str) -> None:
    rasterio = pytest.importorskip("rasterio")
    from rasterio.transform import from_bounds  # noqa: PLC0415 - only with rasterio
    from rasterio.warp import transform_bounds  # noqa: PLC0415

    sides = (*degrees(-3000, -3000), *degrees(3000, 3000))
    people = np.full((60, 60), -99999.0, np.float32)
    people[27:32, 29:34] = 4.5
    file = tmp_path / "pop.tif"
    place = from_bounds(*transform_bounds("EPSG:4326", crs, *sides), 60, 60)
    shape = {"width": 60, "height": 60, "count": 1, "dtype": "float32", "nodata": -99999.0}
    with rasterio.open(
        file, "w", driver="GTiff", crs=crs, transform=place, compress=compress, **shape
    ) as raster:
        raster.write(people, 1)
    district = built(town, tmp_path, file)
    assert district.demand["residents"].sum() == pytest.approx(25 * 4.5)


def _across(file: Path) -> Path:
    """Write 100 residents on both sides of the 180th meridian in the form that a name says."""
    (west, south), (east, north) = degrees(0, 0), degrees(190, 190)
    halves = [shapely.box(west, south, 180, north), shapely.box(-180, south, east, north)]
    if file.suffix == ".geojson":
        both = shapely.MultiPolygon(halves)
        gpd.GeoDataFrame({"total": [100]}, geometry=[both], crs=4326).to_file(file)
    elif file.stem == "points":
        places = [degrees(20 * column, 20 * row) for row in range(10) for column in range(10)]
        pd.DataFrame(places, columns=["lon", "lat"]).assign(total=1).to_csv(file, index=False)
    elif file.stem == "cells":
        sides = {"west": [west], "south": [south], "east": [east], "north": [north]}
        pd.DataFrame(sides | {"total": [100]}).to_csv(file, index=False)
    else:
        rasterio = pytest.importorskip("rasterio")
        from rasterio.transform import from_bounds  # noqa: PLC0415 - only with rasterio

        people = np.full((2, 6), 25.0, np.float32)
        people[:, 1:5] = 0
        place = from_bounds(-180, south, 180, north, 6, 2)
        shape = {"width": 6, "height": 2, "count": 1, "dtype": "float32", "crs": "EPSG:4326"}
        with rasterio.open(file, "w", driver="GTiff", transform=place, **shape) as raster:
            raster.write(people, 1)
    return file


@pytest.mark.parametrize("name", ["points.csv", "cells.csv", "units.geojson", "world.tif"])
def test_residents_on_both_sides_of_the_180th_meridian(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(conftest, "WEST", 179.999)
    frame = Frame(*degrees(-500, -500), *degrees(700, 700))
    assert frame.west > frame.east
    table = residents_of(_across(tmp_path / name), frame, "EPSG:32701")
    assert table["total"].astype(float).sum() == pytest.approx(100)
    sides = table[["west", "east"]].astype(float)
    assert (sides["west"] < sides["east"]).all()
    assert sides["west"].between(-180, 180).all()
    shapes = shapely.from_wkt(table["shape"]) if "shape" in table else shapely.box(0, 0, 1, 1)
    assert shapely.is_valid(shapes).all()


def test_a_district_across_the_180th_meridian_keeps_its_residents(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conftest, "WEST", 179.999)
    district = built(town, tmp_path, _across(tmp_path / "points.csv"))
    assert district.demand.loc[district.demand["inside"], "residents"].sum() == pytest.approx(100)
    # residents and no facility at all: nothing is asked of them, and the report has them
    words = ["--district", str(tmp_path / "out"), "--out", str(tmp_path / "report")]
    assert main(["report", *words, "--formats", "gpkg"]) == 0
    lon, lat = params.at(district).default
    assert (abs(lon), lat) == pytest.approx((180, degrees(0, 95)[1]), abs=3e-4)
    drawn = shapely.from_geojson(json.dumps(as_geojson(district.boundary, district.crs)))
    assert shapely.get_num_geometries(drawn) == 2
    assert drawn.area == pytest.approx(0.0025 * 0.00217, rel=0.03)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("p.csv", "lon,lat,jobs\n-51.2,-30.05,3\n", "population"),
        ("p.csv", "lon,population\n-51.2,3\n", "lat"),
        ("p.csv", "lon,lat,population\n-51.2,-30.05,many\n", "p.csv"),
        ("p.csv", "lon,lat,population\n-51.2,-30.05,-3\n", "-3"),
        ("p.csv", "lon,lat,population\n1,2,3\n", "within 2 km"),
        ("p.csv", "lon,lat,population\n-51.2,-30.05,0\n", "within 2 km"),
        ("p.tif", "II*\x00nothing", "GeoTIFF"),
        ("p.geojson", json.dumps({"type": "Point", "coordinates": [0, 0]}), "population"),
    ],
)
def test_residents_that_cannot_be_used_are_refused(
    town: Town,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    name: str,
    content: str,
    said: str,
) -> None:
    if name.endswith(".tif"):
        pytest.importorskip("rasterio")
    osm, shape = town.write(tmp_path / "town.osm"), boundary(tmp_path / "b.geojson")
    (tmp_path / name).write_text(content, encoding="utf-8")
    words = ["--osm", str(osm), "--boundary", str(shape), "--population", str(tmp_path / name)]
    assert main(["--lang", "en", "build", *words, str(tmp_path / "out")]) == 1
    assert said in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
