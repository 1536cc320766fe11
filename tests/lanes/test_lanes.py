"""Lanes under renewal: the register, a card worked out by hand, two side by side, the sheet."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
import tomli_w

from circle.cli import OK, main
from circle.errors import DataError
from circle.i18n import LANGUAGES, use_language
from circle.lanes.card import lane_card
from circle.lanes.register import lanes_of
from circle.lanes.walks import Walkers
from circle.load import build, check, read_district
from circle.load.register_words import register_findings
from circle.model.doorways import Lift
from circle.model.lanes import LaneState, Step
from circle.report.lane_sheet.sheet import LaneSheet, to_pdf
from circle.study import Study
from circle.words import lanes as words
from tests import small
from tests.conftest import place
from tests.lanes.made_up import gates

if TYPE_CHECKING:
    from pathlib import Path

    from circle.model import District

WHO = Walkers("adult")


def district() -> District:
    """Return `small` with two lanes: one that is all of a street, one a circle around 150 m."""
    rows = [
        {"id": "a", "name": "乙路", "state": "施工中", "x": 1000.0, "started": "2025-03"},
        {"id": "b", "name": "甲路77弄", "state": "", "x": 150.0, "extent_m": 120.0},
    ]
    table = pd.DataFrame(rows).assign(y=small.SOUTH, works="铺装", position_accuracy_m=20.0)
    table = small.with_places(table.assign(x=small.WEST + table["x"], works_en="paving"))
    texts = ("streets", "address", "units", "source", "started")
    table[["started"]] = table[["started"]].fillna("")
    missing = [name for name in texts if name not in table]
    return replace(small.district(), lanes=table.assign(**dict.fromkeys(missing, "")), places=None)


def test_the_register_with_its_ground() -> None:
    street, lane = lanes_of(district())
    assert (street.basis, lane.basis) == ("streets", "circle")
    assert (street.state, street.dates) == (LaneState.UNDER_WAY, {Step.STARTED: "2025-03"})
    assert lane.state is None
    assert lane.ground.bounds[0] == pytest.approx(small.WEST + 30)  # type: ignore[attr-defined]
    assert lane.works.en == "paving"
    assert [lane.holds(text) for text in ("甲路77弄3号", "甲路77弄", "甲路77", "甲路7弄")] == [
        True,
        True,
        False,
        False,
    ]
    assert lanes_of(small.district()) == ()


def test_a_card_by_hand() -> None:
    study = Study(gates(district(), [(200, 0)], hours="Mo-Su 08:00-20:00"))
    lane = lanes_of(study.district)[1]
    card = lane_card(study, lane, WHO)
    assert card.residents["residents"] == 30  # at 50, 150 and 250 m
    assert card.residents["residents_60_plus"] == 9
    minutes = card.reach.set_index("kind")["adult"]
    assert minutes["market"] == pytest.approx(150 / 60, abs=0.01)
    assert minutes["canteen"] == pytest.approx(1050 / 60, abs=0.01)
    assert np.isinf(minutes["health"])
    assert card.far == ["canteen", "health"]
    assert list(card.heritage["id"]) == ["h1"]
    assert "甲路77弄" in card.addresses
    assert (card.doorways, card.lifts) == (None, {})
    (gate,) = card.gates
    (first,) = card.helps
    assert first.gate is gate
    assert first.minutes == pytest.approx(gate.now)


def test_two_side_by_side_say_the_same_things() -> None:
    study = Study(district())
    cards = [lane_card(study, lane, WHO) for lane in lanes_of(study.district)]
    table = words.compared(study.district, cards)
    assert list(table.columns)[1:] == ["乙路", "甲路77弄"]
    assert not table.isna().to_numpy().any()
    assert table.iloc[:, 0].is_unique


def test_lifts_that_were_published_of_it(tianping: District) -> None:
    study = Study(tianping)
    by_id = {lane.id: lane for lane in lanes_of(tianping)}
    assert all(str(lane.source) for lane in by_id.values())
    assert by_id["gaoan-18"].state is None
    card = lane_card(study, by_id["gaoan-50"], Walkers("older_adult"))
    assert (card.doorways, card.lifts) == (None, {Lift.RUNNING: 3})
    for language in LANGUAGES:
        use_language(language)
        pdf = to_pdf(LaneSheet(tianping, card, datetime(2026, 3, 4, tzinfo=UTC), "1"))
        assert pdf.startswith(b"%PDF")
        assert pdf.count(b"/Type /Page\n") + pdf.count(b"/Type/Page/") <= 1


def test_faults_are_named_with_their_column() -> None:
    row = {
        "id": "a",
        "state": "也许",
        "started": "2025-05",
        "finished": "2025-04",
        "outline": "POINT(1 2)",
    }
    findings = register_findings({"lanes.csv": pd.DataFrame([row])})
    assert [(each.key, each.column) for each in findings] == [
        ("register_word", "state"),
        ("stage_order", "finished"),
        ("bad_outline", "outline"),
    ]
    good = row | {
        "state": "完成",
        "finished": "2025-05-02",
        "outline": "POLYGON((1 2,2 2,2 3,1 2))",
    }
    assert register_findings({"lanes.csv": pd.DataFrame([good])}) == []


def test_rows_that_the_facts_lack_are_stated_beside_them(facts_dir: Path, tmp_path: Path) -> None:
    lon, lat = place(120, 100)
    row = {"id": "l", "name": "横1路1弄", "lon": lon, "lat": lat, "state": "done"}
    about = facts_dir / "about.toml"
    about.write_bytes(tomli_w.dumps({"rows": {"lanes": [row]}}).encode())
    built = build(facts_dir, tmp_path / "out")
    assert [lane.state for lane in lanes_of(built)] == [LaneState.DONE]
    assert check(tmp_path / "out") == []
    assert "lanes.csv" in (tmp_path / "out" / "district.toml").read_text("utf-8")
    for wrong in ({"rows": {"lanes": [row | {"colour": "red"}]}}, {"rows": {"junctions": [row]}}):
        about.write_bytes(tomli_w.dumps(wrong).encode())
        with pytest.raises(DataError) as error:
            build(facts_dir, tmp_path / "out")
        assert error.value.findings[0].key == "bad_name"
    about.write_bytes(tomli_w.dumps({"rows": {"lanes": [row | {"state": "也许"}]}}).encode())
    with pytest.raises(DataError) as error:
        build(facts_dir, tmp_path / "out")
    assert (error.value.findings[0].file, error.value.findings[0].row) == ("about.toml", 1)
    assert tomllib.loads(about.read_text("utf-8"))


def test_a_register_is_brought(
    district_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lon, lat = place(120, 100)
    path = tmp_path / "lanes.csv"
    path.write_text(f"名称,经度,纬度,状态,开工日期\n横1路1弄,{lon},{lat},施工中,2025年3月", "utf-8")
    said = ["--district", str(district_dir), "--datum", "wgs84"]
    assert main(["import", "lanes", str(path), *said]) == OK
    capsys.readouterr()
    (lane,) = lanes_of(read_district(district_dir))
    assert (lane.state, lane.dates) == (LaneState.UNDER_WAY, {Step.STARTED: "2025-03"})
    assert check(district_dir) == []
