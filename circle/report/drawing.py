"""The map itself: answers over the ground, signs and names clear of one another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from matplotlib.patches import PathPatch
from matplotlib.patheffects import withStroke
from matplotlib.transforms import Affine2D

from circle import wording
from circle.maps.fan import fan_offsets
from circle.maps.grades import Mark
from circle.maps.placing import Sheet as Room
from circle.maps.placing import text_width
from circle.maps.ramp import BEYOND, band_colours
from circle.maps.symbols import HERITAGE_COLOUR, colour_of
from circle.network.graph import segment_lines
from circle.report import ground
from circle.report.ground import PAPER, add, draw_ground, names
from circle.report.signs import HERITAGE, MARKS, handle_of, shape_of
from circle.report.typesetting import PT_PER_MM, wrap, write

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from circle.maps.grades import Grade
    from circle.maps.placing import Place
    from circle.model import District, Floats, Kind
    from circle.report.parts import Map, Report, Zone

SIGN_MM, SIGN_INLINE_MM = 4.4, 3.5
BADGE_MM = 3.6
HATCH = "////"
ROAD: dict[str, Any] = {"edgecolor": "#7A4B2A", "linewidth": 1.5, "linestyle": (0, (1, 1.6))}
"""How a road that is never to be widened is drawn."""
_NAME_MM, _NAME_SIGNS, _MOST_NAMES = 2.3, 14, 40
_DOT_MM, _DOT_MOST_MM = 0.5, 1.7
_PEOPLE_MOST = 120.0
_PEOPLE_STEPS = (5.0, 15.0, 30.0, 50.0, 80.0)
"""Where the sizes of marks change, residents."""
_CLOSE_M = 12.0
"""Slits between frontages narrower than twice this are drawn closed."""
_INLINE_DOT = 0.7


def draw_map(
    axes: Axes, report: Report, shown: Map, frame: tuple[float, ...], *, inline: bool
) -> None:
    """Draw a map into axes that fill `frame` (left, bottom, width, height, mm)."""
    district = report.district
    bounds = _fitted(shown.bounds, frame[2] / frame[3])
    metres_per_mm = (bounds[2] - bounds[0]) / frame[2]
    axes.set_xlim(bounds[0], bounds[2])
    axes.set_ylim(bounds[1], bounds[3])
    axes.set_facecolor(PAPER)
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set(edgecolor=ground.LINE, linewidth=0.6)
    _bands(axes, shown)
    draw_ground(axes, district, bounds)
    if shown.roads:
        _roads(axes, district)
    _zones(axes, shown)
    _people(axes, shown, _INLINE_DOT if inline and not shown.detail else 1.0)
    if shown.heritage:
        _heritage(axes, district, bounds)
    room = Room(metres_per_mm)
    size = SIGN_INLINE_MM if inline else SIGN_MM
    signs = _signs(axes, report, shown.places, room, (size, bounds))
    _badges(axes, shown.zones, room, bounds)
    _place_names(axes, signs, room, bounds)
    for name in names(district, bounds, room):
        looks = {"color": ground.QUIET if name.kind == "street" else ground.LINE}
        _label(axes, name.text, name.x, name.y, name.high_mm, rotation=name.angle, **looks)


def dot_mm(people: Floats) -> Floats:
    """Return how wide a mark of so many residents is, millimetres, shape (k,)."""
    share = np.sqrt(np.clip(people, 0, _PEOPLE_MOST) / _PEOPLE_MOST)
    return np.asarray(_DOT_MM + (_DOT_MOST_MM - _DOT_MM) * share)


def _fitted(bounds: ground.Bounds, aspect: float) -> ground.Bounds:
    """Widen bounds to the frame's shape."""
    west, south, east, north = bounds
    wide, high = east - west, north - south
    more_x, more_y = max(0.0, high * aspect - wide) / 2, max(0.0, wide / aspect - high) / 2
    return west - more_x, south - more_y, east + more_x, north + more_y


def _bands(axes: Axes, shown: Map) -> None:
    ordered = sorted(shown.bands, key=lambda one: one.minutes)
    colours = band_colours(len(ordered))
    for one, (fill, line) in reversed(list(zip(ordered, colours, strict=True))):
        add(
            axes, one.geometry, facecolor=fill, edgecolor=line, linewidth=0.6, alpha=0.6, zorder=0.5
        )


