"""Symbols on printed maps: of kinds, of grades, of heritage; their shapes are the screen's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from circle.maps import symbols
from circle.maps.colours import BEYOND, HERITAGE
from circle.maps.grades import Mark
from circle.report.print_map.canvas import WHITE, Canvas, Paint, TextStyle
from circle.report.print_map.glyphs import RISE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circle.maps.grades import Grade
    from circle.model import Floats, Kind
    from circle.report.content.elements import Zone

SYMBOL_MM, BADGE_MM, GABLE_MM, METRO_MM = 5.0, 4.4, 1.7, 1.9
AT_HERITAGE, AT_SYMBOLS = 8.0, 12.0
"""What lies over what: later over earlier."""
SIZES = (8.0, 20.0, 40.0, 70.0, 110.0, 170.0)
"""Residents that the sizes of marks stand for."""
DOT_MM = 2.5
"""How wide the largest mark is."""
METRO = "#5F6B78"
_RING_PT, _RIM_PT = 0.75, 0.25
_GABLE_UNITS = 11
_PT_PER_MM = 72 / 25.4


@dataclass(frozen=True, slots=True)
class Spot:
    """A symbol on the sheet: where its middle stands, how wide it is, what it is called."""

    x: float
    y: float
    size_mm: float
    name: str = ""

    @property
    def at(self) -> tuple[float, float]:
        """Where its middle stands."""
        return self.x, self.y


def draw_symbol(canvas: Canvas, kind: Kind, spot: Spot, z: float, *, verified: bool) -> None:
    """Draw the symbol of a kind: filled where its position is verified, else hollow and dashed."""
    unit = spot.size_mm / symbols.BOX
    paths, ink = symbols.body(kind, verified=verified)
    middle = f"translate({-symbols.BOX / 2:g} {-symbols.BOX / 2:g})"
    canvas.symbol(spot.at, unit, z, f'<g transform="{middle}">{paths}</g>')
    base, size = symbols.letter_place(kind)
    place = (spot.x, spot.y + (symbols.BOX / 2 - base) * unit)
    style = TextStyle(size * unit, ink, bold=True, role="letter")
    canvas.text(kind.letter[:2], place, style, align="center", zorder=z)


def draw_badge(canvas: Canvas, zone: Zone, spot: Spot, z: float) -> None:
    """Draw the number of a gap zone."""
    fill, ink = (BEYOND, WHITE) if zone.marked else (WHITE, BEYOND)
    disc = shapely.Point(spot.at).buffer(spot.size_mm / 2 - 0.15, quad_segs=16)
    canvas.shape(disc, z, Paint(fill, BEYOND, 1.1))
    style = TextStyle(spot.size_mm * 0.6, ink, bold=True, role="badge")
    _centred(canvas, str(zone.rank), spot, style, z)


def draw_metro(canvas: Canvas, spot: Spot, z: float) -> None:
    """Draw the symbol of a metro station."""
    half = spot.size_mm / 2
    square = shapely.box(spot.x - half, spot.y - half, spot.x + half, spot.y + half)
    canvas.shape(square, z, Paint(METRO, WHITE, 0.4))
    style = TextStyle(spot.size_mm * 0.8, WHITE, bold=True, role="letter")
    _centred(canvas, "M", spot, style, z)


def draw_gables(canvas: Canvas, at: Floats, wide_mm: float, z: float = AT_HERITAGE) -> None:
    """Draw protected buildings, so wide, at places on the sheet, shape (k, 2)."""
    shape = symbols.GABLE, symbols.MARK_BOX
    canvas.marks(at, shape, wide_mm / _GABLE_UNITS, z, Paint(HERITAGE, WHITE, 0.3))


def draw_grade(canvas: Canvas, at: Floats, grade: Grade, wide_mm: float, z: float) -> None:
    """Draw the mark of a grade, so wide, at places on the sheet, shape (k, 2)."""
    width = min(_RING_PT, wide_mm * 0.5) if grade.mark is Mark.RING else _RIM_PT
    scale = (wide_mm - width / _PT_PER_MM) / symbols.MARK_DISC
    shape = symbols.mark_outline(grade.mark), symbols.MARK_BOX
    canvas.marks(at, shape, scale, z, Paint(grade.fill, grade.line, width))


def size_class(people: Floats) -> NDArray[np.int64]:
    """Return for each number of residents which of `SIZES` it is drawn with, shape (k,)."""
    between = np.sqrt(np.array(SIZES[:-1]) * np.array(SIZES[1:]))
    return np.searchsorted(between, people).astype(np.int64)


def dot_mm(people: Floats) -> Floats:
    """Return how wide a mark of so many residents is: its area tells how many."""
    return np.asarray(DOT_MM * np.sqrt(people / SIZES[-1]))


def _centred(canvas: Canvas, text: str, spot: Spot, style: TextStyle, z: float) -> None:
    base = (spot.x, spot.y - style.size_mm * RISE)
    canvas.text(text, base, style, align="center", zorder=z)
