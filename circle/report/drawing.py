"""The answers on a printed map: bands, gap zones, residents, signs of places."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from matplotlib.path import Path

from circle.geo.shapes import multipolygon
from circle.maps.colours import BEYOND, HERITAGE
from circle.maps.fan import fan_offsets
from circle.maps.grades import Mark
from circle.maps.ramp import band_colours, mixed
from circle.maps.symbols import colour_of
from circle.network.graph import segment_lines
from circle.report.ground import (
    AT_BANDS,
    AT_HERITAGE,
    AT_POINTS,
    AT_ROADS,
    AT_SIGNS,
    AT_ZONES,
    View,
)
from circle.report.page import INK, PAPER, WHITE, Page, Type, line
from circle.report.signs import gable, handle_of, letter_of, mark_of, shape_of
from circle.report.typesetting import PT_PER_MM, RISE
from circle.words import wording

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circle.maps.grades import Grade
    from circle.model import District, Floats, Kind
    from circle.report.content.elements import Map, Zone

SIGN_MM, BADGE_MM, GABLE_MM, METRO_MM = 5.0, 4.4, 1.7, 1.9
ROAD: dict[str, Any] = {
    "edgecolor": "#1F3D8A", "linewidth": 1.5, "linestyle": (0, (0.01, 1.8)), "capstyle": "round",
}  # fmt: skip
"""How a road that is never to be widened is drawn."""
METRO = "#5F6B78"
SIZES = (8.0, 20.0, 40.0, 70.0, 110.0, 170.0)
"""Residents that the sizes of marks stand for."""
DOT_MM = 2.5
"""How wide the largest mark is."""
BAND_SHARE = 0.85
"""How much of a band's colour lies on the ground."""
_LEAST_PEOPLE = 0.5
LEADER: dict[str, Any] = {"edgecolor": INK, "linewidth": 0.45}
"""How a line from a sign to its name or to its place is drawn."""
_FAN_M, _MOVED = 50.0, 0.75
"""Places linked by steps of at most this make a fan; a sign moved by more than so many of
its widths shows where it belongs."""
_HATCH_MM, _HATCH_PT = 1.5, 0.42
_CLOSE_M = 12.0
"""Slits between frontages narrower than twice this are drawn closed."""
_HOLE_M2 = 20_000.0
"""Holes below this, in which nobody lives, are drawn closed."""
_RING_PT, _RIM_PT = 0.75, 0.25


@dataclass(frozen=True, slots=True)
class Spot:
    """A sign on the sheet: where its middle stands, how wide it is, what it is called."""

    x: float
    y: float
    size_mm: float
    name: str = ""


def draw_bands(page: Page, shown: Map, view: View) -> None:
    """Fill the ground within each limit, the nearest darkest and on top."""
    ordered = sorted(shown.bands, key=lambda one: one.minutes)
    colours = band_colours(len(ordered))
    for rank, (one, (fill, edge)) in enumerate(zip(ordered, colours, strict=True)):
        page.shape(
            view.shape(one.geometry),
            AT_BANDS + (len(ordered) - rank) / 100,
            clip=view.frame,
            facecolor=mixed(PAPER, fill, BAND_SHARE),
            edgecolor=edge,
            linewidth=0.6,
        )


def draw_zones(page: Page, shown: Map, view: View) -> list[Any]:
    """Hatch the gap zones, the marked one most; return the ground of each on the sheet."""
    homes = view.mm(shown.xy)
    some_marked = any(one.marked for one in shown.zones)
    grounds = [_whole(view, one, homes) for one in shown.zones]
    for one, ground in zip(shown.zones, grounds, strict=True):
        strong = one.marked or not some_marked
        page.shape(
            ground, AT_ZONES, clip=view.frame, facecolor=BEYOND, alpha=0.11 if strong else 0.05
        )
        page.shape(
            hatching(ground, _HATCH_MM * view.size),
            AT_ZONES + 0.1,
            clip=view.frame,
            edgecolor=BEYOND,
            linewidth=_HATCH_PT,
            alpha=0.6 if strong else 0.25,
        )
        page.shape(
            ground,
            AT_ZONES + 0.2,
            clip=view.frame,
            edgecolor=BEYOND,
            linewidth=1.5 if one.marked else 0.9,
            linestyle="solid" if one.marked else (0, (4, 2)),
            alpha=1.0 if strong else 0.6,
        )
    return grounds


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


