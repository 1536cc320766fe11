"""Lifts in words and tables: the programme, reach from the flat, what each lift would win."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from circle.doors.numbers import numbers
from circle.doors.programme import by_compound, published, stages_of
from circle.i18n import language, t
from circle.i18n.rounding import percent
from circle.model.doorways import Lift, Stage
from circle.places.facilities import register_of
from circle.words.wording import inline

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from circle.doors.programme import Published
    from circle.measures.door_to_door import DoorToDoor
    from circle.model import District

SENIORS = "residents_60_plus"
_CITED = re.compile(r"^seed \d+: ")
"""How facts cite a source article."""


def published_sentence(told: Published) -> str:
    """Return in a sentence what was published of a programme."""
    if told.nothing:
        return t("lifts.published_nothing")
    figures = [("surveyed", told.surveyed), ("suitable", told.suitable), ("hard", told.hard)]
    parts = [t(f"lifts.published_{key}", n=n) for key, n in figures if n is not None]
    lifts = [(lift, told.doorways(lift)) for lift in (Lift.RUNNING, Lift.UNDER_WAY)]
    parts += [t(f"lifts.published_{lift.value}", n=n) for lift, n in lifts if n]
    return t("lifts.published", parts=t("lifts.comma").join(parts))


def projects_table(district: District) -> pd.DataFrame:
    """Return what was published of each project, as a table to print."""
    projects = published(district).projects
    names = projects["compound"]
    if language() == "en" and "compound_en" in projects:
        names = projects["compound_en"].where(projects["compound_en"].ne(""), names)
    told = [_source(row) for row in projects.to_dict("records")]
    columns = {
        "compound": names,
        "doorways": [f"{count:.0f}" for count in projects["doorways"]],
        "lift": [lift_text(lift) for lift in projects["lift"]],
        "source": told,
    }
    return pd.DataFrame({t(f"lifts.column.{key}"): values for key, values in columns.items()})


def _source(row: Mapping[Any, Any]) -> str:
    said = str(row.get("source_zh") or "") if language() == "zh" else ""
    return said or _CITED.sub(t("lifts.cited"), str(row.get("source") or ""))


def lift_text(lift: str) -> str:
    """Return the state of a lift in words; that it is not stated for ""."""
    return t(f"lifts.lift.{lift or 'unknown'}")


def stage_text(stage: str) -> str:
    """Return a stage of the programme in words; that none is dated for ""."""
    return t(f"lifts.stage.{stage or 'unknown'}")


def group_text(group: str) -> str:
    """Return an age group in words."""
    return t(f"group.{group}")


def reach_sentence(district: District, answer: DoorToDoor, group: str = SENIORS) -> str:
    """Return how many are within reach of the street's door and not of their flat."""
    rows = answer.table[answer.table["group"].eq(group)]
    kind = inline(district.kinds[answer.question.kind].name)
    if rows.empty:
        return t("lifts.reach_unknown", group=t(f"group_of.{group}"))
    row = rows.iloc[0]
    complete = register_of(district, answer.question.kind).is_complete
    return t(
        "lifts.reach" if complete else "lifts.reach_at_least",
        group=t(f"group_of.{group}"),
        n=whole(row["residents"]),
        kind=kind,
        minutes=f"{answer.question.criterion.minutes:g}",
        door=whole(row["door"]),
        flat=whole(row["flat"]),
        lost=whole(row["lost"]),
        low=whole(row["lost_low"]),
        high=whole(row["lost_high"]),
    )


def reach_table(answer: DoorToDoor) -> pd.DataFrame:
    """Return reach from door and flat by age, with intervals, as a table to print."""
    rows = []
    for row in answer.table.to_dict("records"):
        cells = {"group": group_text(str(row["group"])), "residents": whole(row["residents"])}
        for name in ("door", "flat", "lost"):
            cells[name] = t("lifts.with_share", n=whole(row[name]), share=_share(row, name))
            cells[f"{name}_range"] = range_text(row[f"{name}_low"], row[f"{name}_high"])
        rows.append(cells)
    table = pd.DataFrame(rows)
    return table.rename(columns={name: t(f"lifts.column.{name}") for name in table})


def _share(row: Mapping[Any, Any], name: str) -> str:
    return percent(row[name] / row["residents"]) if row["residents"] else "—"


def won_line(row: Mapping[Any, Any]) -> str:
    """Return what a lift wins at a doorway, in a line with its intervals."""
    return t(
        "lifts.won",
        people=whole(row["people"]),
        seniors=whole(row["seniors"]),
        minutes=range_text(row["minutes_week_low"], row["minutes_week_high"]),
        reached=range_text(row["reached_low"], row["reached_high"]),
    )


