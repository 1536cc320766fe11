"""Nobody of an age, nobody at all, and ages that are not known are three things."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from circle.demand import ages_known, figure_in, roll_up
from circle.i18n import in_language
from circle.i18n.rounding import about, people
from circle.measures.suppression import Count, Shown, count_of
from circle.model import AGE_GROUPS, GROUPS, Coverage, District, LifeCircle, Question
from circle.quality import quality
from circle.study import Study
from circle.words import tables, wording
from tests import small

OF_AGE = [group for group in GROUPS if group != "residents"]
SENIORS = "residents_60_plus"


def with_people(**columns: Any) -> District:
    demand = small.demand().assign(**columns)
    return replace(small.district(), demand=demand)


def unknown_of(rows: int) -> District:
    """Return the district with the ages not known at the first places."""
    at = np.arange(len(small.demand())) >= rows
    return with_people(**{name: small.demand()[name].where(at) for name in AGE_GROUPS})


def market(district: District) -> Coverage:
    answer = Study(district).coverage(Question.by_minutes("market", "adult", 10))
    assert isinstance(answer, Coverage)
    return answer


def circle(district: District) -> LifeCircle:
    return Study(district).life_circle("adult", (district.demand["lon"][0], 31.17), (5.0,))


def test_without_ages_residents_count_and_groups_are_not_known() -> None:
    district = unknown_of(12)
    table, before = market(district).table, market(small.district()).table
    everyone = table["group"].eq("residents")
    pd.testing.assert_frame_equal(table[everyone], before[everyone])
    assert table.loc[~everyone, ["residents", "covered", "uncovered", "rate"]].isna().all(axis=None)
    assert ages_known(district) == (0, 100)


def test_figures_by_age_are_of_those_whose_ages_are_known() -> None:
    """Ages are not known at 50 to 250 m: two of five places of the west are left."""
    district = unknown_of(3)
    table = market(district).table
    assert figure_in(table, SENIORS, "west")["residents"] == 2 * 3
    assert figure_in(table, SENIORS)["residents"] == 7 * 3
    assert figure_in(table)["residents"] == 100
    assert ages_known(district) == (70, 100)
    with in_language("en"):
        notes = wording.trust_notes(district, market(district))
    assert notes[-1].startswith("Ages are known of about 70 people of about 100 people")


def test_of_an_area_where_nobodys_age_is_known_nothing_is_said() -> None:
    table = market(unknown_of(5)).table
    west = table[table["area"].eq("west")].set_index("group")
    assert west.loc[OF_AGE, "residents"].isna().all()
    assert west.loc["residents", "residents"] == 50
    assert figure_in(table, SENIORS)["residents"] == 5 * 3


def test_who_is_asked_about_decides_what_is_known() -> None:
    among = np.arange(12) < 3
    table = roll_up(unknown_of(3), among, among)
    assert math.isnan(figure_in(table, SENIORS)["residents"])
    assert figure_in(table)["residents"] == 30


def test_gaps_and_draws_tell_not_known_from_none() -> None:
    question = Question.by_minutes("market", "adult", 10)
    for district, seniors in ((unknown_of(12), math.nan), (unknown_of(7), 9.0)):
        study = Study(district)
        (zone,) = study.gaps(question)
        assert zone.residents == 40
        assert zone.residents_60_plus == pytest.approx(seniors, nan_ok=True)
        drawn = study.uncertainty(question)
        assert drawn is not None
        of_draws = figure_in(drawn.table, SENIORS, "east")
        assert of_draws["residents"] == pytest.approx(seniors, nan_ok=True)
        listed = tables.zones(district, market(district), (zone,))
        assert bool(listed.iloc[0].isna().any()) is math.isnan(seniors)
        (told,) = study.published([question])["market"].zones
        assert (told.seniors.shown is Shown.UNKNOWN) is math.isnan(seniors)


@pytest.mark.parametrize(
    ("district", "why"),
    [
        (with_people(age_60_64=0.0, age_65_plus=0.0), "none"),
        (with_people(residents=0.0, **dict.fromkeys(AGE_GROUPS, 0.0)), "none"),
        (unknown_of(12), "not known"),
    ],
)
def test_without_a_rate_the_sentence_says_why(district: District, why: str) -> None:
    answer = market(district)
    with in_language("en"):
        assert why in wording.coverage_sentence(district, answer, SENIORS)
        assert why in str(wording.without_rate(figure_in(answer.table, SENIORS), SENIORS))
    assert wording.share(answer, math.nan) == "—"
    assert wording.verdict_words("", "") == "—"
    assert len(tables.coverage(district, answer))


def test_a_life_circle_without_ages_counts_everybody() -> None:
    residents = circle(unknown_of(12)).residents.iloc[0]
    assert residents["residents"] > 0
    assert residents[[SENIORS, "residents_65_plus"]].isna().all()
    assert circle(unknown_of(0)).residents.iloc[0][SENIORS] > 0


def test_ages_not_known_are_no_difference_of_sums() -> None:
    for rows, key in ((12, "ages_unknown"), (3, "ages_partly")):
        keys = [
            check.key for check in quality(unknown_of(rows)).checks if check.part == "residents"
        ]
        assert key in keys
        assert "ages_differ" not in keys


def test_published_counts_keep_not_known_apart() -> None:
    assert count_of(math.nan) == Count(Shown.UNKNOWN)
    question = Question.by_minutes("market", "adult", 10)
    shares = Study(unknown_of(12)).published([question])["market"].shares
    assert {row.residents.shown for row in shares[SENIORS]} == {Shown.UNKNOWN}
    assert {row.rate for row in shares[SENIORS]} == {None}
    assert {row.residents.shown for row in shares["residents"]} == {Shown.VALUE}


def test_a_count_that_is_not_known_reads_so() -> None:
    with in_language("en"):
        assert about(math.nan) == people(math.nan) == "not known"
