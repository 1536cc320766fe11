"""The lower half of the Coverage page: one part at a time, chosen by link."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import streamlit as st

from circle.i18n import rounding, t
from circle.measures import equity, heritage
from circle.measures.completeness import lacking, service_names
from circle.measures.coverage import WHOLE, figure
from circle.model import GROUPS, NoData
from circle.web import charts, downloads, memo, shell, state
from circle.words import tables, wording

if TYPE_CHECKING:
    from collections.abc import Callable

    from circle.model import Coverage, District, Gap

VIEWS = ("areas", "spread", "together", "capacity", "heritage", "circles", "zones")
_CAP_MINUTES = 60.0
_ONCE = tuple(group for group in GROUPS if group != "residents_65_plus")
_FILE = "coverage.file"


def view() -> state.Param[str]:
    """Return which part is shown."""
    return state.Param("view", state.one_of(VIEWS), str, VIEWS[0])


def show(
    district: District,
    question: memo.Question,
    found: Coverage,
    zones: tuple[Gap, ...],
    group: str,
) -> None:
    """Draw the choice of parts and the chosen one."""
    param = view()
    st.segmented_control(
        t("details.choose"),
        VIEWS,
        format_func=lambda name: t(f"details.{name}"),
        key=state.widget_key(param),
        on_change=state.push,
        args=(param,),
        label_visibility="collapsed",
    )
    parts: dict[str, Callable[[], None]] = {
        "areas": lambda: _areas(district, question, found, group),
        "spread": lambda: _spread(district, found, group),
        "together": lambda: _together(district, question, group),
        "capacity": lambda: _capacity(district, question),
        "heritage": lambda: _heritage(district, question, found, group),
        "circles": lambda: _circles(district, question, group),
        "zones": lambda: _zones(district, found, zones),
    }
    parts[state.value(param)]()


def _areas(district: District, question: memo.Question, found: Coverage, group: str) -> None:
    """Compare services and areas; then the chosen kind by area and age."""
    rows = []
    for one in memo.services(district, question):
        if isinstance(one, NoData):
            continue
        name = one.standard.name if one.standard else district.kinds[one.kind].name
        names, there = wording.area_names(district), set(one.table["area"])
        for area, label in ((area, label) for area, label in names.items() if area in there):
            rate = float(figure(one, group, area)["rate"])
            sign = "≥ " if one.at_least else ""
            rows.append((str(name), label, rate, sign + rounding.percent(rate)))
    shell.heading(t("details.matrix", group=t(f"group_of.{group}")))
    charts.matrix(pd.DataFrame(rows, columns=["service", "area", "rate", "text"]))
    shell.heading(t("coverage.table_title"))
    level = _level(district)
    downloads.table(tables.coverage(district, found, level), file=_file(found, level))


def _level(district: District) -> str:
    """Draw the choice of a level, where the district has others than its areas; return it."""
    levels = tuple(name for name in district.levels if district.levels[name])
    param = state.Param("level", state.one_of(levels), str, "area")
    if len(levels) > 1:
        st.segmented_control(
            t("details.level"),
            levels,
            format_func=lambda name: t(f"details.level_{name}"),
            key=state.widget_key(param),
            on_change=state.push,
            args=(param,),
        )
    return state.value(param)


def _spread(district: District, found: Coverage, group: str) -> None:
    """Show how minutes are spread over residents, and how evenly."""
    minutes = np.minimum(found.seconds / 60, _CAP_MINUTES)
    spread = equity.spread(district, found.kind, found.seconds / 60, cap=_CAP_MINUTES)
    row = spread.table[spread.table["area"].eq(WHOLE) & spread.table["group"].eq(group)].iloc[0]
    shell.figures(
        [
            (f"{row['mean']:.1f}", t("details.mean_minutes")),
            (f"{row['gini']:.3f}", t("details.gini")),
            (f"{row['palma']:.2f}", t("details.palma")),
        ]
    )
    left, right = st.columns(2)
    demand = tables.people(district, group)
    with left:
        shell.heading(t("details.histogram", group=t(f"group_of.{group}")))
        charts.histogram(minutes[demand.rows], demand.count, found.minutes)
    with right:
        shell.heading(t("details.lorenz"))
        charts.lorenz(equity.curve(district, spread, group))
    notes = [t("details.equity_note", cap=f"{_CAP_MINUTES:g}")]
    if found.at_least:
        notes.append(t("details.equity_partial", kind=district.kinds[found.kind].name))
    shell.notes(notes)
    downloads.table(tables.spread(district, spread), file=_file(found, "equity"))


def _together(district: District, question: memo.Question, group: str) -> None:
    """Show who has all services of the standard within reach, and who lacks which."""
    found = memo.provision(district, question)
    names = [str(name) for name in service_names(district, found)]
    asked = memo.standards().get(question.requirement.partition("/")[0])
    basis = str(asked.name) if asked else t("details.by_minutes", minutes=f"{question.minutes:g}")
    if found.table is None:
        shell.notes([t("completeness.none")])
        return
    row = found.table[found.table["area"].eq(WHOLE) & found.table["group"].eq(group)].iloc[0]
    shell.answer(
        wording.marked(
            t(
                "completeness.all_at_least" if found.at_least else "completeness.all",
                group=t(f"group_of.{group}"),
                rate=rounding.percent(row["rate"]),
                standard=basis,
                count=len(names),
            )
        )
    )
    notes = [wording.listed(names)]
    if found.no_data:
        missing = wording.listed(one.standard.name for one in found.no_data)
        notes.append(t("completeness.no_data", n=len(found.no_data), names=missing))
    shell.notes(notes)
    table = lacking(district, found)
    file = f"{t(_FILE)}-services"
    downloads.table(tables.provision(district, found, table, names), file=file)
    shell.heading(t("details.places"))
    downloads.table(tables.places(district, found, table, names), file=f"{file}-places")


def _capacity(district: District, question: memo.Question) -> None:
    """Show how much capacity each resident has within reach."""
    found = memo.floating(district, question)
    shell.notes(
        [
            t(
                "details.capacity_known",
                known=found.capacity_known,
                count=found.facilities_counted,
                unit=wording.unit_name(found.unit) or "—",
            ),
            t(
                "details.capacity_how",
                minutes=f"{question.minutes:g}",
                metres=f"{found.deliver_m:,.0f}",
            ),
            *([t("details.capacity_low")] if found.supply_at_least else []),
        ]
    )
    if found.capacity_known == 0:
        shell.notes([t("details.capacity_none", kind=district.kinds[found.kind].name)])
        return
    downloads.table(tables.capacity(district, found), file=f"{t(_FILE)}-capacity")


def _heritage(district: District, question: memo.Question, found: Coverage, group: str) -> None:
    """Compare residents beside heritage and along protected roads with the others."""
    parts = {
        "heritage": heritage.beside(district),
        "roads": heritage.along_never_widened(district),
    }
    table = tables.beside(district, found, parts, group)
    shell.notes([t("details.heritage_note", metres=f"{heritage.BESIDE_M:g}")])
    downloads.table(table, file=f"{t(_FILE)}-heritage-residents")
    shell.heading(t("details.heritage_places"))
    walk = memo.walker(district, question.profile)
    near = heritage.services_near(district, walk, unverified=question.unverified)
    downloads.table(tables.heritage(district, near), file=f"{t(_FILE)}-heritage-places")


def _circles(district: District, question: memo.Question, group: str) -> None:
    """Set a circle, a drawn polygon and the network side by side."""
    found = memo.against_circles(district, question)
    own = found.table[found.table["group"].eq(group) & found.table["area"].eq(WHOLE)]
    lines = [
        shell.Row(
            t(f"details.answer_{row['answer']}"),
            t(
                "details.answer_wrong",
                wrongly_in=rounding.people(row["wrongly_in"]),
                wrongly_out=rounding.people(row["wrongly_out"]),
            ),
            rounding.percent(row["counted"] / row["residents"] if row["residents"] else np.nan),
        )
        for _, row in own.iterrows()
    ]
    reached = float(own["network"].iloc[0]) / float(own["residents"].iloc[0] or np.nan)
    network = shell.Row(
        t("details.answer_network"), t("details.answer_exact"), rounding.percent(reached)
    )
    shell.rows([network, *lines])
    shell.notes(
        [
            t(
                "details.circles_note",
                metres=f"{found.radius_m:,.0f}",
                minutes=f"{found.network.minutes:g}",
                kind=district.kinds[question.kind].name,
            )
        ]
    )
    downloads.table(tables.circles(district, found), file=f"{t(_FILE)}-circles")


def _zones(district: District, found: Coverage, zones: tuple[Gap, ...]) -> None:
    """List every gap zone with its causes."""
    downloads.table(tables.zones(district, found, zones), file=_file(found, "gaps"))


def _file(found: Coverage, what: str = "") -> str:
    parts = (t(_FILE), found.kind, found.profile, f"{found.minutes:g}", what)
    return "-".join(part for part in parts if part)
