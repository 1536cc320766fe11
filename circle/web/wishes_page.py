"""The page of wishes: the wall for everyone; the board, opinions and visits for staff."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

import streamlit as st

from circle.errors import StoreError
from circle.i18n import t
from circle.web import (
    controls,
    memo,
    shell,
    sign_in,
    state,
    wishes_board,
    wishes_opinions,
    wishes_state,
    wishes_units,
    wishes_visits,
    wishes_wall,
)
from circle.web.home_page import apply_home_style
from circle.web.part import part

if TYPE_CHECKING:
    from collections.abc import Callable

    from circle.model import District

    Show = Callable[[District], None]


def show() -> None:
    """Draw the page."""
    district = memo.as_built()
    st.html(f"<style>{_style()}</style>")
    if sign_in.visitor().role == "public":
        apply_home_style()
        shell.header(district.name, t("wishes.title"), district.observed)
        part(_wall)
        return
    shell.header(district.name, t("wishes.subtitle"), district.observed)
    chosen = _parts()
    with st.sidebar:
        if wishes_state.may_act():
            wishes_state.author_field()
        if chosen == "wishes":
            wishes_board.filters(district)
    part(_staff)


def _wall() -> None:
    wishes_wall.show(memo.as_built())


def _staff() -> None:
    _PARTS[state.value(wishes_state.part())](memo.as_built())


def _parts() -> str:
    with st.container(key="wishes-parts"):
        return controls.segmented(
            t("wishes.part"),
            wishes_state.PARTS,
            wishes_state.part(),
            lambda name: t(f"wishes.part_{name}"),
        )


def _plain(show_part: Show) -> Show:
    def draw(district: District) -> None:
        with st.container(key="plain-page"):
            wishes_state.tell()
            try:
                show_part(district)
            except StoreError as error:
                wishes_state.hold()
                st.error(shell.escaped_markdown(error.message()))

    return draw


_PARTS: dict[str, Show] = {
    "wishes": wishes_board.show,
    "opinions": _plain(wishes_opinions.show),
    "visits": _plain(wishes_visits.show),
    "units": _plain(wishes_units.show),
}


def _style() -> str:
    return files("circle.web").joinpath("wishes.css").read_text(encoding="utf-8")
