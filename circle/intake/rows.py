"""Lines of a table → rows of a layer, cell by cell, each fault named."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import shapely

from circle.intake.cells import EMPTY, pair_of, read_cell
from circle.intake.layers import plain
from circle.intake.remarks import Remark, Severity, remark

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from circle.intake.columns import Match
    from circle.intake.layers import Layer
    from circle.intake.sheet import Line, Sheet
    from circle.model import District, Floats

GEOMETRY = "geometry"


@dataclass(eq=False)
class Row:
    """A row that is brought.

    Attributes
    ----------
    entries
        What it states, by column of the layer; a column that it says nothing of is not there.
    xy, inside
        Where it is in metres of the district, and whether within the boundary; None where
        it states no place.
    """

    line: Line
    file: str
    entries: dict[str, str] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)
    xy: Floats | None = None
    inside: bool = False

    @property
    def bad(self) -> bool:
        """Whether it is not accepted."""
        return any(each.severity is Severity.ERROR for each in self.remarks)

    def stated(self, column: str) -> str:
        """Return what the row states in a column; "" for nothing, or that it be emptied."""
        value = self.entries.get(column, "")
        return "" if value == EMPTY[0] else value

    def say(
        self, key: str, severity: Severity, column: str = "", value: object = "", **values: object
    ) -> None:
        """Add a remark on the row."""
        said = remark(self.file, self.line.number, key, severity, column, value, **values)
        self.remarks.append(said)


@dataclass(frozen=True)
class Filled:
    """What is filled in where a row says nothing: for all rows of a file."""

    kind: str = ""
    source: str = ""
    verified: bool = False

    def of(self, layer: Layer) -> dict[str, str]:
        """Return the values by column, as far as a layer has the column."""
        values = {
            "kind": self.kind,
            "source": self.source,
            "verified": "1" if self.verified else "",
        }
        return {name: value for name, value in values.items() if value and layer.column(name)}


def read_rows(
    lines: Sequence[Line], sheet: Sheet, columns: Match, layer: Layer, filled: Filled, kinds: Kinds
) -> list[Row]:
    """Return the rows of a table, with what is wrong with each."""
    rows = [_row(line, sheet, columns, layer, kinds) for line in lines]
    for row in rows:
        for name, value in filled.of(layer).items():
            if not row.entries.get(name):
                row.entries[name] = value
        for column in layer.columns:
            if any(each.key == "short_row" for each in row.remarks):
                break
            faulty = any(each.column == columns.called(column.id) for each in row.remarks)
            if column.must and not row.stated(column.id) and not (faulty and row.bad):
                row.say("missing_value", Severity.ERROR, columns.called(column.id))
    _fold_repeated(rows)
    return rows


Kinds = dict[str, str]
"""Kinds of a district by every name, as `circle.intake.layers.plain` writes it."""


def kinds_by_name(district: District) -> Kinds:
    """Return the kinds of a district by id and by their names; names of two kinds are left out."""
    names = [
        (plain(name), kind.id)
        for kind in district.kinds.values()
        for name in dict.fromkeys((kind.name.zh, kind.name.en))
    ]
    counts = Counter(name for name, _ in names)
    by_name = {name: kind for name, kind in names if counts[name] == 1}
    return by_name | {plain(kind): kind for kind in district.kinds}


def _row(line: Line, sheet: Sheet, columns: Match, layer: Layer, kinds: Mapping[str, str]) -> Row:
    row = Row(line, sheet.file, remarks=list(line.remarks))
    cells, width = line.cells, len(columns.header)
    if extra := [cell for cell in cells[width:] if cell.strip()]:
        row.say("extra_cells", Severity.ERROR, "", " ".join(extra), have=len(cells), want=width)
    if len(cells) < width and sheet.format.startswith("CSV"):
        row.say("short_row", Severity.ERROR, "", have=len(cells), want=width)
        return row
    for name, target, text in zip(columns.header, columns.targets, cells, strict=False):
        if target is None:
            continue
        if target.type == "pair":
            _put_pair(row, name, text)
            continue
        cell = read_cell(text, target.type, kinds)
        if cell.fault:
            known = ", ".join(dict.fromkeys(kinds.values()))
            row.say(cell.fault, Severity.ERROR, name, text, known=known)
        elif cell.value:
            row.entries[target.id] = cell.value
        if cell.word:
            row.say(cell.word, Severity.CHANGED, name, text, as_read=cell.value or "—")
    if layer.has_places:
        _put_shape(row)
    return row


def _put_pair(row: Row, name: str, text: str) -> None:
    if not text.strip():
        return
    for column, cell in zip(("lon", "lat"), pair_of(text), strict=True):
        if cell.fault:
            row.say(cell.fault, Severity.ERROR, name, text)
            return
        row.entries.setdefault(column, cell.value)


def _put_shape(row: Row) -> None:
    """Take a feature's point as its position; of a polygon a point in it."""
    shape = row.line.shape
    if shape is None or row.entries.get("lon") or row.entries.get("lat"):
        return
    if shape.is_empty or not shapely.is_valid(shape):
        row.say("bad_geometry", Severity.ERROR, GEOMETRY, shape.geom_type)
        return
    point = shape if shape.geom_type == "Point" else shape.representative_point()
    if shape.geom_type in {"Polygon", "MultiPolygon", "MultiPoint"}:
        row.say("point_of_shape", Severity.CHANGED, GEOMETRY, shape.geom_type)
    elif shape.geom_type != "Point":
        row.say("bad_geometry", Severity.ERROR, GEOMETRY, shape.geom_type)
        return
    lon, lat = shapely.get_coordinates(point)[0].tolist()
    row.entries["lon"], row.entries["lat"] = repr(lon), repr(lat)


def _fold_repeated(rows: list[Row]) -> None:
    """Say of rows that state the same as one before that they count once."""
    seen: dict[tuple[object, ...], int] = {}
    for row in rows:
        shape = None if row.line.shape is None else row.line.shape.wkb
        stated = (*sorted(row.entries.items()), shape)
        if row.bad or not row.entries:
            continue
        if stated in seen:
            row.say("repeated", Severity.CHANGED, first=seen[stated])
            row.entries = {}
        seen.setdefault(stated, row.line.number)
