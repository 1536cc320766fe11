"""Plans of sites as tables: on the page, and as files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from circle.i18n import t
from circle.i18n.rounding import about, bound, fixed, percent, rounded
from circle.siting.constraints import named
from circle.siting.explain import reach_of_each, taken
from circle.siting.record import opened
from circle.words.siting import names_of, numbered, value_text
from circle.words.wording import area_names

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from circle.model import District, Kind
    from circle.siting.allocation import Served
    from circle.siting.candidates import Candidates
    from circle.siting.plan import SitePlan
    from circle.siting.task import Task


MOST_OTHERS = 5
_LEAST_SERVED = 0.5


def sites(
    plan: SitePlan,
    candidates: Candidates,
    without: pd.DataFrame | None = None,
    stays: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return what each site of a plan does, a row a site, by its number.

    Parameters
    ----------
    without
        As `explain.without_each`; None where it was not worked out.
    stays
        As `explain.robustness`; None where it was not worked out.
    """
    rooms, reach = opened(plan, candidates).to_dict("records"), reach_of_each(plan)
    moved, rows = taken(plan), []
    for number, (room, row) in enumerate(zip(rooms, reach.to_dict("records"), strict=True), 1):
        site = str(room["id"])
        rows.append(
            {
                t("siting.col_number"): number,
                t("siting.col_site"): room["name"] or site,
                t("siting.col_reaches"): rounded(row["reaches"]),
                t("siting.col_alone"): rounded(row["alone"]),
                t("siting.col_lost"): rounded(row["lost"]),
                t("siting.col_taken"): _taken(plan, moved[moved["site"].eq(site)]),
                **_worked_out(plan, site, without, stays),
                t("siting.col_id"): site,
                **_stated(room),
            }
        )
    return pd.DataFrame(rows)


def _taken(plan: SitePlan, moved: pd.DataFrame) -> str:
    """Return from which existing ones residents come over, and how many."""
    if moved.empty:
        return t("siting.taken_none")
    names = names_of(plan, moved["existing"].tolist())
    told = [f"{name} {rounded(n)}" for name, n in zip(names, moved["residents"], strict=True)]
    return t("unit.and").join(told)


def _worked_out(
    plan: SitePlan, site: str, without: pd.DataFrame | None, stays: pd.DataFrame | None
) -> dict[str, str]:
    told = {}
    if stays is not None:
        told[t("siting.col_stays")] = percent(float(stays["share"][stays["id"].eq(site)].sum()))
    if without is not None:
        row = without[without["id"].eq(site)].iloc[0]
        names = names_of(plan, str(row["opened_without"]).split())
        value = value_text(plan.objective, float(row["value_without"]))
        told[t("siting.col_without")] = t("unit.colon").join(
            filter(None, [value, t("unit.and").join(names)])
        )
    return told


def stays_lines(plan: SitePlan, stays: pd.DataFrame) -> list[str]:
    """Return how good a plan is over the draws, and which other sites are chosen often there.

    Parameters
    ----------
    stays
        As `explain.robustness`.
    """
    said = {"draws": stays.attrs["draws"], "kept": percent(stays.attrs["kept"])}
    lines = [t("siting.stays_note", language=None, **said)]
    others = stays[~stays["in_plan"]].head(MOST_OTHERS)
    if len(others):
        names = names_of(plan, others["id"].tolist())
        told = [
            t("site.stays_name", name=name, share=percent(share))
            for name, share in zip(names, others["share"], strict=True)
        ]
        lines.append(t("siting.stays_others", names=t("unit.and").join(told)))
    return lines


def _stated(room: Mapping[Hashable, Any]) -> dict[str, str]:
    """Return what a register states of a room; nothing of frontage."""
    told = {}
    if room["address"] != room["name"]:
        told[t("siting.col_address")] = room["address"]
    for name in ("floor_area_m2", "cost"):
        if not np.isnan(room[name]):
            told[t(f"siting.col_{name}")] = f"{room[name]:,g}"
    return told


def prices(task: Task, table: pd.DataFrame) -> pd.DataFrame:
    """Return what each constraint costs, as `explain.prices` has it, in words."""
    size = {each.key: len(each.rows) for each in named(task.instance.sites, task.constraints)}
    return pd.DataFrame(
        {
            t("siting.col_constraint"): [
                t(f"site.constraint.{key}") for key in table["constraint"]
            ],
            t("siting.col_rows"): [size.get(key, 0) for key in table["constraint"]],
            t("siting.col_value_without"): _values(task, table["value"]),
            t("siting.col_price"): [
                value_text(task.objective, price) if price else t("siting.free")
                for price in table["price"]
            ],
            t("siting.col_proven"): _proven(table),
        }
    )


def curve(task: Task, table: pd.DataFrame, *, at_least: bool) -> pd.DataFrame:
    """Return the best value of each number of sites, as `explain.curve` has it, in words.

    Parameters
    ----------
    at_least
        Whether rates are lower bounds.
    """
    return pd.DataFrame(
        {
            t("siting.col_count"): table["count"],
            t(f"siting.value_{task.objective.value}"): _values(task, table["value"]),
            t("siting.col_covered"): [bound(each, at_least=at_least) for each in table["covered"]],
            t("siting.col_note"): [t("siting.elbow") if bend else "" for bend in table["elbow"]],
            t("siting.col_proven"): _proven(table),
        }
    )


