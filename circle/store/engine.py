"""Where the store lies: an SQLite file by default, else a database such as PostgreSQL.

Reading never makes a file. Writing does, with its folder; each write is one
transaction that takes the store's lock at its start, so that writers wait for one
another and nothing is half-written. The file keeps SQLite's rollback journal: a
write-ahead log would ask for write access of every reader, and does not work on
network drives. That there is no file yet means that there are no rows; whatever else
cannot be read is an error, never "nothing".
"""

from __future__ import annotations

import logging
import os
import sqlite3
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import exc
from sqlalchemy.pool import NullPool

from circle.config import ROOT, settings
from circle.errors import SettingError, StoreError
from circle.store import row_values, schema

if TYPE_CHECKING:
    from collections.abc import Iterator

TIMEOUT_S = 10.0
"""A writer waits this long for another one, and everyone for a database server."""
_READ, _WRITE = "rw", "rwc"  # neither SQLite's "ro": a journal left by a crash is rolled back
_NOWHERE = "memory"
_ALONE = "alone"
"""Statements that no transaction may hold."""
_DRIVER = "psycopg"
"""The driver of PostgreSQL: it passes the timeouts to PostgreSQL's own library."""
_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_DAMAGED = (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT)
_BUSY_STATES = ("55P03", "57014", "40P01", "40001")  # of SQL: a lock, a timeout, a deadlock
_NO_PERMISSION = "42501"
_NOT_WRITTEN_STATES = ("53100", "25006", _NO_PERMISSION)  # a full disk, a standby
_log = logging.getLogger(__name__)


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
            return sa.URL.create("sqlite", database=_path(self.address))
        try:
            url = sa.make_url(self.address)
            url.get_dialect()
        except (exc.ArgumentError, ImportError, ValueError) as error:
            raise SettingError("store_address") from error
        if url.get_backend_name() != "sqlite":
            if url.drivername == "postgresql":
                return url.set(drivername=f"postgresql+{_DRIVER}")
            if (driver := url.get_driver_name()) != _DRIVER:
                raise SettingError("store_driver", driver=driver, known=_DRIVER)
            return url
        if url.database in {None, "", ":memory:"} or url.query:
            raise SettingError("store_address")
        return sa.URL.create("sqlite", database=_path(str(url.database)))

    @property
    def file(self) -> Path | None:
        """The SQLite file; None for another kind of database."""
        url = self.url
        return Path(str(url.database)) if url.get_backend_name() == "sqlite" else None

    @property
    def name(self) -> str:
        """The address as it may be shown: without a password."""
        file = self.file
        return str(file) if file is not None else self.url.render_as_string()

    @contextmanager
    def reading(self, *, as_it_is: bool = False) -> Iterator[sa.Connection]:
        """Open one transaction that reads, as of one moment; without a file, all is empty.

        Parameters
        ----------
        as_it_is
            Whether tables that an older store does not have stay away; else they are
            lent to the transaction, empty.

        Raises
        ------
        StoreError
            When the store cannot be opened or is none of this program's.
        """
        with self._transaction(_NOWHERE if self._absent() else _READ) as connection:
            if not as_it_is:
                schema.make_readable(connection, self.name)
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """Open one transaction that no other writer can enter.

        A store that is not there is made, and one of an older version upgraded, after
        a copy of its file was put beside it.

        Raises
        ------
        StoreError
            When nothing can be written there.
        """
        file = self.file
        try:
            if file is not None:
                file.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError("not_written", store=self.name) from error
        with self._transaction(_WRITE) as connection:
            schema.upgrade(connection, self.name, file)
            yield connection

    def rows(self, connection: sa.Connection, statement: sa.Select[Any]) -> list[sa.Row[Any]]:
        """Return the rows that a statement selects, with every value looked at.

        Raises
        ------
        StoreError
            With table, row and column of a value that does not fit its column.
        """
        return row_values.read(connection, statement, self.name)

    def prepare(self) -> tuple[str, str]:
        """Bring a store that is there to this program's version.

        Returns
        -------
        tuple of str
            Its version before and now; "" where there is none yet.

        Raises
        ------
        StoreError
            When it cannot be read or upgraded.
        """
        if self._absent():
            return schema.NONE, schema.NONE
        with self._transaction(_READ) as connection:
            before = schema.version(connection, self.name)
        if before == schema.newest() or (before == schema.NONE and self.file is not None):
            return before, before
        with self.writing():
            return before, schema.newest()

    def scrub(self) -> bool:
        """Overwrite on disk what was deleted; see docs/operations.md for what a server keeps.

        Returns
        -------
        bool
            False where PostgreSQL's log of writes may hold the deleted rows until it is
            written over: the account lacks the rights, or `wal_recycle` is on.

        Raises
        ------
        StoreError
            When nothing can be written there.
        """
        if self._absent():
            return True
        with self._transaction(_ALONE) as connection:
            if self.file is not None:
                connection.exec_driver_sql("VACUUM")
                return True
            connection.exec_driver_sql("SET statement_timeout = 0")
            quote = connection.dialect.identifier_preparer.quote
            for table in sa.inspect(connection).get_table_names():
                connection.exec_driver_sql(f"VACUUM (FULL) {quote(table)}")
            return _log_ended(connection)

    @property
    def in_use(self) -> bool:
        """Whether anything was written yet: an SQLite file is there, or it is a server's.

        Raises
        ------
        StoreError
            When that cannot be told.
        """
        return not self._absent()

    def _absent(self) -> bool:
        """Tell whether there is no SQLite file yet."""
        file = self.file
        try:
            if file is not None:
                file.lstat()
        except FileNotFoundError:
            return True
        except OSError as error:
            raise StoreError("unreachable", store=self.name) from error
        return False

    @contextmanager
    def _transaction(self, mode: str) -> Iterator[sa.Connection]:
        try:
            engine = _engine(self.url, mode if self.file is not None else "")
        except ImportError as error:
            driver = self.url.get_driver_name()
            raise StoreError("driver", store=self.name, driver=driver) from error
        try:
            # reading ends in a rollback: tables lent to it are gone with it
            with engine.begin() if mode == _WRITE else engine.connect() as connection:
                if mode != _WRITE and self.file is None:
                    level = "AUTOCOMMIT" if mode == _ALONE else "REPEATABLE READ"
                    connection.execution_options(isolation_level=level)
                yield connection
        except exc.DBAPIError as error:
            problem = str(error.orig).strip().partition("\n")[0]  # what follows may hold the row
            _log.warning("the store %s: %s", self.name, problem)
            raise StoreError(_sentence(error, mode), store=self.name, problem=problem) from error


