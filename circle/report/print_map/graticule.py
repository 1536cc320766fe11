"""The frame of a printed map with its degrees, its scale bar and its north arrow."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import shapely

from circle.geo.crs import to_lonlat, to_metric
from circle.i18n import t
from circle.report.print_map.canvas import (
    AT_MARGIN,
    INK,
    LINE,
    QUIET,
    WHITE,
    Box,
    Canvas,
    Paint,
    TextStyle,
    line,
)
from circle.report.print_map.glyphs import RISE, width_mm

if TYPE_CHECKING:
    from circle.model import Floats
    from circle.report.print_map.basemap import View

NEATLINE_MM = 3.6
"""Between the inner and the outer line of the frame, where degrees stand."""
_FIGURE = TextStyle(2.2, INK, role="scale")
_DEGREES = TextStyle(1.95, QUIET, role="graticule")
_STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 18000)
_MOST_TICKS = 5
_TICK_MM, _CROSS_MM, _AT_CROSSES = 1.3, 1.2, 4.5
_BAR_MM, _BAR_PARTS = 1.3, 4
_ROUND = (1, 2, 5)
_KILOMETRE = 1000
_TICK, _CROSS = Paint("none", LINE, 0.5), Paint("none", LINE, 0.4, opacity=0.7)


def draw_frame(canvas: Canvas, view: View, *, double: bool) -> None:
    """Draw the frame; `double` where degrees stand between its lines."""
    canvas.shape(shapely.box(*view.frame.corners), AT_MARGIN, Paint("none", LINE, 0.6))
    if double:
        outer = view.frame.inset(-NEATLINE_MM * view.size)
        paint = Paint("none", LINE, 1.0, mitred=True)
        canvas.shape(shapely.box(*outer.corners), AT_MARGIN, paint)


def draw_graticule(canvas: Canvas, view: View, crs: str) -> None:
    """Mark degrees of WGS 84 along the frame, and where their lines cross in it.

    Parameters
    ----------
    canvas, view
        What is drawn, in metres of `crs`.
    crs
        Metric reference system.
    """
    west, south, east, north = view.bounds
    corners = np.array([(x, y) for x in (west, east) for y in (south, north)])
    lonlat = to_lonlat(corners, crs)
    (low_lon, low_lat), (high_lon, high_lat) = lonlat.min(axis=0), lonlat.max(axis=0)
    lons, lats = _round_degrees(low_lon, high_lon), _round_degrees(low_lat, high_lat)
    frame = view.frame
    for lon in lons:
        meridian = view.mm(to_metric(np.full(9, lon), np.linspace(low_lat, high_lat, 9), crs))
        for y, out in ((frame.bottom, -1), (frame.top, 1)):
            x = float(np.interp(y, meridian[:, 1], meridian[:, 0]))
            _tick(canvas, view, (x, y), (0, out), _degrees(lon, "EW"))
    for lat in lats:
        parallel = view.mm(to_metric(np.linspace(low_lon, high_lon, 9), np.full(9, lat), crs))
        for x, out in ((frame.left, -1), (frame.right, 1)):
            y = float(np.interp(x, parallel[:, 0], parallel[:, 1]))
            _tick(canvas, view, (x, y), (out, 0), _degrees(lat, "NS"))
    for lon in lons:
        _crosses(canvas, view, view.mm(to_metric(np.full(len(lats), lon), lats, crs)))


def draw_scale(canvas: Canvas, view: View, box: Box, *, ratio: bool) -> None:
    """Draw the scale bar into the lower left corner of a box, beside the north arrow.

    `ratio` says whether the scale is told in numbers too, which hold on paper alone.
    """
    size, style = view.size, _FIGURE.scaled(view.size)
    metres = scale_length(view.metres_per_mm, box.width - 14 * size)
    part = metres / view.metres_per_mm / _BAR_PARTS
    y = box.bottom + (4.6 if ratio else 1.2) * size
    top = y + _BAR_MM * size
    for row in range(_BAR_PARTS):
        left = box.left + row * part
        paint = Paint(INK if row % 2 == 0 else WHITE, INK, 0.5, mitred=True)
        canvas.shape(shapely.box(left, y, left + part, top), AT_MARGIN, paint, "scale")
    unit, name = (_KILOMETRE, "map.kilometre") if metres >= _KILOMETRE else (1, "map.metre")
    texts = ("0", f"{metres / unit / 2:g}", f"{metres / unit:g} {t(name)}")
    for row, text in zip((0, _BAR_PARTS // 2, _BAR_PARTS), texts, strict=True):
        at = (box.left + row * part, top + 0.8 * size)
        canvas.text(text, at, style, align="center" if row else "left")
    if ratio:
        scale = t("plate.scale", n=f"{view.metres_per_mm * 1000:,.0f}")
        canvas.text(scale, (box.left, box.bottom + 1.0 * size), style)


def scale_length(metres_per_mm: float, most_mm: float) -> float:
    """Return the longest round number of metres that fits `most_mm` on paper."""
    most = metres_per_mm * most_mm
    power = 10 ** math.floor(math.log10(most))
    return float(max(step * power for step in _ROUND if step * power <= most))


def draw_north(canvas: Canvas, view: View, box: Box, crs: str) -> None:
    """Draw the arrow of true north into the lower right corner of a box."""
    high = 13.5 * view.size
    x, y = box.right - 4.2 * view.size, box.bottom + 0.5 * view.size
    tip, back = (x, y + high * 0.72), (x, y + high * 0.2)
    for side, fill in ((-1, WHITE), (1, INK)):
        half = shapely.Polygon([tip, (x + side * high * 0.19, y), back])
        turned = shapely.affinity.rotate(
            half, _true_north(view, crs), origin=(x, y + high * 0.36), use_radians=True
        )
        canvas.shape(turned, AT_MARGIN, Paint(fill, INK, 0.5, mitred=True))
    style = TextStyle(high * 0.21, INK, bold=True, role="north")
    canvas.text(t("plate.north"), (x, y + high * 0.79), style, align="center")


def _true_north(view: View, crs: str) -> float:
    """Return how far north stands left of the sheet's upper side in its middle, radians."""
    ((lon, lat),) = to_lonlat([view.middle], crs)
    near = to_metric([lon, lon], [lat - 1e-3, lat + 1e-3], crs)
    east, north = near[1] - near[0]
    return math.atan2(-float(east), float(north))


