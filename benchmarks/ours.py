"""Our engine's calls, and how well polygons keep to the streets."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, cast

import numpy as np
import orjson
import shapely

from benchmarks.measure import Quality
from circle.geo.crs import to_metric
from circle.model import Snapped
from circle.network.graph import segment_lines
from circle.network.snap import snap_one
from circle.reach import travel
from circle.reach.isochrone import isochrones, to_features

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from circle.model import Floats, Impedance, Ints, Isochrone, Reach, WalkNetwork

SAMPLE_M = 5.0


class Ours(NamedTuple):
    """The streets as one profile walks them."""

    impedance: Impedance

    @property
    def speed_m_s(self) -> float:
        """Speed on the level."""
        return self.impedance.profile.speed_m_s

    def one(self, origin: Snapped, limit_m: float) -> Callable[[], Reach]:
        """One origin to all within a limit."""
        limit_s = limit_m / self.speed_m_s
        return lambda: travel.reach_from(self.impedance, origin, limit_s)

    def nearest(
        self, places: Mapping[str, Snapped], points: Snapped
    ) -> Callable[[], dict[str, tuple[Floats, Ints]]]:
        """Every point to the nearest place of each kind."""
        return lambda: {
            kind: travel.nearest(self.impedance, of_kind, points)
            for kind, of_kind in places.items()
        }

    def many(self, doors: Snapped, places: Snapped, threads: int) -> Callable[[], Floats]:
        """Every door to every place."""
        return lambda: travel.many_to_many(self.impedance, doors, places, threads=threads)

    def polygons(
        self, origin: Snapped, limits_m: Sequence[float], cell_m: float
    ) -> Callable[[], tuple[Isochrone, ...]]:
        """Search, and polygons of each limit with their error."""
        minutes = self.minutes(limits_m)

        def work() -> tuple[Isochrone, ...]:
            reach = travel.reach_from(self.impedance, origin, minutes[-1] * 60)
            return isochrones(reach, minutes, cell_m=cell_m)

        return work

    def click(
        self, lon: float, lat: float, limits_m: Sequence[float], cell_m: float
    ) -> Callable[[], bytes]:
        """From degrees to GeoJSON: snap, search, polygons with their error, bytes."""
        minutes = self.minutes(limits_m)
        crs = self.impedance.network.crs

        def work() -> bytes:
            origin = snap_one(self.impedance, to_metric(lon, lat, crs)[0])
            reach = travel.reach_from(self.impedance, origin, minutes[-1] * 60)
            features = to_features(isochrones(reach, minutes, cell_m=cell_m), crs)
            return orjson.dumps({"type": "FeatureCollection", "features": features})

        return work

    def minutes(self, limits_m: Sequence[float]) -> list[float]:
        """Return limits of metres as minutes of walking."""
        return [limit / self.speed_m_s / 60 for limit in limits_m]

    def reached_m(self, found: object) -> Floats:
        """Return a reach as metres to every junction, infinite where out of reach."""
        reach = cast("Reach", found)
        metres = np.full(len(self.impedance.network.node_xy), np.inf)
        metres[reach.node] = reach.ms / 1000 * self.speed_m_s
        return metres

    def nearest_m(self, found: object) -> Floats:
        """Return what `nearest` finds as metres, shape (kinds, k)."""
        by_kind = cast("dict[str, tuple[Floats, Ints]]", found)
        return np.stack([seconds for seconds, _ in by_kind.values()]) * self.speed_m_s

    def many_m(self, found: object) -> Floats:
        """Return what `many` finds as metres, shape (places, doors)."""
        return cast("Floats", found).T * self.speed_m_s


def at_junctions(network: WalkNetwork, nodes: Ints) -> Snapped:
    """Return junctions as places on one of their segments."""
    edge = network.adjacency_start[nodes]
    segment = network.adjacency_segment[edge]
    fraction = (network.segment_nodes[segment, 0] != nodes).astype(np.float64)
    return Snapped(network.node_xy[nodes], segment, fraction, np.zeros(len(nodes)))


def quality(
    ours: Ours, origin: Snapped, limits_m: Sequence[float]
) -> Callable[[Sequence[shapely.Geometry]], Quality]:
    """Prepare the measure of polygons, the same for every side.

    Every street of the network is sampled each 5 m with its exact time from the
    origin. Returns a function of the polygons, one a limit, in metres.
    """
    network = ours.impedance.network
    pieces = np.ceil(network.segment_length_m / SAMPLE_M).clip(min=1).astype(np.int64)
    segment = np.repeat(np.arange(len(pieces), dtype=np.int32), pieces)
    first = np.repeat(np.cumsum(pieces) - pieces, pieces)
    fraction = (np.arange(len(segment)) - first + 0.5) / pieces[segment]
    lines = segment_lines(network)
    xy = shapely.get_coordinates(
        shapely.line_interpolate_point(lines[segment], fraction, normalized=True)
    )
    points = Snapped(xy, segment, fraction, np.zeros(len(segment)))
    reach = travel.reach_from(ours.impedance, origin, limits_m[-1] / ours.speed_m_s)
    metres = (network.segment_length_m / pieces)[segment]
    away_m = travel.times_at(reach, points) * ours.speed_m_s

    def measure(shapes: Sequence[shapely.Geometry]) -> Quality:
        reachable, inside, drawn, false = (np.zeros(len(limits_m)) for _ in range(4))
        for i, (shape, limit) in enumerate(zip(shapes, limits_m, strict=True)):
            shapely.prepare(shape)
            within, reached = shapely.contains_xy(shape, xy), away_m <= limit
            reachable[i], drawn[i] = metres[reached].sum(), metres[within].sum()
            inside[i] = metres[within & reached].sum()
            false[i] = metres[within & ~reached].sum()
        return Quality(
            float(inside.sum() / reachable.sum()),
            float(false.sum() / drawn.sum()),
            float((inside / reachable).min()),
            float((false / drawn).max()),
        )

    return measure
