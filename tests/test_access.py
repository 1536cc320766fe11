from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from access import fca, weights
from hypothesis import given, settings
from hypothesis import strategies as st

from circle.errors import InputError, UnknownNameError
from circle.measures.access import Decay, capacity, gaussian, two_step, within
from circle.model import Completeness
from circle.network.speeds import impedance
from circle.places.facilities import parse_capacity
from tests import small

if TYPE_CHECKING:
    from collections.abc import Callable

    from circle.measures.access import Capacity
    from circle.model import District, Floats

BANDS = Decay((300.0, 600.0, 900.0), (1.0, 0.68, 0.22))
EXACT = 1e-9

COST = np.array([[100.0, np.inf], [500.0, 800.0], [np.inf, 900.0]])
DEMAND = np.array([10.0, 20.0, 40.0])
SUPPLY = np.array([60.0, 30.0])


def with_capacity(*capacities: tuple[str, str]) -> District:
    """Return the small district: market at 0 m, canteens at 900 m (guessed) and 1,200 m."""
    found = small.district()
    texts, units = zip(*capacities, strict=True)
    table = found.facilities.assign(capacity=texts, capacity_unit=units)
    return replace(found, facilities=table)


DISTRICT = with_capacity(
    ("30", "stalls"), ("300 dine-in", "meals/day"), ("60 dine-in + 24 delivered", "meals/day")
)
ADULT = impedance(DISTRICT.network, DISTRICT.profiles["adult"])


def row(found: Capacity, group: str = "residents", area: str = "") -> pd.Series:
    table = found.table
    chosen: pd.Series = table[table["group"].eq(group) & table["area"].eq(area)].iloc[0]
    return chosen


def test_two_step_by_hand() -> None:
    """60 over 10 + 20 residents, 30 over 20 + 40."""
    found = two_step(COST, DEMAND, SUPPLY, within(900))
    assert found.ratio.tolist() == [2.0, 0.5]
    assert found.accessibility.tolist() == [2.0, 2.5, 0.5]


def test_enhanced_two_step_by_hand() -> None:
    """Weights: first place 1 and 0.5, second 0.25 and 0.25."""
    found = two_step(COST, DEMAND, SUPPLY, Decay((300, 600, 900), (1, 0.5, 0.25)))
    assert found.ratio.tolist() == [60 / (10 + 10), 30 / (5 + 10)]
    assert found.accessibility.tolist() == [3.0, 0.5 * 3 + 0.25 * 2, 0.5]


def test_a_place_that_nobody_reaches_has_no_ratio() -> None:
    cost = np.array([[100.0, 901.0], [np.inf, np.inf]])
    found = two_step(cost, np.array([5.0, 5.0]), np.array([10.0, 10.0]), within(900))
    assert found.ratio[0] == 2.0
    assert np.isnan(found.ratio[1])
    assert found.accessibility.tolist() == [2.0, 0.0]


def test_limits_belong_to_their_band() -> None:
    at = BANDS.at(np.array([0.0, 300.0, 300.001, 600.0, 900.0, 900.001, np.inf]))
    assert at.tolist() == [1.0, 1.0, 0.68, 0.68, 0.22, 0.0, 0.0]


def test_gaussian_bands_give_the_published_weights() -> None:
    minute = 60.0
    found = gaussian([10 * minute, 20 * minute, 30 * minute, 60 * minute], 640 * minute**2)
    assert [round(w, 3) for w in found.weights] == [0.962, 0.704, 0.377, 0.042]
    narrow = gaussian([1.0, 900.0, 900.0000001])
    assert narrow.weights[-1] == pytest.approx(0.01)


