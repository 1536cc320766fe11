"""The audit takes sign-outs, sign-ins that failed, and streets refreshed or mended by hand."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from circle.store.migrations.versions.v0002_audit import ACTIONS, SQLITE_TRIGGERS, make_tables

revision = "0004"
down_revision = "0003"

_ADDED = ("sign_in_failed", "sign_out", "refresh", "edit")


def upgrade() -> None:
    """Let the check of the actions take more."""
    _take((*ACTIONS, *_ADDED))


def downgrade() -> None:
    """Leave the check as it is: entries that need it are never taken out of the chain."""


def _take(actions: tuple[str, ...]) -> None:
    if op.get_bind().dialect.name == "sqlite":
        _tables_anew(actions)
        return
    listed = ", ".join(f"'{action}'" for action in actions)
    op.drop_constraint(op.f("ck_audit_action"), "audit", type_="check")
    op.create_check_constraint(op.f("ck_audit_action"), "audit", f"action IN ({listed})")


def _tables_anew(actions: tuple[str, ...]) -> None:
    """Make the tables of SQLite anew, as it changes no check of one that is there.

    What refers to the audit goes first, and the triggers come with the tables' last names:
    no row is deleted in between.
    """
    op.rename_table("audit", "audit_before")
    op.rename_table("audit_content", "audit_content_before")
    for trigger in ("audit_in_order", "audit_no_update", "audit_no_delete"):
        op.execute(f"DROP TRIGGER {trigger}")
    op.execute("DROP TRIGGER audit_content_no_update")
    make_tables(actions)
    for table in ("audit", "audit_content"):
        columns = [column["name"] for column in sa.inspect(op.get_bind()).get_columns(table)]
        names = ", ".join(f'"{name}"' for name in columns)
        op.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM {table}_before")  # noqa: S608
    op.drop_table("audit_content_before")
    op.drop_table("audit_before")
    for statement in SQLITE_TRIGGERS:
        op.execute(statement)
