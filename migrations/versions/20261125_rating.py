"""Keep what an assessor typed before it is given, and let them say that they did not see it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20261125_rating"
down_revision: str | None = "20261124_invitations"
branch_labels = None
depends_on = None

STATUSES = ("requested", "submitted", "declined", "withdrawn", "disowned")
KINDS = (
    "assessment_requested",
    "assessment_submitted",
    "assessment_declined",
    "assessment_disowned",
    "decision_taken",
    "draft_review_asked",
    "move_made",
)


def upgrade() -> None:
    _hold("assessments", "assessment_status", "status", (*STATUSES, "not_observed"))
    _hold("notices", "notice_kind", "kind", (*KINDS, "assessment_not_observed"))
    op.create_table(
        "answer_drafts",
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("assessor_id", sa.Uuid(), nullable=False),
        sa.Column("typed", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("revision >= 1", name=op.f("ck_answer_drafts_revision_positive")),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessments.id"], name=op.f("fk_answer_drafts_assessment_id_assessments")
        ),
        sa.ForeignKeyConstraint(["assessor_id"], ["users.id"], name=op.f("fk_answer_drafts_assessor_id_users")),
        sa.PrimaryKeyConstraint("assessment_id", "assessor_id", name=op.f("pk_answer_drafts")),
    )
    op.create_index(op.f("ix_answer_drafts_assessor_id"), "answer_drafts", ["assessor_id"])


def downgrade() -> None:
    """Go back: what was not observed becomes withdrawn, and nobody is told of it."""
    op.drop_index(op.f("ix_answer_drafts_assessor_id"), table_name="answer_drafts")
    op.drop_table("answer_drafts")
    op.execute("DELETE FROM notices WHERE kind = 'assessment_not_observed'")
    _hold("notices", "notice_kind", "kind", KINDS)
    op.execute("UPDATE assessments SET status = 'withdrawn' WHERE status = 'not_observed'")
    _hold("assessments", "assessment_status", "status", STATUSES)


def _hold(table: str, name: str, column: str, values: tuple[str, ...]) -> None:
    """Let a column hold these values and no others."""
    constraint = op.f(f"ck_{table}_{name}")
    op.drop_constraint(constraint, table)
    op.create_check_constraint(constraint, table, sa.column(column).in_(values))
