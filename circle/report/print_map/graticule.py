"""What stands around a printed map: title, scale, north, degrees, and whom it is from."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import shapely

from circle.geo.crs import to_lonlat, to_metric
from circle.i18n import t
from circle.report.page import INK, LINE, QUIET, WHITE, Box, Page, Type, line, rectangle
from circle.report.typesetting import LEADING, RISE, clean, evenly, width_mm, wrap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from circle.model import Floats
    from circle.report.ground import View
    from circle.report.parts import Map, Report

NEATLINE_MM = 3.6
"""Between the inner and the outer line of the frame, where degrees stand."""
SCALE_MM = 19.0
"""Room for scale bar and north arrow."""
_TITLE, _SMALLER = (5.4, 4.7, 4.0), 3.4
_UNDER = Type(3.0, QUIET, role="title")
_FOOT = Type(2.15, QUIET, role="foot")
_FIGURE = Type(2.2, INK, role="scale")
_TICK = Type(1.95, QUIET, role="graticule")
_STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 18000)
_MOST_TICKS = 5
_TICK_MM, _CROSS_MM = 1.3, 1.2
_BAR_MM, _PARTS = 1.3, 4
_ROUND = (1, 2, 5)
_LINES = 5
_AT = 15.0

Foot = tuple[tuple[str, ...], tuple[str, ...]]
"""Lines below the map, at the left and at the right."""


def title(page: Page, report: Report, shown: Map, box: Box, size: float) -> None:
    """Write the title and below it what the report is about."""
    said = clean(shown.title)
    sizes = [one * size for one in _TITLE]
    own = next((one for one in sizes if width_mm(said, one, bold=True) <= box.width), 0.0)
    how = Type(own or _SMALLER * size, INK, bold=True, role="title")
    lines = wrap(said, how.size_mm, box.width * (1 if own else 0.95), 1 if own else 2)
    y = box.top
    for text in lines:
        page.write(text, (box.left, y - how.size_mm * 0.88), how)
        y -= how.size_mm * LEADING
    under = replace(_UNDER, size_mm=_UNDER.size_mm * size)
    about = f"{report.imprint.district} · {report.imprint.subtitle}"
    for text in wrap(about, under.size_mm, box.width, 1):
        page.write(text, (box.left, box.bottom + under.size_mm * 0.6), under)


def foot(report: Report, widths: tuple[float, float], size: float) -> Foot:
    """Return what stands below the map: at its left, at its right, in lines of these widths."""
    imprint = report.imprint
    left = (
        imprint.caution,
        imprint.sources,
        t("plate.crs", crs=imprint.map_crs),
    )
    right = (
        t("plate.issuer", issuer=imprint.issuer),
        t("plate.observed", date=imprint.observed),
        t("plate.made", date=imprint.made.strftime("%Y-%m-%d"), version=imprint.version),
        t("plate.number", number=imprint.map_number),
    )
    high = _FOOT.size_mm * size
    return (
        tuple(text for said in left for text in wrap(said, high, widths[0], _LINES)),
        tuple(text for said in right for text in evenly(said, high, widths[1], _LINES)),
    )


def foot_mm(lines: Foot, size: float) -> float:
    """Return how high `foot` stands."""
    return max(map(len, lines)) * _FOOT.size_mm * LEADING * size


def write_foot(page: Page, lines: Foot, at: tuple[float, float, float], size: float) -> None:
    """Write `foot` down from a height, its left and its right side from their places.

    Parameters
    ----------
    page, lines, size
        As for `foot`.
    at
        Where the left side begins, where the right side does, and the height.
    """
    how = replace(_FOOT, size_mm=_FOOT.size_mm * size)
    for own, x in zip(lines, at[:2], strict=True):
        for row, text in enumerate(own):
            page.write(text, (x, at[2] - (row * LEADING + 0.9) * how.size_mm), how)


def frame(page: Page, view: View, *, double: bool) -> None:
    """Draw the frame; `double` where degrees stand between its lines."""
    page.path(rectangle(view.frame), _AT, edgecolor=LINE, linewidth=0.6)
    if double:
        outer = view.frame.inset(-NEATLINE_MM * view.size)
        page.path(rectangle(outer), _AT, edgecolor=LINE, linewidth=1.0, joinstyle="miter")


def graticule(page: Page, view: View, crs: str) -> None:
    """Mark degrees of WGS 84 along the frame, and where their lines cross in it.

    Parameters
    ----------
    page, view
        What is drawn, in metres of `crs`.
    crs
        Metric reference system.
    """
    west, south, east, north = view.bounds
    corners = np.array([(x, y) for x in (west, east) for y in (south, north)])
    lonlat = to_lonlat(corners, crs)
    (low_lon, low_lat), (high_lon, high_lat) = lonlat.min(axis=0), lonlat.max(axis=0)
    lons, lats = _ticks(low_lon, high_lon), _ticks(low_lat, high_lat)
    frame_ = view.frame
    for lon in lons:
        meridian = _line(view, lon, np.linspace(low_lat, high_lat, 9), crs, along="lat")
        for y, out in ((frame_.bottom, -1), (frame_.top, 1)):
            x = float(np.interp(y, meridian[:, 1], meridian[:, 0]))
            _tick(page, view, (x, y), (0, out), _degrees(lon, "EW"))
    for lat in lats:
        parallel = _line(view, lat, np.linspace(low_lon, high_lon, 9), crs, along="lon")
        for x, out in ((frame_.left, -1), (frame_.right, 1)):
            y = float(np.interp(x, parallel[:, 0], parallel[:, 1]))
            _tick(page, view, (x, y), (out, 0), _degrees(lat, "NS"))
    for lon in lons:
        _crosses(page, view, view.mm(to_metric(np.full(len(lats), lon), lats, crs)))


def scale_and_north(page: Page, view: View, crs: str, box: Box, *, ratio: bool) -> None:
    """Draw scale bar and north arrow into the lower part of a box.

    Parameters
    ----------
    page, view
        The map that they speak of.
    crs
        Its metric reference system.
    box
        Where; `SCALE_MM` high at the size of a sheet A4.
    ratio
        Whether the scale is told in numbers, which hold on paper alone.
    """
    size = view.size
    high = 13.5 * size
    place = (box.right - 4.2 * size, box.bottom + 0.5 * size)
    _north(page, place, high, _true_north(view, crs))
    metres = scale_length(view.metres_per_mm, box.width - 14 * size)
    part = metres / view.metres_per_mm / _PARTS
    y = box.bottom + (4.6 if ratio else 1.2) * size
    for row in range(_PARTS):
        fill = INK if row % 2 == 0 else WHITE
        bar = Box(box.left + row * part, y, part, _BAR_MM * size)
        page.path(
            rectangle(bar), _AT, facecolor=fill, edgecolor=INK, linewidth=0.5, label="scale",
            joinstyle="miter",
        )  # fmt: skip
    how = replace(_FIGURE, size_mm=_FIGURE.size_mm * size)
    for row, text in _scale_texts(metres):
        at = (box.left + row * part, y + (_BAR_MM + 0.8) * size)
        page.write(text, at, how, align="left" if row == 0 else "center")
    if ratio:
        said = t("plate.scale", n=f"{view.metres_per_mm * 1000:,.0f}")
        page.write(said, (box.left, box.bottom + 1.0 * size), how)


def scale_length(metres_per_mm: float, most_mm: float) -> float:
    """Return the longest round number of metres that fits `most_mm` on paper."""
    most = metres_per_mm * most_mm
    power = 10 ** math.floor(math.log10(most))
    return float(max(step * power for step in _ROUND if step * power <= most))


def _scale_texts(metres: float) -> Iterator[tuple[int, str]]:
    far = metres >= 1000  # noqa: PLR2004 - a kilometre
    shown = metres / 1000 if far else metres
    yield 0, "0"
    yield _PARTS // 2, f"{shown / 2:g}"
    yield _PARTS, f"{shown:g} {t('map.kilometre') if far else t('map.metre')}"


def _north(page: Page, at: tuple[float, float], high: float, turn: float) -> None:
    """Draw the arrow of true north, turned by an angle (radians, to the west)."""
    tip, back = (0.0, high * 0.72), (0.0, high * 0.2)
    left, right = (-high * 0.19, 0.0), (high * 0.19, 0.0)
    for half, fill in (((tip, left, back), WHITE), ((tip, right, back), INK)):
        turned = shapely.affinity.rotate(
            shapely.Polygon(half), turn, origin=(0, high * 0.36), use_radians=True
        )
        moved = shapely.affinity.translate(turned, *at)
        page.shape(moved, _AT, facecolor=fill, edgecolor=INK, linewidth=0.5, joinstyle="miter")
    how = Type(high * 0.21, INK, bold=True, role="north")
    page.write(t("plate.north"), (at[0], at[1] + high * 0.79), how, align="center")


def _true_north(view: View, crs: str) -> float:
    """Return how far north stands left of the sheet's upper side in its middle, radians."""
    ((lon, lat),) = to_lonlat([view.middle], crs)
    near = to_metric([lon, lon], [lat - 1e-3, lat + 1e-3], crs)
    east, north = near[1] - near[0]
    return math.atan2(-float(east), float(north))


