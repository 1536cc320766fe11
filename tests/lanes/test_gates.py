"""The price of a locked gate: by hand, planted and found again, by its hours."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from circle.cli import OK, USAGE, main
from circle.doors.numbers import numbers
from circle.errors import InputError
from circle.hours.by_hour import closed_by_hour
from circle.i18n import LANGUAGES, t
from circle.lanes.gates import gate_prices
from circle.lanes.walks import Walkers, Walks, walks_of
from circle.load import check, read_district
from circle.load.register_words import register_findings
from circle.places.gate_register import gates_of
from circle.study import Study
from circle.words import passages as words
from tests import small
from tests.conftest import place
from tests.lanes.made_up import gates, town

if TYPE_CHECKING:
    from pathlib import Path

    from circle.lanes.gates import GatePrices
    from circle.model import District

DAY = date(2026, 3, 4)
TWICE = Walkers("adult", walks=Walks(2.0))


def priced(district: District, who: Walkers = TWICE) -> GatePrices:
    return gate_prices(Study(district), who, DAY)


def test_a_gate_by_hand() -> None:
    """The street of `small`, shut at 600 m: who lives east loses the market, west the canteen."""
    answer = priced(gates(small.district(), [(600, 0)], hours="Mo-Su 08:00-20:00"))
    (price,) = answer.prices
    market = sum(10 * 2 * (60 - x / 60) for x in (650, 750, 850, 950)) / 2
    canteen = sum(10 * 2 * (60 - (1200 - x) / 60) for x in range(50, 600, 100)) / 2
    assert price.by_kind == pytest.approx({"market": market, "canteen": canteen})
    assert price.minutes == pytest.approx(market + canteen)
    assert (price.residents, price.older, price.cut_off) == (100, 30, 100)
    assert price.most_minutes == pytest.approx(60 - 650 / 60)
    assert answer.left_out == ("health",)
    assert price.closed.tolist() == [1] * 8 + [0] * 12 + [1] * 4
    assert price.now == pytest.approx(price.minutes * 4 / 16)  # of the walks from 6 to 22
    assert price.by_hour[6] == pytest.approx(price.minutes / 16)
    assert price.by_hour[[5, 8, 19, 22]].tolist() == [0, 0, 0, 0]


def test_the_gate_on_the_bridge_is_the_dearest_and_one_beside_a_way_as_short_costs_nothing() -> (
    None
):
    district = town(bridge=True)
    lines = district.network.node_xy[district.network.segment_nodes].mean(axis=1)
    middles = [(x - small.WEST, y - small.SOUTH) for x, y in lines]
    answer = priced(gates(district, middles))
    assert len(answer.prices) == len(middles)
    first = answer.prices[0].gate
    assert (round(first.x - small.WEST), round(first.y - small.SOUTH)) == (220, 0)
    free = [each for each in answer.prices if each.minutes == 0]
    assert free
    assert all(each.residents == 0 and each.most_minutes == 0 for each in free)
    assert [np.isnan(each.now) for each in answer.prices] == [  # their hours are not known
        each.minutes > 0 for each in answer.prices
    ]


def test_a_gate_that_the_streets_have_as_shut_is_opened_and_costs_as_much(
    district_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lon, lat = place(150, 100)
    said = ["--district", str(district_dir)]
    before = _told(["gates", "--json", *said], capsys)
    assert (before["register"], before["gates"]) == (None, [])
    reason = ["--reason", "walled up"]
    assert main(["edit", "gate-shut", f"{lon},{lat}", "--name", "墙", *reason, *said]) == OK
    capsys.readouterr()
    told = _told(["gates", "--json", "--walks", "2", *said], capsys)
    (gate,) = told["gates"]
    assert (gate["name"], gate["shut_in_streets"], gate["shut_share_by_hour"]) == (
        "墙",
        True,
        [1] * 24,
    )
    assert gate["resident_minutes_a_day_if_shut"] > 0
    assert gate["resident_minutes_a_day_now"] == gate["resident_minutes_a_day_if_shut"]
    district = read_district(district_dir)
    registered = pd.DataFrame(
        [{"id": "g", "name": "北门", "address": "", "lon": lon, "lat": lat, "source": ""}]
    ).assign(state="不明", hours="", x=district.street_edits["x"], y=district.street_edits["y"])
    (joined,) = gates_of(replace(district, gates=registered))
    assert (joined.id, joined.name, joined.cut) == ("g", "北门", True)


def _told(said: list[str], capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    assert main(said) == OK
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    return told


def test_one_at_a_junction_or_off_every_street_says_why() -> None:
    answer = priced(gates(town(bridge=True), [(100, 100), (150, 140)]))
    assert [key for _, key in answer.unfit] == ["scenario_at_junction", "scenario_off_street"]
    assert t("finding.scenario_at_junction.what") in words.unfit_lines(answer)[0]


def test_who_may_pass_and_state() -> None:
    at = [(50.0, 0.0)]
    shut = [
        priced(gates(town(bridge=True), at, **columns)).prices[0].closed[12]
        for columns in (
            {"state": "开"},
            {"state": "关"},
            {"state": "开", "passes": "无人"},
            {"state": "开", "hours": "Mo-Fr 07:00-19:00"},
        )
    ]
    assert shut == pytest.approx([0, 1, 1, 2 / 7])


def test_walks_follow_age_unless_they_are_stated() -> None:
    district = small.district()
    adult, old = (numbers()[f"outings.{age}"].value for age in ("age_15_59", "age_65_plus"))
    assert walks_of(district, Walks())[0] == pytest.approx((9 * adult + old) * 2 / 7)
    assert walks_of(district, Walks(1.5))[0] == pytest.approx(15)
    assert walks_of(district, Walks(1.5))[-1] == 0  # beyond the boundary
    for wrong in ({"a_day": 0.0}, {"a_day": float("nan")}, {"first_hour": 9, "last_hour": 9}):
        with pytest.raises(InputError):
            Walks(**wrong)


def test_hours_by_hour() -> None:
    shares = closed_by_hour("Mo-Su 06:30-22:00; Su off", DAY, "Asia/Shanghai")
    assert shares[[5, 6, 7, 22]] == pytest.approx([1, (0.5 * 6 + 1) / 7, 1 / 7, 1])
    assert closed_by_hour("24/7", DAY, "Asia/Shanghai").sum() == 0
    assert closed_by_hour("Mo-Su 22:00-02:00", DAY, "Asia/Shanghai")[[1, 2, 23]].tolist() == [
        0,
        1,
        0,
    ]
    golden_week = date(2026, 10, 1)
    off = closed_by_hour("Mo-Su 06:00-22:00; PH off", golden_week, "Asia/Shanghai")
    assert off[12] == 0  # a usual week has no holidays
    assert np.isnan(closed_by_hour("", DAY, "Asia/Shanghai")).all()


def test_faults_of_the_register_are_named() -> None:
    row = {"id": "g", "state": "半开", "hours": "when it suits", "passes": "猫"}
    findings = register_findings({"gates.csv": pd.DataFrame([row])})
    assert [(each.key, each.column) for each in findings] == [
        ("register_word", "state"),
        ("register_word", "passes"),
        ("bad_hours", "hours"),
    ]


def test_a_register_is_brought_and_priced_in_both_languages(
    district_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lon, lat = place(150, 100)
    path = tmp_path / "gates.csv"
    path.write_text(
        f"名称,经度,纬度,状态,开放时间,通行对象\n北门,{lon},{lat},开,Mo-Su 06:00-21:00,居民",
        "utf-8",
    )
    said = ["--district", str(district_dir)]
    assert main(["import", "gates", str(path), *said, "--datum", "wgs84"]) == OK
    assert check(district_dir) == []
    capsys.readouterr()
    for language in LANGUAGES:
        assert main(["--lang", language, "gates", *said]) == OK
        out = capsys.readouterr().out
        assert t("gates.note.residents", language=language) in out
        assert t("gates.passes.residents", language=language) in out
    assert main(["gates", *said, "--walks", "many"]) == USAGE
    assert main(["gates", *said, "--walk-hours", "22-6"]) == USAGE
