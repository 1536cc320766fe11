"""What is told in public, at exactly as many residents as it takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from circle.measures import disclosure
from circle.measures.disclosure import Count, Shown
from circle.measures.suppression import count_of
from tests.towns import Door, Town

if TYPE_CHECKING:
    from shapely import MultiPolygon

FEW = Count(Shown.FEW)
WITHIN = shapely.box(0, 0, 1000, 1000)
BELOW = np.nextafter(10.0, 0.0)
"""Just fewer than ten."""


def squares(*residents: float) -> MultiPolygon:
    """Return what is drawn of residents who live 200 m apart from each other."""
    xy = np.array([[75.0 + 150 * n, 75.0] for n in range(len(residents))])
    return disclosure.coarse(xy, np.array(residents), WITHIN)


def zone_counts(residents: float) -> list[Count]:
    """Return the counts of the zones that are told, where one zone has so many residents."""
    town = Town({"a": (900.0, 0.0)}, {"market": [[Door("a", residents, 0.0)]]})
    return [zone.residents for zone in town.publish()["market"].zones]


def test_ten_are_told_and_fewer_are_not() -> None:
    ten = Count(Shown.VALUE, 10)
    assert (count_of(10.0), count_of(BELOW), count_of(9.99)) == (ten, FEW, FEW)
    assert (zone_counts(10.0), zone_counts(BELOW), zone_counts(9.99)) == ([ten], [], [])


def test_a_square_of_exactly_ten_is_drawn() -> None:
    assert squares(10.0, 9.99, BELOW).equals(shapely.box(0, 0, 150, 150))


def test_a_place_on_the_edge_of_two_squares_is_in_the_eastern_one() -> None:
    drawn = disclosure.coarse(np.array([[150.0, 149.9]]), np.array([10.0]), WITHIN)
    assert drawn.equals(shapely.box(150, 0, 300, 150))
