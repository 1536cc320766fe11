"""The files of a district folder: their columns, and reading them as bounded text."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from typing import TYPE_CHECKING

import numpy as np

from circle.model import AGE_GROUPS, LEVEL_FILES, Finding
from circle.model.doorways import BY_FLOOR, Stage

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

LARGEST_MB = 100
"""Files above this are refused before they are read."""

PLAIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}\.(csv|geojson)")
"""A layer's file stands in the district's folder itself and nowhere else."""


def _spec(columns: str) -> dict[str, str]:
    """Return the columns of a table with their types: text where none is named."""
    pairs = (column.partition(":") for column in columns.split())
    return {name: kind or "text" for name, _, kind in pairs}


_PEOPLE = " ".join(["residents:number", *(f"{name}:number?" for name in AGE_GROUPS)])
_PLACE = "lon:number lat:number"
_HOUSED = "households:number? residents:number? residents_60_plus:number? elevator"
_BASIS = "position_accuracy_m:number? position_basis source"

COLUMNS: dict[str, dict[str, str]] = {
    "junctions.csv": _spec(f"id:whole {_PLACE} signal:flag"),
    "segments.csv": _spec(
        "from_id:whole to_id:whole length_m:number class name steps:whole shape_kind "
        "observed osm_ways shape"
    ),
    "facilities.csv": _spec(
        f"id name name_en kind address {_PLACE} verified:flag inside:flag "
        "position_accuracy_m:number? position_basis opened floor_area_m2:number? capacity "
        "capacity_unit services hours source"
    ),
    "heritage.csv": _spec(
        f"id kind name address batch built grade {_PLACE} inside:flag "
        "position_accuracy_m:number? uri"
    ),
    "residents.csv": _spec(
        f"cell:whole west:number south:number east:number north:number {_PEOPLE} "
        "share_inside:number"
    ),
    "demand.csv": _spec(
        f"cell:whole area inside:flag segment:whole fraction:number off_m:number {_PLACE} {_PEOPLE}"
    ),
    "registers.csv": _spec("kind completeness as_of basis_zh basis_en"),
    "profiles.csv": _spec(
        "id name_zh name_en speed_m_s:number steps_allowed:flag seconds_per_step:number? "
        "signal_wait_s:number source"
    ),
    "places.csv": _spec(f"id kind name address {_PLACE}"),
    "standards.csv": _spec("key name mode minutes:number? radius_m source confidence note"),
    "seed_figures.csv": _spec("key value:number meaning seed"),
    "elevator_projects.csv": _spec(
        f"compound compound_en {_PLACE} position_accuracy_m:number? doorways:number? status source"
    ),
    "never_widened_roads.csv": _spec("name confidence"),
    "street_edits.csv": _spec(
        f"id act {_PLACE} lon_to:number? lat_to:number? steps:number? hours name author date reason"
    ),
    "buildings.csv": _spec(
        f"id name address {_PLACE} built floors:number? doorways:number? {_HOUSED} {_BASIS}"
    ),
    "doorways.csv": _spec(f"id building address {_PLACE} floors:number? {_HOUSED} {_BASIS}"),
    "gates.csv": _spec(f"id name address {_PLACE} state hours {_BASIS}"),
    "lanes.csv": _spec(f"id name streets address {_PLACE} state works units {_BASIS}"),
    "candidate_rooms.csv": _spec(
        f"id name address {_PLACE} floor_area_m2:number? floor owner available {_BASIS}"
    ),
    "committee_residents.csv": _spec(f"committee {_PEOPLE} as_of source"),
    "lift_shares.csv": _spec("id storeys:whole floor:whole share:number source"),
}
"""Columns of each table: text, number, ``number?`` (may be empty), whole, flag (1 or 0)."""

TRANSLATED: dict[str, dict[str, str]] = {
    "facilities.csv": dict.fromkeys(("services", "position_basis", "source"), "zh"),
    "heritage.csv": dict.fromkeys(("kind", "batch", "built", "grade"), "en"),
    "profiles.csv": {"source": "zh"},
    "elevator_projects.csv": {"source": "zh"},
    "lanes.csv": {"works": "en", "units": "en", "position_basis": "zh", "source": "zh"},
}
"""Texts that readers meet: the other language of each stands in a column of its own.

