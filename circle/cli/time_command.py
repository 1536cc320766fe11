"""The command time: the walk from one place to another."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING

import numpy as np

from circle.cli import answers as cli
from circle.cli.walks import walk_of
from circle.errors import CircleError
from circle.geo.crs import to_lonlat
from circle.measures.lifecircle import origin_at
from circle.reach.compiled import as_written
from circle.reach.travel import path

if TYPE_CHECKING:
    import argparse

_SMALL = 20_000
"""Junctions up to which one search is done before compiled code would be loaded."""


def time(options: argparse.Namespace) -> int:
    """Print the quickest walk."""
    places = [cli.point(text) for text in (getattr(options, "from"), options.to)]
    district, walk = walk_of(options)
    begin, finish = (origin_at(district, walk, *place) for place in places)
    with as_written() if len(district.network.node_xy) <= _SMALL else nullcontext():
        way = path(walk, begin, finish)
    if way is None:
        raise CircleError("no_way", profile=walk.profile.name)
    cli.emit(
        {
            "minutes": round(way.seconds / 60, 3),
            "metres": round(way.metres, 1),
            "off_street_m": round(way.off_street_m, 1),
            "profile": walk.profile.id,
            "steps": way.steps,
            "streets": [{"name": n, "metres": round(m, 1)} for n, m in way.streets],
            "path": {
                "type": "LineString",
                "coordinates": np.round(to_lonlat(way.xy, district.crs), 6).tolist(),
            },
        }
    )
    return cli.OK
