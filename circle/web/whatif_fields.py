"""What each edit of the menu asks for, and the edit that is made of what was typed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from circle.geo.crs import to_lonlat, to_metric
from circle.i18n import t
from circle.model import AGE_GROUPS
from circle.network.picking import nearest_gate, on_street
from circle.places.facilities import coverable_kinds, usual_unit
from circle.scenario import AddFacility, CloseFacility
from circle.web import params, state, whatif_plan
from circle.words import wording

if TYPE_CHECKING:
    from collections.abc import Callable

    from circle.model import District
    from circle.web.map_view import Click

    Typed = Callable[[str], Any]

CLICK_M = 100.0
"""So far from a street, or a gate, a click still means it."""
ON_STREET = ("add_link", "shut_gate", "open_gate", "set_steps")
OTHER_END = "whatif:other_end"
MENU: dict[str, tuple[str, ...]] = {
    "add_facility": ("at", "kind", "capacity", "hours"),
    "move_facility": ("facility", "at"),
    "close_facility": ("facility", "start", "end"),
    "reopen_facility": ("facility", "start"),
    "set_capacity": ("facility", "capacity"),
    "set_hours": ("facility", "hours"),
    "add_link": ("at", "to", "level"),
    "shut_gate": ("at",),
    "open_gate": ("at",),
    "set_steps": ("at", "level"),
    "add_residents": ("at", "residents"),
    "move_residents": ("at", "to", "around"),
}
"""Each edit, and what it asks for beside its reason."""


@dataclass(frozen=True)
class Field:
    """A part of an edit's form.

    Attributes
    ----------
    draw
        Draws its widgets, whose keys begin with the second argument.
    read
        What it puts into the edit: of the district, of what was typed by the endings of
        those keys, and of the edit so far.
    """

    draw: Callable[[District, str], object]
    read: Callable[[District, Typed, dict[str, Any]], dict[str, Any]]


def key_of(act: str, name: str) -> str:
    """Return the key of a widget of an edit's form."""
    return f"whatif:{act}:{name}"


def draw(district: District, act: str) -> None:
    """Draw what an edit asks for; its facility stands above the form."""
    for name in MENU[act]:
        FIELDS[name].draw(district, act)


def edit_of(district: District, act: str) -> dict[str, Any]:
    """Return the edit that the form says, as in a scenario file; hostile until it is read."""

    def typed(name: str) -> Any:  # noqa: ANN401 - a widget's value, checked by the scenario's model
        return st.session_state.get(key_of(act, name))

    edit: dict[str, Any] = {"edit": act, "reason": typed("reason") or ""}
    for name in MENU[act]:
        edit |= FIELDS[name].read(district, typed, edit)
    return edit


def picked(district: District, act: str, click: Click) -> tuple[float, float]:
    """Return the place that a click means, degrees: an edit of streets is on a street near it."""
    on = {"open_gate": nearest_gate}.get(act, on_street)
    lonlat = np.array([[click.lon, click.lat]])
    if act in ON_STREET:
        xy = to_metric(lonlat[:, 0], lonlat[:, 1], district.crs)[0]
        lonlat = to_lonlat(on(district.network, xy, CLICK_M)[None, :], district.crs)
    return round(float(lonlat[0, 0]), 6), round(float(lonlat[0, 1]), 6)


def forget(act: str) -> None:
    """Empty what was typed, for the next edit; what was picked stays."""
    for name in ("reason", "name", "capacity", "hours", "start", "end", *AGE_GROUPS):
        st.session_state.pop(key_of(act, name), None)


def facilities(district: District, act: str = "") -> dict[str, str]:
    """Return the facilities that an edit may be of, by id, with what they are called.

    Those that the scenario adds are among them; reopened are only those that it closes.
    """
    edits = whatif_plan.work().plan.edits
    named = {
        str(row["id"]): (wording.name_of(row), str(row["kind"]))
        for _, row in district.facilities.iterrows()
    }
    named |= {edit.id: (edit.name, edit.kind) for edit in edits if isinstance(edit, AddFacility)}
    if act == "reopen_facility":
        closed = {edit.id for edit in edits if isinstance(edit, CloseFacility)}
        named = {name: told for name, told in named.items() if name in closed}
    return {
        name: f"{called} · {district.kinds[kind].name if kind in district.kinds else kind}"
        for name, (called, kind) in named.items()
    }


def facility(district: District, act: str = "") -> state.Param[str]:
    """Return which facility the edit is of; "" for none yet."""
    return state.choice(params.to(district).name, tuple(facilities(district, act)), "")


def _kind(district: District, act: str) -> None:
    asked, key = state.value(params.kind(district)), key_of(act, "kind")
    if st.session_state.get("whatif:kind_asked") != asked:
        st.session_state["whatif:kind_asked"] = st.session_state[key] = asked
    st.selectbox(
        t("coverage.kind"),
        coverable_kinds(district),
        format_func=lambda name: str(district.kinds[name].name),
        key=key,
    )
    st.text_input(t("whatif.name"), max_chars=200, key=key_of(act, "name"))


