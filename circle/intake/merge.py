"""Rows that are brought and rows that are there → the table as it will be, and what changes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

import numpy as np
import pandas as pd

from circle.geo.crs import to_metric
from circle.intake.cells import EMPTY
from circle.intake.remarks import Severity
from circle.load.facts import identifier
from circle.load.text_tables import COLUMNS, columns_of
from circle.places.search import normal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from circle.intake.columns import Match
    from circle.intake.layers import Layer
    from circle.intake.rows import Row
    from circle.model import Floats

NEAR_M = 50.0
"""Two rows of one name or address that are nearer than this are one place."""
_ID = re.compile(r"[\w.-]{1,64}")


@dataclass(frozen=True, eq=False)
class Change:
    """A row that is added, changed or removed.

    `fields` holds of a changed row each column with what it said and will say.
    """

    id: str
    name: str
    fields: tuple[tuple[str, str, str], ...] = ()
    row: int | None = None


@dataclass(frozen=True, eq=False)
class Merged:
    """A table as it will be, and the changes that lead there.

    `origin` holds for each row of the table the row that was brought, if one was.
    """

    table: pd.DataFrame
    origin: tuple[Row | None, ...]
    added: tuple[Change, ...]
    changed: tuple[Change, ...]
    removed: tuple[Change, ...]
    unchanged: int


T = TypeVar("T")


class _Grid(Generic[T]):
    """Things by key and place, to be found near a place however many there are."""

    def __init__(self) -> None:
        self._held: dict[tuple[object, int, int], list[tuple[T, Floats]]] = {}

    def add(self, key: object, xy: Floats, thing: T) -> None:
        """Put a thing at a place; one without a place is not found."""
        if np.isfinite(xy).all():
            self._held.setdefault((key, *self._cell(xy)), []).append((thing, xy))

    def near(self, key: object, xy: Floats) -> list[T]:
        """Return the things of a key within `NEAR_M` of a place."""
        column, row = self._cell(xy)
        return [
            thing
            for across in (-1, 0, 1)
            for up in (-1, 0, 1)
            for thing, there in self._held.get((key, column + across, row + up), [])
            if np.hypot(*(there - xy)) <= NEAR_M
        ]

    @staticmethod
    def _cell(xy: Floats) -> tuple[int, int]:
        return int(xy[0] // NEAR_M), int(xy[1] // NEAR_M)


class Present:
    """The rows of a table that is there, found by id, name, address and place."""

    def __init__(self, table: pd.DataFrame, layer: Layer, crs: str) -> None:
        self.table, self.layer = table, layer
        self.records: list[dict[str, str]] = [
            {str(name): str(value) for name, value in record.items()}
            for record in table.to_dict("records")
        ]
        xy = _metres(table, crs)
        self.by_key = {record[layer.key]: n for n, record in enumerate(self.records)}
        self.folded = {normal(key): key for key in self.by_key}
        self.by_same: dict[tuple[str, ...], list[int]] = {}
        self.grid: _Grid[int] = _Grid()
        for number, record in enumerate(self.records):
            for key in same_keys(record, layer):
                self.by_same.setdefault(key, []).append(number)
                self.grid.add(key, xy[number], number)

    def keeps_place(self, row: Row) -> bool:
        """Say whether a row without coordinates is one that is there, which keeps its place."""
        return self.find(row) is not None

    def find(self, row: Row) -> int | None:
        """Return which row is meant: that of its id, else the near one of its leading name.

        A row without a place is the only one of its name.
        """
        if key := row.stated(self.layer.key):
            return self.by_key.get(key if key in self.by_key else self.folded.get(normal(key), ""))
        keys = same_keys(row.entries, self.layer)
        if not keys:
            return None
        if row.xy is None:
            held = self.by_same.get(keys[0], [])
            return held[0] if len(held) == 1 else None
        near = self.grid.near(keys[0], row.xy)
        return near[0] if len(near) == 1 else None

    def rivals(self, row: Row) -> list[int]:
        """Return the rows within `NEAR_M` that have the name or the address of a row."""
        if row.xy is None:
            return []
        keys = same_keys(row.entries, self.layer)
        return list(dict.fromkeys(n for key in keys for n in self.grid.near(key, row.xy)))


def same_keys(values: dict[str, str], layer: Layer) -> list[tuple[str, ...]]:
    """Return by what two rows of a layer near each other are one: kind with name, address."""
    kind = values.get("kind", "")
    return [
        (kind, column, text)
        for column in layer.same
        if (text := normal(values.get(column, "").replace(EMPTY[0], "")))
    ]


def check_duplicates(rows: Sequence[Row], present: Present, columns: Match, layer: Layer) -> None:
    """Say which rows stand for a place that another row, or one that is there, stands for too."""
    places: _Grid[Row] = _Grid()
    keys: dict[str, int] = {}
    for row in (row for row in rows if row.entries and not row.bad):
        key = row.stated(layer.key)
        if key:
            if key in keys:
                called = columns.called(layer.key)
                row.say("duplicate_id", Severity.ERROR, called, key, first=keys[key])
                continue
            keys[key] = row.line.number
            if layer.key == "id" and not _ID.fullmatch(key):
                row.say("bad_id", Severity.ERROR, columns.called("id"), key)
                continue
        if row.xy is None:
            continue
        twin = _twin(row, places, layer)
        if twin is not None:
            row.say(
                "duplicate_row",
                Severity.ERROR,
                *_shared(row, twin, columns, layer),
                first=twin.line.number,
            )
            continue
        _check_rivals(row, present, columns, layer)
        if not row.bad:
            for same in same_keys(row.entries, layer):
                places.add(same, row.xy, row)


def merge(
    rows: Sequence[Row], present: Present, layer: Layer, *, whole: str | None = None
) -> Merged:
    """Return the table with the rows that are brought put in.

    Parameters
    ----------
    rows
        All that were brought; bad ones change nothing, nor is what they mean removed.
    whole
        None: rows that are not brought stay. Else the rows are the whole list, of the
        kind of this name or of all where it is "": what is not brought goes.
    """
    names = layer.stored
    table = [dict(record) for record in present.records]
    origin: list[Row | None] = [None] * len(table)
    added, changed, unchanged = [], [], 0
    taken = {record[layer.key] for record in table}
    spared = {n for row in rows if row.bad for n in _meant(row, present)}
    for row in (row for row in rows if row.entries and not row.bad):
        at = present.find(row)
        if at is None:
            record = _new(row, layer, names, taken)
            table.append(record)
            origin.append(row)
            added.append(Change(record[layer.key], _title(record), row=row.line.number))
            continue
        if (other := origin[at]) is not None:
            row.say("duplicate_row", Severity.ERROR, first=other.line.number)
            continue
        before = table[at]
        table[at] = _updated(before, row, layer)
        origin[at] = row
        fields = tuple(
            (name, before.get(name, ""), value)
            for name, value in table[at].items()
            if before.get(name, "") != value
        )
        if fields:
            changed.append(Change(before[layer.key], _title(before), fields, row.line.number))
        else:
            unchanged += 1
    removed = []
    if whole is not None:
        goes = [
            origin[n] is None and n not in spared and whole in {"", record.get("kind", "")}
            for n, record in enumerate(table)
        ]
        removed = [Change(r[layer.key], _title(r)) for r, go in zip(table, goes, strict=True) if go]
        origin = [row for row, go in zip(origin, goes, strict=True) if not go]
        table = [record for record, go in zip(table, goes, strict=True) if not go]
    frame = pd.DataFrame(table, columns=_columns(present.table, table, layer), dtype=object)
    return Merged(
        frame.fillna(""), tuple(origin), tuple(added), tuple(changed), tuple(removed), unchanged
    )


def _columns(before: pd.DataFrame, table: Iterable[dict[str, str]], layer: Layer) -> list[str]:
    """Return the columns of a table: those that it had, those always there, those filled."""
    used = {name for record in table for name, value in record.items() if value}
    held = [str(name) for name in before.columns]
    return held + [
        name
        for name in layer.stored
        if name not in held and (name in used or name in COLUMNS[layer.file])
    ]


def _check_rivals(row: Row, present: Present, columns: Match, layer: Layer) -> None:
    meant = present.find(row)
    rivals = [n for n in present.rivals(row) if n != meant]
    if not rivals:
        return
    other = present.records[rivals[0]]
    key, severity = "duplicate_there", Severity.ERROR
    if row.stated(layer.key):
        key, severity = "near_there", Severity.NOTE  # its id says that it is another
    if meant is not None:
        return
    column = "name" if normal(row.stated("name")) == normal(other.get("name", "")) else "address"
    row.say(
        key,
        severity,
        columns.called(column),
        row.stated(column),
        id=other[layer.key],
        name=_title(other),
        m=f"{NEAR_M:.0f}",
    )


def _twin(row: Row, places: _Grid[Row], layer: Layer) -> Row | None:
    if row.xy is None:
        return None
    for key in same_keys(row.entries, layer):
        for other in places.near(key, row.xy):
            if not (row.stated(layer.key) and other.stated(layer.key)):
                return other
    return None


def _shared(row: Row, other: Row, columns: Match, layer: Layer) -> tuple[str, str]:
    for column in layer.same:
        if normal(row.stated(column)) and normal(row.stated(column)) == normal(
            other.stated(column)
        ):
            return columns.called(column), row.stated(column)
    return "", ""


def _meant(row: Row, present: Present) -> list[int]:
    """Return the rows that a bad row may mean: they are not removed for its sake."""
    key = row.stated(present.layer.key)
    held = [present.by_key[key]] if key in present.by_key else []
    for same in same_keys(row.entries, present.layer):
        held += present.by_same.get(same, [])
    return held


def _metres(table: pd.DataFrame, crs: str) -> Floats:
    if "lon" not in table:
        return np.full((len(table), 2), np.nan)
    lonlat = table[["lon", "lat"]].apply(pd.to_numeric, errors="coerce").to_numpy(np.float64)
    return to_metric(lonlat[:, 0], lonlat[:, 1], crs)


def _title(record: dict[str, str]) -> str:
    named = ("name", "address", "committee", "id")
    return next((record[name] for name in named if record.get(name)), "")


def _new(row: Row, layer: Layer, names: Sequence[str], taken: set[str]) -> dict[str, str]:
    record = dict.fromkeys(names, "") | {name: row.stated(name) for name in names}
    if layer.key == "id" and not record["id"]:
        record["id"] = new_id(record.get("name_en") or _title(record), layer.id, taken)
    taken.add(record[layer.key])
    if "verified" in record:
        record["verified"] = record["verified"] or "0"
    if "inside" in record and not record["inside"]:
        record["inside"] = f"{row.inside:d}"
    return record


def _updated(before: dict[str, str], row: Row, layer: Layer) -> dict[str, str]:
    after = dict(before)
    for name, value in row.entries.items():
        if name not in layer.stored or (name == layer.key and name != "id"):
            continue
        text = "" if value == EMPTY[0] else value
        if not _equal(layer, name, before.get(name, ""), text):
            after[name] = text
    after[layer.key] = before[layer.key]
    moved = any(after.get(axis) != before.get(axis) for axis in ("lon", "lat"))
    if "inside" in after and moved and not row.stated("inside"):
        after["inside"] = f"{row.inside:d}"
    return after


def _equal(layer: Layer, name: str, before: str, after: str) -> bool:
    """Say whether two cells say the same: numbers by what they are, texts as they are seen."""
    if columns_of(layer.file)[name].startswith(("number", "whole", "flag")) and before and after:
        try:
            return float(before) == float(after)
        except ValueError:
            return False
    return before.strip() == after.strip()


def new_id(name: str, layer: str, taken: set[str]) -> str:
    """Return an identifier made of a name, unlike those taken."""
    from pypinyin import lazy_pinyin  # noqa: PLC0415 - 0.3 s, only for new rows

    stem = identifier("".join(f" {part} " for part in lazy_pinyin(name)))[:48].strip("-") or layer
    number, candidate = 1, stem
    while candidate in taken:
        number += 1
        candidate = f"{stem}-{number}"
    return candidate
