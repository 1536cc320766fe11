"""Files and folders that are written: in their place or not at all."""

from __future__ import annotations

import errno
import os
import stat
import tempfile
import threading
from pathlib import Path
from typing import Any

import pytest

from circle import files
from circle.errors import OutputError


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def test_a_file_is_replaced_whole_and_keeps_its_mode(tmp_path: Path) -> None:
    place = tmp_path / "a.txt"
    place.write_text("old")
    place.chmod(0o640)
    (tmp_path / "link").symlink_to(place)
    with files.file_in_place(tmp_path / "link") as part:
        part.write_text("new")
        assert place.read_text() == "old"
    assert (place.read_text(), stat.S_IMODE(place.stat().st_mode)) == ("new", 0o640)
    assert names(tmp_path) == ["a.txt", "link"]


def test_after_a_failure_the_old_file_is_there(tmp_path: Path) -> None:
    place = tmp_path / "a.txt"
    place.write_text("old")
    with pytest.raises(OutputError, match="磁盘空间不足"), files.file_in_place(place) as part:
        write_half(part)
    assert (place.read_text(), names(tmp_path)) == ("old", ["a.txt"])


def write_half(part: Path) -> None:
    part.write_text("ne")
    raise OSError(errno.ENOSPC, "no space")


@pytest.mark.parametrize("kind", ["pipe", "folder", "device", "loop"])
def test_only_a_file_is_replaced(tmp_path: Path, kind: str) -> None:
    place = tmp_path / "a"
    if kind == "pipe":
        os.mkfifo(place)
    elif kind == "folder":
        place.mkdir()
    else:
        place.symlink_to("/dev/null" if kind == "device" else place)
    before = place.lstat()
    with pytest.raises(OutputError) as caught, files.file_in_place(place):
        pytest.fail("it was taken")
    assert caught.value.key == "output.not_file"
    assert os.path.samestat(before, place.lstat())
    if kind != "folder":
        with pytest.raises(OutputError, match="不是文件夹"):
            files.folder_to_write(place)


def test_a_name_of_any_length_that_the_disk_takes(tmp_path: Path) -> None:
    for name in ("长" * 85, "x" * 255):
        with files.file_in_place(tmp_path / name) as part:
            part.write_text("new")
    assert names(tmp_path) == ["x" * 255, "长" * 85]
    for write in (files.file_in_place, files.folder_to_write):
        with pytest.raises(OutputError) as caught, write(tmp_path / ("x" * 300)):
            pytest.fail("it was taken")
        assert "名称过长" in str(caught.value)
        assert len(str(caught.value)) < 200


def test_what_is_at_work_is_not_abandoned(tmp_path: Path) -> None:
    with files.work_folder(tmp_path, "a") as busy:
        assert list(files.abandoned(tmp_path, "a")) == []
        left = busy.with_name(f"{busy.name[:-8]}abcdefgh")
        left.mkdir()
        (tmp_path / f"{left.name}-link").symlink_to(busy)
        assert list(files.abandoned(tmp_path, "a")) == [left]
        assert list(files.abandoned(tmp_path, "b")) == []
        files.clear_abandoned(tmp_path, "a")
        assert busy.is_dir()
        assert not left.exists()


def test_a_folder_taken_for_abandoned_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make, taken = tempfile.mkdtemp, list[str]()

    def make_and_lose(**how: Any) -> str:
        folder = make(**how)
        if not taken:
            taken.append(folder)
            Path(folder).rmdir()
        return str(folder)

    monkeypatch.setattr("tempfile.mkdtemp", make_and_lose)
    with files.work_folder(tmp_path, "a") as work:
        assert work.is_dir()
        assert [str(work)] != taken


def test_many_at_once_lose_nothing(tmp_path: Path) -> None:
    failures: list[BaseException] = []

    def work() -> None:
        try:
            for _ in range(20):
                files.clear_abandoned(tmp_path, "a")
                with files.work_folder(tmp_path, "a") as folder:
                    (folder / "file").write_text("x")
                    assert (folder / "file").read_text() == "x"
        except BaseException as error:  # noqa: BLE001 - told by the thread that tests
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert names(tmp_path) == []
