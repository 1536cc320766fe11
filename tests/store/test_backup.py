"""The backup script: a whole archive, or a sentence and a status that is not 0."""

from __future__ import annotations

import shutil
import subprocess
import tarfile
from typing import TYPE_CHECKING

import pytest

from circle.config import ROOT
from circle.store import Store, history
from tests.store.test_confirmations import said

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(shutil.which("sqlite3") is None, reason="needs sqlite3")


@pytest.fixture
def target(tmp_path: Path) -> Path:
    for name in ("district", "settings"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file.toml").write_text(name)
    return tmp_path / "backups"


def back_up(store: str, target: Path) -> subprocess.CompletedProcess[str]:
    folders = [str(target.parent / name) for name in ("district", "settings")]
    call = ["sh", str(ROOT / "deploy" / "backup.sh"), store, *folders, str(target)]
    return subprocess.run(call, capture_output=True, text=True, timeout=60, check=False)  # noqa: S603


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
    rows = history(Store(str(restored / "circle.sqlite")), "small")
    assert rows == history(Store(str(store_file)), "small")


@pytest.mark.parametrize("folder", [False, True])
def test_without_a_store_it_fails(store_file: Path, target: Path, *, folder: bool) -> None:
    if folder:
        store_file.mkdir(parents=True)
    done = back_up(str(store_file), target)
    assert done.returncode != 0
    assert f"there is no store {store_file}" in done.stderr
    assert not target.exists()


@pytest.mark.parametrize("address", ["postgresql://u@db/circle", "sqlite:///var/circle.sqlite"])
def test_an_address_of_a_database_fails(target: Path, address: str) -> None:
    done = back_up(address, target)
    assert done.returncode != 0
    assert "pg_dump" in done.stderr
    assert not target.exists()


def test_a_damaged_store_fails(store_file: Path, target: Path) -> None:
    store_file.parent.mkdir()
    store_file.write_text("no database " * 100)
    done = back_up(str(store_file), target)
    assert done.returncode != 0
    assert str(store_file) in done.stderr
    assert list(target.iterdir()) == []
