"""Keep what trainees rate themselves, beside what assessors rate."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "20261125_self_ratings"
down_revision: str | None = "20261125_rating"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "self_ratings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("epa_id", sa.Uuid(), nullable=False),
        sa.Column("trainee_id", sa.Uuid(), nullable=False),
        sa.Column("scale_id", sa.Uuid(), nullable=False),
        sa.Column("level_code", sa.String(), nullable=False),
        sa.Column(
            "direction",
            sa.Enum(
                "retrospective",
                "prospective",
                name="direction",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("comment", sa.String(), nullable=False),
        sa.Column("rated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id", "epa_id"],
            ["activity_epas.activity_id", "activity_epas.epa_id"],
            name=op.f("fk_self_ratings_activity_id_activity_epas"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["trainee_id"], ["users.id"], name=op.f("fk_self_ratings_trainee_id_users")),
        sa.ForeignKeyConstraint(
            ["scale_id", "level_code"],
            ["scale_levels.scale_id", "scale_levels.code"],
            name=op.f("fk_self_ratings_scale_id_scale_levels"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_self_ratings")),
        sa.UniqueConstraint("activity_id", "epa_id", name=op.f("uq_self_ratings_activity_id_epa_id")),
    )


def downgrade() -> None:
    op.drop_table("self_ratings")
