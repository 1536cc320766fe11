"""An independent answer: networkx on the network with the points inserted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import networkx as nx
import numpy as np
import pandas as pd
import shapely

from circle.model import Profile, Snapped, Text
from circle.network.graph import build_network

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circle.model import Floats, WalkNetwork

CRS = "EPSG:4549"


def walker(speed_m_s: float = 1.0, **more: object) -> Profile:
    return Profile("walker", Text("行人", "walker"), speed_m_s, **more)  # type: ignore[arg-type]


def network_of(
    xy: Sequence[tuple[float, float]],
    segments: Sequence[tuple[int, int, float]],
    *,
    steps: Sequence[int] | None = None,
    signals: Sequence[int] = (),
    names: Sequence[str] | None = None,
) -> WalkNetwork:
    """Lay out a small network; segments are (from, to, length in metres)."""
    junctions = pd.DataFrame(xy, columns=["x", "y"], dtype=float)
    junctions["id"] = np.arange(len(xy)) + 100
    junctions["signal"] = junctions.index.isin(list(signals))
    table = pd.DataFrame(segments, columns=["a", "b", "length_m"])
    table["from_id"], table["to_id"] = table["a"] + 100, table["b"] + 100
    table["steps"] = -1 if steps is None else list(steps)
    table["class"], table["shape_kind"] = "residential", "straight"
    table["name"] = [""] * len(table) if names is None else list(names)
    lines = [_line(xy[a], xy[b]) for a, b, _ in segments]
    return build_network(junctions, table, np.array(lines, dtype=object), CRS)


def _line(a: tuple[float, float], b: tuple[float, float]) -> shapely.LineString:
    if tuple(a) == tuple(b):
        return shapely.LineString([a, (a[0] + 10, a[1] + 10), (a[0] + 10, a[1]), b])
    return shapely.LineString([a, b])


def points_on(
    network: WalkNetwork, where: Sequence[tuple[int, float, float]]
) -> Snapped:
    """Return points given as (segment, fraction, metres off the street)."""
    segment, fraction, off = (np.array(column, float) for column in zip(*where, strict=True))
    rows = segment.astype(np.int32)
    start = network.shape_xy[network.shape_start[np.maximum(rows, 0)]]
    return Snapped(xy=start, segment=rows, fraction=fraction, off_m=off)


def seconds_between(
    network: WalkNetwork, profile: Profile, origins: Snapped, targets: Snapped
) -> Floats:
    """Return the seconds between all origins and targets, shape (k, p), by networkx."""
    graph = _with_points(network, profile, {"o": origins, "t": targets})
    out = np.full((len(origins.segment), len(targets.segment)), np.inf)
    for i in range(len(out)):
        times = nx.single_source_dijkstra_path_length(graph, ("o", i, "off"), weight="s")
        for j in range(out.shape[1]):
            out[i, j] = times.get(("t", j, "off"), np.inf)
    return out


def _with_points(
    network: WalkNetwork, profile: Profile, groups: dict[str, Snapped]
) -> nx.MultiDiGraph[object]:
    graph: nx.MultiDiGraph[object] = nx.MultiDiGraph()
    wait = {
        int(n): profile.signal_wait_s if network.node_signal[n] else 0.0
        for n in range(len(network.node_xy))
    }
    on_segment: dict[int, list[tuple[float, object]]] = {}
    for name, points in groups.items():
        for i in range(len(points.segment)):
            graph.add_node((name, i, "off"))
            if points.segment[i] < 0:
                continue
            place = (name, i)
            on_segment.setdefault(int(points.segment[i]), []).append(
                (float(points.fraction[i]), place)
            )
            off = points.off_m[i] / profile.speed_m_s
            graph.add_edge((name, i, "off"), place, s=off)
            graph.add_edge(place, (name, i, "off"), s=off)
    for segment in range(len(network.segment_length_m)):
        seconds = _seconds(network, profile, segment)
        if seconds is None:
            continue
        a, b = (int(n) for n in network.segment_nodes[segment])
        stops = [(0.0, a), *sorted(on_segment.get(segment, []), key=lambda s: s[0]), (1.0, b)]
        for (f, left), (g, right) in zip(stops, stops[1:], strict=False):
            along = (g - f) * seconds
            graph.add_edge(left, right, s=along + wait.get(right, 0.0) if right == b else along)
            graph.add_edge(right, left, s=along + wait.get(left, 0.0) if left == a else along)
    return graph


def _seconds(network: WalkNetwork, profile: Profile, segment: int) -> float | None:
    steps = network.segment_steps[segment]
    if steps >= 0 and not profile.steps_allowed:
        return None
    if steps > 0 and profile.seconds_per_step is not None:
        return float(steps * profile.seconds_per_step)
    return float(network.segment_length_m[segment] / profile.speed_m_s)
