"""The answers on a printed map: bands, gap zones, residents, heritage, facilities."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from circle.geo.shapes import multipolygon
from circle.maps.colours import BEYOND
from circle.maps.fan import fan_offsets
from circle.maps.grades import Mark
from circle.maps.ramp import band_colours, mixed
from circle.model import derived
from circle.network.graph import segment_lines
from circle.report.print_map.canvas import INK, PAPER, Canvas, Paint, line
from circle.report.print_map.printed_symbols import (
    AT_SYMBOLS,
    DOT_MM,
    GABLE_MM,
    SIZES,
    SYMBOL_MM,
    Spot,
    dot_mm,
    draw_gables,
    draw_grade,
    draw_symbol,
    size_class,
)
from circle.words import wording

if TYPE_CHECKING:
    from circle.model import District, Floats
    from circle.report.content.elements import Map, Zone
    from circle.report.print_map.basemap import View

ROAD = Paint("none", "#1F3D8A", 1.5, (0.01, 1.8), round_ends=True)
"""How a road that is never to be widened is drawn."""
LEADER = Paint("none", INK, 0.45)
"""How a line from a symbol to its name or to its place is drawn."""
AT_LEADERS = AT_SYMBOLS - 3
_AT_BANDS, _AT_ZONES, _AT_POINTS, _AT_ROADS = 2.0, 4.0, 6.0, 7.0
_BAND_SHARE = 0.85
"""How much of a band's colour lies on the ground."""
_LEAST_PEOPLE = 0.5
_FAN_M, _MOVED = 50.0, 0.75
"""Places linked by steps of at most this make a fan; a symbol moved by more than so many of
its widths shows where it belongs."""
_HATCH_MM = 1.5
_CLOSE_M = 12.0
"""Slits between frontages narrower than twice this are drawn closed."""
_HOLE_M2 = 20_000.0
"""Holes below this, in which nobody lives, are drawn closed."""


def draw_bands(canvas: Canvas, shown: Map, view: View) -> None:
    """Fill the ground within each limit, the nearest darkest and on top."""
    ordered = sorted(shown.bands, key=lambda band: band.minutes)
    for band, paint in reversed(list(zip(ordered, band_paints(len(ordered)), strict=True))):
        canvas.shape(view.shape(band.geometry), _AT_BANDS, paint)


def band_paints(count: int) -> list[Paint]:
    """Return how so many bands are drawn, the nearest first."""
    return [band_paint(colours) for colours in band_colours(count)]


def band_paint(colours: tuple[str, str]) -> Paint:
    """Return how a band of a fill and an outline is drawn."""
    fill, edge = colours
    return Paint(mixed(PAPER, fill, _BAND_SHARE), edge, 0.6)


def draw_zones(canvas: Canvas, shown: Map, view: View) -> list[Any]:
    """Hatch the gap zones, the marked one most; return the ground of each on the sheet."""
    homes = view.mm(shown.xy)
    some_marked = any(zone.marked for zone in shown.zones)
    grounds = [_whole(view, zone, homes) for zone in shown.zones]
    for zone, ground in zip(shown.zones, grounds, strict=True):
        faint = some_marked and not zone.marked
        draw_hatched(
            canvas, ground, _AT_ZONES, _HATCH_MM * view.size, faint=faint, marked=zone.marked
        )
    return grounds


def draw_hatched(
    canvas: Canvas,
    shape: Any,  # noqa: ANN401 - shapely
    z: float,
    every_mm: float,
    *,
    faint: bool = False,
    marked: bool = False,
) -> None:
    """Draw a gap zone: tinted, hatched, in a dashed line; the marked one in a strong line."""
    canvas.shape(shape, z, Paint(BEYOND, opacity=0.05 if faint else 0.11))
    hatches = Paint("none", BEYOND, 0.42, opacity=0.25 if faint else 0.6)
    canvas.shape(hatching(shape, every_mm), z, hatches)
    dash, width = (None, 1.5) if marked else ((4.0, 2.0), 0.9)
    canvas.shape(shape, z, Paint("none", BEYOND, width, dash, 0.6 if faint else 1.0))


