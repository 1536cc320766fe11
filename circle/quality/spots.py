"""Every place where the streets, or places on them, deserve a look: for a map and a list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from circle.geo.crs import to_lonlat
from circle.network.graph import segment_lines
from circle.network.pieces import pieces_of_street
from circle.quality.flaws import AROUND_M
from circle.quality.nameless import nameless

if TYPE_CHECKING:
    from collections.abc import Iterator

    from circle.model import District
    from circle.quality.findings import Quality

SPOTS = (
    *("near_miss", "lane_absent", "edit_unfit", "apart", "apart_level"),
    *("chord", "nameless", "far"),
)
"""What a spot is: one of the flaws, a piece apart (of all, of who takes no steps), a street drawn
as a chord or without a name, a place far from every street."""
_COLUMNS = ["spot", "name", "metres", "x", "y"]

Row = tuple[str, str, float, float, float]


def spots(district: District, quality: Quality) -> pd.DataFrame:
    """Return the places to look at.

    Returns
    -------
    pandas.DataFrame
        Columns id, spot (one of `SPOTS`), name (of the street, lane, edit or place; of a
        street without one those that it meets), metres (how far apart, how long, how far
        off; missing where it has none), x, y (metres), lon, lat; of each sort the largest
        first.
    """
    flaws = quality.flaws.rename(columns={"flaw": "spot"})[_COLUMNS]
    rows = [*_apart(district, quality), *_chords(district), *_nameless(district), *_far(quality)]
    others = pd.DataFrame(rows, columns=_COLUMNS)
    table = pd.concat([flaws, others] if rows else [flaws], ignore_index=True)
    table["order"] = table["spot"].map({spot: number for number, spot in enumerate(SPOTS)})
    table = table.sort_values(["order", "metres"], ascending=[True, False], kind="stable")
    number = table.groupby("spot").cumcount() + 1
    table.insert(0, "id", table["spot"] + "-" + number.astype(str))
    lonlat = to_lonlat(table[["x", "y"]].to_numpy(np.float64), district.crs)
    table = table.drop(columns="order").assign(lon=lonlat[:, 0], lat=lonlat[:, 1])
    return table.reset_index(drop=True)


def _apart(district: District, quality: Quality) -> Iterator[Row]:
    """Yield the pieces apart, each at the middle of its longest segment."""
    network = district.network
    lines = segment_lines(network)
    for row in quality.apart.to_dict("records"):
        level = not row["steps_allowed"]
        piece = pieces_of_street(network, steps_allowed=not level)
        segments = np.flatnonzero(piece == row["piece"])
        longest = segments[np.argmax(network.segment_length_m[segments])]
        at = shapely.line_interpolate_point(lines[longest], 0.5, normalized=True)
        spot = "apart_level" if level else "apart"
        yield spot, ", ".join(filter(None, row["streets"])), row["metres"], at.x, at.y


def _chords(district: District) -> Iterator[Row]:
    network = district.network
    lines, length = segment_lines(network), network.segment_length_m
    chord = np.flatnonzero((np.asarray(network.segment_shape_kind) == "chord") & (length > 0))
    near = shapely.intersects(lines[chord], district.boundary.buffer(AROUND_M))
    for segment in chord[near]:
        at = shapely.line_interpolate_point(lines[segment], 0.5, normalized=True)
        name: Any = network.segment_name[segment]
        yield "chord", str(name or ""), float(length[segment]), at.x, at.y


def _nameless(district: District) -> Iterator[Row]:
    for each in nameless(district):
        yield "nameless", "/".join(each.meets), each.metres, *each.middle


def _far(quality: Quality) -> Iterator[Row]:
    for row in quality.far.to_dict("records"):
        yield "far", str(row["name"]), float(row["metres"]), float(row["x"]), float(row["y"])
