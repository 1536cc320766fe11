"""Tables as every format holds them: numbers, booleans and plain texts."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd

from circle.report.file_names import plain

_MIDNIGHT = "T00:00:00"


def flat(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table of numbers, booleans and plain texts.

    Infinite numbers are none, as no file can hold them; dates are written
    ``2026-04-10``; whatever else is no number becomes text. None stays nothing.
    """
    columns = [_column(column) for _, column in frame.items()]
    found = pd.concat(columns, axis=1) if columns else pd.DataFrame(index=frame.index)
    return found.set_axis([plain(str(name)) for name in frame.columns], axis=1)


def _column(column: pd.Series[Any]) -> pd.Series[Any]:
    if not pd.api.types.is_numeric_dtype(column):
        if pd.api.types.infer_dtype(column, skipna=True) == "boolean":
            return column.astype("boolean")
        nothing = column.isna()
        texts = [None if no else _text(value) for value, no in zip(column, nothing, strict=True)]
        return pd.Series(texts, index=column.index, dtype=object)
    if pd.api.types.is_float_dtype(column):
        return column.where(np.isfinite(column.astype(float)))
    return column


def _text(value: object) -> str:
    said = value.isoformat() if isinstance(value, dt.date | dt.time) else str(value)
    return plain(said.removesuffix(_MIDNIGHT))
