"""Why a plan of sites is as it is: what each does, what conditions cost, who is left, how many."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from circle.i18n import t
from circle.siting import explain
from circle.siting.instance import Objective
from circle.siting.reading import at_least
from circle.web import charts, downloads, shell, siting_jobs
from circle.words import site_tables

if TYPE_CHECKING:
    import pandas as pd

    from circle.siting.candidates import Candidates
    from circle.web.siting_jobs import Planned


def show(planned: Planned, candidates: Candidates) -> None:
    """Draw the tables; what has to be solved again is worked out when it is asked for."""
    shell.heading(t("siting.why"))
    if planned.plan.opened:
        _sites(planned, candidates)
    left, right = st.columns(2, gap="large")
    with left:
        _prices(planned)
        _front(planned)
    with right:
        _curve(planned)
        _unserved(planned)


def _sites(planned: Planned, candidates: Candidates) -> None:
    known = {
        name: siting_jobs.told(name, planned) if _applies(name, planned) else None
        for name in ("without", "stays")
    }
    table = site_tables.sites(planned.plan, candidates, known["without"], known["stays"])
    downloads.table(table, file=t("siting.file"))
    lines = [t("siting.sites_note")]
    if (stays := known["stays"]) is not None:
        lines += site_tables.stays_lines(planned.plan, stays)
    shell.notes(lines)
    with st.container(horizontal=True):
        for name, table_of in known.items():
            if table_of is not None or not _applies(name, planned):
                continue
            if siting_jobs.control(name, planned) is not None:
                st.rerun()  # it ended since the table was drawn


def _prices(planned: Planned) -> None:
    table = _worked_out("prices", planned)
    if table is not None:
        shell.table(site_tables.prices(planned.task, table))


def _curve(planned: Planned) -> None:
    table = _worked_out("curve", planned)
    if table is None:
        return
    column, factor, axis = _axis(planned)
    shown = table.assign(shown=table[column] * factor)
    charts.steps(shown[["count", "shown", "elbow"]], (t("siting.col_count"), axis))
    is_bound = at_least(planned.study, planned.asked.question)
    shell.table(site_tables.curve(planned.task, table, at_least=is_bound))


def _axis(planned: Planned) -> tuple[str, float, str]:
    """Return which column of the curve is drawn, times what, and what it is called."""
    asked = planned.asked
    if asked.objective is not Objective.COVERAGE:
        return "value", 1 / 60, t("siting.axis_minutes")
    if asked.seats:
        return "value", 1.0, t("siting.axis_served")
    return "covered", 100.0, t("siting.axis_covered")


def _front(planned: Planned) -> None:
    table = _worked_out("front", planned)
    if table is None:
        return
    shown = table.rename(columns={"cost": "count", "covered": "shown"}).assign(elbow=False)
    axes = (t("siting.col_cost"), t("siting.axis_seniors"))
    charts.steps(shown[["count", "shown", "elbow"]], axes)
    shell.table(site_tables.front(planned.plan, table))


def _worked_out(name: str, planned: Planned) -> pd.DataFrame | None:
    """Draw a part that is worked out when it is asked for; return it once it is there."""
    shell.heading(t(f"siting.title_{name}"))
    if not _applies(name, planned):
        shell.notes([t(f"siting.no_{name}")])
        return None
    shell.notes([t(f"siting.note_{name}")])
    return siting_jobs.control(name, planned)


def _unserved(planned: Planned) -> None:
    """List the residents whom no candidate reaches, by street."""
    shell.heading(t("siting.title_unserved"))
    table = explain.unserved(planned.study.district, planned.task)
    if table.empty:
        shell.notes([t("siting.unserved_none")])
        return
    downloads.table(site_tables.unserved(table), file=t("siting.unserved_file"))


def _applies(name: str, planned: Planned) -> bool:
    return siting_jobs.EXPLAINED[name].applies(planned)
