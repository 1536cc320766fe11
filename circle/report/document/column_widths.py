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
_INSET_EM = 1.3
_NARROWEST_EM, _WORD_EM, _WIDEST_EM = 2.2, 11.0, 32.0
_SHORT_EM, _WHOLE_EM = 6.0, 7.0
_WRITING_EM = 8.0
"""Room in a column whose cells are left empty, for people to write in."""
_USUAL = 0.95
_HEADER_LINES = 3
_FIGURES = re.compile(r"[\d\s.,:%+–—−~≥≤≈<>()/-]*")
_CHAPTER = ((False, 9.0), (False, 8.0), (False, 7.5), (True, 8.0), (True, 7.0))
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
    """

    landscape: bool
    size_pt: float
    shares: tuple[float, ...]
    rooms_em: tuple[float, ...]
    figures: tuple[bool, ...]


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
    least, wanted, most = np.array(needs, np.float64).T + _INSET_EM
    tries, needed = (_APPENDIX, wanted) if appendix else (_CHAPTER, least)
    for landscape, size_pt in tries:
        line_em = line_mm(landscape=landscape) / (size_pt * _MM_PER_PT)
        if needed.sum() <= line_em:
            break
    widths = _shared(line_em, least, most)
    shares = tuple((widths / widths.sum()).tolist())
    return Fit(landscape, size_pt, shares, tuple((widths - _INSET_EM).tolist()), figures)


def _shared(line_em: float, least: Floats, most: Floats) -> Floats:
    """Return the widths of the columns, filling the line."""
    fewest, all_em = float(least.sum()), float(most.sum())
    if all_em <= line_em:
        return most * (line_em / all_em)
    if fewest >= line_em:
        return least * (line_em / fewest)
    return least + np.minimum(most - least, _level(most - least, line_em - fewest))


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
