"""The audit: who did what when, written with each change, only ever added to.

Each entry carries the hash of the one before it, so that no entry can be changed, left
out or put in without all later ones. What was written (the content) stands in a table of
its own and enters the chain by a salted hash: it can be deleted on request while the
chain still verifies. The newest hash is the head; it stands in every report, so that a
chain that was written anew as a whole shows too.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from circle.store.schema import metadata

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from circle.store.engine import Store

LONGEST_NAME, LONGEST_SUBJECT = 80, 300
GENESIS = "0" * 64
"""Stands for the hash before the first entry."""


class Action(StrEnum):
    """What can be done."""

    SIGN_IN = "sign_in"
    IMPORT = "import"
    RESTORE = "restore"
    REPORT = "report"
    EXPORT = "export"
    ERASE = "erase"
    CONFIRM = "confirm"
    WITHDRAW = "withdraw"
    WISH_ADD = "wish_add"
    WISH_EDIT = "wish_edit"
    WISH_STATE = "wish_state"
    WISH_SHOW = "wish_show"
    WISH_MERGE = "wish_merge"
    WISH_LEVEL = "wish_level"
    WISH_DATE = "wish_date"
    WISH_WAIT = "wish_wait"
    WISH_CLAIM = "wish_claim"
    WISH_PROGRESS = "wish_progress"
    UNIT = "unit"
    OPINION = "opinion"
    VISIT = "visit"


_entries = sa.Table(
    "audit",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", sa.DateTime, nullable=False),
    sa.Column("by", sa.String(LONGEST_NAME), nullable=False),
    sa.Column(
        "action",
        sa.Enum(
            *(action.value for action in Action),
            name="action",
            length=20,
            native_enum=False,
            create_constraint=True,
        ),
        nullable=False,
    ),
    sa.Column("subject", sa.String(LONGEST_SUBJECT), nullable=False),
    sa.Column("content_hash", sa.String(64), nullable=False),
    sa.Column("previous", sa.String(64), nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
    sa.CheckConstraint("number >= 1", name="number"),
)
_contents = sa.Table(
    "audit_content",
    metadata,
    sa.Column(
        "number",
        sa.Integer,
        sa.ForeignKey(_entries.c.number),
        primary_key=True,
        autoincrement=False,
    ),
    sa.Column("salt", sa.String(32), nullable=False),
    sa.Column("content", sa.Text, nullable=False),
)


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
        return _json([*chained, self.hash, self.salt, self.content])

    def expected_hash(self) -> str:
        """Return the hash that this entry must have."""
        return _sha256(_json(self._chained()))

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


def record(
    connection: sa.Connection,
    action: Action,
    *,
    by: str,
    subject: str,
    content: Mapping[str, object] | None = None,
) -> int:
    """Write what is done in the transaction that does it.

    Parameters
    ----------
    connection
        Of `Store.writing`: no other writer is at the chain.
    action, by, subject
        What who did to what. A name that is too long is cut.
    content
        What was written, as plain data.

    Returns
    -------
    int
        The entry's number. It is never given twice, so that it can be the number of
        what was made.
    """
    newest = connection.execute(_newest()).first()
    number, previous = (newest.number + 1, newest.hash) if newest is not None else (1, GENESIS)
    salt, text = secrets.token_hex(16), _json(content or {}, in_order=True)
    entry = Entry(
        number=number,
        time=_time(datetime.now(UTC)),
        author=_line(by, LONGEST_NAME),
        action=action.value,
        subject=_line(subject, LONGEST_SUBJECT),
        content_hash=_sha256(salt + text),
        previous=previous,
        hash="",
        salt=salt,
        content=text,
    )
    connection.execute(
        sa.insert(_entries).values(
            number=number,
            at=datetime.fromisoformat(entry.time).replace(tzinfo=None),
            by=entry.author,
            action=entry.action,
            subject=entry.subject,
            content_hash=entry.content_hash,
            previous=previous,
            hash=entry.expected_hash(),
        )
    )
    connection.execute(sa.insert(_contents).values(number=number, salt=salt, content=text))
    return number


def next_number(connection: sa.Connection) -> int:
    """Return the number that `record` will give in this transaction."""
    newest = connection.execute(_newest()).first()
    return 1 if newest is None else int(newest.number) + 1


def note(
    store: Store,
    action: Action,
    *,
    by: str,
    subject: str,
    content: Mapping[str, object] | None = None,
) -> int:
    """Write what was done outside the store: a sign-in, an import, a report handed out.

    See `record`; it is a transaction of its own.

    Raises
    ------
    StoreError
        When nothing can be written there.
    """
    with store.writing() as connection:
        return record(connection, action, by=by, subject=subject, content=content)


def erase(connection: sa.Connection, subject: str, *, by: str, reason: str) -> int:
    """Delete all that was written of a subject from the audit, and write down that it was.

    The chain still verifies. The bytes are gone with `Store.scrub`.
    """
    of_subject = sa.select(_entries.c.number).where(_entries.c.subject == subject)
    connection.execute(sa.delete(_contents).where(_contents.c.number.in_(of_subject)))
    return record(connection, Action.ERASE, by=by, subject=subject, content={"reason": reason})


def head(store: Store) -> Head | None:
    """Return the newest entry; None where nothing was written yet.

    Raises
    ------
    StoreError
        When the store cannot be read.
    """
    with store.reading() as connection:
        rows = store.rows(connection, _newest())
    return Head(rows[0].number, rows[0].hash) if rows else None


def entries(
    store: Store,
    *,
    action: str = "",
    by: str = "",
    subject: str = "",
    since: datetime | None = None,
    most: int | None = None,
) -> tuple[Entry, ...]:
    """Return the audit, newest first.

    Parameters
    ----------
    store
        Whose.
    action, by, subject
        Only these; of a subject also what is below it: ``wish`` gives all wishes.
    since
        Only later ones (UTC).
    most
        No more than so many.

    Raises
    ------
    StoreError
        When the store cannot be read.
    """
    statement = _all().order_by(None).order_by(_entries.c.number.desc())
    if action:
        statement = statement.where(sa.cast(_entries.c.action, sa.String) == action)
    if by:
        statement = statement.where(_entries.c.by == by)
    if subject:
        below = _entries.c.subject.startswith(f"{subject}/", autoescape=True)
        statement = statement.where((_entries.c.subject == subject) | below)
    if since is not None:
        statement = statement.where(_entries.c.at > since.replace(tzinfo=None))
    if most is not None:
        statement = statement.limit(most)
    with store.reading() as connection:
        return tuple(_read(store, connection, statement))


def lines(store: Store) -> list[str]:
    """Return the whole audit, oldest first, an entry a line of JSON.

    Raises
    ------
    StoreError
        When the store cannot be read.
    """
    with store.reading() as connection:
        return [entry.line() for entry in _read(store, connection, _all())]


def verify(written: Iterable[str], known: Sequence[str] = ()) -> tuple[list[Fault], Head | None]:
    """Check every line of an audit against the chain.

    Parameters
    ----------
    written
        What `lines` returned, or the lines of a file that it was saved to.
    known
        Heads as reports print them, ``number-hash``: each must be in the chain.

    Returns
    -------
    tuple
        The faults, none where the audit is as it was written; and the head.
    """
    faults: list[Fault] = []
    hashes: dict[int, str] = {}
    without_content: dict[int, str] = {}
    erased: dict[str, int] = {}
    previous, number = GENESIS, 0
    for number, line in enumerate(written, 1):
        entry = _parsed(line)
        if entry is None:
            faults.append(Fault(number, "form"))
            previous = ""
            continue
        faults += [Fault(number, key) for key in _faults(entry, number, previous)]
        if entry.content is None:
            without_content[number] = entry.subject
        if entry.action == Action.ERASE.value:
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
    return faults, Head(number, previous) if hashes else None


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
    if not erased and _sha256(f"{entry.salt}{entry.content}") != entry.content_hash:
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


def _newest() -> sa.Select[Any]:
    by_number = _entries.c.number.desc()
    return sa.select(_entries.c.number, _entries.c.hash).order_by(by_number).limit(1)


def _all() -> sa.Select[Any]:
    """Return the statement of all entries in order, their contents from `_read`."""
    return sa.select(_entries).order_by(_entries.c.number)


def _read(store: Store, connection: sa.Connection, statement: sa.Select[Any]) -> Iterator[Entry]:
    rows = store.rows(connection, statement)
    wanted = sa.select(_contents)
    if rows:
        lowest, highest = sorted((rows[0].number, rows[-1].number))
        wanted = wanted.where(_contents.c.number.between(lowest, highest))
    contents = {row.number: row for row in store.rows(connection, wanted)}
    for row in rows:
        content = contents.get(row.number)
        yield Entry(
            number=row.number,
            time=_time(row.at.replace(tzinfo=UTC)),
            author=row.by,
            action=row.action,
            subject=row.subject,
            content_hash=row.content_hash,
            previous=row.previous,
            hash=row.hash,
            salt=None if content is None else content.salt,
            content=None if content is None else content.content,
        )


def _time(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds")


def _json(value: object, *, in_order: bool = False) -> str:
    return json.dumps(value, separators=(",", ":"), sort_keys=in_order, default=str)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _line(text: str, longest: int) -> str:
    """Return a text as one printable line, cut to what its column takes."""
    plain = "".join(sign if sign.isprintable() else " " for sign in text)
    return " ".join(plain.split())[:longest]
