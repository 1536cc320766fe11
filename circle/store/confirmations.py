"""Confirmations of registers: who said that a list is complete, as of when.

Rows are only added, so that the history stays; of each kind the newest row
counts. A withdrawal is a row too.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa

from circle.errors import InputError, UnknownNameError
from circle.i18n import t
from circle.model import Completeness, Register, Text
from circle.store.days import zone
from circle.store.schema import metadata
from circle.store.values import misfit

if TYPE_CHECKING:
    from typing import Any

    from circle.model import District
    from circle.store.engine import Store

LONGEST_NAME = 80
LONGEST_BASIS = 400
WITHDRAWN = "withdrawn"
"""Stands for the completeness in the row of a withdrawal."""

_rows = sa.Table(
    "confirmation",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("district", sa.String(120), nullable=False),
    sa.Column("kind", sa.String(120), nullable=False),
    sa.Column(
        "completeness",
        sa.Enum(
            Completeness.COMPLETE.value,
            WITHDRAWN,
            name="completeness",
            length=20,
            native_enum=False,
            create_constraint=True,
        ),
        nullable=False,
    ),
    sa.Column("as_of", sa.Date),
    sa.Column("basis", sa.String(LONGEST_BASIS), nullable=False),
    sa.Column("by", sa.String(LONGEST_NAME), nullable=False),
    sa.Column("at", sa.DateTime, nullable=False),
    sa.CheckConstraint(f"as_of IS NOT NULL OR completeness = '{WITHDRAWN}'", name="as_of"),
    sqlite_autoincrement=True,
)


@dataclass(frozen=True, slots=True)
class Confirmation:
    """One row of the history.

    Attributes
    ----------
    complete
        True for a confirmation, False for a withdrawal.
    as_of
        The day that the list is complete of; None for a withdrawal.
    basis
        What the confirmation rests on, or why it was withdrawn.
    by, at
        Who said so, and when (UTC).
    """

    kind: str
    complete: bool
    as_of: date | None
    basis: str
    by: str
    at: datetime


def confirm(
    store: Store,
    district: District,
    kind: str,
    *,
    as_of: date,
    by: str,
    basis: str,
) -> Confirmation:
    """Write down that the list of a kind is complete.

    Parameters
    ----------
    store
        Where to; made when it is not there.
    district
        Whose list.
    kind
        A kind that the district knows.
    as_of
        The day that the list is complete of; not in the future, in the
        district's time zone.
    by, basis
        Who says so, and what it rests on: one line each, of at most 80 and 400
        characters.

    Raises
    ------
    InputError
        When one of these cannot be taken.
    StoreError
        When nothing can be written there.
    """
    _check_kind(district, kind)
    now = datetime.now(UTC)
    if as_of > now.astimezone(zone(district)).date():
        raise InputError("confirm.future", date=as_of.isoformat())
    row = Confirmation(
        kind=kind,
        complete=True,
        as_of=as_of,
        by=_line(by, LONGEST_NAME, "confirm.name"),
        basis=_line(basis, LONGEST_BASIS, "confirm.basis"),
        at=now,
    )
    with store.writing() as connection:
        _add(connection, district.id, row)
    return row


def withdraw(
    store: Store, district: District, kind: str, *, by: str, basis: str = ""
) -> Confirmation:
    """Write down that the confirmation of a kind holds no longer.

    Parameters
    ----------
    store, district, kind
        As of `confirm`.
    by, basis
        Who says so and, unless empty, why.

    Raises
    ------
    InputError
        When one of these cannot be taken, or nothing is confirmed.
    StoreError
        When nothing can be written there.
    """
    _check_kind(district, kind)
    row = Confirmation(
        kind=kind,
        complete=False,
        as_of=None,
        by=_line(by, LONGEST_NAME, "confirm.name"),
        basis=_line(basis, LONGEST_BASIS, "confirm.basis") if basis.strip() else "",
        at=datetime.now(UTC),
    )
    newest = _of(district.id).where(_rows.c.kind == kind).limit(1)
    with store.writing() as connection:
        rows = [_read(row, store) for row in store.rows(connection, newest)]
        if not rows or not rows[0].complete:
            raise InputError("confirm.nothing", kind=district.kinds[kind].name)
        _add(connection, district.id, row)
    return row


def history(store: Store, district_id: str) -> tuple[Confirmation, ...]:
    """Return all confirmations and withdrawals of a district, newest first.

    Raises
    ------
    StoreError
        When the store cannot be read.
    """
    with store.reading() as connection:
        return tuple(_read(row, store) for row in store.rows(connection, _of(district_id)))


def with_confirmations(district: District, store: Store) -> District:
    """Return the district with its confirmed registers.

    A confirmed register is complete as of its day, and its basis says who
    confirmed it when. The content hash changes with the confirmations that
    hold, so that nothing computed before is taken for the answer now.

    Raises
    ------
    StoreError
        When the store cannot be read.
    """
    holding = _holding(district, store)
    if not holding:
        return district
    registers = {row.kind: _register(district, row) for row in holding}
    rows = [(row.kind, str(row.as_of), row.basis, row.by, row.at.isoformat()) for row in holding]
    text = json.dumps([district.content_hash, rows], ensure_ascii=False)
    return replace(
        district,
        registers=district.registers | registers,
        content_hash=hashlib.sha256(text.encode()).hexdigest(),
    )


def _holding(district: District, store: Store) -> list[Confirmation]:
    """Return the confirmations in force, in the order of kinds."""
    newest: dict[str, Confirmation] = {}
    for row in history(store, district.id):
        newest.setdefault(row.kind, row)
    rows = (newest.get(kind) for kind in district.kinds)
    return [row for row in rows if row is not None and row.complete]


def _register(district: District, row: Confirmation) -> Register:
    on = row.at.astimezone(zone(district)).date().isoformat()
    zh, en = (
        t("confirm.basis", language=code, by=row.by, date=on, basis=row.basis)
        for code in ("zh", "en")
    )
    return Register(
        kind=row.kind,
        completeness=Completeness.COMPLETE,
        as_of=str(row.as_of),
        basis=Text(zh, en),
        confirmed_by=row.by,
        confirmed_at=row.at,
    )


def _check_kind(district: District, kind: str) -> None:
    if kind not in district.kinds:
        raise UnknownNameError("kind", name=kind, known=", ".join(district.kinds))


def _line(text: str, longest: int, error: str) -> str:
    """Return a text as one line, fit to be kept and shown."""
    line = " ".join(text.split())
    if not line or len(line) > longest or not line.isprintable():
        raise InputError(error, most=longest)
    return line


def _of(district_id: str) -> sa.Select[Any]:
    return sa.select(_rows).where(_rows.c.district == district_id).order_by(_rows.c.id.desc())


def _add(connection: sa.Connection, district_id: str, row: Confirmation) -> None:
    values = {
        "district": district_id,
        "kind": row.kind,
        "completeness": Completeness.COMPLETE.value if row.complete else WITHDRAWN,
        "as_of": row.as_of,
        "basis": row.basis,
        "by": row.by,
        "at": row.at.replace(tzinfo=None),
    }
    connection.execute(sa.insert(_rows).values(values))


def _read(row: sa.Row[Any], store: Store) -> Confirmation:
    complete = row.completeness == Completeness.COMPLETE.value
    if complete and row.as_of is None:
        raise misfit(store.name, _rows.c.as_of, row.id)
    return Confirmation(
        kind=row.kind,
        complete=complete,
        as_of=row.as_of,
        basis=row.basis,
        by=row.by,
        at=row.at.replace(tzinfo=UTC),
    )
