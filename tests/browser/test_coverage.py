"""Coverage in a browser: both figures, marked zones, the file."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest
from playwright.sync_api import expect

from tests.browser.looking import asked, open_at, settled, the_map, view

if TYPE_CHECKING:
    from playwright.sync_api import Page

FIGURE = ".lc-figure dd"
BOTH = ".st-key-stage-lead .lc-rows li"


def test_counting_the_unverified_shows_both_figures(page: Page, app_url: str) -> None:
    open_at(page, f"{app_url}/coverage")
    sure = page.locator(FIGURE).first.inner_text()
    expect(page.locator(BOTH)).to_have_count(2)
    expect(page.locator(BOTH).first).to_contain_text(sure)
    before = view(page)
    page.get_by_text("计入", exact=True).click()
    page.wait_for_url(re.compile("unverified=1"))
    expect(page.locator(FIGURE).first).not_to_have_text(sure)
    expect(page.locator(BOTH).first).to_contain_text(sure)
    expect(page.locator(BOTH).nth(1)).to_contain_text(page.locator(FIGURE).first.inner_text())
    settled(page)
    assert view(page) == pytest.approx(before)


def test_a_row_marks_its_zone(page: Page, app_url: str) -> None:
    open_at(page, f"{app_url}/coverage")
    before = view(page)
    page.locator(".st-key-mark-2 button").click()
    page.wait_for_url(re.compile("gap=2"))
    expect(the_map(page).locator(".circle-badge-chosen")).to_have_text("2")
    expect(page.locator(".lc-chosen")).to_have_count(1)
    settled(page)
    turned = view(page)
    assert (turned.lat, turned.lon) != pytest.approx((before.lat, before.lon), abs=1e-4)
    page.get_by_text("计入", exact=True).click()  # another answer to the same choice
    page.wait_for_url(re.compile("unverified=1"))
    settled(page)
    assert view(page) == pytest.approx(turned)


def test_another_measure_keeps_the_view(page: Page, app_url: str) -> None:
    open_at(page, f"{app_url}/coverage")
    the_map(page).locator(".leaflet-control-zoom-in").click()
    before = view(page)
    names = {
        "chance": "把握", "services": "服务齐全", "capacity": "容量",
        "circle": "对比：直线画圈", "polygon": "对比：等时圈面",
    }  # fmt: skip
    for measure, name in names.items():
        page.locator(".st-key-stage-map").get_by_text(name, exact=True).click()
        page.wait_for_url(re.compile(f"measure={measure}"))
        settled(page)
        expect(the_map(page).locator(".circle-legend")).to_have_count(1)
        assert view(page) == pytest.approx(before), measure


def test_another_kind_keeps_the_view_of_a_chosen_zone(page: Page, app_url: str) -> None:
    open_at(page, f"{app_url}/coverage?gap=1")
    before = view(page)
    page.get_by_role("combobox").first.click()
    page.get_by_role("option", name="菜市场").click()
    page.wait_for_url(re.compile("kind=market"))
    settled(page)
    expect(the_map(page).locator(".circle-legend")).to_contain_text("菜市场")
    assert view(page) == pytest.approx(before)


def test_a_badge_on_the_map_marks_its_zone(page: Page, app_url: str) -> None:
    open_at(page, f"{app_url}/coverage")
    the_map(page).locator(".circle-badge").first.click()
    page.wait_for_url(re.compile("gap="))
    expect(the_map(page).locator(".circle-badge-chosen")).to_have_count(1)


def test_the_link_restores_the_question(page: Page, app_url: str) -> None:
    open_at(page, f"{app_url}/coverage?kind=market&within=10&profile=adult&group=residents&gap=1")
    expect(page.locator(".lc-answer")).to_contain_text("10 分钟")
    expect(page.locator(".lc-answer")).to_contain_text("菜市场")
    assert asked(page, "kind") == "market"
    expect(the_map(page).locator(".circle-badge-chosen")).to_have_text("1")


def test_the_table_is_a_file_that_excel_opens(page: Page, app_url: str) -> None:
    open_at(page, f"{app_url}/coverage")
    with page.expect_download() as waited:
        page.get_by_role("button", name="下载表格（CSV）").click()
    assert waited.value.suggested_filename.startswith("覆盖-canteen-older_adult-15")
    assert waited.value.suggested_filename.endswith(".csv")
    content = Path(waited.value.path()).read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    lines = content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("片区,")
    assert any(line.startswith("嘉澜片区") for line in lines)
    assert lines[-1].startswith("全街道")


def test_the_table_is_a_workbook_made_when_asked_for(page: Page, app_url: str) -> None:
    open_at(page, f"{app_url}/coverage?lang=en")
    with page.expect_download() as waited:
        page.get_by_role("button", name="Download table (Excel)").click()
    assert waited.value.suggested_filename.endswith(".xlsx")
    book = openpyxl.load_workbook(io.BytesIO(Path(waited.value.path()).read_bytes()))
    (sheet,) = book.worksheets
    assert sheet["A1"].value == "Area"
    assert sheet.freeze_panes == "A2"
    assert sheet.max_row > 10


def test_a_zone_is_shown_close_from_its_row_and_from_a_link(page: Page, app_url: str) -> None:
    open_at(page, f"{app_url}/coverage?kind=health")
    before = view(page)
    page.locator(".st-key-mark-3 button").click()
    page.wait_for_url(re.compile("gap=3"))
    settled(page)
    expect(the_map(page).locator(".circle-badge-chosen")).to_have_text("3")
    near = view(page)
    assert near.zoom > before.zoom + 1
    open_at(page, f"{app_url}/coverage?kind=health&gap=3&gaps=0")
    expect(the_map(page).locator(".circle-badge")).to_have_text("3")
    assert view(page) == pytest.approx(near)


def test_a_choice_shows_its_whole_name(page: Page, app_url: str) -> None:
    open_at(page, f"{app_url}/coverage?kind=market&standard=gb50180-2018/market-500&lang=en")
    box = page.locator(".st-key-select-standard")
    name = box.locator(".lc-picked")
    expect(name).to_have_text(re.compile("GB 50180-2018 · Fresh-food market 500 m / 10 min"))
    control = box.locator('.react-aria-ComboBox > [role="group"]').bounding_box()
    text = name.bounding_box()
    assert control is not None
    assert text is not None
    assert control["y"] <= text["y"]
    assert text["y"] + text["height"] <= control["y"] + control["height"] + 1
    assert text["x"] + text["width"] <= control["x"] + control["width"]


def test_who_hears_the_page_hears_one_language(page: Page, app_url: str) -> None:
    open_at(page, f"{app_url}/coverage")
    expect(page.locator("html")).to_have_attribute("lang", "zh")
    expect(page.get_by_role("navigation", name="页面")).to_have_count(1)
    assert not [name for name in _names(page) if re.search("[A-Za-z]{4}", name)]
    page.get_by_text("EN", exact=True).click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    settled(page)
    assert not [name for name in _names(page) if re.search("[一-鿿]", name)]


def _names(page: Page) -> list[str]:
    """Return what the page's parts are called beside their text."""
    names: list[str] = page.locator("[aria-label], [title], [placeholder], [alt]").evaluate_all(
        "all => all.flatMap(e => ['aria-label', 'title', 'placeholder', 'alt']"
        ".map(name => e.getAttribute(name) ?? ''))"
    )
    return names
