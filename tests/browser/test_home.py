"""The public pages in a browser: a wide screen, a small phone, big text, keyboard, hearing."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.browser.looking import (
    BANDS,
    WALK,
    asked,
    contrasts,
    open_at,
    settled,
    the_map,
    view,
    wide,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Locator, Page

PAGES = ("/home?to=wuzhong-market", "/home?to=wuzhong-market&lang=en", "/overview")
THUMB_PX = 44
_CUT = """() => [...document.querySelectorAll('[data-testid="stMain"] *')].filter(one => {
  const box = one.getBoundingClientRect();
  return box.width > 0 && box.right > document.documentElement.clientWidth + 1;
}).map(one => one.tagName + "." + one.className).slice(0, 5)"""
_CLIPPED = """() => [...document.querySelectorAll(
  ["p", "h2", "h3", "li", "button", "summary"].map(name => ".st-key-home " + name).join(",")
)].filter(one =>
  one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).overflowX !== "visible"
).map(one => one.innerText.slice(0, 40))"""
READ = (
    ".lc-answer", ".lc-answer b", ".hm-band", ".hm-name span", ".hm-minutes", ".hm-where",
    ".hm-hours", ".hm-offers li", ".hm-warn", ".hm-steps li", ".hm-way strong",
    '[data-testid="stWidgetLabel"] p', ".st-key-home summary p", ".st-key-home .lc-notes p",
)  # fmt: skip


@contextmanager
def small(page: Page, width: int, height: int = 740) -> Iterator[Page]:
    page.set_viewport_size({"width": width, "height": height})
    yield page


def test_the_list_comes_first_the_map_second(page: Page, app_url: str) -> None:
    open_at(page, f"{app_url}/home?to=wuzhong-market")
    expect(the_map(page).locator(BANDS)).to_have_count(3)
    expect(the_map(page).locator(WALK)).to_have_count(2)
    expect(page.locator(".hm-steps li")).to_have_count(4)
    before = page.evaluate(
        "() => document.querySelector('.hm-card').compareDocumentPosition("
        "document.querySelector('.st-key-map-home')) & Node.DOCUMENT_POSITION_FOLLOWING"
    )
    assert before


def test_the_way_opens_and_shuts_and_only_one_is_open(page: Page, app_url: str) -> None:
    open_at(page, f"{app_url}/home")
    ways = page.locator(".st-key-home summary")
    ways.nth(2).click()
    page.wait_for_url(re.compile("to=tianping-affairs"))
    expect(page.locator(".hm-steps")).to_have_count(1)
    expect(the_map(page).locator(WALK)).to_have_count(2)
    ways.nth(4).click()
    page.wait_for_url(re.compile("to=wuzhong-market"))
    expect(page.locator(".st-key-home details[open]")).to_have_count(1)
    expect(page.locator(".hm-steps li")).to_have_count(4)
    ways.nth(4).click()
    page.wait_for_url(lambda url: "to=" not in url)
    expect(the_map(page).locator(WALK)).to_have_count(0)


def test_a_click_on_the_map_moves_the_home(page: Page, app_url: str) -> None:
    open_at(page, f"{app_url}/home")
    said = page.locator(".lc-answer").inner_text()
    the_map(page).locator(".leaflet-container").click(position={"x": 330, "y": 150})
    page.wait_for_url(re.compile(r"[?&]at="))
    expect(page.locator(".lc-answer")).not_to_have_text(said)
    assert asked(page, "at")


def test_the_map_shows_the_ground_whole_and_follows_the_minutes(page: Page, app_url: str) -> None:
    inside = """(_) => {
      const ground = L.featureGroup();
      circle.map.eachLayer((layer) => {
        if (layer.options && layer.options.pane === "circle-bands" && layer.getBounds)
          ground.addLayer(layer);
      });
      return circle.map.getBounds().contains(ground.getBounds());
    }"""
    open_at(page, f"{app_url}/home?within=5")
    near = view(page)
    open_at(page, f"{app_url}/home?within=15&to=wuzhong-market")
    far = view(page)
    assert far.zoom < near.zoom
    assert the_map(page).locator(".leaflet-container").evaluate(inside)


def flows(page: Page) -> None:
    """Fail where anything sticks out or is cut."""
    assert not wide(page)
    assert page.evaluate(_CUT) == []
    assert page.evaluate(_CLIPPED) == []


@pytest.mark.parametrize("address", PAGES)
def test_on_a_small_phone_nothing_is_cut(phone: Page, app_url: str, address: str) -> None:
    """Nor is it with text of twice the size."""
    with small(phone, 360):
        open_at(phone, app_url + address)
        flows(phone)
        touched = phone.locator(".st-key-home button, .st-key-home summary").all()
        boxes = [one.bounding_box() for one in touched if one.is_visible()]
        assert len(boxes) >= 6
        assert min(box["height"] for box in boxes if box) >= THUMB_PX
        size = phone.locator(".lc-answer").evaluate("e => parseFloat(getComputedStyle(e).fontSize)")
        assert size >= 20
        phone.add_style_tag(content=":root { font-size: 200% !important; }")
        expect(phone.locator(".lc-answer")).to_have_css("font-size", "48px")
        assert not wide(phone)
        assert phone.evaluate(_CUT) == []


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("width", [640, 320])
def test_zoomed_to_twice_the_size_it_flows(
    page: Page, app_url: str, address: str, width: int
) -> None:
    """A window of 1,280 pixels zoomed to 200 % is 640 wide, to 400 % it is 320."""
    with small(page, width, 400):
        open_at(page, app_url + address)
        flows(page)


def focused(page: Page) -> str:
    said: str = page.evaluate("document.activeElement.innerText || document.activeElement.id")
    return said


def to(page: Page, selector: str, most: int = 60) -> None:
    """Press Tab until something is reached."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("s => !!document.activeElement.closest(s)", selector):
            return
    pytest.fail(f"the keyboard does not reach {selector}")


