"""The project for QGIS: its layers are all there, it draws one of each, and stays what it says."""

from __future__ import annotations

import base64
import re
import sqlite3
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from circle.config import settings
from circle.i18n import in_language, t
from circle.load.standards import standard_sets
from circle.report.content.assemble import build
from circle.report.content.choices import Crs
from circle.report.content.elements import Choice, Condition, Look, Report
from circle.report.gis import writers
from circle.report.gis.project import project
from circle.report.gis.symbology import expression
from circle.study import Study
from tests.report import sample_data

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from circle.model import District

DATABASE = "a.gpkg"
LEAST_ID = 11
"""QGIS gives layers with a shorter id another one."""
ITEMS = {"65638", "65639", "65640", "65641", "65642", "65646"}
"""Page, map, picture, label, legend, scale bar."""
TOLD = {"name", "label", "title", "labelText"}


def parsed(report: Report) -> ET.Element:
    return ET.fromstring(project(report, DATABASE))  # noqa: S314 - our own


@pytest.fixture(scope="module")
def english(tianping: District) -> Report:
    """Return a report judged in metres, in English, on a standing sheet."""
    choice = Choice(standard="gb50180-2018", language="en", crs=Crs.ZONE, landscape=False)
    return build(Study(tianping), choice, standard_sets(settings().standards))


@pytest.fixture(scope="module", params=["canteens", "english"])
def report(request: pytest.FixtureRequest) -> Report:
    made: Report = request.getfixturevalue(request.param)
    return made


@pytest.fixture(scope="module")
def root(report: Report) -> ET.Element:
    return parsed(report)