``source`` is in English and ``source_zh`` in Chinese, ``grade`` in Chinese and
``grade_en`` in English.
"""

MORE_COLUMNS: dict[str, dict[str, str]] = {
    "facilities.csv": {
        "services_zh": "text",
        "phone": "text",
        "website": "text",
        "position_basis_zh": "text",
        "source_zh": "text",
    },
    "heritage.csv": _spec("kind_en batch_en built_en grade_en"),
    "profiles.csv": _spec("speed_cv:number? speed_percentile:number? source_zh"),
    "residents.csv": {"shape": "text"},
    "candidate_rooms.csv": _spec("storeys:number? protected:number? cost:number? capacity"),
    "elevator_projects.csv": {"source_zh": "text"},
    "gates.csv": {"passes": "text"},
    "lanes.csv": _spec(
        "name_en planned started finished extent_m:number? outline "
        "works_en units_en position_basis_zh source_zh"
    ),
    "doorways.csv": _spec(
        "compound entry elevator_since protected:number? blockers "
        + " ".join([*BY_FLOOR, *Stage, "waiting"])
        + " owners:number? owners_voted:number? owners_agreed:number?"
        " area_m2:number? area_voted_m2:number? area_agreed_m2:number? ground_used:number?"
        " compound_owners:number? compound_owners_voted:number? compound_owners_agreed:number?"
        " compound_area_m2:number? compound_area_voted_m2:number? compound_area_agreed_m2:number?"
    ),
}
"""Columns that a table may have or not."""

OUTLINES = ("boundary.geojson", *LEVEL_FILES.values())
OPTIONAL = (
    *OUTLINES[2:],
    "places.csv",
    "standards.csv",
    "seed_figures.csv",
    "elevator_projects.csv",
    "never_widened_roads.csv",
    "street_edits.csv",
    "buildings.csv",
    "doorways.csv",
    "gates.csv",
    "lanes.csv",
    "candidate_rooms.csv",
    "committee_residents.csv",
    "lift_shares.csv",
)
REQUIRED = tuple(name for name in (*OUTLINES, *COLUMNS) if name not in OPTIONAL)
MAY_BE_EMPTY = (
    "facilities.csv",
    "heritage.csv",
    "residents.csv",
    "registers.csv",
    "demand.csv",
    *OPTIONAL,
)
MOST_TORN = 200
"""Torn rows of a table that are told."""
FREE_TEXT = {
    "address",
    "basis",
    "basis_en",
    "basis_zh",
    "hours",
    "meaning",
    "note",
    "reason",
    "services",
    "services_zh",
    "source",
    "source_zh",
    "units",
    "units_en",
    "waiting",
    "works",
    "works_en",
}
"""Columns whose text may run over several lines."""
IDS = ("id", "osm_node", "from_id", "to_id", "from_node", "to_node", "cell", "key")
UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_BREAKS = re.compile(rb"[\x0b\x0c\x1c-\x1e]|\xc2\x85|\xe2\x80[\xa8\xa9]")
"""What breaks a line beside its end, in UTF-8."""
_FLAGS = {"1": 1.0, "0": 0.0}


def read_bytes(path: Path) -> tuple[bytes, list[Finding]]:
    """Return a file's bytes; a missing or too large file gives a finding instead."""
    if not path.is_file() or path.is_symlink():
        return b"", [Finding(path.name, "missing_layer")]
    size_mb = path.stat().st_size / 1e6
    if size_mb > LARGEST_MB:
        values = (("mb", f"{size_mb:.0f}"), ("limit", str(LARGEST_MB)))
        return b"", [Finding(path.name, "too_large", values=values)]
    return path.read_bytes(), []


def parse_csv(data: bytes, file: str) -> tuple[pd.DataFrame, list[Finding]]:
    """Return a table as text, nothing guessed; an unreadable one gives a finding."""
    import pandas as pd  # noqa: PLC0415 - slow to load, and a walk needs no table

    try:
        table = pd.read_csv(
            io.BytesIO(data), dtype=str, keep_default_na=False, encoding="utf-8-sig"
        )
    except UnicodeDecodeError:
        return pd.DataFrame(), [Finding(file, "not_utf8")]
    except pd.errors.EmptyDataError:
        return pd.DataFrame(), [Finding(file, "empty_table")]
    except (pd.errors.ParserError, ValueError) as error:
        return pd.DataFrame(), [Finding(file, "bad_csv", values=(("why", short(error)),))]
    if not isinstance(table.index, pd.RangeIndex):
        return pd.DataFrame(), [Finding(file, "bad_csv", values=(("why", "columns"),))]
    table = table.fillna("")
    torn = [] if whole_rows(data) else torn_rows(data.decode("utf-8-sig"), file)
    return _plain_ids(table, bare=data.isascii()), torn


