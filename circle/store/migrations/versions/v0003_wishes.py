"""Wishes, the units that claim them, opinions, and what shops and firms need."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_UNITS = ("unit", "organisation", "committee")
_AGES = ("", "age_0_14", "age_15_59", "age_60_64", "age_65_plus")
_SOURCES = ("resident", "visit")
_STATES = (
    "recorded",
    "reviewed",
    "published",
    "claimed",
    "in_progress",
    "fulfilled",
    "not_taken_up",
)
_VISIBILITIES = ("staff", "public")
_REASONS = ("duplicate", "referred", "not_responsible", "withdrawn")
_LEVELS = ("grid", "area", "subdistrict")
_VISITED = ("shop", "firm", "institution", "other")
_FREE_TEXTS = (
    ("wish", "text"),
    ("wish", "waits"),
    ("wish_event", "remark"),
    ("opinion", "remark"),
    ("visit", "need"),
    ("visit", "follow_up"),
    ("unit_contact", "contact"),
)


def upgrade() -> None:
    """Make the tables."""
    _units()
    _wishes()
    _steps()
    _answers()
    op.create_index(op.f("ix_wish_event_wish"), "wish_event", ["wish"])
    if op.get_bind().dialect.name != "sqlite":
        for table, column in _FREE_TEXTS:  # what stands in samples would outlive the row
            op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS 0")


def downgrade() -> None:
    """Remove the tables."""
    for table in ("visit", "opinion", "wish_event", "wish_claim", "wish", "unit_contact", "unit"):
        op.drop_table(table)


def _units() -> None:
    op.create_table(
        "unit",
        *_key("unit"),
        _text("district", 120),
        _text("name", 80),
        _text("kind", 20),
        sa.UniqueConstraint("district", "name", name=op.f("uq_unit_district_name")),
        _one_of("unit", "kind", _UNITS),
    )
    op.create_table(
        "unit_contact",
        sa.Column("unit", sa.Integer, autoincrement=False, nullable=False),
        _text("contact", 200),
        sa.PrimaryKeyConstraint("unit", name=op.f("pk_unit_contact")),
        _refers("unit_contact", "unit", "unit"),
    )


def _wishes() -> None:
    op.create_table(
        "wish",
        *_key("wish"),
        _text("district", 120),
        sa.Column("version", sa.Integer, nullable=False),
        _text("submission", 64),
        _text("text", 500),
        _text("kind", 120),
        sa.Column("lon", sa.Double),
        sa.Column("lat", sa.Double),
        sa.Column("shown_lon", sa.Double),
        sa.Column("shown_lat", sa.Double),
        _text("area", 120),
        _text("age_group", 20),
        _text("source", 20),
        _text("state", 20),
        _text("visibility", 20),
        sa.Column("reason", sa.String(20)),
        sa.Column("merged_into", sa.Integer),
        _text("waits", 400),
        sa.Column("expected", sa.Date),
        _text("level", 20),
        sa.Column("level_since", sa.DateTime, nullable=False),
        sa.Column("recorded", sa.DateTime, nullable=False),
        sa.Column("updated", sa.DateTime, nullable=False),
        _once("wish"),
        _one_of("wish", "age_group", _AGES),
        _one_of("wish", "source", _SOURCES),
        _one_of("wish", "state", _STATES),
        _one_of("wish", "visibility", _VISIBILITIES),
        _one_of("wish", "reason", _REASONS),
        _one_of("wish", "level", _LEVELS),
        sa.CheckConstraint(
            "(reason IS NULL) = (state <> 'not_taken_up')", name=op.f("ck_wish_has_reason")
        ),
        sa.CheckConstraint(
            "merged_into IS NULL OR (reason IS NOT NULL AND reason = 'duplicate')",
            name=op.f("ck_wish_merged"),
        ),
        sa.CheckConstraint(
            "visibility = 'staff' OR state NOT IN ('recorded', 'reviewed')",
            name=op.f("ck_wish_shown"),
        ),
        sa.CheckConstraint("(lon IS NULL) = (shown_lon IS NULL)", name=op.f("ck_wish_masked")),
    )


def _steps() -> None:
    op.create_table(
        "wish_claim",
        sa.Column("wish", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("unit", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("wish", "unit", name=op.f("pk_wish_claim")),
        _refers("wish_claim", "wish", "wish"),
        _refers("wish_claim", "unit", "unit"),
    )
    op.create_table(
        "wish_event",
        *_key("wish_event"),
        sa.Column("wish", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        _text("by", 80),
        _text("action", 20),
        _text("before", 120),
        _text("after", 120),
        sa.Column("unit", sa.Integer),
        _text("remark", 400),
        _refers("wish_event", "wish", "wish"),
        _refers("wish_event", "unit", "unit"),
    )


def _answers() -> None:
    op.create_table(
        "opinion",
        *_key("opinion"),
        _text("district", 120),
        _text("submission", 64),
        _text("facility", 120),
        sa.Column("rating", sa.Integer, nullable=False),
        _text("remark", 400),
        sa.Column("on", sa.Date, nullable=False),
        _once("opinion"),
        sa.CheckConstraint("rating BETWEEN 1 AND 5", name=op.f("ck_opinion_rating")),
    )
    op.create_table(
        "visit",
        *_key("visit"),
        _text("district", 120),
        _text("submission", 64),
        _text("kind", 20),
        _text("need", 500),
        _text("follow_up", 400),
        sa.Column("on", sa.Date, nullable=False),
        sa.Column("wish", sa.Integer),
        _once("visit"),
        _one_of("visit", "kind", _VISITED),
        _refers("visit", "wish", "wish"),
    )


def _key(table: str) -> tuple[Any, ...]:
    column = sa.Column("id", sa.Integer, autoincrement=False, nullable=False)
    return column, sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))


def _text(name: str, longest: int) -> sa.Column[Any]:
    return sa.Column(name, sa.String(longest), nullable=False)


def _once(table: str) -> sa.UniqueConstraint:
    name = op.f(f"uq_{table}_district_submission")
    return sa.UniqueConstraint("district", "submission", name=name)


def _one_of(table: str, column: str, words: tuple[str, ...]) -> sa.CheckConstraint:
    listed = ", ".join(f"'{word}'" for word in words)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=op.f(f"ck_{table}_{column}"))


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{to}")
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=name)
