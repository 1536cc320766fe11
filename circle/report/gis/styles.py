"""How a layer is coloured, for QGIS (QML) and for any other software (SLD)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pandas as pd

from circle.i18n import t
from circle.maps.colours import PAPER
from circle.report.content.elements import Look
from circle.report.file_names import storable
from circle.report.gis import symbology
from circle.report.gis.symbology import EDGE_MM, FILL_OPACITY, LINE_MM, OUTLINE, POINT_MM

if TYPE_CHECKING:
    from collections.abc import Mapping

    from circle.report.gis.geometries import Part

_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
_NO_COLOUR = "#7F7F7F"
_PX_PER_MM = 1 / 0.28
"""A standard pixel of OGC is 0.28 mm."""
_QGIS = "3.16.0"
"""The oldest version that reads this; newer ones do too."""
_GEOMETRY_TYPE = {"points": "0", "lines": "1", "polygons": "2"}
_SLD = "http://www.opengis.net/sld"
_SE = "http://www.opengis.net/se"
_OGC = "http://www.opengis.net/ogc"
for _prefix, _space in (("", _SLD), ("se", _SE), ("ogc", _OGC)):
    ET.register_namespace(_prefix, _space)


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of a legend: `value` "" is everything else."""

    value: str
    label: str
    colour: str


def rules(part: Part) -> list[Rule]:
    """Return the legend of a part of a layer; one rule where it has one colour.

    What has none of the palette's values is grey rather than unseen.
    """
    layer = part.layer
    if layer.colour not in part.frame:
        colour = layer.palette.get("", next(iter(layer.palette.values()), _NO_COLOUR))
        return [Rule("", storable(layer.title), _hex(colour))]
    column = part.frame[layer.colour]
    legend = [
        Rule(_value(key, column), storable(layer.labels.get(key, key)), _hex(colour))
        for key, colour in layer.palette.items()
        if key
    ]
    there = {_value(str(value), column) for value in column.dropna().unique()}
    if "" in layer.palette or column.isna().any() or there - {rule.value for rule in legend}:
        rest = layer.labels.get("", t("datafiles.other"))
        legend.append(Rule("", storable(rest), _hex(layer.palette.get("", _NO_COLOUR))))
    return legend


def qml(part: Part) -> str:
    """Return the style of a part of a layer for QGIS."""
    legend = rules(part)
    root = ET.Element("qgis", version=_QGIS, styleCategories="Symbology")
    several = any(rule.value for rule in legend)
    kind = "categorizedSymbol" if several else "singleSymbol"
    renderer = ET.SubElement(root, "renderer-v2", type=kind, symbollevels="0", enableorderby="0")
    if several:
        renderer.set("attr", part.layer.colour)
        categories = ET.SubElement(renderer, "categories")
        for row, rule in enumerate(legend):
            attributes = {
                "value": rule.value,
                "label": rule.label,
                "symbol": str(row),
                "render": "true",
            }
            ET.SubElement(categories, "category", attributes)
    symbols = ET.SubElement(renderer, "symbols")
    for row, rule in enumerate(legend):
        strokes = symbology.strokes_of(part.layer, part.kind, rule.value, rule.colour)
        symbology.add_symbol(symbols, str(row), symbology.TYPES[part.kind], strokes)
    ET.SubElement(root, "layerGeometryType").text = _GEOMETRY_TYPE[part.kind]
    doctype = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
    return doctype + ET.tostring(root, encoding="unicode")


def sld(part: Part) -> str:
    """Return the style of a part of a layer as Styled Layer Descriptor 1.1."""
    root = ET.Element(f"{{{_SLD}}}StyledLayerDescriptor", version="1.1.0")
    layer = _add(root, "NamedLayer", space=_SLD)
    _add(layer, "Name", part.name)
    style = _add(layer, "UserStyle", space=_SLD)
    _add(style, "Name", part.name)
    features = _add(style, "FeatureTypeStyle")
    legend = rules(part)
    for rule in legend:
        _rule(features, rule, part, alone=len(legend) == 1)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode")


def _rule(parent: ET.Element, rule: Rule, part: Part, *, alone: bool) -> None:
    node = _add(parent, "Rule")
    _add(node, "Name", rule.label)
    _add(_add(node, "Description"), "Title", rule.label)
    if rule.value:
        equal = _add(_add(node, "Filter", space=_OGC), "PropertyIsEqualTo", space=_OGC)
        _add(equal, "PropertyName", part.layer.colour, space=_OGC)
        _add(equal, "Literal", rule.value, space=_OGC)
    elif not alone:
        _add(node, "ElseFilter")
    _symbolizer(node, part, rule.colour)


def _symbolizer(rule: ET.Element, part: Part, colour: str) -> None:
    kind = part.kind
    if kind == "points":
        graphic = _add(_add(rule, "PointSymbolizer"), "Graphic")
        mark = _add(graphic, "Mark")
        _add(mark, "WellKnownName", "circle")
        _paint(mark, "Fill", {"fill": colour})
        _paint(mark, "Stroke", {"stroke": PAPER, "stroke-width": _px(EDGE_MM)})
        _add(graphic, "Size", _px(POINT_MM))
    elif kind == "lines":
        line = _add(rule, "LineSymbolizer")
        _paint(line, "Stroke", {"stroke": colour, "stroke-width": _px(LINE_MM)})
    else:
        area = _add(rule, "PolygonSymbolizer")
        outline = part.layer.look in {Look.OUTLINE, Look.BOUNDARY}
        if not outline:
            _paint(area, "Fill", {"fill": colour, "fill-opacity": str(FILL_OPACITY)})
        edge = colour if outline else OUTLINE
        _paint(area, "Stroke", {"stroke": edge, "stroke-width": _px(EDGE_MM)})


def _paint(parent: ET.Element, what: str, values: Mapping[str, str]) -> None:
    node = _add(parent, what)
    for name, value in values.items():
        _add(node, "SvgParameter", value).set("name", name)


def _add(parent: ET.Element, name: str, text: str | None = None, space: str = _SE) -> ET.Element:
    node = ET.SubElement(parent, f"{{{space}}}{name}")
    node.text = text
    return node


def _px(mm: float) -> str:
    return f"{mm * _PX_PER_MM:.2f}"


def _hex(colour: str) -> str:
    return colour.upper() if _COLOUR.fullmatch(colour) else _NO_COLOUR


def _value(key: str, column: pd.Series[Any]) -> str:
    """Return a key as the value of a column reads in a style: 10 for 10.0, true for True."""
    if pd.api.types.is_bool_dtype(column):
        return str(key.strip().lower() in {"true", "1"}).lower()
    if pd.api.types.is_numeric_dtype(column):
        try:
            return f"{float(key):.15g}"
        except ValueError:
            return storable(key)
    return storable(key)
