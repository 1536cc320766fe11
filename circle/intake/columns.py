"""Which column of a file is which of the layer's: by usual names, as remembered, as stated."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from circle.errors import InputError
from circle.intake.layers import plain
from circle.intake.remarks import Remark, Severity, remark

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from circle.intake.layers import Column, Layer

FINDINGS = "问题 Findings"
"""The column of a file of bad rows that says why; left out when it is brought again."""
LEFT_OUT = ""
_SHORTEST_CUT = 8
"""A name that a Shapefile cut off has this many letters at least."""
_TEN_THOUSANDS = "万"


@dataclass(frozen=True)
class Match:
    """The columns of a file, each with the layer's column that it is; None for none."""

    header: tuple[str, ...]
    targets: tuple[Column | None, ...]
    remarks: tuple[Remark, ...] = field(default=())

    def index(self, column: str) -> int | None:
        """Return where a column of the layer stands in the file; None where it does not."""
        for number, target in enumerate(self.targets):
            if target is not None and target.id == column:
                return number
        return None

    def called(self, column: str) -> str:
        """Return what the file calls a column of the layer; its own id where it has none."""
        number = self.index(column)
        return column if number is None else self.header[number]

    def as_layout(self) -> dict[str, str]:
        """Return the match as it is remembered: the file's names with the layer's."""
        return {
            name: LEFT_OUT if target is None else target.id
            for name, target in zip(self.header, self.targets, strict=True)
            if name
        }


def stated_columns(stated: str | Mapping[str, str], layer: Layer) -> dict[str, str]:
    """Read ``名称=name,备注=``, or the same as pairs: columns of a file with the layer's or none.

    Raises
    ------
    InputError
        When it is written otherwise, or the layer has no such column.
    """
    targets: dict[str, str] = {}
    for name, target in stated.items() if not isinstance(stated, str) else _pairs(stated):
        known = _named(layer, target) if target else None
        if target and known is None:
            names = ", ".join(column.id for column in layer.columns)
            raise InputError("intake.column", name=target, known=names)
        targets[plain(name)] = LEFT_OUT if known is None else known.id
    return targets


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    for part in text.replace("，", ",").split(","):
        name, equals, target = (each.strip() for each in part.partition("="))
        if not name or not equals:
            raise InputError("intake.columns", text=text)
        yield name, target


def likeness(cells: Sequence[str], layer: Layer, stated: Mapping[str, str]) -> int:
    """Return how many cells of a line are names of columns."""
    names = {plain(cell) for cell in cells if cell.strip()}
    return sum(name in stated or _usual(layer, name) is not None for name in names)


def match(header: Sequence[str], layer: Layer, stated: Mapping[str, str], file: str) -> Match:
    """Return which column of a file is which of the layer's.

    Parameters
    ----------
    stated
        Names as `plain` writes them with columns of the layer, which go before usual ones.

    Raises
    ------
    InputError
        When a stated name is none of the file's.
    """
    names = [plain(name) for name in header]
    if lost := [name for name in stated if name not in names]:
        raise InputError("intake.column_lost", names=", ".join(lost), known=", ".join(header))
    targets: list[Column | None] = [
        layer.column(stated[name]) if name in stated else _usual(layer, name) for name in names
    ]
    remarks = []
    for number, target in enumerate(targets):
        rivals = [
            other for other, each in enumerate(targets) if each is not None and each == target
        ]
        if len(rivals) > 1 and number != min(
            rivals, key=lambda n: _rank(names[n], targets[n], stated)
        ):
            targets[number] = None
    for name, cell, target in zip(names, header, targets, strict=True):
        if target is None and name and name != plain(FINDINGS) and name not in stated:
            remarks.append(remark(file, None, "column_unused", Severity.NOTE, cell))
        if target is not None and target.type == "count" and _TEN_THOUSANDS in cell:
            remarks.append(remark(file, None, "ten_thousands", Severity.ERROR, cell))
    return Match(tuple(header), tuple(targets), tuple(remarks))


def _rank(name: str, target: Column | None, stated: Mapping[str, str]) -> int:
    """Return which of several columns with one meaning comes first: that stated, then as listed."""
    if name in stated or target is None or name not in target.names:
        return -1
    return target.names.index(name)


def _named(layer: Layer, name: str) -> Column | None:
    return layer.column(name) or _usual(layer, plain(name))


def _usual(layer: Layer, name: str) -> Column | None:
    if not name:
        return None
    for column in layer.columns:
        if name in column.names:
            return column
    if len(name) >= _SHORTEST_CUT:  # a Shapefile's names are cut off after ten bytes
        cut = [column for column in layer.columns if any(n.startswith(name) for n in column.names)]
        if len(cut) == 1:
            return cut[0]
    return None