def whole_rows(data: bytes) -> bool:
    """Say whether no field runs over lines and no line has fewer fields than the first.

    False where that cannot be seen at a glance.
    """
    if _BREAKS.search(data) or data.count(b"\r") != data.count(b"\r\n"):
        return False
    signs = np.frombuffer(b"\n" + data.replace(b"\r\n", b"\n") + b"\n", np.uint8)
    quotes, ends, commas = (np.flatnonzero(signs == ord(sign)) for sign in '"\n,')
    about = signs[np.concatenate([quotes[::2] - 1, quotes[1::2] + 1])] if len(quotes) else quotes
    if len(quotes) % 2 or not np.isin(about, [ord(sign) for sign in '"\n,']).all():
        return False
    within = np.searchsorted(quotes, np.concatenate([ends, commas])) % 2 == 1
    if within[: len(ends)].any():
        return False
    lengths = np.diff(ends) - 1
    fields = np.diff(np.searchsorted(commas[~within[len(ends) :]], ends))[lengths > 0]
    return bool((fields >= fields[:1]).all() and lengths.max() < csv.field_size_limit())


def torn_rows(text: str, file: str) -> list[Finding]:
    """Return the rows with fewer fields than the header, or a line break that quotes let in.

    A quotation mark that is not closed swallows the rows up to the next one. Rows are
    counted as a spreadsheet does; only free text may run over lines.
    """
    try:
        read = list(csv.reader(io.StringIO(text, newline="")))
    except csv.Error as error:
        return [Finding(file, "bad_csv", values=(("why", short(error)),))]
    in_lines = len(read) == len(text.splitlines())  # then no field runs over lines
    rows = [row for row in read if row]
    header = rows[0]
    if in_lines and all(len(row) >= len(header) for row in rows):
        return []
    findings = []
    for number, row in enumerate(rows[1:], start=2):
        if len(row) < len(header):
            values = (("have", str(len(row))), ("want", str(len(header))))
            findings.append(Finding(file, "short_row", number, None, values))
        column = next(
            (n for n, cell in zip(header, row, strict=False) if _torn(n, cell, header)), ""
        )
        if column:
            findings.append(Finding(file, "torn_row", number, column))
    return findings[:MOST_TORN]


def _torn(column: str, cell: str, header: list[str]) -> bool:
    """Say whether a field holds what looks like the end of one row and the start of the next."""
    if len(cell.strip().splitlines()) < 2:  # noqa: PLR2004 - one line
        return False
    return column not in FREE_TEXT or cell.count(",") >= len(header) - 1


def _plain_ids(table: pd.DataFrame, *, bare: bool) -> pd.DataFrame:
    """Return `table` with identifiers as they read: nothing unseen in them or around them."""
    ids = {name: table[name] for name in IDS if name in table}
    if not bare:  # ASCII has nothing unseen
        ids = {
            name: column.str.replace(UNSEEN, "", regex=True).str.replace("\u00a0", " ")
            for name, column in ids.items()
        }
    return table.assign(**{name: column.str.strip() for name, column in ids.items()})


def columns_of(file: str) -> dict[str, str]:
    """Return every column that a table may have, and its type."""
    return COLUMNS[file] | MORE_COLUMNS.get(file, {})


def typed(table: pd.DataFrame, file: str) -> pd.DataFrame:
    """Return the known columns of `file` that are there, numbers as float64.

    What is no number, or no whole one where a whole one is due, becomes NaN;
    flags become 1.0 and 0.0; text stays as objects. Columns that the format
    does not know are left out.
    """
    import pandas as pd  # noqa: PLC0415 - the same

    spec = columns_of(file)
    known = {name: _column(table[name], kind) for name, kind in spec.items() if name in table}
    return pd.DataFrame(known, index=table.index)


def _column(values: pd.Series[str], kind: str) -> pd.Series[float]:
    if kind == "text":
        return values.astype(object)
    if kind == "flag":
        return values.map(_FLAGS).astype(np.float64)
    import pandas as pd  # noqa: PLC0415 - the same

    number = pd.to_numeric(values.str.strip(), errors="coerce").astype(np.float64)
    wrong = ~np.isfinite(number)
    if kind == "whole":
        wrong |= (number != np.floor(number)) | (number.abs() > 2**53)
    return number.mask(wrong)


def short(value: object, limit: int = 80) -> str:
    """Return `value` as one short line, fit to be shown."""
    line = " ".join(str(value).split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def digest(data: bytes) -> str:
    """Return the SHA-256 of `data` in hexadecimal."""
    return hashlib.sha256(data).hexdigest()
