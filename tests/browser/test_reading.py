"""The pages to be read: calm on any screen, at twice the type size, by keyboard and by ear."""

from __future__ import annotations

import re
from contextlib import contextmanager
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

import pytest
from playwright.sync_api import expect

from tests.browser.looking import asked, contrasts, settled, the_map, wide

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

AUDIENCES = ("residents", "officials", "planners", "stewards")
ADDRESSES = (
    *(f"/help?audience={name}&part=use" for name in AUDIENCES),
    "/help?audience=planners&part=method",
    "/about",
)
THUMB_PX = 44
ENOUGH = 4.5
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
_LEVELS = """() => [...document.querySelectorAll("h1, h2, h3, h4, h5, h6, [role=heading]")]
  .filter(e => e.getClientRects().length)
  .map(e => Number(e.getAttribute("aria-level") || e.tagName[1]))"""
_CUT = """() => [...document.querySelectorAll(".st-key-reading :is(p, li, h2, h3, a, dd, dt, b)")]
  .filter(e => !e.closest(".katex-display") && e.getClientRects().length)
  .filter(e => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
  .map(e => e.innerText)"""


def open_page(page: Page, address: str) -> None:
    page.goto(address)
    settled(page)


@contextmanager
def doubled(page: Page) -> Iterator[None]:
    """Have the reader's type twice as large, and as before at the end."""
    style = page.add_style_tag(content="html { font-size: 200% !important; }")
    expect(page.locator("html")).to_have_css("font-size", "32px")
    yield
    style.evaluate("element => element.remove()")
    expect(page.locator("html")).to_have_css("font-size", "16px")


def turned(page: Page) -> Iterator[None]:
    """Yield for each audience of the help page, which is turned to it; it shows the first."""
    yield
    for place, left in enumerate(AUDIENCES[:-1]):
        page.locator(".st-key-help-choice").get_by_role("radio").nth(place + 1).click()
        page.wait_for_url(re.compile(f"help(?!.*audience={left})"))
        settled(page)
        yield


def whole(screen: Page) -> None:
    assert not wide(screen)
    assert screen.evaluate(_CUT) == []


def test_nothing_of_the_help_runs_over_the_edge(page: Page, phone: Page, app_url: str) -> None:
    for screen in (page, phone):
        open_page(screen, f"{app_url}{ADDRESSES[0]}&lang=en")
        for _ in turned(screen):
            whole(screen)
            with doubled(screen):
                whole(screen)


@pytest.mark.parametrize(
    ("address", "lang"), [(ADDRESSES[-2], "en"), (ADDRESSES[-1], "en"), (ADDRESSES[1], "zh")]
)
def test_nothing_runs_over_the_edge(
    page: Page, phone: Page, app_url: str, address: str, lang: str
) -> None:
    for screen in (page, phone):
        open_page(screen, f"{app_url}{address}{'&' if '?' in address else '?'}lang={lang}")
        whole(screen)
        with doubled(screen):
            whole(screen)


def test_headings_are_in_order(page: Page, app_url: str) -> None:
    open_page(page, app_url + ADDRESSES[0])
    for _ in turned(page):
        in_order(page)
    open_page(page, f"{app_url}/help?audience=planners&part=method")
    in_order(page)
    open_page(page, f"{app_url}/about")
    in_order(page)


def in_order(page: Page) -> None:
    """Fail where a heading is missing or skips a level."""
    levels = page.evaluate(_LEVELS)
    assert levels[0] == 1, page.url
    assert levels.count(1) == 1, page.url
    assert len(levels) >= 6, page.url
    assert max(after - before for before, after in pairwise(levels)) == 1, page.url


def test_a_thumb_has_room(phone: Page, app_url: str) -> None:
    open_page(phone, f"{app_url}/help?audience=planners&lang=en")
    for name in (".lc-contents a", ".st-key-help-choice button"):
        boxes = [one.bounding_box() for one in phone.locator(name).all()]
        assert len(boxes) >= 6
        assert min(box["height"] for box in boxes if box) >= THUMB_PX
        assert max(box["x"] + box["width"] for box in boxes if box) <= 390


