"""Ways of an extract → junctions and segments that are walked, and what was left out.

The walk filter is that of `circle.network.on_foot`; on top of it, a street whose sidewalks
are mapped apart (sidewalk=separate) is left out where such a sidewalk runs beside it and
nothing hangs on the street alone. Areas open to walkers are crossed (`circle.osm.areas`).
"""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
import shapely
from pyproj import Geod

from circle.network.on_foot import not_for_walking
from circle.osm.areas import Area, crossings, is_area, open_areas
from circle.osm.sidewalks import beside_sidewalks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from circle.model import Floats
    from circle.osm.extract import Extract, Way

SIDEWALK = "sidewalk"
"""Why a street with a drawn sidewalk beside it is left out."""
_SIDEWALK_TAGS = ("sidewalk", "sidewalk:both", "sidewalk:left", "sidewalk:right")
_SIGNALS = {"traffic_signals"}
_EARTH = Geod(ellps="WGS84")
_DECIMALS = 7


class About(NamedTuple):
    """What all of a segment has in common: pieces that differ in it are not joined."""

    kind: str
    name: str
    straight: bool


@dataclass(frozen=True)
class Piece:
    """A stretch of street between two nodes.

    Attributes
    ----------
    nodes
        Numbers in order.
    about
        Its class, name, and whether it is drawn straight across an area.
    ways
        The ways that it is of.
    steps
        -1 no stair, 0 a stair of unknown count, else the count.
    separate
        Whether its sidewalks are said to be mapped apart.
    drawn_sidewalk
        Whether it is such a sidewalk.
    """

    nodes: tuple[int, ...]
    about: About
    ways: tuple[int, ...]
    steps: int = -1
    separate: bool = False
    drawn_sidewalk: bool = False


@dataclass(frozen=True, eq=False)
class Streets:
    """Tables in the facts' format, and the ways that were left out.

    `left_out` has the columns osm_way, reason, class, name, length_m, lon, lat.
    """

    junctions: pd.DataFrame
    segments: pd.DataFrame
    left_out: pd.DataFrame

    @property
    def reasons(self) -> dict[str, int]:
        """How many ways were left out, by reason."""
        return dict(Counter(self.left_out["reason"]))


def streets_of(
    extract: Extract,
    to_xy: Callable[[Floats], Floats],
    *,
    ferries: bool = False,
    indoors: bool = False,
) -> Streets:
    """Return the walked streets of an extract.

    Parameters
    ----------
    extract
        What lies in the frame; ways are cut off where they leave it.
    to_xy
        Degrees (k, 2) → metres.
    ferries, indoors
        Whether to walk onto ferries, and along corridors indoors.
    """
    walked, left_out = [], []
    for way in extract.ways:
        if not ("highway" in way.tags or way.tags.get("route") == "ferry"):
            continue
        reason = not_for_walking(way.tags, ferries=ferries, indoors=indoors)
        if reason:
            left_out.append((way, reason))
        elif not is_area(way):
            walked.append(way)
    areas = open_areas(extract, to_xy)
    place = dict(zip(extract.node_id.tolist(), to_xy(extract.lonlat).tolist(), strict=True))
    runs = [(way, run) for way in walked for run in _runs(way.nodes, place)]
    pieces = _cut(runs, areas)
    pieces += _across(areas, pieces, place)
    kept, beside = _without_separate(pieces, place)
    left_out += beside
    segments = joined(kept)
    return Streets(*_tables(segments, extract), _listed(left_out, extract))


def joined(pieces: Sequence[Piece]) -> list[Piece]:
    """Return pieces joined where two alike meet at a node where nothing else does."""
    at: dict[int, list[int]] = defaultdict(list)
    for row, piece in enumerate(pieces):
        at[piece.nodes[0]].append(row)
        at[piece.nodes[-1]].append(row)

    def follower(row: int, node: int) -> int | None:
        """Return the piece that goes on from `row` at `node`; None where it ends there."""
        rows = at[node]
        if len(rows) != 2 or rows[0] == rows[1]:  # noqa: PLR2004 - one comes, one goes on
            return None
        other = rows[0] if rows[1] == row else rows[1]
        return other if pieces[other].about == pieces[row].about else None

    done: set[int] = set()
    segments = []
    for first in range(len(pieces)):
        if first in done:
            continue
        row, node, seen = first, pieces[first].nodes[0], {first}
        while (before := follower(row, node)) is not None and before not in seen:
            row, node = before, _other_end(pieces[before], node)
            seen.add(row)
        chain = [pieces[row] if pieces[row].nodes[0] == node else _turned(pieces[row])]
        done.add(row)
        while (after := follower(row, chain[-1].nodes[-1])) is not None and after not in done:
            end = chain[-1].nodes[-1]
            piece = pieces[after]
            chain.append(piece if piece.nodes[0] == end else _turned(piece))
            row = after
            done.add(row)
        segments.append(_chained(chain))
    return segments


