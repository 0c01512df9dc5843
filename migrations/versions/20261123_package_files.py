"""Make the table of packages as files, written once for everybody who asks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "20261123_package_files"
down_revision: str | None = "20261123_package_addresses"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "package_files",
        sa.Column("package_id", sa.Uuid(), nullable=False),
        sa.Column("content_hash", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["package_id"], ["packages.id"], name=op.f("fk_package_files_package_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("package_id", name=op.f("pk_package_files")),
    )


def downgrade() -> None:
    op.drop_table("package_files")
