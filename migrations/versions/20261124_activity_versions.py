"""Keep what an activity said when it was assessed, and each correction after that, append-only."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20261124_activity_versions"
down_revision: str | None = "20261123_search_packages"
branch_labels = None
depends_on = None

KINDS = (
    "patient_contact",
    "procedure",
    "simulation",
    "case_discussion",
    "course",
    "project",
    "shift",
    "reflection",
    "feedback_round",
)


def upgrade() -> None:
    op.add_column("activities", sa.Column("corrected_at", sa.DateTime(timezone=True), nullable=True))
    op.create_check_constraint(op.f("ck_activities_corrected_after_rated"), "activities", "corrected_at >= rated_at")
    op.create_index(
        "ix_activities_corrected_at", "activities", ["corrected_at"], postgresql_where="corrected_at IS NOT NULL"
    )
    op.create_table(
        "activity_versions",
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "kind",
            sa.Enum(*KINDS, name="activity_kind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("performed_on", sa.Date(), nullable=False),
        sa.Column("department_id", sa.Uuid(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("epa_ids", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_activity_versions_number_positive")),
        sa.CheckConstraint("(number = 1) = (reason = '')", name=op.f("ck_activity_versions_corrected_with_reason")),
        sa.ForeignKeyConstraint(["activity_id"], ["activities.id"], name=op.f("fk_activity_versions_activity_id")),
        sa.ForeignKeyConstraint(["department_id"], ["departments.id"], name=op.f("fk_activity_versions_department_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["users.id"], name=op.f("fk_activity_versions_recorded_by_id")),
        sa.PrimaryKeyConstraint("activity_id", "number", name=op.f("pk_activity_versions")),
    )
    op.execute(
        "CREATE TRIGGER activity_versions_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON activity_versions "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def downgrade() -> None:
    op.drop_table("activity_versions")
    op.drop_index("ix_activities_corrected_at", "activities")
    op.drop_constraint(op.f("ck_activities_corrected_after_rated"), "activities")
    op.drop_column("activities", "corrected_at")
