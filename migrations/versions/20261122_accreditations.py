"""Keep what organisations and departments are accredited for, and on which days."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "20261122_accreditations"
down_revision: str | None = "20261122_constructs"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "accreditations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("department_id", sa.Uuid(), nullable=True),
        sa.Column("attribute", sa.String(), nullable=False),
        sa.Column("proof", sa.String(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_accreditations_dates_in_order")),
        sa.ForeignKeyConstraint(["department_id"], ["departments.id"], name=op.f("fk_accreditations_department_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_accreditations_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accreditations")),
    )
    op.create_index("ix_accreditations_department_id", "accreditations", ["department_id"])
    op.create_index("ix_accreditations_organisation_id_attribute", "accreditations", ["organisation_id", "attribute"])
    op.create_index(
        "uq_accreditations_open",
        "accreditations",
        [sa.text("coalesce(department_id, organisation_id)"), "attribute"],
        unique=True,
        postgresql_where=sa.text("ends_on IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("accreditations")
