"""From a click to the picture, in a real browser: seconds, bytes and the server's work.

``python -m benchmarks.clicks [DIRECTORY …]`` serves this working tree, and each other
one named, on a port of its own, and asks them in turn; ``--write`` puts the table into
docs/performance.md. A time runs from the browser's own event to the frame after the
last drawing in the map.
"""

from __future__ import annotations

import argparse
import os
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from playwright.sync_api import Error, sync_playwright

from benchmarks.load.browser import chromium
from benchmarks.page import machine, put, versions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Frame, Page

ROOT = Path(__file__).resolve().parents[1]
TIMES = 20
_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
_START_S, _REST_MS, _WAIT_MS = 90, 400, 60_000
_TICKS = os.sysconf("SC_CLK_TCK")
_MAP = '[class*="st-key-map-"] iframe'
_DONE = '.stApp[data-test-script-state="notRunning"][data-test-connection-state="CONNECTED"]'
_WATCH = """
(() => {
  const now = () => performance.timeOrigin + performance.now();
  window.lcClicked = 0; window.lcDrawn = 0; window.lcShift = 0;
  addEventListener("click", () => { window.lcClicked = now(); }, true);
  let asked = false;
  const drew = () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => setTimeout(() => { asked = false; window.lcDrawn = now(); }));
  };
  const stroke = CanvasRenderingContext2D.prototype.stroke;
  CanvasRenderingContext2D.prototype.stroke = function () {
    drew();
    return stroke.apply(this, arguments);
  };
  addEventListener("DOMContentLoaded", () => new MutationObserver(records => {
    if (records.some(one => one.target.closest && one.target.closest(".leaflet-overlay-pane, " +
        "[class*='leaflet-circle-'], .leaflet-marker-pane"))) drew();
  }).observe(document, { childList: true, subtree: true }));
  new PerformanceObserver(list => list.getEntries().forEach(one => {
    if (!one.hadRecentInput) window.lcShift += one.value;
  })).observe({ type: "layout-shift", buffered: true });
})();
"""
_HEAD = """\
## From the click to the picture

Written by `python -m benchmarks.clicks --write`: Chromium of 1,440 × 900 pixels on the machine
of the server, the network cut off. A time runs from the browser's event to the frame after
the last drawing in the map; medians of {times}, of what is opened anew of {opened}. Bytes are
those of the messages of the websocket; the work is the server's processor time.

{machine}; {packages}; {date}.

{table}
"""


@dataclass
class Kept:
    """What was measured of one kind of change.

    Attributes
    ----------
    seconds, received
        From the event to the drawing; bytes of the websocket's messages.
    work_s
        Processor time of the server.
    shift
        Cumulative layout shift, of a page that was opened.
    """

    seconds: list[float] = field(default_factory=list)
    received: list[int] = field(default_factory=list)
    work_s: list[float] = field(default_factory=list)
    shift: list[float] = field(default_factory=list)


@dataclass
class Served:
    """A working tree that is served, and what was measured of it."""

    root: Path
    url: str
    pid: int
    kept: dict[str, Kept] = field(default_factory=dict)

    def work_s(self) -> float:
        """Return the processor time that the server has taken."""
        fields = Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii").rpartition(")")[2]
        user, system = fields.split()[11:13]
        return (int(user) + int(system)) / _TICKS

    def of(self, what: str) -> Kept:
        """Return what is kept of a kind of change."""
        return self.kept.setdefault(what, Kept())


class Watched:
    """A page of one server, watched."""

    def __init__(self, served: Served, browser: Browser) -> None:
        self.served = served
        self.context = browser.new_context(
            viewport={"width": 1440, "height": 900}, locale="zh-CN", reduced_motion="reduce"
        )
        self.context.set_default_timeout(_WAIT_MS)
        self.context.add_init_script(_WATCH)
        self.received = 0
        self.page = self._page()

    def _page(self) -> Page:
        page = self.context.new_page()
        page.on("websocket", lambda socket: socket.on("framereceived", self._take))
        return page

    def _take(self, payload: str | bytes) -> None:
        self.received += len(payload)

    def frame(self) -> Frame:
        """Return the map's frame."""
        frame = self.page.locator(_MAP).element_handle().content_frame()
        if frame is None:
            raise RuntimeError(_MAP)
        return frame

    def open(self, path: str, what: str = "") -> None:
        """Open a page in a tab of its own and wait until its map is drawn."""
        self.page.close()
        self.page = self._page()
        self.received, work = 0, self.served.work_s()
        self.page.goto(f"{self.served.url}/{path}")
        drawn = self._drawn(0.0)
        if what:
            kept = self.served.of(what)
            kept.seconds.append((drawn - self.page.evaluate("performance.timeOrigin")) / 1000)
            kept.received.append(self.received)
            kept.work_s.append(self.served.work_s() - work)
            kept.shift.append(self.page.evaluate("lcShift"))

    def change(self, what: str, act: Callable[[], None]) -> None:
        """Do something and keep how long it took until the map was drawn anew."""
        before = self.frame().evaluate("lcDrawn")
        self.received, work = 0, self.served.work_s()
        act()
        drawn = self._drawn(before)
        clicked = max(self.page.evaluate("lcClicked"), self.frame().evaluate("lcClicked"))
        kept = self.served.of(what)
        kept.seconds.append((drawn - clicked) / 1000)
        kept.received.append(self.received)
        kept.work_s.append(self.served.work_s() - work)

    def _drawn(self, before: float) -> float:
        """Wait until the map was drawn after a time and rests; return when it was drawn."""
        end, last = time.monotonic() + _WAIT_MS / 1000, -1.0
        while time.monotonic() < end:
            drawn = self._last_drawn()
            if before < drawn == last:
                return drawn
            last = drawn
            self.page.locator(_DONE).wait_for(state="attached")
            self.page.wait_for_timeout(_REST_MS)
        raise TimeoutError(_MAP)

    def _last_drawn(self) -> float:
        """Return when the map was drawn last; 0 where there is none yet, or another comes."""
        try:
            self.page.locator(_MAP).wait_for(state="attached")
            return float(self.frame().evaluate("window.lcDrawn || 0"))
        except Error:
            return 0.0


