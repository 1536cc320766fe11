"""The report as a Word document that a person goes on writing in.

Headings, captions, notes and tables are real styles; chapters number themselves,
captions are SEQ fields, the contents a TOC field whose page numbers are its reader's.
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.shared import Mm

from circle.i18n import in_language, t
from circle.report.content.elements import Bullets, Facts, Map, Paragraph, Tone
from circle.report.content.numbering import Part, Referring
from circle.report.document import column_widths
from circle.report.document.composition import Figure, Fitted, cover, sheets, size_mm, title_pt
from circle.report.document.word import template, word_tables
from circle.report.document.word.wordml import Element, element, field, paragraph, run
from circle.report.file_names import put
from circle.report.printable import one_line, shortened

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from docx.document import Document
    from docx.section import Section as Pages

    from circle.report.content.elements import Report
    from circle.report.content.numbering import Numbered
    from circle.report.document.composition import Piece, Sheet
    from circle.report.print_map.render import Picture

_STYLES = {Tone.BODY: "Normal", Tone.LEAD: "Lead", Tone.NOTE: "Note"}
_CONTENTS_DEPTH = 2
_APPENDIX_NUMBERS = 2
_HEAD_EM = 48.0
_EDGE_MM = 13.0
_BOOKMARKS = {"table": 100_000, "figure": 200_000}
"""From where bookmarks of captions are counted, after those of headings."""
_NUMBER = "\x00"
"""Stands where the number of a caption goes."""


def write(report: Report, pictures: Mapping[str, Picture], path: Path) -> None:
    """Write the report as a Word file, whole or not at all.

    Parameters
    ----------
    report
        The report.
    pictures
        The maps drawn, by `Map.id`; their `png` is taken.
    path
        The file; the same report gives the same bytes.

    Raises
    ------
    KeyError
        When a map of the report is not drawn.
    """
    with in_language(report.choice.language):
        document = template.empty(report.imprint, report.choice)
        _first_pages(document, report)
        parted = sheets(report)
        _add(document, *_cover(report), *_contents(parted))
        for sheet in parted:
            _turn(document, landscape=sheet.landscape)
            for piece in sheet.pieces:
                _add(document, *_piece(piece, document, pictures))
        put(path, template.packed(document, report.imprint.made))


def _first_pages(document: Document, report: Report) -> None:
    """Set the paper, the running head and the page numbers; the cover has its data there."""
    pages = document.sections[0]
    _lay(pages, landscape=False)
    pages.different_first_page_header_footer = True
    head = paragraph("Header", run(shortened(one_line(report.imprint.title), _HEAD_EM)))
    numbers = paragraph("Footer", *field("PAGE", 1), run(" / "), *field("NUMPAGES", 1))
    data = word_tables.cover_lines(cover(report.imprint).data, "CoverData")
    caution = paragraph("CoverCaution", run(report.imprint.caution))
    for part, content in (
        (pages.header, [head]),
        (pages.footer, [numbers]),
        (pages.first_page_header, [paragraph("PageEnd")]),
        (pages.first_page_footer, [data, caution]),
    ):
        part.is_linked_to_previous = False
        part._element[:] = content  # noqa: SLF001 - python-docx gives no other way


def _lay(pages: Pages, *, landscape: bool) -> None:
    width, height = map(Mm, sorted(column_widths.PAGE_MM, reverse=landscape))
    pages.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    pages.page_width, pages.page_height = width, height
    pages.left_margin = pages.right_margin = Mm(column_widths.SIDE_MM)
    pages.top_margin, pages.bottom_margin = Mm(column_widths.TOP_MM), Mm(column_widths.FOOT_MM)
    pages.header_distance = pages.footer_distance = Mm(_EDGE_MM)


def _turn(document: Document, *, landscape: bool) -> None:
    """Begin pages of the other orientation, unless the last ones have it already."""
    if (document.sections[-1].orientation == WD_ORIENT.LANDSCAPE) == landscape:
        return
    pages = document.add_section(WD_SECTION.NEW_PAGE)
    document.paragraphs[-1].style = "Page End"
    pages.different_first_page_header_footer = False
    _lay(pages, landscape=landscape)


def _add(document: Document, *content: Element) -> None:
    last = document.element.body.sectPr
    for child in content:
        last.addprevious(child)


def _cover(report: Report) -> list[Element]:
    imprint = report.imprint
    return [
        paragraph("CoverRule"),
        paragraph("Title", run(imprint.title, half_points=round(2 * title_pt(imprint)))),
        paragraph("Subtitle", run(imprint.subtitle)),
        paragraph("CoverGap"),
        word_tables.cover_lines(cover(imprint).report, "CoverText"),
    ]


def _contents(parted: tuple[Sheet, ...]) -> list[Element]:
    """Return the table of contents: a field with the headings, their page numbers left open.

    On which page a heading stands depends on the reader's program and fonts. Word fills the
    numbers in when the file is opened, others when the contents are updated: none is wrong.
    """
    parts = [
        piece
        for sheet in parted
        for piece in sheet.pieces
        if isinstance(piece, Part) and piece.level <= _CONTENTS_DEPTH
    ]
    if not parts:
        return []
    lines = [paragraph(f"TOC{part.level}", _entry(part)) for part in parts]
    begin, code, separate, _, end = field(f'TOC \\o "1-{_CONTENTS_DEPTH}" \\h \\z \\u')
    for offset, child in enumerate((begin, code, separate), start=1):
        lines[0].insert(offset, child)
    lines[-1].append(end)
    return [paragraph("TOCHeading", run(t("document.contents"))), *lines]


def _entry(part: Part) -> Element:
    page = field(f"PAGEREF {part.anchor} \\h")
    text = run(f"{part.label} {one_line(part.section.title)}")
    return element(
        "hyperlink", text, element("r", element("tab")), *page, anchor=part.anchor, history=1
    )


def _piece(piece: Piece, document: Document, pictures: Mapping[str, Picture]) -> list[Element]:
    landscape = document.sections[-1].orientation == WD_ORIENT.LANDSCAPE
    match piece:
        case Part():
            return [_heading(piece)]
        case Fitted():
            return _table(piece, landscape=landscape)
        case Figure():
            return _map(piece, document, pictures[piece.map.id])
    if isinstance(piece, Referring):
        return [_referring(piece)]
    return _block(piece, landscape=landscape)


def _referring(piece: Referring) -> Element:
    """Return a paragraph that refers to tables, figures and appendices by fields."""
    before, _, after = t("document.see", what=_NUMBER).partition(_NUMBER)
    runs = [run(f"{piece.block.text}{before}")]
    for index, reference in enumerate(piece.references):
        if index:
            runs.append(run(t("unit.and")))
        number = "\\r " if reference.anchor.startswith("_Toc") else ""
        runs += field(f"REF {reference.anchor} {number}\\h", reference.label)
    return paragraph(_STYLES[piece.block.tone], *runs, run(after))


def _block(block: Paragraph | Bullets | Facts, *, landscape: bool) -> list[Element]:
    match block:
        case Paragraph(tone=Tone.WARNING):
            word = run(f"{t('document.warning')}  ", "WarningWord")
            return [paragraph("Warning", word, run(block.text))]
        case Paragraph():
            return [paragraph(_STYLES[block.tone], run(block.text))]
        case Bullets():
            return [paragraph("ListBullet", run(item)) for item in block.items]
        case Facts():
            set_out = word_tables.large if block.big else word_tables.named
            return [set_out(block, landscape=landscape), paragraph("AfterTable")]


def _heading(part: Part) -> Element:
    title = paragraph(f"Heading{part.level}")
    properties = title.pPr
    if part.fresh:
        properties.append(element("pageBreakBefore"))
    if part.section.appendix:
        level = element("ilvl", val=part.level - 1)
        properties.append(element("numPr", level, element("numId", val=_APPENDIX_NUMBERS)))
    number = int(part.anchor.removeprefix("_Toc"))
    title.append(element("bookmarkStart", id=number, name=part.anchor))
    title.append(run(part.section.title))
    title.append(element("bookmarkEnd", id=number))
    return title


def _table(piece: Fitted, *, landscape: bool) -> list[Element]:
    table = piece.table
    after = paragraph("TableNote", run(table.note)) if table.note else paragraph("AfterTable")
    return [
        _caption("Caption", piece.numbered, keepNext=1),
        word_tables.ruled(piece, landscape=landscape),
        after,
    ]


def _map(piece: Figure, document: Document, picture: Picture) -> list[Element]:
    width, height = map(Mm, size_mm(picture))
    inline = document.part.new_pic_inline(BytesIO(picture.png), width, height)
    inline.docPr.set("descr", one_line(piece.map.alt))
    drawing = element("r", element("drawing", inline))
    return [
        paragraph("Figure", drawing),
        _caption("FigureCaption", piece.numbered),
    ]


def _caption(style: str, numbered: Numbered, **properties: int) -> Element:
    """Return a caption whose number is a field that Word counts for each kind of caption."""
    kind = "figure" if isinstance(numbered.block, Map) else "table"
    before, _, after = t(f"document.{kind}", number=_NUMBER).partition(_NUMBER)
    count = field(f"SEQ {before.strip()} \\* ARABIC", numbered.number, "CaptionLabel")
    runs = [run(before, "CaptionLabel"), *count]
    if after:
        runs.append(run(after, "CaptionLabel"))
    bookmark = _BOOKMARKS[kind] + numbered.number
    return paragraph(
        style,
        element("bookmarkStart", id=bookmark, name=numbered.anchor),
        *runs,
        element("bookmarkEnd", id=bookmark),
        run(f"  {one_line(numbered.block.title)}"),
        **properties,
    )
