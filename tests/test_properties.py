"""What holds of every figure of the embedded district, for all kinds, profiles and standards."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circle.config import ROOT
from circle.load import read_district
from circle.load.standards import standard_sets
from circle.measures.access import capacity, within
from circle.measures.completeness import completeness
from circle.measures.equity import spread
from circle.measures.gaps import gaps
from circle.model import Coverage, District, Impedance
from circle.network.speeds import impedance
from circle.places.facilities import coverable_kinds
from tests.asking import by_count, coverage, coverages_by

SETS = standard_sets(ROOT / "data" / "standards")
PROFILES = ("adult", "child_accompanied", "older_adult", "wheelchair")
HOME = read_district(ROOT / "data" / "tianping")
LISTED = set(HOME.facilities["kind"][HOME.facilities["verified"]])
KINDS = tuple(kind for kind in coverable_kinds(HOME) if kind in LISTED)
EXACT = 1e-9

walkers = st.sampled_from(PROFILES)
kinds = st.sampled_from(KINDS)
limits = st.floats(1, 40)


@cache
def home() -> District:
    return read_district(ROOT / "data" / "tianping")


@cache
def streets(profile: str) -> Impedance:
    return impedance(home().network, home().profiles[profile])


def judged(profile: str, name: str) -> list[Coverage]:
    found = coverages_by(home(), streets(profile), SETS[name])
    return [one for one in found if isinstance(one, Coverage)]


def conserved(found: Coverage) -> None:
    table = found.table
    assert np.allclose(table["covered"] + table["uncovered"], table["residents"])
    whole = table[table["area"].eq("")].set_index("group")[["residents", "covered"]]
    areas = table[table["area"].ne("")].groupby("group")[["residents", "covered"]].sum()
    assert np.allclose(whole, areas.loc[whole.index])
    zones = gaps(home(), found)
    left = whole["residents"] - whole["covered"]
    assert sum(z.residents for z in zones) == pytest.approx(left["residents"])
    assert sum(z.residents_60_plus for z in zones) == pytest.approx(left["residents_60_plus"])
    assert [z.rank for z in zones] == list(range(1, len(zones) + 1))


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_conserved(kind: str, profile: str) -> None:
    for unverified in (False, True):
        found = coverage(home(), streets(profile), kind, 15, unverified=unverified)
        conserved(found)
        shared = spread(home(), kind, found.seconds / 60, cap=120.0).table
        assert np.allclose(shared["residents"], found.table["residents"])


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("name", SETS)
def test_every_standard_is_conserved(name: str, profile: str) -> None:
    own = judged(profile, name)
    for found in own:
        conserved(found)
    together = completeness(home(), own)
    counts = by_count(home(), together)
    residents = together.services[0].table.set_index(["area", "group"])["residents"].loc[""]
    assert np.allclose(counts.sum(), residents.loc[counts.columns])
    for found in own:
        assert together.table is not None
        assert (together.table["covered"] <= found.table["covered"] + EXACT).all()


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("kind", KINDS)
def test_no_capacity_is_lost(kind: str, profile: str) -> None:
    """What all residents have together is the capacity of the facilities that anybody reaches."""
    found = capacity(home(), streets(profile), kind, within(15 * 60.0))
    people = home().demand["residents"].to_numpy()
    own = found.facilities
    for shared, supply, ratio in (
        (found.walk_in, own["walk_in"], own["walk_in_ratio"]),
        (found.delivered, own["delivered"], own["delivered_ratio"]),
    ):
        assert shared @ people == pytest.approx(float(supply[ratio.notna()].sum()))


@given(kinds, walkers, limits, limits)
@settings(max_examples=40, deadline=None)
def test_a_longer_limit_never_lowers_a_rate(kind: str, who: str, a: float, b: float) -> None:
    near, far = (coverage(home(), streets(who), kind, minutes) for minutes in sorted((a, b)))
    assert (near.within <= far.within).all()
    assert (near.table["covered"] <= far.table["covered"]).all()


@given(kinds, walkers, limits, st.integers(0, 2**32 - 1))
@settings(max_examples=40, deadline=None)
def test_more_facilities_never_lower_a_rate(kind: str, who: str, limit: float, seed: int) -> None:
    district = home()
    spot = district.demand.iloc[np.random.default_rng(seed).integers(len(district.demand))]
    more = district.facilities.iloc[[0]].assign(
        id="one-more", kind=kind, verified=True, x=spot["x"], y=spot["y"]
    )
    larger = replace(district, facilities=pd.concat([district.facilities, more], ignore_index=True))
    before, after = (coverage(one, streets(who), kind, limit) for one in (district, larger))
    assert (after.seconds <= before.seconds).all()
    assert (before.table["covered"] <= after.table["covered"]).all()


@given(kinds, walkers, limits, st.floats(0.3, 1))
@settings(max_examples=30, deadline=None)
def test_a_slower_profile_never_raises_a_rate(
    kind: str, who: str, limit: float, slower: float
) -> None:
    profile = home().profiles[who]
    steps = profile.seconds_per_step
    slow = replace(
        profile,
        speed_m_s=profile.speed_m_s * slower,
        seconds_per_step=None if steps is None else steps / slower,
    )
    quick = coverage(home(), streets(who), kind, limit)
    found = coverage(home(), impedance(home().network, slow), kind, limit)
    assert (found.table["covered"] <= quick.table["covered"]).all()


@given(st.sampled_from(sorted(SETS)), walkers, st.floats(1, 3))
@settings(max_examples=20, deadline=None)
def test_a_wider_standard_never_lowers_a_rate(name: str, who: str, wider: float) -> None:
    wide = replace(
        SETS[name],
        requirements=tuple(
            replace(
                one,
                minutes=None if one.minutes is None else one.minutes * wider,
                metres=None if one.metres is None else one.metres * wider,
            )
            for one in SETS[name].requirements
        ),
    )
    found = coverages_by(home(), streets(who), wide)
    after = [one for one in found if isinstance(one, Coverage)]
    for before, one in zip(judged(who, name), after, strict=True):
        assert (before.table["covered"] <= one.table["covered"]).all()
