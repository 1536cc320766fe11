"""What a map is drawn on: an SVG measured in millimetres from its lower left corner.

Text is drawn as outlines: whoever reads a file needs no font. What a line of text
says stands in its ``aria-label``, for those who hear it and for searching.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple
from xml.sax.saxutils import escape, quoteattr

import numpy as np
import shapely

from circle.report.print_map.glyphs import outline, width_mm
from circle.report.printable import one_line, printable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from shapely import Geometry

    from circle.model import Floats

INK, QUIET, LINE = "#2B2B2B", "#635E56", "#4A4A4A"
PAPER, SURROUNDINGS, WHITE = "#FCFBF8", "#F5F2ED", "#FFFFFF"
"""Ground of the district, ground around it, and the sheet."""
AT_HALOS, AT_MARGIN = 9.0, 20.0
"""Above these lie names; and what stands off the map, which the frame does not cut."""
_UNITS = 200
"""Of the file, a millimetre."""
_UNITS_PER_PT = _UNITS * 25.4 / 72
_HALO = 0.3
"""How wide the ground of a name is, sizes of its text."""
_BEYOND_MM = 3.0
"""Shapes are cut so far outside the frame that no edge of the cut is seen; the paper covers
this rim again, which costs less than a clip path."""
_BACK = {"left": 0.0, "center": 0.5, "right": 1.0}


class Box(NamedTuple):
    """A rectangle of the sheet, millimetres."""

    left: float
    bottom: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Its right side."""
        return self.left + self.width

    @property
    def top(self) -> float:
        """Its upper side."""
        return self.bottom + self.height

    @property
    def corners(self) -> tuple[float, float, float, float]:
        """Left, bottom, right, top."""
        return self.left, self.bottom, self.right, self.top

    @property
    def middle(self) -> tuple[float, float]:
        """Its middle."""
        return self.left + self.width / 2, self.bottom + self.height / 2

    def inset(self, by_mm: float) -> Box:
        """Return the rectangle that lies `by_mm` inside, or around it where that is below 0."""
        return Box(
            self.left + by_mm, self.bottom + by_mm, self.width - 2 * by_mm, self.height - 2 * by_mm
        )


@dataclass(frozen=True, slots=True)
class TextStyle:
    """How a text is set; `halo` is the colour that lies around its characters, "" for none.

    `role` says what it names: street, area, place, …
    """

    size_mm: float
    colour: str = INK
    bold: bool = False
    halo: str = ""
    role: str = ""

    def scaled(self, size: float) -> TextStyle:
        """Return the style at another size."""
        return replace(self, size_mm=self.size_mm * size)


@dataclass(frozen=True, slots=True)
class Paint:
    """How a shape is filled and outlined; width in points, dashes in widths of the line."""

    fill: str = "none"
    line: str = "none"
    width: float = 1.0
    dash: tuple[float, float] | None = None
    opacity: float = 1.0
    round_ends: bool = False
    mitred: bool = False

    def attributes(self, units: float = _UNITS_PER_PT) -> str:
        """Return the paint as attributes of SVG, with so many units a point."""
        said = f'fill="{self.fill}"'
        if self.line != "none":
            width = self.width * units
            said += f' stroke="{self.line}" stroke-width="{width:.4g}"'
            if self.dash:
                said += ' stroke-dasharray="{:.4g} {:.4g}"'.format(*(width * d for d in self.dash))
            if self.round_ends:
                said += ' stroke-linecap="round"'
            if self.mitred:
                said += ' stroke-linejoin="miter"'
        if self.opacity < 1:
            said += f' fill-opacity="{self.opacity}" stroke-opacity="{self.opacity}"'
        return said


