"""What stands around a printed map: Typst sets title, legend and foot, and leaves room.

`surround.typ` gets every text as data and never reads one as markup. It tells where
the map, its scale and the samples of its legend have their place on the sheet.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Any

import typst

from circle.i18n import t
from circle.report import fonts
from circle.report.print_map.canvas import INK, QUIET, Box
from circle.report.printable import breakable, printable, shortened

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circle.report.content.elements import Map, Report
    from circle.report.print_map.legend_groups import Group

_PAPERS = {"a4": (210.0, 297.0), "a3": (297.0, 420.0)}
_PICTURES_MM = {"inline": (165.0, 108.0), "detail": (165.0, 80.0)}
_SIZES = {"a4": 1.0, "a3": 1.3, "inline": 0.86, "detail": 0.8}
"""How large symbols and texts are."""
_TITLE_EM, _ABOUT_EM, _FOOT_EM, _ENTRY_EM, _NOTE_EM = 90.0, 60.0, 300.0, 26.0, 200.0
"""Longer texts end in an ellipsis."""
_WORD_EM = 12.0
"""Longer words may be broken."""


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
        """How large symbols and texts are, against those of A4."""
        return _SIZES[self.paper]


INLINE, DETAIL = Sheet("inline"), Sheet("detail")
SHEETS = tuple(Sheet(paper, landscape) for paper in _PAPERS for landscape in (True, False))


@dataclass(frozen=True, slots=True)
class Surround:
    """The texts around a map as they are set, and what is left free for drawing.

    Attributes
    ----------
    svg
        The texts, as outlines, on a sheet without a ground.
    frame, scale
        Where the map stands, and scale bar and north arrow.
    samples
        For each group of the legend and each entry in it, where its sample stands;
        how large it is, against samples of a sheet A4.
    """

    svg: str
    frame: Box
    scale: Box
    samples: dict[tuple[int, int], tuple[Box, float]]


def set_texts(report: Report, shown: Map, sheet: Sheet, legend: Sequence[Group]) -> Surround:
    """Return the texts around a map, set in the language in use.

    Raises
    ------
    FontError
        When this machine has no font that prints Chinese.
    """
    data = json.dumps(texts(report, shown, sheet, legend), ensure_ascii=False)
    with as_file(files("circle.report.print_map").joinpath("surround.typ")) as template:
        compiler = typst.Compiler(template, font_paths=fonts.for_typst(), sys_inputs={"data": data})
        made: Any = compiler.compile(format="svg")
        places = json.loads(compiler.query("<place>", field="value"))
    high = sheet.size_mm[1]
    boxes = {
        tuple(place["id"]): Box(
            place["x"], high - place["y"] - place["high"], place["wide"], place["high"]
        )
        for place in places
    }
    sizes = {tuple(place["id"]): place["size"] for place in places}
    samples = {key: (boxes[key], size) for key, size in sizes.items() if size is not None}
    return Surround(made.decode(), boxes["frame",], boxes["scale",], samples)


def texts(report: Report, shown: Map, sheet: Sheet, legend: Sequence[Group]) -> dict[str, Any]:
    """Return what `surround.typ` reads."""
    imprint, language = report.imprint, report.choice.language
    wide, high = sheet.size_mm
    left = (imprint.caution, imprint.sources, t("plate.crs", crs=imprint.map_crs))
    right = (
        t("plate.issuer", issuer=imprint.issuer),
        t("plate.observed", date=imprint.observed),
        t("plate.made", date=f"{imprint.made:%Y-%m-%d}", version=imprint.version),
        t("plate.number", number=imprint.map_number),
    )
    return {
        "fonts": fonts.faces(),
        "language": language,
        "ink": INK,
        "quiet": QUIET,
        "wide": wide,
        "high": high,
        "size": sheet.size,
        "layout": "inline" if sheet.inline else "landscape" if sheet.landscape else "portrait",
        "title": _text(shown.title, _TITLE_EM),
        "about": _text(f"{imprint.district} · {imprint.subtitle}", _ABOUT_EM),
        "legend": t("legend.title"),
        "groups": [
            {
                "title": _text(group.title, _ENTRY_EM),
                "flows": group.flows,
                "entries": [
                    {"text": _text(entry.text, _ENTRY_EM), "small": entry.small}
                    for entry in group.entries
                ],
            }
            for group in legend
        ],
        "note": "" if sheet.inline else _text(shown.note, _NOTE_EM),
        "left": [_text(text, _FOOT_EM) for text in left],
        "right": [_text(text, _FOOT_EM / 3) for text in right],
    }


def _text(text: str, room_em: float) -> str:
    return breakable(shortened(printable(text).strip(), room_em), _WORD_EM)
