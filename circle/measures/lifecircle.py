"""What lies within a walk of one place."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from circle.demand import demand_points, residents_of, with_seniors
from circle.errors import InputError
from circle.geo.crs import to_metric
from circle.model import AGE_GROUPS, GROUPS, SENIORS, LifeCircle, Snapped
from circle.network.snap import MAX_OFF_STREET_M, snap, snap_one
from circle.places.facilities import on_street
from circle.places.heritage import buildings, buildings_listed
from circle.reach.isochrone import CELL_M, FILL_HOLES_M2, isochrones
from circle.reach.travel import check_minutes, path, reach_from, times_at

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from circle.model import (
        Bools,
        District,
        Floats,
        Impedance,
        Isochrone,
        Path,
        PlainDistrict,
        Reach,
    )
    from circle.model.plain import Columns

_WITHIN = ["residents", "residents_60_plus", "residents_65_plus"]
_LON_MOST, _LAT_MOST = 180.0, 90.0


@dataclass(frozen=True, eq=False)
class WithinLimit:
    """What a place has within one limit, counted.

    Attributes
    ----------
    residents
        As a row of `LifeCircle.residents`.
    facilities, facilities_unverified
        How many of each kind at a verified position, and at a guessed one.
    heritage
        Historic buildings.
    """

    isochrone: Isochrone
    residents: dict[str, float]
    facilities: dict[str, int]
    facilities_unverified: dict[str, int]
    heritage: int


def origin_at(
    district: District | PlainDistrict,
    impedance: Impedance,
    lon: float,
    lat: float,
    max_off_m: float = MAX_OFF_STREET_M,
) -> Snapped:
    """Return the place at these degrees, on its street.

    Raises
    ------
    InputError
        When the numbers are no degrees, or are latitude and longitude swapped.
    NetworkError
        When no street is near.
    """
    if not (np.isfinite(lon) and np.isfinite(lat)):
        raise InputError("point", lon=lon, lat=lat)
    if abs(lat) > _LAT_MOST or abs(lon) > _LON_MOST:
        swapped = abs(lon) <= _LAT_MOST and abs(lat) <= _LON_MOST
        raise InputError("point_swapped" if swapped else "point", lon=lon, lat=lat)
    xy = to_metric(np.array([lon]), np.array([lat]), district.crs)[0]
    return snap_one(impedance, xy, max_off_m)


def life_circle(
    district: District,
    impedance: Impedance,
    origin: Snapped,
    minutes: Sequence[float],
    *,
    cell_m: float = CELL_M,
    fill_holes_m2: float = FILL_HOLES_M2,
) -> LifeCircle:
    """Return what the place `origin` has within each limit.

    Counts rest on the residents' own places on the street and on the
    facilities' positions, never on the polygons.

    Parameters
    ----------
    district
        The district.
    impedance
        Its streets as the profile walks them.
    origin
        The place (`origin_at`).
    minutes
        The limits, each above 0 and at most 120.
    cell_m, fill_holes_m2
        For the polygons; see `circle.reach.isochrone.isochrones`.

    Raises
    ------
    InputError
        When a limit is out of range.
    """
    limits = check_minutes(minutes)
    everywhere = reach_from(impedance, origin, np.inf)
    near = reach_from(impedance, origin, limits[-1] * 60)
    facilities = _by_time(district.facilities, everywhere)
    return LifeCircle(
        origin=origin,
        isochrones=isochrones(near, limits, cell_m=cell_m, fill_holes_m2=fill_holes_m2),
        residents=_residents(district, near, limits),
        facilities=facilities,
        nearest=_nearest(district, facilities),
        heritage=_by_time(district.heritage, everywhere),
    )


def within_limits(
    district: PlainDistrict, impedance: Impedance, origin: Snapped, minutes: Sequence[float]
) -> tuple[WithinLimit, ...]:
    """Return what `life_circle` has within each limit, counted, without tables.

    Parameters
    ----------
    district
        With the tables of facilities, heritage and demand.
    impedance, origin, minutes
        As of `life_circle`.

    Raises
    ------
    InputError
        When a limit is out of range.
    """
    limits = check_minutes(minutes)
    everywhere = reach_from(impedance, origin, np.inf)
    near = reach_from(impedance, origin, limits[-1] * 60)
    facilities, heritage, demand = (
        district.tables[f"{name}.csv"] for name in ("facilities", "heritage", "demand")
    )
    seconds = times_at(near, _demand_points(demand))
    to_facilities, to_heritage = (
        times_at(everywhere, snap(impedance, np.column_stack([places["x"], places["y"]])))
        for places in (facilities, heritage)
    )
    verified = np.asarray(facilities["verified"], np.bool_)
    order = np.argsort(to_facilities, kind="stable")
    circles = []
    for isochrone in isochrones(near, limits):
        limit = isochrone.minutes * 60
        sure, guessed = (
            Counter(facilities["kind"][row] for row in order if which[row])
            for which in (verified & (to_facilities <= limit), ~verified & (to_facilities <= limit))
        )
        listed = np.flatnonzero(to_heritage <= limit)
        circles.append(
            WithinLimit(
                isochrone=isochrone,
                residents=_counted(demand, seconds <= limit),
                facilities=dict(sure),
                facilities_unverified=dict(guessed),
                heritage=buildings_listed(
                    (heritage["address"][row], heritage["kind"][row]) for row in listed
                ),
            )
        )
    return tuple(circles)


def count_within(places: pd.DataFrame, minutes: float) -> int:
    """Return how many places with ``seconds`` are within a limit."""
    return int((places["seconds"] <= minutes * 60).sum())


def verified_seconds(circle: LifeCircle) -> pd.Series:
    """Return the walk to the nearest of each service at a verified position, seconds by kind."""
    return circle.nearest[circle.nearest["verified"]].set_index("kind")["seconds"]


def second_nearest(circle: LifeCircle) -> pd.DataFrame:
    """Return what is nearest of a kind if the nearest closes, at verified positions alone.

    Returns
    -------
    DataFrame
        Rows of ``circle.facilities`` by kind; a kind with fewer than two has none.
    """
    sure = circle.facilities[circle.facilities["verified"]]
    return sure[sure.groupby("kind").cumcount().eq(1)].set_index("kind", drop=False)


def buildings_within(heritage: pd.DataFrame, minutes: float) -> int:
    """Return how many historic buildings, rows with ``seconds``, are within a limit."""
    return buildings(heritage[heritage["seconds"] <= minutes * 60])


def walk_to(impedance: Impedance, origin: Snapped, place: pd.Series) -> Path | None:
    """Return the walk from the origin to one row of a table of places."""
    return path(impedance, origin, on_street(impedance, place.to_frame().T))


def _nearest(district: District, by_time: pd.DataFrame) -> pd.DataFrame:
    """Return the nearest of every service; a guessed position never stands for its kind."""
    services = [kind.id for kind in district.kinds.values() if kind.service]
    places = by_time[by_time["kind"].isin(services)]
    first = places.drop_duplicates(["kind", "verified"])
    sure = first[first["verified"]].set_index("kind")["seconds"]
    nearer = first["seconds"] < first["kind"].map(sure).fillna(np.inf)
    alone = ~first["kind"].isin(sure.index)
    shown = first[first["verified"] | nearer | alone]
    order = shown["kind"].map(services.index).to_numpy()
    return shown.iloc[np.lexsort((~shown["verified"].to_numpy(np.bool_), order))]


def _residents(district: District, reach: Reach, limits: tuple[float, ...]) -> pd.DataFrame:
    import pandas as pd  # noqa: PLC0415 - slow to load: whoever has tables has loaded it

    seconds = times_at(reach, demand_points(district))
    near = np.flatnonzero(seconds <= max(limits) * 60)
    demand, people = with_seniors(district.demand.iloc[near]), residents_of(district).at(near)
    counts = []
    for limit in limits:
        within = seconds[near] <= limit * 60
        row = demand.loc[within & people.inside, _WITHIN].sum()
        unknown = people.unknown((within & people.inside)[None])[0]
        row[[group for group in _WITHIN if unknown[GROUPS.index(group)]]] = np.nan
        row["residents_beyond"] = demand.loc[within & ~people.inside, "residents"].sum()
        counts.append(row if len(district.demand) else row * np.nan)
    return pd.DataFrame(counts, index=pd.Index(limits, name="minutes"))


def _counted(demand: Columns, within: Bools) -> dict[str, float]:
    """Return a row of `LifeCircle.residents`."""
    inside = np.asarray(demand["inside"], np.bool_)
    residents = np.asarray(demand["residents"], np.float64)
    ages_known = np.all([~np.isnan(demand[name]) for name in AGE_GROUPS], axis=0)
    counted = within & inside
    unknown = residents[counted].sum() > 0 and not residents[counted & ages_known].sum() > 0
    row = {"residents": float(residents[counted].sum())}
    for name, columns in SENIORS.items():
        of_age: Floats = np.sum([demand[column] for column in columns], axis=0)
        row[name] = np.nan if unknown else float(np.nansum(of_age[counted]))
    return row | {"residents_beyond": float(residents[within & ~inside].sum())}


def _demand_points(demand: Columns) -> Snapped:
    return Snapped(
        xy=np.column_stack([demand["x"], demand["y"]]),
        segment=np.asarray(demand["segment"], np.int32),
        fraction=np.asarray(demand["fraction"], np.float64),
        off_m=np.asarray(demand["off_m"], np.float64),
    )


def _by_time(places: pd.DataFrame, reach: Reach) -> pd.DataFrame:
    seconds = times_at(reach, on_street(reach.impedance, places))
    return places.assign(seconds=seconds).sort_values("seconds", kind="stable")
