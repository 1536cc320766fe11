"""Widgets that are tied to a parameter of the address, both ways; each returns its value."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import streamlit as st

from circle.i18n import t
from circle.web import params, state
from circle.words import wording

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from circle.model import District

T = TypeVar("T")


def select(
    label: str, options: Sequence[str], param: state.Param[str], name: Callable[[str], str]
) -> str:
    """Draw a choice of one, its name whole; `name` says what each option is called."""
    with st.container(key=f"select-{param.name}"):
        st.selectbox(label, options, format_func=name, placeholder=label, **state.tied(param))
        picked = name(state.value(param))
        st.html(f'<div class="lc-picked" aria-hidden="true">{wording.unbroken(picked)}</div>')
    return state.value(param)


def several(
    label: str,
    options: Sequence[str],
    param: state.Param[tuple[str, ...]],
    name: Callable[[str], str],
    none: str,
) -> tuple[str, ...]:
    """Draw a choice of some; `none` says what no choice means."""
    st.multiselect(label, options, format_func=name, placeholder=none, **state.tied(param))
    return state.value(param)


def segmented(
    label: str,
    options: Sequence[T],
    param: state.Param[T],
    name: Callable[[T], str],
    *,
    titled: bool = False,
) -> T:
    """Draw a choice of one of a few side by side, with its label in sight where `titled`."""
    st.segmented_control(
        label,
        options,
        format_func=name,
        label_visibility="visible" if titled else "collapsed",
        **state.tied(param),
    )
    return state.value(param)


def chips(
    label: str, options: Sequence[str], param: state.Param[str], name: Callable[[str], str]
) -> str:
    """Draw a choice of one of a few, all in sight, as chips."""
    st.pills(label, options, format_func=name, required=True, **state.tied(param))
    return state.value(param)


def toggle(label: str, param: state.Param[bool]) -> bool:
    """Draw a switch."""
    st.toggle(label, **state.tied(param))
    return state.value(param)


def heritage() -> bool:
    """Draw the switch of the historic buildings on a map."""
    return toggle(t("common.heritage"), params.heritage())


def profile(district: District, param: state.Param[str]) -> str:
    """Draw the choice of who walks."""
    return select(
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
        **state.tied(param),
    )


def number(label: str, param: state.Param[float], low: float, high: float, step: float) -> None:
    """Draw an amount from `low` to `high`."""
    st.number_input(
        label, min_value=low, max_value=high, step=step, format="%g", **state.tied(param)
    )
