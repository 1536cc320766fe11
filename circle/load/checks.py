"""Faults that no single table shows: between tables, and against the ground."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from circle.geo.crs import to_metric
from circle.hours import opening_hours
from circle.load.contacts import is_phone, is_website
from circle.load.doorways import doorway_findings
from circle.load.inside import places_inside, shares_inside
from circle.load.outlines import in_metres
from circle.load.population import hundredths, inside_hundredths
from circle.load.problems import few, rows_at_fault, table_findings
from circle.load.register_words import register_findings
from circle.load.text_tables import COLUMNS, short, typed
from circle.model import AGE_GROUPS, LEVEL_FILES, NOT_IN_ANY, RESIDENT_COLUMNS, Finding

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from circle.load.outlines import Outline
    from circle.model import Floats

SHORTER_M = 5.0
"""A length may be this much below the straight line between its ends."""
SHAPE_OFF_M = 30.0
"""A shape's ends may be this far from the junctions that it joins."""
FAR_KM = 10.0
"""Nothing of a district lies further than this beyond its outline's frame."""
LARGEST_CELL_DEG = 0.05
LINE_M = 10.0
"""A place may be drawn this far on the other side of the boundary, or as far as it is accurate."""
SHARE_OFF = 0.02
"""A stated share of a cell inside the boundary may differ this much from the drawn one."""
SHARED = 0.01
"""Two units of a level may share this part of the smaller one: an error of drawing."""
_KM_PER_DEGREE = 111.2
_POLYGONS = (shapely.GeometryType.POLYGON.value, shapely.GeometryType.MULTIPOLYGON.value)


@dataclass(frozen=True, eq=False)
class Content:
    """All tables of a district as text, and its outlines in degrees.

    `tables` may lack files and columns: what is there is checked.
    """

    tables: Mapping[str, pd.DataFrame]
    boundary: Outline | None
    levels: Mapping[str, tuple[Outline, ...]]
    kinds: Collection[str] | None
    crs: str | None


def content_findings(content: Content) -> list[Finding]:
    """Return all faults of the tables: each by itself, then one against another."""
    findings: list[Finding] = []
    for file, table in content.tables.items():
        findings += table_findings(table, file)
    # A table without all its columns is no ground for further checks.
    whole = {
        file: typed(table, file)
        for file, table in content.tables.items()
        if set(COLUMNS[file]) <= set(table.columns)
    }
    for file, table in whole.items():
        findings += _positions(table, file, content)
    findings += _streets(whole, content)
    findings += _names(whole, content)
    findings += _overlaps(content)
    findings += _hours(whole)
    findings += _contacts(whole)
    findings += doorway_findings(whole.get("doorways.csv"))
    findings += register_findings(whole)
    findings += _cells(whole)
    findings += _ages(content.tables, whole)
    findings += _inside(whole, content)
    findings += _demand(whole)
    return list(dict.fromkeys(findings))


def _positions(table: pd.DataFrame, file: str, content: Content) -> list[Finding]:
    if "lon" not in table or "lat" not in table or content.boundary is None:
        return []
    west, south, east, north = content.boundary.polygon.bounds
    margin_lat = FAR_KM / _KM_PER_DEGREE
    margin_lon = margin_lat / max(np.cos(np.radians((south + north) / 2)), 0.01)

    def near(lon: pd.Series[float], lat: pd.Series[float]) -> pd.Series[bool]:
        return lon.between(west - margin_lon, east + margin_lon) & lat.between(
            south - margin_lat, north + margin_lat
        )

    lon, lat = table["lon"], table["lat"]
    away = lon.notna() & lat.notna() & ~near(lon, lat)
    swapped = away & near(lat, lon)
    km = np.full(len(table), f"{FAR_KM:.0f}")
    return rows_at_fault(swapped, file, "swapped", "lon", lon=lon, lat=lat) + rows_at_fault(
        away & ~swapped, file, "far_away", "lon", lon=lon, lat=lat, km=km
    )


def _streets(whole: Mapping[str, pd.DataFrame], content: Content) -> list[Finding]:
    file = "segments.csv"
    if file not in whole or "junctions.csv" not in whole:
        return []
    segments, junctions = whole[file], whole["junctions.csv"]
    findings: list[Finding] = []
    for column in ("from_id", "to_id"):
        lost = segments[column].notna() & ~segments[column].isin(junctions["id"])
        ids = segments[column].fillna(0).astype(np.int64)
        findings += rows_at_fault(lost, file, "missing_junction", column, id=ids)
    shapes = shapely.from_wkt(segments["shape"].to_numpy(object), on_invalid="ignore")
    lines = shapely.get_type_id(shapes) == shapely.GeometryType.LINESTRING.value
    lines &= shapely.get_num_points(shapes) > 1
    lines &= np.isfinite(shapely.bounds(shapes)).all(axis=1)
    findings += rows_at_fault(~lines, file, "bad_shape", "shape", value=segments["shape"])
    if content.crs is None or findings:
        return findings
    return _lengths(segments, junctions, shapes, content.crs)


