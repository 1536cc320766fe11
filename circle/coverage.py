"""What share of residents reach a kind of facility in time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from circle.demand import WHOLE, by_area, demand_points
from circle.facilities import of_kind, on_street, register_of
from circle.model import Completeness, Coverage
from circle.reach.travel import check_minutes, nearest

if TYPE_CHECKING:
    import pandas as pd

    from circle.model import Bools, District, Floats, Impedance, Ints

__all__ = ["WHOLE", "coverage", "figure", "roll_up"]


def coverage(
    district: District, impedance: Impedance, kind: str, minutes: float, *, unverified: bool = False
) -> Coverage:
    """Return how many residents reach a facility of `kind` within `minutes`.

    Parameters
    ----------
    district
        The district. Its residents count; facilities and streets beyond its
        boundary serve them all the same.
    impedance
        Its streets as the profile walks them.
    kind
        A kind of facility.
    minutes
        The limit, above 0 and at most 120.
    unverified
        Whether facilities with a guessed position count.

    Raises
    ------
    InputError
        When the limit is out of range.
    UnknownNameError
        When the district has no such kind.
    """
    (limit,) = check_minutes([minutes])
    places = of_kind(district, kind, unverified=unverified)
    seconds, which = _nearest(district, impedance, places)
    register = register_of(district, kind)
    left_out = len(of_kind(district, kind, unverified=True)) - len(places)
    return Coverage(
        kind=kind,
        profile=impedance.profile.id,
        minutes=limit,
        unverified=unverified,
        register=register,
        seconds=seconds,
        which=which,
        table=roll_up(district, seconds <= limit * 60),
        facilities_counted=len(places),
        unverified_counted=int((~places["verified"]).sum()),
        unverified_left_out=left_out,
        at_least=register.completeness is not Completeness.COMPLETE or left_out > 0,
    )


def roll_up(district: District, covered: Bools) -> pd.DataFrame:
    """Add demand points up to areas and to the whole, by age group.

    Parameters
    ----------
    district
        The district; only demand points inside it count.
    covered
        Shape (k,): which rows of its demand are within reach.

    Returns
    -------
    pandas.DataFrame
        As `Coverage.table`; the whole is the sum of the areas.
    """
    residents = by_area(district, np.ones(len(covered)))
    within = by_area(district, covered.astype(np.float64))["total"]
    total = residents["total"]
    return residents.rename(columns={"total": "residents"}).assign(
        covered=within, uncovered=total - within, rate=(within / total).where(total > 0)
    )


def figure(found: Coverage, group: str = "residents", area: str = WHOLE) -> pd.Series:
    """Return one row of a coverage table: residents, covered, uncovered, rate."""
    table = found.table
    row: pd.Series = table[table["area"].eq(area) & table["group"].eq(group)].iloc[0]
    return row


def _nearest(district: District, impedance: Impedance, places: pd.DataFrame) -> tuple[Floats, Ints]:
    points = demand_points(district)
    if len(places) == 0:
        return np.full(len(points.segment), np.inf), np.full(len(points.segment), -1, np.int32)
    seconds, which = nearest(impedance, on_street(impedance, places), points)
    rows = district.facilities.index.get_indexer(places.index)
    return seconds, np.where(which >= 0, rows[which], -1).astype(np.int32)
