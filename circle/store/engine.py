"""Where the store lies: an SQLite file by default, any SQLAlchemy URL else.

Reading never makes a file. Writing does, with its folder; each write is one
transaction that takes the file's lock at its start, so that writers wait for one
another and nothing is half-written. The file keeps SQLite's rollback journal: a
write-ahead log would ask for write access of every reader, and does not work on
network drives.
"""

from __future__ import annotations

import logging
import sqlite3
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import exc
from sqlalchemy.pool import NullPool
from sqlalchemy.schema import CreateTable

from circle.config import ROOT, settings
from circle.errors import SettingError, StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator

TIMEOUT_S = 10.0
"""A writer waits this long for another one."""
_READ, _WRITE = "rw", "rwc"  # neither SQLite's "ro": a journal left by a crash is rolled back
_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_DAMAGED = (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT)
_log = logging.getLogger(__name__)

metadata = sa.MetaData()


@dataclass(frozen=True, slots=True)
class Store:
    """A store of what people say of the data.

    Attributes
    ----------
    address
        A path of an SQLite file, or a URL of SQLAlchemy.
    """

    address: str

    @property
    def url(self) -> sa.URL:
        """The address as a URL.

        Raises
        ------
        SettingError
            When it is none that can be used.
        """
        if "://" not in self.address:
            return sa.URL.create("sqlite", database=str(ROOT / self.address))
        try:
            url = sa.make_url(self.address)
            url.get_dialect()
        except (exc.ArgumentError, ImportError, ValueError) as error:
            raise SettingError("store_address") from error
        if url.get_backend_name() != "sqlite":
            return url
        if url.database in {None, "", ":memory:"} or url.query:
            raise SettingError("store_address")
        return sa.URL.create("sqlite", database=str(ROOT / str(url.database)))

    @property
    def file(self) -> Path | None:
        """The SQLite file; None for another kind of database."""
        url = self.url
        return Path(str(url.database)) if url.get_backend_name() == "sqlite" else None

    def rows(self, table: sa.Table, statement: sa.Select[Any]) -> list[sa.Row[Any]]:
        """Return what a statement finds in a table; nothing where there is no store.

        Raises
        ------
        StoreError
            When the file is damaged, or another process does not let go of it.
        """
        file = self.file
        if file is not None and not _is_file(file):
            return []
        try:
            with _engine(self.url, _READ).connect() as connection:
                if not sa.inspect(connection).has_table(table.name):
                    return []
                return list(connection.execute(statement))
        except (exc.SQLAlchemyError, ValueError) as error:
            if _told(error) is None and isinstance(error, exc.OperationalError):
                _log.warning("the store cannot be read: %s", error)
                return []
            raise StoreError(_told(error) or "damaged", store=self.name) from error

    @contextmanager
    def writing(self, table: sa.Table) -> Iterator[sa.Connection]:
        """Open one transaction that no other writer can enter; make the table if need be.

        Raises
        ------
        StoreError
            When nothing can be written there.
        """
        try:
            if (file := self.file) is not None:
                file.parent.mkdir(parents=True, exist_ok=True)
            with _engine(self.url, _WRITE).begin() as connection:
                connection.execute(CreateTable(table, if_not_exists=True))
                yield connection
        except (exc.SQLAlchemyError, OSError) as error:
            raise StoreError(_told(error) or "not_written", store=self.name) from error

    @property
    def name(self) -> str:
        """The address as it may be shown: without a password."""
        file = self.file
        return str(file) if file is not None else self.url.render_as_string()


def opened() -> Store:
    """Return the store of this installation."""
    return Store(settings().store)


@lru_cache(maxsize=16)
def _engine(url: sa.URL, mode: str) -> sa.Engine:
    if url.get_backend_name() != "sqlite":
        return sa.create_engine(url, pool_pre_ping=True)
    address = f"{Path(str(url.database)).as_uri()}?mode={mode}"

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(address, uri=True, timeout=TIMEOUT_S, isolation_level=None)

    engine = sa.create_engine("sqlite://", creator=connect, poolclass=NullPool)
    if mode == _WRITE:
        sa.event.listen(engine, "begin", _take_the_lock)
    return engine


def _take_the_lock(connection: sa.Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _is_file(file: Path) -> bool:
    try:
        return file.is_file()
    except OSError:
        return False


def _told(error: Exception) -> str | None:
    """Return which sentence tells a fault of SQLite; None for one of another kind."""
    code = getattr(getattr(error, "orig", None), "sqlite_errorcode", None)
    if code is None:
        return None
    plain = code & 0xFF  # extended codes carry the plain one in their low byte
    return "busy" if plain in _BUSY else "damaged" if plain in _DAMAGED else None
