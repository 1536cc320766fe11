from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import shapely

from circle.errors import DataError, InputError, NetworkError
from circle.network.graph import build_network, hilbert_order, segment_lines
from circle.network.snap import snap, snap_one
from circle.network.speeds import impedance
from tests.oracle import CRS, network_of, walker


def test_hilbert_order_walks_without_jumps() -> None:
    side = 16
    xy = np.array([(x, y) for x in range(side) for y in range(side)], float)
    walked = xy[hilbert_order(xy)]
    assert sorted(map(tuple, walked)) == sorted(map(tuple, xy))
    assert np.abs(np.diff(walked, axis=0)).sum(axis=1).mean() < 1.5


def test_adjacency_holds_each_street_both_ways() -> None:
    net = network_of([(0, 0), (9, 0), (9, 9)], [(0, 1, 9.0), (1, 2, 9.0), (0, 1, 20.0)])
    left = [
        (int(net.node_id[n]), int(net.node_id[net.adjacency_node[e]]), int(net.adjacency_segment[e]))
        for n in range(3)
        for e in range(net.adjacency_start[n], net.adjacency_start[n + 1])
    ]
    assert sorted(left) == [
        (100, 101, 0), (100, 101, 2), (101, 100, 0), (101, 100, 2), (101, 102, 1), (102, 101, 1),
    ]  # fmt: skip


def test_missing_junction_names_row_and_column() -> None:
    junctions = pd.DataFrame({"id": [1, 2], "x": [0.0, 1.0], "y": [0.0, 0.0], "signal": False})
    segments = pd.DataFrame(
        {"from_id": [1, 1], "to_id": [2, 9], "length_m": 1.0, "steps": -1, "class": "", "name": "",
         "shape_kind": "straight"}
    )  # fmt: skip
    lines = np.array([shapely.LineString([(0, 0), (1, 0)])] * 2)
    with pytest.raises(DataError) as error:
        build_network(junctions, segments, lines, CRS)
    (finding,) = error.value.findings
    assert (finding.row, finding.column, dict(finding.values)) == (3, "to_id", {"id": "9"})


def test_snap_takes_the_street_not_the_junction() -> None:
    net = network_of([(0, 0), (200, 0), (200, 100)], [(0, 1, 200.0), (1, 2, 100.0)])
    walk = impedance(net, walker())
    found = snap(walk, np.array([[50.0, 30.0], [190.0, 60.0], [900.0, 900.0]]))
    assert found.segment.tolist() == [0, 1, -1]
    assert found.fraction[:2].tolist() == [0.25, 0.6]
    assert found.off_m[:2].tolist() == [30.0, 10.0]
    with pytest.raises(NetworkError) as error:
        snap_one(walk, np.array([900.0, 900.0]))
    assert error.value.values["metres"] == round(np.hypot(700, 800))


def test_wheels_snap_past_the_stair() -> None:
    net = network_of([(0, 0), (100, 0), (0, 40), (100, 40)], [(0, 1, 100.0), (2, 3, 100.0)], steps=[0, -1])
    point = np.array([[50.0, 5.0]])
    assert snap(impedance(net, walker()), point).segment[0] == 0
    wheels = snap(impedance(net, walker(steps_allowed=False)), point)
    assert (wheels.segment[0], wheels.off_m[0]) == (1, 35.0)


def test_impedance_by_hand() -> None:
    net = network_of(
        [(0, 0), (100, 0), (100, 50)], [(0, 1, 100.0), (1, 2, 50.0)], steps=[-1, 20], signals=[1]
    )
    walk = impedance(net, walker(2.0, seconds_per_step=1.0, signal_wait_s=15.0))
    assert walk.segment_ms.tolist() == [50_000, 20_000]
    assert walk.node_ms[net.node_signal].tolist() == [15_000]
    wheels = impedance(net, walker(2.0, steps_allowed=False))
    assert wheels.segment_ms.tolist() == [50_000, -1]


@pytest.mark.parametrize("speed", [0.0, -1.0, float("nan")])
def test_speed_must_be_above_zero(speed: float) -> None:
    net = network_of([(0, 0), (1, 0)], [(0, 1, 1.0)])
    with pytest.raises(InputError):
        impedance(net, walker(speed))


def test_lines_come_back() -> None:
    net = network_of([(0, 0), (5, 0), (5, 5)], [(0, 1, 5.0), (1, 2, 5.0)])
    assert [line.wkt for line in segment_lines(net)] == ["LINESTRING (0 0, 5 0)", "LINESTRING (5 0, 5 5)"]
