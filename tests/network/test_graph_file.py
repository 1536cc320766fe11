"""GraphML of any age is read, in degrees; what cannot be read is a sentence."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import networkx as nx
import numpy as np
import osmnx as ox
import pytest

from circle.errors import DataError
from circle.network.graph_file import read_graph
from circle.network.graphml import facts_from_graphml, read_graphml

if TYPE_CHECKING:
    from pathlib import Path

FILE = "streets.graphml"


def write(folder: Path, crs: str | None = "EPSG:4326", **tags: object) -> Path:
    """Write one street of 95 m in both directions as text, without OSMnx."""
    graph: nx.MultiDiGraph[int] = nx.MultiDiGraph()
    graph.graph |= {} if crs is None else {"crs": crs}
    for number in (1, 2):
        graph.add_node(number, x=str(121 + number / 1000), y="31.0", **tags)
    for a, b in ((1, 2), (2, 1)):
        graph.add_edge(a, b, highway="footway", osmid="7", length="95.5")
    nx.write_graphml(graph, folder / FILE)
    return folder / FILE


@pytest.mark.parametrize(
    "crs",
    [
        "EPSG:4326",
        "epsg:4326",
        "{'init': 'epsg:4326'}",
        "+init=epsg:4326 +type=crs",
        "OGC:CRS84",
        "{'proj': 'longlat', 'datum': 'WGS84', 'no_defs': True}",
    ],
)
def test_degrees_in_the_words_of_any_version(tmp_path: Path, crs: str) -> None:
    graph, assumed = read_graph(write(tmp_path, crs))
    assert not assumed
    assert graph.nodes[1] == pytest.approx({"x": 121.001, "y": 31.0}, abs=1e-9)


@pytest.mark.parametrize("crs", [None, "", "None"])
def test_without_a_reference_system_wgs84_is_assumed(tmp_path: Path, crs: str | None) -> None:
    assert facts_from_graphml(write(tmp_path, crs), tmp_path / "facts").assumed


@pytest.mark.parametrize("count", ["3", "3.0", "many"])
def test_the_count_of_streets_is_not_needed(tmp_path: Path, count: str) -> None:
    _, segments, _ = read_graphml(write(tmp_path, street_count=count))
    assert segments["length_m"].tolist() == [95.5]
    assert segments["shape_kind"].tolist() == ["straight"]


@pytest.mark.parametrize("length", ["", "nan", "long"])
def test_a_missing_length_is_that_of_the_shape(tmp_path: Path, length: str) -> None:
    path = write(tmp_path)
    path.write_text(path.read_text("utf-8").replace("95.5", length), encoding="utf-8")
    assert read_graphml(path)[1]["length_m"].tolist() == [95.3]


def test_metres_are_turned_into_degrees(tmp_path: Path) -> None:
    plain = ox.load_graphml(write(tmp_path))
    ox.save_graphml(ox.project_graph(plain), tmp_path / "metres.graphml")
    junctions, segments, _ = read_graphml(tmp_path / "metres.graphml")
    assert np.allclose(junctions[["lon", "lat"]], [[121.001, 31.0], [121.002, 31.0]], atol=1e-7)
    assert segments["shape"].tolist() == ["LINESTRING (121.001 31, 121.002 31)"]


@pytest.mark.parametrize(
    ("before", "after", "key"),
    [
        ("EPSG:4326", "EPSG:999999", "graphml_crs"),
        ("121.001", "355000.0", "graphml_degrees"),
        ("121.001", "nan", "graphml_degrees"),
        ("121.001", "east", "graphml"),
        ('attr.name="x"', 'attr.name="z"', "graphml_lacks"),
        ('id="1"', 'id="one"', "graphml"),
    ],
)
def test_what_cannot_be_read_is_told_and_nothing_written(
    tmp_path: Path, before: str, after: str, key: str
) -> None:
    path = write(tmp_path)
    path.write_text(path.read_text("utf-8").replace(before, after), encoding="utf-8")
    with pytest.raises(DataError, match=FILE) as error:
        facts_from_graphml(path, tmp_path / "facts")
    assert error.value.key == key
    assert not (tmp_path / "facts").exists()


GRAPHML = (
    '<graphml xmlns="http://graphml.graphdrawing.org/xmlns"><graph edgedefault="directed">'
    '<node id="1"/><node id="2"/><edge source="1" target="2"/></graph></graphml>'
)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.graphml", b"", "no element found"),
        ("a.graphml", b"<graphml", "unclosed token"),
        ("a.graphml", GRAPHML.encode(), "缺少 x"),
        ("a.graphml", GRAPHML.replace('"1"', '"one"').encode(), "one"),
        ("a.graphml.gz", gzip.compress(GRAPHML.encode(), mtime=0)[:-12], "end-of-stream"),
        ("a.graphml.gz", gzip.compress(b"x" * 99, mtime=0)[:10] + b"\xff" * 20, "decompress"),
    ],
)
def test_every_file_that_is_no_graph_has_a_reason(
    tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match=said):
        read_graph(tmp_path / name)
