"""The server goes away: calm words, and the same page when it is back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from circle.i18n import t
from tests.browser.looking import open_at

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route, WebSocketRoute

SAID = "getComputedStyle(document.querySelector('[role=dialog]'), '::after').content"


def test_a_lost_connection_is_said_calmly_and_comes_back(page: Page, app_url: str) -> None:
    lines: list[WebSocketRoute] = []

    def through(line: WebSocketRoute) -> None:
        line.connect_to_server()
        lines.append(line)

    def refused(route: Route) -> None:
        route.abort()

    page.route_web_socket("**/_stcore/stream", through)
    open_at(page, f"{app_url}/explore?minutes=7")
    answer, place = page.locator(".lc-answer").inner_text(), page.url

    page.route("**/_stcore/*", refused)
    lines[-1].close(code=1012)
    expect(page.locator("[role=dialog]")).to_be_visible()
    expect(page.locator("[role=dialog]")).to_have_text("", use_inner_text=True)
    assert page.evaluate(SAID) == f'"{t("connection.lost", language="zh")}"'
    assert page.locator(".lc-answer").inner_text() == answer

    page.unroute("**/_stcore/*", refused)
    expect(page.locator('.stApp[data-test-connection-state="CONNECTED"]')).to_be_attached()
    expect(page.locator("[role=dialog]")).to_have_count(0)
    assert (page.url, page.locator(".lc-answer").inner_text()) == (place, answer)
    page.locator('[class*="st-key-row-"] button').first.click()
    page.wait_for_url("**/*to=*")
