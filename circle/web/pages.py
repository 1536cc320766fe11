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
    meets its guard, which asks to sign in, and not a page about some other page.
    """
    who = PUBLIC
    with suppress(SettingError):  # the guard says it
        who = sign_in.visitor()
    there = sign_in.existing()
    first = who.start(there)
    return [
        st.Page(
            f"pages/{name}.py",
            title=t(_TITLES.get(name, f"{name}.title")),
            default=name == first,
            visibility="visible" if _shown(who, name, first) else "hidden",
        )
        for name in there
    ]


def _shown(who: Identity, page: str, first: str) -> bool:
    if page == SIGN_IN_PAGE:
        return page == first or (sign_in.ready() and not who.signed_in)
    return who.may_open(page)
