"""Widgets that are tied to a parameter of the address, both ways."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from circle.i18n import t
from circle.web import params, state
from circle.words import wording

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from circle.model import District


def select(
    label: str, options: Sequence[str], param: state.Param[str], name: Callable[[str], str]
) -> None:
    """Draw a choice of one; `name` says what each option is called."""
    st.selectbox(
        label,
        options,
        format_func=name,
        key=state.widget_key(param),
        on_change=state.push,
        args=(param,),
    )


def several(
    label: str,
    options: Sequence[str],
    param: state.Param[tuple[str, ...]],
    name: Callable[[str], str],
    none: str,
) -> None:
    """Draw a choice of some; `none` says what no choice means."""
    st.multiselect(
        label,
        options,
        format_func=name,
        key=state.widget_key(param),
        on_change=state.push,
        args=(param,),
        placeholder=none,
    )


def toggle(label: str, param: state.Param[bool]) -> None:
    """Draw a switch."""
    st.toggle(label, key=state.widget_key(param), on_change=state.push, args=(param,))


def profile(district: District, param: state.Param[str]) -> None:
    """Draw the choice of who walks."""
    select(
        t("common.profile"),
        tuple(district.profiles),
        param,
        lambda name: wording.profile_label(district.profiles[name]),
    )


def minutes(label: str, param: state.Param[float]) -> None:
    """Draw one walking time."""
    st.number_input(
        label,
        min_value=1.0,
        max_value=params.MOST_MINUTES,
        step=1.0,
        format="%g",
        key=state.widget_key(param),
        on_change=state.push,
        args=(param,),
    )
