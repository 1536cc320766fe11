"""Polygons that are brought and a level that is there → the level as it will be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import shapely
from shapely import MultiPolygon, Polygon

from circle.geo.crs import to_lonlat, to_metric
from circle.geo.datum import SHIFTED, WGS84, to_wgs84
from circle.intake.merge import Change, new_id
from circle.intake.positions import system_of
from circle.intake.remarks import Severity, remark
from circle.intake.rows import GEOMETRY
from circle.load.datums import APART
from circle.load.outlines import Outline
from circle.places.search import normal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from circle.intake.layers import Layer
    from circle.intake.remarks import Remark
    from circle.intake.rows import Row
    from circle.intake.sheet import Sheet
    from circle.model import District, Floats

    Shape = Polygon | MultiPolygon

_SAME_DEG = 6e-8
"""Coordinates that are written to seven decimals differ by less where they are the same."""
_MENDED_SHARE = 0.01
"""A polygon that crosses itself is mended where that changes no more of its ground."""
_BETTER_SHARE = 0.05
_PROPERTIES = ("id", "name_zh", "name_en", "official", "note_zh", "note_en")


@dataclass(frozen=True, eq=False)
class MergedUnits:
    """A level as it will be; `origin` holds for each unit the row that was brought, if one was."""

    outlines: tuple[Outline, ...]
    origin: tuple[Row | None, ...]
    added: tuple[Change, ...]
    changed: tuple[Change, ...]
    removed: tuple[Change, ...]
    unchanged: int


def read_shapes(
    rows: Sequence[Row], sheet: Sheet, district: District, declared: str
) -> tuple[dict[Row, Shape], list[Remark]]:
    """Return the polygon of each good row in degrees of WGS 84, and what is said of the file."""
    shapes: dict[Row, Shape] = {}
    stated: dict[Row, Shape] = {}
    system, datum = system_of(sheet, declared)
    for row in (row for row in rows if row.entries and not row.bad):
        shape = _sound(row)
        if shape is not None:
            stated[row] = _moved(shape, system, WGS84)
    for row, shape in stated.items():
        moved = _moved(shape, "", datum)
        if not shapely.intersects(_metric(moved, district), district.boundary):
            row.say("unit_outside", Severity.ERROR, GEOMETRY)
        else:
            shapes[row] = moved
    return shapes, _other_datum(stated, datum, district, sheet.file)


def merge_units(
    rows: Sequence[Row],
    shapes: dict[Row, Shape],
    present: Sequence[Outline],
    layer: Layer,
    *,
    whole: bool,
) -> MergedUnits:
    """Return a level with the units that are brought put in; `whole`: what is not brought goes."""
    outlines = list(present)
    origin: list[Row | None] = [None] * len(outlines)
    added, changed, unchanged = [], [], 0
    for row in (row for row in rows if not row.bad and row in shapes):
        at = _meant(row, outlines)
        if at is not None and origin[at] is not None:
            said = origin[at]
            row.say("duplicate_row", Severity.ERROR, first=0 if said is None else said.line.number)
            continue
        if at is None:
            taken = {str(unit.properties["id"]) for unit in outlines}
            unit = Outline(_properties({}, row, layer, taken), shapes[row])
            outlines.append(unit)
            origin.append(row)
            title = str(unit.properties["name_zh"])
            added.append(Change(str(unit.properties["id"]), title, row=row.line.number))
            continue
        before, origin[at] = outlines[at], row
        fields = _put(outlines, at, row, shapes[row], layer)
        if fields:
            title = str(before.properties.get("name_zh", ""))
            changed.append(Change(str(before.properties["id"]), title, fields, row.line.number))
        else:
            unchanged += 1
    spared = {at for row in rows if row.bad and (at := _meant(row, present)) is not None}
    goes = [whole and origin[n] is None and n not in spared for n in range(len(outlines))]
    removed = tuple(
        Change(str(unit.properties["id"]), str(unit.properties.get("name_zh", "")))
        for unit, go in zip(outlines, goes, strict=True)
        if go
    )
    kept = [n for n, go in enumerate(goes) if not go]
    return MergedUnits(
        tuple(outlines[n] for n in kept),
        tuple(origin[n] for n in kept),
        tuple(added),
        tuple(changed),
        removed,
        unchanged,
    )


def _put(
    outlines: list[Outline], at: int, row: Row, shape: Shape, layer: Layer
) -> tuple[tuple[str, str, str], ...]:
    """Put what a row says in the place of a unit; return what that changes."""
    before = outlines[at]
    properties = _properties(before.properties, row, layer, set())
    same = shapely.equals_exact(
        shapely.normalize(before.polygon), shapely.normalize(shape), tolerance=_SAME_DEG
    )
    fields = [
        (name, str(before.properties.get(name, "")), str(value))
        for name, value in properties.items()
        if before.properties.get(name, "") != value
    ]
    if not same:
        fields.append((GEOMETRY, before.polygon.geom_type, shape.geom_type))
    outlines[at] = Outline(properties, before.polygon if same else shape)
    return tuple(fields)


def _properties(before: dict[str, Any], row: Row, layer: Layer, taken: set[str]) -> dict[str, Any]:
    after = dict.fromkeys(_PROPERTIES, "") | {"official": False} | before
    for name in _PROPERTIES:
        if name in row.entries and (name != "id" or not before):
            value = row.stated(name)
            after[name] = value == "1" if name == "official" else value
    after["name_en"] = after["name_en"] or after["name_zh"]
    after["id"] = after["id"] or new_id(str(after["name_en"]), layer.level, taken)
    return after


def _meant(row: Row, outlines: Sequence[Outline]) -> int | None:
    """Return which unit a row means: that of its id, else of its name."""
    for column, names in (("id", ("id",)), ("name_zh", ("name_zh", "name_en"))):
        text = normal(row.stated(column))
        for number, unit in enumerate(outlines):
            if text and text in {normal(str(unit.properties.get(name, ""))) for name in names}:
                return number
        if text and column == "id":
            return None
    return None


def _sound(row: Row) -> Shape | None:
    """Return a row's polygon, mended where it crosses itself a little."""
    shape = row.line.shape
    if not isinstance(shape, Polygon | MultiPolygon) or shape.is_empty:
        row.say("no_polygon", Severity.ERROR, GEOMETRY, "" if shape is None else shape.geom_type)
        return None
    shape = shapely.force_2d(shape)
    if shapely.is_valid(shape):
        return shape
    mended = shapely.make_valid(shape, method="structure", keep_collapsed=False)
    area = shape.envelope.area
    if (
        not isinstance(mended, Polygon | MultiPolygon)
        or mended.is_empty
        or abs(mended.area - shape.area) > _MENDED_SHARE * area
    ):
        row.say("bad_geometry", Severity.ERROR, GEOMETRY, shape.geom_type)
        return None
    row.say("shape_mended", Severity.CHANGED, GEOMETRY, shape.geom_type)
    return mended