def _roads(axes: Axes, district: District) -> None:
    network = district.network
    own = np.isin(
        np.array([str(name or "") for name in network.segment_name]),
        district.never_widened["name"].to_numpy(str),
    )
    lines = shapely.line_merge(shapely.multilinestrings(segment_lines(network)[own]))
    add(axes, lines, zorder=4, **ROAD)


def _zones(axes: Axes, shown: Map) -> None:
    for one in shown.zones:
        ground_of = one.geometry.buffer(_CLOSE_M, quad_segs=2).buffer(-_CLOSE_M, quad_segs=2)
        add(
            axes, ground_of, facecolor=BEYOND, edgecolor="none",
            alpha=0.16 if one.marked else 0.06, zorder=2,
        )  # fmt: skip
        add(
            axes,
            ground_of,
            edgecolor=BEYOND,
            linewidth=1.3 if one.marked else 0.5,
            hatch=HATCH if one.marked or not shown.detail else None,
            hatch_linewidth=0.25,
            zorder=2.1,
        )


def _people(axes: Axes, shown: Map, scale: float) -> None:
    """Draw the places of residence, in a few sizes: equal marks are written once."""
    if shown.graded is None:
        return
    size = np.searchsorted(_PEOPLE_STEPS, shown.people)
    wide = dot_mm(np.array([*_PEOPLE_STEPS, _PEOPLE_MOST])) * scale
    for step, grade in enumerate(shown.graded.scale.grades):
        for row in range(len(wide)):
            own = (shown.graded.step == step) & (size == row)
            if own.any():
                marks(axes, shown.xy[own], grade, float(wide[row]), zorder=3)


def marks(axes: Axes, xy: Floats, grade: Grade, wide_mm: float, **looks: Any) -> None:  # noqa: ANN401
    """Draw the mark of a grade, so wide, at each of some points."""
    ring = grade.mark is Mark.RING
    axes.plot(
        xy[:, 0],
        xy[:, 1],
        linestyle="none",
        marker=MARKS[grade.mark],
        markersize=wide_mm * PT_PER_MM,
        markerfacecolor="none" if ring else grade.fill,
        markeredgecolor=grade.line,
        markeredgewidth=0.6 if ring else 0.2,
        **looks,
    )


def _heritage(axes: Axes, district: District, bounds: ground.Bounds) -> None:
    xy = district.heritage[["x", "y"]].to_numpy(np.float64)
    seen = shapely.intersects_xy(shapely.box(*bounds), xy)
    axes.plot(
        xy[seen, 0], xy[seen, 1], linestyle="none", marker=HERITAGE, markersize=1.5 * PT_PER_MM,
        markerfacecolor=HERITAGE_COLOUR, markeredgecolor="white", markeredgewidth=0.25, zorder=3.5,
    )  # fmt: skip


def _signs(
    axes: Axes,
    report: Report,
    places: pd.DataFrame,
    room: Room,
    look: tuple[float, ground.Bounds],
) -> list[tuple[str, Place]]:
    """Draw the signs of the places in sight; return their names and where they stand."""
    size_mm, bounds = look
    xy = places[["x", "y"]].to_numpy(np.float64)
    offsets = np.array(fan_offsets(xy, round(size_mm * 10)), float).reshape(-1, 2) / 10
    at = xy + offsets * (room.metres_per_px, -room.metres_per_px)
    inside = shapely.contains_xy(
        shapely.box(*bounds).buffer(-size_mm * room.metres_per_px / 2), at
    ).reshape(-1)
    drawn = []
    for row in np.flatnonzero(inside):
        place = places.iloc[row]
        x, y = (float(value) for value in at[row])
        _sign(axes, report.district, place, (x, y, size_mm * room.metres_per_px))
        spot = (x, y, size_mm, size_mm, 0.0)
        room.take(spot)
        drawn.append((wording.name_of(place), spot))
    return drawn


