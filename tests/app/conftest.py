"""The application without a browser."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.testing.v1 import AppTest

from circle.config import settings
from circle.web import downloads, map_view
from tests.app import reading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from circle.maps.drawing import Shared

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def _own_settings(
    monkeypatch: pytest.MonkeyPatch,
    store_file: Path,
    on_this_machine: None,  # noqa: ARG001 - its address is kept
) -> Iterator[None]:
    """Run with the settings of a fresh installation, and a store of the test's own.

    The mode is the local one, where everything is open.
    """
    ours = {name for name in os.environ if name.startswith("CIRCLE_")}
    for name in ours:
        monkeypatch.delenv(name)
    monkeypatch.setenv("CIRCLE_STORE", str(store_file))
    monkeypatch.setenv("CIRCLE_MODE", "local")
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.fixture(autouse=True)
def _maps_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep what maps share by its address: a run of AppTest leaves no server to ask."""
    address = map_view._address  # noqa: SLF001

    def kept(shared: Shared, place: str) -> str:
        url = address(shared, place)
        reading.shared[url] = shared.json
        return url

    monkeypatch.setattr(map_view, "_address", kept)


@pytest.fixture
def show_district(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], None]:
    """Give ``show_district(folder)``, which has the application show that folder."""

    def show(folder: Path) -> None:
        monkeypatch.setenv("CIRCLE_DISTRICT", str(folder))
        settings.cache_clear()

    return show


@pytest.fixture
def app() -> AppTest:
    """Give the application, not yet run; the first run may compile the kernels."""
    return AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)


@pytest.fixture
def open_page(app: AppTest) -> Callable[..., AppTest]:
    """Give ``open_page("coverage", kind="market")``, which opens that address."""

    def opened(page: str, **asked: object) -> AppTest:
        app.switch_page(f"pages/{page}.py")
        app.query_params.update(asked)
        return app.run()

    return opened


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """Give the CSV files that the page offers, in their order."""
    made: list[bytes] = []
    later = downloads.made_later

    def now(make: Callable[[], bytes]) -> Callable[[], bytes]:
        if make.__name__ == "csv":
            made.append(later(make)())
        return later(make)

    monkeypatch.setattr(downloads, "made_later", now)
    return made


@pytest.fixture
def workbooks(monkeypatch: pytest.MonkeyPatch) -> dict[str, Callable[[], bytes]]:
    """Give the Excel files that the page offers: what makes each, by its name."""
    made: dict[str, Callable[[], bytes]] = {}
    add = MediaFileManager.add_deferred

    def keep(
        self: MediaFileManager,
        data_callable: Callable[[], bytes],
        mimetype: str | None,
        coordinates: str,
        file_name: str | None = None,
        *,
        element_id: str = "",
    ) -> str:
        if str(file_name).endswith(".xlsx"):
            made[str(file_name)] = data_callable
        return add(self, data_callable, mimetype, coordinates, file_name, element_id=element_id)

    monkeypatch.setattr(MediaFileManager, "add_deferred", keep)
    return made
