"""Scenarios side by side: the same figures of each, a column each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from circle.demand import figure_in
from circle.i18n import rounding, t
from circle.measures.gaps import by_size
from circle.model import NOT_IN_ANY, WHOLE, NoData
from circle.words import measured, wording

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from circle.model import Coverage, Question
    from circle.study import Study


def compared(
    studies: Mapping[str, Study | None],
    question: Question,
    services: Sequence[Question],
    group: str,
) -> pd.DataFrame:
    """Return the figures of the present state and of scenarios, a column each.

    Parameters
    ----------
    studies
        By their names in the table's head; None for one that cannot be laid over the data.
    question, services
        What is asked; of all services together.
    group
        Of whom.
    """
    columns = {
        name: _figures(study, question, services, group) if study is not None else {}
        for name, study in studies.items()
    }
    rows = dict.fromkeys(key for figures in columns.values() for key in figures)
    table = {
        name: [figures.get(key, t("unit.dash")) for key in rows]
        for name, figures in columns.items()
    }
    return pd.DataFrame({t("saved.col_figure"): list(rows)} | table)


def _figures(
    study: Study, question: Question, services: Sequence[Question], group: str
) -> dict[str, str]:
    answer = study.coverage(question)
    if isinstance(answer, NoData):
        return {t("saved.rate"): wording.no_data_sentence(study.district, answer)}
    row = figure_in(answer.table, group)
    many, _ = by_size(study.gaps(question))
    figures = {
        t("saved.rate"): wording.share(answer, row["rate"]),
        t("saved.uncovered", group=t(f"group_of.{group}")): rounding.about_short(row["uncovered"]),
        t("saved.zones"): str(len(many)),
        t("saved.worst_zone"): rounding.about_short(many[0].residents if many else 0.0),
        t("saved.weakest"): _weakest(study, answer, group),
    }
    provision = study.together(services)
    if provision.table is not None:
        rate = float(figure_in(provision.table, group)["rate"])
        figures[t("saved.services")] = rounding.bound(rate, at_least=provision.at_least)
    spread, capacity = study.spread(question), study.capacity(question)
    if spread is not None:
        even = figure_in(spread.table, group)
        figures[t("saved.minutes")] = rounding.fixed(even["mean"], 1)
        figures[t("saved.gini")] = rounding.fixed(even["gini"], 3)
    if capacity.is_known:
        each = figure_in(capacity.table, group)["mean"]
        amount = measured.amount(each, at_least=capacity.supply_at_least)
        per = t("saved.capacity", per=f"{measured.PER:,}", unit=wording.unit_name(capacity.unit))
        figures[per] = f"≥ {amount}" if capacity.supply_at_least else amount
    return figures


def _weakest(study: Study, answer: Coverage, group: str) -> str:
    """Return the area with the least, and its rate; a dash where there is none."""
    table = answer.table
    areas = table[table["group"].eq(group) & ~table["area"].isin([WHOLE, NOT_IN_ANY])]
    areas = areas.dropna(subset=["rate"]).sort_values("rate", kind="stable")
    if areas.empty:
        return t("unit.dash")
    names, row = wording.area_names(study.district), areas.iloc[0]
    name = names.get(str(row["area"]), str(row["area"]))
    return f"{name} {wording.share(answer, float(row['rate']))}"
