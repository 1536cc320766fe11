"""What was read of a file, whatever its format: lines of cells as text."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from circle.intake.remarks import Remark


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a file.

    Attributes
    ----------
    number
        As a spreadsheet counts rows, or the feature's from 1.
    cells
        As they stand, as text.
    shape
        The feature's geometry, in what the file's coordinates are; None for none.
    remarks
        What was noticed of the line while it was read.
    """

    number: int
    cells: tuple[str, ...]
    shape: BaseGeometry | None = None
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """A file as lines of text.

    Attributes
    ----------
    header
        The names of the columns where the format states them; None where one of the
        lines holds them.
    crs
        The reference system that the file states; "" for none.
    remarks
        What was noticed of the file as a whole.
    format
        Its kind, for people.
    """

    file: str
    format: str
    lines: tuple[Line, ...]
    header: tuple[str, ...] | None = None
    crs: str = ""
    remarks: tuple[Remark, ...] = field(default=())
