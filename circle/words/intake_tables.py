"""A register that is brought, in words and tables: its rows, its findings, what it changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from circle.i18n import t
from circle.words.version_tables import MOST_ROWS
from circle.words.wording import listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circle.intake.importing import Prepared
    from circle.intake.merge import Change

MOST_FINDINGS = 2_000
"""So many findings are shown; the file of rows to mend holds all that keep a row out."""


def counts(prepared: Prepared) -> dict[str, int]:
    """Return how many rows there are of each fate."""
    merged = prepared.merged
    return {
        "read": len(prepared.rows),
        "added": len(merged.added),
        "changed": len(merged.changed),
        "unchanged": merged.unchanged,
        "repeated": prepared.repeated,
        "bad": len(prepared.bad),
        "removed": len(merged.removed),
        "no_rows": len(prepared.aside),
    }


def findings(prepared: Prepared) -> pd.DataFrame:
    """Return what is said of a file, gravest first: file, row, column, value, what, mend."""
    order = {"error": 0, "changed": 1, "note": 2}
    remarks = sorted(prepared.remarks, key=lambda each: order[each.severity.value])
    rows = [
        (
            t(f"bringing.severity.{remark.severity.value}"),
            remark.file,
            "" if remark.row is None else str(remark.row),
            remark.column,
            remark.value,
            remark.part("what"),
            remark.part("mend"),
        )
        for remark in remarks[:MOST_FINDINGS]
    ]
    names = ("severity", "file", "row", "column", "value", "what", "mend")
    return pd.DataFrame(rows, columns=[t(f"bringing.col_{name}") for name in names])


def changes(prepared: Prepared) -> pd.DataFrame:
    """Return which rows would be added, changed and removed, at most `MOST_ROWS` of each."""
    merged = prepared.merged
    parts = (("added", merged.added), ("changed", merged.changed), ("removed", merged.removed))
    rows = [row for name, part in parts for row in _changes(name, part)]
    names = ("change", "row", "values")
    return pd.DataFrame(rows, columns=[t(f"history.col_{name}") for name in names])


def _changes(name: str, part: Sequence[Change]) -> list[tuple[str, str, str]]:
    rows = [
        (
            t(f"history.{name}"),
            f"{each.name} ({each.id})" if each.name != each.id else each.id,
            listed(f"{field}: {old or '—'} → {new or '—'}" for field, old, new in each.fields),
        )
        for each in part[:MOST_ROWS]
    ]
    if len(part) > MOST_ROWS:
        rows.append((t(f"history.{name}"), t("history.more", n=len(part) - MOST_ROWS), ""))
    return rows


def evidence(prepared: Prepared) -> str:
    """Return what known places say of the datum; "" where none is known."""
    told = prepared.evidence
    if told is None:
        return ""
    east, north = f"{told.east_m:+.0f}", f"{told.north_m:+.0f}"
    return t("intake.told.evidence", count=told.rows, east=east, north=north)
