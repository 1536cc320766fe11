"""The streets of today beside those of a folder: told first, put in place when that is agreed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from circle.cli import main
from circle.load import check, read_district, versions
from circle.load.text_tables import parse_csv
from circle.network import overpass
from tests.conftest import place
from tests.network.test_overpass import BODY, Served, server

if TYPE_CHECKING:
    from pathlib import Path


def streets_of(folder: Path, without: str = "") -> str:
    """Return the streets of a folder as a server would send them, but for those of a name."""
    junctions, _ = parse_csv((folder / "junctions.csv").read_bytes(), "junctions.csv")
    segments, _ = parse_csv((folder / "segments.csv").read_bytes(), "segments.csv")
    nodes = [
        f'<node id="{row["id"]}" lon="{row["lon"]}" lat="{row["lat"]}"/>'
        for row in junctions.to_dict("records")
    ]
    ways = [
        f'<way id="{number}"><nd ref="{row["from_id"]}"/><nd ref="{row["to_id"]}"/>'
        f'<tag k="highway" v="residential"/><tag k="name" v="{row["name"]}"/></way>'
        for number, row in enumerate(segments.to_dict("records"), start=1)
        if row["name"] != without
    ]
    head, foot = BODY[: BODY.index("<node")], "</osm>"
    return head + "".join(nodes) + "".join(ways) + foot


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overpass, "_FIRST_WAIT_S", 0.01)


def test_nothing_is_changed_until_it_is_agreed(
    district_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = read_district(district_dir)
    with server(Served(body=streets_of(district_dir, "横4路"))) as (address, _):
        assert main(["refresh", str(district_dir), "--server", address]) == 0
        told = json.loads(capsys.readouterr().out)
        assert (told["applied"], told["ways"]) == (False, 36)
        assert told["as_of"].startswith("2026-11-20")
        assert read_district(district_dir).base_id == before.base_id
        asked = ["refresh", str(district_dir), "--server", address, "--yes", "--by", "某人"]
        assert main(asked) == 0
    told = json.loads(capsys.readouterr().out)
    after = read_district(district_dir)
    assert told["applied"]
    assert told["content_hash"] == after.base_id != before.base_id
    assert check(district_dir) == []
    assert "横4路" not in after.network.segment_name.tolist()
    assert after.demand["residents"].sum() == pytest.approx(before.demand["residents"].sum())
    assert next(e for e in after.layers if e.id == "segments").observed == "2026-11-20"
    newest = versions.versions(district_dir)[-1]
    assert (newest.action, newest.author) == ("refresh", "某人")


def test_street_edits_are_laid_over_the_new_streets(
    district_dir: Path, facts_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (begin, end) = (",".join(f"{v:.7f}" for v in place(*at)) for at in ((50, 50), (150, 150)))
    (facts_dir / "street_edits.csv").write_text(
        "id,act,lon,lat,lon_to,lat_to,steps,hours,name,author,date,reason\n"
        f"a,link,{begin},{end},,,通道,某人,2026-11-20,\n",
        "utf-8",
    )
    # the middle of a block is 50 m from every street
    assert main(["build", str(facts_dir), str(district_dir)]) == 0
    with server(Served(body=streets_of(district_dir))) as (address, _):
        assert main(["refresh", str(district_dir), "--server", address, "--yes"]) == 0
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert told["edits"] == [{"id": "a", "outcome": "off_street"}]
    assert len(read_district(district_dir).street_edits) == 1


@pytest.mark.parametrize(
    ("answer", "key"),
    [
        (Served(body=BODY), "只给出"),
        (Served(500, "{}"), "状态 500"),
        (Served(body="<html></html>"), "不是 OpenStreetMap"),
    ],
)
def test_a_bad_answer_leaves_the_old_streets(
    district_dir: Path, capsys: pytest.CaptureFixture[str], answer: Served, key: str
) -> None:
    segments = district_dir / "segments.csv"
    text = segments.read_text("utf-8").splitlines()
    where = text[0].split(",").index("osm_ways")
    rows = [line.split(",") for line in text[1:]]
    assert {row[where] for row in rows} == {"1"}
    before = segments.read_bytes()
    if key == "只给出":  # the streets of the folder are of many ways
        named = [[*row[:where], str(n), *row[where + 1 :]] for n, row in enumerate(rows)]
        segments.write_text("\n".join([text[0], *map(",".join, named)]) + "\n", "utf-8")
        before = segments.read_bytes()
    with server(answer) as (address, _):
        assert main(["refresh", str(district_dir), "--server", address, "--yes"]) != 0
    assert key in capsys.readouterr().err
    assert segments.read_bytes() == before
    assert not versions.place_of(district_dir).exists()
