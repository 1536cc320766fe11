"""Maps for print: the sheet, its frame and all that stands around it.

A map is drawn in metres of the district's own system on a sheet measured in
millimetres. The legend stands beside or below the frame and never on the map.
Text in SVG is drawn as outlines: whoever reads it needs no Chinese font, so that
no sign can turn into a box; title and description of the file are text.
"""

from __future__ import annotations

import io
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

import matplotlib as mpl
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from circle.i18n import in_language
from circle.report import drawing, legend, marginalia
from circle.report.ground import View, draw_ground, fitted
from circle.report.lettering import Board, letter
from circle.report.page import Box, Page, Print
from circle.report.plain import plain

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from circle.report.parts import Map, Report

_PAPERS = {"a4": (210.0, 297.0), "a3": (297.0, 420.0)}
_INLINE_MM = (165.0, 108.0)
_SIZES = {"a4": 1.0, "a3": 1.3, "inline": 0.86}
"""How large signs and texts are."""
_MARGIN_MM, _TITLE_MM, _GAP_MM = 10.0, 14.5, 4.5
_PANEL_MM, _INLINE_PANEL_MM = 58.0, 45.0
_COLUMNS = 3
_COMPRESSION = 3
_SALT = "circle"
_settings = threading.Lock()
"""matplotlib's settings of SVG files are the process's own."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a map is printed on.

    Attributes
    ----------
    paper
        ``a4``, ``a3``, or ``inline``: a picture in a document, whose title and
        sources the document tells.
    landscape
        Whether it lies on its long side; then the legend stands at its right,
        else below.
    """

    paper: str = "a4"
    landscape: bool = True

    @property
    def inline(self) -> bool:
        """Whether it stands in a document."""
        return self.paper == "inline"

    @property
    def size_mm(self) -> tuple[float, float]:
        """Width and height."""
        if self.inline:
            return _INLINE_MM
        short, long = _PAPERS[self.paper]
        return (long, short) if self.landscape else (short, long)

    @property
    def size(self) -> float:
        """How large signs and texts are, against those of A4."""
        return _SIZES[self.paper]


INLINE = Sheet("inline")
SHEETS = tuple(Sheet(paper, lying) for paper in _PAPERS for lying in (True, False))


@dataclass(frozen=True, slots=True)
class Picture:
    """A map as documents take it: for Word as PNG, for PDF as SVG."""

    png: bytes
    svg: bytes


def draw(report: Report, shown: Map, sheet: Sheet = INLINE) -> Print:
    """Return a map on its sheet, in the report's language.

    Parameters
    ----------
    report
        Whose imprint stands around it.
    shown
        What is drawn.
    sheet
        On what.

    Raises
    ------
    FontError
        When this machine has no font that prints Chinese.
    """
    page = Page(sheet.size_mm)
    page.figure.title, page.figure.alt = plain(shown.title), plain(shown.alt)
    with in_language(report.choice.language):
        if sheet.inline:
            view = _inline(page, report, shown, sheet)
        else:
            view = (_lying if sheet.landscape else _standing)(page, report, shown, sheet)
            marginalia.graticule(page, view, report.district.crs)
        _map(page, report, shown, view)
        marginalia.frame(page, view, double=not sheet.inline)
    return page.figure


def png(figure: Figure, dpi: int = 300) -> bytes:
    """Return a figure of `draw` as PNG, the same bytes each time."""
    canvas = FigureCanvasAgg(figure)
    before = figure.dpi
    figure.set_dpi(dpi)
    try:
        canvas.draw()
        picture = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
    finally:
        figure.set_dpi(before)
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
    named = plain(title) or (figure.title if isinstance(figure, Print) else "")
    about: dict[str, Any] = {"Date": None, "Creator": None, "Format": None, "Type": None}
    with _settings, mpl.rc_context({"svg.hashsalt": _SALT, "svg.fonttype": "path"}):
        figure.savefig(out, format="svg", metadata=about)
    head = f"<title>{escape(named)}</title>"
    if isinstance(figure, Print):
        head += f"<desc>{escape(figure.alt)}</desc>"
    start, first, rest = out.getvalue().partition(b" <defs>")
    return start + head.encode() + b"\n" + first + rest


