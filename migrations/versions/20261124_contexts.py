"""Keep which patient groups, complexities and settings a programme names, and in which an activity was done."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20261124_contexts"
down_revision: str | None = "20261124_activity_versions"
branch_labels = None
depends_on = None

WITH_CONTEXTS = ("activities", "activity_versions")


def upgrade() -> None:
    op.add_column("programme_versions", sa.Column("contexts", postgresql.JSONB(none_as_null=True), nullable=True))
    for table in WITH_CONTEXTS:
        chosen = sa.Column(
            "contexts", postgresql.JSONB(none_as_null=True), server_default=sa.text("'{}'::jsonb"), nullable=False
        )
        op.add_column(table, chosen)


def downgrade() -> None:
    for table in WITH_CONTEXTS:
        op.drop_column(table, "contexts")
    op.drop_column("programme_versions", "contexts")
