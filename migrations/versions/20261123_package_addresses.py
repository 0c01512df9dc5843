"""Note when a package was opened: the first with an identifier keeps the common address."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "20261123_package_addresses"
down_revision: str | None = "20261123_import_progress"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("packages", sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE packages SET opened_at = changed_at WHERE public")
    op.create_check_constraint(op.f("ck_packages_opened_at_fits_public"), "packages", "(opened_at IS NULL) <> public")


def downgrade() -> None:
    op.drop_constraint(op.f("ck_packages_opened_at_fits_public"), "packages")
    op.drop_column("packages", "opened_at")
