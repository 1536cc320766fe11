"""Who pays how much of a lift, by floor: from a table with its source, or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

_WHOLE, _NOISE = 100.0, 0.05


def shares_of(table: pd.DataFrame | None, storeys: int) -> pd.DataFrame | None:
    """Return the shares of a house of so many storeys, from the first floor to the top.

    Parameters
    ----------
    table
        As `District.lift_shares`.

    Returns
    -------
    pandas.DataFrame or None
        Columns floor, share, source; None where the table has no row for each floor, once,
        that add up to the whole: nothing is interpolated, nor taken of other houses.
    """
    if table is None:
        return None
    rows = table[table["storeys"].eq(storeys)].sort_values("floor")
    if rows["floor"].tolist() != list(range(1, storeys + 1)):
        return None
    if not abs(float(rows["share"].sum()) - _WHOLE) <= _NOISE:
        return None
    return rows[["floor", "share", "source"]].reset_index(drop=True)


def storeys_known(table: pd.DataFrame | None) -> list[int]:
    """Return of how many storeys a table has the shares of."""
    if table is None:
        return []
    storeys = sorted({int(each) for each in table["storeys"].dropna()})
    return [each for each in storeys if shares_of(table, each) is not None]
