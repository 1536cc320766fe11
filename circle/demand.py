"""The demand points of a district as the engine takes them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from circle.model import (
    AGE_GROUPS,
    GROUPS,
    NOT_IN_ANY,
    SENIORS,
    WHOLE,
    Snapped,
    derived,
    derived_of_homes,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd
    from numpy.typing import NDArray

    from circle.model import Bools, District, Floats, Strings


@dataclass(frozen=True, eq=False)
class Residents:
    """A district's demand as arrays, for adding up.

    Attributes
    ----------
    people
        Shape (k, groups): residents, columns as `GROUPS`; of an age group none
        where the ages are not known.
    ages_known
        Shape (k,): where the ages of those who live there are known.
    inside
        Shape (k,): within the boundary.
    areas
        Units of the level: first the district's own, in their order, then
        `NOT_IN_ANY` where there are any.
    member
        Shape (units, k): 1 where a demand point counts for the unit, else 0.
    """

    people: Floats
    ages_known: Bools
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

    def at(self, rows: NDArray[np.int64]) -> Residents:
        """Return those of some demand points."""
        return replace(
            self,
            people=self.people[rows],
            ages_known=self.ages_known[rows],
            inside=self.inside[rows],
            member=self.member[:, rows],
        )

    def unknown(self, weights: Floats | Bools) -> Bools:
        """Return which groups nothing is known of: residents live there, of none the ages.

        Parameters
        ----------
        weights
            Shape (zones, k): above 0 where a demand point counts for a zone.

        Returns
        -------
        ndarray
            Shape (zones, groups).
        """
        everyone = self.people[:, GROUPS.index("residents")]
        live = (weights @ everyone > 0) & ~(weights @ (everyone * self.ages_known) > 0)
        of_age = np.array([group != "residents" for group in GROUPS])
        unknown: Bools = live[:, None] & of_age
        return unknown


@derived_of_homes
def residents_of(district: District, level: str = "area") -> Residents:
    """Return the demand of a district as arrays, by the units of a level, made once."""
    demand = with_seniors(district.demand)
    inside = demand["inside"].to_numpy(np.bool_)
    unit = unit_of(district, level)
    ids = [area.id for area in district.levels[level]]
    units = [*ids, *sorted(set(unit[inside]) - set(ids))]
    member = np.array([inside & (unit == name) for name in units], np.float64)
    return Residents(
        people=demand[list(GROUPS)].fillna(0.0).to_numpy(np.float64),
        ages_known=demand[list(AGE_GROUPS)].notna().all(axis=1).to_numpy(np.bool_),
        inside=inside,
        areas=tuple(units),
        member=member.reshape(len(units), len(demand)),
    )


@derived
def demand_points(district: District) -> Snapped:
    """Return where the residents live, on the street, with the walk to it from home.

    As long as the demand table.
    """
    demand = district.demand
    return Snapped(
        xy=demand[["x", "y"]].to_numpy(np.float64),
        segment=demand["segment"].to_numpy(np.int32),
        fraction=demand["fraction"].to_numpy(np.float64),
        off_m=demand["off_m"].to_numpy(np.float64),
    )


def residents_unknown(district: District) -> bool:
    """Return whether nothing is known of residents: where nobody lives, that is known."""
    stated = any(layer.id == "residents" and layer.rows for layer in district.layers)
    return district.demand.empty and not stated


def with_seniors(demand: pd.DataFrame) -> pd.DataFrame:
    """Return the demand table with the groups 60+ and 65+ added up; NaN where not known."""
    return demand.assign(
        **{
            name: demand[list(columns)].sum(axis=1, skipna=False)
            for name, columns in SENIORS.items()
        }
    )


def ages_known(district: District) -> tuple[float, float]:
    """Return of how many residents inside the ages are known, and how many there are."""
    residents = residents_of(district)
    everyone = residents.people[residents.inside, GROUPS.index("residents")]
    return float(everyone[residents.ages_known[residents.inside]].sum()), float(everyone.sum())


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
        A level of the district: its areas, or what `District.levels` holds beside them.

    Returns
    -------
    pandas.DataFrame
        As `Coverage.table`, with the units of the level as its areas.
    """
    import pandas as pd  # noqa: PLC0415 - slow to load: whoever has tables has loaded it

    labels = residents_of(district, level).labels
    counted = np.ones(len(covered)) if among is None else among.astype(np.float64)
    total = totals(district, counted, level, among)
    within = totals(district, counted * covered, level, among)
    return pd.DataFrame(
        {
            **labels,
            "residents": total,
            "covered": within,
            "uncovered": total - within,
            "rate": mean(within, total),
        }
    )


def figure_in(table: pd.DataFrame, group: str = "residents", area: str = WHOLE) -> pd.Series:
    """Return the one row of a table by area and age group, such as `roll_up` returns."""
    row: pd.Series = table[table["area"].eq(area) & table["group"].eq(group)].iloc[0]
    return row


def totals(
    district: District, value: Floats, level: str = "area", among: Bools | None = None
) -> Floats:
    """Return residents times a value, shape (k,), added up in the order of `Residents.labels`.

    Only demand points inside the district count, and only their values need be finite.
    The sum of an age group is of the residents whose ages are known; NaN where, `among`
    the points that count (all where None), nobody's are.
    """
    residents = residents_of(district, level)
    counted = np.where(residents.inside, value, 0.0)  # what is beyond may be infinite
    areas = (residents.member * counted) @ residents.people
    sums: Floats = np.concatenate([areas, areas.sum(axis=0, keepdims=True)])
    units = np.vstack([residents.member, residents.inside])
    sums[residents.unknown(units if among is None else units * among)] = np.nan
    return sums.ravel()


def mean(total: Floats, residents: Floats) -> Floats:
    """Return totals over residents; NaN where nobody lives or nothing is known of them."""
    share = np.full(len(residents), np.nan)
    np.divide(total, residents, out=share, where=residents > 0)
    return share
