"""Wishes written down, read, changed and deleted."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
import sqlalchemy as sa

from circle.errors import InputError, UnknownNameError
from circle.geo.crs import to_lonlat, to_metric
from circle.store import audit
from circle.store.audit import Action
from circle.wishes import tables
from circle.wishes.masking import masked
from circle.wishes.nouns import (
    AGES,
    ANY_AGE,
    OTHER_KIND,
    Event,
    Level,
    Source,
    State,
    Visibility,
    Wish,
)
from circle.wishes.private import Private, private, refuse_private

if TYPE_CHECKING:
    from collections.abc import Iterator

    from circle.model import District
    from circle.store import Store

_COLUMNS = sa.select(tables.wishes)


@dataclass(frozen=True, slots=True)
class Preview:
    """What the public would see of a wish, and what keeps it from being recorded.

    Attributes
    ----------
    text
        As it would be kept: one line.
    area
        The area that its place lies in; "" for none.
    private
        What tells who somebody is; the wish is refused while there is any.
    """

    text: str
    area: str
    private: tuple[Private, ...]


def preview(district: District, text: str, at: tuple[float, float] | None = None) -> Preview:
    """Return what the public would see of a wish; nothing is written.

    Parameters
    ----------
    district
        Whose.
    text
        As typed.
    at
        Longitude and latitude; None for the whole district.

    Raises
    ------
    InputError
        When the place is outside the district.
    """
    line = " ".join(text.split())
    return Preview(line, _area(district, at), private(line))


def add(  # noqa: PLR0913 - what a wish is
    store: Store,
    district: District,
    *,
    text: str,
    kind: str,
    at: tuple[float, float] | None,
    age_group: str = ANY_AGE,
    level: Level = Level.GRID,
    by: str,
    submission: str,
) -> Wish:
    """Write a wish down.

    Parameters
    ----------
    store, district
        Where to; whose.
    text
        One line of 2 to 500 characters, without what tells who somebody is.
    kind
        One of the district's, or `OTHER_KIND`.
    at
        Longitude and latitude, in the district; None for the whole of it.
    age_group
        One of `AGES`.
    level
        Who deals with it first.
    by
        Who records it.
    submission
        A key of the form that was sent, made when it was first drawn: sent again, it
        gives the wish that is there.

    Raises
    ------
    InputError
        When one of these cannot be taken.
    StoreError
        When nothing can be written there.
    """
    row = new_row(district, text=text, kind=kind, at=at, age_group=age_group, level=level)
    key = submission_key(submission)
    with store.writing() as connection:
        earlier = tables.wishes.c.submission == key, tables.wishes.c.district == district.id
        rows = store.rows(connection, _COLUMNS.where(*earlier))
        if rows:
            return tables.wish(rows[0])
        return insert(store, connection, district, row, key, by=by)


def new_row(  # noqa: PLR0913 - what a wish is
    district: District,
    *,
    text: str,
    kind: str,
    at: tuple[float, float] | None,
    age_group: str = ANY_AGE,
    level: Level = Level.GRID,
    source: Source = Source.RESIDENT,
) -> dict[str, Any]:
    """Return the checked columns of a wish that is to be written, its place masked.

    Raises
    ------
    InputError
        When one cannot be taken.
    """
    _check_kind(district, kind)
    if age_group not in AGES:
        raise InputError("wish.age")
    return {
        "text": line(text, tables.LONGEST_TEXT, "wish.text", least=2),
        "kind": kind,
        "age_group": age_group,
        "level": Level(level).value,
        "source": source.value,
        **_place(district, at),
    }


def insert(
    store: Store,
    connection: sa.Connection,
    district: District,
    row: dict[str, Any],
    submission: str,
    *,
    by: str,
) -> Wish:
    """Write a checked row within a transaction, and return the wish."""
    author = line(by, tables.LONGEST_NAME, "wish.by")
    now = datetime.now(UTC).replace(tzinfo=None)
    number = audit.next_number(connection)
    told = {name: row[name] for name in ("text", "kind", "age_group", "lon", "lat")}
    subject = f"wish/{number}"
    audit.record(connection, Action.WISH_ADD, by=author, subject=subject, content=told)
    values = row | {
        "id": number,
        "district": district.id,
        "version": 1,
        "submission": submission,
        "state": State.RECORDED.value,
        "visibility": Visibility.STAFF.value,
        "waits": "",
        "level_since": now,
        "recorded": now,
        "updated": now,
    }
    connection.execute(sa.insert(tables.wishes).values(values))
    return get_within(store, connection, district.id, number)


def get(store: Store, district_id: str, wish_id: int) -> Wish:
    """Return a wish.

    Raises
    ------
    InputError
        When there is none of that number.
    StoreError
        When the store cannot be read.
    """
    with store.reading() as connection:
        return get_within(store, connection, district_id, wish_id)


def listed(
    store: Store,
    district_id: str,
    *,
    states: frozenset[State] | None = None,
    kind: str = "",
    level: Level | None = None,
) -> tuple[Wish, ...]:
    """Return the wishes of a district, newest first: all, or those of states, kind, level.

    Raises
    ------
    StoreError
        When the store cannot be read.
    """
    statement = _COLUMNS.where(tables.wishes.c.district == district_id)
    if states is not None:
        words = sorted(state.value for state in states)
        statement = statement.where(tables.wishes.c.state.in_(words))
    if kind:
        statement = statement.where(tables.wishes.c.kind == kind)
    if level is not None:
        statement = statement.where(tables.wishes.c.level == level.value)
    statement = statement.order_by(tables.wishes.c.id.desc())
    with store.reading() as connection:
        return tuple(tables.wish(row) for row in store.rows(connection, statement))


def stamp(store: Store, district_id: str) -> tuple[int, int]:
    """Return what changes with every change of a district's wishes: how many, and their versions.

    Raises
    ------
    StoreError
        When the store cannot be read.
    """
    count, versions = sa.func.count(), sa.func.sum(tables.wishes.c.version)
    ours = tables.wishes.c.district == district_id
    statement = sa.select(count, versions).select_from(tables.wishes).where(ours)
    with store.reading() as connection:
        row = connection.execute(statement).one()
    return int(row[0]), int(row[1] or 0)


def history(store: Store, wish_id: int) -> tuple[Event, ...]:
    """Return the steps of a wish, oldest first.

    Raises
    ------
    StoreError
        When the store cannot be read.
    """
    statement = sa.select(tables.events).where(tables.events.c.wish == wish_id)
    statement = statement.order_by(tables.events.c.id)
    with store.reading() as connection:
        return tuple(tables.event(row) for row in store.rows(connection, statement))


def edit(  # noqa: PLR0913 - what may be edited
    store: Store,
    district: District,
    wish: Wish,
    *,
    text: str | None = None,
    kind: str | None = None,
    age_group: str | None = None,
    at: tuple[float, float] | None = None,
    by: str,
) -> Wish:
    """Change what a wish says; what is None stays.

    Parameters
    ----------
    store, district
        Where; whose.
    wish
        As it was read: one that was changed since is refused.
    text, kind, age_group, at
        As of `add`. A place that is given is masked anew, as it is another place.
    by
        Who changes it.

    Raises
    ------
    InputError
        When one of these cannot be taken, or somebody else changed the wish meanwhile.
    StoreError
        When nothing can be written there.
    """
    values: dict[str, Any] = {}
    if text is not None:
        values["text"] = line(text, tables.LONGEST_TEXT, "wish.text", least=2)
    if kind is not None:
        _check_kind(district, kind)
        values["kind"] = kind
    if age_group is not None:
        if age_group not in AGES:
            raise InputError("wish.age")
        values["age_group"] = age_group
    if at is not None and at != (wish.lon, wish.lat):
        values |= _place(district, at)
    with changing(store, district.id, wish, Action.WISH_EDIT, by=by) as step:
        step.values |= values
        step.told |= {name: value for name, value in values.items() if "shown" not in name}
    return step.after


class Step:
    """A change of one wish within its transaction.

    Attributes
    ----------
    connection, wish
        The transaction; the wish as it stands, locked.
    values
        What is to be changed of it.
    told
        What the audit is told.
    before, changed_to, unit, remark
        What the wish's history is told.
    """

    def __init__(self, connection: sa.Connection, wish: Wish) -> None:
        self.connection = connection
        self.wish = wish
        self.values: dict[str, Any] = {}
        self.told: dict[str, object] = {}
        self.before = self.changed_to = self.remark = ""
        self.unit: int | None = None
        self.after = wish


@contextmanager
def changing(
    store: Store, district_id: str, wish: Wish | int, action: Action, *, by: str
) -> Iterator[Step]:
    """Open a transaction that changes a wish, and write what the block asks for.

    Parameters
    ----------
    store, district_id
        Where; whose.
    wish
        As it was read, to be refused if somebody changed it since; or its number, for
        what holds however it was changed.
    action, by
        For the audit and the wish's history.

    Raises
    ------
    InputError
        When there is no such wish, or it was changed meanwhile.
    StoreError
        When nothing can be written there.
    """
    author = line(by, tables.LONGEST_NAME, "wish.by")
    number = wish if isinstance(wish, int) else wish.id
    with store.writing() as connection:
        step = Step(connection, get_within(store, connection, district_id, number, lock=True))
        if not isinstance(wish, int) and step.wish.version != wish.version:
            raise InputError("wish.changed")
        yield step
        now = datetime.now(UTC).replace(tzinfo=None)
        told = step.told | {"from": step.before, "to": step.changed_to, "remark": step.remark}
        subject = f"wish/{number}"
        event = audit.record(connection, action, by=author, subject=subject, content=told)
        values = step.values | {"version": step.wish.version + 1, "updated": now}
        of_it = tables.wishes.c.id == number
        connection.execute(sa.update(tables.wishes).where(of_it).values(values))
        connection.execute(
            sa.insert(tables.events).values(
                id=event,
                wish=number,
                at=now,
                by=author,
                action=action.value,
                before=step.before,
                after=step.changed_to,
                unit=step.unit,
                remark=step.remark,
            )
        )
        step.after = get_within(store, connection, district_id, number)


def erase(store: Store, district_id: str, wish_id: int, *, by: str, reason: str) -> bool:
    """Delete a wish with all that was written of it, on request; no byte of it stays.

    The audit keeps that there was one and that it was deleted.

    Returns
    -------
    bool
        False where the database server's own log of writes still holds it; see
        `circle.store.Store.scrub`.

    Raises
    ------
    InputError
        When there is none of that number.
    StoreError
        When nothing can be written there.
    """
    author = line(by, tables.LONGEST_NAME, "wish.by")
    why = line(reason, tables.LONGEST_REMARK, "wish.remark")
    with store.writing() as connection:
        get_within(store, connection, district_id, wish_id, lock=True)
        of_it = tables.visits.c.wish == wish_id
        visits = connection.execute(sa.select(tables.visits.c.id).where(of_it)).scalars().all()
        for table in (tables.visits, tables.events, tables.claims):
            connection.execute(sa.delete(table).where(table.c.wish == wish_id))
        merged = tables.wishes.c.merged_into == wish_id
        connection.execute(sa.update(tables.wishes).where(merged).values(merged_into=None))
        connection.execute(sa.delete(tables.wishes).where(tables.wishes.c.id == wish_id))
        for subject in (f"wish/{wish_id}", *(f"visit/{visit}" for visit in visits)):
            audit.erase(connection, subject, by=author, reason=why)
    return store.scrub()


def get_within(
    store: Store, connection: sa.Connection, district_id: str, wish_id: int, *, lock: bool = False
) -> Wish:
    """Return a wish within a transaction, with its row locked where asked for.

    Raises
    ------
    InputError
        When there is none of that number.
    """
    of_it = tables.wishes.c.id == wish_id, tables.wishes.c.district == district_id
    statement = _COLUMNS.where(*of_it)
    if lock:  # of the row, beside that of all writers
        statement = statement.with_for_update()
    rows = store.rows(connection, statement)
    if not rows:
        raise InputError("wish.none", number=wish_id)
    return tables.wish(rows[0])


def line(text: str, longest: int, error: str, *, least: int = 1) -> str:
    """Return a text as one line, fit to be kept and shown, that tells who nobody is.

    Raises
    ------
    InputError
        When it is too short or long, not printable, or private.
    """
    plain = " ".join(text.split())
    if not least <= len(plain) <= longest or not plain.isprintable():
        raise InputError(error, most=longest)
    if error not in {"wish.by", "wish.unit_name", "wish.contact"}:
        refuse_private(plain)
    return plain


def submission_key(text: str) -> str:
    """Return the key of a form that was sent.

    Raises
    ------
    InputError
        When it is none.
    """
    if not 1 <= len(text) <= tables.LONGEST_KEY or not (text.isascii() and text.isprintable()):
        raise InputError("wish.submission", most=tables.LONGEST_KEY)
    return text


def _check_kind(district: District, kind: str) -> None:
    if kind != OTHER_KIND and kind not in district.kinds:
        known = ", ".join((*district.kinds, OTHER_KIND))
        raise UnknownNameError("kind", name=kind, known=known)


def _place(district: District, at: tuple[float, float] | None) -> dict[str, Any]:
    area = _area(district, at)
    if at is None:
        return {"area": area} | dict.fromkeys(("lon", "lat", "shown_lon", "shown_lat"))
    shown = to_lonlat(masked(district.network, to_metric(*at, district.crs)[0]), district.crs)[0]
    return {
        "area": area,
        "lon": float(at[0]),
        "lat": float(at[1]),
        "shown_lon": round(float(shown[0]), 6),
        "shown_lat": round(float(shown[1]), 6),
    }


def _area(district: District, at: tuple[float, float] | None) -> str:
    if at is None:
        return ""
    xy = to_metric(*at, district.crs)[0]
    if not np.isfinite(xy).all() or not shapely.intersects_xy(district.boundary, *xy):
        raise InputError("wish.outside")
    inside = (area.id for area in district.areas if shapely.intersects_xy(area.polygon, *xy))
    return next(inside, "")
