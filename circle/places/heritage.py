"""Protected historic buildings: how many the rows of their lists stand for."""

from __future__ import annotations

from collections import Counter
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
    addresses = [_text(address) for address in heritage["address"]]
    on_lists = Counter((at, kind) for at, kind in zip(addresses, heritage["kind"], strict=True))
    at_address: dict[str, int] = {}
    for (at, _), rows in on_lists.items():
        at_address[at] = max(at_address.get(at, 0), rows)
    at_address.pop("", None)
    return sum(at_address.values()) + addresses.count("")


def _text(address: object) -> str:
    return address.strip() if isinstance(address, str) else ""
