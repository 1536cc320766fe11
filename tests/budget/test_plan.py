"""One budget: against every choice of measures, by hand on a street, and by a stranger."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circle.budget import model
from circle.budget.costs import TEMPLATE, Cost, Costs, read_costs
from circle.budget.nouns import Budget, Goal, Measure, Rules
from circle.budget.reading import read, recomputed
from circle.budget.record import record
from circle.cli import OK, main
from circle.errors import DataError, InputError
from circle.geo.crs import to_lonlat
from circle.load.text_tables import columns_of
from circle.model import Question
from circle.scenario import plan_of, resolved
from circle.scenario.edits import AddFacility, AddLink, CloseFacility, PlanFile
from circle.study import Study
from tests.budget.check_plan import faults
from tests.oracle import CRS, network_of
from tests.small import SOUTH, WEST, district

LIMIT_S = 900.0
CHECKER = Path(__file__).with_name("check_plan.py")


@st.composite
def budgets(draw: st.DrawFn) -> Budget:
    """Draw a few doorways with up to three floors, lifts for some, and street measures."""
    doors, others = draw(st.integers(1, 4)), draw(st.integers(0, 4))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    has_lift = random.random(doors) < 0.7
    measures = [
        Measure(f"l{door}", "lift", "", float(random.integers(0, 5)), "s",
                bool(random.random() < 0.2), int(door))
        for door in np.flatnonzero(has_lift)
    ] + [Measure(f"e{n}", "room", "", float(random.integers(0, 5)), "s")
         for n in range(others)]  # fmt: skip
    door = np.repeat(np.arange(doors), 3)
    rows = {int(each.doorway): row for row, each in enumerate(measures) if each.kind == "lift"}
    lift = np.array([rows.get(int(each), -1) for each in door])
    street = random.integers(400, 1300, (doors, 1 + len(measures))).astype(float)
    street[:, 1 : 1 + len(rows)] = np.inf
    street[:, 1:][random.random(street[:, 1:].shape) < 0.5] = np.inf
    stairs = np.tile([0.0, 150.0, 400.0], doors)
    stairs[random.random(len(stairs)) < 0.1] = np.inf
    return Budget(
        tuple(measures), tuple(f"c{n}" for n in range(len(door))),
        random.integers(0, 6, len(door)).astype(float), stairs,
        np.where(lift >= 0, np.minimum(stairs, 60.0), stairs), lift, street[door], LIMIT_S,
    )  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(budget=budgets(), money=st.integers(0, 10), protected=st.booleans())
def test_none_of_all_choices_is_better(
    budget: Budget,
    money: int,
    protected: bool,  # noqa: FBT001 - drawn
) -> None:
    rules = Rules(float(money), protected)
    plan = model.best(budget, Goal.MOST, rules)
    assert plan.optimal
    assert faults(record(budget, plan, rules, 1.0)) == []
    if plan.served > 0:
        share = plan.served / budget.everyone
        least = model.best(budget, Goal.LEAST, rules, share)
        assert least.cost == pytest.approx(plan.cost)
        assert faults(record(budget, least, rules, share)) == []


@settings(max_examples=15, deadline=None)
@given(budget=budgets(), money=st.integers(0, 10))
def test_the_front_rises_and_a_rule_never_pays(budget: Budget, money: int) -> None:
    rules = Rules(float(money))
    front = model.front(budget, rules)
    served, cost = [each.served for each in front], [each.cost for each in front]
    assert served == sorted(set(served))
    assert cost == sorted(set(cost))
    plan = model.best(budget, Goal.MOST, rules)
    assert front[-1].served == pytest.approx(plan.served)
    assert all(price.served >= 0 for price in model.prices(budget, plan, rules))


def doorways(*rows: dict[str, object]) -> pd.DataFrame:
    table = pd.DataFrame(list(rows)).assign(y=SOUTH)
    for name, kind in columns_of("doorways.csv").items():
        if name not in table:
            table[name] = "" if kind == "text" else np.nan
    return table


def at(east_m: float, north_m: float = 0.0) -> tuple[float, float]:
    lon, lat = to_lonlat(np.array([[WEST + east_m, SOUTH + north_m]]), CRS)[0].tolist()
    return lon, lat


STATED = Costs("CNY", {"lift": Cost(5.0, "a"), "add_facility": Cost(3.0, "b")}, {})
LINKED = Costs("", {"add_link": Cost(1.0, "a")}, {})
NEW = AddFacility(id="new", kind="market", name="新", lon=at(700)[0], lat=at(700)[1],
                  capacity="", capacity_unit="")  # fmt: skip
TWO = doorways(
    {"id": "near", "x": WEST + 100, "floors": 6.0, "elevator": "none", "protected": 0.0,
     "blockers": "none", "residents_60_plus_by_floor": "1;0;0;0;0;8", "entry": "level"},
    {"id": "far", "x": WEST + 800, "floors": 6.0, "elevator": "none", "protected": 0.0,
     "blockers": "none", "residents_60_plus_by_floor": "2;0;0;0;0;7", "entry": "level"},
)  # fmt: skip


def asked(minutes: float) -> Question:
    return Question.by_minutes("market", "slow", minutes)


def test_a_lift_and_a_room_serve_together_on_a_street_by_hand() -> None:
    """The market is at 0 m, walked at 0.5 m/s: 200 s from near, 1,600 s from far.

    Six floors take an average walker of half the speed some 180 s; with the limit at 300 s
    the first floor of near is served, its sixth with a lift, far with a new market (200 s), and
    its sixth floor with a lift beside.
    """
    study = Study(district())
    told = read(study, asked(5), "residents_60_plus", STATED, TWO, (NEW,))
    budget = told.budget
    assert budget.street_s[0, 0] == pytest.approx(200, abs=0.5)
    assert budget.street_s[-1, 3] == pytest.approx(200, abs=0.5)
    for money, served, names in (
        (4, 3, {"new"}), (5, 9, {"near"}), (8, 11, {"near", "new"}),
        (13, 18, {"near", "far", "new"}),
    ):  # fmt: skip
        plan = model.best(budget, Goal.MOST, Rules(float(money)))
        chosen = {
            each.id for each, taken in zip(budget.measures, plan.chosen, strict=True) if taken
        }
        assert (plan.served, chosen) == (served, names)
        again = recomputed(study, asked(5), "residents_60_plus", budget, plan.chosen, TWO)
        assert again == plan.served
    with pytest.raises(InputError, match="100"):
        model.best(budget, Goal.LEAST, Rules(12.0))


def test_what_street_measures_do_jointly_is_told_by_computing_anew() -> None:
    """A street folded twice: 2,000 m, 1,400 m with either of two links, 800 m with both."""
    corners = [(0, 0), (600, 0), (600, 100), (0, 100), (0, 200), (600, 200)]
    streets = network_of(
        [(WEST + east, SOUTH + north) for east, north in corners],
        [(n, n + 1, float(length)) for n, length in enumerate([600, 100, 600, 100, 600])],
    )
    home = doorways({"id": "a", "x": WEST + 600, "floors": 1.0, "residents_60_plus": 4.0})
    links = tuple(
        AddLink(name="", steps=-1, lon=at(300, y)[0], lat=at(300, y)[1], lon_to=at(300, y)[0],
                lat_to=at(300, y + 100)[1])
        for y in (0, 100)
    )  # fmt: skip
    study = Study(replace(district(), network=streets))
    home = home.assign(y=SOUTH + 200)
    budget = read(study, asked(30), "residents_60_plus", LINKED, home, links).budget
    assert budget.street_s[0] == pytest.approx([4000, 2800, 2800], abs=5)
    both = np.ones(2, np.bool_)
    assert budget.value(both) == 0
    assert recomputed(study, asked(30), "residents_60_plus", budget, both, home) == 4


def test_a_new_facility_beside_a_protected_building_has_its_price() -> None:
    """A protected building stands at 850 m; of far all nine are then 100 s from the market."""
    lon, lat = at(850)
    beside = NEW.model_copy(update={"lon": lon, "lat": lat})
    told = read(Study(district()), asked(5), "residents_60_plus", STATED, TWO, (beside,)).budget
    rules = Rules(3.0)
    plan = model.best(told, Goal.MOST, rules)
    assert not plan.chosen.any()
    assert model.prices(told, plan, rules) == [model.Price("protected", 9.0, 3.0)]


def test_edits_are_laid_over_the_scenario_that_is_looked_at() -> None:
    """With the only market closed nobody is served, and the new one serves those by it."""
    gone = PlanFile(name="x", edits=(CloseFacility(id="m1"),))  # type: ignore[call-arg]
    study = Study(resolved(district(), plan_of(gone)))
    budget = read(study, asked(5), "residents_60_plus", STATED, TWO, (NEW,)).budget
    assert np.isinf(budget.street_s[:, 0]).all()
    chosen = np.array([False, False, True])
    assert budget.value(chosen) == 2
    assert recomputed(study, asked(5), "residents_60_plus", budget, chosen, TWO) == 2


def test_measures_of_one_name_are_told_apart() -> None:
    same = NEW.model_copy(update={"id": "near"})
    budget = read(Study(district()), asked(5), "residents_60_plus", STATED, TWO, (same,)).budget
    assert [each.id for each in budget.measures] == ["near", "far", "add_facility:near"]


def test_what_no_measure_can_be_is_refused_and_what_has_no_cost_is_counted() -> None:
    study = Study(district())
    with pytest.raises(InputError, match="close_facility"):
        read(study, asked(5), "residents", STATED, None, (CloseFacility(id="m1"),))
    astray = AddLink(name="", steps=-1, lon=at(700, 900)[0], lat=at(700, 900)[1],
                     lon_to=at(0)[0], lat_to=at(0)[1])  # fmt: skip
    with pytest.raises(DataError) as raised:
        read(study, asked(5), "residents_60_plus", LINKED, None, (NEW, astray))
    assert [finding.row for finding in raised.value.findings] == [2]
    told = read(study, asked(5), "residents_60_plus", Costs("", {}, {}), TWO, (NEW,))
    assert told.unpriced == {"lift": 2, "add_facility": 1}
    hard = TWO.assign(blockers=["structure", "none"], protected=[0.0, 1.0])
    told = read(study, asked(5), "residents_60_plus", STATED, hard)
    assert told.forbidden == 1
    assert [each.protected for each in told.budget.measures] == [True]
    plan = model.best(told.budget, Goal.MOST, Rules(9.0))
    assert not plan.chosen.any()


BAD = ("[lift]\ncost = 5", "[lift]\ncost = -1\nsource = 'a'", "[x]\n", "each = 4",
       "[lift]\ncost = true\nsource = 'a'", "= 3")  # fmt: skip


@pytest.mark.parametrize("text", BAD)
def test_a_cost_has_a_number_and_a_source(tmp_path: Path, text: str) -> None:
    file = tmp_path / "costs.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(DataError):
        read_costs(file)
    file.write_text(TEMPLATE, encoding="utf-8")
    assert read_costs(file) == Costs("CNY", {}, {})


def test_the_command_s_plan_is_checked_by_a_stranger(
    district_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    costs = tmp_path / "costs.toml"
    costs.write_text("[lift]\ncost = 700000\nsource = 'made up'\n", encoding="utf-8")
    arguments = ["plan", "--district", str(district_dir), "--example", "--minutes", "5",
                 "--kind", "canteen", "--unverified", "include"]  # fmt: skip
    assert main([*arguments, "--budget", "1500000"]) == OK
    assert TEMPLATE in capsys.readouterr().out
    assert main([*arguments, "--budget", "1500000", "--costs", str(costs)]) == OK
    assert "1,400,000" in capsys.readouterr().out
    assert main([*arguments, "--budget", "1500000", "--costs", str(costs), "--json"]) == OK
    told = json.loads(capsys.readouterr().out)
    assert told["made_up"] is True
    assert told["recomputed"] == pytest.approx(told["served"])
    file = tmp_path / "plan.json"
    file.write_text(json.dumps(told), encoding="utf-8")
    ran = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-I", str(CHECKER), str(file)], check=False, capture_output=True
    )
    assert ran.stdout.decode().strip() == "holds"
    broken = told | {"served": told["served"] + 1}
    assert any(fault.startswith("served:") for fault in faults(broken))
    imports = set(re.findall(r"^(?:import|from) (\w+)", CHECKER.read_text("utf-8"), re.MULTILINE))
    assert imports <= sys.stdlib_module_names
    assert len(CHECKER.read_text("utf-8").splitlines()) <= 200