@pytest.mark.parametrize(
    ("limits", "levels"),
    [
        ((), ()),
        ((0.0,), (1.0,)),
        ((300.0, 300.0), (1.0, 0.5)),
        ((600.0, 300.0), (1.0, 0.5)),
        ((300.0, 600.0), (0.5, 1.0)),
        ((300.0, 600.0), (1.0, 0.0)),
        ((300.0,), (1.0, 0.5)),
        ((np.inf,), (1.0,)),
        ((300.0,), (np.nan,)),
    ],
)
def test_bands_that_are_none(limits: tuple[float, ...], levels: tuple[float, ...]) -> None:
    with pytest.raises(InputError) as error:
        Decay(limits, levels)
    assert error.value.key == "catchment"
    assert error.value.message("zh") != error.value.message("en")


@pytest.mark.parametrize(("limits", "beta"), [([], None), ([900.0], 0.0), ([900.0], np.nan)])
def test_widths_that_are_none(limits: list[float], beta: float | None) -> None:
    with pytest.raises(InputError):
        gaussian(limits, beta)


@pytest.mark.parametrize(
    ("cost", "demand", "supply"),
    [
        (COST.T, DEMAND, SUPPLY),
        (COST, -DEMAND, SUPPLY),
        (COST, DEMAND, SUPPLY * np.nan),
        (COST, DEMAND * np.inf, SUPPLY),
        (COST - 200, DEMAND, SUPPLY),
        (COST * np.nan, DEMAND, SUPPLY),
        (COST, DEMAND, SUPPLY[:1]),
    ],
)
def test_amounts_that_are_none(cost: Floats, demand: Floats, supply: Floats) -> None:
    with pytest.raises(InputError) as error:
        two_step(cost, demand, supply, BANDS)
    assert error.value.key == "amounts"


def pysal(
    measure: Callable[..., pd.Series], case: tuple[Floats, Floats, Floats], decay: Decay
) -> Floats:
    """Return what PySAL gives; a demand point that it leaves out has 0."""
    cost, demand, supply = case
    i, j = np.nonzero(np.isfinite(cost))
    pairs = pd.DataFrame({"origin": i, "dest": j, "cost": cost[i, j]})
    people = pd.DataFrame({"geoid": range(len(demand)), "demand": demand}).set_index("geoid")
    places = pd.DataFrame({"geoid": range(len(supply)), "supply": supply}).set_index("geoid")
    options = {"max_cost": decay.limits_s[-1], "demand_index": True, "supply_index": True}
    if len(decay.weights) > 1:
        options["weight_fn"] = weights.step_fn(
            dict(zip(decay.limits_s, decay.weights, strict=True))
        )
    found = measure(people, places, pairs, **options)
    return found.reindex(range(len(demand)), fill_value=0.0).to_numpy(np.float64)


def random_case(seed: int) -> tuple[Floats, Floats, Floats]:
    chance = np.random.default_rng(seed)
    cost = chance.uniform(0, 1400, (60, 9)).round(1)
    cost[chance.random(cost.shape) < 0.2] = np.inf
    return cost, chance.integers(1, 90, 60).astype(float), chance.integers(0, 500, 9).astype(float)


@pytest.mark.filterwarnings("ignore:The inplace keyword in DataFrame.drop:DeprecationWarning")
@pytest.mark.parametrize("seed", range(8))
def test_agrees_with_pysal(seed: int) -> None:
    case = random_case(seed)
    plain, bands = within(900), gaussian([300, 600, 900])
    for decay in (plain, bands, BANDS):
        mine = two_step(*case, decay).accessibility
        np.testing.assert_allclose(mine, pysal(fca.two_stage_fca, case, decay), rtol=0, atol=EXACT)


@st.composite
def cases(draw: st.DrawFn) -> tuple[Floats, Floats, Floats]:
    k, p = draw(st.integers(1, 8)), draw(st.integers(1, 5))
    seconds = st.one_of(st.floats(0, 1500), st.just(np.inf))
    people = st.one_of(st.just(0.0), st.floats(0.01, 1e4))

    def several(one: st.SearchStrategy[float], count: int) -> Floats:
        return np.array(draw(st.lists(one, min_size=count, max_size=count)), np.float64)

    return several(seconds, k * p).reshape(k, p), several(people, k), several(st.floats(0, 1e4), p)


