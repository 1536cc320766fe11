"""District folder → arrays, for whoever walks and needs no tables.

Only a folder that is as its builder left it is read so; any other is read by
`circle.load.read`, which says what is wrong with it. Reading so takes no pandas.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from circle.geo.crs import to_metric
from circle.load import meta as about_itself
from circle.load.folder import files_of
from circle.load.text_tables import (
    COLUMNS,
    FREE_TEXT,
    IDS,
    MORE_COLUMNS,
    OPTIONAL,
    OUTLINES,
    UNSEEN,
    columns_of,
    digest,
    read_bytes,
)
from circle.model import PlainDistrict, Profile, Text
from circle.network.edits import Act, StreetEdit, edited
from circle.network.graph import build_network

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from circle.load.meta import Meta
    from circle.model import District, Floats, Strings, WalkNetwork
    from circle.model.plain import Columns
    from circle.network.edits import Edited

_WALKED = ("junctions.csv", "segments.csv", "profiles.csv")
EDITS = "street_edits.csv"
_FLAGS = {"1": 1.0, "0": 0.0}
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_WHOLE_MOST = 2**53


def read_plain(folder: Path, tables: Iterable[str] = ()) -> PlainDistrict | None:
    """Read streets, profiles and some tables of a folder as arrays.

    Parameters
    ----------
    folder
        Folder with a district.toml.
    tables
        Files of tables wanted beside the streets.

    Returns
    -------
    PlainDistrict or None
        None where the folder is not as its builder left it, or holds what is not
        plain: `circle.load.read.read_district` then reads it, or says what is wrong.
    """
    data, faults = read_bytes(folder / about_itself.FILE)
    if faults:
        return None
    meta, faults = about_itself.parse_meta(data)
    files, lost = files_of(folder, (*OUTLINES, *COLUMNS), OPTIONAL)
    if meta is None or faults or lost:
        return None
    raw, _ = about_itself.parse_toml(data, about_itself.FILE)
    digests = {name: digest(content) for name, content in files.items()}
    if about_itself.content_hash(raw, digests) != meta.content_hash:
        return None
    wanted = [*_WALKED, *([EDITS] if EDITS in files else []), *tables]
    try:
        return _assemble(meta, {name: _typed(files[name], name) for name in wanted})
    except (LookupError, ValueError, TypeError, csv.Error, shapely.errors.ShapelyError):
        return None


def plain(district: District) -> PlainDistrict:
    """Return a district's streets, profiles and tables of places as arrays."""
    tables = {"facilities": district.facilities, "heritage": district.heritage}
    tables["demand"] = district.demand
    return PlainDistrict(
        crs=district.crs,
        network=district.network,
        profiles=district.profiles,
        tables={
            f"{name}.csv": {str(column): table[column].to_numpy() for column in table}
            for name, table in tables.items()
        },
    )


def network_of(tables: Mapping[str, Columns], crs: str, *, main_piece_only: bool) -> WalkNetwork:
    """Return the streets of typed tables, with what was mended by hand; see `streets_of`."""
    return streets_of(tables, crs, main_piece_only=main_piece_only).network


def streets_of(tables: Mapping[str, Columns], crs: str, *, main_piece_only: bool) -> Edited:
    """Return the streets in metres with the edits laid over them, and how each edit fits.

    Parameters
    ----------
    tables
        Typed (see `circle.load.text_tables.typed`): junctions, segments and, where there
        are any, street edits.
    """
    junctions, segments = tables["junctions.csv"], tables["segments.csv"]
    shapes = shapely.from_wkt(np.asarray(segments["shape"], object))

    def move(lonlat: Floats) -> Floats:
        return to_metric(lonlat[:, 0], lonlat[:, 1], crs)

    xy = move(np.column_stack([junctions["lon"], junctions["lat"]]).astype(np.float64))
    network = build_network(
        {
            "id": _whole(junctions["id"]),
            "x": xy[:, 0],
            "y": xy[:, 1],
            "signal": np.asarray(junctions["signal"]).astype(np.bool_),
        },
        {name: segments[name] for name in ("length_m", "class", "name", "shape_kind")}
        | {name: _whole(segments[name]) for name in ("from_id", "to_id", "steps")},
        shapely.transform(shapes, move),
        crs,
    )
    network = replace(network, main_piece_only=main_piece_only)
    return edited(network, _edits(tables.get(EDITS), crs))


