from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import draws
from circle.demand import demand_points, figure_in, unit_of
from circle.errors import InputError
from circle.load import read_district
from circle.measures.coverage import by_pace
from circle.measures.montecarlo import INPUTS, SEED, Assumptions, cover, sample
from circle.measures.uncertainty import HIGH, Uncertainty, by_verdict, by_zone
from circle.model import RESIDENT_COLUMNS, SPEED_CV
from circle.network.speeds import impedance
from circle.places.facilities import of_kind
from circle.words.wording import sure_words, verdict_words
from tests import small
from tests.asking import coverage, uncertainty

DISTRICT = small.district()
ADULT = impedance(DISTRICT.network, DISTRICT.profiles["adult"])
FEW = Assumptions(draws=200, positions=16)
EXACT = Assumptions(position=0.0, unverified=0.0, draws=1, positions=1, allocations=1)
STILL = replace(FEW, position=0.0, unverified=0.0, allocations=1)


def _row(found: Uncertainty, area: str = "", group: str = "residents") -> pd.Series:
    table = found.table
    row: pd.Series = table[table["area"].eq(area) & table["group"].eq(group)].iloc[0]
    return row


@pytest.mark.parametrize("kind", ["market", "canteen"])
@pytest.mark.parametrize("minutes", [2.5, 5, 9.1667, 20])
@pytest.mark.parametrize("assumed", [EXACT, STILL, replace(STILL, unverified=1.0)])
def test_without_spread_it_is_the_coverage(kind: str, minutes: float, assumed: Assumptions) -> None:
    plain = coverage(DISTRICT, ADULT, kind, minutes, unverified=assumed.unverified == 1)
    found = uncertainty(DISTRICT, ADULT, kind, minutes, assumed)
    np.testing.assert_array_equal(found.probability, plain.seconds <= plain.minutes * 60)
    table = found.table
    assert table[["area", "group"]].equals(plain.table[["area", "group"]])
    for column in ("median", "high"):
        np.testing.assert_allclose(table[column], plain.table["rate"], atol=1e-11)
    least = np.fmin(plain.table["rate"], table["rate"])  # the rate that is told is always within
    np.testing.assert_allclose(table["low"], least, atol=1e-11)
    assert set(found.verdict) <= {"covered", "not_covered", "list"}
    assert set(table["verdict"]) <= {"covered", "not_covered", "list"}
    assert table[list(INPUTS)].isna().all(axis=None)


@pytest.mark.parametrize("minutes", [2.5, 5, 20])
def test_the_verdicts_on_homes_share_out_the_residents(minutes: float) -> None:
    found = uncertainty(DISTRICT, ADULT, "canteen", minutes, FEW)
    shares = by_verdict(DISTRICT, found)
    live = shares["residents"] > 0
    parts = shares.loc[live, ["covered", "depends", "lacking"]]
    np.testing.assert_allclose(parts.sum(axis=1), 1)
    inside = DISTRICT.demand["inside"].to_numpy(bool)
    people = DISTRICT.demand["residents"].to_numpy(float)[inside]
    sure = people[found.probability[inside] >= HIGH].sum() / people.sum()
    unsure = people[np.abs(found.probability[inside] - 0.5) < HIGH - 0.5].sum() / people.sum()
    whole = figure_in(shares)
    assert (whole["covered"], whole["depends"]) == pytest.approx((sure, unsure))


