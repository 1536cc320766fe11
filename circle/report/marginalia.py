"""What stands in a map's margin: legend, scale, north, graticule."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.patches import Polygon, Rectangle

from circle.geo.crs import to_lonlat, to_metric
from circle.i18n import t
from circle.i18n.figures import rounded
from circle.maps.ramp import BEYOND, band_colours
from circle.maps.symbols import HERITAGE_COLOUR
from circle.report import ground
from circle.report.drawing import HATCH, ROAD, dot_mm, marks, sign
from circle.report.signs import HERITAGE
from circle.report.typesetting import PT_PER_MM, put, write

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.axes import Axes

    from circle.maps.grades import Grade
    from circle.report.parts import Map, Report

_ROUND = (1, 2, 5)
_BAR_SHARE = 0.62
_TICK_MINUTES = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
_MOST_TICKS = 6
_PEOPLE = (10, 50, 120)
_LINE_MM, _SIGN_X, _TEXT_X = 4.9, 3.0, 7.0
_SMALL_MM = 2.5
_SAMPLE_MM = 3.6


class _Column:
    """A column of the legend, filled from its head down."""

    def __init__(self, axes: Axes, box: tuple[float, float, float], size_mm: float) -> None:
        self.axes, (self.x, self.y, self.width), self.size = axes, box, size_mm

    def heading(self, text: str) -> None:
        """Write a heading."""
        high = put(self.axes, text, self.x, self.y, self.size + 0.2, self.width, bold=True, lines=2)
        self.y -= high + 1.3

    def row(self, text: str) -> tuple[float, float]:
        """Write one line; return where its sample stands."""
        room = self.width - _TEXT_X
        high = put(self.axes, text, self.x + _TEXT_X, self.y, self.size, room, lines=2)
        at = (self.x + _SIGN_X, self.y - self.size * 0.62)
        self.y -= max(_LINE_MM * self.size / _SMALL_MM, high + 1.2)
        return at


def panel(
    axes: Axes,
    report: Report,
    shown: Map,
    box: tuple[float, ...],
    *,
    frame_axes: Axes,
    inline: bool,
) -> None:
    """Draw legend, scale bar and north arrow.

    Parameters
    ----------
    axes
        In millimetres of its own.
    report, shown
        What the map shows.
    box
        Left, bottom, width, height of the panel, millimetres.
    frame_axes
        The map, whose scale is told.
    inline
        Whether it stands in a document: smaller.
    """
    _, _, wide, high = box
    low = wide > high
    size = 2.35 if inline else 2.7
    columns = 3 if low else 1
    each = wide / columns
    found = [_Column(axes, (1.5 + i * each, high - 1.0, each - 3), size) for i in range(columns)]
    _people(found[0], shown)
    _places(found[1 if low else 0], report, shown)
    _others(found[-1] if low else found[0], shown)
    if shown.note and not inline:
        last = found[-1]
        last.y -= put(axes, shown.note, last.x, last.y, 2.3, last.width, colour=ground.QUIET) + 1
    corner = (wide - each + 1.5 if low else 1.5, 4.2, each - 3)
    _north(axes, corner[0] + corner[2] - 4.0, 10.0 if inline else 13.0, 8.0 if inline else 11.0)
    _scale(axes, corner, frame_axes)


def scale_length(metres_per_mm: float, most_mm: float) -> float:
    """Return the longest round number of metres that fits `most_mm` on paper."""
    most = metres_per_mm * most_mm
    power = 10 ** math.floor(math.log10(most))
    return float(max(step * power for step in _ROUND if step * power <= most))


def graticule(axes: Axes, crs: str) -> None:
    """Mark degrees along the frame: WGS 84, in minutes.

    Parameters
    ----------
    axes
        A map in metres of `crs`, with the ticks at its frame taken away.
    """
    west, east = axes.get_xlim()
    south, north = axes.get_ylim()
    middle = ((west + east) / 2, (south + north) / 2)
    corners = np.array(
        [[west, middle[1]], [east, middle[1]], [middle[0], south], [middle[0], north]]
    )
    lonlat = to_lonlat(corners, crs)
    lon, lat = (lonlat[0, 0], lonlat[1, 0]), (lonlat[2, 1], lonlat[3, 1])
    lons, lats = _ticks(*lon), _ticks(*lat)
    at_x = to_metric(lons, np.full(len(lons), lonlat[2, 1]), crs)[:, 0]
    at_y = to_metric(np.full(len(lats), lonlat[0, 0]), lats, crs)[:, 1]
    look: dict[str, Any] = {"color": ground.LINE, "linewidth": 0.5, "clip_on": False, "zorder": 9}
    across, tall = (east - west) * 0.006, (north - south) * 0.006
    for x, degrees in zip(at_x, lons, strict=True):
        axes.plot([x, x], [south, south + across], **look)
        axes.plot([x, x], [north - across, north], **look)
        write(
            axes, _degrees(degrees, "E" if degrees >= 0 else "W"), x, north + tall * 0.5, 1.7,
            color=ground.QUIET, ha="center", va="bottom",
        )  # fmt: skip
    for y, degrees in zip(at_y, lats, strict=True):
        axes.plot([west, west + across], [y, y], **look)
        axes.plot([east - across, east], [y, y], **look)
        write(
            axes, _degrees(degrees, "N" if degrees >= 0 else "S"), west - across * 0.5, y, 1.7,
            color=ground.QUIET, ha="right", va="center", rotation=90,
        )  # fmt: skip


def _people(column: _Column, shown: Map) -> None:
    if shown.graded is not None:
        column.heading(shown.graded.scale.title)
        for grade in shown.graded.scale.grades:
            _mark(column, grade)
        _sizes(column)
    if shown.bands:
        column.heading(t("plate.bands"))
        ordered = sorted(shown.bands, key=lambda one: one.minutes)
        for one, (fill, line) in zip(ordered, band_colours(len(ordered)), strict=True):
            at = column.row(t("unit.minutes", n=f"{one.minutes:g}"))
            _box(column.axes, at, facecolor=fill, edgecolor=line)


def _mark(column: _Column, grade: Grade) -> None:
    marks(column.axes, np.array([column.row(grade.text)]), grade, 1.9, clip_on=False)


def _sizes(column: _Column) -> None:
    """Say how many residents a mark's size stands for."""
    x, y = column.row(t("plate.people", counts=" · ".join(map(str, _PEOPLE))))
    wide = dot_mm(np.array(_PEOPLE, float))
    for i, own in enumerate(wide):
        column.axes.scatter(
            x + (i - 1) * 2.0, y, s=(own * PT_PER_MM) ** 2, facecolors="none",
            edgecolors=ground.LINE, linewidths=0.4, clip_on=False,
        )  # fmt: skip


