"""What each layer hands to the browser."""

import json
from dataclasses import replace
from typing import Any

import numpy as np
import orjson
import pytest
import shapely
import shapely.affinity

from circle.geo.crs import metric_crs, to_metric
from circle.i18n import in_language
from circle.maps import base_map, grades, layers, legend
from circle.maps.drawing import Layer
from circle.maps.fan import fan_offsets
from circle.maps.geometry import SIMPLIFY_M, feature, packed, packed_polygons
from circle.maps.labels import labels
from circle.maps.ramp import band_colours, step_colours, step_limits
from circle.model import Path
from circle.report.content.elements import Band
from tests.maps import unpacking
from tests.small import SOUTH, WEST, district


def data_of(layer: Layer) -> dict[str, Any]:
    written: dict[str, Any] = orjson.loads(orjson.dumps(layer.whole))
    return written


def test_the_ground_is_small_and_stands_in_degrees() -> None:
    small = district()
    drawn = base_map.base_data(small)
    assert len(orjson.dumps(drawn)) < 400_000
    (south, west), (north, east) = drawn["fit"]
    lon, lat = small.facilities[["lon", "lat"]].to_numpy()[0]
    assert west < lon < east
    assert south < lat < north


def test_packed_lines_come_back_within_the_tolerance() -> None:
    small = district()
    line = shapely.LineString([(WEST, SOUTH), (WEST + 400, SOUTH + 1), (WEST + 800, SOUTH)])
    (steps,) = packed([line], small.crs)
    points = unpacking.points(steps)
    assert len(points) == 2, "a bend of 1 m goes"
    first = json.loads(json.dumps(feature(line, small.crs)))["geometry"]["coordinates"][0]
    assert points[0] == pytest.approx(first, abs=2e-6)


def test_packed_polygons_keep_holes_and_parts() -> None:
    small = district()
    ring = small.boundary.buffer(400).difference(small.boundary.buffer(100))
    apart = ring.union(shapely.affinity.translate(ring, 9_000))
    ground = unpacking.unpacked(packed_polygons(apart, small.crs))
    metres = shapely.transform(ground, lambda at: to_metric(at[:, 0], at[:, 1], small.crs))
    assert [len(part.interiors) for part in ground.geoms] == [1, 1]
    assert shapely.hausdorff_distance(metres.boundary, apart.boundary) < SIMPLIFY_M + 0.2
    assert packed_polygons(shapely.Polygon(), small.crs) == []


def test_bands_are_drawn_from_the_widest_to_the_nearest() -> None:
    small = district()
    rings = [Band(m, shapely.MultiPolygon([small.boundary.buffer(m)])) for m in (10, 5, 15)]
    layer = data_of(layers.bands(rings, small.crs, seen=10))
    drawn = layer["bands"]
    grounds = [unpacking.unpacked(band["polygons"]) for band in drawn]
    assert [ground.area for ground in grounds] == sorted([g.area for g in grounds], reverse=True)
    assert [band["fill"] for band in drawn] == [fill for fill, _ in band_colours(3)][::-1]
    west, south, east, north = grounds[1].bounds
    assert np.ravel(layer["corners"]) == pytest.approx([south, west, north, east], abs=3e-5)
    assert data_of(layers.bands(rings, small.crs))["corners"] is None


def test_facilities_at_one_address_stand_side_by_side() -> None:
    xy = np.array([[0.0, 0.0], [10.0, 0.0], [500.0, 0.0], [1000, 0], [1010, 0], [1020, 0]])
    offsets = fan_offsets(xy, 28)
    assert offsets[:3] == [(-14, 0), (14, 0), (0, 0)]
    ring = np.array(offsets[3:])
    gaps = np.linalg.norm(ring - np.roll(ring, 1, axis=0), axis=1)
    assert (gaps >= 27.5).all()
    assert fan_offsets(np.zeros((0, 2)), 28) == []


