"""A workbook to fill in: the columns of a layer, an example row, and what each column means."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from xlsxwriter import Workbook

from circle.errors import InputError
from circle.files import file_in_place, shown
from circle.i18n import LANGUAGES, t
from circle.intake.formats.workbook import EXPLAINED

if TYPE_CHECKING:
    from pathlib import Path

    from circle.intake.layers import Column, Layer

_MADE = datetime(2026, 1, 1, tzinfo=UTC)
_WIDTHS = (24, 24, 12, 60, 60, 24)
_COLUMN_WIDTH = 18


def write_template(layer: Layer, path: Path) -> int:
    """Write the template of a layer; return how many columns it has.

    Raises
    ------
    InputError
        When the file is not to be an .xlsx.
    OutputError
        When it cannot be written.
    """
    if path.suffix.lower() != ".xlsx":
        raise InputError("intake.template_ending", file=shown(path.name))
    with file_in_place(path) as part:
        part.write_bytes(template(layer))
    return len(_columns(layer))


def template(layer: Layer) -> bytes:
    """Return the template of a layer as a workbook.

    A layer of polygons has none to fill in as a sheet: its template is an .xlsx all the
    same, whose example says what the properties of a GeoJSON are.
    """
    columns = _columns(layer)
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = Workbook(out, options)
    book.set_properties({"title": f"{layer.title.zh} {layer.title.en}", "created": _MADE})
    head = book.add_format({"bold": True, "bottom": 1, "bg_color": "#E7ECEF", "text_wrap": True})
    must = book.add_format({"bold": True, "bottom": 1, "bg_color": "#F6E3B4", "text_wrap": True})
    example = book.add_format({"italic": True, "font_color": "#6B7280", "num_format": "@"})
    text = book.add_format({"num_format": "@"})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    rows = book.add_worksheet(f"{layer.title.zh} {layer.title.en}"[:31])
    rows.freeze_panes(1, 0)
    rows.set_column(0, len(columns) - 1, _COLUMN_WIDTH, text)
    for number, column in enumerate(columns):
        rows.write_string(0, number, column.title.zh, must if column.must else head)
        rows.write_string(1, number, layer.example.get(column.id, ""), example)
    about = book.add_worksheet(EXPLAINED[0])
    for number, width in enumerate(_WIDTHS):
        about.set_column(number, number, width)
    heads = ("column", "column_en", "must", "about", "about_en", "example")
    for number, name in enumerate(heads):
        about.write_string(0, number, _both(f"intake.template.{name}"), head)
    for row, column in enumerate(columns, start=1):
        for number, cell in enumerate(_explained(column, layer)):
            about.write_string(row, number, cell, wrapped)
    for row, key in enumerate(("example_row", "datum", "polygons" if layer.level else "again")):
        about.merge_range(len(columns) + 2 + row, 0, len(columns) + 2 + row, 5, "", wrapped)
        about.write_string(len(columns) + 2 + row, 0, _both(f"intake.template.{key}"), wrapped)
    book.close()
    return out.getvalue()


def _columns(layer: Layer) -> list[Column]:
    return [column for column in layer.columns if column.type != "pair"]


def _explained(column: Column, layer: Layer) -> tuple[str, ...]:
    must = _both("intake.template.yes") if column.must else ""
    names = (column.title.zh, f"{column.title.en} ({column.id})")
    return (*names, must, column.about.zh, column.about.en, layer.example.get(column.id, ""))


def _both(key: str) -> str:
    return " / ".join(t(key, language=code) for code in LANGUAGES)
