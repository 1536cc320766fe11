"""Text stands out from its ground by 4.5 to 1, in daylight and in the dark."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pytest
from playwright.sync_api import expect

from circle.i18n import t
from tests.browser.looking import contrasts, open_at, settled, the_map
from tests.browser.wishing import OPENED

if TYPE_CHECKING:
    from collections.abc import Iterable

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

OF_A_WISH = (
    ".lc-answer", ".lc-heading", ".lc-text p", ".lc-facts dt", ".lc-facts dd",
    ".lc-preview > span", ".lc-preview blockquote", ".st-key-wishes-steps button p",
    ".st-key-wishes-back button p", '[data-testid="stExpander"] summary p', ".lc-notes p",
    '.st-key-wishes-parts button[aria-checked="true"]', '[data-testid="stWidgetLabel"] p',
    '.st-key-wishes-parts button[aria-checked="false"]',
)  # fmt: skip
OF_TABLES = (".lc-answer", ".lc-heading", ".lc-notes p", '[data-testid="stDownloadButton"] p')


@pytest.mark.parametrize("address", ["/?to=wuzhong-market", "/coverage?gap=1"])
def test_text_stands_out(page: Page, app_url: str, address: str) -> None:
    page.emulate_media(color_scheme="light")
    open_at(page, app_url + address)
    expect(page.locator(".lc-chosen")).to_have_count(1)
    stands_out(page, ON_THE_PAGE, ON_THE_MAP)


def test_text_stands_out_on_what_is_told_of_wishes(page: Page, app_url: str) -> None:
    page.emulate_media(color_scheme="light")
    open_at(page, f"{app_url}/wishes?wish={OPENED}")
    stands_out(page, OF_A_WISH, (".circle-legend summary", ".circle-cluster"))
    page.locator(".st-key-step-progress button").click()
    expect(page.locator(".st-key-wishes-step textarea")).to_be_visible()
    stands_out(page, (".st-key-wishes-step button p", ".st-key-wishes-step label p"))
    for name in ("levels", "audit"):
        page.locator(f'[data-testid="stSidebarNavLink"][href$="/{name}"]').click()
        expect(page.locator(".lc-page")).to_have_text(t(f"{name}.subtitle"))
        settled(page)
        stands_out(page, OF_TABLES)


def stands_out(page: Page, on_the_page: Iterable[str], on_the_map: Iterable[str] = ()) -> None:
    """Fail where text is too much like its ground, by day or in the dark."""
    weak = {}
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        expect(page.locator(".stApp")).to_have_css("color-scheme", scheme)
        if on_the_map:
            expect(the_map(page).locator(".circle-dark")).to_have_count(int(scheme == "dark"))
        for owner, names in ((page, on_the_page), (the_map(page), on_the_map)):
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
