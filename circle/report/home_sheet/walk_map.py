"""The map of the sheet to print: streets, ground within reach, the way, numbered places.

Drawn as the maps of reports are (`circle.report.print_map`), so that it stays sharp and
needs nothing from outside.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from circle.maps.symbols import colour_of
from circle.report.content.elements import Band, Map
from circle.report.print_map.basemap import View, draw_basemap, fitted
from circle.report.print_map.canvas import (
    AT_MARGIN,
    INK,
    WHITE,
    Box,
    Canvas,
    Paint,
    TextStyle,
    line,
)
from circle.report.print_map.glyphs import RISE
from circle.report.print_map.graticule import draw_north, draw_scale
from circle.report.print_map.printed_labels import Placement, draw_ground_names
from circle.report.print_map.printed_symbols import Spot
from circle.report.print_map.thematic import AT_LEADERS, draw_bands

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shapely import Geometry

    from circle.model import District, Floats, Isochrone, Kind, Path

_SIZE = 1.36
"""How large names and streets are, against those of a map on a sheet A4."""
_PIN_MM, _HOUSE_MM = 6.8, 8.0
_CLEAR_MM = 7.8
"""Room around the house, and inside the frame so that no pin is cut."""
_MOST_MOVES = 40
_LEAST_M = 500.0
_SCALE = Box(3.0, 2.5, 58.0, 10.5)
_NORTH_MM = (14.0, 20.5)
_GROUND = Paint(WHITE, opacity=0.85)
_WAY = (
    Paint("none", WHITE, 8.5, round_ends=True),
    Paint("none", "#14524D", 4.8, round_ends=True),
)
_LEADER, _RIM = Paint("none", INK, 1.1), Paint(WHITE, INK, 2.3)
_HOUSE = f'<path d="M-22 2L0 -21L22 2H15V19H-15V2Z" fill="{INK}"/>'
_AT_WAY, _AT_PINS = 6.0, 12.0


@dataclass(frozen=True, slots=True)
class Pin:
    """A place with its number in the list; metres. The map is made to show the near ones."""

    number: int
    x: float
    y: float
    kind: Kind
    verified: bool
    near: bool


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """What is drawn on the streets.

    Attributes
    ----------
    isochrones
        The ground within each limit, ascending; the map shows the last whole.
    pins
        The places of the list.
    home
        Shape (2,): where one starts, metres.
    way
        A walk, or None.
    """

    isochrones: Sequence[Isochrone]
    pins: Sequence[Pin]
    home: Floats
    way: Path | None


def svg(district: District, drawn: Drawn, size_mm: tuple[float, float], title: str) -> str:
    """Return the map as an SVG document.

    Parameters
    ----------
    district
        Its streets, names and boundary are the ground.
    drawn
        What is drawn on it.
    size_mm
        Width and height.
    title
        What is seen on it.

    Raises
    ------
    FontError
        When this machine has no font that prints Chinese.
    """
    view, way = _view(drawn, Box(0.0, 0.0, *size_mm)), drawn.way
    bands = tuple(Band(ground.minutes, ground.geometry) for ground in drawn.isochrones)
    xy = np.empty((0, 2)) if way is None else way.xy
    shown = Map("sheet", title, title, view.bounds, district.facilities[:0], xy, bands=bands)
    canvas, placement = Canvas(size_mm, view.frame), Placement(view, district, shown)
    draw_basemap(canvas, district, view)
    draw_bands(canvas, shown, view)
    for paint in _WAY if way is not None else ():
        canvas.shape(view.shape(shapely.LineString(xy)), _AT_WAY, paint)
    placement.take([*_pins(canvas, view, drawn), _house(canvas, view, drawn.home)])
    north = Box(size_mm[0] - _NORTH_MM[0], size_mm[1] - _NORTH_MM[1], *_NORTH_MM).inset(1.0)
    for box in (_SCALE, north):
        canvas.shape(shapely.box(*box.corners), AT_MARGIN, _GROUND)
        placement.room.take((*box.middle, box.width, box.height, 0.0))
    draw_ground_names(canvas, district, placement)
    draw_scale(canvas, view, _SCALE.inset(1.5), ratio=False)
    draw_north(canvas, view, north, district.crs)
    return canvas.svg(title, "", "<svg></svg>")


def _view(drawn: Drawn, frame: Box) -> View:
    shapes: list[Geometry] = [ground.geometry for ground in drawn.isochrones[-1:]]
    shapes += [shapely.Point(pin.x, pin.y) for pin in drawn.pins if pin.near]
    shapes.append(shapely.Point(drawn.home))
    if drawn.way is not None:
        shapes.append(shapely.LineString(drawn.way.xy))
    west, south, east, north = shapely.total_bounds(np.array(shapes, object)).tolist()
    near = fitted((west, south, east, north), frame.inset(_CLEAR_MM), _SIZE, round_scale=False)
    return View(frame, near.middle, max(near.metres_per_mm, _LEAST_M / frame.width), _SIZE)


def _pins(canvas: Canvas, view: View, drawn: Drawn) -> list[Spot]:
    """Draw the pins that the frame holds; one that was moved is tied to its place."""
    places = view.mm(np.array([(pin.x, pin.y) for pin in drawn.pins], float).reshape(-1, 2))
    shown = np.flatnonzero(view.seen(places)).tolist()
    moved = _apart(places[shown], view.mm(drawn.home)).tolist()
    spots = [Spot(x, y, _PIN_MM) for x, y in moved]
    for row, spot in zip(shown, spots, strict=True):
        at = (float(places[row, 0]), float(places[row, 1]))
        if math.dist(spot.at, at) > _PIN_MM / 2:
            canvas.shape(line(at, spot.at), AT_LEADERS, _LEADER)
        _pin(canvas, drawn.pins[row], spot)
    return spots


def _pin(canvas: Canvas, pin: Pin, spot: Spot) -> None:
    colour = colour_of(pin.kind)
    fill, ink = (colour, WHITE) if pin.verified else (WHITE, colour)
    ring = Paint(fill, WHITE if pin.verified else colour, 1.4, None if pin.verified else (2.2, 1.4))
    disc = shapely.Point(spot.at).buffer(_PIN_MM / 2, quad_segs=16)
    canvas.shape(disc, _AT_PINS, ring, "pin")
    style = TextStyle(4.2, ink, bold=True, role="number")
    base = (spot.x, spot.y - style.size_mm * RISE)
    canvas.text(str(pin.number), base, style, align="center", zorder=_AT_PINS)


def _apart(places: Floats, home: Floats) -> Floats:
    """Move pins until none hides another, nor stands on the house; millimetres."""
    pins = np.array(places, float)
    for _ in range(_MOST_MOVES):
        moved = False
        for i in range(len(pins)):
            for other, room in [(home, _CLEAR_MM), *((pin, _PIN_MM + 0.4) for pin in pins[:i])]:
                away = pins[i] - other
                far = float(np.hypot(*away))
                if far < room - 0.1:
                    angle = 2.4 * i  # a turn that no two pins share
                    aside = np.array([math.cos(angle), math.sin(angle)])
                    pins[i] = other + (away / far if far > 0.1 else aside) * room  # noqa: PLR2004
                    moved = True
        if not moved:
            break
    return pins


def _house(canvas: Canvas, view: View, home: Floats) -> Spot:
    x, y = view.mm(home).tolist()
    disc = shapely.Point(x, y).buffer(_HOUSE_MM / 2, quad_segs=16)
    canvas.shape(disc, _AT_PINS, _RIM, "house")
    canvas.symbol((x, y), 0.1, _AT_PINS, _HOUSE)
    return Spot(x, y, _HOUSE_MM)
