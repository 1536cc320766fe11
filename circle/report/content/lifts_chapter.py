"""The chapter on lifts and the way from the flat, and its layers.

A report for the public (its wishes are those published) tells what was published, and of a
register its totals alone: no doorway by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from circle.doors.programme import published, stages_of
from circle.i18n import t
from circle.model import NoData
from circle.model.doorways import Lift, Stage
from circle.report.content.choices import Wishes
from circle.report.content.elements import Bullets, Paragraph, Section, Table, Tone
from circle.words import lifts as words

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from circle.doors.programme import Published
    from circle.measures.door_to_door import DoorToDoor
    from circle.report.content.answers import Answers
    from circle.report.content.elements import Block

MOST = 20
"""Doorways that the ranking tells; the layer of doorways has all of them."""
_FIGURES = ("surveyed", "suitable", "hard")
_COLOURS = {
    Lift.RUNNING.value: "#2F6B3C",
    Lift.UNDER_WAY.value: "#B8860B",
    Lift.PLANNED.value: "#0B5394",
    Lift.NONE.value: "#A33B20",
    "": "#8A8578",
}


class Points(NamedTuple):
    """The rows of a layer, and where each is, metres, shape (n, 2)."""

    rows: list[dict[str, Any]]
    xy: np.ndarray


def chapter(answers: Answers) -> Iterator[Section]:
    """Give the chapter; nothing where there is neither a register nor anything published."""
    district, register = answers.district, answers.district.doorways
    told = published(district)
    if told.nothing and register is None:
        return
    blocks: list[Block] = [Paragraph(words.published_sentence(told)), *_published(answers, told)]
    if register is None:
        blocks.append(Bullets((t("lifts.no_register"), t("report.lifts.bring"))))
    elif register.empty:
        blocks.append(Paragraph(t("report.lifts.none_here"), Tone.NOTE))
    elif for_public(answers):
        totals = _totals(register)
        blocks.append(Table("lift-stages", t("lifts.totals"), totals, t("lifts.totals_note")))
    else:
        blocks += _of_register(answers, register)
    yield Section("lifts", t("report.lifts.title"), tuple(blocks))


def for_public(answers: Answers) -> bool:
    """Whether the report is for the public."""
    return answers.choice.wishes == Wishes.PUBLISHED


def answer_of(answers: Answers) -> DoorToDoor | None:
    """Return who reaches the report's first service from flats; None where nobody can say."""
    register = answers.district.doorways
    if register is None or register.empty or not answers.covered or for_public(answers):
        return None
    answer = answers.study.door_to_door(answers.covered[0][1].question, register, "")
    return None if isinstance(answer, NoData) else answer


def doorways(answers: Answers) -> Points | None:
    """Return each doorway of the register; None for the public, or where there is none."""
    register, answer = answers.district.doorways, answer_of(answers)
    if register is None or answer is None:
        return None
    stages, homes = stages_of(register), answer.homes
    farthest = np.full(len(register), np.nan)
    np.fmax.at(farthest, homes.doorway, _minutes(answer.vertical_s))
    ranked = answer.doorways.assign(rank=range(1, len(answer.doorways) + 1)).set_index("row")
    won = ranked.reindex(range(len(register)))
    rows = [
        {
            "id": row["id"],
            "address": row.get("address") or "",
            "compound": row.get("compound") or "",
            "floors": row["floors"],
            "lift": stages["lift"].iloc[at],
            "stage": stages["stage"].iloc[at],
            "since": stages["since"].iloc[at],
            "door_min": _minutes(answer.door_s[at]),
            "flat_most": farthest[at],
            "lift_rank": won["rank"].iloc[at],
            "people": won["people"].iloc[at],
            "people_60": won["seniors"].iloc[at],
            "won_week": np.round(won["minutes_week"].iloc[at], 1),
            "won_60": np.round(won["reached"].iloc[at], 1),
        }
        for at, row in enumerate(register.to_dict("records"))
    ]
    return Points(rows, register[["x", "y"]].to_numpy(np.float64))


