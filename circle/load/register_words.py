"""What is wrong with the words, hours and dates of registers of gates and lanes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from circle.hours import opening_hours
from circle.load.problems import rows_at_fault
from circle.model.gates import GateState, Passes, passes_of, state_of
from circle.model.lanes import LaneState, Step
from circle.model.lanes import state_of as lane_state_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from enum import StrEnum

    from circle.model import Finding

_WORDS: tuple[tuple[str, str, Callable[[str], object], type[StrEnum]], ...] = (
    ("gates.csv", "state", state_of, GateState),
    ("gates.csv", "passes", passes_of, Passes),
    ("lanes.csv", "state", lane_state_of, LaneState),
)
_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
_POLYGONS = (shapely.GeometryType.POLYGON.value, shapely.GeometryType.MULTIPOLYGON.value)


def register_findings(tables: Mapping[str, pd.DataFrame]) -> list[Finding]:
    """Return what cannot be in the registers that are there, row by row."""
    findings: list[Finding] = []
    for file, column, read, known in _WORDS:
        if file in tables and column in tables[file]:
            findings += _words(tables[file][column], (file, column), read, known)
    if "gates.csv" in tables:
        hours = tables["gates.csv"]["hours"]
        wrong = ~hours.map(opening_hours.valid).astype(bool)
        findings += rows_at_fault(wrong, "gates.csv", "bad_hours", "hours", value=hours)
    if "lanes.csv" in tables:
        findings += [*_dates(tables["lanes.csv"]), *_outlines(tables["lanes.csv"])]
    return findings


def _dates(table: pd.DataFrame) -> list[Finding]:
    """Return dates that are none, and steps dated before one that comes earlier."""
    findings = []
    latest = pd.Series("", table.index, dtype=object)
    for step in (each for each in Step if each in table):
        stated = table[step].astype(str).str.strip()
        right = stated.map(lambda text: text == "" or _DATE.fullmatch(text) is not None)
        findings += rows_at_fault(~right, "lanes.csv", "bad_date", step, value=stated)
        shared = [min(len(a), len(b)) for a, b in zip(stated, latest, strict=True)]
        early = [a != "" and a[:n] < b[:n] for a, b, n in zip(stated, latest, shared, strict=True)]
        findings += rows_at_fault(
            np.array(early, np.bool_) & right,
            "lanes.csv",
            "stage_order",
            step,
            value=stated,
            before=latest,
        )
        latest = latest.where(stated.eq("") | ~right, stated)
    return findings


def _outlines(table: pd.DataFrame) -> list[Finding]:
    if "outline" not in table:
        return []
    stated = table["outline"].astype(str).str.strip()
    shapes = shapely.from_wkt(np.array([text or None for text in stated], object), "ignore")
    good = np.isin(shapely.get_type_id(shapes), _POLYGONS) & shapely.is_valid(shapes)
    good &= ~shapely.is_empty(shapes)
    bounds = np.abs(np.nan_to_num(shapely.bounds(shapes), nan=np.inf)) <= (180, 90, 180, 90)
    wrong = stated.ne("").to_numpy(np.bool_) & ~(good & bounds.all(axis=1))
    return rows_at_fault(wrong, "lanes.csv", "bad_outline", "outline", value=stated)


def _words(
    stated: pd.Series[str],
    where: tuple[str, str],
    read: Callable[[str], object],
    known: Iterable[str],
) -> list[Finding]:
    file, column = where
    stated = stated.astype(str).str.strip()
    wrong = [text != "" and read(text) is None for text in stated]
    words = np.full(len(stated), ", ".join(known), dtype=object)
    return rows_at_fault(wrong, file, "register_word", column, value=stated, known=words)
