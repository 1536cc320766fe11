"""The demand points of a district as the engine takes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circle.model import AGE_GROUPS, Snapped

if TYPE_CHECKING:
    from circle.model import District, Floats

SENIORS = {
    "residents_60_plus": ("age_60_64", "age_65_plus"),
    "residents_65_plus": ("age_65_plus",),
}
GROUPS = ("residents", *AGE_GROUPS, *SENIORS)
"""All groups of residents that figures are given for."""
WHOLE = ""
"""The area that stands for the whole district."""


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


def by_area(district: District, value: Floats) -> pd.DataFrame:
    """Add residents times a value up to areas and to the whole, by age group.

    Parameters
    ----------
    district
        The district; only demand points inside it count.
    value
        Shape (k,): a finite number for each row of its demand; all ones count
        the residents.

    Returns
    -------
    pandas.DataFrame
        Columns area, group, total; the whole (area "") is the sum of the areas.
    """
    demand = with_seniors(district.demand)
    inside = demand["inside"].to_numpy(np.bool_)
    own = demand.loc[inside, list(GROUPS)].mul(value[inside], axis=0)
    total = own.groupby(demand.loc[inside, "area"]).sum()
    order = [area.id for area in district.areas]
    areas = order + [a for a in total.index if a not in order]
    total = total.reindex(areas, fill_value=0.0)
    table = pd.concat([total, total.sum().to_frame(WHOLE).T])
    return pd.DataFrame(
        {
            "area": np.repeat(table.index.to_numpy(), len(GROUPS)),
            "group": np.tile(np.array(GROUPS, dtype=object), len(table)),
            "total": table.to_numpy(np.float64).ravel(),
        }
    )
