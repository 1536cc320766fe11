"""The audit: who did what when, only ever added to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

ACTIONS = (
    "sign_in",
    "import",
    "restore",
    "report",
    "export",
    "erase",
    "confirm",
    "withdraw",
    "wish_add",
    "wish_edit",
    "wish_state",
    "wish_show",
    "wish_merge",
    "wish_level",
    "wish_date",
    "wish_wait",
    "wish_claim",
    "wish_progress",
    "unit",
    "opinion",
    "visit",
)
# REPLACE in SQLite deletes without asking the trigger on DELETE: the one on INSERT stops it
SQLITE_TRIGGERS = (
    """
    CREATE TRIGGER audit_in_order BEFORE INSERT ON audit
    WHEN NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM audit)
    BEGIN SELECT RAISE(ABORT, 'the audit is added to in order'); END
    """,
    """
    CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit is not changed'); END
    """,
    """
    CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit is not changed'); END
    """,
    """
    CREATE TRIGGER audit_content_no_update BEFORE UPDATE ON audit_content
    BEGIN SELECT RAISE(ABORT, 'the audit is not changed'); END
    """,
)
_POSTGRESQL = (
    """
    CREATE FUNCTION audit_not_changed() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'the audit is not changed'; END $$
    """,
    """
    CREATE FUNCTION audit_in_order() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM audit) THEN
            RAISE EXCEPTION 'the audit is added to in order';
        END IF;
        RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER audit_in_order BEFORE INSERT ON audit
    FOR EACH ROW EXECUTE FUNCTION audit_in_order()
    """,
    """
    CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION audit_not_changed()
    """,
    """
    CREATE TRIGGER audit_content_no_change BEFORE UPDATE OR TRUNCATE ON audit_content
    FOR EACH STATEMENT EXECUTE FUNCTION audit_not_changed()
    """,
    # what stands in samples of a column would outlive the deleted row
    "ALTER TABLE audit_content ALTER COLUMN content SET STATISTICS 0",
)


def upgrade() -> None:
    """Make the tables, and the triggers that keep them as they are."""
    make_tables(ACTIONS)
    for statement in SQLITE_TRIGGERS if op.get_bind().dialect.name == "sqlite" else _POSTGRESQL:
        op.execute(statement)


def make_tables(actions: tuple[str, ...]) -> None:
    """Make the tables, for some actions."""
    listed = ", ".join(f"'{action}'" for action in actions)
    op.create_table(
        "audit",
        sa.Column("number", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("by", sa.String(80), nullable=False),
        sa.Column("action", sa.String(20), nullable=False),
        sa.Column("subject", sa.String(300), nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit")),
        sa.CheckConstraint(f"action IN ({listed})", name=op.f("ck_audit_action")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_audit_number")),
    )
    op.create_table(
        "audit_content",
        sa.Column("number", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("salt", sa.String(32), nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_content")),
        sa.ForeignKeyConstraint(
            ["number"], ["audit.number"], name=op.f("fk_audit_content_number_audit")
        ),
    )


def downgrade() -> None:
    """Remove the audit."""
    op.drop_table("audit_content")
    op.drop_table("audit")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION audit_not_changed()")
        op.execute("DROP FUNCTION audit_in_order()")
