"""Isochrones at their edges: specks and holes of exactly the size, the published error."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import shapely

from circle.network.speeds import impedance
from circle.reach import raster, travel
from circle.reach.isochrone import isochrones
from tests.oracle import network_of, points_on, walker

if TYPE_CHECKING:
    from circle.model import Isochrone, WalkNetwork

WEST, SOUTH = 600_000.0, 3_450_000.0
CONTOURS = "circle.reach.isochrone.contour_generator"
Ring = list[tuple[float, float]]


def isochrone(network: WalkNetwork, fraction: float, seconds: float, **sizes: float) -> Isochrone:
    """Return what is within reach of a place on the first segment, at a metre a second."""
    walk = impedance(network, walker())
    reach = travel.reach_from(walk, points_on(network, [(0, fraction, 0.0)]), seconds)
    (answer,) = isochrones(reach, [seconds / 60], **sizes)
    return answer


def lengths(
    seconds: list[float], metres: list[float], within: list[bool], limit_s: float
) -> tuple[float, ...]:
    return raster.lengths(np.array(seconds), np.array(metres), np.array(within), limit_s)  # type: ignore[no-any-return]


def street() -> WalkNetwork:
    return network_of([(WEST, SOUTH), (WEST + 1000, SOUTH)], [(0, 1, 1000.0)])


# ---- specks and holes ----


class Drawn:
    """Contours drawn by hand in place of those of the raster."""

    def __init__(self, *parts: list[Ring]) -> None:
        self.parts = parts

    def __call__(self, *_: object, **__: object) -> Drawn:
        return self

    def filled(self, *_: float) -> tuple[list[Any], list[Any], list[Any]]:
        """Return all vertices, where each ring begins, and with which ring each part, its outer."""
        rings = [np.array(ring) for part in self.parts for ring in part]
        ends = np.cumsum([0, *map(len, rings)])
        parts = np.cumsum([0, *map(len, self.parts)])
        return [np.concatenate(rings)], [ends], [parts]


def rectangle(west: float, south: float, wide: float, high: float) -> Ring:
    east, north = west + wide, south + high
    return [(west, south), (east, south), (east, north), (west, north), (west, south)]


def area_m2(ring: Ring) -> float:
    return float(shapely.Polygon(ring).area)


@pytest.mark.parametrize(("cell_m", "wide"), [(10.0, 20.0), (5.0, 10.0)])
def test_a_speck_of_exactly_four_cells_stays(
    monkeypatch: pytest.MonkeyPatch, cell_m: float, wide: float
) -> None:
    large, just = rectangle(0, 0, 500, 500), rectangle(600, 0, wide, wide)
    below = rectangle(700, 0, wide, np.nextafter(wide, 0))
    assert area_m2(just) == 4 * cell_m**2 > area_m2(below)
    monkeypatch.setattr(CONTOURS, Drawn([large], [just], [below]))
    answer = isochrone(street(), 0.5, 200, cell_m=cell_m)
    assert [part.area for part in answer.geometry.geoms] == [250_000.0, 4 * cell_m**2]


@pytest.mark.parametrize("sizes", [{}, {"fill_holes_m2": 2000.0}])
def test_a_hole_of_exactly_the_size_stays(
    monkeypatch: pytest.MonkeyPatch, sizes: dict[str, float]
) -> None:
    """Two hectares, where nothing else is asked for."""
    least = sizes.get("fill_holes_m2", 20_000.0)
    just, below = (
        rectangle(west, 0, 100, least / 100 - less) for west, less in ((0, 0), (200, 1e-9))
    )
    assert area_m2(just) == least > area_m2(below)
    monkeypatch.setattr(CONTOURS, Drawn([rectangle(-50, -50, 500, 500), just, below]))
    (shape,) = isochrone(street(), 0.5, 200, **sizes).geometry.geoms
    assert [shapely.Polygon(ring).area for ring in shape.interiors] == [least]


def test_ten_seconds_are_a_speck_of_ten_metre_cells() -> None:
    """Ten metres each way: a diamond of 200 m² at least, a disc of 314 m² at most."""
    assert isochrone(street(), 0.5, 10, cell_m=10.0).geometry.is_empty
    drawn = isochrone(street(), 0.5, 10, cell_m=5.0)
    assert 100 < drawn.geometry.area < 400
    assert drawn.geometry.contains(shapely.Point(WEST + 500, SOUTH))


# ---- the error ----


def test_false_in_is_a_share_of_the_street_inside() -> None:
    """A second street 30 m north of the first, which nothing joins to it.

    200 m each way are reached, and the polygon takes in all of these 400 m. The
    other street is inside as far as 190 m each way: 150 m along the first, then
    50 m off it, 40 m on and 30 m across. So 380 m of the 780 m inside are out of reach.
    """
    xy = [(WEST + x, SOUTH + y) for y in (0, 30) for x in (0, 1000)]
    network = network_of(xy, [(0, 1, 1000.0), (2, 3, 1000.0)])
    answer = isochrone(network, 0.5, 200, cell_m=5.0)
    assert answer.false_in == pytest.approx(380 / 780, abs=0.02)
    assert answer.missed == pytest.approx(0.0, abs=0.02)


def test_the_error_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """From the middle of the street 300 to 700 m are reached; the polygon holds 500 to 800 m."""
    monkeypatch.setattr(CONTOURS, Drawn([rectangle(WEST + 500, SOUTH - 20, 300, 40)]))
    answer = isochrone(street(), 0.5, 200)
    assert answer.missed == pytest.approx(200 / 400)
    assert answer.false_in == pytest.approx(100 / 300)


def test_lengths_by_hand() -> None:
    """In turn within and inside, within and outside, beyond and inside, beyond and outside."""
    answer = lengths(
        [10.0, 10.0, 10.001, np.inf], [5.0, 7.0, 11.0, 13.0], [True, False, True, False], 10.0
    )
    assert answer == (5.0 + 7.0, 7.0, 5.0 + 11.0, 11.0)