def _round_degrees(low: float, high: float) -> Floats:
    """Return round degrees between two, at most a handful."""
    step = next((s for s in _STEPS_S if (high - low) * 3600 / s <= _MOST_TICKS), _STEPS_S[-1])
    first, last = math.ceil(low * 3600 / step), math.floor(high * 3600 / step)
    return np.arange(first, last + 1) * step / 3600


def _tick(
    canvas: Canvas, view: View, at: tuple[float, float], out: tuple[int, int], text: str
) -> None:
    """Draw a tick inwards and its degrees between the lines of the frame."""
    size, style = view.size, _DEGREES.scaled(view.size)
    room = view.frame.inset(width_mm(text, style.size_mm) / 2)
    (x, y), (right, up) = at, out
    if not view.seen(np.array([at]), -0.01)[0]:
        return
    inner = (x - right * _TICK_MM * size, y - up * _TICK_MM * size)
    canvas.shape(line(inner, (x + right * 0.5 * size, y + up * 0.5 * size)), AT_MARGIN, _TICK)
    off = NEATLINE_MM / 2 * size
    base = style.size_mm * RISE
    if up and room.left <= x <= room.right:
        canvas.text(text, (x, y + up * off - base), style, align="center")
    elif right and room.bottom <= y <= room.top:
        canvas.text(text, (x + right * off + base, y), style, align="center", angle=90)


def _crosses(canvas: Canvas, view: View, at: Floats) -> None:
    half = _CROSS_MM * view.size
    for x, y in at[view.seen(at, half)].tolist():
        cross = shapely.union(
            line((x - half, y), (x + half, y)), line((x, y - half), (x, y + half))
        )
        canvas.shape(cross, _AT_CROSSES, _CROSS)


def _degrees(value: float, sides: str) -> str:
    """Return degrees, minutes and seconds with their side: ``121°26′30″E``."""
    seconds = round(abs(value) * 3600)
    degrees, rest = divmod(seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{degrees}°{minutes:02}′{seconds:02}″{sides[int(value < 0)]}"
