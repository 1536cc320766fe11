"""Maps for print: nothing collides, nothing leaves the sheet, the scale is true."""

from __future__ import annotations

import io
import re
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import numpy as np
import pytest
import shapely
from matplotlib import font_manager, rc_context
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch
from matplotlib.text import Text
from PIL import Image

from circle.config import settings
from circle.errors import FontError
from circle.geo.crs import to_lonlat
from circle.i18n import in_language, t
from circle.maps.colours import BEYOND
from circle.maps.grades import by_comparison
from circle.maps.ramp import step_colours
from circle.report import fonts
from circle.report.content.elements import Band, Choice, Map
from circle.report.figures import DETAIL, INLINE, SHEETS, Sheet, draw, png, svg
from circle.report.layout import plan
from tests import small
from tests.hostile import SCRIPT
from tests.report.made import plate, report_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from matplotlib.figure import Figure

    from circle.model import District
    from circle.report.content.elements import Report

ALL = (INLINE, DETAIL, *SHEETS)
EACH = pytest.mark.parametrize("sheet", ALL, ids=lambda one: f"{one.paper}-{one.landscape}")
MM = 72 / 25.4


def texts(figure: Figure, role: str = "") -> list[Text]:
    return [one for one in figure.findobj(Text) if not role or one.get_label() == role]


def said(figure: Figure) -> set[str]:
    return {one.get_text() for one in texts(figure)}


def boxes(figure: Figure) -> Iterator[tuple[str, shapely.Polygon]]:
    """Give each text's box on the sheet as it is drawn, turned as the text is; millimetres."""
    figure.set_dpi(144)
    renderer = FigureCanvasAgg(figure).get_renderer()  # type: ignore[no-untyped-call]
    with rc_context({"text.hinting": "no_hinting"}):
        for one in texts(figure):
            turn, at = one.get_rotation(), one.get_transform().transform(one.get_position())
            one.set_rotation(0)
            box = shapely.box(*one.get_window_extent(renderer).extents)
            one.set_rotation(turn)
            turned = shapely.affinity.rotate(box, turn, origin=tuple(at))
            yield one.get_text(), shapely.transform(turned, lambda dots: dots / 144 * 25.4)


def collisions(figure: Figure) -> set[tuple[str, str]]:
    """Give the pairs of texts that stand on one another."""
    found = list(boxes(figure))
    air = 0.45  # millimetres: ascents and descents that no sign uses
    shrunk = [box.buffer(-air) for _, box in found]
    hits = shapely.STRtree(shrunk).query(shrunk, predicate="intersects")
    return {(found[a][0], found[b][0]) for a, b in hits.T if a < b}


def grey(colour: str) -> float:
    r, g, b = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


@EACH
@pytest.mark.parametrize("name", ["coverage-canteen", "heritage"])
def test_texts_are_on_the_sheet_and_clear_of_one_another(
    canteens: Report, sheet: Sheet, name: str
) -> None:
    figure = draw(canteens, plate(canteens, name), sheet)
    paper = shapely.box(0, 0, *sheet.size_mm)
    found = list(boxes(figure))
    assert len(found) > 25
    assert [text for text, box in found if not paper.buffer(0.3).contains(box)] == []
    assert collisions(figure) == set()


@pytest.mark.parametrize("sheet", [INLINE, Sheet("a4", landscape=False)])
def test_english_has_room_too(canteens: Report, sheet: Sheet) -> None:
    english = replace(canteens, choice=replace(canteens.choice, language="en"))
    figure = draw(english, plate(canteens, "district"), sheet)
    assert collisions(figure) == set()
    assert {"N", "Boundary", "Metro station"} <= said(figure)
    assert {one.get_text() for one in texts(figure, "area")} == {
        "Kangping area",
        "Wutong area",
        "Jialan area",
    }


