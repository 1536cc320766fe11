from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

import docx as reader
import pytest
from docx.enum.section import WD_ORIENT
from docx.oxml import parse_xml
from docx.oxml.ns import qn

from circle.i18n import in_language, t
from circle.report.content.elements import Paragraph as Words
from circle.report.content.elements import Section
from circle.report.content.numbering import numbered
from circle.report.document import docx
from circle.report.printable import one_line
from tests.report.readers import beyond_the_page, fonts, pages, to_pdf, words
from tests.report.sample import BODY, HOSTILE, coverage, hostile, pictures, sample

if TYPE_CHECKING:
    from pathlib import Path

    from docx.document import Document
    from docx.table import Table
    from docx.text.paragraph import Paragraph


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return the sample in both languages and the hostile one, written once."""
    folder = tmp_path_factory.mktemp("docx")
    reports = {"zh": sample("zh"), "en": sample("en"), "hostile": hostile()}
    found = {}
    for name, report in reports.items():
        found[name] = folder / f"{name}.docx"
        docx.write(report, pictures(report), found[name])
    return found


@pytest.fixture(scope="module")
def printed(files: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return what LibreOffice prints of them: one start for all."""
    folder = tmp_path_factory.mktemp("printed")
    to_pdf(list(files.values()), folder)
    return {name: folder / f"{name}.pdf" for name in files}


@pytest.fixture(scope="module")
def document(files: dict[str, Path]) -> Document:
    """Return the Chinese sample, read by python-docx."""
    return reader.Document(str(files["zh"]))


def _of(document: Document, *styles: str) -> list[Paragraph]:
    return [one for one in document.paragraphs if getattr(one.style, "name", "") in styles]


def _is_ruled(table: Table) -> bool:
    return getattr(table.style, "name", "") == "Report Table"


def _parts(file: Path, pattern: str) -> dict[str, Any]:
    with ZipFile(file) as package:
        names = [name for name in package.namelist() if re.fullmatch(pattern, name)]
        return {name: parse_xml(package.read(name)) for name in names}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_headings_are_headings(files: dict[str, Path], language: str) -> None:
    found = _of(reader.Document(str(files[language])), "Heading 1", "Heading 2", "Heading 3")
    parts = list(numbered(sample(language).sections))
    assert [one.text for one in found] == [part.section.title for part in parts]
    assert [getattr(one.style, "name", "")[-1] for one in found] == [str(p.level) for p in parts]


def test_captions_are_counted_by_fields(document: Document) -> None:
    found = [one.text for one in _of(document, "Caption", "Figure Caption")]
    assert found[:3] == ["图 1  缺口区域 0", "表 1  各类服务的覆盖", "表 2  各类服务的覆盖"]
    codes = [code.text for code in document.element.iter(qn("w:instrText"))]
    assert codes.count(" SEQ 表 \\* ARABIC ") == len(sample().tables)
    assert codes.count(" SEQ 图 \\* ARABIC ") == len(sample().maps)


def test_tables_hold_their_cells(document: Document) -> None:
    found = {one.cell(0, 0).text: one for one in document.tables if _is_ruled(one)}
    table = next(one for one in sample().tables if one.id == "places")
    rows = found["名称"].rows
    assert len(rows) == 301
    expected = [tuple(map(one_line, row)) for row in table.cells()]
    for row, cells in list(zip(list(rows)[1:], expected, strict=True))[::25]:
        assert tuple(cell.text for cell in row.cells) == cells


def test_headers_repeat_and_rows_stay_whole(document: Document) -> None:
    for table in document.tables:
        rows = table._tbl.tr_lst  # noqa: SLF001
        assert all(row.findall(f"{qn('w:trPr')}/{qn('w:cantSplit')}") for row in rows)
        heads = [bool(row.findall(f"{qn('w:trPr')}/{qn('w:tblHeader')}")) for row in rows]
        assert heads == [_is_ruled(table), *[False] * (len(rows) - 1)]


def test_figures_right_and_the_whole_set_off(document: Document) -> None:
    table = next(one for one in document.tables if one.cell(0, 0).text == "服务")
    last = table.rows[-1].cells
    assert last[4].paragraphs[0].alignment == 2
    assert last[0].paragraphs[0].alignment is None
    assert last[0].paragraphs[0].runs[0].style.name == "Strong"
    assert table.rows[1].cells[0].paragraphs[0].runs[0].style.name != "Strong"


