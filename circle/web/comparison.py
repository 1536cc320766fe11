"""Two places side by side on Explore: one is kept, the other is where walks start from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from circle.errors import InputError, NetworkError
from circle.i18n import t
from circle.maps import layers
from circle.maps.geometry import feature
from circle.web import memo, params, place, shell, state
from circle.words import tables, wording

if TYPE_CHECKING:
    from circle.maps.drawing import Layer
    from circle.model import District, LifeCircle
    from circle.study import Study


def control(district: District) -> None:
    """Draw the button that keeps the place for a comparison, or ends it."""
    kept = state.value(params.kept())
    label, act = ("compare.end", _end) if kept else ("compare.keep", _keep)
    st.button(t(label), key="compare", on_click=act, args=(district,), width="stretch")


def other(study: Study, profile: str, limits: tuple[float, ...]) -> LifeCircle | None:
    """Return what the kept place has within each limit; None where none is kept."""
    kept = state.value(params.kept())
    if kept is None:
        return None
    try:
        return memo.life_circle(study, profile, kept, limits)
    except (InputError, NetworkError):
        return None  # an address that nobody could have kept


def show(district: District, circles: tuple[LifeCircle, LifeCircle], here: str) -> None:
    """Draw what either place has: the kept one first."""
    kept = state.value(params.kept())
    shell.heading(t("compare.title"))
    if kept == state.value(params.at(district)):
        shell.notes([t("compare.choose", name=_name(district))])
        return
    names = (f"A · {_name(district)}", f"B · {here}")
    shell.notes([wording.comparison_sentence(district, circles)])
    shell.table(tables.comparison(district, circles, names))


def drawn(district: District, circle: LifeCircle) -> list[Layer]:
    """Return the kept place on the map, and how far it reaches."""
    kept = state.value(params.kept())
    if kept is None or kept == state.value(params.at(district)):
        return []
    farthest = circle.isochrones[-1]
    name = t("compare.reach", name=_name(district), minutes=f"{farthest.minutes:g}")
    outline = feature(farthest.geometry, district.crs, name=name)
    return [layers.outlines([outline], key="kept"), layers.lettered(*kept, "A")]


def _keep(district: District) -> None:
    state.put(params.kept(), state.value(params.at(district)))
    state.put(params.kept_name(), place.chosen_name(district))


def _end(_: District) -> None:
    state.put(params.kept(), None)
    state.put(params.kept_name(), "")


def _name(district: District) -> str:
    """Return what the kept place is called."""
    at = state.value(params.kept()) or params.at(district).default
    if name := place.known_name(district, at, state.value(params.kept_name())):
        return name
    if at == params.at(district).default and str(district.start_name):
        return str(district.start_name)
    return t("explore.here", lon=f"{at[0]:.5f}", lat=f"{at[1]:.5f}")
