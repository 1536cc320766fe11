"""Grades of points and holes of shapes: a value that is exactly where a grade ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from circle.maps import grades

if TYPE_CHECKING:
    from collections.abc import Sequence


def by_minutes(walks: Sequence[float], limit: float) -> list[int]:
    return [int(step) for step in grades.by_minutes(np.array(walks), limit).step]


def by_metres(walks: Sequence[float], limit: float) -> list[int]:
    return [int(step) for step in grades.by_metres(np.array(walks), limit).step]


def by_capacity(
    amounts: Sequence[float], residents: Sequence[float]
) -> tuple[list[int], list[str]]:
    """Return the places of the grades, and the words of the grades above none."""
    answer = grades.by_capacity(np.array(amounts), np.array(residents), "meals")
    return answer.step.tolist(), [grade.text for grade in answer.scale.grades[1:]]


def test_a_walk_of_exactly_a_limit_is_within_it() -> None:
    assert by_minutes([5.0, 5.001, 10.0, 10.001, 15.0, 15.001], 15) == [0, 1, 1, 2, 2, 3]
    assert by_minutes([12.0, 12.001, np.inf, np.nan], 12) == [2, 3, 3, 3]


def test_a_rounding_beyond_a_limit_is_within_it() -> None:
    """15 minutes, added up of thirds of a second, may come out a rounding longer."""
    assert by_minutes([15 + 1e-10], 15) == [2]
    assert by_metres([600 + 1e-10], 600) == [2]


def test_a_way_of_exactly_a_third_of_the_limit_is_in_the_nearer_grade() -> None:
    assert by_metres([200, 200.001, 400, 400.001, 600, 600.001, np.inf], 600) == [
        0, 1, 1, 2, 2, 3, 3,
    ]  # fmt: skip


def test_one_service_is_a_scale() -> None:
    assert [grade.text for grade in grades.services(1).grades] == ["0", "1"]


def test_no_grade_of_capacity_is_empty() -> None:
    """Nine of ten residents have the most: there is nothing above it."""
    assert by_capacity([0.0, 0.01, 0.04], [5, 1, 9]) == ([0, 1, 1], ["有"])
    # two of four have the less: the class of these ends at it
    assert by_capacity([0.01, 0.04], [2, 2]) == ([1, 2], ["≤ 10", "> 10"])


def test_where_nobody_lives_no_class_ends() -> None:
    assert by_capacity([0.01, 0.02, 0.04], [4, 0, 4]) == ([1, 2, 2], ["≤ 10", "> 10"])
    assert by_capacity([0.01, 0.02, 0.04], [4, 4, 0]) == ([1, 2, 2], ["≤ 10", "> 10"])
    assert by_capacity([0.0, 0.02], [4, 0]) == ([0, 1], ["有"])
