"""Scenarios that people keep."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "scenario",
        sa.Column("id", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("district", sa.String(120), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("author", sa.String(80), nullable=False),
        sa.Column("base", sa.String(64), nullable=False),
        sa.Column("edits", sa.Integer, nullable=False),
        sa.Column("plan", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("made", sa.DateTime, nullable=False),
        sa.Column("changed", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scenario")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_scenario_version")),
        sa.CheckConstraint("edits >= 0", name=op.f("ck_scenario_edits")),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    """Remove the table."""
    op.drop_table("scenario")
