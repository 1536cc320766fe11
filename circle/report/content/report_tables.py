"""Tables that only a report has: rates side by side, intervals, requirements."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from circle.demand import figure_in
from circle.i18n import rounding, t
from circle.measures import heritage
from circle.measures.gaps import listed
from circle.model import WHOLE, NoData
from circle.words import data_tables, tables, wording

if TYPE_CHECKING:
    from circle.measures.uncertainty import Uncertainty
    from circle.model import Coverage, District
    from circle.quality import Quality
    from circle.report.content.answers import Answers, Service

_TO_FILL_IN = ("report.col_responsible", "report.col_measure", "report.col_deadline")
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


class WorstArea(NamedTuple):
    """The area with the lowest rate, by its name."""

    name: str
    rate: float


def worst_area(answers: Answers, table: pd.DataFrame) -> WorstArea | None:
    """Return the area with the lowest rate of all residents; None where there are not two."""
    areas = [area.id for area in answers.district.areas]
    rows = table[table["area"].isin(areas) & table["group"].eq("residents")]
    rows = rows[rows["rate"].notna()]
    if len(rows) < 2:  # noqa: PLR2004 - one is no worst
        return None
    row = rows.sort_values(["rate", "uncovered"], ascending=[True, False]).iloc[0]
    return WorstArea(wording.area_names(answers.district)[row["area"]], float(row["rate"]))


def indicators(answers: Answers) -> pd.DataFrame:
    """Return the main figures, a row for each service, then one for all of them together."""
    rows = [_indicator(answers, service) for service in answers.services]
    provision = answers.provision
    if provision.table is not None and len(provision.services) > 1:
        name = t("report.all_services")
        rows.append(
            {t("report.col_service"): name, t("report.col_limit"): "—"}
            | _main_figures(answers, provision.table, None, at_least=provision.at_least)
        )
    return pd.DataFrame(rows)


def _indicator(answers: Answers, service: Service) -> dict[str, object]:
    coverage = service.coverage
    row: dict[str, object] = {t("report.col_service"): service.name}
    if isinstance(coverage, NoData):
        return row | {t("report.col_limit"): t("report.no_data")}
    row[t("report.col_limit")] = wording.limit_text(coverage)
    return row | _main_figures(
        answers, coverage.table, service.uncertainty, at_least=coverage.at_least
    )


def _main_figures(
    answers: Answers, table: pd.DataFrame, drawn: Uncertainty | None, *, at_least: bool
) -> dict[str, object]:
    figures = figure_in(table)
    worst = worst_area(answers, table)
    return {
        **_rates(table, WHOLE, at_least=at_least),
        **_interval(drawn, "residents", WHOLE),
        **_rate_of_seniors(table, WHOLE, at_least=at_least),
        t("report.col_uncovered"): tables.whole(float(figures["uncovered"])),
        t("report.col_worst_area"): "—" if worst is None else worst.name,
        t("report.col_worst_rate"): np.nan
        if worst is None
        else rounding.per_cents(worst.rate, at_least=at_least),
    }


def rates(answers: Answers) -> pd.DataFrame:
    """Return the rate of every service by area, with how sure it is.

    Below those of a part of a district stand for comparison those of the whole.
    """
    names = wording.area_names(answers.district)
    rows = []
    for service, coverage in answers.covered:
        for area in areas_told(answers.district):
            row = _rate(service, names[area], coverage, area)
            rows.append(row | _interval(service.uncertainty, "residents", area))
        if answers.around is not None:
            compared = answers.around.coverage(coverage.question)
            if not isinstance(compared, NoData):
                rows.append(_rate(service, t("common.district_compared"), compared, WHOLE))
    return pd.DataFrame(rows)


def _rate(service: Service, name: str, coverage: Coverage, area: str) -> dict[str, object]:
    figures = figure_in(coverage.table, "residents", area)
    return {
        t("report.col_service"): service.name,
        t("coverage.col_area"): name,
        t("report.col_uncovered"): tables.whole(float(figures["uncovered"])),
        **_rates(coverage.table, area, at_least=coverage.at_least),
        **_rate_of_seniors(coverage.table, area, at_least=coverage.at_least),
    }


def _rates(table: pd.DataFrame, area: str, *, at_least: bool) -> dict[str, object]:
    """Return the rate of all residents as it is told in words, as a number, after its sign."""
    share = float(figure_in(table, "residents", area)["rate"])
    return {
        t("report.col_at_least"): _sign(rounding.is_bound(share, at_least=at_least)),
        t("coverage.col_rate"): rounding.per_cents(share, at_least=at_least),
    }


def _rate_of_seniors(table: pd.DataFrame, area: str, *, at_least: bool) -> dict[str, object]:
    share = float(figure_in(table, "residents_60_plus", area)["rate"])
    return {t("report.col_rate_60"): rounding.per_cents(share, at_least=at_least)}


def _sign(at_least: bool) -> str:  # noqa: FBT001 - a value, not a switch
    return "≥" if at_least else ""


def by_profile(answers: Answers) -> pd.DataFrame:
    """Return the rate of every service for every walker."""
    rows = []
    for service in answers.services:
        for coverage, walk in zip((service.coverage, *service.others), answers.walks, strict=True):
            if isinstance(coverage, NoData):
                continue
            rows.append(
                {
                    t("report.col_service"): service.name,
                    t("report.col_profile"): str(walk.profile.name),
                    **_rates(coverage.table, WHOLE, at_least=coverage.at_least),
                    **_rate_of_seniors(coverage.table, WHOLE, at_least=coverage.at_least),
                }
            )
    return pd.DataFrame(rows)


def ledger(answers: Answers) -> pd.DataFrame:
    """Return the gap zones of all services as a numbered list of problems to be worked on.

    Who is responsible, what is done and by when is left empty, for people to write.
    """
    zones = [
        (service, coverage, zone)
        for service, coverage in answers.covered
        for zone in listed(service.zones)
    ]
    return pd.DataFrame(
        [
            {
                t("report.col_number"): number,
                t("report.col_service"): service.name,
                t("report.col_place"): wording.gap_name(zone),
                t("coverage.col_residents"): round(zone.residents),
                t("group.residents_60_plus"): tables.whole(zone.residents_60_plus),
                t("report.col_standard"): wording.limit_text(coverage),
                t("report.col_beyond"): wording.gap_beyond(zone),
                **dict.fromkeys(map(t, _TO_FILL_IN), ""),
            }
            for number, (service, coverage, zone) in enumerate(zones, start=1)
        ]
    )


def beside(answers: Answers) -> pd.DataFrame:
    """Return how residents beside heritage and along protected roads fare beside the others."""
    metres = f"{heritage.BESIDE_M:g}"
    rows = []
    for service, coverage in answers.covered:
        for name, part in answers.beside.items():
            compared = heritage.compared(answers.district, coverage, part)
            whole = compared[compared["group"].eq("residents") & compared["area"].eq(WHOLE)]
            inside, others = (whole[whole["part"].eq(is_part)].iloc[0] for is_part in (True, False))
            rows.append(
                {
                    t("report.col_service"): service.name,
                    t("coverage.col_group"): t(f"beside.{name}", metres=metres),
                    t("coverage.col_residents"): tables.whole(float(inside["residents"])),
                    t("report.col_at_least"): _sign(coverage.at_least),
                    t("coverage.col_rate"): rounding.per_cents(
                        float(inside["rate"]), at_least=coverage.at_least
                    ),
                    t("report.col_rate_others"): rounding.per_cents(
                        float(others["rate"]), at_least=coverage.at_least
                    ),
                }
            )
    return pd.DataFrame(rows)


def of_main_groups(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a table by area and age that are about `GROUPS`."""
    told = {t(f"group.{group}") for group in GROUPS}
    return frame[frame[t("coverage.col_group")].isin(told)].reset_index(drop=True)


