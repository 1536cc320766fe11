"""What is told in public, at exactly as many residents as it takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import shapely

from circle.measures import disclosure
from circle.measures.disclosure import Count, People, Shown
from circle.model import Cause, Gap

if TYPE_CHECKING:
    from shapely import MultiPolygon

FEW, WITHHELD = Count(Shown.FEW), Count(Shown.WITHHELD)
WITHIN = shapely.box(0, 0, 1000, 1000)
BELOW = np.nextafter(10.0, 0.0)
"""Just fewer than ten."""


def count(residents: float) -> Count:
    return disclosure.count_of(residents)


def line(*cells: float) -> tuple[list[Count], Count]:
    return disclosure.line(cells, [5000.0] * len(cells))


def squares(*residents: float) -> MultiPolygon:
    """Return what is drawn of residents who live 200 m apart from each other."""
    xy = np.array([[75.0 + 150 * n, 75.0] for n in range(len(residents))])
    return disclosure.coarse(xy, np.array(residents), WITHIN)


def zone_counts(residents: float) -> list[Count]:
    """Return the counts of the zones that are told, where one zone has so many residents."""
    ground = shapely.box(70, 70, 80, 80)
    gap = Gap(
        rank=1, streets=(), residents=residents, residents_60_plus=0.0, residents_without_way=0.0,
        minutes_beyond=3.0, nearest=0, shown=np.array([ground], object), straight_m=100.0,
        detour=1.2, cause=Cause.NO_FACILITY, heritage=0, constrained=False,
    )  # fmt: skip
    out = People(np.array([[75.0, 75.0]]), np.array([residents]))
    return [zone.residents for zone in disclosure.zones([gap], out, WITHIN)]


def test_ten_are_told_and_fewer_are_not() -> None:
    ten = Count(Shown.VALUE, 10)
    assert (count(10.0), count(BELOW), count(9.99)) == (ten, FEW, FEW)
    assert (zone_counts(10.0), zone_counts(BELOW), zone_counts(9.99)) == ([ten], [], [])


def test_a_square_of_exactly_ten_is_drawn() -> None:
    assert squares(10.0, 9.99, BELOW).equals(shapely.box(0, 0, 150, 150))


def test_a_place_on_the_edge_of_two_squares_is_in_the_eastern_one() -> None:
    drawn = disclosure.coarse(np.array([[150.0, 149.9]]), np.array([10.0]), WITHIN)
    assert drawn.equals(shapely.box(150, 0, 300, 150))


@pytest.mark.parametrize(
    ("cells", "told", "total"),
    [
        # 25 to 35 in all, less 15 to 25: the few are none at the least, as everybody knows
        ((9.0, 24.0), [FEW, 20], 30),
        # 25 to 35 in all, less 25 to 35: the few are ten at the most, as everybody knows
        ((5.0, 25.0), [FEW, 30], 30),
        # 10 to 15 in all, less ten at least: the few would be five at most; ten go first
        ((1.0, 10.0), [FEW, WITHHELD], WITHHELD),
        # ten are no few: nothing is to be kept back
        ((10.0, 24.9, 24.9), [10, 20, 20], 60),
    ],
)
def test_a_line_where_the_rest_is_just_as_wide_as_a_few(
    cells: tuple[float, ...], told: list[Count | int], total: Count | int
) -> None:
    counts = [Count(Shown.VALUE, n) if isinstance(n, int) else n for n in [*told, total]]
    assert line(*cells) == (counts[:-1], counts[-1])
