"""Versions of a district folder: every change leaves the state before it at hand.

::

    data/tianping/                  the district
    data/.tianping.versions/        beside it
        files/<sha256>              what the files held, each content once
        000001.json                 a version: who, when, why, and its files by hash
        000002.json.pending         one that is being put in place

A folder without changes has none. The first change keeps the folder as it was
found, too.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import time
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from circle import files
from circle.errors import DataError, InputError, OutputError
from circle.load.meta import FILE, parse_meta

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

ACTIONS = ("found", "build", "import", "refresh", "edit", "restore")
LONGEST_AUTHOR = 80
LONGEST_REASON = 400
_PENDING = ".pending"
_RECORD = re.compile(r"(\d{6})\.json")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_WAIT_S = 10.0


@dataclass(frozen=True, slots=True)
class Made:
    """Who changed a district folder, by what, and why.

    Raises
    ------
    InputError
        When the author or the reason is too long, or the author is nobody.
    """

    action: str
    author: str
    reason: str = ""

    def __post_init__(self) -> None:
        if not self.author.strip() or len(self.author) > LONGEST_AUTHOR:
            raise InputError("version.author", most=LONGEST_AUTHOR)
        if len(self.reason) > LONGEST_REASON:
            raise InputError("version.reason", most=LONGEST_REASON)


@dataclass(frozen=True, slots=True)
class Version:
    """A state that a district folder was in.

    Attributes
    ----------
    number
        From 1, in order of time.
    time
        When it was put in place (UTC).
    action
        One of `ACTIONS`: what put it there.
    author, reason
        Who, and why; both empty of the state that was found.
    content_hash
        The district's identity, as its district.toml states it.
    files
        SHA-256 of each file, by its name.
    """

    number: int
    time: datetime
    action: str
    author: str
    reason: str
    content_hash: str
    files: Mapping[str, str]


def place_of(folder: Path) -> Path:
    """Return where the versions of a district folder are kept."""
    return folder.parent / f".{folder.name}.versions"


def versions(folder: Path) -> tuple[Version, ...]:
    """Return the versions of a district folder, oldest first; none before the first change.

    Raises
    ------
    DataError
        When a record is not one that was written here.
    """
    place = place_of(folder)
    kept = {record.name: record for record in place.glob("*.json") if _RECORD.match(record.name)}
    here = present(folder)
    for record in place.glob(f"*.json{_PENDING}"):  # its program was killed at the very last
        if _RECORD.match(record.name) and _read(record).files == here:
            kept.setdefault(record.name.removesuffix(_PENDING), record)
    return tuple(_read(kept[name]) for name in sorted(kept))


def present_version(folder: Path, known: tuple[Version, ...]) -> Version | None:
    """Return which version lies in the folder; None where files were changed since."""
    here = present(folder)
    return next((version for version in reversed(known) if version.files == here), None)


def version_numbered(folder: Path, number: int) -> Version:
    """Return one version of a district folder.

    Raises
    ------
    InputError
        When there is none of that number, with those that there are.
    """
    known = versions(folder)
    for version in known:
        if version.number == number:
            return version
    numbers = ", ".join(str(version.number) for version in known) or "–"
    raise InputError("version.number", number=number, known=numbers)


def content_of(folder: Path, version: Version) -> dict[str, bytes]:
    """Return the files of a version, by name.

    Raises
    ------
    DataError
        When one is gone, or is no longer what it was.
    """
    content = {}
    for name, sha256 in version.files.items():
        path = place_of(folder) / "files" / sha256
        data = path.read_bytes() if path.is_file() else b""
        if hashlib.sha256(data).hexdigest() != sha256:
            raise DataError("version.file", file=name, number=version.number)
        content[name] = data
    return content


def present(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of each file that lies in a district folder, by name."""
    return {name: hashlib.sha256(data).hexdigest() for name, data in content_in(folder).items()}


def content_in(folder: Path) -> dict[str, bytes]:
    """Return the files of a district folder, by name: hidden ones, links and folders left out."""
    if not folder.is_dir():
        return {}
    return {
        entry.name: entry.read_bytes()
        for entry in sorted(folder.iterdir())
        if entry.is_file() and not entry.is_symlink() and not entry.name.startswith(".")
    }


