"""Maps for print: nothing collides, nothing leaves the sheet, the scale is true."""

from __future__ import annotations

import io
import json
import re
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from html import unescape
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import numpy as np
import pytest
import shapely
import typst
from matplotlib import font_manager
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
from circle.report.print_map.glyphs import width_mm
from circle.report.print_map.legend_groups import legend
from circle.report.print_map.render import DETAIL, INLINE, SHEETS, PrintMap, Sheet, draw, png
from circle.report.print_map.surround import set_texts
from circle.report.print_map.surround import texts as surround_texts
from tests import small
from tests.hostile import SCRIPT
from tests.report.made import plate, report_of
from tests.report.readers import read_by

if TYPE_CHECKING:
    from circle.model import District
    from circle.report.content.elements import Report
    from circle.report.print_map.canvas import Box

ALL = (INLINE, DETAIL, *SHEETS)
EACH = pytest.mark.parametrize("sheet", ALL, ids=lambda one: f"{one.paper}-{one.landscape}")
SVG = "{http://www.w3.org/2000/svg}"
LINK = "{http://www.w3.org/1999/xlink}href"
UNITS = 200
NUMBER = r"(-?[\d.e-]+)"


@dataclass(frozen=True)
class Text:
    """A line of text as it is drawn: where its base line begins and how it is turned."""

    text: str
    role: str
    x: float
    y: float
    size_mm: float
    angle: float
    box: shapely.Polygon


def root(drawn: PrintMap) -> ET.Element:
    return ET.fromstring(drawn.svg)  # noqa: S314 - our own


def texts(drawn: PrintMap, role: str = "") -> list[Text]:
    """Give the lines that are drawn as outlines, with the box of each; millimetres."""
    high = float(root(drawn).attrib["height"].removesuffix("mm"))
    return [
        read(node, high)
        for node in root(drawn).iter(f"{SVG}g")
        if "aria-label" in node.attrib and (not role or node.attrib["class"] == role)
    ]


def read(node: ET.Element, high: float) -> Text:
    moved = node.attrib["transform"]
    (x, y), scale = re.findall(rf"translate\({NUMBER} {NUMBER}\)", moved)[0], moved
    turn = re.findall(rf"rotate\({NUMBER}\)", moved)
    (k,) = re.findall(rf"scale\({NUMBER}\)", scale)
    text, size = node.attrib["aria-label"], float(k) * 1000 / UNITS
    left, base = float(x) / UNITS, high - float(y) / UNITS
    angle = -float(turn[0]) if turn else 0.0
    bold = node.attrib["class"] in {"area", "letter", "badge", "north"}
    flat = shapely.box(
        left, base - 0.1 * size, left + width_mm(text, size, bold=bold), base + 0.83 * size
    )
    box = shapely.affinity.rotate(flat, angle, origin=(left, base))
    return Text(text, node.attrib["class"], left, base, size, angle, box)


def said(drawn: PrintMap) -> set[str]:
    return {one.text for one in texts(drawn)}


def collisions(drawn: PrintMap) -> set[tuple[str, str]]:
    """Give the pairs of texts that stand on one another."""
    lines = texts(drawn)
    shrunk = [one.box.buffer(-0.1) for one in lines]
    hits = shapely.STRtree(shrunk).query(shrunk, predicate="intersects")
    return {(lines[a].text, lines[b].text) for a, b in hits.T if a < b}


def around(report: Report, shown: Map, sheet: Sheet) -> list[tuple[str, shapely.Polygon]]:
    """Give the words around a map, with the box of each; millimetres from the upper left."""
    with in_language(report.choice.language):
        groups = legend(report.district, shown, 1.0)
        data = json.dumps(surround_texts(report, shown, sheet, groups))
    template = files("circle.report.print_map").joinpath("surround.typ").read_bytes()
    made = typst.compile(template, font_paths=fonts.for_typst(), sys_inputs={"data": data})
    with TemporaryDirectory() as folder:
        pdf = Path(folder) / "around.pdf"
        pdf.write_bytes(made)
        listed = read_by("pdftotext", "-bbox", pdf, "-")
    pattern = r'xMin="(.*?)" yMin="(.*?)" xMax="(.*?)" yMax="(.*?)">(.*?)</word>'
    return [
        (unescape(text), shapely.box(*np.array(corners, float) / 72 * 25.4))
        for *corners, text in re.findall(pattern, listed)
    ]


