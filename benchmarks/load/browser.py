"""Real browsers during the load: whether the page is drawn, and lives through a restart."""

from __future__ import annotations

import os
import shutil
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from playwright.sync_api import Error, expect, sync_playwright

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from urllib.parse import SplitResult

    from playwright.sync_api import Browser, Page

PATIENCE_MS = 60_000
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chromium-headless-shell")
_FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync")
_DONE = '.stApp[data-test-script-state="notRunning"][data-test-connection-state="CONNECTED"]'
_AWAY = '.stApp:not([data-test-connection-state="CONNECTED"])'
_MAP = '[class*="st-key-map-"] iframe'
_MAIN = '[data-testid="stMain"]'
_OTHER_LANGUAGE = ".st-key-shell-language [role=radio][aria-checked=false]"


class Look(NamedTuple):
    """What a browser saw.

    Attributes
    ----------
    seconds
        Until the page was drawn; after a restart, until the page was connected again.
    faults
        What was wrong with it.
    """

    seconds: float
    faults: tuple[str, ...] = ()


def chromium() -> str | None:
    """Return the browser that CHROMIUM names, or one on the path; None where there is none."""
    names = (os.environ.get("CHROMIUM"), *_BROWSERS)
    return next(filter(None, (shutil.which(name) for name in names if name)), None)


def look(command: str, url: str, questions: list[str]) -> list[Look]:
    """Open the page anew with each question, and say how long it took to be drawn."""
    with opened_browser(command) as browser:
        return [_opened(browser, f"{url}?{query}") for query in questions]


def live_through(command: str, url: str, ready: Callable[[], None]) -> Look:
    """Keep the page open while the server restarts; then see that it is usable as before.

    Parameters
    ----------
    command, url
        The browser's, and the page's with its question.
    ready
        Called when the page is drawn.
    """
    with opened_browser(command) as browser:
        page = browser.new_page(locale="zh-CN")
        page.set_default_timeout(PATIENCE_MS)
        try:
            _drawn(page, url)
            before, place = _settled(page), urlsplit(page.url)
            ready()
            page.locator(_AWAY).wait_for()
            start = time.monotonic()
            said = _told_while_away(page)
            seconds = time.monotonic() - start
            faults = [*_uncalm(said), *_shown(page)]
            faults += _other(page, before, place)
            return Look(seconds, (*faults, *_used(page)))
        except (Error, AssertionError) as error:
            return Look(0.0, (str(error).splitlines()[0],))


@contextmanager
def opened_browser(command: str) -> Iterator[Browser]:
    """Start a browser, and end it with the with block."""
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=command, args=_FLAGS)
        try:
            yield started
        finally:
            started.close()


def _opened(browser: Browser, url: str) -> Look:
    page = browser.new_page(locale="zh-CN")
    page.set_default_timeout(PATIENCE_MS)
    start = time.monotonic()
    try:
        _drawn(page, url)
        return Look(time.monotonic() - start, tuple(_shown(page)))
    except (Error, AssertionError) as error:
        return Look(time.monotonic() - start, (str(error).splitlines()[0],))
    finally:
        page.close()


def _drawn(page: Page, url: str) -> None:
    """Open the page and wait until it has run to its end and its map holds a drawing."""
    page.goto(url)
    page.locator("h1, [role=heading][aria-level='1']").first.wait_for(state="attached")
    page.locator(_DONE).wait_for(state="attached")
    if page.locator(_MAP).count():
        frame = page.frame_locator(_MAP).first
        frame.locator(".leaflet-pane path, .leaflet-pane canvas").first.wait_for(state="attached")


def _settled(page: Page) -> str:
    """Return what the page says once it says the same for a while."""
    before, said = "", page.locator(_MAIN).inner_text()
    end = time.monotonic() + PATIENCE_MS / 1000
    while said != before and time.monotonic() < end:
        page.wait_for_timeout(1000)
        page.locator(_DONE).wait_for(state="attached")
        before, said = said, page.locator(_MAIN).inner_text()
    return said


def _other(page: Page, before: str, place: SplitResult) -> list[str]:
    now = _settled(page)
    if (urlsplit(page.url), now) == (place, before):
        return []
    lines = zip(before.splitlines(), now.splitlines(), strict=False)
    first = next((f"{one} / {other}" for one, other in lines if one != other), page.url)
    return [f"the page is another than before: {first}"]


def _shown(page: Page) -> list[str]:
    errors = page.locator('[data-testid="stException"], [data-testid="stAlertContentError"]')
    return [f"shown: {text}" for text in errors.all_inner_texts()]


def _told_while_away(page: Page) -> set[str]:
    """Return what dialogs said until the page was connected again."""
    said: set[str] = set()
    end = time.monotonic() + PATIENCE_MS / 1000
    while not page.locator(_DONE).count() and time.monotonic() < end:
        said.update(page.locator("[role=dialog]").all_inner_texts())
        page.wait_for_timeout(200)
    expect(page.locator(_DONE)).to_be_attached()
    expect(page.locator("[role=dialog]")).to_have_count(0)
    return {text for text in said if text.strip()}


def _uncalm(said: set[str]) -> list[str]:
    return [f"not calm: {text}" for text in said if "streamlit" in text.lower()]


def _used(page: Page) -> list[str]:
    """Choose the other language: the page must answer."""
    before = page.locator(_MAIN).inner_text()
    page.locator(_OTHER_LANGUAGE).click()
    expect(page.locator(_MAIN)).not_to_have_text(before)
    expect(page.locator(_DONE)).to_be_attached()
    return _shown(page)
