"""Tables that only a report has: rates side by side, intervals, requirements."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circle.demand import figure_in
from circle.i18n import t
from circle.model import WHOLE, NoData
from circle.words import tables, wording

if TYPE_CHECKING:
    from circle.measures.uncertainty import Uncertainty
    from circle.model import Coverage, District
    from circle.report.content.answers import Answers

GROUPS = ("residents", "residents_60_plus")
"""Whom the tables of the main part are about."""


def chosen(answers: Answers) -> list[str]:
    """Return the areas that tables are about, the whole last."""
    areas = answers.choice.areas or tuple(area.id for area in answers.district.areas)
    return [*areas, WHOLE]


def in_areas(answers: Answers, frame: pd.DataFrame) -> pd.DataFrame:
    """Keep the rows of a table in words that are about the chosen areas or the whole."""
    column = t("coverage.col_area")
    if not answers.choice.areas or column not in frame:
        return frame
    names = wording.area_names(answers.district)
    kept = {names[area] for area in chosen(answers)}
    return frame[frame[column].isin(kept)].reset_index(drop=True)


def whole(frame: pd.DataFrame) -> np.ndarray:
    """Return which rows speak of the whole district."""
    column = t("coverage.col_area")
    if column not in frame:
        return np.zeros(len(frame), np.bool_)
    return frame[column].eq(t("common.district_all")).to_numpy(np.bool_)


def rates(answers: Answers, group: str) -> pd.DataFrame:
    """Return the rates of every service by area, lower bounds marked."""
    names = wording.area_names(answers.district)
    rows = []
    for area in chosen(answers):
        row = {t("coverage.col_area"): names[area]}
        for service, coverage in answers.covered:
            row[service.name] = rate_of(coverage, group, area)
        rows.append(row)
    return pd.DataFrame(rows)


def by_profile(answers: Answers) -> pd.DataFrame:
    """Return the rate of every service for every walker."""
    rows = []
    for service in answers.services:
        for coverage, walk in zip((service.coverage, *service.others), answers.walks, strict=True):
            if isinstance(coverage, NoData):
                continue
            row = {t("report.col_service"): service.name}
            row[t("report.col_profile")] = str(walk.profile.name)
            for group in GROUPS:
                row[t(f"group_of.{group}")] = rate_of(coverage, group)
            rows.append(row)
    return pd.DataFrame(rows)


def by_area(answers: Answers, coverage: Coverage, uncertainty: Uncertainty | None) -> pd.DataFrame:
    """Return a coverage by area for all residents and older ones, with intervals."""
    names = wording.area_names(answers.district)
    rate = t("coverage.col_rate_low" if coverage.at_least else "coverage.col_rate")
    uncovered = (
        "coverage.col_uncovered_none_known" if coverage.at_least else "coverage.col_uncovered"
    )
    rows = []
    for area in chosen(answers):
        for group in GROUPS:
            figures = figure_in(coverage.table, group, area)
            row = {
                t("coverage.col_area"): names[area],
                t("coverage.col_group"): t(f"group.{group}"),
                t("coverage.col_residents"): tables.whole(float(figures["residents"])),
                t(uncovered): tables.whole(float(figures["uncovered"])),
                rate: round(float(figures["rate"]) * 100, 1),
            }
            rows.append(row | _interval(uncertainty, group, area))
    return pd.DataFrame(rows)


def _interval(uncertainty: Uncertainty | None, group: str, area: str) -> dict[str, object]:
    if uncertainty is None:
        return {}
    row = figure_in(uncertainty.table, group, area)
    words = wording.verdict_words(str(row["verdict"]), str(row["depends_on"]))
    return {
        t("report.col_low"): round(float(row["low"]) * 100, 1),
        t("report.col_high"): round(float(row["high"]) * 100, 1),
        t("report.col_verdict"): words,
    }


def requirements(answers: Answers) -> pd.DataFrame:
    """Return what the standard asks, with what was checked of it."""
    asked = [] if answers.standard is None else answers.standard.requirements
    rows = [
        {
            t("report.col_service"): str(requirement.name),
            t("report.col_minutes"): requirement.minutes,
            t("report.col_metres"): requirement.metres,
            t("report.col_rule"): t(f"report.rule_{requirement.judged_by.value}"),
            t("report.col_status"): t(f"standard.status.{requirement.status.value}"),
            t("report.col_default"): wording.yes_or_no(requirement.default),
            t("layer.column.source"): str(requirement.source),
        }
        for requirement in asked
    ]
    return pd.DataFrame(rows)


def evenness(answers: Answers) -> pd.DataFrame:
    """Return how evenly minutes are shared, a row for each service and group."""
    rows = []
    for (service, _), spread in zip(answers.covered, answers.spreads, strict=True):
        for group in GROUPS:
            row = figure_in(spread.table, group)
            rows.append(
                {
                    t("report.col_service"): service.name,
                    t("coverage.col_group"): t(f"group.{group}"),
                    t("details.mean_minutes"): round(float(row["mean"]), 1),
                    t("details.gini"): round(float(row["gini"]), 3),
                    t("details.palma"): round(float(row["palma"]), 2),
                    t("details.col_capped"): round(float(row["capped_share"]) * 100, 1),
                }
            )
    return pd.DataFrame(rows)


def unverified(district: District, places: pd.DataFrame) -> pd.DataFrame:
    """Return facilities whose position is not verified, with what it rests on."""
    table = facilities(district, places)
    table[t("data.col_basis")] = places["position_basis"].to_numpy(object)
    columns = ("details.col_name", "details.col_kind", "report.col_accuracy", "data.col_basis")
    return table[[t(column) for column in columns]]


def facilities(district: District, places: pd.DataFrame) -> pd.DataFrame:
    """Return facilities with their places."""
    return pd.DataFrame(
        {
            t("details.col_name"): [wording.name_of(row) for _, row in places.iterrows()],
            t("details.col_kind"): [str(district.kinds[kind].name) for kind in places["kind"]],
            t("details.col_address"): places["address"].to_numpy(object),
            t("report.col_verified"): places["verified"].map(wording.yes_or_no).to_numpy(object),
            t("report.col_inside"): places["inside"].map(wording.yes_or_no).to_numpy(object),
            t("report.col_accuracy"): places["position_accuracy_m"].to_numpy(),
            t("details.col_lon"): places["lon"].round(5).to_numpy(),
            t("details.col_lat"): places["lat"].round(5).to_numpy(),
            t("layer.column.source"): places["source"].to_numpy(object),
        }
    )


def rate_of(coverage: Coverage, group: str, area: str = WHOLE) -> str:
    """Return a rate in words, after "≥" where it is a lower bound."""
    return wording.share(coverage, float(figure_in(coverage.table, group, area)["rate"]))
