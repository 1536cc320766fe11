"""What every page rests on, loaded as the server starts and not while its first visitor waits."""

from __future__ import annotations

import threading
from contextlib import suppress
from importlib import import_module

from streamlit.env_util import is_repl

from circle.config import settings
from circle.errors import CircleError
from circle.i18n import in_language
from circle.identity import PAGES
from circle.web import memo, sign_in


def begin() -> threading.Thread:
    """Load it beside the server, which takes visitors meanwhile; return the thread."""
    thread = threading.Thread(target=_load, name="warming", daemon=True)
    thread.start()
    return thread


def _load() -> None:
    """Import the pages, read the district and its confirmations, draw the ground of maps.

    With its first page Streamlit compiles a long pattern of emojis, and looks through all
    modules for how it was started: a third of a second each, of which it keeps what it
    found. What cannot be loaded is told by the page that needs it.
    """
    import_module("streamlit.emojis")
    for page in sign_in.existing():
        if "public" in PAGES[page] or _staff_come():
            import_module(f"circle.web.{page}_page")
    is_repl()
    with in_language(settings().language), suppress(CircleError):
        memo.ground(memo.as_built())
        memo.current()


def _staff_come() -> bool:
    return sign_in.is_local() or sign_in.fault() is None
