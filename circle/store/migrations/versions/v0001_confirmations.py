"""Confirmations of registers, with constraints that have names.

Stores from before there were versions have the table, with constraints named by the
database.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_BEFORE = "confirmation_unversioned"
_COLUMNS = 'id, district, kind, completeness, as_of, basis, "by", at'
_NAMES = {
    "confirmation_pkey": "pk_confirmation",
    "confirmation_completeness_check": "ck_confirmation_completeness",
    "confirmation_check": "ck_confirmation_as_of",
}
"""PostgreSQL's names for them, and ours."""


def upgrade() -> None:
    """Make the table, or give the constraints of the one that is there their names."""
    connection = op.get_bind()
    if not sa.inspect(connection).has_table("confirmation"):
        _create()
    elif connection.dialect.name == "sqlite":  # which cannot change a constraint
        op.rename_table("confirmation", _BEFORE)
        _create()
        op.execute(f"INSERT INTO confirmation ({_COLUMNS}) SELECT {_COLUMNS} FROM {_BEFORE}")  # noqa: S608
        op.drop_table(_BEFORE)
    else:
        for before, after in _NAMES.items():
            op.execute(f"ALTER TABLE confirmation RENAME CONSTRAINT {before} TO {after}")


def _create() -> None:
    op.create_table(
        "confirmation",
        sa.Column("id", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("district", sa.String(120), nullable=False),
        sa.Column("kind", sa.String(120), nullable=False),
        sa.Column("completeness", sa.String(20), nullable=False),
        sa.Column("as_of", sa.Date),
        sa.Column("basis", sa.String(400), nullable=False),
        sa.Column("by", sa.String(80), nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_confirmation")),
        sa.CheckConstraint(
            "completeness IN ('complete', 'withdrawn')", name=op.f("ck_confirmation_completeness")
        ),
        sa.CheckConstraint(
            "as_of IS NOT NULL OR completeness = 'withdrawn'", name=op.f("ck_confirmation_as_of")
        ),
        sqlite_autoincrement=True,
    )