@EACH
def test_the_scale_is_true(sheet: Sheet) -> None:
    """Two signs 1,200 m apart on the ground stand so far apart as the scale bar says."""
    report, shown = report_of(small.district()), small_map()
    figure = draw(report, shown, sheet)
    frame = shapely.box(*plan(report, shown, sheet).view.frame.corners)
    on_map = [
        one
        for one in texts(figure, "letter")
        if frame.contains(shapely.Point(np.array(one.get_position()) / MM))
    ]
    left = min(one.get_position()[0] for one in on_map if one.get_text() == "菜")
    right = max(one.get_position()[0] for one in on_map if one.get_text() == "食")
    ((figure_m, unit),) = (
        re.fullmatch(r"([\d.]+) (米|公里)", one.get_text()).groups()  # type: ignore[union-attr]
        for one in texts(figure, "scale")
        if re.fullmatch(r"[\d.]+ (米|公里)", one.get_text())
    )
    metres = float(figure_m) * (1000 if unit == "公里" else 1)
    bars = [one for one in figure.findobj(PathPatch) if one.get_label() == "scale"]
    ends = np.concatenate([np.asarray(one.get_path().vertices) for one in bars])[:, 0]
    assert np.ptp(ends) / (right - left) == pytest.approx(metres / 1200, rel=2e-3)
    assert str(metres)[0] in "125"
    ratio = [one.get_text() for one in texts(figure, "scale") if "1 :" in one.get_text()]
    if sheet.inline:  # a document may scale its pictures
        assert ratio == []
    else:
        said_ratio = float(re.sub(r"\D", "", ratio[0].partition(":")[2]))
        assert 1200 / ((right - left) / MM) * 1000 == pytest.approx(said_ratio, rel=2e-3)
        assert len(f"{said_ratio:g}".rstrip("0")) <= 2


@EACH
def test_all_that_has_to_be_seen_is_in_the_frame(canteens: Report, sheet: Sheet) -> None:
    for shown in (plate(canteens), plate(canteens, "gap-canteen-1")):
        view = plan(canteens, shown, sheet).view
        corners = np.array(shown.bounds).reshape(2, 2)
        assert view.seen(view.mm(corners), -1e-6).all()


@EACH
def test_the_legend_stands_off_the_map(canteens: Report, sheet: Sheet) -> None:
    shown = plate(canteens)
    frame = shapely.box(*plan(canteens, shown, sheet).view.frame.corners)
    figure = draw(canteens, shown, sheet)
    found = {text: box for text, box in boxes(figure) if not box.disjoint(frame)}
    outer = {one.get_text() for role in ("legend", "scale") for one in texts(figure, role)}
    assert outer.isdisjoint(found)
    assert {"食", "66梧桐院社区餐厅", "1"} <= set(found)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda one: f"{one.paper}-{one.landscape}")
def test_the_margin_says_what_a_map_must(canteens: Report, sheet: Sheet) -> None:
    shown = plate(canteens)
    figure = draw(canteens, shown, sheet)
    whole = "".join(one.get_text() for one in texts(figure)).replace(" ", "")
    own = canteens.imprint
    musts = (shown.title, own.district, own.map_crs, own.observed, own.issuer, own.map_number)
    terms = ("plate.north", "legend.title", "plate.zones", "map.unverified", "legend.minutes")
    for must in (*musts, own.sources[:30], own.caution, "°", *map(t, terms)):
        assert must.replace(" ", "") in whole, must
    assert shown.zones[0].name in whole


def test_a_picture_in_a_document_leaves_its_title_to_the_caption(canteens: Report) -> None:
    figure = draw(canteens, plate(canteens))
    assert draw(canteens, plate(canteens, "gap-canteen-1")).get_size_inches()[1] < 3.2
    assert texts(figure, "title") == texts(figure, "foot") == []
    assert texts(figure, "north")
    assert texts(figure, "scale")
    assert texts(figure, "legend")