def _lengths(
    segments: pd.DataFrame, junctions: pd.DataFrame, shapes: np.ndarray, crs: str
) -> list[Finding]:
    file = "segments.csv"
    xy = to_metric(junctions["lon"].fillna(0), junctions["lat"].fillna(0), crs)
    place = pd.DataFrame(xy, index=junctions["id"])
    place = place[~place.index.duplicated()]
    begin = place.loc[segments["from_id"]].to_numpy(np.float64)
    finish = place.loc[segments["to_id"]].to_numpy(np.float64)
    straight = np.hypot(*(finish - begin).T)
    length = segments["length_m"].to_numpy(np.float64)
    findings = rows_at_fault(
        (length > 0) & (length < straight - SHORTER_M),
        file,
        "too_short",
        "length_m",
        length=length,
        straight=np.round(np.nan_to_num(straight, posinf=1e12), 1),
    )
    off = np.maximum(
        _off(shapely.get_point(shapes, 0), begin, crs),
        _off(shapely.get_point(shapes, -1), finish, crs),
    )
    return findings + rows_at_fault(
        off > SHAPE_OFF_M, file, "shape_off", "shape", m=np.round(np.nan_to_num(off, posinf=1e12))
    )


def _off(points: np.ndarray, xy: Floats, crs: str) -> Floats:
    moved = to_metric(shapely.get_x(points), shapely.get_y(points), crs)
    return np.asarray(np.hypot(*(moved - xy).T), dtype=np.float64)


def _names(whole: Mapping[str, pd.DataFrame], content: Content) -> list[Finding]:
    findings: list[Finding] = []
    for file in ("facilities.csv", "registers.csv"):
        if file in whole and content.kinds is not None:
            known = ", ".join(content.kinds)
            kind = whole[file]["kind"]
            wrong = ~kind.isin(list(content.kinds)) & (kind != "")
            known_kinds = np.full(len(kind), known)
            findings += rows_at_fault(
                wrong, file, "unknown_kind", "kind", value=kind, known=known_kinds
            )
    ids = {
        level: [str(outline.properties.get("id", "")) for outline in outlines]
        for level, outlines in content.levels.items()
    }
    for level, unit_ids in ids.items():
        findings += [
            Finding(LEVEL_FILES[level], "duplicate_id", row, "id", (("value", short(name)),))
            for row, name in enumerate(unit_ids, start=1)
            if name in {"", NOT_IN_ANY, *unit_ids[: row - 1]}
        ]
    if "demand.csv" in whole:
        area = whole["demand.csv"]["area"]
        wrong = ~area.isin(["", *ids.get("area", ())])
        findings += rows_at_fault(wrong, "demand.csv", "unknown_area", "area", value=area)
    return findings


def _overlaps(content: Content) -> list[Finding]:
    """Return the pairs of a level's units that share more ground than a drawing error."""
    if content.crs is None:
        return []
    findings = []
    for level, outlines in content.levels.items():
        shapes = np.array([in_metres(unit.polygon, content.crs) for unit in outlines], object)
        finite = np.isfinite(shapely.bounds(shapes).reshape(-1, 4)).all(axis=1)
        shapes[~finite | ~shapely.is_valid(shapes)] = None
        first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects")
        for a, b in sorted((a, b) for a, b in zip(first, second, strict=True) if a < b):
            shared = shapely.intersection(shapes[a], shapes[b]).area
            if shared <= SHARED * min(shapes[a].area, shapes[b].area):
                continue
            values = (("one", _unit_name(outlines[a], a)), ("other", _unit_name(outlines[b], b)))
            hectares = (("hectares", f"{shared / 1e4:.2f}"),)
            findings.append(
                Finding(LEVEL_FILES[level], "overlap", int(b) + 1, None, values + hectares)
            )
    return few(findings)


def _unit_name(unit: Outline, index: int) -> str:
    names = (unit.properties.get(key) for key in ("name", "name_zh", "id"))
    return short(next((name for name in names if name), index + 1))


def _hours(whole: Mapping[str, pd.DataFrame]) -> list[Finding]:
    findings = []
    for file in ("facilities.csv", "street_edits.csv"):
        if file not in whole:
            continue
        hours = whole[file]["hours"]
        wrong = ~hours.map(opening_hours.valid).astype(bool)
        findings += rows_at_fault(wrong, file, "bad_hours", "hours", value=hours)
    return findings


def _contacts(whole: Mapping[str, pd.DataFrame]) -> list[Finding]:
    file = "facilities.csv"
    findings = []
    for column, right, key in (
        ("phone", is_phone, "bad_phone"),
        ("website", is_website, "bad_website"),
    ):
        if file in whole and column in whole[file]:
            stated = whole[file][column]
            wrong = stated.ne("") & ~stated.map(right).astype(bool)
            findings += rows_at_fault(wrong, file, key, column, value=stated)
    return findings


