"""The report as PDF: A4, tagged, fit for archives, maps as lines, set by Typst.

The pages are laid out by ``report.typ``, which reads the report as data; nothing
of it is ever read as markup.
"""

from __future__ import annotations

import json
from datetime import timedelta, timezone
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typst

from circle.files import work_folder
from circle.i18n import in_language, t
from circle.report import fonts
from circle.report.content.elements import Bullets, Facts, Paragraph
from circle.report.content.numbering import Part, Referring
from circle.report.document import column_widths
from circle.report.document.composition import Figure, Fitted, cover, sheets, size_mm, title_pt
from circle.report.file_names import put
from circle.report.printable import breakable, never_bold, printable, shortened

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from circle.report.content.elements import Pair, Report
    from circle.report.document.composition import Piece
    from circle.report.print_map.render import Picture

_STANDARDS: list[typst.PDFStandard] = ["a-2a", "ua-1"]
"""For archives, and for those who listen to a page."""
_LINE_EM, _TITLE_EM, _FACT_EM, _LABEL_EM, _LARGE_EM, _HEAD_EM = 40.0, 14.0, 30.0, 13.0, 5.0, 32.0
_REGIONS = {"zh": "cn", "en": "gb"}
_NO_CHARACTER = "\U0010ffff"


def write(report: Report, pictures: Mapping[str, Picture], path: Path) -> None:
    """Write the report as a PDF file, whole or not at all.

    Parameters
    ----------
    report
        The report.
    pictures
        The maps drawn, by `Map.id`; their `svg` is taken.
    path
        The file; the same report gives the same bytes.

    Raises
    ------
    FontError
        When no font prints Chinese.
    KeyError
        When a map of the report is not drawn.
    """
    with work_folder(path.parent, path.name) as root:
        _prepare(root, report, pictures)
        put(path, _set(root, report))


def _prepare(root: Path, report: Report, pictures: Mapping[str, Picture]) -> None:
    """Write what Typst reads into a folder."""
    with in_language(report.choice.language):
        data = json.dumps(_data(report, pictures), ensure_ascii=False)
    (root / "report.json").write_text(data, encoding="utf-8")
    (root / "report.typ").write_bytes(
        files("circle.report.document").joinpath("report.typ").read_bytes()
    )
    for number, map_id in _maps(report):
        (root / _file(number)).write_bytes(pictures[map_id].svg)


def _set(root: Path, report: Report) -> bytes:
    moment = report.imprint.made
    zone = timezone(moment.utcoffset() or timedelta())  # Typst takes no named zones
    return typst.compile(
        root / "report.typ",
        root=root,
        font_paths=[Path(folder) for folder in fonts.folders()],
        ignore_system_fonts=True,
        timestamp=moment.astimezone(zone),
        pdf_standards=_STANDARDS,
    )


def _data(report: Report, pictures: Mapping[str, Picture]) -> dict[str, Any]:
    imprint, language = report.imprint, report.choice.language
    body = {
        "title": printable(imprint.title),
        "subtitle": printable(imprint.subtitle),
        "author": printable(report.choice.issuer),
        "keywords": [printable(imprint.software), printable(imprint.data_hash)],
        "head": shortened(printable(imprint.title), _HEAD_EM),
        "cover": _cover(report),
        "sheets": [
            {
                "landscape": sheet.landscape,
                "pieces": [
                    _piece(piece, pictures, opening=index == 0)
                    for index, piece in enumerate(sheet.pieces)
                ],
            }
            for sheet in sheets(report)
        ],
        "words": {key: t(f"document.{key}") for key in ("contents", "warning")},
    }
    page = {
        "side": column_widths.SIDE_MM,
        "top": column_widths.TOP_MM,
        "foot": column_widths.FOOT_MM,
        "inset": column_widths.INSET_EM,
    }
    return body | {
        "fonts": fonts.faces(),
        "never-bold": f"[{never_bold(_strings(body)) or _NO_CHARACTER}]",
        "lang": language,
        "region": _REGIONS[language],
        "page": page,
    }


