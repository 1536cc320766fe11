"""One wish as staff see it: what it says, how it stands, what may follow, what was done."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from circle.errors import InputError
from circle.i18n import t
from circle.web import shell, state, wishes_steps
from circle.web import wishes_state as view
from circle.wishes import browsing, recording
from circle.words import wish_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from circle.model import District
    from circle.store import Store
    from circle.wishes.nouns import Unit, Wish


def show(district: District, store: Store, wish: Wish, units: Mapping[int, Unit]) -> None:
    """Draw a wish."""
    held = browsing.holders(store, [wish.id]).get(wish.id, ())
    names = [units[unit].name for unit in held if unit in units]
    st.button(
        t("wishes.back"),
        key="wishes:back",
        icon=":material/arrow_back:",
        on_click=state.put,
        args=(view.wish(), None),
    )
    shell.heading(t("wishes.number", number=wish.id))
    shell.paragraphs([wish.text])
    wishes_steps.conflict(district, store, wish, units)
    if view.may_act():
        wishes_steps.show(wishes_steps.Case(district, wish, held, units))
    shell.facts(wish_words.facts(district, wish, names))
    _seen(district, store, wish)
    _history(district, store, wish, units)


def _seen(district: District, store: Store, wish: Wish) -> None:
    """Draw what the public is told of it now."""
    try:
        public = browsing.public_wish(store, district.id, wish.id)
    except InputError:
        shell.notes([t("wishes.unseen")])
        return
    place = "" if public.lon is not None or wish.lon is None else t("wishes.place_withheld")
    line = wish_words.public_line(district, public, ())
    shell.preview(t("wishes.seen"), public.text, [line, place])


def _history(district: District, store: Store, wish: Wish, units: Mapping[int, Unit]) -> None:
    with st.expander(t("wishes.history")):
        lines = [
            wish_words.event_line(district, event, units)
            for event in recording.history(store, wish.id)
        ]
        first = t("wishes.event_first", time=wish_words.moment_text(district, wish.recorded))
        shell.notes([first, *lines])
