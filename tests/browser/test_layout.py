"""How a page is laid out while it loads and on narrow screens."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.looking import FRAME, MOST_SHIFT, open_watched, settled, the_map
from tests.browser.wishing import OPENED

if TYPE_CHECKING:
    from playwright.sync_api import Page

HIDDEN = """() => {
  const box = document.querySelector(".circle-legend").getBoundingClientRect();
  return [...document.querySelectorAll(".circle-place")].some(sign => {
    const place = sign.getBoundingClientRect();
    return place.left < box.right && place.right > box.left &&
      place.top < box.bottom && place.bottom > box.top;
  });
}"""


DESK, TABLET, HAND = (1440, 900), (820, 1180), (390, 844)


@pytest.mark.parametrize(  # others, on a phone: see test_phone
    ("address", "size"),
    [
        ("/coverage", TABLET),
        ("/home", TABLET),
        ("/home", HAND),
        ("/overview", DESK),
        (f"/wishes?wish={OPENED}", TABLET),
        ("/levels", TABLET),
        ("/audit", HAND),
    ],
)
def test_nothing_jumps_while_a_page_loads(
    page: Page, app_url: str, address: str, size: tuple[int, int]
) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    assert open_watched(page, app_url + address) < MOST_SHIFT
    if size == TABLET and page.locator(".st-key-stage").count():
        the_map_is_as_wide_as_the_page(page)


def the_map_is_as_wide_as_the_page(page: Page) -> None:
    frame, answer = page.locator(FRAME).bounding_box(), page.locator(".lc-answer").bounding_box()
    assert frame is not None
    assert answer is not None
    assert frame["width"] > 500
    assert frame["height"] > 400
    assert answer["y"] + answer["height"] <= frame["y"]


def test_the_legend_gives_way_to_a_facility(page: Page, app_url: str) -> None:
    assert open_watched(page, app_url) < MOST_SHIFT  # Explore, at a desk
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
