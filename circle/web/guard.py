"""The first statement of every page: may this visitor be here, and in which language.

A visitor may open any page's address first, before ``app.py`` has run. So page
settings, language and style are set here, and whoever must be kept out is kept
out here, before anything of the page is read or drawn.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import streamlit as st
from streamlit.errors import StreamlitAPIException

from circle.errors import SettingError
from circle.i18n import t
from circle.web import notice, sign_in, state
from circle.web.language import choose_language
from circle.web.names import apply_names
from circle.web.server.loopback import is_loopback, stranger
from circle.web.style import apply_style

if TYPE_CHECKING:
    from circle.identity import Identity

SIDEBAR_PX = 230
_ENTERED, _WANTED = "_entered", "_wanted"


def guard(page: str) -> Identity:
    """Let the visitor in, and make the page ready; or say why not, and stop.

    Parameters
    ----------
    page
        Name of the page, for instance ``explore``.

    Returns
    -------
    Identity
        Who the visitor is, and may open the page.
    """
    choose_language()
    try:
        _keep_to_this_machine()
        sign_in.own_session()
        _by_way_of_the_entry(page)
        _make_ready(page)
        who = sign_in.visitor()
        sign_in.write_sign_in()
    except SettingError as error:
        _make_ready(page)
        notice.faulty(error)
        st.stop()
    if not who.may_open(page):
        notice.refused(who)
        st.stop()
    return who


def again(page: str) -> None:
    """Let the visitor go on where a part of the page runs alone; else run the page, which says why.

    Parameters
    ----------
    page
        As for `guard`.
    """
    choose_language()
    try:
        _keep_to_this_machine()
        sign_in.own_session()
        allowed = sign_in.visitor().may_open(page)
    except SettingError:
        allowed = False
    if not allowed:
        st.rerun()
    state.enter(page)


def resume() -> None:
    """Note that the entry ran; go on to the page that was opened before it."""
    st.session_state[_ENTERED] = True
    wanted = st.session_state.pop(_WANTED, None)
    if wanted is not None:
        page, query = wanted
        st.switch_page(f"pages/{page}.py", query_params=query)


def _make_ready(page: str) -> None:
    st.set_page_config(
        page_title=t("shell.app"),
        page_icon="🚶",
        layout="wide",
        initial_sidebar_state=SIDEBAR_PX,
    )
    apply_style()
    apply_names()
    state.enter(page)


def _by_way_of_the_entry(page: str) -> None:
    """Send a page that was opened before ``app.py`` ran through it, for its navigation."""
    if st.session_state.get(_ENTERED):
        return
    st.session_state[_WANTED] = (page, st.query_params.to_dict())
    with suppress(StreamlitAPIException):  # no entry: the page is run by itself
        st.switch_page("app.py")
    del st.session_state[_WANTED]


def _keep_to_this_machine() -> None:
    """Stop in the local mode unless the server and the visitor are on this machine.

    The server's middleware keeps others out before; this holds for
    ``streamlit run app.py`` too, which has none.
    """
    if not sign_in.is_local():
        return
    headers = st.context.headers
    names = {name.lower() for name in headers}
    served_here = is_loopback(st.get_option("server.address"))
    if not served_here or stranger(None, headers.get("Host"), names):
        st.error(t("sign_in.not_local"))
        st.stop()
