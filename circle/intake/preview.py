"""The rows of a layer as a map and a list show them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circle.geo.crs import to_lonlat
from circle.load.text_tables import parse_csv, read_bytes, typed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from circle.intake.layers import Layer
    from circle.model import Area, District

COLUMNS = ["id", "name", "sub", "lon", "lat"]
_MOST_SUB = 3
_NOT_SHOWN = frozenset({"id", "name", "lon", "lat", "source", "inside", "building"})


def rows_of(folder: Path, layer: Layer, district: District) -> pd.DataFrame:
    """Return the rows of a layer of a district folder.

    Returns
    -------
    pandas.DataFrame
        Columns id, name, sub (its first words on it), lon, lat (missing for a row without a
        place). Polygons are at a point within.
    """
    if layer.level:
        return _units(district.levels.get(layer.level, ()), district.crs)
    data, missing = read_bytes(folder / layer.file)
    text, faults = (pd.DataFrame(), missing) if missing else parse_csv(data, layer.file)
    if faults or text.empty:
        return pd.DataFrame(columns=COLUMNS)
    numbers = typed(text, layer.file)
    key = text[layer.key].astype(str)
    nothing = pd.Series(np.nan, index=text.index)
    named = text["name"] if "name" in text else text.get("address", key)
    names = [str(name) for name in text]
    shown = [name for name in names if not (name in _NOT_SHOWN or name.startswith("position_"))]
    return pd.DataFrame(
        {
            "id": key,
            "name": named.where(named.ne(""), key),
            "sub": [
                " · ".join([cell for cell in cells if cell][:_MOST_SUB])
                for cells in text[shown].to_numpy().tolist()
            ],
            "lon": numbers.get("lon", nothing),
            "lat": numbers.get("lat", nothing),
        },
        columns=COLUMNS,
    )


def _units(units: Sequence[Area], crs: str) -> pd.DataFrame:
    if not units:
        return pd.DataFrame(columns=COLUMNS)
    inner = [unit.polygon.representative_point() for unit in units]
    lonlat = to_lonlat([(each.x, each.y) for each in inner], crs)
    return pd.DataFrame(
        {
            "id": [unit.id for unit in units],
            "name": [str(unit.name) for unit in units],
            "sub": [str(unit.note) for unit in units],
            "lon": lonlat[:, 0],
            "lat": lonlat[:, 1],
        },
        columns=COLUMNS,
    )
