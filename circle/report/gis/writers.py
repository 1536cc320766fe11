"""Layers as GeoPackage, GeoJSON and Shapefile.

Coordinates are east before north in every file, longitude before latitude in
degrees, as software for maps reads them, whatever order EPSG names for a system.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC
from typing import TYPE_CHECKING

import pandas as pd
import pyogrio

from circle.i18n import in_language, t
from circle.report import metadata
from circle.report.file_names import cut, fields, stems
from circle.report.gis import styles
from circle.report.gis.geometries import GEOMETRY, decimals, parts, projected
from circle.words.tables import to_csv

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from circle.report.content.elements import Layer, Report
    from circle.report.gis.geometries import Part

FIELDS = "fields.csv"
"""What the fields of the Shapefiles stand for."""
_VERSION = {"VERSION": "1.3"}
"""Of GeoPackage; QGIS 3.22 warns of newer ones."""
_TEXT_BYTES = 254
"""What a field of a Shapefile holds."""


def geopackage(report: Report, path: Path) -> int:
    """Write all layers into one GeoPackage with styles for QGIS; return their rows.

    Beside the layers it has the tables ``layer_styles``, ``about`` (what the
    report is) and ``column_meanings``.
    """
    work = path.with_name(f"work-{path.name}")
    try:
        with in_language(report.choice.language):
            layer_parts = [part for layer in report.layers for part in parts(layer, report)]
            _tables(layer_parts, work, report)
        _settle(work, path, report)
    finally:
        work.unlink(missing_ok=True)
    return sum(len(part.frame) for part in layer_parts)


def geojson(report: Report, folder: Path) -> dict[str, int]:
    """Write each layer as GeoJSON; return the rows of each file, by its name.

    Degrees of WGS 84 follow RFC 7946; any other system is named in ``crs``.
    """
    folder.mkdir(parents=True, exist_ok=True)
    crs, rows = report.imprint.crs, {}
    options = {
        "RFC7946": "YES" if crs == "EPSG:4326" else "NO",
        "COORDINATE_PRECISION": str(decimals(crs)),
        "AUTODETECT_JSON_STRINGS": "NO",
        "WRITE_NAME": "YES",
    }
    names = stems(layer.id for layer in report.layers)
    for name, layer in zip(names, report.layers, strict=True):
        frame = projected(layer, report)
        pyogrio.write_dataframe(
            frame,
            folder / f"{name}.geojson",
            layer=name,
            driver="GeoJSON",
            geometry_type="Unknown",
            layer_options=options | {"DESCRIPTION": layer.title},
        )
        rows[f"{name}.geojson"] = len(frame)
    return rows


def shapefiles(report: Report, folder: Path) -> dict[str, int]:
    """Write each layer as Shapefile, one for each kind of geometry, and `FIELDS`.

    Returns the rows of each table, by its name. A layer without any geometry
    has none; `FIELDS` says so.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with in_language(report.choice.language):
        layer_parts = [part for layer in report.layers for part in parts(layer, report)]
        rows, meanings = {}, []
        names = stems(part.name for part in layer_parts)
        for name, part in zip(names, layer_parts, strict=True):
            meanings += _shapefile(part, folder / f"{name}.shp", report)
            if part.kind:
                rows[f"{name}.shp"] = len(part.frame)
        columns = [t(f"datafiles.fields.{key}") for key in ("layer", "short", "name", "meaning")]
        table = pd.DataFrame(meanings, columns=[*columns, t("datafiles.fields.note")])
        (folder / FIELDS).write_bytes(to_csv(table))
        return rows | {FIELDS: len(table)}


def _shapefile(part: Part, path: Path, report: Report) -> list[tuple[str, ...]]:
    """Write one Shapefile; return for each field what it stands for and what was cut."""
    meaning = part.layer.columns
    if not part.kind:
        return [(path.stem, "", "", part.title, t("datafiles.fields.no_shapes"))]
    frame = part.frame.copy()
    columns = [name for name in frame.columns if name != GEOMETRY]
    short = dict(zip(columns, fields(columns), strict=True))
    rows: list[tuple[str, ...]] = []
    for name in columns:
        lost = 0
        if frame[name].dtype == object:
            fit = [text if text is None else cut(text, _TEXT_BYTES) for text in frame[name]]
            lost = sum(kept != text for kept, text in zip(fit, frame[name], strict=True))
            frame[name] = pd.Series(fit, index=frame.index, dtype=object)
        note = t("datafiles.fields.cut", n=lost, bytes=_TEXT_BYTES) if lost else ""
        rows.append((path.stem, short[name], name, meaning.get(name, ""), note))
    pyogrio.write_dataframe(
        frame.rename(columns=short),
        path,
        driver="ESRI Shapefile",
        layer_options={
            "ENCODING": "UTF-8",
            "RESIZE": "YES",
            "DBF_DATE_LAST_UPDATE": report.imprint.made.strftime("%Y-%m-%d"),
        },
    )
    return rows


def _tables(layer_parts: Sequence[Part], path: Path, report: Report) -> None:
    """Write the tables of a GeoPackage."""
    for part in layer_parts:
        options = {"IDENTIFIER": f"{part.title} ({part.name})", "DESCRIPTION": part.title}
        pyogrio.write_dataframe(
            part.frame,
            path,
            layer=part.name,
            driver="GPKG",
            geometry_type=None if part.kind else "Unknown",
            dataset_options=_VERSION,
            layer_options={"GEOMETRY_NAME": GEOMETRY, **options},
        )
    table = pd.DataFrame(metadata.pairs(report), columns=["item", "said"])
    _attributes(table, path, "about")
    _attributes(_meanings(report.layers), path, "column_meanings")
    coloured = _styles(layer_parts, report)
    if len(coloured):
        _attributes(coloured, path, "layer_styles", FID="id", DATETIME_PRECISION="MILLISECOND")


def _attributes(table: pd.DataFrame, path: Path, name: str, **options: str) -> None:
    pyogrio.write_dataframe(
        table, path, layer=name, driver="GPKG", dataset_options=_VERSION, layer_options=options
    )


def _meanings(layers: Sequence[Layer]) -> pd.DataFrame:
    rows = [
        (layer.id, layer.title, column, layer.columns.get(column, ""))
        for layer in layers
        for column in layer.frame.columns
        if column != layer.frame.geometry.name
    ]
    return pd.DataFrame(rows, columns=["layer", "title", "column_name", "meaning"])


def _styles(layer_parts: Sequence[Part], report: Report) -> pd.DataFrame:
    """Return the styles in the columns that QGIS looks for; it asks for an empty schema."""
    rows = [
        {
            "f_table_catalog": "",
            "f_table_schema": "",
            "f_table_name": part.name,
            "f_geometry_column": GEOMETRY,
            "styleName": part.name[:30],
            "styleQML": styles.qml(part),
            "styleSLD": styles.sld(part),
            "useAsDefault": True,
            "description": part.title,
            "owner": "",
            "ui": "",
            "update_time": pd.Timestamp(report.imprint.made).tz_convert("UTC").floor("s"),
        }
        for part in layer_parts
        if part.kind
    ]
    return pd.DataFrame(rows)


def _settle(work: Path, path: Path, report: Report) -> None:
    """Copy a GeoPackage with the time of the report, so that equal reports are equal files.

    VACUUM INTO resets the counters of how often the file was written to.
    """
    moment = report.imprint.made.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(work, isolation_level=None)) as file:
        file.execute("UPDATE gpkg_contents SET last_change = ?", (moment,))
        file.execute("VACUUM INTO ?", (str(path),))