def grey(colour: str) -> float:
    r, g, b = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


@EACH
@pytest.mark.parametrize("name", ["coverage-canteen", "heritage"])
def test_texts_are_on_the_sheet_and_clear_of_one_another(
    canteens: Report, sheet: Sheet, name: str
) -> None:
    drawn = draw(canteens, plate(canteens, name), sheet)
    paper = shapely.box(0, 0, *sheet.size_mm)
    lines = texts(drawn)
    assert len(lines) > 25
    assert [one.text for one in lines if not paper.buffer(0.3).contains(one.box)] == []
    assert collisions(drawn) == set()


def lean(box: shapely.Polygon) -> shapely.Polygon:
    """Return the box of a word without the room around its characters.

    Typst sets Chinese stops closer than the boxes of their characters are wide.
    """
    left, low, right, high = box.bounds
    across, up = min(0.3 * (high - low), 0.45 * (right - left)), 0.22 * (high - low)
    return shapely.box(left + across, low + up, right - across, high - up)


@EACH
@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_stands_around_a_map_stands_beside_it(
    canteens: Report, sheet: Sheet, language: str
) -> None:
    """No word stands on another, on the map, on a sample, on the scale, or off the sheet."""
    report = replace(canteens, choice=replace(canteens.choice, language=language))
    every = canteens.district.facilities
    shown = replace(plate(canteens), places=every, heritage=True, roads=True, note="注 " * 30)
    words = around(report, shown, sheet)
    wide, high = sheet.size_mm
    with in_language(language):
        groups = legend(report.district, shown, 1.0)
        laid = set_texts(report, shown, sheet, groups)
    drawn = [laid.frame, laid.scale, *(box for box, _ in laid.samples.values())]
    boxes = [shapely.box(box.left, high - box.top, box.right, high - box.bottom) for box in drawn]
    assert len(laid.samples) == sum(len(group.entries) for group in groups) > 20
    assert [text for text, box in words if not shapely.box(0, 0, wide, high).contains(box)] == []
    solid = [lean(box) for _, box in words] + [box.buffer(-0.05) for box in boxes]
    hits = shapely.STRtree(solid).query(solid, predicate="intersects")
    named = [text for text, _ in words] + [str(box) for box in drawn]
    assert [(named[a], named[b]) for a, b in hits.T if a < b] == []


@pytest.mark.parametrize("sheet", [INLINE, Sheet("a4", landscape=False)])
def test_english_has_room_too(canteens: Report, sheet: Sheet) -> None:
    english = replace(canteens, choice=replace(canteens.choice, language="en"))
    shown = plate(canteens, "district")
    drawn = draw(english, shown, sheet)
    assert collisions(drawn) == set()
    assert "N" in said(drawn)
    words = " ".join(text for text, _ in around(english, shown, sheet))
    assert "Boundary" in words
    assert "Metro station" in words
    assert {one.text for one in texts(drawn, "area")} == {
        "Kangping area",
        "Wutong area",
        "Jialan area",
    }


@EACH
def test_the_scale_is_true(sheet: Sheet) -> None:
    """Two symbols 1,200 m apart on the ground stand so far apart as the scale bar says."""
    drawn = draw(report_of(small.district()), small_map(), sheet)
    on_map = within(texts(drawn, "letter"), drawn.view.frame)
    left = min(one.x for one in on_map if one.text == "菜")
    right = max(one.x for one in on_map if one.text == "食")
    ((figure_m, unit),) = (
        re.fullmatch(r"([\d.]+) (米|公里)", one.text).groups()  # type: ignore[union-attr]
        for one in texts(drawn, "scale")
        if re.fullmatch(r"[\d.]+ (米|公里)", one.text)
    )
    metres = float(figure_m) * (1000 if unit == "公里" else 1)
    bars = [node.attrib["d"] for node in root(drawn).iter(f"{SVG}path") if is_scale(node)]
    ends = [int(x) / UNITS for bar in bars for x in re.findall(r"-?\d+", bar)[::2]]
    assert len(bars) == 4
    assert np.ptp(ends) / (right - left) == pytest.approx(metres / 1200, rel=2e-3)
    assert str(metres)[0] in "125"
    ratio = [one.text for one in texts(drawn, "scale") if "1 :" in one.text]
    if sheet.inline:  # a document may scale its pictures
        assert ratio == []
    else:
        said_ratio = float(re.sub(r"\D", "", ratio[0].partition(":")[2]))
        assert 1200 / (right - left) * 1000 == pytest.approx(said_ratio, rel=2e-3)
        assert len(f"{said_ratio:g}".rstrip("0")) <= 2


