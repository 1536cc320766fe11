"""Tables in words and figures: the same on the pages, in reports and as files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circle.demand import with_seniors
from circle.i18n import t
from circle.measures import heritage as heritage_of
from circle.measures.coverage import at_level
from circle.measures.lifecircle import count_within
from circle.model import WHOLE
from circle.words import wording

if TYPE_CHECKING:
    from collections.abc import Mapping

    from circle.measures.access import Capacity
    from circle.measures.circles import Comparison
    from circle.measures.equity import Spread
    from circle.model import Bools, Coverage, District, Floats, Gap, LifeCircle, Provision

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a sheet may run as a formula: in Chinese versions the wide signs too."""


def to_csv(table: pd.DataFrame) -> bytes:
    """Return a table as CSV in UTF-8 with a mark, texts that look like formulas quoted."""
    safe = table.rename(columns=_text)
    for column in safe.columns:
        if not pd.api.types.is_numeric_dtype(safe[column]):
            safe[column] = safe[column].map(_text)
    return safe.to_csv(index=False, lineterminator="\r\n").encode("utf-8-sig")


def bands(district: District, circle: LifeCircle) -> pd.DataFrame:
    """Return what lies within each limit, one row a limit."""
    sure = circle.facilities[circle.facilities["verified"]]
    rows = []
    for row, one in enumerate(circle.isochrones):
        people = dict(zip(circle.residents, circle.residents.to_numpy()[row], strict=True))
        line: dict[str, object] = {
            t("explore.col_minutes"): f"{one.minutes:g}",
            t("explore.col_residents"): round(people["residents"]),
            t("explore.col_60"): round(people["residents_60_plus"]),
            t("explore.col_65"): round(people["residents_65_plus"]),
            t("explore.col_beyond"): round(people["residents_beyond"]),
        }
        for kind in (k for k in district.kinds.values() if k.service):
            line[str(kind.name)] = count_within(sure[sure["kind"].eq(kind.id)], one.minutes)
        line[t("explore.col_heritage")] = count_within(circle.heritage, one.minutes)
        line[t("explore.col_area")] = round(one.area_km2, 3)
        rows.append(line)
    return pd.DataFrame(rows)


def coverage(district: District, found: Coverage, level: str = "area") -> pd.DataFrame:
    """Return a coverage by the units of a level and age group, worst first, the whole last."""
    low = found.at_least
    once = _once(found.table if level == "area" else at_level(district, found, level))
    own = once.assign(whole=once["area"].eq(WHOLE))
    own = own.sort_values(["whole", "rate", "uncovered"], ascending=[True, True, False])
    lacking = "coverage.col_uncovered_none_known" if low else "coverage.col_uncovered"
    rate = "coverage.col_rate_low" if low else "coverage.col_rate"
    return pd.DataFrame(
        {
            **_who(district, own, level),
            t("coverage.col_residents"): _whole(own["residents"]),
            t("coverage.col_covered"): _whole(own["covered"]),
            t(lacking): _whole(own["uncovered"]),
            t(rate): (own["rate"] * 100).round(1),
        }
    )


@dataclass(frozen=True, eq=False)
class People:
    """The demand points of the district where somebody of a group lives.

    Attributes
    ----------
    rows
        Shape (k,), over the whole demand table.
    count
        How many live at each of these rows.
    """

    rows: Bools
    count: Floats


def people(district: District, group: str) -> People:
    """Return where the residents of a group live."""
    demand = with_seniors(district.demand)
    count = demand[group].to_numpy(np.float64)
    rows = demand["inside"].to_numpy(np.bool_) & (count > 0)
    return People(rows, count[rows])


def spread(district: District, found: Spread) -> pd.DataFrame:
    """Return how evenly minutes are spread, by area and age group."""
    own = _once(found.table)
    return pd.DataFrame(
        {
            **_who(district, own),
            t("coverage.col_residents"): _whole(own["residents"]),
            t("details.mean_minutes"): own["mean"].round(1),
            t("details.gini"): own["gini"].round(4),
            t("details.palma"): own["palma"].round(3),
            t("details.col_capped"): (own["capped_share"] * 100).round(1),
        }
    )


def provision(
    district: District, found: Provision, places: pd.DataFrame, names: list[str]
) -> pd.DataFrame:
    """Return what residents lack, one row for each area and set of missing services."""
    areas = wording.area_names(district)
    lack = places["lacks"].map(lambda rows: wording.listed(names[row] for row in rows))
    sums = places.assign(lacks=lack).groupby(["area", "lacks"])[["residents"]].sum()
    own = sums.reset_index().sort_values("residents", ascending=False)
    column = "details.col_lacks_known" if found.at_least else "details.col_lacks"
    return pd.DataFrame(
        {
            t("coverage.col_area"): own["area"].map(lambda area: areas.get(area, "—")),
            t(column): own["lacks"],
            t("coverage.col_residents"): _whole(own["residents"]),
        }
    )


def places(
    district: District, found: Provision, lacking: pd.DataFrame, names: list[str]
) -> pd.DataFrame:
    """Return what each place of residence lacks, most residents first."""
    areas = wording.area_names(district)
    own = lacking.sort_values("residents", ascending=False)
    segment = district.demand.loc[own.index, "segment"].to_numpy()
    column = "details.col_lacks_known" if found.at_least else "details.col_lacks"
    return pd.DataFrame(
        {
            t("coverage.col_area"): own["area"].map(lambda area: areas.get(area, "—")),
            t("details.col_street"): district.network.segment_name[segment],
            t("details.col_lon"): district.demand.loc[own.index, "lon"].round(5),
            t("details.col_lat"): district.demand.loc[own.index, "lat"].round(5),
            t("coverage.col_residents"): own["residents"].round(1),
            t(column): own["lacks"].map(lambda rows: wording.listed(names[row] for row in rows)),
        }
    )


