"""Text stands out from its ground by 4.5 to 1, in daylight and in the dark."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pytest
from playwright.sync_api import expect

from tests.browser.looking import contrasts, open_at, the_map

if TYPE_CHECKING:
    from playwright.sync_api import Page

ENOUGH = 4.5
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
ON_THE_PAGE = (
    ".lc-title strong", ".lc-page", ".lc-date", ".lc-answer", ".lc-answer b",
    ".lc-figure dd", ".lc-figure dt", ".lc-heading", ".lc-name", ".lc-sub", ".lc-minutes",
    ".lc-chosen .lc-name", ".lc-chosen .lc-sub", ".lc-chosen .lc-minutes", ".lc-notes p",
    '[data-testid="stSidebarNavLink"] p', '[data-testid="stWidgetLabel"] p',
    ".st-key-account button p", '.st-key-header button[aria-checked="true"]',
    '.st-key-header button[aria-checked="false"]',
)  # fmt: skip
ON_THE_MAP = (
    ".circle-legend summary", ".circle-legend .circle-word", ".circle-note .circle-word",
    ".circle-label-street", ".circle-label-metro", ".circle-label-area",
    ".leaflet-control-attribution", ".leaflet-control-scale-line", ".leaflet-control-zoom-in",
)  # fmt: skip


@pytest.mark.parametrize("address", ["/?to=wuzhong-market", "/coverage?gap=1"])
def test_text_stands_out(page: Page, app_url: str, address: str) -> None:
    weak = {}
    page.emulate_media(color_scheme="light")
    open_at(page, app_url + address)
    expect(page.locator(".lc-chosen")).to_have_count(1)
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        expect(page.locator(".stApp")).to_have_css("color-scheme", scheme)
        expect(the_map(page).locator(".circle-dark")).to_have_count(int(scheme == "dark"))
        for owner, names in ((page, ON_THE_PAGE), (the_map(page), ON_THE_MAP)):
            for name in names:
                found = contrasts(owner.locator(name))
                assert found, name
                if min(found) < ENOUGH:
                    weak[scheme, name] = round(min(found), 2)
    assert not weak


def test_the_theme_is_switched_and_kept_on_the_next_page(page: Page, app_url: str) -> None:
    page.emulate_media(color_scheme="light")
    open_at(page, f"{app_url}/explore?minutes=7")
    page.frame_locator(".st-key-page-frame iframe").get_by_role("button").click()
    expect(page.locator(".stApp")).to_have_css("color-scheme", "dark")
    expect(the_map(page).locator(".leaflet-container.circle-dark")).to_be_visible()
    assert "minutes=7" in page.url
    page.goto(f"{app_url}/coverage")
    expect(page.locator(".stApp")).to_have_css("color-scheme", "dark")
    page.frame_locator(".st-key-page-frame iframe").get_by_role("button").click()
    expect(page.locator(".stApp")).to_have_css("color-scheme", "light")
