"""A town of a dozen ways, written by hand as OpenStreetMap has it.

Streets are 100 m apart, three by three: node (column, row) has the number
``10 * row + column + 1``, the one at the south-west corner lies at WEST, SOUTH.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

import pytest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

WEST, SOUTH = -51.2, -30.05
LON_M, LAT_M = 96_420.0, 110_860.0
"""Metres in a degree there."""


def degrees(east_m: float, north_m: float) -> tuple[float, float]:
    """Return longitude and latitude, so many metres from the south-west corner."""
    lon = (WEST + east_m / LON_M + 180) % 360 - 180
    return round(lon, 7), round(SOUTH + north_m / LAT_M, 7)


def number(column: int, row: int) -> int:
    """Return the number of a node of the grid."""
    return 10 * row + column + 1


class Town:
    """What is written into an .osm file: nodes, ways, relations."""

    def __init__(self) -> None:
        self.nodes: dict[int, tuple[float, float, Mapping[str, str]]] = {}
        self.ways: dict[int, tuple[Sequence[int], Mapping[str, str]]] = {}
        self.relations: dict[int, tuple[Sequence[tuple[str, int, str]], Mapping[str, str]]] = {}

    def node(self, number: int, east_m: float, north_m: float, **tags: str) -> int:
        """Add a node."""
        self.nodes[number] = (east_m, north_m, tags)
        return number

    def way(self, number: int, nodes: Sequence[int], tags: Mapping[str, str]) -> None:
        """Add a way."""
        self.ways[number] = (nodes, tags)

    def write(self, path: Path) -> Path:
        """Write the file, dated as an extract is."""
        stamp = 'version="1" timestamp="2026-05-04T03:02:01Z"'
        lines = ["<?xml version='1.0' encoding='UTF-8'?>", '<osm version="0.6" generator="hand">']
        for node, (east_m, north_m, tags) in sorted(self.nodes.items()):
            lon, lat = degrees(east_m, north_m)
            place = f'lon="{lon:.7f}" lat="{lat:.7f}"'
            lines += [f'<node id="{node}" {place} {stamp}>', *_tags(tags), "</node>"]
        for way, (nodes, tags) in sorted(self.ways.items()):
            refs = [f'<nd ref="{node}"/>' for node in nodes]
            lines += [f'<way id="{way}" {stamp}>', *refs, *_tags(tags), "</way>"]
        for relation, (members, tags) in sorted(self.relations.items()):
            types = {"n": "node", "w": "way", "r": "relation"}
            inside = [
                f'<member type="{types[kind]}" ref="{ref}" role="{role}"/>'
                for kind, ref, role in members
            ]
            lines += [f'<relation id="{relation}" {stamp}>', *inside, *_tags(tags), "</relation>"]
        path.write_text("\n".join([*lines, "</osm>"]), encoding="utf-8")
        return path


def _tags(tags: Mapping[str, str]) -> list[str]:
    return [f"<tag k={quoteattr(key)} v={quoteattr(value)}/>" for key, value in tags.items()]


def grid() -> Town:
    """Return three streets by three, each one way."""
    town = Town()
    for row in range(3):
        for column in range(3):
            town.node(number(column, row), 100 * column, 100 * row)
    for at in range(3):
        across, up = [number(c, at) for c in range(3)], [number(at, r) for r in range(3)]
        town.way(100 + at, across, {"highway": "residential", "name": f"Rua {at}"})
        town.way(200 + at, up, {"highway": "residential", "name": f"Avenida {at}"})
    return town


def boundary(path: Path, **properties: str) -> Path:
    """Write the boundary around the grid as GeoJSON."""
    corners = ((-20, -20), (220, -20), (220, 220), (-20, 220), (-20, -20))
    shape = {"type": "Polygon", "coordinates": [[degrees(*corner) for corner in corners]]}
    feature = {"type": "Feature", "properties": properties, "geometry": shape}
    path.write_text(
        json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8"
    )
    return path


@pytest.fixture
def town() -> Town:
    """Return the grid, free to be added to."""
    return grid()
