"""Facts → district folder, whole or not at all."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import tomli_w

from circle import files
from circle.config import os_user
from circle.errors import OutputError
from circle.geo.crs import to_lonlat
from circle.geo.datum import WGS84
from circle.load import about_file as wording
from circle.load import datums, replacing
from circle.load.facts import Facts, as_known, read_facts
from circle.load.folder import faulty_folder, rescue
from circle.load.inside import cell_shapes
from circle.load.meta import FILE, MAIN_PIECE, content_hash, parse_meta, parse_toml
from circle.load.outlines import feature_collection, in_metres
from circle.load.plain import network_of
from circle.load.population import place_residents
from circle.load.read import read_district
from circle.load.text_tables import COLUMNS, OUTLINES, TRANSLATED, digest, read_bytes, typed
from circle.load.versions import Made
from circle.model import LEVEL_FILES, RESIDENT_COLUMNS, District, Finding

if TYPE_CHECKING:
    from collections.abc import Mapping

    from circle.load.folder import Folder

ABOUT = "about.toml"


def build(
    facts_dir: str | Path,
    out_dir: str | Path,
    datum: str | None = None,
    made: Made | None = None,
) -> District:
    """Build a district folder from a folder of facts.

    The folder is written beside `out_dir`, checked, and only then put in its
    place. Files in `out_dir` that are not the builder's own are kept.

    Parameters
    ----------
    facts_dir
        Folder of facts; may hold an about.toml.
    out_dir
        A district folder, or a folder that is empty or not there yet. Its own
        about.toml is used when the facts have none.
    datum
        One of `circle.geo.datum.DATUMS`: that of the facilities' coordinates. None: they
        are taken as WGS 84, and refused where their addresses say another.
    made
        Who builds, and why, for the folder's versions; None for the account that the
        program runs under.

    Returns
    -------
    District
        As read back from `out_dir`.

    Raises
    ------
    DataError
        With all findings, when the facts cannot be used; `out_dir` is then as it was.
    OutputError
        When `out_dir` cannot be written, or holds something else.
    """
    source, out = Path(facts_dir), writable(out_dir)
    facts = read_facts(source, datum or WGS84)
    about, about_bytes = _about(source, out)
    more = {ABOUT: about_bytes} if about_bytes else {}
    return _put(out, _checked(facts, about, out, source.name, datum) | more, made)


def build_of(
    facts: Facts,
    about: Mapping[str, Any],
    out_dir: str | Path,
    source: str,
    more: Mapping[str, bytes],
    made: Made | None = None,
) -> District:
    """Build a district folder from facts in memory, whose places are in WGS 84.

    Parameters
    ----------
    facts, about
        The facts, and what their own about.toml would say; that of `out_dir` comes first.
    out_dir
        As for `build`.
    source
        What the facts are from, for the findings.
    more
        Files to put beside the district's own, by name.
    made
        As for `build`.

    Raises
    ------
    DataError, OutputError
        As `build`.
    """
    out = writable(out_dir)
    stated, _ = _about(out, out)
    content = _checked(facts, _over(about, stated), out, source, WGS84)
    return _put(out, content | dict(more), made)


def writable(out_dir: str | Path) -> Path:
    """Return where a district folder may be written, rescued from a run that was killed.

    Raises
    ------
    OutputError
        When it cannot be written there, or something else stands there.
    """
    out = files.folder_to_write(out_dir)
    rescue(out)
    _refuse_foreign(out)
    return out


def _checked(
    facts: Facts, about: Mapping[str, Any], out: Path, source: str, datum: str | None
) -> dict[str, bytes]:
    """Return the files of the district that some facts make, once nothing speaks against them."""
    facts = wording.with_rows(facts, about, ABOUT)
    head = wording.described(facts, about, out.name)
    _refuse_faults(facts, head, source, datum)
    return _contents(facts, about, head)


def _put(out: Path, content: Mapping[str, bytes], made: Made | None) -> District:
    replacing.replace_folder(out, content, made or Made("build", os_user()))
    return read_district(out)


def _over(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Return two trees of tables as one; where both have a value, that of `above`."""
    merged = {**below, **above}
    for name in below.keys() & above.keys():
        if isinstance(below[name], dict) and isinstance(above[name], dict):
            merged[name] = _over(below[name], above[name])
    return merged


def _refuse_foreign(out: Path) -> None:
    if out.is_dir():
        names = {entry.name for entry in out.iterdir()}
        if not names or names & {FILE, ABOUT}:
            return
    elif not out.exists():
        return
    raise OutputError("not_a_district", path=files.shown(out))


def _about(source: Path, out: Path) -> tuple[dict[str, Any], bytes]:
    for folder in (source, out):
        if (folder / ABOUT).exists():
            data, findings = read_bytes(folder / ABOUT)
            about: dict[str, Any] = {}
            if not findings:
                about, findings = parse_toml(data, ABOUT)
            if findings:
                raise faulty_folder(folder.name, findings)
            return about, data
    return {}, b""


def _refuse_faults(facts: Facts, head: dict[str, Any], folder: str, datum: str | None) -> None:
    """Check the facts, and what about.toml made of the head, before anything is derived."""
    from circle.load.checks import Content, content_findings  # noqa: PLC0415 - pandera is slow

    _, findings = parse_meta(_toml({**head, "content_hash": "", "layers": []}))
    findings = [replace(fault, file=ABOUT) for fault in findings]
    if not findings:
        kinds, crs = tuple(head["kinds"]), str(head["crs"])
        faults = content_findings(Content(facts.tables, facts.boundary, {}, kinds, crs))
        findings = list(dict.fromkeys(as_known(fault, facts) for fault in faults))
    if datum is None and {fault.key for fault in findings} <= {"inside_differs"}:
        findings = [*_other_datum(facts, head), *findings]
    if findings:
        raise faulty_folder(folder, findings)


