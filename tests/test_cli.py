from __future__ import annotations

import itertools
import json
from typing import TYPE_CHECKING, Any

import networkx as nx
import osmnx as ox
import pytest
from shapely.geometry import shape

from circle.cli import FAULT, OK, USAGE, main
from circle.config import ROOT, settings
from circle.i18n import t
from circle.load import read_district

if TYPE_CHECKING:
    from pathlib import Path

HOME = ROOT / "data" / "tianping"
START = "121.4438,31.2078"
MARKET = "121.4418,31.213"


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = main(words)
    told = capsys.readouterr()
    compiling = t("cli.compiling") + "\n"  # a word to whoever comes first, in any test
    return code, told.out, told.err.replace(compiling, "")


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
    assert there["minutes"] == pytest.approx(there["metres"] / 0.92 / 60, abs=0.01)
    assert there["off_street_m"] == pytest.approx(33, abs=2)
    assert there["path"]["type"] == "LineString"
    assert there["path"]["coordinates"][0] == [121.4438, 31.2078]
    assert sum(s["metres"] for s in there["streets"]) + there["off_street_m"] == pytest.approx(
        there["metres"], abs=0.3
    )


def test_coverage_adds_up(capsys: pytest.CaptureFixture[str]) -> None:
    found = answer(capsys, "coverage", "--json", "--profile", "older_adult")["kinds"]
    assert list(found) == [kind.id for kind in read_district(HOME).kinds.values() if kind.service]
    for one in found.values():
        for ending in ("", "_60_plus", "_65_plus"):
            parts = [area[f"covered{ending}"] for area in one["by_area"].values()]
            assert sum(parts) == pytest.approx(one[f"covered{ending}"], abs=0.05)
            assert one[f"rate{ending}"] == pytest.approx(
                one[f"covered{ending}"] / one[f"residents{ending}"], abs=1e-4
            )
    assert (found["market"]["register"], found["market"]["rate_is"]) == ("partial", "at_least")
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
    assert "Older adult" in market
    assert "at least" in market
    assert "at least" in canteen
    assert "none known within reach" in canteen
    assert "of all residents" in market


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
    assert t("details.yes", language="zh") in told
    assert "True" not in told
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


def test_ways_that_may_not_be_walked_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    graph: nx.MultiDiGraph[int] = nx.MultiDiGraph(crs="EPSG:4326")
    for number in range(4):
        graph.add_node(number, x=121.0 + number / 1000, y=31.0)
    for number, way in enumerate(("footway", "motorway", "proposed")):
        graph.add_edge(number, number + 1, highway=way, length=95.5, osmid=number)
    ox.save_graphml(graph, tmp_path / "streets.graphml")
    words = ("import-graphml", str(tmp_path / "streets.graphml"), str(tmp_path / "facts"))
    code, out, err = run(capsys, *words)
    assert (code, json.loads(out)["left_out"]) == (OK, {"motorway": 1, "proposed": 1})
    assert len(err.splitlines()) == 3
    assert "高速公路：1" in err


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


