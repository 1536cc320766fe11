"""The box for an address: what was typed, what fits, and what comes close."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from circle.i18n import t
from circle.places.addresses import near_address
from circle.places.search import MAX_QUERY, Place, find
from circle.web import shell
from circle.web.search_box import choose, chosen, hint, settled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_MOST = 6
_BOX = "address"


def box(places: Callable[[], Iterable[Place]], example: str) -> Place | None:
    """Draw the box and what fits; return a place when it is chosen.

    Parameters
    ----------
    places
        Gives everything that can be found; called only when something is typed.
    example
        An address that may be typed; "" for none.
    """
    with (
        st.form("address-form", border=False),
        st.container(key="address-line", horizontal=True, vertical_alignment="bottom"),
    ):
        query = st.text_input(
            t("home.address"),
            key=_BOX,
            placeholder=hint("home.address_hint", example),
            max_chars=MAX_QUERY,
        )
        st.form_submit_button(t("home.search"), icon=":material/search:", type="primary")
    if query and query.strip() and not settled(_BOX, query):
        _results(tuple(places()), query)
    return chosen(_BOX)


def _results(places: tuple[Place, ...], query: str) -> None:
    exact = find(places, query, _MOST)
    shown = exact or near_address(places, query)
    key = "home.found" if exact else "home.found_near" if shown else "home.found_none"
    status = shell.escape(t(key, query=query, n=len(shown)))
    st.html(f'<p class="hm-status" role="status">{status}</p>')
    with st.container(key="address-results", gap="small"):
        for number, place in enumerate(shown):
            st.button(
                shell.escaped_markdown(_label(place, exact=bool(exact))),
                key=f"address:{number}",
                icon=":material/location_on:",
                width="stretch",
                on_click=choose,
                args=(_BOX, place),
            )


def _label(place: Place, *, exact: bool) -> str:
    if not exact and place.kind == "street":
        return t("home.whole_street", name=place.name)
    return f"{place.name} · {place.detail}" if place.detail else place.name
