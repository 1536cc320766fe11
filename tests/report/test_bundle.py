from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from circle.config import ROOT
from circle.errors import CancelledError, CircleError, InputError, OutputError
from circle.files import work_folder
from circle.i18n import in_language
from circle.report import bundle
from circle.report.tabular import csv_files
from tests.report.sample_data import report, tianping

if TYPE_CHECKING:
    from collections.abc import Callable

ARCHIVE = "tianping-coverage-report.zip"


def content(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Return a folder with the files of a former run, in a folder with nothing else."""
    target = tmp_path / "here" / "报告"
    bundle.write(report(language="en"), target, ["csv", "geojson"])
    (target / "own.txt").write_text("mine")
    return target


def alone(target: Path) -> bool:
    """Return whether there is nothing beside a folder."""
    return [path.name for path in target.parent.iterdir()] == [target.name]


def test_all_formats(tmp_path: Path) -> None:
    told: list[tuple[str, float]] = []
    made = bundle.write(report(), tmp_path / "a" / "b", progress=lambda *said: told.append(said))
    found = content(tmp_path / "a" / "b")
    said = json.loads(found[bundle.MANIFEST])
    assert said == json.loads(json.dumps(made.as_json(), default=str))
    assert (said["crs"], said["data_hash"]) == ("EPSG:4490", tianping().base_id)
    assert (said["made"], said["software"]) == ("2026-05-06T07:08:09+08:00", "circle 0.1.0")
    assert said["choice"]["minutes"] == 15
    assert {one["file"] for one in said["files"]} == set(found) - {bundle.MANIFEST, ARCHIVE}
    for one in said["files"]:
        data = found[one["file"]]
        assert one["bytes"] == len(data)
        assert one["sha256"] == hashlib.sha256(data).hexdigest()
        assert one["file"].isascii()
        assert "second" not in one
    rows = {one["file"]: one["rows"] for one in said["files"]}
    assert rows["tianping-coverage-report.xlsx"] == sum(len(t.frame) for t in report().tables)
    assert rows["tianping-coverage-report.gpkg"] == rows["layers/network.geojson"] + 36
    assert rows["shapefile/network.shp"] == 2598
    assert rows["shapefile/network.dbf"] is None
    assert rows["tables/coverage.csv"] == 3
    formats = {one["format"] for one in said["files"]}
    assert formats == {*bundle.FORMATS, "txt"} - {"png", "svg"}  # this report has no maps
    others = [name for name in bundle.FORMATS if name != "pdf"]  # it is set beside them
    assert list(made.seconds) == [bundle.MAPS, *others, "pdf", bundle.ARCHIVE]
    parts = len(made.seconds)
    assert [name for name, _ in told] == [name for name in made.seconds for _ in (0, 1)]
    shares = [(row + after) / parts for row in range(parts) for after in (0, 1)]
    assert [share for _, share in told] == pytest.approx(shares)
    assert made.archive.sha256 == hashlib.sha256(found[ARCHIVE]).hexdigest()


def test_the_archive_holds_all_files_once(tmp_path: Path) -> None:
    bundle.write(report(), tmp_path / "a")
    found = content(tmp_path / "a")
    with zipfile.ZipFile(tmp_path / "a" / ARCHIVE) as packed:
        assert packed.testzip() is None
        names = packed.namelist()
        assert len(names) == len(set(names))
        assert {name: packed.read(name) for name in names} == {
            name: data for name, data in found.items() if name != ARCHIVE
        }
        assert {one.date_time for one in packed.infolist()} == {
            (2026, 5, 6, 7, 8, 8)
        }  # a ZIP counts by two


def test_equal_reports_are_equal_files(tmp_path: Path) -> None:
    for name in ("a", "b"):
        bundle.write(report(), tmp_path / name)
    assert content(tmp_path / "a") == content(tmp_path / "b")


def test_the_readme_says_the_order_of_coordinates(tmp_path: Path) -> None:
    bundle.write(report(), tmp_path / "zh", ["csv"])
    bundle.write(report(language="en", crs="zone"), tmp_path / "en", ["csv"])
    chinese = (tmp_path / "zh" / bundle.README).read_bytes().decode("utf-8-sig")
    assert "EPSG:4490" in chinese
    assert "一律先东后北" in chinese
    assert "天平街道 15 分钟生活圈覆盖报告 <&> =1+1" in chinese
    assert "coverage-again：覆盖率：按片区/年龄组" in chinese
    assert "=注：居民为推算" in chinese
    assert "facilities：设施 <&>\r\n" in chinese
    english = (tmp_path / "en" / bundle.README).read_bytes().decode("utf-8-sig")
    assert "central meridian 120° E, metres (EPSG:4549)" in english
    assert "east before north" in english


def test_only_what_was_asked_for_in_a_fixed_order(tmp_path: Path) -> None:
    made = bundle.write(report(), tmp_path / "a", ["csv", "xlsx", "csv"])
    assert list(made.seconds) == ["xlsx", "csv", "zip"]
    assert {one.format for one in made.files} == {"xlsx", "csv", "txt"}


def test_a_new_run_replaces_the_old_and_leaves_what_is_not_ours(out: Path) -> None:
    (out / "layers" / "areas.geojson").write_text("changed since")
    (out / "other.zip").write_text("no archive")
    former = report(language="en")
    named = replace(former, district=replace(former.district, id="elsewhere"))
    bundle.write(named, out, ["csv", "shp"])
    assert (out / "elsewhere-coverage-report.zip").is_file()
    bundle.write(report(), out, ["xlsx"])
    assert set(content(out)) == {
        "README.txt", "layers/areas.geojson", "manifest.json", "other.zip", "own.txt",
        "tianping-coverage-report.xlsx", ARCHIVE,
    }  # fmt: skip
    assert {path.name for path in out.iterdir() if path.is_dir()} == {"layers"}
    assert content(out)["own.txt"] == b"mine"
    assert alone(out)


@pytest.mark.parametrize(
    "manifest",
    [
        "{}",
        "[",
        '{"files": [{"file": 3, "sha256": ""}]}',
        '{"files": [{"file": "../beside.txt", "sha256": "%s"}]}',
        '{"files": [{"file": "%s/beside.txt", "sha256": "%s"}]}',
        '{"files": [{"file": "link.txt", "sha256": "%s"}]}',
    ],
)
def test_a_manifest_of_others_takes_nothing_away(tmp_path: Path, manifest: str) -> None:
    target, beside = tmp_path / "a", tmp_path / "beside.txt"
    target.mkdir()
    beside.write_text("mine")
    (target / "link.txt").symlink_to(beside)
    digest = hashlib.sha256(b"mine").hexdigest()
    places = (tmp_path, digest) if manifest.count("%s") == 2 else (digest,)
    (target / bundle.MANIFEST).write_text(manifest % places if "%s" in manifest else manifest)
    bundle.write(report(), target, ["csv"])
    assert beside.read_text() == "mine"
    assert (target / "link.txt").is_symlink()


KILLED = """
import os, signal, sys
from circle.report import bundle
from tests.report.sample_data import report
bundle.WRITERS["csv"] = lambda _: os.kill(os.getpid(), signal.SIGKILL)
bundle.write(report(), sys.argv[1], ["csv"])
"""


def test_what_a_killed_run_left_goes_with_the_next(out: Path) -> None:
    ended = subprocess.run(  # noqa: S603
        [sys.executable, "-c", KILLED, str(out)], cwd=ROOT, timeout=120, check=False
    )
    assert ended.returncode == -signal.SIGKILL
    assert not alone(out)
    with work_folder(out.parent, out.name) as busy, work_folder(out.parent, "another"):
        bundle.write(report(), out, ["csv"])
        assert busy.is_dir()
        assert len(list(out.parent.iterdir())) == 3
    assert alone(out)


def test_old_files_of_a_killed_run_wait_for_a_whole_one(
    out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with work_folder(out.parent, out.name) as killed:
        left = Path(shutil.copytree(killed, killed.with_name(f"{killed.name[:-8]}killed00")))
    (left / "old").mkdir()
    with monkeypatch.context() as patch:
        patch.setitem(bundle.WRITERS, "csv", failing(RuntimeError()))
        with pytest.raises(RuntimeError):
            bundle.write(report(), out, ["csv"])
    assert left.is_dir()
    bundle.write(report(), out, ["csv"])
    assert alone(out)


def failing(error: BaseException) -> Callable[[bundle.Job], bundle.Rows]:
    def write(job: bundle.Job) -> bundle.Rows:
        (job.folder / "half").write_text("half a file")
        raise error

    return write


@pytest.mark.parametrize(
    ("error", "raised"),
    [
        (OSError(28, "No space left on device"), OutputError),
        (RuntimeError("a fault"), RuntimeError),
        (KeyboardInterrupt(), KeyboardInterrupt),
        (InputError("no_folder", folder="x"), InputError),
    ],
)
def test_a_writer_that_fails_leaves_the_old_files(
    out: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException, raised: type[BaseException]
) -> None:
    before = content(out)
    monkeypatch.setitem(bundle.WRITERS, "csv", failing(error))
    with pytest.raises(raised) as caught:
        bundle.write(report(), out)
    assert content(out) == before
    assert alone(out)
    if raised is OutputError:
        assert "磁盘空间不足" in str(caught.value)
        assert "没有改动" in str(caught.value)


def test_a_first_run_that_fails_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(bundle.WRITERS, "csv", failing(RuntimeError()))
    with pytest.raises(RuntimeError):
        bundle.write(report(), tmp_path / "a", ["csv"])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("asked_before", range(len(bundle.FORMATS) + 2))
def test_cancelling_at_any_moment_leaves_the_old_files(out: Path, asked_before: int) -> None:
    before = content(out)
    asked = iter(range(100))
    with pytest.raises(CancelledError) as caught:
        bundle.write(report(), out, cancelled=lambda: next(asked) == asked_before)
    assert "已取消" in str(caught.value)
    assert content(out) == before
    assert alone(out)


def test_files_are_put_back_when_one_cannot_be_placed(
    out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = content(out)
    (out / "shapefile").mkdir()
    move = Path.replace

    def refuse(self: Path, target: Path) -> Path:
        if self.name == "coverage.csv" and self.parent.parent.name == "new":
            raise PermissionError(13, "open in another program", str(target))
        return move(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", refuse)
        with pytest.raises(OutputError, match="没有权限"):
            bundle.write(report(), out)
    assert content(out) == before
    assert alone(out)
    assert list((out / "shapefile").iterdir()) == []
    assert not (out / "tianping-coverage-report.xlsx").exists()


def test_a_folder_that_is_a_disk_of_its_own(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: set[str] = set()
    monkeypatch.setattr(Path, "is_mount", lambda self: self == out)

    def look(*_: object) -> None:
        assert alone(out)
        seen.update(path.name for path in out.iterdir() if path.name.startswith("."))

    bundle.write(report(), out, ["csv"], progress=look)
    assert len(seen) == 1
    assert not any(path.name.startswith(".") for path in out.iterdir())


def test_a_file_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("a file")
    with pytest.raises(OutputError):
        bundle.write(report(), tmp_path / "a", ["csv"])
    assert content(tmp_path) == {"a": b"a file"}
    (tmp_path / "b" / bundle.MANIFEST / "inner").mkdir(parents=True)
    with pytest.raises(OutputError):
        bundle.write(report(), tmp_path / "b", ["csv"])
    assert (tmp_path / "b" / bundle.MANIFEST / "inner").is_dir()
    assert {path.name for path in (tmp_path / "b").iterdir()} == {bundle.MANIFEST}


@pytest.mark.parametrize("formats", [[], ["pdf!"], ["csv", "<script>"]])
def test_formats_that_are_none(tmp_path: Path, formats: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        bundle.write(report(), tmp_path / "a", formats)
    assert "csv" in str(caught.value)
    with in_language("en"):
        assert "format" in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_a_hostile_name_of_a_district_stays_in_the_folder(tmp_path: Path) -> None:
    own = report()
    bad = replace(own, district=replace(own.district, id="../../etc/passwd"))
    tables = tuple(
        replace(table, id=name)
        for table, name in zip(own.tables, ("../x", "/etc", "..", "../x"), strict=True)
    )
    bad = replace(bad, sections=(replace(own.sections[0], blocks=tables),))
    bundle.write(bad, tmp_path / "deep" / "a", ["csv"])
    assert set(content(tmp_path)) == {
        f"deep/a/{name}"
        for name in (
            "README.txt",
            "etc-passwd-coverage-report.zip",
            "manifest.json",
            "tables/etc.csv",
            "tables/file.csv",
            "tables/x-2.csv",
            "tables/x.csv",
        )
    }


def test_the_writers_are_asked_for_by_name() -> None:
    assert set(bundle.FORMATS) == set(bundle.WRITERS)
    assert csv_files.write.__module__ == "circle.report.tabular.csv_files"
    assert issubclass(CancelledError, CircleError)


@pytest.mark.parametrize(("processors", "painters"), [(1, 1), (2, 1), (4, 3), (64, 4)])
def test_one_processor_draws_and_the_others_paint(
    monkeypatch: pytest.MonkeyPatch, processors: int, painters: int
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(processors)), raising=False)
    hold = threading.Event()
    with bundle._painters() as threads:  # noqa: SLF001
        assert threads._max_workers == painters  # noqa: SLF001
        pictures = [threads.submit(hold.wait, 10) for _ in range(painters + 1)]
        threading.Timer(0.05, hold.set).start()
    assert [picture.cancelled() for picture in pictures] == [False] * painters + [True]
