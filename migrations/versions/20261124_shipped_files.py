"""Keep the shared files as they shipped last, beside what people here made of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20261124_shipped_files"
down_revision: str | None = "20261124_notices"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("catalogue_files", sa.Column("shipped", postgresql.JSONB(none_as_null=True), nullable=True))


def downgrade() -> None:
    op.drop_column("catalogue_files", "shipped")
