"""A district folder is put in place whole, checked first, and what it was is kept."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from circle import files
from circle.errors import DataError
from circle.load import versions
from circle.load.folder import faulty_folder, put_back, rescue
from circle.load.meta import FILE
from circle.load.read import check, read_district
from circle.load.text_tables import COLUMNS, OUTLINES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from circle.load.versions import Made, Version
    from circle.model import District

GENERATED = frozenset({FILE, *OUTLINES, *COLUMNS})
"""Files of a district folder that its builder writes."""


@dataclass(frozen=True)
class Staged:
    """A district folder that is written and checked, and not yet in its place."""

    path: Path
    out: Path
    made: Made

    def put(self) -> None:
        """Put it in its place: the one way in which a district folder is replaced.

        Killed at any moment, it leaves the folder as it was or as it shall be.
        """
        old = self.path.with_name("old")
        with files.written(self.out):
            version = versions.keep(self.out, self.path, self.made)
            try:
                if self.out.is_dir():
                    self.out.replace(old)
                self.path.replace(self.out)
            except BaseException:
                put_back(old, self.out)
                raise
            versions.settle(version)


@contextmanager
def staged(
    out: Path,
    content: Mapping[str, bytes],
    made: Made,
    gone: Collection[str] = GENERATED,
    expected: Mapping[str, str] | None = None,
) -> Iterator[Staged]:
    """Write a district folder beside `out` and check it; it goes on leaving, unless it was put.

    Parameters
    ----------
    out
        A district folder, or one that is not there or empty; nobody else may change it
        meanwhile.
    content
        Its files, by name.
    made
        Who changes it, by what, and why: what it was is kept as a version.
    gone
        Files of the folder that are there now and shall not stay where `content` has
        none of their name. All others stay.
    expected
        What the folder held when the change was worked out (`versions.present`): where it
        holds anything else now, the change is refused. None: whatever it holds.

    Raises
    ------
    DataError
        With all findings, when the content is no district; or when the folder was changed
        meanwhile.
    OutputError
        When `out` cannot be written, or somebody else is changing it.
    """
    rescue(out)
    with ExitStack() as stack:
        with files.written(out):
            out.parent.mkdir(parents=True, exist_ok=True)
            stack.enter_context(versions.changing(out))
            work = stack.enter_context(files.work_folder(out.parent, out.name))
            versions.tidy(out)
            if expected is not None and versions.present(out) != expected:
                raise DataError("changed_meanwhile", folder=out.name)
            new = work / "new"
            new.mkdir()
            if out.is_dir():
                _keep_others(out, new, gone)
            for file, data in content.items():
                (new / file).write_bytes(data)
        findings = check(new)
        if findings:
            raise faulty_folder(out.name, findings)
        yield Staged(new, out, made)


def replace_folder(
    out: Path,
    content: Mapping[str, bytes],
    made: Made,
    gone: Collection[str] = GENERATED,
) -> None:
    """Write a district folder, check it, and put it in its place; see `staged`."""
    with staged(out, content, made, gone) as new:
        new.put()


def writable(folder: Path) -> Path:
    """Return a district folder in full, links followed, where it can be replaced.

    Raises
    ------
    OutputError
        When it, or the folder around it, may not be written.
    """
    place = files.folder_to_write(folder)
    with files.written(folder):
        if not os.access(place.parent, os.W_OK | os.X_OK):
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))
    return place


def district_of(out: Path, content: Mapping[str, bytes]) -> District:
    """Return the district that some files of a folder `out` make, without putting them there.

    Raises
    ------
    DataError
        When they make none.
    """
    with tempfile.TemporaryDirectory(prefix="circle-version-") as work:
        folder = Path(work) / out.name
        folder.mkdir()
        for name, data in content.items():
            (folder / name).write_bytes(data)
        return read_district(folder)


def restore(out: Path, version: Version, made: Made) -> None:
    """Put a version of a district folder in its place; the one that was there is kept.

    See `restoring`.
    """
    with restoring(out, version, made) as new:
        new.put()


@contextmanager
def restoring(out: Path, version: Version, made: Made) -> Iterator[Staged]:
    """Write a version of a district folder beside its place, checked; `put` puts it there.

    Raises
    ------
    DataError
        When a file of the version is gone or damaged, or it is no district any more.
    OutputError
        When `out` cannot be written, or somebody else is changing it.
    """
    content = versions.content_of(out, version)
    with staged(out, content, made, gone=frozenset(versions.present(out))) as new:
        yield new


def _keep_others(out: Path, new: Path, gone: Collection[str]) -> None:
    for entry in out.iterdir():
        if entry.name in gone:
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.copytree(entry, new / entry.name, symlinks=True)
        else:
            shutil.copy2(entry, new / entry.name, follow_symlinks=False)
