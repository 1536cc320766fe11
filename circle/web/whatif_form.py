"""Edits of a scenario on its page: the place that is picked, the short menu, the list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from circle import scenario
from circle.errors import DataError
from circle.i18n import in_language, language, t
from circle.load import finding_text
from circle.places.facilities import coverable_kinds
from circle.scenario.reading import LARGEST_KB
from circle.web import controls, downloads, params, shell, state, uploads, whatif_plan
from circle.words import changed, wording

if TYPE_CHECKING:
    from collections.abc import Callable

    from circle.model import District, Finding
    from circle.web.map_view import Click

AT_POINT = ("add_facility", "add_link", "shut_gate", "set_steps", "add_residents")
OF_FACILITY = ("move_facility", "close_facility", "reopen_facility", "set_capacity", "set_hours")
ACTS = (*AT_POINT, *OF_FACILITY)
_TO = "whatif:link_to"
_TAKEN = "whatif:file_taken"


def act() -> state.Param[str]:
    """Return what the menu says to do."""
    return state.choice("edit", ACTS)


def take_click(district: District, click: Click) -> None:
    """Pick what was clicked: a facility, a gap zone, or the place."""
    if click.layer == "gap":
        state.toggle(params.gap(), click.id)
    elif click.layer == "facility":
        state.put(params.to(district), click.id)
        if state.value(act()) not in OF_FACILITY:
            state.put(act(), "close_facility")
    else:
        state.put(params.point(), (round(click.lon, 6), round(click.lat, 6)))
        if state.value(act()) in set(OF_FACILITY) - {"move_facility"}:
            state.put(act(), ACTS[0])


def show(district: District) -> None:
    """Draw the edits that there are, and the menu for one more."""
    shell.heading(t("whatif.edits"))
    _listed(district)
    _steps()
    shell.heading(t("whatif.add_title"))
    shell.notes([t("whatif.hint")])
    _menu(district)
    _file(district)


def _listed(district: District) -> None:
    plan = whatif_plan.work().plan
    if not plan.edits:
        shell.notes([t("whatif.none_yet")])
    faults: dict[int | None, list[Finding]] = {}
    for fault in whatif_plan.faults_of(district, plan):
        faults.setdefault(fault.row, []).append(fault)
    for place, edit in enumerate(plan.edits):
        line = changed.edit_line(district, edit)
        of_edit = faults.get(place + 1, [])
        shell.pick_row(
            shell.Row(
                line, edit.reason, t("whatif.remove"), rank=place + 1, alarming=bool(of_edit)
            ),
            t("whatif.remove_edit", line=line),
            key=f"edit-{place}",
            on_click=whatif_plan.remove,
            args=(place,),
        )
        for fault in of_edit:
            st.warning(shell.escaped_markdown(finding_text(fault)))


def _steps() -> None:
    kept = whatif_plan.work()
    with st.container(horizontal=True):
        for name, steps, act_on in (
            ("undo", kept.before, whatif_plan.undo),
            ("redo", kept.undone, whatif_plan.redo),
        ):
            st.button(
                t(f"whatif.{name}"), key=f"whatif:{name}", disabled=not steps, on_click=act_on
            )


def _menu(district: District) -> None:
    chosen = controls.select(t("whatif.act_title"), ACTS, act(), lambda a: t(f"whatif.act.{a}"))
    for fault in whatif_plan.work().refused:
        st.warning(shell.escaped_markdown(finding_text(fault)))
    if chosen in OF_FACILITY and not _facility(district):
        return
    with st.form(f"whatif-{chosen}", border=False):
        edit: dict[str, Any] = {"edit": chosen}
        if chosen in AT_POINT or chosen == "move_facility":
            _place("whatif.at", chosen, state.value(params.point()))
        if chosen == "add_link":
            _place("whatif.to", f"{chosen}:to", st.session_state.get(_TO))
        if chosen in _FIELDS:
            _FIELDS[chosen](district)
        st.text_input(t("whatif.reason"), max_chars=400, key=f"whatif:{chosen}:reason")
        st.form_submit_button(
            t("whatif.add"),
            type="primary",
            on_click=in_language(language())(_sent),
            args=(district, edit),
            width="stretch",
        )
    if chosen == "add_link":
        st.button(t("whatif.keep_end"), key="whatif:keep_end", on_click=_keep_end)


def _facility(district: District) -> str:
    table = district.facilities
    names = {str(row["id"]): row for _, row in table.iterrows()}
    if not names:
        shell.notes([t("whatif.no_facility")])
        return ""
    chosen = state.value(params.to(district))
    if not chosen:
        state.put(params.to(district), next(iter(names)))
    return controls.select(
        t("whatif.facility"),
        tuple(names),
        params.to(district),
        lambda name: (
            f"{wording.name_of(names[name])} · {district.kinds[str(names[name]['kind'])].name}"
        ),
    )


def _place(label: str, name: str, at: tuple[float, float] | None) -> None:
    """Draw a place that a click fills in, and that may be typed."""
    key, written = f"whatif:{name}:at", state.write_lonlat(at)
    if st.session_state.get(f"{key}:was") != written:
        st.session_state[key] = st.session_state[f"{key}:was"] = written
    st.text_input(t(label), key=key, placeholder=t("whatif.at_hint"), max_chars=60)


def _keep_end() -> None:
    """Take the place that is picked for the link's other end; the next click is its start."""
    st.session_state[_TO] = state.value(params.point())


