"""A store as it was made before stores had versions."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

TABLE = """
CREATE TABLE confirmation (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    district VARCHAR(120) NOT NULL,
    kind VARCHAR(120) NOT NULL,
    completeness VARCHAR(20) NOT NULL,
    as_of DATE,
    basis VARCHAR(400) NOT NULL,
    "by" VARCHAR(80) NOT NULL,
    at DATETIME NOT NULL,
    CHECK (completeness IN ('complete', 'withdrawn')),
    CHECK (as_of IS NOT NULL OR completeness = 'withdrawn')
)
"""
_ROW = 'INSERT INTO confirmation VALUES (NULL, "small", ?, ?, ?, ?, ?, ?)'.replace('"', "'")


def make(file: Path, rows: int = 2, basis: str = "名录") -> None:
    """Write a file with confirmations of canteens, the last of them withdrawn."""
    file.parent.mkdir(parents=True, exist_ok=True)
    last = ("canteen", "withdrawn", None, "又开了一家", "李梅", "2026-03-02 08:00:00.000000")
    given = ("canteen", "complete", "2026-03-01", basis, "王晓明", "2026-03-02 07:00:00.000000")
    with closing(sqlite3.connect(file)) as raw:
        raw.execute(TABLE)
        raw.executemany(_ROW, [given] * (rows - 1) + [last])
        raw.commit()


def ask(file: Path, statement: str) -> list[tuple[object, ...]]:
    """Run a statement on a file, by SQLite alone."""
    with closing(sqlite3.connect(file)) as raw:
        rows = raw.execute(statement).fetchall()
        raw.commit()
    return rows