def _edits(table: Columns | None, crs: str) -> list[StreetEdit]:
    if table is None or not len(np.asarray(table["id"])):
        return []
    columns = {name: np.asarray(table[name]) for name in map(str, table)}
    begin = to_metric(columns["lon"], columns["lat"], crs)
    has_end = np.isfinite(columns["lon_to"]) & np.isfinite(columns["lat_to"])
    end = to_metric(
        np.where(has_end, columns["lon_to"], columns["lon"]),
        np.where(has_end, columns["lat_to"], columns["lat"]),
        crs,
    )
    return [
        StreetEdit(
            id=str(columns["id"][i]),
            act=Act(columns["act"][i]),
            xy=(float(begin[i, 0]), float(begin[i, 1])),
            to_xy=(float(end[i, 0]), float(end[i, 1])) if has_end[i] else None,
            steps=_steps(columns["steps"][i], columns["act"][i]),
            name=str(columns["name"][i]),
        )
        for i in range(len(begin))
    ]


def _steps(stated: float, act: str) -> int:
    """Return the steps of an edit: where none are stated a link has none, a stair uncounted."""
    if np.isnan(stated):
        return 0 if act == Act.STEPS.value else -1
    return int(stated)


def profiles_of(table: Columns) -> dict[str, Profile]:
    """Return the profiles of a typed table, by id."""
    columns = {name: np.asarray(table[name]) for name in map(str, table)}
    rows = [
        {name: values[row] for name, values in columns.items()} for row in range(len(columns["id"]))
    ]
    return {
        row["id"]: Profile(
            id=row["id"],
            name=Text(row["name_zh"], row["name_en"]),
            speed_m_s=float(row["speed_m_s"]),
            steps_allowed=bool(row["steps_allowed"]),
            seconds_per_step=None
            if np.isnan(row["seconds_per_step"])
            else float(row["seconds_per_step"]),
            signal_wait_s=float(row["signal_wait_s"]),
            source=Text(row.get("source_zh") or row["source"], row["source"]),
            **{
                name: float(row[name])
                for name, kind in MORE_COLUMNS["profiles.csv"].items()
                if kind == "number?" and not np.isnan(row.get(name, np.nan))
            },
        )
        for row in rows
    }


def _assemble(meta: Meta, tables: dict[str, dict[str, Any]]) -> PlainDistrict:
    for table in tables.values():
        if "lon" in table:
            xy = to_metric(np.asarray(table["lon"]), np.asarray(table["lat"]), meta.crs)
            table |= {"x": xy[:, 0], "y": xy[:, 1]}
    return PlainDistrict(
        crs=meta.crs,
        network=network_of(tables, meta.crs, main_piece_only=meta.snap_to_main_piece),
        profiles=profiles_of(tables["profiles.csv"]),
        tables=tables,
    )


def _typed(data: bytes, file: str) -> dict[str, Any]:
    """Return the known columns of a table as arrays.

    Raises
    ------
    ValueError
        When a row is not as long as the header, or a field is not of its column's type.
    """
    rows = [row for row in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")) if row]
    header = rows[0]
    if len(set(header)) < len(header):
        raise ValueError(file)
    cells = dict(zip(header, zip(*rows[1:], strict=True), strict=True)) if rows[1:] else {}
    spec = columns_of(file)
    return {name: _column(name, cells.get(name, ()), spec[name]) for name in header if name in spec}


def _column(name: str, cells: Iterable[str], kind: str) -> Strings | Floats:
    if name not in FREE_TEXT and any("\n" in cell or "\r" in cell for cell in cells):
        raise ValueError(name)
    if name in IDS:
        cells = [UNSEEN.sub("", cell).replace("\u00a0", " ").strip() for cell in cells]
    if kind == "text":
        return np.array([*cells], object)
    if kind == "flag":
        return np.array([_FLAGS[cell] for cell in cells], np.float64)
    return np.array([_number(cell, kind) for cell in cells], np.float64)


def _number(cell: str, kind: str) -> float:
    text = cell.strip()
    if kind == "number?" and not text:
        return np.nan
    if not _NUMBER.fullmatch(text):
        raise ValueError(cell)
    number = float(text)
    if not np.isfinite(number):
        raise ValueError(cell)
    if kind == "whole" and (number != np.floor(number) or abs(number) > _WHOLE_MOST):
        raise ValueError(cell)
    return number


def _whole(values: object) -> NDArray[np.int64]:
    numbers = np.asarray(values)
    if numbers.dtype.kind == "f" and not np.isfinite(numbers).all():
        raise ValueError(numbers)
    return numbers.astype(np.int64)
