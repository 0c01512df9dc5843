"""Keep who holds a request, since and until when, and how many may wait for one person."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "20261125_waiting_requests"
down_revision: str | None = "20261125_self_ratings"
branch_labels = None
depends_on = None

STATUSES = ("requested", "submitted", "declined", "withdrawn", "disowned", "not_observed")
KINDS = (
    "assessment_requested",
    "assessment_submitted",
    "assessment_declined",
    "assessment_disowned",
    "assessment_not_observed",
    "decision_taken",
    "draft_review_asked",
    "move_made",
)
NEW_KINDS = (
    "activity_corrected",
    "assessment_expired",
    "assessment_extended",
    "assessment_handed_on",
    "assessment_handed_to",
    "assessment_reminder",
    "reflection_shared",
)


def upgrade() -> None:
    _hold("assessments", "status", "assessment_status", (*STATUSES, "expired"))
    _hold("notices", "kind", "notice_kind", (*KINDS, *NEW_KINDS))
    _widen_assessments()
    _make_hand_ons()
    op.create_table(
        "request_limits",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.CheckConstraint("num_nonnulls(user_id, organisation_id) = 1", name=op.f("ck_request_limits_of_one")),
        sa.CheckConstraint("most BETWEEN 1 AND 99", name=op.f("ck_request_limits_sensible")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_request_limits_user_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_request_limits_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_limits")),
        sa.UniqueConstraint("user_id", name=op.f("uq_request_limits_user_id")),
        sa.UniqueConstraint("organisation_id", name=op.f("uq_request_limits_organisation_id")),
    )


def _widen_assessments() -> None:
    """Add what a request that waits needs; those that wait now get the whole usual term from this day on."""
    op.add_column("assessments", sa.Column("held_since", sa.DateTime(timezone=True), nullable=True))
    op.add_column("assessments", sa.Column("expires_on", sa.Date(), nullable=True))
    op.add_column("assessments", sa.Column("extended_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("assessments", sa.Column("remind_on", sa.Date(), nullable=True))
    op.add_column("assessments", sa.Column("reminders", sa.Integer(), nullable=False, server_default="0"))
    op.execute("UPDATE assessments SET held_since = requested_at")
    op.execute(
        "UPDATE assessments SET expires_on = current_date + 14, remind_on = current_date + 2 WHERE status = 'requested'"
    )
    op.alter_column("assessments", "held_since", nullable=False)
    waits = sa.text("status = 'requested'")
    op.create_index("ix_assessments_remind_on", "assessments", ["remind_on"], postgresql_where=waits)
    op.create_index("ix_assessments_expires_on", "assessments", ["expires_on"], postgresql_where=waits)


def _make_hand_ons() -> None:
    op.create_table(
        "assessment_hand_ons",
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("from_id", sa.Uuid(), nullable=False),
        sa.Column("to_id", sa.Uuid(), nullable=False),
        sa.Column("held_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("from_id <> to_id", name=op.f("ck_assessment_hand_ons_to_another")),
        sa.CheckConstraint("at >= held_since", name=op.f("ck_assessment_hand_ons_held_before")),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessments.id"], name=op.f("fk_assessment_hand_ons_assessment_id")
        ),
        sa.ForeignKeyConstraint(["from_id"], ["users.id"], name=op.f("fk_assessment_hand_ons_from_id")),
        sa.ForeignKeyConstraint(["to_id"], ["users.id"], name=op.f("fk_assessment_hand_ons_to_id")),
        sa.PrimaryKeyConstraint("assessment_id", "number", name=op.f("pk_assessment_hand_ons")),
        sa.UniqueConstraint("assessment_id", "to_id", name=op.f("uq_assessment_hand_ons_assessment_id_to_id")),
    )
    op.execute(
        "CREATE TRIGGER assessment_hand_ons_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON assessment_hand_ons "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def downgrade() -> None:
    """Go back: a request that expired becomes a withdrawn one, and who handed one on is known no longer."""
    op.drop_table("request_limits")
    op.drop_table("assessment_hand_ons")
    op.drop_index("ix_assessments_expires_on", table_name="assessments")
    op.drop_index("ix_assessments_remind_on", table_name="assessments")
    for column in ("reminders", "remind_on", "extended_at", "expires_on", "held_since"):
        op.drop_column("assessments", column)
    op.execute("UPDATE assessments SET status = 'withdrawn' WHERE status = 'expired'")
    op.execute("DELETE FROM notices WHERE kind IN ({})".format(", ".join(f"'{one}'" for one in NEW_KINDS)))
    _hold("notices", "kind", "notice_kind", KINDS)
    _hold("assessments", "status", "assessment_status", STATUSES)


def _hold(table: str, column: str, name: str, values: tuple[str, ...]) -> None:
    check = op.f(f"ck_{table}_{name}")
    op.drop_constraint(check, table)
    op.create_check_constraint(check, table, sa.column(column).in_(values))
