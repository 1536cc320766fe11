"""The store as one file, of no kind of database: all rows, and a hash over them.

::

    {"circle_store":1,"version":"0002"}
    ["audit",{"number":1,…}]
    …
    {"sha256":"…"}

Rows stand in the order of their keys and values are written one way, so that equal
content is equal bytes: the hash tells whether two stores hold the same, whatever keeps
them. Only that of the last line is left out of it.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from circle.errors import StoreError
from circle.files import file_in_place, shown
from circle.store import audit, schema

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from circle.store.engine import Store

_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Content:
    """What a store holds.

    Attributes
    ----------
    version
        Of its tables.
    rows
        How many, of all tables.
    sha256
        Of all that it holds.
    """

    version: str
    rows: int
    sha256: str


def content(store: Store) -> Content:
    """Return how much a store holds, with its hash.

    Raises
    ------
    StoreError
        When there is none, or it cannot be read.
    """
    return _content(_lines(store))


def save(store: Store, file: Path) -> Content:
    """Write all that a store holds to a file, as of one moment; others may write meanwhile.

    The file may be read by its owner alone.

    Raises
    ------
    StoreError
        When there is no store, or it cannot be read.
    OutputError
        When the file cannot be written.
    """
    lines = _lines(store)
    kept = _content(lines)
    with file_in_place(file) as part:
        part.touch(mode=0o600)
        with part.open("wb") as target:
            target.writelines([*lines, _line({"sha256": kept.sha256})])
            target.flush()
            os.fsync(target.fileno())
    return kept


def restore(store: Store, file: Path, *, by: str) -> Content:
    """Put what a file of `save` holds into an empty store.

    A file of an older version is brought to this one. That it was restored is written
    to the audit after what was there.

    Parameters
    ----------
    store
        Without rows, or not there yet.
    file
        Which file.
    by
        Who restores it.

    Raises
    ------
    StoreError
        When the file is not as it was written, or of a newer program, or the store
        holds something.
    OSError
        When the file cannot be read.
    """
    version, rows, kept = _read(file)
    with store.writing() as connection:
        schema.migrate(connection, version)
        tables = _tables(connection)
        if any(_any_row(connection, table) for table in tables):
            raise StoreError("not_empty", store=store.name)
        for table in tables:
            _insert(connection, table, rows.pop(table.name, {}), file)
        for others in rows.values():  # of tables that are not there
            raise _fault(file, min(others))
        if _content(list(_written(store, connection, version))) != kept:
            raise _fault(file, 1)
        schema.migrate(connection)
        told = {"sha256": kept.sha256, "version": version, "rows": kept.rows}
        audit.record(connection, audit.Action.RESTORE, by=by, subject="store", content=told)
    return kept


def _lines(store: Store) -> list[bytes]:
    """Return all lines but the last."""
    if not store.in_use:
        raise StoreError("absent", store=store.name)
    with store.reading(as_it_is=True) as connection:
        version = schema.version(connection, store.name)
        if version == schema.NONE:
            raise StoreError("absent", store=store.name)
        return list(_written(store, connection, version))


def _written(store: Store, connection: sa.Connection, version: str) -> Iterator[bytes]:
    yield _line({"circle_store": _FORMAT, "version": version})
    for table in _tables(connection):
        statement = sa.select(table).order_by(*table.primary_key.columns)
        names = sorted(table.columns.keys())
        for row in store.rows(connection, statement):
            values = row._mapping  # noqa: SLF001 - its public name
            yield _line([table.name, {name: _plain(values[name]) for name in names}])


def _content(lines: list[bytes]) -> Content:
    digest = hashlib.sha256()
    for line in lines:
        digest.update(line)
    return Content(json.loads(lines[0])["version"], len(lines) - 1, digest.hexdigest())


_Rows = dict[int, dict[str, Any]]
"""Rows of a table, by their lines in the file."""


def _read(file: Path) -> tuple[str, dict[str, _Rows], Content]:
    """Return version, rows by table, and content of a file that is whole."""
    *lines, last = file.read_bytes().split(b"\n") or [b""]
    if last or len(lines) < 2:  # noqa: PLR2004 - the first line and the last
        raise _fault(file, len(lines) + 1)
    parsed = [_parsed(file, number, line) for number, line in enumerate(lines, 1)]
    first, end = parsed[0], parsed[-1]
    version = first.get("version") if isinstance(first, dict) else None
    if first != {"circle_store": _FORMAT, "version": version} or not _is_version(version):
        raise _fault(file, 1)
    if str(version) > schema.newest():
        raise StoreError("newer", store=shown(file), version=version, known=schema.newest())
    kept = _content([line + b"\n" for line in lines[:-1]])
    if end != {"sha256": kept.sha256}:
        raise _fault(file, len(lines))
    rows: dict[str, _Rows] = {}
    for number, row in enumerate(parsed[1:-1], 2):
        match row:
            case [str(table), dict(values)]:
                rows.setdefault(table, {})[number] = values
            case _:
                raise _fault(file, number)
    return str(version), rows, kept


def _parsed(file: Path, number: int, line: bytes) -> Any:  # noqa: ANN401 - any JSON
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise _fault(file, number) from error
    return value


def _is_version(version: object) -> bool:
    return (
        isinstance(version, str)
        and version.isdecimal()
        and version.isascii()
        and len(version) == len(schema.UNVERSIONED)
    )


def _tables(connection: sa.Connection) -> list[sa.Table]:
    """Return the tables that are there, those that others refer to first."""
    there = sa.MetaData()
    there.reflect(connection)
    return [table for table in there.sorted_tables if table.name != schema.VERSION_TABLE]


def _any_row(connection: sa.Connection, table: sa.Table) -> bool:
    return (
        connection.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first() is not None
    )


def _insert(connection: sa.Connection, table: sa.Table, rows: _Rows, file: Path) -> None:
    if not rows:
        return
    values = [_typed_row(table, row, file, number) for number, row in rows.items()]
    connection.execute(sa.insert(table), values)
    if connection.dialect.name == "postgresql":
        for column in table.primary_key.columns:
            owned = sa.func.pg_get_serial_sequence(table.name, column.name)
            sequence = connection.execute(sa.select(owned)).scalar()
            if sequence:
                highest = sa.select(sa.func.max(column)).scalar_subquery()
                connection.execute(sa.select(sa.func.setval(sequence, highest)))


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat(timespec="microseconds")
    return value.isoformat() if isinstance(value, date) else value


def _typed_row(table: sa.Table, row: dict[str, Any], file: Path, number: int) -> dict[str, Any]:
    if row.keys() != set(table.columns.keys()):
        raise _fault(file, number)
    try:
        return {name: _typed(table.columns[name], value) for name, value in row.items()}
    except (TypeError, ValueError) as error:
        raise _fault(file, number) from error


def _typed(column: sa.Column[Any], value: Any) -> Any:  # noqa: ANN401 - any value of JSON
    kind = column.type.python_type
    if isinstance(value, str) and kind in {date, datetime}:
        return kind.fromisoformat(value)
    if value is not None and type(value) is not kind:
        raise TypeError
    return value


def _line(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode("ascii") + b"\n"


def _fault(file: Path, line: int) -> StoreError:
    return StoreError("backup", file=shown(file), line=line)