def _cover(report: Report) -> dict[str, Any]:
    lines = cover(report.imprint)
    return {
        "title": _text(report.imprint.title, _TITLE_EM),
        "size": title_pt(report.imprint),
        "subtitle": _text(report.imprint.subtitle, 2 * _TITLE_EM),
        "lines": _pairs(lines.report, _FACT_EM),
        "data": _pairs(lines.data, _LINE_EM),
        "caution": _text(report.imprint.caution),
    }


def _piece(piece: Piece, pictures: Mapping[str, Picture], *, opening: bool) -> dict[str, Any]:
    match piece:
        case Part():
            return _heading(piece, opening=opening)
        case Fitted():
            return _table(piece)
        case Figure():
            return _map(piece, pictures[piece.map.id])
    if isinstance(piece, Referring):
        before, _, after = t("document.see", what="\0").partition("\0")
        links = [{"label": _text(label), "anchor": anchor} for label, anchor in piece.references]
        words = {"before": before, "between": t("unit.and"), "after": after, "links": links}
        return _block(piece.block) | {"see": words}
    return _block(piece)


def _block(block: Paragraph | Bullets | Facts) -> dict[str, Any]:
    match block:
        case Paragraph():
            return {"is": block.tone.value, "text": _text(block.text)}
        case Bullets():
            return {"is": "bullets", "items": [_text(item) for item in block.items]}
        case Facts(big=True):
            return {"is": "large", "pairs": _pairs(block.pairs, _LARGE_EM)}
        case Facts():
            return {"is": "facts", "pairs": _pairs(block.pairs, _FACT_EM)}


def _heading(part: Part, *, opening: bool) -> dict[str, Any]:
    return {
        "is": "heading",
        "level": part.level,
        "label": part.label,
        "anchor": part.anchor,
        "title": _text(part.section.title, 2 * _TITLE_EM),
        "head": shortened(f"{part.label}  {printable(part.section.title)}", _HEAD_EM / 2),
        "fresh": part.fresh and not opening,
    }


def _table(piece: Fitted) -> dict[str, Any]:
    table, fit = piece.table, piece.fit
    rows = zip(table.cells(), table.whole.tolist(), strict=True)
    return {
        "is": "table",
        "label": piece.numbered.label,
        "anchor": piece.numbered.anchor,
        "title": _text(table.title),
        "note": _text(table.note),
        "size": fit.size_pt,
        "shares": fit.shares,
        "figures": fit.figures,
        "whole": fit.whole,
        "header": _row(map(str, table.frame.columns), fit.rooms_em),
        "rows": [{"cells": _row(cells, fit.rooms_em), "whole": whole} for cells, whole in rows],
    }


def _map(piece: Figure, picture: Picture) -> dict[str, Any]:
    width, height = size_mm(picture)
    return {
        "is": "map",
        "label": piece.numbered.label,
        "anchor": piece.numbered.anchor,
        "title": _text(piece.map.title),
        "alt": printable(piece.map.alt),
        "file": _file(piece.numbered.number),
        "width": width,
        "height": height,
    }


def _row(cells: Iterable[str], rooms_em: tuple[float, ...]) -> list[str]:
    return [_text(cell, room) for cell, room in zip(cells, rooms_em, strict=True)]


def _pairs(pairs: Iterable[Pair], room_em: float) -> list[dict[str, str]]:
    return [
        {"label": _text(label, _LABEL_EM), "text": _text(text, room_em)} for label, text in pairs
    ]


def _text(text: str, room_em: float = _LINE_EM) -> str:
    return breakable(printable(text), room_em)


def _strings(value: object) -> Iterator[str]:
    """Yield every text of nested data."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _strings(item)


def _maps(report: Report) -> Iterator[tuple[int, str]]:
    for sheet in sheets(report):
        for piece in sheet.pieces:
            if isinstance(piece, Figure):
                yield piece.numbered.number, piece.map.id


def _file(number: int) -> str:
    return f"map-{number}.svg"
