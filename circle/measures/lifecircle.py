"""What lies within a walk of one place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circle.demand import demand_points, residents_of, with_seniors
from circle.errors import InputError
from circle.geo.crs import to_metric
from circle.model import GROUPS, LifeCircle
from circle.network.snap import MAX_OFF_STREET_M, snap_one
from circle.places.facilities import on_street
from circle.places.heritage import buildings
from circle.reach.isochrone import CELL_M, FILL_HOLES_M2, isochrones
from circle.reach.travel import check_minutes, path, reach_from, times_at

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circle.model import District, Impedance, Path, Reach, Snapped

_WITHIN = ["residents", "residents_60_plus", "residents_65_plus"]
_LON_MOST, _LAT_MOST = 180.0, 90.0


def origin_at(
    district: District,
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
    return path(impedance, origin, on_street(impedance, pd.DataFrame([place])))


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
    demand = with_seniors(district.demand)
    seconds = times_at(reach, demand_points(district))
    inside = demand["inside"].to_numpy(np.bool_)
    counts = []
    for limit in limits:
        within = seconds <= limit * 60
        row = demand.loc[within & inside, _WITHIN].sum()
        unknown = residents_of(district).unknown((within & inside)[None])[0]
        row[[group for group in _WITHIN if unknown[GROUPS.index(group)]]] = np.nan
        row["residents_beyond"] = demand.loc[within & ~inside, "residents"].sum()
        counts.append(row if len(demand) else row * np.nan)
    return pd.DataFrame(counts, index=pd.Index(limits, name="minutes"))


def _by_time(places: pd.DataFrame, reach: Reach) -> pd.DataFrame:
    seconds = times_at(reach, on_street(reach.impedance, places))
    return places.assign(seconds=seconds).sort_values("seconds", kind="stable")
