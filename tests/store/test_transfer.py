"""Backup and restore: the same content in another place, of another kind too."""

from __future__ import annotations

import json
import random
import stat
import threading
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from circle.cli import main
from circle.errors import OutputError, StoreError
from circle.store import Store, audit, backup, history, schema, withdraw
from tests.small import district
from tests.store import unversioned
from tests.store.conftest import KINDS
from tests.store.test_confirmations import said

if TYPE_CHECKING:
    from pathlib import Path

    from tests.store.postgres import Server


def filled(store: Store) -> Store:
    for name in ("王晓明", "李\u2028梅😀", "'); DROP TABLE confirmation; --"):
        said(store, by=name) if name.isprintable() else said(store, basis="又" * 400)
    withdraw(store, district(), "canteen", by="李梅")
    return store


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "store.jsonl"


@pytest.fixture(params=KINDS)
def other(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """Return another empty store, of the same kind or not."""
    if request.param == "sqlite":
        return Store(str(tmp_path / "other" / "circle.sqlite"))
    server: Server = request.getfixturevalue("server")
    return Store(server.new_place())


def test_what_is_restored_is_equal(store: Store, other: Store, file: Path) -> None:
    filled(store)
    saved = backup.save(store, file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert backup.content(store) == saved
    assert backup.restore(other, file, by="赵") == saved
    assert history(other, "small") == history(store, "small")
    lines = audit.lines(other)
    assert lines[:-1] == audit.lines(store)
    assert audit.verify(lines)[0] == []
    newest = audit.entries(other, most=1)[0]
    assert (newest.action, newest.author) == ("restore", "赵")
    assert saved.sha256 in str(newest.content)
    said(other, by="钱")  # numbers go on where they were
    assert len(history(other, "small")) == len(history(store, "small")) + 1
    with pytest.raises(StoreError, match="已有内容"):
        backup.restore(other, file, by="赵")


def test_an_older_backup_is_brought_to_this_version(
    file_store: Store, store_file: Path, other: Store, file: Path
) -> None:
    unversioned.make(store_file, rows=3)
    rows = history(file_store, "small")
    saved = backup.save(file_store, file)
    assert (saved.version, saved.rows) == (schema.UNVERSIONED, 3)
    assert list(store_file.parent.iterdir()) == [store_file]
    backup.restore(other, file, by="赵")
    assert history(other, "small") == rows
    with other.reading() as connection:
        assert schema.version(connection, "") == schema.newest()


def test_others_write_meanwhile(store: Store, other: Store, file: Path) -> None:
    said(store)
    done = threading.Event()

    def write() -> None:
        while not done.is_set():
            said(store, by="李梅")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        sizes = [backup.save(store, file).rows for _ in range(6)]
    finally:
        done.set()
        writer.join()
    assert sizes == sorted(sizes)
    assert sizes[-1] > 3
    backup.restore(other, file, by="赵")
    faults, head = audit.verify(audit.lines(other))
    assert (faults, head and head.number) == ([], len(history(other, "small")) + 1)


@pytest.mark.parametrize("count", [200, pytest.param(10_000, marks=pytest.mark.soak)])
def test_every_flipped_byte_of_a_backup_is_found(
    file_store: Store, file: Path, tmp_path: Path, count: int
) -> None:
    backup.save(filled(file_store), file)
    written = file.read_bytes()
    choose = random.Random(2)  # noqa: S311 - no secret
    place = Store(str(tmp_path / "empty.sqlite"))
    for _ in range(count):
        changed = bytearray(written)
        changed[choose.randrange(len(written))] ^= choose.randrange(1, 256)
        file.write_bytes(changed)
        with pytest.raises(StoreError):
            backup.restore(place, file, by="赵")
    assert not place.in_use


@pytest.mark.parametrize(
    "written",
    [
        b"",
        b"\n",
        b"{}\n{}\n",
        b"[" * 100_000 + b"\n\n",
        b'{"circle_store":1,"version":"0001"}\n',
        b'{"circle_store":1,"version":["0001"]}\n{}\n',
        b'{"circle_store":2,"version":"0001"}\n{}\n',
    ],
)
def test_what_is_no_backup(file_store: Store, file: Path, written: bytes) -> None:
    file.write_bytes(written)
    with pytest.raises(StoreError, match="不符"):
        backup.restore(file_store, file, by="赵")
    assert not file_store.in_use


def signed(*values: object) -> bytes:
    """Return a backup with a hash that fits, whatever it holds."""
    lines = [backup._line(value) for value in values]  # noqa: SLF001
    return b"".join([*lines, backup._line({"sha256": backup._content(lines).sha256})])  # noqa: SLF001


@pytest.mark.parametrize(
    "rows",
    [
        [["sqlite_master", {"name": "x"}]],
        [["confirmation", {"id": 1, "other": 2}]],
        [["confirmation", {"id": [1]}]],
        [["confirmation", {"id": 1, "at": "yesterday"}]],
        [["confirmation", {"id": 1, "at": 7}]],
        [["confirmation", {}]],
        [["confirmation"]],
        [{"confirmation": 1}],
        [["audit", {"number": 7}]],
    ],
)
def test_rows_that_none_of_ours_wrote(store: Store, file: Path, rows: list[object]) -> None:
    said_before = store.in_use
    file.write_bytes(signed({"circle_store": 1, "version": schema.newest()}, *rows))
    with pytest.raises(StoreError):
        backup.restore(store, file, by="赵")
    if said_before:
        assert audit.lines(store) == []


def test_a_newer_backup_is_told(file_store: Store, file: Path) -> None:
    file.write_bytes(signed({"circle_store": 1, "version": "0999"}))
    with pytest.raises(StoreError, match="0999"):
        backup.restore(file_store, file, by="赵")


def test_without_a_store_there_is_no_backup(file_store: Store, file: Path, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="尚不存在"):
        backup.save(file_store, file)
    assert not file.exists()
    said(file_store)
    with pytest.raises(OutputError):
        backup.save(file_store, tmp_path)


def test_the_commands(
    store_file: Path, file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file_store = Store(str(store_file))
    unversioned.make(store_file)
    assert main(["store", "upgrade"]) == 0
    assert json.loads(capsys.readouterr().out)["version"] == schema.newest()
    said(file_store)
    assert main(["store", "backup", str(file)]) == 0
    saved = json.loads(capsys.readouterr().out)
    place = str(tmp_path / "new" / "circle.sqlite")
    assert main(["store", "restore", str(file), "--url", place]) == 0
    assert json.loads(capsys.readouterr().out)["sha256"] == saved["sha256"]
    assert main(["store", "restore", str(file), "--url", place]) == 1
    assert "已有内容" in capsys.readouterr().err
    assert main(["--lang", "en", "store", "backup", str(file), "--url", str(tmp_path / "no")]) == 1
    assert "no store" in capsys.readouterr().err
    assert main(["store", "restore", str(tmp_path / "none"), "--url", place]) == 2
    listed = str(tmp_path / "audit.jsonl")
    assert main(["audit", "export", listed]) == 0
    assert main(["audit", "verify", listed]) == 0
    head = json.loads(capsys.readouterr().out.splitlines()[-1])["head"]
    assert main(["audit", "verify", "--head", head]) == 0
    assert "export" in {entry.action for entry in audit.entries(file_store)}
    assert main(["audit", "verify", "--head", f"1-{'0' * 64}"]) == 1
    assert "链首" in capsys.readouterr().err
    unversioned.ask(store_file, "DROP TRIGGER audit_no_update")
    unversioned.ask(store_file, 'UPDATE audit SET "by" = 1 WHERE number = 1')
    assert main(["audit", "verify"]) == 1
    assert "第 1 条" in capsys.readouterr().err


CANARY = "心愿canary7Z"


def holds(folder: Path, word: str) -> list[str]:
    """Return the files of a folder in whose bytes a word stands, as UTF-8 or escaped."""
    wanted = (word.encode(), json.dumps(word)[1:-1].encode())
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [path.name for path in files if any(each in path.read_bytes() for each in wanted)]


def test_what_is_deleted_on_request_leaves_no_byte(
    store: Store, kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    folder = tmp_path / "store"
    if kind == "postgresql":
        folder = request.getfixturevalue("server").data
        with store.writing() as connection:
            connection.execute(sa.text("SELECT 1"))
    for number in range(40):
        content = {"text": CANARY * 40 if number % 2 else "x" * 400}
        audit.note(store, audit.Action.IMPORT, by="a", subject=f"s/{number % 2}", content=content)
    if kind == "postgresql":
        name = str(store.url.database)
        request.getfixturevalue("server").ask("ANALYZE", name)
    assert holds(folder, CANARY)
    with store.writing() as connection:
        audit.erase(connection, "s/1", by="a", reason="按要求")
    assert store.scrub()
    assert holds(folder, CANARY) == []
    assert audit.verify(audit.lines(store))[0] == []


def test_a_log_that_is_used_again_is_told(server_store: Store) -> None:
    said(server_store)
    assert server_store.scrub()
    assert not Store(f"{server_store.address}%20-c%20wal_recycle%3Don").scrub()


def test_without_rights_to_the_log_it_is_told(server: Server) -> None:
    address = server.new_database()
    name = str(Store(address).url.database)
    for statement in (
        "CREATE ROLE plain LOGIN",
        f"GRANT ALL ON DATABASE {name} TO plain",
        f"ALTER DATABASE {name} OWNER TO plain",
    ):
        server.ask(statement, "postgres")
    plain = Store(address.replace("circle@", "plain@"))
    server.ask("DROP SCHEMA public CASCADE", name)
    server.ask("CREATE SCHEMA public AUTHORIZATION plain", name)
    said(plain)
    assert not plain.scrub()
    assert len(history(plain, "small")) == 1
