"""Confirmations of registers, with constraints that have names.

Stores from before there were versions have the table, with constraints named by the
database.
"""

from __future__ import annotations

from typing import Any

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
        _create_anew(named=True)
    else:
        for before, after in _NAMES.items():
            op.execute(f"ALTER TABLE confirmation RENAME CONSTRAINT {before} TO {after}")


def downgrade() -> None:
    """Leave the table as it was before there were versions."""
    if op.get_bind().dialect.name == "sqlite":
        _create_anew(named=False)
    else:
        for before, after in _NAMES.items():
            op.execute(f"ALTER TABLE confirmation RENAME CONSTRAINT {after} TO {before}")


def _create_anew(*, named: bool) -> None:
    op.rename_table("confirmation", _BEFORE)
    _create(named=named)
    op.execute(f"INSERT INTO confirmation ({_COLUMNS}) SELECT {_COLUMNS} FROM {_BEFORE}")  # noqa: S608
    op.drop_table(_BEFORE)


def _create(*, named: bool = True) -> None:
    def name(text: str) -> Any:  # noqa: ANN401 - a name that no convention changes
        return op.f(text) if named else None

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
        sa.PrimaryKeyConstraint("id", name=name("pk_confirmation")),
        sa.CheckConstraint(
            "completeness IN ('complete', 'withdrawn')", name=name("ck_confirmation_completeness")
        ),
        sa.CheckConstraint(
            "as_of IS NOT NULL OR completeness = 'withdrawn'", name=name("ck_confirmation_as_of")
        ),
        sqlite_autoincrement=True,
    )
