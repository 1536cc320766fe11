"""What is on the screen: the map in its frame, the answer, sizes, contrast."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import FrameLocator, Locator, Page

FRAME = '[class*="st-key-map-"] iframe'
BANDS = ".leaflet-circle-bands-pane path"
WALK = ".leaflet-circle-path-pane path"
SIGNS = ".circle-place, .circle-cluster, .circle-note-sign"
ROW = '[class*="st-key-row-"] button'
_VIEW = "() => { const c = circle.map.getCenter(); return [circle.map.getZoom(), c.lat, c.lng]; }"
_CONTRAST = """(elements, most) => elements.slice(0, most).map(element => {
  const context = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
  function rgba(colour) {
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = colour;
    context.fillRect(0, 0, 1, 1);
    return [...context.getImageData(0, 0, 1, 1).data].map((v, i) => i < 3 ? v : v / 255);
  }
  function over(front, back) {
    return [0, 1, 2].map(i => front[i] * front[3] + back[i] * (1 - front[3])).concat(1);
  }
  function light(colour) {
    const [r, g, b] = colour.slice(0, 3).map(v => v / 255)
      .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  }
  const grounds = [];
  for (let one = element; one; one = one.parentElement) {
    grounds.push(rgba(getComputedStyle(one).backgroundColor));
  }
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const sheet = dark ? [0, 0, 0, 1] : [255, 255, 255, 1];
  const ground = grounds.reverse().reduce((back, front) => over(front, back), sheet);
  const ink = over(rgba(getComputedStyle(element).color), ground);
  const [low, high] = [light(ink), light(ground)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
})"""
_MOST = 8
_WATCH = """
  window.shift = 0;
  new PerformanceObserver(list => list.getEntries().forEach(entry => {
    if (!entry.hadRecentInput) window.shift += entry.value;
  })).observe({type: "layout-shift", buffered: true});
"""


MOST_SHIFT = 0.1
"""By so much a page may jump while it loads."""


class View(NamedTuple):
    """Where a map stands."""

    zoom: float
    lat: float
    lon: float


def open_at(page: Page, url: str) -> None:
    """Open an address and wait until its answer and its map, or its table, are drawn."""
    page.goto(url)
    settled(page)
    if page.locator(FRAME.removesuffix(" iframe")).count():
        expect(the_map(page).locator(SIGNS).first).to_be_visible()
    else:
        expect(page.get_by_test_id("stDataFrame").first).to_be_visible()


def open_watched(page: Page, url: str) -> float:
    """Open an address as `open_at` does; return by how much what was shown jumped meanwhile."""
    page.add_init_script(_WATCH)
    open_at(page, url)
    frame = page.frame_locator(".st-key-page-frame iframe")
    expect(frame.locator("button[title]")).to_be_attached()
    moved: float = page.evaluate("window.shift")
    return moved


def settled(page: Page) -> None:
    """Wait until the answer is there and the page has run to its end."""
    expect(page.locator(".lc-answer").first).to_be_visible()
    expect(page.locator('.stApp[data-test-script-state="notRunning"]')).to_be_attached()


def the_map(page: Page) -> FrameLocator:
    """Return the inside of the map's frame."""
    return page.frame_locator(FRAME)


def view(page: Page) -> View:
    """Return where the map stands, when it has come to rest."""
    the_map(page).locator(".leaflet-container:not(.leaflet-zoom-anim)").wait_for()
    frame = page.locator(FRAME).element_handle().content_frame()
    assert frame is not None
    frame.wait_for_function("() => !circle.map._animatingZoom && !circle.map._panAnim?._inProgress")
    return View(*frame.evaluate(_VIEW))


def asked(page: Page, name: str) -> str | None:
    """Return a query parameter of the address bar."""
    return parse_qs(urlsplit(page.url).query).get(name, [None])[-1]


def contrasts(found: Locator) -> list[float]:
    """Return the contrast of the first elements' text against what each stands on."""
    ratios: list[float] = found.evaluate_all(_CONTRAST, _MOST)
    return ratios


def wide(page: Page) -> bool:
    """Tell whether the page can be scrolled sideways."""
    found: bool = page.evaluate(
        "document.scrollingElement.scrollWidth > document.scrollingElement.clientWidth"
    )
    return found
