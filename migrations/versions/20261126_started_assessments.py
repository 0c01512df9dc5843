"""Keep which assessments their assessor began, who wrote the activity down then, and what is typed before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20261126_started_assessments"
down_revision: str | None = "20261126_multisource"
branch_labels = None
depends_on = None

KINDS = (
    "activity_corrected",
    "assessment_declined",
    "assessment_disowned",
    "assessment_expired",
    "assessment_extended",
    "assessment_handed_on",
    "assessment_handed_to",
    "assessment_not_observed",
    "assessment_reminder",
    "assessment_requested",
    "assessment_submitted",
    "decision_taken",
    "draft_review_asked",
    "feedback_asked",
    "feedback_closed",
    "feedback_conversation",
    "feedback_reminder",
    "move_made",
    "reflection_shared",
)


def upgrade() -> None:
    _hold_kinds((*KINDS, "assessment_started"))
    op.add_column("assessments", sa.Column("started", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_check_constraint(op.f("ck_assessments_started_or_invited"), "assessments", "NOT (started AND invited)")
    op.add_column("activities", sa.Column("written_by_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f("fk_activities_written_by_id"), "activities", "users", ["written_by_id"], ["id"])
    op.create_check_constraint(op.f("ck_activities_written_by_another"), "activities", "written_by_id <> trainee_id")
    op.create_table(
        "start_drafts",
        sa.Column("enrolment_id", sa.Uuid(), nullable=False),
        sa.Column("assessor_id", sa.Uuid(), nullable=False),
        sa.Column("typed", postgresql.JSONB(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("revision >= 1", name=op.f("ck_start_drafts_revision_positive")),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolments.id"], name=op.f("fk_start_drafts_enrolment_id")),
        sa.ForeignKeyConstraint(["assessor_id"], ["users.id"], name=op.f("fk_start_drafts_assessor_id")),
        sa.PrimaryKeyConstraint("enrolment_id", "assessor_id", name=op.f("pk_start_drafts")),
    )
    op.create_index("ix_start_drafts_assessor_id", "start_drafts", ["assessor_id"])


def downgrade() -> None:
    """Go back: what was given stays, and who began it is known no longer."""
    op.drop_table("start_drafts")
    op.drop_constraint(op.f("ck_activities_written_by_another"), "activities")
    op.drop_column("activities", "written_by_id")
    op.drop_constraint(op.f("ck_assessments_started_or_invited"), "assessments")
    op.drop_column("assessments", "started")
    op.execute("DELETE FROM notices WHERE kind = 'assessment_started'")
    _hold_kinds(KINDS)


def _hold_kinds(kinds: tuple[str, ...]) -> None:
    check = op.f("ck_notices_notice_kind")
    op.drop_constraint(check, "notices")
    op.create_check_constraint(check, "notices", sa.column("kind").in_(kinds))