def test_all_is_done_with_the_keyboard_alone(page: Page, app_url: str) -> None:
    open_at(page, f"{app_url}/home")
    to(page, ".st-key-address input")
    page.keyboard.type("余庆路21号")
    page.keyboard.press("Enter")
    expect(page.locator(".st-key-address-results button").first).to_be_visible()
    expect(page.locator('.lc-status[role="status"]')).to_be_visible()
    settled(page)
    to(page, ".st-key-address-results")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"[?&]at="))
    expect(page.locator(".lc-answer", has_text="天平街道办事处")).to_be_visible()
    settled(page)
    page.locator(".st-key-address input").focus()
    to(page, ".st-key-home summary")
    ring = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert ring == "solid"
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"[?&]to="))
    expect(page.locator(".hm-steps")).to_have_count(1)
    settled(page)
    to(page, '[data-testid="stDownloadButton"]')


def nodes(page: Page) -> list[dict[str, Any]]:
    """Return what those who hear the page are given, ignored parts left out."""
    session = page.context.new_cdp_session(page)
    tree = session.send("Accessibility.getFullAXTree")
    return [one for one in tree["nodes"] if not one.get("ignored")]


def named(found: list[dict[str, Any]], role: str) -> list[str]:
    return [
        str(one.get("name", {}).get("value", "")) for one in found if one["role"]["value"] == role
    ]


def test_what_is_heard(page: Page, app_url: str) -> None:
    open_at(page, f"{app_url}/home?to=wuzhong-market")
    found = nodes(page)
    assert "main" in {one["role"]["value"] for one in found}
    headings = [name.replace(" ", "") for name in named(found, "heading")]
    for said in ("家门口", "5分钟内·2处", "15分钟内·1处", "打印", "地图"):
        assert said in headings
    assert any("乌中市集" in one and "12分钟" in one for one in headings)
    owners = [
        one for one in found if one["role"]["value"] == "list" and "分钟" in str(one.get("name"))
    ]
    kinds = {one["nodeId"]: one["role"]["value"] for one in found}
    sizes = [len([c for c in one["childIds"] if kinds.get(c) == "listitem"]) for one in owners]
    assert sizes[:3] == [2, 2, 1]
    assert "您家的地址" in named(found, "textbox")
    choices = named(found, "radio")
    assert {"老人、拄手杖", "15 分钟"} <= set(choices)
    assert all(named(found, "button"))
    assert all(name for name in named(found, "image") + named(found, "img"))
    expect(page.locator(".lc-answer")).to_have_attribute("aria-live", "polite")
    expect(page.locator("summary", has_text="怎么走：乌中市集")).to_have_count(1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out(page: Page, app_url: str, scheme: Any) -> None:
    page.emulate_media(color_scheme=scheme)
    open_at(page, f"{app_url}/home?to=wuzhong-market")
    expect(page.locator(".hm-steps li").first).to_be_visible()
    weak = {}
    for name in READ:
        ratios = contrasts(page.locator(name))
        assert ratios, name
        if min(ratios) < 4.5:
            weak[name] = round(min(ratios), 2)
    assert not weak


def test_the_sheet_is_a_pdf(page: Page, app_url: str, tmp_path: Path) -> None:
    open_at(page, f"{app_url}/home?to=wuzhong-market")
    button: Locator = page.get_by_test_id("stDownloadButton").first.get_by_role("button")
    with page.expect_download() as waiting:
        button.click()
    file = tmp_path / "sheet.pdf"
    waiting.value.save_as(file)
    assert waiting.value.suggested_filename == "家门口.pdf"
    assert file.read_bytes().startswith(b"%PDF-")


def test_the_overview_marks_zones_by_squares(page: Page, app_url: str) -> None:
    open_at(page, f"{app_url}/overview")
    expect(the_map(page).locator(".circle-badge").first).to_be_visible()
    assert the_map(page).locator(".leaflet-circle-points-pane path").count() == 0
    page.get_by_role("radio", name="菜市场").click()
    page.wait_for_url(re.compile("kind=market"))
    expect(page.locator(".lc-answer")).to_contain_text("菜市场")
