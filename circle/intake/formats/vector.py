"""GeoJSON, GeoPackage and zipped Shapefile: features as lines."""

from __future__ import annotations

import json
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError, FieldError, GeometryError
from shapely.errors import ShapelyError

from circle.errors import InputError
from circle.files import shown
from circle.intake.formats import guard
from circle.intake.formats.encoding import decode
from circle.intake.remarks import Remark, Severity, remark
from circle.intake.sheet import Line, Sheet
from circle.load.text_tables import short

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from shapely.geometry.base import BaseGeometry

_BYTES_KEPT = "iso-8859-1"
"""Every byte has a character in it, so that text read so can be turned back."""
_READ_ERRORS = (
    DataSourceError,
    DataLayerError,
    FieldError,
    GeometryError,
    ShapelyError,
    ValueError,
    OSError,
    RuntimeError,
)
_CRS_CODE = re.compile(r"(?:EPSG|OGC)\D{0,4}(?:\d*\D)?(CRS84|\d{4,6})\s*$", re.IGNORECASE)


def read_geojson(data: bytes, file: str) -> Sheet:
    """Return the features of a GeoJSON file; a geometry that is none is remarked on its line.

    Raises
    ------
    InputError
        When it is no GeoJSON.
    """
    text, encoding = decode(data)
    try:
        document = json.loads(text)
        features = document.get("features", [document])
        pairs = [(dict(each.get("properties") or {}), each.get("geometry")) for each in features]
    except (ValueError, RecursionError, LookupError, TypeError, AttributeError) as error:
        raise InputError("intake.bad_geojson", file=shown(file), why=short(error)) from error
    guard.few_enough(len(pairs), max((len(held) for held, _ in pairs), default=0), file)
    header = tuple(dict.fromkeys(str(name) for held, _ in pairs for name in held))
    lines = []
    for number, (held, geometry) in enumerate(pairs, start=1):
        shape, faults = _geojson_shape(geometry, file, number)
        cells = tuple(cell_text(held.get(name)) for name in header)
        lines.append(Line(number, cells, shape, faults))
    remarks = [] if encoding == "utf-8" else [_encoded(file, encoding)]
    return Sheet(file, "GeoJSON", tuple(lines), header, _stated_crs(document), tuple(remarks))


def read_gpkg(path: Path, layer: str = "") -> Sheet:
    """Return the features of one layer of a GeoPackage.

    Raises
    ------
    InputError
        When it is none, or has no such layer.
    """
    try:
        layers = [str(name) for name, _ in pyogrio.list_layers(path)]
    except _READ_ERRORS as error:
        raise InputError("intake.bad_vector", file=shown(path.name), why=short(error)) from error
    if not layers or (layer and layer not in layers):
        known = ", ".join(layers)
        raise InputError("intake.no_sheet", file=shown(path.name), name=layer, known=known)
    chosen = layer or layers[0]
    try:
        meta, _, shapes, columns = pyogrio.raw.read(path, layer=chosen)
    except _READ_ERRORS as error:
        raise InputError("intake.bad_vector", file=shown(path.name), why=short(error)) from error
    others = ", ".join(name for name in layers if name != chosen)
    remarks = []
    if others:
        remarks.append(
            remark(path.name, None, "other_sheets", Severity.NOTE, "", others, sheet=chosen)
        )
    header = tuple(str(name) for name in meta["fields"])
    cells = [[cell_text(value) for value in column] for column in columns]
    lines = _lines(path.name, header, cells, shapes)
    return Sheet(path.name, "GeoPackage", lines, header, str(meta["crs"] or ""), tuple(remarks))


