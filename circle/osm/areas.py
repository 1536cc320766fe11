"""Areas open to walkers: squares and pedestrian areas that are crossed, not walked around."""

from __future__ import annotations

import heapq
import math
from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import TYPE_CHECKING

import numpy as np
import shapely

from circle.network.on_foot import not_for_walking

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from circle.model import Floats
    from circle.osm.extract import Extract, Way

STRETCH = 1.05
"""A way across an area is drawn where those that are drawn are this much longer, or more."""
MOST_CORNERS = 80
"""Entries and corners of an area beyond which only entries, then only its edge, are walked."""
_KINDS = {"pedestrian", "footway", "path", "living_street", "service", "residential", "steps"}
_NEAR_M = 0.05


@dataclass(frozen=True, eq=False)
class Area:
    """Ground that may be crossed on foot.

    Attributes
    ----------
    rings
        Closed rings of node numbers: the outer one, then the holes.
    polygon
        In metres.
    """

    way: int
    kind: str
    name: str
    rings: tuple[tuple[int, ...], ...]
    polygon: shapely.Polygon


def is_area(way: Way) -> bool:
    """Say whether a way with a highway is the edge of an area, not a line."""
    closed = len(way.nodes) > 3 and way.nodes[0] == way.nodes[-1]  # noqa: PLR2004 - a triangle
    return closed and way.tags.get("area") == "yes"


def open_areas(extract: Extract, to_xy: Callable[[Floats], Floats]) -> list[Area]:
    """Return the areas of an extract that may be walked on, whole ones only."""
    ways = {way.id: way for way in extract.ways}
    rings: list[tuple[int, Mapping[str, str], list[tuple[int, ...]]]] = [
        (way.id, way.tags, [way.nodes]) for way in extract.ways if is_area(way)
    ]
    for relation in extract.relations:
        if relation.tags.get("highway") in _KINDS:
            outer = _rings(relation.members, ways, "outer")
            inner = _rings(relation.members, ways, "inner")
            first = next((ref for kind, ref, _ in relation.members if kind == "w"), 0)
            if len(outer) == 1:
                rings.append((first, relation.tags, [*outer, *inner]))
    areas = []
    for way, tags, nodes in rings:
        if tags.get("highway") not in _KINDS or not_for_walking(tags):
            continue
        corners = [extract.places(np.array(ring)) for ring in nodes]
        if any(np.isnan(ring).any() for ring in corners):
            continue
        outline, *holes = (to_xy(ring) for ring in corners)
        polygon = shapely.Polygon(outline, holes)
        if polygon.is_valid and polygon.area > 0:
            name = " ".join(tags.get("name", "").split())
            areas.append(Area(way, tags["highway"], name, tuple(nodes), polygon))
    return areas


def crossings(
    area: Area, entries: Collection[int], place: Mapping[int, Sequence[float]]
) -> list[tuple[int, int]]:
    """Return the straight ways across an area: pairs of nodes that see each other.

    Shorter ones first; a pair is left out where those that are there, with the edge, lead
    from one to the other by at most `STRETCH` times the straight way.

    Parameters
    ----------
    area
        The ground.
    entries
        Nodes of its rings where streets lead on.
    place
        Metres of each node.
    """
    if len(entries) < 2:  # noqa: PLR2004 - nowhere to cross to
        return []
    corners = set(entries) | _corners(area, place)
    if len(corners) > MOST_CORNERS:
        corners = set(entries)
    if len(corners) > MOST_CORNERS:
        return []
    edges: dict[int, dict[int, float]] = defaultdict(dict)
    for ring in area.rings:
        for a, b in pairwise(ring):
            _join(edges, a, b, math.dist(place[a], place[b]))
    ground = area.polygon.buffer(_NEAR_M)
    shapely.prepare(ground)
    pairs = sorted(
        (math.dist(place[a], place[b]), a, b) for a, b in combinations(sorted(corners), 2)
    )
    drawn = []
    for metres, a, b in pairs:
        if b in edges[a] or not ground.covers(shapely.LineString([place[a], place[b]])):
            continue
        if _way(edges, a, b, metres * STRETCH) > metres * STRETCH:
            _join(edges, a, b, metres)
            drawn.append((a, b))
    return drawn


def _join(edges: dict[int, dict[int, float]], a: int, b: int, metres: float) -> None:
    edges[a][b] = edges[b][a] = metres


def _way(edges: Mapping[int, Mapping[int, float]], a: int, b: int, limit: float) -> float:
    """Return how far it is from `a` to `b`; infinite beyond the limit."""
    best, queue = {a: 0.0}, [(0.0, a)]
    while queue:
        metres, node = heapq.heappop(queue)
        if node == b:
            return metres
        for other, more in edges[node].items():
            total = metres + more
            if total <= limit and total < best.get(other, math.inf):
                best[other] = total
                heapq.heappush(queue, (total, other))
    return math.inf


def _corners(area: Area, place: Mapping[int, Sequence[float]]) -> set[int]:
    """Return the nodes around which a way across may bend: corners that point inwards."""
    corners = set()
    for number, ring in enumerate(area.rings):
        points = np.array([place[node] for node in ring[:-1]])
        before, after = points - np.roll(points, 1, axis=0), np.roll(points, -1, axis=0) - points
        turn = before[:, 0] * after[:, 1] - before[:, 1] * after[:, 0]
        left = shapely.LinearRing(points).is_ccw
        inwards = turn < 0 if left == (number == 0) else turn > 0
        corners |= {ring[at] for at in np.flatnonzero(inwards)}
    return corners


def _rings(
    members: Sequence[tuple[str, int, str]], ways: Mapping[int, Way], role: str
) -> list[tuple[int, ...]]:
    """Return the closed rings that the ways of a role make; none where some are missing."""
    lines = [
        list(ways[ref].nodes)
        for kind, ref, as_ in members
        if kind == "w" and (as_ or "outer") == role and ref in ways
    ]
    rings = []
    while lines:
        ring = lines.pop()
        while ring[0] != ring[-1]:
            row = next((r for r, line in enumerate(lines) if ring[-1] in {line[0], line[-1]}), None)
            if row is None:
                break
            line = lines.pop(row)
            ring += (line if line[0] == ring[-1] else line[::-1])[1:]
        if ring[0] == ring[-1] and len(ring) > 3:  # noqa: PLR2004 - a triangle
            rings.append(tuple(ring))
    return rings
