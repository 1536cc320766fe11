"""The application in a real browser, with nothing but this machine to talk to.

Ask for ``page`` or ``phone``. At the end of a test either one fails it on a
script error, on an exception shown by the application and on any request that
would have left this machine: such requests fail.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser import wishing

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from playwright.sync_api import Request, WebError, WebSocket

ROOT = Path(__file__).resolve().parents[2]
SHOTS = ROOT / "shots"
START_S = 90
PATIENCE_MS = 30_000
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""The first costs little more than half the processor time of the others."""
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)
OUTSIDE = re.compile(
    r"^(?!(?:https?|wss?)://(?:127\.0\.0\.1|localhost)(?::\d+)?(?:/|$)|file:|data:|blob:|about:)"
)
_log = pytest.StashKey[Path]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Print the application's log below a failure."""
    report = yield
    log = item.config.stash.get(_log, None)
    if report.failed and log is not None and log.is_file():
        report.sections.append((f"application log {log}", log.read_text(encoding="utf-8")))
    return report


@pytest.fixture(scope="session")
def app_url(
    chromium: str,  # noqa: ARG001 - no browser, no server
    pytestconfig: pytest.Config,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[str]:
    """Start the application on a free port, with some wishes in its store; give its address."""
    log = tmp_path_factory.mktemp("app") / "app.log"
    pytestconfig.stash[_log] = log
    store, port = log.with_name("store.sqlite"), free_port()
    given = environment(store)
    wishing.fill(store, Path(given["CIRCLE_DISTRICT"]))
    with started(serving(port), port, given, log):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def started(
    command: list[str], port: int, environment: dict[str, str], log: Path
) -> Iterator[None]:
    """Run a server of this machine until the end of the with block."""
    with log.open("w", encoding="utf-8") as out:
        server = subprocess.Popen(  # noqa: S603 - our own command
            command,
            cwd=ROOT,
            env=environment,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait_for(port, server)
        yield
    finally:
        _stop(server)


def serving(port: int, **flags: str) -> list[str]:
    """Return the command that serves the application on a port."""
    given = {
        "server.address": "127.0.0.1",
        "server.port": str(port),
        "server.headless": "true",
        "server.fileWatcherType": "none",
        "browser.gatherUsageStats": "false",
        **{name.replace("_", "."): value for name, value in flags.items()},
    }
    shown = [f"--{name}={value}" for name, value in given.items()]
    return [sys.executable, "-m", "streamlit", "run", "serve.py", *shown]


@pytest.fixture(scope="session")
def chromium() -> str:
    """Find Chromium: the one that CHROMIUM names, or one on the path."""
    names = (os.environ.get("CHROMIUM"), *BROWSERS)
    found = next(filter(None, (shutil.which(name) for name in names if name)), None)
    if found:
        return found
    missing = "no Chromium on this machine; name one with CHROMIUM=/path"
    if os.environ.get("CI") == "true":
        pytest.fail(missing)
    pytest.skip(missing)


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """Start the browser."""
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def _desk(browser: Browser) -> BrowserContext:
    return _context(browser, width=1440, height=900)


@pytest.fixture(scope="session")
def _hand(browser: Browser) -> BrowserContext:
    return _context(browser, width=390, height=844, touch=True)


@pytest.fixture
def page(_desk: BrowserContext) -> Iterator[Page]:
    """Open a page as wide as a desk's."""
    with _watched(_desk) as opened:
        yield opened


@pytest.fixture
def phone(_hand: BrowserContext) -> Iterator[Page]:
    """Open a page on a phone, with touch."""
    with _watched(_hand) as opened:
        yield opened


@pytest.fixture
def screenshot() -> Callable[[Page, str], Path]:
    """Give ``screenshot(page, name)``, which saves ``shots/name.png``."""

    def save(opened: Page, name: str) -> Path:
        path = SHOTS / f"{name}.png"
        opened.screenshot(path=path)
        return path

    return save


def _context(browser: Browser, *, width: int, height: int, touch: bool = False) -> BrowserContext:
    """Return what the tests' pages open in: they share what the browser keeps of the scripts.

    Nothing is routed here, for that would end the sharing; the browser resolves no
    address but this machine's.
    """
    context = browser.new_context(
        viewport={"width": width, "height": height},
        has_touch=touch,
        is_mobile=touch,
        device_scale_factor=2 if touch else 1,
        locale="zh-CN",
        reduced_motion="reduce",
    )
    context.set_default_timeout(PATIENCE_MS)
    return context


@contextmanager
def _watched(context: BrowserContext) -> Iterator[Page]:
    faults: list[str] = []

    def outside(asked: Request | WebSocket) -> None:
        if OUTSIDE.match(asked.url):
            faults.append(f"left this machine: {asked.url}")

    def broken(error: WebError) -> None:
        faults.append(f"script error: {error.error}")

    context.on("request", outside)
    context.on("weberror", broken)
    opened = context.new_page()
    opened.on("websocket", outside)
    try:
        yield opened
        faults += [f"shown: {text}" for text in _exceptions(opened)]
    finally:
        _forget(context)
        context.remove_listener("request", outside)
        context.remove_listener("weberror", broken)
    assert not faults, "\n".join(faults)


def _forget(context: BrowserContext) -> None:
    """Leave nothing of a test to the next."""
    context.set_offline(False)
    for opened in context.pages:
        if opened.url.startswith("http"):
            opened.evaluate("localStorage.clear()")
        opened.close()
    context.clear_cookies()


def _exceptions(opened: Page) -> list[str]:
    return [] if opened.is_closed() else opened.get_by_test_id("stException").all_inner_texts()


def environment(store: Path) -> dict[str, str]:
    """Return our environment, with the embedded district unless it names another."""
    return {
        "CIRCLE_DISTRICT": str(ROOT / "data" / "tianping"),
        **os.environ,
        "CIRCLE_MODE": "local",
        "CIRCLE_STORE": str(store),
    }


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and server.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=2):
            return
        time.sleep(0.1)
    pytest.fail(f"the server did not start, or not within {START_S} s")


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(timeout=10)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