@given(cases(), st.sampled_from([within(900), BANDS, gaussian([200, 500, 1000])]))
@settings(max_examples=150, deadline=None)
def test_all_supply_that_anybody_reaches_is_shared_out(
    case: tuple[Floats, Floats, Floats], decay: Decay
) -> None:
    cost, demand, supply = case
    anybody = ((decay.at(cost) > 0) & (demand > 0)[:, None]).any(axis=0)
    found = two_step(cost, demand, supply, decay)
    assert found.accessibility @ demand == pytest.approx(supply[anybody].sum())
    assert np.isnan(found.ratio).tolist() == (~anybody).tolist()


@given(cases(), st.sampled_from([within(900), BANDS]), st.floats(0, 1e4), st.integers(0, 4))
@settings(max_examples=150, deadline=None)
def test_more_supply_never_lowers_accessibility(
    case: tuple[Floats, Floats, Floats], decay: Decay, more: float, at: int
) -> None:
    cost, demand, supply = case
    larger = supply.copy()
    larger[at % len(supply)] += more
    before, after = (two_step(cost, demand, s, decay) for s in (supply, larger))
    assert (after.accessibility >= before.accessibility * (1 - 1e-12)).all()
    fewer = two_step(cost[:, 1:], demand, supply[1:], decay)
    assert (
        two_step(cost, demand, supply, decay).accessibility >= fewer.accessibility * (1 - 1e-12)
    ).all()


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("71", (71, 0)),
        ("700 dine-in + 200 delivered", (700, 200)),
        ("堂食700＋送餐200", (700, 200)),
        ("1,200 Dine-in; 40.5 delivery", (1200, 40.5)),
        ("200 delivered", (0, 200)),
        ("20、30 堂食", (50, 0)),
        ("0", (0, 0)),
        ("", None),
        (" + ", None),
        ("about 70", None),
        ("-5", None),
        ("100-200", None),
        ("1,20", None),
        ("70 seats", None),
        ("70 + many", None),
        (np.nan, None),
        (None, None),
        (71.0, None),
    ],
)
def test_capacity_is_read_and_never_guessed(text: object, read: tuple[float, float] | None) -> None:
    assert parse_capacity(text) == read


def test_canteen_by_hand() -> None:
    """Only the sure canteen at 1,200 m: 300 m on foot, 500 m for what is brought."""
    found = capacity(DISTRICT, ADULT, "canteen", within(300), deliver_m=500)
    # On foot the places at 950, 1,050 and 1,150 m; brought also those at 750 and 850 m.
    assert found.walk_in.tolist() == [0.0] * 9 + [2.0] * 3
    assert found.delivered == pytest.approx([0.0] * 7 + [24 / 50] * 5)
    assert found.accessibility.tolist() == (found.walk_in + found.delivered).tolist()
    assert found.facilities[["walk_in_ratio", "delivered_ratio"]].to_numpy().tolist() == [[2, 0.48]]
    whole, east = row(found), row(found, "residents_60_plus", "east")
    assert (whole["residents"], whole["without"]) == (100, 70)
    assert whole["mean"] == pytest.approx((2 + 3 * 0.48) / 10)
    assert (east["residents"], east["without"]) == (15, 6)
    assert east["walk_in"] == pytest.approx(2 / 5)
    assert east["delivered"] == pytest.approx(3 * 0.48 / 5)
    assert found.register.completeness is Completeness.PARTIAL
    assert (found.unit, found.facilities_counted, found.capacity_known) == ("meals/day", 1, 1)
    assert (found.unverified_counted, found.unverified_left_out) == (0, 1)
    assert found.supply_at_least
    assert found.facilities["edge"].all()


