"""Valhalla with tiles built from the same streets, without a network.

The streets are written as OpenStreetMap data (each segment a residential way
with its shape, on which one may walk), and Valhalla's own builder makes tiles of
them. Valhalla measures a way by its drawn line; our lengths are those of the
street's own way, so the two differ a little.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import osmium
import shapely
import valhalla

from circle.geo.crs import to_lonlat, to_metric

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from circle.model import Floats, WalkNetwork

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
        The streets.
    folder
        Where the data and the tiles are written.

    Raises
    ------
    subprocess.CalledProcessError
        When the tiles cannot be built.
    """

    def __init__(self, streets: WalkNetwork, folder: Path) -> None:
        self._crs = streets.crs
        data = folder / "streets.osm.pbf"
        _write(streets, data)
        self._actor = valhalla.Actor(str(_build(data, folder)))

    def isochrones(self, xy: Floats, limits_m: Sequence[float]) -> Callable[[], str]:
        """Contours around one point (2,), as GeoJSON text."""
        request = {
            "locations": self._places(xy),
            "contours": [{"time": limit / M_PER_MINUTE} for limit in limits_m],
            "polygons": True,
            **_WALK,
        }
        text = json.dumps(request)
        return lambda: str(self._actor.isochrone(text))

    def polygons(self, text: str) -> list[shapely.Geometry]:
        """Return an answer of `isochrones` as geometries in metres, the smallest first."""
        features = json.loads(text)["features"]
        features.sort(key=lambda feature: feature["properties"]["contour"])
        shapes = [shapely.geometry.shape(feature["geometry"]) for feature in features]
        in_metres = [shapely.transform(shape, self._to_metric) for shape in shapes]
        return [shapely.make_valid(shape) for shape in in_metres]

    def many(self, doors: Floats, places: Floats) -> Callable[[], Floats]:
        """Every door (k, 2) to every place (p, 2), metres; shape (p, k)."""
        request = {
            "sources": self._places(places),
            "targets": self._places(doors),
            "verbose": False,
            "units": "kilometers",
            **_WALK,
        }
        text = json.dumps(request)

        def work() -> Floats:
            answer = json.loads(self._actor.matrix(text))["sources_to_targets"]
            return np.array(answer["distances"], dtype=np.float64) * 1000

        return work

    def _to_metric(self, lonlat: Floats) -> Floats:
        return to_metric(lonlat[:, 0], lonlat[:, 1], self._crs)

    def _places(self, xy: Floats) -> list[dict[str, float]]:
        return [{"lon": lon, "lat": lat} for lon, lat in to_lonlat(xy, self._crs).tolist()]


def _write(streets: WalkNetwork, path: Path) -> None:
    """Write junctions as the first nodes, then each way's own vertices."""
    tags = {"highway": "residential", "foot": "yes"}
    junctions = len(streets.node_xy)
    places = to_lonlat(np.concatenate([streets.node_xy, streets.shape_xy]), streets.crs)
    path.unlink(missing_ok=True)
    with osmium.SimpleWriter(str(path)) as writer:
        for number, place in enumerate(places.tolist(), start=1):
            writer.add_node(osmium.osm.mutable.Node(id=number, version=1, location=place))
        for row, (one, other) in enumerate((streets.segment_nodes + 1).tolist()):
            first, last = streets.shape_start[row : row + 2].tolist()
            between = range(junctions + first + 2, junctions + last)
            nodes = [one, *between, other]
            writer.add_way(osmium.osm.mutable.Way(id=row + 1, version=1, nodes=nodes, tags=tags))


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
