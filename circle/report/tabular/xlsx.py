"""Tables as an Excel workbook: a sheet a table, nothing in it a formula."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING

import pandas as pd
from xlsxwriter import Workbook

from circle.i18n import in_language, language, t
from circle.report import metadata
from circle.report.content.elements import Table
from circle.report.file_names import sheets, storable
from circle.report.tabular.values import storable_values
from circle.words.tables import FORMULA

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from circle.report.content.elements import Report

_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_FONTS = {"zh": "Microsoft YaHei", "en": "Calibri"}
_MOST_CHARS = 32_767
"""Characters that a cell holds; Excel refuses more."""
_HEADER = {"bold": True, "bottom": 1, "bg_color": "#E7ECEF", "text_wrap": True}
_A4 = 9
_LEAST_WIDTH, _MOST_WIDTH, _MOST_HEADER = 8, 48, 20
_LABEL_WIDTH, _TEXT_WIDTH = 28, 88
_DOUBLE = ("W", "F")
"""Classes of characters as wide as two Latin letters."""


def write(report: Report, path: Path) -> None:
    """Write the workbook of a report: the imprint, a sheet for each table, the sources."""
    with in_language(report.choice.language):
        sources = Table("sources", t("datafiles.sources_sheet"), metadata.sources(report.district))
        tables = (*report.tables, sources)
        names = sheets([t("datafiles.about_sheet"), *(table.title for table in tables)])
        imprint = report.imprint
        book = _Book(imprint.made)
        book.file.set_properties(
            {
                "title": storable(imprint.title),
                "subject": storable(imprint.district),
                "author": storable(report.choice.issuer),
                "comments": storable(imprint.software),
                "created": imprint.made.astimezone(UTC),
            }
        )
        _about(book, names[0], report, dict(zip(names[1:], tables, strict=True)))
        for name, table in zip(names[1:], tables, strict=True):
            _sheet(book, name, table)
        path.write_bytes(book.saved())


def workbook(tables: Mapping[str, pd.DataFrame]) -> bytes:
    """Return an Excel workbook with a sheet for each table, named by its title."""
    book = _Book(datetime.now(UTC))
    for name, (title, frame) in zip(sheets(tables), tables.items(), strict=True):
        _sheet(book, name, Table(name, title, frame))
    return book.saved()


@dataclass(eq=False)
class _Book:
    """A workbook in memory and the formats it has so far."""

    created: datetime
    file: Workbook = field(init=False)
    target: BytesIO = field(default_factory=BytesIO)
    formats: dict[frozenset[tuple[str, object]], Format] = field(default_factory=dict)

    def __post_init__(self) -> None:
        font = {"font_name": _FONTS[language()], "font_size": 10}
        self.file = Workbook(self.target, _OPTIONS | {"default_format_properties": font})
        self.file.set_properties({"created": self.created.astimezone(UTC)})

    def styled(self, **properties: object) -> Format:
        """Return the format of these properties, made once."""
        key = frozenset(properties.items())
        if key not in self.formats:
            self.formats[key] = self.file.add_format({"valign": "top", **properties})
        return self.formats[key]

    def text(self, sheet: Worksheet, row: int, column: int, text: str, **looks: object) -> None:
        """Write a text that stays a text, also when it is edited."""
        if text.startswith(FORMULA):
            looks["quote_prefix"] = True
        sheet.write_string(row, column, text[:_MOST_CHARS], self.styled(**looks))

    def saved(self) -> bytes:
        """Return the file's content."""
        self.file.close()
        return self.target.getvalue()


def _about(book: _Book, name: str, report: Report, tables: Mapping[str, Table]) -> None:
    """Write the first sheet: what the report is, and which sheets there are."""
    sheet = _added(book, name, name)
    sheet.set_column(0, 0, _LABEL_WIDTH)
    sheet.set_column(1, 1, _TEXT_WIDTH)
    row = 0
    for label, text in metadata.pairs(report):
        book.text(sheet, row, 0, label, bold=True)
        book.text(sheet, row, 1, text, text_wrap=True)
        row += 1
    for column, key in enumerate(("sheet", "table", "rows")):
        book.text(sheet, row + 1, column, t(f"datafiles.{key}"), **_HEADER)
    for number, (sheet_name, table) in enumerate(tables.items(), start=row + 2):
        link = book.styled(font_color="#1F5FA8", underline=1)
        sheet.write_url(number, 0, f"internal:'{sheet_name}'!A1", link, sheet_name)
        book.text(sheet, number, 1, storable(table.title), text_wrap=True)
        sheet.write_number(number, 2, len(table.frame), book.styled(num_format="#,##0"))


def _sheet(book: _Book, name: str, table: Table) -> None:
    """Write a table: header frozen and with filters, rows, its note below."""
    sheet = _added(book, name, table.title)
    frame = storable_values(table.frame)
    shown = replace(table, frame=frame)
    decimals = shown.decimals
    for column, title in enumerate(frame.columns):
        book.text(sheet, 0, column, title, **_HEADER)
        _column(book, sheet, column, shown, decimals.get(title))
    if len(frame.columns):
        sheet.autofilter(0, 0, len(frame), len(frame.columns) - 1)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    if table.note:
        book.text(sheet, len(frame) + 2, 0, storable(table.note), italic=True, font_color="#555555")


def _column(book: _Book, sheet: Worksheet, at: int, table: Table, decimals: int | None) -> None:
    """Write the cells of one column and set its width."""
    values = table.frame.iloc[:, at]
    formatted = "#,##0." + "0" * decimals if decimals else "#,##0"
    empty = pd.isna(values).to_numpy()
    texts: list[str] = []
    for row, (value, whole) in enumerate(zip(values, table.whole, strict=True), start=1):
        bold = {"bold": True} if whole else {}
        if empty[row - 1]:
            sheet.write_blank(row, at, None, book.styled(**bold))
        elif isinstance(value, str):
            texts.append(value)
            book.text(sheet, row, at, value, text_wrap=True, **bold)
        elif pd.api.types.is_bool(value):
            sheet.write_boolean(row, at, bool(value), book.styled(**bold))
        else:
            texts.append(f"{value:,.{decimals or 0}f}")
            sheet.write_number(row, at, value, book.styled(num_format=formatted, **bold))
    sheet.set_column(at, at, _width(str(table.frame.columns[at]), texts))


def _added(book: _Book, name: str, title: str) -> Worksheet:
    """Add a sheet that prints on A4 across, as wide as the page."""
    sheet = book.file.add_worksheet(name)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_header(f"&L{storable(title)[:100].replace('&', '&&')}")
    sheet.set_footer("&R&P / &N")
    return sheet


def _width(header: str, texts: Sequence[str]) -> int:
    widest = max((_wide(line) for text in texts for line in text.splitlines()), default=0)
    return min(max(widest, min(_wide(header), _MOST_HEADER) + 2, _LEAST_WIDTH) + 2, _MOST_WIDTH)


def _wide(text: str) -> int:
    return sum(1 + (unicodedata.east_asian_width(character) in _DOUBLE) for character in text)