def won_figure(row: Mapping[Any, Any], by: str) -> str:
    """Return what a lift wins at a doorway, by what the ranking is by."""
    return t(f"lifts.won_{by}", n=whole(row[by]))


def ranking_table(register: pd.DataFrame, ranked: pd.DataFrame, most: int) -> pd.DataFrame:
    """Return the doorways without a lift, as a table to print.

    Parameters
    ----------
    ranked
        `DoorToDoor.doorways`, in the order of the ranking.
    """
    stages = stages_of(register)
    rows = []
    for rank, row in enumerate(ranked.head(most).to_dict("records"), start=1):
        at = int(row["row"])
        cells = {
            "rank": str(rank),
            "doorway": doorway_name(register, at),
            "floors": _floors(register, at),
            "lift": lift_text(stages["lift"].iloc[at]),
            "people": whole(row["people"]),
            "seniors": whole(row["seniors"]),
            "minutes_week": whole(row["minutes_week"]),
            "minutes_range": range_text(row["minutes_week_low"], row["minutes_week_high"]),
            "reached": whole(row["reached"]),
            "reached_range": range_text(row["reached_low"], row["reached_high"]),
        }
        rows.append({t(f"lifts.column.{name}"): value for name, value in cells.items()})
    return pd.DataFrame(rows)


def doorway_name(register: pd.DataFrame, row: int) -> str:
    """Return what a doorway is called: its address, else its id."""
    return str(register["address"].iloc[row] or "") or str(register["id"].iloc[row])


def _floors(register: pd.DataFrame, row: int) -> str:
    floors = register["floors"].iloc[row]
    return "—" if np.isnan(floors) else f"{floors:.0f}"


def board_table(register: pd.DataFrame) -> pd.DataFrame:
    """Return the programme by compound, as a table to print."""
    table = by_compound(register)
    names = {"not_dated": t("lifts.stage.unknown"), "waiting": t("lifts.column.waits")}
    names |= {"compound": t("lifts.column.compound"), "doorways": t("lifts.column.doorways")}
    names |= {stage.value: stage_text(stage) for stage in Stage}
    table["compound"] = table["compound"].where(table["compound"].ne(""), t("lifts.no_compound"))
    return table.astype(str).rename(columns=names)


def doorways_table(register: pd.DataFrame) -> pd.DataFrame:
    """Return how far each doorway has come, as a table to print."""
    stages = stages_of(register)
    compound = register.get("compound", "")
    columns = {
        "compound": compound,
        "doorway": [doorway_name(register, row) for row in range(len(register))],
        "lift": [lift_text(lift) for lift in stages["lift"]],
        "stage": [stage_text(stage) for stage in stages["stage"]],
        "since": stages["since"].replace("", "—"),
        "waiting": stages["waiting"].replace("", "—"),
    }
    table = pd.DataFrame(columns, index=register.index)
    return table.rename(columns={name: t(f"lifts.column.{name}") for name in table})


def numbers_table(names: Iterable[str] = ()) -> pd.DataFrame:
    """Return the numbers that times between flat and street rest on, each with its source."""
    known = numbers()
    rows = [
        {
            t("lifts.column.number"): t(f"lifts.number.{number.name.replace('.', '_')}"),
            t("lifts.column.value"): f"{number.value:g} {t(f'lifts.unit.{_key(number.unit)}')}",
            t("lifts.column.drawn"): _drawn(number.low, number.high),
            t("lifts.column.status"): t(f"lifts.status.{number.status}"),
            t("lifts.column.source"): str(number.source),
        }
        for name in (names or known)
        for number in (known[name],)
    ]
    return pd.DataFrame(rows)


def _key(unit: str) -> str:
    return unit.replace("/", "_per_").replace(" ", "_")


def _drawn(low: float, high: float) -> str:
    return "—" if low == high else f"{low:g}–{high:g}"


def whole(value: float) -> str:
    """Return a count as a whole number, thousands separated; a dash where there is none."""
    return f"{value:,.0f}" if np.isfinite(value) else "—"


def range_text(low: float, high: float) -> str:
    """Return the ends of an interval of counts."""
    return f"{whole(low)}–{whole(high)}"


def register_notes(answer: DoorToDoor) -> list[str]:
    """Return what is to be known of the register behind an answer."""
    homes, notes = answer.homes, []
    spread = len(np.unique(homes.doorway[homes.spread]))
    unknown = len(homes.running) - len(np.unique(homes.doorway))
    off = int(np.isinf(answer.door_s).sum())
    nobody = int(
        (np.bincount(homes.doorway, homes.group("residents"), len(homes.running)) == 0).sum()
    )
    for key, n in (("spread", spread), ("no_floors", unknown), ("no_way", off), ("nobody", nobody)):
        if n:
            notes.append(t(f"lifts.note.{key}", n=n))
    return [*notes, t("lifts.note.basis")]
