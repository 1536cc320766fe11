"""Text with separators: CSV of any usual separator and encoding."""

from __future__ import annotations

import csv
import io

from circle.errors import InputError
from circle.files import shown
from circle.intake.formats import guard
from circle.intake.formats.encoding import decode
from circle.intake.remarks import Remark, Severity, remark
from circle.intake.sheet import Line, Sheet
from circle.load.text_tables import short

_SEPARATORS = (",", "\t", ";", "|", "，")
_SNIFFED = 30


def read(data: bytes, file: str) -> Sheet:
    """Return a file of text with separators as lines.

    Raises
    ------
    InputError
        When it cannot be taken apart, or is too large.
    """
    text, encoding = decode(data)
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")
    separator = _separator(text)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error as error:
        raise InputError("intake.bad_csv", file=shown(file), why=short(error)) from error
    guard.few_enough(len(rows), max(map(len, rows), default=0), file)
    width = max((len(row) for row in rows[:_SNIFFED]), default=0)
    lines = tuple(
        Line(number, tuple(row), None, _torn(row, width, separator, file, number))
        for number, row in enumerate(rows, start=1)
    )
    remarks = []
    if encoding != "utf-8":
        remarks.append(remark(file, None, "encoding", Severity.NOTE, encoding=encoding.upper()))
    return Sheet(file, f"CSV ({encoding.upper()})", lines, remarks=tuple(remarks))


def _separator(text: str) -> str:
    """Return the separator that stands as often in each of the first lines, most often."""
    lines = [line for line in text.split("\n", _SNIFFED)[:_SNIFFED] if line.strip()]

    def regular(separator: str) -> tuple[float, int]:
        counts = sorted(line.count(separator) for line in lines)
        return (sum(count > 0 for count in counts) / max(len(counts), 1), counts[len(counts) // 2])

    best = max(_SEPARATORS, key=regular) if lines else ","
    return best if regular(best)[1] or regular(best)[0] else ","


def _torn(row: list[str], width: int, separator: str, file: str, number: int) -> tuple[Remark, ...]:
    """Return that a cell holds what looks like the end of a row and the start of the next."""
    for cell in row:
        if "\n" in cell and cell.count(separator) >= max(width - 1, 1):
            return (remark(file, number, "torn_row", Severity.ERROR, "", cell),)
    return ()
