"""A district folder as it lies on disk: bytes, text tables, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from circle.errors import DataError
from circle.load import meta as about_itself
from circle.load.outlines import Outline, read_outlines
from circle.load.text_tables import (
    COLUMNS,
    OPTIONAL,
    OUTLINES,
    REQUIRED,
    digest,
    parse_csv,
    read_bytes,
)
from circle.model import LEVEL_FILES, Finding

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

    import pandas as pd

    from circle.load.meta import Meta


@dataclass(frozen=True, eq=False)
class Folder:
    """What was read of a district folder; `findings` are the faults met on the way.

    `levels` holds the outlines of each level whose layer is there.
    """

    path: Path
    raw: dict[str, Any]
    meta: Meta | None
    tables: dict[str, pd.DataFrame]
    boundary: Outline | None
    levels: dict[str, tuple[Outline, ...]]
    digests: dict[str, str]
    findings: tuple[Finding, ...] = field(default=())

    @property
    def content_hash(self) -> str:
        """The hash of what lies in the folder now."""
        return about_itself.content_hash(self.raw, self.digests)

    @property
    def unchanged(self) -> bool:
        """Whether all is as it was written by the builder."""
        return self.meta is not None and self.meta.content_hash == self.content_hash


def read_folder(path: Path) -> Folder:
    """Read a district folder as bytes and text, and gather faults rather than stop.

    Raises
    ------
    DataError
        When there is no such folder.
    """
    if not path.is_dir():
        raise DataError("no_folder", folder=path.name)
    data, findings = read_bytes(path / about_itself.FILE)
    raw: dict[str, Any] = {}
    meta = None
    if not findings:
        raw, findings = about_itself.parse_toml(data, about_itself.FILE)
    if raw:
        meta, faults = about_itself.parse_meta(data)
        findings += faults
    files, lost = files_of(path, (*OUTLINES, *COLUMNS), OPTIONAL)
    boundary, levels, shapeless = outlines_of(files)
    tables, unread = tables_of(files)
    return Folder(
        path=path,
        raw=raw,
        meta=meta,
        tables=tables,
        boundary=boundary,
        levels=levels,
        digests={name: digest(content) for name, content in files.items()},
        findings=(*findings, *lost, *shapeless, *unread),
    )


def outlines_of(
    files: dict[str, bytes],
) -> tuple[Outline | None, dict[str, tuple[Outline, ...]], list[Finding]]:
    """Return boundary, levels and faults of the GeoJSON files, as far as they are there."""
    findings: list[Finding] = []
    outlines: dict[str, list[Outline]] = {}
    for name in OUTLINES:
        if name in files:
            outlines[name], faults = read_outlines(files[name], name)
            findings += faults
    boundary = outlines.get(OUTLINES[0], [])
    levels = {
        level: tuple(outlines[file]) for level, file in LEVEL_FILES.items() if file in outlines
    }
    if OUTLINES[0] in files and len(boundary) != 1 and not findings:
        values = (("count", str(len(boundary))),)
        findings.append(Finding(OUTLINES[0], "one_boundary", values=values))
    return (boundary[0] if len(boundary) == 1 else None), levels, findings


def tables_of(files: dict[str, bytes]) -> tuple[dict[str, pd.DataFrame], list[Finding]]:
    """Return the CSV files as tables of text, and the faults of those unreadable."""
    tables, findings = {}, []
    for name, content in files.items():
        if name.endswith(".csv"):
            table, faults = parse_csv(content, name)
            findings += faults
            if not faults:
                tables[name] = table
    return tables, findings


def faulty_folder(name: str, findings: list[Finding]) -> DataError:
    """Return the error of a folder that cannot be used."""
    return DataError("folder_faulty", findings, folder=name, count=len(findings))


def files_of(
    path: Path, names: Iterable[str], optional: Collection[str]
) -> tuple[dict[str, bytes], list[Finding]]:
    """Return the named files as bytes, and the faults of those that should be there."""
    files: dict[str, bytes] = {}
    findings: list[Finding] = []
    for name in dict.fromkeys(names):
        if name in optional and not (path / name).exists():
            continue
        content, faults = read_bytes(path / name)
        findings += faults
        if not faults:
            files[name] = content
    return files, findings


def ledger_findings(folder: Folder) -> list[Finding]:
    """Return where the files differ from what district.toml says of them."""
    if folder.meta is None:
        return []
    listed = {layer.file: layer for layer in folder.meta.layers}
    findings = [
        Finding(about_itself.FILE, "bad_name", None, "layers.file", (("value", name),))
        for name in listed
        if name not in REQUIRED and name not in OPTIONAL
    ]
    for name, sha256 in folder.digests.items():
        if name not in listed:
            findings.append(Finding(name, "layer_unlisted"))
            continue
        rows = rows_of(folder, name)
        if rows is not None and rows != listed[name].rows:
            values = (("have", str(rows)), ("want", str(listed[name].rows)))
            findings.append(Finding(name, "layer_rows", values=values))
        if sha256 != listed[name].sha256:
            findings.append(Finding(name, "layer_hash"))
    findings += [
        Finding(name, "missing_layer")
        for name in listed
        if name in OPTIONAL and name not in folder.digests
    ]
    if not findings and not folder.findings and not folder.unchanged:
        findings.append(Finding(about_itself.FILE, "layer_hash"))
    return findings


def rows_of(folder: Folder, name: str) -> int | None:
    """Return how many rows or features a layer has; None when it was unreadable."""
    if name == OUTLINES[0]:
        return None if folder.boundary is None else 1
    for level, file in LEVEL_FILES.items():
        if name == file:
            return len(folder.levels.get(level, ()))
    table = folder.tables.get(name)
    return None if table is None else len(table)
