"""Store requirements of every kind: what each says, the parts of combined ones, and those of stages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20261122_requirements"
down_revision: str | None = "20261122_search_stems"
branch_labels = None
depends_on = None

TABLE = "epa_requirements"
JSON = postgresql.JSONB(none_as_null=True)
OBSERVED = ("instrument_key", "min_count", "min_assessors")


def upgrade() -> None:
    op.add_column(TABLE, sa.Column("parent_position", sa.Integer(), nullable=True))
    op.add_column(TABLE, sa.Column("kind", sa.String(), nullable=True))
    op.add_column(TABLE, sa.Column("rule", JSON, nullable=True))
    for column in OBSERVED:
        op.alter_column(TABLE, column, nullable=True)
    op.create_check_constraint(
        op.f("ck_epa_requirements_kind_or_instrument"),
        TABLE,
        "num_nonnulls(instrument_key, min_count, min_assessors) = CASE WHEN kind IS NULL THEN 3 ELSE 0 END",
    )
    op.create_check_constraint(op.f("ck_epa_requirements_kind_with_rule"), TABLE, "kind IS NULL OR rule IS NOT NULL")
    op.create_check_constraint(op.f("ck_epa_requirements_parent_before"), TABLE, "parent_position < position")
    op.add_column("stages", sa.Column("requirements", JSON, nullable=True))
    op.add_column("programme_versions", sa.Column("requirement_scales", JSON, nullable=True))


def downgrade() -> None:
    op.drop_column("programme_versions", "requirement_scales")
    op.drop_column("stages", "requirements")
    op.execute(f"DELETE FROM {TABLE} WHERE kind IS NOT NULL OR parent_position IS NOT NULL")
    for name in ("parent_before", "kind_with_rule", "kind_or_instrument"):
        op.drop_constraint(op.f(f"ck_epa_requirements_{name}"), TABLE)
    for column in OBSERVED:
        op.alter_column(TABLE, column, nullable=False)
    for column in ("rule", "kind", "parent_position"):
        op.drop_column(TABLE, column)
