"""The units that take wishes up; how to reach one is for those who act, and kept apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from circle.i18n import t
from circle.store import opened
from circle.web import shell, state
from circle.web import wishes_state as view
from circle.wishes import answers
from circle.wishes.nouns import UnitKind
from circle.wishes.tables import LONGEST_CONTACT, LONGEST_NAME
from circle.words import wording

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circle.model import District
    from circle.store import Store
    from circle.wishes.nouns import Unit

_NAME, _KIND, _CONTACT = "unit:name", "unit:kind", "unit:contact"


def show(district: District) -> None:
    """Draw the part of the page."""
    store = opened()
    units = answers.units(store, district.id)
    shell.answer(
        wording.marked(t("wishes.units_n", n=len(units)) if units else t("wishes.no_units"))
    )
    left, right = st.columns([3, 2], gap="large")
    with left:
        _list(store, units)
    with right:
        if view.may_act():
            _form(district)
        else:
            shell.notes([t("wishes.read_only")])


def _list(store: Store, units: Sequence[Unit]) -> None:
    for unit in units:
        contact = answers.contact(store, unit.id) if view.may_act() else ""
        row = shell.Row(unit.name, t(f"wishes.unit.{unit.kind.value}"), "", more=contact)
        shell.pick_row(row, t("wishes.unit_wishes", name=unit.name), key=f"unit-{unit.id}",
                       on_click=_wishes_of, args=(unit, units))  # fmt: skip


def _wishes_of(unit: Unit, units: Sequence[Unit]) -> None:
    state.put(view.part(), "wishes")
    state.put(view.wish(), None)
    view.look_at(view.unit(each.id for each in units), str(unit.id))


def _form(district: District) -> None:
    shell.heading(t("wishes.unit_add"))
    st.text_input(t("wishes.unit_name"), key=_NAME, max_chars=LONGEST_NAME)
    st.segmented_control(
        t("wishes.unit_kind"), [each.value for each in UnitKind],
        format_func=lambda name: t(f"wishes.unit.{name}"), key=_KIND,
    )  # fmt: skip
    st.text_input(t("wishes.unit_contact"), key=_CONTACT, max_chars=LONGEST_CONTACT)
    shell.notes([t("wishes.unit_contact_note")])
    st.button(
        t("wishes.unit_send"), key="unit:send", type="primary", on_click=_send, args=(district,)
    )


def _send(district: District) -> None:
    def write() -> view.Said:
        kind = st.session_state.get(_KIND)
        unit = answers.add_unit(
            opened(),
            district.id,
            str(st.session_state.get(_NAME, "")),
            UnitKind(kind) if kind in set(UnitKind) else UnitKind.UNIT,
            contact=str(st.session_state.get(_CONTACT, "")),
            by=view.author(),
        )
        st.session_state.update({_NAME: "", _CONTACT: "", _KIND: None})
        return view.Said(t("wishes.unit_done", name=unit.name))

    view.act(write)
