from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circle.demand import figure_in, roll_up
from circle.errors import InputError, UnknownNameError
from circle.measures import coverage as measure
from circle.measures.coverage import by_other_rule
from circle.model import GROUPS, Coverage, NoData, Question, Rule
from circle.network.speeds import impedance
from circle.places.facilities import area_named, coverable_kinds, profile_named
from tests import small
from tests.asking import coverage, coverage_by, coverages_by

DISTRICT = small.district()
ADULT = impedance(DISTRICT.network, DISTRICT.profiles["adult"])
SLOW = impedance(DISTRICT.network, DISTRICT.profiles["slow"])


def test_market_by_hand() -> None:
    """The market is at 0 m, 1 m/s: 10 minutes reach 600 m, six places of ten."""
    found = coverage(DISTRICT, ADULT, "market", 10)
    whole = figure_in(found.table)
    assert (whole["residents"], whole["covered"], whole["uncovered"]) == (100, 60, 40)
    assert whole["rate"] == 0.6
    assert figure_in(found.table, "residents_60_plus")["covered"] == 18
    assert figure_in(found.table, "age_65_plus", "east")["covered"] == 1
    assert figure_in(found.table, area="west")["rate"] == 1.0
    assert not found.at_least
    assert (found.facilities_counted, found.unverified_counted) == (1, 0)


def test_unverified_never_improves_silently() -> None:
    sure = coverage(DISTRICT, ADULT, "canteen", 5)
    both = coverage(DISTRICT, ADULT, "canteen", 5, unverified=True)
    assert figure_in(sure.table)["covered"] == 10  # the place at 950 m, from the canteen at 1,200 m
    assert figure_in(both.table)["covered"] == 40  # 650 m to 950 m
    assert (sure.unverified_left_out, both.unverified_left_out) == (1, 0)
    assert (sure.unverified_counted, both.unverified_counted) == (0, 1)
    assert sure.at_least
    assert both.at_least
    assert DISTRICT.facilities["id"].iloc[both.which[0]] == "c1"


def test_no_facility_is_no_data() -> None:
    """Nothing is known: that is no share of zero."""
    question = Question.by_minutes("health", "adult", 15)
    answer = measure.coverage(DISTRICT, ADULT, question)
    assert isinstance(answer, NoData)
    assert (answer.reason, answer.left_out) == ("facilities", 0)
    guessed = replace(
        DISTRICT, facilities=DISTRICT.facilities.assign(kind="health", verified=False)
    )
    answer = measure.coverage(guessed, ADULT, question)
    assert isinstance(answer, NoData)
    assert (answer.reason, answer.left_out) == ("verified", len(guessed.facilities))


def test_an_area_without_residents_has_no_rate() -> None:
    empty = replace(
        DISTRICT, demand=DISTRICT.demand.assign(inside=DISTRICT.demand["area"].eq("west"))
    )
    table = roll_up(empty, np.ones(len(empty.demand), bool))
    assert math.isnan(
        table[table["area"].eq("east") & table["group"].eq("residents")]["rate"].iloc[0]
    )


@pytest.mark.parametrize("minutes", [0, -1, 121, math.nan])
def test_minutes_out_of_range(minutes: float) -> None:
    with pytest.raises(InputError):
        coverage(DISTRICT, ADULT, "market", minutes)


def test_unknown_names_say_what_is_known() -> None:
    with pytest.raises(UnknownNameError) as error:
        coverage(DISTRICT, ADULT, "heritage", 15)
    assert "market" in error.value.message("zh")
    assert "market" in error.value.message("en")
    with pytest.raises(UnknownNameError):
        profile_named(DISTRICT, "robot")
    with pytest.raises(UnknownNameError):
        area_named(DISTRICT, "南片区")
    assert area_named(DISTRICT, "WEST").id == area_named(DISTRICT, "西片区").id == "west"
    assert coverable_kinds(DISTRICT) == ("market", "canteen", "health")


@given(
    st.floats(0.5, 40), st.floats(0.5, 40), st.sampled_from(["market", "canteen"]), st.booleans()
)
@settings(max_examples=60, deadline=None)
def test_rates_move_the_right_way(a: float, b: float, kind: str, unverified: bool) -> None:  # noqa: FBT001
    short, long = sorted((a, b))
    near = coverage(DISTRICT, ADULT, kind, short, unverified=unverified)
    far = coverage(DISTRICT, ADULT, kind, long, unverified=unverified)
    slow = coverage(DISTRICT, SLOW, kind, short, unverified=unverified)
    more = coverage(DISTRICT, ADULT, kind, short, unverified=True)
    assert (near.table["covered"] <= far.table["covered"]).all()
    assert (slow.table["covered"] <= near.table["covered"]).all()
    assert (near.table["covered"] <= more.table["covered"]).all()
    for found in (near, far, slow):
        table = found.table
        assert np.allclose(table["covered"] + table["uncovered"], table["residents"])
        for group in GROUPS:
            own = table[table["group"].eq(group)].set_index("area")
            assert own.drop("")["covered"].sum() == pytest.approx(own.at["", "covered"])


