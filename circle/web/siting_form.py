"""What is asked for on the page Siting: how many, what is best, where, on what conditions."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import streamlit as st

from circle.i18n import t
from circle.siting.candidates import STATED
from circle.siting.instance import Objective
from circle.web import controls, shell, siting_asked, state
from circle.words import wording

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    import pandas as pd

    from circle.model import District, Question
    from circle.siting.candidates import Candidates
    from circle.study import Study
    from circle.web.siting_jobs import Planned

_ROOMS_BRING = {"part": "bring", "bring": "candidate_rooms"}


def show(study: Study, question: Question, candidates: Candidates | None) -> None:
    """Draw the choices; without candidates those alone that may mend it."""
    district = study.district
    shell.heading(t("siting.asked"))
    goal = Objective(
        controls.select(
            t("siting.objective"),
            siting_asked.OBJECTIVES,
            siting_asked.objective(),
            lambda name: t(f"siting.objective_{name}"),
        )
    )
    if goal is Objective.FEWEST:
        controls.number(t("siting.share"), siting_asked.share(), 1.0, 100.0, 5.0)
    else:
        controls.number(
            t("siting.count"), siting_asked.count(), 1.0, float(siting_asked.MOST_SITES), 1.0
        )
    _sources(district)
    if candidates is None:
        return
    with st.expander(t("siting.conditions"), key="siting:conditions"):
        _conditions(study, question, candidates, goal)


def _sources(district: District) -> None:
    """Draw where one could open, and how to bring rooms where there are none."""
    known = siting_asked.SOURCES if siting_asked.has_register(district) else ("frontage",)
    chosen = controls.segmented(
        t("siting.candidates"),
        known,
        siting_asked.source(district),
        lambda name: t(f"siting.source_{name}"),
        titled=True,
    )
    if chosen == "frontage":
        least, most = siting_asked.LEAST_EVERY_M, siting_asked.MOST_EVERY_M
        controls.number(t("siting.every"), siting_asked.every(), least, most, 50.0)
    if not siting_asked.has_register(district):
        shell.notes([t("siting.no_rooms")])
        if st.button(t("siting.bring"), key="siting:bring", icon=":material/upload_file:"):
            st.switch_page("pages/data.py", query_params=_ROOMS_BRING)


def _conditions(study: Study, question: Question, candidates: Candidates, goal: Objective) -> None:
    controls.number(t("siting.spacing"), siting_asked.spacing(), 0.0, siting_asked.MOST_M, 50.0)
    if not candidates.new_frontage:
        controls.number(
            t("siting.floor_area"), siting_asked.floor_area(), 0.0, siting_asked.MOST_AREA_M2, 10.0
        )
    _budget()
    controls.toggle(t("siting.protected"), siting_asked.protected())
    controls.toggle(t("siting.never_widened"), siting_asked.never_widened())
    if goal is Objective.COVERAGE:
        controls.toggle(t("siting.seats"), siting_asked.seats())
    there = _names(study.district.facilities, siting_asked.existing_ids(study, question))
    new = _names(candidates.table, tuple(candidates.table["id"]))
    _some("siting.may_close", siting_asked.may_close(there), there)
    _some("siting.must", siting_asked.must(new), new)
    _some("siting.must_not", siting_asked.must_not(new), new)
    shell.notes([t("siting.named_note", most=siting_asked.MOST_NAMED)])


def _budget() -> None:
    st.number_input(
        t("siting.budget"),
        min_value=0.0,
        max_value=siting_asked.MOST_BUDGET,
        value=None,
        step=10.0,
        format="%g",
        placeholder=t("siting.budget_none"),
        **state.tied(siting_asked.budget()),
    )


def _some(label: str, param: state.Param[tuple[str, ...]], names: Mapping[str, str]) -> None:
    st.multiselect(
        t(label),
        tuple(names),
        format_func=lambda name: names.get(name, name),
        placeholder=t("siting.nothing_named"),
        max_selections=siting_asked.MOST_NAMED,
        **state.tied(param),
    )


def _names(table: pd.DataFrame, ids: tuple[str, ...]) -> dict[str, str]:
    """Return what some places are called in a list, each by its id."""
    rows = {str(row["id"]): row for row in table.to_dict("records")}
    return {name: _label(rows[name]) for name in ids}


def _label(row: Mapping[Hashable, Any]) -> str:
    parts = [wording.name_of({str(name): value for name, value in row.items()}), str(row["id"])]
    return " · ".join(dict.fromkeys(part for part in parts if part))


def picked(
    study: Study, question: Question, candidates: Candidates, planned: Planned | None
) -> None:
    """Draw the site that was picked on the map or in the list, and what may be asked of it."""
    there = siting_asked.existing_ids(study, question)
    new = tuple(candidates.table["id"])
    name = state.value(siting_asked.picked((*there, *new)))
    if not name:
        shell.notes([t("siting.pick_hint")])
        return
    is_new = name in new
    table = candidates.table if is_new else study.district.facilities
    row = next(row for row in table.to_dict("records") if str(row["id"]) == name)
    told = [(t("siting.candidate" if is_new else "siting.existing"), _label(row))]
    if is_new and not candidates.new_frontage:
        told += _stated(row)
    if is_new and row["protected"]:
        told.append((t("siting.col_protected"), t("siting.yes")))
    shell.facts([*told, *_road(name, planned)])
    with st.container(horizontal=True):
        if is_new:
            _act("must", siting_asked.must(new), name, siting_asked.must_not(new))
            _act("must_not", siting_asked.must_not(new), name, siting_asked.must(new))
        else:
            _act("may_close", siting_asked.may_close(there), name)
        none = siting_asked.picked((*there, *new))
        st.button(t("siting.unpick"), key="siting:unpick", on_click=state.put, args=(none, ""))


def _stated(row: Mapping[Hashable, Any]) -> list[tuple[str, str]]:
    """Return what a register states of a room."""
    told = []
    if row["address"] and row["address"] != row["name"]:
        told.append((t("siting.col_address"), str(row["address"])))
    for key in ("floor_area_m2", "cost"):
        text = t("unit.not_known") if math.isnan(row[key]) else f"{row[key]:,g}"
        told.append((t(f"siting.col_{key}"), text))
    told += [(t(f"siting.col_{key}"), str(row[key])) for key in STATED if row[key]]
    if row["storeys"] > 0:
        told.append((t("siting.col_storeys"), f"{row['storeys']:g}"))
    return told


def _road(site: str, planned: Planned | None) -> list[tuple[str, str]]:
    """Return that a site is on a road never to be widened; nothing where it is not."""
    if planned is None:
        return []
    sites = planned.task.instance.sites
    bound = sites.never_widened[sites.ids.index(site)]
    return [(t("siting.widened_street"), t("siting.widened_yes"))] if bound else []


def _act(
    name: str,
    param: state.Param[tuple[str, ...]],
    site: str,
    other: state.Param[tuple[str, ...]] | None = None,
) -> None:
    """Draw the button that asks something of a site, or asks it no more."""
    asked = state.value(param)
    is_asked = site in asked
    st.button(
        t(f"siting.{'no_' if is_asked else ''}{name}_act"),
        key=f"siting:{name}",
        disabled=not is_asked and len(asked) >= siting_asked.MOST_NAMED,
        on_click=_toggle,
        args=(param, site, other),
    )


def _toggle(
    param: state.Param[tuple[str, ...]], site: str, other: state.Param[tuple[str, ...]] | None
) -> None:
    asked = state.value(param)
    state.put(param, _but(asked, site) if site in asked else (*asked, site))
    if other is not None:
        state.put(other, _but(state.value(other), site))


def _but(ids: tuple[str, ...], site: str) -> tuple[str, ...]:
    return tuple(each for each in ids if each != site)