def front(plan: SitePlan, table: pd.DataFrame) -> pd.DataFrame:
    """Return plans of which none is both cheaper and covers as many, as `explain.pareto` has it."""
    return pd.DataFrame(
        {
            t("siting.col_cost"): [f"{cost:,g}" for cost in table["cost"]],
            t("siting.col_seniors"): [about(count) for count in table["covered"]],
            t("siting.col_site"): [
                t("unit.and").join(names_of(plan, ids.split())) or t("siting.none_new")
                for ids in table["opened"]
            ],
            t("siting.col_proven"): _proven(table),
        }
    )


def closing(tables: Mapping[str, pd.DataFrame], kinds: Mapping[str, Kind]) -> pd.DataFrame:
    """Return what is lost when each facility closes, of some kinds, missed most first.

    Parameters
    ----------
    tables
        As `Study.closing` has them, by kind.
    """
    parts = [table.assign(kind=str(kinds[kind].name)) for kind, table in tables.items()]
    if not parts:
        return pd.DataFrame()
    every = pd.concat(parts, ignore_index=True).sort_values(
        ["lost", "resident_minutes", "id"], ascending=[False, False, True]
    )
    return pd.DataFrame(
        {
            t("siting.col_rank"): range(1, len(every) + 1),
            t("siting.col_facility"): every["name"],
            t("siting.col_kind"): every["kind"],
            t("siting.col_closing_lost"): [rounded(count) for count in every["lost"]],
            t("siting.col_closing_seniors"): _counts(every["lost_60_plus"]),
            t("siting.col_closing_nearest"): [rounded(count) for count in every["nearest"]],
            t("siting.col_closing_now"): [fixed(value, 1) for value in every["minutes_now"]],
            t("siting.col_closing_then"): [fixed(value, 1) for value in every["minutes_then"]],
            t("siting.col_closing_no_other"): [rounded(count) for count in every["no_other"]],
        }
    )


def allocation(served: Served) -> pd.DataFrame:
    """Return who is served by what, and what one more seat or round is worth."""
    rows: list[dict[str, Any]] = [
        {
            t("siting.col_facility"): row["name"] or row["id"],
            t("siting.col_seats"): _limit(row["seats"]),
            t("siting.col_seated"): rounded(row["seated"]),
            t("siting.col_deliveries"): _limit(row["deliveries"]),
            t("siting.col_delivered"): rounded(row["delivered"]),
            t("siting.col_one_seat"): fixed(row["one_more_seat"], 1),
            t("siting.col_one_round"): fixed(row["one_more_round"], 1),
        }
        for row in served.table.to_dict("records")
    ]
    return pd.DataFrame(rows)


def served_areas(district: District, served: Served) -> pd.DataFrame:
    """Return who is served by what: of each area by each facility, and who is left.

    Those who are left stand on a row of their own, without a facility.
    """
    allocation, names = served.allocation, area_names(district)
    areas = district.demand["area"].astype(str).to_numpy()[served.rows]
    rows = []
    for area in sorted(set(areas)):
        here = areas == area
        ways = zip(
            served.table["name"],
            allocation.seated[here].sum(axis=0),
            allocation.delivered[here].sum(axis=0),
            strict=True,
        )
        left = float((served.demanded - allocation.served)[here].sum())
        rows += [
            (names.get(area, area), name, rounded(seated), rounded(delivered), "")
            for name, seated, delivered in ways
            if seated + delivered >= _LEAST_SERVED
        ]
        rows.append((names.get(area, area), t("siting.nobody"), "", "", rounded(left)))
    columns = ("col_area", "col_facility", "col_seated", "col_delivered", "col_left")
    return pd.DataFrame(rows, columns=[t(f"siting.{name}") for name in columns])


def unserved(table: pd.DataFrame) -> pd.DataFrame:
    """Return the residents whom no candidate reaches, by street, as `explain.unserved` has it."""
    return pd.DataFrame(
        {
            t("siting.col_street"): table["street"],
            t("siting.col_residents"): [about(count) for count in table["residents"]],
            t("siting.col_places"): table["places"],
        }
    )


def plan_names(plan: SitePlan) -> dict[str, str]:
    """Return what the sites of a plan are called with their numbers, by id."""
    return dict(zip(plan.opened, numbered(plan), strict=True))


def _values(task: Task, values: pd.Series) -> list[str]:
    return [value_text(task.objective, float(value)) for value in values]


def _proven(table: pd.DataFrame) -> list[str]:
    return [t("siting.proven" if proven else "siting.not_proven") for proven in table["proven"]]


def _counts(values: pd.Series) -> list[str]:
    return [t("unit.not_known") if np.isnan(count) else rounded(count) for count in values]


def _limit(value: float) -> str:
    return f"{value:,.0f}" if np.isfinite(value) else t("siting.no_limit")