def hatching(shape: Any, every_mm: float) -> Any:  # noqa: ANN401 - shapely
    """Return lines across a shape on the sheet, rising to the right, `every_mm` apart.

    They hang on the sheet and not on the shape, so that those of neighbours meet.
    """
    if shapely.is_empty(shape):
        return shapely.MultiLineString()
    left, bottom, right, top = shapely.bounds(shape)
    step = every_mm * 2**0.5
    first = np.arange(np.floor((bottom - right) / step), np.ceil((top - left) / step) + 1) * step
    ends = np.stack(
        [
            np.column_stack([np.full(len(first), left), left + first]),
            np.column_stack([np.full(len(first), right), right + first]),
        ],
        axis=1,
    )
    shapely.prepare(shape)
    return shapely.union_all(shapely.intersection(shapely.linestrings(ends), shape))


def draw_people(canvas: Canvas, shown: Map, view: View) -> None:
    """Draw where residents are, most first, each by its grade; other marks over discs and rings."""
    if shown.graded is None:
        return
    at = view.mm(shown.xy)
    seen = view.seen(at, -DOT_MM) & (shown.people >= _LEAST_PEOPLE)
    size = size_class(shown.people)
    for step, grade in enumerate(shown.graded.scale.grades):
        over = 0.5 if grade.mark in {Mark.DIAMOND, Mark.CROSS} else 0.0
        for row, wide in enumerate(dot_mm(np.array(SIZES)).tolist()):
            drawn = seen & (shown.graded.step == step) & (size == row)
            if drawn.any():
                order = _AT_POINTS + over - row / 100
                draw_grade(canvas, at[drawn], grade, wide * view.dots, order)


def draw_heritage(canvas: Canvas, district: District, view: View) -> None:
    """Draw protected buildings as small gables."""
    at = view.mm(district.heritage[["x", "y"]].to_numpy(np.float64))
    draw_gables(canvas, at[view.seen(at)], GABLE_MM * view.size)


def draw_roads(canvas: Canvas, district: District, view: View) -> None:
    """Dot the roads that are never to be widened."""
    canvas.shape(view.shape(never_widened(district)), _AT_ROADS, ROAD)


@derived
def never_widened(district: District) -> Any:  # noqa: ANN401 - shapely
    """Return the roads that are never to be widened, in metres."""
    kept = set(district.never_widened["name"])
    names = district.network.segment_name
    roads = np.array([not kept.isdisjoint(str(name or "").split(";")) for name in names], np.bool_)
    return shapely.multilinestrings(segment_lines(district.network)[roads])


def draw_facilities(canvas: Canvas, district: District, shown: Map, view: View) -> list[Spot]:
    """Draw the symbol of each place in sight, those at one address side by side; return them."""
    places = shown.places[shown.places["kind"].isin(list(district.kinds))]
    size = SYMBOL_MM * view.size
    xy = places[["x", "y"]].to_numpy(np.float64).reshape(-1, 2)
    near_m = min(size * view.metres_per_mm, _FAN_M)
    tenths = fan_offsets(xy, round(size * 10), near_m)
    true = view.mm(xy)
    at = true + np.array(tenths, float).reshape(-1, 2) * (0.1, -0.1)
    spots = []
    for row in np.flatnonzero(view.seen(at, size / 2)):
        place = places.iloc[row]
        spot = Spot(float(at[row, 0]), float(at[row, 1]), size, wording.name_of(place))
        if np.hypot(*(at[row] - true[row])) > _MOVED * size:
            canvas.shape(line(spot.at, tuple(true[row])), AT_LEADERS, LEADER)
        verified = bool(place["verified"])
        draw_symbol(canvas, district.kinds[place["kind"]], spot, AT_SYMBOLS, verified=verified)
        spots.append(spot)
    return spots


def _whole(view: View, zone: Zone, homes: Floats) -> Any:  # noqa: ANN401 - shapely
    """Return the ground of a zone on the sheet, without slits and without holes of nobody."""
    near = _CLOSE_M / view.metres_per_mm
    closed = view.shape(zone.geometry).buffer(near, quad_segs=4).buffer(-near, quad_segs=4)
    most = _HOLE_M2 / view.metres_per_mm**2

    def lived_in(ring: Any) -> bool:  # noqa: ANN401 - shapely
        hole = shapely.Polygon(ring)
        return bool(hole.area > most or shapely.contains_xy(hole, homes).any())

    return shapely.MultiPolygon(
        [
            shapely.Polygon(part.exterior, [ring for ring in part.interiors if lived_in(ring)])
            for part in shapely.get_parts(multipolygon(closed))
        ]
    )
