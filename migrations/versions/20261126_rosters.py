"""Keep rosters, and whom they propose to whom."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20261126_rosters"
down_revision: str | None = "20261126_feedback_withdrawals"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rosters",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("lines", postgresql.JSONB(), nullable=False),
        sa.Column("handed_in_by_id", sa.Uuid(), nullable=False),
        sa.Column("handed_in_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("applied_at >= handed_in_at", name=op.f("ck_rosters_applied_after")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_rosters_organisation_id")),
        sa.ForeignKeyConstraint(["handed_in_by_id"], ["users.id"], name=op.f("fk_rosters_handed_in_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rosters")),
    )
    op.create_index("ix_rosters_organisation_id", "rosters", ["organisation_id"])
    op.create_table(
        "roster_pairs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("department_id", sa.Uuid(), nullable=False),
        sa.Column("enrolment_id", sa.Uuid(), nullable=False),
        sa.Column("trainee_id", sa.Uuid(), nullable=False),
        sa.Column("trainer_id", sa.Uuid(), nullable=False),
        sa.Column("dismissed_by_trainee_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dismissed_by_trainer_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("trainee_id <> trainer_id", name=op.f("ck_roster_pairs_of_two")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_roster_pairs_organisation_id")
        ),
        sa.ForeignKeyConstraint(["department_id"], ["departments.id"], name=op.f("fk_roster_pairs_department_id")),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolments.id"], name=op.f("fk_roster_pairs_enrolment_id")),
        sa.ForeignKeyConstraint(["trainee_id"], ["users.id"], name=op.f("fk_roster_pairs_trainee_id")),
        sa.ForeignKeyConstraint(["trainer_id"], ["users.id"], name=op.f("fk_roster_pairs_trainer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_pairs")),
        sa.UniqueConstraint(
            "organisation_id", "day", "department_id", "enrolment_id", "trainer_id", name=op.f("uq_roster_pairs_all")
        ),
    )
    op.create_index("ix_roster_pairs_trainee_id_day", "roster_pairs", ["trainee_id", "day"])
    op.create_index("ix_roster_pairs_trainer_id_day", "roster_pairs", ["trainer_id", "day"])
    op.create_index("ix_roster_pairs_day", "roster_pairs", ["day"])


def downgrade() -> None:
    op.drop_table("roster_pairs")
    op.drop_table("rosters")
