"""The search box above the map."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from circle.i18n import t
from circle.places.search import MAX_QUERY, Place, find
from circle.web.shell import escaped_markdown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_MOST = 8


def hint(key: str, example: str) -> str:
    """Return what a box says while it is empty, with an example where there is one."""
    return t(key) + (t("explore.example", name=example) if example else "")


def search_box(places: Callable[[], Iterable[Place]], *, key: str, example: str) -> Place | None:
    """Draw the box, and what fits what was typed; return what was chosen.

    Parameters
    ----------
    places
        Gives everything that can be found; called only when something is typed.
    key
        Of this box.
    example
        What may be typed; "" for none.
    """
    box = f"search:{key}"
    query = st.text_input(
        t("explore.search"),
        key=box,
        placeholder=hint("explore.search_hint", example),
        icon=":material/search:",
        label_visibility="collapsed",
        max_chars=MAX_QUERY,
    )
    if query and not settled(box, query):
        matches = find(places(), query, _MOST)
        if not matches:
            st.info(escaped_markdown(t("explore.search_none", query=query)))
        with st.container(key="search-results", gap=None):
            for number, place in enumerate(matches):
                st.button(
                    escaped_markdown(place.name)
                    + (f"  :gray[{escaped_markdown(place.detail)}]" if place.detail else ""),
                    key=f"{box}:{number}",
                    icon=_ICONS.get(place.kind, ":material/location_on:"),
                    width="stretch",
                    type="tertiary",
                    on_click=choose,
                    args=(box, place),
                )
    return chosen(box)


_ICONS = {
    "street": ":material/signpost:",
    "lane": ":material/signpost:",
    "heritage": ":material/home_work:",
}


def settled(box: str, query: str) -> bool:
    """Tell whether what stands in a box is what was chosen by it."""
    return bool(query == st.session_state.get(f"{box}:done"))


def choose(box: str, place: Place) -> None:
    """Choose a place by a box, which then holds its name."""
    st.session_state[f"{box}:chosen"] = place
    st.session_state[box] = st.session_state[f"{box}:done"] = place.name


def chosen(box: str) -> Place | None:
    """Return the place that was chosen by a box in this run, once."""
    place: Place | None = st.session_state.pop(f"{box}:chosen", None)
    return place
