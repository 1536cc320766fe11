"""The tables of wishes, and their rows as nouns."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from circle.store.schema import metadata
from circle.wishes.nouns import (
    AGES,
    Claim,
    Event,
    Level,
    Opinion,
    Reason,
    Source,
    State,
    Unit,
    UnitKind,
    Visibility,
    Visit,
    Visited,
    Wish,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from enum import StrEnum

LONGEST_TEXT, LONGEST_REMARK, LONGEST_NAME, LONGEST_CONTACT = 500, 400, 80, 200
LONGEST_KEY = 64
_ID = 120


def _one_of(name: str, words: Iterable[str] | type[StrEnum], **more: Any) -> sa.Column[Any]:  # noqa: ANN401 - of a column
    kind = sa.Enum(
        *(str(word) for word in words),
        name=name,
        length=20,
        native_enum=False,
        create_constraint=True,
    )
    return sa.Column(name, kind, **{"nullable": False, **more})


def _number() -> sa.Column[Any]:
    """Return the key: the number of the audit's entry that made the row."""
    return sa.Column("id", sa.Integer, primary_key=True, autoincrement=False)


units = sa.Table(
    "unit",
    metadata,
    _number(),
    sa.Column("district", sa.String(_ID), nullable=False),
    sa.Column("name", sa.String(LONGEST_NAME), nullable=False),
    _one_of("kind", UnitKind),
    sa.UniqueConstraint("district", "name"),
)
contacts = sa.Table(
    "unit_contact",
    metadata,
    sa.Column("unit", sa.Integer, sa.ForeignKey(units.c.id), primary_key=True, autoincrement=False),
    sa.Column("contact", sa.String(LONGEST_CONTACT), nullable=False),
)
wishes = sa.Table(
    "wish",
    metadata,
    _number(),
    sa.Column("district", sa.String(_ID), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("submission", sa.String(LONGEST_KEY), nullable=False),
    sa.Column("text", sa.String(LONGEST_TEXT), nullable=False),
    sa.Column("kind", sa.String(_ID), nullable=False),
    sa.Column("lon", sa.Double),
    sa.Column("lat", sa.Double),
    sa.Column("shown_lon", sa.Double),
    sa.Column("shown_lat", sa.Double),
    sa.Column("area", sa.String(_ID), nullable=False),
    _one_of("age_group", AGES),
    _one_of("source", Source),
    _one_of("state", State),
    _one_of("visibility", Visibility),
    _one_of("reason", Reason, nullable=True),
    sa.Column("merged_into", sa.Integer),
    sa.Column("waits", sa.String(LONGEST_REMARK), nullable=False),
    sa.Column("expected", sa.Date),
    _one_of("level", Level),
    sa.Column("level_since", sa.DateTime, nullable=False),
    sa.Column("recorded", sa.DateTime, nullable=False),
    sa.Column("updated", sa.DateTime, nullable=False),
    sa.UniqueConstraint("district", "submission"),
    sa.CheckConstraint("(reason IS NULL) = (state <> 'not_taken_up')", name="has_reason"),
    sa.CheckConstraint(
        "merged_into IS NULL OR (reason IS NOT NULL AND reason = 'duplicate')", name="merged"
    ),
    sa.CheckConstraint(
        "visibility = 'staff' OR state NOT IN ('recorded', 'reviewed')", name="shown"
    ),
    sa.CheckConstraint("(lon IS NULL) = (shown_lon IS NULL)", name="masked"),
)
claims = sa.Table(
    "wish_claim",
    metadata,
    sa.Column(
        "wish", sa.Integer, sa.ForeignKey(wishes.c.id), primary_key=True, autoincrement=False
    ),
    sa.Column("unit", sa.Integer, sa.ForeignKey(units.c.id), primary_key=True, autoincrement=False),
    sa.Column("at", sa.DateTime, nullable=False),
)
events = sa.Table(
    "wish_event",
    metadata,
    _number(),
    sa.Column("wish", sa.Integer, sa.ForeignKey(wishes.c.id), nullable=False, index=True),
    sa.Column("at", sa.DateTime, nullable=False),
    sa.Column("by", sa.String(LONGEST_NAME), nullable=False),
    sa.Column("action", sa.String(20), nullable=False),
    sa.Column("before", sa.String(_ID), nullable=False),
    sa.Column("after", sa.String(_ID), nullable=False),
    sa.Column("unit", sa.Integer, sa.ForeignKey(units.c.id)),
    sa.Column("remark", sa.String(LONGEST_REMARK), nullable=False),
)
opinions = sa.Table(
    "opinion",
    metadata,
    _number(),
    sa.Column("district", sa.String(_ID), nullable=False),
    sa.Column("submission", sa.String(LONGEST_KEY), nullable=False),
    sa.Column("facility", sa.String(_ID), nullable=False),
    sa.Column("rating", sa.Integer, nullable=False),
    sa.Column("remark", sa.String(LONGEST_REMARK), nullable=False),
    sa.Column("on", sa.Date, nullable=False),
    sa.UniqueConstraint("district", "submission"),
    sa.CheckConstraint("rating BETWEEN 1 AND 5", name="rating"),
)
visits = sa.Table(
    "visit",
    metadata,
    _number(),
    sa.Column("district", sa.String(_ID), nullable=False),
    sa.Column("submission", sa.String(LONGEST_KEY), nullable=False),
    _one_of("kind", Visited),
    sa.Column("need", sa.String(LONGEST_TEXT), nullable=False),
    sa.Column("follow_up", sa.String(LONGEST_REMARK), nullable=False),
    sa.Column("on", sa.Date, nullable=False),
    sa.Column("wish", sa.Integer, sa.ForeignKey(wishes.c.id)),
    sa.UniqueConstraint("district", "submission"),
)


def wish(row: sa.Row[Any]) -> Wish:
    """Return a row of `wishes`."""
    values = dict(row._mapping)  # noqa: SLF001 - its public name
    for name in ("district", "submission"):
        del values[name]
    for name in ("level_since", "recorded", "updated"):
        values[name] = values[name].replace(tzinfo=UTC)
    kinds = {"source": Source, "state": State, "visibility": Visibility, "level": Level}
    values |= {name: kind(values[name]) for name, kind in kinds.items()}
    values["reason"] = values["reason"] and Reason(values["reason"])
    return Wish(**values)


def event(row: sa.Row[Any]) -> Event:
    """Return a row of `events`."""
    return Event(
        number=row.id,
        wish=row.wish,
        time=row.at.replace(tzinfo=UTC),
        author=row.by,
        action=row.action,
        before=row.before,
        after=row.after,
        unit=row.unit,
        remark=row.remark,
    )


def unit(row: sa.Row[Any]) -> Unit:
    """Return a row of `units`."""
    return Unit(row.id, row.name, UnitKind(row.kind))


def claim(row: sa.Row[Any]) -> Claim:
    """Return a row of `claims`."""
    return Claim(row.wish, row.unit, row.at.replace(tzinfo=UTC))


def opinion(row: sa.Row[Any]) -> Opinion:
    """Return a row of `opinions`."""
    return Opinion(
        id=row.id, facility=row.facility, rating=row.rating, remark=row.remark, on=row.on
    )


def visit(row: sa.Row[Any]) -> Visit:
    """Return a row of `visits`."""
    return Visit(
        id=row.id,
        kind=Visited(row.kind),
        need=row.need,
        follow_up=row.follow_up,
        on=row.on,
        wish=row.wish,
    )
