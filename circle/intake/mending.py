"""Rows that were not accepted, as a file that can be mended and brought again."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import shapely
from xlsxwriter import Workbook

from circle.errors import InputError
from circle.files import file_in_place, shown
from circle.i18n import t
from circle.intake.cells import number_of, tidy
from circle.intake.columns import FINDINGS
from circle.intake.remarks import Severity

if TYPE_CHECKING:
    from pathlib import Path

    from circle.intake.importing import Prepared
    from circle.intake.rows import Row

_RUN = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
"""Beginnings that a sheet may run as a formula."""
_AXES = ("lon", "lat")


def usual_place(prepared: Prepared, path: Path) -> Path:
    """Return where the rows to mend are written where nobody says: beside the file."""
    ending = ".geojson" if prepared.layer.level else ".csv"
    return path.with_name(f"{path.stem}-to-mend{ending}")


def write_bad_rows(prepared: Prepared, path: Path) -> int:
    """Write the rows that were not accepted with what is wrong with each; return how many.

    The cells are as they were brought, so that the file is read in the same way again; the
    last column is left out then.

    Parameters
    ----------
    path
        Ends with .csv, .xlsx or, for polygons, .geojson.

    Raises
    ------
    InputError
        When the ending is another.
    OutputError
        When it cannot be written.
    """
    data = bad_rows(prepared, path.suffix)
    with file_in_place(path) as part:
        part.write_bytes(data)
    return len(prepared.bad)


def bad_rows(prepared: Prepared, ending: str) -> bytes:
    """Return the rows that were not accepted as a file of that ending; see `write_bad_rows`."""
    writers = {".csv": _csv, ".xlsx": _xlsx, ".geojson": _geojson}
    write = writers.get(ending.lower())
    if write is None or (prepared.layer.level and write is not _geojson):
        raise InputError("intake.mend_ending", file=shown(ending))
    return write(prepared)


def _table(prepared: Prepared) -> tuple[list[str], list[list[str]]]:
    header = list(prepared.columns.header)
    shapes = prepared.layer.has_places and any(row.line.shape is not None for row in prepared.bad)
    more = [axis for axis in _AXES if shapes and prepared.columns.index(axis) is None]
    findings = [n for n, name in enumerate(header) if name == FINDINGS]
    kept = [n for n in range(len(header)) if n not in findings]
    rows = [
        [*(_cell(row, n) for n in kept), *(_axis(row, axis) for axis in more), _why(row)]
        for row in prepared.bad
    ]
    return [*(header[n] for n in kept), *more, FINDINGS], rows


def _cell(row: Row, number: int) -> str:
    return row.line.cells[number] if number < len(row.line.cells) else ""


def _axis(row: Row, axis: str) -> str:
    shape = row.line.shape
    if shape is None or shape.geom_type != "Point" or shape.is_empty:
        return ""
    lonlat: list[float] = shapely.get_coordinates(shape)[0].tolist()
    return repr(lonlat[_AXES.index(axis)])


def _why(row: Row) -> str:
    said = [each for each in row.remarks if each.severity is Severity.ERROR]
    return " / ".join(
        t(
            "finding.line",
            place=each.column or t("finding.row", row=row.line.number),
            what=each.part("what"),
            mend=each.part("mend"),
        )
        for each in said
    )


def _csv(prepared: Prepared) -> bytes:
    header, rows = _table(prepared)
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([[_harmless(cell) for cell in row] for row in rows])
    return out.getvalue().encode("utf-8-sig")


def _harmless(cell: str) -> str:
    """Return a cell that no sheet runs; the apostrophe is left out when it is read."""
    runs = tidy(cell).startswith(_RUN) and number_of(tidy(cell)) is None
    return f"'{tidy(cell)}" if runs else cell


def _xlsx(prepared: Prepared) -> bytes:
    header, rows = _table(prepared)
    out = io.BytesIO()
    book = Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet()
    for number, row in enumerate([header, *rows]):
        for column, cell in enumerate(row):
            sheet.write_string(number, column, cell)
    book.close()
    return out.getvalue()


def _geojson(prepared: Prepared) -> bytes:
    header = prepared.columns.header
    features = [
        {
            "type": "Feature",
            "properties": {name: _cell(row, n) for n, name in enumerate(header) if name != FINDINGS}
            | {FINDINGS: _why(row)},
            "geometry": None
            if row.line.shape is None
            else json.loads(shapely.to_geojson(row.line.shape)),
        }
        for row in prepared.bad
    ]
    document: dict[str, object] = {"type": "FeatureCollection", "features": features}
    if prepared.sheet.crs.startswith("EPSG:"):
        name = prepared.sheet.crs.replace("EPSG:", "urn:ogc:def:crs:EPSG::")
        document["crs"] = {"type": "name", "properties": {"name": name}}
    return (json.dumps(document, ensure_ascii=False) + "\n").encode()
