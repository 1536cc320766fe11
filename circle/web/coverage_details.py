"""The lower half of the Coverage page: one part at a time, chosen by link."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import streamlit as st

from circle.demand import figure_in
from circle.i18n import rounding, t
from circle.measures import equity, heritage
from circle.measures.completeness import lacking, service_names
from circle.measures.gaps import FEW_RESIDENTS, by_size
from circle.model import CAP_MINUTES, WHOLE, NoData
from circle.places.facilities import service_name
from circle.web import (
    controls,
    coverage_measures,
    coverage_wishes,
    downloads,
    memo,
    shell,
    state,
)
from circle.words import tables, wording

if TYPE_CHECKING:
    from collections.abc import Callable

    from circle.model import Coverage, District, Gap, Question
    from circle.study import Study

VIEWS = ("areas", "spread", "together", "capacity", "heritage", "circles", "zones", "wishes")
_FILE = "coverage.file"


def view() -> state.Param[str]:
    """Return which part is shown."""
    return state.choice("view", VIEWS)


def show(
    study: Study,
    question: Question,
    coverage: Coverage,
    zones: tuple[Gap, ...],
    group: str,
) -> None:
    """Draw the choice of parts and the chosen one."""
    chosen = controls.segmented(
        t("details.choose"), VIEWS, view(), lambda name: t(f"details.{name}")
    )
    parts: dict[str, Callable[[], None]] = {
        "areas": lambda: _areas(study, question, coverage, group),
        "spread": lambda: _spread(study, question, coverage, group),
        "together": lambda: _together(study, question, group),
        "capacity": lambda: _capacity(study, question),
        "heritage": lambda: _heritage(study, question, coverage, group),
        "circles": lambda: _circles(study, question, group),
        "zones": lambda: _zones(study.district, coverage, zones),
        "wishes": lambda: coverage_wishes.section(study, question, zones),
    }
    parts[chosen]()


def _areas(study: Study, question: Question, coverage: Coverage, group: str) -> None:
    """Compare services and areas; then the chosen kind by area and age."""
    district = study.district
    names, rates, said = wording.area_names(district), {}, {}
    for service in map(study.coverage, memo.services(study, question)):
        if isinstance(service, NoData):
            continue
        name, there = str(service_name(district, service.question)), set(service.table["area"])
        rates[name] = {
            label: float(figure_in(service.table, group, area)["rate"])
            for area, label in names.items()
            if area in there
        }
        said[name] = {label: wording.share(service, rate) for label, rate in rates[name].items()}
    shell.heading(t("details.matrix", group=t(f"group_of.{group}")))
    words, shares = (pd.DataFrame.from_dict(table, orient="index") for table in (said, rates))
    shell.matrix(words.fillna(""), shares)
    shell.heading(t("coverage.table_title"))
    level = _level(district)
    downloads.table(tables.coverage(district, coverage, level), file=_file(coverage, level))


def _level(district: District) -> str:
    """Draw the choice of a level, where the district has others than its areas; return it."""
    levels = tuple(name for name in district.levels if district.levels[name])
    param = state.choice("level", levels, "area")
    if len(levels) <= 1:
        return state.value(param)
    return controls.segmented(
        t("details.level"), levels, param, lambda name: t(f"details.level_{name}"), titled=True
    )


def _spread(study: Study, question: Question, coverage: Coverage, group: str) -> None:
    """Show how minutes are spread over residents, and how evenly."""
    from circle.web import charts  # noqa: PLC0415 - its library is large, and for this part alone

    district, spread = study.district, study.spread(question)
    if spread is None:
        return
    row = figure_in(spread.table, group)
    shell.figures(
        [
            (rounding.fixed(row["mean"], 1), t("details.mean_minutes")),
            (rounding.fixed(row["gini"], 3), t("details.gini")),
            (rounding.fixed(row["palma"], 2), t("details.palma")),
        ]
    )
    left, right = st.columns(2)
    demand = tables.people(district, group)
    with left:
        shell.heading(t("details.histogram", group=t(f"group_of.{group}")))
        charts.histogram(spread.value[demand.rows], demand.count, coverage.minutes)
    with right:
        shell.heading(t("details.lorenz"))
        charts.lorenz(equity.curve(district, spread, group))
    notes = [t("details.equity_cap", cap=f"{CAP_MINUTES:g}"), t("details.equity_note")]
    if coverage.at_least:
        notes.append(t("details.equity_partial", kind=district.kinds[coverage.kind].name))
    shell.notes(notes)
    downloads.table(tables.spread(district, spread), file=_file(coverage, "equity"))


def _together(study: Study, question: Question, group: str) -> None:
    """Show who has all services of the standard within reach, and who lacks which."""
    district = study.district
    provision = study.together(memo.services(study, question))
    names = [str(name) for name in service_names(district, provision)]
    basis = coverage_measures.basis_of(question)
    if provision.table is None:
        shell.notes([t("completeness.none")])
        return
    shell.answer(wording.marked(wording.together_sentence(provision, group, basis)))
    shell.notes(coverage_measures.services_notes(district, provision))
    table = lacking(district, provision)
    file = f"{t(_FILE)}-services"
    downloads.table(tables.provision(district, provision, table, names), file=file)
    shell.heading(t("details.places"))
    downloads.table(tables.places(district, provision, table, names), file=f"{file}-places")


def _capacity(study: Study, question: Question) -> None:
    """Show how much capacity each resident has within reach."""
    district, capacity = study.district, study.capacity(question)
    if not capacity.is_known:
        shell.notes([wording.capacity_missing(district, capacity)])
        return
    shell.notes(coverage_measures.capacity_notes(capacity))
    downloads.table(tables.capacity(district, capacity), file=f"{t(_FILE)}-capacity")


def _heritage(study: Study, question: Question, coverage: Coverage, group: str) -> None:
    """Compare residents beside heritage and along protected roads with the others."""
    district = study.district
    table = tables.beside(district, coverage, study.beside(), group)
    shell.notes([t("details.heritage_note", metres=f"{heritage.BESIDE_M:g}")])
    downloads.table(table, file=f"{t(_FILE)}-heritage-residents")
    shell.heading(t("details.heritage_places"))
    near = study.near_heritage(question.profile, unverified=question.unverified)
    downloads.table(tables.heritage(district, near), file=f"{t(_FILE)}-heritage-places")


def _circles(study: Study, question: Question, group: str) -> None:
    """Set a circle, a drawn polygon and the network side by side."""
    district, comparison = study.district, study.circles(question)
    rows = comparison.table[
        comparison.table["group"].eq(group) & comparison.table["area"].eq(WHOLE)
    ]
    lines = [
        shell.Row(
            t(f"details.answer_{row['answer']}"),
            t(
                "details.answer_wrong",
                wrongly_in=rounding.people(row["wrongly_in"]),
                wrongly_out=rounding.people(row["wrongly_out"]),
            ),
            wording.share(
                comparison.network,
                row["counted"] / row["residents"] if row["residents"] else np.nan,
            ),
        )
        for _, row in rows.iterrows()
    ]
    reached = float(rows["network"].iloc[0]) / float(rows["residents"].iloc[0] or np.nan)
    network = shell.Row(
        t("details.answer_network"),
        t("details.answer_exact"),
        wording.share(comparison.network, reached),
    )
    shell.rows([network, *lines])
    shell.notes([coverage_measures.comparison_note(district, comparison)])
    downloads.table(tables.circles(district, comparison), file=f"{t(_FILE)}-circles")


def _zones(district: District, coverage: Coverage, zones: tuple[Gap, ...]) -> None:
    """Show every gap zone, those of a few residents in a table of their own."""
    many, few = by_size(zones)
    downloads.table(tables.zones(district, coverage, many), file=_file(coverage, "gaps"))
    if few:
        shell.heading(t("details.few", few=f"{FEW_RESIDENTS:g}"))
        downloads.table(tables.zones(district, coverage, few), file=_file(coverage, "gaps-few"))


def _file(coverage: Coverage, what: str = "") -> str:
    parts = (t(_FILE), coverage.kind, coverage.profile, f"{coverage.minutes:g}", what)
    return "-".join(part for part in parts if part)
