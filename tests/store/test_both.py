"""What must hold on every kind of database: migrations both ways, one writer at a time."""

from __future__ import annotations

import importlib
import pkgutil
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

import circle.store
import circle.wishes.tables
from circle.errors import InputError, StoreError
from circle.store import Store, audit, confirmations, history, schema, withdraw
from tests.small import district
from tests.store.test_confirmations import said

if TYPE_CHECKING:
    from tests.store.postgres import Server

EVERY = [schema.UNVERSIONED, *(f"{n:04d}" for n in range(1, int(schema.newest()) + 1))]


def import_all_tables() -> None:
    assert circle.wishes.tables.wishes.metadata is schema.metadata
    for module in pkgutil.iter_modules(circle.store.__path__, "circle.store."):
        importlib.import_module(module.name)


def constraint_names(connection: sa.Connection) -> set[str | None]:
    """Return the names of all constraints but those of SQLite's keys, which have none."""
    inspector = sa.inspect(connection)
    names: set[str | None] = set()
    for table in inspector.get_table_names():
        if table == schema.VERSION_TABLE:
            continue
        if connection.dialect.name != "sqlite":
            names.add(inspector.get_pk_constraint(table)["name"])
        names |= {each["name"] for each in inspector.get_check_constraints(table)}
        names |= {each["name"] for each in inspector.get_unique_constraints(table)}
        names |= {each["name"] for each in inspector.get_foreign_keys(table)}
        names |= {each["name"] for each in inspector.get_indexes(table)}
    return names


def test_migrated_tables_are_those_declared(store: Store) -> None:
    import_all_tables()
    with store.writing() as connection:
        names = constraint_names(connection)
        options = {"version_table": schema.VERSION_TABLE, "compare_type": True}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, schema.metadata) == []
    declared = sa.create_engine("sqlite://")
    schema.metadata.create_all(declared)
    with declared.connect() as connection:
        without_keys = {name for name in names if not str(name).startswith("pk_")}
        assert without_keys == constraint_names(connection)
    declared.dispose()
    assert all(name and name[:3] in {"ck_", "fk_", "ix_", "pk_", "uq_"} for name in names)


@pytest.mark.parametrize("to", EVERY)
def test_migrations_back_and_forth_keep_the_rows(store: Store, to: str) -> None:
    import_all_tables()
    said(store)
    withdraw(store, district(), "canteen", by="李梅")
    audit.note(store, audit.Action.SIGN_OUT, by="李梅", subject="sign_in")
    rows, lines = history(store, "small"), audit.lines(store)
    with store.writing() as connection:
        names = constraint_names(connection)
        schema.migrate(connection, to)
        assert schema.version(connection, store.name) == to
    assert history(store, "small") == rows  # an older store can be read as it is
    with store.writing() as connection:
        assert schema.version(connection, store.name) == schema.newest()
        assert constraint_names(connection) == names
    assert history(store, "small") == rows
    assert audit.lines(store) == (lines if to >= "0002" else [])
    said(store, by="赵")
    assert history(store, "small")[1:] == rows


def test_of_three_slow_withdrawals_one_is_taken(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    said(store)
    together = threading.Barrier(3, timeout=30)
    add = confirmations._add  # noqa: SLF001

    def slowly(*given: Any) -> None:
        threading.Event().wait(0.2)
        add(*given)

    def one(name: str) -> bool:
        together.wait()
        try:
            withdraw(store, district(), "canteen", by=name)
        except InputError:
            return False
        return True

    monkeypatch.setattr(confirmations, "_add", slowly)
    with ThreadPoolExecutor(3) as pool:
        assert sorted(pool.map(one, "甲乙丙")) == [False, False, True]
    assert len(history(store, "small")) == 2


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"], indirect=True)
def test_eight_first_writers_at_once(kind: str, request: pytest.FixtureRequest) -> None:
    if kind == "sqlite":
        store: Store = request.getfixturevalue("file_store")
    else:
        server: Server = request.getfixturevalue("server")
        store = Store(server.new_place())
    together = threading.Barrier(8, timeout=30)

    def one(name: str) -> None:
        together.wait()
        said(store, by=name)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(one, "甲乙丙丁戊己庚辛"))
    assert {row.author for row in history(store, "small")} == set("甲乙丙丁戊己庚辛")


def test_a_database_without_tables_is_told(server: Server) -> None:
    bare = Store(server.new_place())
    with pytest.raises(StoreError, match="还没有任何表"):
        history(bare, "small")
    assert bare.prepare() == (schema.NONE, schema.newest())
    assert history(bare, "small") == ()
