"""Pieces of street that nothing joins: who is on them, and the choice to stay off them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from circle.cli import OK, main
from circle.errors import DataError
from circle.i18n import in_language
from circle.load import build
from circle.network.pieces import pieces_of_street
from circle.network.snap import snap
from circle.network.speeds import impedance
from circle.quality import Severity, quality
from circle.words import data_tables
from tests import small
from tests.conftest import node, place
from tests.oracle import network_of

if TYPE_CHECKING:
    from pathlib import Path

    from circle.model import District

ISLAND = (330.0, 250.0)
"""Where a lane of 30 m stands between the streets of the tiny district, with the canteen on it."""


@given(
    st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), min_size=1, max_size=14),
    st.data(),
)
def test_pieces_are_the_components_of_what_may_be_walked(
    ends: list[tuple[int, int]], data: st.DataObject
) -> None:
    steps = data.draw(st.lists(st.booleans(), min_size=len(ends), max_size=len(ends)))
    metres = [float(10 + row) for row in range(len(ends))]
    at = [(small.WEST + 50 * i, small.SOUTH) for i in range(12)]
    network = network_of(at, [(a, b, m) for (a, b), m in zip(ends, metres, strict=True)])
    network = replace(network, segment_steps=np.where(steps, 0, -1).astype(np.int32))
    for allowed in (True, False):
        piece = pieces_of_street(network, steps_allowed=allowed)
        rows = [row for row in range(len(ends)) if allowed or not steps[row]]
        assert [row for row in range(len(ends)) if piece[row] >= 0] == rows
        graph: nx.Graph[int] = nx.Graph([tuple(network.segment_nodes[row]) for row in rows])
        apart = [{*nodes} for nodes in nx.connected_components(graph)]
        together = {
            frozenset(row for row in rows if network.segment_nodes[row][0] in nodes)
            for nodes in apart
        }
        numbers = {frozenset(np.flatnonzero(piece == n).tolist()) for n in {*piece[rows]}}
        assert numbers == together
        sums = [sum(metres[row] for row in rows if piece[row] == n) for n in range(len(apart))]
        assert sums == sorted(sums, reverse=True)


@pytest.fixture
def island_facts(facts_dir: Path) -> Path:
    """Return the tiny district's facts with a lane that nothing joins, the canteen on it."""
    begin, end = place(*ISLAND), place(ISLAND[0], ISLAND[1] + 30)
    junctions = pd.read_csv(facts_dir / "junctions.csv", dtype=str)
    new = [{"osm_node": str(n), "lon": lon, "lat": lat} for n, (lon, lat) in ((1, begin), (2, end))]
    pd.concat([junctions, pd.DataFrame(new)]).to_csv(facts_dir / "junctions.csv", index=False)
    segments = pd.read_csv(facts_dir / "segments.csv", dtype=str)
    lane = segments.iloc[-1:].assign(
        from_node=1,
        to_node=2,
        length_m=30.5,
        name="孤弄",
        shape=" ".join(f"{lon},{lat}" for lon, lat in (begin, end)),
    )
    pd.concat([segments, lane]).to_csv(facts_dir / "segments.csv", index=False)
    facilities = pd.read_csv(facts_dir / "facilities.csv", dtype=str)
    facilities.loc[facilities["category"].eq("canteen"), ["lon", "lat"]] = [str(v) for v in begin]
    facilities.to_csv(facts_dir / "facilities.csv", index=False)
    assert node(0, 0) != 1
    return facts_dir


def on_island(district: District) -> float:
    piece = pieces_of_street(district.network)[district.demand["segment"].to_numpy()]
    return float(district.demand.loc[piece > 0, "residents"].sum())


def test_pieces_apart_are_named_with_who_and_what_is_on_them(
    island_facts: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    district = build(island_facts, tmp_path / "new")
    panel = quality(district)
    (row,) = panel.apart[panel.apart["steps_allowed"]].to_dict("records")
    assert row["streets"] == ("孤弄",)
    assert row["metres"] == pytest.approx(30.5)
    assert [district.facilities["id"].iloc[n] for n in row["facilities"]] == ["canteen-a"]
    inside = district.demand[district.demand["inside"]]
    lane = pieces_of_street(district.network)[inside["segment"].to_numpy()] > 0
    assert row["residents"] == pytest.approx(inside.loc[lane, "residents"].sum())
    assert row["residents"] > 0
    severity = {check.key: check.severity for check in panel.checks}
    assert severity["apart"] is severity["apart_level"] is Severity.PROBLEM
    with in_language("en"):
        assert len(data_tables.apart(district, panel)) == len(panel.apart) == 2
    assert main(["check", str(tmp_path / "new")]) == OK
    assert "孤弄" in capsys.readouterr().out


def test_residents_and_facilities_may_stay_on_the_main_piece(
    island_facts: Path, tmp_path: Path
) -> None:
    usual = build(island_facts, tmp_path / "usual")
    (island_facts / "about.toml").write_text("snap_to_main_piece = true\n", encoding="utf-8")
    chosen = build(island_facts, tmp_path / "chosen")
    assert on_island(usual) > 0
    assert on_island(chosen) == 0
    assert chosen.demand["residents"].sum() == pytest.approx(usual.demand["residents"].sum())
    assert chosen.base_id != usual.base_id
    (row,) = quality(chosen).apart.loc[lambda rows: rows["steps_allowed"]].to_dict("records")
    assert (row["residents"], row["facilities"]) == (0.0, ())
    at = chosen.facilities.loc[chosen.facilities["id"].eq("canteen-a"), ["x", "y"]].to_numpy()
    for district, off in ((usual, False), (chosen, True)):
        walk = impedance(district.network, district.profiles["wheelchair"])
        snapped = snap(walk, at)
        of_segment = pieces_of_street(district.network, steps_allowed=False)
        assert bool(of_segment[snapped.segment[0]] == 0) is off


def test_a_choice_that_is_none_is_told(facts_dir: Path, tmp_path: Path) -> None:
    (facts_dir / "about.toml").write_text('snap_to_main_piece = "yes"\n', encoding="utf-8")
    with pytest.raises(DataError) as fault:
        build(facts_dir, tmp_path / "new")
    assert [(f.key, f.column) for f in fault.value.findings] == [
        ("not_true_false", "snap_to_main_piece")
    ]


def test_streets_in_one_piece_are_said_to_be(district: District) -> None:
    panel = quality(district)
    assert panel.apart.empty
    severity = {check.key: check.severity for check in panel.checks}
    assert severity["joined"] is severity["joined_level"] is Severity.OK