def _places(column: _Column, report: Report, shown: Map) -> None:
    kinds = [one for one in report.district.kinds.values() if one.id in set(shown.places["kind"])]
    if kinds:
        column.heading(t("plate.places"))
    for kind in kinds:
        at = column.row(str(kind.name))
        sign(column.axes, kind, (*at, _SAMPLE_MM), verified=True)
        _letter(column.axes, kind.letter[:2], at, "white")
    unsure = shown.places[~shown.places["verified"].astype(bool)]
    if len(unsure):
        kind = report.district.kinds[str(unsure["kind"].iloc[0])]
        at = column.row(t("map.unverified"))
        sign(column.axes, kind, (*at, _SAMPLE_MM), verified=False)


def _letter(axes: Axes, letter: str, at: tuple[float, float], ink: str) -> None:
    look: dict[str, Any] = {
        "ha": "center",
        "va": "center_baseline",
        "bold": True,
        "color": ink,
        "zorder": 7,
    }
    write(axes, letter, *at, _SAMPLE_MM * 0.46, **look)


def _others(column: _Column, shown: Map) -> None:
    if shown.zones:
        at = column.row(t("plate.zones"))
        _box(column.axes, at, facecolor="none", edgecolor=BEYOND, hatch=HATCH, hatch_linewidth=0.3)
    if shown.heritage:
        x, y = column.row(t("legend.heritage"))
        column.axes.scatter(
            x, y, s=(1.9 * PT_PER_MM) ** 2, marker=HERITAGE, facecolors=HERITAGE_COLOUR,
            edgecolors="none", clip_on=False,
        )  # fmt: skip
    if shown.roads:
        look = {"color" if name == "edgecolor" else name: one for name, one in ROAD.items()}
        _line(column, t("coverage.show_roads"), **look)
    _line(column, t("layers.boundary"), color=ground.LINE, linewidth=1.1, linestyle=(0, (5, 2.2)))
    _line(column, t("layers.areas"), color=ground.QUIET, linewidth=0.6, linestyle=(0, (1, 1.5)))
    _line(column, t("layers.network"), color="#BDB8AE", linewidth=1.4)


