"""Files of any format → `circle.intake.sheet.Sheet`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from circle.errors import InputError
from circle.files import shown
from circle.intake.formats import delimited, guard, kml, vector, workbook
from circle.intake.remarks import Severity, remark

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from circle.intake.sheet import Sheet

ENDINGS = {
    "delimited": (".csv", ".tsv", ".txt"),
    "xlsx": (".xlsx", ".xlsm"),
    "xls": (".xls", ".et"),
    "geojson": (".geojson", ".json"),
    "gpkg": (".gpkg",),
    "shapefile": (".zip",),
    "kml": (".kml",),
    "kmz": (".kmz", ".zip"),
}
_OLE, _SQLITE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"SQLite format 3\x00"


def read_sheet(path: Path, sheet: str = "") -> Sheet:
    """Read a file that was brought.

    Its format is told by its content; where its name says another, that is remarked.

    Parameters
    ----------
    path
        CSV, Excel, GeoJSON, GeoPackage, a zipped Shapefile, or KML.
    sheet
        The sheet or layer to read; "" for the first.

    Raises
    ------
    InputError
        When it is no such file, is too large, or unpacks to what is too large.
    """
    data = guard.read_file(path)
    kind = _kind(data, path)
    readers: dict[str, Callable[[], Sheet]] = {
        "delimited": lambda: delimited.read(data, path.name),
        "xlsx": lambda: workbook.read(data, path.name, sheet),
        "xls": lambda: workbook.read(data, path.name, sheet),
        "geojson": lambda: vector.read_geojson(data, path.name),
        "gpkg": lambda: vector.read_gpkg(path, sheet),
        "shapefile": lambda: vector.read_shapefile(data, path.name, sheet),
        "kml": lambda: kml.read(data, path.name),
        "kmz": lambda: kml.read_packed(data, path.name),
    }
    read = readers[kind]()
    if path.suffix.lower() in ENDINGS[kind]:
        return read
    said = remark(path.name, None, "ending", Severity.NOTE, "", path.suffix, format=read.format)
    return replace(read, remarks=(said, *read.remarks))


def _kind(data: bytes, path: Path) -> str:
    """Return what a file is by its content."""
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _packed(data, path)
    if data.startswith(_OLE):
        return "xls"
    if data.startswith(_SQLITE):
        return "gpkg"
    start = data[:2000].removeprefix(b"\xef\xbb\xbf").lstrip()
    if start[:1] == b"<":
        if b"<kml" in start:
            return "kml"
        raise InputError("intake.markup", file=shown(path.name))
    if start[:1] == b"{":
        return "geojson"
    if path.suffix.lower() in {".shp", ".dbf", ".shx"}:
        raise InputError("intake.shapefile_parts", file=shown(path.name))
    if data.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")):
        raise InputError("intake.format", file=shown(path.name))
    return "delimited"


def _packed(data: bytes, path: Path) -> str:
    names = [name.lower() for name in guard.names_in(data, path.name)]
    if any(name.startswith("xl/") for name in names):
        return "xlsx"
    if any(name.endswith(".shp") for name in names):
        return "shapefile"
    if any(name.endswith(".kml") for name in names):
        return "kmz"
    raise InputError("intake.packed", file=shown(path.name), names=", ".join(names[:5]) or "-")
