"""Ways become streets by the walk filter: counted, cut, joined, crossed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import networkx as nx
import numpy as np
import pytest

from circle.geo.crs import to_metric
from circle.osm.extract import Frame, read_extract
from circle.osm.streets import streets_of
from tests.osm.conftest import degrees, number

if TYPE_CHECKING:
    from pathlib import Path

    from circle.model import Floats
    from circle.osm.streets import Streets
    from tests.osm.conftest import Town

FRAME = Frame(*degrees(-500, -500), *degrees(700, 700))


def to_xy(lonlat: Floats) -> Floats:
    return to_metric(lonlat[:, 0], lonlat[:, 1], "EPSG:32722")


def read(town: Town, tmp_path: Path, frame: Frame = FRAME, **asked: bool) -> Streets:
    extract = read_extract(town.write(tmp_path / "town.osm"), frame, lambda *_: None)
    return streets_of(extract, to_xy, **asked)


def metres(streets: Streets, a: int, b: int) -> float:
    """Return the shortest way by networkx."""
    graph: nx.MultiGraph[str] = nx.MultiGraph()
    for row in streets.segments.to_dict("records"):
        graph.add_edge(row["from_node"], row["to_node"], m=float(row["length_m"]))
    return float(nx.shortest_path_length(graph, str(a), str(b), weight="m"))


def test_streets_meet_where_they_share_a_node(town: Town, tmp_path: Path) -> None:
    streets = read(town, tmp_path)
    assert len(streets.segments) == 12
    assert len(streets.junctions) == 9
    assert streets.left_out.empty
    assert streets.segments["length_m"].astype(float).to_numpy() == pytest.approx(100, abs=0.2)
    assert set(streets.segments["observed"]) == {"2026-05-04"}


def test_ways_that_go_on_are_joined_where_they_are_alike(town: Town, tmp_path: Path) -> None:
    nodes = [town.node(50 + i, 200 + 50 * i, 200) for i in range(1, 4)]
    town.way(300, [number(2, 2), nodes[0]], {"highway": "path", "name": "a"})
    town.way(301, [nodes[1], nodes[0]], {"highway": "path", "name": "a"})
    town.way(302, [nodes[1], nodes[2]], {"highway": "path", "name": "b"})
    rows = read(town, tmp_path).segments.query("`class` == 'path'")
    assert dict(zip(rows["osm_ways"], rows["length_m"].astype(float), strict=True)) == {
        "300;301": pytest.approx(100, abs=0.2),
        "302": pytest.approx(50, abs=0.2),
    }


def test_a_loop_of_its_own_is_one_segment(town: Town, tmp_path: Path) -> None:
    ring = [town.node(60 + i, *corner) for i, corner in enumerate(((300, 0), (350, 0), (350, 50)))]
    town.way(300, [*ring, ring[0]], {"highway": "footway"})
    town.way(301, [ring[0], number(2, 0)], {"highway": "footway"})
    rows = read(town, tmp_path).segments.query("`class` == 'footway'")
    assert (rows["from_node"] == rows["to_node"]).sum() == 1
    assert len(rows) == 2


def test_what_is_left_out_is_counted_and_listed(town: Town, tmp_path: Path) -> None:
    tags = {
        300: {"highway": "motorway"},
        301: {"highway": "service", "access": "private"},
        302: {"highway": "path", "foot": "no"},
        303: {"highway": "cycleway"},
        304: {"highway": "corridor"},
        305: {"route": "ferry"},
        306: {"highway": "cycleway", "foot": "designated"},
        307: {"highway": "service", "access": "private", "foot": "yes"},
    }
    for way, about in tags.items():
        town.way(way, [number(0, 0), town.node(way, 50, 50 + way)], {"name": f"w{way}", **about})
    streets = read(town, tmp_path)
    reasons = ["motorway", "access", "foot", "cycleway", "indoor", "ferry"]
    assert streets.reasons == dict.fromkeys(reasons, 1)
    assert streets.left_out["osm_way"].tolist() == [str(way) for way in range(300, 306)]
    assert streets.left_out["name"].tolist() == [f"w{way}" for way in range(300, 306)]
    assert {"306", "307"} <= set(streets.segments["osm_ways"])
    more = read(town, tmp_path, ferries=True, indoors=True)
    assert {"304", "305"} <= set(more.segments["osm_ways"])


def test_steps_have_their_count(town: Town, tmp_path: Path) -> None:
    middle = town.node(70, 250, 0)
    top = town.node(71, 300, 0)
    town.way(300, [number(2, 0), middle, top], {"highway": "steps", "step_count": "30"})
    town.way(301, [middle, town.node(72, 250, 50)], {"highway": "steps"})
    steps = read(town, tmp_path).segments.query("`class` == 'steps'")
    assert dict(zip(steps["to_node"], steps["steps"], strict=True)) == {
        str(middle): "15",
        str(top): "15",
        "72": "0",
    }


def test_signals_stand_at_junctions(town: Town, tmp_path: Path) -> None:
    town.node(number(1, 1), 100, 100, highway="traffic_signals")
    junctions = read(town, tmp_path).junctions.set_index("osm_node")["control"]
    assert junctions[junctions.ne("")].to_dict() == {str(number(1, 1)): "traffic_signals"}


def test_ways_are_cut_off_at_the_frame(town: Town, tmp_path: Path) -> None:
    far = [town.node(80 + i, 200 + 300 * i, 0) for i in range(1, 4)]
    town.way(300, [number(2, 0), *far], {"highway": "path"})
    row = read(town, tmp_path).segments.query("osm_ways == '300'")
    assert row["length_m"].astype(float).tolist() == [pytest.approx(300, abs=1)]


def test_a_square_is_crossed(town: Town, tmp_path: Path) -> None:
    corners = [number(0, 0), number(1, 0), number(1, 1), number(0, 1), number(0, 0)]
    town.way(300, corners, {"highway": "pedestrian", "area": "yes", "name": "Praça"})
    streets = read(town, tmp_path)
    assert metres(streets, number(0, 0), number(1, 1)) == pytest.approx(141.4, abs=0.5)
    across = streets.segments.query("name == 'Praça' and shape_kind == 'straight'")
    assert len(across) == 2


def test_a_square_with_a_pond_is_walked_around_it(town: Town, tmp_path: Path) -> None:
    outer = [number(0, 0), number(1, 0), number(1, 1), number(0, 1), number(0, 0)]
    pond = [town.node(90 + i, *at) for i, at in enumerate(((20, 20), (80, 20), (80, 80), (20, 80)))]
    town.way(300, outer, {})
    town.way(301, [*pond, pond[0]], {"natural": "water"})
    tags = {"type": "multipolygon", "highway": "pedestrian"}
    town.relations[1] = ((("w", 300, "outer"), ("w", 301, "inner")), tags)
    around = metres(read(town, tmp_path), number(0, 0), number(1, 1))
    assert around == pytest.approx(2 * np.hypot(80, 20), rel=0.06)


def test_a_street_is_left_to_its_drawn_sidewalk(town: Town, tmp_path: Path) -> None:
    """Rua 0 says that its sidewalks are apart: one is drawn beside its first half only."""
    for way in (100, 101):
        nodes, tags = town.ways[way]
        town.ways[way] = (nodes, {**tags, "sidewalk:both": "separate"})
    walk = [town.node(95, 0, -8), town.node(96, 100, -8)]
    town.way(300, walk, {"highway": "footway", "footway": "sidewalk"})
    for at, node in enumerate(walk):
        town.way(301 + at, [node, number(at, 0)], {"highway": "footway", "footway": "crossing"})
    streets = read(town, tmp_path)
    assert streets.reasons == {"sidewalk": 1}
    assert streets.left_out["osm_way"].tolist() == ["100"]
    sidewalk = streets.segments[streets.segments["osm_ways"] == "300"]
    assert sidewalk["name"].tolist() == ["Rua 0"]
    assert metres(streets, number(0, 0), number(1, 0)) == pytest.approx(116, abs=1)
    assert (streets.segments["name"] == "Rua 1").sum() == 2


def test_a_street_stays_where_only_it_joins(town: Town, tmp_path: Path) -> None:
    end = town.node(97, 300, 0)
    beyond = town.node(98, 400, 0)
    town.way(300, [number(2, 0), end], {"highway": "primary", "sidewalk": "separate"})
    town.way(301, [end, beyond], {"highway": "residential"})
    walk = [town.node(95, 200, -8), town.node(96, 300, -8)]
    town.way(302, walk, {"highway": "footway", "footway": "sidewalk"})
    streets = read(town, tmp_path)
    assert streets.reasons == {}
    assert metres(streets, number(2, 0), beyond) == pytest.approx(200, abs=1)
