"""A store that cannot be reached is an error; only one that is not there yet is empty."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from circle.config import ROOT
from circle.errors import InputError, StoreError
from circle.store import Store, engine, history
from tests.store import unversioned
from tests.store.test_confirmations import said

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.store.postgres import Server

SERVER = "postgresql://circle:hidden@127.0.0.1"  # pragma: allowlist secret


def test_no_file_and_no_tables_are_no_rows(file_store: Store, store_file: Path) -> None:
    assert history(file_store, "small") == ()
    assert not store_file.parent.exists()
    store_file.parent.mkdir()
    unversioned.ask(store_file, "PRAGMA user_version = 1")
    assert history(file_store, "small") == ()
    said(file_store)
    assert len(history(file_store, "small")) == 1


def put_folder(file: Path) -> None:
    file.mkdir(parents=True)


def put_file_as_folder(file: Path) -> None:
    file.parent.write_text("a file")


def put_link_to_nothing(file: Path) -> None:
    file.parent.mkdir()
    file.symlink_to(file.parent / "unmounted" / "circle.sqlite")


@pytest.mark.parametrize("put", [put_folder, put_file_as_folder, put_link_to_nothing])
def test_a_path_that_cannot_be_opened(file_store: Store, store_file: Path, put: Any) -> None:
    put(store_file)
    for use in (lambda: history(file_store, "small"), file_store.prepare):
        with pytest.raises(StoreError, match="无法打开") as caught:
            use()
        assert "cannot be opened" in caught.value.message("en")
    with pytest.raises(StoreError, match="无法写入"):
        said(file_store)


@pytest.mark.skipif(os.geteuid() == 0, reason="everything is permitted to root")
def test_a_file_that_may_not_be_read(file_store: Store, store_file: Path) -> None:
    said(file_store)
    store_file.chmod(0)
    with pytest.raises(StoreError, match="无法打开"):
        history(file_store, "small")


def test_a_driver_that_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    absent = Store("postgresql+psycopg://circle:hidden@127.0.0.1/circle")
    for use in (lambda: history(absent, "small"), lambda: said(absent), absent.prepare):
        with pytest.raises(StoreError, match="psycopg，此处未安装") as caught:
            use()
        assert "hidden" not in str(caught.value)


@contextmanager
def nobody() -> Iterator[str]:
    """Yield the address of a server that is not there."""
    with closing(socket.socket()) as taken:  # and does not listen
        taken.bind(("127.0.0.1", 0))
        yield f"{SERVER}:{taken.getsockname()[1]}/circle"


@contextmanager
def silent() -> Iterator[str]:
    """Yield the address of a server that accepts and never answers."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        yield f"{SERVER}:{listening.getsockname()[1]}/circle"


def test_a_server_that_is_not_there() -> None:
    with nobody() as address:
        away = Store(address)
        for use in (lambda: history(away, "small"), lambda: said(away), away.prepare):
            with pytest.raises(StoreError, match="无法打开") as caught:
                use()
            assert "hidden" not in str(caught.value)


@pytest.mark.parametrize("query", ["?connect_timeout=2", ""])
def test_a_server_that_accepts_and_never_answers(
    monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    monkeypatch.setattr(engine, "TIMEOUT_S", 30.0 if query else 2.0)
    start = time.monotonic()
    with silent() as address, pytest.raises(StoreError, match="无法打开"):
        history(Store(address + query), "small")
    assert time.monotonic() - start < 20


def test_how_long_a_server_is_waited_for(server: Server) -> None:
    plain = server.new_database()
    limits = sa.text("SELECT current_setting('statement_timeout'), current_setting('lock_timeout')")
    for address in (plain, f"{plain}&options=-c%20lock_timeout%3D3s"):
        with Store(address).writing() as connection:
            ((statement, lock),) = connection.execute(limits)
        assert (statement, lock) == ("10s", "10s" if address == plain else "3s")


def test_a_statement_that_takes_too_long(
    server_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "TIMEOUT_S", 0.2)
    engine._engine.cache_clear()  # noqa: SLF001
    with pytest.raises(StoreError, match="占用"), server_store.reading() as connection:
        connection.execute(sa.text("SELECT pg_sleep(5)"))
    said(server_store)
    engine._engine.cache_clear()  # noqa: SLF001


def test_a_server_that_may_only_be_read(server: Server) -> None:
    server_store = Store(server.new_database())
    said(server_store)
    name = str(server_store.url.database)
    server.ask(f"ALTER DATABASE {name} SET default_transaction_read_only = on", "postgres")
    assert len(history(server_store, "small")) == 1
    with pytest.raises(StoreError, match="无法写入"):
        said(server_store)


def delete_and_end(store: Store) -> None:
    with store.writing() as connection:
        connection.execute(sa.text("DELETE FROM confirmation"))
        connection.execute(sa.text("SELECT pg_terminate_backend(pg_backend_pid())"))


def test_a_server_that_goes_away_in_the_middle(server_store: Store) -> None:
    said(server_store)
    with pytest.raises(StoreError, match="无法打开"):
        delete_and_end(server_store)
    assert len(history(server_store, "small")) == 1


def test_a_fault_is_logged_without_the_row(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    said(store)
    copy = sa.text(
        'INSERT INTO confirmation (district, kind, completeness, as_of, basis, "by", at)'
        " SELECT district, kind, 'other', as_of, 'canary', \"by\", at FROM confirmation"
    )
    with pytest.raises(StoreError) as caught, store.writing() as connection:
        connection.execute(copy)
    assert "ck_confirmation_completeness" in caught.value.message() + caplog.text
    assert "canary" not in caught.value.message() + caplog.text


def write_and_fail(store: Store, error: Exception) -> None:
    with store.writing() as connection:
        connection.execute(sa.text("DELETE FROM confirmation"))
        raise error


def test_a_fault_of_whoever_writes_is_passed_on(store: Store) -> None:
    said(store)
    for error in (InputError("confirm.future", date="x"), OSError("theirs"), KeyError("theirs")):
        with pytest.raises(type(error)) as caught:
            write_and_fail(store, error)
        assert caught.value is error
    assert len(history(store, "small")) == 1


KILLED = """
import os, signal, sys
import sqlalchemy as sa
from circle.store import Store
with Store(sys.argv[1]).writing() as connection:
    for _ in range(40):
        connection.execute(sa.text("INSERT INTO confirmation SELECT id + (SELECT max(id)"
            " FROM confirmation), district, kind, completeness, as_of, :basis, 'b', at"
            " FROM confirmation LIMIT 1000"), {"basis": "x" * 400})
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_killed_in_the_middle_of_a_write(file_store: Store, store_file: Path) -> None:
    said(file_store)
    ended = subprocess.run(  # noqa: S603
        [sys.executable, "-c", KILLED, str(store_file)], cwd=ROOT, timeout=120, check=False
    )
    assert ended.returncode == -signal.SIGKILL
    journal = store_file.with_name(f"{store_file.name}-journal")
    assert journal.stat().st_size > 0
    assert [row.author for row in history(file_store, "small")] == ["王晓明"]
    assert not journal.exists()
    said(file_store, by="李梅")
    assert [row.author for row in history(file_store, "small")] == ["李梅", "王晓明"]
