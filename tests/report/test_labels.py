"""How texts are measured and broken, where names and the rows of a legend stand."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
import shapely

from circle.maps import symbols
from circle.report.print_map.basemap import fitted
from circle.report.print_map.canvas import Box, Canvas, Paint
from circle.report.print_map.glyphs import outline, shortened, width_mm, wrap
from circle.report.print_map.graticule import scale_length
from circle.report.print_map.legend_groups import legend
from circle.report.print_map.printed_labels import Placement
from circle.report.print_map.printed_symbols import SIZES, Spot, dot_mm, draw_symbol, size_class
from circle.report.print_map.render import draw
from circle.report.print_map.surround import Sheet
from circle.report.print_map.thematic import hatching
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


def canvas() -> Canvas:
    return Canvas((100.0, 50.0), Box(10.0, 10.0, 40.0, 30.0))


def test_symbols_are_those_of_the_screen() -> None:
    for kind in small.kinds().values():
        for verified in (True, False):
            page = canvas()
            draw_symbol(page, kind, Spot(20.0, 20.0, 5.0), 12.0, verified=verified)
            printed, screen = page.svg("", "", "<svg></svg>"), symbols.sign(kind, verified=verified)
            for attribute in ("d", "fill", "stroke-width", "stroke-dasharray"):
                pattern = rf'<path d="[^"]*" (?=[^>]*stroke).*?{attribute}="([^"]*)"'
                assert set(re.findall(pattern, screen)) <= set(re.findall(pattern, printed))
            assert symbols.body(kind, verified=verified)[0] in printed
            assert f'aria-label="{kind.letter}"' in printed


def test_every_character_has_an_outline() -> None:
    assert outline(" ")[1] == ""
    for bold in (False, True):
        for character in "食A㐂𠮷龘€":
            advance, data = outline(character, bold=bold)
            assert advance > 0.3
            assert data.startswith("M")
            assert data.endswith("Z")


def test_shapes_keep_holes_and_open_lines() -> None:
    outer, inner = ([(a, a), (a, b), (b, b), (b, a)] for a, b in ((20, 23), (21, 22)))
    ring = shapely.Polygon(outer, [inner])
    both = shapely.GeometryCollection([ring, shapely.LineString([(25, 25), (26, 26)])])
    page = canvas()
    page.shape(both, 1.0, Paint("red"), "mine")
    (data,) = re.findall(r'd="([^"]*)" fill="red" class="mine"', page.svg("", "", "<svg></svg>"))
    assert (data.count("M"), data.count("Z")) == (3, 2)
    runs = [np.array(run.split(), float).reshape(-1, 2) for run in re.findall(r"M([^Z]*)Z", data)]
    turns = [shapely.is_ccw(shapely.LinearRing(run)) for run in runs]
    assert turns[0] != turns[1]  # filled between, by whichever rule
    page.shape(shapely.Polygon(), 1.0, Paint("blue"))
    page.shape(None, 1.0, Paint("blue"))
    page.shape(shapely.box(80, 40, 90, 45), 1.0, Paint("blue"))  # outside the frame
    assert "blue" not in page.svg("", "", "<svg></svg>")


def test_a_name_takes_the_cheapest_free_place(canteens: Report) -> None:
    shown = plate(canteens)
    view = draw(canteens, shown, Sheet()).view
    placement = Placement(view, canteens.district, shown)
    frame = view.frame
    free = (frame.left + 20.0, frame.top - 10.0, 8.0, 3.0, 0.0)
    assert placement.cost(free) == 0
    assert placement.cost((frame.left, frame.top, 8.0, 3.0, 0.0)) == math.inf
    crowd = (*view.mm(shown.xy[:1])[0].tolist(), 8.0, 3.0, 0.0)
    assert placement.cost(crowd) >= 1
    assert placement.best([(crowd, 0.0), (free, 0.5)]) == free
    assert placement.cost(free) == math.inf  # taken
    assert placement.best([(free, 0.0)]) is None
    placement.take([Spot(free[0] + 12, free[1], 5.0)])
    assert placement.cost((free[0] + 12, free[1], 2.0, 2.0, 0.0)) == math.inf


def test_turned_names_cover_what_stands_below_them(canteens: Report) -> None:
    shown = plate(canteens)
    view = draw(canteens, shown, Sheet()).view
    middle = (view.frame.left + 60.0, view.frame.bottom + 60.0)
    homes = np.array(view.middle) + (np.array([[5.0, 5.0], [-5.0, -5.0], [5.0, -5.0]]))
    placement = Placement(view, canteens.district, replace(shown, xy=homes))
    at = view.mm(homes)
    centre = at[:2].mean(axis=0)
    long = float(np.hypot(*(at[0] - at[1]))) + 0.5
    assert placement._covered((*centre.tolist(), long, 0.2, 45.0)) == 2  # noqa: SLF001
    assert placement._covered((*centre.tolist(), long, 0.2, -45.0)) == 1  # noqa: SLF001
    assert placement._covered((*middle, 0.1, 0.1, 0.0)) == 0  # noqa: SLF001


def test_a_legend_of_a_part_tells_of_what_is_in_sight(canteens: Report) -> None:
    shown = plate(canteens)
    zone = shown.zones[-1]
    west, south, east, north = zone.geometry.bounds
    found = legend(canteens.district, shown, 1.0, (west, south, east, north))
    said = [entry.text for group in found for entry in group.entries]
    assert zone.name in said
    assert shown.zones[1].name not in said
    assert "社区食堂" not in said
    assert "地铁站" not in said
