from __future__ import annotations

import re
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from pypdf import PdfReader

from circle.report.content.elements import Paragraph, Section, Table
from circle.report.content.numbering import numbered
from circle.report.document import pdf
from tests.report.readers import beyond_the_page, fonts, pages, words
from tests.report.sample import BODY, LONG_NAME, hostile, pictures, sample

if TYPE_CHECKING:
    from pathlib import Path

    from circle.report.content.elements import Report


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return the sample in both languages and the hostile one, written once."""
    folder = tmp_path_factory.mktemp("pdf")
    reports = {"zh": sample("zh"), "en": sample("en"), "hostile": hostile()}
    found = {}
    for name, report in reports.items():
        found[name] = folder / f"{name}.pdf"
        pdf.write(report, pictures(report), found[name])
    return found


def _titles(outline: list[Any], level: int = 1) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    for entry in outline:
        found += _titles(entry, level + 1) if isinstance(entry, list) else [(level, entry.title)]
    return found


@pytest.mark.parametrize("language", ["zh", "en"])
def test_bookmarks_are_the_headings_with_their_numbers(
    files: dict[str, Path], language: str
) -> None:
    titles = _titles(PdfReader(files[language]).outline)
    parts = numbered(sample(language).sections)
    assert [level for level, _ in titles] == [part.level for part in parts]
    expected = {"zh": ["1  结论摘要", "4.2.1  说明", "5.12  缺口区域 12", "附录 A  附表"]}
    expected["en"] = ["1  Summary", "4.2.1  Remarks", "5.12  Gap zones 12", "Appendix A  Lists"]
    assert set(expected[language]) <= {title for _, title in titles}


@pytest.mark.parametrize(("language", "code"), [("zh", "zh-CN"), ("en", "en-GB")])
def test_tagged_in_its_language(files: dict[str, Path], language: str, code: str) -> None:
    root: Any = PdfReader(files[language]).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == code
    kinds = _kinds(root["/StructTreeRoot"])
    assert {"/H1", "/H2", "/H3", "/P", "/L", "/Table", "/TH", "/TD", "/Figure", "/Caption"} <= kinds


def _kinds(node: Any) -> set[str]:
    node = node.get_object()
    if isinstance(node, list):
        return set().union(*map(_kinds, node))
    if not isinstance(node, dict):
        return set()
    return {str(node.get("/S", ""))} | (_kinds(node["/K"]) if "/K" in node else set())


def test_archive_and_accessibility_are_claimed(files: dict[str, Path]) -> None:
    root: Any = PdfReader(files["zh"]).trailer["/Root"]
    said = root["/Metadata"].get_data().decode()
    assert "<pdfaid:part>2<" in said
    assert "<pdfaid:conformance>A<" in said
    assert "<pdfuaid:part>1<" in said


def test_what_the_file_says_of_itself(files: dict[str, Path]) -> None:
    said: Any = PdfReader(files["zh"]).metadata
    imprint = sample().imprint
    assert (said.title, said.author, said.subject) == (
        imprint.title,
        imprint.issuer,
        imprint.subtitle,
    )
    assert imprint.data_hash in said["/Keywords"]
    assert said.creation_date == imprint.made


def test_a4_and_wide_tables_on_their_side(files: dict[str, Path]) -> None:
    sizes = {tuple(map(round, page.mediabox[2:])) for page in PdfReader(files["zh"]).pages}
    assert sizes == {(595, 842), (842, 595)}


def test_no_page_is_empty(files: dict[str, Path]) -> None:
    said = pages(files["zh"])
    for number, page in enumerate(said, start=1):
        assert len(page) > 30, number
        assert number == 1 or f"{number} / {len(said)}" in page


def test_text_is_found(files: dict[str, Path]) -> None:
    zh, en = words(files["zh"]), words(files["en"])
    assert BODY["zh"].replace(" ", "")[:30] in zh.replace(" ", "")
    assert "表 1 各类服务的覆盖" in zh
    assert "图 13 缺口区域 12" in zh
    assert "Table 1 Coverage by service" in en
    assert "reads “at least”" in en
    assert zh.count("设施第") == 300 - 17


def test_the_header_of_a_table_comes_again(files: dict[str, Path]) -> None:
    held = [page for page in pages(files["zh"]) if "设施第" in page]
    assert len(held) > 5
    assert all("位置依据" in page for page in held)


def test_a_table_that_fits_on_a_page_is_not_torn(tmp_path: Path) -> None:
    before = tuple(Paragraph("说明。") for _ in range(22))
    table = Table("t", "表", pd.DataFrame({"名称": [f"第{number}行" for number in range(20)]}))
    sections = (Section("a", "甲", (*before, table)),)
    pdf.write(replace(sample(), sections=sections), {}, tmp_path / "r.pdf")
    assert ["名称" in page for page in pages(tmp_path / "r.pdf")] == [False, False, False, True]


def test_fonts_are_in_the_file(files: dict[str, Path]) -> None:
    for file in files.values():
        found = fonts(file)
        assert found
        assert all(font["emb"] == font["uni"] == "yes" for font in found)


def test_hostile_texts_come_out_as_text(files: dict[str, Path]) -> None:
    said = words(files["hostile"])
    for text in (
        *("=1+1 +1 -1 @SUM(A1) indented", "<script>alert(1)</script>", "#let x = 1; #panic()"),
        *("$x^2$ *bold* _it_ `raw` @ref <label>", "C:\\temp\\new &amp; ${HOME} {brace}"),
        *("😀", "[U+1F9EA]", "𠮷㐂龘", "nul vt", "half pair"),
    ):
        assert text in said, text
    whole = said.replace(" ", "")
    assert LONG_NAME in whole
    assert "\u200b" not in said


@pytest.mark.parametrize("name", ["zh", "en", "hostile"])
def test_nothing_runs_off_the_page(files: dict[str, Path], name: str) -> None:
    assert not beyond_the_page(files[name])


def test_same_report_same_bytes_and_nothing_elsewhere(
    files: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "none"))  # what is killed is found
    pdf.write(sample(), pictures(sample()), tmp_path / "again.pdf")
    assert (tmp_path / "again.pdf").read_bytes() == files["zh"].read_bytes()


def test_the_old_file_stays_where_writing_fails(tmp_path: Path) -> None:
    file = tmp_path / "report.pdf"
    file.write_bytes(b"old")
    with pytest.raises(KeyError):
        pdf.write(sample(), {}, file)
    broken = {key: replace(one, svg=b"<svg") for key, one in pictures(sample()).items()}
    with pytest.raises(RuntimeError):
        pdf.write(sample(), broken, file)
    assert file.read_bytes() == b"old"
    assert [one.name for one in tmp_path.iterdir()] == ["report.pdf"]


def test_a_map_is_lines_with_words_for_who_does_not_see_it(files: dict[str, Path]) -> None:
    root: Any = PdfReader(files["zh"]).trailer["/Root"]
    alts = _alts(root["/StructTreeRoot"])
    assert alts >= {one.alt for one in sample().maps}
    assert not re.search(rb"/Subtype\s*/Image", files["zh"].read_bytes())


def _alts(node: Any) -> set[str]:
    node = node.get_object()
    if isinstance(node, list):
        return set().union(*map(_alts, node))
    if not isinstance(node, dict):
        return set()
    own = {str(node["/Alt"])} if "/Alt" in node else set()
    return own | (_alts(node["/K"]) if "/K" in node else set())


def test_a_report_without_a_section(tmp_path: Path) -> None:
    report: Report = replace(sample(), sections=())
    pdf.write(report, {}, tmp_path / "r.pdf")
    assert len(PdfReader(BytesIO((tmp_path / "r.pdf").read_bytes())).pages) == 2
