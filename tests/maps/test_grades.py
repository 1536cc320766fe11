"""Grades of points: where they end, how they are told apart, what they say."""

from itertools import combinations
from typing import Any

import numpy as np
import pytest

from circle.i18n import in_language
from circle.i18n.rounding import short
from circle.maps import grades, layers, legend
from circle.maps.geometry import feature
from circle.maps.grades import Grade, Graded, Mark, Scale
from tests.maps.test_escaping import HOSTILE
from tests.small import district

LONLAT = np.array([[114.0, 31.0]])


def drawn_of(points: int, graded: Graded) -> dict[str, Any]:
    shared = layers.points(np.repeat(LONLAT, points, axis=0), np.ones(points))
    return layers.graded(shared, graded).whole


def light(colour: str) -> float:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (0.0126, "0.013"), (4.24, "4.2"), (9.99, "10"), (128, "130"), (1.2e6, "1200000")],
)
def test_a_short_number_has_two_figures_and_no_powers(value: float, text: str) -> None:
    assert short(value) == text


def test_a_probability_is_graded_as_the_draws_judge_it() -> None:
    found = grades.by_probability(np.array([0.0, 0.05, 0.051, 0.499, 0.5, 0.949, 0.95, 1.0]))
    assert found.step.tolist() == [0, 0, 1, 1, 2, 2, 3, 3]
    assert found.shown[1] == "5 %"


def test_a_probability_by_an_incomplete_list_calls_nobody_uncovered() -> None:
    whole, part = (grades.by_probability(np.zeros(1), at_least=known) for known in (False, True))
    assert whole.scale.grades[0].text == "未覆盖（≤ 5 %）"
    assert [grade.text for grade in part.scale.grades[:2]] == [
        "尚无已知可达（≤ 5 %）", "已知的多半走不到（< 50 %）",
    ]  # fmt: skip
    assert whole.scale.grades[2:] == part.scale.grades[2:]


def test_services_are_counted_from_none_to_all() -> None:
    found = grades.by_services(np.array([0, 3, 8]), 8)
    assert [found.scale.grades[i].text for i in found.step] == ["0", "3", "8"]
    assert "8" in found.scale.title
    for total in (0, 9):
        with pytest.raises(ValueError, match=str(total)):
            grades.services(total)


def test_classes_of_capacity_hold_as_many_residents() -> None:
    amount = np.r_[0.0, np.arange(1, 81) / 1000]
    found = grades.by_capacity(amount, np.ones(81), "meals")
    assert np.bincount(found.step).tolist() == [1, 20, 20, 20, 20]
    assert [one.text for one in found.scale.grades[1:]] == ["≤ 20", "≤ 40", "≤ 60", "> 60"]


def test_a_capacity_is_classed_by_the_figures_it_is_told_in() -> None:
    found = grades.by_capacity(np.array([0.00149, 0.00152, 0.004]), np.ones(3), "meals")
    assert found.shown == ("1.5", "1.5", "4")
    assert found.step[0] == found.step[1] < found.step[2]


@pytest.mark.parametrize(("amount", "grades_"), [([0.0, 0.0], 1), ([0.0, 0.01], 2), ([], 1)])
def test_capacity_of_one_or_no_amount_is_graded_too(amount: list[float], grades_: int) -> None:
    found = grades.by_capacity(np.array(amount), np.ones(len(amount)), "meals")
    assert len(found.scale.grades) == grades_
    assert found.step.tolist() == [int(one > 0) for one in amount]


def test_a_comparison_has_four_signs() -> None:
    counted, reached = np.array([[1, 1], [0, 0], [1, 0], [0, 1]], np.bool_).T
    found = grades.by_comparison(counted, reached)
    assert found.step.tolist() == [0, 1, 2, 3]
    assert len({one.mark for one in found.scale.grades}) == 4


def test_a_plan_s_reach_has_four_signs() -> None:
    before, after = np.array([[1, 1], [0, 1], [0, 0], [1, 0]], np.bool_).T
    found = grades.by_sited(before, after)
    assert found.step.tolist() == [0, 1, 2, 3]
    assert len({one.mark for one in found.scale.grades}) == 4


def test_who_is_served_by_what_most() -> None:
    seated, delivered, demanded = np.array(
        [[6, 4, 10], [4, 6, 10], [3, 3, 10], [0, 0, 10], [0, 0, 0], [10, 0, 10]], np.float64
    ).T
    found = grades.by_served(seated, delivered, demanded)
    assert found.step.tolist() == [0, 1, 2, 3, 3, 0]
    assert [value.split()[0] for value in found.shown] == ["100", "100", "60", "0", "0", "100"]
    assert len({one.mark for one in found.scale.grades}) == 4


