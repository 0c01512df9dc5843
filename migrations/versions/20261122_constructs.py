"""Store nested EPAs, their admission and study load, elements among their competencies, and words per level."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20261122_constructs"
down_revision: str | None = "20261122_search"
branch_labels = None
depends_on = None

PARENT = "fk_epas_programme_version_id_parent_key"
JSON = postgresql.JSONB(none_as_null=True)


def upgrade() -> None:
    op.add_column("epas", sa.Column("parent_key", sa.String(), nullable=True))
    op.add_column("epas", sa.Column("entry_requirements", JSON, nullable=True))
    op.add_column("epas", sa.Column("study_load", JSON, nullable=True))
    op.create_foreign_key(
        PARENT,
        "epas",
        "epas",
        ["programme_version_id", "parent_key"],
        ["programme_version_id", "key"],
        deferrable=True,
        initially="DEFERRED",
    )
    op.add_column("scale_levels", sa.Column("questions", JSON, nullable=True))
    op.add_column("epa_competencies", sa.Column("element_key", sa.String(), nullable=True))
    op.drop_constraint("pk_epa_competencies", "epa_competencies")
    op.create_primary_key("pk_epa_competencies", "epa_competencies", ["epa_id", "position"])
    op.create_index("ix_epa_competencies_domain_id", "epa_competencies", ["domain_id"])


def downgrade() -> None:
    op.execute(
        "DELETE FROM epa_competencies one USING epa_competencies earlier WHERE earlier.epa_id = one.epa_id "
        "AND earlier.domain_id = one.domain_id AND earlier.position < one.position"
    )
    op.drop_index("ix_epa_competencies_domain_id", table_name="epa_competencies")
    op.drop_constraint("pk_epa_competencies", "epa_competencies")
    op.create_primary_key("pk_epa_competencies", "epa_competencies", ["epa_id", "domain_id"])
    op.drop_column("epa_competencies", "element_key")
    op.drop_column("scale_levels", "questions")
    op.drop_constraint(PARENT, "epas")
    op.drop_column("epas", "study_load")
    op.drop_column("epas", "entry_requirements")
    op.drop_column("epas", "parent_key")
