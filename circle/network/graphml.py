"""Street graphs of OSMnx, from and to: the one user of osmnx.

The network is undirected on foot; an OSMnx graph holds each street once each
way. Lengths, names, classes, stairs and shapes survive the round trip.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
import osmnx as ox
import pandas as pd
import shapely

from circle import files
from circle.errors import DataError
from circle.geo.crs import WGS84, to_lonlat
from circle.network.graph import segment_lines
from circle.network.graph_file import read_graph
from circle.network.on_foot import not_for_walking

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from circle.model import WalkNetwork

_DECIMALS = 7
_COUNT = re.compile(r"([0-9]{1,5})(?:\.0*)?")


@dataclass(frozen=True)
class Imported:
    """How many junctions and segments were written, and segments left out by reason.

    The reasons are those of `circle.network.on_foot`. `assumed` says that the file
    names no reference system, so that WGS 84 was taken.
    """

    junctions: int
    segments: int
    left_out: Mapping[str, int]
    assumed: bool


def to_graph(network: WalkNetwork) -> nx.MultiDiGraph[int]:
    """Return the network as an OSMnx graph in WGS 84 degrees.

    Parameters
    ----------
    network
        The streets.

    Returns
    -------
    networkx.MultiDiGraph
        Nodes with x, y, highway; edges with osmid, highway, name, length
        (metres), oneway, reversed, steps, shape_kind, geometry.
    """
    graph: nx.MultiDiGraph[int] = nx.MultiDiGraph(crs=WGS84, simplified=True)
    degrees = np.round(to_lonlat(network.node_xy, network.crs), _DECIMALS)
    for node, (x, y), signal in zip(network.node_id, degrees, network.node_signal, strict=True):
        more = {"highway": "traffic_signals"} if signal else {}
        graph.add_node(int(node), x=float(x), y=float(y), **more)
    lines = shapely.transform(
        segment_lines(network), lambda xy: np.round(to_lonlat(xy, network.crs), _DECIMALS)
    )
    for row, (a, b) in enumerate(network.node_id[network.segment_nodes].tolist()):
        about = {
            "osmid": row,
            "length": float(network.segment_length_m[row]),
            "highway": str(network.segment_class[row]),
            "name": str(network.segment_name[row]),
            "steps": int(network.segment_steps[row]),
            "shape_kind": str(network.segment_shape_kind[row]),
            "oneway": False,
        }
        graph.add_edge(a, b, reversed=False, geometry=lines[row], **about)
        graph.add_edge(b, a, reversed=True, geometry=lines[row].reverse(), **about)
    return graph


def from_graph(
    graph: nx.MultiDiGraph[int],
) -> tuple[pd.DataFrame, pd.DataFrame, dict[str, int]]:
    """Return an OSMnx graph as tables of junctions and segments, without what is not walked.

    Parameters
    ----------
    graph
        Unprojected, as OSMnx loads it; lengths that it lacks are those of the shapes.

    Returns
    -------
    junctions, segments, left_out
        Columns id, lon, lat, signal; and from_id, to_id, length_m, class,
        name, steps, shape_kind, observed, osm_ways, shape (WKT in degrees);
        and how many segments were left out, by reason.

    Raises
    ------
    DataError
        When the graph holds no street, or none that may be walked.
    """
    if graph.number_of_edges() == 0:
        raise DataError("graph_empty")
    undirected = ox.convert.to_undirected(graph)
    left_out = _without_closed(undirected)
    if undirected.number_of_edges() == 0:
        raise DataError("graph_closed", count=sum(left_out.values()))
    nodes = pd.DataFrame(
        [
            (int(node), about["x"], about["y"], about.get("highway") == "traffic_signals")
            for node, about in undirected.nodes(data=True)
        ],
        columns=["id", "lon", "lat", "signal"],
    )
    rows = [
        _segment(undirected, int(a), int(b), about) for a, b, about in undirected.edges(data=True)
    ]
    return nodes, pd.DataFrame(rows), left_out


def read_graphml(path: Path) -> tuple[pd.DataFrame, pd.DataFrame, dict[str, int]]:
    """Return what `from_graph` does of a GraphML file.

    Raises
    ------
    DataError
        When the file is no GraphML of OSMnx.
    """
    return from_graph(read_graph(path)[0])


def facts_from_graphml(source: Path, folder: Path) -> Imported:
    """Write the junctions.csv and segments.csv of a facts folder from a GraphML file.

    Parameters
    ----------
    source
        GraphML that OSMnx wrote.
    folder
        Folder of facts; made when it is not there.

    Returns
    -------
    Imported
        What was written, and what was left out.

    Raises
    ------
    DataError
        When the file is no GraphML of OSMnx.
    OutputError
        When the tables cannot be written there.
    """
    place = files.folder_to_write(folder)
    graph, assumed = read_graph(source)
    junctions, segments, left_out = from_graph(graph)
    control = junctions["signal"].map({True: "traffic_signals", False: ""})
    junctions = junctions.assign(control=control).rename(columns={"id": "osm_node"})
    segments = segments.rename(columns={"from_id": "from_node", "to_id": "to_node"})
    with files.written(folder):
        place.mkdir(parents=True, exist_ok=True)
    with (
        files.file_in_place(place / "junctions.csv") as junctions_part,
        files.file_in_place(place / "segments.csv") as segments_part,
    ):
        junctions.drop(columns="signal").to_csv(junctions_part, index=False, lineterminator="\n")
        segments.to_csv(segments_part, index=False, lineterminator="\n")
    return Imported(len(junctions), len(segments), left_out, assumed)


def write_graphml(network: WalkNetwork, path: Path) -> None:
    """Write the network as GraphML that OSMnx loads.

    Raises
    ------
    OutputError
        When it cannot be written, or something other than a file stands there.
    """
    with files.file_in_place(path) as part:
        ox.save_graphml(to_graph(network), part)


def _without_closed(graph: nx.MultiGraph[int]) -> dict[str, int]:
    """Take the ways that may not be walked from `graph`, and their junctions; count them."""
    reasons = {
        (a, b, key): reason
        for a, b, key, about in graph.edges(keys=True, data=True)
        if (reason := not_for_walking(about))
    }
    graph.remove_edges_from(reasons)
    ends = {node for a, b, _ in reasons for node in (a, b)}
    graph.remove_nodes_from([node for node in ends if graph.degree(node) == 0])
    return dict(Counter(reasons.values()))


def _segment(graph: nx.MultiGraph[int], a: int, b: int, about: dict[str, Any]) -> dict[str, Any]:
    ends = [(graph.nodes[n]["x"], graph.nodes[n]["y"]) for n in (a, b)]
    line = about.get("geometry") or shapely.LineString(ends)
    first = shapely.Point(line.coords[0])
    if first.distance(shapely.Point(ends[0])) > first.distance(shapely.Point(ends[1])):
        line = line.reverse()
    return {
        "from_id": a,
        "to_id": b,
        "length_m": round(float(about.get("length") or _length_m(line)), 1),
        "class": _joined(about.get("highway")),
        "name": _joined(about.get("name")),
        "steps": _steps(about),
        "shape_kind": about.get("shape_kind", "traced" if "geometry" in about else "straight"),
        "observed": "",
        "osm_ways": _joined(about.get("osmid")),
        "shape": shapely.to_wkt(line, rounding_precision=_DECIMALS),
    }


def _length_m(line: shapely.LineString) -> float:
    lon, lat = shapely.get_coordinates(line).T
    return float(np.sum(ox.distance.great_circle(lat[:-1], lon[:-1], lat[1:], lon[1:])))


def _steps(about: dict[str, Any]) -> int:
    if "steps" in about:
        return int(about["steps"])
    if "steps" not in _joined(about.get("highway")).split(";"):
        return -1
    return _counted(about.get("step_count"))


def _counted(value: object) -> int:
    """Return the steps of a stair, or of all the stairs of a joined one; 0 where not known."""
    parts = value if isinstance(value, list) else [value]
    counts = [_COUNT.fullmatch(str(part).strip()) for part in parts]
    return sum(int(count[1]) for count in counts if count) if all(counts) else 0


def _joined(value: object) -> str:
    if isinstance(value, list):
        return ";".join(str(part) for part in value)
    return "" if value is None or value != value else str(value)  # noqa: PLR0124 - NaN
