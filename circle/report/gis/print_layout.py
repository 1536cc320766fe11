"""The sheet in a project for QGIS: title, map, legend, scale, north and sources."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from xml.etree import ElementTree as ET

from circle.i18n import t
from circle.report.fonts import FAMILIES
from circle.report.gis import symbology
from circle.report.gis.symbology import Stroke
from circle.report.print_map.basemap import fitted
from circle.report.print_map.canvas import INK, QUIET, SURROUNDINGS, WHITE, Box
from circle.report.print_map.graticule import scale_length
from circle.report.print_map.surround import Sheet

if TYPE_CHECKING:
    from collections.abc import Callable

    from circle.report.content.elements import Report
    from circle.report.print_map.basemap import View

_AROUND_M = 150.0
_MARGIN_MM, _HEAD_MM, _SIDE_MM, _BELOW_MM = 10.0, 15.0, 61.0, 70.0
_GAP_MM, _BAR_MM, _NORTH_MM = 3.0, 48.0, 15.0
_FOOT_MM = {True: 16.0, False: 24.0}
"""Room for the sources, on a sheet that lies on its long side and on one that stands."""
_MAP = "{map}"
_PAGE, _MAP_ITEM, _PICTURE, _LABEL, _LEGEND, _SCALE = (
    "65638", "65639", "65640", "65641", "65642", "65646",
)  # fmt: skip
_POINTS = 72 / 25.4
_LEGEND_MM = {"title": 3.6, "group": 3.2, "subgroup": 2.8, "symbol": 2.5, "symbolLabel": 2.5}
_BAR_PARTS = 2
_NORTH = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="60" viewBox="0 0 40 60">'
    '<path d="M20 16L32 58L20 48L8 58Z" fill="{paper}" stroke="{ink}" stroke-width="1.6"/>'
    '<path d="M20 16L32 58L20 48Z" fill="{ink}"/>'
    '<text x="20" y="12" text-anchor="middle" font-size="13" font-weight="700" fill="{ink}">'
    "{north}</text></svg>"
)


class Rect(NamedTuple):
    """Where something stands, millimetres from the upper left corner of the sheet."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Its right side."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """Its lower side."""
        return self.top + self.height


def view_of(report: Report) -> View:
    """Return where and at which scale the map stands on the sheet."""
    west, south, east, north = report.district.boundary.bounds
    bounds = west - _AROUND_M, south - _AROUND_M, east + _AROUND_M, north + _AROUND_M
    sheet = _sheet(report)
    return fitted(bounds, Box(*_frame(sheet)), sheet.size, round_scale=True)


def add_layout(parent: ET.Element, report: Report, plain: Callable[[str], str]) -> None:
    """Add the sheet of a report.

    Parameters
    ----------
    parent
        What holds the layouts of a project.
    report
        Whose imprint stands around the map.
    plain
        Makes a text one in which nothing is computed.
    """
    sheet, imprint = _sheet(report), report.imprint
    name = t("project.layout", size=sheet.paper.removeprefix("a"))
    layout = ET.SubElement(parent, "Layout", name=name, units="mm", printResolution="300")
    pages = ET.SubElement(layout, "PageCollection")
    symbology.add_symbol(pages, "", "fill", [Stroke("SimpleFill", {"color": symbology.rgb(WHITE)})])
    _item(pages, _PAGE, "page", Rect(0, 0, *sheet.size_mm))
    size, frame, side, foot = sheet.size, _frame(sheet), _side(sheet), _foot(sheet)
    title = Rect(_MARGIN_MM, _MARGIN_MM - 2, foot.width, 8 * size)
    about = Rect(_MARGIN_MM, title.bottom, foot.width, 5 * size)
    _label(layout, "title", plain(imprint.title), title, 5.0 * size)
    _label(layout, "about", plain(f"{imprint.district} · {imprint.subtitle}"), about, 3.0 * size)
    _label(layout, "source", plain("\n".join(_said(report))), foot, 2.2 * size, QUIET)
    _map(layout, frame, view_of(report))
    _legend(layout, side, size, 1 if sheet.landscape else 2)
    low = side.bottom - _NORTH_MM * size
    _scale(layout, Rect(side.left, low + 5 * size, _BAR_MM * size, 9 * size), view_of(report), size)
    _north(layout, Rect(side.right - 11 * size, low, 10 * size, _NORTH_MM * size))


def _sheet(report: Report) -> Sheet:
    return Sheet(report.choice.paper, report.choice.landscape)


def _foot(sheet: Sheet) -> Rect:
    """Return where the sources stand."""
    wide, high = sheet.size_mm
    room = _FOOT_MM[sheet.landscape] * sheet.size
    return Rect(_MARGIN_MM, high - _MARGIN_MM - room, wide - 2 * _MARGIN_MM, room)


def _frame(sheet: Sheet) -> Rect:
    """Return where the map stands."""
    foot, top = _foot(sheet), _MARGIN_MM + _HEAD_MM * sheet.size
    right, below = (_SIDE_MM, 0.0) if sheet.landscape else (0.0, _BELOW_MM)
    width, height = foot.width - right * sheet.size, foot.top - _GAP_MM - top - below * sheet.size
    return Rect(_MARGIN_MM, top, width, height)


def _side(sheet: Sheet) -> Rect:
    """Return where legend, scale and north stand: at the right of the map, or below it."""
    foot, frame = _foot(sheet), _frame(sheet)
    low = foot.top - _GAP_MM
    if sheet.landscape:
        left = frame.right + _GAP_MM
        return Rect(left, frame.top, foot.right - left, low - frame.top)
    top = frame.bottom + _GAP_MM
    return Rect(_MARGIN_MM, top, foot.width, low - top)