def draw_people(page: Page, shown: Map, view: View) -> None:
    """Draw where residents are, most first, each by its grade; other signs over discs and rings."""
    if shown.graded is None:
        return
    at = view.mm(shown.xy)
    seen = view.seen(at, -DOT_MM) & (shown.people >= _LEAST_PEOPLE)
    size = size_class(shown.people)
    for step, grade in enumerate(shown.graded.scale.grades):
        over = 0.5 if grade.mark in {Mark.DIAMOND, Mark.CROSS} else 0.0
        for row, wide in enumerate(dot_mm(np.array(SIZES)).tolist()):
            own = seen & (shown.graded.step == step) & (size == row)
            if own.any():
                order = AT_POINTS + over - row / 100
                draw_grade(page, at[own], grade, wide * view.dots, order, clip=view.frame)


def draw_grade(
    page: Page,
    at: Floats,
    grade: Grade,
    wide_mm: float,
    zorder: float,
    **looks: Any,  # noqa: ANN401
) -> None:
    """Draw the mark of a grade, so wide, at places on the sheet, shape (k, 2)."""
    ring = grade.mark is Mark.RING
    width = min(_RING_PT, wide_mm * 0.5) if ring else _RIM_PT
    inner = wide_mm - width / PT_PER_MM
    page.marks(
        at,
        mark_of(grade.mark),
        inner,
        zorder,
        fill=grade.fill,
        line=grade.line,
        width=width,
        **looks,
    )


def size_class(people: Floats) -> NDArray[np.int64]:
    """Return for each number of residents which of `SIZES` it is drawn with, shape (k,)."""
    between = np.sqrt(np.array(SIZES[:-1]) * np.array(SIZES[1:]))
    return np.searchsorted(between, people).astype(np.int64)


def dot_mm(people: Floats) -> Floats:
    """Return how wide a mark of so many residents is: its area tells how many."""
    return np.asarray(DOT_MM * np.sqrt(people / SIZES[-1]))


def draw_heritage(page: Page, district: District, view: View) -> None:
    """Draw protected buildings as small gables."""
    at = view.mm(district.heritage[["x", "y"]].to_numpy(np.float64))
    own = at[view.seen(at)]
    draw_gables(page, own, GABLE_MM * view.size, clip=view.frame)


def draw_gables(page: Page, at: Floats, wide_mm: float, **looks: Any) -> None:  # noqa: ANN401
    """Draw gables, so wide, at places on the sheet, shape (k, 2)."""
    if len(at):
        page.marks(
            at, gable(), wide_mm * 14 / 11, AT_HERITAGE, fill=HERITAGE, line=WHITE,
            width=0.3, **looks,
        )  # fmt: skip


def draw_roads(page: Page, district: District, view: View) -> None:
    """Dot the roads that are never to be widened."""
    page.shape(view.shape(never_widened(district)), AT_ROADS, clip=view.frame, **ROAD)


@lru_cache(maxsize=4)
def never_widened(district: District) -> Any:  # noqa: ANN401 - shapely
    """Return the roads that are never to be widened, in metres."""
    kept = set(district.never_widened["name"])
    names = district.network.segment_name
    own = np.array([not kept.isdisjoint(str(name or "").split(";")) for name in names], np.bool_)
    return shapely.multilinestrings(segment_lines(district.network)[own])


