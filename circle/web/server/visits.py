"""The end of visits: what was made for a visitor goes with the visit, not with the next one.

Streamlit keeps the session of a page that is gone for a while, so that a lost
connection can be taken up again, and forgets it when the next page goes. A file for
download waits for two more runs of anybody's pages. Here both end in their time.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

import streamlit as st
from streamlit import runtime

from circle.web import jobs, uploads

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from streamlit.runtime import Runtime

EVERY_S = 15.0


class Visits:
    """The sessions of a server whose pages are gone, and since when.

    Parameters
    ----------
    server
        Streamlit's runtime.
    kept_s
        How long a session is kept for a page that comes back, in seconds; less than
        Streamlit's own time, after which it is not listed any more.
    """

    def __init__(self, server: Runtime, kept_s: float) -> None:
        self.server = server
        self.kept_s = kept_s
        self._gone: dict[str, float] = {}

    def end_those_gone(self, now: float) -> None:
        """End the visits whose time is over at `now` (seconds), and drop files of no visit."""
        listed = self.server._session_mgr.list_sessions()  # noqa: SLF001 - there is no other list
        sessions = {info.session.id for info in listed}
        away = {name for name in sessions if not self.server.is_active_session(name)}
        self._gone = {name: self._gone.get(name, now) for name in away}
        over = {name for name, since in self._gone.items() if now - since >= self.kept_s}
        for name in over:
            self.server.close_session(name)
        jobs.keep(sessions - over)
        uploads.keep(sessions - over)
        self.server.media_file_mgr.remove_orphaned_files()


@asynccontextmanager
async def ending(_app: st.App) -> AsyncIterator[None]:
    """End visits as long as the server runs, and first what killed servers left."""
    jobs.clear_leftovers()
    kept_s = max(0.0, st.get_option("server.disconnectedSessionTTL") - 2 * EVERY_S)
    task = asyncio.create_task(_end_visits(Visits(runtime.get_instance(), kept_s)))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _end_visits(visits: Visits) -> None:
    while True:
        await asyncio.sleep(EVERY_S)
        visits.end_those_gone(time.monotonic())
