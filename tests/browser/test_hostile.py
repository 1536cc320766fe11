"""A district whose texts are scripts: every page and the saved map show them as text.

A new page joins by being a file in ``pages/``.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from circle.config import settings
from circle.identity import SIGN_IN_PAGE
from circle.load import read_district
from circle.load.standards import standard_sets
from circle.report.content.elements import Choice
from circle.report.run import run
from circle.store import Store
from circle.study import Study
from circle.wishes import answers, flow, recording
from circle.wishes.nouns import Level, State, UnitKind
from tests.browser.conftest import ROOT, free_port, serving, started
from tests.browser.looking import settled, wide
from tests.hostile import SCRIPT, hostile_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Page

PAGES = tuple(sorted(file.stem for file in (ROOT / "pages").glob("*.py")))
ON_A_PHONE = ("audit", "levels")
FIRST, RATED = 1, "wutong-66-canteen"
"""The number of the first wish of a store; a facility."""
PARTS = tuple(f"data?part={part}" for part in ("map", "bring", "streets", "versions"))
OPEN_ALL = """() => {
  if (!window.circle?.map) { return 0; }
  let opened = 0;
  const every = [];
  circle.map.eachLayer(layer => every.push(layer));
  for (const layer of every) {
    for (const way of ["openTooltip", "openPopup"]) {
      try { if (layer[way]) { layer[way](); opened += 1; } } catch (error) { /* has none */ }
    }
  }
  return opened;
}"""
HACKED = """() => Boolean(window.hacked) || document.querySelectorAll(
  'img[src="x"], [onerror], [onload], [onmouseover]').length > 0"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return hostile_folder(ROOT / "data" / "tianping", tmp_path_factory.mktemp("hostile") / "d")


@pytest.fixture(scope="module")
def url(folder: Path, chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:  # noqa: ARG001 - no browser, no server
    """Serve the hostile district."""
    log = tmp_path_factory.mktemp("app") / "app.log"
    district, store = read_district(folder), Store(str(log.with_name("store.sqlite")))
    said = {"text": SCRIPT, "kind": "canteen", "at": district.start, "by": SCRIPT[:80]}
    wish = recording.add(store, district, **said, submission="k")  # type: ignore[arg-type]
    wish = flow.assign(store, district.id, wish, Level.AREA, by=SCRIPT[:80], reason=SCRIPT)
    for state in (State.REVIEWED, State.PUBLISHED):
        wish = flow.move(store, district.id, wish, state, by=SCRIPT[:80], remark=SCRIPT)
    unit = answers.add_unit(store, district.id, SCRIPT[:80], UnitKind.UNIT, by=SCRIPT[:80])
    flow.claim(store, district.id, wish.id, unit.id, by=SCRIPT[:80])
    rated = {"rating": 3, "remark": SCRIPT, "on": wish.recorded.date(), "by": "a"}
    answers.rate(store, district, RATED, **rated, submission="o")  # type: ignore[arg-type]
    environment = {
        **os.environ,
        "CIRCLE_MODE": "local",
        "CIRCLE_DISTRICT": str(folder),
        "CIRCLE_STORE": str(log.with_name("store.sqlite")),
    }
    port = free_port()
    with started(serving(port), port, environment, log):
        yield f"http://127.0.0.1:{port}"


def untouched(page: Page) -> None:
    """Fail when anything of the texts came alive in the page or one of its frames."""
    for frame in page.frames:
        frame.evaluate(OPEN_ALL)
    page.wait_for_timeout(300)
    for frame in page.frames:
        assert not frame.evaluate(HACKED), frame.url


@pytest.mark.parametrize("name", [*(name for name in PAGES if name not in ON_A_PHONE), *PARTS])
def test_every_page_shows_it_as_text(page: Page, url: str, name: str) -> None:
    page.goto(f"{url}/{name}")
    shown = "" if name == SIGN_IN_PAGE else "<img src=x"  # that page says nothing of the district
    expect(page.locator(".lc-title")).to_contain_text(shown, timeout=60_000)
    expect(page.get_by_test_id("stStatusWidget")).to_have_count(0, timeout=60_000)
    untouched(page)


@pytest.mark.parametrize(
    "asked",
    [
        "explore?to=wuzhong-market&heritage=1&unverified=1",
        "coverage?gap=1&view=heritage&heritage=1&roads=1",
        "coverage?view=zones&measure=services&area=kangping",
        "coverage?kind=canteen&wishes=1&true_places=1&view=wishes",
        "home?at=121.4438,31.2078&way=wutong-66-canteen",
        "report?kinds=canteen&others=&map=gap-canteen-1",
    ],
)
def test_open_details_show_it_as_text(page: Page, url: str, asked: str) -> None:
    page.goto(f"{url}/{asked}")
    expect(page.locator(".lc-title")).to_contain_text("<img src=x", timeout=60_000)
    expect(page.get_by_test_id("stStatusWidget")).to_have_count(0, timeout=60_000)
    untouched(page)


@pytest.mark.parametrize(
    "asked",
    [
        "audit",
        "levels",
        "lifts?lang=en",
        f"wishes?wish={FIRST}",
        f"wishes?part=opinions&facility={RATED}",
    ],
)
def test_on_a_phone_it_runs_over_no_edge(phone: Page, url: str, asked: str) -> None:
    phone.goto(f"{url}/{asked}")
    expect(phone.locator(".lc-answer")).to_be_visible(timeout=60_000)
    settled(phone)
    untouched(phone)
    assert not wide(phone)


def test_the_saved_map_shows_it_as_text(page: Page, folder: Path, tmp_path: Path) -> None:
    choice = Choice(kinds=("canteen",), profiles=("older_adult",))
    made = run(
        Study(read_district(folder)),
        choice,
        standard_sets(settings().standards),
        tmp_path / "r",
        ["html"],
    )
    (file,) = (one.file for one in made.files if one.format == "html")
    page.goto((made.folder / file).as_uri())
    expect(page.locator("h1")).to_contain_text("<img src=x")
    expect(page.locator(".leaflet-container").first).to_be_visible()
    untouched(page)
