"""Styles parse, name every value, and are where QGIS looks for them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from circle.report.content.elements import Layer
from circle.report.gis import styles, writers
from circle.report.gis.geometries import parts
from tests.report.sample_data import HOSTILE, report, tianping

if TYPE_CHECKING:
    from pathlib import Path

    from circle.report.gis.geometries import Part

NAMES = {
    "sld": "http://www.opengis.net/sld",
    "se": "http://www.opengis.net/se",
    "ogc": "http://www.opengis.net/ogc",
}
SYMBOLS = {
    "points": ("marker", "SimpleMarker", "color", "PointSymbolizer"),
    "lines": ("line", "SimpleLine", "line_color", "LineSymbolizer"),
    "polygons": ("fill", "SimpleFill", "color", "PolygonSymbolizer"),
}


def all_parts() -> list[Part]:
    asked = report()
    return [one for layer in asked.layers for one in parts(layer, asked) if one.kind]


def parsed(text: str) -> ET.Element:
    return ET.fromstring(text.encode())  # noqa: S314 - our own


def test_qgis_finds_a_default_style_for_every_layer(tmp_path: Path) -> None:
    writers.geopackage(report(), tmp_path / "a.gpkg")
    with closing(sqlite3.connect(tmp_path / "a.gpkg")) as file:
        columns = {row[1]: row[2] for row in file.execute("PRAGMA table_info(layer_styles)")}
        rows = file.execute(
            "SELECT f_table_name, styleQML, styleSLD FROM layer_styles WHERE f_table_catalog = ''"
            " AND f_table_schema = '' AND f_geometry_column = 'geom' AND useAsDefault"
        ).fetchall()
        times = file.execute("SELECT DISTINCT update_time FROM layer_styles").fetchall()
        kinds = dict(file.execute("SELECT table_name, data_type FROM gpkg_contents"))
        geometry = dict(file.execute("SELECT table_name, column_name FROM gpkg_geometry_columns"))
    assert list(columns) == [
        *("id", "f_table_catalog", "f_table_schema", "f_table_name", "f_geometry_column"),
        *("styleName", "styleQML", "styleSLD", "useAsDefault", "description", "owner", "ui"),
        "update_time",
    ]
    assert (columns["useAsDefault"], columns["update_time"]) == ("BOOLEAN", "DATETIME")
    assert times == [("2026-05-05T23:08:09.000Z",)]
    assert kinds["layer_styles"] == "attributes"
    assert {row[0] for row in rows} == {part.name for part in all_parts()}
    assert set(geometry.values()) == {"geom"}
    for _, qml, sld in rows:
        assert parsed(qml).tag == "qgis"
        assert parsed(sld).tag == f"{{{NAMES['sld']}}}StyledLayerDescriptor"


@pytest.mark.parametrize("part", all_parts(), ids=lambda part: part.name)
def test_qml_has_a_symbol_for_each_line_of_the_legend(part: Part) -> None:
    root = parsed(styles.qml(part))
    legend = styles.rules(part)
    type_, class_, colour, _ = SYMBOLS[part.kind]
    (renderer,) = root.findall("renderer-v2")
    symbols = renderer.findall("symbols/symbol")
    assert [one.get("name") for one in symbols] == [str(row) for row in range(len(legend))]
    assert {one.get("type") for one in symbols} == {type_}
    for one, rule in zip(symbols, legend, strict=True):
        (layer,) = one.findall("layer")
        assert layer.get("class") == class_
        said = {prop.get("k"): prop.get("v") for prop in layer.findall("prop")}
        red, green, blue, opacity = map(int, str(said[colour]).split(","))
        assert f"#{red:02X}{green:02X}{blue:02X}" == rule.colour
        assert opacity == (115 if part.kind == "polygons" else 255)
        assert ("outline_color" in said) == (part.kind != "lines")
    categories = renderer.findall("categories/category")
    if renderer.get("type") == "singleSymbol":
        assert categories == []
        assert len(legend) == 1
    else:
        assert renderer.get("attr") == part.layer.colour
        found = [(one.get("value"), one.get("label"), one.get("symbol")) for one in categories]
        assert found == [(rule.value, rule.label, str(row)) for row, rule in enumerate(legend)]
    kind = root.findtext("layerGeometryType")
    assert kind == str(list(SYMBOLS).index(part.kind))


@pytest.mark.parametrize("part", all_parts(), ids=lambda part: part.name)
def test_sld_filters_by_the_same_values(part: Part) -> None:
    root = parsed(styles.sld(part))
    legend = styles.rules(part)
    assert root.findtext(".//sld:NamedLayer/se:Name", namespaces=NAMES) == part.name
    rules = root.findall(".//se:Rule", NAMES)
    assert [one.findtext("se:Name", namespaces=NAMES) for one in rules] == [
        rule.label for rule in legend
    ]
    for one, rule in zip(rules, legend, strict=True):
        assert one.find(f"se:{SYMBOLS[part.kind][3]}", NAMES) is not None
        literal = one.findtext(".//ogc:Literal", namespaces=NAMES)
        assert (literal or "") == rule.value
        if rule.value:
            assert one.findtext(".//ogc:PropertyName", namespaces=NAMES) == part.layer.colour
        assert (one.find("se:ElseFilter", NAMES) is not None) == (
            not rule.value and len(legend) > 1
        )
        colours = {
            found.text
            for found in one.iterfind(".//se:SvgParameter", NAMES)
            if found.get("name") in {"fill", "stroke"}
        }
        assert rule.colour in colours


def part_of(values: object, palette: dict[str, str], **more: Any) -> Part:
    column = pd.Series(values)
    shapes = gpd.points_from_xy(np.zeros(len(column)), np.zeros(len(column)))
    frame = gpd.GeoDataFrame({"v": column}, geometry=shapes, crs=tianping().crs)
    (found,) = parts(Layer("a", "甲", frame, {}, "v", palette, **more), report())
    return found


@pytest.mark.parametrize(
    ("values", "key", "written"),
    [
        ([10.0, 15.5], "10", "10"),
        ([10.0, 15.5], "10.0", "10"),
        ([10, 15], "10.0", "10"),
        ([True, False], "True", "true"),
        ([True, False], "false", "false"),
        ([True, None], "1", "true"),
        (["10.0", "x"], "10.0", "10.0"),
        ([1.0, 2.0], "words", "words"),
    ],
)
def test_a_value_reads_as_the_column_does(values: list[object], key: str, written: str) -> None:
    legend = styles.rules(part_of(values, {key: "#010203"}))
    assert (legend[0].value, legend[0].colour) == (written, "#010203")


def test_nothing_is_left_unseen() -> None:
    full = part_of(["a", "b"], {"a": "#010101", "b": "#020202"})
    assert [rule.value for rule in styles.rules(full)] == ["a", "b"]
    assert "categorizedSymbol" in styles.qml(full)
    one = part_of(["a", "a"], {"a": "#010101"}, labels={"a": "甲"})
    assert [rule.label for rule in styles.rules(one)] == ["甲"]
    assert "categorizedSymbol" in styles.qml(one)
    for values in (["a", "c"], ["a", None]):
        rest = styles.rules(part_of(values, {"a": "#010101"}))[-1]
        assert (rest.value, rest.label, rest.colour) == ("", "其他", "#7F7F7F")


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_parse(text: str) -> None:
    found = part_of(["a"], {text or "a": text}, labels={text or "a": text})
    hostile = replace(found, layer=replace(found.layer, title=text))
    for made in (styles.qml(hostile), styles.sld(hostile)):
        assert parsed(made) is not None
    rule = styles.rules(hostile)[0]
    assert rule.colour == "#7F7F7F"
    read = parsed(styles.qml(hostile)).find(".//category")
    assert read is not None
    assert read.get("label") == rule.label
