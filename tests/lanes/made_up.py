"""A made-up town on both sides of a stream: six columns by four rows of junctions.

Rows are 100 m apart, columns 100 m, and 40 m across the stream between columns 2 and 3.
Streets run along all columns and rows; the stream is crossed by the top row, and by the
bottom row where there is a bridge. The one market stands at the western end of the bottom row.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd
import shapely

from tests import small
from tests.oracle import network_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circle.model import District

EAST = (0.0, 100.0, 200.0, 240.0, 340.0, 440.0)
NORTH = (0.0, 100.0, 200.0, 300.0)
_WIDE = 100.0
BRIDGE = ((200.0, 0.0), (240.0, 0.0))


def town(*, bridge: bool) -> District:
    """Return the town, ten residents at the middle of each block of its two southern rows."""
    spots = [(small.WEST + x, small.SOUTH + y) for y in NORTH for x in EAST]
    number = {spot: i for i, spot in enumerate(spots)}
    segments = []
    for row, y in enumerate(NORTH):
        for column in range(len(EAST) - 1):
            over = column == 2
            if not over or row == 3 or (row == 0 and bridge):
                segments.append(_segment(number, (EAST[column], y), (EAST[column + 1], y)))
    first = len(segments)
    segments += [
        _segment(number, (x, NORTH[row]), (x, NORTH[row + 1])) for x in EAST for row in range(3)
    ]
    homes = [
        (i, ((spots[a][0] + spots[b][0]) / 2, spots[a][1]))
        for i, (a, b, length) in enumerate(segments[:first])
        if spots[a][1] <= small.SOUTH + NORTH[1] and length == _WIDE
    ]
    demand = pd.DataFrame([home for _, home in homes], columns=["x", "y"]).assign(
        cell=range(len(homes)), inside=True, area="west", off_m=0.0, fraction=0.5
    )
    demand["segment"] = [row for row, _ in homes]
    counts = {"residents": 10.0, "age_0_14": 1.0, "age_15_59": 6.0}
    demand = small.with_places(demand.assign(**counts, age_60_64=2.0, age_65_plus=1.0))
    base = small.district()
    market = base.facilities[base.facilities["id"].eq("m1")]
    return replace(
        base,
        base_id=("1" if bridge else "2") * 64,
        boundary=shapely.box(*_corner(-20, -20), *_corner(460, 320)),
        network=network_of(spots, segments),
        facilities=market.reset_index(drop=True),
        demand=demand,
    )


def gates(district: District, places: Sequence[tuple[float, float]], **columns: str) -> District:
    """Return a district with a register of gates at places in metres."""
    table = pd.DataFrame([_corner(*place) for place in places], columns=["x", "y"])
    names = [f"g{i}" for i in range(len(table))]
    texts = {"address": "", "state": "", "hours": "", "source": ""} | columns
    table = small.with_places(table.assign(id=names, name=names, **texts))
    return replace(district, gates=table)


def _corner(x: float, y: float) -> tuple[float, float]:
    return small.WEST + x, small.SOUTH + y


def _segment(
    number: dict[tuple[float, float], int], begin: tuple[float, float], end: tuple[float, float]
) -> tuple[int, int, float]:
    length = abs(end[0] - begin[0]) + abs(end[1] - begin[1])
    return number[_corner(*begin)], number[_corner(*end)], length