def test_degrees_stand_where_they_are(canteens: Report) -> None:
    sheet = Sheet()
    shown, crs = plate(canteens), canteens.district.crs
    view = plan(canteens, shown, sheet).view
    figure = draw(canteens, shown, sheet)
    ticks = texts(figure, "graticule")
    assert len(ticks) >= 8
    found = dict(zip(texts(figure), boxes(figure), strict=True))
    for one in ticks:
        (degrees, minutes, seconds), side = re.findall(r"\d+", one.get_text()), one.get_text()[-1]
        value = int(degrees) + int(minutes) / 60 + int(seconds) / 3600
        upright = one.get_rotation() == 90
        (mm,) = shapely.get_coordinates(found[one][1].centroid)
        frame = view.frame
        mm = np.clip(mm, frame.corners[:2], frame.corners[2:])
        middle = (frame.left + frame.width / 2, frame.bottom + frame.height / 2)
        xy = (mm - middle) * view.metres_per_mm + view.middle
        lon, lat = to_lonlat(xy[None], crs)[0]
        assert side == ("N" if upright else "E")
        assert (lat if upright else lon) == pytest.approx(value, abs=1.2e-4)  # a millimetre


def test_names_of_streets_areas_stations_and_facilities_are_there(canteens: Report) -> None:
    figure = draw(canteens, plate(canteens), Sheet("a3"))
    assert {"建国西路", "康平路"} <= {one.get_text() for one in texts(figure, "street")}
    assert {one.get_text() for one in texts(figure, "area")} == {"康平片区", "梧桐片区", "嘉澜片区"}
    assert {one.get_text() for one in texts(figure, "place")} == {
        "66梧桐院社区餐厅",
        "新里137社区食堂",
    }
    assert "衡山路" in {one.get_text() for one in texts(figure, "metro")}


def test_a_street_is_named_once_and_along_itself(canteens: Report) -> None:
    figure = draw(canteens, plate(canteens, "district"), Sheet())
    names = [one.get_text() for one in texts(figure, "street")]
    assert len(names) == len(set(names)) > 30
    assert all(-90 <= (one.get_rotation() + 180) % 360 - 180 <= 90 for one in texts(figure))


def test_every_zone_keeps_its_number(canteens: Report) -> None:
    shown = plate(canteens)
    for sheet in ALL:
        numbers = [one.get_text() for one in texts(draw(canteens, shown, sheet), "badge")]
        assert sorted(numbers) == sorted([str(one.rank) for one in shown.zones] * 2)


def test_marks_tell_residents_by_their_area(canteens: Report) -> None:
    """On the map and in its legend alike, whatever the sheet."""
    for sheet in (INLINE, Sheet("a3")):
        figure = draw(canteens, plate(canteens), sheet)
        sizes = {
            round(float(one.get_markersize() + one.get_markeredgewidth()), 3)
            for one in figure.findobj(Line2D)
            if np.size(one.get_xdata()) > 20
        }
        small_one, *_, largest = sorted(sizes)
        assert largest / small_one == pytest.approx((170 / 8) ** 0.5, rel=0.02)
        discs = [
            np.ptp(np.asarray(one.get_path().vertices)[:, 0])
            for one in figure.findobj(PathPatch)
            if np.shape(one.get_path().vertices) == (97, 2)
        ]
        assert discs[-1] == pytest.approx(largest, rel=0.02)


