"""The legend of a printed map: what is drawn, in rows that flow into columns beside it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from circle.i18n import t
from circle.maps.colours import BEYOND
from circle.maps.ramp import band_colours, mixed
from circle.report import drawing, ground
from circle.report.page import INK, PAPER, QUIET, Box, Page, Type, line, rectangle
from circle.report.typesetting import LEADING, RISE, clean, width_mm, wrap

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    import pandas as pd

    from circle.maps.grades import Grade
    from circle.model import District, Kind
    from circle.report.content.elements import Map, Zone
    from circle.report.ground import Bounds
    from circle.report.layout import Plan

    Draw = Callable[[Page, float, float, float], None]
    """Draws a sample about x and y, at a size against the usual one."""

_TEXT, _HEAD = Type(2.6, INK, role="legend"), Type(2.8, INK, bold=True, role="legend")
_WHOLE = Type(3.4, INK, bold=True, role="legend")
_WHOLE_MM, _COLUMN_GAP_MM = 6.6, 4.5
_NOTE = Type(2.2, QUIET, role="note")
_SAMPLE_MM, _GAP_MM, _BETWEEN_MM = 6.0, 1.4, 3.2
_ROW_MM, _HEAD_MM, _NOTE_MM, _APART_MM = 4.7, 4.6, 3.0, 3.0
_SIGN_MM = 4.0
_SIZES = (1.0, 0.92, 0.84, 0.77, 0.7)
_LINES = 2
_ROUNDING_MM = 1e-6
_SHOWN_SIZES = (1, 3, 5)


@dataclass(frozen=True, slots=True)
class Entry:
    """A sample and what it is; `small` for one of a list below another."""

    text: str
    draw: Draw
    small: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Entries below a heading ("" for none); `flows` for short ones that stand in a row."""

    title: str
    entries: tuple[Entry, ...]
    flows: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """What stands on one line of a legend: how high it is, how it is drawn from its top."""

    high: float
    draw: Callable[[Page, float, float], None]


Block = list[Row]
"""Rows that stand together."""


def groups(district: District, shown: Map, dots: float, seen: Bounds | None = None) -> list[Group]:
    """Return what the legend of a map says.

    Parameters
    ----------
    district, shown
        What is drawn.
    dots
        How large marks of residents are on it.
    seen
        What the frame shows, where nothing else is to be told of; metres.
    """
    zones, places, stations = shown.zones, shown.places, _stations(district)
    if seen is not None:
        box = shapely.box(*seen)
        zones = tuple(one for one in zones if shapely.intersects(one.geometry, box))
        places = places[shapely.intersects_xy(box, places["x"], places["y"])]
        stations = stations[shapely.intersects_xy(box, stations["x"], stations["y"])]
    found = [
        *_residents(shown, dots),
        *_bands(shown),
        _zones(zones),
        _places(district, places),
        _others(district, shown, metro=len(stations) > 0),
    ]
    return [one for one in found if one.entries]


def _stations(district: District) -> pd.DataFrame:
    places = district.places
    if places is None or "kind" not in places:
        return district.facilities[:0]
    return places[places["kind"].eq("metro")]


def blocks(found: Iterable[Group], note: str, width: float, size: float) -> list[Block]:
    """Return groups and a note as rows of a width, at a size against the usual one."""
    made = []
    for one in found:
        if one.flows:
            own = _flowing(one.entries, width, size)
        else:
            own = [_row(entry, width, size) for entry in one.entries]
        made.append([*_headed(one.title, width, size), *own])
    how = replace(_NOTE, size_mm=_NOTE.size_mm * size)
    lines = wrap(note, how.size_mm, width)
    if lines:
        made.append([Row(_NOTE_MM * size, partial(_written, text=one, how=how)) for one in lines])
    return made


def height(found: list[Group], note: str, columns: tuple[float, int], size: float) -> float:
    """Return how high a legend is in at most so many columns of a width, with its heading."""
    width, many = columns
    return _balanced(blocks(found, note, width, size), many, size)[1] + _WHOLE_MM * size


def draw(page: Page, plan: Plan, found: list[Group], note: str, *, headed: bool) -> None:
    """Draw a legend into its place: as small as it has to be where that is one column.

    Parameters
    ----------
    page, plan
        The sheet and where the legend stands on it.
    found, note
        What it says.
    headed
        Whether it is called a legend.
    """
    box, size = plan.legend, plan.view.size
    if headed:
        how = replace(_WHOLE, size_mm=_WHOLE.size_mm * size)
        _written(page, box.left, box.top, text=t("legend.title"), how=how)
        _, box = box.parted(box.height - _WHOLE_MM * size)
    if plan.columns == 1:
        _draw_rows(page, _shrunk(found, note, box, size), box)
        return
    gap = _COLUMN_GAP_MM * size
    width = (box.width - (plan.columns - 1) * gap) / plan.columns
    columns, _ = _balanced(blocks(found, note, width, size), plan.columns, size)
    for place, rows in enumerate(columns):
        _draw_rows(page, rows, Box(box.left + place * (width + gap), box.bottom, width, box.height))


