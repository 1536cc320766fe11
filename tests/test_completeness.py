from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circle.config import ROOT
from circle.errors import InputError
from circle.load import read_district
from circle.load.standards import standard_sets
from circle.measures.completeness import completeness, lacking, service_names
from circle.measures.gaps import frontages, gaps
from circle.model import GROUPS, Provision, Rule
from circle.network.speeds import impedance
from tests import small
from tests.asking import by_count, coverage, coverage_by, coverages_by

DISTRICT = small.district()
ADULT = impedance(DISTRICT.network, DISTRICT.profiles["adult"])
SLOW = impedance(DISTRICT.network, DISTRICT.profiles["slow"])


def _three() -> Provision:
    """Return the market within 600 m, the sure canteen within 700 m, and a service unknown."""
    asked = small.standard(
        small.requirement(),
        small.requirement("canteen", metres=700.0),
        small.requirement("health"),
        small.requirement("kindergarten"),
    )
    return completeness(DISTRICT, coverages_by(DISTRICT, ADULT, asked))


def test_by_hand() -> None:
    """Markets reach 0 to 600 m, the canteen at 1,200 m back to 500 m: both at 550 m alone."""
    found = _three()
    assert found.count[:10].tolist() == [1, 1, 1, 1, 1, 2, 1, 1, 1, 1]
    assert [each.question.kind for each in found.no_data] == ["health", "kindergarten"]
    assert found.table is not None
    whole = found.table[found.table["area"].eq("")].set_index("group")
    assert (whole.at["residents", "covered"], whole.at["residents", "rate"]) == (10, 0.1)
    assert whole.at["residents_60_plus", "covered"] == 3
    west = found.table[found.table["area"].eq("west") & found.table["group"].eq("residents")]
    assert west["covered"].iloc[0] == 0
    assert found.at_least  # the list of canteens is not complete


def test_what_each_place_lacks() -> None:
    found = _three()
    table = lacking(DISTRICT, found)
    assert table.index.tolist() == [0, 1, 2, 3, 4, 6, 7, 8, 9]
    assert table.loc[[0, 9], "lacks"].tolist() == [(1,), (0,)]
    assert table["residents"].sum() == 90
    assert [str(name) for name in service_names(DISTRICT, found)] == ["服务", "服务"]


def test_counts_hold_everybody_once() -> None:
    table = by_count(DISTRICT, _three())
    assert table["residents"].to_dict() == {0: 0, 1: 90, 2: 10}
    assert table.columns.tolist() == list(GROUPS)


def test_no_data_at_all_is_no_rate() -> None:
    asked = small.standard(small.requirement("health"))
    found = completeness(DISTRICT, coverages_by(DISTRICT, ADULT, asked))
    assert found.table is None
    assert not found.at_least
    assert len(lacking(DISTRICT, found)) == 0
    assert by_count(DISTRICT, found)["residents"].tolist() == [100]


def test_plain_coverages_are_taken_too() -> None:
    found = completeness(DISTRICT, [coverage(DISTRICT, ADULT, "market", 10)])
    assert found.count.sum() == 6
    assert not found.at_least
    assert [str(name) for name in service_names(DISTRICT, found)] == ["菜市场"]


def test_two_ways_of_walking_do_not_mix() -> None:
    with pytest.raises(InputError) as error:
        completeness(
            DISTRICT,
            [
                coverage_by(DISTRICT, ADULT, small.requirement()),
                coverage_by(DISTRICT, SLOW, small.requirement("canteen")),
            ],
        )
    assert error.value.message("en") != error.value.message("zh")


@given(
    st.lists(st.floats(10, 1500), min_size=2, max_size=2),
    st.floats(0, 500),
    st.sampled_from(["adult", "slow"]),
    st.sampled_from(list(Rule)),
)
@settings(max_examples=40, deadline=None)
def test_conserved_and_never_lowered(
    limits: list[float], more: float, who: str, rule: Rule
) -> None:
    walk = impedance(DISTRICT.network, DISTRICT.profiles[who])

    def judged(extra: float) -> Provision:
        asked = small.standard(
            *(
                small.requirement(
                    kind, metres=limit + extra, minutes=(limit + extra) / 60, judged_by=rule
                )
                for kind, limit in zip(("market", "canteen"), limits, strict=True)
            )
        )
        return completeness(DISTRICT, coverages_by(DISTRICT, walk, asked))

    near, far = judged(0), judged(more)
    assert (near.count <= far.count).all()
    for found in (near, far):
        assert found.table is not None
        table = found.table
        assert np.allclose(table["covered"] + table["uncovered"], table["residents"])
        whole = table[table["area"].eq("")].set_index("group")
        areas = table[table["area"].ne("")].groupby("group")["covered"].sum()
        assert np.allclose(whole["covered"], areas[whole.index])
        counts = by_count(DISTRICT, found)
        assert np.allclose(counts.sum(), whole.loc[counts.columns, "residents"])
        assert np.allclose(counts.loc[2], whole.loc[counts.columns, "covered"])
        for one in found.services:
            assert whole.at["residents", "covered"] <= one.table["covered"].max() + 1e-9


@pytest.mark.parametrize("unverified", [False, True])
@pytest.mark.parametrize("who", ["adult", "older_adult", "child_accompanied", "wheelchair"])
def test_the_district_by_every_standard(who: str, unverified: bool) -> None:  # noqa: FBT001
    """Areas and both sides of a limit add up, and zones hold all out of reach."""
    district = read_district(ROOT / "data" / "tianping")
    walk = impedance(district.network, district.profiles[who])
    frontages(district)
    for standard in standard_sets(ROOT / "data" / "standards").values():
        found = completeness(
            district, coverages_by(district, walk, standard, unverified=unverified)
        )
        assert len(found.services) + len(found.no_data) == len(standard.defaults)
        for one in found.services:
            table = one.table
            assert np.allclose(table["covered"] + table["uncovered"], table["residents"])
            whole = table[table["area"].eq("")].set_index("group")
            areas = table[table["area"].ne("")].groupby("group")[["residents", "covered"]].sum()
            assert np.allclose(whole[["residents", "covered"]], areas.loc[whole.index])
            zones = gaps(district, one)
            uncovered = whole.at["residents", "uncovered"]
            assert sum(zone.residents for zone in zones) == pytest.approx(uncovered)
        counts = by_count(district, found)
        assert counts["residents"].sum() == pytest.approx(63_735, abs=1)