def bases(district: District, quality: Quality) -> pd.DataFrame:
    """Return what the list of each kind rests on, where that is stated."""
    table = data_tables.registers(district, quality)
    columns = [t(f"data.col_{name}") for name in ("kind", "state", "as_of", "basis")]
    return table.loc[table[columns[-1]].ne(""), columns].reset_index(drop=True)


def origins(district: District) -> pd.DataFrame:
    """Return where each layer is from, called as readers know it."""
    table = data_tables.sources(district)
    column = t("layer.column.layer")
    return table.assign(**{column: [data_tables.layer_name(layer.id) for layer in district.layers]})


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
                rate: rounding.per_cents(float(figures["rate"]), at_least=coverage.at_least),
            }
            rows.append(
                row | _interval(uncertainty, group, area) | _verdict(uncertainty, group, area)
            )
    return pd.DataFrame(rows)


def _interval(uncertainty: Uncertainty | None, group: str, area: str) -> dict[str, object]:
    if uncertainty is None:
        return {}
    row = figure_in(uncertainty.table, group, area)
    shares = np.array([row["low"], row["high"]]) * 100
    low, high = np.round(shares)
    if low == high:  # as `rounding.ends`
        low, high = np.round(shares, 1)
    return {t("report.col_low"): float(low), t("report.col_high"): float(high)}


def _verdict(uncertainty: Uncertainty | None, group: str, area: str) -> dict[str, object]:
    if uncertainty is None:
        return {}
    row = figure_in(uncertainty.table, group, area)
    words = wording.verdict_words(str(row["verdict"]), str(row["depends_on"]))
    return {t("report.col_verdict"): words}


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
                    t("details.col_capped"): rounding.per_cents(float(row["capped_share"])),
                }
            )
    return pd.DataFrame(rows)


def unverified(district: District, places: pd.DataFrame) -> pd.DataFrame:
    """Return facilities whose position is not verified, with what it rests on."""
    table = facilities(district, places)
    table[t("data.col_basis")] = wording.in_own_words(places, "position_basis")
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
            t("layer.column.source"): wording.in_own_words(places, "source"),
        }
    )


def rate_of(coverage: Coverage, group: str, area: str = WHOLE) -> str:
    """Return a rate in words, after "≥" where it is a lower bound."""
    return wording.share(coverage, float(figure_in(coverage.table, group, area)["rate"]))
