"""Tags become places by a table that anyone may change."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from circle.cli import main
from circle.load import read_district
from circle.load.facts import package_table
from circle.osm.kinds import tag_table
from circle.places.addresses import look_up
from circle.places.search import build_index
from tests.osm.conftest import boundary, number

if TYPE_CHECKING:
    from pathlib import Path

    from circle.model import District
    from tests.osm.conftest import Town


def built(town: Town, tmp_path: Path, *more: str) -> District:
    osm, shape = town.write(tmp_path / "town.osm"), boundary(tmp_path / "b.geojson", name="Centro")
    out = str(tmp_path / "out")
    assert main(["build", "--osm", str(osm), "--boundary", str(shape), *more, out]) == 0
    return read_district(out)


def test_each_kind_of_the_package_has_its_tags_and_source() -> None:
    table = tag_table()
    assert {kind.id for kind in table.kinds} >= set(package_table("kinds.toml"))
    assert all(kind.source.startswith("https://wiki.openstreetmap.org/") for kind in table.kinds)
    assert table.kind_of({"amenity": "doctors"}) == "health"
    assert (
        table.kind_of({"amenity": "community_centre", "name": "天平党群服务站"}) == "party_service"
    )
    assert table.kind_of({"amenity": "bench"}) == ""
    assert table.kind_of({}) == ""


def test_places_stand_where_they_are_mapped(
    town: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    market = {"amenity": "marketplace", "name": "Mercado", "name:en": "Market hall"}
    hours = {"opening_hours": "Mo-Fr 08:00-18:00", "phone": "+55 51 3289 1700"}
    town.node(600, 50, 5, **market, **hours, website="javascript:alert(1)")
    corners = [
        town.node(601 + i, *at) for i, at in enumerate(((45, 0), (60, 0), (60, 12), (45, 12)))
    ]
    town.way(610, [*corners, corners[0]], {**market, "building": "yes"})
    town.node(620, 150, 105, amenity="clinic", opening_hours="when the doctor is in")
    town.node(621, 5000, 105, amenity="clinic", name="Far away")
    town.node(622, 10, 10, leisure="park", name="Private", access="private")
    town.node(623, 20, 20, historic="monument", name="Estátua", start_date="1912")
    town.node(624, 30, 30, historic="monument")
    town.node(625, 40, 40, railway="station", station="subway", name="Mercado")
    town.node(626, 60, 205, **{"addr:street": "Rua 2", "addr:housenumber": "58"})
    district = built(town, tmp_path)
    facilities = district.facilities.set_index("kind")
    assert sorted(facilities.index) == ["health", "market"]
    assert facilities.loc["market", "name"] == "Mercado"
    assert facilities.loc["market", "name_en"] == "Market hall"
    assert facilities.loc["market", "phone"] == "+55 51 3289 1700"
    assert "website" not in facilities  # none that may be opened
    assert facilities.loc["market", "source"] == "OpenStreetMap node/600 (data of 2026-05-04)"
    assert facilities.loc["health", "name_en"] == "Community health service"
    assert facilities.loc["health", "hours"] == ""
    assert facilities["verified"].all()
    assert district.heritage["name"].tolist() == ["Estátua"]
    assert district.heritage["built"].tolist() == ["1912"]
    assert district.places is not None
    assert district.places[["kind", "name"]].to_numpy().tolist() == [
        ["metro", "Mercado"],
        ["house", "Rua 2, 58"],
    ]
    assert json.loads(capsys.readouterr().out)["left_out"]["places"] == {
        "hours": 1,
        "private": 1,
        "twice": 1,
        "unnamed": 1,
    }
    assert look_up(build_index(district), "Rua 2, 58").places[0].name == "Rua 2, 58"


def test_a_table_of_one_s_own(town: Town, tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(
        '[pharmacy]\nname = { zh = "药店", en = "Pharmacy" }\nletter = "药"\n'
        'colour = "#336699"\nservice = true\ntags = [{ amenity = "pharmacy" }]\nsource = "own"\n'
        '[market]\ntags = [{ shop = "super*|kiosk" }]\nsource = "own"\n',
        encoding="utf-8",
    )
    town.node(600, 50, 5, amenity="pharmacy", name="Farmácia")
    town.node(601, 150, 5, shop="supermarket", name="Super")
    town.node(602, 150, 105, amenity="marketplace", name="Feira")
    district = built(town, tmp_path, "--kinds", str(own))
    assert district.facilities.groupby("kind")["name"].agg(list).to_dict() == {
        "market": ["Super"],
        "pharmacy": ["Farmácia"],
    }
    assert district.kinds["pharmacy"].service
    assert district.kinds["market"].name.en == "Fresh-food market"


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ('[market]\nsource = "x"\n', "market.tags"),
        ('[market]\ntags = [{ shop = 3 }]\nsource = "x"\n', "market.tags.shop"),
        ('[market]\ntags = [{ shop = "x" }]\n', "market.source"),
        ('[pharmacy]\ntags = [{ a = "b" }]\nsource = "x"\n', "pharmacy.name"),
        ('["../x"]\ntags = [{ a = "b" }]\nsource = "x"\n', "../x"),
        ("[market", "bad_toml"),
    ],
)
def test_faults_of_a_table_are_told(
    town: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, column: str
) -> None:
    own = tmp_path / "own.toml"
    own.write_text(text, encoding="utf-8")
    osm, shape = town.write(tmp_path / "town.osm"), boundary(tmp_path / "b.geojson")
    words = ["--osm", str(osm), "--boundary", str(shape), "--kinds", str(own)]
    assert main(["build", *words, str(tmp_path / "out")]) == 1
    told = capsys.readouterr().err
    assert "own.toml" in told
    assert column == "bad_toml" or f"[{column}]" in told
    assert not (tmp_path / "out").exists()


def test_kinds_that_have_no_place_stay(town: Town, tmp_path: Path) -> None:
    town.node(600, *(50, 5), amenity="marketplace")
    district = built(town, tmp_path)
    assert district.facilities["name"].tolist() == ["菜市场"]
    assert district.facilities["name_en"].tolist() == ["Fresh-food market"]
    assert district.start is not None
    assert {"canteen", "health"} <= set(district.kinds)
    assert number(0, 0) in district.network.node_id
