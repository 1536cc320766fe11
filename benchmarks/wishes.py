"""How long the wish wall takes to answer: ``python -m benchmarks.wishes [how many] [--write]``.

Wishes are made up, all over the embedded district, and written to a store in a temporary
folder. Each line is the median of five calls. ``--write`` puts them into docs/performance.md.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import statistics
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import sqlalchemy as sa

from benchmarks.load.browser import chromium, opened_browser
from benchmarks.load.client import Visitor
from benchmarks.load.server import Server
from benchmarks.page import PAGE, machine, put
from circle.config import ROOT
from circle.geo.crs import to_lonlat
from circle.load import read_district
from circle.store import Store
from circle.wishes import answers, browsing, flow, open311, recording, tables
from circle.wishes.browsing import Filter
from circle.wishes.nouns import AGES, OTHER_KIND, Level, State, UnitKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser

    from circle.model import District

MANY = 10_000
_CALLS = 5
_PAGE = 20
_WARM_S = 10.0
HEAD = """\
## Wishes

Written by `python -m benchmarks.wishes --write`: {count:,} made-up wishes in a SQLite file, medians
of {calls} calls. A run of the page reads the store and makes all of it, for the list and the map; a
visitor asks for it over the websocket, the first one {warm:.0f} s after a server was started; a
new browser fetches and starts Streamlit's own program first, which any page waits for.

{machine}; {date}. While measuring, {load:.1f} processes wanted to run on average.

"""


def fill(store: Store, district: District, count: int, seed: int = 0) -> None:
    """Write made-up wishes to an empty store."""
    draw = np.random.default_rng(seed)
    xy = district.network.node_xy
    picked = xy[draw.integers(len(xy), size=(2, count))] + draw.normal(0, 15, (2, count, 2))
    true, shown = (to_lonlat(each, district.crs) for each in picked)
    kinds = [*district.kinds, OTHER_KIND]
    now = datetime.now(UTC).replace(tzinfo=None)
    states = list(State)
    unit = answers.add_unit(store, district.id, "unit", UnitKind.UNIT, by="bench").id
    rows = []
    for number in range(count):
        state = states[draw.integers(len(states))]
        rows.append({
            "id": 1_000 + number, "district": district.id, "version": 1,
            "submission": f"b{number}", "text": f"wish {number}",
            "kind": kinds[draw.integers(len(kinds))],
            "lon": true[number, 0], "lat": true[number, 1],
            "shown_lon": shown[number, 0], "shown_lat": shown[number, 1],
            "area": district.areas[draw.integers(len(district.areas))].id,
            "age_group": AGES[draw.integers(len(AGES))], "source": "resident",
            "state": state.value,
            "visibility": "staff" if state in {State.RECORDED, State.REVIEWED} else "public",
            "reason": "referred" if state is State.NOT_TAKEN_UP else None, "waits": "",
            "level": list(Level)[draw.integers(3)].value,
            "level_since": now - timedelta(days=int(draw.integers(90))),
            "recorded": now, "updated": now,
        })  # fmt: skip
    with store.writing() as connection:
        connection.execute(sa.insert(tables.wishes), rows)
        claimed = [
            {"wish": row["id"], "unit": unit, "at": now}
            for row in rows
            if row["state"] == "claimed"
        ]
        connection.execute(sa.insert(tables.claims), claimed)


class Row(NamedTuple):
    """How long something took, milliseconds."""

    name: str
    ms: float


def measure(name: str, call: Callable[[], object]) -> Row:
    """Return how long a call takes."""
    took = []
    for _ in range(_CALLS):
        begun = time.perf_counter()
        call()
        took.append(1000 * (time.perf_counter() - begun))
    return Row(name, statistics.median(took))


def main() -> None:
    """Measure, and print or write."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.wishes")
    parser.add_argument("count", nargs="?", type=int, default=MANY)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store = Store(str(Path(folder) / "store.sqlite"))
        district = read_district(ROOT / "data" / "tianping")
        fill(store, district, asked.count)
        rows, loads = [], []
        for part in (queries(store, district), served(Path(store.address)), pages(store)):
            for row in part:
                print(f"{row.ms:8.1f} ms  {row.name}")
                rows.append(row)
                loads.append(os.getloadavg()[0])
    if asked.write:
        put("wishes", _text(asked.count, rows, statistics.fmean(loads)))
        print(PAGE)


