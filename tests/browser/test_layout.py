"""How a page is laid out while it loads and on narrow screens."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.looking import FRAME, open_at, settled, the_map

if TYPE_CHECKING:
    from playwright.sync_api import Page

MOST_SHIFT = 0.1
WATCH = """
  window.shift = 0;
  new PerformanceObserver(list => list.getEntries().forEach(entry => {
    if (!entry.hadRecentInput) window.shift += entry.value;
  })).observe({type: "layout-shift", buffered: true});
"""
HIDDEN = """() => {
  const box = document.querySelector(".circle-legend").getBoundingClientRect();
  return [...document.querySelectorAll(".circle-place")].some(sign => {
    const place = sign.getBoundingClientRect();
    return place.left < box.right && place.right > box.left &&
      place.top < box.bottom && place.bottom > box.top;
  });
}"""


DESK, TABLET, HAND = (1440, 900), (820, 1180), (390, 844)


@pytest.mark.parametrize(
    ("address", "size"),
    [
        ("/explore", DESK),
        ("/explore", HAND),
        ("/coverage", TABLET),
        ("/coverage", HAND),
        ("/home", TABLET),
        ("/home", HAND),
        ("/overview", DESK),
    ],
)
def test_nothing_jumps_while_a_page_loads(
    page: Page, app_url: str, address: str, size: tuple[int, int]
) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.add_init_script(WATCH)
    open_at(page, app_url + address)
    expect(
        page.frame_locator(".st-key-page-frame iframe").locator("button[title]")
    ).to_be_attached()
    assert page.evaluate("window.shift") < MOST_SHIFT


def test_on_a_tablet_the_map_is_as_wide_as_the_page(page: Page, app_url: str) -> None:
    page.set_viewport_size({"width": 820, "height": 1180})
    open_at(page, app_url)
    frame, answer = page.locator(FRAME).bounding_box(), page.locator(".lc-answer").bounding_box()
    assert frame is not None
    assert answer is not None
    assert frame["width"] > 500
    assert frame["height"] > 400
    assert answer["y"] + answer["height"] <= frame["y"]


def test_the_legend_gives_way_to_a_facility(page: Page, app_url: str) -> None:
    open_at(page, app_url)
    legend = the_map(page).locator(".circle-legend")
    expect(legend).to_have_attribute("open", "")
    assert not the_map(page).locator(".leaflet-container").evaluate(HIDDEN)
    map_ = the_map(page).locator(".leaflet-container")
    under = """() => {
      const place = document.querySelector(".circle-place").getBoundingClientRect();
      const box = document.querySelector(".circle-legend").getBoundingClientRect();
      circle.map.panBy([place.x - box.x - 20, place.y - box.y - 60], {animate: false});
    }"""
    map_.evaluate(under)
    expect(legend).not_to_have_attribute("open", "")
    legend.locator("summary").click()
    map_.evaluate(under)
    expect(legend).to_have_attribute("open", "")
    settled(page)
