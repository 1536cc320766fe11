"""Rounded shapes are valid, on the grid, and where they were; GeoJSON of them too."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
import shapely.affinity
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import shape

from circle.geo.geojson import DECIMALS, as_geojson
from circle.geo.shapes import on_grid
from circle.load.outlines import Outline, feature_collection, read_outlines
from tests.oracle import CRS

SLIT = shapely.MultiPolygon([shapely.box(0, 0, 10, 10), shapely.box(10.0004, 0, 20, 10)])
"""Two blocks a slit apart that rounding to millimetres closes."""
NEARLY = shapely.Polygon([(0, 0), (20, 0), (20, 20), (10, 0.0004), (0, 20)])
"""A corner that stands nearly on an edge."""

_place = st.tuples(st.integers(0, 80), st.integers(0, 80), st.integers(1, 50), st.floats(0, 3.1))


@st.composite
def _jagged(draw: st.DrawFn) -> Any:
    """Return the union of thin turned blocks, less others: slits, needles and touching corners."""
    blocks = [
        shapely.affinity.rotate(shapely.box(x, y, x + long, y + 1), angle, use_radians=True)
        for x, y, long, angle in draw(st.lists(_place, min_size=2, max_size=12))
    ]
    half = len(blocks) // 2
    return shapely.union_all(blocks[half:]).difference(shapely.union_all(blocks[:half]))


def test_blocks_that_touch_when_rounded_are_one() -> None:
    assert not shapely.transform(SLIT, lambda xy: xy.round(3)).is_valid
    (joined,) = on_grid(np.array([SLIT], object), 3)
    assert joined.is_valid
    assert joined.equals(shapely.box(0, 0, 20, 10))


def test_a_corner_that_meets_an_edge_leaves_two_parts() -> None:
    (parted,) = on_grid(np.array([NEARLY], object), 3)
    assert parted.is_valid
    assert len(shapely.get_parts(parted)) == 2
    assert shapely.symmetric_difference(parted, NEARLY).area < 0.01


def test_what_is_valid_keeps_its_vertices_and_nothing_stays_nothing() -> None:
    block = shapely.box(0.00012, 0, 1.00049, 1)
    rounded, nothing = on_grid(np.array([block, None], object), 3)
    assert shapely.equals_exact(rounded, shapely.box(0, 0, 1, 1))
    assert nothing is None


@settings(max_examples=60)
@given(_jagged(), st.integers(0, 3))
def test_rounded_shapes_are_valid_and_near(jagged: Any, decimals: int) -> None:
    (rounded,) = on_grid(np.array([jagged], object), decimals)
    assert rounded.is_valid
    xy = shapely.get_coordinates(rounded)
    assert np.array_equal(xy, xy.round(decimals))
    off = shapely.symmetric_difference(rounded, jagged).area
    assert off <= 4 * 10.0**-decimals * (jagged.length + 1)


def test_geojson_is_valid_after_its_rounding() -> None:
    degrees = shapely.transform(SLIT, lambda xy: xy * 50 + (500_000, 3_450_000))
    geometry = as_geojson(degrees, CRS)
    assert shape(geometry).is_valid
    xy = shapely.get_coordinates(shape(geometry))
    assert np.array_equal(xy, xy.round(DECIMALS))


def test_outlines_of_a_folder_can_be_read_again() -> None:
    slit = shapely.transform(SLIT, lambda xy: (121, 31) + xy * 9.9e-5)
    assert slit.is_valid
    written = feature_collection([Outline({"id": "a"}, slit)])
    outlines, findings = read_outlines(written, "areas.geojson")
    assert (len(outlines), findings) == (1, [])
