"""The server goes away: calm words, and the same page when it is back."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from circle.i18n import t
from tests.browser.conftest import environment, free_port, serving, started
from tests.browser.looking import FRAME, ROW, View, asked, open_at, settled, the_map, view

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
        turned = turn(page)
    expect(page.locator("html[data-lc-away]")).to_be_attached()
    with serve():
        expect(page.locator("html[data-lc-away]")).to_have_count(0)
        assert asked(page, "to") == place  # what was clicked before is not clicked again
        row = page.locator(f'{ROW}:not(:has-text("收起"))').last
        row.click()
        page.wait_for_url(lambda url: "to=" in url and f"to={place}" not in url)
        settled(page)
        assert view(page) == pytest.approx(turned)
        page.close()


def turn(page: Page) -> View:
    """Zoom in by the map's button and drag it; return where it stands."""
    the_map(page).locator(".leaflet-control-zoom-in").click()
    before = view(page)
    box = page.locator(FRAME).bounding_box()
    assert box is not None
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.move(*middle)
    page.mouse.down()
    page.mouse.move(middle[0] + 60, middle[1] + 40, steps=4)
    page.mouse.up()
    turned = view(page)
    assert turned != pytest.approx(before)
    return turned


def test_a_reload_keeps_the_view_and_a_choice_turns_it(page: Page, app_url: str) -> None:
    open_at(page, f"{app_url}/coverage?gap=2")
    whole = view(page)
    turned = turn(page)
    page.reload()
    settled(page)
    expect(the_map(page).locator(".circle-badge-chosen")).to_have_text("2")
    assert view(page) == pytest.approx(turned)
    page.locator(".st-key-mark-2 button").click()  # off, and on again
    page.wait_for_url(lambda url: "gap=2" not in url)
    page.locator(".st-key-mark-2 button").click()
    page.wait_for_url(re.compile("gap=2"))
    settled(page)
    expect(the_map(page).locator(".circle-badge-chosen")).to_have_text("2")
    assert view(page) == pytest.approx(whole, abs=1e-4)
    turn(page)
    open_at(page, f"{app_url}/coverage?gap=2")  # a link, though to the same
    assert view(page) == pytest.approx(whole, abs=1e-4)
