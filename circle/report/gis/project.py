"""A project for QGIS beside the GeoPackage: layers in groups, as the printed maps draw them.

Whatever a text says stays text: QGIS computes what stands in ``[% %]``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import shapely
from pyproj import CRS

from circle.i18n import in_language, t
from circle.maps.colours import UNGRADED
from circle.report.content.elements import LayerGroup, LayerView, Look
from circle.report.file_names import storable
from circle.report.gis import symbology
from circle.report.gis.geometries import KINDS
from circle.report.gis.labelling import add_labels
from circle.report.gis.print_layout import add_layout, view_of
from circle.report.print_map.canvas import SURROUNDINGS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from circle.report.content.elements import Layer, Report
    from circle.report.gis.symbology import Stroke

    Rule = tuple[str, str, list[Stroke]]
    """Its filter, its words and how it is drawn."""

VERSION = "3.22.0"
"""The oldest version of QGIS that this is for; newer ones read it too."""
_DRAWN = tuple(Look)
_GEOMETRY = {"points": "Point", "lines": "Line", "polygons": "Polygon"}


@dataclass(frozen=True, eq=False)
class _Shown:
    """A view of a layer with its id in the project and where it is read from."""

    id: str
    view: LayerView
    source: str


def project(report: Report, database: str) -> bytes:
    """Return a project of a report's layers.

    Parameters
    ----------
    report
        Whose `project` says what is shown.
    database
        Name of the GeoPackage beside it.
    """
    with in_language(report.choice.language):
        root = ET.Element("qgis", version=VERSION, projectname=plain(report.imprint.title))
        ET.SubElement(root, "title").text = plain(report.imprint.title)
        _system(ET.SubElement(root, "projectCrs"), report.district.crs)
        tree = ET.SubElement(root, "layer-tree-group")
        shown: list[_Shown] = []
        for member in report.project:
            _branch(tree, member, shown, database)
        _ordered(tree, shown)
        maps = ET.SubElement(root, "projectlayers")
        for one in shown:
            _map_layer(maps, one, report.imprint.crs)
        _settings(root, report)
        add_layout(ET.SubElement(root, "Layouts"), report, plain)
    doctype = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
    return (doctype + ET.tostring(root, encoding="unicode") + "\n").encode()


def plain(text: str) -> str:
    """Return a text in which QGIS finds nothing to compute."""
    return storable(text).replace("[%", "[ %")


def _branch(
    parent: ET.Element, member: LayerGroup | LayerView, shown: list[_Shown], database: str
) -> None:
    """Add a member to the tree of layers, and its views to `shown`."""
    checked = "Qt::Checked" if member.on else "Qt::Unchecked"
    if isinstance(member, LayerGroup):
        attributes = {"name": plain(member.title), "checked": checked, "expanded": "01"[member.on]}
        if member.exclusive:
            first = next((row for row, one in enumerate(member.members) if one.on), -1)
            attributes |= {"mutually-exclusive": "1", "mutually-exclusive-child": str(first)}
        group = ET.SubElement(parent, "layer-tree-group", attributes)
        if member.exclusive:
            _custom(group, {"legend/title-style": "hidden"})
        for inner in member.members:
            _branch(group, inner, shown, database)
        return
    where = symbology.expression(member.where)
    source = f"./{database}|layername={member.layer.id}" + (f"|subset={where}" if where else "")
    id_ = f"view-{len(shown) + 1:03d}-{member.layer.id}"  # ids of up to 10 characters are replaced
    one = _Shown(id_, member, source)
    shown.append(one)
    attributes = {"id": one.id, "name": plain(member.title), "checked": checked, "expanded": "0"}
    ET.SubElement(parent, "layer-tree-layer", attributes, source=source, providerKey="ogr")


def _ordered(tree: ET.Element, shown: Iterable[_Shown]) -> None:
    """Add the order that layers are drawn in, whatever group they are of: the last look on top."""
    order = ET.SubElement(tree, "custom-order", enabled="1")
    for one in sorted(shown, key=lambda one: -_DRAWN.index(one.view.layer.look)):
        ET.SubElement(order, "item").text = one.id


def _map_layer(parent: ET.Element, shown: _Shown, crs: str) -> None:
    """Add a layer: where it is read from, how it is drawn and labelled."""
    view = shown.view
    kind = KINDS[shapely.get_dimensions(view.layer.frame.geometry.to_numpy()).max()]
    attributes = {"type": "vector", "geometry": _GEOMETRY[kind]}
    attributes |= {"labelsEnabled": "01"[bool(view.label)], "styleCategories": "AllStyleCategories"}
    layer = ET.SubElement(parent, "maplayer", attributes)
    for tag, text in (("id", shown.id), ("datasource", shown.source)):
        ET.SubElement(layer, tag).text = text
    ET.SubElement(layer, "layername").text = plain(view.title)
    _system(ET.SubElement(layer, "srs"), crs)
    ET.SubElement(layer, "provider", encoding="UTF-8").text = "ogr"
    _renderer(layer, view, kind)
    if view.label:
        add_labels(layer, view)
    _aliases(layer, view.layer)


def _renderer(parent: ET.Element, view: LayerView, kind: str) -> None:
    if view.layer.look is Look.CATCHMENT:  # those of several places as one
        parent = _add_renderer(parent, "mergedFeatureRenderer")
    rules = list(_rules(view, kind))
    if len(rules) == 1:
        single = _add_renderer(parent, "singleSymbol")
        symbols = ET.SubElement(single, "symbols")
        symbology.add_symbol(symbols, "0", symbology.TYPES[kind], rules[0][2])
        return
    renderer = _add_renderer(parent, "RuleRenderer")
    listed = ET.SubElement(renderer, "rules", key="{rules}")
    symbols = ET.SubElement(renderer, "symbols")
    for row, (condition, label, strokes) in enumerate(rules):
        name = str(row)
        attributes = {"key": f"{{rule-{name}}}", "symbol": name, "label": plain(label)}
        ET.SubElement(listed, "rule", attributes, filter=condition)
        symbology.add_symbol(symbols, name, symbology.TYPES[kind], strokes)


def _add_renderer(parent: ET.Element, type_: str) -> ET.Element:
    attributes = {"type": type_, "symbollevels": "0", "enableorderby": "0", "forceraster": "0"}
    return ET.SubElement(parent, "renderer-v2", attributes)


def _rules(view: LayerView, kind: str) -> Iterator[Rule]:
    """Return how the features of a view are drawn; one rule is for all of them."""
    layer, look = view.layer, view.layer.look
    if look is Look.PEOPLE and view.classes:
        for class_ in view.classes:
            condition = symbology.expression(class_.conditions)
            yield condition, class_.grade.text, symbology.people(class_.grade)
    elif look is Look.PLACES:
        known = next((str(c.value) for c in view.where if c.column == layer.colour), "")
        verified, unverified = layer.signs[known]
        title = layer.labels.get(known, view.title)
        sure = layer.frame.loc[layer.frame[layer.colour].eq(known), "verified"]
        if sure.any():
            yield '"verified"', title, symbology.sign(look, verified)
        if not sure.all():
            words = t("project.unverified", name=title)
            yield 'NOT "verified"', words, symbology.sign(look, unverified)
    elif look is Look.CATCHMENT:
        yield "", view.title, symbology.catchment(view.colours)
    else:
        colour = next(iter(layer.palette.values()), UNGRADED)
        yield "", view.title, symbology.strokes_of(layer, kind, "", colour)


def _aliases(parent: ET.Element, layer: Layer) -> None:
    """Add what each column means, which QGIS shows in place of its name."""
    aliases = ET.SubElement(parent, "aliases")
    columns = [name for name in layer.frame.columns if name != layer.frame.geometry.name]
    for row, column in enumerate(columns, start=1):
        meaning = plain(layer.columns.get(column, ""))
        ET.SubElement(aliases, "alias", field=column, index=str(row), name=meaning)


def _settings(root: ET.Element, report: Report) -> None:
    """Add paths as relative ones, the ground's colour, the first view and who made it when."""
    properties = ET.SubElement(root, "properties")
    ET.SubElement(ET.SubElement(properties, "Paths"), "Absolute", type="bool").text = "false"
    system = ET.SubElement(properties, "SpatialRefSys")
    ET.SubElement(system, "ProjectionsEnabled", type="int").text = "1"
    gui = ET.SubElement(properties, "Gui")
    for at, part in enumerate(("Red", "Green", "Blue")):
        level = symbology.rgb(SURROUNDINGS).split(",")[at]
        ET.SubElement(gui, f"CanvasColor{part}Part", type="int").text = level
    view = ET.SubElement(root, "ProjectViewSettings", UseProjectScales="0")
    west, south, east, north = view_of(report).bounds
    bounds = {"xmin": west, "ymin": south, "xmax": east, "ymax": north}
    extent = ET.SubElement(
        view, "DefaultViewExtent", {name: f"{value:.3f}" for name, value in bounds.items()}
    )
    _system(extent, report.district.crs)
    about = ET.SubElement(root, "projectMetadata")
    imprint = report.imprint
    for tag, text in (
        ("title", f"{imprint.title} {imprint.subtitle}"),
        ("abstract", f"{imprint.caution} {imprint.sources}"),
        ("author", imprint.issuer),
        ("creation", f"{imprint.made:%Y-%m-%dT%H:%M:%S}"),
    ):
        ET.SubElement(about, tag).text = plain(text)


def _system(parent: ET.Element, crs: str) -> None:
    system = ET.SubElement(parent, "spatialrefsys", nativeFormat="Wkt")
    ET.SubElement(system, "wkt").text = CRS(crs).to_wkt()
    ET.SubElement(system, "authid").text = crs


def _custom(parent: ET.Element, values: dict[str, str]) -> None:
    whole = ET.SubElement(ET.SubElement(parent, "customproperties"), "Option", type="Map")
    for name, value in values.items():
        ET.SubElement(whole, "Option", name=name, value=value, type="QString")
