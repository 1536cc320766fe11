"""What is wrong with a register of doorways: words, floors, dates and counts that cannot be."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circle.load.problems import rows_at_fault
from circle.model.doorways import (
    BY_FLOOR,
    Blocker,
    Entry,
    Lift,
    Stage,
    blockers_of,
    by_floor,
    entry_of,
    lift_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from enum import StrEnum

    from circle.model import Finding

FILE = "doorways.csv"
_WORDS: dict[str, tuple[Callable[[str], object], type[StrEnum]]] = {
    "elevator": (lift_of, Lift),
    "entry": (entry_of, Entry),
    "blockers": (blockers_of, Blocker),
}
_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
_PARTS = (
    ("owners", "owners_voted", "owners_agreed"),
    ("area_m2", "area_voted_m2", "area_agreed_m2"),
    ("compound_owners", "compound_owners_voted", "compound_owners_agreed"),
    ("compound_area_m2", "compound_area_voted_m2", "compound_area_agreed_m2"),
    ("residents", "residents_60_plus"),
)
"""Counts of which each is part of the one before."""


def doorway_findings(table: pd.DataFrame | None) -> list[Finding]:
    """Return what cannot be in a register of doorways, row by row.

    Parameters
    ----------
    table
        With numbers as numbers; None where the district has no register.
    """
    if table is None:
        return []
    return [*_words(table), *_floors(table), *_dates(table), *_counts(table)]


def _texts(table: pd.DataFrame, column: str) -> pd.Series[str]:
    return table[column].astype(str).str.strip() if column in table else pd.Series([], dtype=str)


def _words(table: pd.DataFrame) -> list[Finding]:
    findings = []
    for column, (read, known) in _WORDS.items():
        stated = _texts(table, column)
        wrong = [text != "" and read(text) is None for text in stated]
        words = np.full(len(stated), ", ".join(known), dtype=object)
        findings += rows_at_fault(wrong, FILE, "register_word", column, value=stated, known=words)
    return findings


def _floors(table: pd.DataFrame) -> list[Finding]:
    findings = []
    storeys = table["floors"].to_numpy(np.float64)
    for column in BY_FLOOR:
        stated = _texts(table, column)
        lists = [by_floor(text) if text else np.zeros(0) for text in stated]
        unread = np.array([people is None for people in lists], np.bool_)
        findings += rows_at_fault(unread, FILE, "by_floor", column, value=stated)
        count = np.array([0 if people is None else len(people) for people in lists], np.float64)
        wrong = (count > 0) & ~np.isnan(storeys[: len(count)]) & (count != storeys[: len(count)])
        values = {"have": count.astype(int), "want": np.nan_to_num(storeys[: len(count)])}
        findings += rows_at_fault(wrong, FILE, "by_floor_count", column, **values)
    return findings


def _dates(table: pd.DataFrame) -> list[Finding]:
    """Return dates that are none, and stages dated before one that comes earlier."""
    findings = []
    latest = pd.Series("", table.index, dtype=object)
    for column in ("elevator_since", *Stage):
        stated = _texts(table, column)
        if stated.empty:
            continue
        right = stated.map(lambda text: text == "" or _DATE.fullmatch(text) is not None)
        findings += rows_at_fault(~right, FILE, "bad_date", column, value=stated)
        if column == "elevator_since":
            continue
        shared = [min(len(a), len(b)) for a, b in zip(stated, latest, strict=True)]
        early = [a != "" and a[:n] < b[:n] for a, b, n in zip(stated, latest, shared, strict=True)]
        findings += rows_at_fault(
            np.array(early) & right, FILE, "stage_order", column, value=stated, before=latest
        )
        latest = latest.where(stated.eq("") | ~right, stated)
    return findings


def _counts(table: pd.DataFrame) -> list[Finding]:
    findings = []
    for columns in _PARTS:
        held = [name for name in columns if name in table]
        for whole, part in itertools.pairwise(held):
            wrong = table[part] > table[whole]
            findings += rows_at_fault(
                wrong, FILE, "part_above_whole", part, value=table[part], whole=table[whole]
            )
    numbers = dict.fromkeys(name for columns in _PARTS[:4] for name in columns)
    for name in numbers:
        if name in table:
            findings += rows_at_fault(table[name] < 0, FILE, "negative_residents", name)
    return findings
