"""Stores of older and newer versions, and files of other programs."""

from __future__ import annotations

import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory

from circle.config import ROOT
from circle.errors import StoreError
from circle.store import Store, history, schema, withdraw
from tests.small import district
from tests.store import unversioned
from tests.store.test_confirmations import said

if TYPE_CHECKING:
    from pathlib import Path

COPY = f"circle.sqlite.before-{schema.newest()}"


@pytest.fixture
def store(store_file: Path) -> Store:
    return Store(str(store_file))


@pytest.fixture
def old(store_file: Path) -> Path:
    unversioned.make(store_file)
    return store_file


def version(file: Path) -> object:
    ((number,),) = unversioned.ask(file, "SELECT version_num FROM circle_version")
    return number


def files(file: Path) -> list[str]:
    return sorted(path.name for path in file.parent.iterdir())


def test_the_migrations_are_one_chain_named_by_number() -> None:
    scripts = ScriptDirectory(str(schema._MIGRATIONS))  # noqa: SLF001
    revisions = [script.revision for script in scripts.walk_revisions("base", "heads")]
    assert revisions == [f"{n:04d}" for n in range(len(revisions), 0, -1)]
    assert scripts.get_heads() == [schema.newest()]
    names = {str(script.path).rpartition("/v")[2][:4] for script in scripts.walk_revisions()}
    assert names == set(revisions)


def test_an_old_store_is_read_as_it_is(store: Store, old: Path) -> None:
    before = old.read_bytes()
    rows = history(store, "small")
    assert [(row.complete, row.author) for row in rows] == [(False, "李梅"), (True, "王晓明")]
    assert old.read_bytes() == before
    assert files(old) == [old.name]


def test_the_first_write_upgrades_and_keeps_a_copy(store: Store, old: Path) -> None:
    before, rows = old.read_bytes(), history(store, "small")
    old.chmod(0o640)
    said(store, by="赵")
    assert history(store, "small")[1:] == rows
    assert [row[0] for row in unversioned.ask(old, "SELECT id FROM confirmation")] == [1, 2, 3]
    assert version(old) == schema.newest()
    assert files(old) == [old.name, COPY]
    copy = old.with_name(COPY)
    assert unversioned.ask(copy, "SELECT count(*) FROM confirmation") == [(2,)]
    assert copy.stat().st_mode & 0o777 == 0o640
    assert len(copy.read_bytes()) == len(before)
    kept = copy.read_bytes()
    said(store, by="钱")
    assert copy.read_bytes() == kept


def test_a_copy_is_never_overwritten(store: Store, old: Path) -> None:
    store.prepare()
    kept = old.with_name(COPY).read_bytes()
    old.unlink()
    unversioned.make(old)  # the same file put back
    store.prepare()
    assert files(old) == [old.name, COPY]
    old.unlink()
    unversioned.make(old, rows=5)
    store.prepare()
    assert files(old) == [old.name, COPY, f"{COPY}-2"]
    assert old.with_name(COPY).read_bytes() == kept
    count = "SELECT count(*) FROM confirmation"
    assert unversioned.ask(old.with_name(f"{COPY}-2"), count) == [(5,)]


def test_preparing_tells_the_versions(store: Store, store_file: Path) -> None:
    assert store.prepare() == (schema.NONE, schema.NONE)
    assert not store_file.parent.exists()
    unversioned.make(store_file)
    assert store.prepare() == (schema.UNVERSIONED, schema.newest())
    assert store.prepare() == (schema.newest(), schema.newest())


