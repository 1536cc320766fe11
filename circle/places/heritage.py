"""Protected historic buildings: how many the rows of their lists stand for."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def buildings(heritage: pd.DataFrame) -> int:
    """Count buildings, one that stands on two lists once.

    Parameters
    ----------
    heritage
        Rows of `District.heritage`: columns kind (the list) and address.

    Returns
    -------
    int
        At each address as many as the list that has the most there; a row without
        an address stands for a building of its own.
    """
    address = heritage["address"].fillna("").astype(str).str.strip()
    on_lists = heritage.groupby([address.rename("at"), "kind"]).size()
    at_address = on_lists.drop("", level="at", errors="ignore").groupby("at").max()
    return int(at_address.sum()) + int(address.eq("").sum())