def _by(profile: str, unverified: bool = False, **asked: object) -> Coverage:  # noqa: FBT001, FBT002
    walk = impedance(DISTRICT.network, DISTRICT.profiles[profile])
    found = coverage_by(DISTRICT, walk, small.requirement(**asked), unverified=unverified)  # type: ignore[arg-type]
    assert isinstance(found, Coverage)
    return found


def test_metres_judge_whoever_walks() -> None:
    """600 m from the market: six places; at half the pace ten minutes are 300 m: three."""
    quick, slow = _by("adult"), _by("slow")
    assert figure_in(quick.table)["covered"] == figure_in(slow.table)["covered"] == 60
    assert quick.metres == pytest.approx(np.arange(50, 1200, 100))
    assert slow.seconds == pytest.approx(2 * slow.metres)
    beside = by_other_rule(DISTRICT, slow)
    assert beside is not None
    assert beside[beside["area"].eq("") & beside["group"].eq("residents")]["covered"].iloc[0] == 30
    assert (slow.within == (slow.metres <= 600)).all()


def test_minutes_judge_when_the_requirement_says_so() -> None:
    slow = _by("slow", judged_by=Rule.MINUTES)
    assert figure_in(slow.table)["covered"] == 30
    beside = by_other_rule(DISTRICT, slow)
    assert beside is not None
    assert beside["covered"].iloc[-7] == 60


def test_one_limit_has_no_other() -> None:
    assert by_other_rule(DISTRICT, _by("adult", minutes=None)) is None
    assert by_other_rule(DISTRICT, coverage(DISTRICT, ADULT, "market", 10)) is None
    only = _by("adult", metres=None, judged_by=Rule.MINUTES)
    assert by_other_rule(DISTRICT, only) is None
    assert figure_in(only.table)["covered"] == 60


def test_metres_without_minutes_show_the_tier() -> None:
    assert _by("adult", minutes=None, tier=5).minutes == 5


def test_plain_coverage_has_metres_too() -> None:
    found = coverage(DISTRICT, SLOW, "market", 10)
    assert found.metres == pytest.approx(np.arange(50, 1200, 100))
    assert found.standard is None
    assert found.rule is Rule.MINUTES


def test_a_name_narrows_a_kind() -> None:
    found = _by("adult", unverified=True, kind="canteen", name_has="乙")
    assert found.facilities_counted == 1
    assert (
        figure_in(found.table)["covered"] == 70
    )  # 600 m around the canteen at 900 m, up to 1,000 m


@pytest.mark.parametrize(
    ("asked", "unverified", "reason", "left_out"),
    [
        ({"kind": "kindergarten"}, True, "kind", 0),
        ({"kind": "health"}, True, "facilities", 0),
        ({"kind": "market", "name_has": "丁"}, True, "facilities", 0),
        ({"kind": "canteen", "name_has": "乙"}, False, "verified", 1),
    ],
)
def test_nothing_to_count_is_no_zero(
    asked: dict[str, str],
    unverified: bool,  # noqa: FBT001
    reason: str,
    left_out: int,
) -> None:
    found = coverage_by(DISTRICT, ADULT, small.requirement(**asked), unverified=unverified)
    assert isinstance(found, NoData)
    assert (found.reason, found.left_out) == (reason, left_out)


def test_a_standard_is_judged_by_its_defaults() -> None:
    far = small.requirement(id="far", metres=900.0, default=False)
    found = coverages_by(DISTRICT, ADULT, small.standard(small.requirement(), far))
    assert [one.standard.id for one in found if one.standard] == ["market-600"]


def test_requirement_out_of_range() -> None:
    with pytest.raises(InputError):
        coverage_by(DISTRICT, ADULT, small.requirement(minutes=500.0))


@given(
    st.floats(1, 2000),
    st.floats(1, 2000),
    st.sampled_from(["market", "canteen"]),
    st.sampled_from(["adult", "slow"]),
    st.sampled_from(list(Rule)),
)
@settings(max_examples=60, deadline=None)
def test_a_longer_limit_never_lowers(a: float, b: float, kind: str, who: str, rule: Rule) -> None:
    near, far = (
        _by(who, kind=kind, metres=metres, minutes=metres / 60, judged_by=rule)
        for metres in sorted((a, b))
    )
    assert (near.table["covered"] <= far.table["covered"]).all()
    assert (near.within <= far.within).all()
    for found in (near, far):
        beside = by_other_rule(DISTRICT, found)
        assert beside is not None
        for table in (found.table, beside):
            assert np.allclose(table["covered"] + table["uncovered"], table["residents"])
            whole = table[table["area"].eq("")].set_index("group")["covered"]
            areas = table[table["area"].ne("")].groupby("group")["covered"].sum()
            assert np.allclose(whole, areas[whole.index])
