"""Valhalla with tiles built from the same streets, without a network.

The streets are written as OpenStreetMap data (each segment a residential way
on which one may walk), and Valhalla's own builder makes tiles of them. Valhalla
measures a way by its drawn line: its distances are straight, those of the
other peers up to 1.3 times as long, and a made-up city is wider to Valhalla.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import osmium
import valhalla
from pyproj import Transformer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from benchmarks.city import Streets
    from circle.model import Floats, Ints

WALK_KM_H = 4.8
M_PER_MINUTE = WALK_KM_H * 1000 / 60
_WALK = {
    "costing": "pedestrian",
    "costing_options": {"pedestrian": {"walking_speed": WALK_KM_H}},
}


class Valhalla:
    """The peer, ready to be asked.

    Parameters
    ----------
    streets
        The streets; ``xy`` in `crs`.
    folder
        Where the data and the tiles are written.
    crs
        Metric reference system of the streets.

    Raises
    ------
    subprocess.CalledProcessError
        When the tiles cannot be built.
    """

    def __init__(self, streets: Streets, folder: Path, crs: str = "EPSG:4549") -> None:
        to_degrees = Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
        self.lonlat = np.column_stack(to_degrees.transform(*streets.xy.T))
        data = folder / "streets.osm.pbf"
        _write(self.lonlat, streets.ends, data)
        self._actor = valhalla.Actor(str(_build(data, folder)))

    def isochrones(self, origin: int, limits_m: Sequence[float]) -> Callable[[], object]:
        """Contours of one origin, as GeoJSON."""
        request = {
            "locations": self._places([origin]),
            "contours": [{"time": limit / M_PER_MINUTE} for limit in limits_m],
            "polygons": True,
            **_WALK,
        }
        text = json.dumps(request)
        return lambda: self._actor.isochrone(text)

    def many(self, doors: Ints, facilities: Ints) -> Callable[[], Floats]:
        """Every door to every facility, metres; shape (facilities, doors)."""
        request = {
            "sources": self._places(facilities.tolist()),
            "targets": self._places(doors.tolist()),
            "verbose": False,
            "units": "kilometers",
            **_WALK,
        }
        text = json.dumps(request)

        def work() -> Floats:
            answer = json.loads(self._actor.matrix(text))["sources_to_targets"]
            return np.array(answer["distances"], dtype=np.float64) * 1000

        return work

    def _places(self, nodes: Sequence[int]) -> list[dict[str, float]]:
        return [{"lon": lon, "lat": lat} for lon, lat in self.lonlat[list(nodes)].tolist()]


def _write(lonlat: Floats, ends: Ints, path: Path) -> None:
    path.unlink(missing_ok=True)
    tags = {"highway": "residential", "foot": "yes"}
    with osmium.SimpleWriter(str(path)) as writer:
        for number, place in enumerate(lonlat.tolist(), start=1):
            writer.add_node(osmium.osm.mutable.Node(id=number, version=1, location=place))
        for number, nodes in enumerate((ends + 1).tolist(), start=1):
            writer.add_way(osmium.osm.mutable.Way(id=number, version=1, nodes=nodes, tags=tags))


def _build(data: Path, folder: Path) -> Path:
    tiles = folder / "tiles"
    tiles.mkdir(exist_ok=True)
    config = valhalla.get_config(tile_extract="", tile_dir=tiles, verbose=False)
    config["mjolnir"]["concurrency"] = 2
    config["service_limits"]["pedestrian"]["max_matrix_location_pairs"] = 1_000_000
    config["service_limits"]["max_timedep_distance_matrix"] = 0
    path = folder / "valhalla.json"
    path.write_text(json.dumps(config), encoding="utf-8")
    builder = Path(valhalla.__file__).with_name("bin") / "valhalla_build_tiles"
    subprocess.run(  # noqa: S603 - the peer's own builder, which leaves files where it runs
        [builder, "-c", path, data], check=True, capture_output=True, cwd=folder
    )
    return path