def is_scale(node: ET.Element) -> bool:
    return node.attrib.get("class") == "scale"


def within(lines: list[Text], frame: Box) -> list[Text]:
    return [one for one in lines if shapely.box(*frame.corners).intersects(one.box)]


@EACH
def test_all_that_has_to_be_seen_is_in_the_frame(canteens: Report, sheet: Sheet) -> None:
    for shown in (plate(canteens), plate(canteens, "gap-canteen-1")):
        view = draw(canteens, shown, sheet).view
        corners = np.array(shown.bounds).reshape(2, 2)
        assert view.seen(view.mm(corners), -1e-6).all()


@EACH
def test_labels_stand_on_the_map_and_the_scale_off_it(canteens: Report, sheet: Sheet) -> None:
    drawn = draw(canteens, plate(canteens), sheet)
    frame = drawn.view.frame
    assert within(texts(drawn, "scale") + texts(drawn, "north"), frame) == []
    assert {"食", "66梧桐院社区餐厅", "1"} <= {one.text for one in within(texts(drawn), frame)}


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda one: f"{one.paper}-{one.landscape}")
def test_the_margin_says_what_a_map_must(canteens: Report, sheet: Sheet) -> None:
    shown = plate(canteens)
    drawn = draw(canteens, shown, sheet)
    whole = "".join([*said(drawn), *(text for text, _ in around(canteens, shown, sheet))])
    own = canteens.imprint
    musts = (shown.title, own.district, own.map_crs, own.observed, own.issuer, own.map_number)
    terms = ("plate.north", "legend.title", "plate.zones", "map.unverified", "legend.minutes")
    for must in (*musts, own.sources[:30], own.caution, "°", *map(t, terms)):
        assert must.replace(" ", "") in whole.replace(" ", ""), must
    assert shown.zones[0].name in whole


def test_a_picture_in_a_document_leaves_its_title_to_the_caption(canteens: Report) -> None:
    shown = plate(canteens)
    drawn = draw(canteens, shown)
    low = root(draw(canteens, plate(canteens, "gap-canteen-1"))).attrib["height"]
    assert float(low.removesuffix("mm")) < 81
    words = "".join(text for text, _ in around(canteens, shown, INLINE))
    assert shown.title not in words
    assert canteens.imprint.observed not in words
    assert texts(drawn, "graticule") == []
    assert texts(drawn, "north")
    assert texts(drawn, "scale")
    assert t("plate.zones") in words


def test_degrees_stand_where_they_are(canteens: Report) -> None:
    sheet = Sheet()
    shown, crs = plate(canteens), canteens.district.crs
    drawn = draw(canteens, shown, sheet)
    view = drawn.view
    ticks = texts(drawn, "graticule")
    assert len(ticks) >= 8
    for one in ticks:
        (degrees, minutes, seconds), side = re.findall(r"\d+", one.text), one.text[-1]
        value = int(degrees) + int(minutes) / 60 + int(seconds) / 3600
        upright = one.angle == 90
        (mm,) = shapely.get_coordinates(one.box.centroid)
        frame = view.frame
        mm = np.clip(mm, frame.corners[:2], frame.corners[2:])
        xy = (mm - frame.middle) * view.metres_per_mm + view.middle
        lon, lat = to_lonlat(xy[None], crs)[0]
        assert side == ("N" if upright else "E")
        assert (lat if upright else lon) == pytest.approx(value, abs=1.2e-4)  # a millimetre


