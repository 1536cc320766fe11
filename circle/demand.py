"""The demand points of a district as the engine takes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circle.model import GROUPS, SENIORS, WHOLE, Snapped

if TYPE_CHECKING:
    from collections.abc import Iterable

    from circle.model import Bools, District

__all__ = ["GROUPS", "SENIORS", "WHOLE", "along_named", "demand_points", "roll_up", "with_seniors"]


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


def along_named(district: District, names: Iterable[str]) -> Bools:
    """Return which demand points stand on streets of some names.

    A segment that carries several names (``a;b``) is on each of them.

    Parameters
    ----------
    district
        The district.
    names
        Street names, whole: a lane off a street has a name of its own.

    Returns
    -------
    ndarray
        Shape (k,).
    """
    wanted = {name for name in names if name}
    street = district.network.segment_name[district.demand["segment"].to_numpy()]
    on = {name for name in set(street) if not wanted.isdisjoint(str(name or "").split(";"))}
    return np.array([name in on for name in street], np.bool_)


def roll_up(district: District, covered: Bools, among: Bools | None = None) -> pd.DataFrame:
    """Add demand points up to areas and to the whole, by age group.

    Parameters
    ----------
    district
        The district; only demand points inside it count.
    covered
        Shape (k,): which rows of its demand are within reach.
    among
        Shape (k,): the rows that count at all; None for all.

    Returns
    -------
    pandas.DataFrame
        As `Coverage.table`; the whole is the sum of the areas.
    """
    demand = with_seniors(district.demand)
    inside = demand["inside"].to_numpy(np.bool_)
    counted = inside if among is None else inside & among
    own, reached = demand[counted], covered[counted]
    order = [area.id for area in district.areas]
    areas = order + sorted(set(demand.loc[inside, "area"]) - set(order))
    total = own.groupby("area")[list(GROUPS)].sum()
    within = own[reached].groupby("area")[list(GROUPS)].sum()
    total = total.reindex(areas, fill_value=0.0)
    within = within.reindex(areas, fill_value=0.0)
    table = pd.concat([_long(total, within), _long(_whole(total), _whole(within))])
    return table.reset_index(drop=True)


def _whole(table: pd.DataFrame) -> pd.DataFrame:
    return table.sum().to_frame(WHOLE).T


def _long(total: pd.DataFrame, within: pd.DataFrame) -> pd.DataFrame:
    residents = total.to_numpy(np.float64).ravel()
    covered = within.to_numpy(np.float64).ravel()
    return pd.DataFrame(
        {
            "area": np.repeat(total.index.to_numpy(), len(GROUPS)),
            "group": np.tile(np.array(GROUPS, dtype=object), len(total)),
            "residents": residents,
            "covered": covered,
            "uncovered": residents - covered,
            "rate": np.divide(
                covered, residents, out=np.full(len(residents), np.nan), where=residents > 0
            ),
        }
    )
