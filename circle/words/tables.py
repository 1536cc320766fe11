"""Tables in words and figures: the same on the pages, in reports and as files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circle.demand import with_seniors
from circle.i18n import t
from circle.i18n.rounding import about_short, cut, per_cents, time_text
from circle.measures import heritage as heritage_of
from circle.measures.coverage import at_level
from circle.measures.lifecircle import buildings_within, count_within, verified_seconds
from circle.model import SHOWN_GROUPS, WHOLE, Rule
from circle.network.graph import street_label
from circle.places.facilities import countable
from circle.words import wording
from circle.words.measured import PER

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from circle.measures.access import Capacity
    from circle.measures.circles import Comparison
    from circle.measures.equity import Spread
    from circle.model import Bools, Coverage, District, Floats, Gap, LifeCircle, Provision

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""Beginnings that a sheet may run as a formula: in Chinese versions the wide forms too."""
DEGREE_DECIMALS = 5
"""How many decimals degrees have in tables: a metre."""
_CAPACITY_COLUMNS = {"walk_in": "walk_in", "delivered": "delivered", "accessible": "mean"}


def to_csv(table: pd.DataFrame) -> bytes:
    """Return a table as CSV in UTF-8 with a byte order mark; texts like formulas are quoted."""
    safe = table.rename(columns=_text)
    for column in safe.columns:
        if not pd.api.types.is_numeric_dtype(safe[column]):
            safe[column] = safe[column].map(_text)
    return safe.to_csv(index=False, lineterminator="\r\n").encode("utf-8-sig")


def bands(district: District, circle: LifeCircle) -> pd.DataFrame:
    """Return what lies within each limit, one row a limit."""
    verified = circle.facilities[circle.facilities["verified"]]
    rows = []
    for row, isochrone in enumerate(circle.isochrones):
        people = dict(zip(circle.residents, circle.residents.to_numpy()[row], strict=True))
        line: dict[str, object] = {
            t("explore.col_minutes"): f"{isochrone.minutes:g}",
            t("explore.col_residents"): whole(people["residents"]),
            t("explore.col_60"): whole(people["residents_60_plus"]),
            t("explore.col_65"): whole(people["residents_65_plus"]),
            t("explore.col_beyond"): whole(people["residents_beyond"]),
        }
        for kind in (k for k in district.kinds.values() if k.service):
            places = verified[verified["kind"].eq(kind.id)]
            line[str(kind.name)] = (
                count_within(places, isochrone.minutes) if countable(district, kind.id) else None
            )
        line[t("common.heritage")] = heritage_within(district, circle, isochrone.minutes)
        line[t("explore.col_area")] = round(isochrone.area_km2, 3)
        rows.append(line)
    return pd.DataFrame(rows)


def heritage_within(district: District, circle: LifeCircle, minutes: float) -> int | None:
    """Return how many protected buildings are within a limit; None where none is listed."""
    if not countable(district, "heritage"):
        return None
    return buildings_within(circle.heritage, minutes)


