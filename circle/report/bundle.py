"""All files of a report, put in place together or not at all."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import time
import zipfile
import zlib
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
from pyogrio.errors import DataSourceError

from circle.errors import CancelledError, CircleError, InputError, OutputError
from circle.files import (
    abandoned,
    clear_abandoned,
    folder_to_write,
    reason,
    shown,
    work_folder,
)
from circle.report import metadata
from circle.report.content.elements import Map
from circle.report.file_names import stem, storable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from concurrent.futures import Future

    from circle.report.content.elements import Report
    from circle.report.print_map.render import Picture

MANIFEST = "manifest.json"
README = "README.txt"
MAPS = "maps"
"""The part that draws the maps; what is drawn is painted while the parts after it write."""
ARCHIVE = "zip"
"""The part that packs what the other parts wrote."""
_FIRST_CLOCK = (1980, 1, 1, 0, 0, 0)
"""A ZIP knows nothing earlier."""
_UNIX = 3
_OLD = "old"
"""Where the files of the report before wait until the new ones are in their places."""
_LARGEST_MANIFEST = 2**24
_DEEPEST = 2
"""A file lies in the bundle's folder or in a folder of that one."""
_DENSE = {".png", ".docx", ".xlsx", ".pdf"}
"""Files that packing makes no smaller."""


@dataclass(frozen=True, slots=True)
class File:
    """A file of a bundle; `rows` is None where it has none to count."""

    file: str
    format: str
    rows: int | None
    bytes: int
    sha256: str


@dataclass(frozen=True, eq=False)
class Manifest:
    """What was written.

    Attributes
    ----------
    about
        What `MANIFEST` states about the report itself.
    files
        All files but `MANIFEST` and the archive.
    archive
        The ZIP of all these and of `MANIFEST`.
    seconds
        How long each part took; in no file, as it is never the same twice.
    """

    folder: Path
    about: dict[str, Any]
    files: tuple[File, ...]
    archive: File
    seconds: dict[str, float]

    def as_json(self) -> dict[str, Any]:
        """Return what `MANIFEST` holds."""
        return _content(self.about, self.files)


Rows = dict[str, int | None]


@dataclass(eq=False)
class Job:
    """A report on its way into a folder.

    `formats` are those asked for. `painted` are the pictures that threads paint while
    the rest is written: for documents and for sheets, by the map's id. `rows` holds for
    each format how many rows each of its files has, None where it has none to count.
    """

    report: Report
    folder: Path
    formats: tuple[str, ...] = ()
    rows: dict[str, Rows] = field(default_factory=dict)
    painted: dict[str, dict[str, Future[Picture]]] = field(
        default_factory=lambda: {"documents": {}, "sheets": {}}
    )

    @property
    def pictures(self) -> dict[str, Picture]:
        """The maps that documents take, by id."""
        return {name: picture.result() for name, picture in self.painted["documents"].items()}

    @property
    def stem(self) -> str:
        """How the report's own files are called."""
        return f"{stem(self.report.district.id)}-coverage-report"

    def folder_of(self, name: str) -> Path:
        """Return a folder of the bundle, made if need be."""
        folder = self.folder / name
        folder.mkdir(exist_ok=True)
        return folder


def _draw(job: Job, watch: _Watch, painters: ThreadPoolExecutor) -> None:
    """Draw every map once as a document takes it and, unless a detail, once on a sheet.

    One thread draws, as Python lets only one; the texts around the maps, set before, and the
    pixels are left to the painters.
    """
    from circle.report.print_map import render  # noqa: PLC0415

    choice, asked = job.report.choice, set(job.formats)
    drawings: list[tuple[str, Map, render.Sheet | None]] = []
    if _PICTURED & asked:
        printed = (block for section in job.report.printed for block in section.blocks)
        drawings += [("documents", block, None) for block in printed if isinstance(block, Map)]
    if _SHEETS & asked:
        paper = render.Sheet(choice.paper, choice.landscape)
        drawings += [("sheets", map_, paper) for map_ in job.report.maps if not map_.detail]
    layouts = [painters.submit(render.laid_out, job.report, *drawn[1:]) for drawn in drawings]
    for done, ((use, map_, sheet), layout) in enumerate(zip(drawings, layouts, strict=True)):
        watch.within(MAPS, done / len(drawings))
        watch.ask()
        drawn = render.draw(job.report, map_, sheet, layout.result())
        dpi = _DOCUMENT_DPI if sheet is None else _SHEET_DPI if "png" in asked else None
        job.painted[use][map_.id] = painters.submit(render.picture, drawn, dpi)


