"""Whatever a file says comes out as text, in every format there is.

A new format joins by being in `bundle.FORMATS`: it needs a reader here.
"""

from __future__ import annotations

import csv
import json
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import openpyxl
import pyogrio
import pytest
from docx import Document
from pypdf import PdfReader

from circle.config import ROOT, settings
from circle.load import read_district
from circle.load.standards import standard_sets
from circle.report import bundle
from circle.report.content.choices import WISH_LEDGER
from circle.report.content.elements import Choice
from circle.report.run import run
from circle.store import opened
from circle.study import Study
from circle.wishes import recording
from circle.words.tables import FORMULA
from tests.hostile import SCRIPT, hostile_folder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

IMAGE = "<img src=x"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a report on the hostile district in every format."""
    folder = hostile_folder(ROOT / "data" / "tianping", tmp_path_factory.mktemp("hostile") / "d")
    out = tmp_path_factory.mktemp("out") / "report"
    choice = Choice(kinds=("canteen",), profiles=("older_adult",), issuer=SCRIPT, title=SCRIPT)
    choice = replace(choice, annexes=(WISH_LEDGER,))
    district = read_district(folder)
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("CIRCLE_STORE", str(folder.with_name("store.sqlite")))
        settings.cache_clear()
        recording.add(
            opened(), district, text=SCRIPT, kind="canteen", at=district.start, by=SCRIPT[:80],
            submission="k",
        )  # fmt: skip
        run(Study(district), choice, standard_sets(settings().standards), out)
    return out


def _one(out: Path, ending: str) -> Path:
    (found,) = out.glob(f"*.{ending}")
    return found


def _docx(out: Path) -> None:
    document = Document(str(_one(out, "docx")))
    said = "\n".join(one.text for one in document.paragraphs)
    assert IMAGE in said
    with zipfile.ZipFile(_one(out, "docx")) as packed:
        for name in packed.namelist():
            if name.endswith(".xml"):
                assert b"<img" not in packed.read(name)
                assert b"<script" not in packed.read(name)


def _pdf(out: Path) -> None:
    data = _one(out, "pdf").read_bytes()
    assert b"/JavaScript" not in data
    assert b"/Launch" not in data


def _xlsx(out: Path) -> None:
    book = openpyxl.load_workbook(_one(out, "xlsx"))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert any(IMAGE in str(cell.value) for cell in cells)
    assert {cell.data_type for cell in cells} <= {"n", "s", "inlineStr", "b"}
    assert all(cell.hyperlink is None or cell.hyperlink.target is None for cell in cells)


def _gpkg(out: Path) -> None:
    file = _one(out, "gpkg")
    table = pyogrio.read_dataframe(file, layer="facilities")
    assert table["name"].str.startswith(SCRIPT[:20]).all()
    assert pyogrio.read_dataframe(file, layer="wishes")["text"].tolist() == [SCRIPT]
    styles = pyogrio.read_dataframe(file, layer="layer_styles", read_geometry=False)
    project = _one(out, "qgs").read_text(encoding="utf-8")
    assert ET.fromstring(project.encode()) is not None  # noqa: S314 - our own file
    assert IMAGE not in project
    assert SCRIPT.replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;") in project
    for column in ("styleQML", "styleSLD"):
        for text in styles[column]:
            assert ET.fromstring(text) is not None  # noqa: S314 - our own file


def _geojson(out: Path) -> None:
    for file in (out / "layers").glob("*.geojson"):
        assert json.loads(file.read_text(encoding="utf-8"))["type"] == "FeatureCollection"


def _shp(out: Path) -> None:
    table = pyogrio.read_dataframe(out / "shapefile" / "facilities.shp")
    assert table["name"].str.startswith(SCRIPT[:20]).all()


def _csv(out: Path) -> None:
    for file in [*(out / "tables").glob("*.csv"), *(out / "shapefile").glob("*.csv")]:
        for row in csv.reader(file.read_text(encoding="utf-8-sig").splitlines()):
            bad = [c for c in row if c.startswith(FORMULA) and not _number(c)]
            assert bad == [], file


def _number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _png(out: Path) -> None:
    assert all(f.read_bytes()[:4] == b"\x89PNG" for f in (out / "maps").glob("*.png"))


def _svg(out: Path) -> None:
    for file in (out / "maps").glob("*.svg"):
        root = ET.fromstring(file.read_bytes())  # noqa: S314 - our own file
        names = {one.tag.rpartition("}")[2] for one in root.iter()}
        assert not names & {"script", "img", "foreignObject", "a"}
        assert not any(name.startswith("on") for one in root.iter() for name in one.attrib)


def _html(out: Path) -> None:
    page = _one(out, "html").read_text(encoding="utf-8")
    assert "<img" not in page
    assert page.count("<script") == page.count("</script>")
    assert "Content-Security-Policy" in page


READERS: dict[str, Callable[[Path], None]] = {
    "docx": _docx, "pdf": _pdf, "xlsx": _xlsx, "gpkg": _gpkg, "geojson": _geojson, "shp": _shp,
    "csv": _csv, "png": _png, "svg": _svg, "html": _html,
}  # fmt: skip


@pytest.mark.parametrize("name", bundle.FORMATS)
def test_any_text_comes_out_as_text(written: Path, name: str) -> None:
    READERS[name](written)


def test_the_manifest_and_the_readme_hold_it_as_text(written: Path) -> None:
    said = json.loads((written / bundle.MANIFEST).read_text(encoding="utf-8"))
    assert said["choice"]["issuer"] == SCRIPT
    assert {one["format"] for one in said["files"]} == {*bundle.FORMATS, "txt"}


def test_the_head_of_the_audit_is_in_every_format_that_says_what_it_is(written: Path) -> None:
    """Files of maps, layers and tables alone lie beside `README` and `MANIFEST`, which say it."""
    head = json.loads((written / bundle.MANIFEST).read_text(encoding="utf-8"))["audit_head"]
    assert head.startswith("1-")
    document = Document(str(_one(written, "docx")))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    about = pyogrio.read_dataframe(_one(written, "gpkg"), layer="about", read_geometry=False)
    book = openpyxl.load_workbook(_one(written, "xlsx"))
    pages = "".join(page.extract_text() for page in PdfReader(_one(written, "pdf")).pages)
    for said in (
        cells,
        about["said"].tolist(),
        [cell.value for row in book.worksheets[0].iter_rows() for cell in row],
        _one(written, "html").read_text(encoding="utf-8"),
        (written / bundle.README).read_text(encoding="utf-8-sig"),
        "".join(pages.split()),
    ):
        assert head in said or any(head in str(text) for text in said)