def _other_end(piece: Piece, node: int) -> int:
    return piece.nodes[-1] if piece.nodes[0] == node else piece.nodes[0]


def _turned(piece: Piece) -> Piece:
    return replace(piece, nodes=piece.nodes[::-1])


def _chained(chain: Sequence[Piece]) -> Piece:
    if len(chain) == 1:
        return chain[0]
    nodes = [*chain[0].nodes]
    for piece in chain[1:]:
        nodes += piece.nodes[1:]
    counts = [piece.steps for piece in chain]
    steps = sum(counts) if min(counts) > 0 else max(min(counts), -1)
    ways = tuple(dict.fromkeys(way for piece in chain for way in piece.ways))
    return replace(chain[0], nodes=tuple(nodes), ways=ways, steps=steps)


def _runs(nodes: Iterable[int], known: Mapping[int, object]) -> list[tuple[int, ...]]:
    """Return the stretches of a way that lie in the frame."""
    runs: list[list[int]] = [[]]
    for node in nodes:
        if node in known:
            if not runs[-1] or runs[-1][-1] != node:
                runs[-1].append(node)
        elif runs[-1]:
            runs.append([])
    return [tuple(run) for run in runs if len(run) > 1]


def _cut(runs: Sequence[tuple[Way, tuple[int, ...]]], areas: Sequence[Area]) -> list[Piece]:
    """Return the runs of ways cut where they meet each other, or an area's edge."""
    uses: Counter[int] = Counter()
    for _, run in runs:
        uses.update(run)
        uses.update((run[0], run[-1]))
    for area in areas:
        uses.update({node for ring in area.rings for node in ring})
    pieces = []
    for way, run in runs:
        about = About(way.tags.get("highway", "ferry"), _name(way.tags), straight=False)
        steps = _steps(way.tags)
        separate = any(way.tags.get(tag) == "separate" for tag in _SIDEWALK_TAGS)
        sidewalk = "sidewalk" in {way.tags.get("footway"), way.tags.get("path")}
        ends = [at for at, node in enumerate(run) if uses[node] > 1]
        for begin, end in itertools.pairwise(ends):
            nodes = run[begin : end + 1]
            pieces.append(Piece(nodes, about, (way.id,), steps, separate, sidewalk))
    return _counts_shared(pieces)


def _counts_shared(pieces: list[Piece]) -> list[Piece]:
    """Share the steps of a stair that is cut among its pieces, by their nodes."""
    rows: dict[int, list[int]] = defaultdict(list)
    for row, piece in enumerate(pieces):
        if piece.steps > 0:
            rows[piece.ways[0]].append(row)
    for of_way in rows.values():
        gaps = np.cumsum([0, *(len(pieces[row].nodes) - 1 for row in of_way)])
        upto = np.rint(pieces[of_way[0]].steps * gaps / gaps[-1]).astype(int)
        for row, steps in zip(of_way, np.diff(upto).tolist(), strict=True):
            pieces[row] = replace(pieces[row], steps=max(steps, 1))
    return pieces


def _across(
    areas: Sequence[Area], pieces: Sequence[Piece], place: Mapping[int, Sequence[float]]
) -> list[Piece]:
    """Return the edges of areas that streets lead to, and the ways across."""
    reached = {node for piece in pieces for node in (piece.nodes[0], piece.nodes[-1])}
    shared = Counter(node for area in areas for ring in area.rings for node in set(ring))
    more = []
    for area in areas:
        entries = {n for ring in area.rings for n in ring if n in reached or shared[n] > 1}
        about = About(area.kind, area.name, straight=False)
        for ring in area.rings:
            stops = [at for at, node in enumerate(ring) if node in entries] or [0]
            turned = ring[stops[0] : -1] + ring[: stops[0] + 1]
            ends = [0, *(at - stops[0] for at in stops[1:] if at < len(ring) - 1), len(ring) - 1]
            more += [
                Piece(turned[a : b + 1], about, (area.way,))
                for a, b in itertools.pairwise(ends)
                if b > a
            ]
        straight = about._replace(straight=True)
        more += [Piece(pair, straight, (area.way,)) for pair in crossings(area, entries, place)]
    return more


