"""``python -m circle report``: files and manifest, the same each time, or nothing."""

from __future__ import annotations

import io
import json
import zipfile
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path  # noqa: TC003 - the tuple below is read at run time
from typing import NamedTuple

import pytest

from circle.cli import OK, USAGE, main
from circle.config import ROOT
from circle.report import bundle
from tests.report.readers import fonts, pages, words

HOME = str(ROOT / "data" / "tianping")
QUICK = ("--kinds", "canteen", "--profiles", "older_adult", "--district", HOME)
EPOCH = "1780000000"


class Made(NamedTuple):
    """A report and what the command printed."""

    folder: Path
    out: str
    err: str


@pytest.fixture(autouse=True)
def _epoch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", EPOCH)


def run(capsys: pytest.CaptureFixture[str], *asked: str) -> tuple[int, str, str]:
    code = main(("report", *QUICK, *asked))
    told = capsys.readouterr()
    return code, told.out, told.err


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Return the whole report in Chinese, with what the command printed and told."""
    folder = tmp_path_factory.mktemp("whole") / "r"
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as setting, redirect_stdout(out), redirect_stderr(err):
        setting.setenv("SOURCE_DATE_EPOCH", EPOCH)
        assert main(("report", *QUICK, "--out", str(folder))) == OK
    return Made(folder, out.getvalue(), err.getvalue())


def test_the_same_input_gives_the_same_bytes(
    made: Made, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "画图" in made.err
    code, second, _ = run(capsys, "--out", str(tmp_path / "b"))
    assert code == OK
    assert json.loads(made.out) == json.loads(second)
    said = json.loads(made.out)
    assert said["made"] == "2026-05-29T04:26:40+08:00"
    assert {one["format"] for one in said["files"]} == {*bundle.FORMATS, "txt"}
    for one in said["files"]:
        own = (made.folder / one["file"]).read_bytes()
        assert own == (tmp_path / "b" / one["file"]).read_bytes(), one["file"]
    (packed,) = made.folder.glob("*.zip")
    assert packed.read_bytes() == (tmp_path / "b" / packed.name).read_bytes()
    with zipfile.ZipFile(packed) as found:
        assert {one["file"] for one in said["files"]} < set(found.namelist())


def test_the_pdf_reads_in_both_languages(
    made: Made, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, told = run(capsys, "--out", str(tmp_path / "en"), "--formats", "pdf", "--lang", "en")
    assert code == OK
    assert told.isascii()
    for folder, must in ((made.folder, "社区食堂"), (tmp_path / "en", "Community canteen")):
        (file,) = folder.glob("*.pdf")
        assert must in words(file)
        assert all(one["emb"] == one["uni"] == "yes" for one in fonts(file))
        assert all(page.strip() for page in pages(file))


@pytest.mark.parametrize(
    ("asked", "epsg"), [("4490", "EPSG:4490"), ("4326", "EPSG:4326"), ("zone", "EPSG:4549")]
)
def test_the_reference_system_is_the_one_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], asked: str, epsg: str
) -> None:
    code, out, _ = run(capsys, "--out", str(tmp_path / "r"), "--formats", "geojson", "--crs", asked)
    assert (code, json.loads(out)["crs"]) == (OK, epsg)


@pytest.mark.parametrize(
    "asked",
    [
        ("--formats", "exe"),
        ("--kinds", "palace"),
        ("--profiles", "ghost"),
        ("--areas", "moon"),
        ("--annexes", "secrets"),
        ("--standard", "../etc"),
        ("--minutes", "0"),
        ("--minutes", "10", "--standard", "shanghai-15min"),
    ],
)
def test_what_cannot_be_asked_leaves_no_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], asked: tuple[str, ...]
) -> None:
    code, out, told = run(capsys, "--out", str(tmp_path / "r"), *asked)
    assert (code, out) == (USAGE, "")
    assert told.strip()
    assert list(tmp_path.iterdir()) == []


def test_a_scenario_is_a_chapter_and_a_layer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = {"lon": 121.44, "lat": 31.205, "reason": "居民<b>提议</b>"}
    edits: list[dict[str, object]] = [
        {"edit": "add_facility", "id": "new-1", "kind": "canteen", "name": "新食堂", **place},
        {"edit": "close_facility", "id": "wuzhong-market"},
    ]
    file = tmp_path / "plan.json"
    file.write_text(json.dumps({"name": "试方案", "edits": edits}), encoding="utf-8")
    asked = ("--formats", "csv,geojson", "--scenario", str(file))
    code, _, said = run(capsys, "--out", str(tmp_path / "r"), *asked)
    assert code == OK
    assert "不是现状" in said
    written = {path.name: path for path in (tmp_path / "r").rglob("*.*")}
    (table,) = (path for name, path in written.items() if "edits" in name and name.endswith("csv"))
    assert "居民<b>提议</b>" in table.read_text("utf-8-sig")
    layer = json.loads(written["edits.geojson"].read_text("utf-8"))["features"]
    assert [feature["properties"]["edit"] for feature in layer] == [edit["edit"] for edit in edits]
    file.write_text(json.dumps({"name": "试", "edits": [edits[1] | {"id": "gone"}]}), "utf-8")
    assert run(capsys, "--out", str(tmp_path / "s"), *asked)[0] != OK
    assert not (tmp_path / "s").exists()
