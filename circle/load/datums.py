"""Facilities whose coordinates are of another datum than the streets: told by their addresses."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely

from circle.geo.crs import to_metric
from circle.geo.datum import DATUMS, WGS84, to_wgs84
from circle.geo.shapes import points as points_at
from circle.network.graph import segment_lines

if TYPE_CHECKING:
    import pandas as pd

    from circle.model import Floats, WalkNetwork

_FEWEST, _FAR_M, _NEARER = 3, 100.0, 0.5


class Likelier(NamedTuple):
    """A datum that fits better than WGS 84.

    `off_m` and `then_m` are the median distances to the streets of the addresses as
    stated and in that datum, of so many `places`.
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


def likelier(places: pd.DataFrame, network: WalkNetwork) -> Likelier | None:
    """Return the datum that brings places to the streets of their addresses; None for WGS 84.

    Parameters
    ----------
    places
        Columns lon, lat (degrees as stated) and address.
    network
        The streets.
    """
    lines, by_name = segment_lines(network), _streets(network)
    streets = [_street(address, by_name) for address in places["address"]]
    lonlat = places[["lon", "lat"]].to_numpy(np.float64)
    known = np.array([bool(street) for street in streets], np.bool_)
    known &= np.isfinite(lonlat).all(axis=1)
    if known.sum() < _FEWEST:
        return None
    on = [lines[by_name[street]] for street, has in zip(streets, known, strict=True) if has]
    off = {name: _median_off(to_wgs84(lonlat[known], name), on, network.crs) for name in DATUMS}
    best = min(off, key=off.__getitem__)
    if off[WGS84] <= _FAR_M or off[best] > _NEARER * off[WGS84]:
        return None
    return Likelier(best, int(known.sum()), off[WGS84], off[best])


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