def test_without_room_for_a_copy_nothing_is_upgraded(
    store: Store, old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    before = old.read_bytes()
    monkeypatch.setattr("tempfile.mkdtemp", full)
    with pytest.raises(StoreError, match="未升级"):
        store.prepare()
    assert old.read_bytes() == before
    assert len(history(store, "small")) == 2


def test_a_failing_migration_changes_nothing(
    store: Store, old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("alembic.op.drop_table", breaks)
    before = history(store, "small")
    with pytest.raises(KeyboardInterrupt):
        said(store)
    tables = "SELECT name FROM sqlite_master WHERE name NOT LIKE 'sqlite%'"
    assert unversioned.ask(old, tables) == [("confirmation",)]
    assert history(store, "small") == before
    monkeypatch.undo()
    Store(str(old)).prepare()
    assert history(store, "small") == before


def test_a_table_of_a_later_version_reads_as_empty_before_the_upgrade(
    store: Store, old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = sa.MetaData()
    for table in schema.metadata.sorted_tables:
        table.to_metadata(later)
    notes = sa.Table("note", later, sa.Column("id", sa.Integer, primary_key=True))
    monkeypatch.setattr(schema, "metadata", later)
    with store.reading() as connection:
        assert store.rows(connection, sa.select(notes)) == []
    assert ("note",) not in unversioned.ask(old, "SELECT name FROM sqlite_master")
    monkeypatch.undo()
    store.prepare()
    monkeypatch.setattr(schema, "metadata", later)
    with pytest.raises(StoreError, match="no such table: note"):
        history(store, "small")


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE circle_version SET version_num = '0999'", "0999"),
        ("UPDATE circle_version SET version_num = '5e1f0c'", "结构与本软件不符"),
        ("UPDATE circle_version SET version_num = x'00ff'", "结构与本软件不符"),
        ("DELETE FROM circle_version", "结构与本软件不符"),
        ("DROP TABLE circle_version", None),
        ("DROP TABLE confirmation", "no such table: confirmation"),
        ("ALTER TABLE confirmation DROP COLUMN basis", "confirmation.basis"),
    ],
)
def test_a_store_of_another_version_or_shape(
    store: Store, store_file: Path, statement: str, words: str | None
) -> None:
    said(store)
    unversioned.ask(store_file, statement)
    before = store_file.read_bytes()
    if words is None:  # as if from before there were versions
        assert len(history(store, "small")) == 1
        return
    with pytest.raises(StoreError, match=words):
        history(store, "small")
    for write in (lambda: withdraw(store, district(), "canteen", by="李"), lambda: said(store)):
        with pytest.raises(StoreError):
            write()
    assert store_file.read_bytes() == before


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ("CREATE TABLE bookmark (id INTEGER)", "其他程序"),
        ("CREATE VIEW confirmation AS SELECT 1 AS id", "其他程序"),
        ("CREATE TABLE alembic_version (version_num TEXT)", "其他程序"),
        ("CREATE TABLE confirmation (id INTEGER, district TEXT)", "confirmation.as_of"),
    ],
)
def test_a_file_of_another_program_is_left_alone(
    store: Store, store_file: Path, table: str, words: str
) -> None:
    store_file.parent.mkdir()
    unversioned.ask(store_file, table)
    before = store_file.read_bytes()
    for use in (lambda: history(store, "small"), lambda: said(store), store.prepare):
        with pytest.raises(StoreError, match=words) as caught:
            use()
        assert caught.value.message("zh") != caught.value.message("en")
    assert store_file.read_bytes() == before
    assert files(store_file) == [store_file.name]


TOGETHER = """
import sys, time
from circle.store import Store
store = Store(sys.argv[1])
while time.time() < float(sys.argv[2]):
    pass
store.prepare()
"""
KILLED = """
import os, signal, sys
from alembic import op
from circle.store import Store
def drop(name):
    os.kill(os.getpid(), signal.SIGKILL)
op.drop_table = drop
Store(sys.argv[1]).prepare()
"""


@pytest.mark.slow
def test_two_that_start_together_upgrade_once(store: Store, old: Path) -> None:
    import time  # noqa: PLC0415

    rows = history(store, "small")
    call = [sys.executable, "-c", TOGETHER, str(old), str(time.time() + 4)]
    running = [subprocess.Popen(call, cwd=ROOT) for _ in range(2)]  # noqa: S603
    assert [process.wait(timeout=120) for process in running] == [0, 0]
    assert history(store, "small") == rows
    assert files(old) == [old.name, COPY]
    assert version(old) == schema.newest()


@pytest.mark.slow
def test_killed_in_the_middle_of_an_upgrade(store: Store, store_file: Path) -> None:
    unversioned.make(store_file, rows=12_000, basis="据" * 200)  # more than SQLite keeps in memory
    ended = subprocess.run(  # noqa: S603
        [sys.executable, "-c", KILLED, str(store_file)], cwd=ROOT, timeout=120, check=False
    )
    assert ended.returncode == -signal.SIGKILL
    assert f"{store_file.name}-journal" in files(store_file)
    assert len(history(store, "small")) == 12_000
    assert store.prepare() == (schema.UNVERSIONED, schema.newest())
    assert len(history(store, "small")) == 12_000
    assert files(store_file) == [store_file.name, COPY]
