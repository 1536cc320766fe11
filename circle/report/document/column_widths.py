"""How a table is set: page upright or landscape, size of type, widths of the columns."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from circle.report.printable import longest_em, one_line, width_em

if TYPE_CHECKING:
    from circle.model import Floats
    from circle.report.content.elements import Table

PAGE_MM = (210.0, 297.0)
"""Width and height of A4, upright."""
SIDE_MM, TOP_MM, FOOT_MM = 25.0, 27.0, 24.0
"""Margins of a page."""

_MM_PER_PT = 25.4 / 72
INSET_EM = 0.45
"""Room at either side of a cell, in em of the type of its table."""
_NARROWEST_EM, _WORD_EM, _WIDEST_EM = 2.2, 11.0, 32.0
_SHORT_EM, _WHOLE_EM = 6.0, 7.0
_WRITING_EM = 8.0
"""Room in a column whose cells are left empty, for people to write in."""
_USUAL = 0.95
_HEADER_LINES = 3
_PIECES = re.compile("[\u2e80-\U0003ffff]|[^\\s\u2e80-\U0003ffff]+\\s*|\\s+")
"""What stands in one line: a Chinese sign, or a word with the blank after it."""
_MOST_STEPS = 12
_IN_PART = 0.01
"""What a line less in a cell counts while its row stays as tall."""
_FIGURES = re.compile(r"[\d\s.,:%+–—−~≥≤≈<>()/-]*")
_LINE_EM, _BETWEEN_ROWS_EM = 1.25, 0.9
_ONE_PLACE_MM = 150.0
"""A table that is not taller stands on one page, whole."""
_CHAPTER = ((False, 9.0), (True, 9.0))
_APPENDIX = ((False, 9.0), (False, 8.0), (True, 8.0), (True, 7.0))


class Fit(NamedTuple):
    """How a table stands on a page.

    Attributes
    ----------
    landscape
        Whether its page lies on its side.
    size_pt
        Size of its type.
    shares
        Width of each column as a share of the line; they sum to 1.
    rooms_em
        Width of each column's text, in em of its type.
    figures
        Whether each column holds figures, which stand at its right.
    whole
        Whether it is kept on one page.
    """

    landscape: bool
    size_pt: float
    shares: tuple[float, ...]
    rooms_em: tuple[float, ...]
    figures: tuple[bool, ...]
    whole: bool


def line_mm(*, landscape: bool) -> float:
    """Return how long a line of a page is."""
    return PAGE_MM[landscape] - 2 * SIDE_MM


def fitted(table: Table, *, appendix: bool) -> Fit:
    """Return how `table` stands best: upright and large where it can.

    A table of the chapters lies on its side only where its words would break
    otherwise; one of the appendix as soon as its rows grow taller.
    """
    titles, columns = _texts(table)
    figures = tuple(map(_are_figures, columns))
    needs = [_widths(*column) for column in zip(titles, columns, figures, strict=True)]
    least, wanted, most = np.array(needs, np.float64).T + 2 * INSET_EM
    tries, needed = (_APPENDIX, wanted) if appendix else (_CHAPTER, least)
    for landscape, size_pt in tries:
        line_em = line_mm(landscape=landscape) / (size_pt * _MM_PER_PT)
        if needed.sum() <= line_em:
            break
    texts = [[title, *cells] for title, cells in zip(titles, columns, strict=True)]
    widths = _shared(line_em, _lower(texts, line_em, least), most)
    lines = np.max([_lines(*column) for column in zip(texts, widths, strict=True)], axis=0)
    height_em = float((lines * _LINE_EM + _BETWEEN_ROWS_EM).sum())
    return Fit(
        landscape,
        size_pt,
        tuple((widths / widths.sum()).tolist()),
        tuple((widths - 2 * INSET_EM).tolist()),
        figures,
        height_em * size_pt * _MM_PER_PT <= _ONE_PLACE_MM,
    )


def _lower(texts: list[list[str]], line_em: float, least: Floats) -> Floats:
    """Return `least` with columns widened as long as that makes the table lower.

    Of all that the room allows, each step takes what saves the most lines for its width.
    """
    widths = least.copy()
    lines = np.array([_lines(*column) for column in zip(texts, widths, strict=True)])
    steps = [[(width, _lines(column, width)) for width in _steps(column)] for column in texts]
    while True:
        best: tuple[float, int, float, Floats] | None = None
        room, heights = line_em - widths.sum(), lines.max(axis=0)
        for index, choices in enumerate(steps):
            others = np.delete(lines, index, axis=0).max(axis=0, initial=1)
            for width, fewer in choices:
                more = width - widths[index]
                if not 0 < more <= room:
                    continue
                saved = float((heights - np.maximum(others, fewer)).sum())
                saved += _IN_PART * float((lines[index] - fewer).sum())
                if saved > 0 and (best is None or saved / more > best[0]):
                    best = (saved / more, index, width, fewer)
        if best is None:
            return widths
        _, index, widths[index], lines[index] = best


def _steps(texts: list[str]) -> list[float]:
    """Return widths of a column at which some of its texts take fewer lines."""
    wholes = np.unique(list(map(width_em, texts)))
    parts = np.unique(np.concatenate([wholes, wholes / 2 + 1, wholes / 3 + 1]).round(1) + 0.1)
    chosen = parts[np.linspace(0, len(parts) - 1, min(len(parts), _MOST_STEPS)).astype(int)]
    return [float(width) for width in chosen + 2 * INSET_EM]


def _lines(texts: list[str], width: float) -> Floats:
    """Return in about how many lines each text is set in a column of this width."""
    room = width - 2 * INSET_EM
    counts = {text: _wrapped(text, room) for text in set(texts)}
    return np.array([counts[text] for text in texts], np.float64)


def _wrapped(text: str, room: float) -> int:
    if width_em(text) <= room:
        return 1
    lines, used = 1, 0.0
    for word in _PIECES.findall(text):
        width = width_em(word.rstrip())
        if used and used + width > room:
            lines, used = lines + 1, 0.0
        if width > room:
            lines += int(width / room)
        used += width_em(word)
    return lines


def _shared(line_em: float, least: Floats, most: Floats) -> Floats:
    """Return the widths of the columns, filling the line."""
    fewest, all_em = float(least.sum()), float(np.maximum(least, most).sum())
    if all_em <= line_em:
        return np.maximum(least, most) * (line_em / all_em)
    if fewest >= line_em:
        return least * (line_em / fewest)
    short = np.maximum(most - least, 0)
    return least + np.minimum(short, _level(short, line_em - fewest))


def _level(needs: Floats, room: float) -> float:
    """Return the level up to which `needs` are met to use up `room`: small ones in full."""
    for count, need in zip(range(len(needs), 0, -1), np.sort(needs), strict=True):
        if need * count > room:
            return room / count
        room -= need
    return float(needs.max())


def _texts(table: Table) -> tuple[list[str], list[list[str]]]:
    rows = list(table.cells())
    titles = [one_line(name) for name in table.frame.columns]
    return titles, [[one_line(row[index]) for row in rows] for index in range(len(titles))]


def _are_figures(cells: list[str]) -> bool:
    return any(map(str.strip, cells)) and all(map(_FIGURES.fullmatch, cells))


def _widths(title: str, cells: list[str], figures: bool) -> tuple[float, float, float]:  # noqa: FBT001 - one of a zip
    """Return the least width, the one for rows of two lines, and the one for one line."""
    widths = np.array([width_em(cell) for cell in cells] or [0.0])
    usual = min(float(np.quantile(widths, _USUAL)), _WIDEST_EM)
    usual = max(usual, min(float(widths.max()), _WORD_EM))
    word = max(map(longest_em, [title, *cells]))
    least = max(_NARROWEST_EM, min(word, _WORD_EM), min(usual, _SHORT_EM))
    if figures:
        least = max(least, float(widths.max()))
    elif cells and not any(cells):
        least = _WRITING_EM
    two_lines = usual if usual <= _WHOLE_EM else max(_WHOLE_EM, usual / 2)
    wanted = max(least, two_lines, width_em(title) / _HEADER_LINES)
    return least, wanted, max(wanted, usual, min(width_em(title), _WORD_EM))
