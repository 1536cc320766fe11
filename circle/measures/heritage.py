"""Protected heritage and the streets around it: what is near, and who lives there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from circle.demand import along_named, mean, roll_up
from circle.geo.shapes import points as points_at
from circle.places.facilities import nearest_rows, of_kind, on_street, positions

if TYPE_CHECKING:
    from circle.model import Bools, Coverage, District, Impedance

BESIDE_M = 30.0
"""Residents this near to protected heritage live beside it."""


def services_near(
    district: District, impedance: Impedance, *, unverified: bool = False
) -> pd.DataFrame:
    """Return the minutes from each heritage place to the nearest of every service.

    Parameters
    ----------
    district
        The district; facilities and streets beyond its boundary count.
    impedance
        Its streets as the profile walks them.
    unverified
        Whether facilities with a guessed position count.

    Returns
    -------
    pandas.DataFrame
        Indexed as the heritage table, one column of minutes a service: infinite
        where there is no way, NaN for a service without a facility to count.
    """
    places = on_street(impedance, district.heritage)
    minutes = {}
    for kind in (k.id for k in district.kinds.values() if k.service):
        facilities = of_kind(district, kind, unverified=unverified)
        seconds, _ = nearest_rows(district, impedance, facilities, places)
        minutes[kind] = seconds / 60 if len(facilities) else np.full(len(seconds), np.nan)
    return pd.DataFrame(minutes, index=district.heritage.index, dtype=np.float64)


def beside(district: District, within_m: float = BESIDE_M) -> Bools:
    """Return which demand points lie within a straight `within_m` of protected heritage.

    Parameters
    ----------
    district
        The district; heritage beyond its boundary counts.
    within_m
        Metres.

    Returns
    -------
    ndarray
        Shape (k,). Heritage positions are good to some 50 m only, so a single
        point may be wrong; shares over many are what this is for.
    """
    tree = shapely.STRtree(points_at(positions(district.heritage)))
    near = np.zeros(len(district.demand), np.bool_)
    near[tree.query(points_at(positions(district.demand)), "dwithin", within_m)[0]] = True
    return near


def along_never_widened(district: District) -> Bools:
    """Return which demand points stand on a road that is never to be widened.

    Returns
    -------
    ndarray
        Shape (k,). Lanes off such a road, with numbers of their own, are not
        part of it.
    """
    return along_named(district, district.never_widened["name"])


def compared(district: District, coverage: Coverage, part: Bools) -> pd.DataFrame:
    """Set the coverage of some residents against that of the others.

    Parameters
    ----------
    district
        The district.
    coverage
        Coverage of one kind.
    part
        Shape (k,): the demand points in question (`beside`,
        `along_never_widened`).

    Returns
    -------
    pandas.DataFrame
        As `Coverage.table`, twice: column part is true for those in question;
        share is the part's share of the residents of the area and group (NaN
        where nobody lives). Both parts add up to the coverage's own table.
    """
    tables = []
    all_residents = coverage.table["residents"].to_numpy(np.float64)
    for in_part in (True, False):
        table = roll_up(district, coverage.within, among=part if in_part else ~part)
        residents = table["residents"].to_numpy(np.float64)
        tables.append(table.assign(part=in_part, share=mean(residents, all_residents)))
    return pd.concat(tables, ignore_index=True)