def _moved(shape: Shape, system: str, datum: str) -> Shape:
    if not system and datum not in SHIFTED:
        return shape

    def move(xy: Floats) -> Floats:
        return to_lonlat(xy, system) if system else to_wgs84(xy, datum)

    moved: Shape = shapely.transform(shape, move)
    return moved


def _metric(shape: Shape, district: District) -> Shape:
    def move(lonlat: Floats) -> Floats:
        return to_metric(lonlat[:, 0], lonlat[:, 1], district.crs)

    if not (np.abs(shapely.get_coordinates(shape)) <= (180, 90)).all():
        return shapely.Polygon()
    return cast("Shape", shapely.make_valid(shapely.transform(shape, move)))


def _other_datum(
    stated: dict[Row, Shape], declared: str, district: District, file: str
) -> list[Remark]:
    """Return that another datum brings more of the polygons into the boundary."""
    if not stated:
        return []
    share = {name: _share_inside(stated.values(), name, district) for name in APART}
    best = max(share, key=share.__getitem__)
    now = share[declared if declared in SHIFTED else WGS84]
    if share[best] - now <= _BETTER_SHARE:
        return []
    values = {"datum": best, "declared": declared}
    rates = {"now": f"{100 * now:.1f}", "then": f"{100 * share[best]:.1f}"}
    return [remark(file, None, "other_datum_shapes", Severity.ERROR, GEOMETRY, **values, **rates)]


def _share_inside(shapes: Iterable[Shape], datum: str, district: District) -> float:
    """Return which part of the polygons' ground is the district's, by a datum."""
    moved = [_metric(_moved(shape, "", datum), district) for shape in shapes]
    whole = shapely.union_all([shape for shape in moved if not shape.is_empty])
    inside = shapely.intersection(whole, district.boundary).area
    return float(inside / whole.area) if whole.area else 0.0
