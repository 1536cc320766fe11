"""What each layer hands to the browser."""

import json
from typing import Any

import numpy as np
import pytest
import shapely
from streamlit_folium import generate_leaflet_string

from circle.i18n import in_language
from circle.maps import base_map, grades, layers, legend
from circle.maps.element import Call, script_json
from circle.maps.fan import fan_offsets
from circle.maps.geometry import feature, packed
from circle.maps.labels import labels
from circle.maps.ramp import band_colours, step_colours, step_limits
from circle.model import Path
from tests.small import SOUTH, WEST, district


def data_of(group: Any) -> dict[str, Any]:
    call = next(iter(group._children.values()))  # noqa: SLF001
    found: dict[str, Any] = json.loads(call.json)
    return found


def test_the_ground_is_small_and_stands_in_degrees() -> None:
    small = district()
    drawn = base_map.base_data(small)
    assert len(script_json(drawn)) < 400_000
    (south, west), (north, east) = drawn["fit"]
    lon, lat = small.facilities[["lon", "lat"]].to_numpy()[0]
    assert west < lon < east
    assert south < lat < north


def test_packed_lines_come_back_within_the_tolerance() -> None:
    small = district()
    line = shapely.LineString([(WEST, SOUTH), (WEST + 400, SOUTH + 1), (WEST + 800, SOUTH)])
    (steps,) = packed([line], small.crs)
    points = np.cumsum(np.array(steps).reshape(-1, 2), axis=0) / 1e6
    assert len(points) == 2, "a bend of 1 m goes"
    first = json.loads(json.dumps(feature(line, small.crs)))["geometry"]["coordinates"][0]
    assert points[0] == pytest.approx(first, abs=2e-6)


def test_bands_are_drawn_from_the_widest_to_the_nearest() -> None:
    small = district()
    rings = [feature(small.boundary.buffer(m), small.crs, minutes=m) for m in (10, 5, 15)]
    drawn = data_of(layers.bands(rings))["bands"]
    assert drawn[0]["geometry"] == rings[2]["geometry"]
    assert [band["fill"] for band in drawn] == [fill for fill, _ in band_colours(3)][::-1]


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
            layers.facilities(small.facilities, small.kinds, minutes={"c1": 7.2}, selected="c1")
        )
    place = next(row for row in drawn["places"] if row["id"] == "c1")
    assert place["label"] == "Canteen B, canteen, Position not verified, 7 min"
    assert place["style"] == "canteen:0"
    assert place["selected"] is True
    assert "stroke-dasharray" in drawn["styles"]["canteen:0"]["svg"]
    assert "stroke-dasharray" not in drawn["styles"]["canteen:1"]["svg"]


def test_demand_is_classed_by_its_limit() -> None:
    small = district()
    minutes = np.array([0.0, 5.0, 5.1, 15.0, 15.2, np.inf, np.nan])
    lonlat = np.repeat(small.facilities[["lon", "lat"]].to_numpy(float)[:1], 7, axis=0)
    graded = grades.by_minutes(minutes, 15)
    points = layers.graded(lonlat, graded, np.ones(7))
    drawn = data_of(points)
    assert [row[2] for row in drawn["points"]] == [0, 0, 1, 2, 3, 3, 3]
    assert drawn["points"][6][3] == "–"
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
    zone = feature(small.boundary, small.crs, rank=2, name="甲", lines=["约 20 人"])
    (drawn,) = data_of(layers.gaps([zone], selected="2"))["gaps"]
    assert drawn["rank"] == 2
    assert drawn["selected"] is True
    assert shapely.geometry.shape(zone["geometry"]).contains(shapely.Point(drawn["at"]))


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


def test_two_maps_of_one_district_are_drawn_alike() -> None:
    small = district()
    kept = base_map.Backdrop.of(base_map.base_data(small))
    first, second = (base_map.district_map(kept) for _ in range(2))
    for drawn in (first, second):
        drawn.get_root().render()
    assert generate_leaflet_string(first) == generate_leaflet_string(second)


def test_a_call_stands_in_the_page_as_it_was_written() -> None:
    drawn = base_map.district_map(base_map.Backdrop.of(base_map.base_data(district())))
    drawn.add_child(Call("legend", '{"title":"{{ 6 * 7 }}"}'))
    assert "circle.legend(" in (page := drawn.get_root().render())
    assert '{"title":"{{ 6 * 7 }}"}' in page