def projects(answers: Answers) -> Points | None:
    """Return each project that was published; None where none was."""
    table = published(answers.district).projects
    if table.empty:
        return None
    said = words.projects_table(answers.district).to_numpy()
    rows = [
        {
            "name": name,
            "doorways": int(row["doorways"]),
            "lift": row["lift"],
            "accuracy_m": row.get("position_accuracy_m", np.nan),
            "source": source,
        }
        for row, (name, *_, source) in zip(table.to_dict("records"), said, strict=True)
    ]
    return Points(rows, table[["x", "y"]].to_numpy(np.float64))


def legend(spots: Points) -> dict[str, tuple[str, str]]:
    """Return colour and words of what there is of a lift at some points."""
    states = {row["lift"] for row in spots.rows}
    return {
        lift: (paint, words.lift_text(lift)) for lift, paint in _COLOURS.items() if lift in states
    }


def _published(answers: Answers, told: Published) -> Iterator[Table]:
    counts = [told.surveyed, told.suitable, told.hard]
    figures = [(name, n) for name, n in zip(_FIGURES, counts, strict=True) if n is not None]
    if figures:
        columns = {
            t("report.lifts.figure"): [t(f"lifts.figure_{name}") for name, _ in figures],
            t("lifts.column.doorways"): [n for _, n in figures],
            t("lifts.column.source"): [t("report.lifts.cited")] * len(figures),
        }
        yield Table("lift-programme", t("report.lifts.table_published"), pd.DataFrame(columns))
    if len(told.projects):
        frame = words.projects_table(answers.district)
        count = t("lifts.column.doorways")
        yield Table("lift-projects", t("lifts.projects"), frame.astype({count: int}))


def _totals(register: pd.DataFrame) -> pd.DataFrame:
    stages = stages_of(register)["stage"]
    names = [stage.value for stage in Stage if stages.eq(stage).any()]
    names += [""] if stages.eq("").any() else []
    return pd.DataFrame(
        {
            t("lifts.column.stage"): [words.stage_text(name) for name in names],
            t("lifts.column.doorways"): [int(stages.eq(name).sum()) for name in names],
        }
    )


def _of_register(answers: Answers, register: pd.DataFrame) -> Iterator[Block]:
    """Give what the register says: the programme, reach by age, where a lift is worth most."""
    yield Table("lift-board", t("report.lifts.table_board"), _numeric(words.board_table(register)))
    answer = answer_of(answers)
    if answer is None:
        yield Paragraph(t("report.lifts.no_service"), Tone.NOTE)
        return
    yield Paragraph(words.reach_sentence(answers.district, answer))
    service = answers.covered[0][0].name
    title = t("report.lifts.table_reach", name=service)
    yield Table("lift-reach", title, words.reach_table(answer), t("lifts.note.basis"))
    if len(answer.doorways):
        title = t("report.lifts.table_ranking", n=min(MOST, len(answer.doorways)))
        frame = _numeric(words.ranking_table(register, answer.doorways, MOST))
        yield Table("lift-ranking", title, frame, t("lifts.rank_note"))
    else:
        yield Paragraph(t("lifts.rank_none"))
    yield Bullets(tuple(words.register_notes(answer)[:-1]) or (t("report.lifts.whole"),))
    names = words.numbers_table()
    yield Table("lift-numbers", t("lifts.numbers"), names)


def _numeric(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table to print with its counts as numbers again; a dash is none."""
    read = {
        name: pd.to_numeric(values.astype(str).str.replace(",", "").replace("—", "nan"), "coerce")
        for name, values in table.items()
    }
    whole = {
        name: values
        for name, values in read.items()
        if (values.notna() | table[name].eq("—")).all() and values.notna().any()
    }
    return table.assign(**{str(name): values for name, values in whole.items()})


def _minutes(seconds: np.ndarray) -> np.ndarray:
    minutes = np.asarray(seconds, np.float64) / 60
    return np.where(np.isfinite(minutes), np.round(minutes, 2), np.nan)