@pytest.fixture(scope="module")
def database(report: Report, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("project") / DATABASE
    writers.geopackage(report, path)
    return path


def layers(root: ET.Element) -> dict[str, ET.Element]:
    return {one.findtext("id", ""): one for one in root.iterfind("projectlayers/maplayer")}


def select(layer: ET.Element) -> str:
    """Return the table and the condition that a layer is read by, as SQL."""
    found = re.fullmatch(
        rf"\./{DATABASE}\|layername=(\w+)(?:\|subset=(.+))?", layer.findtext("datasource", "")
    )
    assert found is not None
    return f"{found[1]} WHERE {found[2] or 'true'}"


def test_every_layer_has_something_in_the_database(root: ET.Element, database: Path) -> None:
    with closing(sqlite3.connect(database)) as file:
        for layer in layers(root).values():
            count = f"SELECT count(*) FROM {select(layer)}"  # noqa: S608 - our own
            assert file.execute(count).fetchone()[0] > 0, count


def test_tree_order_and_layers_are_of_one_another(root: ET.Element, report: Report) -> None:
    tree = root.find("layer-tree-group")
    assert tree is not None
    shown = [one.get("id") for one in tree.iter("layer-tree-layer")]
    ordered = [one.text for one in tree.iterfind("custom-order/item")]
    assert len(set(shown)) == len(shown) > len(report.layers)
    assert set(shown) == set(ordered) == set(layers(root))
    assert min(map(len, layers(root))) >= LEAST_ID
    named = {layer.id for layer in report.layers}
    assert {select(layer).split()[0] for layer in layers(root).values()} == named


def test_signs_lie_over_lines_and_lines_over_grounds(root: ET.Element) -> None:
    ids = [one.text or "" for one in root.iterfind("layer-tree-group/custom-order/item")]
    looks = [name.split("-", 2)[2] for name in ids]
    kinds = ["facilities", "heritage", "demand_points", "missing_links", "lanes", "areas"]
    kinds += ["boundary", "gap_zones", "network"]
    assert list(dict.fromkeys(looks)) == ["lift_projects", *kinds, "isochrones"]
    minutes = [
        float(re.findall(r'"minutes" = ([\d.]+)', layers(root)[name].findtext("datasource", ""))[0])
        for name in ids
        if name.endswith("isochrones")
    ]
    of_one_kind = minutes[: len(set(minutes))]
    assert of_one_kind == sorted(of_one_kind)


def visible(group: ET.Element) -> Iterator[ET.Element]:
    """Return the layers that are seen: they and all groups around them are checked."""
    for child in group:
        if child.get("checked") == "Qt::Checked":
            if child.tag == "layer-tree-layer":
                yield child
            elif child.tag == "layer-tree-group":
                yield from visible(child)


def test_one_of_each_is_seen_at_first(root: ET.Element) -> None:
    tree = root.find("layer-tree-group")
    assert tree is not None
    services = tree.find("layer-tree-group")
    assert services is not None
    assert services.get("mutually-exclusive") == "1"
    checked = [one.get("checked") for one in services.iterfind("layer-tree-group")]
    assert checked.count("Qt::Checked") == 1
    assert services.get("mutually-exclusive-child") == str(checked.index("Qt::Checked"))
    seen = [(one.get("id") or "").split("-", 2)[2] for one in visible(tree)]
    once = {"facilities", "gap_zones", "areas", "boundary", "network"}
    assert {name: seen.count(name) for name in once} == dict.fromkeys(once, 1)
    assert set(seen) == {*once, "isochrones"}


def test_groups_and_legend_are_in_the_report_s_language(root: ET.Element, report: Report) -> None:
    with in_language(report.choice.language):
        titles = {one.get("name") for one in root.iter("layer-tree-group")}
        assert t("project.services") in titles
        people = t("project.catchment", profile=report.district.profiles["older_adult"].name)
        assert people in titles
        (legend,) = (one for one in root.iter("LayoutItem") if one.get("id") == "legend")
        assert legend.get("title") == t("legend.title")
    if report.choice.language == "en":
        texts = [text for one in root.iter() for key, text in one.items() if key in TOLD]
        assert not [text for text in texts if re.search("[\u4e00-\u9fff]", text)]


def test_classes_of_residents_share_them_out(root: ET.Element, database: Path) -> None:
    told = 0
    with closing(sqlite3.connect(database)) as file:
        for layer in layers(root).values():
            filters = [one.get("filter", "") for one in layer.iterfind(".//rules/rule")]
            if "demand_points" not in select(layer) or not any(filters):
                continue
            told += 1
            (whole,) = file.execute("SELECT count(*) FROM demand_points").fetchone()
            counts = (
                file.execute(f"SELECT count(*) FROM demand_points WHERE {one}").fetchone()[0]  # noqa: S608
                for one in filters
            )
            assert sum(counts) == whole, filters
    assert told > 1


def test_signs_are_within_and_nothing_is_outside(root: ET.Element, report: Report) -> None:
    text = project(report, DATABASE).decode()
    signs = {one.get("v", "") for one in root.iter("prop") if one.get("k") == "name"}
    embedded = [sign for sign in signs if sign.startswith("base64:")]
    assert len(embedded) > 1
    for sign in embedded:
        svg = ET.fromstring(base64.b64decode(sign.removeprefix("base64:")))  # noqa: S314
        assert svg.tag.endswith("svg")
    assert set(re.findall(r"https?://[^\s\"'<]+", text)) <= {"http://mrcc.com/qgis.dtd"}
    assert root.findtext("properties/Paths/Absolute") == "false"


def test_layers_keep_their_system_and_the_map_is_in_metres(
    root: ET.Element, report: Report
) -> None:
    systems = {one.findtext("srs/spatialrefsys/authid") for one in layers(root).values()}
    assert systems == {report.imprint.crs}
    assert root.findtext("projectCrs/spatialrefsys/authid") == report.district.crs
    assert all(one.findtext("wkt") for one in root.iter("spatialrefsys"))


def test_the_sheet_has_what_a_map_needs(root: ET.Element, report: Report) -> None:
    items = {one.get("id"): one for one in root.iter("LayoutItem")}
    assert {one.get("type") for one in items.values()} == ITEMS
    assert items["title"].get("labelText") == report.imprint.title
    assert report.imprint.sources in items["source"].get("labelText", "")
    wide, high = (float(mm) for mm in items["page"].get("size", "").split(",")[:2])
    assert (wide > high) == report.choice.landscape
    for item in items.values():
        left, top = (float(mm) for mm in item.get("position", "").split(",")[:2])
        width, height = (float(mm) for mm in item.get("size", "").split(",")[:2])
        assert 0 <= left <= left + width <= wide
        assert 0 <= top <= top + height <= high
    extent = items["map"].find("Extent")
    assert extent is not None
    names = ("xmin", "ymin", "xmax", "ymax")
    west, south, east, north = (float(extent.get(name, "")) for name in names)
    bounds = report.district.boundary.bounds
    assert (west, south) < bounds[:2]
    assert (east, north) > bounds[2:]
    width, height = (float(mm) for mm in items["map"].get("size", "").split(",")[:2])
    assert (east - west) / (north - south) == pytest.approx(width / height, rel=1e-3)


def test_the_same_report_is_the_same_project(report: Report) -> None:
    assert project(report, DATABASE) == project(report, DATABASE)


def test_no_text_is_computed(canteens: Report) -> None:
    said = "[% env('HOME') %] <b> & \x00"
    imprint = replace(canteens.imprint, title=said, issuer=said, sources=said, subtitle=said)
    (group, *rest) = canteens.project
    hostile = replace(canteens, imprint=imprint, project=(replace(group, title=said), *rest))
    texts = [text for one in parsed(hostile).iter() for text in (one.text, *one.attrib.values())]
    assert not [text for text in texts if text and "[%" in text]
    assert sum("env('HOME')" in (text or "") for text in texts) > 3


def test_a_value_with_quotes_stays_a_value() -> None:
    with closing(sqlite3.connect(":memory:")) as file:
        file.execute('CREATE TABLE t ("a""b" TEXT)')
        file.execute("INSERT INTO t VALUES (?)", ("x' OR '1'='1",))
        file.execute("INSERT INTO t VALUES (?)", ("y",))
        said = expression([Condition('a"b', "=", "x' OR '1'='1")])
        assert file.execute(f"SELECT count(*) FROM t WHERE {said}").fetchone() == (1,)  # noqa: S608


def test_what_would_show_nothing_is_left_out(district: District) -> None:
    """In an hour everybody reaches the market."""
    asked = Choice(kinds=("market",), minutes=60)
    made = build(Study(district), asked, standard_sets(settings().standards))
    named = {select(layer).split()[0] for layer in layers(parsed(made)).values()}
    assert {"isochrones", "facilities", "demand_points"} <= named
    assert "gap_zones" not in named


def test_a_report_without_a_tree_has_an_empty_project() -> None:
    bare = sample_data.report()
    assert layers(parsed(bare)) == {}
    assert {layer.look for layer in bare.layers} == {Look.PLAIN}