def test_a_facility_says_name_kind_trust_and_minutes() -> None:
    small = district()
    with in_language("en"):
        drawn = data_of(
            layers.facilities(
                layers.places(small.facilities, small.kinds), minutes={"c1": 7.2}, selected="c1"
            )
        )
    number = [row["id"] for row in drawn["places"]].index("c1")
    place = drawn["places"][number]
    assert place["label"] == "Canteen B, canteen, Position not verified"
    assert drawn["times"] == ["7 min" if i == number else "" for i in range(len(drawn["places"]))]
    assert place["style"] == "canteen:0"
    assert drawn["selected"] == "c1"
    assert "stroke-dasharray" in drawn["styles"]["canteen:0"]["svg"]
    assert "stroke-dasharray" not in drawn["styles"]["canteen:1"]["svg"]


def test_demand_is_classed_by_its_limit() -> None:
    small = district()
    minutes = np.array([0.0, 5.0, 5.1, 15.0, 15.2, np.inf, np.nan])
    lonlat = np.repeat(small.facilities[["lon", "lat"]].to_numpy(float)[:1], 7, axis=0)
    graded = grades.by_minutes(minutes, 15)
    drawn = data_of(layers.graded(layers.points(lonlat, np.ones(7)), graded))
    assert drawn["step"] == "0012333"
    assert drawn["words"][drawn["said"][6]] == "–"
    assert drawn["people"] == [1] * 7
    assert np.reshape(drawn["at"], (7, 2)) * 1e-6 == pytest.approx(lonlat)
    assert [step["mark"] for step in drawn["steps"]] == ["disc", "disc", "disc", "ring"]


@pytest.mark.parametrize(
    ("limit", "limits"), [(15, [5, 10, 15]), (12, [5, 10, 12]), (3, [3]), (5, [5])]
)
def test_steps_end_at_the_limit(limit: float, limits: list[float]) -> None:
    assert step_limits(limit) == limits


def test_times_darken_evenly_so_that_grey_prints_read() -> None:
    def light(colour: str) -> float:
        red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    for colours in (step_colours(5), [fill for fill, _ in band_colours(4)][::-1]):
        shades = [light(colour) for colour in colours]
        assert shades == sorted(shades, reverse=True)


def test_a_path_ends_in_its_minutes() -> None:
    small = district()
    xy = np.array([[WEST, SOUTH], [WEST + 400.0, SOUTH]])
    drawn = data_of(layers.path(Path(430.0, 400.0, 0.0, xy, (), steps=False), small.crs))
    assert drawn["text"].startswith("7")
    assert drawn["end"] == pytest.approx(np.array(drawn["line"]).reshape(-1, 2).sum(0) / 1e6)


def test_a_gap_is_numbered_at_a_point_within_it() -> None:
    small = district()
    zone = layers.Area(2, "甲", small.boundary, ["约 20 人"])
    layer = data_of(layers.gaps([zone], small.crs, selected="2"))
    (drawn,) = layer["gaps"]
    assert drawn["rank"] == 2
    assert layer["selected"] == drawn["id"] == "2"
    assert unpacking.unpacked(drawn["polygons"]).contains(shapely.Point(drawn["at"]))


def test_names_stand_once_each_and_upright() -> None:
    rows = labels(district())
    names = [row["text"] for row in rows if row["kind"] == "street"]
    assert len(names) == len(set(names))
    assert all(-90 <= row["angle"] <= 90 for row in rows)


def test_the_legend_speaks_the_language_in_use() -> None:
    small = district()
    with in_language("en"):
        row = legend.bands_row([15, 5])
        assert [item["text"] for item in row["items"]] == ["5", "15 min"]
        assert legend.kind_rows(small.kinds.values())[0]["items"][0]["text"] == "market"


def test_a_ground_across_180_degrees_is_one() -> None:
    crs = metric_crs(180.0, -17.0)
    (x, y), *_ = to_metric(np.array([179.995]), np.array([-17.0]), crs)
    ground = shapely.box(x, y, x + 1500, y + 500)
    rings = [Band(15.0, shapely.MultiPolygon([ground]))]
    shown = data_of(layers.bands(rings, crs, seen=15.0))
    (south, west), (north, east) = shown["corners"]
    assert 0 < east - west < 0.02
    assert 0 < north - south < 0.01
    across = replace(district(), crs=crs, boundary=ground)
    (_, west), (_, east) = base_map._corners(across, 60.0)  # noqa: SLF001
    assert 0 < east - west < 0.03
