"""The map of the sheet to print: streets, ground within reach, the way, numbered places.

Drawn as an SVG of its own, in tenths of a millimetre, so that it stays sharp and
needs nothing from outside. Every text in it is escaped.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from circle.geo.crs import to_metric
from circle.i18n import language, t
from circle.maps.base_map import WEIGHTS
from circle.maps.escaping import escape
from circle.maps.labels import ZOOMS, labels
from circle.maps.ramp import band_colours
from circle.maps.symbols import colour_of
from circle.network.graph import segment_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from shapely import Geometry

    from circle.model import District, Floats, Isochrone, Kind, Path

UNITS_PER_MM = 10
_PATH_PX = 1.1
_LABEL = 30
_PIN = 34
_CLEAR = 78
_MOST_MOVES = 40
_LEAST_M = 500.0
_SCALES = (50, 100, 200, 300, 500, 1000)
_INK, _STREET, _WAY = "#1B1B1B", "#CFC9BE", "#14524D"
_EQUATOR_M_PER_PX, _LABEL_PX, _NEARLY = 156543.034, 12.0, 0.99


@dataclass(frozen=True, slots=True)
class Pin:
    """A place with its number in the list; metres. The map is made to show the near ones."""

    number: int
    x: float
    y: float
    kind: Kind
    verified: bool
    near: bool


@dataclass(frozen=True, slots=True)
class _Frame:
    """What of the ground is shown: its western and northern edge, metres a unit, units."""

    west: float
    north: float
    scale: float
    wide: int
    high: int

    def units(self, xy: Floats) -> Floats:
        moved = (xy - [self.west, self.north]) / [self.scale, -self.scale]
        return np.asarray(moved, dtype=np.float64)

    @property
    def ground(self) -> tuple[float, float, float, float]:
        return (
            self.west,
            self.north - self.high * self.scale,
            self.west + self.wide * self.scale,
            self.north,
        )


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


def svg(district: District, drawn: Drawn, size_mm: tuple[float, float], font: str) -> str:
    """Return the map as an SVG document.

    Parameters
    ----------
    district
        Its streets, names and boundary are the ground.
    drawn
        What is drawn on it.
    size_mm
        Width and height.
    font
        Family of the texts.
    """
    frame = _frame(drawn, size_mm)
    dashed = 'stroke="#4A4A4A" stroke-width="5" stroke-dasharray="22 14"'
    parts = [
        *_bands(frame, drawn.isochrones),
        *_streets(frame, district),
        _line(frame, district.boundary.boundary, dashed),
        *_labels(frame, district),
        *([] if drawn.way is None else _walk(frame, drawn.way)),
        *_pins(frame, drawn.pins, frame.units(drawn.home)),
        _house(frame, drawn.home),
        _scale_bar(frame),
    ]
    size = f'width="{frame.wide}" height="{frame.high}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {frame.wide} {frame.high}" {size} '
        f'font-family="{escape(font)}"><clipPath id="frame"><rect {size}/></clipPath>'
        f'<g clip-path="url(#frame)"><rect {size} fill="#FFFFFF"/>{"".join(parts)}</g></svg>'
    )


def _frame(drawn: Drawn, size_mm: tuple[float, float]) -> _Frame:
    shapes: list[Geometry] = [one.geometry for one in drawn.isochrones[-1:]]
    shapes += [shapely.Point(pin.x, pin.y) for pin in drawn.pins if pin.near]
    shapes.append(shapely.Point(drawn.home))
    if drawn.way is not None:
        shapes.append(shapely.LineString(drawn.way.xy))
    west, south, east, north = shapely.total_bounds(np.array(shapes, object))
    wide, high = (round(mm * UNITS_PER_MM) for mm in size_mm)
    room = 2 * _CLEAR  # so that no pin is cut by the frame
    scale = max((east - west) / (wide - room), (north - south) / (high - room), _LEAST_M / wide)
    left = (west + east) / 2 - wide * scale / 2
    return _Frame(left, (south + north) / 2 + high * scale / 2, scale, wide, high)


def _d(frame: _Frame, shape: Geometry) -> str:
    """Return a shape as the data of an SVG path, cut to the frame's surroundings."""
    near = shapely.simplify(shapely.clip_by_rect(shape, *frame.ground), frame.scale * 2)
    found = []
    for part in shapely.get_parts(shapely.get_rings(near) if near.area else near):
        xy = frame.units(shapely.get_coordinates(part))
        if len(xy) > 1:
            found.append("M" + "L".join(f"{x:.0f} {y:.0f}" for x, y in xy))
    return "".join(found)


def _line(frame: _Frame, shape: Geometry, style: str) -> str:
    joined = 'fill="none" stroke-linejoin="round" stroke-linecap="round"'
    return f'<path d="{_d(frame, shape)}" {joined} {style}/>'


def _bands(frame: _Frame, isochrones: Sequence[Isochrone]) -> Iterable[str]:
    colours = band_colours(len(isochrones))
    for one, (fill, line) in reversed(list(zip(isochrones, colours, strict=True))):
        data = _d(frame, one.geometry)
        yield (
            f'<path d="{data}" fill="{fill}" fill-opacity="0.42" fill-rule="evenodd" '
            f'stroke="{line}" stroke-width="3"/>'
        )


def _streets(frame: _Frame, district: District) -> Iterable[str]:
    network = district.network
    first = [str(name).split(";")[0].removesuffix("_link") for name in network.segment_class]
    widths = np.array([WEIGHTS.get(name, _PATH_PX) for name in first])
    lines = segment_lines(network)
    near = shapely.intersects(lines, shapely.box(*frame.ground))
    for width in np.unique(widths[near]):
        shape = shapely.line_merge(shapely.multilinestrings(lines[near & (widths == width)]))
        yield _line(frame, shape, f'stroke="{_STREET}" stroke-width="{2 + 3.4 * width:.0f}"')


