"""Units that take wishes up, opinions of facilities, and what shops and firms need."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa

from circle.errors import InputError, UnknownNameError
from circle.store import audit, zone
from circle.store.audit import Action
from circle.wishes import tables
from circle.wishes.nouns import (
    LEAST_SHOWN,
    OTHER_KIND,
    Opinion,
    Rated,
    Source,
    Unit,
    UnitKind,
    Visit,
    Visited,
)
from circle.wishes.recording import get_within, insert, line, new_row, submission_key

if TYPE_CHECKING:
    from circle.model import District
    from circle.store import Store
    from circle.wishes.nouns import Wish


def add_unit(
    store: Store, district_id: str, name: str, kind: UnitKind, *, contact: str = "", by: str
) -> Unit:
    """Add a unit that may claim wishes; how to reach it is kept apart.

    Raises
    ------
    InputError
        When one of these cannot be taken, or there is a unit of that name.
    StoreError
        When nothing can be written there.
    """
    named = line(name, tables.LONGEST_NAME, "wish.unit_name")
    reached = line(contact, tables.LONGEST_CONTACT, "wish.contact") if contact.strip() else ""
    author = line(by, tables.LONGEST_NAME, "wish.by")
    with store.writing() as connection:
        same = tables.units.c.name == named, tables.units.c.district == district_id
        if store.rows(connection, sa.select(tables.units).where(*same)):
            raise InputError("wish.unit_there", name=named)
        number = audit.next_number(connection)
        told = {"name": named, "kind": kind.value}
        subject = f"unit/{number}"
        audit.record(connection, Action.UNIT, by=author, subject=subject, content=told)
        row = {"id": number, "district": district_id, "name": named, "kind": kind.value}
        connection.execute(sa.insert(tables.units).values(row))
        if reached:
            values = {"unit": number, "contact": reached}
            connection.execute(sa.insert(tables.contacts).values(values))
    return Unit(number, named, kind)


def units(store: Store, district_id: str) -> tuple[Unit, ...]:
    """Return the units of a district, by name, without their contacts.

    Raises
    ------
    StoreError
        When the store cannot be read.
    """
    statement = sa.select(tables.units).where(tables.units.c.district == district_id)
    with store.reading() as connection:
        rows = store.rows(connection, statement)
    return tuple(sorted(map(tables.unit, rows), key=lambda unit: unit.name))


def contact(store: Store, unit: int) -> str:
    """Return how to reach a unit; "" where it is not stated. For staff alone.

    Raises
    ------
    StoreError
        When the store cannot be read.
    """
    statement = sa.select(tables.contacts).where(tables.contacts.c.unit == unit)
    with store.reading() as connection:
        rows = store.rows(connection, statement)
    return str(rows[0].contact) if rows else ""


def rate(  # noqa: PLR0913 - what an opinion is
    store: Store,
    district: District,
    facility: str,
    rating: int,
    *,
    remark: str = "",
    on: date,
    by: str,
    submission: str,
) -> Opinion:
    """Write a rating of a facility down, 1 to 5, with a remark for staff.

    Sent again with the same key, it gives the opinion that is there.

    Raises
    ------
    InputError
        When one of these cannot be taken.
    StoreError
        When nothing can be written there.
    """
    if facility not in set(district.facilities["id"]):
        raise UnknownNameError("facility", name=facility)
    if isinstance(rating, bool) or rating not in range(1, 6):
        raise InputError("wish.rating")
    _check_day(district, on)
    said = line(remark, tables.LONGEST_REMARK, "wish.remark") if remark.strip() else ""
    author, key = line(by, tables.LONGEST_NAME, "wish.by"), submission_key(submission)
    row = {"facility": facility, "rating": rating, "remark": said, "on": on}
    with store.writing() as connection:
        ours = tables.opinions.c.submission == key, tables.opinions.c.district == district.id
        rows = store.rows(connection, sa.select(tables.opinions).where(*ours))
        if rows:
            return tables.opinion(rows[0])
        number = audit.next_number(connection)
        subject = f"opinion/{number}"
        audit.record(connection, Action.OPINION, by=author, subject=subject, content=row)
        values = row | {"id": number, "district": district.id, "submission": key}
        connection.execute(sa.insert(tables.opinions).values(values))
    return Opinion(id=number, facility=facility, rating=rating, remark=said, on=on)


def opinions(store: Store, district_id: str, facility: str = "") -> tuple[Opinion, ...]:
    """Return the opinions of a district or of one facility, newest first. For staff alone.

    Raises
    ------
    StoreError
        When the store cannot be read.
    """
    statement = sa.select(tables.opinions).where(tables.opinions.c.district == district_id)
    if facility:
        statement = statement.where(tables.opinions.c.facility == facility)
    with store.reading() as connection:
        rows = store.rows(connection, statement.order_by(tables.opinions.c.id.desc()))
    return tuple(map(tables.opinion, rows))


def rated(store: Store, district_id: str) -> dict[str, Rated]:
    """Return by facility what is told of its ratings: nothing of fewer than five.

    Raises
    ------
    StoreError
        When the store cannot be read.
    """
    facility, rating = tables.opinions.c.facility, tables.opinions.c.rating
    statement = sa.select(facility, sa.func.count(), sa.func.sum(rating))
    ours = tables.opinions.c.district == district_id
    with store.reading() as connection:
        rows = connection.execute(statement.where(ours).group_by(facility)).all()
    return {
        str(each): Rated(each, int(count), int(total) / int(count))
        if count >= LEAST_SHOWN
        else Rated(each, None, None)
        for each, count, total in rows
    }


def erase_opinion(store: Store, district_id: str, opinion: int, *, by: str, reason: str) -> bool:
    """Delete an opinion on request; see `circle.wishes.recording.erase`.

    Raises
    ------
    InputError
        When there is none of that number.
    StoreError
        When nothing can be written there.
    """
    return _erase(store, tables.opinions, (district_id, opinion), by=by, reason=reason)


def add_visit(  # noqa: PLR0913 - what a visit is
    store: Store,
    district: District,
    kind: Visited,
    *,
    need: str,
    follow_up: str = "",
    on: date,
    about: str = "",
    at: tuple[float, float] | None = None,
    by: str,
    submission: str,
) -> Visit:
    """Write down what a shop or firm needs; it becomes a wish and goes its way.

    Parameters
    ----------
    store, district
        Where to; whose.
    kind
        What kind of unit was visited: no name of a person.
    need, follow_up
        What it needs, and what was agreed.
    on
        The day of the visit.
    about
        The kind of facility that the need is about, or `OTHER_KIND`; "" where nothing is
        asked for that could be a wish.
    at
        Where; None for the whole district.
    by, submission
        As of `circle.wishes.recording.add`.

    Raises
    ------
    InputError
        When one of these cannot be taken.
    StoreError
        When nothing can be written there.
    """
    _check_day(district, on)
    said = line(need, tables.LONGEST_TEXT, "wish.text", least=2)
    agreed = line(follow_up, tables.LONGEST_REMARK, "wish.remark") if follow_up.strip() else ""
    author, key = line(by, tables.LONGEST_NAME, "wish.by"), submission_key(submission)
    asked = None
    if about:
        asked = new_row(district, text=said, kind=about, at=at, source=Source.VISIT)
    row = {"kind": kind.value, "need": said, "follow_up": agreed, "on": on}
    with store.writing() as connection:
        ours = tables.visits.c.submission == key, tables.visits.c.district == district.id
        rows = store.rows(connection, sa.select(tables.visits).where(*ours))
        if rows:
            return tables.visit(rows[0])
        wish = None
        if asked is not None:
            of_visit = f"visit-{audit.next_number(connection)}"
            wish = insert(store, connection, district, asked, of_visit, by=author).id
        number = audit.next_number(connection)
        subject = f"visit/{number}"
        audit.record(connection, Action.VISIT, by=author, subject=subject, content=row)
        values = row | {"id": number, "district": district.id, "submission": key, "wish": wish}
        connection.execute(sa.insert(tables.visits).values(values))
    return Visit(id=number, kind=kind, need=said, follow_up=agreed, on=on, wish=wish)


def make_wish(
    store: Store,
    district: District,
    visit: int,
    *,
    about: str = OTHER_KIND,
    at: tuple[float, float] | None = None,
    by: str,
) -> Wish:
    """Make the need of a visit a wish; one that is a wish already stays the one it is.

    Raises
    ------
    InputError
        When there is no such visit, or the wish cannot be taken.
    StoreError
        When nothing can be written there.
    """
    author = line(by, tables.LONGEST_NAME, "wish.by")
    of_it = tables.visits.c.id == visit, tables.visits.c.district == district.id
    with store.writing() as connection:
        rows = store.rows(connection, sa.select(tables.visits).where(*of_it).with_for_update())
        if not rows:
            raise InputError("wish.none", number=visit)
        if rows[0].wish is not None:
            return get_within(store, connection, district.id, rows[0].wish)
        asked = new_row(district, text=rows[0].need, kind=about, at=at, source=Source.VISIT)
        key = f"visit-{audit.next_number(connection)}"
        wish = insert(store, connection, district, asked, key, by=author)
        told = {"wish": wish.id}
        subject = f"visit/{visit}"
        audit.record(connection, Action.VISIT, by=author, subject=subject, content=told)
        connection.execute(sa.update(tables.visits).where(*of_it).values(wish=wish.id))
    return wish


def visits(store: Store, district_id: str) -> tuple[Visit, ...]:
    """Return the visits of a district, newest first. For staff alone.

    Raises
    ------
    StoreError
        When the store cannot be read.
    """
    statement = sa.select(tables.visits).where(tables.visits.c.district == district_id)
    with store.reading() as connection:
        rows = store.rows(connection, statement.order_by(tables.visits.c.id.desc()))
    return tuple(map(tables.visit, rows))


def erase_visit(store: Store, district_id: str, visit: int, *, by: str, reason: str) -> bool:
    """Delete a visit on request; the wish that it became stays, see `recording.erase`.

    Raises
    ------
    InputError
        When there is none of that number.
    StoreError
        When nothing can be written there.
    """
    return _erase(store, tables.visits, (district_id, visit), by=by, reason=reason)


def _erase(store: Store, table: sa.Table, which: tuple[str, int], *, by: str, reason: str) -> bool:
    district_id, number = which
    author = line(by, tables.LONGEST_NAME, "wish.by")
    why = line(reason, tables.LONGEST_REMARK, "wish.remark")
    of_it = table.c.id == number, table.c.district == district_id
    with store.writing() as connection:
        if not connection.execute(sa.delete(table).where(*of_it)).rowcount:
            raise InputError("wish.none", number=number)
        audit.erase(connection, f"{table.name}/{number}", by=author, reason=why)
    return store.scrub()


def _check_day(district: District, on: date) -> None:
    if on > datetime.now(zone(district)).date():
        raise InputError("confirm.future", date=on.isoformat())
