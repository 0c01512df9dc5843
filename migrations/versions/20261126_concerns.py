"""Make the tables of concerns and of what is added to them, both append-only, and let notices tell of them."""

from __future__ import annotations

import re

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20261126_concerns"
down_revision: str | None = "20261126_started_assessments"
branch_labels = None
depends_on = None

TABLES = ("concerns", "concern_entries")
STEPS = ("talked", "followed_up", "corrected", "closed")
NEW_KINDS = ("concern_added_to", "concern_overdue", "concern_talked", "concern_written")


def upgrade() -> None:
    _make_concerns()
    _make_entries()
    for table in TABLES:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    _hold(*_kinds(), *NEW_KINDS)


def _make_concerns() -> None:
    op.create_table(
        "concerns",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("enrolment_id", sa.Uuid(), nullable=False),
        sa.Column("trainee_id", sa.Uuid(), nullable=False),
        sa.Column("epa_id", sa.Uuid(), nullable=True),
        sa.Column("factors", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("seen_on", sa.Date(), nullable=False),
        sa.Column("seen", sa.String(), nullable=False),
        sa.Column("said", sa.String(), nullable=False),
        sa.Column("needed", sa.String(), nullable=False),
        sa.Column("talk_by", sa.Date(), nullable=False),
        sa.Column("written_by_id", sa.Uuid(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("seen <> '' AND said <> '' AND needed <> ''", name=op.f("ck_concerns_written_whole")),
        sa.CheckConstraint("written_by_id <> trainee_id", name=op.f("ck_concerns_of_somebody_else")),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolments.id"], name=op.f("fk_concerns_enrolment_id")),
        sa.ForeignKeyConstraint(["trainee_id"], ["users.id"], name=op.f("fk_concerns_trainee_id")),
        sa.ForeignKeyConstraint(["epa_id"], ["epas.id"], name=op.f("fk_concerns_epa_id")),
        sa.ForeignKeyConstraint(["written_by_id"], ["users.id"], name=op.f("fk_concerns_written_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concerns")),
    )
    op.create_index(op.f("ix_concerns_enrolment_id"), "concerns", ["enrolment_id"])
    op.create_index(op.f("ix_concerns_trainee_id"), "concerns", ["trainee_id"])


def _make_entries() -> None:
    op.create_table(
        "concern_entries",
        sa.Column("concern_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "step",
            sa.Enum(*STEPS, name="concern_step", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("talked_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("shares", sa.Boolean(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("text <> ''", name=op.f("ck_concern_entries_something_written")),
        sa.CheckConstraint("number > 0", name=op.f("ck_concern_entries_number_positive")),
        sa.CheckConstraint("(step = 'talked') = (talked_on IS NOT NULL)", name=op.f("ck_concern_entries_day_of_talk")),
        sa.CheckConstraint(
            "(step = 'closed') <= (due_on IS NULL)", name=op.f("ck_concern_entries_closed_waits_for_nothing")
        ),
        sa.CheckConstraint("NOT shares OR step = 'talked'", name=op.f("ck_concern_entries_shared_in_a_talk")),
        sa.ForeignKeyConstraint(["concern_id"], ["concerns.id"], name=op.f("fk_concern_entries_concern_id")),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_concern_entries_by_id")),
        sa.PrimaryKeyConstraint("concern_id", "number", name=op.f("pk_concern_entries")),
    )


def downgrade() -> None:
    """Go back: nothing of concerns is left, nor of what was told of them."""
    op.execute("DELETE FROM notices WHERE kind IN ({})".format(", ".join(f"'{one}'" for one in NEW_KINDS)))
    _hold(*(one for one in _kinds() if one not in NEW_KINDS))
    for table in reversed(TABLES):
        op.drop_table(table)


def _kinds() -> list[str]:
    """Return the kinds of notices that the database takes now."""
    held = op.get_bind().scalar(
        sa.text("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'ck_notices_notice_kind'")
    )
    return re.findall(r"'([a-z_]+)'", held)


def _hold(*kinds: str) -> None:
    check = op.f("ck_notices_notice_kind")
    op.drop_constraint(check, "notices")
    op.create_check_constraint(check, "notices", sa.column("kind").in_(kinds))