def picture(report: Report, shown: Map, dpi: int = 200) -> Picture:
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


def _inline(page: Page, report: Report, shown: Map, sheet: Sheet) -> View:
    """Lay out a picture of a document: map at the left, legend, scale and north at the right."""
    wide, high = sheet.size_mm
    edge = 0.3
    frame = Box(edge, edge, wide - _INLINE_PANEL_MM - _GAP_MM, high - 2 * edge)
    view = fitted(shown.bounds, frame, sheet.size, round_scale=False)
    panel = Box(wide - _INLINE_PANEL_MM, edge, _INLINE_PANEL_MM, frame.height)
    _beside(page, report, shown, view, panel, inline=True)
    return view


def _lying(page: Page, report: Report, shown: Map, sheet: Sheet) -> View:
    """Lay out a sheet that lies: the legend at the right of the map."""
    (wide, high), size = sheet.size_mm, sheet.size
    panel_mm, gap, line = _PANEL_MM * size, _GAP_MM * size, marginalia.NEATLINE_MM * size
    across = wide - 2 * _MARGIN_MM
    left = across - panel_mm - gap
    lines = marginalia.foot(report, (left, panel_mm), size)
    low = _MARGIN_MM + marginalia.foot_mm(lines, size) + 2.0
    top = high - _MARGIN_MM - _TITLE_MM * size
    frame = Box(_MARGIN_MM, low, left, top - low).inset(line)
    view = fitted(shown.bounds, frame, size, round_scale=True)
    marginalia.title(page, report, shown, Box(_MARGIN_MM, top, across, _TITLE_MM * size), size)
    right = wide - _MARGIN_MM - panel_mm
    _beside(page, report, shown, view, Box(right, low, panel_mm, top - low))
    marginalia.write_foot(page, lines, (_MARGIN_MM, right, low - 2.0), size)
    return view


def _standing(page: Page, report: Report, shown: Map, sheet: Sheet) -> View:
    """Lay out a sheet that stands: the legend below the map, as high as it has to be."""
    (wide, high), size = sheet.size_mm, sheet.size
    gap, line = _GAP_MM * size, marginalia.NEATLINE_MM * size
    across = wide - 2 * _MARGIN_MM
    column = (across - (_COLUMNS - 1) * gap) / _COLUMNS
    sides = (across - column - gap, column)
    lines = marginalia.foot(report, sides, size)
    low = _MARGIN_MM + marginalia.foot_mm(lines, size) + 2.0
    groups = legend.groups(report, shown)
    columns, tall = legend.balanced(legend.rows(groups, shown.note, column, size), _COLUMNS - 1)
    tall = max(tall, marginalia.SCALE_MM * size)
    top = high - _MARGIN_MM - _TITLE_MM * size
    bottom = low + tall + gap
    frame = Box(_MARGIN_MM, bottom, across, top - bottom).inset(line)
    view = fitted(shown.bounds, frame, size, round_scale=True)
    marginalia.title(page, report, shown, Box(_MARGIN_MM, top, across, _TITLE_MM * size), size)
    for place, own in enumerate(columns):
        box = Box(_MARGIN_MM + place * (column + gap), low, column, tall)
        legend.draw_rows(page, own, box)
    right = wide - _MARGIN_MM - column
    corner = Box(right, low + tall - marginalia.SCALE_MM * size, column, marginalia.SCALE_MM * size)
    marginalia.scale_and_north(page, view, report.district.crs, corner, ratio=True)
    marginalia.write_foot(page, lines, (_MARGIN_MM, right, low - 2.0), size)
    return view


def _beside(  # noqa: PLR0913 - the map and its place
    page: Page, report: Report, shown: Map, view: View, box: Box, *, inline: bool = False
) -> None:
    """Draw legend, scale and north into a column beside the map."""
    low = marginalia.SCALE_MM * view.size
    above = Box(box.left, box.bottom + low, box.width, box.height - low)
    legend.draw_column(page, above, legend.groups(report, shown), "" if inline else shown.note, view.size)
    below = Box(box.left, box.bottom, box.width, low)
    marginalia.scale_and_north(page, view, report.district.crs, below, ratio=not inline)