def _said(report: Report) -> tuple[str, ...]:
    """Return what stands below the map."""
    imprint = report.imprint
    made = t("plate.made", date=f"{imprint.made:%Y-%m-%d}", version=imprint.version)
    facts = (
        t("plate.issuer", issuer=imprint.issuer),
        t("plate.observed", date=imprint.observed),
        made,
        t("plate.number", number=imprint.map_number),
        f"{t('datafiles.map_crs')}{t('unit.colon')}{imprint.map_crs}",
    )
    return imprint.caution, imprint.sources, t("unit.semicolon").join(facts)


def _item(parent: ET.Element, type_: str, id_: str, box: Rect, **more: str) -> ET.Element:
    """Add an item of a layout."""
    at, size = f"{box.left:.2f},{box.top:.2f},mm", f"{box.width:.2f},{box.height:.2f},mm"
    attributes = {
        "type": type_,
        "id": id_,
        "uuid": f"{{{id_}}}",
        "templateUuid": f"{{{id_}}}",
        "position": at,
        "positionOnPage": at,
        "size": size,
        "visibility": "1",
        "referencePoint": "0",
        "opacity": "1",
        "frame": "false",
        "background": "false",
        "outlineWidthM": "0.2,mm",
    }
    item = ET.SubElement(parent, "LayoutItem", attributes | more)
    ET.SubElement(item, "FrameColor", _parts(INK))
    ET.SubElement(item, "BackgroundColor", _parts(SURROUNDINGS))
    return item


def _parts(colour: str) -> dict[str, str]:
    """Return a colour as layouts write it."""
    return dict(
        zip(("red", "green", "blue", "alpha"), symbology.rgb(colour).split(","), strict=True)
    )


def _map(layout: ET.Element, frame: Rect, view: View) -> None:
    more = {"frame": "true", "background": "true", "drawCanvasItems": "true", "mapRotation": "0"}
    item = _item(layout, _MAP_ITEM, "map", frame, **more)
    west, south, east, north = view.bounds
    bounds = {"xmin": west, "ymin": south, "xmax": east, "ymax": north}
    ET.SubElement(item, "Extent", {name: f"{value:.3f}" for name, value in bounds.items()})


def _label(
    layout: ET.Element, id_: str, text: str, box: Rect, size_mm: float, colour: str = INK
) -> None:
    more = {"labelText": text, "halign": "1", "valign": "32", "marginX": "0", "marginY": "0"}
    item = _item(layout, _LABEL, id_, box, **more)
    ET.SubElement(item, "LabelFont", description=_font(size_mm, bold=id_ == "title"), style="")
    ET.SubElement(item, "FontColor", _parts(colour))


def _legend(layout: ET.Element, box: Rect, size: float, columns: int) -> None:
    more = {
        "title": t("legend.title"),
        "map_uuid": _MAP,
        "legendFilterByMap": "1",
        "resizeToContents": "1",
        "columnCount": str(columns),
        "splitLayer": "0",
        "symbolWidth": f"{6 * size:g}",
        "symbolHeight": f"{3.6 * size:g}",
        "boxSpace": "0",
        "columnSpace": "4",
        "lineSpacing": "0.8",
        "fontColor": INK,
        "titleAlignment": "1",
    }
    item = _item(layout, _LEGEND, "legend", box, **more)
    styles = ET.SubElement(item, "styles")
    for name, size_mm in _LEGEND_MM.items():
        margins = {"marginTop": "1.6"} if name != "title" else {"marginBottom": "1"}
        margins |= {"marginLeft": "2"} if name == "symbolLabel" else {}
        attributes = {"name": name, "alignment": "1", "indent": "0"}
        style = ET.SubElement(styles, "style", attributes | margins)
        bold = name in {"title", "group"}
        ET.SubElement(style, "styleFont", description=_font(size_mm * size, bold=bold), style="")


def _scale(layout: ET.Element, box: Rect, view: View, size: float) -> None:
    metres = scale_length(view.metres_per_mm, box.width - 8 * size)
    more = {
        "mapUuid": _MAP,
        "style": "Double Box",
        "unitType": "meters",
        "unitLabel": t("map.metre"),
        "numUnitsPerSegment": f"{metres / _BAR_PARTS:g}",
        "numMapUnitsPerScaleBarUnit": "1",
        "numSegments": str(_BAR_PARTS),
        "numSegmentsLeft": "0",
        "segmentSizeMode": "0",
        "height": f"{1.6 * size:g}",
        "labelBarSpace": "1",
        "boxContentSpace": "0",
        "outlineWidth": "0.2",
    }
    item = _item(layout, _SCALE, "scale", box, **more)
    attributes = {"fontFamily": FAMILIES[0], "fontSize": f"{2.4 * size:g}", "fontSizeUnit": "MM"}
    ET.SubElement(item, "text-style", attributes | {"textColor": symbology.rgb(INK)})


def _north(layout: ET.Element, box: Rect) -> None:
    arrow = _NORTH.format(paper=WHITE, ink=INK, north=t("plate.north"))
    more = {"file": symbology.embedded(arrow), "mode": "0", "resizeMode": "0", "anchorPoint": "4"}
    _item(layout, _PICTURE, "north", box, mapUuid=_MAP, northMode="1", northOffset="0", **more)


def _font(size_mm: float, *, bold: bool) -> str:
    """Return a font as Qt writes it."""
    return f"{FAMILIES[0]},{size_mm * _POINTS:.1f},-1,5,{75 if bold else 50},0,0,0,0,0"