@contextmanager
def _painters() -> Iterator[ThreadPoolExecutor]:
    """Yield a thread for each processor but the one that draws and writes, at most four.

    What waits when this is left is dropped.
    """
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 2
    painters = ThreadPoolExecutor(min(max(processors - 1, 1), _MOST_PAINTERS))
    try:
        yield painters
    finally:
        painters.shutdown(cancel_futures=True)


def _sheets(kind: str, job: Job) -> Rows:
    """Write the separate sheets."""
    folder = job.folder_of("maps")
    for name, sheet in job.painted["sheets"].items():
        picture = sheet.result()
        (folder / f"{name}.{kind}").write_bytes(picture.png if kind == "png" else picture.svg)
    return dict.fromkeys(f"maps/{name}.{kind}" for name in job.painted["sheets"])


def _written(kind: str, job: Job) -> Rows:
    """Write a format into the job's folder by modules that are loaded for those who ask for it."""
    report, path = job.report, job.folder / f"{job.stem}.{kind}"
    match kind:
        case "docx":
            from circle.report.document import docx  # noqa: PLC0415

            docx.write(report, job.pictures, path)
        case "pdf":
            from circle.report.document import pdf  # noqa: PLC0415

            pdf.write(report, job.pictures, path)
        case "xlsx":
            from circle.report.tabular import xlsx  # noqa: PLC0415

            xlsx.write(report, path)
            return {path.name: sum(len(table.frame) for table in report.tables)}
        case "html":
            from circle.report.webmap import html  # noqa: PLC0415

            path = job.folder / f"{job.stem}-map.html"
            html.write(report, path)
        case _:
            return _tabled(kind, job)
    return {path.name: None}


def _tabled(kind: str, job: Job) -> Rows:
    """Write layers or tables; return how many rows each file has."""
    from circle.report.gis import project, writers  # noqa: PLC0415
    from circle.report.tabular import csv_files  # noqa: PLC0415

    if kind == "gpkg":
        name, beside = f"{job.stem}.gpkg", f"{job.stem}.qgs"
        features = writers.geopackage(job.report, job.folder / name)
        (job.folder / beside).write_bytes(project.project(job.report, name))
        return {name: features, beside: None}
    where, write = {
        "csv": ("tables", csv_files.write),
        "geojson": ("layers", writers.geojson),
        "shp": ("shapefile", writers.shapefiles),
    }[kind]
    folder = job.folder_of(where)
    rows = write(job.report, folder)
    names = sorted(file.name for file in folder.iterdir()) if kind == "shp" else rows
    return {f"{where}/{name}": rows.get(name) for name in names}


WRITERS: dict[str, Callable[[Job], Rows]] = {
    kind: partial(_sheets if kind in {"png", "svg"} else _written, kind)
    for kind in ("docx", "pdf", "xlsx", "gpkg", "geojson", "shp", "csv", "png", "svg", "html")
}
"""What writes each format into the job's folder; returns its files with their rows."""
FORMATS = tuple(WRITERS)
_PICTURED, _SHEETS = {"docx", "pdf"}, {"png", "svg"}
_BESIDE = {"pdf"}
"""What is set beside Python, once all pictures are painted, while other formats are written."""
_DOCUMENT_DPI, _SHEET_DPI = 170, 300
_MOST_PAINTERS = 4
"""A sheet A3 being painted takes 70 MB."""


