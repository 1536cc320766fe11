"""The tools of a map: its link, the whole screen, measuring."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from circle.i18n import t
from tests.browser.looking import open_at, settled, the_map

if TYPE_CHECKING:
    from playwright.sync_api import Page


def test_the_link_is_copied(page: Page, app_url: str) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    open_at(page, f"{app_url}/explore?minutes=7")
    the_map(page).locator(".circle-tool-copy").click()
    expect(the_map(page).get_by_role("status")).to_have_text(t("tools.copied", language="zh"))
    assert page.evaluate("navigator.clipboard.readText()") == page.url


def test_the_map_fills_the_screen(page: Page, app_url: str) -> None:
    open_at(page, app_url)
    map_ = the_map(page).locator(".leaflet-container")
    before = map_.bounding_box()
    the_map(page).locator(".circle-tool-full").click()
    expect(page.locator("iframe:fullscreen")).to_be_attached()
    assert map_.evaluate("map => map.clientWidth") > 1400
    the_map(page).locator(".circle-tool-full").click()
    expect(page.locator("iframe:fullscreen")).to_have_count(0)
    assert map_.bounding_box() == before


def test_a_measured_line_has_its_length_and_moves_nothing(page: Page, app_url: str) -> None:
    open_at(page, app_url)
    map_, tool = the_map(page).locator(".leaflet-container"), the_map(page)
    said, place = page.locator(".lc-answer").inner_text(), page.url
    tool.locator(".circle-tool-measure").click()
    for x, y in ((420, 180), (420, 280), (520, 280)):
        map_.click(position={"x": x, "y": y})
    (due,) = map_.evaluate_all(
        """maps => maps.map(() => [[420, 180], [420, 280], [520, 280]]
             .map(at => circle.map.containerPointToLatLng(at))
             .reduce(([sum, from], at) => [sum + (from ? circle.map.distance(from, at) : 0), at],
                     [0, null])[0])"""
    )
    told = tool.locator(".circle-measured")
    expect(told).to_have_text(re.compile(r"^直线 \d+ 米$"))
    assert abs(int(told.inner_text().split()[1]) - due) <= 1
    page.keyboard.press("Escape")
    expect(told).to_have_count(0)
    settled(page)
    assert (page.locator(".lc-answer").inner_text(), page.url) == (said, place)
    map_.click(position={"x": 420, "y": 180})
    page.wait_for_url(re.compile("at="))
