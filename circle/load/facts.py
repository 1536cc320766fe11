"""Tables of facts as they were gathered → the tables of a district folder, as text.

Rows keep their order, so that a fault found in a district's table is reported with the
file, row and column that the person knows.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, replace
from importlib.resources import files as resources
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from circle.errors import DataError
from circle.files import shown
from circle.geo.datum import WGS84
from circle.load.datums import moved
from circle.load.folder import faulty_folder, files_of, outlines_of, tables_of
from circle.load.inside import places_inside, shares_inside
from circle.load.outlines import Outline, in_metres, metric_crs_of
from circle.load.text_tables import COLUMNS, MORE_COLUMNS, OUTLINES, columns_of, short, typed
from circle.model import AGE_GROUPS, Finding

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

# Column of the district's table → column of the facts' table, where the names differ.
_RENAMED = {
    "junctions.csv": {"id": "osm_node", "signal": "control"},
    "segments.csv": {"from_id": "from_node", "to_id": "to_node"},
    "facilities.csv": {"kind": "category"},
    "residents.csv": {"residents": "total"},
    "registers.csv": {"basis_en": "basis", "basis_zh": "basis"},
    "profiles.csv": {"id": "key", "speed_m_s": "value_m_per_s"},
}
_MUST_HAVE = {
    "junctions.csv": ("osm_node", "lon", "lat"),
    "segments.csv": ("from_node", "to_node", "length_m", "shape"),
    "facilities.csv": ("name", "category", "lon", "lat"),
    "residents.csv": ("west", "south", "east", "north", "total"),
    "registers.csv": ("kind", "completeness"),
    "heritage.csv": ("name", "lon", "lat"),
    "walking.csv": ("key", "value_m_per_s", "source"),
    "metro_stations.csv": ("name", "lon", "lat"),
    "residents_committees.csv": ("name", "lon", "lat"),
    "house_numbers.csv": ("name", "lon", "lat"),
}
"""Columns that a table of facts must have; any other may be missing, which is as if empty."""
_MISSING = {"shape_kind": "traced"}
"""What a column that is missing is taken to say, where not nothing."""
_INSIDE = {
    "facilities.csv": "inside",
    "heritage.csv": "inside",
    "residents.csv": "share_inside",
}
"""What the boundary decides, where a table does not state it."""
_WORKED_OUT = {
    "segments.csv": {"steps"},
    "facilities.csv": {"inside"},
    "heritage.csv": {"id", "inside"},
    "residents.csv": {"cell", "share_inside"},
}
"""Columns of the district's table that are worked out where the facts lack them."""
_STEPS = {"level": "1", "counted": "1", "no": "0"}
"""Steps are walked as the level, take their own time where they are counted, or bar the way."""
_SOURCES = {"profiles.csv": ("walking.csv",)}
_PLACES = {
    "metro_stations.csv": "metro",
    "residents_committees.csv": "committee",
    "house_numbers.csv": "house",
}
_NEEDED = ("walking.csv", *_PLACES)
_MUST = (OUTLINES[0], "junctions.csv", "segments.csv")
_EMPTY = ("facilities.csv", "heritage.csv", "registers.csv", "residents.csv")
"""Tables that a district folder has always, and facts may lack."""
_SAME = tuple(name for name in COLUMNS if name not in {"demand.csv", "profiles.csv", "places.csv"})
_YES_NO = {"yes": "1", "true": "1", "1": "1", "no": "0", "false": "0", "0": "0"}
_STEP_TIME = re.compile(r"\s*([0-9.]+)\s*s/step\s*")


@dataclass(frozen=True, eq=False)
class Facts:
    """Facts as district tables of text, and where each row came from.

    `rows` holds, for tables that are put together, the file and row of each row.
    """

    tables: dict[str, pd.DataFrame]
    boundary: Outline
    levels: dict[str, tuple[Outline, ...]]
    raw: dict[str, pd.DataFrame]
    rows: dict[str, list[tuple[str, int]]]


