"""On a phone: the sentence first, controls in a drawer, room for a thumb."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.looking import MOST_SHIFT, ROW, open_at, open_watched, the_map, wide

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

THUMB_PX = 44
ROOM = """input => {
  const pen = document.createElement("canvas").getContext("2d");
  const style = getComputedStyle(input, "::placeholder"), box = getComputedStyle(input);
  pen.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  const inside = input.clientWidth - parseFloat(box.paddingLeft) - parseFloat(box.paddingRight);
  return inside - pen.measureText(input.placeholder).width;
}"""
"""How much room what a box asks for leaves in it, pixels."""

CHOICE = '[data-variant="segmented_control"]'
LEFTS = "all => all.map(button => getComputedStyle(button).borderLeftColor)"


def height(found: Locator) -> float:
    box = found.bounding_box()
    assert box is not None
    return box["height"]


@pytest.mark.parametrize(
    ("address", "files"), [("/", 3), ("/?lang=en", 3), ("/coverage?lang=en", 3), ("/wishes", 2)]
)
def test_the_sentence_comes_first_and_a_thumb_has_room(
    phone: Page, app_url: str, address: str, files: int
) -> None:
    assert open_watched(phone, app_url + address) < MOST_SHIFT
    assert not wide(phone)
    answer = phone.locator(".lc-answer")
    expect(answer).to_be_in_viewport(ratio=1)
    box, frame = answer.bounding_box(), phone.locator(".st-key-stage-map").bounding_box()
    assert box is not None
    assert frame is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    assert box["y"] + box["height"] <= frame["y"]
    cut = phone.locator(".lc-figure dd").evaluate_all(
        "all => all.filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.innerText)"
    )
    assert not cut
    rows = phone.locator(ROW).all()
    assert len(rows) >= 4
    assert min(map(height, rows)) >= THUMB_PX
    toggle = phone.locator(".st-key-header button").all()
    assert len(toggle) == 3  # two languages, and who is looking
    assert min(map(height, toggle)) >= THUMB_PX
    offered = phone.get_by_test_id("stDownloadButton").get_by_role("button").all()
    assert len(offered) == files
    assert min(map(height, offered)) >= THUMB_PX
    assert min(map(height, the_map(phone).locator("button:visible").all())) >= THUMB_PX
    lefts = phone.locator(CHOICE).evaluate_all(LEFTS)
    assert len(lefts) > 1
    assert "rgba(0, 0, 0, 0)" not in lefts


def test_the_controls_are_in_a_drawer(phone: Page, app_url: str) -> None:
    open_at(phone, app_url)
    sidebar = phone.get_by_test_id("stSidebar")
    expect(sidebar).not_to_be_in_viewport()
    drawer = phone.get_by_test_id("stExpandSidebarButton")
    assert height(drawer) >= THUMB_PX
    drawer.tap()
    expect(sidebar.get_by_role("combobox")).to_be_in_viewport()
    assert not wide(phone)


def test_light_or_dark_is_switched_in_the_drawer(phone: Page, app_url: str) -> None:
    phone.emulate_media(color_scheme="light")
    open_at(phone, app_url)
    frame = phone.frame_locator(".st-key-page-frame iframe")
    expect(frame.get_by_text("切换浅色和深色")).not_to_be_visible()
    phone.get_by_test_id("stExpandSidebarButton").tap()
    switch = frame.get_by_role("button", name="切换浅色和深色")
    assert height(switch) >= THUMB_PX - 1
    switch.tap()
    expect(phone.locator(".stApp")).to_have_css("color-scheme", "dark")


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("address", ["/explore", "/home"])
def test_what_a_box_asks_for_is_not_cut_off(
    phone: Page, app_url: str, address: str, lang: str
) -> None:
    open_at(phone, f"{app_url}{address}?lang={lang}")
    room = phone.locator("[data-testid=stMain] input[placeholder]").first.evaluate(ROOM)
    assert room >= 0


def test_the_comparison_breaks_no_word(phone: Page, app_url: str) -> None:
    open_at(phone, f"{app_url}/explore?with=121.4438,31.2078&at=121.4418,31.213&lang=en")
    cells = phone.locator(".lc-table :is(th, td)")
    assert set(cells.evaluate_all("all => all.map(e => getComputedStyle(e).overflowWrap)")) == {
        "break-word"
    }
    assert not wide(phone)


def test_the_drawer_shuts_after_a_choice_and_stays_to_say_what_is_wrong(
    phone: Page, app_url: str
) -> None:
    open_at(phone, app_url)
    sidebar = phone.get_by_test_id("stSidebar")
    phone.get_by_test_id("stExpandSidebarButton").tap()
    minutes = sidebar.get_by_test_id("stTextInputField")
    minutes.fill("0")
    minutes.press("Enter")
    expect(sidebar.get_by_test_id("stAlert")).to_be_in_viewport()
    minutes.fill("5,12")
    minutes.press("Enter")
    phone.wait_for_url("**minutes=5*")
    expect(sidebar).not_to_be_in_viewport()


def test_a_tap_on_a_row_draws_the_walk(phone: Page, app_url: str) -> None:
    open_at(phone, app_url)
    phone.locator(ROW).first.tap()
    expect(phone.locator(".lc-chosen")).to_have_count(1)
    phone.wait_for_url("**to=*")
