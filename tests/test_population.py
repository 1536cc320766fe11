"""Nobody is lost or made when residents are put on the street."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from circle.load import population
from circle.load.population import (
    PIECE_M,
    class_weight,
    hundredths,
    inside_hundredths,
    largest_remainder,
    place_areas,
    place_residents,
)
from circle.model import RESIDENT_COLUMNS
from circle.network.graph import build_network, segment_lines

if TYPE_CHECKING:
    from circle.model import District, WalkNetwork


def _line_network(*classes: str) -> WalkNetwork:
    """Parallel streets of 100 m going east, 10 m apart, one a class."""
    rows = np.arange(len(classes))
    ends = pd.DataFrame({"x": np.repeat([0.0, 100.0], len(rows)), "y": np.tile(rows * 10.0, 2)})
    junctions = ends.assign(id=np.arange(len(ends)), signal=False)
    segments = pd.DataFrame(
        {"from_id": rows, "to_id": rows + len(rows), "length_m": 100.0, "steps": -1}
    ).assign(name="", shape_kind="straight")
    segments["class"] = list(classes)
    shapes = shapely.linestrings([[(0, 10.0 * r), (100, 10.0 * r)] for r in rows])
    return build_network(junctions, segments, np.asarray(shapes, object), "EPSG:4549")


def _cells(people: list[list[float]], share: float = 1.0) -> pd.DataFrame:
    table = pd.DataFrame(people, columns=list(RESIDENT_COLUMNS))
    return table.assign(cell=np.arange(1, len(table) + 1), share_inside=share)


@given(
    totals=st.lists(st.lists(st.integers(0, 10**7), min_size=2, max_size=2), min_size=1),
    data=st.data(),
)
def test_shares_add_up_and_differ_from_the_quota_by_less_than_one(
    totals: list[list[int]], data: st.DataObject
) -> None:
    more = data.draw(st.lists(st.integers(0, len(totals) - 1), max_size=40))
    owner = np.array([*range(len(totals)), *more])
    weights = st.lists(st.floats(1e-3, 1e3), min_size=len(owner), max_size=len(owner))
    weight = np.array(data.draw(weights))
    whole = np.array(totals)
    shared = largest_remainder(whole, owner, weight)
    for column in range(2):
        found = np.zeros(len(whole), np.int64)
        np.add.at(found, owner, shared[:, column])
        np.testing.assert_array_equal(found, whole[:, column])
    among = np.bincount(owner, weights=weight)
    assert (np.abs(shared - whole[owner] * (weight / among[owner])[:, None]) < 1.001).all()
    assert (shared >= 0).all()


@given(
    people=st.lists(st.lists(st.floats(0, 500), min_size=5, max_size=5), min_size=1, max_size=4),
    share=st.floats(0, 1),
)
def test_cells_are_conserved(people: list[list[float]], share: float) -> None:
    network = _line_network("residential", "primary", "steps")
    cells = _cells(people, share)
    boxes = np.array([shapely.box(30 * i, -5, 30 * i + 30, 15) for i in range(len(cells))])
    found = place_residents(network, cells, boxes, shapely.box(0, -50, 50, 50), [])
    whole = hundredths(cells[list(RESIDENT_COLUMNS)].to_numpy(np.float64))
    within = inside_hundredths(whole, cells["share_inside"].to_numpy(np.float64))
    for wanted, rows in ((whole, found), (within, found[found["inside"]])):
        sums = rows.groupby("cell")[list(RESIDENT_COLUMNS)].sum()
        sums = sums.reindex(cells["cell"], fill_value=0.0)
        np.testing.assert_array_equal(hundredths(sums.to_numpy(np.float64)), wanted)


def test_lanes_come_before_main_roads_and_stairs_take_nobody() -> None:
    network = _line_network("residential", "tertiary", "primary", "steps", "primary_link")
    box = shapely.box(0, -5, 100, 45)
    cell = np.array([box], object)
    found = place_residents(network, _cells([[170, 0, 0, 0, 0]]), cell, box, [])
    assert found.groupby("segment")["residents"].sum().to_dict() == {0: 100, 1: 50, 2: 20}
    assert len(found) == 3 * 100 / PIECE_M
    assert sorted(found.loc[found["segment"].eq(0), "fraction"]) == pytest.approx(
        [0.125, 0.375, 0.625, 0.875]
    )


def test_a_cell_without_frontage_goes_to_the_nearest_street() -> None:
    network = _line_network("residential", "steps")
    box = shapely.box(40, 100, 60, 120)
    cell = np.array([box], object)
    found = place_residents(network, _cells([[10, 1, 2, 3, 4]]), cell, box, [("a", box)])
    assert found[["segment", "fraction", "x", "y"]].to_numpy().tolist() == [[0, 0.5, 50, 0]]
    assert found[["area", "residents"]].to_numpy().tolist() == [["a", 10]]


def test_the_walk_from_home_is_the_mean_of_the_ground() -> None:
    """A street along the foot of 100 m × 80 m: at 0, 5, …, 80 m the mean is 40 m."""
    network = _line_network("residential")
    box = shapely.box(-1, -1, 101, 81)
    table = place_residents(network, _cells([[8, 0, 0, 0, 0]]), np.array([box], object), box, [])
    assert np.average(table["off_m"], weights=table["residents"]) == pytest.approx(40)
    away = place_residents(
        network, _cells([[8, 0, 0, 0, 0]]), np.array([shapely.box(49, 99, 51, 121)], object),
        shapely.box(0, 0, 200, 200), [],
    )  # fmt: skip
    assert away["off_m"].tolist() == [pytest.approx(110)]


def test_frontage_of_the_part_inside_lies_inside(district: District) -> None:
    xy = district.demand[["x", "y"]].to_numpy(np.float64)
    points = np.asarray(shapely.points(xy), dtype=object)
    inside = district.demand["inside"].to_numpy()
    assert (shapely.distance(district.boundary, points[inside]) < 0.05).all()
    assert not shapely.contains(district.boundary.buffer(-0.05), points[~inside]).any()
    assert set(district.demand.loc[inside, "area"]) == {"west", "east"}
    assert set(district.demand.loc[~inside, "area"]) == {""}
    lines = segment_lines(district.network)[district.demand["segment"]]
    along = shapely.line_interpolate_point(lines, district.demand["fraction"], normalized=True)
    assert (shapely.distance(along, points) < 0.05).all()


def test_merged_ways_take_the_least_weight() -> None:
    classes = np.array(["residential;primary", "footway;steps", "", "secondary_link"], object)
    assert class_weight(classes).tolist() == [0.2, 0, 1, 0]


def test_areas_by_place_else_the_nearest() -> None:
    areas = [("a", shapely.box(0, 0, 10, 10)), ("b", shapely.box(10, 0, 20, 10))]
    xy = np.array([[5.0, 5], [15, 5], [10, 5], [30, 5]])
    assert place_areas(xy, areas).tolist() == ["a", "b", "a", "b"]
    assert place_areas(xy, []).tolist() == [""] * 4


def test_homes_of_large_ground_are_shared_out_in_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The nearest are the same, ties too, however many distances are worked out at a time."""
    grid = np.stack(np.meshgrid(np.arange(9.0), np.arange(7.0)), axis=-1).reshape(-1, 2)
    places = np.array([[0.0, 0.0], [8.0, 0.0], [4.0, 3.0], [4.0, 6.0]])
    away = np.hypot(*(grid[:, None, :] - places).transpose(2, 0, 1))
    for pairs in (1, 13, 10_000):
        monkeypatch.setattr(population, "_PAIRS", pairs)
        nearest, closest = population._nearest_each(grid, places)  # noqa: SLF001
        assert nearest.tolist() == away.argmin(axis=1).tolist()
        assert closest.tolist() == away.argmin(axis=0).tolist()
