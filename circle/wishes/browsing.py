"""Wishes looked through: filtered, counted and paged by the database, for staff and for all.

What the public is told of a wish depends on how many share its kind, area and age group.
These are counted by the database too, so that a page reads no more wishes than it shows.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from circle.errors import InputError
from circle.wishes import tables
from circle.wishes.levels import LONG_DAYS
from circle.wishes.nouns import SETTLED, SHOWABLE, Level, State, Visibility, Wish
from circle.wishes.published import WITHHELD, Published, Told, as_told, coarsening

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from circle.store import Store

_WISH = tables.wishes.c


class Order(StrEnum):
    """What stands first."""

    NEWEST = "newest"
    LONGEST = "longest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which wishes are asked for; what is left out asks for all.

    Attributes
    ----------
    states, kind, area, level
        As of a wish.
    unit
        One that has it.
    waiting_days
        Not settled, and at its level for more than so many days.
    among
        Numbers.
    """

    states: frozenset[State] = frozenset()
    kind: str = ""
    area: str = ""
    level: Level | None = None
    unit: int | None = None
    waiting_days: int | None = None
    among: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Point:
    """A wish on a map: its number, where, its kind."""

    id: int
    lon: float
    lat: float
    kind: str


@dataclass(frozen=True, slots=True)
class Board:
    """How many wishes there are, and some of those asked for.

    Attributes
    ----------
    by_state, long
        Of the whole district: how many in each state; how many are not settled and at
        their level for more than `LONG_DAYS`.
    total, wishes
        How many were asked for; those of one page.
    """

    by_state: Mapping[State, int]
    long: int
    total: int
    wishes: tuple[Wish, ...]


@dataclass(frozen=True, slots=True)
class Wall:
    """What the public sees.

    Attributes
    ----------
    by_state, by_kind
        How many are shown in each state, and of each kind that is told.
    total, wishes
        How many were asked for; those of one page.
    """

    by_state: Mapping[State, int]
    by_kind: Mapping[str, int]
    total: int
    wishes: tuple[Published, ...]


def board(
    store: Store,
    district_id: str,
    asked: Filter,
    *,
    order: Order = Order.NEWEST,
    skip: int = 0,
    most: int,
) -> Board:
    """Return the staff's view of the wishes of a district.

    Raises
    ------
    StoreError
        When the store cannot be read.
    """
    ours = _WISH.district == district_id
    wanted = sa.and_(ours, *_conditions(asked))
    long = sa.and_(ours, *_conditions(Filter(waiting_days=LONG_DAYS)))
    by = (_WISH.level_since.asc(), _WISH.id) if order is Order.LONGEST else (_WISH.id.desc(),)
    page = sa.select(tables.wishes).where(wanted).order_by(*by).offset(skip).limit(most)
    with store.reading() as connection:
        return Board(
            _by_state(connection, ours),
            _count(connection, long),
            _count(connection, wanted),
            tuple(map(tables.wish, store.rows(connection, page))),
        )


def points(
    store: Store, district_id: str, asked: Filter, *, masked: bool = True
) -> tuple[Point, ...]:
    """Return where the wishes asked for are about, for staff; masked, or as they were said.

    Raises
    ------
    StoreError
        When the store cannot be read.
    """
    where = (_WISH.shown_lon, _WISH.shown_lat) if masked else (_WISH.lon, _WISH.lat)
    statement = sa.select(_WISH.id, *where, _WISH.kind).where(
        _WISH.district == district_id, _WISH.lon.is_not(None), *_conditions(asked)
    )
    with store.reading() as connection:
        rows = store.rows(connection, statement.order_by(_WISH.id.desc()))
    return tuple(Point(*tuple(row)) for row in rows)


def wall(  # noqa: PLR0913 - what is asked for, and which page of it
    store: Store,
    district_id: str,
    *,
    kind: str | None = None,
    state: State | None = None,
    among: Sequence[int] = (),
    skip: int = 0,
    most: int,
) -> Wall:
    """Return the public's view of the wishes of a district, newest first.

    Parameters
    ----------
    store, district_id
        Where; whose.
    kind
        Only those of which this kind is told, `WITHHELD` for none; by default all.
    state, among
        Only these; by default all.
    skip, most
        Which of them.

    Raises
    ------
    StoreError
        When the store cannot be read.
    """
    with store.reading() as connection:
        told = _told(connection, district_id)
        asked = _public(district_id, told, kind=kind, state=state, among=among)
        page = sa.select(tables.wishes).where(asked).order_by(_WISH.id.desc())
        rows = store.rows(connection, page.offset(skip).limit(most))
        by_kind: Counter[str] = Counter()
        for (shown_kind, *_), count in told.values():
            by_kind[shown_kind] += count
        return Wall(
            _by_state(connection, _shown(district_id)),
            by_kind,
            _count(connection, asked),
            tuple(_published(tables.wish(row), told) for row in rows),
        )


