from __future__ import annotations

from typing import TYPE_CHECKING

import networkx as nx
import numpy as np
import osmnx as ox
import pytest
import shapely

from circle.errors import DataError
from circle.geo.crs import to_metric
from circle.network.graph import build_network
from circle.network.graphml import from_graph, read_graphml, to_graph, write_graphml
from circle.network.on_foot import not_for_walking
from tests.oracle import CRS, network_of

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from circle.model import WalkNetwork

W, S = 600_000.0, 3_450_000.0


def streets() -> WalkNetwork:
    """Two parallel ways, a stair and a loop."""
    xy = [(W, S), (W + 100, S), (W + 100, S + 80)]
    return network_of(
        xy,
        [(0, 1, 100.0), (0, 1, 130.0), (1, 2, 80.0), (2, 2, 40.0)],
        steps=[-1, -1, 24, -1],
        signals=[1],
        names=["甲路", "", "乙弄", ""],
    )


def rebuilt(junctions: pd.DataFrame, segments: pd.DataFrame) -> WalkNetwork:
    xy = to_metric(junctions["lon"], junctions["lat"], CRS)
    junctions = junctions.assign(x=xy[:, 0], y=xy[:, 1])
    lines = shapely.transform(
        shapely.from_wkt(segments["shape"].to_numpy()),
        lambda lonlat: to_metric(lonlat[:, 0], lonlat[:, 1], CRS),
    )
    return build_network(junctions, segments, lines, CRS)


def test_round_trip_through_graphml(tmp_path: Path) -> None:
    net = streets()
    write_graphml(net, tmp_path / "streets.graphml")
    again = rebuilt(*read_graphml(tmp_path / "streets.graphml")[:2])
    assert sorted(again.segment_length_m.tolist()) == [40.0, 80.0, 100.0, 130.0]
    order = np.argsort(again.segment_length_m)
    assert again.segment_steps[order].tolist() == [-1, 24, -1, -1]
    assert again.segment_name[order].tolist() == ["", "乙弄", "甲路", ""]
    assert again.node_id[again.node_signal].tolist() == [101]
    ends = again.node_id[again.segment_nodes[order]]
    assert {frozenset(e) for e in ends.tolist()} == {
        frozenset({102}),
        frozenset({101, 102}),
        frozenset({100, 101}),
    }
    assert list(tmp_path.iterdir()) == [tmp_path / "streets.graphml"]


def test_osmnx_takes_the_graph() -> None:
    graph = to_graph(streets())
    nodes, edges = ox.graph_to_gdfs(graph)
    assert len(nodes) == 3
    assert len(edges) == 8
    assert nx.shortest_path_length(graph, 100, 102, weight="length") == 180
    projected = ox.project_graph(graph)
    assert ox.nearest_nodes(projected, *projected_point(projected, 102)) == 102


def projected_point(graph: nx.MultiDiGraph[int], node: int) -> tuple[float, float]:
    return graph.nodes[node]["x"], graph.nodes[node]["y"]


def test_shapes_run_from_the_first_end() -> None:
    junctions, segments, _ = from_graph(to_graph(streets()))
    at = junctions.set_index("id")
    for row in segments.to_dict("records"):
        first = shapely.from_wkt(row["shape"]).coords[0]
        assert first == pytest.approx((at.lon[row["from_id"]], at.lat[row["from_id"]]), abs=1e-6)


def test_osm_tags_make_stairs() -> None:
    graph: nx.MultiDiGraph[int] = nx.MultiDiGraph(crs="EPSG:4326")
    graph.add_node(1, x=121.0, y=31.0)
    graph.add_node(2, x=121.001, y=31.0)
    graph.add_edge(1, 2, osmid=[7, 8], highway=["footway", "steps"], length=95.0, oneway=False)
    _, segments, _ = from_graph(graph)
    row = segments.iloc[0]
    assert (row["class"], row["steps"], row["osm_ways"]) == ("footway;steps", 0, "7;8")


@pytest.mark.parametrize(
    ("count", "steps"),
    [(["24", "12"], 36), ("30.0", 30), ("30", 30), (["24", "many"], 0), ("up", 0), ("-3", 0)],
)
def test_steps_are_counted_over_joined_stairs(count: object, steps: int) -> None:
    graph: nx.MultiDiGraph[int] = nx.MultiDiGraph(crs="EPSG:4326")
    graph.add_node(1, x=121.0, y=31.0)
    graph.add_node(2, x=121.001, y=31.0)
    graph.add_edge(1, 2, osmid=7, highway="steps", length=95.0, oneway=False, step_count=count)
    assert from_graph(graph)[1]["steps"].tolist() == [steps]


@pytest.mark.parametrize(
    ("tags", "reason"),
    [
        ({"highway": "motorway"}, "motorway"),
        ({"highway": ["trunk", "motorway_link"]}, "motorway"),
        ({"highway": "service", "access": "private"}, "access"),
        ({"highway": "footway", "access": "no"}, "access"),
        ({"highway": "footway", "access": ["yes", "private"]}, "access"),
        ({"highway": "construction"}, "construction"),
        ({"highway": "proposed"}, "proposed"),
        ({"highway": "cycleway", "foot": "no"}, "foot"),
        ({"highway": "path", "foot": ["yes", "no"]}, "foot"),
        ({"highway": "motorway", "foot": "yes"}, ""),
        ({"highway": "cycleway", "foot": "designated", "access": "no"}, ""),
        ({"highway": "residential", "access": "destination"}, ""),
        ({"highway": "cycleway"}, "cycleway"),
        ({"highway": "trunk", "motorroad": "yes"}, "motorway"),
        ({"highway": "platform"}, "class"),
        ({"highway": "corridor", "foot": "yes"}, "indoor"),
        ({"highway": "footway", "indoor": "yes"}, "indoor"),
        ({"route": "ferry", "foot": "yes"}, "ferry"),
        ({}, ""),
    ],
)
def test_what_may_not_be_walked(tags: dict[str, object], reason: str) -> None:
    assert not_for_walking(tags) == reason


def test_ferries_and_corridors_are_walked_where_asked_for() -> None:
    assert not_for_walking({"route": "ferry"}, ferries=True) == ""
    assert not_for_walking({"route": "ferry", "foot": "no"}, ferries=True) == "foot"
    assert not_for_walking({"highway": "corridor"}, indoors=True) == ""


def test_ways_not_for_walking_are_left_out_with_their_junctions() -> None:
    graph = to_graph(streets())
    graph.add_node(9, x=121.0, y=31.0)
    graph.add_edge(100, 9, highway="motorway", length=900.0, osmid=5)
    graph.add_edge(9, 100, highway="motorway", length=900.0, osmid=5)
    junctions, segments, left_out = from_graph(graph)
    assert (left_out, 9 in set(junctions["id"]), len(segments)) == ({"motorway": 1}, False, 4)
    graph.remove_nodes_from([101, 102])
    with pytest.raises(DataError, match="1"):
        from_graph(graph)


def test_broken_graphml_is_named(tmp_path: Path) -> None:
    (tmp_path / "bad.graphml").write_text("<graphml><nope", encoding="utf-8")
    with pytest.raises(DataError) as error:
        read_graphml(tmp_path / "bad.graphml")
    assert error.value.values["file"] == "bad.graphml"


def test_empty_graph_is_refused() -> None:
    with pytest.raises(DataError):
        from_graph(nx.MultiDiGraph(crs="EPSG:4326"))