def read_shapefile(data: bytes, file: str, layer: str = "") -> Sheet:
    """Return the features of a zipped Shapefile.

    Its text is decoded by what it holds: what its .cpg says is compared, not believed.

    Raises
    ------
    InputError
        When a part is missing or cannot be read.
    """
    names = guard.names_in(data, file)
    stems = [name[:-4] for name in names if name.lower().endswith(".shp")]
    chosen = next((stem for stem in stems if not layer or Path(stem).name == layer), None)
    if chosen is None:
        known = ", ".join(Path(stem).name for stem in stems)
        raise InputError("intake.no_sheet", file=shown(file), name=layer, known=known)
    parts = {
        name[len(chosen) :].lower(): guard.member(data, name, file)
        for name in names
        if name.startswith(chosen + ".")
    }
    lacking = [part for part in (".shp", ".shx", ".dbf") if part not in parts]
    if lacking:
        raise InputError("intake.shapefile_lacks", file=shown(file), names=", ".join(lacking))
    codepage = parts.pop(".cpg", b"").decode("ascii", "replace").strip()
    parts[".cpg"] = _BYTES_KEPT.encode()
    with tempfile.TemporaryDirectory() as folder:
        for part, content in parts.items():
            (Path(folder) / f"layer{part}").write_bytes(content)
        try:
            meta, _, shapes, columns = pyogrio.raw.read(Path(folder) / "layer.shp")
        except _READ_ERRORS as error:
            raise InputError("intake.bad_vector", file=shown(file), why=short(error)) from error
    text = [[cell_text(value) for value in column] for column in columns]
    names_of = [str(name) for name in meta["fields"]]
    encoding = decode(_joined([names_of, *text])).encoding
    header = tuple(_again(name, encoding).rstrip("\ufffd") for name in names_of)
    cells = [[_again(cell, encoding) for cell in column] for column in text]
    remarks = []
    if len(stems) > 1:
        others = ", ".join(Path(stem).name for stem in stems if stem != chosen)
        sheet = Path(chosen).name
        remarks.append(remark(file, None, "other_sheets", Severity.NOTE, "", others, sheet=sheet))
    if codepage and not _same_encoding(codepage, encoding):
        remarks.append(
            remark(
                file, None, "codepage", Severity.NOTE, ".cpg", codepage, encoding=encoding.upper()
            )
        )
    lines = _lines(file, header, cells, shapes)
    return Sheet(file, "Shapefile", lines, header, str(meta["crs"] or ""), tuple(remarks))


def cell_text(value: object) -> str:
    """Return a property as text; what is no value is empty."""
    if value is None or (isinstance(value, float | np.floating) and not np.isfinite(value)):
        return ""
    if isinstance(value, bool | np.bool_):
        return "1" if value else "0"
    if isinstance(value, float | np.floating):
        number = float(value)
        return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)  # noqa: PLR2004
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    text = str(value)
    return "" if text in {"NaT", "nan"} else text


def _lines(
    file: str, header: Sequence[str], columns: list[list[str]], shapes: Iterable[bytes] | None
) -> tuple[Line, ...]:
    rows = list(zip(*columns, strict=True)) if columns else []
    packed = list(shapes) if shapes is not None else [None] * len(rows)
    rows = rows or [()] * len(packed)
    guard.few_enough(len(rows), len(header), file)
    lines = []
    for number, (cells, geometry) in enumerate(zip(rows, packed, strict=True), start=1):
        shape = None if geometry is None else shapely.from_wkb(geometry, on_invalid="ignore")
        lines.append(Line(number, tuple(cells), shape))
    return tuple(lines)


def _geojson_shape(
    geometry: object, file: str, number: int
) -> tuple[BaseGeometry | None, tuple[Remark, ...]]:
    if geometry is None:
        return None, ()
    try:
        return shapely.from_geojson(json.dumps(geometry)), ()
    except (ShapelyError, ValueError, RecursionError) as error:
        said = remark(file, number, "bad_geometry", Severity.ERROR, "geometry", error)
        return None, (said,)


def _stated_crs(document: dict[str, Any]) -> str:
    """Return the EPSG code of a GeoJSON's own crs, which old software writes."""
    try:
        name = str(document["crs"]["properties"]["name"])
    except (LookupError, TypeError):
        return "EPSG:4326"  # RFC 7946 knows no other
    match = _CRS_CODE.search(name)
    if match is None:
        return ""
    return "EPSG:4326" if match[1].upper() == "CRS84" else f"EPSG:{match[1]}"


def _encoded(file: str, encoding: str) -> Remark:
    return remark(file, None, "encoding", Severity.NOTE, encoding=encoding.upper())


def _joined(columns: Iterable[Sequence[str]]) -> bytes:
    return "\n".join(cell for column in columns for cell in column).encode(_BYTES_KEPT, "replace")


def _again(text: str, encoding: str) -> str:
    return text.encode(_BYTES_KEPT, "replace").decode(encoding, "replace")


def _same_encoding(stated: str, told: str) -> bool:
    names = {
        "utf-8": {"utf-8", "utf8", "65001"},
        "gb18030": {"gb18030", "gbk", "gb2312", "936", "cp936", "ansi936", "ansi 936"},
    }
    return stated.strip().casefold() in names.get(told, {told})
