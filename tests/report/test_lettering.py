"""How texts are measured and broken, where names and the rows of a legend stand."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
import shapely
from matplotlib.path import Path

from circle.maps.grades import Mark
from circle.report import legend
from circle.report.drawing import SIZES, Spot, dot_mm, hatching, size_class
from circle.report.ground import fitted
from circle.report.layout import Sheet, plan
from circle.report.lettering import Board
from circle.report.marginalia import scale_length
from circle.report.page import Box, outline
from circle.report.signs import gable, handle_of, letter_of, mark_of, shape_of
from circle.report.typesetting import shortened, width_mm, wrap
from tests import small
from tests.report.made import plate

if TYPE_CHECKING:
    from circle.report.content.elements import Report


def test_widths_are_those_of_the_fonts() -> None:
    assert width_mm("一二三", 2.0) == pytest.approx(6.0)
    assert width_mm("", 2.0) == 0
    assert width_mm("iiii", 2.0) < width_mm("WWWW", 2.0) / 2
    assert width_mm("W", 2.0, bold=True) > width_mm("W", 2.0)


def test_lines_break_where_they_may() -> None:
    assert wrap("一二三四五，六七", 1.0, 5.1) == ["一二三四", "五，六七"]
    assert wrap("一二三四（五六）", 1.0, 5.1) == ["一二三四", "（五六）"]
    assert wrap("one two three", 1.0, width_mm("one two ", 1.0)) == ["one two", "three"]
    assert wrap("", 1.0, 5.0) == wrap(" \t\n", 1.0, 5.0) == []
    assert wrap("one\ttwo", 1.0, 99.0) == ["one two"]
    long = "W" * 100
    parts = wrap(long, 1.0, 10.0, 99)
    assert "".join(parts) == long
    assert all(width_mm(one, 1.0) <= 10.0 for one in parts)


def test_what_does_not_fit_ends_in_an_ellipsis() -> None:
    assert wrap("一二三四五六", 1.0, 3.1, 1) == ["一二…"]
    assert shortened("community clinic", 1.0, 99.0) == "community clinic"
    last = wrap("Wutong community clinic of the north", 1.0, 10.0, 2)[-1]
    assert last == "clinic of the north"
    last = wrap("Wutong community clinic of the north", 1.0, 8.0, 2)[-1]
    assert last.startswith("community c")
    assert last.endswith("…")
    assert width_mm(last, 1.0) <= 8.0
    room = width_mm("community clinic", 1.0)
    assert wrap("Wutong community clinic", 1.0, room, 2) == ["Wutong", "community clinic"]


def test_views_show_what_they_have_to_at_a_round_scale() -> None:
    frame = Box(10.0, 20.0, 200.0, 100.0)
    view = fitted((0.0, 0.0, 2580.0, 1000.0), frame, 1.0, round_scale=True)
    assert view.metres_per_mm == pytest.approx(13.0)
    assert fitted((0.0, 0.0, 2000.0, 1.0), frame, 1.0, round_scale=True).metres_per_mm == 10.0
    free = fitted((0.0, 0.0, 2580.0, 1000.0), frame, 1.0, round_scale=False)
    assert free.metres_per_mm == pytest.approx(12.9)
    assert view.mm(np.array([[1290.0, 500.0], [2590.0, 500.0]])) == pytest.approx(
        np.array([[110.0, 70.0], [210.0, 70.0]])
    )
    assert view.seen(view.mm(np.array([[-10.0, 0.0], [-11.0, 0.0]]))).tolist() == [True, False]


def test_round_lengths() -> None:
    assert scale_length(10.0, 30.0) == 200.0
    assert scale_length(10.0, 50.0) == 500.0
    assert scale_length(3.0, 31.0) == 50.0


def test_marks_grow_by_their_area() -> None:
    wide = dot_mm(np.array(SIZES))
    assert wide**2 / wide[0] ** 2 == pytest.approx(np.array(SIZES) / SIZES[0])
    assert size_class(np.array([0.0, 8.0, 12.0, 13.0, 170.0, 9000.0])).tolist() == [
        0,
        0,
        0,
        1,
        5,
        5,
    ]


def test_hatching_hangs_on_the_sheet() -> None:
    left, right = shapely.box(0, 0, 10, 10), shapely.box(10, 0, 20, 10)
    apart, whole = hatching(left, 1.5), hatching(shapely.box(0, 0, 20, 10), 1.5)
    both = shapely.union_all([apart, hatching(right, 1.5)])
    assert both.length == pytest.approx(whole.length)
    assert apart.length == pytest.approx(100 / 1.5, rel=0.05)
    rises = {
        round(math.degrees(math.atan2(*np.ptp(one, axis=0)[::-1])))
        for one in map(shapely.get_coordinates, shapely.get_parts(apart))
        if np.ptp(one) > 0.1
    }
    assert rises == {45}
    assert hatching(shapely.Polygon(), 1.5).is_empty


def test_shapes_are_those_of_the_screen() -> None:
    kinds = small.kinds()
    for kind in kinds.values():
        path = shape_of(kind)
        assert np.abs(path.get_extents().get_points()).max() <= 0.51
        up, high = letter_of(kind)
        assert path.contains_point((0, up + high * 0.4))
    basket = handle_of(kinds["market"])
    assert basket is not None
    assert basket.get_extents().y1 > shape_of(kinds["market"]).get_extents().y1
    assert handle_of(kinds["canteen"]) is None
    disc = mark_of(Mark.DISC)
    assert np.ptp(disc.get_extents().get_points(), axis=0) == pytest.approx([1, 1], abs=1e-3)
    assert np.shape(mark_of(Mark.CROSS).vertices) > np.shape(mark_of(Mark.DIAMOND).vertices)
    assert gable().contains_point((0, 0))
    assert not gable().contains_point((0.35, 0.3))


def test_outlines_keep_holes_and_open_lines() -> None:
    outer, inner = ([(a, a), (a, b), (b, b), (b, a)] for a, b in ((0, 3), (1, 2)))
    ring = shapely.Polygon(outer, [inner])
    both = outline(shapely.GeometryCollection([ring, shapely.LineString([(5, 5), (6, 6)])]))
    assert both is not None
    assert np.count_nonzero(both.codes == Path.MOVETO) == 3
    path = outline(ring)
    assert path is not None
    turns = [shapely.is_ccw(shapely.LinearRing(one)) for one in np.split(path.vertices, 2)]
    assert turns == [True, False]  # filled between, by whichever rule
    assert outline(shapely.Polygon()) is outline(None) is None


def test_a_name_takes_the_cheapest_free_place(canteens: Report) -> None:
    shown = plate(canteens)
    view = plan(canteens, shown, Sheet()).view
    board = Board(view, canteens.district, shown)
    frame = view.frame
    free = (frame.left + 20.0, frame.top - 10.0, 8.0, 3.0, 0.0)
    assert board.cost(free) == 0
    assert board.cost((frame.left, frame.top, 8.0, 3.0, 0.0)) == math.inf
    crowd = (*view.mm(shown.xy[:1])[0].tolist(), 8.0, 3.0, 0.0)
    assert board.cost(crowd) >= 1
    assert board.best([(crowd, 0.0), (free, 0.5)]) == free
    assert board.cost(free) == math.inf  # taken
    assert board.best([(free, 0.0)]) is None
    board.take([Spot(free[0] + 12, free[1], 5.0)])
    assert board.cost((free[0] + 12, free[1], 2.0, 2.0, 0.0)) == math.inf


def test_turned_names_cover_what_stands_below_them(canteens: Report) -> None:
    shown = plate(canteens)
    view = plan(canteens, shown, Sheet()).view
    middle = (view.frame.left + 60.0, view.frame.bottom + 60.0)
    homes = np.array(view.middle) + (np.array([[5.0, 5.0], [-5.0, -5.0], [5.0, -5.0]]))
    board = Board(view, canteens.district, replace(shown, xy=homes))
    at = view.mm(homes)
    centre = at[:2].mean(axis=0)
    long = float(np.hypot(*(at[0] - at[1]))) + 0.5
    assert board._covered((*centre.tolist(), long, 0.2, 45.0)) == 2  # noqa: SLF001
    assert board._covered((*centre.tolist(), long, 0.2, -45.0)) == 1  # noqa: SLF001
    assert board._covered((*middle, 0.1, 0.1, 0.0)) == 0  # noqa: SLF001


def test_a_legend_leaves_nothing_out(canteens: Report) -> None:
    """Whatever the sheet, and with as many kinds as there are."""
    district = canteens.district
    shown = replace(
        plate(canteens), places=district.facilities, heritage=True, roads=True, note="注" * 60
    )
    found = legend.groups(district, shown, 1.0)
    said = [entry.text for group in found for entry in group.entries]
    assert len(said) > 20
    for width, many, size in ((60.0, 2, 1.0), (45.0, 1, 0.7)):
        blocks = legend.blocks(found, shown.note, width, size)
        columns, high = legend._balanced(blocks, many, size)  # noqa: SLF001
        assert len(columns) <= many
        assert sum(map(len, columns)) >= sum(map(len, blocks))
        assert all(sum(row.high for row in one) <= high + 1e-6 for one in columns)
    low = legend._balanced(legend.blocks(found, "", 60.0, 1.0), 3, 1.0)[1]  # noqa: SLF001
    assert low < legend._balanced(legend.blocks(found, "", 60.0, 1.0), 1, 1.0)[1]  # noqa: SLF001


def test_a_legend_of_a_part_tells_of_what_is_in_sight(canteens: Report) -> None:
    shown = plate(canteens)
    zone = shown.zones[-1]
    west, south, east, north = zone.geometry.bounds
    found = legend.groups(canteens.district, shown, 1.0, (west, south, east, north))
    said = [entry.text for group in found for entry in group.entries]
    assert zone.name in said
    assert shown.zones[1].name not in said
    assert "社区食堂" not in said
    assert "地铁站" not in said