def _cells(whole: Mapping[str, pd.DataFrame]) -> list[Finding]:
    file = "residents.csv"
    if file not in whole:
        return []
    cells = whole[file]
    wide, high = cells["east"] - cells["west"], cells["north"] - cells["south"]
    off = (cells["west"].abs() > 180) | (cells["south"].abs() > 90)  # noqa: PLR2004 - degrees
    large = (wide > LARGEST_CELL_DEG) | (high > LARGEST_CELL_DEG)
    stated = cells["shape"] if "shape" in cells else pd.Series("", cells.index, object)
    drawn = stated.ne("")
    shapes = shapely.from_wkt(stated[drawn].to_numpy(object), on_invalid="ignore")
    bad = drawn.copy()
    bad[drawn] = ~(
        np.isin(shapely.get_type_id(shapes), _POLYGONS)
        & shapely.is_valid(shapes)
        & ~shapely.is_empty(shapes)
    )
    wrong = off | (wide <= 0) | (high <= 0) | (large & ~drawn)
    return rows_at_fault(wrong, file, "bad_cell", "west") + rows_at_fault(
        bad, file, "bad_geometry", "shape"
    )


def _inside(whole: Mapping[str, pd.DataFrame], content: Content) -> list[Finding]:
    """Return the rows that the boundary contradicts: a place by more than it may be off."""
    if content.boundary is None or content.crs is None:
        return []
    ground = in_metres(content.boundary.polygon, content.crs)
    findings = []
    for file in ("facilities.csv", "heritage.csv"):
        if file in whole:
            table = whole[file]
            inside, off_m = places_inside(table, ground, content.crs)
            may_be_off = np.fmax(table["position_accuracy_m"].to_numpy(np.float64), LINE_M)
            wrong = (table["inside"] != inside) & table["inside"].notna() & (off_m > may_be_off)
            findings += rows_at_fault(
                wrong, file, "inside_differs", "inside", m=np.round(np.nan_to_num(off_m))
            )
    if "residents.csv" in whole:
        cells = whole["residents.csv"]
        share, stated = shares_inside(cells, ground, content.crs), cells["share_inside"]
        findings += rows_at_fault(
            (stated - share).abs() > SHARE_OFF,
            "residents.csv",
            "share_differs",
            "share_inside",
            value=stated,
            share=np.round(share, 4),
        )
    return findings


def _ages(tables: Mapping[str, pd.DataFrame], whole: Mapping[str, pd.DataFrame]) -> list[Finding]:
    """Return the rows that state some ages and not others: all are known, or none is."""
    findings = []
    for file in ("residents.csv", "demand.csv", "committee_residents.csv"):
        if file in whole:
            stated = tables[file][list(AGE_GROUPS)].map(str.strip).replace("", None)
            findings += rows_at_fault(_in_part(stated), file, "ages_partly", AGE_GROUPS[0])
    return findings


def _in_part(ages: pd.DataFrame) -> pd.Series[bool]:
    """Return which rows have some ages, and lack others."""
    lacking = ages.isna()
    return lacking.any(axis=1) & ~lacking.all(axis=1)


def _demand(whole: Mapping[str, pd.DataFrame]) -> list[Finding]:
    file = "demand.csv"
    if not {file, "residents.csv"} <= whole.keys():
        return []
    demand, cells = whole[file], whole["residents.csv"]
    ages = list(AGE_GROUPS)
    if demand.drop(columns=ages).select_dtypes("number").isna().any(axis=None) or (
        cells.drop(columns=ages).isna().any(axis=None) or cells["cell"].duplicated().any()
    ):
        return []
    if _in_part(demand[ages]).any() or _in_part(cells[ages]).any():
        return []
    lost = ~demand["cell"].isin(cells["cell"])
    findings = rows_at_fault(lost, file, "unknown_cell", "cell", value=demand["cell"])
    if "segments.csv" in whole:
        # a link is one more segment, and cuts two
        more = 3 * len(whole.get("street_edits.csv", ()))
        off = ~demand["segment"].between(0, len(whole["segments.csv"]) + more - 1)
        findings += rows_at_fault(off, file, "unknown_segment", "segment", value=demand["segment"])
    columns = list(RESIDENT_COLUMNS)
    due = hundredths(cells[columns].to_numpy(np.float64))
    due_inside = inside_hundredths(due, cells["share_inside"].to_numpy(np.float64))
    for wanted, rows in ((due, demand), (due_inside, demand[demand["inside"] > 0])):
        people = pd.DataFrame(hundredths(rows[columns].to_numpy(np.float64)), columns=columns)
        totals = people.groupby(rows["cell"].to_numpy()).sum().reindex(cells["cell"], fill_value=0)
        for index, column in enumerate(columns):
            have, want = totals[column].to_numpy(), wanted[:, index]
            findings += [
                Finding(file, "not_conserved", None, column, tuple(values.items()))
                for values in (
                    {
                        "cell": f"{cells['cell'].iloc[row]:.0f}",
                        "have": f"{have[row] / 100:.2f}",
                        "want": f"{want[row] / 100:.2f}",
                    }
                    for row in np.flatnonzero(have != want)[:20]
                )
            ]
    return findings