def test_bands_and_grades_are_told_apart_in_grey(canteens: Report) -> None:
    greys = [grey(one) for one in step_colours(3)]
    assert greys == sorted(greys, reverse=True)
    assert min(abs(np.diff(greys))) > 25
    assert abs(grey(BEYOND) - greys[0]) > 60  # and it is a ring, not a disc
    around = shapely.Point(637_600, 3_454_900)
    rings = tuple(
        Band(minutes, shapely.MultiPolygon([around.buffer(minutes * 50)]))
        for minutes in (15, 5, 10)
    )
    shown = replace(
        plate(canteens, "district"), bands=rings, places=canteens.district.facilities[:0]
    )
    figure = draw(canteens, shown, Sheet())
    view = plan(canteens, shown, Sheet()).view
    picture = Image.open(io.BytesIO(png(figure, 200))).convert("L")
    off = {5: (0, 110), 10: (0, 370), 15: (0, 620), 20: (-60, 900)}
    tones = []
    for dx, dy in off.values():  # the most frequent tone near a place within each band
        ((x, y),) = view.mm(np.array([[around.x + dx, around.y + dy]])) / 25.4 * 200
        patch = picture.crop(
            (int(x) - 12, picture.height - int(y) - 12, int(x) + 12, picture.height - int(y) + 12)
        )
        tones.append(int(np.bincount(np.asarray(patch).ravel()).argmax()))
    assert tones == sorted(tones)
    assert min(np.diff(tones)) >= 12, tones


def test_bytes_are_the_same_each_time_and_in_every_thread(canteens: Report) -> None:
    shown = plate(canteens)

    def drawn(_: int) -> tuple[bytes, bytes]:
        figure = draw(canteens, shown, DETAIL)
        return png(figure, 60), svg(figure)

    alone = drawn(0)
    with ThreadPoolExecutor(3) as pool:
        assert all(one == alone for one in pool.map(drawn, range(4)))
    with rc_context({"svg.hashsalt": None, "text.hinting": "default", "font.size": 30}):
        assert drawn(0) == alone


def test_a_sheet_has_300_dots_an_inch_and_says_what_it_shows(canteens: Report) -> None:
    shown = plate(canteens, "district")
    with Image.open(io.BytesIO(png(draw(canteens, shown, Sheet("a4"))))) as picture:
        assert picture.size == (3507, 2480)
        assert picture.mode == "RGB"
        assert picture.info["dpi"] == pytest.approx((300, 300), abs=0.1)
        assert picture.info["Title"] == shown.title
        assert picture.info["Description"] == shown.alt
        assert "Software" not in picture.info
        assert picture.getpixel((5, 5)) == (255, 255, 255)


def test_svg_holds_outlines_and_words_for_those_who_hear(canteens: Report) -> None:
    shown = replace(plate(canteens), title="<b>&", alt="一 ]]> \x00 二")
    drawn = svg(draw(canteens, shown))
    root = ET.fromstring(drawn)  # noqa: S314 - our own
    space = {"s": "http://www.w3.org/2000/svg"}
    assert root.findtext("s:title", namespaces=space) == "<b>&"
    assert root.findtext("s:desc", namespaces=space) == "一 ]]>  二"
    assert root.findall(".//s:text", space) == []
    assert root.findall(".//s:image", space) == []
    assert b"date" not in drawn
    assert len(drawn) < 1_500_000


@pytest.mark.parametrize(
    "name",
    [SCRIPT, "a_b^c$\\frac{1}{2}$", "长" * 200, "W" * 200, "😀🚶‍♀️𠮷㐂龘🧪", "=1+1\t\x0b", "", " "],
)
def test_any_name_comes_out_as_text(canteens: Report, name: str) -> None:
    shown = plate(canteens)
    places = shown.places.assign(name=name, name_en=name)
    zones = tuple(replace(one, name=name) for one in shown.zones)
    given = replace(canteens.imprint, issuer=name, sources=name, map_number=name, caution=name)
    report = replace(canteens, imprint=given)
    bad = replace(shown, places=places, title=name, note=name * 3, zones=zones)
    sheet = Sheet("a4", landscape=len(name) % 2 == 0)
    figure = draw(report, bad, sheet)
    assert len(png(figure, 40)) > 1000
    ET.fromstring(svg(figure, name))  # noqa: S314 - our own
    paper = shapely.box(0, 0, *sheet.size_mm).buffer(0.3)
    assert all(paper.contains(box) for _, box in boxes(figure))
    assert {unicodedata.category(sign) for one in said(figure) for sign in one}.isdisjoint(
        {"Cc", "Cs", "Co", "Cn"}
    )
    if name.startswith("a_b"):
        assert any(one.get_text() == name for one in texts(figure, "place"))
    if name.endswith("🧪"):
        assert any("[U+1F9EA]" in one.get_text() for one in texts(figure, "title"))


