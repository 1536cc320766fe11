from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import numpy as np
import openpyxl
import pandas as pd
import pytest

from circle.load.standards import standard_sets
from circle.report.tabular import csv_files, xlsx
from tests.report.sample_data import FIT, HOSTILE, ROOT, report, tianping

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl import Workbook


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Workbook:
    path = tmp_path_factory.mktemp("xlsx") / "a.xlsx"
    xlsx.write(report(), path)
    return openpyxl.load_workbook(path)


def test_every_sheet_reads_and_nothing_is_a_formula(book: Workbook) -> None:
    assert len(book.worksheets) == 2 + len(report().tables)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} == {"s", "n", "b"}
    assert sum(str(cell.value).startswith("=") for cell in cells) >= 3
    assert not book.defined_names


def test_texts_stay_texts_when_they_are_edited(book: Workbook) -> None:
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                looks = str(cell.value).startswith(
                    ("=", "+", "-", "@", "\t", "＝", "＋", "－", "＠")
                )
                if cell.data_type == "s":
                    assert bool(cell.quotePrefix) == looks, cell.value


def test_hostile_texts_are_as_they_were(book: Workbook) -> None:
    sheet = book.worksheets[3]
    assert [cell.value or "" for cell in sheet["A"]][1:] == list(FIT)
    assert sheet["C2"].value == "2026-04-10"
    assert [sheet.cell(row, 4).value for row in range(2, 8)] == [None, None, "1", "2.5", "甲", None]
    assert book.worksheets[1]["E1"].value == "=坏标题"


def test_tables_have_a_frozen_header_filters_and_formats(book: Workbook) -> None:
    for sheet, table in zip(book.worksheets[1:], report().tables, strict=False):
        assert sheet.freeze_panes == "A2"
        last = f"{chr(64 + table.frame.shape[1])}{len(table.frame) + 1}"
        assert sheet.auto_filter.ref == f"A1:{last}"
        assert [cell.value for cell in sheet[1]] == list(table.frame.columns)
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.print_title_rows == "$1:$1"
    sheet = book.worksheets[1]
    assert [sheet.cell(2, column).number_format for column in (2, 3, 4)] == [
        "#,##0",
        "#,##0.00",
        "#,##0.00",
    ]
    assert [sheet.cell(row, 2).value for row in (2, 3, 4)] == [12345, 6789, 19134]
    assert [sheet.cell(row, 3).value for row in (2, 3, 4)] == [12.5, None, 99.25]
    assert sheet["D3"].value is None  # infinite
    assert [sheet.cell(row, 1).font.bold for row in (1, 2, 3, 4)] == [True, False, False, True]
    assert sheet["B4"].font.bold
    assert sheet["A6"].value == "=注：居民为推算"


def test_columns_are_as_wide_as_what_they_hold(book: Workbook) -> None:
    widths = {key: one.width for key, one in book.worksheets[3].column_dimensions.items()}
    assert widths["A"] == pytest.approx(48.7, abs=0.1)
    assert 10 <= widths["C"] <= 14


def test_the_first_sheet_says_what_it_is_and_where_the_tables_are(book: Workbook) -> None:
    first = book.worksheets[0]
    said = {row[0].value: row[1].value for row in first.iter_rows(max_col=2)}
    assert said["坐标系代码"] == "EPSG:4490"
    assert said["判断标准"] == "步行 15 分钟"
    assert said["使用须知"] == "居民为推算。"
    assert said["数据校验码"] == tianping().base_id
    links = [cell for row in first.iter_rows() for cell in row if cell.hyperlink]
    assert [cell.value for cell in links] == book.sheetnames[1:]
    for cell in links:
        assert cell.hyperlink.location == f"'{cell.value}'!A1"


def test_the_sources_are_all_there(book: Workbook) -> None:
    rows = list(book.worksheets[-1].iter_rows(min_row=2, values_only=True))
    layers = tianping().layers
    assert [(row[0], row[1], row[-1]) for row in rows] == [
        (one.file, one.rows, one.sha256) for one in layers
    ]
    assert all(row[4] and row[5] for row in rows)


def test_english(tmp_path: Path) -> None:
    chosen = {"language": "en", "standard": "no-such-set", "kinds": ("market",), "areas": ("?",)}
    xlsx.write(report(**chosen), tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert (book.sheetnames[0], book.sheetnames[-1]) == ("About", "Sources")
    said = {row[0].value: row[1].value for row in book.worksheets[0].iter_rows(max_col=2)}
    assert said["Judged by"] == "no-such-set"
    assert said["Areas"] == "?"
    assert said["Kinds of facilities"] == "Fresh-food market"


def test_a_standard_is_called_by_its_name(tmp_path: Path) -> None:
    xlsx.write(report(standard="shanghai-15min"), tmp_path / "a.xlsx")
    first = openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[0]
    said = {row[0].value: row[1].value for row in first.iter_rows(max_col=2)}
    assert said["判断标准"] == str(
        standard_sets(ROOT / "data" / "standards")["shanghai-15min"].name
    )


def test_equal_reports_are_equal_files(tmp_path: Path) -> None:
    for name in ("a", "b"):
        xlsx.write(report(), tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    core = zipfile.ZipFile(tmp_path / "a").read("docProps/core.xml").decode()
    assert "2026-05-05T23:08:09Z" in core
    assert "&lt;&amp;&gt;" in core


def test_one_table_for_a_page() -> None:
    frame = pd.DataFrame({"=片区": ["=1+1", None], "率（%）": [0.5, np.inf]})
    book = openpyxl.load_workbook(io.BytesIO(xlsx.workbook({"覆盖/表": frame})))
    assert book.sheetnames == ["覆盖 表"]
    rows = list(book.worksheets[0].iter_rows())
    assert [[cell.value for cell in row] for row in rows] == [
        ["=片区", "率（%）"],
        ["=1+1", 0.5],
        [None, None],
    ]
    assert all(cell.data_type != "f" for row in rows for cell in row)
    empty = xlsx.workbook({"a": pd.DataFrame(), "A": pd.DataFrame({"x": []})})
    assert openpyxl.load_workbook(io.BytesIO(empty)).sheetnames == ["a", "A (2)"]


def test_a_cell_holds_what_excel_allows() -> None:
    frame = pd.DataFrame({"a": ["长" * 40_000]})
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx.workbook({"a": frame}))).worksheets[0]
    assert len(sheet["A2"].value) == 32_767


def test_csv(tmp_path: Path) -> None:
    rows = csv_files.write(report(), tmp_path / "tables")
    assert rows == {
        "coverage.csv": 3,
        "coverage-again.csv": 3,
        "hostile.csv": len(HOSTILE),
        "empty.csv": 0,
    }
    data = (tmp_path / "tables" / "hostile.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    read = pd.read_csv(io.BytesIO(data), dtype=str, keep_default_na=False)
    risky = ("=", "+", "-", "@", "\t", "＝", "＋", "－", "＠")
    want = [f"'{text}" if text.startswith(risky) else text for text in FIT]
    assert read["文字"].tolist() == want
    numbers = pd.read_csv(tmp_path / "tables" / "coverage.csv")
    assert numbers["最近（分钟）"].isna().tolist() == [False, True, False]
    assert numbers.columns[-1] == "'=坏标题"