def read_facts(folder: Path, datum: str = WGS84) -> Facts:
    """Read a folder of facts; facilities may be of another datum (`circle.geo.datum`).

    Raises
    ------
    DataError
        With findings, when the folder, a file or a column is missing or unreadable.
    """
    if folder.is_file():
        raise DataError("facts_file", file=shown(folder))
    if not folder.is_dir():
        raise DataError("no_folder", folder=folder.name)
    names = (*OUTLINES, *_SAME, *_NEEDED)
    files, findings = files_of(folder, names, set(names) - set(_MUST))
    boundary, levels, shapeless = outlines_of(files)
    raw, unread = tables_of(files)
    findings += shapeless + unread
    findings += [fault for name, table in raw.items() for fault in _columns(table, name)]
    findings += [
        Finding(name, "empty_table")
        for name in ("facilities.csv", "residents.csv")
        if name in raw and raw[name].empty
    ]
    findings += _words_for_steps(raw.get("walking.csv"))
    if findings or boundary is None:
        raise faulty_folder(folder.name, findings)
    if "facilities.csv" in raw:
        raw["facilities.csv"] = moved(raw["facilities.csv"], datum)
    return facts_of(raw, boundary, levels)


def facts_of(
    raw: dict[str, pd.DataFrame], boundary: Outline, levels: dict[str, tuple[Outline, ...]]
) -> Facts:
    """Return facts from their tables of text, each with the columns of `_MUST_HAVE`."""
    tables, rows = _tables(raw, boundary)
    return Facts(tables, boundary, levels, raw, rows)


def as_known(finding: Finding, facts: Facts) -> Finding:
    """Return a fault of a district's table with the names of the facts' table."""
    file, row, column = finding.file, finding.row, finding.column
    column = _RENAMED.get(file, {}).get(column or "", column)
    if file in facts.rows and row is not None:
        file, row = facts.rows[file][row - 2]
    return replace(finding, file=_SOURCES.get(file, (file,))[0], row=row, column=column)


def package_table(name: str) -> dict[str, Any]:
    """Return one of the TOML files that stand beside this module."""
    return tomllib.loads(resources("circle.load").joinpath(name).read_text(encoding="utf-8"))


def _columns(table: pd.DataFrame, name: str) -> list[Finding]:
    needed = set(_MUST_HAVE.get(name) or COLUMNS[name])
    if table.columns.isin(AGE_GROUPS).any():
        needed |= set(AGE_GROUPS)  # all known, or none
    return [Finding(name, "missing_column", None, c) for c in sorted(needed - set(table.columns))]


def _tables(
    raw: dict[str, pd.DataFrame], boundary: Outline
) -> tuple[dict[str, pd.DataFrame], dict[str, list[tuple[str, int]]]]:
    tables = {}
    for file in _SAME:
        table = raw.get(file)
        if table is None:
            if file in _EMPTY:
                tables[file] = pd.DataFrame(columns=list(COLUMNS[file]), dtype=str)
            continue
        names = _RENAMED.get(file, {})
        stated = {c: table[names.get(c, c)] for c in columns_of(file) if names.get(c, c) in table}
        lacking = {
            c: pd.Series(_MISSING.get(c, ""), table.index, object)
            for c in COLUMNS[file]
            if c not in stated and c not in _WORKED_OUT.get(file, ())
        }
        tables[file] = pd.DataFrame({**stated, **lacking}, index=table.index)
    rows: dict[str, list[tuple[str, int]]] = {}
    tables["profiles.csv"], rows["profiles.csv"] = _profiles(raw.get("walking.csv", _walking()))
    places, rows["places.csv"] = _places(raw)
    if len(places):
        tables["places.csv"] = places
    for file, convert in (
        ("junctions.csv", _junctions),
        ("segments.csv", _segments),
        ("facilities.csv", _facilities),
        ("heritage.csv", _heritage),
        ("residents.csv", _residents),
        ("registers.csv", _registers),
    ):
        converted = _located(convert(tables[file]), file, boundary)
        tables[file] = converted[[name for name in columns_of(file) if name in converted]]
    return tables, rows


