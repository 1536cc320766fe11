"""A layer of a district folder as a file that can be imported again."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import shapely
from xlsxwriter import Workbook

from circle.errors import InputError
from circle.files import file_in_place, shown
from circle.load.folder import faulty_folder, read_folder
from circle.load.outlines import feature_collection

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from circle.intake.layers import Layer


def export_layer(folder: Path, layer: Layer, path: Path) -> int:
    """Write a layer as a file; return its rows. See `exported`."""
    data, rows = exported(folder, layer, path.suffix)
    with file_in_place(path) as part:
        part.write_bytes(data)
    return rows


def exported(folder: Path, layer: Layer, ending: str) -> tuple[bytes, int]:
    """Return a layer as .csv, .xlsx or .geojson, in WGS 84, and its rows.

    Raises
    ------
    DataError
        When the folder has faults.
    InputError
        When the folder has no such layer, or the ending is another.
    """
    held = read_folder(folder)
    if held.meta is None or held.findings:
        raise faulty_folder(folder.name, list(held.findings))
    outlines, table = held.levels.get(layer.level), held.tables.get(layer.file)
    ending = ending.lower()
    if outlines is not None:
        if ending not in {".geojson", ".json"}:
            raise InputError("intake.export_polygons", file=shown(ending))
        return feature_collection(list(outlines)), len(outlines)
    if table is None:
        raise InputError("intake.no_layer", layer=layer.id, folder=folder.name)
    writers = {".csv": _csv, ".xlsx": _xlsx, ".geojson": _geojson, ".json": _geojson}
    if ending not in writers or (ending.endswith("json") and not layer.has_places):
        raise InputError("intake.export_ending", file=shown(ending))
    return writers[ending](table), len(table)


def _csv(table: pd.DataFrame) -> bytes:
    return table.to_csv(index=False, lineterminator="\r\n").encode("utf-8-sig")


def _xlsx(table: pd.DataFrame) -> bytes:
    out = io.BytesIO()
    book = Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet()
    for number, row in enumerate([list(table.columns), *table.to_numpy().tolist()]):
        for column, cell in enumerate(row):
            sheet.write_string(number, column, str(cell))
    book.close()
    return out.getvalue()


def _geojson(table: pd.DataFrame) -> bytes:
    features = [
        {
            "type": "Feature",
            "properties": row,
            "geometry": json.loads(
                shapely.to_geojson(shapely.Point(float(row["lon"]), float(row["lat"])))
            ),
        }
        for row in table.to_dict("records")
    ]
    document = {"type": "FeatureCollection", "features": features}
    return (json.dumps(document, ensure_ascii=False) + "\n").encode()