@pytest.mark.parametrize("scale", [grades.probability(at_least=False), grades.services(8)])
def test_amounts_stand_out_from_the_ground_the_more_they_are(scale: Scale) -> None:
    none, *some = scale.grades
    assert none.mark is Mark.RING
    on_paper, on_dark = [light(one.colour) for one in some], [light(one.dark) for one in some]
    assert on_paper == sorted(on_paper, reverse=True)
    assert on_dark == sorted(on_dark)


SEEN = {
    "all colours": np.eye(3),
    "no red": np.array(
        [[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]],
    ),
    "no green": np.array([[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]]),
    "no blue": np.array([[1.256, -0.077, -0.179], [-0.078, 0.931, 0.148], [0.005, 0.691, 0.304]]),
}
"""Linear RGB as it is seen (Machado, Oliveira & Fernandes 2009, severity 1)."""
TO_XYZ = np.array([[0.4125, 0.3576, 0.1804], [0.2127, 0.7152, 0.0722], [0.0193, 0.1192, 0.9503]])
GROUNDS = {"colour": ("#FFFFFF", "#FAF8F4"), "dark": ("#1D1F21",)}
UNLIKE, UNLIKE_SIGNS = 14.0, 7.0
"""Least CIE 1976 distance of two grades: with the same sign, with another."""


def linear(colour: str) -> np.ndarray:
    share = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)


def lab(rgb: np.ndarray) -> np.ndarray:
    x, y, z = np.cbrt(TO_XYZ @ np.clip(rgb, 0.002, 1) / [0.9505, 1.0, 1.089])
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def contrast(some: str, other: str) -> float:
    low, high = sorted(float(TO_XYZ[1] @ linear(colour)) for colour in (some, other))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("side", ["colour", "dark"])
@pytest.mark.parametrize("eye", SEEN)
@pytest.mark.parametrize(
    "scale",
    [grades.won(), grades.probability(at_least=False), grades.comparison()],
    ids=["won", "probability", "comparison"],
)
def test_grades_are_told_apart_whatever_colours_are_seen(scale: Scale, eye: str, side: str) -> None:
    seen = [(g.mark, lab(SEEN[eye] @ linear(getattr(g, side)))) for g in scale.grades]
    for (mark, some), (other_mark, other) in combinations(seen, 2):
        apart = float(np.linalg.norm(some - other))
        assert apart >= (UNLIKE if mark is other_mark else UNLIKE_SIGNS)


@pytest.mark.parametrize("side", GROUNDS)
def test_what_is_won_and_lost_stands_out_from_the_ground(side: str) -> None:
    for grade in grades.won().grades:
        assert all(contrast(getattr(grade, side), ground) >= 3 for ground in GROUNDS[side])
    by_sign = {grade.mark for grade in grades.won().grades[:2]}
    assert not by_sign & {grade.mark for grade in grades.won().grades[2:]}


def test_every_point_has_its_grade_and_what_is_said_of_it() -> None:
    graded = Graded(grades.comparison(), np.array([2, 0, 3, 2]), ("a", "b", "c", "a"))
    drawn = drawn_of(4, graded)
    assert drawn["step"] == "2032"
    assert [drawn["words"][said] for said in drawn["said"]] == ["a", "b", "c", "a"]
    assert drawn["words"] == ["a", "b", "c"]


def test_a_row_of_the_legend_has_the_title_and_toggles_the_points() -> None:
    with in_language("en"):
        row = legend.graded_row(grades.services(4))
    assert row["key"] == "demand"
    assert row["title"] == "Services within reach (of 4)"
    assert [item["text"] for item in row["items"]] == ["0", "1", "2", "3", "4"]


@pytest.mark.parametrize("word", HOSTILE)
def test_points_and_their_legend_run_nothing(word: str) -> None:
    said = (("unit", word), ("per", "1"))
    grade = Grade(word, "#123456", "#654321", Mark.RING, "map.demand_capacity", said)
    drawn = drawn_of(1, Graded(Scale(word, (grade,)), np.array([0]), (word,)))
    assert drawn["words"] == [word]
    assert word in drawn["steps"][0]["tip"]
    row = legend.graded_row(Scale(word, (grade, Grade(word, "#123456", "#654321", Mark.CROSS))))
    assert all(item["sign"].count("<") == 3 for item in row["items"]), "svg, shape, /svg"
    assert all(word not in item["sign"] for item in row["items"])


@pytest.mark.parametrize("word", HOSTILE)
def test_an_outline_takes_no_markup_from_its_name(word: str) -> None:
    small = district()
    ring = feature(small.boundary, small.crs, name=word, lines=[word])
    (drawn,) = layers.outlines([ring]).data["outlines"]
    assert drawn["geometry"] == ring["geometry"]
    assert "<" not in drawn["tip"].replace("<b>", "").replace("</b>", "").replace("<br>", "")


def test_the_map_is_told_which_zone_is_chosen_even_where_it_is_not_drawn() -> None:
    crs = district().crs
    assert layers.gaps([], crs, selected="3").data["selected"] == "3"
    assert not layers.gaps([], crs).data["selected"]
