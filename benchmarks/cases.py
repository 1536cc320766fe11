"""What is measured: a real district first, then a made-up city of about a million junctions."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from scipy.spatial import KDTree

from benchmarks import city, peers
from benchmarks.measure import Aim, Case, Quality
from benchmarks.ours import Ours, at_junctions, quality
from benchmarks.valhalla_peer import Valhalla
from circle.demand import demand_points
from circle.geo.crs import to_metric
from circle.load import read_district
from circle.model import Profile, Snapped, Text
from circle.network.snap import snap
from circle.network.speeds import impedance
from circle.places.facilities import on_street, positions

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pandas as pd

    from circle.model import District, Floats, Ints, WalkNetwork

DATA = Path(__file__).resolve().parents[1] / "data" / "tianping"
SEED = 20260410
LIMITS_M = (400.0, 800.0, 1200.0)
"""5, 10 and 15 minutes at 80 m a minute."""
PROFILE, CITY_SPEED_M_S = "adult", 4 / 3
KINDS = ("market", "canteen", "party_service", "health")
DOORS, FACILITIES, CITY_FACILITIES, FARTHEST_M = 1366, 60, 2000, 20_000.0
CELL_M, LIVE_CELL_M = 10.0, 20.0
OURS, OURS_ONE = "circle", "circle, one thread"
OURS_CELL, OURS_LIVE = f"circle, cells of {CELL_M:.0f} m", f"circle, cells of {LIVE_CELL_M:.0f} m"
BUFFERS, HULLS = "OSMnx recipe make_iso_polys", "OSMnx recipe, hulls"
WHY_ONE = (
    "A walk of 1,200 m reaches so few junctions here that either call takes hundredths of a "
    "millisecond: of ours 4.5 of 7.2 microseconds are handing arrays to compiled code, which a "
    "walk of one second takes too; the city shows what is left where the graph is large."
)
WHY_NEAREST = (
    "A graph this small stays in the processor's cache, where scipy's heap is at its best; of "
    "ours half is no search: a limit of one second, which searches nothing, takes 15 of 31 "
    "microseconds a kind for all points. Ours also tells which facility it is, starts between "
    "junctions and walks directly along a shared segment."
)
WHY_MANY = (
    "A graph this small stays in the processor's cache, where scipy's heap is at its best; a "
    "machine busy with other work has no second core for ours."
)
WHY_POLYGONS = (
    "The recipe's time grows with the junctions reached, which are few here; ours grows with "
    "the ground covered, whatever the streets on it."
)
WHY_CLICK = (
    "With cells of 10 m of about 3.6 ms the contours take 0.5, the raster 0.4, the polygons' "
    "rings and validity 0.4, their measured error 0.3, degrees and rounding 0.5, the rest is "
    "memory handed out anew; Valhalla measures no error and thins its contours."
)


class Place(NamedTuple):
    """The streets and the points that the cases of one size share.

    Attributes
    ----------
    name
        For the table.
    origin
        A junction, so that every side starts from the same place.
    kinds
        Facilities by kind.
    doors, facilities
        Of the many to many.
    """

    name: str
    ours: Ours
    origin: int
    kinds: Mapping[str, Snapped]
    doors: Snapped
    facilities: Snapped

    @property
    def streets(self) -> WalkNetwork:
        """The network."""
        return self.ours.impedance.network

    @property
    def start(self) -> Snapped:
        """The origin on a segment."""
        return at_junctions(self.streets, np.array([self.origin], np.int32))

    def junctions_of(self, points: Snapped) -> Ints:
        """Return the junctions nearest to the points: where the peers start and end."""
        return _nearest_junctions(self.streets, points.xy)


def district_cases() -> Iterator[Case]:
    """Cases of a real district: streets, residents and facilities."""
    district = read_district(DATA)
    place = _district(district)
    streets, origin, limit = place.streets, place.origin, LIMITS_M[-1]
    graph, sparse = peers.networkx_graph(streets), peers.scipy_graph(streets)
    small, hierarchy = peers.igraph_graph(streets), peers.pandana_graph(streets)
    kinds = [place.junctions_of(points) for points in place.kinds.values()]
    yield _one(
        place,
        {
            "scipy": peers.scipy_one(sparse, origin, limit),
            "networkx": peers.networkx_one(graph, origin, limit),
            "networkx ego_graph": peers.networkx_ego(graph, origin, limit),
            "igraph (no limit)": peers.igraph_one(small, origin, limit),
            "pandana": peers.pandana_one(hierarchy, origin, limit),
        },
        [Aim("scipy", 4, WHY_ONE), Aim("networkx", 60, WHY_ONE)],
    )
    yield _nearest(
        place,
        {
            "scipy": peers.scipy_nearest(sparse, kinds),
            "networkx": peers.networkx_nearest(graph, kinds),
            "igraph": peers.igraph_nearest(small, kinds),
            "pandana": peers.pandana_nearest(hierarchy, kinds, FARTHEST_M),
        },
        [Aim("scipy", 4, WHY_NEAREST), Aim("networkx", 100, WHY_NEAREST)],
    )
    doors, facilities = place.junctions_of(place.doors), place.junctions_of(place.facilities)
    with TemporaryDirectory() as folder:
        valhalla = Valhalla(streets, Path(folder))
        yield _many(
            place,
            {
                "scipy": peers.scipy_many(sparse, doors, facilities),
                "networkx": peers.networkx_many(graph, doors, facilities),
                "igraph": peers.igraph_many(small, doors, facilities),
                "pandana": peers.pandana_many(hierarchy, doors, facilities),
                "Valhalla": valhalla.many(place.doors.xy, place.facilities.xy),
            },
            [Aim("scipy", 4, WHY_MANY)],
        )
        yield _polygons(
            place,
            {
                HULLS: peers.recipe_hulls(graph, origin, LIMITS_M),
                BUFFERS: peers.recipe_buffers(graph, origin, LIMITS_M),
            },
            valhalla,
        )
        yield _click(place, district, valhalla)


def city_cases() -> Iterator[Case]:
    """Cases of a made-up city; what takes minutes is left out."""
    place = _city()
    streets, origin, limit = place.streets, place.origin, LIMITS_M[-1]
    sparse, graph = peers.scipy_graph(streets), peers.networkx_graph(streets)
    small = peers.igraph_graph(streets)
    kinds = [place.junctions_of(points) for points in place.kinds.values()]
    yield _one(
        place,
        {
            "scipy": peers.scipy_one(sparse, origin, limit),
            "networkx": peers.networkx_one(graph, origin, limit),
        },
        [Aim("scipy", 20)],
    )
    yield _nearest(
        place,
        {
            "scipy": peers.scipy_nearest(sparse, kinds),
            "networkx": peers.networkx_nearest(graph, kinds),
            "igraph": peers.igraph_nearest(small, kinds),
        },
    )
    doors, facilities = place.junctions_of(place.doors), place.junctions_of(place.facilities)
    yield _many(place, {"scipy": peers.scipy_many(sparse, doors, facilities)})


def _one(place: Place, others: Mapping[str, Any], aims: Sequence[Aim]) -> Case:
    return Case(
        f"{place.name}: one origin, {LIMITS_M[-1]:,.0f} m",
        {OURS: place.ours.one(place.start, LIMITS_M[-1])},
        others,
        aims,
        place.ours.reached_m,
    )


def _nearest(place: Place, others: Mapping[str, Any], aims: Sequence[Aim] = ()) -> Case:
    everywhere = np.arange(len(place.streets.node_xy), dtype=np.int32)
    count = sum(len(points.xy) for points in place.kinds.values())
    return Case(
        f"{place.name}: nearest of {len(place.kinds)} kinds ({count:,} facilities), every junction",
        {OURS_ONE: place.ours.nearest(place.kinds, at_junctions(place.streets, everywhere))},
        others,
        aims,
        place.ours.nearest_m,
    )


def _many(place: Place, others: Mapping[str, Any], aims: Sequence[Aim] = ()) -> Case:
    doors, facilities = place.doors, place.facilities
    return Case(
        f"{place.name}: {len(doors.xy):,} doors × {len(facilities.xy)} facilities",
        {
            OURS: place.ours.many(doors, facilities, 2),
            OURS_ONE: place.ours.many(doors, facilities, 1),
        },
        others,
        aims,
        place.ours.many_m,
    )


def _polygons(place: Place, recipes: Mapping[str, Any], valhalla: Valhalla) -> Case:
    drawn = quality(place.ours, place.start, LIMITS_M)
    mine = {
        OURS_CELL: place.ours.polygons(place.start, LIMITS_M, CELL_M),
        OURS_LIVE: place.ours.polygons(place.start, LIMITS_M, LIVE_CELL_M),
    }

    def judge(who: str, found: Any) -> Quality:  # noqa: ANN401
        if who == "Valhalla":
            return drawn(valhalla.polygons(found))
        return drawn([one.geometry for one in found] if who in mine else found)

    return Case(
        f"{place.name}: polygons of 5, 10 and 15 minutes",
        mine,
        {**recipes, "Valhalla": valhalla.isochrones(place.start.xy[0], LIMITS_M)},
        [Aim(BUFFERS, 400, WHY_POLYGONS)],
        quality=judge,
    )


def _click(place: Place, district: District, valhalla: Valhalla) -> Case:
    lon, lat = district.start or (0.0, 0.0)
    xy = to_metric(lon, lat, district.crs)[0]
    return Case(
        f"{place.name}: the whole click, degrees to GeoJSON of 5, 10 and 15 minutes",
        {
            OURS_CELL: place.ours.click(lon, lat, LIMITS_M, CELL_M),
            OURS_LIVE: place.ours.click(lon, lat, LIMITS_M, LIVE_CELL_M),
        },
        {"Valhalla": valhalla.isochrones(xy, LIMITS_M)},
        [Aim("Valhalla", 1, WHY_CLICK)],
    )


def _district(district: District) -> Place:
    ours = Ours(impedance(district.network, district.profiles[PROFILE]))
    random = np.random.default_rng(SEED)
    homes = demand_points(district)
    doors = _rows(homes, random.choice(len(homes.xy), DOORS, replace=False))
    table, heritage = district.facilities, district.heritage
    more = random.choice(len(heritage), FACILITIES - len(table), replace=False)
    xy = np.concatenate([positions(table), positions(heritage)[more]])
    start = to_metric(*(district.start or (0.0, 0.0)), district.crs)
    return Place(
        name=f"district, {len(district.network.node_xy):,} junctions",
        ours=ours,
        origin=int(_nearest_junctions(district.network, start)[0]),
        kinds={kind: _of_kind(ours, table, kind) for kind in KINDS},
        doors=doors,
        facilities=snap(ours.impedance, xy),
    )


def _city() -> Place:
    network = city.lay_out(city.build())
    ours = Ours(impedance(network, Profile(PROFILE, Text("成人", "Adult"), CITY_SPEED_M_S)))
    random = np.random.default_rng(SEED)
    count = len(network.node_xy)
    middle = (network.node_xy.min(axis=0) + network.node_xy.max(axis=0)) / 2
    kinds = {k: random.integers(0, count, CITY_FACILITIES, dtype=np.int32) for k in KINDS}
    return Place(
        name=f"city, {count:,} junctions",
        ours=ours,
        origin=int(_nearest_junctions(network, middle.reshape(1, 2))[0]),
        kinds={kind: at_junctions(network, nodes) for kind, nodes in kinds.items()},
        doors=at_junctions(network, random.integers(0, count, DOORS, dtype=np.int32)),
        facilities=at_junctions(network, random.integers(0, count, FACILITIES, dtype=np.int32)),
    )


def _nearest_junctions(network: WalkNetwork, xy: Floats) -> Ints:
    return np.asarray(KDTree(network.node_xy).query(xy)[1], np.int32)


def _of_kind(ours: Ours, table: pd.DataFrame, kind: str) -> Snapped:
    return on_street(ours.impedance, table[table["kind"].eq(kind)])


def _rows(points: Snapped, rows: Any) -> Snapped:  # noqa: ANN401
    return Snapped(points.xy[rows], points.segment[rows], points.fraction[rows], points.off_m[rows])