def _line(view: View, at: float, along_: Floats, crs: str, *, along: str) -> Floats:
    fixed = np.full(len(along_), at)
    lon, lat = (fixed, along_) if along == "lat" else (along_, fixed)
    return view.mm(to_metric(lon, lat, crs))


def _ticks(low: float, high: float) -> Floats:
    """Return round degrees between two, at most a handful."""
    step = next((s for s in _STEPS_S if (high - low) * 3600 / s <= _MOST_TICKS), _STEPS_S[-1])
    first, last = math.ceil(low * 3600 / step), math.floor(high * 3600 / step)
    return np.arange(first, last + 1) * step / 3600


def _tick(page: Page, view: View, at: tuple[float, float], out: tuple[int, int], text: str) -> None:
    """Draw a tick inwards and its degrees between the lines of the frame."""
    size = view.size
    how = replace(_TICK, size_mm=_TICK.size_mm * size)
    room = view.frame.inset(width_mm(text, how.size_mm) / 2)
    (x, y), (right, up) = at, out
    if not view.seen(np.array([at]), -0.01)[0]:
        return
    page.path(
        line(at, (x - right * _TICK_MM * size, y - up * _TICK_MM * size)),
        _AT,
        edgecolor=LINE,
        linewidth=0.5,
    )
    page.path(
        line(at, (x + right * 0.5 * size, y + up * 0.5 * size)), _AT, edgecolor=LINE, linewidth=0.5
    )
    off = NEATLINE_MM / 2 * size
    base = how.size_mm * RISE
    if up and room.left <= x <= room.right:
        page.write(text, (x, y + up * off - base), how, align="center")
    elif right and room.bottom <= y <= room.top:
        page.write(text, (x + right * off + base, y), how, align="center", angle=90)


def _crosses(page: Page, view: View, at: Floats) -> None:
    half = _CROSS_MM * view.size
    for x, y in at[view.seen(at, half)].tolist():
        for dx, dy in ((half, 0), (0, half)):
            page.path(
                line((x - dx, y - dy), (x + dx, y + dy)), 4.5, edgecolor=LINE, linewidth=0.4,
                alpha=0.7,
            )  # fmt: skip


def _degrees(value: float, sides: str) -> str:
    """Return degrees, minutes and seconds with their side: ``121°26′30″E``."""
    seconds = round(abs(value) * 3600)
    degrees, rest = divmod(seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{degrees}°{minutes:02}′{seconds:02}″{sides[int(value < 0)]}"
