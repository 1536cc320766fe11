"""Names on the map of a project for QGIS, which keep off one another and off signs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from circle.maps.colours import BEYOND
from circle.report.content.elements import Look
from circle.report.fonts import FAMILIES
from circle.report.gis import symbology
from circle.report.print_map.canvas import PAPER, TextStyle
from circle.report.print_map.printed_labels import AREA, PLACE, STREET
from circle.report.print_map.printed_symbols import SYMBOL_MM

if TYPE_CHECKING:
    from circle.report.content.elements import LayerView

_HALO_MM = 0.6
_WRAP_AT = "12"
"""Longer names are broken into lines."""
_ROUND_POINT, _OVER_POINT, _HORIZONTAL, _ALONG = "6", "1", "4", "3"
"""What QGIS calls its placements."""


@dataclass(frozen=True, slots=True)
class Lettering:
    """How names of a look are set.

    Attributes
    ----------
    style
        As on printed maps.
    placement
        One of QGIS's.
    priority
        Up to 10: those with more are placed first.
    from_scale
        Seen from a scale of one to so many on; 0 for always.
    wrapped
        Whether long names are broken.
    """

    style: TextStyle
    placement: str
    priority: int
    from_scale: int = 0
    wrapped: bool = False


LETTERING = {
    Look.GAP: Lettering(TextStyle(PLACE.size_mm, BEYOND, bold=True), _HORIZONTAL, 9, wrapped=True),
    Look.PLACES: Lettering(PLACE, _ROUND_POINT, 8, wrapped=True),
    Look.OUTLINE: Lettering(AREA, _HORIZONTAL, 5),
    Look.HERITAGE: Lettering(PLACE, _ROUND_POINT, 3, from_scale=4_000),
    Look.STREETS: Lettering(STREET, _ALONG, 2, from_scale=16_000),
}

_SIGN = Lettering(TextStyle(SYMBOL_MM * 0.8), _OVER_POINT, 10)


def add_labels(parent: ET.Element, view: LayerView) -> None:
    """Add to a layer the names that its `label` says.

    A sign takes its own room by an unseen label, as names may stand on signs but never on
    one another.
    """
    look = view.layer.look
    labelling = ET.SubElement(parent, "labeling", type="rule-based")
    rules = ET.SubElement(labelling, "rules", key="{labels}")
    named = ET.SubElement(rules, "rule", key="{names}")
    _add_settings(named, look, LETTERING[look], _words(view))
    if look is Look.PLACES:
        signs = ET.SubElement(rules, "rule", key="{signs}")
        _add_settings(signs, look, _SIGN, "'■'", opacity="0")


def _add_settings(
    parent: ET.Element, look: Look, lettering: Lettering, words: str, opacity: str = "1"
) -> None:
    settings = ET.SubElement(parent, "settings", calloutType="simple")
    _add_style(settings, lettering.style, words, opacity)
    text_format = {"wrapChar": "", "useMaxLineLengthForAutoWrap": "1"}
    if lettering.wrapped:
        text_format |= {"autoWrapLength": _WRAP_AT, "multilineAlign": "1"}
    ET.SubElement(settings, "text-format", text_format)
    ET.SubElement(settings, "placement", _placement(look, lettering))
    ET.SubElement(settings, "rendering", _rendering(look, lettering))
    if look is Look.GAP:  # the worst first
        symbology.add_expressions(settings, "dd_properties", {"Priority": 'max(10 - "rank", 1)'})


def _words(view: LayerView) -> str:
    """Return the expression of a name."""
    name = f"coalesce({', '.join(map(symbology.quoted, view.label))}, '')"
    if view.layer.look is Look.STREETS:  # of several names the first
        return f"regexp_replace({name}, ';.*$', '')"
    if view.layer.look is Look.GAP:
        return f"\"rank\" || ' ' || {name}"
    return name


def _add_style(parent: ET.Element, style: TextStyle, words: str, opacity: str) -> None:
    attributes = {
        "fieldName": words,
        "isExpression": "1",
        "fontFamily": FAMILIES[0],
        "fontSize": f"{style.size_mm:g}",
        "fontSizeUnit": "MM",
        "fontWeight": "75" if style.bold else "50",
        "textColor": symbology.rgb(style.colour),
        "textOpacity": opacity,
        "multilineHeight": "1",
        "allowHtml": "0",
    }
    node = ET.SubElement(parent, "text-style", attributes)
    families = ET.SubElement(node, "families")
    for family in FAMILIES[1:]:
        ET.SubElement(families, "family", name=family)
    halo = {"bufferDraw": opacity, "bufferSize": str(_HALO_MM), "bufferSizeUnits": "MM"}
    halo |= {"bufferColor": symbology.rgb(PAPER), "bufferOpacity": "0.85", "bufferJoinStyle": "128"}
    ET.SubElement(node, "text-buffer", halo)


def _placement(look: Look, lettering: Lettering) -> dict[str, str]:
    return {
        "placement": lettering.placement,
        "priority": str(lettering.priority),
        "predefinedPositionOrder": "R,L,TSR,BSR,TR,BR,TL,BL",
        "offsetType": "1" if lettering.placement == _ROUND_POINT else "0",
        "quadOffset": "4",
        "dist": "0.5",
        "distUnits": "MM",
        "placementFlags": "9",
        "polygonPlacementFlags": "2",
        "repeatDistance": "60" if look is Look.STREETS else "0",
        "repeatDistanceUnits": "MM",
        "maxCurvedCharAngleIn": "25",
        "maxCurvedCharAngleOut": "-25",
    }


def _rendering(look: Look, lettering: Lettering) -> dict[str, str]:
    return {
        "drawLabels": "1",
        "displayAll": "0",
        "obstacle": "01"[look is Look.PLACES],
        "obstacleFactor": "2",
        "mergeLines": "01"[look is Look.STREETS],
        "scaleVisibility": "01"[lettering.from_scale > 0],
        "scaleMin": "0",
        "scaleMax": str(lettering.from_scale),
        "zIndex": str(lettering.priority),
    }