@lru_cache(maxsize=4)
def _names(district: District, _language: str) -> list[dict[str, Any]]:
    return labels(district)


def _labels(frame: _Frame, district: District) -> Iterable[str]:
    """Draw the names that have room at the sheet's scale, as the map on screen has them."""
    rows = [row for row in _names(district, language()) if row["kind"] != "area"]
    if not rows:
        return
    degrees = np.array([row["at"] for row in rows])
    xy = to_metric(degrees[:, 0], degrees[:, 1], district.crs)
    equator = _EQUATOR_M_PER_PX * math.cos(math.radians(float(degrees[:, 1].mean())))
    size = min(_LABEL, _LABEL_PX * equator / 2 ** ZOOMS[0] / frame.scale)
    west, south, east, north = frame.ground
    for row, (x, y) in zip(rows, xy, strict=True):
        room = _LABEL_PX * equator / 2 ** row["zoom"] / frame.scale
        if room < size * _NEARLY or not (west < x < east and south < y < north):
            continue
        right, down = frame.units(np.array([x, y]))
        yield (
            f'<text x="{right:.0f}" y="{down + size * 0.36:.0f}" text-anchor="middle" '
            f'transform="rotate({row["angle"]} {right:.0f} {down:.0f})" '
            f'font-size="{size:.0f}" fill="#4F4B45" stroke="#FFFFFF" stroke-width="7" '
            f'paint-order="stroke">{escape(row["text"])}</text>'
        )


def _walk(frame: _Frame, way: Path) -> Iterable[str]:
    line = shapely.LineString(way.xy)
    yield _line(frame, line, 'stroke="#FFFFFF" stroke-width="30"')
    yield _line(frame, line, f'stroke="{_WAY}" stroke-width="17"')


def _pins(frame: _Frame, pins: Sequence[Pin], home: Floats) -> Iterable[str]:
    """Draw the pins that the frame holds; one that was moved is tied to its place."""
    places = frame.units(np.array([(pin.x, pin.y) for pin in pins], float).reshape(-1, 2))
    shown = [i for i, (x, y) in enumerate(places) if 0 < x < frame.wide and 0 < y < frame.high]
    moved = _apart(places[shown], home)
    for (at_x, at_y), (x, y) in zip(places[shown], moved, strict=True):
        if math.hypot(x - at_x, y - at_y) > _PIN:
            line = f"M{at_x:.0f} {at_y:.0f}L{x:.0f} {y:.0f}"
            yield f'<path d="{line}" stroke="{_INK}" stroke-width="4"/>'
    for i, (x, y) in zip(shown, moved, strict=True):
        yield _pin(pins[i], x, y)


def _pin(pin: Pin, x: float, y: float) -> str:
    colour = colour_of(pin.kind)
    fill, ink = (colour, "#FFFFFF") if pin.verified else ("#FFFFFF", colour)
    ring = 'stroke="#FFFFFF"' if pin.verified else f'stroke="{colour}" stroke-dasharray="11 7"'
    return (
        f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{_PIN}" fill="{fill}" {ring} stroke-width="5"/>'
        f'<text x="{x:.0f}" y="{y + 15:.0f}" font-size="42" font-weight="700" '
        f'text-anchor="middle" fill="{ink}">{pin.number}</text>'
    )


def _apart(places: Floats, home: Floats) -> Floats:
    """Move pins until none hides another, nor stands on the house."""
    pins = np.array(places, float)
    for _ in range(_MOST_MOVES):
        moved = False
        for i in range(len(pins)):
            for other, room in [(home, _CLEAR), *((pins[j], 2 * _PIN + 4) for j in range(i))]:
                away = pins[i] - other
                far = float(np.hypot(*away))
                if far < room - 1:
                    angle = 2.4 * i  # a turn that no two pins share
                    aside = np.array([math.cos(angle), math.sin(angle)])
                    pins[i] = other + (away / far if far > 1 else aside) * room
                    moved = True
        if not moved:
            break
    return pins


def _house(frame: _Frame, home: Floats) -> str:
    x, y = frame.units(home)
    return (
        f'<g transform="translate({x:.0f} {y:.0f})"><circle r="40" fill="#FFFFFF" '
        f'stroke="{_INK}" stroke-width="8"/>'
        f'<path d="M-22 2L0 -21L22 2H15V19H-15V2Z" fill="{_INK}"/></g>'
    )


def _scale_bar(frame: _Frame) -> str:
    metres = max(one for one in _SCALES if one == _SCALES[0] or one < frame.wide * frame.scale / 4)
    wide, y = metres / frame.scale, frame.high - 46
    label = escape(t("unit.metres", n=metres))
    return (
        f'<g><rect x="30" y="{y - 44}" width="{wide + 40:.0f}" height="74" rx="10" fill="#FFFFFF" '
        f'fill-opacity="0.85"/><path d="M50 {y - 12}V{y + 6}H{50 + wide:.0f}V{y - 12}" fill="none" '
        f'stroke="{_INK}" stroke-width="5"/><text x="{50 + wide / 2:.0f}" y="{y - 10}" '
        f'text-anchor="middle" font-size="30" fill="{_INK}">{label}</text>'
        f'<text x="{frame.wide - 60}" y="78" text-anchor="middle" font-size="38" '
        f'font-weight="700" fill="{_INK}">{escape(t("sheet.north"))}</text>'
        f'<path d="M{frame.wide - 60} 90L{frame.wide - 44} 132L{frame.wide - 60} 120'
        f'L{frame.wide - 76} 132Z" fill="{_INK}"/></g>'
    )
