"""Maps for print: the sheet, its frame and all that stands around it.

A map is drawn in metres of the district's own system on a sheet measured in
millimetres. The legend stands beside or below the frame and never on the map.
Text is drawn as outlines: whoever reads a file needs no Chinese font, so that no
sign can turn into a box; title and description of a file are text.
"""

from __future__ import annotations

import io
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

import matplotlib as mpl
import numpy as np
from matplotlib.backend_bases import FigureCanvasBase
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from circle.i18n import in_language
from circle.report import drawing, legend, marginalia
from circle.report.ground import View, draw_ground
from circle.report.layout import DETAIL, INLINE, SHEETS, Sheet, plan
from circle.report.lettering import Board, letter
from circle.report.page import Page, Print
from circle.report.printable import one_line

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from circle.report.content.elements import Map, Report

__all__ = ["DETAIL", "INLINE", "SHEETS", "Picture", "Sheet", "draw", "picture", "png", "svg"]

_COMPRESSION = 1
"""Of PNG: more packs little better and takes twice as long."""
_SALT = "circle"
_settings = threading.Lock()
"""matplotlib's settings of SVG files are the process's own."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A map as documents take it: for Word as PNG, for PDF as SVG."""

    png: bytes
    svg: bytes


def draw(report: Report, shown: Map, sheet: Sheet | None = None) -> Print:
    """Return a map on its sheet, in the report's language.

    Parameters
    ----------
    report
        Whose imprint stands around it.
    shown
        What is drawn.
    sheet
        On what; by default as a picture in a document.

    Raises
    ------
    FontError
        When this machine has no font that prints Chinese.
    """
    sheet = sheet or (DETAIL if shown.detail else INLINE)
    page = Page(sheet.size_mm)
    page.figure.title, page.figure.alt = one_line(shown.title), one_line(shown.alt)
    with in_language(report.choice.language):
        planned = plan(report, shown, sheet)
        view = planned.view
        if planned.title is not None:
            marginalia.graticule(page, view, report.district.crs)
            marginalia.title(page, report, shown, planned.title, view.size)
        _map(page, report, shown, view)
        marginalia.frame(page, view, double=not sheet.inline)
        seen = view.bounds if sheet.inline else None
        found = legend.groups(report.district, shown, view.dots, seen)
        note = "" if sheet.inline else shown.note
        legend.draw(page, planned, found, note, headed=not sheet.inline)
        marginalia.scale_and_north(
            page, view, report.district.crs, planned.scale, ratio=not sheet.inline
        )
        marginalia.write_foot(page, planned.foot, planned.sides, view.size)
    return page.finished()


def png(figure: Figure, dpi: int = 300) -> bytes:
    """Return a figure of `draw` as PNG, the same bytes each time."""
    canvas = FigureCanvasAgg(figure)
    before = figure.dpi
    try:
        figure.set_dpi(dpi)
        canvas.draw()  # type: ignore[no-untyped-call]
    finally:
        figure.set_dpi(before)
    drawn = np.asarray(canvas.buffer_rgba())  # type: ignore[no-untyped-call]
    picture = Image.fromarray(drawn).convert("RGB")
    FigureCanvasBase(figure)  # lets go of the pixels
    said = PngInfo()
    if isinstance(figure, Print):
        said.add_itxt("Title", figure.title)
        said.add_itxt("Description", figure.alt)
    out = io.BytesIO()
    picture.save(out, "PNG", dpi=(dpi, dpi), pnginfo=said, compress_level=_COMPRESSION)
    return out.getvalue()


def svg(figure: Figure, title: str = "") -> bytes:
    """Return a figure of `draw` as SVG, the same bytes each time.

    Parameters
    ----------
    figure
        The figure; what is seen on it is told in the file's description.
    title
        The file's title; by default the map's.
    """
    out = io.BytesIO()
    FigureCanvasSVG(figure)
    named = one_line(title) or (figure.title if isinstance(figure, Print) else "")
    about: dict[str, Any] = {"Date": None, "Creator": None, "Format": None, "Type": None}
    with _settings, mpl.rc_context({"svg.hashsalt": _SALT}):
        figure.savefig(out, format="svg", metadata=about)
    head = f"<title>{escape(named)}</title>"
    if isinstance(figure, Print):
        head += f"<desc>{escape(figure.alt)}</desc>"
    start, first, rest = out.getvalue().partition(b" <defs>")
    return start + head.encode() + b"\n" + first + rest


def picture(report: Report, shown: Map, dpi: int = 170) -> Picture:
    """Return a map as a picture for a document."""
    figure = draw(report, shown)
    return Picture(png(figure, dpi), svg(figure, shown.title))


def _map(page: Page, report: Report, shown: Map, view: View) -> None:
    """Draw what stands in the frame."""
    district = report.district
    draw_ground(page, district, view)
    drawing.draw_bands(page, shown, view)
    grounds = drawing.draw_zones(page, shown, view)
    drawing.draw_people(page, shown, view)
    if shown.roads:
        drawing.draw_roads(page, district, view)
    if shown.heritage:
        drawing.draw_heritage(page, district, view)
    signs = drawing.draw_places(page, district, shown, view)
    letter(page, district, shown, Board(view, district, shown), (signs, grounds))
