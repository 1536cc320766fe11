"""Seats and deliveries together: who is served by what, today and with the plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from circle import scenario
from circle.errors import InputError
from circle.i18n import t
from circle.scenario.edits import LONGEST_UNIT, AddFacility
from circle.siting.allocation import ROUND, allocation_of
from circle.web import controls, coverage_page, downloads, memo, shell, siting_files, state
from circle.words import site_tables
from circle.words import siting as words

if TYPE_CHECKING:
    from circle.model import Question
    from circle.siting.allocation import Served
    from circle.siting.candidates import Candidates
    from circle.study import Study
    from circle.web.siting_jobs import Planned

STATES = ("today", "plan")
_MOST_SEATS = 10_000.0


def show(study: Study, question: Question, planned: Planned | None, candidates: Candidates) -> None:
    """Draw who is served by what, worked out when it is opened."""
    with st.expander(t("siting.allocation"), key="siting:allocation", on_change="rerun") as box:
        if not box.open:
            return
        if planned is not None:
            controls.segmented(
                t("siting.allocation_of"),
                STATES,
                _state(),
                lambda name: t(f"siting.allocation_{name}"),
                titled=True,
            )
        controls.number(t("siting.uptake"), _uptake(), 1.0, 100.0, 5.0)
        if planned is not None and state.value(_state()) == "plan":
            controls.number(t("siting.new_seats"), _new_seats(), 0.0, _MOST_SEATS, 50.0)
        _told(study, question, planned, candidates)


def served(
    study: Study, question: Question, planned: Planned | None, candidates: Candidates
) -> Served:
    """Return who is served by what, today or with the plan, as the address asks.

    Raises
    ------
    InputError
        When no facility states how many it can serve.
    """
    if planned is not None and state.value(_state()) == "plan":
        study = _with_plan(planned, candidates)
    group = state.value(coverage_page.group_param(study.district))
    uptake = state.value(_uptake()) / 100
    key = (study.district.scenario_id, "siting_served", (question, group, uptake))
    return study.memo.get(key, lambda: allocation_of(study, question, group=group, uptake=uptake))


def _state() -> state.Param[str]:
    return state.choice("served", STATES)


def _uptake() -> state.Param[float]:
    return state.Param("uptake", state.number(1, 100), state.write_number, 100.0)


def _new_seats() -> state.Param[float]:
    return state.Param("new_seats", state.number(0, _MOST_SEATS), state.write_number, 0.0)


def _with_plan(planned: Planned, candidates: Candidates) -> Study:
    """Return the study with the plan laid over it; new sites of unknown seats have those typed."""
    plan = siting_files.as_scenario(planned, candidates)
    seats = state.value(_new_seats())
    if seats:
        unit = planned.study.capacity(planned.asked.question).unit[:LONGEST_UNIT]
        stated = {"capacity": f"{seats:g}", "capacity_unit": unit}
        edits = tuple(
            each.model_copy(update=stated)
            if isinstance(each, AddFacility) and not each.capacity
            else each
            for each in plan.edits
        )
        plan = plan.model_copy(update={"edits": edits})
    return memo.study(scenario.resolved(planned.study.district, scenario.plan_of(plan)))


def _told(
    study: Study, question: Question, planned: Planned | None, candidates: Candidates
) -> None:
    try:
        with st.spinner(t("siting.loading"), show_time=False):
            allocated = served(study, question, planned, candidates)
    except InputError as error:
        shell.notes([error.message()])
        return
    group = state.value(coverage_page.group_param(study.district))
    lines = words.allocation_lines(allocated, group)
    shell.notes(lines[: 2 if allocated.left_out else 1])
    downloads.table(site_tables.allocation(allocated), file=t("siting.allocation_file"))
    shell.heading(t("siting.allocation_areas"))
    by_area = site_tables.served_areas(study.district, allocated)
    downloads.table(by_area, file=t("siting.allocation_areas_file"))
    shell.notes([t("siting.allocation_note", round=ROUND)])
