"""``python -m circle report``: files and manifest, the same each time, or nothing."""

from __future__ import annotations

import json
import zipfile
from typing import TYPE_CHECKING

import pytest

from circle.cli import OK, USAGE, main
from circle.config import ROOT
from circle.report import bundle
from tests.report.readers import fonts, pages, words

if TYPE_CHECKING:
    from pathlib import Path

HOME = str(ROOT / "data" / "tianping")
QUICK = ("--kinds", "canteen", "--profiles", "older_adult", "--district", HOME)


@pytest.fixture(autouse=True)
def _epoch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1780000000")


def run(capsys: pytest.CaptureFixture[str], *asked: str) -> tuple[int, str, str]:
    code = main(("report", *QUICK, *asked))
    told = capsys.readouterr()
    return code, told.out, told.err


def test_the_same_input_gives_the_same_bytes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, first, told = run(capsys, "--out", str(tmp_path / "a"))
    assert code == OK
    assert "maps" in told
    _, second, _ = run(capsys, "--out", str(tmp_path / "b"))
    assert json.loads(first) == json.loads(second)
    said = json.loads(first)
    assert said["made"] == "2026-05-29T04:26:40+08:00"
    assert {one["format"] for one in said["files"]} == {*bundle.FORMATS, "txt"}
    for one in said["files"]:
        own = (tmp_path / "a" / one["file"]).read_bytes()
        assert own == (tmp_path / "b" / one["file"]).read_bytes(), one["file"]
    (packed,) = (tmp_path / "a").glob("*.zip")
    assert packed.read_bytes() == (tmp_path / "b" / packed.name).read_bytes()
    with zipfile.ZipFile(packed) as found:
        assert {one["file"] for one in said["files"]} < set(found.namelist())


def test_the_pdf_reads_in_both_languages(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for language, must in (("zh", "社区食堂"), ("en", "Community canteen")):
        out = tmp_path / language
        code, _, _ = run(capsys, "--out", str(out), "--formats", "pdf", "--lang", language)
        assert code == OK
        (file,) = out.glob("*.pdf")
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
