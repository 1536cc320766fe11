"""Names on a printed map: clear of symbols and of one another, and off residents where that can be.

What matters more is placed first: numbers of gap zones, names of places, areas,
stations, streets. A name for which there is no room is left out.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from circle.maps.placing import Sheet, inner_points, named_streets, upright
from circle.report.print_map.canvas import INK, PAPER, SURROUNDINGS, Canvas, TextStyle, line
from circle.report.print_map.glyphs import LEADING, RISE, evenly, shortened, width_mm
from circle.report.print_map.printed_symbols import (
    AT_SYMBOLS,
    BADGE_MM,
    METRO_MM,
    Spot,
    draw_badge,
    draw_metro,
)
from circle.report.print_map.thematic import AT_LEADERS, LEADER, never_widened

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from circle.maps.placing import Place
    from circle.model import Bools, District
    from circle.report.content.elements import Map
    from circle.report.print_map.basemap import View

PLACE = TextStyle(2.5, INK, role="place")
AREA = TextStyle(3.9, "#6E6557", bold=True, role="area")
METRO = TextStyle(2.2, "#57606B", role="metro")
STREET = TextStyle(2.2, "#625D55", role="street")
_BOX_HIGH = 1.14
"""Room that a line takes, in sizes of its text."""
_AIR_MM = 0.5
_EDGE_MM = 1.0
_AT_NAMES = 10.0
_PLACE_ROOM_MM, _PLACE_LINES = 27.0, 3
_NAME_ROOM_MM = 34.0
_SIDES = ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (1, -1), (-1, 1), (-1, -1))
_ROUND, _FAR_MM = 16, (4.0, 8.0, 12.0)
_CROSSING, _BESIDE, _LED, _LATER, _OFF_MIDDLE = 2.0, 1.5, 5.0, 0.25, 2.0
"""What it costs, in points covered: to stand on the outline, a line between areas or a
dotted road, beside its street, at the end of a leader, on a less good side, off the middle."""
_STEPS = 9
_CORNER = 0.88
_STRAIGHT = 0.97
_BESIDE_MM = 1.0


class Placement:
    """What is taken on the sheet, and what a name would rather not cover."""

    def __init__(self, view: View, district: District, shown: Map) -> None:
        self.view = view
        self.room = Sheet(1.0)
        kept = [shown.xy, *(district.heritage[["x", "y"]].to_numpy(float),) * shown.heritage]
        at = view.mm(np.concatenate(kept))
        seen = at[view.seen(at)]
        self._points = seen[np.argsort(seen[:, 0], kind="stable")]
        self._district = view.shape(district.boundary)
        shapely.prepare(self._district)
        edges = [district.boundary.boundary, *(area.polygon.boundary for area in district.areas)]
        edges += [never_widened(district)] * shown.roads
        self._edges = shapely.STRtree(shapely.get_parts(view.shape(np.array(edges, object))))
        self._inner = view.frame.inset(_EDGE_MM).corners

    def within(self, margin_mm: float) -> Any:  # noqa: ANN401 - shapely
        """Return the frame without a margin, as a shape."""
        return shapely.box(*self.view.frame.inset(margin_mm).corners)

    def inside(self, place: Place) -> bool:
        """Return whether a place lies in the district."""
        return bool(shapely.contains_xy(self._district, place[0], place[1]))

    def crossed(self, spot: Spot, places: Sequence[Place]) -> Bools:
        """Return which leaders from a symbol to its name would cross another symbol or name."""
        leaders = shapely.linestrings([_ends(spot, place) for place in places])
        ground = self.room.ground
        others = shapely.STRtree(ground[~shapely.contains_xy(ground, spot.x, spot.y)])
        crossed = np.zeros(len(places), np.bool_)
        crossed[others.query(leaders, "intersects")[0]] = True
        return crossed

    def take(self, spots: Iterable[Spot]) -> None:
        """Let no name stand on symbols."""
        for spot in spots:
            self.room.take((spot.x, spot.y, spot.size_mm + 0.4, spot.size_mm + 0.4, 0.0))

    def cost(self, place: Place) -> float:
        """Return what a place costs; infinite where something stands or the frame ends."""
        left, bottom, right, top = self._inner
        corners = self.room.corners(place)
        if not all(left <= x <= right and bottom <= y <= top for x, y in corners):
            return math.inf
        box = self.room.box(place)
        if not self.room.clear(box):
            return math.inf
        crossed = len(self._edges.query(box, "intersects")) > 0
        return self._covered(place) + _CROSSING * crossed

    def _covered(self, place: Place) -> int:
        """Return how many points a name would stand on."""
        x, y, wide, high, angle = place
        turn, far = math.radians(angle), math.hypot(wide, high) / 2
        near = slice(*np.searchsorted(self._points[:, 0], (x - far, x + far)))
        off = self._points[near] - (x, y)
        right = np.abs(off @ (math.cos(turn), math.sin(turn)))
        up = np.abs(off @ (-math.sin(turn), math.cos(turn)))
        return int(np.count_nonzero((right < wide / 2) & (up < high / 2)))

    def best(self, places: Iterable[tuple[Place, float]]) -> Place | None:
        """Take and return the cheapest of places with what each costs beforehand."""
        found, least = None, math.inf
        for place, extra in places:
            if least <= 0:
                break
            if extra >= least:
                continue
            cost = self.cost(place) + extra
            if cost < least:
                found, least = place, cost
        if found is not None:
            self.room.take(found)
        return found


def draw_labels(
    canvas: Canvas,
    district: District,
    shown: Map,
    placement: Placement,
    drawn: tuple[Sequence[Spot], Any],
) -> None:
    """Write every name that there is room for, and the numbers of gap zones.

    Parameters
    ----------
    canvas, district, shown, placement
        The sheet and what it shows.
    drawn
        The symbols of places, and the ground of each gap zone, as they are drawn.
    """
    symbols, grounds = drawn
    placement.take(symbols)
    by_mark = sorted(zip(shown.zones, grounds, strict=True), key=lambda z: not z[0].marked)
    for zone, ground in by_mark:
        spot = _badge(ground, placement)
        if spot is not None:
            draw_badge(canvas, zone, spot, AT_SYMBOLS - 1)
    for spot in symbols:
        _place(canvas, spot, placement)
    for area in district.areas:
        _area(canvas, str(area.name), area.polygon, placement)
    draw_ground_names(canvas, district, placement)


def draw_ground_names(canvas: Canvas, district: District, placement: Placement) -> None:
    """Write the names of metro stations and streets that there is room for."""
    _metro(canvas, district, placement)
    _streets(canvas, district, placement)


def _badge(ground: Any, placement: Placement) -> Spot | None:  # noqa: ANN401 - shapely
    """Return where the number of a gap zone stands: inside it, clear of symbols if that can be."""
    size = BADGE_MM * placement.view.size
    around = size + _AIR_MM
    spots = list(_middles(shapely.intersection(ground, placement.within(size / 2))))
    places = [((x, y, around, around, 0.0), row * _LATER / 4) for row, (x, y) in enumerate(spots)]
    place = placement.best(places)
    if place is None and places:
        place = places[0][0]
        placement.room.take(place)
    return None if place is None else Spot(place[0], place[1], size)


def _place(canvas: Canvas, spot: Spot, placement: Placement) -> None:
    """Write the name of a place beside its symbol, else at the end of a leader, else not."""
    style = PLACE.scaled(placement.view.size)
    room = _PLACE_ROOM_MM * placement.view.size
    lines = evenly(spot.name, style.size_mm, room, _PLACE_LINES)
    if not lines:
        return
    wide = max(width_mm(one, style.size_mm) for one in lines)
    high = style.size_mm * (LEADING * (len(lines) - 1) + _BOX_HIGH)
    off = (spot.size_mm / 2 + _AIR_MM + wide / 2, spot.size_mm / 2 + 0.2 + high / 2)
    near = (
        (
            (spot.x + right * off[0] * close, spot.y + up * off[1] * close, wide, high, 0.0),
            row * _LATER,
        )
        for row, (right, up) in enumerate(_SIDES)
        for close in (1.0 if 0 in {right, up} else _CORNER,)
    )
    place = placement.best([*near, *_led(spot, (wide, high), placement)])
    if place is None:
        return
    _leader(canvas, spot, place, placement.view)
    side = np.sign(round((place[0] - spot.x) / wide, 1))
    align = {1.0: "left", -1.0: "right"}.get(float(side), "center")
    x = place[0] - side * wide / 2
    for row, one in enumerate(lines):
        drop = row - (len(lines) - 1) / 2
        y = place[1] - (drop * LEADING + RISE) * style.size_mm
        canvas.text(
            one, (float(x), y), _on(style, place, placement), align=align, zorder=_AT_NAMES + 1
        )


def _led(
    spot: Spot, size: tuple[float, float], placement: Placement
) -> Iterator[tuple[Place, float]]:
    """Return places farther off, with what a leader to each costs."""
    wide, high = size
    places: list[Place] = []
    for far in _FAR_MM:
        reach = spot.size_mm / 2 + far * placement.view.size
        for turn in range(_ROUND):
            angle = 2 * math.pi * turn / _ROUND
            x = spot.x + math.cos(angle) * (reach + wide / 2)
            y = spot.y + math.sin(angle) * (reach + high / 2)
            places.append((x, y, wide, high, 0.0))
    crossed = placement.crossed(spot, places)
    for place, far, over in zip(places, np.repeat(_FAR_MM, _ROUND), crossed, strict=True):
        if not over:
            yield place, _LED + float(far) / 2


def _leader(canvas: Canvas, spot: Spot, place: Place, view: View) -> None:
    ends = _ends(spot, place)
    if math.dist(*ends) > 1.2 * view.size:
        canvas.shape(line(*ends), AT_LEADERS, LEADER)


def _ends(spot: Spot, place: Place) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return where a leader leaves its symbol and where it meets its name."""
    x, y, wide, high, _ = place
    to = (
        min(max(spot.x, x - wide / 2), x + wide / 2),
        min(max(spot.y, y - high / 2), y + high / 2),
    )
    far = max(math.dist((spot.x, spot.y), to), 1e-6)
    share = min(1.0, spot.size_mm / 2 / far)
    return (spot.x + (to[0] - spot.x) * share, spot.y + (to[1] - spot.y) * share), to


