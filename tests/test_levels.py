"""Figures by residents' committee and grid cell: one roll-up, nobody lost at any level.

The small district has residents every 100 m from 50 m to 950 m, ten at each place
(see `tests.small`). Committees: one from -20 m to 320 m, another from 400 m to
760 m with the same Chinese name. So 350 m is 30 m from the first, 50 m from the
second; 850 m and 950 m are 90 m and 190 m off.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from circle.cli import OK, USAGE, main
from circle.demand import figure_in, residents_of, roll_up, totals, unit_of
from circle.errors import InputError, UnknownNameError
from circle.i18n import in_language
from circle.load import build
from circle.load.population import place_units
from circle.measures.coverage import at_level
from circle.measures.equity import curve, spread
from circle.measures.gaps import gaps
from circle.model import GROUPS, NOT_IN_ANY, Area, District, Text
from circle.network.speeds import impedance
from circle.places.facilities import area_named, units_of
from circle.words.wording import gap_name
from tests import small
from tests.asking import coverage, uncertainty
from tests.load.test_levels import write_level
from tests.oracle import network_of

if TYPE_CHECKING:
    from pathlib import Path

PLAIN = small.district()


def _unit(name: str, zh: str, west_m: float, east_m: float) -> Area:
    box = shapely.box(small.WEST + west_m, small.SOUTH - 80, small.WEST + east_m, small.SOUTH + 80)
    return Area(name, Text(zh, name.title()), official=True, note=Text("", ""), polygon=box)


def _with(**levels: tuple[Area, ...]) -> District:
    xy = PLAIN.demand[["x", "y"]].to_numpy(np.float64)
    inside = PLAIN.demand["inside"].to_numpy(np.bool_)
    columns = {
        name: place_units(xy, inside, [(unit.id, unit.polygon) for unit in units])
        for name, units in levels.items()
    }
    return replace(PLAIN, levels=dict(levels), demand=PLAIN.demand.assign(**columns))


DISTRICT = _with(
    committee=(_unit("first", "甲居委会", -20, 320), _unit("second", "甲居委会", 400, 760)),
    grid=tuple(_unit(f"g{i}", f"{i}号", 250 * i, 250 * (i + 1)) for i in range(4)),
)
WALKS = {name: impedance(DISTRICT.network, profile) for name, profile in DISTRICT.profiles.items()}


def test_areas_are_always_a_level() -> None:
    assert PLAIN.levels == {"area": PLAIN.areas}
    assert list(DISTRICT.levels) == ["area", "committee", "grid"]
    assert replace(DISTRICT, areas=()).levels["area"] == ()


def test_places_by_hand() -> None:
    """350 m is taken by the nearest, 30 m off; 850 m is too far from all."""
    assert DISTRICT.demand["committee"].tolist() == (
        ["first"] * 4 + ["second"] * 4 + [""] * 2 + [""] * 2
    )
    assert unit_of(DISTRICT, "committee")[8] == NOT_IN_ANY
    # The places at 1,050 m and 1,150 m lie beyond the boundary: the first 50 m from the last cell.
    assert DISTRICT.demand["grid"].tolist()[-3:] == ["g3", "", ""]


def test_near_lines_and_ties() -> None:
    box = shapely.box(0, 0, 100, 100)
    beside = shapely.box(100, 0, 200, 100)
    units = [("a", box), ("b", beside)]
    xy = np.array([[50, 50], [100, 50], [249.9, 50], [250, 50], [150, -1], [150, -1]], float)
    inside = np.array([True, True, True, True, True, False])
    assert place_units(xy, inside, units).tolist() == ["a", "a", "b", "", "b", ""]
    assert place_units(np.array([[150.0, 50.0]]), np.array([False]), units).tolist() == ["b"]
    assert place_units(xy, inside, []).tolist() == [""] * 6
    assert place_units(xy[:0], inside[:0], units).tolist() == []


def test_committees_by_hand() -> None:
    """Ten minutes at 1 m/s reach the six places up to 550 m."""
    found = coverage(DISTRICT, WALKS["adult"], "market", 10)
    table = at_level(DISTRICT, found, "committee")
    residents = table[table["group"].eq("residents")]
    assert residents["area"].tolist() == ["first", "second", NOT_IN_ANY, ""]
    assert residents["residents"].tolist() == [40, 40, 20, 100]
    assert residents["covered"].tolist() == [40, 20, 0, 60]
    assert figure_in(table, "residents_60_plus", "second")["covered"] == 6
    assert list(table.columns) == list(found.table.columns)


def test_the_level_of_areas_is_the_table() -> None:
    found = coverage(DISTRICT, WALKS["slow"], "canteen", 10, unverified=True)
    pd.testing.assert_frame_equal(at_level(DISTRICT, found, "area"), found.table)


def _sums(table: pd.DataFrame, column: str) -> tuple[pd.Series[float], pd.Series[float]]:
    whole = table[table["area"].eq("")].set_index("group")[column]
    below = table[table["area"].ne("")].groupby("group")[column].sum()
    return whole, below[whole.index]


def _same_at_every_level(district: District, minutes: float, *, unverified: bool) -> None:
    places = district.facilities[district.facilities["verified"] | unverified]
    for kind in places["kind"].unique():
        for profile in district.profiles.values():
            walk = impedance(district.network, profile)
            found = coverage(district, walk, kind, minutes, unverified=unverified)
            for level in district.levels:
                table = at_level(district, found, level)
                assert not table.duplicated(["area", "group"]).any()
                for column in ("residents", "covered", "uncovered"):
                    whole, below = _sums(table, column)
                    assert np.allclose(whole, below)
                    assert np.allclose(whole, _sums(found.table, column)[0])


@given(
    st.floats(0.5, 40),
    st.lists(st.tuples(st.integers(-50, 1100), st.integers(1, 400)), max_size=6),
    st.booleans(),
)
@settings(max_examples=25, deadline=None)
def test_every_level_conserves_all(
    minutes: float,
    cells: list[tuple[int, int]],
    unverified: bool,  # noqa: FBT001
) -> None:
    """Whatever the cells, be there gaps or overlaps: units and none of them are the whole."""
    grid = tuple(_unit(f"c{i}", str(i), west, west + wide) for i, (west, wide) in enumerate(cells))
    district = _with(grid=grid, committee=DISTRICT.levels["committee"])
    _same_at_every_level(district, minutes, unverified=unverified)


@given(st.lists(st.floats(0, 100), min_size=12, max_size=12))
@settings(max_examples=25, deadline=None)
def test_any_value_has_one_total(value: list[float]) -> None:
    tables = [
        pd.DataFrame(
            {
                **residents_of(DISTRICT, level).labels,
                "total": totals(DISTRICT, np.array(value), level),
            }
        )
        for level in DISTRICT.levels
    ]
    wholes = [table[table["area"].eq("")]["total"].to_numpy() for table in tables]
    assert all(np.allclose(wholes[0], one) for one in wholes[1:])
    for table in tables:
        whole, below = _sums(table, "total")
        assert np.allclose(whole, below)
    inside = DISTRICT.demand["inside"]
    told = (DISTRICT.demand["residents"] * value)[inside].sum()
    assert tables[1].iloc[-len(GROUPS)]["total"] == pytest.approx(told)


def test_a_built_district_conserves_too(facts_dir: Path, tmp_path: Path) -> None:
    write_level(facts_dir, "committees.geojson", (-5, 40, "甲"), (260, 337, "乙"))
    district = build(facts_dir, tmp_path / "out")
    assert NOT_IN_ANY in unit_of(district, "committee")[district.demand["inside"]]
    _same_at_every_level(district, 3, unverified=False)


def test_without_areas_all_are_in_none() -> None:
    bare = replace(PLAIN, areas=(), demand=PLAIN.demand.assign(area=""))
    table = roll_up(bare, np.ones(12, np.bool_))
    assert table["area"].drop_duplicates().tolist() == [NOT_IN_ANY, ""]
    walk = WALKS["adult"]
    found = uncertainty(bare, walk, "market", 10).table
    assert found["area"].drop_duplicates().tolist() == [NOT_IN_ANY, ""]
    rates = found[found["group"].eq("residents")].drop(columns="area")
    pd.testing.assert_series_equal(rates.iloc[0], rates.iloc[1], check_names=False)


def test_levels_that_are_not_there() -> None:
    found = coverage(PLAIN, WALKS["adult"], "market", 10)
    with pytest.raises(UnknownNameError) as unknown:
        at_level(PLAIN, found, "ward")
    with pytest.raises(InputError) as missing:
        at_level(PLAIN, found, "grid")
    for language in ("zh", "en"):
        assert "committees.geojson" in unknown.value.message(language)
        told = missing.value.message(language)
        assert all(word in told for word in ("grid.geojson", "id", "name_en", "status", "note"))
    with pytest.raises(InputError):
        units_of(PLAIN, "committee")


def test_units_by_name() -> None:
    assert area_named(DISTRICT, "SECOND", "committee").id == "second"
    with pytest.raises(UnknownNameError, match="甲居委会"):
        area_named(DISTRICT, "west", "committee")


def _answer(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    code = main(["coverage", "--json", "--kinds", "market", *words])
    told = capsys.readouterr()
    assert (code, told.err) == (OK, "")
    return json.loads(told.out)


def test_the_command_line_by_committee(
    facts_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = ((-5, 100, "甲"), (100, 140, "甲"), (265, 337, "乙"))
    write_level(facts_dir, "committees.geojson", *names)
    build(facts_dir, tmp_path / "out")
    words = ("--district", str(tmp_path / "out"), "--level", "committee")
    found = _answer(capsys, *words)
    one = found["kinds"]["market"]
    assert found["level"] == "committee"
    assert list(one["by_area"]) == [
        "甲 (committee-1)",
        "甲 (committee-2)",
        "乙",
        "不在任何单元内",
    ]
    for name in ("residents", "covered", "covered_65_plus"):
        assert sum(own[name] for own in one["by_area"].values()) == pytest.approx(
            one[name], abs=0.05
        )
    own = _answer(capsys, *words, "--area", "乙")["kinds"]["market"]
    assert own["residents"] == one["by_area"]["乙"]["residents"]
    areas = _answer(capsys, *words[:2])["kinds"]["market"]
    assert list(areas["by_area"]) == ["西片区", "东片区"]
    assert areas["residents"] == one["residents"]


@pytest.mark.parametrize("level", ["grid", "ward"])
@pytest.mark.parametrize("form", [["--json"], []])
def test_the_command_line_says_how_to_bring_a_level(
    level: str, form: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["coverage", "--level", level, *form])
    told = capsys.readouterr()
    assert (code, told.out) == (USAGE, "")
    assert "grid.geojson" in told.err


def test_a_nameless_zone_is_named_by_the_nearest_street() -> None:
    """Out of reach are 650 m to 950 m: centre 800 m, on the nameless; the named ends at 400 m."""
    network = network_of(
        [(small.WEST + 400 * i, small.SOUTH) for i in range(4)],
        [(0, 1, 400.0), (1, 2, 400.0), (2, 3, 400.0)],
        names=["甲路;旧路", "", ""],
    )
    district = replace(PLAIN, network=network)
    walk = impedance(network, district.profiles["adult"])
    (gap,) = gaps(district, coverage(district, walk, "market", 10))
    assert (gap.streets, gap.near) == ((), "甲路")
    assert gap_name(gap) == "甲路附近"
    with in_language("en"):
        assert gap_name(gap) == "near 甲路"
    nameless = replace(network, segment_name=np.full(3, "", dtype=object))
    (gap,) = gaps(replace(PLAIN, network=nameless), coverage(district, walk, "market", 10))
    assert gap.near == ""
    assert gap_name(gap) == "无名路"


def test_the_centre_weighs_residents() -> None:
    """Of 650 m to 950 m nearly all live at 650 m, on 甲路; its neighbour begins at 800 m."""
    demand = PLAIN.demand.assign(residents=np.where(PLAIN.demand["cell"].eq(6), 1000.0, 10.0))
    district = replace(PLAIN, demand=demand)
    found = coverage(district, WALKS["adult"], "market", 10)
    (gap,) = gaps(district, found)
    assert gap.near == "甲路"
    assert gap_name(gap) == "甲路—乙路"


def test_equity_of_those_in_no_unit() -> None:
    bare = replace(PLAIN, areas=(), demand=PLAIN.demand.assign(area=""))
    found = spread(bare, "minutes", np.arange(12.0))
    assert np.allclose(curve(bare, found, area=NOT_IN_ANY), curve(bare, found))
    assert (
        figure_in(coverage(bare, WALKS["adult"], "market", 10).table, area=NOT_IN_ANY)["covered"]
        == 60
    )
