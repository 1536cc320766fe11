from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from circle.errors import InputError
from circle.network.graph import segment_lines
from circle.network.speeds import impedance
from circle.reach import raster, travel
from circle.reach.isochrone import isochrones, to_features
from tests.oracle import CRS, network_of, points_on, walker

if TYPE_CHECKING:
    from circle.model import WalkNetwork

WEST, SOUTH, BLOCK = 600_000.0, 3_450_000.0, 120.0


def grid(side: int = 9, cut: int | None = None) -> WalkNetwork:
    """A square grid of streets; `cut` leaves out every nth one."""
    xy = [(WEST + BLOCK * i, SOUTH + BLOCK * j) for j in range(side) for i in range(side)]
    streets = [(j * side + i, j * side + i + 1, BLOCK) for j in range(side) for i in range(side - 1)]
    streets += [(j * side + i, (j + 1) * side + i, BLOCK) for j in range(side - 1) for i in range(side)]
    kept = [s for n, s in enumerate(streets) if cut is None or n % cut]
    return network_of(xy, kept)


def test_a_single_street_by_hand() -> None:
    """200 m each way along a straight street: two half discs and a strip, thinning out."""
    net = network_of([(WEST, SOUTH), (WEST + 1000, SOUTH)], [(0, 1, 1000.0)])
    walk = impedance(net, walker())
    origin = points_on(net, [(0, 0.5, 0.0)])
    (found,) = isochrones(travel.reach_from(walk, origin, 200), [200 / 60], cell_m=5)
    west, south, east, north = found.geometry.bounds
    assert west == pytest.approx(WEST + 300, abs=3)
    assert east == pytest.approx(WEST + 700, abs=3)
    assert north - SOUTH == pytest.approx(50, abs=3)
    assert SOUTH - south == pytest.approx(50, abs=3)
    assert found.missed < 0.01
    assert found.false_in < 0.01
    assert found.area_km2 == pytest.approx(found.geometry.area / 1e6)


@given(
    side=st.integers(4, 9),
    cut=st.sampled_from([None, 2, 3, 5]),
    fraction=st.floats(0, 1),
    minutes=st.lists(st.floats(1, 25), min_size=1, max_size=4),
    cell=st.sampled_from([10.0, 15.0, 20.0]),
)
@settings(max_examples=60, deadline=None)
def test_valid_nested_and_close(
    side: int, cut: int | None, fraction: float, minutes: list[float], cell: float
) -> None:
    net = grid(side, cut)
    walk = impedance(net, walker(1.333))
    origin = points_on(net, [(1, fraction, 8.0)])
    found = isochrones(travel.reach_from(walk, origin, max(minutes) * 60), minutes, cell_m=cell)
    assert [one.minutes for one in found] == sorted(set(minutes))
    for one in found:
        assert one.geometry.is_valid
        assert one.geometry.geom_type == "MultiPolygon"
        assert 0 <= one.missed <= 0.06
        assert 0 <= one.false_in <= 0.25
    for small, large in zip(found, found[1:], strict=False):
        assert small.geometry.difference(large.geometry).area < 1e-6


def test_error_is_what_shapely_measures() -> None:
    net = grid(9, 3)
    walk = impedance(net, walker(1.333))
    origin = points_on(net, [(1, 0.5, 0.0)])
    reach = travel.reach_from(walk, origin, 420)
    (found,) = isochrones(reach, [7])
    fractions = (np.arange(240) + 0.5) / 240
    lines = segment_lines(net)
    rows = np.repeat(np.arange(len(lines)), 240)
    everywhere = np.tile(fractions, len(lines))
    seconds = travel.times_at(
        reach, points_on(net, list(zip(rows.tolist(), everywhere.tolist(), [0.0] * len(rows), strict=True)))
    )
    xy = shapely.line_interpolate_point(lines[rows], everywhere, normalized=True)
    within = shapely.contains(found.geometry, xy)
    reachable = np.isfinite(seconds)
    assert found.missed == pytest.approx((reachable & ~within).sum() / reachable.sum(), abs=0.005)
    assert found.false_in == pytest.approx((within & ~reachable).sum() / within.sum(), abs=0.01)


def test_holes_are_filled_only_below_their_size() -> None:
    xy = [(WEST, SOUTH), (WEST + 300, SOUTH), (WEST + 300, SOUTH + 300), (WEST, SOUTH + 300)]
    net = network_of(xy, [(0, 1, 300.0), (1, 2, 300.0), (2, 3, 300.0), (3, 0, 300.0)])
    reach = travel.reach_from(impedance(net, walker()), points_on(net, [(0, 0.0, 0.0)]), 1200)
    (open_block,) = isochrones(reach, [20], fill_holes_m2=20_000)
    (filled,) = isochrones(reach, [20], fill_holes_m2=60_000)
    assert len(open_block.geometry.geoms[0].interiors) == 1
    assert len(filled.geometry.geoms[0].interiors) == 0
    assert filled.area_km2 > open_block.area_km2 + 0.03


def test_features_are_degrees() -> None:
    net = grid(5)
    reach = travel.reach_from(impedance(net, walker()), points_on(net, [(0, 0.5, 0.0)]), 300)
    features = to_features(isochrones(reach, [5, 2]), CRS)
    assert [f["properties"]["minutes"] for f in features] == [2, 5]
    ring = np.array(features[1]["geometry"]["coordinates"][0][0])
    assert (ring[0] == ring[-1]).all()
    assert 120 < ring[:, 0].mean() < 123
    assert 30 < ring[:, 1].mean() < 33


def test_bad_limits() -> None:
    net = grid(4)
    reach = travel.reach_from(impedance(net, walker()), points_on(net, [(0, 0.5, 0.0)]), 300)
    with pytest.raises(InputError):
        isochrones(reach, [0])


@given(st.lists(st.tuples(st.floats(-60, 60), st.floats(-60, 60)), min_size=1, max_size=40))
@settings(max_examples=60, deadline=None)
def test_inside_agrees_with_shapely(points: list[tuple[float, float]]) -> None:
    ring = shapely.Point(0, 0).buffer(50).difference(shapely.Point(10, 5).buffer(20))
    rings = shapely.get_rings(ring)
    coords, owner = shapely.get_coordinates(rings, return_index=True)
    start = np.concatenate([[0], np.cumsum(np.bincount(owner))])
    x, y = np.array(points).T.copy()
    want = shapely.contains_xy(ring, x, y)
    off_edge = shapely.distance(ring.boundary, shapely.points(x, y)) > 1e-9
    got = raster.inside(x, y, (coords, start), 7.0)
    assert (got == want)[off_edge].all()