def test_a_guessed_canteen_by_hand() -> None:
    """The canteen at 900 m is there in half of the draws; 5 minutes are 300 m."""
    found = uncertainty(DISTRICT, ADULT, "canteen", 5, replace(STILL, unverified=0.5))
    chance = found.probability[DISTRICT.demand["inside"]]
    assert (chance[:6] == 0).all()  # 50 m to 550 m
    assert (chance[6:9] == chance[6]).all()  # 650 m to 850 m: only from the guessed one
    assert 0.4 < chance[6] < 0.6
    assert chance[9] == 1  # 950 m: also from the canteen beyond the boundary
    assert list(found.depends_on[6:10]) == ["unverified"] * 3 + [""]
    whole = _row(found)
    assert (whole["rate"], whole["low"], whole["high"]) == (0.1, 0.1, 0.4)
    assert whole["verdict"] == "list"  # a lower bound cannot miss a target
    assert _row(found, "west")["verdict"] == "list"
    assert (found.verdict[:6] == "list").all()
    half = uncertainty(DISTRICT, ADULT, "canteen", 5, replace(STILL, unverified=0.5, target=0.3))
    assert (_row(half)["verdict"], _row(half)["depends_on"]) == ("depends", "unverified")
    assert _row(half)["unverified"] == pytest.approx(1.0, abs=0.15)
    assert np.isnan(_row(half)["position"]) or _row(half)["position"] == 0


def test_only_a_complete_list_says_that_nobody_is_covered() -> None:
    for kind, word in (("market", "not_covered"), ("canteen", "list")):
        found = uncertainty(DISTRICT, ADULT, kind, 2.5, STILL)
        assert set(found.verdict) - {"covered"} == {word}
        assert _row(found)["verdict"] == word
        lacking = by_zone(DISTRICT, found, found.probability[:, None] == 0)
        assert set(lacking["verdict"]) - {""} == {word}
        assert verdict_words(word, "") != sure_words(word, "")
    assert "达标" not in sure_words("list", "") + verdict_words("list", "")


