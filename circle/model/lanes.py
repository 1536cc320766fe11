"""Lanes 里弄 under renewal, one plan each (一弄一策): the words of the register."""

from __future__ import annotations

from enum import StrEnum

from circle.model.doorways import word_of

MOST_EXTENT_M = 1000.0


class LaneState(StrEnum):
    """How far the renewal of a lane has come."""

    PLANNED = "planned"
    UNDER_WAY = "under_way"
    DONE = "done"


class Step(StrEnum):
    """The steps of a renewal; each has a column of dates of its name."""

    PLANNED = "planned"
    STARTED = "started"
    FINISHED = "finished"


_WORDS = {
    LaneState.PLANNED: ("计划", "计划中", "拟实施", "未开工", "待开工", "筹备"),
    LaneState.UNDER_WAY: ("施工中", "施工", "在建", "进行中", "实施中", "underway", "inprogress"),
    LaneState.DONE: ("完成", "已完成", "完工", "已完工", "竣工", "已竣工", "finished", "completed"),
}


def state_of(text: str) -> LaneState | None:
    """Return what a cell says of a renewal; None for a word that is none of ours."""
    return word_of(text, _WORDS)
