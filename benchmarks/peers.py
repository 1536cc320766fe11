"""What the peers do with the same streets.

Each function prepares a peer (outside the time taken) from the arrays of our
network and returns a callable without arguments that does the work once. Distances
come back in metres, in the order of the junctions or of the pairs asked for, infinite
where out of reach; polygons one a limit, in metres. Peers start and end at junctions:
none of them takes a point along a segment, Valhalla apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import igraph
import networkx as nx
import numpy as np
import pandana
import pandas as pd
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from shapely import LineString, Point

from circle.network.graph import segment_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from circle.model import Floats, Ints, WalkNetwork

    Work = Callable[[], Floats]
    Polygons = Callable[[], object]

EDGE_BUFFER_M = 25
NODE_BUFFER_M = 50
TIE_M = 1e7
"""Longer than any walk, so that no walk takes a short cut through a hub."""


def networkx_graph(streets: WalkNetwork) -> nx.MultiDiGraph[int]:
    """Lay the streets out as OSMnx does: both directions, position and shape."""
    graph: nx.MultiDiGraph[int] = nx.MultiDiGraph()
    lines = segment_lines(streets)
    for node, (x, y) in enumerate(streets.node_xy.tolist()):
        graph.add_node(node, x=x, y=y)
    lengths = streets.segment_length_m.tolist()
    ends = streets.segment_nodes.tolist()
    for (one, other), length, line in zip(ends, lengths, lines, strict=True):
        graph.add_edge(one, other, length=length, geometry=line)
        graph.add_edge(other, one, length=length, geometry=line)
    return graph


def networkx_one(graph: nx.MultiDiGraph[int], origin: int, limit_m: float) -> Work:
    """One origin to all within a limit."""

    def work() -> Floats:
        found = nx.single_source_dijkstra_path_length(graph, origin, limit_m, "length")
        return _spread(found, len(graph))

    return work


def networkx_ego(graph: nx.MultiDiGraph[int], origin: int, limit_m: float) -> Polygons:
    """One origin to all within a limit, as the subgraph that OSMnx's recipes take."""
    return lambda: _ego(graph, origin, limit_m)


def networkx_nearest(graph: nx.MultiDiGraph[int], kinds: Sequence[Ints]) -> Work:
    """Every junction to the nearest facility of each kind; shape (kinds, n)."""
    sources = [set(nodes.tolist()) for nodes in kinds]

    def work() -> Floats:
        return np.stack(
            [
                _spread(nx.multi_source_dijkstra_path_length(graph, s, weight="length"), len(graph))
                for s in sources
            ]
        )

    return work


def networkx_many(graph: nx.MultiDiGraph[int], doors: Ints, facilities: Ints) -> Work:
    """Every door to every facility; shape (facilities, doors)."""

    def work() -> Floats:
        return np.stack(
            [
                _spread(
                    nx.single_source_dijkstra_path_length(graph, node, weight="length"), len(graph)
                )[doors]
                for node in facilities.tolist()
            ]
        )

    return work


def recipe_hulls(graph: nx.MultiDiGraph[int], origin: int, limits_m: Sequence[float]) -> Polygons:
    """Isochrones as hulls around the junctions reached, after OSMnx's example."""

    def work() -> list[object]:
        return [
            gpd.GeoSeries(_points(_ego(graph, origin, limit))).union_all().convex_hull
            for limit in limits_m
        ]

    return work


def recipe_buffers(graph: nx.MultiDiGraph[int], origin: int, limits_m: Sequence[float]) -> Polygons:
    """Isochrones as buffered edges and junctions: `make_iso_polys` of OSMnx's example."""
    return lambda: [_buffered(graph, _ego(graph, origin, limit)) for limit in limits_m]


def scipy_graph(streets: WalkNetwork) -> csr_array:
    """Lay the streets out as a sparse matrix, the shorter of parallel segments."""
    n = len(streets.node_xy)
    one, other = np.sort(streets.segment_nodes, axis=1).T
    frame = pd.DataFrame({"one": one, "other": other, "length": streets.segment_length_m})
    frame = frame[frame.one != frame.other].groupby(["one", "other"], as_index=False).min()
    rows = np.concatenate([frame.one, frame.other])
    columns = np.concatenate([frame.other, frame.one])
    return csr_array((np.concatenate([frame.length, frame.length]), (rows, columns)), shape=(n, n))


def scipy_one(graph: csr_array, origin: int, limit_m: float) -> Work:
    """One origin to all within a limit."""
    indices = np.array([origin])
    return lambda: dijkstra(graph, indices=indices, limit=limit_m)[0]


def scipy_nearest(graph: csr_array, kinds: Sequence[Ints]) -> Work:
    """Every junction to the nearest facility of each kind; shape (kinds, n)."""
    return lambda: np.stack([dijkstra(graph, indices=nodes, min_only=True) for nodes in kinds])


def scipy_many(graph: csr_array, doors: Ints, facilities: Ints) -> Work:
    """Every door to every facility; shape (facilities, doors)."""
    return lambda: dijkstra(graph, indices=facilities)[:, doors]