def test_homes_alone_by_hand() -> None:
    """Two points of one cell with ten residents each, one within reach: any share may be."""
    cells = DISTRICT.demand.assign(cell=DISTRICT.demand.index // 2)
    district = replace(DISTRICT, demand=cells)
    assumed = replace(STILL, allocations=1024, draws=4000)
    drawn = uncertainty(district, ADULT, "market", 2.5, assumed)  # 150 m: 50 m and not 150 m
    assert drawn.base.within[:10].tolist() == [True, True] + [False] * 8
    kept = by_zone(district, drawn, (np.arange(12) < 2)[:, None])
    assert (kept["low"][0], kept["high"][0]) == (1.0, 1.0)
    half = uncertainty(district, ADULT, "market", 100 / 60, assumed)
    pair = by_zone(district, half, (np.arange(12) < 2)[:, None]).iloc[0]
    assert pair["rate"] == 0.5
    # The share of one of two with exponential weights is uniform.
    assert pair["low"] == pytest.approx(0.05, abs=0.02)
    assert pair["high"] == pytest.approx(0.95, abs=0.02)
    assert pair["homes"] == pytest.approx(1.0, abs=0.1)
    residents = cells["residents"].to_numpy()
    for allocation in half.homes[:20]:
        shared = np.bincount(cells["cell"], weights=allocation * residents)
        np.testing.assert_allclose(shared[:5], 20)


def test_paces_by_hand() -> None:
    """The slowest tenth walk exp(-1.2816 s) times as fast as the middle."""
    answer = coverage(DISTRICT, ADULT, "market", 10)
    profile = DISTRICT.profiles["adult"]
    table = by_pace(DISTRICT, profile, answer)
    assert table is not None
    sigma = np.sqrt(np.log1p(SPEED_CV**2))
    at = DISTRICT.demand["x"].to_numpy()[:10] - small.WEST
    whole = figure_in(table)
    for name, z in (("slow", -1.2816), ("fast", 1.2816)):
        assert whole[name] == pytest.approx((at <= 600 * np.exp(sigma * z)).mean())
    stated = by_pace(DISTRICT, replace(profile, speed_percentile=10.0), answer)
    assert stated is not None
    assert figure_in(stated)["slow"] == figure_in(answer.table)["rate"]  # not slowed twice
    assert figure_in(stated)["fast"] > whole["fast"]
    assert by_pace(DISTRICT, replace(profile, speed_cv=0.0), answer) is None


def test_positions_are_scattered_as_stated() -> None:
    """95 % of the places lie within the stated accuracy, and the mean stays."""
    places = of_kind(DISTRICT, "market", unverified=True)
    drawn = sample(DISTRICT, ADULT, places, Assumptions(positions=1000, draws=10))
    offset = drawn.places.xy - [small.WEST, small.SOUTH]
    away = np.hypot(*offset.T)
    assert (away <= 40).mean() == pytest.approx(0.95, abs=0.002)
    assert np.abs(offset.mean(axis=0)).max() < 0.5
    np.testing.assert_allclose(offset.std(axis=0), 40 / 2.4477, rtol=0.02)
    assert (drawn.places.off_m == 0).all()  # the walk off the street is the stated place's


def test_no_stated_accuracy_is_the_worst() -> None:
    facilities = DISTRICT.facilities.assign(position_accuracy_m=[np.nan, 30.0, 300.0])
    district = replace(DISTRICT, facilities=facilities)
    unstated = of_kind(district, "market", unverified=True)
    worst = unstated.assign(position_accuracy_m=300.0)
    one, other = (sample(district, ADULT, table, FEW).places for table in (unstated, worst))
    np.testing.assert_array_equal(one.xy, other.xy)
    none = replace(DISTRICT, facilities=DISTRICT.facilities.assign(position_accuracy_m=np.nan))
    assert sample(none, ADULT, of_kind(none, "market", unverified=True), FEW).idle[0]


def test_the_same_seed_gives_the_same() -> None:
    one, again = (uncertainty(DISTRICT, ADULT, "canteen", 5, FEW) for _ in range(2))
    other = uncertainty(DISTRICT, ADULT, "canteen", 5, replace(FEW, seed=SEED + 1))
    pd.testing.assert_frame_equal(one.table, again.table)
    np.testing.assert_array_equal(one.reached, again.reached)
    assert (one.reached != other.reached).any()


def test_blocks_do_not_change_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = uncertainty(DISTRICT, ADULT, "canteen", 5, FEW)
    for module in ("montecarlo", "uncertainty"):
        monkeypatch.setattr(f"circle.measures.{module}.BYTES", 2000)
    monkeypatch.setattr("circle.measures.uncertainty._POINTS", 8)
    parts = uncertainty(DISTRICT, ADULT, "canteen", 5, FEW)
    np.testing.assert_array_equal(whole.reached, parts.reached)
    pd.testing.assert_frame_equal(whole.table, parts.table)


def test_a_draw_is_a_search_of_its_own() -> None:
    """Draws from the table of times are what one search a draw finds."""
    places = of_kind(DISTRICT, "canteen", unverified=True)
    drawn = sample(DISTRICT, ADULT, places, replace(FEW, draws=20))
    found = uncertainty(DISTRICT, ADULT, "canteen", 5, replace(FEW, draws=20))
    bits = np.unpackbits(found.reached[0], axis=1, count=len(DISTRICT.demand)).astype(bool)
    at = DISTRICT.demand["x"].to_numpy() - small.WEST
    along = (drawn.places.segment + drawn.places.fraction) * 400
    for draw in range(20):
        near = np.zeros(len(at), bool)
        for f in range(2):
            place = along[f * 16 + drawn.pick[0, draw, f]]
            near |= drawn.there[0, draw, f] & (np.abs(at - place) <= 300)
        clear = np.abs(np.abs(at - along[:, None]) - 300).min(axis=0) > 0.01
        assert (near == bits[draw])[clear].all()


def test_zones_are_judged_by_the_same_draws() -> None:
    found = uncertainty(DISTRICT, ADULT, "canteen", 5, FEW)
    units = unit_of(DISTRICT)[:, None] == [area.id for area in DISTRICT.areas]
    member = np.column_stack([units, np.ones(len(units), np.bool_)])
    zones = by_zone(DISTRICT, found, member)
    table = found.table.rename(columns={"area": "zone"})
    pd.testing.assert_frame_equal(
        zones.drop(columns="zone"), table.drop(columns="zone"), check_exact=False
    )
    empty = by_zone(DISTRICT, found, np.zeros((len(units), 1), np.bool_))
    assert empty[["rate", "low", "median", "high", *INPUTS]].isna().all(axis=None)
    assert (empty["verdict"] == "").all()
    assert (empty["depends_on"] == "").all()


def test_nothing_to_draw() -> None:
    nobody = dict.fromkeys(RESIDENT_COLUMNS, 0.0)
    bare = replace(DISTRICT, demand=DISTRICT.demand.assign(**nobody))
    found = uncertainty(bare, ADULT, "market", 5, FEW)
    assert found.table["low"].isna().all()
    places = of_kind(DISTRICT, "health", unverified=True)
    points = demand_points(DISTRICT).take(slice(0, 3))
    own = np.zeros((3, 200, 3), bool)
    cover(ADULT, points, sample(DISTRICT, ADULT, places, FEW), 300.0, own)
    assert not own.any()


@pytest.mark.parametrize(
    "wrong",
    [
        {"target": 1.1},
        {"position": -1.0},
        {"unverified": 1.5},
        {"allocations": 0},
        {"draws": 0},
        {"positions": 5000},
        {"seed": -1},
    ],
)
def test_out_of_range(wrong: dict[str, float]) -> None:
    with pytest.raises(InputError) as error:
        uncertainty(DISTRICT, ADULT, "market", 5, replace(FEW, **wrong))  # type: ignore[arg-type]
    assert all(next(iter(wrong)) in error.value.message(code) for code in ("zh", "en"))


@given(
    st.floats(0.5, 30),
    st.floats(0.5, 30),
    st.sampled_from(["market", "canteen"]),
    st.builds(
        Assumptions,
        position=st.floats(0, 3),
        unverified=st.floats(0, 1),
        allocations=st.integers(1, 20),
        target=st.floats(0, 1),
        draws=st.integers(1, 60),
        positions=st.integers(1, 20),
        seed=st.integers(0, 2**32),
    ),
)
@settings(max_examples=60, deadline=None)
def test_properties(a: float, b: float, kind: str, assumed: Assumptions) -> None:
    short, long = (uncertainty(DISTRICT, ADULT, kind, m, assumed) for m in sorted((a, b)))
    sure = uncertainty(DISTRICT, ADULT, kind, short.base.minutes, replace(assumed, unverified=1.0))
    assert (short.probability <= long.probability).all()
    assert (short.probability <= sure.probability).all()
    for found in (short, long):
        assert ((found.probability >= 0) & (found.probability <= 1)).all()
        table = found.table
        assert (table["low"] <= table["median"]).all()
        assert (table["median"] <= table["high"]).all()
        assert ((table["low"] >= 0) & (table["high"] <= 1)).all()
        depends = table["verdict"].eq("depends")
        assert (table.loc[~depends, "depends_on"] == "").all()
        assert table.loc[depends, "depends_on"].isin(INPUTS).all()
        effects = table[list(INPUTS)].fillna(0).to_numpy()
        assert ((effects >= 0) & (effects <= 1)).all()
    assert (short.table["low"] <= long.table["low"]).all()


def test_one_search_a_draw_gives_the_same_probabilities() -> None:
    """The plain way of the benchmark, on the embedded district."""
    district = read_district(draws.DISTRICT)
    streets = impedance(district.network, district.profiles[draws.PROFILE])
    few = replace(FEW, draws=12)
    plain = draws.search_a_draw(district, streets, "party_service", few)()
    found = uncertainty(district, streets, "party_service", draws.MINUTES, few)
    assert isinstance(plain, tuple)
    np.testing.assert_allclose(found.probability, plain[0])
