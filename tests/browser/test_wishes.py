"""A wish on its way: typed, lost and brought back, placed by a click, published, seen blurred."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from circle.load import read_district
from circle.store import Store
from circle.wishes import recording
from tests.browser import wishing
from tests.browser.conftest import ROOT, _log
from tests.browser.looking import settled, the_map

if TYPE_CHECKING:
    import pytest
    from playwright.sync_api import Page

TEXT = "路口缺一张可以歇脚的长椅"
BOX = ".st-key-draft-wish-text textarea"


def on_the_map(page: Page) -> set[tuple[int, int]]:
    """Return where wishes are drawn on the map, in millionths of a degree."""
    frame = the_map(page).locator("body").element_handle().owner_frame()
    assert frame is not None
    frame.wait_for_function("() => window.circle?.map?.circleSettled")
    told: list[tuple[int, int]] = frame.evaluate(
        """() => { const found = [];
          circle.map.eachLayer(layer => {
            const sign = layer.getElement && layer.getElement();
            if (sign && /circle-(cluster|note-sign)/.test(sign.className)) {
              const at = layer.getLatLng();
              found.push([Math.round(at.lng * 1e6), Math.round(at.lat * 1e6)]);
            }
          });
          return found; }"""
    )
    return {(lon, lat) for lon, lat in told}


def press(page: Page, key: str) -> None:
    page.locator(f".st-key-{key} button").click()
    settled(page)


def test_from_a_draft_to_the_wall(page: Page, app_url: str, pytestconfig: pytest.Config) -> None:
    page.goto(f"{app_url}/wishes?new=1")
    settled(page)
    page.locator(BOX).press_sequentially(TEXT)  # not left yet: the server knows nothing of it
    expect(page.locator(".st-key-draft-frame-wish iframe")).to_be_attached()
    page.wait_for_function("() => Object.keys(sessionStorage).some(key => key.includes('draft'))")
    page.reload()
    settled(page)
    expect(page.locator(BOX)).to_have_value(TEXT)
    assert TEXT not in page.url
    page.locator('.st-key-draft-wish-kind [data-testid="stButtonGroup"] button').last.click()
    expect(page.get_by_text("其他 · 年龄组")).to_be_visible()
    settled(page)
    the_map(page).locator(".leaflet-container").wait_for()
    on_the_map(page)
    box = page.locator('[class*="st-key-map-"] iframe').bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] * 0.62, box["y"] + box["height"] * 0.52)
    expect(page.locator(".st-key-wishes-no-place button")).to_be_visible()
    page.wait_for_function("() => Object.values(sessionStorage).some(v => v.includes('121.'))")
    page.reload()  # the place and the kind come back too
    settled(page)
    expect(page.locator(".st-key-wishes-no-place button")).to_be_visible()
    expect(page.locator(BOX)).to_have_value(TEXT)
    page.get_by_label("经办人").fill("王晓明")
    page.get_by_label("经办人").press("Enter")
    settled(page)
    press(page, "wishes-send")
    expect(page.get_by_text("待审核。可以接着记下一条")).to_be_visible()
    expect(page.locator(BOX)).to_have_count(1)  # the form is a new one: the old one goes last
    expect(page.locator(BOX)).to_have_value("")
    page.wait_for_function("() => !Object.keys(sessionStorage).some(key => key.includes('draft'))")
    press(page, "wishes-close")
    page.locator('[class*="st-key-row-wish-"] button').first.click()
    press(page, "step-review")
    press(page, "step-publish")
    expect(page.locator(".lc-facts")).to_contain_text("公众可见")
    store = Store(str(pytestconfig.stash[_log].with_name("store.sqlite")))
    wish = recording.listed(store, read_district(ROOT / "data" / "tianping").id)[0]
    assert (wish.lon, wish.lat) != (wish.shown_lon, wish.shown_lat)
    page.locator(".st-key-account button").first.click()
    page.get_by_test_id("stPopoverBody").get_by_text("公众", exact=True).click()
    expect(page.get_by_text("心愿墙上有 6 条心愿")).to_be_visible()
    expect(page.locator(".lc-answer")).to_have_count(1)  # what staff saw goes last
    expect(page.locator(".lc-rows").first).to_contain_text(TEXT)
    assert not page.locator("textarea").count()
    expect(the_map(page).locator(".circle-cluster, .circle-note-sign").first).to_be_visible()
    shown = on_the_map(page)
    for lon, lat in ((wish.lon or 0, wish.lat or 0), wishing.AT):
        assert (round(lon * 1e6), round(lat * 1e6)) not in shown