def _without_separate(
    pieces: list[Piece], place: Mapping[int, Sequence[float]]
) -> tuple[list[Piece], list[tuple[Way, str]]]:
    """Leave out the streets that a drawn sidewalk runs beside; it takes on their name."""
    if not any(piece.separate for piece in pieces):
        return pieces, []
    lines = [shapely.LineString([place[node] for node in piece.nodes]) for piece in pieces]
    ends = np.array([(piece.nodes[0], piece.nodes[-1]) for piece in pieces], np.int64)
    separate = np.array([piece.separate for piece in pieces])
    drawn = np.array([piece.drawn_sidewalk for piece in pieces])
    dropped, namer = beside_sidewalks(np.array(lines, object), ends, separate, drawn)
    kept = []
    for row, piece in enumerate(pieces):
        if dropped[row]:
            continue
        if piece.drawn_sidewalk and not piece.about.name and namer[row] >= 0:
            name = pieces[namer[row]].about.name
            kept.append(replace(piece, about=piece.about._replace(name=name)))
        else:
            kept.append(piece)
    gone = [pieces[row] for row in np.flatnonzero(dropped)]
    return kept, [(_as_way(piece), SIDEWALK) for piece in gone]


def _as_way(piece: Piece) -> Way:
    from circle.osm.extract import Way  # noqa: PLC0415 - only its type elsewhere

    tags = {"highway": piece.about.kind, "name": piece.about.name}
    return Way(piece.ways[0], piece.nodes, tags)


def _name(tags: Mapping[str, str]) -> str:
    return " ".join(tags.get("name", "").split())


def _steps(tags: Mapping[str, str]) -> int:
    if tags.get("highway") != "steps":
        return -1
    count = tags.get("step_count", "").strip()
    return int(count) if count.isascii() and count.isdigit() and len(count) < 6 else 0  # noqa: PLR2004


def _tables(segments: list[Piece], extract: Extract) -> tuple[pd.DataFrame, pd.DataFrame]:
    meets = Counter(node for piece in segments for node in (piece.nodes[0], piece.nodes[-1]))
    nodes = np.array(sorted(meets), np.int64)
    lonlat = extract.places(nodes)
    signals = [
        "traffic_signals" if meets[node] > 2 and _signal(extract.tagged.get(node)) else ""  # noqa: PLR2004
        for node in nodes.tolist()
    ]
    junctions = pd.DataFrame(
        {
            "osm_node": nodes.astype(str),
            "lon": [f"{value:.{_DECIMALS}f}" for value in lonlat[:, 0]],
            "lat": [f"{value:.{_DECIMALS}f}" for value in lonlat[:, 1]],
            "control": signals,
        },
        dtype=object,
    )
    rows = []
    for piece in segments:
        line = extract.places(np.array(piece.nodes))
        rows.append(
            {
                "from_node": str(piece.nodes[0]),
                "to_node": str(piece.nodes[-1]),
                "length_m": f"{max(_length_m(line), 0.1):.1f}",
                "class": piece.about.kind,
                "name": piece.about.name,
                "steps": str(piece.steps),
                "shape": " ".join(f"{x:.{_DECIMALS}f},{y:.{_DECIMALS}f}" for x, y in line),
                "shape_kind": "straight" if piece.about.straight else "traced",
                "observed": extract.date,
                "osm_ways": ";".join(map(str, piece.ways)),
            }
        )
    columns = ["from_node", "to_node", "length_m", "class", "name", "steps", "shape"]
    columns += ["shape_kind", "observed", "osm_ways"]
    return junctions, pd.DataFrame(rows, columns=columns, dtype=object)


def _signal(tags: Mapping[str, str] | None) -> bool:
    return tags is not None and bool({tags.get("highway"), tags.get("crossing")} & _SIGNALS)


def _length_m(lonlat: Floats) -> float:
    return float(_EARTH.line_length(lonlat[:, 0], lonlat[:, 1]))


def _listed(left_out: Iterable[tuple[Way, str]], extract: Extract) -> pd.DataFrame:
    rows = []
    for way, reason in left_out:
        line = extract.places(np.array(way.nodes))
        line = line[np.isfinite(line[:, 0])]
        if len(line) > 1:
            kind = way.tags.get("highway") or f"route={way.tags.get('route', '')}"
            lon, lat = (f"{value:.{_DECIMALS}f}" for value in line[len(line) // 2])
            metres = f"{_length_m(line):.0f}"
            rows.append((str(way.id), reason, kind, _name(way.tags), metres, lon, lat))
    columns = ["osm_way", "reason", "class", "name", "length_m", "lon", "lat"]
    return pd.DataFrame(rows, columns=columns, dtype=object)
