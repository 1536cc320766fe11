"""Faults → findings, and findings → sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from circle.i18n import t
from circle.load.text_tables import MAY_BE_EMPTY, columns_of, short, typed
from circle.model import Finding

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike

MOST = 200
"""Findings of one key in one column that are reported one by one; the rest is counted."""

_PANDERA_KEYS = {"field_uniqueness": "duplicate_id", "column_in_dataframe": "missing_column"}


_OF_SCENARIO = "scenario_"


def finding_text(finding: Finding, language: str | None = None) -> str:
    """Return where a fault is, what it is and how to mend it, in one line."""
    place = finding.file
    if finding.row is not None:
        counted = "edit" if finding.key.startswith(_OF_SCENARIO) else "row"
        place += " " + t(f"finding.{counted}", language=language, row=finding.row)
    if finding.column:
        place += f" [{finding.column}]"
    what, mend = _what_and_mend(finding, language)
    return t("finding.line", language=language, place=place, what=what, mend=mend)


def fault_text(finding: Finding) -> str:
    """Return what a fault is and how to mend it, where its place is told already."""
    return t("finding.fault", **dict(zip(("what", "mend"), _what_and_mend(finding), strict=True)))


def _what_and_mend(finding: Finding, language: str | None = None) -> list[str]:
    values = {"file": finding.file, "column": finding.column or ""} | dict(finding.values)
    return [
        t(f"finding.{finding.key}.{part}", language=language, **values) for part in ("what", "mend")
    ]


def table_findings(table: pd.DataFrame, file: str) -> list[Finding]:
    """Return what the schema of `file` finds wrong in a table of text."""
    from pandera.errors import SchemaErrors  # noqa: PLC0415 - a slow import, only to validate

    from circle.load.schemas import schema  # noqa: PLC0415

    if table.empty and file not in MAY_BE_EMPTY:
        return [Finding(file, "empty_table")]
    numbers = typed(table, file)
    findings = _not_numbers(table, numbers, file)
    try:
        schema(file).validate(numbers, lazy=True)
    except SchemaErrors as errors:
        findings += _from_cases(errors.failure_cases, table, file)
    return few(list(dict.fromkeys(findings)))


def rows_at_fault(
    wrong: ArrayLike, file: str, key: str, column: str | None, **values: ArrayLike
) -> list[Finding]:
    """Return a finding for each true row of `wrong`, shape (n,).

    Parameters
    ----------
    **values
        Shape (n,) each: what the sentence's placeholders stand for.
    """
    rows = np.flatnonzero(np.asarray(wrong))
    columns = {name: np.asarray(value, dtype=object) for name, value in values.items()}
    return few(
        [
            Finding(
                file,
                key,
                int(row) + 2,
                column,
                tuple((n, short(v[row])) for n, v in columns.items()),
            )
            for row in rows[: MOST + 1]
        ],
        total=len(rows),
    )


def few(findings: list[Finding], total: int | None = None) -> list[Finding]:
    """Return at most `MOST` findings of a table, and a count of the rest."""
    count = len(findings) if total is None else total
    if count <= MOST:
        return findings
    rest = Finding(findings[0].file, "more", values=(("count", str(count - MOST)),))
    return [*findings[:MOST], rest]


def _not_numbers(table: pd.DataFrame, numbers: pd.DataFrame, file: str) -> list[Finding]:
    findings: list[Finding] = []
    for name, kind in columns_of(file).items():
        if kind == "text" or name not in table:
            continue
        empty = table[name].str.strip() == ""
        wrong = numbers[name].isna()
        key = {"flag": "not_flag", "whole": "not_whole"}.get(kind, "not_number")
        findings += rows_at_fault(wrong & ~empty, file, key, name, value=table[name])
        if kind != "number?":
            findings += rows_at_fault(wrong & empty, file, "missing_value", name)
    return findings


def _from_cases(cases: pd.DataFrame, table: pd.DataFrame, file: str) -> list[Finding]:
    findings = []
    for case in cases.to_dict("records"):
        check = str(case["check"])
        if check == "not_nullable":
            continue  # reported already, with the text that is no number
        key = _PANDERA_KEYS.get(check, check)
        if key == "missing_column":
            findings.append(Finding(file, key, None, str(case["failure_case"])))
            continue
        row, column = int(case["index"]), str(case["column"])
        value = (("value", short(table[column].iloc[row])),)
        findings.append(Finding(file, key, row + 2, column, value))
    return findings
