"""The backup script: a whole archive, or a sentence and a status that is not 0."""

from __future__ import annotations

import os
import pwd
import shutil
import stat
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from circle.config import ROOT
from circle.store import Store, backup, history
from tests.store.test_confirmations import said

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.store.postgres import Server


@pytest.fixture
def target(tmp_path: Path) -> Path:
    for name in ("district", "settings"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file.toml").write_text(name)
    return tmp_path / "backups"


def back_up(store: str, target: Path) -> subprocess.CompletedProcess[str]:
    folders = [str(target.parent / name) for name in ("district", "settings")]
    call = ["sh", str(ROOT / "deploy" / "backup.sh"), store, *folders, str(target)]
    return ran(call)


def ran(call: list[str]) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHON": sys.executable}
    return subprocess.run(  # noqa: S603
        call, capture_output=True, text=True, timeout=60, check=False, env=environment
    )


def test_an_archive_can_be_restored(store_file: Path, target: Path, tmp_path: Path) -> None:
    said(Store(str(store_file)))
    done = back_up(str(store_file), target)
    assert (done.returncode, done.stderr) == (0, "")
    (archive,) = target.iterdir()
    with tarfile.open(archive) as packed:
        packed.extractall(tmp_path / "restored", filter="data")
    restored = tmp_path / "restored"
    assert (restored / "district" / "file.toml").read_text() == "district"
    assert (restored / "settings" / "file.toml").read_text() == "settings"
    again = Store(str(restored / "again.sqlite"))
    backup.restore(again, restored / "store.jsonl", by="a")
    assert history(again, "small") == history(Store(str(store_file)), "small")


@pytest.fixture
def open_folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return a folder that everyone may walk into."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    before = os.umask(0o077)
    monkeypatch.setenv("TMPDIR", str(folder))
    yield folder
    os.umask(before)
    shutil.rmtree(folder)


def restored(archive: Path, folder: Path, user: str) -> subprocess.CompletedProcess[str]:
    places = [str(folder / name) for name in ("lib/circle.sqlite", "srv/district", "etc")]
    return ran(["sh", str(ROOT / "deploy" / "restore.sh"), str(archive), *places, user])


def test_what_is_restored_can_be_read_by_the_service(
    store_file: Path, target: Path, open_folder: Path
) -> None:
    said(Store(str(store_file)))
    for name in ("circle.toml", "secrets.toml", "environment"):
        (target.parent / "settings" / name).write_text("secret")
    assert back_up(str(store_file), target).returncode == 0
    (archive,) = target.iterdir()
    root = os.geteuid() == 0
    user = "nobody" if root else pwd.getpwuid(os.geteuid()).pw_name
    (open_folder / "etc").mkdir()
    (open_folder / "etc").chmod(0o755)
    (open_folder / "etc" / "file.toml").write_text("ours")
    done = restored(archive, open_folder, user)
    assert (done.returncode, done.stderr.strip()) == (
        0,
        f"restore.sh: {open_folder}/etc/file.toml stays as it is",
    )
    said(Store(str(open_folder / "lib" / "circle.sqlite")), by="李梅")
    again = restored(archive, open_folder, user)
    assert (again.returncode != 0, "there already" in again.stderr) == (True, True)
    modes = {
        str(path.relative_to(open_folder)): stat.S_IMODE(path.stat().st_mode)
        for path in open_folder.rglob("*")
    }
    assert modes["srv/district"] == 0o755
    assert modes["srv/district/file.toml"] == modes["etc/circle.toml"] == 0o644
    assert modes["lib/circle.sqlite"] == modes["etc/secrets.toml"] == 0o600
    if root:
        ids = pwd.getpwnam(user)
        look = "cd $0 && cat srv/district/file.toml etc/circle.toml etc/secrets.toml"
        write = "cd $0/lib && cp circle.sqlite copy && mv copy circle.sqlite"
        for command in (look, write):
            subprocess.run(  # noqa: S603
                ["/bin/sh", "-c", command, str(open_folder)],
                check=True,
                timeout=60,
                user=ids.pw_uid,
                group=ids.pw_gid,
                extra_groups=[],
            )


def test_a_store_that_was_there_is_kept(store_file: Path, target: Path, open_folder: Path) -> None:
    said(Store(str(store_file)))
    back_up(str(store_file), target)
    (archive,) = target.iterdir()
    (open_folder / "lib").mkdir()
    for name in ("circle.sqlite", "circle.sqlite-journal"):
        (open_folder / "lib" / name).write_text(name)
    user = pwd.getpwuid(os.geteuid()).pw_name
    assert restored(archive, open_folder, user).returncode == 0
    here = Store(str(open_folder / "lib" / "circle.sqlite"))
    assert history(here, "small") == history(Store(str(store_file)), "small")
    kept = sorted(path.name for path in (open_folder / "lib").glob("*.replaced-*"))
    assert [name.endswith("-journal") for name in kept] == [False, True]


@pytest.mark.parametrize("what", ["nothing", "no archive", "another"])
def test_what_is_no_backup_is_not_restored(open_folder: Path, what: str) -> None:
    archive = open_folder / "a.tar.gz"
    if what == "no archive":
        archive.write_text("no archive")
    elif what == "another":
        with tarfile.open(archive, "w:gz") as packed:
            packed.add(__file__, "file")
    done = restored(archive, open_folder, pwd.getpwuid(os.geteuid()).pw_name)
    assert (done.returncode, "nothing was restored" in done.stderr) == (1, True)
    assert {path.name for path in open_folder.iterdir()} <= {"a.tar.gz"}


def test_an_archive_of_an_earlier_release(
    store_file: Path, target: Path, open_folder: Path
) -> None:
    said(Store(str(store_file)))
    back_up(str(store_file), target)
    (archive,) = target.iterdir()
    folder = open_folder / "unpacked"
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    (folder / "store.jsonl").unlink()
    shutil.copy(store_file, folder / "circle.sqlite")
    with tarfile.open(archive, "w:gz") as packed:
        packed.add(folder, ".")
    user = pwd.getpwuid(os.geteuid()).pw_name
    assert restored(archive, open_folder, user).returncode == 0
    here = Store(str(open_folder / "lib" / "circle.sqlite"))
    assert history(here, "small") == history(Store(str(store_file)), "small")


def test_a_database_is_backed_up_and_restored(
    server: Server, target: Path, open_folder: Path
) -> None:
    store, empty = Store(server.new_database()), Store(server.new_database())
    said(store)
    assert back_up(store.address, target).returncode == 0
    (archive,) = target.iterdir()
    places = [empty.address, str(open_folder / "district"), str(open_folder / "etc")]
    user = pwd.getpwuid(os.geteuid()).pw_name
    call = ["sh", str(ROOT / "deploy" / "restore.sh"), str(archive), *places, user]
    assert ran(call).returncode == 0
    assert history(empty, "small") == history(store, "small")
    shutil.rmtree(open_folder / "district")
    again = ran(call)
    assert (again.returncode, "nothing was restored" in again.stderr) == (1, True)
    assert not (open_folder / "district").exists()


@pytest.mark.parametrize("folder", [False, True])
def test_without_a_store_it_fails(store_file: Path, target: Path, *, folder: bool) -> None:
    if folder:
        store_file.mkdir(parents=True)
    done = back_up(str(store_file), target)
    assert done.returncode != 0
    assert f"store {store_file}" in done.stderr
    assert list(target.iterdir()) == []


def test_a_database_that_is_away_fails(target: Path) -> None:
    done = back_up("postgresql://u@127.0.0.1:9/circle", target)
    assert (done.returncode, "cannot be opened" in done.stderr) == (1, True)
    assert list(target.iterdir()) == []


def test_a_damaged_store_fails(store_file: Path, target: Path) -> None:
    store_file.parent.mkdir()
    store_file.write_text("no database " * 100)
    done = back_up(str(store_file), target)
    assert done.returncode != 0
    assert str(store_file) in done.stderr
    assert list(target.iterdir()) == []
