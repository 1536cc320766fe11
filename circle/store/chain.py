"""The chain of the audit: what an entry is, and whether none was changed, left out or put in.

Pure: entries are lines of text here, wherever they are kept.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

ERASE = "erase"
"""The action of an entry that says that the content of those before it was deleted."""
GENESIS = "0" * 64
"""Stands for the hash before the first entry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the audit.

    Attributes
    ----------
    number
        1, 2, 3, …, without a gap.
    time
        When (UTC).
    author, action, subject
        Who did what to what, such as ``register/small/canteen``.
    content_hash
        SHA-256 of salt and content.
    previous, hash
        The hash of the entry before, and of this one.
    salt, content
        What was written, as JSON; None where it was deleted on request.
    """

    number: int
    time: str
    author: str
    action: str
    subject: str
    content_hash: str
    previous: str
    hash: str
    salt: str | None
    content: str | None

    def line(self) -> str:
        """Return the entry as one line of JSON, the one way to write it."""
        chained = self._chained()
        return as_json([*chained, self.hash, self.salt, self.content])

    def expected_hash(self) -> str:
        """Return the hash that this entry must have."""
        return sha256(as_json(self._chained()))

    def _chained(self) -> list[object]:
        about = [self.number, self.time, self.author, self.action, self.subject]
        return [*about, self.content_hash, self.previous]


@dataclass(frozen=True, slots=True)
class Head:
    """The newest entry: its number, and the hash that all before it lead to."""

    number: int
    hash: str

    def __str__(self) -> str:
        return f"{self.number}-{self.hash}"


@dataclass(frozen=True, slots=True)
class Fault:
    """Where the audit is not as it was written.

    Attributes
    ----------
    number
        Of the entry, or of the line of a file.
    key
        Of the sentence, below ``audit.fault``.
    """

    number: int
    key: str


def verify(
    written: Iterable[str], known: Sequence[str] = (), after: Head | None = None
) -> tuple[list[Fault], Head | None]:
    """Check every line of an audit against the chain.

    Parameters
    ----------
    written
        What `circle.store.audit.lines` returned, or the lines of a file that it was
        saved to.
    known
        Heads as reports print them, ``number-hash``: each must be in the chain.
    after
        The entry that the lines follow on; None where they begin with the first.

    Returns
    -------
    tuple
        The faults, none where the audit is as it was written; and the head.
    """
    faults: list[Fault] = []
    hashes: dict[int, str] = {}
    without_content: dict[int, str] = {}
    erased: dict[str, int] = {}
    number, previous = (0, GENESIS) if after is None else (after.number, after.hash)
    for line in written:
        number += 1
        entry = _parsed(line)
        if entry is None:
            faults.append(Fault(number, "form"))
            previous = ""
            continue
        faults += [Fault(number, key) for key in _faults(entry, number, previous)]
        if entry.content is None:
            without_content[number] = entry.subject
        if entry.action == ERASE:
            erased[entry.subject] = number
        hashes[number] = previous = entry.hash
    faults += [
        Fault(at, "content_gone")
        for at, subject in without_content.items()
        if erased.get(subject, 0) <= at
    ]
    for stated in known:
        at, _, expected = stated.partition("-")
        if not at.isdecimal() or hashes.get(int(at[:18])) != expected:
            faults.append(Fault(int(at[:18]) if at.isdecimal() else 0, "head"))
    faults.sort(key=lambda fault: fault.number)
    return faults, Head(number, previous) if hashes else after


def as_file(written: Iterable[str]) -> bytes:
    """Return the lines of an audit as the bytes of a file."""
    return "".join(f"{line}\n" for line in written).encode("ascii")


def verify_file(written: bytes, known: Sequence[str] = ()) -> tuple[list[Fault], Head | None]:
    """Check the bytes of a file that an audit was saved to; see `verify`."""
    *whole, rest = written.decode("latin-1").split("\n")
    faults, newest = verify(whole, known)
    if rest:
        faults.append(Fault(len(whole) + 1, "form"))
    return faults, newest


def _faults(entry: Entry, number: int, previous: str) -> Iterator[str]:
    if entry.number != number:
        yield "order"
    if entry.previous != previous:
        yield "previous"
    if entry.hash != entry.expected_hash():
        yield "hash"
    erased = entry.salt is None and entry.content is None
    if not erased and sha256(f"{entry.salt}{entry.content}") != entry.content_hash:
        yield "content"


_TYPES: tuple[tuple[type, ...], ...] = (
    (int,),
    *[(str,)] * 7,
    *[(str, type(None))] * 2,
)


def _parsed(line: str) -> Entry | None:
    """Return a line as an entry; None where it is not written as `Entry.line` writes."""
    try:
        values = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(values, list) or len(values) != len(_TYPES):
        return None
    if not all(type(value) in types for value, types in zip(values, _TYPES, strict=True)):
        return None
    number, time, by, action, subject, content_hash, previous, hash_, salt, content = values
    entry = Entry(
        number=number,
        time=time,
        author=by,
        action=action,
        subject=subject,
        content_hash=content_hash,
        previous=previous,
        hash=hash_,
        salt=salt,
        content=content,
    )
    return entry if entry.line() == line else None


def as_json(value: object, *, in_order: bool = False) -> str:
    """Return a value as JSON, the one way in which the audit writes it."""
    return json.dumps(value, separators=(",", ":"), sort_keys=in_order, default=str)


def sha256(text: str) -> str:
    """Return the hash of a text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
