"""What a page shows, as GeoJSON: whole, honest, and readable by others."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pytest

from circle.maps import grades
from circle.measures.gaps import gaps
from circle.measures.lifecircle import life_circle, origin_at, walk_to
from circle.model import Text
from circle.network.speeds import impedance
from circle.report import snapshot
from circle.words import tables
from tests.asking import coverage
from tests.report.sample_html import tianping
from tests.report.test_html import HOSTILE
from tests.small import district

if TYPE_CHECKING:
    from circle.model import District

METADATA = {
    "title", "district", "district_id", "language", "question", "data_date", "data_hash", "crs",
    "caution", "notes", "modelled", "scenario", "sources",
}  # fmt: skip


def explored(own: District, *, name: str = "起点") -> dict[str, Any]:
    walk = impedance(own.network, next(iter(own.profiles.values())))
    lon, lat = own.start or own.demand[["lon", "lat"]].to_numpy()[0].tolist()
    found = life_circle(own, walk, origin_at(own, walk, lon, lat), (5, 10, 15))
    nearest = found.facilities.iloc[0]
    shown = snapshot.FromPlace(
        name=name,
        at=(lon, lat),
        profile=walk.profile.id,
        places=found.facilities,
        heritage=True,
        route=walk_to(walk, found.origin, nearest),
        to=str(nearest["id"]),
    )
    return snapshot.explore(own, found, shown)


def covered(own: District, kind: str = "canteen") -> dict[str, Any]:
    walk = impedance(own.network, list(own.profiles.values())[-1])
    found = coverage(own, walk, kind, 5)
    who = tables.people(own, "residents")
    shown = snapshot.Measured(
        graded=grades.by_minutes(found.seconds[who.rows] / 60, found.minutes),
        people=who,
        zones=gaps(own, found),
        heritage=True,
    )
    return snapshot.coverage(own, found, shown)


def by_layer(collection: dict[str, Any], layer: str) -> list[dict[str, Any]]:
    return [one for one in collection["features"] if one["properties"]["layer"] == layer]


def read(collection: dict[str, Any]) -> gpd.GeoDataFrame:
    return gpd.read_file(BytesIO(snapshot.to_bytes(collection)), engine="pyogrio")


def test_explore_has_all_that_is_shown() -> None:
    own = tianping()
    made = explored(own)
    assert made["type"] == "FeatureCollection"
    assert set(made["metadata"]) == METADATA
    assert made["metadata"]["data_hash"] == own.base_id
    assert made["metadata"]["data_date"] == own.observed
    assert {one["layer"] for one in made["metadata"]["sources"]} == {one.id for one in own.layers}
    rings = by_layer(made, "isochrone")
    assert [one["properties"]["minutes"] for one in rings] == [15, 10, 5]
    assert all(0 <= one["properties"]["missed"] < 0.2 for one in rings)
    assert all(one["properties"]["modelled"] for one in rings)
    assert len(by_layer(made, "facility")) == len(own.facilities)
    (way,) = by_layer(made, "way")
    assert way["geometry"]["type"] == "LineString"
    assert len(by_layer(made, "origin")) == 1
    assert len(by_layer(made, "heritage")) == len(own.heritage)
    assert read(made).geometry.is_valid.all()


def test_coverage_has_all_that_is_shown() -> None:
    own = tianping()
    made = covered(own)
    table = read(made)
    assert table.crs == "EPSG:4326"
    west, south, east, north = table.total_bounds
    assert 121.3 < west < east < 121.6
    assert 31.1 < south < north < 31.3
    counts = table["layer"].value_counts()
    assert counts["area"] == len(own.areas)
    assert counts["demand_point"] == int(tables.people(own, "residents").rows.sum())
    zones = table[table["layer"].eq("gap_zone")]
    assert list(zones["rank"]) == list(range(1, len(zones) + 1))
    assert zones["verdict"].eq("none_known").all(), "the list of canteens is not complete"
    assert table.geometry.is_valid.all()


def test_residents_are_never_more_exact_than_the_model() -> None:
    made = covered(tianping())
    for one in made["features"]:
        said = one["properties"]
        if said["layer"] == "demand_point":
            assert said["residents"] == round(said["residents"], 1)
        for name in {"residents", "residents_60_plus", "covered"} & set(said):
            if said["layer"] != "demand_point":
                assert len(str(said[name]).rstrip("0")) <= 3
        if "residents" in said:
            assert said["modelled"] is True


def test_by_hand() -> None:
    points = by_layer(covered(district()), "demand_point")
    # the sure canteen stands 200 m past the boundary; the slow walk 30 m a minute: 5 min are 150 m
    assert [one["properties"]["minutes"] for one in points][-2:] == [11.7, 8.3]
    assert {one["properties"]["residents"] for one in points} == {10.0}
    assert points[0]["properties"]["grade"] == "超过 5 分钟"


@pytest.mark.parametrize("word", HOSTILE)
def test_hostile_names_stay_text(word: str) -> None:
    small = district()
    named = replace(
        small,
        facilities=small.facilities.assign(name=word, address=word),
        heritage=small.heritage.assign(name=word),
        name=Text(word, word),
    )
    for made in (explored(named, name=word), covered(named)):
        back = json.loads(snapshot.to_bytes(made))
        assert by_layer(back, "facility")[0]["properties"]["name"] == word
        if "\x00" not in word:  # GDAL ends a text there
            assert word in set(read(made)["name"])


def test_what_has_no_way_has_no_minutes() -> None:
    own = district()
    walk = impedance(own.network, own.profiles["adult"])
    begin = origin_at(own, walk, *own.demand[["lon", "lat"]].to_numpy()[0].tolist())
    found = life_circle(own, walk, begin, (5,))
    places = own.facilities.assign(seconds=np.inf)
    made = snapshot.explore(own, found, snapshot.FromPlace("甲", (114.0, 31.0), "adult", places))
    assert {one["properties"]["minutes"] for one in by_layer(made, "facility")} == {None}
    assert not by_layer(made, "way")
    assert not by_layer(made, "heritage")


@pytest.mark.parametrize("word", [*HOSTILE, "../../etc/passwd", "CON", "a/b\\c:d"])
def test_a_file_name_is_plain(word: str) -> None:
    name = snapshot.file_name(word, "coverage", "2026-04")
    assert re.fullmatch(r"[\w.-]{1,120}", name)
    assert not name.startswith(".")
