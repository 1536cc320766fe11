"""Where a facility could open: rooms of a register, or every piece of frontage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely
from scipy.spatial import KDTree

from circle.errors import InputError
from circle.geo.crs import to_lonlat, to_metric
from circle.geo.shapes import points as points_at
from circle.i18n import t
from circle.load.population import class_weight
from circle.measures.heritage import BESIDE_M
from circle.network.graph import segment_lines, street_label, street_names
from circle.places.facilities import on_street, positions

if TYPE_CHECKING:
    from circle.model import Bools, District, Floats, Impedance, Strings

SPACING_M = 100.0
MOST = 3000
"""More candidates than these are refused: the table of walks would not fit."""
_DECIMALS = 7
STATED = ("owner", "available", "floor", "capacity")
"""What a register states of a room in words."""
_TEXTS = ("id", "name", "address", *STATED)
_NUMBERS = ("floor_area_m2", "cost", "protected", "storeys")


@dataclass(frozen=True, eq=False)
class Candidates:
    """Places where a facility could open.

    Attributes
    ----------
    table
        Columns id, name, address, lon, lat, x, y, floor_area_m2, cost (NaN where not
        known), capacity (text), protected (bool); of rooms owner, available, floor (texts),
        storeys (NaN where not known).
    new_frontage
        Whether these are pieces of frontage, not rooms that are there.
    """

    table: pd.DataFrame
    new_frontage: bool


def rooms(district: District, table: pd.DataFrame) -> Candidates:
    """Return rooms of a register as candidates.

    Parameters
    ----------
    district
        The district.
    table
        As `District.candidate_rooms`, or typed alike; columns x and y are worked out.

    Raises
    ------
    InputError
        When there are none, or more than `MOST`.
    """
    kept = pd.DataFrame(index=range(len(table)))
    for name in (*_TEXTS, *_NUMBERS, "lon", "lat"):
        empty = "" if name in _TEXTS else np.nan
        kept[name] = table[name].to_numpy() if name in table else empty
    kept["protected"] = kept["protected"].eq(1)
    return _checked(_placed(district, kept), new_frontage=False)


def frontage(district: District, spacing_m: float = SPACING_M) -> Candidates:
    """Return the middles of pieces of street, each `spacing_m` metres long or less.

    Of those nearer to each other than half of that only the first stays.

    Streets within the boundary where homes may stand (`circle.load.population`): no stairs,
    motorways and their links. A piece beside a protected building is marked; its position is
    good to some 50 m only, so this is a warning rather than a survey.

    Raises
    ------
    InputError
        When the spacing is not above 0 and at most 1,000 m, or there are none or too many.
    """
    if not 0 < spacing_m <= 1000:  # noqa: PLR2004 - the range of the sentence
        raise InputError("site_spacing", spacing=spacing_m)
    network, lines = district.network, segment_lines(district.network)
    rows = [
        (segment, piece, lines[segment].interpolate((piece + 0.5) / pieces, normalized=True))
        for segment in np.flatnonzero(_used(district)).tolist()
        for pieces in [int(np.ceil(network.segment_length_m[segment] / spacing_m))]
        for piece in range(pieces)
    ]
    xy = shapely.get_coordinates([row[2] for row in rows])
    lonlat = np.round(to_lonlat(xy, district.crs), _DECIMALS).reshape(-1, 2)
    names = [street_label(network.segment_name[row[0]]) for row in rows]
    names = _near_named(district, xy, names)
    table = pd.DataFrame(
        {
            "id": [f"frontage-{segment}-{piece}" for segment, piece, _ in rows],
            "name": names,
            "address": names,
            "lon": lonlat[:, 0],
            "lat": lonlat[:, 1],
            "floor_area_m2": np.nan,
            "cost": np.nan,
            "capacity": "",
        }
    )
    placed = _placed(district, table)
    inside = shapely.covers(district.boundary, points_at(positions(placed)))
    placed = placed[inside].reset_index(drop=True)
    placed = placed[_apart(positions(placed), spacing_m / 2)].reset_index(drop=True)
    return _checked(placed.assign(protected=_beside(district, placed)), new_frontage=True)


def streets_of(district: District, walk: Impedance, table: pd.DataFrame) -> Strings:
    """Return the name of the street that each candidate stands on, as it is written."""
    segment = on_street(walk, table).segment
    names = district.network.segment_name[np.maximum(segment, 0)]
    return np.where(segment >= 0, names, "")


def on_never_widened(district: District, streets: Strings) -> Bools:
    """Return which streets, as they are written, are never to be widened."""
    roads = {name for name in district.never_widened["name"] if name}
    return np.array([not roads.isdisjoint(street_names(name)) for name in streets], np.bool_)


def _apart(xy: Floats, least_m: float) -> Bools:
    """Return which places stay when each drops those after it that are nearer than this."""
    stays = np.ones(len(xy), np.bool_)
    near: dict[int, list[int]] = {}
    for first, second in KDTree(xy).query_pairs(least_m * (1 - 1e-9)) if len(xy) else ():
        near.setdefault(first, []).append(second)
    for place in range(len(xy)):
        if stays[place]:
            stays[near.get(place, [])] = False
    return stays


def _near_named(district: District, xy: Floats, names: list[str]) -> list[str]:
    """Return the names of streets; where one has none, near which named one it is."""
    written = district.network.segment_name
    named = np.flatnonzero([bool(street_label(name)) for name in written])
    if not len(named):
        return [name or t("unit.unnamed") for name in names]
    nearest = shapely.STRtree(segment_lines(district.network)[named]).nearest(points_at(xy))
    return [
        name or t("unit.near", street=street_label(written[named[row]]))
        for name, row in zip(names, nearest, strict=True)
    ]


def _placed(district: District, table: pd.DataFrame) -> pd.DataFrame:
    lon, lat = table["lon"].to_numpy(np.float64), table["lat"].to_numpy(np.float64)
    xy = to_metric(lon, lat, district.crs).reshape(-1, 2)
    return table.assign(x=xy[:, 0], y=xy[:, 1])


def _checked(table: pd.DataFrame, *, new_frontage: bool) -> Candidates:
    if table.empty:
        raise InputError("site_no_candidates")
    if len(table) > MOST:
        raise InputError("site_candidates", count=len(table), most=MOST)
    return Candidates(table, new_frontage)


def _used(district: District) -> Bools:
    """Return which segments have frontage and touch the boundary's ground, shape (m,)."""
    has_frontage = class_weight(district.network.segment_class) > 0
    here = shapely.intersects(segment_lines(district.network), district.boundary)
    used: Bools = has_frontage & here
    return used


def _beside(district: District, table: pd.DataFrame) -> Bools:
    """Return which places stand beside a protected building."""
    near = np.zeros(len(table), np.bool_)
    tree = shapely.STRtree(points_at(positions(district.heritage)))
    near[tree.query(points_at(positions(table)), "dwithin", BESIDE_M)[0]] = True
    return near
