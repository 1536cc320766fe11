"""A map page saves what it shows: as a picture and as GeoJSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image, ImageChops
from playwright.sync_api import expect

from tests.browser.looking import open_at, settled, the_map

if TYPE_CHECKING:
    from playwright.sync_api import Download, FrameLocator, Page

SAVE = ".circle-save button"
GEOJSON = "GeoJSON"
MANY_COLOURS = 500


def picture(page: Page, owner: Page | FrameLocator) -> tuple[Download, Image.Image]:
    """Save the map as a picture and open it."""
    with page.expect_download() as waited:
        owner.locator(SAVE).click()
    opened = Image.open(waited.value.path())
    assert opened.format == "PNG"
    return waited.value, opened.convert("RGB")


def colours(part: Image.Image) -> int:
    """Return how many colours a part of a picture has."""
    return len(part.getcolors(part.width * part.height) or [])


def parts(shown: Image.Image, size: dict[str, float]) -> tuple[Image.Image, ...]:
    """Return the sheet's head, map and foot."""
    scale = shown.width / size["width"]
    lines = [
        row
        for row in range(1, shown.height)
        if colours(shown.crop((0, row, shown.width, row + 1))) == 1
        and shown.getpixel((0, row)) != shown.getpixel((0, row - 1))
    ]
    head = lines[0]
    foot = round(head + size["height"] * scale)
    assert foot < shown.height
    return (
        shown.crop((0, 0, shown.width, head)),
        shown.crop((0, head + 4, shown.width, foot)),
        shown.crop((0, foot, shown.width, shown.height)),
    )


def whole(page: Page, owner: Page | FrameLocator) -> Image.Image:
    """Save the picture, check that no part of it is blank, and return it."""
    _, shown = picture(page, owner)
    size = owner.locator(".leaflet-container").evaluate(
        "e => ({width: e.clientWidth, height: e.clientHeight})"
    )
    assert shown.width == min(4 * size["width"], max(1600, 2 * size["width"]))
    head, ground, foot = parts(shown, size)
    assert colours(head) > 20
    assert colours(ground) > MANY_COLOURS
    assert colours(foot) > MANY_COLOURS / 4
    return shown


def geojson(page: Page) -> tuple[str, dict[str, Any]]:
    """Save the map as GeoJSON and read it."""
    with page.expect_download() as waited:
        page.get_by_role("button", name=GEOJSON).click()
    found: dict[str, Any] = json.loads(Path(waited.value.path()).read_bytes())
    return waited.value.suggested_filename, found


@pytest.mark.parametrize(
    ("address", "language"),
    [("/?to=wuzhong-market", "zh"), ("/coverage?measure=services&gap=1", "en")],
)
def test_the_picture_is_whole(page: Page, app_url: str, address: str, language: str) -> None:
    open_at(page, f"{app_url}{address}&lang={language}")
    whole(page, the_map(page))
    label = the_map(page).locator(SAVE).get_attribute("aria-label") or ""
    assert ("图片" in label) == (language == "zh")
    assert the_map(page).locator(SAVE).inner_text() == ""  # a sign, as its neighbours


def test_the_picture_shows_the_present_view(page: Page, app_url: str) -> None:
    open_at(page, f"{app_url}/coverage")
    download, before = picture(page, the_map(page))
    assert download.suggested_filename.startswith("tianping-coverage-canteen-older_adult-15-2026")
    _, again = picture(page, the_map(page))
    assert ImageChops.difference(before, again).getbbox() is None
    the_map(page).locator(".leaflet-control-zoom-in").click()
    settled(page)
    _, nearer = picture(page, the_map(page))
    assert ImageChops.difference(before, nearer).getbbox() is not None
    the_map(page).locator(".circle-legend input").first.uncheck()
    _, without = picture(page, the_map(page))
    red = (179, 58, 58)
    assert without.height != nearer.height, "a hidden layer leaves the legend"
    assert pixels(without, red) < pixels(nearer, red)
    expect(the_map(page).locator(".circle-alert")).to_be_empty()


def pixels(shown: Image.Image, colour: tuple[int, int, int]) -> int:
    return next((count for count, own in shown.getcolors(1 << 24) or [] if own == colour), 0)


def test_the_picture_of_a_phone_at_night(phone: Page, app_url: str) -> None:
    phone.emulate_media(color_scheme="dark")
    open_at(phone, app_url)
    expect(the_map(phone).locator(".circle-dark")).to_have_count(1)
    shown = whole(phone, the_map(phone))
    assert max(shown.crop((0, 0, 4, 4)).tobytes()) < 60


def test_tiles_of_others_are_left_out_and_a_failure_is_told(page: Page, app_url: str) -> None:
    open_at(page, app_url)
    _, without = picture(page, the_map(page))
    ground = the_map(page).locator(".leaflet-container")
    tiles = "data:image/gif;base64,R0lGODlhAQABAAAAACw="
    ground.evaluate("(_, address) => { L.tileLayer(address).addTo(circle.map); }", tiles)
    _, told = picture(page, the_map(page))
    assert told.height > without.height
    ground.evaluate("() => { HTMLCanvasElement.prototype.toBlob = () => { throw Error('no'); }; }")
    the_map(page).locator(SAVE).click()
    expect(the_map(page).get_by_role("alert")).to_have_text("图片没有生成，请再试一次。")


def test_the_keyboard_reaches_the_picture(page: Page, app_url: str) -> None:
    open_at(page, app_url)
    the_map(page).locator(".leaflet-control-zoom-out").focus()
    page.keyboard.press("Tab")
    button = the_map(page).locator(SAVE)
    expect(button).to_be_focused()
    with page.expect_download():
        page.keyboard.press("Enter")


def test_explore_as_geojson(page: Page, app_url: str) -> None:
    open_at(page, f"{app_url}/?to=wuzhong-market&lang=en")
    name, found = geojson(page)
    assert name.startswith("tianping-explore-adult-5-10-15-")
    assert name.endswith(".geojson")
    assert found["metadata"]["language"] == "en"
    assert "on foot" in found["metadata"]["title"]
    layers = {one["properties"]["layer"] for one in found["features"]}
    assert layers == {"isochrone", "origin", "facility", "way", "heritage"}


def test_coverage_as_geojson_follows_the_page(page: Page, app_url: str) -> None:
    open_at(page, f"{app_url}/coverage")
    _, first = geojson(page)
    page.get_by_text("计入", exact=True).click()
    page.wait_for_url("**unverified=1*")
    settled(page)
    _, second = geojson(page)
    assert first["metadata"]["question"]["unverified"] is False
    assert second["metadata"]["question"]["unverified"] is True
    assert "居民" in second["metadata"]["caution"]
    assert {one["properties"]["layer"] for one in second["features"]} == {
        "area", "gap_zone", "demand_point", "facility", "heritage"
    }  # fmt: skip
