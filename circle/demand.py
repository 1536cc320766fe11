"""The demand points of a district as the engine takes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from circle.model import AGE_GROUPS, Snapped

if TYPE_CHECKING:
    import pandas as pd

    from circle.model import District

SENIORS = {
    "residents_60_plus": ("age_60_64", "age_65_plus"),
    "residents_65_plus": ("age_65_plus",),
}
GROUPS = ("residents", *AGE_GROUPS, *SENIORS)
"""All groups of residents that figures are given for."""


def demand_points(district: District) -> Snapped:
    """Return where the residents live, on the street; as long as the demand table."""
    demand = district.demand
    return Snapped(
        xy=demand[["x", "y"]].to_numpy(np.float64),
        segment=demand["segment"].to_numpy(np.int32),
        fraction=demand["fraction"].to_numpy(np.float64),
        off_m=np.zeros(len(demand)),
    )


def with_seniors(demand: pd.DataFrame) -> pd.DataFrame:
    """Return the demand table with the groups 60+ and 65+ added up."""
    return demand.assign(**{name: demand[list(own)].sum(axis=1) for name, own in SENIORS.items()})
