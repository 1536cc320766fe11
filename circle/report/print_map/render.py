"""Maps for print: drawn on a sheet, its texts set around them; as SVG and as PNG.

A map is drawn in metres of the district's own system on a sheet measured in
millimetres. Text is drawn as outlines: whoever reads a file needs no Chinese font, so
that no character can turn into a box; title and description of a file are text.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import typst

from circle.i18n import in_language
from circle.report import fonts
from circle.report.print_map import thematic
from circle.report.print_map.basemap import View, draw_basemap, fitted
from circle.report.print_map.canvas import Canvas
from circle.report.print_map.graticule import (
    NEATLINE_MM,
    draw_frame,
    draw_graticule,
    draw_north,
    draw_scale,
)
from circle.report.print_map.legend_groups import legend
from circle.report.print_map.printed_labels import Placement, draw_labels
from circle.report.print_map.printed_symbols import Spot
from circle.report.print_map.surround import DETAIL, INLINE, SHEETS, Sheet, set_texts
from circle.report.printable import one_line

if TYPE_CHECKING:
    from circle.report.content.elements import Map, Report
    from circle.report.print_map.legend_groups import Group
    from circle.report.print_map.surround import Surround

__all__ = ["DETAIL", "INLINE", "SHEETS", "Picture", "PrintMap", "Sheet", "draw", "picture", "png"]

_PAGE = b"""#set page(width: auto, height: auto, margin: 0pt)
#image(bytes(sys.inputs.map), format: "svg")"""
_KEPT, _NOTHING = 11, b""
"""Typst keeps pixels until so many later compilations have had no use for them: 70 MB of a
sheet A3, which nobody asks for again."""
_MM_PER_INCH, _IHDR_END = 25.4, 33


@dataclass(frozen=True, slots=True)
class PrintMap:
    """A map on its sheet.

    Attributes
    ----------
    svg
        The file; equal maps have equal bytes.
    title, alt
        What it is called and what is seen on it.
    view
        Where and at which scale the map stands on the sheet.
    """

    svg: bytes
    title: str
    alt: str
    view: View


@dataclass(frozen=True, slots=True)
class Picture:
    """A map as files take it: for Word as PNG, for PDF as SVG, and as sheets of both."""

    png: bytes
    svg: bytes


@dataclass(frozen=True, slots=True)
class Layout:
    """What stands around a map, and where the map stands between it.

    Attributes
    ----------
    sheet
        What it is drawn on.
    groups
        The legend.
    around
        The texts, set.
    view
        Where and at which scale the map stands.
    """

    sheet: Sheet
    groups: list[Group]
    around: Surround
    view: View


def draw(
    report: Report, shown: Map, sheet: Sheet | None = None, layout: Layout | None = None
) -> PrintMap:
    """Return a map on its sheet, in the report's language.

    Parameters
    ----------
    report
        Whose imprint stands around it.
    shown
        What is drawn.
    sheet
        On what; by default as a picture in a document.
    layout
        That of `laid_out`, where it was made before.

    Raises
    ------
    FontError
        When this machine has no font that prints Chinese.
    """
    layout = layout or laid_out(report, shown, sheet)
    sheet, groups, around, view = layout.sheet, layout.groups, layout.around, layout.view
    with in_language(report.choice.language):
        canvas = Canvas(sheet.size_mm, view.frame)
        _draw_map(canvas, report, shown, view)
        draw_frame(canvas, view, double=not sheet.inline)
        if not sheet.inline:
            draw_graticule(canvas, view, report.district.crs)
        draw_scale(canvas, view, around.scale, ratio=not sheet.inline)
        draw_north(canvas, view, around.scale, report.district.crs)
        for (group, entry), (box, size) in around.samples.items():
            groups[group].entries[entry].draw(canvas, Spot(*box.middle, size))
    title, alt = one_line(shown.title), one_line(shown.alt)
    return PrintMap(canvas.svg(title, alt, around.svg).encode(), title, alt, view)


def laid_out(report: Report, shown: Map, sheet: Sheet | None = None) -> Layout:
    """Return legend and texts of a map, and where it stands between them.

    The legend of a picture in a document tells of what is in its frame alone: this is
    known when the texts have been set once. Most of it runs beside Python.
    """
    sheet = sheet or (DETAIL if shown.detail else INLINE)
    with in_language(report.choice.language):
        groups = [] if sheet.inline else legend(report.district, shown, sheet.size)
        around = set_texts(report, shown, sheet, groups)
        frame = around.frame if sheet.inline else around.frame.inset(NEATLINE_MM * sheet.size)
        view = fitted(shown.bounds, frame, sheet.size, round_scale=not sheet.inline)
        groups = legend(report.district, shown, view.dots, view.bounds if sheet.inline else None)
        if sheet.inline:
            around = set_texts(report, shown, sheet, groups)
    return Layout(sheet, groups, around, view)


def png(drawn: PrintMap, dpi: int = 300) -> bytes:
    """Return a map of `draw` as PNG, the same bytes each time."""
    inputs = {"map": drawn.svg.decode()}
    made = typst.compile(
        _PAGE, format="png", ppi=dpi, font_paths=fonts.for_typst(), sys_inputs=inputs
    )
    for _ in range(_KEPT):
        typst.compile(_NOTHING, font_paths=fonts.for_typst(), format="svg")
    per_metre = round(dpi * 1000 / _MM_PER_INCH)
    about = _chunk(b"pHYs", struct.pack(">IIB", per_metre, per_metre, 1))
    for key, text in (("Title", drawn.title), ("Description", drawn.alt)):
        about += _chunk(b"iTXt", key.encode() + bytes(5) + text.encode())
    return made[:_IHDR_END] + about + made[_IHDR_END:]


def picture(drawn: PrintMap, dpi: int | None) -> Picture:
    """Return a map of `draw` in both forms; without pixels where `dpi` is None.

    All of it runs beside Python, so that a thread can paint while others work.
    """
    return Picture(b"" if dpi is None else png(drawn, dpi), drawn.svg)


def _draw_map(canvas: Canvas, report: Report, shown: Map, view: View) -> None:
    """Draw what stands in the frame."""
    district = report.district
    draw_basemap(canvas, district, view)
    thematic.draw_bands(canvas, shown, view)
    grounds = thematic.draw_zones(canvas, shown, view)
    thematic.draw_people(canvas, shown, view)
    if shown.roads:
        thematic.draw_roads(canvas, district, view)
    if shown.heritage:
        thematic.draw_heritage(canvas, district, view)
    spots = thematic.draw_facilities(canvas, district, shown, view)
    draw_labels(canvas, district, shown, Placement(view, district, shown), (spots, grounds))


def _chunk(kind: bytes, data: bytes) -> bytes:
    """Return a chunk of a PNG file."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