def igraph_graph(streets: WalkNetwork) -> igraph.Graph:
    """Lay the streets out as an undirected igraph graph."""
    return igraph.Graph(
        n=len(streets.node_xy),
        edges=streets.segment_nodes,
        edge_attrs={"length": streets.segment_length_m},
    )


def igraph_one(graph: igraph.Graph, origin: int, limit_m: float) -> Work:
    """One origin to all within a limit; igraph knows none, so all is computed."""

    def work() -> Floats:
        distance = np.array(graph.distances(origin, weights="length")[0])
        distance[distance > limit_m] = np.inf
        return distance

    return work


def igraph_nearest(graph: igraph.Graph, kinds: Sequence[Ints]) -> Work:
    """Every junction to the nearest facility of each kind; shape (kinds, n).

    igraph starts from one node at a time: a node more, tied to the facilities
    of the kind, stands for them all.
    """
    extended, count = graph.copy(), graph.vcount()
    extended.add_vertices(len(kinds))
    ties = [(count + row, node) for row, nodes in enumerate(kinds) for node in nodes.tolist()]
    extended.add_edges(ties, attributes={"length": [TIE_M] * len(ties)})
    hubs = range(count, count + len(kinds))

    def work() -> Floats:
        return np.array(extended.distances(hubs, weights="length"))[:, :count] - TIE_M

    return work


def igraph_many(graph: igraph.Graph, doors: Ints, facilities: Ints) -> Work:
    """Every door to every facility; shape (facilities, doors)."""
    once, back = np.unique(doors, return_inverse=True)
    sources, targets = facilities.tolist(), once.tolist()
    return lambda: np.array(graph.distances(sources, targets, weights="length"))[:, back]


def pandana_graph(streets: WalkNetwork) -> pandana.Network:
    """Lay the streets out as pandana's contraction hierarchy."""
    x, y = pd.DataFrame(streets.node_xy).T.to_numpy()
    one, other = streets.segment_nodes.astype(np.int64).T
    weights = pd.DataFrame({"length": streets.segment_length_m})
    return pandana.Network(
        pd.Series(x), pd.Series(y), pd.Series(one), pd.Series(other), weights, twoway=True
    )


def pandana_one(network: pandana.Network, origin: int, limit_m: float) -> Work:
    """One origin to all within a limit."""

    def work() -> Floats:
        found = network.nodes_in_range([origin], limit_m)
        distance = np.full(len(network.node_ids), np.inf)
        distance[found["destination"].to_numpy()] = found["length"].to_numpy()
        return distance

    return work


def pandana_nearest(network: pandana.Network, kinds: Sequence[Ints], limit_m: float) -> Work:
    """Every junction to the nearest facility of each kind; shape (kinds, n)."""
    xy = network.nodes_df.to_numpy()
    for row, nodes in enumerate(kinds):
        network.set_pois(f"kind{row}", limit_m, 1, *(pd.Series(v) for v in xy[nodes].T))

    def work() -> Floats:
        found = (network.nearest_pois(limit_m, f"kind{row}")[1] for row in range(len(kinds)))
        distance = np.stack([frame.to_numpy() for frame in found]).astype(np.float64)
        distance[distance >= limit_m] = np.inf
        return distance

    return work


def pandana_many(network: pandana.Network, doors: Ints, facilities: Ints) -> Work:
    """Every door to every facility; shape (facilities, doors)."""
    sources, targets = np.repeat(facilities, len(doors)), np.tile(doors, len(facilities))

    def work() -> Floats:
        found = network.shortest_path_lengths(sources, targets)
        return np.array(found).reshape(len(facilities), len(doors))

    return work


def _spread(found: dict[int, float], count: int) -> Floats:
    distance = np.full(count, np.inf)
    distance[list(found)] = list(found.values())
    return distance


def _ego(graph: nx.MultiDiGraph[int], origin: int, limit_m: float) -> nx.MultiDiGraph[int]:
    found: nx.MultiDiGraph[int] = nx.ego_graph(graph, origin, radius=limit_m, distance="length")
    return found


def _points(graph: nx.MultiDiGraph[int]) -> list[Point]:
    return [Point(node["x"], node["y"]) for _, node in graph.nodes(data=True)]


def _buffered(graph: nx.MultiDiGraph[int], reached: nx.MultiDiGraph[int]) -> object:
    nodes = gpd.GeoDataFrame({"id": list(reached.nodes)}, geometry=_points(reached))
    nodes = nodes.set_index("id")
    lines = []
    for one, other in reached.edges():
        ends = [nodes.loc[one].geometry, nodes.loc[other].geometry]
        lines.append(graph.get_edge_data(one, other)[0].get("geometry", LineString(ends)))
    around_nodes = nodes.buffer(NODE_BUFFER_M).geometry
    around_edges = gpd.GeoSeries(lines).buffer(EDGE_BUFFER_M).geometry
    return gpd.GeoSeries([*around_nodes, *around_edges]).union_all()
