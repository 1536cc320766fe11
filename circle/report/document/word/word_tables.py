"""Tables of a Word document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circle.maps.colours import ACCENT
from circle.report.document.column_widths import line_mm
from circle.report.document.word.wordml import Element, element, paragraph, run
from circle.report.printable import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from circle.report.content.elements import Facts, Pair
    from circle.report.document.composition import Fitted

_TWIPS_PER_MM = 1440 / 25.4
_TINT, _ACCENT = "EDF4F3", ACCENT.removeprefix("#")
_LARGE_IN_ROW = 4
_FACT_SHARES = (0.3, 0.7)
_COVER_SHARES = (0.34, 0.66)


def ruled(piece: Fitted, *, landscape: bool) -> Element:
    """Return a table: its header repeats, its rows stay whole, a short one stays on its page."""
    table, fit = piece.table, piece.fit
    widths = _twips(fit.shares, landscape=landscape)
    style = f"TableText{fit.size_pt:g}".replace(".", "")
    last = len(table.frame) - 1
    head = _row(
        [
            _cell(width, _text(style, name, right=right, keep=True))
            for width, name, right in zip(widths, table.frame.columns, fit.figures, strict=True)
        ],
        header=True,
    )
    rows = [head]
    for index, (cells, whole) in enumerate(zip(table.cells(), table.whole.tolist(), strict=True)):
        keep = fit.whole and (index < last or bool(table.note))
        columns = zip(widths, cells, fit.figures, strict=True)
        rows.append(
            _row(
                _cell(width, _text(style, text, right=right, keep=keep, strong=whole), whole=whole)
                for width, text, right in columns
            )
        )
    node = _table("ReportTable", widths, rows, header=True)
    node.tblPr.append(element("tblCaption", val=one_line(table.title)))
    return node


def named(facts: Facts, *, landscape: bool) -> Element:
    """Return labels and their texts, side by side."""
    widths = _twips(_FACT_SHARES, landscape=landscape)
    return _table("ReportFacts", widths, _pairs(facts.pairs, widths, ("FactLabel", "FactText")))


def large(facts: Facts, *, landscape: bool) -> Element:
    """Return large figures with their labels below, side by side."""
    across = max(1, min(_LARGE_IN_ROW, len(facts.pairs)))
    widths = _twips((1 / across,) * across, landscape=landscape)
    rows = []
    for start in range(0, len(facts.pairs), across):
        shown = [*facts.pairs[start : start + across], *[None] * across][:across]
        rows.append(_row(map(_figure, widths, shown)))
    return _table("ReportFigures", widths, rows)


def cover_lines(pairs: Iterable[Pair], style: str) -> Element:
    """Return lines of the cover."""
    widths = _twips(_COVER_SHARES, landscape=False)
    return _table("ReportCover", widths, _pairs(pairs, widths, (f"{style}Label", style)))


def _figure(width: int, pair: Pair | None) -> Element:
    if pair is None:
        return _cell(width, paragraph("LargeFigureLabel"))
    return _cell(
        width,
        paragraph("LargeFigure", run(pair.text)),
        paragraph("LargeFigureLabel", run(pair.label)),
    )


def _pairs(pairs: Iterable[Pair], widths: Sequence[int], styles: tuple[str, str]) -> list[Element]:
    pairs = list(pairs)
    return [
        _row(
            _cell(width, _text(style, text, keep=pair is not pairs[-1]))
            for width, style, text in zip(widths, styles, pair, strict=True)
        )
        for pair in pairs
    ]


def _twips(shares: Sequence[float], *, landscape: bool) -> list[int]:
    line = line_mm(landscape=landscape) * _TWIPS_PER_MM
    return [round(share * line) for share in shares]


def _table(
    style: str, widths: Sequence[int], rows: Iterable[Element], *, header: bool = False
) -> Element:
    properties = element(
        "tblPr",
        element("tblStyle", val=style),
        element("tblW", w=sum(widths), type="dxa"),
        element("tblLayout", type="fixed"),
        element("tblLook", val="0020" if header else "0000", firstRow=int(header), noVBand=1),
    )
    grid = element("tblGrid", *(element("gridCol", w=width) for width in widths))
    return element("tbl", properties, grid, *rows)


def _row(cells: Iterable[Element], *, header: bool = False) -> Element:
    properties = element("trPr", element("cantSplit"))
    if header:
        properties.append(element("tblHeader"))
    return element("tr", properties, *cells)


def _cell(width: int, *content: Element, whole: bool = False) -> Element:
    properties = element("tcPr", element("tcW", w=width, type="dxa"))
    if whole:
        rule = element("top", val="single", sz=4, space=0, color=_ACCENT)
        properties.append(element("tcBorders", rule))
        properties.append(element("shd", val="clear", color="auto", fill=_TINT))
    return element("tc", properties, *content)


def _text(
    style: str, text: object, *, right: bool = False, keep: bool = False, strong: bool = False
) -> Element:
    properties = {"keepNext": 1} if keep else {}
    more = {"jc": "right"} if right else {}
    return paragraph(style, run(text, "Strong" if strong else ""), **properties, **more)
