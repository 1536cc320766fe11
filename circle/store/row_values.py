"""Rows as they are read: a value that none of ours wrote is named, not passed on."""

from __future__ import annotations

from datetime import MAXYEAR, MINYEAR, date, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.types import NullType, TypeDecorator, TypeEngine

from circle.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_UNREADABLE = object()


class _Guarded(TypeDecorator[Any]):
    """A column's type; what it cannot read is `_UNREADABLE` instead of an exception."""

    impl = NullType
    cache_ok = True

    def __init__(self, kind: TypeEngine[Any]) -> None:
        super().__init__()
        self.kind = kind

    def result_processor(self, dialect: sa.Dialect, coltype: object) -> Callable[[Any], Any]:
        read = self.kind.dialect_impl(dialect).result_processor(dialect, coltype)

        def guarded(value: object) -> object:
            try:
                return read(value) if read is not None else value
            except (LookupError, OverflowError, TypeError, ValueError):
                return _UNREADABLE

        return guarded


def read(connection: sa.Connection, statement: sa.Select[Any], store: str) -> list[sa.Row[Any]]:
    """Return the rows of a statement that selects columns of tables.

    Parameters
    ----------
    connection
        In a transaction.
    statement
        What to select.
    store
        The store's name, for the error.

    Raises
    ------
    StoreError
        With table, row and column of a value that does not fit its column.
    """
    columns = [column for column in statement.selected_columns if isinstance(column, sa.Column)]
    guarded = (sa.type_coerce(column, _Guarded(column.type)) for column in columns)
    labels = (value.label(column.key) for value, column in zip(guarded, columns, strict=True))
    rows = list(connection.execute(statement.with_only_columns(*labels)))
    for row in rows:
        for column, value in zip(columns, row, strict=True):
            if not _fits(column, value):
                raise misfit(store, column, _key(columns, row, column.table))
    return rows


def misfit(store: str, column: sa.Column[Any], row: object) -> StoreError:
    """Return the error of a value that this program does not write there."""
    return StoreError("value", store=store, table=column.table.name, row=row, column=column.name)


def _key(columns: Sequence[sa.Column[Any]], row: sa.Row[Any], table: sa.FromClause) -> object:
    pairs = zip(columns, row, strict=True)
    return next((key for at, key in pairs if at.primary_key and at.table is table), "?")


def _fits(column: sa.Column[Any], value: object) -> bool:
    if value is None:
        return bool(column.nullable)
    if not isinstance(value, column.type.python_type):
        return False
    if isinstance(value, datetime):  # told in another time zone, the last years have no date
        return value.tzinfo is None and MINYEAR < value.year < MAXYEAR
    return not isinstance(value, date) or value.year < MAXYEAR