def write(
    report: Report,
    out: str | Path,
    formats: Sequence[str] = FORMATS,
    *,
    progress: Callable[[str, float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Manifest:
    """Write a report into a folder in all formats asked for.

    All files are made in a folder beside `out` and put in place when the last
    one is done: after a failure `out` is as it was. A folder holds one report:
    files of the one before go, unless somebody changed them; other files stay.

    Parameters
    ----------
    out
        Folder, made if need be.
    formats
        Some of `FORMATS`; written in the order of these.
    progress
        Called before and after each part with its name and the share of all parts
        that are done, 0 to 1. The last part is `ARCHIVE`.
    cancelled
        Asked before each part, and before files are put in place.

    Raises
    ------
    InputError
        When there is no such format, or none is asked for.
    CancelledError
        When `cancelled` returned True.
    OutputError
        When files cannot be written.
    """
    asked = check(formats)
    target = folder_to_write(out)
    with_maps = bool((_PICTURED | _SHEETS) & set(asked))
    watch = _Watch(len(asked) + with_maps + 1, progress, cancelled)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        near = _near(target)
        for left in abandoned(near, target.name):
            if not (left / _OLD).exists():  # else its files are kept until there are whole ones
                shutil.rmtree(left, ignore_errors=True)
        with work_folder(near, target.name) as work, _painters() as painters:
            job = Job(report, work / "new", tuple(asked))
            job.folder.mkdir()
            if with_maps:
                with watch.part(MAPS):
                    _draw(job, watch, painters)
            beside = {name: painters.submit(WRITERS[name], job) for name in _BESIDE & set(asked)}
            for name in sorted(asked, key=beside.__contains__):
                with watch.part(name):
                    job.rows[name] = beside[name].result() if name in beside else WRITERS[name](job)
            with watch.part(ARCHIVE):
                manifest = _packed(job, target, watch.seconds)
            watch.ask()
            _place(job.folder, target, work / _OLD)
        clear_abandoned(near, target.name)
    except CircleError:
        raise
    except (OSError, sqlite3.Error, DataSourceError) as error:
        problem = reason(error) if isinstance(error, OSError) else error
        raise OutputError("not_written", path=shown(target), problem=problem) from error
    return manifest


@dataclass(eq=False)
class _Watch:
    """Reports progress, checks whether to go on, and measures the time."""

    parts: int
    progress: Callable[[str, float], None] | None
    cancelled: Callable[[], bool] | None
    seconds: dict[str, float] = field(default_factory=dict)

    def ask(self) -> None:
        """Stop when the work is given up."""
        if self.cancelled is not None and self.cancelled():
            raise CancelledError

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        """Report progress before and after one part."""
        self.ask()
        self.within(name, 0.0)
        start = time.perf_counter()
        yield
        self.seconds[name] = time.perf_counter() - start
        self.within(name, 0.0)

    def within(self, name: str, share: float) -> None:
        """Report that so much of the part at work is done."""
        if self.progress is not None:
            self.progress(name, (len(self.seconds) + share) / self.parts)


def _near(target: Path) -> Path:
    """Return where files can be made that are then moved into `target`: beside it, or in it."""
    alone = target.is_mount() or not os.access(target.parent, os.W_OK)
    return target if alone and target.is_dir() else target.parent


def check(formats: Sequence[str]) -> list[str]:
    """Return the formats asked for in the order of `FORMATS`.

    Raises
    ------
    InputError
        When there is no such format, or none is asked for.
    """
    known = ", ".join(FORMATS)
    for name in (name for name in formats if name not in WRITERS):
        raise InputError("report.unknown_format", name=name, known=known)
    if not formats:
        raise InputError("report.no_format", known=known)
    return [name for name in FORMATS if name in formats]


def _packed(job: Job, target: Path, seconds: dict[str, float]) -> Manifest:
    """Add `README`, `MANIFEST` and the archive of all."""
    (job.folder / README).write_bytes(metadata.readme(job.report).encode("utf-8-sig"))
    rows = {name: job.rows[name] for name in job.formats} | {"txt": {README: None}}
    files = tuple(
        _measured(job.folder, file, format_, count)
        for format_, counted in rows.items()
        for file, count in counted.items()
    )
    about = _about(job.report)
    content = orjson.dumps(_content(about, files), option=orjson.OPT_INDENT_2)
    (job.folder / MANIFEST).write_bytes(content + b"\n")
    archive = f"{job.stem}.zip"
    clock = max(job.report.imprint.made.timetuple()[:6], _FIRST_CLOCK)
    with zipfile.ZipFile(job.folder / archive, "w") as packed:
        for name in (README, MANIFEST, *(file.file for file in files if file.file != README)):
            entry = zipfile.ZipInfo(name, clock)
            dense = Path(name).suffix in _DENSE
            entry.compress_type = zipfile.ZIP_STORED if dense else zipfile.ZIP_DEFLATED
            entry.create_system = _UNIX
            entry.external_attr = 0o644 << 16
            packed.writestr(entry, (job.folder / name).read_bytes())
    return Manifest(target, about, files, _measured(job.folder, archive, ARCHIVE, None), seconds)


def _measured(folder: Path, name: str, format_: str, rows: int | None) -> File:
    data = (folder / name).read_bytes()
    return File(name, format_, rows, len(data), hashlib.sha256(data).hexdigest())


def _about(report: Report) -> dict[str, Any]:
    imprint = report.imprint
    return {
        "district": report.district.id,
        "title": storable(imprint.title),
        "made": imprint.made.isoformat(),
        "observed": imprint.observed,
        "data_hash": imprint.data_hash,
        "audit_head": imprint.audit_head,
        "software": imprint.software,
        "crs": imprint.crs,
        "crs_name": imprint.crs_name,
        "choice": {
            name: storable(value) if isinstance(value, str) else value
            for name, value in asdict(report.choice).items()
        },
    }


def _content(about: dict[str, Any], files: Sequence[File]) -> dict[str, Any]:
    return {**about, "files": [asdict(file) for file in files]}


def _place(new: Path, target: Path, old: Path) -> None:
    """Move all files of `new` into `target`; when one cannot be, put the old ones back.

    The files of the report before go, and the folders that are empty then.
    """
    names = sorted(file.relative_to(new) for file in new.rglob("*") if file.is_file())
    former = sorted(_former(target, set(names)))
    folders = [target, *sorted({target / name.parent for name in names} - {target})]
    added = [folder for folder in folders if not folder.exists()]
    aside: list[Path] = []
    placed: list[Path] = []
    try:
        for folder in folders:
            folder.mkdir(exist_ok=True)
        for name in (*former, *names):
            if (target / name).is_file():
                (old / name.parent).mkdir(parents=True, exist_ok=True)
                (target / name).replace(old / name)
                aside.append(name)
            if name in names:
                (new / name).replace(target / name)
                placed.append(name)
    except BaseException:
        for name in placed:
            (target / name).unlink()
        for name in aside:
            (old / name).replace(target / name)
        for folder in reversed(added):
            folder.rmdir()
        raise
    for folder in {target / name.parent for name in former} - {target}:
        with suppress(OSError):
            folder.rmdir()


def _former(target: Path, kept: set[Path]) -> set[Path]:
    """Return the files of the report that lies in `target`, without those of `kept`.

    Only files that are still as `MANIFEST` says count, wherever that one comes from.
    """
    try:
        said = _bytes_of(target / MANIFEST)
        listed = {Path(row["file"]): row["sha256"] for row in orjson.loads(said)["files"]}
    except (OSError, KeyError, TypeError, ValueError):
        return set()
    inside = {
        name
        for name in listed
        if len(name.parts) <= _DEEPEST and not name.is_absolute() and ".." not in name.parts
    }
    archives = {path.relative_to(target) for path in target.glob("*.zip")}
    return {
        name
        for name in inside - kept
        if _plain(target / name) and _digest(target / name) == listed[name]
    } | {name for name in archives - kept if _plain(target / name) and _packs(target / name, said)}


def _plain(path: Path) -> bool:
    """Say whether a path is a regular file to which no link leads."""
    return path.is_file() and path == path.resolve()


def _bytes_of(manifest: Path) -> bytes:
    if not _plain(manifest) or manifest.stat().st_size > _LARGEST_MANIFEST:
        raise ValueError(manifest)
    return manifest.read_bytes()


def _digest(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _packs(archive: Path, manifest: bytes) -> bool:
    """Say whether a ZIP is the archive of the report that `manifest` is of."""
    try:
        with zipfile.ZipFile(archive) as packed:
            entry = packed.getinfo(MANIFEST)
            return entry.file_size == len(manifest) and packed.read(entry) == manifest
    except (OSError, KeyError, RuntimeError, ValueError, zipfile.BadZipFile, zlib.error):
        return False
