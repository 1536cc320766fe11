"""Beside the plan: what is lost if one closes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from circle.i18n import t
from circle.model import NoData
from circle.web import downloads, memo, params, shell, state
from circle.words import site_tables, wording

if TYPE_CHECKING:
    from circle.model import Question
    from circle.study import Study


def show(question: Question) -> None:
    """Draw the ranking, worked out when it is opened, and where the data are from."""
    study = memo.study()
    with st.expander(t("siting.closing"), key="siting:closing", on_change="rerun") as box:
        if box.open:
            _closing(study, question)
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