def explore(pages: list[Watched], times: int) -> None:
    """Click on the map of Explore and change who walks."""
    for page in pages:
        page.open("")
    for number in range(times):
        for page in pages:
            box = page.page.locator(_MAP).bounding_box()
            assert box is not None  # noqa: S101 - it is drawn
            x = box["x"] + box["width"] * (0.42 + 0.02 * (number % 8))
            y = box["y"] + box["height"] * (0.35 + 0.03 * (number % 9))
            page.change("click on the map", partial(page.page.mouse.click, x, y))
    for number in range(times // 2):
        for page in pages:
            _choose(page, "profile", "change of who walks", 1 + number % 3)


def coverage(pages: list[Watched], times: int) -> None:
    """Change a measure and who walks on Coverage, and mark gaps."""
    for page in pages:
        page.open("coverage")
    measures = '[class*="st-key-param-measure"] button'
    for number in range(times // 2):
        for page in pages:
            button = page.page.locator(measures).nth(1 + number % 3)
            page.change("change of a measure", button.click)
    for number in range(times // 2):
        for page in pages:
            row = page.page.locator('[class*="st-key-row-mark-"] button').nth(number % 3)
            page.change("click on a gap's row", row.click)


def _choose(page: Watched, param: str, what: str, option: int) -> None:
    page.page.locator(f".st-key-select-{param}").get_by_role("combobox").click()
    item = page.page.locator('[role="option"]').nth(option)
    item.wait_for()
    page.change(what, item.click)


def opened(pages: list[Watched], times: int) -> None:
    """Open Explore anew."""
    for _ in range(times):
        for page in pages:
            page.open("", "fresh page")


def table(servers: list[Served]) -> str:
    """Return what was measured, in Markdown, a line for each tree and kind of change."""
    lines = [
        "| what | tree | median, s | least, s | × the last | bytes | work, ms | shift |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for what in servers[0].kept:
        last = median(servers[-1].of(what).seconds)
        for served in servers:
            kept = served.of(what)
            middle, least = median(kept.seconds), min(kept.seconds)
            shift = f"{median(kept.shift):.2f}" if kept.shift else "–"
            lines.append(
                f"| {what} | {served.root.name} | {middle:.2f} | {least:.2f} | "
                f"{middle / last:.2f} | {median(kept.received):,.0f} | "
                f"{1000 * sum(kept.work_s) / len(kept.work_s):.0f} | {shift} |"
            )
    return "\n".join(lines)


@contextmanager
def serving(root: Path) -> Iterator[Served]:
    """Serve a working tree until the end of the with block."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        given = {
            "CIRCLE_DISTRICT": str(root / "data" / "tianping"),
            "CIRCLE_MODE": "local",
            "CIRCLE_STORE": str(Path(folder) / "store.sqlite"),
        }
        command = [
            *(sys.executable, "-m", "streamlit", "run", "serve.py"),
            *("--server.address=127.0.0.1", f"--server.port={port}"),
            *("--server.headless=true", "--server.fileWatcherType=none"),
        ]
        server = subprocess.Popen(  # noqa: S603 - our own command
            command, cwd=root, env=os.environ | given, stdout=subprocess.DEVNULL
        )
        try:
            end = time.monotonic() + _START_S
            while time.monotonic() < end and server.poll() is None:
                with suppress(OSError), socket.create_connection(("127.0.0.1", port), 2):
                    break
                time.sleep(0.05)
            yield Served(root, f"http://127.0.0.1:{port}", server.pid)
        finally:
            server.terminate()
            server.wait()


def main() -> None:
    """Measure, then print or write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("others", nargs="*", type=Path, metavar="DIRECTORY")
    parser.add_argument("--times", type=int, default=TIMES)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    command = chromium()
    if command is None:
        sys.exit("no Chromium on this machine; name one with CHROMIUM=/path")
    with ExitStack() as stack:
        browser = stack.enter_context(sync_playwright()).chromium.launch(
            executable_path=command, args=_FLAGS
        )
        pages, servers = [], []
        for root in [ROOT, *(other.resolve() for other in asked.others)]:
            served = stack.enter_context(serving(root))
            page = Watched(served, browser)
            page.open("", "first page after the server's start")
            pages.append(page)
            servers.append(served)
        opened(pages, max(1, asked.times // 4))
        explore(pages, asked.times)
        coverage(pages, asked.times)
        text = table(servers)
        browser.close()
    print(text)
    if asked.write:
        put(
            "clicks",
            _HEAD.format(
                times=f"{asked.times} or {asked.times // 2}",
                opened=max(1, asked.times // 4),
                machine=machine(),
                packages=versions(("streamlit",)),
                date=datetime.now(tz=UTC).date().isoformat(),
                table=text,
            ),
        )


if __name__ == "__main__":
    main()