def opened() -> Store:
    """Return the store of this installation."""
    return Store(settings().store)


@lru_cache(maxsize=16)
def _engine(url: sa.URL, mode: str) -> sa.Engine:
    if url.get_backend_name() != "sqlite":
        # none is kept: a server that fell silent would be waited for without an end;
        # a writer has to see what was written while it waited for the lock
        return sa.create_engine(
            url,
            connect_args=_timeouts(url),
            isolation_level="READ COMMITTED",
            poolclass=NullPool,
        )
    file = f"{Path(str(url.database)).as_uri()}?mode={_READ if mode == _ALONE else mode}"
    address = file if mode != _NOWHERE else ":memory:"

    def connect() -> sqlite3.Connection:
        raw = sqlite3.connect(address, uri=True, timeout=TIMEOUT_S, isolation_level=None)
        raw.text_factory = _text
        raw.execute("PRAGMA foreign_keys = ON")
        raw.execute("PRAGMA secure_delete = ON")
        return raw

    def begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if mode == _WRITE else "BEGIN")

    engine = sa.create_engine("sqlite://", creator=connect, poolclass=NullPool)
    if mode != _ALONE:
        sa.event.listen(engine, "begin", begin)
    return engine


def _log_ended(connection: sa.Connection) -> bool:
    """Have PostgreSQL begin a new file of its log and let the old ones go; tell whether it may."""
    try:
        connection.exec_driver_sql("SELECT pg_switch_wal()")
        connection.exec_driver_sql("CHECKPOINT")
    except exc.ProgrammingError as error:
        if getattr(error.orig, "sqlstate", None) != _NO_PERMISSION:
            raise
        return False
    # else an old file is renamed for later use, with what stands in it
    return bool(connection.exec_driver_sql("SHOW wal_recycle").scalar() == "off")


def _path(text: str) -> str:
    """Return a path of the settings in full; ``~`` is the home of whoever runs this.

    Raises
    ------
    SettingError
        When it is blank, or holds what no path does.
    """
    if not text.strip() or "\0" in text:
        raise SettingError("store_address")
    return str(ROOT / os.path.expanduser(text.strip()))  # noqa: PTH111 - Path's own raises


def _timeouts(url: sa.URL) -> dict[str, Any]:
    """Return how long PostgreSQL is waited for; what the address itself says goes before."""
    most = f"{TIMEOUT_S * 1000:.0f}"
    limits = {"connect_timeout": int(TIMEOUT_S), "tcp_user_timeout": int(most)}
    options = f"-c statement_timeout={most} -c lock_timeout={most} {url.query.get('options', '')}"
    ours = {name: value for name, value in limits.items() if name not in url.query}
    return ours | {"options": options.strip()}


def _text(raw: bytes) -> str | bytes:
    """Return a text of SQLite; one that is no UTF-8 as it is, for `row_values.read` to name."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw


def _sentence(error: exc.DBAPIError, mode: str) -> str:
    """Return which sentence tells a fault of the database."""
    cause = error.orig
    state = getattr(cause, "sqlstate", None)
    # extended codes of SQLite carry the plain one in their low byte
    code = getattr(cause, "sqlite_errorcode", -1) & 0xFF
    if code in _BUSY or state in _BUSY_STATES:
        return "busy"
    if code in _DAMAGED:
        return "damaged"
    writes = mode in {_WRITE, _ALONE}
    if writes and state in _NOT_WRITTEN_STATES:
        return "not_written"
    if code == sqlite3.SQLITE_ERROR or isinstance(error, exc.ProgrammingError | exc.IntegrityError):
        return "shape"
    if writes and isinstance(cause, sqlite3.Error):
        return "not_written"
    return "unreachable"
