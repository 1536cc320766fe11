"""Files of shapes → features in degrees: GeoJSON, GeoPackage, zipped Shapefile."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from pyproj import CRS

from circle.errors import DataError
from circle.files import kind_of_file, shown
from circle.geo.crs import WGS84

if TYPE_CHECKING:
    from pathlib import Path

LARGEST_MB = 500
"""Files of shapes above this, packed or unpacked, are refused before they are read."""
_READ = {"geojson": "", "sqlite": "", "zip": "/vsizip/"}
_LARGEST = np.array([180.0, 90.0])

Feature = tuple[dict[str, Any], shapely.Geometry | None]


def features_of(file: Path) -> list[Feature]:
    """Return the properties and shapes (WGS 84 degrees) of a file of shapes.

    A file that states no reference system is taken as WGS 84.

    Raises
    ------
    DataError
        When it is none of the formats, too large, unreadable, or its coordinates are none
        of its reference system.
    """
    kind = kind_of_file(file)
    if kind not in _READ:
        raise DataError("shapes_other", file=shown(file.name))
    _refuse_large(file, kind)
    table = _read(f"{_READ[kind]}{file.resolve()}", file.name)
    if "geometry" not in table:
        raise DataError("shapes_none", file=shown(file.name))
    shapes = table["geometry"].to_numpy(object)
    if table.crs is not None and CRS.from_user_input(table.crs) != CRS.from_user_input(WGS84):
        shapes = table.to_crs(WGS84)["geometry"].to_numpy(object)
    points = shapely.get_coordinates(shapes)
    # a polygon over the 180th meridian may go on beyond it
    if not (np.abs(points) <= _LARGEST * [2, 1]).all():
        raise DataError("shapes_degrees", file=shown(file.name))
    rows = table.drop(columns="geometry").astype(object).to_dict("records")
    return [
        ({name: value for name, value in row.items() if value == value}, shape)  # noqa: PLR0124
        for row, shape in zip(rows, shapes, strict=True)
    ]


def _read(source: str, name: str) -> Any:  # noqa: ANN401 - geopandas has no types
    import geopandas as gpd  # noqa: PLC0415 - takes half a second
    from pyogrio.errors import DataLayerError, DataSourceError  # noqa: PLC0415

    try:
        return gpd.read_file(source, engine="pyogrio")
    except (DataLayerError, DataSourceError, ValueError, UnicodeError) as error:
        reason = str(error).replace(source, name)[:200]
        raise DataError("shapes_broken", file=shown(name), reason=reason) from error


def _refuse_large(file: Path, kind: str) -> None:
    size = file.stat().st_size
    if kind == "zip":
        try:
            with zipfile.ZipFile(file) as packed:
                inside = packed.infolist()
        except zipfile.BadZipFile as error:
            raise DataError("shapes_broken", file=shown(file.name), reason=str(error)) from error
        whole = sum(each.file_size for each in inside)
        if not any(each.filename.lower().endswith(".shp") for each in inside):
            raise DataError("shapes_no_shp", file=shown(file.name))
        size = max(size, whole)
    if size > LARGEST_MB * 1e6:
        mb = f"{size / 1e6:.0f}"
        raise DataError("shapes_large", file=shown(file.name), mb=mb, limit=LARGEST_MB)