def test_deliveries_do_not_depend_on_who_walks() -> None:
    slow = impedance(DISTRICT.network, DISTRICT.profiles["slow"])
    one, other = (
        capacity(DISTRICT, i, "canteen", within(300), deliver_m=500) for i in (ADULT, slow)
    )
    assert one.delivered.tolist() == other.delivered.tolist()
    assert other.walk_in.tolist() == [0.0] * 10 + [3.0] * 2


def test_a_guessed_position_counts_when_asked() -> None:
    found = capacity(DISTRICT, ADULT, "canteen", within(300), unverified=True)
    assert (found.facilities_counted, found.capacity_known, found.unverified_counted) == (2, 2, 1)
    assert found.facilities["id"].tolist() == ["c1", "c2"]
    assert row(found)["mean"] > row(capacity(DISTRICT, ADULT, "canteen", within(300)))["mean"]


def test_market_with_all_known() -> None:
    found = capacity(DISTRICT, ADULT, "market", within(600))
    assert found.walk_in.tolist() == [0.5] * 6 + [0.0] * 6
    assert not found.delivered.any()
    assert not found.supply_at_least
    assert found.unit == "stalls"


def test_unknown_capacity_is_reported() -> None:
    district = with_capacity(("", ""), ("50 seats", "seats"), ("60", "meals/day"))
    found = capacity(district, ADULT, "market", within(900))
    assert (found.facilities_counted, found.capacity_known, found.unit) == (1, 0, "")
    assert found.facilities[["walk_in", "walk_in_ratio"]].isna().all(axis=None)
    assert not found.accessibility.any()
    assert row(found)["without"] == 100
    assert found.supply_at_least  # though its register is complete
    both = capacity(district, ADULT, "canteen", within(900), unverified=True)
    assert (both.facilities_counted, both.capacity_known) == (2, 1)
    assert both.facilities["walk_in"].isna().tolist() == [True, False]


def test_units_are_never_mixed() -> None:
    district = with_capacity(("30", "stalls"), ("50", "seats"), ("60", "meals/day"))
    table = district.facilities.assign(kind="canteen")
    table.loc[0, "capacity_unit"] = "meals/day"
    found = capacity(
        replace(district, facilities=table), ADULT, "canteen", within(900), unverified=True
    )
    assert (found.unit, found.capacity_known) == ("meals/day", 2)
    assert found.facilities["walk_in"].isna().tolist() == [False, True, False]


def test_a_capacity_without_a_unit_counts() -> None:
    table = DISTRICT.facilities.assign(capacity_unit=None)
    found = capacity(replace(DISTRICT, facilities=table), ADULT, "market", within(600))
    assert (found.unit, found.capacity_known) == ("", 1)
    assert found.walk_in[0] == 0.5


def test_no_facility_at_all() -> None:
    found = capacity(DISTRICT, ADULT, "health", within(900))
    assert (found.facilities_counted, found.capacity_known) == (0, 0)
    assert row(found)["mean"] == 0
    assert found.supply_at_least


def test_the_edge_of_the_residents_data() -> None:
    """A second row of residents 500 m north and south gives the ground a width."""
    demand = pd.concat(
        [DISTRICT.demand.assign(y=DISTRICT.demand["y"] + north) for north in (-500, 500)],
        ignore_index=True,
    )
    table = DISTRICT.facilities.assign(kind="market", x=small.WEST + np.array([0, 400, 600]))
    wide = replace(DISTRICT, demand=demand, facilities=table)
    found = capacity(wide, ADULT, "market", within(400), unverified=True)
    assert found.facilities["edge"].tolist() == [True, True, False]


@pytest.mark.parametrize("metres", [0.0, -1.0, np.nan, np.inf])
def test_deliveries_need_a_limit(metres: float) -> None:
    with pytest.raises(InputError):
        capacity(DISTRICT, ADULT, "canteen", within(300), deliver_m=metres)


def test_unknown_kind() -> None:
    with pytest.raises(UnknownNameError):
        capacity(DISTRICT, ADULT, "school", within(300))
