"""The first statement of every page: may this visitor be here, and in which language.

A visitor may open any page's address first, before ``app.py`` has run. So page
settings, language and style are set here, and whoever must be kept out is kept
out here.
"""

from __future__ import annotations

from contextlib import suppress

import streamlit as st
from streamlit.errors import StreamlitAPIException

from circle.config import settings
from circle.errors import SettingError
from circle.i18n import LANGUAGES, t, use_language
from circle.web import state
from circle.web.style import apply_style

ROLES = ("public", "official", "planner")
LANGUAGE = state.Param("lang", state.one_of(LANGUAGES), str, "zh")
SIDEBAR_PX = 230
_LANGUAGE_HELD = "_language"
_ENTERED, _WANTED = "_entered", "_wanted"


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
    choose_language()
    _by_way_of_the_entry(page)
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


def resume() -> None:
    """Note that the entry ran; go on to the page that was opened before it."""
    st.session_state[_ENTERED] = True
    wanted = st.session_state.pop(_WANTED, None)
    if wanted is not None:
        page, query = wanted
        st.switch_page(f"pages/{page}.py", query_params=query)


def _by_way_of_the_entry(page: str) -> None:
    """Send a page that was opened before ``app.py`` ran through it, for its navigation."""
    if st.session_state.get(_ENTERED):
        return
    st.session_state[_WANTED] = (page, st.query_params.to_dict())
    with suppress(StreamlitAPIException):  # no entry: the page is run by itself
        st.switch_page("app.py")
    del st.session_state[_WANTED]


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
