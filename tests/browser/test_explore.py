"""Explore in a browser: map, search, rows, links."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.looking import BANDS, FRAME, ROW, WALK, asked, open_at, settled, the_map, view

if TYPE_CHECKING:
    from playwright.sync_api import Page


def test_map_and_sentence(page: Page, app_url: str) -> None:
    open_at(page, app_url)
    expect(page.locator(".lc-answer")).to_contain_text("15 分钟")
    expect(the_map(page).locator(BANDS)).to_have_count(3)
    expect(the_map(page).locator(".leaflet-container")).to_be_visible()
    expect(the_map(page).locator(".circle-origin").first).to_be_visible()
    box = page.locator(FRAME).bounding_box()
    assert box is not None
    assert box["width"] > 0.5 * 1440
    assert box["height"] > 0.6 * 900


def test_a_click_on_the_map_moves_the_origin_and_keeps_the_zoom(page: Page, app_url: str) -> None:
    open_at(page, app_url)
    answer = page.locator(".lc-answer").inner_text()
    start = view(page)
    the_map(page).locator(".leaflet-control-zoom-in").click()
    before = view(page)
    assert before.zoom > start.zoom
    the_map(page).locator(".leaflet-container").click(position={"x": 420, "y": 180})
    page.wait_for_url(re.compile(r"[?&]at="))
    expect(page.locator(".lc-answer")).not_to_have_text(answer)
    settled(page)
    assert view(page) == pytest.approx(before)
    place = asked(page, "at")
    assert place is not None
    lon, lat = map(float, place.split(","))
    assert 121.42 < lon < 121.47
    assert 31.19 < lat < 31.23


def test_a_search_moves_the_origin_and_leaves_the_map_alone(page: Page, app_url: str) -> None:
    open_at(page, app_url)
    the_map(page).locator(".leaflet-control-zoom-in").click()
    before, box_before = view(page), page.locator(FRAME).bounding_box()
    the_map(page).locator(".leaflet-container").evaluate("map => { map.dataset.same = '1'; }")
    box = page.get_by_placeholder("拼音")
    for query in ("衡山路", "hsl", "横山路"):
        answer = page.locator(".lc-answer").inner_text()
        box.fill(query)
        box.press("Enter")
        first = page.locator(".st-key-search-results button").first
        expect(first).to_contain_text("衡山路")
        assert page.locator(FRAME).bounding_box() == box_before
        first.click()
        page.wait_for_url(re.compile(r"[?&]at="))
        expect(page.locator(".lc-answer")).not_to_have_text(answer)
        expect(page.locator(".lc-answer")).to_contain_text("衡山路")
        expect(page.locator(".st-key-search-results button")).to_have_count(0)
        settled(page)
        expect(the_map(page).locator(".leaflet-container[data-same]")).to_have_count(1)
        assert view(page) == pytest.approx(before)
        expect(box).to_have_value("衡山路")
        the_map(page).locator(".leaflet-container").click(position={"x": 420, "y": 180})
        expect(box).to_have_value("")
        expect(page.locator(".lc-answer")).not_to_contain_text("衡山路")
        settled(page)


def test_a_place_out_of_sight_is_brought_into_it(page: Page, app_url: str) -> None:
    open_at(page, app_url)
    the_map(page).locator(".leaflet-container").evaluate("() => { circle.map.setZoom(18); }")
    before = view(page)
    box = page.get_by_placeholder("拼音")
    box.fill("广元菜市场")
    box.press("Enter")
    page.locator(".st-key-search-results button").first.click()
    expect(the_map(page).locator(".circle-origin").first).to_be_in_viewport()
    settled(page)
    after = view(page)
    assert after.zoom == before.zoom
    assert (after.lat, after.lon) == pytest.approx((31.2008, 121.4349), abs=1e-3)


def test_a_row_draws_its_walk_and_the_link_opens_the_same_view(page: Page, app_url: str) -> None:
    open_at(page, f"{app_url}/?minutes=5,12&profile=older_adult")
    before = view(page)
    page.locator(ROW).nth(2).click()
    page.wait_for_url(re.compile(r"[?&]to="))
    expect(the_map(page).locator(WALK)).to_have_count(2)
    settled(page)
    assert view(page) == pytest.approx(before)
    page.get_by_text("EN", exact=True).click()
    page.wait_for_url(re.compile("lang=en"))
    expect(page.locator(".lc-answer")).to_contain_text("12 min")
    settled(page)
    said = page.locator(".lc-answer").inner_text()
    context = page.context.browser
    assert context is not None
    other = context.new_context()
    try:
        again = other.new_page()
        open_at(again, page.url)
        expect(again.locator(".lc-answer")).to_have_text(said)
        expect(the_map(again).locator(WALK)).to_have_count(2)
        expect(the_map(again).locator(BANDS)).to_have_count(2)
        expect(again.locator(".lc-chosen")).to_have_count(1)
    finally:
        other.close()


def test_the_language_turns_everything(page: Page, app_url: str) -> None:
    open_at(page, f"{app_url}/?profile=older_adult")
    page.get_by_text("EN", exact=True).click()
    page.wait_for_url(re.compile("lang=en"))
    expect(page.locator(".lc-answer")).to_contain_text("15 minutes on foot")
    settled(page)
    expect(page.get_by_role("combobox")).to_have_value(re.compile("Older adult"))
    expect(page.get_by_test_id("stSidebarNavLink").first).to_have_text("Explore")
    expect(the_map(page).locator(".circle-legend")).to_contain_text("Legend")
    expect(page.locator(".lc-heading").first).to_have_text("Nearest of each kind")
    expect(page.get_by_test_id("stSidebarNavViewButton")).to_have_count(0)  # no page is folded away
    page.get_by_test_id("stSidebarNavLink").nth(1).click()
    page.wait_for_url(re.compile("coverage.*lang=en"))
    expect(page.locator(".lc-answer")).to_contain_text("at least")
    page.get_by_text("中文", exact=True).click()
    expect(page.locator(".lc-answer")).to_contain_text("至少")
    expect(page.get_by_test_id("stSidebarNavLink").nth(1)).to_have_text("覆盖")


def test_the_keyboard_reaches_a_row_and_picks_it(page: Page, app_url: str) -> None:
    open_at(page, app_url)
    page.get_by_placeholder("拼音").focus()
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("!!document.activeElement.closest('[class*=st-key-row-]')"):
            break
    row = page.locator('[class*="st-key-row-"]:focus-within')
    expect(row).to_have_count(1)
    assert row.evaluate("e => getComputedStyle(e).outlineStyle") == "solid"
    assert row.evaluate("e => parseFloat(getComputedStyle(e).outlineWidth)") >= 2
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"[?&]to="))
    expect(page.locator(".lc-chosen")).to_have_count(1)


def test_a_point_off_the_streets_is_told_beside_the_map(page: Page, app_url: str) -> None:
    page.goto(f"{app_url}/?at=121.6,31.2")
    expect(page.get_by_test_id("stAlert")).to_be_visible()
    expect(the_map(page).locator(".leaflet-container")).to_be_visible()
