"""Confirmations of registers: who said that a list is complete, as of when.

Rows are only added, so that the history stays; of each kind the newest row
counts. A withdrawal is a row too.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from circle.errors import InputError, UnknownNameError
from circle.i18n import t
from circle.model import Change, Completeness, Register, Scenario, Text
from circle.store import audit
from circle.store.days import first_day, zone
from circle.store.row_values import misfit
from circle.store.schema import metadata

if TYPE_CHECKING:
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


@dataclass(frozen=True, kw_only=True)
class Confirmation(Change):
    """One row of the history: a list is complete, or that holds no longer.

    Attributes
    ----------
    complete
        True for a confirmation, False for a withdrawal.
    as_of
        The day that the list is complete of; None for a withdrawal.
    author, time
        Who said so, and when (UTC).
    reason
        What the confirmation rests on, or why it was withdrawn.
    """

    kind: str
    complete: bool
    as_of: date | None

    @property
    def subject(self) -> tuple[str, str]:
        """The register of the kind."""
        return ("register", self.kind)

    @property
    def undoes(self) -> bool:
        """Whether it is a withdrawal."""
        return not self.complete

    @property
    def identity(self) -> tuple[str, ...]:
        """All that it says."""
        return (*self.subject, str(self.as_of), self.reason, self.author, self.time.isoformat())

    def fields(self, district: District) -> dict[str, Any]:
        """Return the registers, that of the kind complete; a kind that is gone changes none."""
        if self.kind not in district.kinds:
            return {}
        return {"registers": district.registers | {self.kind: _register(district, self)}}


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
        district's time zone, nor before the places of the list were observed.
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
    if as_of < (first := first_day(district, kind)):
        raise InputError("confirm.early", date=as_of.isoformat(), first=first.isoformat())
    row = Confirmation(
        kind=kind,
        complete=True,
        as_of=as_of,
        author=_line(by, LONGEST_NAME, "confirm.name"),
        reason=_line(basis, LONGEST_BASIS, "confirm.basis"),
        time=now,
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
        author=_line(by, LONGEST_NAME, "confirm.name"),
        reason=_line(basis, LONGEST_BASIS, "confirm.basis") if basis.strip() else "",
        time=datetime.now(UTC),
    )
    newest = _of(store, district.id).where(_rows.c.kind == kind).limit(1)
    if all(earlier.kind != kind for earlier in history(store, district.id)):
        raise InputError("confirm.nothing", kind=district.kinds[kind].name)  # makes no store
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
        return tuple(_read(row, store) for row in store.rows(connection, _of(store, district_id)))


def with_confirmations(district: District, store: Store) -> District:
    """Return the district with its confirmed registers: a scenario of it, resolved.

    A confirmed register is complete as of its day, and its basis says who
    confirmed it when.

    Raises
    ------
    StoreError
        When the store cannot be read.
    """
    rows = [row for row in history(store, district.id) if row.kind in district.kinds]
    return Scenario(district, tuple(reversed(rows))).resolve()


def _register(district: District, row: Confirmation) -> Register:
    on = row.time.astimezone(zone(district)).date().isoformat()
    zh, en = (
        t("confirm.basis", language=code, by=row.author, date=on, basis=row.reason)
        for code in ("zh", "en")
    )
    return Register(
        kind=row.kind,
        completeness=Completeness.COMPLETE,
        as_of=str(row.as_of),
        basis=Text(zh, en),
        confirmed_by=row.author,
        confirmed_at=row.time,
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


def _of(store: Store, district_id: str) -> sa.Select[Any]:
    wanted = _rows.c.district == district_id
    if store.file is not None:  # SQLite keeps any value in any column: see them all
        wanted |= sa.func.typeof(_rows.c.district) != "text"
    return sa.select(_rows).where(wanted).order_by(_rows.c.id.desc())


def _add(connection: sa.Connection, district_id: str, row: Confirmation) -> None:
    values = {
        "district": district_id,
        "kind": row.kind,
        "completeness": Completeness.COMPLETE.value if row.complete else WITHDRAWN,
        "as_of": row.as_of,
        "basis": row.reason,
        "by": row.author,
        "at": row.time.replace(tzinfo=None),
    }
    connection.execute(sa.insert(_rows).values(values))
    audit.record(
        connection,
        audit.Action.CONFIRM if row.complete else audit.Action.WITHDRAW,
        by=row.author,
        subject=f"register/{district_id}/{row.kind}",
        content={"as_of": row.as_of and row.as_of.isoformat(), "basis": row.reason},
    )


def _read(row: sa.Row[Any], store: Store) -> Confirmation:
    complete = row.completeness == Completeness.COMPLETE.value
    if complete and row.as_of is None:
        raise misfit(store.name, _rows.c.as_of, row.id)
    return Confirmation(
        kind=row.kind,
        complete=complete,
        as_of=row.as_of,
        reason=row.basis,
        author=row.by,
        time=row.at.replace(tzinfo=UTC),
    )
