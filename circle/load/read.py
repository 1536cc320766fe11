"""District folder → `District`, and the check of a folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from circle.errors import DataError
from circle.geo.crs import to_metric
from circle.i18n import t
from circle.load.folder import Folder, faulty_folder, ledger_findings, read_folder
from circle.load.outlines import in_metres
from circle.load.plain import EDITS, profiles_of, streets_of
from circle.load.population import place_units
from circle.load.text_tables import short, typed
from circle.model import (
    Area,
    Completeness,
    District,
    Finding,
    Register,
    Text,
)
from circle.model.district import no_edits, no_figures

if TYPE_CHECKING:
    from collections.abc import Mapping

    from circle.load.outlines import Outline
    from circle.network.edits import Outcome

_PROVENANCE = ("layer", "rows", "observed", "modelled", "source", "licence", "trust")


def read_district(folder: str | Path) -> District:
    """Read a district folder.

    A folder whose files are as its builder left them is trusted; a changed one
    is validated in full first.

    Parameters
    ----------
    folder
        Folder with a district.toml.

    Returns
    -------
    District
        `modified` says whether files were changed since the folder was built.

    Raises
    ------
    DataError
        With all findings, when the folder cannot be used.
    """
    contents = read_folder(Path(folder))
    if contents.meta is None or contents.findings:
        raise faulty_folder(contents.path.name, list(contents.findings))
    if not contents.unchanged:
        findings = _content(contents)
        if findings:
            raise faulty_folder(contents.path.name, findings)
    try:
        return _assemble(contents)
    except (LookupError, ValueError, TypeError, shapely.errors.ShapelyError) as error:
        why = (("why", short(error)),)
        findings = _content(contents) or [Finding("district.toml", "unreadable", values=why)]
        raise faulty_folder(contents.path.name, findings) from error


def check(folder: str | Path) -> list[Finding]:
    """Return everything that is wrong with a district folder, row by row.

    Parameters
    ----------
    folder
        Folder with a district.toml.

    Returns
    -------
    list of Finding
        Empty when all is well, changed files included: those are reported too.

    Raises
    ------
    DataError
        When there is no such folder.
    """
    contents = read_folder(Path(folder))
    return list(
        dict.fromkeys([*contents.findings, *_content(contents), *ledger_findings(contents)])
    )


DRAWN = ("boundary", "areas", "segments", "facilities", "heritage", "demand", "residents")
"""Layers that a map shows."""


def provenance(district: District) -> pd.DataFrame:
    """Return the layers of a district as a table to print, in the language in use."""
    rows = [
        (
            layer.file,
            layer.rows,
            layer.observed,
            layer.modelled,
            str(layer.source),
            str(layer.licence),
            str(layer.trust),
        )
        for layer in district.layers
    ]
    return pd.DataFrame(rows, columns=[t(f"layer.column.{name}") for name in _PROVENANCE])


def layer_sources(district: District) -> str:
    """Return whom what a map shows of a district is from, each once."""
    sources = dict.fromkeys(str(layer.source) for layer in district.layers if layer.id in DRAWN)
    return t("unit.semicolon").join(sources)


def _content(folder: Folder) -> list[Finding]:
    from circle.load.checks import Content, content_findings  # noqa: PLC0415 - only to validate

    meta = folder.meta
    findings = content_findings(
        Content(
            tables=folder.tables,
            boundary=folder.boundary,
            levels=folder.levels,
            kinds=tuple(meta.kinds) if meta else None,
            crs=meta.crs if meta else None,
        )
    )
    if meta is None or not meta.start:
        return findings
    facilities = folder.tables.get("facilities.csv")
    known = facilities is None or "id" not in facilities or facilities["id"].eq(meta.start).any()
    if not known:
        value = (("value", short(meta.start)),)
        findings.append(Finding("district.toml", "unknown_start", None, "start", value))
    return findings


def _assemble(folder: Folder) -> District:
    meta, boundary = folder.meta, folder.boundary
    if meta is None or boundary is None:
        raise DataError("folder_faulty", folder=folder.path.name, count=1)
    tables = {file: typed(table, file) for file, table in folder.tables.items()}
    flags = {"inside": bool}
    facilities = _placed(tables["facilities.csv"], meta.crs).astype({**flags, "verified": bool})
    heritage = _placed(tables["heritage.csv"], meta.crs).astype(flags)
    demand = _placed(tables["demand.csv"], meta.crs).astype(
        {**flags, "cell": np.int64, "segment": np.int32}
    )
    levels = _levels(folder, meta.crs)
    streets = streets_of(tables, meta.crs, main_piece_only=meta.snap_to_main_piece)
    places, rooms, doorways, projects, gates, lanes = (
        None if file not in tables else _placed(tables[file], meta.crs)
        for file in (
            "places.csv",
            "candidate_rooms.csv",
            "doorways.csv",
            "elevator_projects.csv",
            "gates.csv",
            "lanes.csv",
        )
    )
    roads = tables.get("never_widened_roads.csv", pd.DataFrame({"name": [], "confidence": []}))
    figures = tables.get("seed_figures.csv")
    return District(
        id=meta.id,
        name=meta.name,
        time_zone=meta.time_zone,
        crs=meta.crs,
        observed=meta.observed,
        base_id=folder.content_hash,
        boundary=in_metres(boundary.polygon, meta.crs),
        areas=levels["area"],
        network=streets.network,
        facilities=facilities,
        heritage=heritage,
        demand=_with_units(demand, levels),
        kinds=meta.kinds,
        registers=_registers(tables["registers.csv"], tuple(meta.kinds)),
        profiles=profiles_of(tables["profiles.csv"]),
        layers=meta.layers,
        places=places,
        candidate_rooms=rooms,
        lift_shares=tables.get("lift_shares.csv"),
        gates=gates,
        lanes=lanes,
        doorways=doorways,
        elevator_projects=projects,
        modified=not folder.unchanged,
        start=_start(facilities, meta.start),
        start_name=meta.start_name,
        ask_at=meta.ask_at,
        never_widened=roads.astype(object),
        figures=no_figures() if figures is None else figures,
        levels=levels,
        street_edits=_told(tables.get(EDITS), streets.outcomes, meta.crs),
    )


def _told(table: pd.DataFrame | None, outcomes: tuple[Outcome, ...], crs: str) -> pd.DataFrame:
    if table is None:
        return no_edits()
    return _placed(table, crs).assign(outcome=[outcome.value for outcome in outcomes])


def _placed(table: pd.DataFrame, crs: str) -> pd.DataFrame:
    xy = to_metric(table["lon"].to_numpy(np.float64), table["lat"].to_numpy(np.float64), crs)
    return table.assign(x=xy[:, 0], y=xy[:, 1])


def _levels(folder: Folder, crs: str) -> dict[str, tuple[Area, ...]]:
    """Return the levels that are there; a layer without features brings none."""
    levels = {
        name: tuple(_area(outline, crs) for outline in outlines)
        for name, outlines in folder.levels.items()
    }
    return {"area": ()} | {name: units for name, units in levels.items() if units}


def _with_units(demand: pd.DataFrame, levels: Mapping[str, tuple[Area, ...]]) -> pd.DataFrame:
    """Add to the demand points their unit of each level; their area stands in the table."""
    xy, inside = demand[["x", "y"]].to_numpy(np.float64), demand["inside"].to_numpy(np.bool_)
    placed = {
        name: place_units(xy, inside, [(unit.id, unit.polygon) for unit in units])
        for name, units in levels.items()
        if name != "area"
    }
    return demand.assign(**placed)


def _area(outline: Outline, crs: str) -> Area:
    properties = {name: str(value) for name, value in outline.properties.items()}
    return Area(
        id=properties["id"],
        name=Text(
            properties.get("name_zh", properties["id"]), properties.get("name_en", properties["id"])
        ),
        official=outline.properties.get("official") is True,
        note=Text(properties.get("note_zh", ""), properties.get("note_en", "")),
        polygon=in_metres(outline.polygon, crs),
    )


def _registers(table: pd.DataFrame, kinds: tuple[str, ...]) -> dict[str, Register]:
    unknown = {kind: Register(kind, Completeness.UNKNOWN, "", Text("", "")) for kind in kinds}
    stated = {
        row["kind"]: Register(
            row["kind"],
            Completeness(row["completeness"]),
            row["as_of"],
            Text(row["basis_zh"], row["basis_en"]),
        )
        for row in table.to_dict("records")
    }
    return unknown | stated


def _start(facilities: pd.DataFrame, start: str) -> tuple[float, float] | None:
    row = facilities[facilities["id"] == start]
    return None if row.empty else (float(row["lon"].iloc[0]), float(row["lat"].iloc[0]))
