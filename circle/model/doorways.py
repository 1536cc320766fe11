"""Doorways 门洞 and their lifts: the words of the register, and people floor by floor."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TypeVar

import numpy as np

from circle.model.vocabulary import AGE_GROUPS, Floats

HOME_GROUPS = ("residents", "residents_60_plus", *AGE_GROUPS)
"""The groups whose number a register may state floor by floor."""
BY_FLOOR = ("flats_by_floor", *(f"{group}_by_floor" for group in HOME_GROUPS))
"""Columns with a number for each floor, from the first up."""
MOST_FLOORS = 60


class Lift(StrEnum):
    """What a doorway has of a lift; one that is not stated is no lift to count on."""

    NONE = "none"
    PLANNED = "planned"
    UNDER_WAY = "under_way"
    RUNNING = "running"


class Entry(StrEnum):
    """Where a lift stops: at the flats' own level, or half a flight from it (错层)."""

    LEVEL = "level"
    SPLIT = "split"


class Blocker(StrEnum):
    """What stands in the way of a lift."""

    STRUCTURE = "structure"
    FIRE_LANE = "fire_lane"
    DAYLIGHT = "daylight"
    PIPES = "pipes"
    CRANE = "crane"
    TREES = "trees"
    NEIGHBOUR = "neighbour"
    GROUND = "ground"


class Stage(StrEnum):
    """How far a lift's programme has come; each stage has a column of dates of its name."""

    SURVEY = "surveyed"
    CONSULT = "consulted"
    DESIGN = "designed"
    FILING = "filed"
    BUILDING = "started"
    DONE = "finished"


_LIFT_WORDS = {
    Lift.NONE: ("无", "没有", "未加装", "未装", "no", "否", "0"),
    Lift.PLANNED: ("拟装", "计划", "拟加装", "计划中", "规划", "筹备"),
    Lift.UNDER_WAY: ("施工中", "施工", "在建", "建设中", "underway", "installing"),
    Lift.RUNNING: (
        "有",
        "已装",
        "已加装",
        "运行",
        "运行中",
        "在用",
        "竣工",
        "已竣工",
        "yes",
        "是",
        "1",
        "installed",
    ),
}
_ENTRY_WORDS = {
    Entry.LEVEL: ("平层", "平层入户", "平入户"),
    Entry.SPLIT: ("错层", "错层入户", "半层", "半平台", "split-level"),
}
_BLOCKER_WORDS = {
    Blocker.STRUCTURE: ("结构", "房屋结构"),
    Blocker.FIRE_LANE: ("消防", "消防通道", "消防车道", "firelane"),
    Blocker.DAYLIGHT: ("采光", "日照", "通风采光"),
    Blocker.PIPES: ("管线", "管井", "化粪池", "pipesandwells", "wells"),
    Blocker.CRANE: ("吊装", "吊车", "吊车进出", "craneaccess"),
    Blocker.TREES: ("树木", "绿化", "乔木"),
    Blocker.NEIGHBOUR: ("保护建筑", "相邻保护建筑", "protectedneighbour"),
    Blocker.GROUND: ("用地", "小区用地", "场地", "groundofthecompound"),
}
_NOTHING = {"无", "没有", "none"}
"""What a cell of blockers says where somebody looked and nothing stands in the way."""
_LISTED = re.compile(r"[;；、,，/\n]+")
_PARTED = re.compile(r"[;；、,，/\s]+")
_NUMBER = re.compile(r"\d{1,5}(\.\d{1,4})?")
_NOT_KNOWN = {"?", "？", "-", "—"}
_UNSAID = re.compile(r"[\s_（）()]+")

Word = TypeVar("Word", bound=StrEnum)


def lift_of(text: str) -> Lift | None:
    """Return what a cell says of the lift; None for a word that is none of ours."""
    return word_of(text, _LIFT_WORDS)


def entry_of(text: str) -> Entry | None:
    """Return what a cell says of where the lift stops; None for a word that is none of ours."""
    return word_of(text, _ENTRY_WORDS)


def blockers_of(text: str) -> tuple[Blocker, ...] | None:
    """Return what a cell names as standing in the way; None where a word is none of ours.

    None are named by a cell that says so (``none``); an empty cell says nothing either way.
    """
    parts = [part.strip() for part in _LISTED.split(text) if part.strip()]
    if parts and set(parts) <= _NOTHING:
        return ()
    words = {word_of(part, _BLOCKER_WORDS) for part in parts}
    return None if None in words else tuple(each for each in Blocker if each in words)


def blockers_text(blockers: tuple[Blocker, ...]) -> str:
    """Write what `blockers_of` reads."""
    return ";".join(each.value for each in blockers) or "none"


def by_floor(text: str) -> Floats | None:
    """Return the numbers of a cell such as ``4;6;5``, from the first floor up.

    A part that is a dash or a question mark is NaN, not known; None for a text that is
    no such list.
    """
    parts = [part for part in _PARTED.split(text) if part]
    if not 1 <= len(parts) <= MOST_FLOORS:
        return None
    if not all(part in _NOT_KNOWN or _NUMBER.fullmatch(part) for part in parts):
        return None
    return np.array([np.nan if part in _NOT_KNOWN else float(part) for part in parts], np.float64)


def word_of(text: str, words: dict[Word, tuple[str, ...]]) -> Word | None:
    """Return which of a register's words a cell says, by itself or by another name; else None."""
    said = _UNSAID.sub("", text).casefold()
    for word, others in words.items():
        if said in {_UNSAID.sub("", word.value), *(_UNSAID.sub("", each) for each in others)}:
            return word
    return None
