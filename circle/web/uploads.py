"""Who may send files: the sessions to which a form that takes one was shown, nobody else.

Streamlit takes a file of any open session. The outermost layer of the server asks here
first (`circle.web.server.middleware`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from streamlit.runtime.scriptrunner import get_script_run_ctx

if TYPE_CHECKING:
    from collections.abc import Collection

ADDRESS = "/_stcore/upload_file/"
"""Below it the address of a file that is sent: the session's id, then the file's."""
_sessions: set[str] = set()


def allow() -> None:
    """Let the session that runs send files; called where the form is drawn."""
    context = get_script_run_ctx(suppress_warning=True)
    if context is not None:
        _sessions.add(context.session_id)


def forbid() -> None:
    """Let the session that runs send none any more."""
    context = get_script_run_ctx(suppress_warning=True)
    if context is not None:
        _sessions.discard(context.session_id)


def may_send(path: str) -> bool:
    """Tell whether an address below `ADDRESS` is of a session that may send files."""
    return path.removeprefix(ADDRESS).partition("/")[0] in _sessions


def keep(sessions: Collection[str]) -> None:
    """Forget all sessions but these."""
    _sessions.intersection_update(sessions)
