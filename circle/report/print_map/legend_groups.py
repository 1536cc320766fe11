"""The legend of a printed map: which samples it shows, what each is, how each is drawn."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import shapely

from circle.i18n import t
from circle.report.print_map import basemap, printed_symbols, thematic
from circle.report.print_map.canvas import AT_MARGIN, INK, Canvas, Paint, line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import pandas as pd

    from circle.maps.grades import Grade
    from circle.model import District, Kind
    from circle.report.content.elements import Map, Zone
    from circle.report.print_map.basemap import Bounds
    from circle.report.print_map.printed_symbols import Spot

_SHOWN_SIZES = (1, 3, 5)
_RIM = Paint("none", INK, 0.6)


@dataclass(frozen=True, slots=True)
class Entry:
    """A sample and what it is; `small` for one of a list below another."""

    text: str
    draw: Callable[[Canvas, Spot], None]
    small: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Entries below a heading ("" for none); `flows` for short ones that stand in a row."""

    title: str
    entries: tuple[Entry, ...]
    flows: bool = False


def legend(district: District, shown: Map, dots: float, seen: Bounds | None = None) -> list[Group]:
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
        zones = tuple(zone for zone in zones if shapely.intersects(zone.geometry, box))
        places = places[shapely.intersects_xy(box, places["x"], places["y"])]
        stations = stations[shapely.intersects_xy(box, stations["x"], stations["y"])]
    groups = [
        *_residents(shown, dots),
        _bands(shown),
        _zones(zones),
        _facilities(district, places),
        _others(district, shown, metro=len(stations) > 0),
    ]
    return [group for group in groups if group.entries]


def _stations(district: District) -> pd.DataFrame:
    places = district.places
    if places is None or "kind" not in places:
        return district.facilities[:0]
    return places[places["kind"].eq("metro")]


def _residents(shown: Map, dots: float) -> Iterator[Group]:
    if shown.graded is None:
        return
    scale = shown.graded.scale
    grades = tuple(Entry(grade.text, partial(_grade, grade)) for grade in scale.grades)
    yield Group(scale.title, grades, flows=True)
    if not scale.sized:
        return
    sizes = [printed_symbols.SIZES[row] for row in _SHOWN_SIZES]
    wide = (printed_symbols.dot_mm(np.array(sizes)) * dots).tolist()
    discs = tuple(
        Entry(f"{size:g}", partial(_disc, mm)) for size, mm in zip(sizes, wide, strict=True)
    )
    yield Group(t("plate.people"), discs, flows=True)


def _bands(shown: Map) -> Group:
    ordered = [f"{minutes:g}" for minutes in sorted(band.minutes for band in shown.bands)]
    texts = [*ordered[:-1], *(t("map.minutes", minutes=last) for last in ordered[-1:])]
    paints = thematic.band_paints(len(texts))
    entries = [
        Entry(text, partial(_swatch, paint)) for text, paint in zip(texts, paints, strict=True)
    ]
    return Group(t("plate.bands"), tuple(entries), flows=True)


def _zones(zones: Sequence[Zone]) -> Group:
    if not zones:
        return Group("", ())
    badges = (Entry(zone.name, partial(_badge, zone), small=True) for zone in zones)
    return Group("", (Entry(t("plate.zones"), _hatched), *badges))


def _facilities(district: District, places: pd.DataFrame) -> Group:
    drawn = places[places["kind"].isin(list(district.kinds))]
    kinds = [kind for kind in district.kinds.values() if kind.id in set(drawn["kind"])]
    entries = [Entry(str(kind.name), partial(_kind, kind, verified=True)) for kind in kinds]
    unsure = drawn[~drawn["verified"].astype(bool)]
    if len(unsure):
        kind = district.kinds[str(unsure["kind"].iloc[0])]
        entries.append(Entry(t("map.unverified"), partial(_kind, kind, verified=False)))
    return Group(t("plate.places"), tuple(entries))


def _others(district: District, shown: Map, *, metro: bool) -> Group:
    entries = []
    if shown.heritage:
        entries.append(Entry(t("legend.heritage"), _gable))
    if shown.roads:
        entries.append(Entry(t("coverage.show_roads"), partial(_stroke, thematic.ROAD)))
    entries.append(Entry(t("layers.boundary"), partial(_stroke, basemap.BOUNDARY)))
    if district.areas:
        entries.append(Entry(t("layers.areas"), partial(_stroke, basemap.AREA_LINE)))
    entries.append(Entry(t("layers.network"), partial(_stroke, basemap.street_paint(2.0))))
    if metro:
        entries.append(Entry(t("plate.metro"), _station))
    return Group("", tuple(entries))


def _grade(grade: Grade, canvas: Canvas, spot: Spot) -> None:
    printed_symbols.draw_grade(canvas, np.array([spot.at]), grade, 2.1 * spot.size_mm, AT_MARGIN)


def _disc(wide_mm: float, canvas: Canvas, spot: Spot) -> None:
    canvas.shape(shapely.Point(spot.at).buffer(wide_mm / 2, quad_segs=24), AT_MARGIN, _RIM, "size")


def _swatch(paint: Paint, canvas: Canvas, spot: Spot) -> None:
    canvas.shape(_box(spot, 3.6, 2.6), AT_MARGIN, paint)


def _hatched(canvas: Canvas, spot: Spot) -> None:
    thematic.draw_hatched(canvas, _box(spot, 5.4, 3.0), AT_MARGIN, 1.2 * spot.size_mm)


def _badge(zone: Zone, canvas: Canvas, spot: Spot) -> None:
    printed_symbols.draw_badge(canvas, zone, replace(spot, size_mm=3.5 * spot.size_mm), AT_MARGIN)


def _kind(kind: Kind, canvas: Canvas, spot: Spot, *, verified: bool) -> None:
    sized = replace(spot, size_mm=4.0 * spot.size_mm)
    printed_symbols.draw_symbol(canvas, kind, sized, AT_MARGIN, verified=verified)


def _gable(canvas: Canvas, spot: Spot) -> None:
    wide = printed_symbols.GABLE_MM * 1.2 * spot.size_mm
    printed_symbols.draw_gables(canvas, np.array([spot.at]), wide, AT_MARGIN)


def _stroke(paint: Paint, canvas: Canvas, spot: Spot) -> None:
    half = 3 * spot.size_mm
    canvas.shape(line((spot.x - half, spot.y), (spot.x + half, spot.y)), AT_MARGIN, paint)


def _station(canvas: Canvas, spot: Spot) -> None:
    sized = replace(spot, size_mm=printed_symbols.METRO_MM * spot.size_mm)
    printed_symbols.draw_metro(canvas, sized, AT_MARGIN)


def _box(spot: Spot, wide: float, high: float) -> shapely.Polygon:
    x, y = wide / 2 * spot.size_mm, high / 2 * spot.size_mm
    return shapely.box(spot.x - x, spot.y - y, spot.x + x, spot.y + y)