def turned(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table with a column for each of its rows, headed by the first value, as texts."""
    first, *others = table.columns
    columns = {
        str(row[first]): [_read(row[name]) for name in others] for row in table.to_dict("records")
    }
    return pd.DataFrame({first: others, **columns})


def _read(value: object) -> str:
    return t("unit.dash") if pd.isna(value) else f"{value:,}"  # type: ignore[call-overload]


def comparison(
    district: District, circles: Sequence[LifeCircle], names: Sequence[str]
) -> pd.DataFrame:
    """Return what places have within their last limit, a column each: walks, people, heritage."""
    columns = {
        name: _compared(district, circle) for name, circle in zip(names, circles, strict=True)
    }
    return pd.DataFrame(columns).rename_axis(t("compare.what")).reset_index()


def _compared(district: District, circle: LifeCircle) -> dict[str, str]:
    limits = [isochrone.minutes for isochrone in circle.isochrones]
    minutes, people = f"{limits[-1]:g}", circle.residents.iloc[-1]
    seconds = verified_seconds(circle)
    walks = {
        str(kind.name): time_text(seconds[kind.id] / 60, limits)
        if kind.id in seconds
        else t("explore.row_none")
        for kind in district.kinds.values()
        if kind.service
    }
    return walks | {
        t("explore.figure_residents", minutes=minutes): about_short(people["residents"]),
        t("explore.figure_seniors"): about_short(people["residents_60_plus"]),
        t("compare.heritage"): _read(heritage_within(district, circle, limits[-1])),
        t("explore.col_area"): f"{circle.isochrones[-1].area_km2:.2f}",
    }


def coverage(district: District, coverage: Coverage, level: str = "area") -> pd.DataFrame:
    """Return a coverage by the units of a level, the worst first and the whole last, and age."""
    low = coverage.at_least
    table = coverage.table if level == "area" else at_level(district, coverage, level)
    table = table.assign(whole=table["area"].eq(WHOLE), everybody=table["group"].eq("residents"))
    order, ascending = ["whole", "everybody", "rate", "uncovered"], [True, False, True, False]
    rows = _in_order(table.sort_values(order, ascending=ascending))
    lacking = "coverage.col_uncovered_none_known" if low else "coverage.col_uncovered"
    rate = "coverage.col_rate_low" if low else "coverage.col_rate"
    return pd.DataFrame(
        {
            **_who(district, rows, level),
            t("coverage.col_residents"): _whole(rows["residents"]),
            t("coverage.col_covered"): _whole(rows["covered"]),
            t(lacking): _whole(rows["uncovered"]),
            t(rate): _per_cents(rows["rate"], at_least=low),
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


def spread(district: District, spread: Spread) -> pd.DataFrame:
    """Return how evenly minutes are spread, by area and age group."""
    rows = _in_order(spread.table)
    return pd.DataFrame(
        {
            **_who(district, rows),
            t("coverage.col_residents"): _whole(rows["residents"]),
            t("details.mean_minutes"): rows["mean"].round(1),
            t("details.gini"): rows["gini"].round(4),
            t("details.palma"): rows["palma"].round(3),
            t("details.col_capped"): _per_cents(rows["capped_share"]),
        }
    )


def provision(
    district: District, provision: Provision, places: pd.DataFrame, names: list[str]
) -> pd.DataFrame:
    """Return what residents lack, one row for each area and set of missing services."""
    areas = wording.area_names(district)
    lack = places["lacks"].map(lambda lacks: wording.listed(names[row] for row in lacks))
    sums = places.assign(lacks=lack).groupby(["area", "lacks"])[["residents"]].sum()
    rows = sums.reset_index().sort_values("residents", ascending=False)
    column = "details.col_lacks_known" if provision.at_least else "details.col_lacks"
    return pd.DataFrame(
        {
            t("coverage.col_area"): rows["area"].map(lambda area: areas.get(area, "—")),
            t(column): rows["lacks"],
            t("coverage.col_residents"): _whole(rows["residents"]),
        }
    )


def places(
    district: District, provision: Provision, lacking: pd.DataFrame, names: list[str]
) -> pd.DataFrame:
    """Return what each place of residence lacks, most residents first."""
    areas = wording.area_names(district)
    rows = lacking.sort_values("residents", ascending=False)
    segment = district.demand.loc[rows.index, "segment"].to_numpy()
    degrees = district.demand.loc[rows.index, ["lon", "lat"]].round(DEGREE_DECIMALS)
    column = "details.col_lacks_known" if provision.at_least else "details.col_lacks"
    return pd.DataFrame(
        {
            t("coverage.col_area"): rows["area"].map(lambda area: areas.get(area, "—")),
            t("details.col_street"): [
                street_label(name) for name in district.network.segment_name[segment]
            ],
            t("details.col_lon"): degrees["lon"],
            t("details.col_lat"): degrees["lat"],
            t("coverage.col_residents"): rows["residents"].round(1),
            t(column): rows["lacks"].map(lambda lacks: wording.listed(names[row] for row in lacks)),
        }
    )


def capacity(district: District, capacity: Capacity) -> pd.DataFrame:
    """Return the capacity that a thousand residents have within reach."""
    rows = _in_order(capacity.table)
    unit = wording.unit_name(capacity.unit)
    return pd.DataFrame(
        {
            **_who(district, rows),
            t("coverage.col_residents"): _whole(rows["residents"]),
            **{
                t(f"details.col_{name}", unit=unit): _of_thousand(rows[column], capacity)
                for name, column in _CAPACITY_COLUMNS.items()
            },
            t("details.col_without"): _whole(rows["without"]),
        }
    )


def beside(
    district: District, coverage: Coverage, parts: Mapping[str, Bools], group: str
) -> pd.DataFrame:
    """Return the coverage of residents in a part of the district and of the others."""
    tables = []
    for name, part in parts.items():
        rows = heritage_of.compared(district, coverage, part)
        rows = rows[rows["group"].eq(group) & rows["area"].eq(WHOLE)]
        metres = f"{heritage_of.BESIDE_M:g}"
        words = {
            True: t(f"beside.{name}", metres=metres),
            False: t(f"beside.not_{name}", metres=metres),
        }
        tables.append(rows.assign(who=rows["part"].map(words)))
    rows = pd.concat(tables)
    return pd.DataFrame(
        {
            t("coverage.col_group"): rows["who"],
            t("coverage.col_residents"): _whole(rows["residents"]),
            t("details.col_share"): _per_cents(rows["share"]),
            t("coverage.col_covered"): _whole(rows["covered"]),
            t("coverage.col_rate_low" if coverage.at_least else "coverage.col_rate"): _per_cents(
                rows["rate"], at_least=coverage.at_least
            ),
        }
    )


def heritage(district: District, minutes: pd.DataFrame) -> pd.DataFrame:
    """Return the heritage places of the district with the minutes to every service."""
    places = district.heritage[district.heritage["inside"].astype(bool)]
    near = minutes.loc[places.index]
    columns = {
        t("details.col_minutes_to", kind=district.kinds[str(kind)].name): near[kind]
        .where(np.isfinite(near[kind]))
        .round(1)
        for kind in near
    }
    return pd.DataFrame(
        {
            t("details.col_name"): places["name"],
            t("details.col_address"): places["address"],
            t("details.col_kind"): wording.in_own_words(places, "kind"),
            t("details.col_batch"): wording.in_own_words(places, "batch"),
            t("details.col_grade"): wording.in_own_words(places, "grade"),
            **columns,
        }
    )


def circles(district: District, comparison: Comparison) -> pd.DataFrame:
    """Return what a circle and a polygon count wrongly, by area and age group."""
    rows = _in_order(comparison.table)
    return pd.DataFrame(
        {
            t("details.col_answer"): rows["answer"].map(lambda name: t(f"details.answer_{name}")),
            **_who(district, rows),
            t("details.answer_network"): _whole(rows["network"]),
            t("details.col_counted"): _whole(rows["counted"]),
            t("details.col_wrongly_in"): _whole(rows["wrongly_in"]),
            t("details.col_wrongly_out"): _whole(rows["wrongly_out"]),
        }
    )


def zones(district: District, coverage: Coverage, gaps: tuple[Gap, ...]) -> pd.DataFrame:
    """Return every gap zone, worst first."""
    nearest = [
        wording.name_of(district.facilities.iloc[gap.nearest]) if gap.nearest >= 0 else "—"
        for gap in gaps
    ]
    by_metres = coverage.rule is Rule.METRES
    beyond = "details.col_beyond_metres" if by_metres else "details.col_beyond"
    without_way = {t("details.col_without_way"): [round(gap.residents_without_way) for gap in gaps]}
    return pd.DataFrame(
        {
            t("details.col_rank"): [gap.rank for gap in gaps],
            t("details.col_zone"): [wording.gap_name(gap) for gap in gaps],
            t("coverage.col_residents"): [round(gap.residents) for gap in gaps],
            t("group.residents_60_plus"): [whole(gap.residents_60_plus) for gap in gaps],
            t(beyond, limit=wording.limit_text(coverage)): [wording.beyond(gap) for gap in gaps],
            **(without_way if any(gap.residents_without_way for gap in gaps) else {}),
            t("details.col_nearest"): nearest,
            t("details.col_detour"): [
                round(gap.detour, 1) if np.isfinite(gap.detour) else None for gap in gaps
            ],
            t("cause.title"): [t(f"cause.{gap.cause.value}") for gap in gaps],
            t("details.col_heritage"): [gap.heritage for gap in gaps],
            t("cause.constrained"): [wording.yes_or_no(gap.constrained) for gap in gaps],
        }
    )


def _in_order(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the groups that are shown, in their order within each area.

    Areas, and whatever else rows are told apart by, stay in the order they came in.
    """
    rows = table[table["group"].isin(SHOWN_GROUPS)]
    kept = [column for column in ("answer", "area") if column in rows]
    block = rows.groupby(kept, sort=False).ngroup()
    place = rows["group"].map(SHOWN_GROUPS.index)
    return rows.iloc[np.lexsort((place, block))]


def _who(district: District, table: pd.DataFrame, level: str = "area") -> dict[str, pd.Series[str]]:
    areas = wording.area_names(district, level)
    return {
        t("coverage.col_area"): table["area"].map(lambda area: areas.get(area, area or "—")),
        t("coverage.col_group"): table["group"].map(lambda group: t(f"group.{group}")),
    }


def whole(count: float) -> int | None:
    """Return a count of residents in whole persons; None where it is not known."""
    return None if np.isnan(count) else round(count)


def _whole(values: pd.Series[float]) -> pd.Series[int]:
    """Return counts in whole persons, empty where they are not known."""
    return values.round().astype("Int64" if values.hasnans else int)


def _per_cents(shares: pd.Series[float], *, at_least: bool = False) -> pd.Series[float]:
    """Return shares in per cents as they are told in words."""
    return shares.map(lambda share: per_cents(share, at_least=at_least))


def _of_thousand(of_one: pd.Series[float], capacity: Capacity) -> pd.Series[float]:
    """Return capacities for one resident as those for a thousand, cut off where at least."""
    amounts = of_one * PER
    if capacity.supply_at_least:
        return amounts.map(lambda amount: cut(amount, 2), na_action="ignore")
    return amounts.round(2)


def _text(value: object) -> object:
    if isinstance(value, str) and value.startswith(FORMULA):
        return "'" + value
    return value