def _area(canvas: Canvas, name: str, polygon: Any, placement: Placement) -> None:  # noqa: ANN401 - shapely
    style = AREA.scaled(placement.view.size)
    seen = shapely.intersection(placement.view.shape(polygon), placement.within(0.0))
    text = shortened(name, style.size_mm, _NAME_ROOM_MM * placement.view.size)
    wide, high = width_mm(text, style.size_mm, bold=True), style.size_mm * _BOX_HIGH
    if seen.is_empty or seen.area < wide * high or not text:
        return
    middle = seen.representative_point()
    spots = _middles(seen)
    place = placement.best(
        (
            (x, y, wide, high, 0.0),
            _OFF_MIDDLE * math.hypot(x - middle.x, y - middle.y) / (wide + high),
        )
        for x, y in spots
    )
    if place is not None:
        _along(canvas, text, place, _on(style, place, placement))


def _metro(canvas: Canvas, district: District, placement: Placement) -> None:
    places = district.places
    if places is None or "kind" not in places:
        return
    stations = places[places["kind"].eq("metro")].drop_duplicates("name")
    at = placement.view.mm(stations[["x", "y"]].to_numpy(np.float64))
    for name, (x, y) in zip(stations["name"], at.tolist(), strict=True):
        _station(canvas, str(name), Spot(x, y, METRO_MM * placement.view.size), placement)