def _junctions(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(signal=(table["signal"] == "traffic_signals").map({True: "1", False: "0"}))


def _segments(table: pd.DataFrame) -> pd.DataFrame:
    stair = table["class"].str.split(";").map(lambda words: "steps" in words)
    steps = stair.map({True: "0", False: "-1"})
    if "steps" in table:
        steps = table["steps"].where(table["steps"].str.strip() != "", steps)
    return table.assign(steps=steps, shape=table["shape"].map(_well_known))


def _well_known(points: str) -> str:
    """Return ``lon,lat lon,lat`` as well-known text; anything else stays as it is."""
    pairs = [point.split(",") for point in points.split()]
    if any(len(pair) != 2 for pair in pairs):  # noqa: PLR2004 - a pair
        return points
    return f"LINESTRING ({', '.join(' '.join(pair) for pair in pairs)})"


def _facilities(table: pd.DataFrame) -> pd.DataFrame:
    number = pd.Series([f"facility-{i}" for i in range(1, len(table) + 1)], table.index, object)
    return table.assign(
        id=table["id"].mask(table["id"].eq(""), number),
        verified=_flags(table["verified"], {**_YES_NO, "address": "1", "": "0"}),
    )


def _heritage(table: pd.DataFrame) -> pd.DataFrame:
    tail = table["uri"].str.rsplit("/", n=1).str[-1].astype(object)
    usable = tail.astype(str).str.fullmatch(r"[A-Za-z0-9_-]+") & ~tail.duplicated(keep=False)
    number = pd.Series([f"heritage-{i}" for i in range(1, len(table) + 1)], table.index, object)
    return table.assign(id=tail.where(usable, number))


def _residents(table: pd.DataFrame) -> pd.DataFrame:
    """Return the cells numbered; ages without a column are not known."""
    number = pd.Series([str(i) for i in range(1, len(table) + 1)], table.index, object)
    return table.assign(cell=number)


def _registers(table: pd.DataFrame) -> pd.DataFrame:
    stated = table["completeness"].str.strip()
    word = stated.map(completeness_word)
    whole = [
        basis if text.lower() == known else "; ".join(part for part in (text, basis) if part)
        for text, known, basis in zip(stated, word, table["basis_en"], strict=True)
    ]
    return table.assign(completeness=word, basis_en=whole, basis_zh=whole)


def _located(table: pd.DataFrame, file: str, boundary: Outline) -> pd.DataFrame:
    """Return the table with what lies inside the boundary worked out where it is not stated."""
    column = _INSIDE.get(file)
    if column is None:
        return table
    stated = table.get(column, pd.Series("", table.index, object)).str.strip()
    if column == "inside":
        stated = _flags(stated, _YES_NO)
    if not stated.eq("").any():
        return table.assign(**{column: stated})
    crs = metric_crs_of(boundary.polygon)
    ground, numbers = in_metres(boundary.polygon, crs), typed(table, file)
    if column == "inside":
        worked_out = [f"{inside:d}" for inside in places_inside(numbers, ground, crs)[0]]
    else:
        shares = shares_inside(numbers, ground, crs)
        worked_out = ["" if np.isnan(share) else f"{share:.6f}" for share in shares]
    return table.assign(**{column: stated.mask(stated.eq(""), worked_out)})


def completeness_word(stated: str) -> str:
    """Return ``complete``, ``partial`` or ``unknown`` for a register's own wording.

    A list that is nearly complete is partial: what is missing may be what counts. So is
    one that is only believed complete: a person confirms that (`circle.store`).
    """
    text = stated.strip().lower()
    if text == "complete":
        return "complete"
    return (
        "partial"
        if text.startswith(("partial", "near complete", "nearly complete", "believed complete"))
        else "unknown"
    )


def _flags(values: pd.Series[str], words: Mapping[str, str]) -> pd.Series[str]:
    return values.map(lambda value: words.get(value.strip().lower(), value))


def _places(raw: dict[str, pd.DataFrame]) -> tuple[pd.DataFrame, list[tuple[str, int]]]:
    rows, origin = [], []
    for file, kind in _PLACES.items():
        if file in raw:
            for number, row in enumerate(raw[file].to_dict("records"), start=1):
                columns = {c: row.get(c, "") for c in ("name", "address", "lon", "lat")}
                rows.append({"id": f"{kind}-{number}", "kind": kind, **columns})
                origin.append((file, number + 1))
    return pd.DataFrame(rows, columns=list(COLUMNS["places.csv"]), dtype=str), origin


def _words_for_steps(walking: pd.DataFrame | None) -> list[Finding]:
    """Return what the column steps says that is none of its words; it may be missing."""
    if walking is None or "steps" not in walking:
        return []
    allowed = ("allowed", ", ".join(_STEPS))
    return [
        Finding("walking.csv", "standard_word", row, "steps", (("value", short(word)), allowed))
        for row, word in enumerate(walking["steps"], start=2)
        if word and word not in _STEPS
    ]


def _walking() -> pd.DataFrame:
    """Return the package's own speeds, for facts that have none."""
    profiles = package_table("profiles.toml")
    rows = [
        {"key": key, "value_m_per_s": str(profile["speed_m_s"]), "source": profile["source"]}
        | {"speed_percentile": str(profile.get("speed_percentile", ""))}
        for key, profile in profiles.items()
    ]
    seconds = {
        str(profile["seconds_per_step"])
        for profile in profiles.values()
        if "seconds_per_step" in profile
    }
    rows += [
        {"key": "step", "value_m_per_s": f"{each} s/step", "source": ""} for each in sorted(seconds)
    ]
    return pd.DataFrame(rows, dtype=str).fillna("")


def _profiles(walking: pd.DataFrame) -> tuple[pd.DataFrame, list[tuple[str, int]]]:
    """Return the profiles: named and kept off steps by the facts, else by the package."""
    known = package_table("profiles.toml")
    times = [m for m in map(_STEP_TIME.fullmatch, walking["value_m_per_s"]) if m]
    step_s = f"{sum(float(m[1]) for m in times) / len(times):g}" if times else ""
    rows, origin = [], []
    for number, row in enumerate(walking.to_dict("records"), start=2):
        if _STEP_TIME.fullmatch(row["value_m_per_s"]):
            continue
        profile = known.get(row["key"], {})
        name = profile.get("name", {"zh": row["key"], "en": row["key"]})
        steps = row.get("steps") or profile.get("steps", "level")
        rows.append(
            {
                "id": row["key"],
                "name_zh": row.get("name_zh") or name["zh"],
                "name_en": row.get("name_en") or row.get("name_zh") or name["en"],
                "speed_m_s": row["value_m_per_s"],
                "steps_allowed": _STEPS[steps],
                "seconds_per_step": step_s if steps == "counted" else "",
                "signal_wait_s": row.get("signal_wait_s") or "0",
                "source": row["source"],
                "speed_cv": row.get("speed_cv") or "",
                "speed_percentile": row.get("speed_percentile") or "",
                "source_zh": row.get("source_zh") or "",
            }
        )
        origin.append(("walking.csv", number))
    columns = [*COLUMNS["profiles.csv"], *MORE_COLUMNS["profiles.csv"]]
    return pd.DataFrame(rows, columns=columns, dtype=str), origin


def identifier(text: str) -> str:
    """Return `text` as a plain identifier; "" when nothing of it is left."""
    return re.sub(r"[^a-z0-9]+", "-", short(text).lower()).strip("-")


def people_are_fractions(residents: pd.DataFrame) -> bool:
    """Say whether a table of text counts parts of persons, as models do."""
    columns = ["residents", *AGE_GROUPS]
    fractions = residents[columns].map(lambda text: not (text.strip() or "0").isdigit())
    return bool(fractions.any(axis=None))
