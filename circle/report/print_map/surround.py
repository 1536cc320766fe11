"""Where everything stands on a sheet: the map, its legend beside or below it, its margin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from circle.report import legend, marginalia
from circle.report.ground import View, fitted
from circle.report.page import Box

if TYPE_CHECKING:
    from circle.report.parts import Map, Report

_PAPERS = {"a4": (210.0, 297.0), "a3": (297.0, 420.0)}
_PICTURES_MM = {"inline": (165.0, 108.0), "detail": (165.0, 80.0)}
_SIZES = {"a4": 1.0, "a3": 1.3, "inline": 0.86, "detail": 0.8}
"""How large signs and texts are."""
_MARGIN_MM, _EDGE_MM = 10.0, 0.3
_TITLE_MM, _PANEL_MM, _GAP_MM, _FOOT_GAP_MM = 13.0, 58.0, 4.5, 2.0
_INLINE_PANEL_MM = 45.0
_COLUMNS = 3


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

    @property
    def size(self) -> float:
        """How large signs and texts are, against those of A4."""
        return _SIZES[self.paper]


INLINE, DETAIL = Sheet("inline"), Sheet("detail")
SHEETS = tuple(Sheet(paper, lying) for paper in _PAPERS for lying in (True, False))


@dataclass(frozen=True, slots=True)
class Plan:
    """What stands where, millimetres.

    Attributes
    ----------
    view
        The map in its frame.
    legend, columns
        Where the legend stands, in how many columns.
    scale
        Where scale bar and north arrow stand.
    title
        Where the title stands; None in a document.
    foot, sides
        Lines below the map at the left and at the right, and where these begin.
    """

    view: View
    legend: Box
    columns: int
    scale: Box
    title: Box | None = None
    foot: marginalia.Foot = ((), ())
    sides: tuple[float, float, float] = (0.0, 0.0, 0.0)


def plan(report: Report, shown: Map, sheet: Sheet) -> Plan:
    """Return where everything of a map stands on a sheet."""
    if sheet.inline:
        return _picture(shown, sheet)
    return (_lying if sheet.landscape else _standing)(report, shown, sheet)


def _picture(shown: Map, sheet: Sheet) -> Plan:
    """Lay out a picture of a document: the map at the left, all else at the right."""
    wide, high = sheet.size_mm
    left = wide - _INLINE_PANEL_MM - _GAP_MM
    frame = Box(_EDGE_MM, _EDGE_MM, left, high - 2 * _EDGE_MM)
    view = fitted(shown.bounds, frame, sheet.size, round_scale=False)
    panel = Box(wide - _INLINE_PANEL_MM, _EDGE_MM, _INLINE_PANEL_MM - _EDGE_MM, frame.height)
    upper, lower = panel.parted(marginalia.SCALE_MM * sheet.size)
    return Plan(view, upper, 1, lower)


def _lying(report: Report, shown: Map, sheet: Sheet) -> Plan:
    """Lay out a sheet that lies: the legend at the right of the map."""
    title, body, size = *_titled(sheet), sheet.size
    panel, gap = _PANEL_MM * size, _GAP_MM * size
    left = body.width - panel - gap
    foot = marginalia.foot(report, (left, panel), size)
    above, _ = body.parted(marginalia.foot_mm(foot, size) + _FOOT_GAP_MM)
    frame = Box(above.left, above.bottom, left, above.height)
    view = fitted(shown.bounds, _inner(frame, size), size, round_scale=True)
    beside = Box(body.right - panel, above.bottom, panel, above.height)
    upper, lower = beside.parted(marginalia.SCALE_MM * size)
    sides = (body.left, beside.left, above.bottom - _FOOT_GAP_MM)
    return Plan(view, upper, 1, lower, title, foot, sides)


def _standing(report: Report, shown: Map, sheet: Sheet) -> Plan:
    """Lay out a sheet that stands: the legend below the map, as high as it has to be."""
    title, body, size = *_titled(sheet), sheet.size
    gap = _GAP_MM * size
    column = (body.width - (_COLUMNS - 1) * gap) / _COLUMNS
    foot = marginalia.foot(report, (body.width - column - gap, column), size)
    above, _ = body.parted(marginalia.foot_mm(foot, size) + _FOOT_GAP_MM)
    found = legend.groups(report.district, shown, size)
    many = _COLUMNS - 1
    tall = legend.height(found, shown.note, (column, many), size)
    tall = max(tall, marginalia.SCALE_MM * size)
    upper, lower = above.parted(tall + gap)
    view = fitted(shown.bounds, _inner(upper, size), size, round_scale=True)
    right = body.right - column
    corner = Box(right, lower.bottom + tall - marginalia.SCALE_MM * size, column, 0.0)
    below = Box(body.left, lower.bottom, body.width - column - gap, tall)
    sides = (body.left, right, above.bottom - _FOOT_GAP_MM)
    return Plan(view, below, many, corner, title, foot, sides)


def _titled(sheet: Sheet) -> tuple[Box, Box]:
    """Return where the title stands, and the rest of the sheet within its margin."""
    whole = Box(0.0, 0.0, *sheet.size_mm).inset(_MARGIN_MM)
    return whole.parted(whole.height - _TITLE_MM * sheet.size)


def _inner(frame: Box, size: float) -> Box:
    return frame.inset(marginalia.NEATLINE_MM * size)