def test_the_contents_lead_to_their_part(page: Page, app_url: str) -> None:
    open_page(page, f"{app_url}/help?audience=officials")
    last = page.locator(".lc-contents a").last
    heading = page.locator(".st-key-help-text .lc-heading").last
    expect(heading).to_have_text(last.inner_text())
    expect(heading).not_to_be_in_viewport()
    last.click()
    expect(heading).to_be_in_viewport()
    box, bar = heading.bounding_box(), page.locator(".st-key-header").bounding_box()
    assert box is not None
    assert bar is not None
    assert box["y"] >= bar["y"] + bar["height"]


def test_the_audience_is_chosen_and_in_the_link(page: Page, app_url: str) -> None:
    open_page(page, f"{app_url}/help?audience=residents")
    before = page.locator(".lc-answer").inner_text()
    page.get_by_role("radio", name="规划师").click()
    page.wait_for_url(re.compile("help(?!.*audience=residents)"))
    expect(page.locator(".lc-answer")).not_to_have_text(before)
    page.get_by_role("radio", name="怎么算").click()
    page.wait_for_url(re.compile("part=method"))
    expect(page.locator(".katex-display").first).to_be_visible()
    assert asked(page, "part") == "method"


def test_a_page_is_opened_from_its_help(page: Page, app_url: str) -> None:
    open_page(page, f"{app_url}/help?audience=officials&lang=en")
    page.get_by_role("link", name="Open Coverage").click()
    page.wait_for_url(re.compile("/coverage"))
    expect(page.locator(".lc-figure").first).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Who is still out of reach")


def test_every_sign_is_drawn(page: Page, app_url: str) -> None:
    open_page(page, f"{app_url}/help?audience=officials")
    signs = page.locator(".lc-sample img")
    expect(signs).to_have_count(14)
    drawn = signs.evaluate_all(
        "all => Promise.all(all.map(e => e.decode().then(() => e.naturalWidth > 0)))"
    )
    assert all(drawn)


@pytest.mark.parametrize("address", ["/help?audience=planners", "/about"])
def test_text_stands_out(page: Page, app_url: str, address: str) -> None:
    weak = {}
    open_page(page, app_url + address)
    names: tuple[str, ...] = (
        ".lc-answer",
        ".lc-heading",
        ".st-key-reading :is(.lc-sub, .lc-text p)",
    )
    if address.startswith("/help"):
        names += (
            ".lc-contents a",
            ".lc-control",
            ".st-key-help-text p",
            ".st-key-help-aside p",
            ".st-key-help h3",
            ".st-key-help pre code",
            ".lc-sample",
            '[data-testid="stPageLink"] p',
        )
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        expect(page.locator(".stApp")).to_have_css("color-scheme", scheme)
        for name in names:
            found = contrasts(page.locator(name))
            assert found, name
            if min(found) < ENOUGH:
                weak[scheme, name] = round(min(found), 2)
    assert not weak


def test_the_keyboard_moves_the_map_and_chooses_on_it(page: Page, app_url: str) -> None:
    """What the help says of the keyboard."""
    page.goto(app_url)
    settled(page)
    place = the_map(page).locator(".circle-place").first
    expect(place).to_be_visible()
    page.get_by_placeholder("拼音").focus()
    page.keyboard.press("Tab")
    ground = the_map(page).locator(".leaflet-container")
    expect(ground).to_be_focused()
    frame = page.locator('[class*="st-key-map-"] iframe').element_handle().content_frame()
    assert frame is not None
    zoom, lat = frame.evaluate("[circle.map.getZoom(), circle.map.getCenter().lat]")
    page.keyboard.press("ArrowUp")
    frame.wait_for_function(f"circle.map.getCenter().lat > {lat}")
    page.keyboard.press("+")
    frame.wait_for_function(f"circle.map.getZoom() > {zoom}")
    page.keyboard.press("Tab")
    expect(the_map(page).locator(".circle-place:focus")).to_have_count(1)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"[?&]to="))
    expect(page.get_by_text("其中路外")).to_have_count(1)  # the way there
