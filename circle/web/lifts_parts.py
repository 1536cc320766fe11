"""Parts of Lifts and lanes: the board, the map, the ranking, reach from the flat."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from circle.doors.programme import published, stages_of
from circle.i18n import t
from circle.maps import layers, legend
from circle.model.doorways import Lift
from circle.web import controls, downloads, memo, shell, state
from circle.web.map_view import show_map
from circle.words import lifts as words

if TYPE_CHECKING:
    import pandas as pd

    from circle.maps.drawing import Shared
    from circle.measures.door_to_door import DoorToDoor
    from circle.model import District

MOST_LISTED = 20
MOST_DRAWN = 5_000
_STATES = (*(lift.value for lift in Lift), "unknown")
_ORDERS = ("minutes_week", "reached")


def board(district: District, register: pd.DataFrame, prefix: str, *, compared: bool) -> None:
    """Draw the programme by compound and by doorway, held against what was published."""
    shell.heading(t("lifts.part.board"))
    if compared:
        _compared(district, register)
    downloads.table(words.board_table(register), file=prefix + t("lifts.file.board"))
    shell.heading(t("lifts.by_doorway"))
    downloads.table(words.doorways_table(register), file=prefix + t("lifts.file.doorways"))


def _compared(district: District, register: pd.DataFrame) -> None:
    """Say how many doorways the register has, and how many were published."""
    told, lifts = published(district), stages_of(register)["lift"]
    lines = []
    if told.surveyed is not None:
        lines.append(t("lifts.compared", ours=f"{len(register):,}", published=f"{told.surveyed:,}"))
    for lift in (Lift.RUNNING, Lift.UNDER_WAY):
        if n := told.doorways(lift):
            ours = int(lifts.eq(lift).sum())
            lines.append(
                t("lifts.compared_lift", lift=words.lift_text(lift), ours=ours, published=n)
            )
    if lines:
        shell.notes(lines)


def on_map(district: District, register: pd.DataFrame) -> None:
    """Draw the doorways by the state of their lift."""
    shell.heading(t("lifts.part.map"))
    key = (len(register), str(register["id"].iloc[0]))
    shown = memo.drawn(district, "doorways", key, lambda: _spots(register))
    lifts = stages_of(register)["lift"].replace("", "unknown")
    rows = [
        legend.spots_row(lift, words.lift_text("" if lift == "unknown" else lift), _letter(lift))
        for lift in _STATES
        if lifts.eq(lift).any()
    ]
    show_map(district, [layers.spots(shown), legend.layer(rows)], key="doorways")
    if len(register) > MOST_DRAWN:
        shell.notes([t("data_map.most", n=f"{MOST_DRAWN:,}", all=f"{len(register):,}")])


def _letter(lift: str) -> str:
    return t(f"lifts.letter.{lift}")


def _spots(register: pd.DataFrame) -> Shared:
    stages = stages_of(register)
    rows = register.head(MOST_DRAWN).to_dict("records")
    return layers.spot_places(
        layers.Spot(
            str(row["id"]),
            row["lon"],
            row["lat"],
            words.doorway_name(register, number),
            stages["lift"].iloc[number] or "unknown",
            _letter(stages["lift"].iloc[number] or "unknown"),
            (
                words.lift_text(stages["lift"].iloc[number]),
                words.stage_text(stages["stage"].iloc[number]),
            ),
        )
        for number, row in enumerate(rows)
    )


def ranking(register: pd.DataFrame, answer: DoorToDoor, prefix: str) -> None:
    """Draw the doorways without a lift, the one that wins most first."""
    shell.heading(t("lifts.part.rank"))
    if answer.doorways.empty:
        shell.notes([t("lifts.rank_none")])
        return
    order = controls.segmented(
        t("lifts.rank_by"),
        _ORDERS,
        state.choice("by", _ORDERS),
        lambda name: t(f"lifts.column.{name}"),
        titled=True,
    )
    other = _ORDERS[order == _ORDERS[0]]
    ranked = answer.doorways.sort_values([order, other], ascending=False, kind="stable")
    most = float(ranked[order].max()) or 1.0
    shell.rows(
        [
            shell.Row(
                words.doorway_name(register, int(row["row"])),
                words.won_line(row),
                words.won_figure(row, order),
                rank=rank,
                share=float(row[order]) / most,
            )
            for rank, row in enumerate(ranked.head(MOST_LISTED).to_dict("records"), start=1)
        ]
    )
    with st.expander(t("lifts.rank_table", n=f"{len(ranked):,}")):
        table = words.ranking_table(register, ranked, len(ranked))
        downloads.table(table, file=prefix + t("lifts.file.ranking"))
    shell.notes([t("lifts.rank_note")])


def reach(answer: DoorToDoor, prefix: str) -> None:
    """Draw who is within reach from the door and from the flat, by age."""
    shell.heading(t("lifts.part.reach"))
    downloads.table(words.reach_table(answer), file=prefix + t("lifts.file.reach"))
