"""An extract of OpenStreetMap, read in passes: what lies in a frame is kept, nothing else.

The one user of pyosmium. Each pass streams the file, so that memory holds what the frame
holds, however large the file is.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import osmium

from circle.errors import DataError
from circle.files import kind_of_file, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from circle.model import Floats

    Progress = Callable[[str, int], None]

_UNITS = 1e7
"""Coordinates in a file are whole ten-millionths of a degree."""
_TOLD_EVERY_S = 10.0
_LOOKED_EVERY = 1 << 16
_BLOCK_BITS, _MOST_BLOCKS = 25, 128
"""osmium marks numbers in blocks of 2 ** 25, of 4 MB each; a pass holds at most so many."""
_FORMATS = {"pbf": "pbf", "osm": "osm", "gzip": "osm.gz", "bzip2": "osm.bz2", "o5m": "o5m"}


class Frame(NamedTuple):
    """A rectangle in degrees; `west` lies east of `east` where it holds the 180th meridian."""

    west: float
    south: float
    east: float
    north: float


class Way(NamedTuple):
    """A way: the numbers of its nodes in order, and its tags."""

    id: int
    nodes: tuple[int, ...]
    tags: dict[str, str]


class Relation(NamedTuple):
    """A relation: its members as type (n, w, r), number and role, and its tags."""

    id: int
    members: tuple[tuple[str, int, str], ...]
    tags: dict[str, str]


@dataclass(frozen=True, eq=False)
class Extract:
    """What an extract holds in a frame.

    Attributes
    ----------
    node_id, lonlat
        Shapes (n,) ascending, (n, 2): the nodes in the frame, degrees.
    tagged
        Tags of the nodes that have some, by number.
    ways
        Ways with a node in the frame; their other nodes may be none of `node_id`.
    relations
        Multipolygons with such a way.
    date
        Day of the extract as its header states it, else of its newest object here; "" for none.
    """

    node_id: NDArray[np.int64]
    lonlat: Floats
    tagged: dict[int, dict[str, str]]
    ways: tuple[Way, ...]
    relations: tuple[Relation, ...]
    date: str

    def places(self, nodes: NDArray[np.int64]) -> Floats:
        """Return the degrees of nodes, shape (k, 2); NaN for those outside the frame."""
        if not len(self.node_id):
            return np.full((len(nodes), 2), np.nan)
        at = np.minimum(np.searchsorted(self.node_id, nodes), len(self.node_id) - 1)
        known = self.node_id[at] == nodes
        return np.where(known[:, None], self.lonlat[at], np.nan)


def read_extract(path: Path, frame: Frame, progress: Progress) -> Extract:
    """Return what a file holds in a frame.

    Parameters
    ----------
    path
        OSM as PBF, XML (also compressed) or o5m.
    frame
        What to keep.
    progress
        Told what is read (``nodes``, ``ways``, ``relations``) and how much of it, at times; and
        each time that the file is gone through for ways (``pass``).

    Raises
    ------
    DataError
        When the file is not there, no OSM, or broken.
    """
    dates = [""]
    numbers, tagged = _nodes(path, frame, progress, dates)
    order = np.argsort(numbers["id"], kind="stable")
    node_id = numbers["id"][order]
    ways = _ways(path, progress, node_id, dates)
    relations = tuple(_relations(path, progress, ways))
    return Extract(
        node_id=node_id,
        lonlat=np.column_stack([numbers["x"], numbers["y"]])[order] / _UNITS,
        tagged=tagged,
        ways=ways,
        relations=relations,
        date=_stated_date(path) or max(dates),
    )


def relations_of(path: Path, wanted: Callable[[Mapping[str, str]], bool]) -> list[Relation]:
    """Return the boundary relations of a file whose tags are `wanted`."""
    return [
        Relation(relation.id, _members(relation), dict(relation.tags))
        for relation in _stream(path, osmium.osm.RELATION, osmium.filter.KeyFilter("type"))
        if wanted(relation.tags)
    ]


def relation_numbered(path: Path, number: int) -> Relation | None:
    """Return the relation of that number; None where the file lacks it."""
    only = osmium.filter.IdFilter([number])
    for relation in _stream(path, osmium.osm.RELATION, only):
        return Relation(relation.id, _members(relation), dict(relation.tags))
    return None


def lines_of(path: Path, ways: set[int]) -> dict[int, Floats]:
    """Return the degrees (k, 2) of the ways of these numbers, as far as they are whole."""
    nodes = {
        way.id: [node.ref for node in way.nodes]
        for way in _stream(path, osmium.osm.WAY, osmium.filter.IdFilter(sorted(ways)))
    }
    numbers = {node for line in nodes.values() for node in line}
    places = {
        node.id: (node.location.x / _UNITS, node.location.y / _UNITS)
        for node in _stream(path, osmium.osm.NODE, osmium.filter.IdFilter(sorted(numbers)))
        if node.location.valid()
    }
    return {
        way: np.array([places[node] for node in line])
        for way, line in nodes.items()
        if len(line) > 1 and all(node in places for node in line)
    }


def bounds_of(path: Path) -> Frame | None:
    """Return the frame that the header of a file states; None where it states none."""
    box = _header(path).box()
    if not box.valid():
        return None
    low, high = box.bottom_left, box.top_right
    return Frame(low.lon, low.lat, high.lon, high.lat)


def _nodes(
    path: Path, frame: Frame, progress: Progress, dates: list[str]
) -> tuple[dict[str, NDArray[np.int64]], dict[int, dict[str, str]]]:
    from array import array  # noqa: PLC0415 - only here

    west, south, east, north = (round(value * _UNITS) for value in frame)
    across = west > east
    ids, xs, ys = array("q"), array("q"), array("q")
    tagged: dict[int, dict[str, str]] = {}
    for node in _told(_stream(path, osmium.osm.NODE), "nodes", progress):
        place = node.location
        x, y = place.x, place.y
        if not south <= y <= north:
            continue
        if (x < west and x > east) if across else not west <= x <= east:
            continue
        number = node.id
        ids.append(number)
        xs.append(x)
        ys.append(y)
        if len(node.tags):
            tagged[number] = dict(node.tags)
            dates[0] = max(dates[0], _day(node))
    columns = {"id": ids, "x": xs, "y": ys}
    return {name: np.array(values, np.int64) for name, values in columns.items()}, tagged


def _ways(
    path: Path, progress: Progress, node_id: NDArray[np.int64], dates: list[str]
) -> tuple[Way, ...]:
    """Return the ways with a node of some, by number."""
    ways = []
    for way in _told(_ways_with(path, progress, node_id), "ways", progress):
        dates[0] = max(dates[0], _day(way))
        ways.append(Way(way.id, tuple(node.ref for node in way.nodes), dict(way.tags)))
    return tuple(sorted(ways))


def _ways_with(path: Path, progress: Progress, node_id: NDArray[np.int64]) -> Iterator[Any]:
    """Yield the ways with a node of some, once each.

    A city's nodes bear numbers from all over the world's: marked all at once they take
    1.6 GB. So the file is read once for each part of them.
    """
    seen: set[int] = set()
    for number_of_pass, part in enumerate(in_blocks(node_id, _MOST_BLOCKS), start=1):
        progress("pass", number_of_pass)
        tracker = osmium.IdTracker()
        for number in part.tolist():
            tracker.add_node(number)
        for way in _stream(path, osmium.osm.WAY, tracker.contains_filter()):
            if way.id not in seen:
                seen.add(way.id)
                yield way


def in_blocks(numbers: NDArray[np.int64], most: int) -> list[NDArray[np.int64]]:
    """Return ascending numbers in parts, each of at most so many blocks of numbers."""
    _, start = np.unique(numbers >> _BLOCK_BITS, return_index=True)
    return np.split(numbers, start[most::most])


def _relations(path: Path, progress: Progress, ways: Iterable[Way]) -> Iterator[Relation]:
    tracker = osmium.IdTracker()
    for way in ways:
        tracker.add_way(way.id)
    areas = osmium.filter.TagFilter(("type", "multipolygon"))
    inside = tracker.contains_filter()
    for relation in _told(_stream(path, osmium.osm.RELATION, areas, inside), "relations", progress):
        yield Relation(relation.id, _members(relation), dict(relation.tags))


def _members(relation: Any) -> tuple[tuple[str, int, str], ...]:  # noqa: ANN401 - untyped library
    return tuple((member.type, member.ref, member.role) for member in relation.members)


def _day(thing: Any) -> str:  # noqa: ANN401 - untyped library
    stamp = thing.timestamp
    return f"{stamp:%Y-%m-%d}" if stamp.year > 1970 else ""  # noqa: PLR2004 - none stated


def _told(things: Iterator[Any], what: str, progress: Progress) -> Iterator[Any]:
    last, count = time.monotonic(), 0
    for count, thing in enumerate(things, start=1):
        yield thing
        if count % _LOOKED_EVERY == 0 and time.monotonic() - last > _TOLD_EVERY_S:
            last = time.monotonic()
            progress(what, count)
    progress(what, count)


def _stream(path: Path, entities: Any, *filters: Any) -> Iterator[Any]:  # noqa: ANN401 - untyped
    file = _file(path)
    try:
        objects = osmium.FileProcessor(file, entities)
        for each in filters:
            objects = objects.with_filter(each)
        yield from objects
    except (RuntimeError, ValueError, OSError) as error:
        raise DataError("osm_broken", file=shown(path.name), reason=str(error)[:200]) from error


def _header(path: Path) -> Any:  # noqa: ANN401 - untyped library
    try:
        reader = osmium.io.Reader(_file(path), osmium.osm.NOTHING)
        try:
            return reader.header()
        finally:
            reader.close()
    except (RuntimeError, ValueError, OSError) as error:
        raise DataError("osm_broken", file=shown(path.name), reason=str(error)[:200]) from error


def _file(path: Path) -> osmium.io.File:
    kind = kind_of_file(path)
    if kind == "graphml":
        raise DataError("osm_not_graphml", file=shown(path))
    if kind == "geojson":
        raise DataError("osm_not_geojson", file=shown(path))
    if kind not in _FORMATS:
        raise DataError("osm_other", file=shown(path))
    return osmium.io.File(str(path), _FORMATS[kind])


def _stated_date(path: Path) -> str:
    header = _header(path)
    for name in ("osmosis_replication_timestamp", "timestamp"):
        stated = str(header.get(name) or "")
        if len(stated) >= 10 and stated[:4].isdigit():  # noqa: PLR2004 - a day
            return stated[:10]
    return ""
