"""The place that walks start from, on Explore and From my home: moved, named, gone back from.

Its name stands in the address beside its degrees, so that a link keeps it. A name
that no known place has there is not believed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from circle.maps import layers
from circle.web import memo, params, shell, state

if TYPE_CHECKING:
    from collections.abc import Iterable

    from circle.maps.drawing import Layer, Shared
    from circle.model import District
    from circle.web.map_view import Click

_SAME_PLACE = 2e-6


def put(district: District, at: tuple[float, float], name: str = "") -> None:
    """Start from another place, degrees, which may have a name."""
    state.put(params.at(district), (round(at[0], 6), round(at[1], 6)))
    state.put(params.place(), name)


def is_start(district: District) -> bool:
    """Tell whether the place is the district's own start."""
    param = params.at(district)
    return state.value(param) == param.default


def chosen_name(district: District) -> str:
    """Return the name by which the place was chosen; "" for a point or the district's start."""
    return known_name(district, state.value(params.at(district)), state.value(params.place()))


def known_name(district: District, at: tuple[float, float], name: str) -> str:
    """Return a name that a known place has there; "" where none has."""
    lon, lat = at
    known = name and any(
        name in {place.name, place.detail}
        and abs(place.lon - lon) < _SAME_PLACE
        and abs(place.lat - lat) < _SAME_PLACE
        for place in memo.search_index(district)
    )
    return name if known else ""


def name(district: District) -> str:
    """Return what the place is called: as it was chosen, else as the start; "" for neither."""
    if name := chosen_name(district):
        return name
    return str(district.start_name) if is_start(district) else ""


def back_button(district: District, label: str) -> None:
    """Draw the way back to the district's own start."""
    start = params.at(district).default
    label = shell.escaped_markdown(label)
    st.button(label, on_click=put, args=(district, start), width="stretch")


def take_click(district: District, click: Click) -> None:
    """Show the way to a facility that was clicked, or start from the point."""
    if click.layer == "facility":
        state.toggle(params.to(district), click.id)
    elif (click.lon, click.lat) != state.value(params.at(district)):
        put(district, (click.lon, click.lat))


def heritage(district: District) -> Layer:
    """Return the protected buildings on a map."""
    return memo.drawn(district, "heritage", None, lambda: layers.heritage(district.heritage))


def places(district: District, shown: Iterable[str]) -> Shared:
    """Return some of the facilities on a map, by id, which all answers share that show them."""
    ids = frozenset(shown)

    def make() -> Shared:
        table = district.facilities
        return layers.places(table[table["id"].isin(ids)], district.kinds)

    return memo.drawn(district, "places", ids, make)