def sign(axes: Axes, kind: Kind, at: tuple[float, float, float], *, verified: bool) -> None:
    """Draw the sign of a kind at x and y, so wide, in the units of the axes."""
    x, y, wide = at
    colour = colour_of(kind)
    place = Affine2D().scale(wide).translate(x, y) + axes.transData
    handle = handle_of(kind)
    if handle is not None:
        for line, width in ((PAPER, 1.8), (colour, 0.9)):
            look = {"edgecolor": line, "linewidth": width, "facecolor": "none"}
            axes.add_artist(PathPatch(handle, transform=place, zorder=6, **look))
    look = (
        {"facecolor": colour, "edgecolor": "white", "linewidth": 0.5}
        if verified
        else {
            "facecolor": "white", "edgecolor": colour, "linewidth": 0.8,
            "linestyle": (0, (2, 1.2)),
        }
    )  # fmt: skip
    axes.add_artist(PathPatch(shape_of(kind), transform=place, zorder=6.1, **look))


def _sign(axes: Axes, district: District, place: pd.Series, at: tuple[float, float, float]) -> None:
    kind = district.kinds[str(place["kind"])]
    verified = bool(place["verified"])
    sign(axes, kind, at, verified=verified)
    ink = "white" if verified else colour_of(kind)
    metres_per_mm = (axes.get_xlim()[1] - axes.get_xlim()[0]) / _width_mm(axes)
    size_mm = at[2] / metres_per_mm * 0.46
    write(
        axes, kind.letter[:2], at[0], at[1], size_mm, bold=True, color=ink, ha="center",
        va="center_baseline", zorder=6.2,
    )  # fmt: skip


def _width_mm(axes: Axes) -> float:
    figure = axes.get_figure(root=True)
    return float(axes.get_position().width * figure.get_size_inches()[0] * 25.4)  # type: ignore[union-attr]


def _badges(axes: Axes, zones: tuple[Zone, ...], room: Room, bounds: ground.Bounds) -> None:
    """Draw the number of every gap zone."""
    frame = shapely.box(*bounds).buffer(-BADGE_MM * room.metres_per_px)
    for one in zones:
        seen = shapely.intersection(one.geometry, frame)
        if seen.is_empty:
            continue
        spot = _free(seen, room)
        room.take(spot)
        fill, ink = (BEYOND, "white") if one.marked else ("white", BEYOND)
        axes.scatter(
            spot[0], spot[1], s=(BADGE_MM * PT_PER_MM) ** 2, facecolors=fill, edgecolors=BEYOND,
            linewidths=0.9, zorder=7,
        )  # fmt: skip
        write(
            axes, str(one.rank), spot[0], spot[1], BADGE_MM * 0.6, bold=True, color=ink,
            ha="center", va="center_baseline", zorder=7.1,
        )  # fmt: skip


def _free(shape: shapely.Geometry, room: Room) -> Place:
    largest = max(shapely.get_parts(shape), key=lambda part: part.area)
    spots = [largest.representative_point(), largest.centroid]
    spots += [part.representative_point() for part in shapely.get_parts(shape)]
    places = [(spot.x, spot.y, BADGE_MM, BADGE_MM, 0.0) for spot in spots]
    return next((one for one in places if room.free(one)), places[0])


def _place_names(
    axes: Axes, signs: list[tuple[str, Place]], room: Room, bounds: ground.Bounds
) -> None:
    """Name the places where there is room: right, left, above, below."""
    frame = shapely.box(*bounds)
    for text, (x, y, size, _, _) in signs[:_MOST_NAMES]:
        name = wrap(text, _NAME_SIGNS, 1)[0]
        wide = text_width(name, _NAME_MM) + 0.6
        off_x, off_y = (size / 2 + wide / 2 + 0.5), (size / 2 + _NAME_MM * 0.75)
        for right, up in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            spot = (
                x + right * off_x * room.metres_per_px,
                y + up * off_y * room.metres_per_px,
                wide,
                _NAME_MM * 1.2,
                0.0,
            )
            if room.free(spot) and frame.contains(room.box(spot)):
                room.take(spot)
                _label(axes, name, spot[0], spot[1], _NAME_MM, color=ground.INK)
                break


def _label(axes: Axes, text: str, x: float, y: float, size_mm: float, **looks: Any) -> None:  # noqa: ANN401
    halo = [withStroke(linewidth=1.6, foreground=PAPER)]
    write(
        axes, text, x, y, size_mm, ha="center", va="center", rotation_mode="anchor", zorder=8,
        path_effects=halo, clip_on=True, **looks,
    )  # fmt: skip
