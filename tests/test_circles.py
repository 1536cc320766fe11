from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circle.demand import figure_in
from circle.errors import InputError, UnknownNameError
from circle.network.speeds import impedance
from tests import small
from tests.asking import compare
from tests.oracle import network_of

if TYPE_CHECKING:
    import pandas as pd

    from circle.measures.circles import Comparison
    from circle.model import District

DISTRICT = small.district()
ADULT = impedance(DISTRICT.network, DISTRICT.profiles["adult"])


def _row(found: Comparison, answer: str, group: str = "residents", area: str = "") -> pd.Series:
    table = found.table
    own = table["answer"].eq(answer) & table["group"].eq(group) & table["area"].eq(area)
    row: pd.Series = table[own].iloc[0]
    return row


def _winding() -> District:
    """The same street, but its middle stretch is 1,200 m of true length."""
    network = network_of(
        [(small.WEST + 400 * i, small.SOUTH) for i in range(4)],
        [(0, 1, 400.0), (1, 2, 1200.0), (2, 3, 400.0)],
    )
    return replace(DISTRICT, network=network)


def test_on_a_straight_street_the_circle_is_right() -> None:
    """Ten minutes at 1 m/s are 600 m either way: 50 m to 550 m."""
    found = compare(DISTRICT, ADULT, "market", 10)
    assert found.radius_m == 600
    for answer in (found.circle, found.polygon):
        assert not answer.wrongly_in.any()
        assert not answer.wrongly_out.any()
    assert (_row(found, "circle")["counted"], _row(found, "polygon")["counted"]) == (60, 60)
    assert found.circle.ground.area == pytest.approx(np.pi * 600**2, rel=1e-3)


def test_a_winding_street_by_hand() -> None:
    """The middle 400 m take 1,200 m to walk: 600 m end at 467 m, not at 600 m.

    Within 600 m in a straight line: six places of ten residents. Over the
    street: the four of the first stretch and the one at 450 m (550 m to walk);
    the one at 550 m is 850 m away and wrongly in.
    """
    district = _winding()
    streets = impedance(district.network, district.profiles["adult"])
    found = compare(district, streets, "market", 10)
    assert np.flatnonzero(found.circle.wrongly_in).tolist() == [5]
    assert not found.circle.wrongly_out.any()
    whole = _row(found, "circle")
    assert (whole["residents"], whole["network"], whole["counted"]) == (100, 50, 60)
    assert (whole["wrongly_in"], whole["wrongly_out"]) == (10, 0)
    assert _row(found, "circle", "residents_60_plus")["wrongly_in"] == 3
    assert _row(found, "circle", area="east")["wrongly_in"] == 10
    assert _row(found, "circle", area="west")["wrongly_in"] == 0
    assert found.network.table.equals(compare(district, streets, "market", 10).network.table)
    assert figure_in(found.network.table)["covered"] == 50


def test_beyond_the_gap_between_two_streets_the_polygon_errs_less() -> None:
    """Two streets 120 m apart that meet only in the far west.

    From the market at the east end of the southern one, those on the northern
    one near its east end are 120 m off in a straight line and 2,120 m on foot.
    """
    network = network_of(
        [
            (small.WEST + 1000, small.SOUTH),
            (small.WEST, small.SOUTH),
            (small.WEST, small.SOUTH + 120),
            (small.WEST + 1000, small.SOUTH + 120),
        ],
        [(0, 1, 1000.0), (1, 2, 120.0), (2, 3, 1000.0)],
    )
    demand = DISTRICT.demand.head(10).assign(
        y=small.SOUTH + 120, segment=2, fraction=(DISTRICT.demand["x"] - small.WEST) / 1000
    )
    market = DISTRICT.facilities.iloc[[0]].assign(x=small.WEST + 1000)
    district = replace(DISTRICT, network=network, demand=demand, facilities=market)
    found = compare(district, impedance(network, DISTRICT.profiles["adult"]), "market", 8)
    assert figure_in(found.network.table)["covered"] == 0
    assert np.flatnonzero(found.circle.wrongly_in).tolist() == [5, 6, 7, 8, 9]
    assert _row(found, "polygon")["wrongly_in"] == 0


def test_guessed_positions_count_in_all_answers_or_in_none() -> None:
    sure = compare(DISTRICT, ADULT, "canteen", 5)
    both = compare(DISTRICT, ADULT, "canteen", 5, unverified=True)
    for answer in ("circle", "polygon"):
        assert (_row(sure, answer)["counted"], _row(both, answer)["counted"]) == (10, 40)


def test_no_facility_on_the_network() -> None:
    far = DISTRICT.facilities.assign(y=small.SOUTH + 400)
    found = compare(replace(DISTRICT, facilities=far), ADULT, "market", 10)
    assert found.polygon.ground.is_empty
    assert _row(found, "circle")["wrongly_in"] == _row(found, "circle")["counted"] > 0


def test_wrong_names_and_limits() -> None:
    with pytest.raises(InputError):
        compare(DISTRICT, ADULT, "market", 0)
    with pytest.raises(UnknownNameError):
        compare(DISTRICT, ADULT, "heritage", 15)


@given(
    st.floats(0.5, 30),
    st.sampled_from(["market", "canteen"]),
    st.sampled_from([DISTRICT, _winding()]),
)
@settings(max_examples=40, deadline=None)
def test_the_figures_add_up(minutes: float, kind: str, district: District) -> None:
    streets = impedance(district.network, district.profiles["adult"])
    found = compare(district, streets, kind, minutes, cell_m=20)
    table = found.table
    balance = table["network"] + table["wrongly_in"] - table["wrongly_out"]
    np.testing.assert_allclose(table["counted"], balance)
    reached = found.network.seconds <= found.network.minutes * 60
    for own in (found.circle, found.polygon):
        np.testing.assert_array_equal(own.counted, reached & ~own.wrongly_out | own.wrongly_in)
    # No street is shorter than the straight line: a circle leaves nobody out.
    edge = np.isclose(found.network.seconds, minutes * 60, atol=0.01)
    assert not (found.circle.wrongly_out & ~edge).any()
