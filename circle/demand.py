"""The demand points of a district as the engine takes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circle.model import GROUPS, NOT_IN_ANY, SENIORS, WHOLE, Snapped

if TYPE_CHECKING:
    from collections.abc import Iterable

    from circle.model import Bools, District, Floats, Strings

__all__ = [
    "GROUPS",
    "NOT_IN_ANY",
    "SENIORS",
    "WHOLE",
    "along_named",
    "by_area",
    "demand_points",
    "roll_up",
    "unit_of",
    "with_seniors",
]


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


def unit_of(district: District, level: str = "area") -> Strings:
    """Return the id of each demand point's unit, shape (k,); `NOT_IN_ANY` for none."""
    ids = district.demand[level]
    return ids.mask(ids.eq(""), NOT_IN_ANY).to_numpy(object)


def by_area(district: District, value: Floats, level: str = "area") -> pd.DataFrame:
    """Add residents times a value up to the units of a level and to the whole, by age group.

    Parameters
    ----------
    district
        The district; only demand points inside it count.
    value
        Shape (k,): a finite number for each row of its demand; all ones count
        the residents.
    level
        A level of the district: its areas, or what `District.levels` holds
        beside them.

    Returns
    -------
    pandas.DataFrame
        Columns area, group, total. `area` is the id of a unit of the level, then,
        where there are any, `NOT_IN_ANY`; the last, "", is the whole: their sum.
    """
    demand = with_seniors(district.demand)
    inside = demand["inside"].to_numpy(np.bool_)
    own = demand.loc[inside, list(GROUPS)].mul(value[inside], axis=0)
    total = own.groupby(unit_of(district, level)[inside]).sum()
    order = [unit.id for unit in district.levels[level]]
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


def roll_up(
    district: District, covered: Bools, among: Bools | None = None, level: str = "area"
) -> pd.DataFrame:
    """Add demand points up to the units of a level and to the whole, by age group.

    Parameters
    ----------
    district
        The district; only demand points inside it count.
    covered
        Shape (k,): which rows of its demand are within reach.
    among
        Shape (k,): the rows that count at all; None for all.
    level
        As for `by_area`.

    Returns
    -------
    pandas.DataFrame
        As `Coverage.table`, with the units of the level as its areas.
    """
    counted = np.ones(len(covered)) if among is None else among.astype(np.float64)
    residents = by_area(district, counted, level)
    within = by_area(district, counted * covered, level)["total"]
    total = residents["total"]
    return residents.rename(columns={"total": "residents"}).assign(
        covered=within, uncovered=total - within, rate=(within / total).where(total > 0)
    )