def _other_datum(facts: Facts, head: dict[str, Any]) -> list[Finding]:
    """Say so where another datum brings facilities to the streets of their addresses."""
    file, crs = "facilities.csv", str(head["crs"])
    tables = {
        name: typed(facts.tables[name], name) for name in ("junctions.csv", "segments.csv", file)
    }
    fits = datums.likelier(tables[file], network_of(tables, crs, main_piece_only=False))
    if fits is None:
        return []
    values = (
        ("datum", fits.datum),
        ("count", str(fits.places)),
        ("off", f"{fits.off_m:.0f}"),
        ("then", f"{fits.then_m:.0f}"),
    )
    return [Finding(file, "other_datum", None, "lon", values)]


def _contents(facts: Facts, about: Mapping[str, Any], head: dict[str, Any]) -> dict[str, bytes]:
    """Return every file of the district folder, by name."""
    named = ("area", *(level for level in facts.levels if level != "area"))
    levels = {level: wording.units(facts, about, level) for level in named}
    properties = facts.boundary.properties
    kept = {
        name: properties[name]
        for name in ("observed", "licence", "osm_relation")
        if name in properties
    }
    identity = {"id": head["id"], "name_zh": head["name"]["zh"], "name_en": head["name"]["en"]}
    boundary = replace(facts.boundary, properties=identity | kept)
    tables = dict(facts.tables) | {
        "facilities.csv": wording.facilities(facts, about),
        "registers.csv": wording.registers(facts, about),
    }
    tables |= {
        file: wording.translated(file, tables[file], about) for file in TRANSLATED if file in tables
    }
    areas = [(unit.properties["id"], unit.polygon) for unit in levels["area"]]
    tables["demand.csv"] = demand_table(facts, areas, head)
    outlines = {OUTLINES[0]: [boundary]} | {LEVEL_FILES[name]: levels[name] for name in levels}
    content = {file: feature_collection(shapes) for file, shapes in outlines.items()}
    rows = {file: len(shapes) for file, shapes in outlines.items()}
    for file in COLUMNS:
        if file in tables:
            content[file] = tables[file].to_csv(index=False, lineterminator="\n").encode()
            rows[file] = len(tables[file])
    digests = {file: digest(data) for file, data in content.items()}
    layers = [
        {"id": file.rsplit(".", 1)[0], "file": file, "rows": rows[file], "sha256": digests[file]}
        | wording.layer(file, facts, about)
        for file in content
    ]
    whole = {**head, "layers": layers}
    content[FILE] = _toml({"content_hash": content_hash(whole, digests), **whole})
    _, findings = parse_meta(content[FILE])
    if findings:
        raise faulty_folder(str(head["id"]), [replace(fault, file=ABOUT) for fault in findings])
    return content


def demand_table(
    facts: Facts, areas: list[tuple[str, Any]], head: Mapping[str, Any]
) -> pd.DataFrame:
    """Return the residents of facts on their streets, as the text of demand.csv.

    Parameters
    ----------
    facts
        Streets, residents and boundary.
    areas
        Identifier and polygon (degrees) of each area.
    head
        What district.toml says: its crs, and whether the main piece of street alone counts.
    """
    crs = str(head["crs"])
    needed = ("junctions.csv", "segments.csv", "residents.csv", "street_edits.csv")
    tables = {file: typed(facts.tables[file], file) for file in needed if file in facts.tables}
    cells = tables["residents.csv"].astype({"cell": np.int64})
    points = place_residents(
        network_of(tables, crs, main_piece_only=head.get(MAIN_PIECE, False)),
        cells,
        cell_shapes(cells, crs),
        in_metres(facts.boundary.polygon, crs),
        [(name, in_metres(polygon, crs)) for name, polygon in areas],
    )
    lonlat = to_lonlat(points[["x", "y"]].to_numpy(np.float64), crs)
    text = {
        "cell": points["cell"].astype(str),
        "area": points["area"],
        "inside": points["inside"].map({True: "1", False: "0"}),
        "segment": points["segment"].astype(str),
        "fraction": points["fraction"].map("{:.6f}".format),
        "off_m": points["off_m"].map("{:.1f}".format),
        "lon": [f"{value:.7f}" for value in lonlat[:, 0]],
        "lat": [f"{value:.7f}" for value in lonlat[:, 1]],
        **{
            name: ["" if np.isnan(count) else f"{count:.2f}" for count in points[name]]
            for name in RESIDENT_COLUMNS
        },
    }
    return pd.DataFrame(text, columns=list(COLUMNS["demand.csv"]))


def demand_anew(folder: Folder, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the residents of a folder put on other streets, as the text of demand.csv.

    Parameters
    ----------
    tables
        Those that take the place of the folder's own.
    """
    if folder.boundary is None:
        raise faulty_folder(folder.path.name, list(folder.findings))
    areas = [(str(area.properties["id"]), area.polygon) for area in folder.levels.get("area", ())]
    facts = Facts({**folder.tables, **tables}, folder.boundary, {}, {}, {})
    return demand_table(facts, areas, folder.raw)


def _toml(table: dict[str, Any]) -> bytes:
    return tomli_w.dumps(table).encode()
