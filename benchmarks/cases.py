"""What is measured: a district first, then a city of about a million junctions.

`ours` of each case is where our engine's call goes.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np

from benchmarks import city, peers
from benchmarks.measure import Case
from benchmarks.valhalla_peer import Valhalla

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.city import Streets
    from circle.model import Ints

SEED = 20260410
DISTRICT_SIDE = 70
LIMITS_M = (400.0, 800.0, 1200.0)
"""5, 10 and 15 minutes at 80 m a minute."""
DOORS, FACILITIES, CITY_FACILITIES, KINDS = 1366, 60, 2000, 4
DOORS_WITHIN_M, FACILITIES_WITHIN_M, FARTHEST_M = 900.0, 1700.0, 20_000.0


def district_cases() -> Iterator[Case]:
    """Cases of the size of a district."""
    streets = city.build(DISTRICT_SIDE)
    random = np.random.default_rng(SEED)
    origin = int(_near_centre(streets, 100.0)[0])
    doors = random.choice(_near_centre(streets, DOORS_WITHIN_M), DOORS).astype(np.int32)
    places = random.choice(_near_centre(streets, FACILITIES_WITHIN_M), FACILITIES, replace=False)
    facilities = places.astype(np.int32)
    kinds = np.array_split(facilities, KINDS)
    size = f"district, {len(streets.xy):,} junctions"
    graph, sparse = peers.networkx_graph(streets), peers.scipy_graph(streets)
    small, hierarchy = peers.igraph_graph(streets), peers.pandana_graph(streets)
    limit = LIMITS_M[-1]
    yield Case(
        f"{size}: one origin, {limit:,.0f} m",
        None,
        {
            "scipy": peers.scipy_one(sparse, origin, limit),
            "networkx": peers.networkx_one(graph, origin, limit),
            "networkx ego_graph": peers.networkx_ego(graph, origin, limit),
            "igraph (no limit)": peers.igraph_one(small, origin, limit),
            "pandana": peers.pandana_one(hierarchy, origin, limit),
        },
    )
    yield Case(
        f"{size}: nearest of {KINDS} kinds, every junction",
        None,
        {
            "scipy": peers.scipy_nearest(sparse, kinds),
            "networkx": peers.networkx_nearest(graph, kinds),
            "igraph": peers.igraph_nearest(small, kinds),
            "pandana": peers.pandana_nearest(hierarchy, kinds, FARTHEST_M),
        },
    )
    with TemporaryDirectory() as folder:
        valhalla = Valhalla(streets, Path(folder))
        yield Case(
            f"{size}: {DOORS:,} doors × {FACILITIES} facilities",
            None,
            {
                "scipy": peers.scipy_many(sparse, doors, facilities),
                "networkx": peers.networkx_many(graph, doors, facilities),
                "igraph": peers.igraph_many(small, doors, facilities),
                "pandana": peers.pandana_many(hierarchy, doors, facilities),
                "Valhalla (straight lengths)": valhalla.many(doors, facilities),
            },
        )
        yield Case(
            f"{size}: polygons of 5, 10 and 15 minutes",
            None,
            {
                "OSMnx recipe, hulls": peers.recipe_hulls(graph, origin, LIMITS_M),
                "OSMnx recipe, buffered edges": peers.recipe_buffers(graph, origin, LIMITS_M),
                "Valhalla (straight lengths)": valhalla.isochrones(origin, LIMITS_M),
            },
        )


def city_cases() -> Iterator[Case]:
    """Cases of the size of a city."""
    streets = city.build()
    random = np.random.default_rng(SEED)
    origin = int(_near_centre(streets, 100.0)[0])
    count = len(streets.xy)
    kinds = [random.integers(0, count, CITY_FACILITIES, dtype=np.int32) for _ in range(KINDS)]
    size = f"city, {count:,} junctions"
    sparse, small = peers.scipy_graph(streets), peers.igraph_graph(streets)
    graph, limit = peers.networkx_graph(streets), LIMITS_M[-1]
    yield Case(
        f"{size}: one origin, {limit:,.0f} m",
        None,
        {
            "scipy": peers.scipy_one(sparse, origin, limit),
            "networkx": peers.networkx_one(graph, origin, limit),
        },
    )
    yield Case(
        f"{size}: nearest of {KINDS} kinds × {CITY_FACILITIES:,}, every junction",
        None,
        {
            "scipy": peers.scipy_nearest(sparse, kinds),
            "networkx": peers.networkx_nearest(graph, kinds),
            "igraph": peers.igraph_nearest(small, kinds),
        },
    )


def _near_centre(streets: Streets, within_m: float) -> Ints:
    """Return the junctions around the middle, the nearest first."""
    middle = (streets.xy.min(axis=0) + streets.xy.max(axis=0)) / 2
    away = np.hypot(*(streets.xy - middle).T)
    order = np.argsort(away)
    near: Ints = order[away[order] <= within_m].astype(np.int32)
    return near
