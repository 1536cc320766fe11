"""Compile the searches once, into numba's cache: ``python -m circle.reach.compile``.

Numba compiles a function for the types it is called with. So each way into the
kernels is taken once here, on a street of two segments laid out as any other
network; the processes that come later load what was compiled. Where the package's
own folder is read-only, numba keeps its cache in the user's.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from circle.model import Profile, Snapped, Text
from circle.network.graph import build_network
from circle.network.snap import snap
from circle.network.speeds import impedance
from circle.reach import compiled, kernels, raster, travel
from circle.reach.isochrone import isochrones

if TYPE_CHECKING:
    from pathlib import Path

    from circle.model import WalkNetwork

_ENDS_M = np.array([[10.0, 1.0], [190.0, 1.0]])


def main() -> None:
    """Compile anew all that the searches call, and print the cache's folder."""
    folder = cache_folder()
    for module in (kernels, raster):
        for file in folder.glob(f"{module.__name__.rpartition('.')[2]}.*.nb?"):
            file.unlink(missing_ok=True)  # a constant of another file may have changed
    run()
    sys.stdout.write(f"{folder}\n")


def cache_folder() -> Path:
    """Return the folder that numba keeps the compiled searches in."""
    return compiled.cache_folder()


def run() -> None:
    """Take each way into the kernels once, with each of the types that come in use."""
    walk = impedance(_street(), Profile("walker", Text("行人", "walker"), 1.0))
    ends = snap(walk, _ENDS_M)
    origin, target = snap(walk, _ENDS_M[:1]), snap(walk, _ENDS_M[1:])
    reach = travel.reach_from(walk, origin, 300.0)
    for points in (ends, _of_a_table(ends), _of_a_table(ends, "off_m")):
        travel.times_at(reach, points)
        travel.nearest(walk, ends, points)
        travel.many_to_many(walk, points, ends, threads=1)
    travel.path(walk, origin, target)
    for length_m in (walk.network.segment_length_m, walk.network.segment_length_m.copy()):
        streets = replace(walk.network, segment_length_m=length_m)  # of a table, and of arrays
        isochrones(replace(reach, impedance=replace(walk, network=streets)), (1.0, 5.0))


def _street() -> WalkNetwork:
    junctions = pd.DataFrame({"id": [1, 2, 3], "x": [0.0, 100.0, 200.0], "y": 0.0, "signal": False})
    segments = pd.DataFrame({"from_id": [1, 2], "to_id": [2, 3], "length_m": 100.0, "steps": -1})
    words = dict.fromkeys(("class", "name", "shape_kind"), "")
    lines = shapely.linestrings([[[0.0, 0.0], [100.0, 0.0]], [[100.0, 0.0], [200.0, 0.0]]])
    return build_network(junctions, segments.assign(**words), lines, "EPSG:4549")


def _of_a_table(points: Snapped, *more: str) -> Snapped:
    """Return the points as the columns of a table give them: not to be written to."""
    columns = {name: getattr(points, name).copy() for name in ("segment", "fraction", *more)}
    for column in columns.values():
        column.flags.writeable = False
    return replace(points, **columns)


if __name__ == "__main__":
    main()
