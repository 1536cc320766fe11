"""What share of residents reach a kind of facility in time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circle.demand import GROUPS, demand_points, with_seniors
from circle.facilities import of_kind, on_street, register_of
from circle.model import Completeness, Coverage
from circle.reach.travel import check_minutes, nearest

if TYPE_CHECKING:
    from circle.model import Bools, District, Floats, Impedance, Ints

WHOLE = ""
"""The area that stands for the whole district."""


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
    demand = with_seniors(district.demand)
    inside = demand["inside"].to_numpy(np.bool_)
    own, reached = demand[inside], covered[inside]
    order = [area.id for area in district.areas]
    total = own.groupby("area")[list(GROUPS)].sum()
    within = own[reached].groupby("area")[list(GROUPS)].sum()
    areas = order + [a for a in total.index if a not in order]
    total = total.reindex(areas, fill_value=0.0)
    within = within.reindex(areas, fill_value=0.0)
    table = pd.concat([_long(total, within), _long(_whole(total), _whole(within))])
    return table.reset_index(drop=True)


def figure(found: Coverage, group: str = "residents", area: str = WHOLE) -> pd.Series:
    """Return one row of a coverage table: residents, covered, uncovered, rate."""
    table = found.table
    row: pd.Series = table[table["area"].eq(area) & table["group"].eq(group)].iloc[0]
    return row


def _nearest(
    district: District, impedance: Impedance, places: pd.DataFrame
) -> tuple[Floats, Ints]:
    points = demand_points(district)
    if len(places) == 0:
        return np.full(len(points.segment), np.inf), np.full(len(points.segment), -1, np.int32)
    seconds, which = nearest(impedance, on_street(impedance, places), points)
    rows = district.facilities.index.get_indexer(places.index)
    return seconds, np.where(which >= 0, rows[which], -1).astype(np.int32)


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
