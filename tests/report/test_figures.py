"""Maps for print: nothing collides, nothing leaves the sheet, the scale is true."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
import shapely
from matplotlib import font_manager
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.patches import Rectangle
from PIL import Image

from circle.config import settings
from circle.errors import FontError
from circle.i18n import t
from circle.maps.ramp import BEYOND, band_colours, step_colours
from circle.report import fonts, typesetting
from circle.report.figures import DETAIL, INLINE, SHEETS, Sheet, draw, png, svg
from circle.report.marginalia import scale_length
from circle.report.typesetting import wrap
from tests.hostile import SCRIPT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from matplotlib.figure import Figure
    from matplotlib.text import Text

    from circle.report.parts import Map, Report

ALL = (INLINE, DETAIL, *SHEETS)


def plate(report: Report, name: str = "coverage-canteen") -> Map:
    return next(one for one in report.maps if one.id == name)


def texts(figure: Figure) -> list[Text]:
    canvas = FigureCanvasAgg(figure)
    canvas.draw()  # type: ignore[no-untyped-call]
    return [one for axes in figure.axes for one in axes.texts if one.get_visible()]


def boxes(figure: Figure) -> Iterator[tuple[str, shapely.Polygon]]:
    """Give each text's box on the sheet, turned as the text is."""
    shown = texts(figure)
    renderer = figure.canvas.get_renderer()  # type: ignore[attr-defined]
    for one in shown:
        angle = one.get_rotation()
        one.set_rotation(0)
        box = shapely.box(*one.get_window_extent(renderer).extents)
        one.set_rotation(angle)
        yield one.get_text(), shapely.affinity.rotate(box, angle, origin="center")


@pytest.mark.parametrize("sheet", ALL, ids=lambda one: f"{one.paper}-{one.landscape}")
def test_texts_are_on_the_sheet_and_clear_of_one_another(canteens: Report, sheet: Sheet) -> None:
    figure = draw(canteens, plate(canteens), sheet)
    paper = shapely.box(0, 0, *(figure.get_size_inches() * figure.dpi))
    found = [(text, box) for text, box in boxes(figure) if text.strip()]
    assert len(found) > 25
    slack = figure.dpi / 25.4 * 0.4  # 0.4 mm: ascents and descents that no sign uses
    for text, box in found:
        assert paper.buffer(1).contains(box), text
    shrunk = [box.buffer(-slack) for _, box in found]
    hits = shapely.STRtree(shrunk).query(shrunk, predicate="intersects")
    pairs = {(found[a][0], found[b][0]) for a, b in hits.T if a < b}
    assert pairs == set()


@pytest.mark.parametrize("sheet", ALL, ids=lambda one: f"{one.paper}-{one.landscape}")
def test_the_scale_bar_is_true(canteens: Report, sheet: Sheet) -> None:
    shown = plate(canteens)
    figure = draw(canteens, shown, sheet)
    frame, panel = figure.axes[:2]
    bars = [one for one in panel.patches if isinstance(one, Rectangle)]
    own = sorted(
        (one for one in bars if str(one.get_gid()).startswith("scale")), key=Rectangle.get_x
    )
    sheet_mm = figure.get_size_inches() * 25.4
    assert tuple(sheet_mm) == pytest.approx(sheet.size_mm)
    map_mm = frame.get_position().width * sheet_mm[0]
    metres_per_mm = np.ptp(frame.get_xlim()) / map_mm
    along = sum(one.get_width() for one in own) * metres_per_mm
    said = {one.get_text() for one in panel.texts}
    assert f"{along:.6g} {t('map.metre')}" in said or f"{along / 1000:g} 公里" in said
    high_mm = frame.get_position().height * sheet_mm[1]
    assert np.ptp(frame.get_ylim()) / high_mm == pytest.approx(metres_per_mm)
    west, south, east, north = shown.bounds
    assert frame.get_xlim()[0] <= west
    assert frame.get_xlim()[1] >= east
    assert frame.get_ylim()[0] <= south
    assert frame.get_ylim()[1] >= north


