"""Symbols as QGIS keeps them in XML: colours and signs of the printed maps, in millimetres."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from circle.maps.base_map import PATH_PX, STREET_PX
from circle.maps.colours import BEYOND, PAPER
from circle.maps.grades import Mark
from circle.maps.symbols import MARK_BOX
from circle.report.content.elements import Look
from circle.report.print_map import basemap, thematic
from circle.report.print_map.printed_symbols import DOT_MM, GABLE_MM, SIZES, SYMBOL_MM

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from circle.maps.grades import Grade
    from circle.report.content.elements import Condition, Layer
    from circle.report.print_map.canvas import Paint

MM_PER_PT = 25.4 / 72
_GABLE_UNITS = 11
_HATCH_MM, _HATCH_LINE_MM = 1.5, 0.15
FILL_OPACITY = 0.45
POINT_MM, LINE_MM, EDGE_MM = 2.4, 0.5, 0.3
OUTLINE = "#404040"
"""How points, lines and polygons of one colour are drawn."""
_LEAST_PEOPLE = 1
_MARKS = {Mark.DIAMOND: "diamond", Mark.CROSS: "cross_fill"}


_GROUND = {Look.GAP, Look.OUTLINE, Look.BOUNDARY, Look.STREETS}
TYPES = {"points": "marker", "lines": "line", "polygons": "fill"}
"""What symbols of each kind of geometry are called."""


@dataclass(frozen=True, slots=True)
class Stroke:
    """One layer of a symbol: its class in QGIS, its properties, expressions that replace some."""

    kind: str
    properties: Mapping[str, str]
    expressions: Mapping[str, str] = field(default_factory=dict)


def add_symbol(parent: ET.Element, name: str, type_: str, strokes: Iterable[Stroke]) -> ET.Element:
    """Add a symbol of QGIS's type ``marker``, ``line`` or ``fill``, drawn from its first stroke."""
    symbol = ET.SubElement(parent, "symbol", type=type_, name=name, alpha="1", clip_to_extent="1")
    for stroke in strokes:
        attributes = {"class": stroke.kind, "enabled": "1", "locked": "0", "pass": "0"}
        layer = ET.SubElement(symbol, "layer", attributes)
        for key, value in stroke.properties.items():
            ET.SubElement(layer, "prop", k=key, v=value)
        if stroke.expressions:
            add_expressions(layer, "data_defined_properties", stroke.expressions)
        if stroke.kind == "LinePatternFill":
            add_symbol(layer, f"@{name}@hatch", "line", [_line(BEYOND, _HATCH_LINE_MM, 0.6)])
    return symbol


def add_expressions(parent: ET.Element, tag: str, expressions: Mapping[str, str]) -> None:
    """Add what is computed for each feature, by the name of the property."""
    whole = ET.SubElement(ET.SubElement(parent, tag), "Option", type="Map")
    ET.SubElement(whole, "Option", name="name", value="", type="QString")
    properties = ET.SubElement(whole, "Option", name="properties", type="Map")
    for key, expression in expressions.items():
        computed = ET.SubElement(properties, "Option", name=key, type="Map")
        ET.SubElement(computed, "Option", name="active", value="true", type="bool")
        ET.SubElement(computed, "Option", name="expression", value=expression, type="QString")
        ET.SubElement(computed, "Option", name="type", value="3", type="int")
    ET.SubElement(whole, "Option", name="type", value="collection", type="QString")


def expression(conditions: Iterable[Condition]) -> str:
    """Return conditions as SQL."""
    return " AND ".join(f"{quoted(c.column)} {c.relation} {_value(c.value)}" for c in conditions)


def quoted(column: str) -> str:
    """Return the name of a column as SQL."""
    return '"{}"'.format(column.replace('"', '""'))


def rgb(colour: str, opacity: float = 1.0) -> str:
    """Return a colour as QGIS writes it: red, green, blue and opacity up to 255."""
    parts = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return ",".join(str(part) for part in (*parts, round(255 * opacity)))


def embedded(svg: str) -> str:
    """Return an SVG as it stands in a project."""
    return f"base64:{base64.b64encode(svg.encode()).decode()}"


def strokes_of(layer: Layer, kind: str, value: str, colour: str) -> list[Stroke]:
    """Return how what of a layer has a value in the column of its colour is drawn."""
    if layer.look in _GROUND:
        return ground(layer.look)
    if layer.look is Look.PLACES and value in layer.signs:
        return sign(layer.look, *layer.signs[value])
    if layer.look is Look.HERITAGE:
        return sign(layer.look, layer.signs[""][0])
    return plain(kind, colour)