def test_contents_point_to_headings_and_state_no_page_that_may_be_wrong(
    document: Document,
) -> None:
    lines = _of(document, "toc 1", "toc 2")
    titles, numbers = zip(*(one.hyperlinks[0].text.split("\t") for one in lines), strict=True)
    assert titles[:5] == ("1 结论摘要", "2 街道概况", "3 方法", "4 服务覆盖", "4.1 按标准")
    assert titles[-1] == "附录 B 说明"
    assert set(numbers) == {""}
    anchors = [f"PAGEREF {one.hyperlinks[0].fragment} \\h" for one in lines]
    names = {mark.get(qn("w:name")) for mark in document.element.iter(qn("w:bookmarkStart"))}
    assert {one.hyperlinks[0].fragment for one in lines} <= names
    codes = [code.text for code in document.element.iter(qn("w:instrText"))]
    assert codes[0] == ' TOC \\o "1-2" \\h \\z \\u '
    assert [code.strip() for code in codes if "PAGEREF" in code] == anchors
    assert document.settings.element.find(qn("w:updateFields")) is not None


def test_texts_refer_by_fields_to_what_is_printed(tmp_path: Path) -> None:
    said = Words("甲。", see=("table:coverage", "section:more", "map:nowhere"))
    table = coverage("zh")
    first = Section("first", "甲", (said, table))
    report = replace(sample(), sections=(first, Section("more", "乙", (), annex="more")))
    docx.write(report, {}, tmp_path / "a.docx")
    written = reader.Document(str(tmp_path / "a.docx"))
    assert "甲。（见表 1、附录 A）" in [one.text for one in _of(written, "Normal")]
    codes = {str(code.text).strip() for code in written.element.iter(qn("w:instrText"))}
    assert {"REF _Reftable000001 \\h", "REF _Toc000002 \\r \\h"} <= codes
    marks = [one.get(qn("w:name")) for one in written.element.iter(qn("w:bookmarkStart"))]
    assert {"_Reftable000001", "_Toc000002"} <= set(marks)
    ids = [one.get(qn("w:id")) for one in written.element.iter(qn("w:bookmarkStart"))]
    assert len(set(ids)) == len(ids)


def test_fields_are_closed(document: Document) -> None:
    depth = 0
    for mark in document.element.iter(qn("w:fldChar")):
        depth += {"begin": 1, "end": -1}.get(mark.get(qn("w:fldCharType")), 0)
        assert depth in {0, 1, 2}
    assert depth == 0


def test_chinese_fonts_on_every_style(files: dict[str, Path]) -> None:
    (styles,) = _parts(files["zh"], r"word/styles\.xml").values()
    for style in styles.iter(qn("w:style")):
        if style.get(qn("w:type")) != "numbering":
            named = style.find(f"{qn('w:rPr')}/{qn('w:rFonts')}")
            assert named.get(qn("w:eastAsia")) == "Microsoft YaHei"
            assert named.get(qn("w:ascii")) == named.get(qn("w:hAnsi")) == "Arial"
    language = styles.find(f".//{qn('w:rPrDefault')}//{qn('w:lang')}")
    assert language.get(qn("w:eastAsia")) == "zh-CN"
    assert language.get(qn("w:val")) == "en-GB"


def test_quotes_are_told_to_be_chinese(document: Document) -> None:
    run = next(one for p in _of(document, "Normal") for one in p.runs if "“至少”" in one.text)
    (named,) = run._r.iter(qn("w:rFonts"))  # noqa: SLF001
    assert named.get(qn("w:hint")) == "eastAsia"


def test_no_style_is_named_that_is_not_there(files: dict[str, Path]) -> None:
    (styles,) = _parts(files["zh"], r"word/styles\.xml").values()
    known = {style.get(qn("w:styleId")) for style in styles.iter(qn("w:style"))}
    used = set()
    for root in _parts(files["zh"], r"word/(document|header\d+|footer\d+)\.xml").values():
        for tag in ("pStyle", "rStyle", "tblStyle"):
            used |= {one.get(qn("w:val")) for one in root.iter(qn(f"w:{tag}"))}
    assert used <= known
    assert {"Lead", "Note", "Warning", "LargeFigure", "ReportFacts"} <= used