def _kind_fields(district: District) -> None:
    asked = state.value(params.kind(district))
    if st.session_state.get("whatif:kind_asked") != asked:
        st.session_state["whatif:kind_asked"] = asked
        st.session_state["whatif:add_facility:kind"] = asked
    st.selectbox(
        t("coverage.kind"),
        coverable_kinds(district),
        format_func=lambda name: str(district.kinds[name].name),
        key="whatif:add_facility:kind",
    )
    st.text_input(t("whatif.name"), max_chars=200, key="whatif:add_facility:name")
    st.text_input(t("whatif.capacity"), max_chars=80, key="whatif:add_facility:capacity")


def _number(label: str, key: str, value: int) -> None:
    st.number_input(t(label), min_value=0, max_value=100_000, value=value, step=10, key=key)


def _steps_field(chosen: str) -> Callable[[District], None]:
    def draw(_: District) -> None:
        st.checkbox(t("whatif.level"), value=True, key=f"whatif:{chosen}:level")
        _number("whatif.steps_count", f"whatif:{chosen}:steps", 0)

    return draw


_FIELDS: dict[str, Callable[[District], object]] = {
    "add_facility": _kind_fields,
    "add_link": _steps_field("add_link"),
    "set_steps": _steps_field("set_steps"),
    "add_residents": lambda _: _number("whatif.residents", "whatif:add_residents:residents", 500),
    "set_capacity": lambda _: st.text_input(
        t("whatif.capacity"), max_chars=80, key="whatif:set_capacity:capacity"
    ),
    "set_hours": lambda _: st.text_input(
        t("whatif.hours"), max_chars=400, key="whatif:set_hours:hours"
    ),
}


def _sent(district: District, edit: dict[str, Any]) -> None:
    """Add the edit that the form says."""
    chosen = edit["edit"]

    def typed(name: str) -> Any:  # noqa: ANN401 - a widget's value, checked by the scenario's model
        return st.session_state.get(f"whatif:{chosen}:{name}")

    whole = edit | {"reason": typed("reason") or ""}
    if chosen in OF_FACILITY:
        whole["id"] = state.value(params.to(district))
    if chosen in AT_POINT or chosen == "move_facility":
        whole |= _degrees(typed("at"))
    if chosen == "add_link":
        whole |= {f"{name}_to": value for name, value in _degrees(typed("to:at")).items()}
    if chosen in {"add_link", "set_steps"}:
        whole["steps"] = -1 if typed("level") else int(typed("steps") or 0)
    if chosen == "add_facility":
        kind = str(typed("kind"))
        name = typed("name") or t("whatif.new_name", kind=district.kinds[kind].name)
        whole |= {"id": _new_id(district), "kind": kind, "name": name}
        whole["capacity"] = typed("capacity") or ""
    for name in ("capacity", "hours", "residents"):
        if chosen in {f"set_{name}", f"add_{name}"}:
            whole[name] = typed(name)
    whatif_plan.add(district, whole)


def _degrees(typed: object) -> dict[str, float | None]:
    """Return a place as it was typed; without one, nothing that a scenario would take."""
    try:
        lon, lat = state.lonlat(str(typed or "").replace("，", ","))
    except ValueError:
        return {"lon": None, "lat": None}
    return {"lon": lon, "lat": lat}


def _new_id(district: District) -> str:
    edits = whatif_plan.work().plan.edits
    taken = {*district.facilities["id"].astype(str), *(getattr(edit, "id", "") for edit in edits)}
    return next(name for n in range(1, len(taken) + 2) if (name := f"new-{n}") not in taken)


def _file(district: District) -> None:
    """Offer the scenario as a file, and take one."""
    shell.heading(t("whatif.file_title"))
    plan = whatif_plan.work().plan.model_copy(update={"base": district.base_id})
    downloads.button(
        t("whatif.save"),
        downloads.made_later(lambda: scenario.dump_plan(plan)),
        f"{t('whatif.file')}.json",
        "application/json",
    )
    uploads.allow()
    sent = st.file_uploader(t("whatif.open"), type="json", max_upload_size=1, key="whatif:file")
    if sent is None:
        st.session_state.pop(_TAKEN, None)
    elif st.session_state.get(_TAKEN) != sent.file_id:
        st.session_state[_TAKEN] = sent.file_id
        if sent.size > LARGEST_KB * 1000:
            raise DataError("whatif_large", file=sent.name, kb=LARGEST_KB)
        whatif_plan.open_file(sent.getvalue(), sent.name)
        st.rerun()
