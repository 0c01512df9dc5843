"""Make the tables of attainments and of the steps that people take with them, both append-only."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "20261122_attainments"
down_revision: str | None = "20261122_requirements"
branch_labels = None
depends_on = None

TABLES = ("attainments", "attainment_steps")
KINDS = ("hours", "placement", "session", "product", "test", "external_diploma", "exempt_hours", "exempt_epa")
STATES = ("waiting", "confirmed", "refused", "withdrawn")


def upgrade() -> None:
    op.create_table(
        "attainments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("enrolment_id", sa.Uuid(), nullable=False),
        sa.Column("trainee_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(*KINDS, name="attainment_kind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("key", sa.String(), nullable=True),
        sa.Column("setting", sa.String(), nullable=True),
        sa.Column("ground", sa.String(), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=7, scale=2), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("proof", sa.String(), nullable=False),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_attainments_amount_positive")),
        sa.CheckConstraint("started_on <= done_on", name=op.f("ck_attainments_dates_in_order")),
        sa.CheckConstraint(
            "proof <> '' OR kind NOT IN ('exempt_hours', 'exempt_epa', 'external_diploma')",
            name=op.f("ck_attainments_proven_where_decided"),
        ),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolments.id"], name=op.f("fk_attainments_enrolment_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_attainments_organisation_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["users.id"], name=op.f("fk_attainments_recorded_by_id")),
        sa.ForeignKeyConstraint(["trainee_id"], ["users.id"], name=op.f("fk_attainments_trainee_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attainments")),
    )
    op.create_index("ix_attainments_enrolment_id", "attainments", ["enrolment_id", "done_on", "id"])
    op.create_index(op.f("ix_attainments_trainee_id"), "attainments", ["trainee_id"])
    op.create_table(
        "attainment_steps",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("attainment_id", sa.Uuid(), nullable=False),
        sa.Column(
            "step",
            sa.Enum(*STATES, name="attainment_state", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.CheckConstraint("step <> 'waiting'", name=op.f("ck_attainment_steps_is_a_step")),
        sa.CheckConstraint("step = 'confirmed' OR reason <> ''", name=op.f("ck_attainment_steps_reason_given")),
        sa.ForeignKeyConstraint(["attainment_id"], ["attainments.id"], name=op.f("fk_attainment_steps_attainment_id")),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_attainment_steps_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attainment_steps")),
        sa.UniqueConstraint("attainment_id", "step", name=op.f("uq_attainment_steps_attainment_id_step")),
    )
    op.create_index(
        "uq_attainment_steps_answer",
        "attainment_steps",
        ["attainment_id"],
        unique=True,
        postgresql_where=sa.text("step IN ('confirmed', 'refused')"),
    )
    for table in TABLES:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
