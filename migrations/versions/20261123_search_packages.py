"""Let framework packages be found: by the people of their place, and open ones by everybody who reads packages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "20261123_search_packages"
down_revision: str | None = "20261123_recognised_parts"
branch_labels = None
depends_on = None

KINDS = ("programme", "epa", "competency")


def upgrade() -> None:
    _hold_kinds((*KINDS, "package"))
    op.add_column("search_entries", sa.Column("place_id", sa.Uuid(), nullable=True))
    op.add_column("search_entries", sa.Column("is_open", sa.Boolean(), nullable=False, server_default=sa.text("true")))
    op.alter_column("search_entries", "is_open", server_default=None)


def downgrade() -> None:
    op.execute("DELETE FROM search_entries WHERE kind = 'package'")
    op.drop_column("search_entries", "is_open")
    op.drop_column("search_entries", "place_id")
    _hold_kinds(KINDS)


def _hold_kinds(kinds: tuple[str, ...]) -> None:
    name = op.f("ck_search_entries_entry_kind")
    op.drop_constraint(name, "search_entries")
    op.create_check_constraint(name, "search_entries", sa.column("kind").in_(kinds))
