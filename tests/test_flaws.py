"""Where drawn streets may be wrong is told place by place; edits by hand are laid over them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
import shapely

from circle.load import build, check, read_district
from circle.network.graph import segment_lines
from circle.quality import quality
from circle.quality.flaws import street_flaws
from circle.quality.spots import SPOTS, spots
from circle.words import data_tables, spot_tables
from tests import small
from tests.conftest import place
from tests.oracle import network_of

if TYPE_CHECKING:
    from pathlib import Path

W, S = small.WEST, small.SOUTH
HEADER = "id,act,lon,lat,lon_to,lat_to,steps,hours,name,author,date,reason\n"


def edit(number: str, act: str, at: tuple[float, float], to: tuple[float, float] | None) -> str:
    lon, lat = place(*at)
    end = ",".join(f"{v:.7f}" for v in place(*to)) if to else ","
    return f"{number},{act},{lon:.7f},{lat:.7f},{end},,,新通道,某人,2026-11-20,现场核对\n"


def test_a_dead_end_that_nearly_touches_a_street_is_told() -> None:
    network = network_of(
        [(W, S), (W + 400, S), (W + 200, S + 6), (W + 200, S + 70), (W + 300, S + 20)],
        [(0, 1, 400.0), (2, 3, 64.0), (3, 4, 120.0)],
        names=["甲路", "", ""],
    )
    flaws = street_flaws(replace(small.district(), network=network))
    misses = flaws[flaws["flaw"].eq("near_miss")]
    assert misses["name"].tolist() == ["甲路"]
    assert misses["metres"].tolist() == pytest.approx([6.0])
    assert misses[["x", "y"]].to_numpy().ravel().tolist() == [W + 200, S + 6]


def test_a_lane_of_addresses_alone_is_told_once() -> None:
    district = small.district()
    flaws = street_flaws(district)
    lanes = flaws[flaws["flaw"].eq("lane_absent")]
    assert lanes["name"].tolist() == ["甲路9弄", "甲路77弄"]
    names = np.array(["甲路", "甲路 77 弄", "乙路"], object)
    drawn = replace(district, network=replace(district.network, segment_name=names))
    flaws = street_flaws(drawn)
    assert flaws["name"].tolist() == ["甲路9弄"]


def test_streets_without_names_are_measured() -> None:
    district = small.district()
    keys = {row.key: row for row in quality(district).checks}
    assert "all_named" in keys
    names = np.array(["", "甲路", "乙路"], object)
    bare = replace(district, network=replace(district.network, segment_name=names))
    keys = {row.key: row for row in quality(bare).checks}
    assert keys["unnamed"].ours == pytest.approx(100 * 400 / 1000, abs=0.1)


def test_edits_are_laid_over_the_streets_and_stay_apart_from_them(
    facts_dir: Path, tmp_path: Path
) -> None:
    before = build(facts_dir, tmp_path / "out")
    text = HEADER + edit("a", "link", (0.0, 30.0), (100.0, 30.0))
    text += edit("b", "gate_shut", (5000.0, 0.0), None)
    (facts_dir / "street_edits.csv").write_text(text, "utf-8")
    district = build(facts_dir, tmp_path / "out")
    assert check(tmp_path / "out") == []
    assert district.street_edits["outcome"].tolist() == ["fits", "off_street"]
    assert "新通道" in district.network.segment_name.tolist()
    assert len(district.network.segment_name) == len(before.network.segment_name) + 3
    lines = segment_lines(district.network)[district.demand["segment"]]
    on_street = shapely.line_interpolate_point(
        lines, district.demand["fraction"].to_numpy(), normalized=True
    )
    homes = shapely.points(district.demand[["x", "y"]].to_numpy(np.float64))
    assert shapely.distance(on_street, homes).max() < 0.1
    # the source's own rows are as they were
    assert (tmp_path / "out" / "segments.csv").read_bytes().count(b"\n") == len(
        before.network.segment_name
    ) + 1
    keys = {row.key: row for row in quality(district).checks}
    assert data_tables.what(keys["edits_unfit"]) == (
        "手工修改的 2 处街道中，有 1 处不再合用，未计入。"
    )
    assert data_tables.flaws(quality(district)).iloc[-1, 1] == "b"
    assert read_district(tmp_path / "out").base_id != before.base_id


@pytest.mark.parametrize(
    ("row", "key"),
    [
        ("a,swim,{at},,,,,,某人,2026-11-20,\n", "unknown_word"),
        ("a,link,{at},,,-7,,,某人,2026-11-20,\n", "bad_steps"),
        ("a,link,{at},,,,,,,2026-11-20,\n", "missing_value"),
    ],
)
def test_a_bad_edit_names_its_row(facts_dir: Path, tmp_path: Path, row: str, key: str) -> None:
    at = ",".join(f"{v:.7f}" for v in place(0.0, 30.0))
    (facts_dir / "street_edits.csv").write_text(HEADER + row.format(at=at), "utf-8")
    with pytest.raises(ValueError, match="facts") as told:
        build(facts_dir, tmp_path / "out")
    finding = told.value.findings[0]  # type: ignore[attr-defined]
    assert (finding.file, finding.row, finding.key) == ("street_edits.csv", 2, key)


def test_every_place_to_look_at_has_a_sort_a_size_and_a_place() -> None:
    network = network_of(
        [(W, S), (W + 400, S), (W + 100, S + 30), (W + 300, S + 30), (W + 390, S + 60)],
        [(0, 1, 400.0), (2, 3, 200.0), (3, 4, 95.0)],
        names=["甲路", "乙路", "乙路"],
    )
    kinds = np.array(["line", "chord", "line"], object)
    district = small.district()
    far = district.facilities.assign(y=district.facilities["y"] + 120)
    district = replace(district, network=replace(network, segment_shape_kind=kinds), facilities=far)
    table = spots(district, quality(district)).set_index("id")
    assert table["spot"].tolist() == sorted(table["spot"], key=SPOTS.index)
    apart, chord = (table.loc[each].to_dict() for each in ("apart-1", "chord-1"))
    assert (apart["name"], apart["metres"]) == ("乙路", 295.0)
    assert (apart["x"], apart["y"]) == (W + 200, S + 30)
    assert (chord["name"], chord["metres"], chord["x"]) == ("乙路", 200.0, W + 200)
    places = table[table["spot"].eq("far")]
    assert set(places["name"]) >= set(far["name"]) - {"丙食堂"}
    assert (np.diff(places["metres"]) <= 0).all()
    assert table[["lon", "lat"]].notna().all(axis=None)


def test_streets_without_names_are_listed_longest_first_by_what_they_meet() -> None:
    corners = [(0, 0), (400, 0), (400, 60), (400, 70), (100, 20), (200, 70), (1400, 0), (1400, 60)]
    network = network_of(
        [(W + east, S + north) for east, north in corners],
        [(0, 1, 400.0), (1, 2, 60.0), (2, 3, 10.0), (0, 4, 103.0), (3, 5, 200.0), (6, 7, 60.0)],
        names=["甲路", "", "", "", "", ""],
    )
    classes = np.array(["primary", *["residential"] * 2, "steps", "service", "residential"], object)
    district = replace(small.district(), network=replace(network, segment_class=classes))
    table = spots(district, quality(district))
    rows = table[table["spot"].eq("nameless")]
    # one stretch goes on where two of a class meet; stairs and what lies outside are none
    assert list(zip(rows["name"], rows["metres"], strict=True)) == [("", 200.0), ("甲路", 70.0)]
    assert spot_tables.told(rows.iloc[1].to_dict()) == ("与甲路相接", "没有名称的街道，70 米")
    assert rows[["x", "y"]].iloc[1].tolist() == [W + 400, S + 30]