def both_languages(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[str, str]:
    """Return what a call that cannot be taken says, in Chinese and in English."""
    said = []
    for language in ("zh", "en"):
        code, out, err = run(capsys, "--lang", language, *words)
        assert (code, out) == (USAGE, "")
        assert err.strip()
        assert "Traceback" not in err
        said.append(err)
    assert said[0] != said[1]
    return said[0], said[1]


def test_gaps_hold_all_out_of_reach(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("--profile", "older_adult", "--json")
    found = answer(capsys, "gaps", "--kind", "canteen", "--top", "1000", *words)
    share = answer(capsys, "coverage", "--kinds", "canteen", *words)["kinds"]["canteen"]
    zones = found["zones"]
    few = found["zones_of_few"]
    assert len(zones) == found["zones_in_all"]
    assert {zone["rank"] for zone in zones} <= set(range(1, len(zones) + few["zones"] + 1))
    assert all(zone["residents"] >= few["fewer_than"] == 10 for zone in zones)
    assert few["residents"] < few["fewer_than"] * few["zones"]
    uncovered = share["residents"] - share["covered"]
    told = sum(zone["residents"] for zone in zones) + few["residents"]
    assert told == pytest.approx(uncovered, abs=0.1)
    assert (found["minutes"], found["register"], found["verdict"]) == (15, "partial", "none_known")
    assert "residents" in found["modelled"]
    assert all(zone["missed_by"]["value"] == zone["minutes_beyond"] for zone in zones)
    top = answer(capsys, "gaps", "--kind", "canteen", "--top", "2", *words)
    assert (top["zones"], top["zones_in_all"]) == (zones[:2], len(zones))


def test_a_limit_in_metres_is_missed_in_metres(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("gaps", "--kind", "market", "--json", "--standard", "gb50180-2018")
    found = answer(capsys, *words)
    assert (found["register"], found["verdict"]) == ("partial", "none_known")
    assert (found["standard"]["id"], found["standard"]["judged_by"]) == ("market-500", "metres")
    assert "minutes" not in found
    missed = found["zones"][0]["missed_by"]
    assert missed["unit"] == "metres"
    assert missed["value"] == pytest.approx(
        found["zones"][0]["minutes_beyond"] * 0.92 * 60, abs=0.5
    )
    one = answer(capsys, *(w if w != "market" else "market-1000" for w in words))
    assert one["standard"]["metres"] == 1000


def test_gaps_as_geojson(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("gaps", "--kind", "canteen", "--profile", "older_adult", "--top", "99")
    found = answer(capsys, *words, "--geojson")
    plain = answer(capsys, *words, "--json")
    assert found["type"] == "FeatureCollection"
    for feature, zone in zip(found["features"], plain["zones"], strict=True):
        ground = shape(feature["geometry"])
        west, south, east, north = ground.bounds
        assert 121.4 < west < east < 121.5
        assert 31.1 < south < north < 31.3
        assert ground.is_valid
        told = feature["properties"]
        assert {name: told[name] for name in zone} == zone
        assert told["verdict"] == "none_known"


@pytest.mark.parametrize(("lang", "word"), [("zh", "尚无已知"), ("en", "none known")])
def test_gaps_in_words(capsys: pytest.CaptureFixture[str], lang: str, word: str) -> None:
    code, out, _ = run(capsys, "--lang", lang, "gaps", "--kind", "canteen", "--top", "2")
    assert code == OK
    assert word in out
    assert len(out.splitlines()) == 5
    assert "10" in out.splitlines()[-1]
    code, out, _ = run(capsys, "--lang", lang, "gaps", "--kind", "market", "--minutes", "60")
    assert (code, len(out.splitlines())) == (OK, 1)


@pytest.mark.parametrize(
    "words",
    [
        ("gaps", "--kind", "kindergarten", "--standard", "shanghai-15min"),
        ("coverage", "--kinds", "kindergarten", "--standard", "shanghai-15min"),
        ("coverage", "--kinds", "public_space"),
    ],
)
def test_no_data_is_no_answer(capsys: pytest.CaptureFixture[str], words: tuple[str, ...]) -> None:
    code, out, err = run(capsys, *words)
    assert (code, out) == (FAULT, "")
    assert "无数据（" in err
    assert "no data (" in run(capsys, "--lang", "en", *words)[2]


def test_no_data_of_one_of_several_has_its_reason(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("coverage", "--kinds", "canteen,public_space")
    code, out, err = run(capsys, *words)
    assert (code, err) == (OK, "")
    why = out.splitlines()[1]
    assert "无数据（" in why
    found = answer(capsys, *words, "--json")["kinds"]
    assert (found["public_space"]["why"], "rate" in found["canteen"]) == (why, True)
    code, out, err = run(capsys, "coverage", "--kinds", "public_space", "--json")
    assert (code, json.loads(out)["kinds"]["public_space"]["why"]) == (FAULT, err.strip())


@pytest.mark.parametrize("top", ["0", "-1", "ten", "", "1.5"])
def test_bad_top(capsys: pytest.CaptureFixture[str], top: str) -> None:
    assert "above 0" in both_languages(capsys, "gaps", "--kind", "canteen", f"--top={top}")[1]


def test_one_form_of_the_answer(capsys: pytest.CaptureFixture[str]) -> None:
    said = both_languages(capsys, "gaps", "--kind", "canteen", "--json", "--geojson")
    assert all("--geojson" in text for text in said)


@pytest.mark.parametrize(
    "words",
    [
        ("gaps", "--kind", "canteen", "--standard", "nowhere-2000"),
        ("score", "--standard", "nowhere-2000"),
        ("coverage", "--standard", "nowhere-2000"),
    ],
)
def test_unknown_standard(capsys: pytest.CaptureFixture[str], words: tuple[str, ...]) -> None:
    for said in both_languages(capsys, *words):
        assert "nowhere-2000" in said
        assert "gb50180-2018" in said


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (("gaps", "--kind", "market", "--standard", "shanghai-15min"), "health-centre"),
        (("gaps", "--kind", "health", "--standard", "shanghai-15min"), "health-station"),
        (("coverage", "--kinds", "market", "--standard", "shanghai-15min"), "canteen"),
        (("gaps", "--kind", "canteen", "--standard", "x", "--minutes", "5"), "--minutes"),
        (("coverage", "--standard", "gb50180-2018", "--minutes", "5"), "--minutes"),
        (("gaps", "--kind", "canteen", "--minutes", "5,10"), "5,10"),
        (("gaps", "--kind", "cinema"), "canteen"),
        (("score", "--profile", "robot"), "older_adult"),
    ],
)
def test_calls_that_cannot_be_taken(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...], names: str
) -> None:
    assert all(names in said for said in both_languages(capsys, *words))


def test_score_counts_everybody(capsys: pytest.CaptureFixture[str]) -> None:
    found = answer(capsys, "score", "--json", "--standard", "shanghai-15min")
    assert (found["chosen"], found["standard"]) == ("asked", "shanghai-15min")
    keys = [one["id"] for one in found["services"]]
    assert keys == ["health-centre", "health-station", "canteen"]
    assert found["no_data"] == [{"id": "kindergarten", "kind": "kindergarten", "reason": "kind"}]
    for level in (found["whole"], *found["by_area"].values()):
        assert level["of"] == len(keys)
        assert list(level["equity"]) == keys
        assert sum(level["counts"].values()) == pytest.approx(level["residents"], abs=0.05)
        share = level["counts"]["3"] / level["residents"]
        assert level["rate_all"] == pytest.approx(share, abs=1e-4)
        for one in level["equity"].values():
            assert 0 <= one["gini"] < 1
            assert one["palma"] >= 0.25


def test_score_says_which_standard(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = answer(capsys, "score", "--json")
    assert (first["chosen"], first["standard"]) == ("first", "gb50180-2018")
    bare = settings().model_copy(update={"standards": tmp_path})
    monkeypatch.setattr("circle.cli.arguments.settings", lambda: bare)
    found = answer(capsys, "score", "--json")
    assert (found["chosen"], found["standard"], found["minutes"]) == ("services", None, 15)
    assert [one["kind"] for one in found["services"]] == [
        "market", "canteen", "party_service", "health",
    ]  # fmt: skip


@pytest.mark.parametrize(("lang", "word"), [("zh", "无数据：幼儿园"), ("en", "No data: ")])
def test_score_in_words(capsys: pytest.CaptureFixture[str], lang: str, word: str) -> None:
    code, out, _ = run(capsys, "--lang", lang, "score", "--standard", "shanghai-15min")
    assert code == OK
    assert word in out
    assert len(out.splitlines()) == 2 + 4 * (2 + 3)


def test_coverage_tells_how_sure_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("coverage", "--json", "--kinds", "canteen", "--profile", "older_adult")
    found = answer(capsys, *words)["kinds"]["canteen"]
    assert found == answer(capsys, *words)["kinds"]["canteen"]  # the seed is fixed
    for one in (found, *found["by_area"].values()):
        for ending in ("", "_60_plus", "_65_plus"):
            assert 0 <= one[f"rate_low{ending}"] <= one[f"rate_high{ending}"] <= 1
    assert found["rate_low"] < found["rate_high"]
    assert "1,000" in found["interval_assumes"]
    assert found["standard"] is None
    _, out, _ = run(capsys, "--lang", "en", "coverage", "--kinds", "canteen")
    assert "90 % interval" in out


def test_coverage_by_a_standard(capsys: pytest.CaptureFixture[str]) -> None:
    found = answer(capsys, "coverage", "--json", "--standard", "shanghai-15min")
    assert "kinds" not in found
    own = found["services"]
    assert list(own) == ["health-centre", "health-station", "canteen", "kindergarten"]
    assert own["kindergarten"]["no_data"] == "kind"
    assert "rate" not in own["kindergarten"]
    centre = own["health-centre"]
    assert (centre["standard"]["metres"], centre["standard"]["judged_by"]) == (1000, "metres")
    assert centre["rate_low"] <= centre["rate_high"]
    _, out, _ = run(capsys, "coverage", "--standard", "shanghai-15min")
    assert "沿路 1000 米" in out
    assert "90 % 区间" in out
