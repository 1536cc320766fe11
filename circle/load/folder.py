"""A district folder as it lies on disk: bytes, text tables, and what is wrong with it."""

from __future__ import annotations

import shutil
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from circle import files
from circle.errors import DataError, OutputError
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


_TRIES = 5
_WAIT_S = 2.0


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

    One that is replaced meanwhile is read anew, so that its files are of one version;
    one that a killed program had moved aside is put back first.

    Raises
    ------
    DataError
        When there is no such folder.
    """
    for _ in range(_TRIES):
        before = _present(path)
        folder = _read(path)
        if _identity(path) == before:
            break
    return folder


def rescue(path: Path) -> None:
    """Put back the folder that a killed program had moved aside, and clear what else it left.

    Raises
    ------
    OutputError
        When it cannot be moved.
    """
    with files.written(path):
        for work in files.abandoned(path.parent, path.name):
            put_back(work / "old", path)
            shutil.rmtree(work, ignore_errors=True)


def put_back(old: Path, path: Path) -> None:
    """Move a folder back to its place, where nothing stands there."""
    if old.is_dir() and not path.exists():
        old.replace(path)


def _present(path: Path) -> tuple[int, int] | None:
    """Return the folder's identity; wait for one that is just being replaced."""
    until = time.monotonic() + _WAIT_S
    while True:
        identity = _identity(path)
        if identity is not None:
            return identity
        if path.parent.is_dir():
            with suppress(OutputError):
                rescue(path)
        if not path.is_dir():
            if time.monotonic() > until or not files.in_work(path.parent, path.name):
                raise DataError("no_folder", folder=path.name)
            time.sleep(0.01)


def _identity(path: Path) -> tuple[int, int] | None:
    if not path.is_dir():
        return None
    with suppress(OSError):
        status = path.stat()
        return status.st_dev, status.st_ino
    return None


def _read(path: Path) -> Folder:
    data, findings = read_bytes(path / about_itself.FILE)
    raw: dict[str, Any] = {}
    meta = None
    if not findings:
        raw, findings = about_itself.parse_toml(data, about_itself.FILE)
    if raw:
        meta, faults = about_itself.parse_meta(data)
        findings += faults
    content, lost = files_of(path, (*OUTLINES, *COLUMNS), OPTIONAL)
    boundary, levels, shapeless = outlines_of(content)
    tables, unread = tables_of(content)
    return Folder(
        path=path,
        raw=raw,
        meta=meta,
        tables=tables,
        boundary=boundary,
        levels=levels,
        digests={name: digest(held) for name, held in content.items()},
        findings=(*findings, *lost, *shapeless, *unread),
    )


def outlines_of(
    content: dict[str, bytes],
) -> tuple[Outline | None, dict[str, tuple[Outline, ...]], list[Finding]]:
    """Return boundary, levels and faults of the GeoJSON files, as far as they are there."""
    findings: list[Finding] = []
    outlines: dict[str, list[Outline]] = {}
    for name in OUTLINES:
        if name in content:
            outlines[name], faults = read_outlines(content[name], name)
            findings += faults
    boundary = outlines.get(OUTLINES[0], [])
    levels = {
        level: tuple(outlines[file]) for level, file in LEVEL_FILES.items() if file in outlines
    }
    if OUTLINES[0] in content and len(boundary) != 1 and not findings:
        values = (("count", str(len(boundary))),)
        findings.append(Finding(OUTLINES[0], "one_boundary", values=values))
    return (boundary[0] if len(boundary) == 1 else None), levels, findings


def tables_of(content: dict[str, bytes]) -> tuple[dict[str, pd.DataFrame], list[Finding]]:
    """Return the CSV files as tables of text, and the faults of those unreadable."""
    tables, findings = {}, []
    for name, held in content.items():
        if name.endswith(".csv"):
            table, faults = parse_csv(held, name)
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
    content: dict[str, bytes] = {}
    findings: list[Finding] = []
    for name in dict.fromkeys(names):
        if name in optional and not (path / name).exists():
            continue
        held, faults = read_bytes(path / name)
        findings += faults
        if not faults:
            content[name] = held
    return content, findings


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