def sign(look: Look, svg: str, unverified: str = "") -> list[Stroke]:
    """Return a sign; with `unverified` the one of places whose position is not."""
    size = SYMBOL_MM if look is Look.PLACES else GABLE_MM * MARK_BOX / _GABLE_UNITS
    properties = {"name": embedded(svg), "size": f"{size:.2f}", "scale_method": "diameter"}
    choice = f"CASE WHEN \"verified\" THEN '{embedded(svg)}' ELSE '{embedded(unverified)}' END"
    return [Stroke("SvgMarker", properties, {"name": choice} if unverified else {})]


def people(grade: Grade) -> list[Stroke]:
    """Return the mark of a grade; its area tells how many residents there are."""
    edge = 0.75 * MM_PER_PT if grade.mark is Mark.RING else 0.25 * MM_PER_PT
    properties = {
        "name": _MARKS.get(grade.mark, "circle"),
        "color": rgb(grade.fill),
        "outline_color": rgb(grade.line),
        "outline_width": f"{edge:.2f}",
        "size": f"{DOT_MM / 2:.2f}",
    }
    residents = f'max("residents", {_LEAST_PEOPLE})'
    return [Stroke("SimpleMarker", properties, {"size": f"{DOT_MM}*sqrt({residents}/{SIZES[-1]})"})]


def catchment(colours: tuple[str, str]) -> list[Stroke]:
    """Return the ground within a limit."""
    paint = thematic.band_paint(colours)
    return [_fill(paint.fill, 1.0, paint.line, paint.width * MM_PER_PT)]


def ground(look: Look) -> list[Stroke]:
    """Return how gap zones, lines of areas, the boundary or streets are drawn."""
    if look is Look.GAP:
        hatch = {"angle": "45", "distance": str(_HATCH_MM), "color": rgb(BEYOND)}
        return [
            _fill(BEYOND, 0.11),
            Stroke("LinePatternFill", hatch),
            _line(BEYOND, 0.9 * MM_PER_PT, use_custom_dash="1", customdash="1.4;0.7"),
        ]
    if look is Look.STREETS:
        street = basemap.street_paint(1.0)
        return [
            Stroke(
                "SimpleLine",
                {"line_color": rgb(street.line), "line_width": "0.4", "capstyle": "round"},
                {"outlineWidth": street_width()},
            )
        ]
    return [_edge(basemap.BOUNDARY if look is Look.BOUNDARY else basemap.AREA_LINE)]


def plain(kind: str, colour: str) -> list[Stroke]:
    """Return a symbol of one colour for points, lines or polygons."""
    if kind == "points":
        properties = {"name": "circle", "color": rgb(colour), "size": str(POINT_MM)}
        edge = {"outline_color": rgb(PAPER), "outline_width": str(EDGE_MM)}
        return [Stroke("SimpleMarker", properties | edge)]
    if kind == "lines":
        return [_line(colour, LINE_MM)]
    return [_fill(colour, FILL_OPACITY, OUTLINE, EDGE_MM)]


def street_width() -> str:
    """Return the expression of a street's width by its first class."""
    first = "regexp_replace(coalesce(\"class\", ''), ';.*$|_link.*$', '')"
    cases = " ".join(f"WHEN '{name}' THEN {px}" for name, px in STREET_PX.items())
    return f"(CASE {first} {cases} ELSE {PATH_PX} END) * {basemap.STREET_PT * MM_PER_PT:.4f}"


def _fill(colour: str, opacity: float, edge: str = "", width: float = 0.0) -> Stroke:
    line = {"outline_color": rgb(edge), "outline_width": f"{width:.2f}"} if edge else {}
    style = {"outline_style": "solid" if edge else "no", "style": "solid"}
    return Stroke("SimpleFill", {"color": rgb(colour, opacity), **style, **line})


def _line(colour: str, width: float, opacity: float = 1.0, **more: str) -> Stroke:
    properties = {"line_color": rgb(colour, opacity), "line_width": f"{width:.2f}"}
    return Stroke("SimpleLine", {**properties, "capstyle": "round", **more})


def _edge(paint: Paint) -> Stroke:
    """Return an outline as it is printed."""
    width = paint.width * MM_PER_PT
    if paint.dash is None:
        return _line(paint.line, width)
    dash = ";".join(f"{part * width:.2f}" for part in paint.dash)
    return _line(paint.line, width, use_custom_dash="1", customdash=dash, capstyle="flat")


def _value(value: str | float) -> str:
    if isinstance(value, str):
        return "'{}'".format(value.replace("'", "''"))
    return f"{value:g}"