def test_texts_of_the_ground_are_hostile_too() -> None:
    own = small.district()
    network = replace(own.network, segment_name=np.array(["$a$", "b" * 300, None], object))
    kinds = {key: replace(kind, name=SCRIPT, letter="$x$") for key, kind in own.kinds.items()}  # type: ignore[arg-type]
    areas = tuple(replace(area, name="_$" * 100) for area in own.areas)  # type: ignore[arg-type]
    district = replace(own, network=network, kinds=kinds, areas=areas)
    figure = draw(report_of(district), small_map(), Sheet())
    assert "$a$" in said(figure)
    assert "$x" in said(figure)
    assert len(png(figure, 40)) > 1000
    assert b"<script" not in svg(figure)


def test_every_mark_is_drawn(canteens: Report) -> None:
    shown = plate(canteens)
    even = np.arange(len(shown.xy)) % 2 == 0
    third = np.arange(len(shown.xy)) % 3 == 0
    figure = draw(canteens, replace(shown, graded=by_comparison(even, third)), Sheet())
    assert {t("legend.wrongly_in"), t("legend.wrongly_out")} <= said(figure)
    assert len({tuple(one.get_marker().vertices.ravel()) for one in figure.findobj(Line2D)}) == 3  # type: ignore[union-attr]


def test_a_map_of_almost_nothing(district: District) -> None:
    """No areas, no places, a kind that nobody knows, one point in sight."""
    bare = replace(district, areas=(), places=None)
    x, y = district.boundary.centroid.coords[0]
    strange = district.facilities.assign(kind="unheard-of")
    shown = replace(small_map(), bounds=(x, y, x, y), places=strange)
    figure = draw(report_of(bare), shown, Sheet())
    assert texts(figure, "area") == texts(figure, "place") == texts(figure, "letter") == []
    assert len(png(figure, 40)) > 1000


def test_another_district_has_its_own_map(district: District) -> None:
    shown = replace(
        small_map(),
        bounds=district.boundary.bounds,
        places=district.facilities,
        heritage=True,
        roads=True,
    )
    english = report_of(district, Choice(language="en"))
    figure = draw(english, shown, Sheet("a4", landscape=False))
    assert {"West area", "East area", "Place health-a", "横1路"} <= said(figure)
    assert collisions(figure) == set()
    with in_language("en"):
        assert t("map.unverified") in said(figure)


def test_without_a_font_there_is_an_error_not_a_map(
    canteens: Report, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(font_manager, "findSystemFonts", lambda *_, **__: [])
    monkeypatch.setattr(fonts, "FAMILIES", ("No Such Font",))
    fonts.family.cache_clear()
    with pytest.raises(FontError, match="fonts-noto-cjk"):
        draw(canteens, plate(canteens))
    monkeypatch.setenv("CIRCLE_FONTS", str(tmp_path / "none.ttf"))
    settings.cache_clear()
    with pytest.raises(FontError, match=r"none\.ttf"):
        draw(canteens, plate(canteens))
    monkeypatch.undo()
    settings.cache_clear()
    fonts.family.cache_clear()


def small_map() -> Map:
    """Return the map of the district made by hand."""
    places = small.facilities()
    xy = places[["x", "y"]].to_numpy(float)
    west, south = xy.min(axis=0) - 30
    east, north = xy.max(axis=0) + 30
    return Map("m", "一张图", "说明", (west, south, east, north), places)