def _shrunk(found: list[Group], note: str, box: Box, size: float) -> list[Row]:
    """Return rows at the first size at which they fit a box, else at the last."""
    for share in _SIZES:
        rows = _joined(blocks(found, note, box.width, size * share), size * share)
        if sum(one.high for one in rows) <= box.height:
            break
    return rows


def _balanced(found: list[Block], many: int, size: float) -> tuple[list[list[Row]], float]:
    """Return blocks in at most `many` columns that are as low as can be, and how high these are."""
    runs = ((i, j) for i in range(len(found)) for j in range(i + 1, len(found) + 1))
    least = max((_high([one], size) for one in found), default=0.0)
    for high in sorted({max(least, _high(found[i:j], size)) for i, j in runs}):
        columns = _columns(found, high, size)
        if len(columns) <= many:
            return [_joined(one, size) for one in columns], high
    return [], 0.0


def _columns(found: list[Block], high: float, size: float) -> list[list[Block]]:
    columns: list[list[Block]] = [[]]
    for one in found:
        if columns[-1] and _high([*columns[-1], one], size) > high + _ROUNDING_MM:
            columns.append([])
        columns[-1].append(one)
    return columns


def _joined(found: list[Block], size: float) -> list[Row]:
    """Return the rows of blocks with room between these."""
    apart = Row(_APART_MM * size, lambda page, x, y: None)  # noqa: ARG005
    rows = [row for one in found for row in (apart, *one)]
    return rows[1:]


def _high(found: list[Block], size: float) -> float:
    return sum(row.high for row in _joined(found, size))


def _draw_rows(page: Page, found: Sequence[Row], box: Box) -> None:
    """Draw rows down from the top of a box as far as it reaches."""
    y = box.top
    for one in found:
        if y - one.high < box.bottom - _ROUNDING_MM:
            return
        one.draw(page, box.left, y)
        y -= one.high


def _headed(title: str, width: float, size: float) -> Iterator[Row]:
    how = replace(_HEAD, size_mm=_HEAD.size_mm * size)
    lines = wrap(title, how.size_mm, width, _LINES) if title else []
    for row, text in enumerate(lines):
        last = row == len(lines) - 1
        high = _HEAD_MM * size if last else how.size_mm * LEADING
        yield Row(high, partial(_written, text=text, how=how))


def _row(entry: Entry, width: float, size: float) -> Row:
    how = replace(_TEXT, size_mm=_TEXT.size_mm * size * (0.88 if entry.small else 1.0))
    indent = (_SAMPLE_MM + _GAP_MM) * size
    lines = wrap(entry.text, how.size_mm, width - indent, _LINES)
    high = _ROW_MM * size * (0.92 if entry.small else 1.0)
    high += how.size_mm * LEADING * (len(lines) - 1)

    def draw(page: Page, x: float, top: float) -> None:
        middle = top - high / 2
        entry.draw(page, x + _SAMPLE_MM * size / 2, middle, size)
        for row, text in enumerate(lines):
            drop = row - (len(lines) - 1) / 2
            y = middle - (drop * LEADING + RISE) * how.size_mm
            page.write(text, (x + indent, y), how)

    return Row(high, draw)


def _flowing(entries: Sequence[Entry], width: float, size: float) -> list[Row]:
    """Set short entries in rows; one that is as wide as the column has its own."""
    how = replace(_TEXT, size_mm=_TEXT.size_mm * size)
    sample = (_SAMPLE_MM * 0.62 + _GAP_MM * 0.6) * size
    entries = [replace(one, text=clean(one.text)) for one in entries]
    wide = [sample + width_mm(one.text, how.size_mm) for one in entries]
    if max(wide) > width * 0.9:
        return [_row(one, width, size) for one in entries]
    lines: list[list[tuple[float, Entry]]] = [[]]
    x = 0.0
    for one, own in zip(entries, wide, strict=True):
        if lines[-1] and x + own > width:
            lines.append([])
            x = 0.0
        lines[-1].append((x, one))
        x += own + _BETWEEN_MM * size
    return [Row(_ROW_MM * size, partial(_flown, placed=one, how=how, size=size)) for one in lines]


def _flown(
    page: Page, x: float, top: float, *, placed: list[tuple[float, Entry]], how: Type, size: float
) -> None:
    middle = top - _ROW_MM * size / 2
    sample = _SAMPLE_MM * 0.62 * size
    for off, one in placed:
        one.draw(page, x + off + sample / 2, middle, size)
        at = (x + off + sample + _GAP_MM * 0.6 * size, middle - RISE * how.size_mm)
        page.write(one.text, at, how)


def _written(page: Page, x: float, top: float, *, text: str, how: Type) -> None:
    page.write(text, (x, top - how.size_mm), how)


