"""Tables of a report that no page has: rates side by side, intervals, requirements."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circle.demand import figure_in
from circle.i18n import rounding, t
from circle.model import WHOLE, NoData
from circle.words import wording

if TYPE_CHECKING:
    from circle.measures.uncertainty import Uncertainty
    from circle.model import Coverage, District
    from circle.report.content.answers import Answers

GROUPS = ("residents", "residents_60_plus")
"""Whom the tables of the main part are about."""


def chosen(answers: Answers) -> list[str]:
    """Return the areas that tables are about, the whole last."""
    own = answers.choice.areas or tuple(area.id for area in answers.district.areas)
    return [*own, WHOLE]


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
    """Return the rates of every service by area, with their sign of a lower bound."""
    names = wording.area_names(answers.district)
    rows = []
    for area in chosen(answers):
        row = {t("coverage.col_area"): names[area]}
        for one, cover in answers.covered:
            sign = "≥ " if cover.at_least else ""
            row[one.name] = sign + rate_of(cover, group, area)
        rows.append(row)
    return pd.DataFrame(rows)


def by_profile(answers: Answers) -> pd.DataFrame:
    """Return the rate of every service for every walker."""
    rows = []
    for service in answers.services:
        for cover, walk in zip((service.coverage, *service.others), answers.walks, strict=True):
            if isinstance(cover, NoData):
                continue
            sign = "≥ " if cover.at_least else ""
            row = {t("report.col_service"): service.name}
            row[t("report.col_profile")] = str(walk.profile.name)
            for group in GROUPS:
                row[t(f"group_of.{group}")] = sign + rate_of(cover, group)
            rows.append(row)
    return pd.DataFrame(rows)


def by_area(answers: Answers, cover: Coverage, sure: Uncertainty | None) -> pd.DataFrame:
    """Return a coverage by area for all residents and older ones, with intervals."""
    names = wording.area_names(answers.district)
    rate = t("coverage.col_rate_low" if cover.at_least else "coverage.col_rate")
    lacking_ = "coverage.col_uncovered_none_known" if cover.at_least else "coverage.col_uncovered"
    rows = []
    for area in chosen(answers):
        for group in GROUPS:
            own = figure_in(cover.table, group, area)
            row = {
                t("coverage.col_area"): names[area],
                t("coverage.col_group"): t(f"group.{group}"),
                t("coverage.col_residents"): round(float(own["residents"])),
                t(lacking_): round(float(own["uncovered"])),
                rate: round(float(own["rate"]) * 100, 1),
            }
            rows.append(row | _interval(sure, group, area))
    return pd.DataFrame(rows)


def _interval(sure: Uncertainty | None, group: str, area: str) -> dict[str, object]:
    if sure is None:
        return {}
    table = sure.table
    row = figure_in(table, group, area)
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
            t("report.col_service"): str(one.name),
            t("report.col_minutes"): one.minutes,
            t("report.col_metres"): one.metres,
            t("report.col_rule"): t(f"report.rule_{one.judged_by.value}"),
            t("report.col_status"): t(f"standard.status.{one.status.value}"),
            t("report.col_default"): t("details.yes" if one.default else "details.no"),
            t("layer.column.source"): str(one.source),
        }
        for one in asked
    ]
    return pd.DataFrame(rows)


def evenness(answers: Answers) -> pd.DataFrame:
    """Return how evenly minutes are shared, a row for each service and group."""
    rows = []
    for (one, _), spread in zip(answers.covered, answers.spreads, strict=True):
        own = spread.table[spread.table["area"].eq(WHOLE)]
        for group in GROUPS:
            row = own[own["group"].eq(group)].iloc[0]
            rows.append(
                {
                    t("report.col_service"): one.name,
                    t("coverage.col_group"): t(f"group.{group}"),
                    t("details.mean_minutes"): round(float(row["mean"]), 1),
                    t("details.gini"): round(float(row["gini"]), 3),
                    t("details.palma"): round(float(row["palma"]), 2),
                    t("details.col_capped"): round(float(row["capped_share"]) * 100, 1),
                }
            )
    return pd.DataFrame(rows)


def unverified(district: District, unsure: pd.DataFrame) -> pd.DataFrame:
    """Return the facilities `unsure`, with what their positions rest on."""
    return pd.DataFrame(
        {
            t("details.col_name"): [wording.name_of(row) for _, row in unsure.iterrows()],
            t("details.col_kind"): [str(district.kinds[kind].name) for kind in unsure["kind"]],
            t("report.col_accuracy"): unsure["position_accuracy_m"].to_numpy(),
            t("data.col_basis"): unsure["position_basis"].to_numpy(object),
        }
    )


def facilities(district: District) -> pd.DataFrame:
    """Return all facilities."""
    table = district.facilities
    return pd.DataFrame(
        {
            t("details.col_name"): [wording.name_of(row) for _, row in table.iterrows()],
            t("details.col_kind"): [str(district.kinds[kind].name) for kind in table["kind"]],
            t("details.col_address"): table["address"].to_numpy(object),
            t("report.col_verified"): [
                t("details.yes" if one else "details.no") for one in table["verified"]
            ],
            t("report.col_inside"): [
                t("details.yes" if one else "details.no") for one in table["inside"]
            ],
            t("report.col_accuracy"): table["position_accuracy_m"].to_numpy(),
            t("details.col_lon"): table["lon"].round(5).to_numpy(),
            t("details.col_lat"): table["lat"].round(5).to_numpy(),
            t("layer.column.source"): table["source"].to_numpy(object),
        }
    )


def rate_of(cover: Coverage, group: str, area: str = WHOLE) -> str:
    """Return a rate as it is told."""
    return rounding.percent(float(figure_in(cover.table, group, area)["rate"]))
