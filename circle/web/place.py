"""The place that walks start from, on Explore and From my home: moved, named, gone back from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from circle.web import params, shell, state

if TYPE_CHECKING:
    from circle.model import District
    from circle.web.map_view import Click

_NAME = "place:name"


def move(district: District, at: tuple[float, float], name: str = "") -> None:
    """Start from another place, degrees, and draw the page anew."""
    point = (round(at[0], 6), round(at[1], 6))
    state.put(params.at(district), point)
    st.session_state[_NAME] = (point, name)
    st.rerun()


def is_start(district: District) -> bool:
    """Tell whether the place is the district's own start."""
    param = params.at(district)
    return state.value(param) == param.default


def name(district: District) -> str:
    """Return what the place is called: as it was chosen, else as the start; "" for neither."""
    named, chosen = st.session_state.get(_NAME, (None, ""))
    if named == state.value(params.at(district)) and chosen:
        return str(chosen)
    return str(district.start_name) if is_start(district) else ""


def back_button(district: District, label: str) -> None:
    """Draw the way back to the district's own start."""
    param = params.at(district)
    label = shell.escaped_markdown(label)
    st.button(label, on_click=state.put, args=(param, param.default), width="stretch")


def take_click(district: District, click: Click | None) -> None:
    """Show the way to a facility that was clicked, or start from the point; anew either way."""
    if click is None:
        return
    if click.layer == "facility":
        state.toggle(params.to(district), click.id)
        st.rerun()
    if (click.lon, click.lat) != state.value(params.at(district)):
        move(district, (click.lon, click.lat))