def _kind_read(district: District, typed: Typed, _: dict[str, Any]) -> dict[str, Any]:
    kind = str(typed("kind"))
    known = district.kinds.get(kind)
    taken = facilities(district)
    name = typed("name") or t("whatif.new_name", kind=kind if known is None else known.name)
    new = next(name for n in range(1, len(taken) + 2) if (name := f"new-{n}") not in taken)
    return {"id": new, "kind": kind, "name": name}


def _place(name: str) -> Callable[[District, str], None]:
    def drawn(_: District, act: str) -> None:
        """Draw a place that a click fills in, and that may be typed."""
        kept = st.session_state.get(OTHER_END) if name == "to" else state.value(params.point())
        key, written = key_of(act, name), state.write_lonlat(kept)
        if st.session_state.get(f"{key}:was") != written:
            st.session_state[key] = st.session_state[f"{key}:was"] = written
        label = t(f"whatif.to.{act}") if name == "to" else t("whatif.at")
        st.text_input(
            label,
            key=key,
            placeholder=t("whatif.at_hint"),
            max_chars=60,
        )

    return drawn


def _degrees(name: str, ending: str) -> Callable[[District, Typed, dict[str, Any]], dict[str, Any]]:
    def read(_: District, typed: Typed, __: dict[str, Any]) -> dict[str, Any]:
        """Return a place as it was typed; without one, nothing that a scenario would take."""
        try:
            lon, lat = state.lonlat(str(typed(name) or "").replace("，", ","))
        except ValueError:
            return {f"lon{ending}": None, f"lat{ending}": None}
        return {f"lon{ending}": lon, f"lat{ending}": lat}

    return read


def _facility_read(district: District, _: Typed, edit: dict[str, Any]) -> dict[str, Any]:
    return {"id": state.value(facility(district, edit["edit"]))}


def _capacity_read(district: District, typed: Typed, edit: dict[str, Any]) -> dict[str, Any]:
    """Return the capacity in the unit that it is compared in: the facility's, or its kind's."""
    rows = district.facilities[district.facilities["id"].eq(edit["id"])]
    added = [e for e in whatif_plan.work().plan.edits if isinstance(e, AddFacility)]
    kinds = {e.id: e.kind for e in added} | dict(zip(rows["id"], rows["kind"], strict=True))
    own = "" if rows.empty else str(rows.iloc[0].get("capacity_unit") or "")
    kind = edit.get("kind") or kinds.get(edit["id"], "")
    capacity = typed("capacity") or ""
    unit = (own or usual_unit(district, str(kind))) if capacity else ""
    return {"capacity": capacity, "capacity_unit": unit}


def _text(label: str, name: str, most: int) -> Field:
    return Field(
        lambda _, act: st.text_input(t(label), max_chars=most, key=key_of(act, name)),
        lambda _, typed, __: {name: typed(name) or ""},
    )


def _day(name: str) -> Field:
    return Field(
        lambda _, act: st.date_input(
            t(f"whatif.{name}"), value=None, format="YYYY-MM-DD", key=key_of(act, name)
        ),
        lambda _, typed, __: (
            {name: day.isoformat()} if isinstance(day := typed(name), date) else {}
        ),
    )


def _number(act: str, name: str, value: int | None, high: int = 100_000, low: int = 0) -> None:
    st.number_input(
        t(f"whatif.{name}"), min_value=low, max_value=high, value=value, key=key_of(act, name)
    )


def _level(_: District, act: str) -> None:
    st.checkbox(t("whatif.level"), value=True, key=key_of(act, "level"))
    _number(act, "steps_count", 0, 2000)


def _residents(_: District, act: str) -> None:
    _number(act, "residents", 500)
    st.caption(t("whatif.ages"))
    columns = st.columns(2)
    for place, group in enumerate(AGE_GROUPS):
        with columns[place % 2]:
            st.number_input(
                t(f"group.{group}"),
                min_value=0,
                max_value=100_000,
                value=None,
                key=key_of(act, group),
            )


def _residents_read(_: District, typed: Typed, __: dict[str, Any]) -> dict[str, Any]:
    ages = {group: typed(group) for group in AGE_GROUPS if typed(group) is not None}
    return {"residents": typed("residents"), **ages}


def _around(_: District, act: str) -> None:
    _number(act, "radius_m", 50, 2000, 1)
    _number(act, "share", 100, 100, 1)


FIELDS: dict[str, Field] = {
    "at": Field(_place("at"), _degrees("at", "")),
    "to": Field(_place("to"), _degrees("to", "_to")),
    "facility": Field(lambda _, __: None, _facility_read),
    "kind": Field(_kind, _kind_read),
    "capacity": Field(_text("whatif.capacity", "capacity", 80).draw, _capacity_read),
    "hours": _text("whatif.hours", "hours", 400),
    "start": _day("start"),
    "end": _day("end"),
    "level": Field(
        _level,
        lambda _, typed, __: {"steps": -1 if typed("level") else int(typed("steps_count") or 0)},
    ),
    "residents": Field(_residents, _residents_read),
    "around": Field(
        _around,
        lambda _, typed, __: {"radius_m": typed("radius_m"), "share": (typed("share") or 0) / 100},
    ),
}