def capacity(district: District, found: Capacity) -> pd.DataFrame:
    """Return the capacity that a thousand residents have within reach."""
    own = _once(found.table)
    unit = wording.unit_name(found.unit)
    return pd.DataFrame(
        {
            **_who(district, own),
            t("coverage.col_residents"): _whole(own["residents"]),
            t("details.col_walk_in", unit=unit): (own["walk_in"] * 1000).round(2),
            t("details.col_delivered", unit=unit): (own["delivered"] * 1000).round(2),
            t("details.col_accessible", unit=unit): (own["mean"] * 1000).round(2),
            t("details.col_without"): _whole(own["without"]),
        }
    )


def beside(
    district: District, found: Coverage, parts: Mapping[str, Bools], group: str
) -> pd.DataFrame:
    """Return the coverage of residents in a part of the district and of the others."""
    tables = []
    for name, part in parts.items():
        own = heritage_of.compared(district, found, part)
        own = own[own["group"].eq(group) & own["area"].eq(WHOLE)]
        words = {True: t(f"beside.{name}", metres=f"{heritage_of.BESIDE_M:g}")}
        words[False] = f"{words[True]}: {t('beside.others')}"
        tables.append(own.assign(who=own["part"].map(words)))
    own = pd.concat(tables)
    return pd.DataFrame(
        {
            t("coverage.col_group"): own["who"],
            t("coverage.col_residents"): _whole(own["residents"]),
            t("details.col_share"): (own["share"] * 100).round(1),
            t("coverage.col_covered"): _whole(own["covered"]),
            t("coverage.col_rate_low" if found.at_least else "coverage.col_rate"): (
                own["rate"] * 100
            ).round(1),
        }
    )


def heritage(district: District, minutes: pd.DataFrame) -> pd.DataFrame:
    """Return the heritage places of the district with the minutes to every service."""
    own = district.heritage[district.heritage["inside"].astype(bool)]
    near = minutes.loc[own.index]
    columns = {
        t("details.col_minutes_to", kind=district.kinds[str(kind)].name): near[kind]
        .where(np.isfinite(near[kind]))
        .round(1)
        for kind in near
    }
    return pd.DataFrame(
        {
            t("details.col_name"): own["name"],
            t("details.col_address"): own["address"],
            t("details.col_kind"): own["kind"],
            t("details.col_batch"): own["batch"],
            t("details.col_grade"): own["grade"],
            **columns,
        }
    )


def circles(district: District, comparison: Comparison) -> pd.DataFrame:
    """Return what a circle and a polygon count wrongly, by area and age group."""
    own = _once(comparison.table)
    return pd.DataFrame(
        {
            t("details.col_answer"): own["answer"].map(lambda name: t(f"details.answer_{name}")),
            **_who(district, own),
            t("details.answer_network"): _whole(own["network"]),
            t("details.col_counted"): _whole(own["counted"]),
            t("details.col_wrongly_in"): _whole(own["wrongly_in"]),
            t("details.col_wrongly_out"): _whole(own["wrongly_out"]),
        }
    )


def zones(district: District, found: Coverage, gaps: tuple[Gap, ...]) -> pd.DataFrame:
    """Return every gap zone, worst first."""
    nearest = [
        wording.name_of(district.facilities.iloc[gap.nearest]) if gap.nearest >= 0 else "—"
        for gap in gaps
    ]
    return pd.DataFrame(
        {
            t("details.col_rank"): [gap.rank for gap in gaps],
            t("details.col_zone"): [wording.gap_name(gap) for gap in gaps],
            t("coverage.col_residents"): [round(gap.residents) for gap in gaps],
            t("group.residents_60_plus"): [round(gap.residents_60_plus) for gap in gaps],
            t("details.col_beyond", minutes=f"{found.minutes:g}"): [
                round(gap.minutes_beyond, 1) if np.isfinite(gap.minutes_beyond) else None
                for gap in gaps
            ],
            t("details.col_nearest"): nearest,
            t("details.col_detour"): [
                round(gap.detour, 2) if np.isfinite(gap.detour) else None for gap in gaps
            ],
            t("cause.title"): [t(f"cause.{gap.cause.value}") for gap in gaps],
            t("details.col_heritage"): [gap.heritage for gap in gaps],
            t("cause.constrained"): [
                t("details.yes" if gap.constrained else "details.no") for gap in gaps
            ],
        }
    )


def _once(table: pd.DataFrame) -> pd.DataFrame:
    """Leave out the group that says the same as another."""
    return table[table["group"] != "residents_65_plus"]


def _who(district: District, table: pd.DataFrame, level: str = "area") -> dict[str, pd.Series[str]]:
    areas = wording.area_names(district, level)
    return {
        t("coverage.col_area"): table["area"].map(lambda area: areas.get(area, area or "—")),
        t("coverage.col_group"): table["group"].map(lambda group: t(f"group.{group}")),
    }


def _whole(values: pd.Series[float]) -> pd.Series[int]:
    return values.round().astype(int)


def _text(value: object) -> object:
    if isinstance(value, str) and value.startswith(FORMULA):
        return "'" + value
    return value
