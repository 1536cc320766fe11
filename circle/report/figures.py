"""Maps for print: the sheet, its frame and all that stands in its margin.

A map is drawn in metres of the district's own system on a sheet measured in
millimetres. Text is drawn as outlines, so that no reader lacks a font.
"""

from __future__ import annotations

import io
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from circle.i18n import in_language, t
from circle.report import ground, marginalia
from circle.report.drawing import draw_map
from circle.report.typesetting import MM_PER_INCH, mm_axes, put

if TYPE_CHECKING:
    from circle.report.parts import Map, Report

_PAPERS = {"a4": (210.0, 297.0), "a3": (297.0, 420.0)}
_MARGIN_MM, _TITLE_MM, _FOOT_MM = 10.0, 13.0, 16.0
_PANEL_MM, _PANEL_LOW_MM = 62.0, 74.0
_GAP_MM = 3.0
_PICTURES_MM = {"inline": (165.0, 108.0), "detail": (165.0, 80.0)}
_INLINE_PANEL_MM = 47.0
_SALT = "circle"
_settings = threading.Lock()
"""matplotlib's settings of SVG files are the process's own."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a map is printed on.

    Attributes
    ----------
    paper
        ``a4``, ``a3``; or ``inline`` and, lower, ``detail``: pictures in a
        document, whose title and sources the document tells.
    landscape
        Whether it lies on its long side; then the legend stands at its right,
        else below.
    """

    paper: str = "a4"
    landscape: bool = True

    @property
    def inline(self) -> bool:
        """Whether it stands in a document."""
        return self.paper in _PICTURES_MM

    @property
    def size_mm(self) -> tuple[float, float]:
        """Width and height."""
        if self.inline:
            return _PICTURES_MM[self.paper]
        short, long = _PAPERS[self.paper]
        return (long, short) if self.landscape else (short, long)


INLINE, DETAIL = Sheet("inline"), Sheet("detail")
SHEETS = tuple(Sheet(paper, lying) for paper in _PAPERS for lying in (True, False))


def draw(report: Report, shown: Map, sheet: Sheet | None = None) -> Figure:
    """Return a map on its sheet.

    Parameters
    ----------
    report
        Whose imprint stands in the margin.
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
    wide, high = sheet.size_mm
    figure = Figure((wide / MM_PER_INCH, high / MM_PER_INCH), facecolor="white")
    frame, panel = _places(sheet)
    with in_language(report.choice.language):
        axes = mm_axes(figure, frame)
        draw_map(axes, report, shown, frame, inline=sheet.inline)
        if not sheet.inline:
            marginalia.graticule(axes, report.district.crs)
        side = mm_axes(figure, panel, own_units=True)
        marginalia.panel(side, report, shown, panel, frame_axes=axes, inline=sheet.inline)
        if not sheet.inline:
            _title(figure, report, shown, sheet)
            _foot(figure, report, sheet)
    figure.set_label(shown.alt)
    return figure


def png(figure: Figure, dpi: int = 300) -> bytes:
    """Return a figure as PNG, the same bytes each time."""
    out = io.BytesIO()
    FigureCanvasAgg(figure)
    figure.savefig(
        out, format="png", dpi=dpi, metadata={"Software": None}, pil_kwargs={"compress_level": 2}
    )
    return out.getvalue()


def svg(figure: Figure, title: str = "") -> bytes:
    """Return a figure as SVG, the same bytes each time."""
    out = io.BytesIO()
    FigureCanvasSVG(figure)
    about = {"Date": None, "Creator": None, "Title": title or None}
    about["Description"] = str(figure.get_label()) or None
    with _settings, mpl.rc_context({"svg.hashsalt": _SALT, "svg.fonttype": "path"}):
        figure.savefig(out, format="svg", metadata=about)
    return out.getvalue()


@dataclass(frozen=True, slots=True)
class Picture:
    """A map as documents take it: for Word as PNG, for PDF as SVG."""

    png: bytes
    svg: bytes


def picture(report: Report, shown: Map, dpi: int = 200) -> Picture:
    """Return a map as a picture for a document."""
    figure = draw(report, shown)
    return Picture(png(figure, dpi), svg(figure, shown.title))


Box = tuple[float, float, float, float]
"""Left, bottom, width, height, millimetres."""


def _places(sheet: Sheet) -> tuple[Box, Box]:
    """Return where the map and its panel stand."""
    wide, high = sheet.size_mm
    if sheet.inline:
        edge = 0.4
        panel = (wide - _INLINE_PANEL_MM, edge, _INLINE_PANEL_MM, high - 2 * edge)
        return (edge, edge, wide - _INLINE_PANEL_MM - 2 * edge, high - 2 * edge), panel
    low, tall = _MARGIN_MM + _FOOT_MM, high - 2 * _MARGIN_MM - _TITLE_MM - _FOOT_MM
    across = wide - 2 * _MARGIN_MM
    if sheet.landscape:
        panel = (wide - _MARGIN_MM - _PANEL_MM, low, _PANEL_MM, tall)
        return (_MARGIN_MM, low, across - _PANEL_MM - _GAP_MM, tall), panel
    panel = (_MARGIN_MM, low, across, _PANEL_LOW_MM)
    above = _PANEL_LOW_MM + _GAP_MM
    return (_MARGIN_MM, low + above, across, tall - above), panel


def _title(figure: Figure, report: Report, shown: Map, sheet: Sheet) -> None:
    wide, high = sheet.size_mm
    top = high - _MARGIN_MM
    across = wide - 2 * _MARGIN_MM
    axes = mm_axes(figure, (_MARGIN_MM, top - _TITLE_MM, across, _TITLE_MM), own_units=True)
    put(axes, shown.title, 0, _TITLE_MM - 0.5, 5.2, across * 0.78, bold=True, lines=1)
    under = f"{report.imprint.district} · {report.imprint.subtitle}"
    put(axes, under, 0, _TITLE_MM - 7.6, 3.0, across * 0.78, colour=ground.QUIET, lines=1)
    put(
        axes, report.imprint.issuer, across, _TITLE_MM - 1.6, 3.2, across * 0.2, align="right",
        lines=1,
    )  # fmt: skip


def _foot(figure: Figure, report: Report, sheet: Sheet) -> None:
    """Write CRS, dates, map number and sources below the map."""
    imprint = report.imprint
    across = sheet.size_mm[0] - 2 * _MARGIN_MM
    axes = mm_axes(figure, (_MARGIN_MM, _MARGIN_MM - 3, across, _FOOT_MM), own_units=True)
    first = " · ".join(
        (
            t("plate.crs", crs=imprint.map_crs),
            t("plate.observed", date=imprint.observed),
            t("plate.made", date=imprint.made.strftime("%Y-%m-%d")),
            t("plate.number", number=imprint.map_number),
        )
    )
    y = _FOOT_MM - 1.5
    y -= put(axes, first, 0, y, 2.3, across, colour=ground.QUIET, lines=2) + 0.6
    y -= put(axes, imprint.caution, 0, y, 2.3, across, colour=ground.INK, lines=1) + 0.6
    put(axes, imprint.sources, 0, y, 2.1, across, colour=ground.QUIET, lines=2)
