"""Why not circles: three answers to who reaches a kind of facility in time.

circle
    Within a straight line of $r = T v$ of a facility, $T$ the limit and $v$ the
    profile's speed on the level.
polygon
    Inside the isochrone drawn around a facility, the union over all of the
    kind (`circle.reach.isochrone`; the walk is symmetric, so what a facility
    reaches is what reaches it).
network
    A walk from the residents' own place on the street of at most $T$
    (`circle.measures.coverage`): the answer that figures rest on, and the measure of the
    other two.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from circle.demand import roll_up
from circle.geo.shapes import multipolygon
from circle.geo.shapes import points as points_at
from circle.model import Snapped
from circle.places.facilities import counted, on_street, positions
from circle.reach.isochrone import CELL_M, isochrones
from circle.reach.travel import reach_from

if TYPE_CHECKING:
    from circle.model import Bools, Coverage, District, Floats, Impedance

_QUARTER_SEGMENTS = 64
"""For the drawn circle alone; who is in it is judged by distance."""


@dataclass(frozen=True, eq=False)
class Answer:
    """Whom a circle or a polygon counts in.

    Attributes
    ----------
    counted, wrongly_in, wrongly_out
        Shape (k,), by the district's demand: counted in; counted in and out of
        reach on the network; left out and within reach.
    ground
        What is drawn, in metres.
    """

    counted: Bools
    wrongly_in: Bools
    wrongly_out: Bools
    ground: shapely.MultiPolygon


@dataclass(frozen=True, eq=False)
class Comparison:
    """A circle and a polygon against the network.

    Attributes
    ----------
    network
        The coverage that the two are measured against.
    radius_m
        Of the circle.
    circle, polygon
        The two other answers.
    table
        One row for each answer (``circle | polygon``), area (and the whole, "")
        and age group: columns answer, area, group, residents, network (within
        reach on the network), counted, wrongly_in, wrongly_out (residents).
        ``counted = network + wrongly_in - wrongly_out``.
    """

    network: Coverage
    radius_m: float
    circle: Answer
    polygon: Answer
    table: pd.DataFrame


def compare(
    district: District, impedance: Impedance, network: Coverage, *, cell_m: float = CELL_M
) -> Comparison:
    """Compare a circle and a drawn polygon with the walk over the network.

    Parameters
    ----------
    district
        The district.
    impedance
        Its streets as the profile walks them.
    network
        The coverage by plain minutes that the two are measured against, with
        the same profile; the facilities that it counts stand in all three.
    cell_m
        For the polygon; see `circle.reach.isochrone.isochrones`.
    """
    places = counted(district, network.question)
    reached = network.within
    radius_m = network.minutes * 60 * impedance.profile.speed_m_s
    homes = points_at(district.demand[["x", "y"]].to_numpy(np.float64))
    circle = _circle(homes, positions(places), radius_m, reached)
    ground = _polygon(impedance, on_street(impedance, places), network.minutes, cell_m)
    shapely.prepare(ground)
    polygon = _against(shapely.intersects(ground, homes), reached, ground)
    drawings = {"circle": circle, "polygon": polygon}
    tables = [_table(district, name, answer, reached) for name, answer in drawings.items()]
    return Comparison(network, radius_m, circle, polygon, pd.concat(tables, ignore_index=True))


def _circle(homes: np.ndarray, places: Floats, radius_m: float, reached: Bools) -> Answer:
    centres = points_at(places)
    discs = shapely.buffer(centres, radius_m, quad_segs=_QUARTER_SEGMENTS)
    counted = np.zeros(len(homes), np.bool_)
    if len(places):
        home, _ = shapely.STRtree(centres).query(homes, predicate="dwithin", distance=radius_m)
        counted[home] = True
    return _against(counted, reached, multipolygon(shapely.union_all(discs)))


def _polygon(
    impedance: Impedance, places: Snapped, minutes: float, cell_m: float
) -> shapely.MultiPolygon:
    """Join the isochrones of all places that stand on the network."""
    grounds = []
    for row in np.flatnonzero(places.segment >= 0):
        place = Snapped(
            places.xy[[row]], places.segment[[row]], places.fraction[[row]], places.off_m[[row]]
        )
        reach = reach_from(impedance, place, minutes * 60)
        grounds += [ground.geometry for ground in isochrones(reach, [minutes], cell_m=cell_m)]
    return multipolygon(shapely.union_all(grounds))


def _against(counted: Bools, reached: Bools, ground: shapely.MultiPolygon) -> Answer:
    return Answer(counted, counted & ~reached, ~counted & reached, ground)


def _table(district: District, name: str, answer: Answer, reached: Bools) -> pd.DataFrame:
    masks = {
        "network": reached,
        "counted": answer.counted,
        "wrongly_in": answer.wrongly_in,
        "wrongly_out": answer.wrongly_out,
    }
    sums = {column: roll_up(district, mask) for column, mask in masks.items()}
    table = sums["network"][["area", "group", "residents"]]
    people = {column: summed["covered"].to_numpy() for column, summed in sums.items()}
    return table.assign(**people).assign(answer=name)[["answer", *table.columns, *people]]