def _residents(shown: Map, dots: float) -> Iterator[Group]:
    if shown.graded is None:
        return
    scale = shown.graded.scale
    yield Group(
        scale.title,
        tuple(Entry(one.text, partial(_grade, one)) for one in scale.grades),
        flows=True,
    )
    sizes = [drawing.SIZES[row] for row in _SHOWN_SIZES]
    entries = tuple(
        Entry(f"{one:g}", partial(_size, float(drawing.dot_mm(np.array(one))) * dots))
        for one in sizes
    )
    yield Group(t("plate.people"), entries, flows=True)


def _bands(shown: Map) -> Iterator[Group]:
    ordered = sorted(one.minutes for one in shown.bands)
    if not ordered:
        return
    texts = [f"{one:g}" for one in ordered[:-1]] + [t("map.minutes", minutes=f"{ordered[-1]:g}")]
    yield Group(
        t("plate.bands"),
        tuple(
            Entry(text, partial(_swatch, mixed(PAPER, fill, drawing.BAND_SHARE), edge))
            for text, (fill, edge) in zip(texts, band_colours(len(ordered)), strict=True)
        ),
        flows=True,
    )


def _zones(zones: Sequence[Zone]) -> Group:
    if not zones:
        return Group("", ())
    own = tuple(Entry(one.name, partial(_badge, one), small=True) for one in zones)
    return Group("", (Entry(t("plate.zones"), _hatched), *own))


def _places(district: District, places: pd.DataFrame) -> Group:
    drawn = places[places["kind"].isin(list(district.kinds))]
    kinds = [one for one in district.kinds.values() if one.id in set(drawn["kind"])]
    entries = [Entry(str(one.name), partial(_kind, one, verified=True)) for one in kinds]
    unsure = drawn[~drawn["verified"].astype(bool)]
    if len(unsure):
        own = district.kinds[str(unsure["kind"].iloc[0])]
        entries.append(Entry(t("map.unverified"), partial(_kind, own, verified=False)))
    return Group(t("plate.places"), tuple(entries))


def _others(district: District, shown: Map, *, metro: bool) -> Group:
    entries = []
    if shown.heritage:
        entries.append(Entry(t("legend.heritage"), _gable))
    if shown.roads:
        entries.append(Entry(t("coverage.show_roads"), partial(_stroke, drawing.ROAD)))
    entries.append(Entry(t("layers.boundary"), partial(_stroke, ground.BOUNDARY)))
    if district.areas:
        entries.append(Entry(t("layers.areas"), partial(_stroke, ground.HAIR)))
    entries.append(Entry(t("layers.network"), _street))
    if metro:
        entries.append(Entry(t("plate.metro"), _station))
    return Group("", tuple(entries))


def _grade(one: Grade, page: Page, x: float, y: float, size: float) -> None:
    drawing.draw_grade(page, np.array([[x, y]]), one, 2.1 * size, 20.0)


def _size(wide: float, page: Page, x: float, y: float, _size: float) -> None:
    disc = shapely.Point(x, y).buffer(wide / 2, quad_segs=24)
    page.shape(disc, 20.0, edgecolor=INK, linewidth=0.6)


def _swatch(fill: str, edge: str, page: Page, x: float, y: float, size: float) -> None:
    page.path(_sample(x, y, 3.6 * size, 2.6 * size), 20.0, facecolor=fill, edgecolor=edge)


def _hatched(page: Page, x: float, y: float, size: float) -> None:
    box = shapely.box(x - 2.7 * size, y - 1.5 * size, x + 2.7 * size, y + 1.5 * size)
    page.shape(box, 20.0, facecolor=BEYOND, alpha=0.11)
    page.shape(drawing.hatching(box, 1.2 * size), 20.1, edgecolor=BEYOND, linewidth=0.42, alpha=0.6)
    page.shape(box, 20.2, edgecolor=BEYOND, linewidth=0.9, linestyle=(0, (4, 2)))


def _badge(one: Zone, page: Page, x: float, y: float, size: float) -> None:
    drawing.draw_badge(page, one, drawing.Spot(x, y, 3.5 * size))


def _kind(kind: Kind, page: Page, x: float, y: float, size: float, *, verified: bool) -> None:
    drawing.draw_sign(page, kind, drawing.Spot(x, y, _SIGN_MM * size), verified=verified)


def _gable(page: Page, x: float, y: float, size: float) -> None:
    drawing.draw_gables(page, np.array([[x, y]]), drawing.GABLE_MM * 1.2 * size)


def _street(page: Page, x: float, y: float, size: float) -> None:
    look: dict[str, Any] = {"edgecolor": ground.STREET, "linewidth": 2.0}
    _stroke(look, page, x, y, size)


def _stroke(look: dict[str, Any], page: Page, x: float, y: float, size: float) -> None:
    page.path(line((x - 3 * size, y), (x + 3 * size, y)), 20.0, **look)


def _station(page: Page, x: float, y: float, size: float) -> None:
    drawing.draw_metro(page, (x, y), drawing.METRO_MM * size)


def _sample(x: float, y: float, wide: float, high: float) -> Any:  # noqa: ANN401 - a path
    return rectangle(Box(x - wide / 2, y - high / 2, wide, high))
