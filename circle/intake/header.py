"""Where the table of a sheet begins and ends: titles above, totals and notes below."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise, zip_longest
from typing import TYPE_CHECKING, NamedTuple

from circle.errors import InputError
from circle.files import shown
from circle.intake.cells import tidy
from circle.intake.columns import likeness
from circle.intake.layers import plain
from circle.intake.remarks import Severity, remark

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from circle.intake.layers import Layer
    from circle.intake.remarks import Remark
    from circle.intake.sheet import Line, Sheet

_LOOKED_AT = 40
_ENOUGH = 2
_TOTAL = re.compile(
    r"(?:合|总|小|共)\s*计\s*[::]?|总\s*数|累计|(?:grand |sub)?totals?:?|sum", re.IGNORECASE
)
_NOTE = re.compile(
    r"[*※]|(?:备?注|说明|数据来源|来源|资料来源|填表|制表|审核|统计口径|填报)(?:人|单位|日期|时间)?\s*\d?\s*[::.、]"
    r"|(?:notes?|source|remarks?)\s*:",
    re.IGNORECASE,
)


class Table(NamedTuple):
    """A sheet's header, its rows, and what its other lines are."""

    header: tuple[str, ...]
    rows: tuple[Line, ...]
    aside: tuple[Remark, ...]


def table_of(sheet: Sheet, layer: Layer, stated: Mapping[str, str]) -> Table:
    """Return the table of a sheet.

    Every line that is not blank is a row, or is named among `aside`.

    Raises
    ------
    InputError
        When no line looks like a header.
    """
    if sheet.header is not None:
        return Table(sheet.header, sheet.lines, ())
    start, names = _header_line(sheet, layer, stated)
    header = tuple(tidy(cell).replace("\n", "") for cell in names)
    while header and not header[-1]:
        header = header[:-1]
    above = "title_row" if names == sheet.lines[start].cells else "header_above"
    aside = [
        _aside(line, "title_row" if number < start - 1 else above, sheet.file)
        for number, line in enumerate(sheet.lines[:start])
        if _filled(line.cells)
    ]
    rows = []
    for line in sheet.lines[start + 1 :]:
        cells = _filled(line.cells)
        if not cells:
            continue
        first = line is sheet.lines[start + 1]
        key = _no_row(line, cells, header, layer)
        if not key and first and _ENOUGH <= len(cells) == likeness(line.cells, layer, stated):
            key = "header_again"  # in another language
        if key:
            aside.append(_aside(line, key, sheet.file))
        else:
            rows.append(line)
    return Table(header, tuple(rows), tuple(aside))


def _header_line(
    sheet: Sheet, layer: Layer, stated: Mapping[str, str]
) -> tuple[int, tuple[str, ...]]:
    """Return where the header stands and its cells; of one in two lines, the lower line."""
    lines = sheet.lines[:_LOOKED_AT]
    scores = [likeness(line.cells, layer, stated) for line in lines]
    best = max(scores, default=0)
    joined = [_joined(*pair) for pair in pairwise(lines)]
    both = [likeness(cells, layer, stated) for cells in joined]
    if max(both, default=0) > best:
        upper = both.index(max(both))
        return upper + 1, joined[upper]
    if best < min(_ENOUGH, len(layer.columns)):
        first = next((line for line in sheet.lines if _filled(line.cells)), None)
        shown_cells = ", ".join(_filled(first.cells)[:8]) if first else ""
        known = ", ".join(str(column.title) for column in layer.columns if column.must)
        raise InputError("intake.no_header", file=shown(sheet.file), cells=shown_cells, known=known)
    start = scores.index(best)
    return start, lines[start].cells


def _joined(upper: Line, lower: Line) -> tuple[str, ...]:
    """Return two lines as one: of each column the lower cell, where that is empty the upper."""
    pairs = zip_longest(upper.cells, lower.cells, fillvalue="")
    return tuple(below if tidy(below) else above for above, below in pairs)


def _filled(cells: Sequence[str]) -> list[str]:
    return [text for cell in cells if (text := tidy(cell))]


def _no_row(line: Line, cells: list[str], header: Sequence[str], layer: Layer) -> str:
    """Return as what a line below the header is no row of the table; "" where it is one."""
    first = unicodedata.normalize("NFKC", cells[0])
    if _TOTAL.fullmatch(first):
        return "total_row"
    if len(cells) == 1 and _NOTE.match(first):
        return "note_row"
    if [plain(cell) for cell in line.cells[: len(header)]] == [plain(name) for name in header]:
        return "header_again"
    if len(cells) > _ENOUGH and cells == [str(n) for n in range(1, len(cells) + 1)]:
        return "numbers_row"
    example = [text for text in layer.example.values() if text]
    if example and sorted(cells) == sorted(example):
        return "example_row"
    return ""


def _aside(line: Line, key: str, file: str) -> Remark:
    return remark(file, line.number, key, Severity.NOTE, "", " ".join(_filled(line.cells)))