def test_wide_tables_lie_on_their_side(document: Document) -> None:
    sections = list(document.sections)
    assert [one.orientation for one in sections] == [
        WD_ORIENT.PORTRAIT,
        WD_ORIENT.LANDSCAPE,
        WD_ORIENT.PORTRAIT,
    ]
    assert [one.different_first_page_header_footer for one in sections] == [True, False, False]
    assert sample().imprint.title in sections[2].header.paragraphs[0].text


def test_pictures_have_words(document: Document) -> None:
    said = [one.get("descr") for one in document.element.iter(qn("wp:docPr"))]
    assert said == [one.alt for one in sample().maps]


def test_what_the_file_says_of_itself(document: Document) -> None:
    core, imprint = document.core_properties, sample().imprint
    assert (core.title, core.author, core.language) == (imprint.title, imprint.issuer, "zh-CN")
    assert core.created == core.modified == imprint.made.astimezone(UTC)
    assert imprint.data_hash in core.keywords
    assert core.comments == ""
    assert core.version == sample().choice.version  # the cover alone says that it is not stated


def test_cover_says_all(files: dict[str, Path], document: Document) -> None:
    footer = document.sections[0].first_page_footer
    said = " ".join(
        "".join(one.itertext())
        for one in (document.element, footer._element)  # noqa: SLF001
    )
    imprint = sample().imprint
    for name in ("title", "subtitle", "district", "period", "issuer", "version", "map_number"):
        assert getattr(imprint, name) in said
    for text in (imprint.data_hash, imprint.audit_head, "操作记录链首"):
        assert text in said
    for text in (imprint.data_hash, imprint.observed, imprint.software, "EPSG:4490", "审图号"):
        assert text in said
    assert "2026年10月5日" in said
    assert files["en"].exists()


def test_hostile_texts_come_out_as_text(files: dict[str, Path]) -> None:
    written = reader.Document(str(files["hostile"]))
    column = [row.cells[0].text for row in written.tables[-1].rows][1:]
    assert column == [one_line(text) for text in HOSTILE]
    assert _of(written, "Title")[0].text.startswith("=1+1 +1 -1 @SUM(A1)  indented <script>")


def test_same_report_same_bytes(files: dict[str, Path], tmp_path: Path) -> None:
    docx.write(sample(), pictures(sample()), tmp_path / "again.docx")
    assert (tmp_path / "again.docx").read_bytes() == files["zh"].read_bytes()
    with ZipFile(files["zh"]) as package:
        assert {one.date_time for one in package.infolist()} == {(2026, 10, 5, 9, 30, 0)}


def test_made_before_zip_files_were(tmp_path: Path) -> None:
    imprint = sample().imprint
    old = replace(imprint, made=imprint.made.replace(year=1970))
    docx.write(replace(sample(), imprint=old, sections=()), {}, tmp_path / "old.docx")
    assert reader.Document(str(tmp_path / "old.docx")).core_properties.created.year == 1970


def test_the_old_file_stays_where_writing_fails(tmp_path: Path) -> None:
    file = tmp_path / "report.docx"
    file.write_bytes(b"old")
    with pytest.raises(KeyError):
        docx.write(sample(), {}, file)
    assert file.read_bytes() == b"old"
    assert [one.name for one in tmp_path.iterdir()] == ["report.docx"]


@pytest.mark.slow
@pytest.mark.parametrize("language", ["zh", "en"])
def test_libreoffice_numbers_as_we_do(printed: dict[str, Path], language: str) -> None:
    said = words(printed[language])
    with in_language(language):
        for part in numbered(sample(language).sections):
            assert f"{part.label} {part.section.title}" in said
        assert f"{t('document.figure', number=13)} " in said
    assert BODY[language][:30].replace(" ", "") in said.replace(" ", "")


@pytest.mark.slow
def test_libreoffice_prints_every_page_well(printed: dict[str, Path]) -> None:
    said = pages(printed["zh"])
    for number, page in enumerate(said[1:], start=2):
        assert len(page) > 30, number
        assert f"{number} / {len(said)}" in page
    held = [page for page in said if "设施第" in page]
    assert len(held) > 5
    assert all("位置依据" in page for page in held)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["zh", "en", "hostile"])
def test_libreoffice_clips_nothing(printed: dict[str, Path], name: str) -> None:
    assert not beyond_the_page(printed[name])
    assert all(font["emb"] == font["uni"] == "yes" for font in fonts(printed[name]))
    if name != "en":
        assert "𠮷㐂龘" in words(printed[name])
