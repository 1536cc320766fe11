"""A district as a walk needs it: arrays, no tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from circle.model.network import WalkNetwork
    from circle.model.vocabulary import Profile

    Columns = Mapping[str, Any] | pd.DataFrame
    """A table: its columns by name, each an array or a pandas Series."""


@dataclass(frozen=True, eq=False)
class PlainDistrict:
    """Streets, profiles and some tables of a district.

    Attributes
    ----------
    tables
        By file, with the columns of `circle.model.District`'s tables, flags as 1.0 and 0.0.
    """

    crs: str
    network: WalkNetwork
    profiles: dict[str, Profile]
    tables: dict[str, dict[str, Any]]
