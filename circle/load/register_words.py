"""What is wrong with the words, hours and dates of registers of gates and lanes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from circle.hours import opening_hours
from circle.load.problems import rows_at_fault
from circle.model.gates import GateState, Passes, passes_of, state_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from enum import StrEnum

    import pandas as pd

    from circle.model import Finding

_WORDS: tuple[tuple[str, str, Callable[[str], object], type[StrEnum]], ...] = (
    ("gates.csv", "state", state_of, GateState),
    ("gates.csv", "passes", passes_of, Passes),
)


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
    return findings


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
