"""The command site, on the embedded district."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from circle.cli import FAULT, OK, USAGE, main
from circle.config import ROOT
from circle.i18n import in_language, t

if TYPE_CHECKING:
    from pathlib import Path

HOME = ROOT / "data" / "tianping"
SITE = ("site", "--kind", "canteen", "--district", str(HOME))
ROOMS = (
    "名称,地址,经度,纬度,建筑面积,保护建筑,费用,可供餐位\n"
    "甲室,建国西路1号,121.4525,31.2080,120,是,30,200\n"
    "乙室,衡山路2号,121.4386,31.2021,80,否,20,\n"
    "丙室,衡山路2号乙,121.4387,31.2022,300,否,,\n"
)


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = main(words)
    told = capsys.readouterr()
    return code, told.out, told.err.replace(t("cli.compiling") + "\n", "")


def answer(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    code, out, err = run(capsys, *words, "--json")
    assert (code, err) == (OK, "")
    return json.loads(out)


@pytest.fixture
def register(tmp_path: Path) -> str:
    path = tmp_path / "rooms.csv"
    path.write_text(ROOMS, encoding="utf-8")
    return str(path)


def test_a_plan_as_a_scenario_gives_what_was_told(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "plan.json"
    told = answer(
        capsys, *SITE, "--count", "2", "--frontage", "900", "--scenario-out", str(file), "--explain"
    )
    assert (told["proof"], told["gap"], len(told["open"])) == ("optimal", 0, 2)
    assert told["rate_is"] == "at_least"
    assert told["after"]["covered"] == told["value"] > told["before"]["covered"] > 0
    code, out, _ = run(
        capsys, "coverage", "--kinds", "canteen", "--scenario", str(file), "--json",
        "--district", str(HOME),
    )  # fmt: skip
    assert code == OK
    after = json.loads(out)["kinds"]["canteen"]
    assert (after["covered"], after["rate"]) == (told["value"], told["after"]["rate"])
    why = told["explained"]
    assert {row["id"] for row in why["sites"]} == {row["id"] for row in told["open"]}
    assert all(row["value_without"] <= told["value"] for row in why["sites"])
    assert [row["count"] for row in why["curve"]][:3] == [0, 1, 2]
    assert why["curve"][2]["value"] == pytest.approx(told["value"], abs=0.01)
    assert {"count", "stay"} <= {row["constraint"] for row in why["prices"]}
    assert 0 < why["stays_kept"] <= 1


def test_a_register_of_rooms_is_read_as_an_import_would(
    capsys: pytest.CaptureFixture[str], register: str
) -> None:
    asked = (*SITE, "--candidates", register, "--datum", "wgs84", "--count", "3", "--json")
    code, out, _ = run(capsys, *asked)
    assert code == OK
    assert {row["name"] for row in json.loads(out)["open"]} == {"甲室", "乙室", "丙室"}
    code, out, _ = run(capsys, *asked, "--spacing", "100", "--budget", "50", "--floor-area", "60")
    told = json.loads(out)
    assert {row["name"] for row in told["open"]} == {"甲室", "乙室"}
    assert (told["after"]["cost"], told["candidates"]) == (50, 3)
    of_it = ("--standard", "shanghai-15min", "--floor-area", "standard")
    code, out, _ = run(capsys, *asked, *of_it)
    told = json.loads(out)
    assert told["standard"]["floor_area_m2"] == 200
    assert {row["name"] for row in told["open"]} == {"丙室"}


def test_a_faulty_register_is_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "rooms.csv"
    path.write_text(ROOMS.replace("120,是", "very large,是"), encoding="utf-8")
    code, out, err = run(capsys, *SITE, "--candidates", str(path), "--datum", "wgs84")
    assert (code, out) == (FAULT, "")
    assert t("error.site_file", file="rooms.csv", count=1) in err
    assert "very large" in err


@pytest.mark.parametrize(
    "words",
    [
        ("--count", "-1"),
        ("--count", "many"),
        ("--budget", "nan"),
        ("--spacing", "x"),
        ("--floor-area", "standard"),
        ("--share", "0"),
        ("--waive", "rent"),
        ("--must", "nowhere"),
        ("--may-close", "nowhere"),
        ("--group", "everybody"),
        ("--frontage", "0"),
        ("--if-closed", "--allocate"),
        ("--objective", "worst", "--seats"),
    ],
)
def test_wrong_wishes_are_a_sentence(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    frontage = () if "--frontage" in words else ("--frontage", "900")
    code, out, err = run(capsys, *SITE, *frontage, *words)
    assert (code, out) == (USAGE, "")
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    "words",
    [
        ("--frontage", "900", "--explain"),
        ("--frontage", "900", "--objective", "fewest", "--share", "0.5"),
        ("--frontage", "900", "--objective", "worst", "--may-close", "wutong-66-canteen"),
        ("--frontage", "900", "--seats"),
        ("--if-closed",),
        ("--allocate", "--uptake", "0.1"),
    ],
)
def test_every_answer_is_said_in_both_languages(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...], language: str
) -> None:
    code, out, err = run(capsys, "--lang", language, *SITE, *words)
    with in_language(language):
        assert (code, err.replace(t("cli.compiling") + "\n", "")) == (OK, "")
    assert out.strip()
    assert "nan" not in out
    assert "{" not in out


def test_if_closed_and_allocate_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    rows = answer(capsys, *SITE, "--if-closed")["facilities"]
    assert [row["id"] for row in rows] == ["wutong-66-canteen"]
    assert rows[0]["share"] == 1
    told = answer(capsys, *SITE, "--allocate", "--group", "residents_60_plus")
    assert told["served"] == 900  # the 700 on the spot and 200 delivered of its register
    assert told["facilities"][0]["one_more_seat"] == 1