def test_round_lengths() -> None:
    assert scale_length(10.0, 30.0) == 200.0
    assert scale_length(10.0, 50.0) == 500.0
    assert scale_length(3.0, 31.0) == 50.0


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda one: f"{one.paper}-{one.landscape}")
def test_the_margin_says_what_a_map_must(canteens: Report, sheet: Sheet) -> None:
    figure = draw(canteens, plate(canteens), sheet)
    said = "".join(one.get_text() for one in texts(figure)).replace(" ", "")
    imprint = canteens.imprint
    for must in (
        plate(canteens).title,
        imprint.district,
        imprint.map_crs,
        imprint.observed,
        imprint.issuer,
        imprint.map_number,
        t("plate.north"),
        t("legend.gaps"),
        t("map.unverified"),
        t("legend.minutes"),
        imprint.sources[:20],
        "°",
    ):
        assert must.replace(" ", "") in said, must


def test_names_of_streets_and_facilities_are_there(canteens: Report) -> None:
    said = {one.get_text() for one in texts(draw(canteens, plate(canteens), Sheet("a3")))}
    assert {"建国西路", "梧桐片区", "66梧桐院社区餐厅"} <= said


def test_the_legend_covers_no_map(canteens: Report) -> None:
    for sheet in ALL:
        frame, panel = draw(canteens, plate(canteens), sheet).axes[:2]
        assert not frame.get_position().overlaps(panel.get_position())


def test_bytes_are_the_same_each_time(canteens: Report) -> None:
    shown = plate(canteens)
    first, second = (draw(canteens, shown, DETAIL) for _ in range(2))
    assert png(first, 60) == png(second, 60)
    assert svg(first, shown.title) == svg(second, shown.title)


def test_a_sheet_has_300_dots_an_inch(canteens: Report) -> None:
    picture = Image.open(io.BytesIO(png(draw(canteens, plate(canteens, "district"), Sheet("a4")))))
    assert picture.size == (3507, 2480)
    assert picture.info["dpi"] == pytest.approx((300, 300), abs=0.1)


def test_svg_holds_outlines_and_words_for_those_who_hear(canteens: Report) -> None:
    shown = plate(canteens)
    drawn = svg(draw(canteens, shown), shown.title).decode()
    assert "<text" not in drawn
    assert shown.title in drawn
    assert shown.alt.replace("&", "&amp;") in drawn
    assert "<dc:date>" not in drawn


def test_any_name_comes_out_as_text(canteens: Report) -> None:
    shown = plate(canteens)
    long = "长" * 200
    for name in (SCRIPT, "a_b^c$\\frac{1}{2}$", long, "😀🚶‍♀️𠮷㐂龘", "=1+1\t\x0b", "<b>&amp;"):
        places = shown.places.assign(name=name, name_en=name)
        figure = draw(canteens, replace(shown, places=places, title=name), Sheet("a4"))
        drawn = png(figure, 40)
        assert len(drawn) > 1000
        assert b"<script>" not in svg(figure, name)
        said = [one.get_text() for one in texts(figure)]
        assert not any("\x0b" in one or "\t" in one for one in said)
        assert max(map(len, said)) < 200


def test_grades_and_bands_are_told_apart_in_grey() -> None:
    def grey(colour: str) -> float:
        r, g, b = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    for colours in (step_colours(3), [fill for fill, _ in band_colours(3)]):
        greys = [grey(one) for one in colours]
        assert greys in (sorted(greys), sorted(greys, reverse=True))
        assert min(abs(np.diff(greys))) > 25
    assert abs(grey(BEYOND) - grey(step_colours(3)[0])) > 60  # and it is a ring, not a disc


def test_without_a_font_there_is_an_error_not_a_map(
    canteens: Report, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(font_manager, "findSystemFonts", lambda *_, **__: [])
    monkeypatch.setattr(fonts, "FAMILIES", ("No Such Font",))
    fonts.family.cache_clear()
    typesetting.font.cache_clear()
    with pytest.raises(FontError, match="fonts-noto-cjk"):
        draw(canteens, plate(canteens))
    monkeypatch.setenv("CIRCLE_FONTS", str(tmp_path / "none.ttf"))
    settings.cache_clear()
    with pytest.raises(FontError, match=r"none\.ttf"):
        draw(canteens, plate(canteens))
    monkeypatch.undo()
    settings.cache_clear()
    fonts.family.cache_clear()
    typesetting.font.cache_clear()


def test_lines_break_where_they_may() -> None:
    assert wrap("一二三四五，六七", 5) == ["一二三四五，", "六七"]
    assert wrap("one two three", 6) == ["one two", "three"]
    assert wrap("一二三四五六", 3, 1) == ["一二…"]
    assert wrap("", 5) == [""]
    assert "".join(wrap("W" * 100, 10, 20)) == "W" * 100
