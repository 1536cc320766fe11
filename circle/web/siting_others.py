"""Beside the plan: what is lost if one closes, and who has a seat or a delivery."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from circle.errors import InputError
from circle.i18n import t
from circle.model import NoData
from circle.siting.allocation import ROUND, allocation_of
from circle.web import coverage_page, downloads, memo, params, shell, state
from circle.words import site_tables, wording
from circle.words import siting as words

if TYPE_CHECKING:
    from circle.model import Question
    from circle.siting.allocation import Served
    from circle.study import Study


def show(question: Question) -> None:
    """Draw both, each worked out when it is opened."""
    study = memo.study()
    with st.expander(t("siting.closing"), key="siting:closing", on_change="rerun") as box:
        if box.open:
            _closing(study, question)
    with st.expander(t("siting.allocation"), key="siting:allocation", on_change="rerun") as box:
        if box.open:
            _allocation(study, question)
    downloads.sources(study.district)


def _closing(study: Study, question: Question) -> None:
    """Rank the facilities by what is lost without each: of this kind, or of every service."""
    every = params.flag("every_kind", default=False)
    st.toggle(t("siting.closing_every"), **state.tied(every))
    asked = memo.services(study, question) if state.value(every) else (question,)
    with st.spinner(t("siting.loading"), show_time=False):
        answers = {each.kind: study.closing(each) for each in asked}
    known = {kind: table for kind, table in answers.items() if table is not None and len(table)}
    missing = [str(study.district.kinds[kind].name) for kind in answers if kind not in known]
    if known:
        table = site_tables.closing(known, study.district.kinds)
        downloads.table(table, file=t("siting.closing_file"))
    lines = [t("siting.closing_note")] if known else []
    if missing:
        lines.append(t("siting.closing_missing", names=wording.listed(missing)))
    if any(_is_bound(study, each) for each in asked):
        lines.append(t("siting.closing_bound"))
    shell.notes(lines)


def _is_bound(study: Study, question: Question) -> bool:
    answer = study.coverage(question)
    return not isinstance(answer, NoData) and answer.at_least


def _uptake() -> state.Param[float]:
    return state.Param("uptake", state.number(1, 100), state.write_number, 100.0)


def _allocation(study: Study, question: Question) -> None:
    """Draw who is served by what, and what one more seat or round is worth."""
    st.number_input(
        t("siting.uptake"),
        min_value=1.0,
        max_value=100.0,
        step=5.0,
        format="%g",
        **state.tied(_uptake()),
    )
    group = state.value(coverage_page.group_param(study.district))
    try:
        served = _served(study, question, group, state.value(_uptake()) / 100)
    except InputError as error:
        shell.notes([error.message()])
        return
    lines = words.allocation_lines(served, group)
    shell.notes(lines[: 2 if served.left_out else 1])
    downloads.table(site_tables.allocation(served), file=t("siting.allocation_file"))
    shell.notes([t("siting.allocation_note", round=ROUND)])


def _served(study: Study, question: Question, group: str, uptake: float) -> Served:
    key = (study.district.scenario_id, "siting_served", (question, group, uptake))
    return study.memo.get(key, lambda: allocation_of(study, question, group=group, uptake=uptake))