class Canvas:
    """A sheet that is drawn on.

    Parameters
    ----------
    size_mm
        Width and height.
    frame
        What ends all that lies below `AT_MARGIN`.
    """

    def __init__(self, size_mm: tuple[float, float], frame: Box) -> None:
        self.size_mm, self.frame = size_mm, frame
        self._drawn: list[tuple[float, str]] = []
        self._defined: dict[str, str] = {}

    def shape(self, shape: Geometry | None, zorder: float, paint: Paint, role: str = "") -> None:
        """Draw a geometry: polygons with their holes, lines open; nothing for an empty one."""
        if zorder < AT_MARGIN and shape is not None:
            shape = shapely.clip_by_rect(shape, *self.frame.inset(-_BEYOND_MM).corners)
        data = self._data(shape)
        if data:
            named = f' class="{role}"' if role else ""
            self._add(zorder, f'<path d="{data}" {paint.attributes()}{named}/>')

    def symbol(self, at: tuple[float, float], scale_mm: float, zorder: float, drawn: str) -> None:
        """Draw a piece of SVG whose unit is `scale_mm` and whose (0, 0) stands at a place."""
        place = self._units(np.array([at]))[0]
        scale = scale_mm * _UNITS
        transform = f"translate({place[0]} {place[1]}) scale({scale:.5g})"
        self._add(zorder, f'<g transform="{transform}">{drawn}</g>')

    def marks(self, xy: Floats, drawn: tuple[str, float], scale: float, z: float, p: Paint) -> None:
        """Draw one mark at each place of shape (k, 2).

        Parameters
        ----------
        xy
            Millimetres.
        drawn
            An SVG path and the width of the square box that it lies in.
        scale
            Millimetres a unit of that box.
        z, p
            Above what it lies, and how it is painted.
        """
        data, box = drawn
        transform = f"scale({scale * _UNITS:.5g}) translate({-box / 2:g} {-box / 2:g})"
        name = self._define(f'<path d="{data}" transform="{transform}"', "m")
        uses = "".join(
            f'<use xlink:href="#{name}" x="{x}" y="{y}"/>' for x, y in self._units(xy).tolist()
        )
        self._add(z, f"<g {p.attributes(25.4 / 72 / scale)}>{uses}</g>")

    def text(
        self,
        text: str,
        at: tuple[float, float],
        style: TextStyle,
        *,
        align: str = "left",
        angle: float = 0.0,
        zorder: float = AT_MARGIN,
    ) -> None:
        """Write one line from, about or up to a place on its base line.

        Characters that no font has are named by their number.
        """
        said, turn = printable(text), math.radians(angle)
        back = width_mm(said, style.size_mm, bold=style.bold) * _BACK[align]
        start = np.array([(at[0] - math.cos(turn) * back, at[1] - math.sin(turn) * back)])
        x, y = self._units(start)[0]
        uses, along = "", 0.0
        for character in said:
            advance, data = outline(character, bold=style.bold)
            if data:
                name = self._define(f'<path d="{data}"', "c")
                uses += f'<use xlink:href="#{name}" x="{along * 1000:.0f}"/>'
            along += advance
        turned = f" rotate({-angle:.4g})" if angle else ""
        place = f"translate({x} {y}){turned} scale({style.size_mm * _UNITS / 1000:.5g})"
        if style.halo:
            ring = f'fill="none" stroke="{style.halo}" stroke-width="{_HALO * 1000:g}"'
            self._add(AT_HALOS, f'<g transform="{place}" {ring}>{uses}</g>')
        about = f'class="{style.role}" role="img" aria-label={quoteattr(said)}'
        self._add(zorder, f'<g transform="{place}" fill="{style.colour}" {about}>{uses}</g>')

    def svg(self, title: str, alt: str, texts: str) -> str:
        """Return the file.

        Parameters
        ----------
        title, alt
            What it is called and what is seen, for those who do not see it.
        texts
            An SVG of the same sheet that lies over it.
        """
        wide, high = (round(one * _UNITS) for one in self.size_mm)
        ordered = sorted(self._drawn, key=lambda one: one[0])
        within = "".join(drawn for at, drawn in ordered if at < AT_MARGIN)
        around = "".join(drawn for at, drawn in ordered if at >= AT_MARGIN)
        boxes = self.frame, self.frame.inset(-_BEYOND_MM - 1)
        rim = "".join(self._data(shapely.box(*box.corners)) for box in boxes)
        over = texts[texts.index(">") + 1 : texts.rindex("</svg>")]
        return (
            '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
            f'width="{self.size_mm[0]:g}mm" height="{self.size_mm[1]:g}mm" '
            f'viewBox="0 0 {wide} {high}" stroke-linejoin="round">'
            f"<title>{escape(one_line(title))}</title><desc>{escape(one_line(alt))}</desc>"
            f"<defs>{''.join(f'{one} id={name!r}/>' for one, name in self._defined.items())}"
            f'</defs><rect width="{wide}" height="{high}" fill="{WHITE}"/><g>{within}</g>'
            f'<path d="{rim}" fill="{WHITE}" fill-rule="evenodd"/><g>{around}</g>'
            f'<g transform="scale({_UNITS_PER_PT:.7g})">{over}</g></svg>'
        )

    def _add(self, zorder: float, drawn: str) -> None:
        self._drawn.append((zorder, drawn))

    def _define(self, drawn: str, kind: str) -> str:
        return self._defined.setdefault(drawn, f"{kind}{len(self._defined)}")

    def _units(self, mm: Floats) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
        down = (np.asarray(mm, np.float64) - (0.0, self.size_mm[1])) * (_UNITS, -_UNITS)
        return np.rint(down).astype(np.int64)

    def _data(self, shape: Geometry | None) -> str:
        """Return a shape as the data of an SVG path."""
        return "".join(self._runs(shape))

    def _runs(self, shape: Geometry | None) -> Iterable[str]:
        parts = shapely.get_parts(shape)
        dimensions = shapely.get_dimensions(parts)
        rings = shapely.get_rings(shapely.orient_polygons(parts[dimensions == 2]))  # noqa: PLR2004
        for runs, end in ((rings, "Z"), (parts[dimensions == 1], "")):
            coords, owner = shapely.get_coordinates(runs, return_index=True)
            starts = np.flatnonzero(np.diff(owner)) + 1
            for run in np.split(self._units(coords), starts) if len(coords) else ():
                yield f"M{' '.join(map(str, run.ravel().tolist()))}{end}"


def line(*places: tuple[float, float]) -> Geometry:
    """Return an open line through places."""
    return shapely.LineString(places)