def draw_places(page: Page, district: District, shown: Map, view: View) -> list[Spot]:
    """Draw the sign of each place in sight, those at one address side by side; return them."""
    places = shown.places[shown.places["kind"].isin(list(district.kinds))]
    size = SIGN_MM * view.size
    xy = places[["x", "y"]].to_numpy(np.float64).reshape(-1, 2)
    near_m = min(size * view.metres_per_mm, _FAN_M)
    tenths = fan_offsets(xy, round(size * 10), near_m)
    own = view.mm(xy)
    at = own + np.array(tenths, float).reshape(-1, 2) * (0.1, -0.1)
    spots = []
    for row in np.flatnonzero(view.seen(at, size / 2)):
        place = places.iloc[row]
        spot = Spot(float(at[row, 0]), float(at[row, 1]), size, wording.name_of(place))
        if np.hypot(*(at[row] - own[row])) > _MOVED * size:
            leader = line((spot.x, spot.y), (float(own[row, 0]), float(own[row, 1])))
            page.path(leader, AT_SIGNS - 3, clip=view.frame, **LEADER)
        draw_sign(page, district.kinds[place["kind"]], spot, verified=bool(place["verified"]))
        spots.append(spot)
    return spots


def draw_sign(page: Page, kind: Kind, spot: Spot, *, verified: bool) -> None:
    """Draw the sign of a kind: filled where its position is verified, else hollow and dashed."""
    colour, wide, unit = colour_of(kind), spot.size_mm, spot.size_mm / 28 * PT_PER_MM
    handle = handle_of(kind)
    if handle is not None:
        path = _placed(handle, spot)
        page.path(path, AT_SIGNS, edgecolor=WHITE, linewidth=4.5 * unit)
        page.path(path, AT_SIGNS + 0.1, edgecolor=colour, linewidth=2.2 * unit)
    shape = _placed(shape_of(kind), spot)
    if verified:
        page.path(
            shape, AT_SIGNS + 0.2, facecolor=colour, edgecolor=WHITE, linewidth=1.5 * unit,
            joinstyle="round",
        )  # fmt: skip
    else:
        page.path(
            shape, AT_SIGNS + 0.2, facecolor=WHITE, edgecolor=colour, linewidth=2 * unit,
            linestyle=(0, (1.6, 1.1)), joinstyle="round",
        )  # fmt: skip
    up, high = letter_of(kind)
    ink = Type(high * wide, WHITE if verified else colour, bold=True, role="letter")
    place = (spot.x, spot.y + up * wide)
    page.write(kind.letter[:2], place, ink, align="center", zorder=AT_SIGNS + 0.3)


def draw_badge(page: Page, one: Zone, spot: Spot) -> None:
    """Draw the number of a gap zone."""
    fill, ink = (BEYOND, WHITE) if one.marked else (WHITE, BEYOND)
    at = np.array([[spot.x, spot.y]])
    page.marks(
        at, mark_of(Mark.DISC), spot.size_mm - 0.3, AT_SIGNS - 1, fill=fill, line=BEYOND, width=1.1
    )
    how = Type(spot.size_mm * 0.6, ink, bold=True, role="badge")
    base = (spot.x, spot.y - how.size_mm * RISE)
    page.write(str(one.rank), base, how, align="center", zorder=AT_SIGNS - 0.9)


def draw_metro(page: Page, at: tuple[float, float], wide_mm: float) -> None:
    """Draw the sign of a metro station."""
    corners = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1)]) * wide_mm / 2
    square = Path(corners + at, closed=True)
    page.path(square, AT_SIGNS - 2, facecolor=METRO, edgecolor=WHITE, linewidth=0.4)
    how = Type(wide_mm * 0.8, WHITE, bold=True, role="letter")
    base = (at[0], at[1] - how.size_mm * RISE)
    page.write("M", base, how, align="center", zorder=AT_SIGNS - 1.9)


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


def _placed(path: Path, spot: Spot) -> Path:
    vertices = np.asarray(path.vertices, np.float64)
    return Path(vertices * spot.size_mm + (spot.x, spot.y), path.codes)
