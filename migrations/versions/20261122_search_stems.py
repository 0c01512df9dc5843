"""The stems of the words of the search index, so that a page can mark what was asked for; the index fills again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "20261122_search_stems"
down_revision: str | None = "20261122_exchange"
branch_labels = None
depends_on = None


def upgrade() -> None:
    empty()
    for language in ("dutch", "english"):
        stem = f"(ts_lexize('{language}_stem'::regdictionary, word))[1]"
        op.add_column(
            "search_words", sa.Column(f"{language}_stem", sa.String(), sa.Computed(stem, persisted=True), nullable=True)
        )
        op.create_index(op.f(f"ix_search_words_{language}_stem"), "search_words", [f"{language}_stem"])


def downgrade() -> None:
    empty()
    for language in ("dutch", "english"):
        op.drop_index(op.f(f"ix_search_words_{language}_stem"), "search_words")
        op.drop_column("search_words", f"{language}_stem")


def empty() -> None:
    """Leave the index to be filled at the next start: words of any length belong in it now."""
    op.execute("DELETE FROM search_words")
    op.execute("DELETE FROM search_entries")
