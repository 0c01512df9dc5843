"""Keep the forms of instruments, every version, and what was answered to their items."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20261125_instrument_forms"
down_revision: str | None = "20261125_waiting_requests"
branch_labels = None
depends_on = None

DIRECTIONS = ("retrospective", "prospective")
PROVENANCES = ("sourced", "adapted", "inferred", "draft", "placeholder")


def upgrade() -> None:
    op.create_table(
        "instrument_forms",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("instrument_key", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("direction", _one_of(DIRECTIONS, "direction"), nullable=False),
        sa.Column("items", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("provenance", _one_of(PROVENANCES, "provenance"), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_instrument_forms_version_positive")),
        sa.ForeignKeyConstraint(
            ["instrument_key"], ["instruments.key"], name=op.f("fk_instrument_forms_instrument_key_instruments")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instrument_forms")),
        sa.UniqueConstraint("instrument_key", "version", name=op.f("uq_instrument_forms_instrument_key_version")),
    )
    op.add_column("assessments", sa.Column("instrument_form_id", sa.Uuid(), nullable=True))
    op.add_column("assessments", sa.Column("form_id", sa.Uuid(), nullable=True))
    op.add_column("assessments", sa.Column("answers", postgresql.JSONB(none_as_null=True), nullable=True))
    for column, table in (("instrument_form_id", "instrument_forms"), ("form_id", "assessment_forms")):
        name = op.f(f"fk_assessments_{column}_{table}")
        op.create_foreign_key(name, "assessments", table, [column], ["id"], postgresql_not_valid=True)
        op.execute(f"ALTER TABLE assessments VALIDATE CONSTRAINT {name}")


def downgrade() -> None:
    for column in ("answers", "form_id", "instrument_form_id"):
        op.drop_column("assessments", column)
    op.drop_table("instrument_forms")


def _one_of(values: tuple[str, ...], name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)
