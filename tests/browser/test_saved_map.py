"""The maps of a report in one file, opened from a disk with the network cut off."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from circle.report.webmap.html import write
from tests.browser.looking import wide
from tests.browser.test_saving import whole
from tests.report.sample_html import report
from tests.report.test_html import small_map, small_report

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Page

PATHS = ".leaflet-circle-points-pane path"
ZONES = ".leaflet-circle-gaps-pane path"
BANDS = ".leaflet-circle-bands-pane path"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("saved")
    for language in ("zh", "en"):
        write(report(language), folder / f"{language}.html")
    return {language: folder / f"{language}.html" for language in ("zh", "en")}


@pytest.fixture(autouse=True)
def _silent(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail on anything that the page tells the console, and on a request for anything."""
    opened: Page = request.getfixturevalue("phone" if "phone" in request.fixturenames else "page")
    told: list[str] = []
    opened.on("console", lambda message: told.append(message.text))
    opened.on("request", lambda one: told.append(one.url))
    yield
    asked = [one for one in told if not one.startswith(("data:", "blob:"))]
    assert [one for one in asked if not one.startswith("file:")] == []
    assert len(asked) == 1, "the file itself and nothing beside it"


def open_file(opened: Page, path: Path) -> None:
    opened.context.set_offline(True)
    opened.goto(path.as_uri())
    expect(opened.locator(".circle-legend")).to_be_attached()
    opened.wait_for_function("() => document.querySelector('.leaflet-container path[d]')")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_file_shows_its_maps(page: Page, files: dict[str, Path], language: str) -> None:
    open_file(page, files[language])
    assert page.locator(PATHS).count() > 2000
    expect(page.locator(".circle-badge")).to_have_count(4)
    expect(page.locator("#zones button")).to_have_count(4)
    expect(page.locator(".circle-legend")).to_be_visible()
    title = page.locator("#title").inner_text()
    page.get_by_label("地图" if language == "zh" else "Map", exact=True).select_option("8")
    expect(page.locator("#title")).not_to_have_text(title)
    expect(page.locator(BANDS)).to_have_count(3)
    expect(page.locator(ZONES)).to_have_count(0)
    expect(page.locator("#zones")).to_be_hidden()
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN" if language == "zh" else "en")


def test_the_keyboard_walks_through_the_maps(page: Page, files: dict[str, Path]) -> None:
    open_file(page, files["zh"])
    page.locator("#choice").focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#title")).to_contain_text("社区食堂")
    page.locator("#next").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#choice")).to_have_value("2")
    page.locator("#previous").click(click_count=3)
    expect(page.locator("#choice")).to_have_value("8")


def test_a_map_of_a_zone_shows_the_zone(page: Page, files: dict[str, Path]) -> None:
    open_file(page, files["zh"])
    page.locator("#choice").select_option("5")
    chosen = page.locator(".circle-badge-chosen")
    expect(chosen).to_have_text("2")
    expect(chosen).to_be_in_viewport()
    row = page.locator("#zones button").nth(2)
    row.click()
    expect(row).to_have_attribute("aria-pressed", "true")
    ground = page.locator("#map").bounding_box()
    badge = page.locator(".circle-badge").filter(has_text="3").bounding_box()
    assert ground is not None
    assert badge is not None
    assert abs(badge["x"] + 13 - ground["x"] - ground["width"] / 2) < 0.3 * ground["width"]
    assert abs(badge["y"] + 13 - ground["y"] - ground["height"] / 2) < 0.2 * ground["height"]


def test_the_legend_hides_a_layer_and_words_show_under_the_pointer(
    page: Page, files: dict[str, Path]
) -> None:
    open_file(page, files["zh"])
    page.locator(".circle-legend input").first.uncheck()
    expect(page.locator(PATHS)).to_have_count(0)
    page.locator(".circle-badge").first.hover()
    expect(page.locator(".circle-tip")).to_contain_text("约")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_on_a_phone(phone: Page, files: dict[str, Path], language: str) -> None:
    open_file(phone, files[language])
    assert not wide(phone)
    box = phone.locator("#map").bounding_box()
    assert box is not None
    assert box["width"] > 340
    for button in phone.locator(".choose button, .choose select, .circle-save button").all():
        size = button.bounding_box()
        assert size is not None
        assert size["height"] >= 44
    expect(phone.locator(".circle-legend")).not_to_have_attribute("open", "")
    whole(phone, phone)


def test_the_picture_of_a_saved_map(page: Page, files: dict[str, Path]) -> None:
    open_file(page, files["en"])
    page.locator("#choice").select_option("4")
    whole(page, page)


def test_hostile_names_are_only_read(page: Page, tmp_path: Path) -> None:
    word = "</script></style><img src=x onerror=alert(1)>\u2028`${alert(1)}`{{ 7 * 7 }}"
    write(
        small_report(small_map(word), small_map(word), word=word, title=word), tmp_path / "a.html"
    )
    open_file(page, tmp_path / "a.html")
    for place in ("h1", "#title", "#note", "#zones .what span >> nth=1"):
        expect(page.locator(place)).to_have_text(word)
    page.locator(".circle-badge").hover()
    expect(page.locator(".circle-tip b")).to_have_text(word)
    expect(page.locator("img")).to_have_count(0)
    whole(page, page)


def test_on_paper_the_map_is_there_and_the_controls_are_not(
    page: Page, files: dict[str, Path]
) -> None:
    open_file(page, files["zh"])
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(page.locator("#map")).to_have_css("width", "680px")
    expect(page.locator("#choice")).to_be_hidden()
    expect(page.locator(".circle-save")).to_be_hidden()
    expect(page.locator(".sources table")).to_be_visible()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(page.locator("#map")).not_to_have_css("width", "680px")