def queries(store: Store, district: District) -> Iterator[Row]:
    """Yield how long the store takes to tell."""
    here, long = (store, district.id), Filter(waiting_days=30)
    yield measure("staff: list, first page", lambda: browsing.board(*here, Filter(), most=_PAGE))
    yield measure(
        "staff: list, filtered, far down",
        lambda: browsing.board(*here, long, skip=2_000, most=_PAGE),
    )
    yield measure("staff: map", lambda: browsing.points(*here, Filter()))
    yield measure("public: list", lambda: browsing.wall(*here, most=_PAGE))
    yield measure("public: map", lambda: browsing.public_points(*here))
    yield measure("all wishes read whole", lambda: recording.listed(*here))
    yield measure("staff: export of all", lambda: _export(store, district, published=False))
    yield measure("public: export", lambda: _export(store, district, published=True))


def _export(store: Store, district: District, *, published: bool) -> object:
    here = (store, district.id)
    return open311.requests(
        district,
        recording.listed(*here),
        answers.units(*here),
        flow.claims(*here),
        published=published,
    )


def pages(store: Store) -> Iterator[Row]:
    """Yield how long the page takes to run anew for each: the store read, all of it made."""
    from streamlit import config  # noqa: PLC0415 - the rest needs none of it
    from streamlit.testing.v1 import AppTest  # noqa: PLC0415 - the rest needs none of it

    from circle.config import settings  # noqa: PLC0415 - its environment is set first
    from circle.web.sign_in import LOCAL_ROLE  # noqa: PLC0415 - as above

    os.environ |= {"CIRCLE_STORE": store.address, "CIRCLE_MODE": "local"}
    config.set_option("server.address", "127.0.0.1")
    settings.cache_clear()
    for role in ("public", "steward"):
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        app.session_state[LOCAL_ROLE] = role
        app.switch_page("pages/wishes.py").run()
        if app.exception or app.error:
            raise RuntimeError(app.error, app.exception)
        yield measure(f"{role}: a run of the page", app.run)
        app.query_params["page"] = "100"
        yield measure(f"{role}: the same, far down the list", app.run)


def served(store: Path) -> Iterator[Row]:
    """Yield how long a server that was just started takes, asked by visitors and browsers."""
    for mode, who in (("serve", "public"), ("local", "steward")):
        with Server(store, mode) as server:
            time.sleep(_WARM_S)
            first, *others = asyncio.run(_asked(server.address))
            yield Row(f"{who}: first visitor of a server", first)
            yield Row(f"{who}: those after", statistics.median(others))
            yield from _browsers(f"http://{server.address}/wishes", who)


async def _asked(address: str) -> list[float]:
    took = []
    for _ in range(1 + _CALLS):
        visitor = Visitor(address, "wishes")
        await visitor.come()
        answer = await visitor.ask("")
        if answer.faults:
            raise RuntimeError(answer.faults)
        took.append(1000 * answer.seconds)
        await visitor.leave()
    return took


def _browsers(url: str, who: str) -> Iterator[Row]:
    """Yield how long until a browser shows the answer, and the map; nothing without a browser."""
    if (command := chromium()) is None:
        return
    with opened_browser(command) as browser:
        seen = [_opened(browser, url) for _ in range(_CALLS)]
    names = ("in a new browser, answer", "in a new browser, map", "a click there: the next page")
    for name, took in zip(names, zip(*seen, strict=True), strict=True):
        yield Row(f"{who}: {name}", statistics.median(took))


def _opened(browser: Browser, url: str) -> tuple[float, float, float]:
    page = browser.new_page(locale="zh-CN")
    begun = time.perf_counter()
    page.goto(url)
    page.locator(".lc-answer").first.wait_for()
    answered = time.perf_counter()
    frame = page.frame_locator('[class*="st-key-map-"] iframe')
    frame.locator(".circle-cluster, .circle-note-sign").first.wait_for()
    drawn = time.perf_counter()
    page.locator('.stApp[data-test-script-state="notRunning"]').wait_for(state="attached")
    clicked = time.perf_counter()
    page.locator(".st-key-wishes-after button").click()
    page.locator(".st-key-wishes-pager").get_by_text(re.compile(r"第 2 /")).wait_for()
    turned = time.perf_counter()
    page.context.close()
    return 1000 * (answered - begun), 1000 * (drawn - begun), 1000 * (turned - clicked)


def _text(count: int, rows: list[Row], load: float) -> str:
    head = HEAD.format(
        count=count,
        calls=_CALLS,
        warm=_WARM_S,
        machine=machine(),
        date=datetime.now(tz=UTC).date().isoformat(),
        load=load,
    )
    lines = [f"| {row.name} | {row.ms:,.0f} |" for row in rows]
    return head + "\n".join(["| what | median, ms |", "| --- | ---: |", *lines])


if __name__ == "__main__":
    main()
