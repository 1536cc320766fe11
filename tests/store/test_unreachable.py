"""A store that cannot be reached is an error; only one that is not there yet is empty."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from contextlib import closing
from types import ModuleType
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

SERVER = "postgresql+psycopg2://circle:hidden@127.0.0.1"  # pragma: allowlist secret


@pytest.fixture
def store(store_file: Path) -> Store:
    return Store(str(store_file))


def test_no_file_and_no_tables_are_no_rows(store: Store, store_file: Path) -> None:
    assert history(store, "small") == ()
    assert not store_file.parent.exists()
    store_file.parent.mkdir()
    unversioned.ask(store_file, "PRAGMA user_version = 1")
    assert history(store, "small") == ()
    said(store)
    assert len(history(store, "small")) == 1


def put_folder(file: Path) -> None:
    file.mkdir(parents=True)


def put_file_as_folder(file: Path) -> None:
    file.parent.write_text("a file")


def put_link_to_nothing(file: Path) -> None:
    file.parent.mkdir()
    file.symlink_to(file.parent / "unmounted" / "circle.sqlite")


@pytest.mark.parametrize("put", [put_folder, put_file_as_folder, put_link_to_nothing])
def test_a_path_that_cannot_be_opened(store: Store, store_file: Path, put: Any) -> None:
    put(store_file)
    for use in (lambda: history(store, "small"), store.prepare):
        with pytest.raises(StoreError, match="无法打开") as caught:
            use()
        assert "cannot be opened" in caught.value.message("en")
    with pytest.raises(StoreError, match="无法写入"):
        said(store)


@pytest.mark.skipif(os.geteuid() == 0, reason="everything is permitted to root")
def test_a_file_that_may_not_be_read(store: Store, store_file: Path) -> None:
    said(store)
    store_file.chmod(0)
    with pytest.raises(StoreError, match="无法打开"):
        history(store, "small")


def test_a_driver_that_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    absent = Store("postgresql+psycopg://circle:hidden@127.0.0.1/circle")
    for use in (lambda: history(absent, "small"), lambda: said(absent), absent.prepare):
        with pytest.raises(StoreError, match="psycopg，此处未安装") as caught:
            use()
        assert "hidden" not in str(caught.value)


class Driver(ModuleType):
    """What SQLAlchemy needs of psycopg2, with a connect that waits for an answer."""

    __version__ = "2.9.9"
    paramstyle = "pyformat"

    class Error(Exception):
        """Any of the driver's."""

    class OperationalError(Error):
        """The server is not there, or does not answer."""

    def __init__(self) -> None:
        super().__init__("psycopg2")
        self.asked: dict[str, Any] = {}

    def connect(self, *_: object, **asked: Any) -> None:
        self.asked = asked
        try:
            with socket.create_connection(("127.0.0.1", asked["port"]), 5) as raw:
                raw.settimeout(float(asked["connect_timeout"]))
                raw.recv(1)
        except OSError as error:
            raise self.OperationalError(str(error)) from error
        raise self.OperationalError("closed")


@pytest.fixture
def driver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Driver]:
    made = Driver()
    for name in ("extensions", "extras"):
        monkeypatch.setitem(sys.modules, f"psycopg2.{name}", ModuleType(name))
        setattr(made, name, sys.modules[f"psycopg2.{name}"])
    monkeypatch.setitem(sys.modules, "psycopg2", made)
    engine._engine.cache_clear()  # noqa: SLF001
    yield made
    engine._engine.cache_clear()  # noqa: SLF001


def test_a_server_that_is_not_there(driver: Driver) -> None:
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    away = Store(f"{SERVER}:{port}/circle")
    for use in (lambda: history(away, "small"), lambda: said(away), away.prepare):
        with pytest.raises(StoreError, match="无法打开") as caught:
            use()
        assert "hidden" not in str(caught.value)
    assert driver.asked["connect_timeout"] == engine.TIMEOUT_S


def test_a_server_that_accepts_and_never_answers(
    driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "TIMEOUT_S", 1.0)
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        port = silent.getsockname()[1]
        with pytest.raises(StoreError, match="无法打开"):
            history(Store(f"{SERVER}:{port}/circle"), "small")
    assert driver.asked["tcp_user_timeout"] == 1000
    assert driver.asked["options"] == "-c statement_timeout=1000 -c lock_timeout=1000"


def test_what_the_address_says_of_waiting_goes_before(driver: Driver) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        port = silent.getsockname()[1]
        address = f"{SERVER}:{port}/circle?connect_timeout=1&options=-c%20search_path%3Dours"
        with pytest.raises(StoreError):
            history(Store(address), "small")
    assert int(driver.asked["connect_timeout"]) == 1
    assert driver.asked["options"].endswith("lock_timeout=10000 -c search_path=ours")


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


def test_killed_in_the_middle_of_a_write(store: Store, store_file: Path) -> None:
    said(store)
    ended = subprocess.run(  # noqa: S603
        [sys.executable, "-c", KILLED, str(store_file)], cwd=ROOT, timeout=120, check=False
    )
    assert ended.returncode == -signal.SIGKILL
    journal = store_file.with_name(f"{store_file.name}-journal")
    assert journal.stat().st_size > 0
    assert [row.author for row in history(store, "small")] == ["王晓明"]
    assert not journal.exists()
    said(store, by="李梅")
    assert [row.author for row in history(store, "small")] == ["李梅", "王晓明"]
