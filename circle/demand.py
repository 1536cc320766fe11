"""The demand points of a district as the engine takes them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circle.model import GROUPS, SENIORS, WHOLE, Snapped

if TYPE_CHECKING:
    from collections.abc import Iterable

    from circle.model import Bools, District, Floats, Strings

__all__ = [
    "GROUPS",
    "SENIORS",
    "WHOLE",
    "Residents",
    "along_named",
    "by_area",
    "demand_points",
    "mean",
    "residents_of",
    "roll_up",
    "totals",
    "with_seniors",
]


@dataclass(frozen=True, eq=False)
class Residents:
    """A district's demand as arrays, for adding up.

    Attributes
    ----------
    people
        Shape (k, groups): residents, columns as `GROUPS`.
    inside
        Shape (k,): within the boundary.
    areas
        Names of the areas: first the district's own, in their order.
    member
        Shape (areas, k): 1 where a demand point counts for the area, else 0.
    """

    people: Floats
    inside: Bools
    areas: tuple[str, ...]
    member: Floats

    @property
    def labels(self) -> dict[str, Strings]:
        """Columns area and group of a table with a row each, the whole (area "") last."""
        return {
            "area": np.repeat(np.array([*self.areas, WHOLE], object), len(GROUPS)),
            "group": np.tile(np.array(GROUPS, object), len(self.areas) + 1),
        }


@lru_cache(maxsize=4)
def residents_of(district: District) -> Residents:
    """Return the demand of a district as arrays, made once."""
    demand = with_seniors(district.demand)
    inside = demand["inside"].to_numpy(np.bool_)
    area = demand["area"].to_numpy(object)
    own = [one.id for one in district.areas]
    areas = [*own, *sorted(set(area[inside]) - set(own))]
    member = np.array([inside & (area == one) for one in areas], np.float64)
    return Residents(
        people=demand[list(GROUPS)].to_numpy(np.float64),
        inside=inside,
        areas=tuple(areas),
        member=member.reshape(len(areas), len(demand)),
    )


@lru_cache(maxsize=4)
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
    labels = residents_of(district).labels
    return pd.DataFrame({**labels, "total": totals(district, value)})


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
    labels = residents_of(district).labels
    counted = np.ones(len(covered)) if among is None else among.astype(np.float64)
    total, within = totals(district, counted), totals(district, counted * covered)
    return pd.DataFrame(
        {
            **labels,
            "residents": total,
            "covered": within,
            "uncovered": total - within,
            "rate": mean(within, total),
        }
    )


def totals(district: District, value: Floats) -> Floats:
    """Return the column total of `by_area` alone."""
    own = residents_of(district)
    counted = np.where(own.inside, value, 0.0)  # what is beyond may be infinite
    areas = (own.member * counted) @ own.people
    found: Floats = np.concatenate([areas, areas.sum(axis=0, keepdims=True)]).ravel()
    return found


def mean(total: Floats, residents: Floats) -> Floats:
    """Return totals over residents; NaN where nobody lives."""
    share = np.full(len(residents), np.nan)
    np.divide(total, residents, out=share, where=residents > 0)
    return share
