"""Places where the drawn streets may be wrong: for a person to look at, none is mended here."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from circle.geo.crs import to_lonlat
from circle.geo.shapes import points
from circle.network.edits import Outcome
from circle.network.graph import segment_lines, street_names
from circle.quality.findings import Check, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from circle.model import District, Floats, WalkNetwork

TOUCH_M = 8.0
"""A dead end as near as this to a street that it does not meet may be meant to meet it."""
AROUND_M = 100.0
"""Flaws this far beyond the boundary still matter to residents."""
MANY_UNNAMED = 0.5
"""Share of street length inside without a name from which it is a problem."""
FLAWS = ("near_miss", "lane_absent", "edit_unfit")
_COLUMNS = ["flaw", "name", "metres", "x", "y", "lon", "lat"]
_LANE = re.compile(r"^(?P<street>.*?[路街道])(?P<number>\d+)弄")


def street_flaws(district: District) -> pd.DataFrame:
    """Return the places where the streets may be wrong.

    Returns
    -------
    pandas.DataFrame
        Columns flaw (one of `FLAWS`), name (of the street, the lane or the edit), metres
        (of a near miss: how far apart), x, y (metres), lon, lat; of a lane that addresses
        name and no street bears, the place of such an address.
    """
    near = district.boundary.buffer(AROUND_M)
    rows = [*_near_misses(district.network, near), *_absent_lanes(district), *_unfit(district)]
    table = pd.DataFrame(rows, columns=_COLUMNS[:5]).astype(
        {"flaw": object, "name": object, "metres": float, "x": float, "y": float}
    )
    lonlat = to_lonlat(table[["x", "y"]].to_numpy(np.float64), district.crs)
    return table.assign(lon=lonlat[:, 0], lat=lonlat[:, 1])


def flaw_checks(district: District, flaws: pd.DataFrame) -> list[Check]:
    """Return what the flaws come to, and how much of the streets has no name."""
    checks = []
    for flaw in FLAWS[:2]:
        rows = flaws[flaws["flaw"].eq(flaw)]
        if rows.empty:
            checks.append(Check("streets", f"no_{flaw}", Severity.OK, ours=0, unit="places"))
            continue
        values = (("n", len(rows)), ("metres", f"{TOUCH_M:g}"))
        checks.append(Check("streets", flaw, Severity.NOTE, values, len(rows), unit="places"))
    return [*checks, _unnamed(district)]


def edit_checks(district: District) -> list[Check]:
    """Return how the edits of streets fit; none where there are none."""
    edits = district.street_edits
    if edits.empty:
        return []
    unfit = edits[edits["outcome"].ne(Outcome.FITS.value)]
    values = (("n", len(edits)), ("unfit", len(unfit)))
    if unfit.empty:
        return [Check("streets", "edits_fit", Severity.OK, values, len(edits), unit="edits")]
    return [Check("streets", "edits_unfit", Severity.PROBLEM, values, len(unfit), unit="edits")]


Row = tuple[str, str, float, float, float]


def _near_misses(network: WalkNetwork, ground: shapely.Geometry) -> Iterator[Row]:
    degree = np.diff(network.adjacency_start)
    ends = np.flatnonzero(degree == 1)
    xy: Floats = network.node_xy[ends]
    inside = shapely.contains(ground, points(xy)) if len(xy) else np.zeros(0, np.bool_)
    ends = ends[inside]
    lines = segment_lines(network)
    tree = shapely.STRtree(lines)
    for node in ends.tolist():
        own = int(network.adjacency_segment[network.adjacency_start[node]])
        (place,) = points(network.node_xy[node : node + 1])
        beside = {own, *_touching(network, own)}
        others = [int(row) for row in tree.query(place.buffer(TOUCH_M)) if row not in beside]
        gaps = [(float(shapely.distance(place, lines[row])), row) for row in others]
        if gaps and min(gaps)[0] <= TOUCH_M:
            metres, row = min(gaps)
            name = str(network.segment_name[row] or network.segment_name[own] or "")
            yield "near_miss", name, metres, place.x, place.y


def _touching(network: WalkNetwork, segment: int) -> set[int]:
    """Return the segments that share a junction with one."""
    start = network.adjacency_start
    return {
        int(other)
        for node in network.segment_nodes[segment]
        for other in network.adjacency_segment[start[node] : start[node + 1]]
    }


def _absent_lanes(district: District) -> Iterator[Row]:
    known = {
        _plain(name)
        for written in set(district.network.segment_name)
        for name in street_names(written)
    }
    seen: set[str] = set()
    tables = (district.facilities, district.heritage, district.places)
    for table in (table for table in tables if table is not None and "address" in table):
        for address, x, y in zip(table["address"], table["x"], table["y"], strict=True):
            written = _LANE.match(_plain(str(address or "")))
            if written is None or written[0] in known | seen:
                continue
            seen.add(written[0])
            if district.boundary.covers(shapely.Point(x, y)):
                yield "lane_absent", written[0], np.nan, float(x), float(y)


def _unfit(district: District) -> Iterator[Row]:
    edits = district.street_edits
    for row in edits[edits["outcome"].ne(Outcome.FITS.value)].to_dict("records"):
        yield "edit_unfit", str(row["id"]), np.nan, float(row["x"]), float(row["y"])


def _plain(text: str) -> str:
    return re.sub(r"\s", "", text)


def _unnamed(district: District) -> Check:
    network = district.network
    lines = segment_lines(network)
    metres = shapely.length(shapely.intersection(lines, district.boundary))
    nameless = np.array([not street_names(name) for name in network.segment_name], np.bool_)
    whole = float(metres.sum())
    share = float(metres[nameless].sum()) / whole if whole > 0 else 0.0
    values = (("share", f"{share * 100:.1f}"), ("metres", f"{metres[nameless].sum():,.0f}"))
    severity = Severity.PROBLEM if share >= MANY_UNNAMED else Severity.NOTE
    key = "unnamed" if share > 0 else "all_named"
    found = severity if share > 0 else Severity.OK
    return Check("streets", key, found, values, round(share * 100, 1), unit="percent")
