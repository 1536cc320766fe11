"""The server goes away: calm words, and the same page when it is back."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from circle.i18n import t
from tests.browser.conftest import environment, free_port, serving, started
from tests.browser.looking import ROW, asked, open_at, settled, the_map

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page, Route, WebSocketRoute

SAID = "getComputedStyle(document.body, '::after').content"
HELD = "getComputedStyle(document.querySelector('.lc-answer')).pointerEvents"


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
    expect(page.locator("html[data-lc-away]")).to_be_attached()
    assert page.evaluate(SAID) == f'"{t("connection.lost", language="zh")}"'
    assert page.evaluate(HELD) == "none"
    assert page.locator(".lc-answer").inner_text() == answer

    page.unroute("**/_stcore/*", refused)
    expect(page.locator('.stApp[data-test-connection-state="CONNECTED"]')).to_be_attached()
    expect(page.locator("html[data-lc-away]")).to_have_count(0)
    assert page.evaluate(SAID) == "none"
    assert (page.url, page.locator(".lc-answer").inner_text()) == (place, answer)
    page.locator('[class*="st-key-row-"] button').first.click()
    page.wait_for_url("**/*to=*")


def test_no_click_is_lost_after_the_server_was_started_anew(
    page: Page, chromium: str, tmp_path: Path
) -> None:
    assert chromium
    port = free_port()
    serve = partial(
        started, serving(port), port, environment(tmp_path / "store.sqlite"), tmp_path / "app.log"
    )
    with serve():
        open_at(page, f"http://127.0.0.1:{port}/explore")
        the_map(page).locator(".circle-place").first.click()
        page.wait_for_url("**/*to=*")
        settled(page)  # a run that was cut off would be taken up again anyway
        place = asked(page, "to")
    expect(page.locator("html[data-lc-away]")).to_be_attached()
    with serve():
        expect(page.locator("html[data-lc-away]")).to_have_count(0)
        assert asked(page, "to") == place  # what was clicked before is not clicked again
        row = page.locator(f'{ROW}:not(:has-text("收起"))').last
        row.click()
        page.wait_for_url(lambda url: "to=" in url and f"to={place}" not in url)
        page.close()