def test_names_of_streets_areas_stations_and_facilities_are_there(canteens: Report) -> None:
    drawn = draw(canteens, plate(canteens), Sheet("a3"))
    assert {"建国西路", "康平路"} <= {one.text for one in texts(drawn, "street")}
    assert {one.text for one in texts(drawn, "area")} == {"康平片区", "梧桐片区", "嘉澜片区"}
    assert {one.text for one in texts(drawn, "place")} == {
        "66梧桐院社区餐厅",
        "新里137社区食堂",
    }
    assert "衡山路" in {one.text for one in texts(drawn, "metro")}


def test_a_street_is_named_once_and_along_itself(canteens: Report) -> None:
    drawn = draw(canteens, plate(canteens, "district"), Sheet())
    names = [one.text for one in texts(drawn, "street")]
    assert len(names) == len(set(names)) > 30
    assert all(-90 <= (one.angle + 180) % 360 - 180 <= 90 for one in texts(drawn))


def test_every_zone_keeps_its_number(canteens: Report) -> None:
    shown = plate(canteens)
    for sheet in ALL:
        numbers = [one.text for one in texts(draw(canteens, shown, sheet), "badge")]
        assert sorted(numbers) == sorted([str(one.rank) for one in shown.zones] * 2)


def test_marks_tell_residents_by_their_area(canteens: Report) -> None:
    """On the map and in its legend alike, whatever the sheet."""
    for sheet in (INLINE, Sheet("a3")):
        drawn = root(draw(canteens, plate(canteens), sheet))
        scales = {
            node.attrib["id"]: float(re.findall(rf"scale\({NUMBER}\)", moved)[0])
            for node in drawn.iter(f"{SVG}path")
            if (moved := node.attrib.get("transform", ""))
        }
        sizes = set()
        for marks in drawn.iter(f"{SVG}g"):
            uses = [one.attrib[LINK][1:] for one in marks if one.tag == f"{SVG}use"]
            if len(uses) > 20 and set(uses) <= set(scales):
                rim = float(marks.attrib["stroke-width"])
                sizes.add(round((10 + rim) * scales[uses[0]] / UNITS, 3))
        smallest, *_, largest = sorted(sizes)
        assert largest / smallest == pytest.approx((170 / 8) ** 0.5, rel=0.02)
        discs = [
            np.ptp([int(x) / UNITS for x in re.findall(r"-?\d+", node.attrib["d"])[::2]])
            for node in drawn.iter(f"{SVG}path")
            if node.attrib.get("class") == "size"
        ]
        assert max(discs) == pytest.approx(largest, rel=0.02)


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
    drawn = draw(canteens, shown, Sheet())
    view = drawn.view
    picture = Image.open(io.BytesIO(png(drawn, 200))).convert("L")
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

    def made(_: int) -> tuple[bytes, bytes]:
        drawn = draw(canteens, shown, DETAIL)
        return png(drawn, 60), drawn.svg

    alone = made(0)
    with ThreadPoolExecutor(3) as pool:
        assert all(one == alone for one in pool.map(made, range(4)))


def test_a_sheet_has_300_dots_an_inch_and_says_what_it_shows(canteens: Report) -> None:
    shown = plate(canteens, "district")
    with Image.open(io.BytesIO(png(draw(canteens, shown, Sheet("a4"))))) as picture:
        assert picture.size == (3508, 2480)
        assert picture.info["dpi"] == pytest.approx((300, 300), abs=0.1)
        assert picture.info["Title"] == shown.title
        assert picture.info["Description"] == shown.alt
        assert "Software" not in picture.info
        assert picture.getchannel("A").getextrema() == (255, 255)
        assert picture.convert("RGB").getpixel((5, 5)) == (255, 255, 255)


def test_svg_holds_outlines_and_words_for_those_who_hear(canteens: Report) -> None:
    shown = replace(plate(canteens), title="<b>&", alt="一 ]]> \x00 二")
    drawn = draw(canteens, shown)
    assert root(drawn).findtext(f"{SVG}title") == "<b>&"
    assert root(drawn).findtext(f"{SVG}desc") == "一 ]]>  二"
    for tag in ("text", "image", "style", "script", "foreignObject"):
        assert list(root(drawn).iter(f"{SVG}{tag}")) == []
    assert b"date" not in drawn.svg
    assert len(drawn.svg) < 600_000


