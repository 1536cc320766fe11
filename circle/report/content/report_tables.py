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


def areas_told(district: District) -> list[str]:
    """Return the areas that tables are about, the whole last; a part of one area has no other."""
    areas = [area.id for area in district.areas]
    return areas if _of_one_area(district) else [*areas, WHOLE]


def without_repeated_whole(answers: Answers, frame: pd.DataFrame) -> pd.DataFrame:
    """Leave out the rows of the whole where it is one area, which has its own."""
    if not _of_one_area(answers.district) or t("coverage.col_area") not in frame:
        return frame
    return frame[~whole(answers.district, frame)].reset_index(drop=True)


def _of_one_area(district: District) -> bool:
    return bool(district.part_of) and len(district.areas) == 1


def whole(district: District, frame: pd.DataFrame) -> np.ndarray:
    """Return which rows of a table in words speak of the whole."""
    column = t("coverage.col_area")
    if column not in frame:
        return np.zeros(len(frame), np.bool_)
    return frame[column].eq(wording.whole_name(district)).to_numpy(np.bool_)


def rates(answers: Answers, group: str) -> pd.DataFrame:
    """Return the rates of every service by area, lower bounds marked.

    Below those of a part of a district stand for comparison those of the whole.
    """
    names = wording.area_names(answers.district)
    rows = []
    for area in areas_told(answers.district):
        row = {t("coverage.col_area"): names[area]}
        for service, coverage in answers.covered:
            row[service.name] = rate_of(coverage, group, area)
        rows.append(row)
    if answers.around is not None:
        row = {t("coverage.col_area"): t("common.district_compared")}
        for service, coverage in answers.covered:
            compared = answers.around.coverage(coverage.question)
            row[service.name] = "—" if isinstance(compared, NoData) else rate_of(compared, group)
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
    for area in areas_told(answers.district):
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
        t("report.col_low"): _whole_percent(row["low"]),
        t("report.col_high"): _whole_percent(row["high"]),
        t("report.col_verdict"): words,
    }


def _whole_percent(share: float) -> float:
    """Return a share in whole per cents: the draws tell no more."""
    return float(np.round(share * 100))


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
            t("details.col_lon"): places["lon"].round(tables.DEGREE_DECIMALS).to_numpy(),
            t("details.col_lat"): places["lat"].round(tables.DEGREE_DECIMALS).to_numpy(),
            t("layer.column.source"): places["source"].to_numpy(object),
        }
    )


def rate_of(coverage: Coverage, group: str, area: str = WHOLE) -> str:
    """Return a rate in words, after "≥" where it is a lower bound."""
    return wording.share(coverage, float(figure_in(coverage.table, group, area)["rate"]))
