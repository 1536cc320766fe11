"""What people say of the data, kept beside it and laid over it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circle.load import read_district
from circle.store.confirmations import (
    Confirmation,
    confirm,
    history,
    read_day,
    with_confirmations,
    withdraw,
    zone,
)
from circle.store.engine import Store, opened

if TYPE_CHECKING:
    from pathlib import Path

    from circle.model import District

__all__ = [
    "Confirmation",
    "Store",
    "confirm",
    "history",
    "open_district",
    "opened",
    "read_day",
    "with_confirmations",
    "withdraw",
    "zone",
]


def open_district(folder: str | Path, store: Store | None = None) -> District:
    """Read a district folder, with the confirmations of its registers.

    Parameters
    ----------
    folder
        Folder with a district.toml.
    store
        By default the one of this installation.

    Raises
    ------
    DataError
        With all findings, when the folder cannot be used.
    StoreError
        When the store is damaged, or another process does not let go of it.
    """
    return with_confirmations(read_district(folder), store or opened())