@pytest.mark.parametrize(
    "name",
    [
        SCRIPT,
        "a_b^c$\\frac{1}{2}$",
        "长" * 200,
        "W" * 200,
        "😀🚶‍♀️𠮷㐂龘🧪",
        "=1+1\t\x0b",
        "",
        " ",
        '#import "x.typ": * $x$ *b*',
    ],
)
def test_any_name_comes_out_as_text(canteens: Report, name: str) -> None:
    shown = plate(canteens)
    places = shown.places.assign(name=name, name_en=name)
    zones = tuple(replace(one, name=name) for one in shown.zones)
    given = replace(canteens.imprint, issuer=name, sources=name, map_number=name, caution=name)
    report = replace(canteens, imprint=given)
    bad = replace(shown, places=places, title=name, note=name * 3, zones=zones)
    sheet = Sheet("a4", landscape=len(name) % 2 == 0)
    drawn = draw(report, bad, sheet)
    assert len(png(drawn, 40)) > 1000
    paper = shapely.box(0, 0, *sheet.size_mm).buffer(0.3)
    assert all(paper.contains(one.box) for one in texts(drawn))
    words = around(report, bad, sheet)
    assert all(paper.contains(box) for _, box in words)
    every = said(drawn) | {text for text, _ in words}
    categories = {unicodedata.category(character) for one in every for character in one}
    assert categories.isdisjoint({"Cc", "Cs", "Co", "Cn"})
    frame = drawn.view.frame
    assert min(frame.width, frame.height) > 80  # texts leave room for the map
    if name.startswith("a_b"):
        assert any(one.text == name for one in texts(drawn, "place"))
    if name.endswith("🧪"):
        assert any("[U+1F9EA]" in text for text, _ in words)
    if name.startswith("#"):
        assert "".join(name.split()) in "".join(text for text, _ in words)


def test_texts_of_the_ground_are_hostile_too() -> None:
    own = small.district()
    network = replace(own.network, segment_name=np.array(["$a$", "b" * 300, None], object))
    kinds = {key: replace(kind, name=SCRIPT, letter="$x$") for key, kind in own.kinds.items()}  # type: ignore[arg-type]
    areas = tuple(replace(area, name="_$" * 100) for area in own.areas)  # type: ignore[arg-type]
    district = replace(own, network=network, kinds=kinds, areas=areas)
    drawn = draw(report_of(district), small_map(), Sheet())
    assert "$a$" in said(drawn)
    assert "$x" in said(drawn)
    assert len(png(drawn, 40)) > 1000
    assert b"<script" not in drawn.svg


def test_every_mark_is_drawn(canteens: Report) -> None:
    shown = plate(canteens)
    even = np.arange(len(shown.xy)) % 2 == 0
    third = np.arange(len(shown.xy)) % 3 == 0
    marked = replace(shown, graded=by_comparison(even, third))
    drawn = root(draw(canteens, marked, Sheet()))
    words = "".join(text for text, _ in around(canteens, marked, Sheet()))
    assert t("legend.wrongly_in") in words
    assert t("legend.wrongly_out") in words
    shapes = {node.attrib["d"] for node in drawn.iter(f"{SVG}path") if "transform" in node.attrib}
    assert len(shapes) == 3


def test_a_map_of_almost_nothing(district: District) -> None:
    """No areas, no places, a kind that nobody knows, one point in sight."""
    bare = replace(district, areas=(), places=None)
    x, y = district.boundary.centroid.coords[0]
    strange = district.facilities.assign(kind="unheard-of")
    shown = replace(small_map(), bounds=(x, y, x, y), places=strange)
    drawn = draw(report_of(bare), shown, Sheet())
    assert texts(drawn, "area") == texts(drawn, "place") == texts(drawn, "letter") == []
    assert len(png(drawn, 40)) > 1000


def test_another_district_has_its_own_map(district: District) -> None:
    shown = replace(
        small_map(),
        bounds=district.boundary.bounds,
        places=district.facilities,
        heritage=True,
        roads=True,
    )
    english = report_of(district, Choice(language="en"))
    drawn = draw(english, shown, Sheet("a4", landscape=False))
    assert {"West area", "East area", "Place health-a", "横1路"} <= said(drawn)
    assert collisions(drawn) == set()
    words = " ".join(text for text, _ in around(english, shown, Sheet("a4", landscape=False)))
    with in_language("en"):
        assert t("map.unverified") in words


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
