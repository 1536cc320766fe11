"""Files and folders that are written: in a hidden folder beside their place, then moved.

The hidden folder is locked by the program that works in it. The system lets go of a
killed program's locks, so that what it left is told from what is being written.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import shutil
import stat
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from circle.errors import CircleError, DataError, OutputError
from circle.i18n import LANGUAGES, t
from circle.model import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

_MARK = ".circle-making-"
_LONGEST_SHOWN = 120
_LOOKED_AT = 2000
_MARKS = {
    "zip": b"PK\x03\x04",
    "sqlite": b"SQLite format 3\x00",
    "gzip": b"\x1f\x8b",
    "bzip2": b"BZh",
    "o5m": b"\xff\xe0",
}
_PBF = b"OSMHeader"
_TIFF = (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")
"""How a TIFF begins, a large one too."""
_REASONS = {
    errno.ENAMETOOLONG: "too_long",
    errno.EACCES: "denied",
    errno.EPERM: "denied",
    errno.EROFS: "read_only",
    errno.ENOSPC: "full",
    errno.EDQUOT: "full",
    errno.ENOENT: "nowhere",
    errno.ENOTDIR: "no_folder",
    errno.EISDIR: "is_folder",
    errno.ELOOP: "loop",
}


class WorkFolder:
    """A hidden, locked folder for what is to be put in place when it is whole.

    Parameters
    ----------
    near
        Where it is made; on the disk of what is written.
    name
        What is written; `abandoned` finds what is left of the same.

    Attributes
    ----------
    path
        The folder.
    """

    def __init__(self, near: Path, name: str) -> None:
        while True:
            self.path = Path(tempfile.mkdtemp(prefix=_prefix(name), dir=near))
            self._lock = _locked(self.path, fcntl.LOCK_EX)
            if self.path.is_dir():  # else another program took it for abandoned
                return
            self.remove()

    def remove(self) -> None:
        """Remove the folder with all that is in it."""
        shutil.rmtree(self.path, ignore_errors=True)
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


@contextmanager
def work_folder(near: Path, name: str) -> Iterator[Path]:
    """Yield a `WorkFolder` that is removed on leaving."""
    folder = WorkFolder(near, name)
    try:
        yield folder.path
    finally:
        folder.remove()


def abandoned(near: Path, name: str) -> Iterator[Path]:
    """Yield the work folders of `name` whose program was killed, for the caller to remove."""
    for folder in sorted(near.glob(f"{_prefix(name)}*")):
        lock = _locked(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if lock is None:
            continue
        try:
            if os.fstat(lock).st_uid == os.geteuid():
                yield folder
        finally:
            os.close(lock)


def in_work(near: Path, name: str) -> bool:
    """Whether a program has a work folder of `name` now."""
    return any(near.glob(f"{_prefix(name)}*"))


def clear_abandoned(near: Path, name: str) -> None:
    """Remove the work folders of `name` whose program was killed."""
    for folder in abandoned(near, name):
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def file_in_place(path: Path) -> Iterator[Path]:
    """Yield where to write a file that is moved to `path` when all went well.

    Raises
    ------
    OutputError
        When it cannot be written, or something other than a file stands there.
    """
    with written(path):
        place = Path(os.path.realpath(path))
        mode = _mode(place)
        if mode is not None and not stat.S_ISREG(mode):
            raise OutputError("not_file", path=shown(path))
        clear_abandoned(place.parent, place.name)
        with work_folder(place.parent, place.name) as folder:
            part = folder / "new"
            yield part
            if mode is not None:
                part.chmod(stat.S_IMODE(mode))
            part.replace(place)


def folder_to_write(path: str | Path) -> Path:
    """Return where a folder's files are to be written: the place in full, links followed.

    Raises
    ------
    OutputError
        When something other than a folder stands there, or it cannot be made there.
    """
    with written(path):
        place = Path(os.path.realpath(path))
        mode = _mode(place)
        if mode is not None and not stat.S_ISDIR(mode):
            raise OutputError("not_folder", path=shown(path))
        there = place
        while not there.exists():
            there = there.parent
        if not os.access(there, os.W_OK | os.X_OK):
            raise OSError(errno.EACCES, os.strerror(errno.EACCES))
        longest = max(
            (len(os.fsencode(part)) for part in place.relative_to(there).parts), default=0
        )
        if longest > os.pathconf(there, "PC_NAME_MAX"):
            raise OSError(errno.ENAMETOOLONG, os.strerror(errno.ENAMETOOLONG))
    return place


@contextmanager
def written(path: str | Path) -> Iterator[None]:
    """Turn what the system says of a file that is being written into an error of ours.

    Raises
    ------
    OutputError
        When it cannot be written.
    """
    try:
        yield
    except CircleError:
        raise
    except OSError as error:
        raise OutputError("not_written", path=shown(path), problem=reason(error)) from error


def reason(error: OSError) -> Text:
    """Return why the system could not read or write, in both languages."""
    key = _REASONS.get(error.errno or 0)
    if key is None:
        said = error.strerror or str(error) or type(error).__name__
        return Text(said, said)
    zh, en = (t(f"error.reason.{key}", language=code) for code in LANGUAGES)
    return Text(zh, en)


def kind_of_file(path: Path) -> str:
    """Return what a file is by how it begins, whatever it is called; "" for none of these.

    One of pbf, osm (XML), o5m, graphml, xml, geojson (any JSON), zip, sqlite, tiff, gzip,
    bzip2.

    Raises
    ------
    DataError
        When there is no such file.
    """
    if not path.exists():
        raise DataError("no_file", file=shown(path))
    if not path.is_file():
        raise DataError("not_a_file", file=shown(path))
    with path.open("rb") as file:
        start = file.read(_LOOKED_AT)
    for kind, mark in _MARKS.items():
        if start.startswith(mark):
            return kind
    if _PBF in start[:32]:
        return "pbf"
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith((b"{", b"[")):
        return "geojson"
    if not text.startswith(b"<"):
        return "tiff" if start[:4] in _TIFF else ""
    roots = (kind for kind in ("osm", "graphml") if f"<{kind}".encode() in text)
    return next(roots, "xml")


def readable(path: object) -> str:
    """Return a path as text that any encoding takes: bytes that are no UTF-8 replaced."""
    return os.fsencode(str(path)).decode("utf-8", "replace")


def shown(path: object) -> str:
    """Return a path as a sentence holds it: `readable`, and not longer than a line or two."""
    text = readable(path)
    half = _LONGEST_SHOWN // 2
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:half]}…{text[-half:]}"


def _prefix(name: str) -> str:
    # of one length, whatever the name's: a folder's name has its limit
    return f"{_MARK}{hashlib.sha256(os.fsencode(name)).hexdigest()[:12]}-"


def _mode(path: Path) -> int | None:
    with suppress(FileNotFoundError):
        return path.lstat().st_mode
    return None


def _locked(folder: Path, how: int) -> int | None:
    """Lock a folder; None where another program holds it, or no lock can be had."""
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        return None
    try:
        fcntl.flock(handle, how)
    except OSError:
        os.close(handle)
        return None
    return handle