def _line(column: _Column, text: str, **look: Any) -> None:  # noqa: ANN401
    x, y = column.row(text)
    column.axes.plot([x - 2.6, x + 2.6], [y, y], clip_on=False, **look)


def _box(axes: Axes, at: tuple[float, float], **look: Any) -> None:  # noqa: ANN401
    axes.add_patch(Rectangle((at[0] - 2.2, at[1] - 1.3), 4.4, 2.6, linewidth=0.6, **look))


def _north(axes: Axes, x: float, y: float, high: float) -> None:
    """Draw the arrow of grid north."""
    half = high * 0.24
    west = [(x, y + high), (x - half, y), (x, y + high * 0.26)]
    east = [(x, y + high), (x + half, y), (x, y + high * 0.26)]
    axes.add_patch(Polygon(west, closed=True, facecolor="white", edgecolor=ground.LINE, lw=0.5))
    axes.add_patch(Polygon(east, closed=True, facecolor=ground.LINE, edgecolor=ground.LINE, lw=0.5))
    write(axes, t("plate.north"), x, y + high + 0.5, 2.6, bold=True, ha="center", va="bottom")


def _scale(axes: Axes, corner: tuple[float, float, float], map_axes: Axes) -> None:
    """Draw a bar of round metres, halved in black and white."""
    x, y, width = corner
    figure = map_axes.get_figure(root=True)
    map_mm = map_axes.get_position().width * figure.get_size_inches()[0] * 25.4  # type: ignore[union-attr]
    metres_per_mm = float((map_axes.get_xlim()[1] - map_axes.get_xlim()[0]) / map_mm)
    metres = scale_length(metres_per_mm, width * _BAR_SHARE)
    half = metres / metres_per_mm / 2
    for part, fill in enumerate((ground.LINE, "white")):
        bar = Rectangle((x + part * half, y), half, 1.2)
        bar.set(facecolor=fill, edgecolor=ground.LINE, linewidth=0.5, gid=f"scale-{part}")
        axes.add_patch(bar)
    for part, text in _scale_texts(metres):
        write(axes, text, x + part * half, y + 1.8, 2.1, ha="left" if part == 0 else "center",
              va="bottom")  # fmt: skip
    write(
        axes, t("plate.scale", n=rounded(metres_per_mm * 1000)), x, y - 0.6, 2.0,
        color=ground.QUIET, va="top",
    )  # fmt: skip


def _scale_texts(metres: float) -> Iterator[tuple[int, str]]:
    yield 0, "0"
    yield 1, f"{metres / 2:g}"
    text = f"{metres / 1000:g} {t('map.kilometre')}" if metres >= 1000 else None  # noqa: PLR2004
    yield 2, text or f"{metres:g} {t('map.metre')}"


def _ticks(low: float, high: float) -> np.ndarray:
    step = next(
        (one / 60 for one in _TICK_MINUTES if (high - low) * 60 / one <= _MOST_TICKS),
        _TICK_MINUTES[-1] / 60,
    )
    return np.arange(math.ceil(low / step), math.floor(high / step) + 1) * step


def _degrees(value: float, side: str) -> str:
    minutes = round(abs(value) * 60, 2)
    whole, rest = divmod(minutes, 60)
    return f"{int(whole)}°{rest:04.1f}′{side}"
