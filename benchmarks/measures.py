"""All measures of a district: every kind, profile and standard, beside networkx.

Ours are coverage, completeness, gap zones with their causes, equity and capacity for
all of them; the outlines of zones are drawn when they are asked for and are not in it,
nor are intervals (`benchmarks.draws`). networkx does only the part that it can: the
nearest times, one multi-source search for every kind and every requirement of each
profile, in seconds and in metres, whole and not extrapolated, to every junction. Ours
is timed for these searches alone too, to every demand point.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import networkx as nx
import numpy as np
from scipy.spatial import KDTree

from benchmarks.measure import Case, measure, table
from circle.demand import demand_points
from circle.load import read_district
from circle.load.standards import standard_sets
from circle.measures.access import capacity, within
from circle.measures.completeness import completeness
from circle.measures.equity import spread
from circle.measures.gaps import gaps
from circle.model import MAX_MINUTES, Coverage
from circle.network.speeds import by_length, impedance
from circle.places.facilities import coverable_kinds, meeting, of_kind, on_street, positions
from circle.reach.travel import nearest
from tests.asking import coverage, coverages_by

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pandas as pd

    from circle.model import District, Impedance, StandardSet

DATA = Path(__file__).resolve().parents[1] / "data"
MINUTES = 15.0
PEER = "networkx, nearest times alone"
OURS, OURS_TIMES = "circle, all measures", "circle, nearest times alone"


def measures_cases() -> Iterator[Case]:
    """Cases of all measures of the embedded district."""
    district = read_district(DATA / "tianping")
    sets = tuple(standard_sets(DATA / "standards").values())
    streets = tuple(impedance(district.network, one) for one in district.profiles.values())
    asked = sum(len(one.defaults) for one in sets)
    kinds = len(coverable_kinds(district))
    yield Case(
        f"all measures of the district: {len(streets)} profiles × "
        f"({kinds} kinds + {asked} requirements of {len(sets)} standards)",
        {
            OURS: lambda: [all_measures(district, one, sets) for one in streets],
            OURS_TIMES: nearest_times(district, streets, sets),
        },
        {PEER: networkx_times(district, streets, sets)},
    )


def all_measures(district: District, walk: Impedance, sets: tuple[StandardSet, ...]) -> int:
    """Compute everything for one profile; return how many coverages there were."""
    found = [coverage(district, walk, kind, MINUTES) for kind in coverable_kinds(district)]
    for one in found:
        capacity(district, walk, one.kind, within(MINUTES * 60))
    for standard in sets:
        judged = coverages_by(district, walk, standard)
        completeness(district, judged)
        found += [one for one in judged if isinstance(one, Coverage)]
    for one in found:
        gaps(district, one)
        spread(district, one.kind, one.seconds / 60, cap=MAX_MINUTES)
    return len(found)


def nearest_times(
    district: District, streets: tuple[Impedance, ...], sets: tuple[StandardSet, ...]
) -> Callable[[], object]:
    """Return our searches alone: seconds and metres from every demand point."""
    points, found = demand_points(district), places(district, sets)
    asked = [
        (one, on_street(one, own))
        for walk in streets
        for one in (walk, by_length(walk))
        for own in found
    ]
    return lambda: [nearest(one, spots, points) for one, spots in asked]


def networkx_times(
    district: District, streets: tuple[Impedance, ...], sets: tuple[StandardSet, ...]
) -> Callable[[], object]:
    """Return the same searches by networkx: seconds and metres for each set of facilities."""
    tree = KDTree(district.network.node_xy)
    nodes = [np.asarray(tree.query(positions(one))[1]) for one in places(district, sets)]
    sources = [set(own.tolist()) for own in nodes]
    graphs = [_graph(one) for walk in streets for one in (walk, by_length(walk))]

    def work() -> list[dict[int, float]]:
        return [
            nx.multi_source_dijkstra_path_length(graph, own, weight="ms")
            for graph in graphs
            for own in sources
        ]

    return work


def places(district: District, sets: tuple[StandardSet, ...]) -> list[pd.DataFrame]:
    """Return every set of facilities that a time to the nearest is asked for, if not empty."""
    found = [of_kind(district, kind, unverified=False) for kind in coverable_kinds(district)]
    for standard in sets:
        every = [meeting(district, one) for one in standard.defaults]
        found += [one[one["verified"]] for one in every]
    return [one for one in found if len(one)]


@cache
def _graph(walk: Impedance) -> nx.Graph[int]:
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(len(walk.network.node_xy)))
    open_to = np.flatnonzero(walk.segment_ms >= 0)
    longest_first = open_to[np.argsort(-walk.segment_ms[open_to], kind="stable")]
    for segment in longest_first:  # the quickest of parallel segments stays
        one, other = walk.network.segment_nodes[segment].tolist()
        graph.add_edge(one, other, ms=int(walk.segment_ms[segment]))
    return graph


if __name__ == "__main__":
    print(table([row for case in measures_cases() for row in measure(case)]))