def _station(canvas: Canvas, name: str, spot: Spot, placement: Placement) -> None:
    """Draw a station with its name at its right or left; neither where there is no room."""
    style = METRO.scaled(placement.view.size)
    text = shortened(name, style.size_mm, _NAME_ROOM_MM * placement.view.size)
    gap, half = spot.size_mm / 2 + 0.4, spot.size_mm / 2
    wide = gap + width_mm(text, style.size_mm)
    places: list[tuple[Place, float]] = [
        ((spot.x + side * (wide - half) / 2, spot.y, wide + half, spot.size_mm, 0.0), cost)
        for side, cost in ((1, 0.0), (-1, _LATER))
    ]
    place = placement.best(places)
    if place is None:
        return
    draw_metro(canvas, spot, AT_SYMBOLS - 2)
    right = place[0] > spot.x
    at = (spot.x + gap if right else spot.x - gap, spot.y - style.size_mm * RISE)
    own = _on(style, place, placement)
    canvas.text(text, at, own, align="left" if right else "right", zorder=_AT_NAMES)


def _streets(canvas: Canvas, district: District, placement: Placement) -> None:
    """Write street names along their streets, the longest stretches in sight first."""
    style = STREET.scaled(placement.view.size)
    streets = named_streets(district.network)
    names, lines = list(streets), np.array(list(streets.values()), object)
    seen = shapely.intersection(placement.view.shape(lines), placement.within(_EDGE_MM))
    parts, owner = shapely.get_parts(seen, return_index=True)
    straight = shapely.get_dimensions(parts) == 1
    parts, owner = parts[straight], owner[straight]
    lettered: set[int] = set()
    for row in np.argsort(-shapely.length(parts), kind="stable").tolist():
        if owner[row] in lettered:
            continue
        text = shortened(names[owner[row]], style.size_mm, _NAME_ROOM_MM * placement.view.size)
        place = placement.best(_stretches(parts[row], width_mm(text, style.size_mm), style.size_mm))
        if place is not None:
            lettered.add(owner[row])
            _along(canvas, text, place, _on(style, place, placement))


