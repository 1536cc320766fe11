"""The data-quality panel, by hand on the small district."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from circle.i18n import t
from circle.model import AGE_GROUPS, Completeness, Register, Text
from circle.quality import Check, Quality, Severity, far_places, missing, quality
from circle.words import data_tables
from tests.small import district

OK, NOTE, PROBLEM = Severity.OK, Severity.NOTE, Severity.PROBLEM


def one(found: Quality, key: str) -> Check:
    (check,) = [check for check in found.checks if check.key == key]
    return check


def told(found: Quality, key: str) -> dict[str, object]:
    return dict(one(found, key).values)


def figures(**values: float) -> pd.DataFrame:
    rows = [(key, value, "", "") for key, value in values.items()]
    return pd.DataFrame(rows, columns=["key", "value", "meaning", "seed"])


def test_rows_of_each_kind() -> None:
    table: Any = quality(district()).registers.set_index("kind")
    assert list(table.loc["market", ["completeness", "places", "verified", "unverified"]]) == [
        "complete",
        1,
        1,
        0,
    ]
    assert list(table.loc["canteen", ["completeness", "places", "verified", "unverified"]]) == [
        "partial",
        2,
        1,
        1,
    ]
    assert list(table.loc["health", ["completeness", "as_of", "places"]]) == ["unknown", "", 0]
    assert table.loc["heritage", "places"] == 2
    assert pd.isna(table.loc["heritage", "verified"])


def test_registers_by_how_much_they_matter() -> None:
    found = quality(district())
    severities = {check.key: check.severity for check in found.checks if check.part == "registers"}
    assert severities == {
        "register_complete": OK,  # market
        "register_partial": PROBLEM,  # canteen, a service
        "register_empty": PROBLEM,  # health: a service without any place
        "register_unknown": NOTE,  # heritage
    }
    assert found.problems == 3  # the two above, and the canteen at a guessed place


def test_a_confirmed_register_says_so() -> None:
    small = district()
    sure = Register("canteen", Completeness.COMPLETE, "2026-03-01", Text("", ""), "王晓明")
    found = quality(replace(small, registers={**small.registers, "canteen": sure}))
    assert one(found, "register_confirmed").severity is OK


def test_unverified_places() -> None:
    assert told(quality(district()), "unverified")["n"] == 1
    small = district()
    every = replace(small, facilities=small.facilities.assign(verified=True))
    assert one(quality(every), "all_verified").severity is OK


def test_places_far_from_the_street() -> None:
    small = district()
    assert far_places(small).empty
    moved = small.facilities.copy()
    moved.loc[moved["id"].eq("c2"), "y"] += 60
    old = small.heritage.assign(y=small.heritage["y"] - np.array([50.0, 300.0]))
    off = replace(small, facilities=moved, heritage=old)
    far = far_places(off)
    assert far[["layer", "name"]].to_numpy().tolist() == [
        ["heritage", "旧居"],
        ["facilities", "丙食堂"],
    ]
    assert far["metres"].to_numpy() == pytest.approx([300, 60])
    found = quality(off)
    assert one(found, "far_facilities").severity is NOTE
    assert one(found, "far_heritage").severity is PROBLEM  # too far to be put on the network


def test_no_places_at_all() -> None:
    small = district()
    bare = replace(small, facilities=small.facilities.iloc[:0], heritage=small.heritage.iloc[:0])
    assert far_places(bare).empty
    assert one(quality(bare), "near_facilities").severity is OK


def test_chords_by_count_and_length() -> None:
    small = district()
    kinds = np.array(["straight", "straight", "chord"], dtype=object)
    drawn = replace(small, network=replace(small.network, segment_shape_kind=kinds))
    found = quality(drawn)
    # The third segment, 800 to 1,200 m, lies with 200 m inside of 1,000 m in all.
    said = told(found, "chords")
    assert (said["n"], said["share"], said["n_all"], said["share_all"]) == (1, "20.0", 1, "33.3")
    assert one(found, "chords").severity is PROBLEM
    assert one(quality(small), "no_chords").severity is OK


@pytest.mark.parametrize(("length", "short"), [(400.0, 0), (398.5, 0), (397.0, 1)])
def test_lengths_below_the_drawn_line(length: float, short: int) -> None:
    small = district()
    lengths = np.array([length, 400.0, 450.0])
    found = quality(replace(small, network=replace(small.network, segment_length_m=lengths)))
    if short:
        assert told(found, "lengths_short") == {"n": 1, "most": "3.0"}
    else:
        assert one(found, "lengths_fit").severity is OK


@pytest.mark.parametrize(
    ("working", "key", "severity"),
    [
        (996.0, "ages_add_up", OK),
        (996.05, "ages_add_up", OK),
        (1001.0, "ages_differ", NOTE),
        (900.0, "ages_differ", PROBLEM),
    ],
)
def test_total_against_age_groups(working: float, key: str, severity: Severity) -> None:
    small = district()
    demand = small.demand.assign(residents=1000.0, age_15_59=working)  # the other groups are 4
    check = one(quality(replace(small, demand=demand)), key)
    assert check.severity is severity
    assert check.published == 10_000  # ten places inside
    assert check.ours == pytest.approx(10 * (working + 4))


def test_a_difference_is_that_of_the_figures_told() -> None:
    small = district()
    demand = small.demand.assign(residents=1000.06, age_15_59=994.04)  # 20.2 apart
    values = told(quality(replace(small, demand=demand)), "ages_differ")
    assert (values["total"], values["ages"], values["by"]) == ("10,001", "9,980", "21")


def test_frontage_by_weight() -> None:
    small = district()
    classes = np.array(["primary", "residential", "residential"], dtype=object)
    found = quality(replace(small, network=replace(small.network, segment_class=classes)))
    table: Any = found.frontage.set_index("weight")
    assert table.loc[1.0].to_list() == [6, 60]
    assert table.loc[0.2].to_list() == [4, 40]
    assert told(found, "residents_placed")["share"] == "60.0"


def test_the_share_on_lanes_is_of_all_residents_whatever_their_ages() -> None:
    plain = district()
    ageless = replace(plain, demand=plain.demand.assign(**dict.fromkeys(AGE_GROUPS, np.nan)))
    key = next(check.key for check in quality(plain).checks if check.key.startswith("residents_"))
    assert told(quality(ageless), key) == told(quality(plain), key)
    assert told(quality(plain), key)["share"] == "100.0"


def test_against_published_figures() -> None:
    small = district()
    roads = pd.DataFrame({"name": ["甲路", "丁路"], "confidence": ["", ""]})
    own = small.facilities.assign(capacity="", capacity_unit="")
    own.loc[own["id"].eq("m1"), ["capacity", "capacity_unit"]] = ["70", "stalls"]
    own.loc[own["id"].eq("c2"), ["capacity", "capacity_unit"]] = ["9", "meals/day"]  # beyond
    published = figures(
        area_km2=0.164,
        areas=2,
        protected_historic_buildings=1,
        never_widened_roads=2,
        market_stalls=71,
        canteen_dine_in_per_day=5,
        buildings=9,
        courses=80,
    )
    heritage = small.heritage.assign(inside=[True, True])
    found = quality(
        replace(small, figures=published, facilities=own, heritage=heritage, never_widened=roads)
    )
    rows = {
        str(dict(check.values)["item"]): (check.ours, check.difference, check.severity)
        for check in found.checks
        if check.part == "published"
    }
    assert rows == {
        "面积": (0.1632, 0.0008, OK),
        "片区": (2, 0, NOTE),  # its lines are not official
        "历史保护建筑": (1, 0, OK),
        "永不拓宽道路": (1, 1, PROBLEM),
        "菜市场摊位": (70, 1, NOTE),
        "食堂每日堂食": (None, None, NOTE),
        "建筑": (None, None, NOTE),
    }


def test_a_number_that_agrees_by_names_from_memory_is_a_note() -> None:
    small = district()
    for confidence, severity in (("from memory", NOTE), ("official", OK)):
        roads = pd.DataFrame({"name": ["甲路"], "confidence": [confidence]})
        own = replace(small, never_widened=roads, figures=figures(never_widened_roads=1))
        (check,) = [check for check in quality(own).checks if check.part == "published"]
        assert (check.ours, check.severity) == (1, severity)


def test_without_published_figures_nothing_is_compared() -> None:
    assert not [check for check in quality(district()).checks if check.part == "published"]


def test_changed_files_are_a_problem() -> None:
    assert one(quality(replace(district(), modified=True)), "files_modified").severity is PROBLEM


@pytest.mark.parametrize("code", ["zh", "en"])
def test_every_check_can_be_said(code: str) -> None:
    for check in quality(replace(district(), figures=figures(areas=9, buildings=3))).checks:
        for part in ("what", "mend"):
            assert "{" not in t(f"quality.{check.key}.{part}", language=code, **dict(check.values))
        assert t(f"quality.part.{check.part}", language=code)


def test_where_to_mend_is_told_on_the_page_alone() -> None:
    check = Check("streets", "chords", PROBLEM)
    assert "segments.csv" not in data_tables.mend(check)
    assert data_tables.mend_here(check).startswith(data_tables.mend(check))
    assert "segments.csv" in data_tables.mend_here(check)
    nothing_more = Check("streets", "no_chords", OK)
    assert data_tables.mend_here(nothing_more) == data_tables.mend(nothing_more)


def test_what_is_missing() -> None:
    assert missing(district()) == ("buildings", "doorways", "committees", "areas", "hours")
    small = district()
    open_late = replace(small, facilities=small.facilities.assign(hours=["", "7-19", ""]))
    assert "hours" not in missing(open_late)
    with_committees = replace(district(), levels={"committee": district().areas})
    assert "committees" not in missing(with_committees)
