"""What a visitor left behind ends with the visit."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage
from streamlit.runtime.memory_session_storage import MemorySessionStorage
from streamlit.runtime.websocket_session_manager import WebsocketSessionManager

from circle.web import jobs
from circle.web.server import visits
from circle.web.server.visits import Visits
from tests.waiting import awaited

if TYPE_CHECKING:
    from pathlib import Path

KEPT_S = 90.0


class Session:
    """What Streamlit's manager asks of a session."""

    def __init__(self, server: Server, name: str) -> None:
        self.server, self.id = server, name

    def is_resumable(self) -> bool:
        return True

    def shutdown(self) -> None:
        """Let go of the files, as Streamlit's own does."""
        self.server.media_file_mgr.clear_session_refs(self.id)
        self.server.media_file_mgr.remove_orphaned_files()

    def __getattr__(self, name: str) -> Any:
        return lambda: None


class Server:
    """Streamlit's sessions and files, without a server."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        nothing: Any = SimpleNamespace(clear=lambda: None)
        self.files = MemoryMediaFileStorage("/media")
        self.media_file_mgr = MediaFileManager(self.files)
        self.sessions = WebsocketSessionManager(MemorySessionStorage(), nothing, nothing, None)
        self._session_mgr = self.sessions
        self.is_active_session = self.sessions.is_active_session
        self.close_session = self.sessions.close_session
        self.patch = monkeypatch

    def come(self, name: str) -> str:
        """Connect a page that offers a file; return the file's name at its address."""
        info: Any = SimpleNamespace(session=Session(self, name), script_run_count=0)
        self.sessions._active_session_info_by_id[name] = info  # noqa: SLF001
        with self.patch.context() as patch:
            patch.setattr("streamlit.runtime.media_file_manager._get_session_id", lambda: name)
            address = self.media_file_mgr.add(
                name.encode(), "text/csv", "1", "a.csv", is_for_static_download=True
            )
        return address.removeprefix("/media/")

    def offers(self, file: str) -> bool:
        return file.split(".", maxsplit=1)[0] in self.files._files_by_id  # noqa: SLF001


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Server:
    return Server(monkeypatch)


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> list[set[str]]:
    """Return the sessions whose reports were kept, each time."""
    told: list[set[str]] = []
    monkeypatch.setattr(jobs, "keep", lambda sessions: told.append(set(sessions)))
    return told


def test_a_visit_ends_some_time_after_its_page_is_gone(
    server: Server, kept: list[set[str]]
) -> None:
    ending = Visits(server, KEPT_S)  # type: ignore[arg-type]
    here, left = server.come("here"), server.come("left")
    ending.end_those_gone(0)
    server.sessions.disconnect_session("left")
    for now in (15, 30, 100):
        ending.end_those_gone(now)
        assert server.offers(left)
    assert kept == [{"here", "left"}] * 4
    ending.end_those_gone(15 + KEPT_S)
    ending.end_those_gone(30 + KEPT_S)
    assert kept[-1] == {"here"}
    assert (server.offers(here), server.offers(left)) == (True, False)
    assert [info.session.id for info in server.sessions.list_sessions()] == ["here"]


def test_a_page_that_comes_back_starts_anew(server: Server, kept: list[set[str]]) -> None:
    ending = Visits(server, KEPT_S)  # type: ignore[arg-type]
    file = server.come("back")
    server.sessions.disconnect_session("back")
    ending.end_those_gone(0)
    server.come("back")
    ending.end_those_gone(60)
    server.sessions.disconnect_session("back")
    for now in (80, 100, 120):
        ending.end_those_gone(now)
    assert server.offers(file)
    assert kept[-1] == {"back"}


def test_visits_end_while_the_server_runs(
    server: Server, kept: list[set[str]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    monkeypatch.setattr("streamlit.runtime.get_instance", lambda: server)
    monkeypatch.setattr(visits, "EVERY_S", 0.01)

    async def run() -> None:
        async with visits.ending(None):  # type: ignore[arg-type]
            await asyncio.sleep(0.3)
        ended = len(kept)
        assert ended > 2
        await asyncio.sleep(0.05)
        assert len(kept) == ended

    awaited(run())
