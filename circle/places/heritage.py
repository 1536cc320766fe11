"""Protected historic buildings: how many the rows of their lists stand for."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

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
    return buildings_listed(zip(heritage["address"].fillna(""), heritage["kind"], strict=True))


def buildings_listed(rows: Iterable[tuple[object, object]]) -> int:
    """Count buildings as `buildings` does, of pairs of address and list."""
    on_lists = Counter((str(address).strip(), kind) for address, kind in rows)
    most: Counter[str] = Counter()
    for (address, _), count in on_lists.items():
        most[address] = most[address] + count if address == "" else max(most[address], count)
    return most.total()
