"""Scenarios that people keep: by name and author, read by all staff, changed by the author alone.

Only the edits are kept, as JSON, never a result: whoever opens one has it worked out
anew. A scenario changes nothing that others see, so the audit does not tell of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from circle.errors import DataError, InputError, StoreError
from circle.scenario.reading import LARGEST_KB, dump_plan, parse_plan
from circle.store.schema import metadata

if TYPE_CHECKING:
    from circle.model import District
    from circle.scenario.edits import PlanFile
    from circle.store.engine import Store

LONGEST_NAME, LONGEST_AUTHOR = 120, 80
MOST_OF_ONE = 200
"""So many scenarios of one author are kept of a district."""

_rows = sa.Table(
    "scenario",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("district", sa.String(120), nullable=False),
    sa.Column("name", sa.String(LONGEST_NAME), nullable=False),
    sa.Column("author", sa.String(LONGEST_AUTHOR), nullable=False),
    sa.Column("base", sa.String(64), nullable=False),
    sa.Column("edits", sa.Integer, nullable=False),
    sa.Column("plan", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("made", sa.DateTime, nullable=False),
    sa.Column("changed", sa.DateTime, nullable=False),
    sa.CheckConstraint("version >= 1", name="version"),
    sa.CheckConstraint("edits >= 0", name="edits"),
    sqlite_autoincrement=True,
)
_HEAD = [column for column in _rows.c if column.name != "plan"]


@dataclass(frozen=True, slots=True)
class Head:
    """What a list tells of a scenario.

    Attributes
    ----------
    id
        By which a link names it; never given twice.
    base
        The identity of the district that it was kept for.
    edits
        How many it has.
    version
        How often it was written.
    made, changed
        When first and last (UTC).
    """

    id: int
    name: str
    author: str
    base: str
    edits: int
    version: int
    made: datetime
    changed: datetime


@dataclass(frozen=True, slots=True)
class Saved:
    """A scenario as it is kept."""

    head: Head
    plan: PlanFile

    def may_be_changed_by(self, name: str) -> bool:
        """Return whether somebody is its author: others copy it."""
        return bool(name) and name == self.head.author


def save(store: Store, district: District, plan: PlanFile, *, by: str) -> Saved:
    """Keep a scenario, a new one: also how somebody else's is copied.

    Parameters
    ----------
    store
        Where to; made when it is not there.
    district
        What it was made for.
    plan
        Its name and edits.
    by
        Whose it is from now on: one line of at most 80 characters.

    Raises
    ------
    InputError
        When the name, the author or the size cannot be taken.
    StoreError
        When nothing can be written there.
    """
    author = _line(by, LONGEST_AUTHOR, "saved.author")
    values = _values(district, plan, author)
    now = _now()
    with store.writing() as connection:
        theirs = _rows.c.district == district.id, _rows.c.author == author
        count = connection.execute(sa.select(sa.func.count()).where(*theirs)).scalar_one()
        if count >= MOST_OF_ONE:
            raise InputError("saved.too_many", most=MOST_OF_ONE)
        row = values | {"author": author, "version": 1, "made": now, "changed": now}
        written = connection.execute(sa.insert(_rows).values(row))
        (number,) = written.inserted_primary_key or (0,)
        return _one(store, connection, district.id, number)


def change(store: Store, district: District, saved: Saved, plan: PlanFile, *, by: str) -> Saved:
    """Write a scenario anew: its author alone may.

    Parameters
    ----------
    saved
        As it was read: one that was changed since is refused.

    Raises
    ------
    InputError
        When somebody else is its author, it was changed or removed meanwhile, or what is
        to be kept cannot be taken.
    StoreError
        When nothing can be written there.
    """
    head = saved.head
    values = _values(district, plan, head.author) | {"version": head.version + 1}
    with store.writing() as connection:
        now = _of_author(store, connection, district.id, head.id, by)
        if now.head.version != head.version:
            raise InputError("saved.changed", name=head.name)
        of_it = _rows.c.id == head.id
        connection.execute(sa.update(_rows).where(of_it).values(values | {"changed": _now()}))
        return _one(store, connection, district.id, head.id)


def remove(store: Store, district_id: str, scenario_id: int, *, by: str) -> None:
    """Remove a scenario: its author alone may.

    Raises
    ------
    InputError
        When there is none, or it is somebody else's.
    StoreError
        When nothing can be written there.
    """
    with store.writing() as connection:
        _of_author(store, connection, district_id, scenario_id, by)
        connection.execute(sa.delete(_rows).where(_rows.c.id == scenario_id))


def get(store: Store, district_id: str, scenario_id: int) -> Saved:
    """Return a scenario.

    Raises
    ------
    InputError
        When there is none of that number.
    StoreError
        When the store cannot be read.
    """
    with store.reading() as connection:
        return _one(store, connection, district_id, scenario_id)


def listed(store: Store, district_id: str, *, author: str = "") -> tuple[Head, ...]:
    """Return the scenarios of a district, the one last written first: all, or an author's.

    Raises
    ------
    StoreError
        When the store cannot be read.
    """
    statement = sa.select(*_HEAD).where(_rows.c.district == district_id)
    if author:
        statement = statement.where(_rows.c.author == author)
    statement = statement.order_by(_rows.c.changed.desc(), _rows.c.id.desc())
    with store.reading() as connection:
        return tuple(_head(row) for row in store.rows(connection, statement))


def number_of(store: Store, district_id: str, plan: PlanFile) -> int | None:
    """Return the number of the kept scenario with these edits and day, the one last written.

    Raises
    ------
    StoreError
        When the store cannot be read.
    """
    alike = _rows.c.district == district_id, _rows.c.edits == len(plan.edits)
    order = _rows.c.changed.desc(), _rows.c.id.desc()
    with store.reading() as connection:
        rows = store.rows(connection, sa.select(_rows).where(*alike).order_by(*order))
    same = (row for row in rows if _asked(_plan(store, row)) == _asked(plan))
    return next((int(row.id) for row in same), None)


def _asked(plan: PlanFile) -> tuple[object, ...]:
    return plan.day, plan.edits


def _values(district: District, plan: PlanFile, author: str) -> dict[str, Any]:
    name = _line(plan.name, LONGEST_NAME, "saved.name")
    kept = plan.model_copy(update={"name": name, "author": author, "base": district.base_id})
    text = dump_plan(kept).decode()
    if len(text.encode()) > LARGEST_KB * 1000:
        raise InputError("saved.large", most=LARGEST_KB)
    return {
        "district": district.id,
        "name": name,
        "base": district.base_id,
        "edits": len(plan.edits),
        "plan": text,
    }


def _of_author(
    store: Store, connection: sa.Connection, district_id: str, scenario_id: int, by: str
) -> Saved:
    saved = _one(store, connection, district_id, scenario_id)
    if not saved.may_be_changed_by(" ".join(by.split())):
        raise InputError("saved.not_yours", name=saved.head.name, author=saved.head.author)
    return saved


def _one(store: Store, connection: sa.Connection, district_id: str, scenario_id: int) -> Saved:
    of_it = _rows.c.id == scenario_id, _rows.c.district == district_id
    rows = store.rows(connection, sa.select(_rows).where(*of_it))
    if not rows:
        raise InputError("saved.none", number=scenario_id)
    return Saved(_head(rows[0]), _plan(store, rows[0]))


def _plan(store: Store, row: sa.Row[Any]) -> PlanFile:
    try:
        return parse_plan(row.plan.encode(), row.name)
    except DataError as error:
        problem = f"scenario {row.id}: plan"
        raise StoreError("shape", store=store.name, problem=problem) from error


def _head(row: sa.Row[Any]) -> Head:
    made, changed = (moment.replace(tzinfo=UTC) for moment in (row.made, row.changed))
    return Head(row.id, row.name, row.author, row.base, row.edits, row.version, made, changed)


def _line(text: str, longest: int, error: str) -> str:
    """Return a text as one line, fit to be kept and shown."""
    line = " ".join(text.split())
    if not line or len(line) > longest or not line.isprintable():
        raise InputError(error, most=longest)
    return line


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