def _stretches(street: Any, wide: float, high: float) -> Iterator[tuple[Place, float]]:  # noqa: ANN401
    """Return places along a street that are straight enough, on it and beside it."""
    spare = street.length - wide * 1.1
    if spare < 0:
        return
    shares = sorted(np.linspace(0, 1, _STEPS), key=lambda share: abs(share - 0.5))
    for share in shares:
        middle = wide * 0.55 + share * spare
        ends = street.interpolate([middle - wide / 2, middle, middle + wide / 2])
        (x0, y0), (x, y), (x1, y1) = shapely.get_coordinates(ends)
        chord = math.hypot(x1 - x0, y1 - y0)
        bent = math.hypot(x - (x0 + x1) / 2, y - (y0 + y1) / 2)
        if chord < _STRAIGHT * wide or bent > high / 3:
            continue
        turn = upright(x1 - x0, y1 - y0)
        size = (wide + _AIR_MM, high * _BOX_HIGH, turn)
        cost = abs(share - 0.5) * _OFF_MIDDLE
        yield ((x0 + x1) / 2, (y0 + y1) / 2, *size), cost
        for side in (1, -1):
            off = side * (high / 2 + _BESIDE_MM)
            aside = (x - math.sin(math.radians(turn)) * off, y + math.cos(math.radians(turn)) * off)
            yield (*aside, *size), cost + _BESIDE


def _along(canvas: Canvas, text: str, place: Place, style: TextStyle) -> None:
    """Write a text about the middle of its place, turned with it."""
    x, y, _, _, turn = place
    drop = style.size_mm * RISE
    angle = math.radians(turn)
    at = (x + math.sin(angle) * drop, y - math.cos(angle) * drop)
    canvas.text(text, at, style, align="center", angle=turn, zorder=_AT_NAMES)


def _middles(shape: Any) -> Iterator[tuple[float, float]]:  # noqa: ANN401 - shapely
    """Return places inside the largest part of a shape, the best first."""
    parts = shapely.get_parts(shape)
    flat = parts[shapely.area(parts) > 0]
    if len(flat):
        yield from inner_points(flat[int(np.argmax(shapely.area(flat)))])


def _on(style: TextStyle, place: Place, placement: Placement) -> TextStyle:
    """Return a type with the colour of the ground that it stands on around it."""
    return replace(style, halo=PAPER if placement.inside(place) else SURROUNDINGS)
