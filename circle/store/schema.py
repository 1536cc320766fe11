"""The store's tables and their versions.

A table is declared in a module of its own on `metadata`, and made by a migration: a
file ``migrations/versions/v<number>_<what>.py`` of Alembic, whose revision is the
number. The store's own version stands in its table ``circle_version``. Stores from
before there were versions hold the one table ``confirmation``.
"""

from __future__ import annotations

import filecmp
import logging
import os
import shutil
import sqlite3
from contextlib import closing
from functools import cache
from itertools import chain, count
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from circle import files
from circle.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterable

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)
VERSION_TABLE = "circle_version"
NONE, UNVERSIONED = "", "0000"
"""Versions of a store without tables, and of one from before there were versions."""
_FIRST = "confirmation"
_FIRST_COLUMNS = {"id", "district", "kind", "completeness", "as_of", "basis", "by", "at"}
_MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK_KEY = 0x636972636C65
"""Of the lock that a writer takes of PostgreSQL."""
_one_at_a_time = Lock()  # Alembic's operations are bound to the process, not to a connection
_log = logging.getLogger(__name__)


@cache
def newest() -> str:
    """Return the version that this program gives a store."""
    return max(file.name[1:5] for file in (_MIGRATIONS / "versions").glob("v*.py"))


def version(connection: sa.Connection, store: str) -> str:
    """Return the version of a store: `NONE`, `UNVERSIONED` or a migration's number.

    Raises
    ------
    StoreError
        When it is newer than this program, or another program's.
    """
    inspector = sa.inspect(connection)
    tables = inspector.get_table_names()
    if not tables and not inspector.get_view_names():
        return NONE
    if VERSION_TABLE not in tables:
        if _FIRST not in tables:
            raise StoreError("other", store=store)
        columns = {column["name"] for column in inspector.get_columns(_FIRST)}
        if lacking := sorted(_FIRST_COLUMNS - columns):
            raise StoreError("shape", store=store, problem=f"no such column: {_FIRST}.{lacking[0]}")
        return UNVERSIONED
    number: sa.ColumnClause[Any] = sa.column("version_num")
    numbers = connection.execute(sa.select(number).select_from(sa.table(VERSION_TABLE)))
    text = " ".join(str(value) for value in numbers.scalars())
    if not (text.isdecimal() and len(text) == len(UNVERSIONED) and text > UNVERSIONED):
        raise StoreError("shape", store=store, problem=f"{VERSION_TABLE}: {text!r}")
    if text > newest():
        raise StoreError("newer", store=store, version=text, known=newest())
    return text


def make_readable(connection: sa.Connection, store: str) -> None:
    """Lend the transaction the tables that an older store does not have yet, empty.

    Raises
    ------
    StoreError
        When the store is newer than this program or another program's, or lacks a
        table of its own version.
    """
    at = version(connection, store)
    if at == NONE and connection.dialect.name != "sqlite":
        raise StoreError("empty", store=store)
    tables = set(sa.inspect(connection).get_table_names())
    for table in metadata.sorted_tables:
        if table.name in tables:
            continue
        if at == newest():
            raise StoreError("shape", store=store, problem=f"no such table: {table.name}")
        _lent(table).create(connection, checkfirst=False)


def upgrade(connection: sa.Connection, store: str, file: Path | None) -> None:
    """Bring a store to this program's version, within the transaction of the connection.

    Parameters
    ----------
    connection
        In a transaction that writes.
    store
        The store's name, for errors.
    file
        Its SQLite file, copied before anything is changed.

    Raises
    ------
    StoreError
        When the store is newer than this program or another program's, or no copy
        can be put beside it.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK_KEY)))
    before = version(connection, store)
    if before == newest():
        return
    if before != NONE and file is not None:
        if not os.access(file, os.W_OK):
            raise StoreError("not_written", store=store)
        _put_copy_beside(store, file)
    migrate(connection)
    if before != NONE:
        _log.info("the store %s was upgraded from version %s to %s", store, before, newest())


def migrate(connection: sa.Connection, to: str | None = None) -> None:
    """Bring the tables to a version, forward or back, with the rows that are in them.

    Parameters
    ----------
    connection
        In a transaction that writes.
    to
        `UNVERSIONED` or a migration's number; by default the newest.
    """
    from alembic.config import Config  # noqa: PLC0415 - slow, and seldom needed
    from alembic.runtime.environment import EnvironmentContext  # noqa: PLC0415 - the same
    from alembic.script import ScriptDirectory  # noqa: PLC0415 - the same

    scripts = ScriptDirectory(str(_MIGRATIONS))
    target = "base" if to == UNVERSIONED else to or newest()

    def steps(revision: Any, _context: Any) -> Iterable[Any]:  # noqa: ANN401 - of Alembic
        # as Alembic's own commands
        if target != "base" and target >= ("".join(revision) or UNVERSIONED):
            return scripts._upgrade_revs(target, revision)  # noqa: SLF001
        return scripts._downgrade_revs(target, revision)  # noqa: SLF001

    with _one_at_a_time, EnvironmentContext(Config(), scripts, fn=steps) as environment:
        environment.configure(connection=connection, version_table=VERSION_TABLE)
        environment.run_migrations()
    if to == UNVERSIONED:
        connection.exec_driver_sql(f"DROP TABLE {VERSION_TABLE}")


@cache
def _lent(table: sa.Table) -> sa.Table:
    columns = [sa.Column(column.name, column.type.copy()) for column in table.columns]
    return sa.Table(table.name, sa.MetaData(), *columns, prefixes=["TEMPORARY"])


def _put_copy_beside(store: str, file: Path) -> None:
    """Copy the file as it stands, under the writer's lock; an earlier copy is kept.

    Raises
    ------
    StoreError
        When it cannot be copied.
    """
    name = f"{file.name}.before-{newest()}"
    names = chain([name], (f"{name}-{number}" for number in count(2)))
    try:
        files.clear_abandoned(file.parent, name)
        with files.work_folder(file.parent, name) as folder:
            made = folder / file.name
            # by a connection of its own: SQLite copies for none that writes
            with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(made)) as target:
                source.backup(target)
            shutil.copymode(file, made)
            for copy in (file.with_name(candidate) for candidate in names):
                if not copy.exists():
                    made.rename(copy)
                    return
                if filecmp.cmp(made, copy, shallow=False):
                    return
    except (OSError, sqlite3.Error) as error:
        raise StoreError("not_copied", store=store) from error
