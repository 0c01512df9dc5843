"""Keep with every review what the draft was bound to outside itself, and who wrote a draft since it was approved."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20261123_binding"
down_revision: str | None = "20261123_package_files"
branch_labels = None
depends_on = None

WRITERS = """
INSERT INTO draft_writers (draft_id, user_id)
SELECT id, edited_by_id FROM drafts
UNION
SELECT draft_id, edited_by_id FROM draft_edits WHERE kind <> 'conflicting'
"""
"""Everybody who ever wrote in a draft: until now only the last of them was barred from reviewing it."""


def upgrade() -> None:
    op.add_column(
        "draft_reviews",
        sa.Column("bindings", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
    )
    op.create_table(
        "draft_writers",
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["drafts.id"], name=op.f("fk_draft_writers_draft_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_draft_writers_user_id")),
        sa.PrimaryKeyConstraint("draft_id", "user_id", name=op.f("pk_draft_writers")),
    )
    op.execute(WRITERS)


def downgrade() -> None:
    op.drop_table("draft_writers")
    op.drop_column("draft_reviews", "bindings")
