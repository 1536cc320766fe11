"""Tables as every format holds them: numbers, booleans and plain texts."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd

from circle.report.file_names import storable

_MIDNIGHT = "T00:00:00"


def storable_values(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table of numbers, booleans and texts that any file can hold.

    Infinite numbers become empty, as not every format holds them; dates are written
    ``2026-04-10``; whatever else is no number becomes text. None stays empty.
    """
    columns = [_column(column) for _, column in frame.items()]
    table = pd.concat(columns, axis=1) if columns else pd.DataFrame(index=frame.index)
    return table.set_axis([storable(str(name)) for name in frame.columns], axis=1)


def finite_or_none(value: float, decimals: int) -> float | None:
    """Return a number rounded, or None where it is infinite or NaN, which JSON cannot hold."""
    return round(float(value), decimals) if np.isfinite(value) else None


def _column(column: pd.Series[Any]) -> pd.Series[Any]:
    if not pd.api.types.is_numeric_dtype(column):
        if pd.api.types.infer_dtype(column, skipna=True) == "boolean":
            return column.astype("boolean")
        empty = column.isna()
        texts = [None if none else _text(value) for value, none in zip(column, empty, strict=True)]
        return pd.Series(texts, index=column.index, dtype=object)
    if pd.api.types.is_float_dtype(column):
        return column.where(np.isfinite(column.astype(float)))
    return column


def _text(value: object) -> str:
    text = value.isoformat() if isinstance(value, dt.date | dt.time) else str(value)
    return storable(text.removesuffix(_MIDNIGHT))
