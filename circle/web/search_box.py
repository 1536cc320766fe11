"""The box for a place: what was typed, what fits or comes close, and what is chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from circle.i18n import t
from circle.places.addresses import look_up
from circle.places.search import MAX_QUERY, Place, example_address, example_street, normal
from circle.web import memo, params, place, shell, state

if TYPE_CHECKING:
    from collections.abc import Callable

    from circle.model import District
    from circle.places.addresses import Answer

    Chosen = Callable[[District, tuple[float, float]], None]

_MOST = 8
_ICONS = {
    "street": ":material/signpost:",
    "lane": ":material/signpost:",
    "heritage": ":material/home_work:",
    "metro": ":material/subway:",
}


def over_map(district: District) -> None:
    """Draw the box above a map; what fits lies over the map and never moves it."""
    box = _follow(district, "search:explore")
    with st.container(key="search", gap=None):
        query = st.text_input(
            t("explore.search"),
            key=box,
            placeholder=hint("explore.search_hint", example_street(district)),
            icon=":material/search:",
            label_visibility="collapsed",
            max_chars=MAX_QUERY,
        )
        _results(district, box, query)


def for_address(district: District) -> None:
    """Draw the box of one's own address, with its label and a button."""
    box = _follow(district, "address")
    with (
        st.form("address-form", border=False),
        st.container(key="address-line", horizontal=True, vertical_alignment="bottom"),
    ):
        query = st.text_input(
            t("home.address"),
            key=box,
            placeholder=hint("home.address_hint", example_address(district)),
            max_chars=MAX_QUERY,
        )
        st.form_submit_button(t("home.search"), icon=":material/search:", type="primary")
    _results(district, box, query)


def for_spot(district: District, box: str, chosen: Chosen) -> None:
    """Draw the box of a place that no walk starts from, above a map; `chosen` is told of it."""
    with st.container(key="search", gap=None):
        query = st.text_input(
            t("explore.search"),
            key=box,
            placeholder=hint("explore.search_hint", example_address(district)),
            icon=":material/search:",
            label_visibility="collapsed",
            max_chars=MAX_QUERY,
        )
        _results(district, box, query, chosen)


def hint(key: str, example: str) -> str:
    """Return what a box says while it is empty, with an example where there is one."""
    return t(key) + (t("explore.example", name=example) if example else "")


def _follow(district: District, box: str) -> str:
    """Let the box name the place that walks start from, whenever that is another."""
    at = state.value(params.at(district))
    if st.session_state.get(f"{box}:at") != at or box not in st.session_state:
        st.session_state[f"{box}:at"] = at
        st.session_state[box] = st.session_state[f"{box}:done"] = place.chosen_name(district)
    return box


def _results(district: District, box: str, query: str | None, chosen: Chosen | None = None) -> None:
    """List what fits; `chosen` is told of it, by default a walk starts there."""
    if not query or not query.strip() or query == st.session_state.get(f"{box}:done"):
        return
    answer = look_up(memo.search_index(district), query, _MOST)
    status = t(f"search.{_outcome(answer, query)}", query=query, district=district.name)
    with st.container(key=f"{box.partition(':')[0]}-results", gap=None):
        st.html(f'<p class="lc-status" role="status">{shell.escape(status)}</p>')
        for number, match in enumerate(answer.places):
            st.button(
                shell.escaped_markdown(match.name) + _remark(district, match, near=answer.near),
                key=f"{box}:{number}",
                icon=_ICONS.get(match.kind, ":material/location_on:"),
                width="stretch",
                type="tertiary",
                on_click=_choose,
                args=(district, box, match, chosen),
            )
        st.button(
            t("search.close"), key=f"{box}:close", icon=":material/close:", type="tertiary",
            on_click=_close, args=(district, box, chosen),
        )  # fmt: skip


def _outcome(answer: Answer, query: str) -> str:
    if not answer.places:
        return "none"
    if not any(match.inside for match in answer.places):
        return "outside"
    if answer.near:
        return "near"
    written = any(normal(query) in key for match in answer.places for key in match.keys)
    return "several" if written else "alike"


def _remark(district: District, match: Place, *, near: bool) -> str:
    """Return what is said after a place's name."""
    remarks = [
        match.detail or (t("search.metro") if match.kind == "metro" else ""),
        t("search.middle") if near and match.kind == "street" else "",
        "" if match.inside else t("search.not_here", district=district.name),
    ]
    said = " · ".join(remark for remark in remarks if remark)
    return f"  :gray[{shell.escaped_markdown(said)}]" if said else ""


def _choose(district: District, box: str, match: Place, chosen: Chosen | None) -> None:
    if chosen is None:
        place.put(district, (match.lon, match.lat), match.name)
    else:
        chosen(district, (match.lon, match.lat))
    st.session_state[box] = st.session_state[f"{box}:done"] = match.name


def _close(district: District, box: str, chosen: Chosen | None) -> None:
    name = place.chosen_name(district) if chosen is None else ""
    st.session_state[box] = st.session_state[f"{box}:done"] = name
