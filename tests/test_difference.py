"""What a scenario changes: by hand on a small street, and the laws of differences."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circle import scenario
from circle.demand import figure_in
from circle.geo.crs import to_lonlat
from circle.i18n import t
from circle.measures.difference import EDITS, REACTS, Difference, Fate, interval
from circle.measures.montecarlo import Assumptions
from circle.model import Coverage, Question
from circle.scenario import PlanFile
from circle.scenario.edits import ON_FACILITIES, ON_RESIDENTS, ON_STREETS
from circle.study import Study
from circle.words import changed
from tests import small
from tests.oracle import CRS

if TYPE_CHECKING:
    from circle.model import District

ASKED = Question.by_minutes("market", "adult", 5.0)
FEW = Assumptions(draws=60, positions=8, allocations=8)


def at(east_m: float) -> dict[str, float]:
    lon, lat = to_lonlat(np.array([[small.WEST + east_m, small.SOUTH]]), CRS)[0]
    return {"lon": float(lon), "lat": float(lat)}


def market(east_m: float, number: str = "new") -> dict[str, Any]:
    return {"edit": "add_facility", "id": number, "kind": "market", "name": "新市场"} | at(east_m)


CLOSED = {"edit": "close_facility", "id": "m2"}


@pytest.fixture(scope="module")
def base() -> District:
    district = small.district()
    columns = ("capacity", "capacity_unit", "hours", "source", "address")
    table = district.facilities.assign(**dict.fromkeys(columns, ""))
    second = table.iloc[[0]].assign(
        id="m2", x=small.WEST + 600.0, **{k: [v] for k, v in at(600).items()}
    )
    table = pd.concat([table, second], ignore_index=True)
    return replace(district, facilities=table)


def study_of(district: District, *edits: dict[str, Any]) -> Study:
    plan = PlanFile.model_validate({"name": "试", "edits": edits})
    return Study(scenario.resolved(district, scenario.plan_of(plan)))


def told(district: District, *edits: dict[str, Any]) -> Difference:
    answer = study_of(district, *edits).difference(Study(district), ASKED)
    assert answer is not None
    return answer


def sure(district: District, *edits: dict[str, Any]) -> pd.DataFrame:
    before, after = Study(district), study_of(district, *edits)
    answers = before.coverage(ASKED), after.coverage(ASKED)
    assert isinstance(answers[0], Coverage)
    assert isinstance(answers[1], Coverage)
    return interval(
        (district, after.district),
        (before.walk("adult"), after.walk("adult")),
        (answers[0], answers[1]),
        FEW,
    )


def test_by_hand(base: District) -> None:
    gone = told(base, CLOSED)  # doors at 350 to 850 m were served from 600 m
    whole = figure_in(gone.rates)
    assert (whole["before"], whole["after"]) == (0.9, 0.3)
    people = figure_in(gone.people)
    assert (people["losing"], people["gaining"]) == (70, 0)
    assert (people["cut_off"], people["reached"]) == (60, 0)
    lost = sum(east - abs(600 - east) for east in range(350, 1000, 100)) * 10 / 60
    assert people["resident_minutes"] == pytest.approx(-lost)
    assert [(zone.fate, zone.before, zone.after) for zone in gone.zones] == [(Fate.GROWN, 10, 70)]
    won = told(base, market(1000))
    assert [zone.fate for zone in won.zones] == [Fate.GONE]
    assert figure_in(won.people, area="east")["reached"] == 10


def test_residents_who_move_in_have_nothing_to_compare_with(base: District) -> None:
    edit = {"edit": "add_residents", "residents": 100} | at(950)
    moved = told(base, edit)
    assert np.isnan(moved.won[-1])
    assert figure_in(moved.people)["losing"] == 0
    assert figure_in(moved.rates)["after"] == 0.45
    assert moved.zones[0].after == 110


def test_no_edit_changes_nothing_and_is_sure_of_it(base: District) -> None:
    same = told(base)
    assert not same.won.any()
    assert (same.rates["change"].dropna() == 0).all()
    assert {zone.fate for zone in same.zones} == {Fate.SAME}
    drawn = sure(base).dropna()
    assert (drawn[["change", "low", "high"]] == 0).all(axis=None)


def test_what_concerns_another_kind_changes_nothing_in_any_draw(base: District) -> None:
    drawn = sure(base, {"edit": "close_facility", "id": "c2"}).dropna()
    assert (drawn[["change", "low", "high"]] == 0).all(axis=None)


@settings(max_examples=12, deadline=None)
@given(st.floats(0, 1200))
def test_adding_never_worsens_in_any_draw_and_closing_never_betters(east_m: float) -> None:
    district = small.district()
    columns = ("capacity", "capacity_unit", "hours", "source", "address")
    district = replace(
        district, facilities=district.facilities.assign(**dict.fromkeys(columns, ""))
    )
    more = told(district, market(east_m))
    assert (more.won >= 0).all()
    assert (sure(district, market(east_m))["low"].dropna() >= 0).all()
    richer = study_of(district, market(east_m)).district
    richer = replace(richer, scenario_id="1" * 64, base_id="1" * 64)
    less = told(richer, {"edit": "close_facility", "id": "new"})
    assert (less.won == -more.won).all()
    assert (sure(richer, {"edit": "close_facility", "id": "new"})["high"].dropna() <= 0).all()


def test_every_edit_is_told_of_and_no_other() -> None:
    known = {
        edit.model_fields["edit"].default for edit in (*ON_FACILITIES, *ON_STREETS, *ON_RESIDENTS)
    }
    named = {name for edits in REACTS.values() for name in edits}
    assert known - named == {"set_hours"}
    assert named <= known == {*EDITS}
    told = {name: changed.reacts(name) for name in REACTS}
    act = {edit: t(f"whatif.act.{edit}") for edit in EDITS}
    for name, said in told.items():
        lists_no = len(REACTS[name]) > len(EDITS) / 2
        assert {e for e in EDITS if act[e] in said} >= {e for e in EDITS if e not in REACTS[name]}
        assert lists_no or all(act[edit] in said for edit in REACTS[name])
    assert act["set_capacity"] not in told["capacity"]


def _known(answer: Any) -> Any:
    assert answer is not None
    return answer


SMALLEST: dict[str, dict[str, Any]] = {
    "add_facility": market(1000),
    "move_facility": {"edit": "move_facility", "id": "m1"} | at(300),
    "close_facility": CLOSED,
    "set_capacity": {"edit": "set_capacity", "id": "m1", "capacity": "80"},
    "set_hours": {"edit": "set_hours", "id": "m1", "hours": "24/7"},
    "add_link": {"edit": "add_link", "lon_to": at(790)["lon"], "lat_to": at(790)["lat"]} | at(430),
    "shut_gate": {"edit": "shut_gate"} | at(630),
    "set_steps": {"edit": "set_steps", "steps": 900} | at(630),
    "add_residents": {"edit": "add_residents", "residents": 100} | at(950),
    "move_residents": {
        "edit": "move_residents",
        "radius_m": 60,
        "lon_to": at(950)["lon"],
        "lat_to": at(950)["lat"],
    }
    | at(50),
}


@pytest.mark.parametrize("act", SMALLEST)
def test_a_figure_changes_with_no_edit_that_it_is_said_not_to_react_to(
    base: District, act: str
) -> None:
    table = base.facilities.assign(capacity="40", capacity_unit="stalls")
    before = Study(replace(base, facilities=table))
    after = study_of(before.district, SMALLEST[act])
    difference = after.difference(before, ASKED)
    assert difference is not None
    figures: dict[str, Any] = {
        "coverage": difference.rates[["before", "after"]].dropna().to_numpy().T,
        "gaps": [[zone.before for zone in difference.zones], [z.after for z in difference.zones]],
        "minutes": [[0.0], [difference.people["resident_minutes"].abs().max()]],
        "capacity": [s.capacity(ASKED).table["mean"].dropna().to_numpy() for s in (before, after)],
        "spread": [_known(s.spread(ASKED)).table["gini"].dropna() for s in (before, after)],
        "services": [_known(s.together([ASKED]).table)["rate"].dropna() for s in (before, after)],
    }
    for name, (old, new) in figures.items():
        if act not in REACTS[name]:
            np.testing.assert_array_equal(np.asarray(old), np.asarray(new), err_msg=name)
