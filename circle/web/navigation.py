"""The navigation: each role's own pages; the others keep an address, where their guard is."""

from __future__ import annotations

from contextlib import suppress

import streamlit as st

from circle.errors import SettingError
from circle.i18n import t
from circle.identity import PUBLIC, SIGN_IN_PAGE, Identity
from circle.web import sign_in

_TITLES = {"report": "reporting.page"}
"""Keys of the titles that are not ``<page>.title``."""


def pages() -> list[st.Page]:
    """Return the pages that there are, those of the visitor visible.

    A page that is not the visitor's is there all the same: whoever opens its address
    meets its guard, which asks to sign in. Each has an address of its own, the same
    for everyone, since a link is passed on; the bare address leads to the visitor's
    first page.
    """
    who = _visitor()
    return [st.Page(_start, title=t("shell.app"), default=True, visibility="hidden")] + [
        st.Page(
            f"pages/{name}.py",
            title=title_of(name),
            visibility="visible" if _shown(who, name) else "hidden",
        )
        for name in sign_in.existing()
    ]


def title_of(page: str) -> str:
    """Return what a page is called."""
    return t(_TITLES.get(page, f"{page}.title"))


def _start() -> None:
    """Go to the visitor's first page, with the address's parameters."""
    given = st.query_params
    pairs = [(name, value) for name in given for value in given.get_all(name)]
    st.switch_page(f"pages/{_visitor().start(sign_in.existing())}.py", query_params=pairs)


def _visitor() -> Identity:
    with suppress(SettingError):  # the guard says it
        return sign_in.visitor()
    return PUBLIC


def _shown(who: Identity, page: str) -> bool:
    if page == SIGN_IN_PAGE:
        return sign_in.ready() and not who.signed_in
    return who.may_open(page)
