"""The first statement of every page: may this visitor be here, and in which language.

A visitor may open any page's address first, before ``app.py`` has run. So page
settings, language and style are set here, and whoever must be kept out is kept
out here.
"""

from __future__ import annotations

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager

from circle.config import settings
from circle.errors import SettingError
from circle.i18n import LANGUAGES, t, use_language
from circle.web import state
from circle.web.style import apply_style

ROLES = ("public", "official", "planner")
LANGUAGE = state.Param("lang", state.one_of(LANGUAGES), str, "zh")
SIDEBAR_PX = 230
_LANGUAGE_HELD = "_language"


def guard(page: str) -> str:
    """Let the visitor in, and make the page ready.

    Parameters
    ----------
    page
        Name of the page, for instance ``explore``.

    Returns
    -------
    str
        The visitor's role, one of `ROLES`.
    """
    _run_the_entry_first()
    choose_language()
    st.set_page_config(
        page_title=t("shell.app"),
        page_icon="🚶",
        layout="wide",
        initial_sidebar_state=SIDEBAR_PX,
    )
    apply_style()
    state.enter(page)
    role = visitor_role()
    if not allowed(role, page):
        st.error(t("shell.not_allowed"))
        st.stop()
    return role


def _run_the_entry_first() -> None:
    """Start again with ``app.py`` where Streamlit ran the page without it.

    Until ``app.py`` has run once, Streamlit takes the folder pages/ for its own
    old kind of navigation, named after the files.
    """
    if PagesManager.uses_pages_directory:
        PagesManager.uses_pages_directory = False
        st.rerun()


def visitor_role() -> str:
    """Return the visitor's role; everyone is a planner until there is a sign-in."""
    return "planner"


def allowed(role: str, page: str) -> bool:
    """Return whether a role may open a page: for now every role may open each."""
    return role in ROLES and bool(page)


def choose_language() -> str:
    """Use the language of the address, else the one of this session; return it."""
    asked = st.query_params.get(LANGUAGE.name)
    held = st.session_state.get(_LANGUAGE_HELD) or _first_language()
    code = held if asked is None else LANGUAGE.read(asked)
    st.session_state[_LANGUAGE_HELD] = code
    if asked is None and code != LANGUAGE.default:
        st.query_params[LANGUAGE.name] = code
    use_language(code)
    return code


def _first_language() -> str:
    try:
        return settings().language
    except SettingError:  # the page says it, calmly
        return LANGUAGE.default


def switch_language(code: str) -> None:
    """Set the language of this session and of the address."""
    st.session_state[_LANGUAGE_HELD] = code
    state.put(LANGUAGE, code)
    use_language(code)
