"""What people say of the data, kept beside it and laid over it.

What needs a database is imported when it is first asked for: SQLAlchemy is slow to
load, and most commands open no store.
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import TYPE_CHECKING, Any

from circle.config import ROOT, settings
from circle.store.days import first_day, read_day, zone

if TYPE_CHECKING:
    from pathlib import Path

    from circle.model import District
    from circle.store.confirmations import (
        Confirmation,
        confirm,
        history,
        with_confirmations,
        withdraw,
    )
    from circle.store.engine import Store, opened
    from circle.store.folders import noted

__all__ = [
    "Confirmation",
    "Store",
    "confirm",
    "first_day",
    "history",
    "noted",
    "open_district",
    "opened",
    "read_day",
    "with_confirmations",
    "withdraw",
    "zone",
]

_ROOMS = {
    "confirmations": {"Confirmation", "confirm", "history", "with_confirmations", "withdraw"},
    "engine": {"Store", "opened"},
    "folders": {"noted"},
}
"""The modules that need a database, and what each gives."""

if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever the module holds
        for room, names in _ROOMS.items():
            if name in names:
                return getattr(import_module(f"{__name__}.{room}"), name)
        raise AttributeError(name)


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
        When the store cannot be read.
    """
    from circle.load import read_district  # noqa: PLC0415 - see above

    district = read_district(folder)
    if store is None and _no_file(settings().store):
        return district
    from circle.store import confirmations, engine  # noqa: PLC0415 - see above

    return confirmations.with_confirmations(district, store or engine.opened())


def _no_file(address: str) -> bool:
    """Tell whether the address is a path where there is nothing: nobody said anything yet."""
    text = address.strip()
    if "://" in text or not text or "\0" in text:
        return False
    try:
        (ROOT / os.path.expanduser(text)).lstat()  # noqa: PTH111 - Path's own raises
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return False
