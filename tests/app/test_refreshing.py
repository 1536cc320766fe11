"""Streets of today on the Data page: compared, and put in place when a steward agrees."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from circle.config import settings
from circle.i18n import t
from circle.load import read_district, versions
from circle.network import overpass
from tests.app import reading
from tests.app.working import finished
from tests.network.test_overpass import Served, server
from tests.osm.test_refresh import streets_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from streamlit.testing.v1 import AppTest


@pytest.fixture
def folder(
    district_dir: Path, show_district: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
) -> Path:
    """Give the district folder that is shown; servers are asked again at once."""
    monkeypatch.setattr(overpass, "_FIRST_WAIT_S", 0.01)
    show_district(district_dir)
    return district_dir


@pytest.fixture
def fetch(
    open_page: Callable[..., AppTest], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], AppTest]:
    """Give ``fetch(address)``, which has the streets fetched from there."""
    assert folder.is_dir()

    def run(address: str) -> AppTest:
        monkeypatch.setenv("CIRCLE_OVERPASS", address)
        settings.cache_clear()
        return press(open_page("data", part="streets"), "refreshing.fetch")

    return run


def press(app: AppTest, key: str) -> AppTest:
    (button,) = [each for each in app.button if each.label == t(key)]
    return finished(button.click().run())


def test_nothing_changes_until_a_steward_agrees(
    fetch: Callable[[str], AppTest], folder: Path
) -> None:
    before = read_district(folder).base_id
    with server(Served(body=streets_of(folder, "横4路"))) as (address, _):
        app = fetch(address)
    assert reading.failed(app) == []
    assert reading.figures(app)[4:6] == ["0", "4"]
    assert "2026-11-20" in reading.text(app)
    assert read_district(folder).base_id == before
    app.text_input(key="refreshing:by").input("李梅")
    app = press(app, "refreshing.agree")
    assert reading.failed(app) == [t("error.version.reason_missing")]
    app.text_input(key="refreshing:reason").input("季度更新")
    app = press(app, "refreshing.agree")
    assert reading.failed(app) == []
    assert t("refreshing.done") in app.success[0].value
    assert "横4路" not in read_district(folder).network.segment_name.tolist()
    newest = versions.versions(folder)[-1]
    assert (newest.action, newest.author, newest.reason) == ("refresh", "李梅", "季度更新")


def test_what_is_left_leaves_nothing(fetch: Callable[[str], AppTest], folder: Path) -> None:
    with server(Served(body=streets_of(folder, "横4路"))) as (address, _):
        app = press(fetch(address), "refreshing.discard")
    assert [each.label for each in app.button if each.label == t("refreshing.fetch")]
    assert not versions.place_of(folder).exists()


@pytest.mark.parametrize("answer", [Served(500, "{}"), Served(body="<html></html>")])
def test_a_bad_answer_is_said(
    fetch: Callable[[str], AppTest], folder: Path, answer: Served
) -> None:
    before = versions.present(folder)
    with server(answer) as (address, _):
        app = fetch(address)
    assert len(reading.failed(app)) == 1
    assert versions.present(folder) == before


def test_a_refresh_of_what_was_changed_meanwhile_is_refused(
    fetch: Callable[[str], AppTest], folder: Path
) -> None:
    with server(Served(body=streets_of(folder))) as (address, _):
        app = fetch(address)
    (folder / "README.md").write_text("by another", encoding="utf-8")
    app.text_input(key="refreshing:by").input("李梅")
    app.text_input(key="refreshing:reason").input("季度更新")
    (error,) = reading.failed(press(app, "refreshing.agree"))
    assert "已被他人修改" in error


def test_it_can_be_stopped_while_the_server_has_no_time(
    fetch: Callable[[str], AppTest], folder: Path
) -> None:
    before = versions.present(folder)
    with server(Served(429, "", {"Retry-After": "60"})) as (address, _):
        app = _begin(fetch, address)
        app = press(app, "working.cancel")
    assert t("working.cancelled") in app.info[0].value
    assert versions.present(folder) == before


def _begin(fetch: Callable[[str], AppTest], address: str) -> AppTest:
    """Have it fetched without waiting for the end."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(globals(), "finished", lambda app: app)
        return fetch(address)
