"""The views of Lifts and lanes beside lifts: lanes, gates, missing links."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from circle.i18n import t
from circle.lanes.walks import MOST_WALKS, Walkers, Walks
from circle.web import controls, gates_view, lanes_cards, links_view, memo, params, shell, state

if TYPE_CHECKING:
    from circle.model import District

VIEWS = ("lifts", "lanes", "gates", "links")
"""The views of the page for staff, the one that it opens with first."""
_OTHERS = {"lanes": lanes_cards.show, "gates": gates_view.show, "links": links_view.show}


def view() -> state.Param[str]:
    """Return which view is looked at."""
    return state.choice("view", VIEWS)


def shown(district: District) -> bool:
    """Draw the choice of a view, and one that is not of lifts; return whether it was."""
    name = controls.segmented(
        t("lanes.view_choice"), VIEWS, view(), lambda each: t(f"lanes.view.{each}")
    )
    if name not in _OTHERS:
        return False
    with st.spinner(t("coverage.loading"), show_time=False):
        asked = _OTHERS[name](memo.study(district), _who(district))
    if asked:
        _asking(district)
    return True


def _walks() -> state.Param[float]:
    return state.Param("walks", state.number(0.0, MOST_WALKS), state.write_number, 0.0)


def _unverified() -> state.Param[bool]:
    return params.flag("unverified", default=False)


def _who(district: District) -> Walkers:
    """Return who walks how often, as the address has it."""
    profile = state.value(params.slow_profile(district))
    return Walkers(profile, state.value(_unverified()), Walks(state.value(_walks()) or None))


def _asking(district: District) -> None:
    """Draw the choice of who walks how often, below what it answers."""
    shell.heading(t("lanes.asked"))
    with st.container(horizontal=True, key="lifts-asked"):
        controls.profile(district, params.slow_profile(district))
        st.number_input(
            t("lanes.walks"),
            min_value=0.0,
            max_value=MOST_WALKS,
            step=0.5,
            format="%g",
            **state.tied(_walks()),
        )
    controls.toggle(t("lanes.services"), _unverified())
