"""Edits of a scenario on its page: the place that is picked, the short menu, the list."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from circle import scenario
from circle.errors import DataError
from circle.geo.crs import to_lonlat
from circle.i18n import in_language, language, t
from circle.load import fault_text
from circle.network.picking import shut_gates
from circle.scenario.reading import LARGEST_KB
from circle.web import (
    controls,
    downloads,
    params,
    shell,
    state,
    uploads,
    whatif_fields,
    whatif_plan,
)
from circle.web.whatif_fields import MENU, key_of
from circle.words import changed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from circle.model import District, Finding
    from circle.scenario import Edit
    from circle.web.map_view import Click

ACTS = tuple(whatif_fields.MENU)
MOST_GATES = 200
_DAY, _TAKEN = "whatif:day", "whatif:file_taken"


def act() -> state.Param[str]:
    """Return what the menu says to do."""
    return state.choice("edit", ACTS)


def take_click(district: District, click: Click) -> None:
    """Pick what was clicked: a facility, or else the place, in a gap zone too."""
    asked = MENU[state.value(act())]
    if click.layer == "facility":
        state.put(whatif_fields.facility(district), click.id)
        if "facility" not in asked:
            state.put(act(), "close_facility")
    else:
        if "at" not in asked:
            state.put(act(), ACTS[0])
        state.put(params.point(), whatif_fields.picked(district, state.value(act()), click))


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
            st.warning(shell.escaped_markdown(fault_text(fault)))
    if plan.day is not None or any(_for_a_time(edit) for edit in plan.edits):
        st.session_state[_DAY] = plan.day
        st.date_input(
            t("whatif.day"),
            format="YYYY-MM-DD",
            key=_DAY,
            help=t("whatif.day_help"),
            on_change=lambda: whatif_plan.set_day(st.session_state[_DAY]),
        )


def _for_a_time(edit: Edit) -> bool:
    return bool(getattr(edit, "start", None) or getattr(edit, "end", None))


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
        st.warning(shell.escaped_markdown(fault_text(fault)))
    if "facility" in MENU[chosen] and not _facility(district, chosen):
        return
    if chosen == "open_gate":
        count = len(shut_gates(district.network))
        shell.notes([t("whatif.gates" if count else "whatif.no_gates", n=count)])
    with st.form(f"whatif-{chosen}", border=False):
        whatif_fields.draw(district, chosen)
        st.text_input(t("whatif.reason"), max_chars=400, key=key_of(chosen, "reason"))
        st.form_submit_button(
            t("whatif.add"),
            type="primary",
            on_click=in_language(language())(_sent),
            args=(district, chosen),
            width="stretch",
        )
    if "to" in MENU[chosen]:
        st.button(t("whatif.keep_end"), key="whatif:keep_end", on_click=_keep_end)


def _facility(district: District, chosen: str) -> str:
    """Draw the choice of a facility; the first where none is chosen."""
    names = whatif_fields.facilities(district, chosen)
    if not names:
        none = "none_closed" if chosen == "reopen_facility" else "no_facility"
        shell.notes([t(f"whatif.{none}")])
        return ""
    param = whatif_fields.facility(district, chosen)
    if not state.value(param):
        state.put(param, next(iter(names)))
    return controls.select(t("whatif.facility"), tuple(names), param, names.__getitem__)


def _keep_end() -> None:
    """Take the place that is picked for the other end; the next click is where it begins."""
    st.session_state[whatif_fields.OTHER_END] = state.value(params.point())


def _sent(district: District, chosen: str) -> None:
    """Add the edit that the form says."""
    edit = whatif_fields.edit_of(district, chosen)
    if None in {edit.get(name, 0) for name in ("lon", "lon_to")}:
        whatif_plan.refuse("scenario_place")
    elif whatif_plan.add(district, edit):
        whatif_fields.forget(chosen)


def picked(district: District) -> Iterator[tuple[tuple[float, float], str]]:
    """Yield the places that the menu speaks of, degrees, each with its sign."""
    asked = state.value(act())
    if asked == "open_gate":
        gates = shut_gates(district.network)[:MOST_GATES, 0]
        for lon, lat in to_lonlat(district.network.node_xy[gates], district.crs).tolist():
            yield (lon, lat), "×"
    other = st.session_state.get(whatif_fields.OTHER_END)
    if "to" in MENU[asked] and other is not None:
        yield other, "→"
    if (at := state.value(params.point())) is not None:
        yield at, "+"


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
