"""Tables as CSV files that Excel opens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circle.report.file_names import stems
from circle.report.tabular.values import storable_values
from circle.words.tables import to_csv

if TYPE_CHECKING:
    from pathlib import Path

    from circle.report.content.elements import Report


def write(report: Report, folder: Path) -> dict[str, int]:
    """Write every table of a report as CSV; return the rows of each file, by its name."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = {}
    names = stems(table.id for table in report.tables)
    for name, table in zip(names, report.tables, strict=True):
        (folder / f"{name}.csv").write_bytes(to_csv(storable_values(table.frame)))
        rows[f"{name}.csv"] = len(table.frame)
    return rows
