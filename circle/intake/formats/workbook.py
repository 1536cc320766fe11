"""Excel: values as text, merged cells filled, formulas and errors named.

calamine reads values, and fast; what a formula or an error is it does not tell, so that
the sheet's own XML is looked through for those. The old format (.xls) has no XML: that
this cannot be told there is remarked.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from typing import TYPE_CHECKING, NamedTuple

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

from circle.errors import InputError
from circle.files import shown
from circle.intake.formats import guard
from circle.intake.remarks import Remark, Severity, remark
from circle.intake.sheet import Line, Sheet
from circle.load.text_tables import short

if TYPE_CHECKING:
    from collections.abc import Iterator

_FLAGGED = re.compile(
    rb"<(?:\w+:)?c\b([^>]*)>(?:\s*<(?:\w+:)?(f)\b[^>]*(?:/>|>([^<]*)))?", re.DOTALL
)
_REFERENCE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_IS_ERROR = re.compile(rb'\bt="e"')
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")
_SHEET = re.compile(rb"<(?:\w+:)?sheet\b[^>]*>")
_BIG = 10**15
EXPLAINED = ("列说明 Columns",)
"""Sheets of the templates that hold no rows."""


class _Flags(NamedTuple):
    formulas: dict[tuple[int, int], str]
    errors: set[tuple[int, int]]


def read(data: bytes, file: str, sheet: str = "") -> Sheet:
    """Return one sheet of a workbook as lines.

    Raises
    ------
    InputError
        When it is no workbook, is locked, has no such sheet, or is too large.
    """
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        names = [s.name for s in book.sheets_metadata if s.visible == SheetVisibleEnum.Visible]
        chosen = _chosen(names, sheet, file)
        opened = book.get_sheet_by_name(chosen)
        guard.few_enough(opened.total_height, opened.total_width, file)
        values = opened.to_python(skip_empty_area=False)
        merged = opened.merged_cell_ranges or []
        others = [
            name
            for name in names
            if name not in {chosen, *EXPLAINED} and book.get_sheet_by_name(name).height > 1
        ]
    except PasswordError as error:
        raise InputError("intake.locked", file=shown(file)) from error
    except (CalamineError, ValueError, OSError) as error:
        raise InputError("intake.bad_workbook", file=shown(file), why=short(error)) from error
    remarks = []
    if others:
        names_of = ", ".join(others)
        remarks.append(
            remark(file, None, "other_sheets", Severity.NOTE, "", names_of, sheet=chosen)
        )
    packed = data.startswith(b"PK")
    if not packed:
        remarks.append(remark(file, None, "old_format", Severity.NOTE))
    flags = _flags(data, chosen, file) if packed else _Flags({}, set())
    text = [[_text(value) for value in row] for row in values]
    for row, column in (*flags.formulas, *flags.errors):  # a formula without a value has no cell
        guard.few_enough(row + 1, column + 1, file)
        text += [[] for _ in range(row + 1 - len(text))]
        text[row] += [""] * (column + 1 - len(text[row]))
    filled = dict(_filled(text, merged))
    lines = tuple(_line(row, text[row], flags, filled, file) for row in range(len(text)))
    return Sheet(file, "Excel", lines, remarks=tuple(remarks))


def _chosen(names: list[str], sheet: str, file: str) -> str:
    if not names or (sheet and sheet not in names):
        raise InputError("intake.no_sheet", file=shown(file), name=sheet, known=", ".join(names))
    return sheet or names[0]


def _text(value: object) -> str:
    """Return a cell's value as it reads in the sheet."""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        whole = value == int(value) if abs(value) < _BIG else False
        return str(int(value)) if whole else repr(value)
    if isinstance(value, dt.datetime):
        at_midnight = value.time() == dt.time()
        return value.date().isoformat() if at_midnight else value.isoformat(" ", "minutes")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, dt.time):
        return value.isoformat("minutes")
    return "" if value is None else str(value)


def _filled(
    text: list[list[str]], merged: list[tuple[tuple[int, int], tuple[int, int]]]
) -> Iterator[tuple[tuple[int, int], str]]:
    """Give the cells that a merged cell covers below its first, with its text."""
    for (top, left), (bottom, _) in merged:
        for row in range(top + 1, min(bottom, len(text) - 1) + 1):
            if left < len(text[row]) and text[top][left]:
                text[row][left] = text[top][left]
                yield (row, left), text[top][left]


def _line(
    row: int, cells: list[str], flags: _Flags, filled: dict[tuple[int, int], str], file: str
) -> Line:
    number = row + 1
    remarks: list[Remark] = []
    for column, cell in enumerate(cells):
        at, name = (row, column), _letters(column)
        if at in flags.errors:
            cells[column] = cells[column] or "#N/A"
        elif at in flags.formulas:
            formula = "=" + flags.formulas[at]
            if cell:
                said = remark(file, number, "formula_value", Severity.CHANGED, name, cell)
                remarks.append(said)
            else:
                cells[column] = formula
        elif at in filled:
            remarks.append(remark(file, number, "merged", Severity.CHANGED, name, cell))
    return Line(number, tuple(cells), None, tuple(remarks))


def _letters(column: int) -> str:
    name = ""
    while column >= 0:
        name = chr(ord("A") + column % 26) + name
        column = column // 26 - 1
    return name


def _flags(data: bytes, sheet: str, file: str) -> _Flags:
    """Return which cells of a sheet hold formulas, and which of them or others errors."""
    xml = guard.member(data, _member_of(data, sheet, file), file)
    formulas: dict[tuple[int, int], str] = {}
    errors: set[tuple[int, int]] = set()
    for match in _FLAGGED.finditer(xml):
        is_error = _IS_ERROR.search(match[1])
        if not (match[2] or is_error):
            continue
        reference = _REFERENCE.search(match[1])
        if reference is None:
            raise InputError("intake.bad_workbook", file=shown(file), why="r")
        column = 0
        for letter in reference[1].decode():
            column = column * 26 + ord(letter) - ord("A") + 1
        at = (int(reference[2]) - 1, column - 1)
        if is_error:
            errors.add(at)
        else:
            formulas[at] = (match[3] or b"").decode("utf-8", "replace")
    return _Flags(formulas, errors)


def _member_of(data: bytes, sheet: str, file: str) -> str:
    """Return where a workbook keeps a sheet."""
    from html import unescape  # noqa: PLC0415 - names in XML

    book = guard.member(data, "xl/workbook.xml", file)
    relations = guard.member(data, "xl/_rels/workbook.xml.rels", file)
    targets = {
        _attribute(tag, rb"Id"): _attribute(tag, rb"Target") for tag in _RELATION.findall(relations)
    }
    for tag in _SHEET.findall(book):
        if unescape(_attribute(tag, rb"name")) == sheet:
            target = targets.get(_attribute(tag, rb"\w+:id"), "")
            return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    raise InputError("intake.no_sheet", file=shown(file), name=sheet, known="")


def _attribute(tag: bytes, name: bytes) -> str:
    match = re.search(rb"\s" + name + rb'="([^"]*)"', tag)
    return match[1].decode("utf-8", "replace") if match else ""
