"""GraphML files of OSMnx of any age → street graphs in degrees."""

from __future__ import annotations

import ast
import contextlib
import math
import zlib
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError

from circle.errors import DataError
from circle.files import kind_of_file, shown
from circle.geo.crs import WGS84, to_lonlat

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_TAGS = ("highway", "name", "osmid", "step_count", "foot", "access", "shape_kind")
_UNREADABLE = (
    LookupError,
    ValueError,
    TypeError,
    SyntaxError,
    EOFError,
    zlib.error,
    nx.NetworkXError,
)
_LARGEST = np.array([180.0, 90.0])


def read_graph(path: Path) -> tuple[nx.MultiDiGraph[int], bool]:
    """Return the streets of a GraphML file, projected ones turned back into degrees.

    Parameters
    ----------
    path
        GraphML of OSMnx.

    Returns
    -------
    graph, assumed
        Nodes with x, y (WGS 84 degrees), highway; edges with osmid, highway, name,
        shape_kind and, where the file has them, length (metres), steps, step_count,
        foot, access, geometry; and whether WGS 84 was assumed as the file names no
        reference system.

    Raises
    ------
    DataError
        When the file is no GraphML of OSMnx, its reference system is not known, or
        its coordinates are none of that system.
    """
    kind = kind_of_file(path)
    if kind in {"osm", "pbf", "o5m"}:
        raise DataError("graphml_osm", file=shown(path))
    if kind not in {"graphml", "xml", "", "gzip", "bzip2"}:
        raise DataError("graphml_other", file=shown(path.name), kind=kind)
    try:
        raw = nx.read_graphml(path, node_type=int, force_multigraph=True)
        graph: nx.MultiDiGraph[int] = nx.MultiDiGraph(simplified=True, crs=WGS84)
        graph.add_nodes_from((node, _node(about)) for node, about in raw.nodes(data=True))
        both_ways: nx.MultiDiGraph[int] = nx.MultiDiGraph(raw)
        graph.add_edges_from((a, b, _edge(about)) for a, b, about in both_ways.edges(data=True))
    except KeyError as error:
        raise DataError("graphml_lacks", file=shown(path.name), name=error.args[0]) from error
    except (*_UNREADABLE, shapely.errors.ShapelyError) as error:
        reason = str(error) or type(error).__name__
        raise DataError("graphml", file=shown(path.name), reason=reason) from error
    stated = str(raw.graph.get("crs") or "").strip()
    assumed = stated in {"", "None"}
    _turn_to_degrees(graph, WGS84 if assumed else _system(stated, path.name))
    _refuse_others(graph, path.name, stated or "-")
    return graph, assumed


def _node(about: Mapping[str, Any]) -> dict[str, Any]:
    signal = {"highway": about["highway"]} if "highway" in about else {}
    return {name: float(about[name]) for name in ("x", "y")} | signal


def _edge(about: Mapping[str, Any]) -> dict[str, Any]:
    tags = {name: _value(about[name]) for name in _TAGS if name in about}
    shape = str(about.get("geometry") or "")
    length, steps = (_number(about.get(name)) for name in ("length", "steps"))
    return (
        {"osmid": "", "shape_kind": "traced" if shape else "straight", **tags}
        | ({"geometry": shapely.from_wkt(shape)} if shape else {})
        | ({} if length is None else {"length": length})
        | ({} if steps is None else {"steps": int(steps)})
    )


def _value(text: object) -> object:
    """Return a list or dict that stands as text; anything else as it is."""
    if isinstance(text, str) and text[:1] in {"[", "{"}:
        with contextlib.suppress(SyntaxError, ValueError):
            return ast.literal_eval(text)
    return text


def _number(text: object) -> float | None:
    """Return a number; None for what is none."""
    try:
        number = float(str(text))
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _system(stated: str, file: str) -> str:
    """Return the reference system that a file states; OSMnx wrote dicts before 0.16."""
    value = _value(stated)
    if isinstance(value, dict):
        value = value.get("init", value)
    if isinstance(value, str) and value.startswith("+init="):
        value = value.removeprefix("+init=").split()[0]
    try:
        system = CRS.from_user_input(value)
    except CRSError as error:
        raise DataError("graphml_crs", file=file, crs=stated[:80]) from error
    if not (system.is_geographic or system.is_projected):
        raise DataError("graphml_crs", file=file, crs=stated[:80])
    return WGS84 if system == CRS.from_user_input(WGS84) else system.to_wkt()


def _turn_to_degrees(graph: nx.MultiDiGraph[int], crs: str) -> None:
    if crs == WGS84 or not graph:
        return
    nodes = list(graph.nodes.values())
    degrees = to_lonlat([(about["x"], about["y"]) for about in nodes], crs)
    for about, (lon, lat) in zip(nodes, degrees.tolist(), strict=True):
        about.update(x=lon, y=lat)
    for about in graph.edges.values():
        if "geometry" in about:
            about["geometry"] = shapely.transform(
                about["geometry"], lambda xy: to_lonlat(xy, crs), include_z=False
            )


def _refuse_others(graph: nx.MultiDiGraph[int], file: str, crs: str) -> None:
    shapes = [about["geometry"] for about in graph.edges.values() if "geometry" in about]
    for points in (
        np.array([(about["x"], about["y"]) for about in graph.nodes.values()], float),
        shapely.get_coordinates(shapes),
    ):
        wrong = ~(np.abs(points.reshape(-1, 2)) <= _LARGEST).all(axis=1)
        if wrong.any():
            x, y = points[int(np.argmax(wrong))].tolist()
            raise DataError("graphml_degrees", file=file, x=x, y=y, crs=crs[:80])