@contextmanager
def changing(folder: Path) -> Iterator[None]:
    """Hold a district folder for a change: another that comes meanwhile waits.

    Raises
    ------
    OutputError
        When the other takes more than ten seconds.
    """
    if not folder.is_dir():
        yield
        return
    place = place_of(folder)
    handle = _held(place, folder)
    try:
        yield
    finally:
        with suppress(OSError):
            place.rmdir()  # where nothing was kept
        os.close(handle)


def _held(place: Path, folder: Path) -> int:
    until = time.monotonic() + _WAIT_S
    while True:
        place.mkdir(exist_ok=True)
        handle = os.open(place, os.O_RDONLY | os.O_DIRECTORY)
        with suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if place.stat().st_ino == os.fstat(handle).st_ino:  # else it was removed meanwhile
                return handle
        os.close(handle)
        if time.monotonic() > until:
            raise OutputError("in_use", path=files.shown(folder))
        time.sleep(0.05)


def keep(folder: Path, new: Path, made: Made) -> Path | None:
    """Keep what is to be put in the place of a district folder, and what it replaces.

    Parameters
    ----------
    folder
        The folder that is there; held by `changing`.
    new
        What shall be in its place.
    made
        Who changes it, by what, and why.

    Returns
    -------
    Path or None
        For `settle`, once it is in place; None where nothing changes, or nothing
        was there before.
    """
    here, then = present(folder), present(new)
    if FILE not in here or here == then:
        return None
    known = versions(folder)
    if not known or known[-1].files != here:
        found = _record(folder, known, Made("found", "-"))
        _write(place_of(folder) / f"{found.number:06}.json", found)
        known = (*known, found)
    version = _record(new, known, made, place_of(folder))
    pending = place_of(folder) / f"{version.number:06}.json{_PENDING}"
    _write(pending, version)
    return pending


def settle(pending: Path | None) -> None:
    """Make a version that was kept one of the folder's: it is in place."""
    if pending is not None:
        pending.replace(pending.with_suffix(""))


def tidy(folder: Path) -> None:
    """Settle or forget what a killed program left; the folder is held by `changing`."""
    place = place_of(folder)
    here = present(folder)
    for record in sorted(place.glob(f"*.json{_PENDING}")):
        if _read(record).files == here:
            settle(record)
        else:
            record.unlink()
    for rest in place.glob("**/*.part"):
        rest.unlink()


def _record(
    folder: Path, known: tuple[Version, ...], made: Made, place: Path | None = None
) -> Version:
    """Keep the files of a folder and return the version that they make."""
    place = (place or place_of(folder)) / "files"
    place.mkdir(parents=True, exist_ok=True)
    content = content_in(folder)
    hashes = {name: hashlib.sha256(data).hexdigest() for name, data in content.items()}
    for name, data in content.items():
        path = place / hashes[name]
        if not path.exists():
            _put(path, data)
    meta, _ = parse_meta(content.get(FILE, b""))
    return Version(
        number=known[-1].number + 1 if known else 1,
        time=datetime.now(UTC).replace(microsecond=0),
        action=made.action,
        author="" if made.action == "found" else made.author,
        reason=made.reason,
        content_hash="" if meta is None else meta.content_hash,
        files=hashes,
    )


def _write(path: Path, version: Version) -> None:
    fields = asdict(version) | {"time": version.time.isoformat()}
    _put(path, (json.dumps(fields, ensure_ascii=False, indent=1) + "\n").encode())


def _put(path: Path, data: bytes) -> None:
    part = path.with_name(f"{path.name}.part")
    with part.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def _read(record: Path) -> Version:
    try:
        return _version(json.loads(record.read_bytes()), record)
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise DataError("version.record", file=record.name) from error


def _version(fields: Any, record: Path) -> Version:  # noqa: ANN401 - what JSON holds
    hashes = dict(fields["files"])
    action, author, reason, content_hash = (
        fields[name] for name in ("action", "author", "reason", "content_hash")
    )
    number = int(record.name.partition(".")[0])
    if (
        fields["number"] != number
        or action not in ACTIONS
        or not all(isinstance(text, str) for text in (author, reason, content_hash))
        or not all(_SHA256.fullmatch(sha256) for sha256 in hashes.values())
        or not all(_plain(name) for name in hashes)
    ):
        raise ValueError(number)
    moment = datetime.fromisoformat(fields["time"])
    return Version(number, moment.astimezone(UTC), action, author, reason, content_hash, hashes)


def _plain(name: str) -> bool:
    return bool(name) and not name.startswith(".") and not set(name) & set("/\\\0")
