"""Facilities whose coordinates are of another datum than the streets: told by their addresses."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely

from circle.geo.crs import to_metric
from circle.geo.datum import SHIFTED, WGS84, from_wgs84, to_wgs84
from circle.geo.shapes import points as points_at
from circle.network.graph import segment_lines

if TYPE_CHECKING:
    import pandas as pd

    from circle.model import Floats, WalkNetwork

_FEWEST, _FAR_M, _NEARER = 3, 100.0, 0.5
APART = (WGS84, *SHIFTED)
"""Datums that places can tell apart."""


class Likelier(NamedTuple):
    """A datum that fits better than the one declared.

    `off_m` and `then_m` are the median distances to the streets of the addresses as
    declared and in that datum, of so many `places`.
    """

    datum: str
    places: int
    off_m: float
    then_m: float


def moved(table: pd.DataFrame, datum: str) -> pd.DataFrame:
    """Return a table of text with its longitudes and latitudes in WGS 84.

    What is no number stays, for the check to name it.
    """
    if datum == WGS84:
        return table
    lonlat = np.column_stack(
        [_numbers(table["lon"]), _numbers(table["lat"])],
    )
    known = np.isfinite(lonlat).all(axis=1)
    true = to_wgs84(lonlat[known], datum)
    table = table.copy()
    for column, degrees in zip(("lon", "lat"), true.T, strict=True):
        table.loc[known, column] = [f"{value:.7f}" for value in degrees]
    return table


def likelier(places: pd.DataFrame, network: WalkNetwork, declared: str = WGS84) -> Likelier | None:
    """Return the datum that brings places to the streets of their addresses.

    None where that is the one declared, or too few addresses name a street.

    Parameters
    ----------
    places
        Columns lon, lat (degrees as stated) and address.
    network
        The streets.
    declared
        One of `APART`.
    """
    lines, by_name = segment_lines(network), _streets(network)
    streets = [_street(address, by_name) for address in places["address"]]
    lonlat = places[["lon", "lat"]].to_numpy(np.float64)
    known = np.array([bool(street) for street in streets], np.bool_)
    known &= np.isfinite(lonlat).all(axis=1)
    if known.sum() < _FEWEST:
        return None
    on = [lines[by_name[street]] for street, has in zip(streets, known, strict=True) if has]
    off = {name: _median_off(to_wgs84(lonlat[known], name), on, network.crs) for name in APART}
    best = min(off, key=off.__getitem__)
    if off[declared] <= _FAR_M or off[best] > _NEARER * off[declared]:
        return None
    return Likelier(best, int(known.sum()), off[declared], off[best])


def vectors(lon: float, lat: float, crs: str) -> dict[str, Floats]:
    """Return by how many metres east and north each datum of `SHIFTED` is off at a place."""
    there = np.array([[lon, lat]])
    return {name: _metres(from_wgs84(there, name), there, crs)[0] for name in SHIFTED}


def residuals(stated: Floats, true: Floats, crs: str) -> dict[str, Floats]:
    """Return how many metres places are off where they are known to be, by each of `APART`.

    Parameters
    ----------
    stated
        Shape (k, 2): degrees of a datum that is to be told.
    true
        Shape (k, 2): degrees of WGS 84.

    Returns
    -------
    dict of ndarray
        Shape (k, 2) each: metres east and north.
    """
    return {name: _metres(to_wgs84(stated, name), true, crs) for name in APART}


def _metres(lonlat: Floats, true: Floats, crs: str) -> Floats:
    away: Floats = to_metric(lonlat[:, 0], lonlat[:, 1], crs) - to_metric(
        true[:, 0], true[:, 1], crs
    )
    return away


def _median_off(lonlat: Floats, on: list[np.ndarray], crs: str) -> float:
    points = points_at(to_metric(lonlat[:, 0], lonlat[:, 1], crs))
    return float(
        np.median(
            [
                shapely.distance(street, point).min()
                for street, point in zip(on, points, strict=True)
            ]
        )
    )


def _streets(network: WalkNetwork) -> dict[str, np.ndarray]:
    rows: dict[str, list[int]] = {}
    for row, names in enumerate(network.segment_name):
        for name in str(names or "").split(";"):
            if name:
                rows.setdefault(_plain(name), []).append(row)
    return {name: np.array(of_street) for name, of_street in rows.items()}


def _street(address: object, by_name: dict[str, np.ndarray]) -> str:
    """Return the longest known street that an address names first; "" for none."""
    text = _plain(str(address))
    return max((name for name in by_name if text.startswith(name)), key=len, default="")


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).replace(" ", "").casefold()


def _numbers(column: pd.Series[str]) -> Floats:
    def number(text: str) -> float:
        try:
            return float(text)
        except ValueError:
            return np.nan

    return column.map(number).to_numpy(np.float64)
