"""Residents put on the street, where a place or a piece is exactly at its bound."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
import shapely

from circle.load.population import largest_remainder, place_residents, place_units
from circle.model import RESIDENT_COLUMNS
from tests.oracle import network_of

if TYPE_CHECKING:
    from shapely import Polygon

WEST, EAST = ("west", shapely.box(0, 0, 100, 100)), ("east", shapely.box(100, 0, 200, 100))


def unit_at(x: float, y: float, *, inside: bool) -> str:
    (name,) = place_units(np.array([[x, y]]), np.array([inside]), [WEST, EAST])
    return str(name)


def placed(street_m: float, cell: Polygon, boundary: Polygon, share_inside: float) -> pd.DataFrame:
    """Return where 100 residents of one cell live, along one street from the origin eastwards."""
    network = network_of([(0.0, 0.0), (street_m, 0.0)], [(0, 1, street_m)])
    cells = pd.DataFrame([[100.0, 0, 0, 0, 0]], columns=list(RESIDENT_COLUMNS))
    cells = cells.assign(cell=1, share_inside=share_inside)
    return place_residents(network, cells, np.array([cell], object), boundary, [])


def shared(total: int, *weights: float) -> list[int]:
    """Return how a whole number is shared out by weights."""
    owner = np.zeros(len(weights), np.int64)
    shares = largest_remainder(np.array([[total]]), owner, np.array(weights))
    return [int(share) for share in shares[:, 0]]


@pytest.mark.parametrize(
    ("x", "inside", "unit"),
    [
        (-49.999, True, "west"),
        (-50.0, True, ""),
        (-49.999, False, ""),
        (0.0, False, "west"),  # on its outline
        (100.0, True, "west"),  # on the line between two: the first
        (250.0, True, ""),
        (249.999, True, "east"),
    ],
)
def test_a_place_outside_all_units_belongs_to_one_nearer_than_50_m(
    x: float,
    inside: bool,  # noqa: FBT001
    unit: str,
) -> None:
    assert unit_at(x, 50.0, inside=inside) == unit


@pytest.mark.parametrize(("street_m", "pieces"), [(25.0, 1), (25.001, 2), (50.0, 2)])
def test_a_piece_of_frontage_is_25_m_at_the_longest(street_m: float, pieces: int) -> None:
    whole = shapely.box(-10, -10, 100, 10)
    assert len(placed(street_m, whole, whole, 1.0)) == pieces


def test_a_cell_that_only_touches_the_district_stands_for_its_part() -> None:
    """The share says that half live inside; the drawn cell has no ground there."""
    table = placed(100.0, shapely.box(0, -10, 100, 10), shapely.box(-100, -10, 0, 10), 0.5)
    people = table.groupby("inside")["residents"].agg(["size", "sum"])
    assert people.to_numpy().tolist() == [[4, 50.0], [4, 50.0]]


@pytest.mark.parametrize(
    ("total", "shares"), [(0, [0, 0, 0]), (1, [1, 0, 0]), (2, [1, 1, 0]), (3, [1, 1, 1])]
)
def test_what_is_left_goes_to_the_earlier_of_equals(total: int, shares: list[int]) -> None:
    assert shared(total, 1.0, 1.0, 1.0) == shares
