"""The sheet to print: pages of A4 that hold what the page told, and nothing that runs."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import numpy as np
import pytest
import shapely

from circle.i18n import in_language, t
from circle.measures.lifecircle import life_circle, origin_at, walk_to
from circle.network.speeds import impedance
from circle.report.home_sheet.sheet import Sheet, to_pdf
from circle.report.home_sheet.walk_map import Drawn, Pin, svg
from circle.words.nearby import LIMITS, nearby, whom_to_ask

if TYPE_CHECKING:
    from circle.model import District, Floats

TIANPING = Path(__file__).parents[2] / "data" / "tianping"
NOON = datetime(2026, 11, 20, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
FIRST = b"%PDF-"
pytestmark = pytest.mark.skipif(
    shutil.which("pdftotext") is None, reason="pdftotext is not on this machine"
)


def sheet(district: District, profile: str = "older_adult", to: str = "", **more: object) -> Sheet:
    walk = impedance(district.network, district.profiles[profile])
    assert district.start is not None
    here = origin_at(district, walk, *district.start)
    found = life_circle(district, walk, here, LIMITS)
    places = nearby(district, found, NOON)
    picked = next((place for place in places if place.id == to), None)
    way = None
    if picked is not None:
        way = walk_to(walk, here, found.facilities[found.facilities["id"].eq(to)].iloc[0])
    plain = Sheet(
        district, found, places, district.profiles[profile], 15.0, str(district.start_name), NOON,
        picked, way,
    )  # fmt: skip
    return replace(plain, **more)  # type: ignore[arg-type]


def ran(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, check=True)  # noqa: S603 - our own file
    return done.stdout.decode()


def text(made: bytes, tmp_path: Path) -> str:
    file = tmp_path / "sheet.pdf"
    file.write_bytes(made)
    return ran("pdftotext", "-layout", str(file), "-")


def info(made: bytes, tmp_path: Path) -> dict[str, str]:
    file = tmp_path / "sheet.pdf"
    file.write_bytes(made)
    return dict(
        line.split(":", 1) for line in ran("pdfinfo", str(file)).splitlines() if ":" in line
    )


@pytest.mark.parametrize("language", ["zh", "en"])
def test_one_page_holds_the_list_the_way_and_the_credit(
    tianping: District, tmp_path: Path, language: str
) -> None:
    with in_language(language):
        asked = sheet(tianping, to="wuzhong-market")
        asked = replace(asked, asked=whom_to_ask(tianping, asked.found, asked.places))
        made = to_pdf(asked)
        said = "".join(text(made, tmp_path).split())
        told = info(made, tmp_path)
        assert made.startswith(FIRST)
        assert told["Pages"].strip() == "1"
        assert "A4" in told["Page size"]
        assert told["Tagged"].strip() == "yes"
        listed = [place for place in asked.places if place.within(15)]
        assert len(listed) == 5
        for place in listed:
            assert "".join(f"{place.name}".split()) in said
            assert "".join(place.time.split()) in said
        for key in ("hours.not_stated", "home.unverified", "directions.unnamed"):
            assert ("".join(t(key).split()) in said) == (key != "directions.unnamed")
        assert "乌鲁木齐中路" in said
        assert "OpenStreetMap" in said
        assert "2026-11-20" in said
        assert "居委会" in said


def test_texts_are_set_as_they_are_and_never_run(tianping: District, tmp_path: Path) -> None:
    nasty = '#panic("x") $x^2$ *b* <script>alert(1)</script> @ref \\ ]) [ "quoted" &amp; /* c */'
    asked = sheet(tianping)
    places = (replace(asked.places[0], name=nasty, offers=(nasty,)), *asked.places[1:])
    said = text(to_pdf(replace(asked, home=nasty, places=places)), tmp_path)
    flat = "".join(said.split())
    assert flat.count('#panic("x")') >= 3
    assert "<script>alert(1)</script>" in flat
    assert "&amp;" in flat


def test_hours_are_printed_as_the_week_has_them(tianping: District, tmp_path: Path) -> None:
    hours = tianping.facilities["hours"].where(
        ~tianping.facilities["id"].eq("wuzhong-market"), "Mo-Fr 06:00-18:00; PH off"
    )
    known = replace(tianping, facilities=tianping.facilities.assign(hours=hours))
    said = "".join(text(to_pdf(sheet(known)), tmp_path).split())
    assert "周一至周五06:00–18:00" in said
    assert "现在开放" not in said  # a sheet is read later


def test_contacts_are_printed(tianping: District, tmp_path: Path) -> None:
    places = sheet(tianping).places
    known = replace(places[0], phone="021-64310000", website="https://example.org/a?b=1")
    said = text(to_pdf(sheet(tianping, places=(known,))), tmp_path)
    assert "021-64310000" in said
    assert "https://example.org/a?b=1" in said


def test_nothing_near_makes_a_sheet_too(tianping: District, tmp_path: Path) -> None:
    said = text(to_pdf(sheet(tianping, places=())), tmp_path)
    assert "没有已收录的地方" in "".join(said.split())


# ---- the map ----


def parsed(image: str) -> ET.Element:
    return ET.fromstring(image)  # noqa: S314 - our own text


def drawn(district: District, home: Floats, pins: list[Pin]) -> str:
    return svg(district, Drawn([], pins, home, None), (100.0, 80.0), "<map> & more")


def middles(image: str, role: str) -> Floats:
    """Return where the middles of discs stand, millimetres from the upper left corner."""
    discs = (node.attrib["d"] for node in parsed(image).iter() if node.get("class") == role)
    runs = (np.array(disc.strip("MZ").split(), float).reshape(-1, 2) for disc in discs)
    return np.array([(run.min(axis=0) + run.max(axis=0)) / 2 for run in runs]) / 200


def pins_at(district: District, places: list[tuple[float, float]]) -> list[Pin]:
    kind = next(iter(district.kinds.values()))
    return [Pin(n, x, y, kind, n % 2 == 0, near=True) for n, (x, y) in enumerate(places, 1)]


def test_the_map_is_well_formed_and_inside_its_frame(district: District) -> None:
    home = np.array(shapely.get_coordinates(district.boundary.centroid)[0])
    image = drawn(district, home, pins_at(district, [(home[0] + 90, home[1]), (home[0], home[1])]))
    assert parsed(image).attrib["viewBox"] == "0 0 20000 16000"
    pins = middles(image, "pin")
    assert len(pins) == 2
    assert (pins > 3.4).all()
    assert (pins < [96.6, 76.6]).all()
    assert len(middles(image, "house")) == 1


def test_no_pin_hides_another_or_stands_on_the_house(district: District) -> None:
    home = np.array(shapely.get_coordinates(district.boundary.centroid)[0])
    image = drawn(district, home, pins_at(district, [(home[0], home[1])] * 5))
    pins, (house,) = middles(image, "pin"), middles(image, "house")
    assert len(pins) == 5
    assert np.allclose(house, (50, 40), atol=0.1)
    for i, pin in enumerate(pins):
        assert np.hypot(*(pin - house)) > 7.4
        for other in pins[:i]:
            assert np.hypot(*(pin - other)) > 6.8


def test_names_on_the_map_are_escaped(district: District) -> None:
    names = district.network.segment_name.copy()
    names[:] = "<b>&"
    network = replace(district.network, segment_name=names)
    home = np.array(shapely.get_coordinates(district.boundary.centroid)[0])
    image = drawn(replace(district, network=network), home, [])
    assert "<b>" not in image
    assert "&lt;b&gt;&amp;" in image
    assert "&lt;map&gt; &amp; more" in image
    parsed(image)
