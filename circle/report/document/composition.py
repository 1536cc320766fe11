"""What the writers of documents share: cover, pictures, and the order of pages."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from docx.image.image import Image

from circle.i18n import t
from circle.report.content.elements import Bullets, Facts, Map, Pair, Paragraph, Table
from circle.report.content.numbering import Numbered, Part, Referring, numbered
from circle.report.document import column_widths
from circle.report.document.column_widths import Fit, fitted
from circle.report.metadata import stated
from circle.report.printable import width_em

if TYPE_CHECKING:
    from circle.report.content.elements import Block, Imprint, Report
    from circle.report.print_map.render import Picture

_TALLEST_MM = 205.0
_ABOUT = ("district", "period", "issuer", "date", "version", "map_number")
_DATA = ("observed", "crs", "map_crs", "software", "data_hash", "audit_head")
_BETWEEN_SCRIPTS_EM = 1.0
"""Room for the small gaps between Chinese and figures."""
_TITLE_PT, _TITLE_LINE_PT = (22.0, 28.0), 424.0


class Fitted(NamedTuple):
    """A numbered table and how it stands on the page."""

    table: Table
    numbered: Numbered
    fit: Fit


class Figure(NamedTuple):
    """A numbered map."""

    map: Map
    numbered: Numbered


Piece = Part | Fitted | Figure | Referring | Paragraph | Bullets | Facts
"""What follows on what: a heading, a table, a map or any other block."""


@dataclass(frozen=True, eq=False)
class Sheet:
    """Pieces that follow one another on pages lying the same way."""

    landscape: bool
    pieces: tuple[Piece, ...]


class Cover(NamedTuple):
    """The lines of the cover below its titles: about the report, and about its data."""

    report: tuple[Pair, ...]
    data: tuple[Pair, ...]


def cover(imprint: Imprint) -> Cover:
    """Return the lines of the cover."""
    moment = imprint.made
    day = t("document.day", year=moment.year, month=moment.month, day=moment.day)
    crs = f"{imprint.crs_name} ({imprint.crs})"
    return Cover(
        tuple(stated(imprint, "document", _ABOUT, date=day)),
        tuple(stated(imprint, "document", _DATA, crs=crs)),
    )


def title_pt(imprint: Imprint) -> float:
    """Return the size of the title on the cover: one line where that can be."""
    em = width_em(imprint.title) + _BETWEEN_SCRIPTS_EM
    return min(_TITLE_PT[1], max(_TITLE_PT[0], _TITLE_LINE_PT / em))


def size_mm(picture: Picture) -> tuple[float, float]:
    """Return how wide and high a picture is set: as wide as the line, if it is not too tall."""
    image = Image.from_blob(picture.png)
    width_px, height_px = image.px_width, image.px_height
    width = min(column_widths.line_mm(landscape=False), _TALLEST_MM * width_px / height_px)
    return width, width * height_px / width_px


def sheets(report: Report) -> tuple[Sheet, ...]:
    """Return the whole report in order, parted where pages turn on their side.

    A wide table of the chapters gets landscape pages to itself; in the appendix its
    heading and the other blocks of the section turn with it.
    """
    flow: list[tuple[bool, Piece]] = []
    for part in numbered(report.printed):
        pieces = [
            _fitted(block, appendix=part.section.appendix)
            for block in part.blocks
            if not _empty(block)
        ]
        whole = part.section.appendix and any(map(_is_landscape, pieces))
        flow.append((whole, part))
        flow.extend((whole or _is_landscape(piece), piece) for piece in pieces)
    for index in range(len(flow) - 2, -1, -1):  # a heading stays with what it is about
        if _opens(flow, index):
            flow[index] = (flow[index][0] or flow[index + 1][0], flow[index][1])
    return tuple(
        Sheet(landscape, tuple(piece for _, piece in pieces))
        for landscape, pieces in groupby(flow, key=lambda pair: pair[0])
    )


def _opens(flow: list[tuple[bool, Piece]], index: int) -> bool:
    """Say whether a piece is a heading, or the one paragraph between it and what it is about."""
    piece = flow[index][1]
    after = isinstance(piece, Paragraph | Referring) and index > 0
    return isinstance(flow[index - 1][1] if after else piece, Part)


def _fitted(block: Block | Numbered | Referring, *, appendix: bool) -> Piece:
    match block:
        case Numbered(block=Map() as map_):
            return Figure(map_, block)
        case Numbered(block=Table() as table):
            return Fitted(table, block, fitted(table, appendix=appendix))
        case Referring() | Paragraph() | Bullets() | Facts():
            return block
    raise TypeError(block)


def _empty(block: Block | Numbered | Referring) -> bool:
    """Return whether a block holds nothing: no format has an empty list."""
    return block in (Bullets(()), Facts(()), Facts((), big=True))


def _is_landscape(piece: Piece) -> bool:
    return isinstance(piece, Fitted) and piece.fit.landscape
