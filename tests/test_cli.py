from __future__ import annotations

import itertools
import json
from typing import TYPE_CHECKING, Any

import pytest
from shapely.geometry import shape

from circle.cli import FAULT, OK, USAGE, main
from circle.config import ROOT
from circle.load import read_district

if TYPE_CHECKING:
    from pathlib import Path

HOME = ROOT / "data" / "tianping"
START = "121.4438,31.2078"
MARKET = "121.4418,31.213"


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = main(words)
    told = capsys.readouterr()
    return code, told.out, told.err


def answer(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    code, out, err = run(capsys, *words)
    assert (code, err) == (OK, "")
    return json.loads(out)


def test_isochrone_is_geojson(capsys: pytest.CaptureFixture[str]) -> None:
    found = answer(capsys, "isochrone", "--at", START, "--district", str(HOME))
    assert found["type"] == "FeatureCollection"
    assert [f["properties"]["minutes"] for f in found["features"]] == [5, 10, 15]
    areas = [shape(f["geometry"]) for f in found["features"]]
    assert all(area.is_valid for area in areas)
    for small, large in itertools.pairwise(areas):
        assert small.difference(large).area < 1e-9
    last = found["features"][-1]["properties"]
    assert last["residents"] > last["residents_60_plus"] > last["residents_65_plus"] > 0
    assert last["facilities"]["market"] >= 1
    assert 0 <= last["missed"] <= 0.005
    assert 0 <= last["false_in"] <= 0.06


def test_time_tells_the_walk(capsys: pytest.CaptureFixture[str]) -> None:
    there = answer(capsys, "time", "--from", START, "--to", MARKET)
    back = answer(capsys, "time", "--from", MARKET, "--to", START)
    assert there["minutes"] == back["minutes"]
    assert there["minutes"] == pytest.approx(there["metres"] / 1.333 / 60, abs=0.01)
    assert there["off_street_m"] == pytest.approx(33, abs=2)
    assert there["path"]["type"] == "LineString"
    assert there["path"]["coordinates"][0] == [121.4438, 31.2078]
    assert sum(s["metres"] for s in there["streets"]) + there["off_street_m"] == pytest.approx(
        there["metres"], abs=0.3
    )


def test_coverage_adds_up(capsys: pytest.CaptureFixture[str]) -> None:
    found = answer(capsys, "coverage", "--json", "--profile", "older_adult")["kinds"]
    assert list(found) == ["market", "canteen", "party_service"]
    for one in found.values():
        for ending in ("", "_60_plus", "_65_plus"):
            parts = [area[f"covered{ending}"] for area in one["by_area"].values()]
            assert sum(parts) == pytest.approx(one[f"covered{ending}"], abs=0.05)
            assert one[f"rate{ending}"] == pytest.approx(
                one[f"covered{ending}"] / one[f"residents{ending}"], abs=1e-4
            )
    assert (found["market"]["register"], found["market"]["rate_is"]) == ("complete", "exact")
    assert (found["canteen"]["register"], found["canteen"]["as_of"]) == ("partial", "2024-10")
    assert found["canteen"]["rate_is"] == "at_least"
    assert found["canteen"]["unverified_left_out"] == 1


def test_unverified_only_when_asked(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("coverage", "--json", "--kinds", "canteen", "--profile", "older_adult")
    without = answer(capsys, *words)["kinds"]["canteen"]
    both = answer(capsys, *words, "--unverified", "include")["kinds"]["canteen"]
    assert (without["unverified_counted"], both["unverified_counted"]) == (0, 1)
    assert both["covered"] > without["covered"]


def test_one_area(capsys: pytest.CaptureFixture[str]) -> None:
    area = read_district(HOME).areas[0]
    whole = answer(capsys, "coverage", "--json", "--kinds", "market")["kinds"]["market"]
    own = answer(capsys, "coverage", "--json", "--kinds", "market", "--area", area.name.en)
    assert own["kinds"]["market"]["residents"] == whole["by_area"][area.name.zh]["residents"]


def test_coverage_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "--lang", "en", "coverage", "--kinds", "market,canteen")
    assert code == OK
    market, canteen = out.splitlines()
    assert "at least" not in market
    assert "at least" in canteen
    assert "none known within reach" in canteen


@pytest.mark.parametrize("minutes", ["0", "-3", "121", "abc", "", "nan", "inf", "5,,10"])
@pytest.mark.parametrize("command", ["isochrone", "coverage"])
def test_bad_minutes(capsys: pytest.CaptureFixture[str], command: str, minutes: str) -> None:
    place = ["--at", START] if command == "isochrone" else []
    said = []
    for language in ("zh", "en"):
        code, out, err = run(capsys, "--lang", language, command, *place, f"--minutes={minutes}")
        assert (code, out) == (USAGE, "")
        said.append(err)
    assert said[0] != said[1]
    assert all(text.strip() and "Traceback" not in text for text in said)


@pytest.mark.parametrize(
    ("at", "word", "code"),
    [
        ("31.2078,121.4438", "swapped", USAGE),
        ("a,b", "no place", USAGE),
        ("121.4", "no place", USAGE),
        ("1,2,3", "no place", USAGE),
        ("nan,31", "no place", USAGE),
        ("500,31", "no place", USAGE),
        ("121.0,31.0", "nearest street", USAGE),
    ],
)
def test_bad_places(capsys: pytest.CaptureFixture[str], at: str, word: str, code: int) -> None:
    got, out, err = run(capsys, "--lang", "en", "isochrone", f"--at={at}")
    assert (got, out) == (code, "")
    assert word in err


def test_unknown_names(capsys: pytest.CaptureFixture[str]) -> None:
    for words in (
        ["coverage", "--kinds", "cinema"],
        ["coverage", "--profile", "robot"],
        ["coverage", "--area", "nowhere"],
        ["isochrone", "--at", START, "--profile", ""],
    ):
        code, out, err = run(capsys, *words)
        assert (code, out) == (USAGE, "")
        assert "可选" in err


def test_usage_is_exit_code_2(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["isochrone"])
    assert stop.value.code == USAGE
    assert capsys.readouterr().out == ""


def test_build_then_check(
    facts_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "district"
    assert answer(capsys, "build", str(facts_dir), str(out))["content_hash"]
    code, told, err = run(capsys, "check", str(out))
    assert (code, err) == (OK, "")
    assert "segments.csv" in told
    (out / "segments.csv").unlink()
    code, told, err = run(capsys, "--lang", "en", "check", str(out))
    assert code == FAULT
    assert "segments.csv" in err
    code, told, err = run(capsys, "coverage", "--district", str(out))
    assert (code, told) == (FAULT, "")
    assert "segments.csv" in err


def test_a_folder_that_is_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for words in (["check", str(tmp_path / "no")], ["build", str(tmp_path), str(tmp_path / "o")]):
        code, out, err = run(capsys, *words)
        assert (code, out) == (FAULT, "")
        assert err
    assert not (tmp_path / "o").exists()


def test_streets_go_out_and_come_back_as_graphml(
    facts_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, graph = tmp_path / "district", tmp_path / "streets.graphml"
    answer(capsys, "build", str(facts_dir), str(out))
    before = read_district(out).network
    sent = answer(capsys, "export-graphml", str(graph), "--district", str(out))
    got = answer(capsys, "import-graphml", str(graph), str(facts_dir))
    assert got["segments"] == sent["segments"] == len(before.segment_length_m)
    answer(capsys, "build", str(facts_dir), str(out))
    after = read_district(out).network
    assert sorted(after.segment_length_m) == pytest.approx(
        sorted(before.segment_length_m), abs=0.06
    )
    assert sorted(after.segment_steps) == sorted(before.segment_steps)
    assert run(capsys, "import-graphml", str(tmp_path / "no"), str(facts_dir))[0] == FAULT


CONFIRM = ("confirm", "--kind", "health", "--as-of", "2026-03-01", "--by", "王晓明")


def test_a_confirmed_register_reads_complete_until_withdrawn(
    capsys: pytest.CaptureFixture[str], store_file: Path
) -> None:
    words = ("coverage", "--json", "--kinds", "health", "--district", str(HOME))
    before = answer(capsys, *words)["kinds"]["health"]
    assert (before["register"], before["rate_is"]) == ("partial", "at_least")
    assert not store_file.exists()
    said = answer(capsys, *CONFIRM, "--basis", "名录")
    assert (said["district"], said["kind"], said["as_of"]) == ("tianping", "health", "2026-03-01")
    after = answer(capsys, *words)["kinds"]["health"]
    assert (after["register"], after["as_of"]) == ("complete", "2026-03-01")
    assert after["rate_is"] == "exact"
    assert after["rate"] == before["rate"]
    assert "至少" not in run(capsys, "coverage", "--kinds", "health")[1]
    assert answer(capsys, "withdraw", "--kind", "health", "--by", "李梅")["confirmed"] is False
    assert answer(capsys, *words)["kinds"]["health"] == before


@pytest.mark.parametrize(
    "wrong",
    [
        ("--kind", "cinema"),
        ("--as-of", "2999-01-01"),
        ("--as-of", "1 March"),
        ("--by", " "),
        ("--basis", ""),
    ],
)
def test_a_confirmation_that_cannot_be_taken(
    capsys: pytest.CaptureFixture[str], store_file: Path, wrong: tuple[str, str]
) -> None:
    said = []
    for language in ("zh", "en"):
        words = ("--lang", language, *CONFIRM, "--basis", "list", *wrong)
        code, out, err = run(capsys, *words)
        assert (code, out) == (USAGE, "")
        said.append(err)
    assert said[0] != said[1]
    assert not store_file.exists()
    assert run(capsys, "withdraw", "--kind", "health", "--by", "李梅")[0] == USAGE


def test_a_damaged_store_is_told(capsys: pytest.CaptureFixture[str], store_file: Path) -> None:
    store_file.parent.mkdir()
    store_file.write_text("no database " * 100)
    code, out, err = run(capsys, "--lang", "en", "coverage")
    assert (code, out) == (FAULT, "")
    assert "damaged" in err