def public_points(
    store: Store, district_id: str, *, kind: str | None = None, state: State | None = None
) -> tuple[Point, ...]:
    """Return where the public is shown wishes, of the kind that is told; see `wall`.

    Raises
    ------
    StoreError
        When the store cannot be read.
    """
    with store.reading() as connection:
        told = _told(connection, district_id)
        placed = {each: of_it for each, of_it in told.items() if of_it[0][1] != WITHHELD}
        statement = sa.select(_WISH.id, _WISH.shown_lon, _WISH.shown_lat, _WISH.kind).where(
            _public(district_id, placed, kind=kind, state=state), _WISH.shown_lon.is_not(None)
        )
        rows = store.rows(connection, statement.order_by(_WISH.id.desc()))
    return tuple(Point(*tuple(row)) for row in rows)  # where the area is told, the kind is


def public_wish(store: Store, district_id: str, wish_id: int) -> Published:
    """Return what the public is told of a wish.

    Raises
    ------
    InputError
        When there is none of that number that the public sees.
    StoreError
        When the store cannot be read.
    """
    with store.reading() as connection:
        told = _told(connection, district_id)
        asked = sa.select(tables.wishes).where(_shown(district_id), _WISH.id == wish_id)
        rows = store.rows(connection, asked)
    if not rows:
        raise InputError("wish.none", number=wish_id)
    return _published(tables.wish(rows[0]), told)


def holders(store: Store, wish_ids: Iterable[int]) -> dict[int, tuple[int, ...]]:
    """Return which units have each of some wishes, the first one first.

    Raises
    ------
    StoreError
        When the store cannot be read.
    """
    wanted = tables.claims.c.wish.in_(list(wish_ids))
    statement = sa.select(tables.claims).where(wanted).order_by(tables.claims.c.at)
    held: dict[int, tuple[int, ...]] = {}
    with store.reading() as connection:
        for row in store.rows(connection, statement):
            held[row.wish] = (*held.get(row.wish, ()), row.unit)
    return held


def _conditions(asked: Filter) -> list[sa.ColumnElement[bool]]:
    made: list[sa.ColumnElement[bool]] = []
    if asked.states:
        made.append(_WISH.state.in_(sorted(state.value for state in asked.states)))
    if asked.kind:
        made.append(_WISH.kind == asked.kind)
    if asked.area:
        made.append(_WISH.area == asked.area)
    if asked.level is not None:
        made.append(_WISH.level == asked.level.value)
    if asked.unit is not None:
        claimed = sa.select(tables.claims.c.wish).where(tables.claims.c.unit == asked.unit)
        made.append(_WISH.id.in_(claimed))
    if asked.waiting_days is not None:
        since = datetime.now(UTC).replace(tzinfo=None) - timedelta(days=asked.waiting_days)
        made += [_WISH.level_since < since, _WISH.state.not_in(sorted(SETTLED))]
    if asked.among:
        made.append(_WISH.id.in_(asked.among))
    return made


def _shown(district_id: str) -> sa.ColumnElement[bool]:
    return sa.and_(
        _WISH.district == district_id,
        _WISH.visibility == Visibility.PUBLIC.value,
        _WISH.state.in_(sorted(SHOWABLE)),
        _WISH.merged_into.is_(None),
    )


_Counted = dict[Told, tuple[Told, int]]
"""By what is known of wishes: what is told, and how many there are."""


def _told(connection: sa.Connection, district_id: str) -> _Counted:
    groups = (_WISH.kind, _WISH.area, sa.cast(_WISH.age_group, sa.String))
    statement = sa.select(*groups, sa.func.count()).where(_shown(district_id)).group_by(*groups)
    rows = connection.execute(statement)
    counts = {(str(kind), str(area), str(age)): int(n) for kind, area, age, n in rows}
    return {each: (told, counts[each]) for each, told in coarsening(counts).items()}


def _public(
    district_id: str,
    told: _Counted,
    *,
    kind: str | None = None,
    state: State | None = None,
    among: Sequence[int] = (),
) -> sa.ColumnElement[bool]:
    known = [each for each, (shown, _) in told.items() if kind in {None, shown[0]}]
    of_it: Any = sa.tuple_(_WISH.kind, _WISH.area, sa.cast(_WISH.age_group, sa.String))
    wanted = [_shown(district_id), of_it.in_(known)]
    if state is not None:
        wanted.append(_WISH.state == state.value)
    if among:
        wanted.append(_WISH.id.in_(among))
    return sa.and_(*wanted)


def _published(wish: Wish, told: _Counted) -> Published:
    return as_told(wish, told[wish.kind, wish.area, wish.age_group][0])


def _count(connection: sa.Connection, wanted: sa.ColumnElement[bool]) -> int:
    statement = sa.select(sa.func.count()).select_from(tables.wishes).where(wanted)
    return int(connection.execute(statement).scalar_one())


def _by_state(connection: sa.Connection, wanted: sa.ColumnElement[bool]) -> dict[State, int]:
    state = sa.cast(_WISH.state, sa.String)
    rows = connection.execute(sa.select(state, sa.func.count()).where(wanted).group_by(state))
    counts = {str(each): int(count) for each, count in rows}
    return {each: counts.get(each.value, 0) for each in State}
