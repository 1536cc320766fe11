"""The audit: who did what when, written with each change, only ever added to.

Each entry carries the hash of the one before it, so that no entry can be changed, left
out or put in without all later ones. What was written (the content) stands in a table of
its own and enters the chain by a salted hash: it can be deleted on request while the
chain still verifies. The newest hash is the head; it stands in every report, so that a
chain that was written anew as a whole shows too.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from circle.store.chain import (
    ERASE,
    GENESIS,
    Entry,
    Fault,
    Head,
    as_file,
    as_json,
    sha256,
    verify,
    verify_file,
)
from circle.store.schema import metadata

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from circle.store.engine import Store

__all__ = [
    "ERASE",
    "Action",
    "Chosen",
    "Entry",
    "Fault",
    "Head",
    "as_file",
    "authors",
    "count",
    "entries",
    "erase",
    "hash_of",
    "head",
    "lines",
    "next_number",
    "note",
    "note_once",
    "page",
    "record",
    "verify",
    "verify_file",
]

LONGEST_NAME, LONGEST_SUBJECT = 80, 300
_MOST_NUMBERS = 1000
"""So many contents are asked for one by one; more as the range that they lie in."""


class Action(StrEnum):
    """What can be done."""

    SIGN_IN = "sign_in"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGN_OUT = "sign_out"
    IMPORT = "import"
    REFRESH = "refresh"
    EDIT = "edit"
    RESTORE = "restore"
    REPORT = "report"
    EXPORT = "export"
    ERASE = ERASE
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
    salt, text = secrets.token_hex(16), as_json(content or {}, in_order=True)
    entry = Entry(
        number=number,
        time=_time(datetime.now(UTC)),
        author=_line(by, LONGEST_NAME),
        action=action.value,
        subject=_line(subject, LONGEST_SUBJECT),
        content_hash=sha256(salt + text),
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


def note_once(
    store: Store,
    action: Action,
    *,
    by: str,
    subject: str,
    content: Mapping[str, object] | None = None,
) -> bool:
    """Write what may be told more than once, as `note`, unless it is written already.

    Returns
    -------
    bool
        Whether there was no entry of that action on that subject yet.

    Raises
    ------
    StoreError
        When nothing can be written there.
    """
    same = Chosen(action=action.value, subject=subject)
    with store.writing() as connection:
        if connection.execute(same.of(sa.select(_entries.c.number)).limit(1)).first():
            return False
        record(connection, action, by=by, subject=subject, content=content)
        return True


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Which entries are asked for: all, or only these.

    Attributes
    ----------
    action, by, subject
        Of a subject also what is below it: ``wish`` gives all wishes.
    since, until
        Only those after `since` and before `until` (UTC).
    """

    action: str = ""
    by: str = ""
    subject: str = ""
    since: datetime | None = None
    until: datetime | None = None

    def of(self, statement: sa.Select[Any]) -> sa.Select[Any]:
        """Return a statement that selects of the audit, of these entries alone."""
        if self.action:
            statement = statement.where(sa.cast(_entries.c.action, sa.String) == self.action)
        if self.by:
            statement = statement.where(_entries.c.by == self.by)
        if self.subject:
            below = _entries.c.subject.startswith(f"{self.subject}/", autoescape=True)
            statement = statement.where((_entries.c.subject == self.subject) | below)
        if self.since is not None:
            statement = statement.where(_entries.c.at > self.since.replace(tzinfo=None))
        if self.until is not None:
            statement = statement.where(_entries.c.at < self.until.replace(tzinfo=None))
        return statement


def entries(
    store: Store,
    *,
    action: str = "",
    by: str = "",
    subject: str = "",
    since: datetime | None = None,
    most: int | None = None,
) -> tuple[Entry, ...]:
    """Return the audit, newest first; see `Chosen`, and `page`.

    Raises
    ------
    StoreError
        When the store cannot be read.
    """
    chosen = Chosen(action=action, by=by, subject=subject, since=since)
    return page(store, chosen, most=most)


def page(
    store: Store, chosen: Chosen, *, skipped: int = 0, most: int | None = None
) -> tuple[Entry, ...]:
    """Return some entries, newest first.

    Parameters
    ----------
    store, chosen
        Whose, which.
    skipped, most
        How many of the newest are left out, and how many follow; None for all.

    Raises
    ------
    StoreError
        When the store cannot be read.
    """
    statement = chosen.of(sa.select(_entries)).order_by(_entries.c.number.desc())
    if most is not None:
        statement = statement.limit(most).offset(skipped)
    with store.reading() as connection:
        return tuple(_read(store, connection, statement))


def hash_of(store: Store, number: int) -> str:
    """Return the hash of an entry; "" where there is none of that number.

    Raises
    ------
    StoreError
        When the store cannot be read.
    """
    statement = sa.select(_entries.c.number, _entries.c.hash).where(_entries.c.number == number)
    with store.reading() as connection:
        rows = store.rows(connection, statement)
    return str(rows[0].hash) if rows else ""


def count(store: Store, chosen: Chosen) -> int:
    """Return how many entries there are.

    Raises
    ------
    StoreError
        When the store cannot be read.
    """
    statement = chosen.of(sa.select(sa.func.count()).select_from(_entries))
    with store.reading() as connection:
        return int(connection.execute(statement).scalar_one())


def authors(store: Store) -> tuple[str, ...]:
    """Return who has written anything, by name.

    Raises
    ------
    StoreError
        When the store cannot be read.
    """
    with store.reading() as connection:
        names = connection.execute(sa.select(_entries.c.by).distinct()).scalars()
        return tuple(sorted(str(name) for name in names))


def lines(store: Store, after: int = 0) -> list[str]:
    """Return the audit, oldest first, an entry a line of JSON.

    Parameters
    ----------
    store
        Whose.
    after
        Only those with a higher number.

    Raises
    ------
    StoreError
        When the store cannot be read.
    """
    statement = sa.select(_entries).order_by(_entries.c.number)
    if after:
        statement = statement.where(_entries.c.number > after)
    with store.reading() as connection:
        return [entry.line() for entry in _read(store, connection, statement)]


def _newest() -> sa.Select[Any]:
    by_number = _entries.c.number.desc()
    return sa.select(_entries.c.number, _entries.c.hash).order_by(by_number).limit(1)


def _read(store: Store, connection: sa.Connection, statement: sa.Select[Any]) -> Iterator[Entry]:
    rows = store.rows(connection, statement)
    if not rows:
        return
    wanted = sa.select(_contents)
    if len(rows) <= _MOST_NUMBERS:
        wanted = wanted.where(_contents.c.number.in_([row.number for row in rows]))
    else:
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


def _line(text: str, longest: int) -> str:
    """Return a text as one printable line, cut to what its column takes."""
    plain = "".join(sign if sign.isprintable() else " " for sign in text)
    return " ".join(plain.split())[:longest]
