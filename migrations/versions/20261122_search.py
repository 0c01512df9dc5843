"""The search index over programmes, EPAs and competencies, and the words that occur in it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20261122_search"
down_revision: str | None = "20261122_authoring"
branch_labels = None
depends_on = None


def lexemes(language: str) -> sa.Computed:
    parts = [
        f"""setweight(to_tsvector('{dictionary}'::regconfig, {language}_{part}), '{weight}'::"char")"""
        for part, weight in (("title", "A"), ("summary", "B"), ("text", "C"))
        for dictionary in (language, "simple")
    ]
    return sa.Computed(" || ".join(parts), persisted=True)


def upgrade() -> None:
    texts = [f"{language}_{part}" for language in ("dutch", "english") for part in ("title", "summary", "text")]
    op.create_table(
        "search_entries",
        sa.Column("target_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "programme",
                "epa",
                "competency",
                name="entry_kind",
                native_enum=False,
                length=40,
                create_constraint=True,
            ),
            nullable=False,
        ),
        sa.Column("programme_version_id", sa.Uuid(), nullable=True),
        sa.Column("code", sa.String(), nullable=True),
        sa.Column("title", postgresql.JSONB(), nullable=False),
        sa.Column("place", postgresql.JSONB(), nullable=False),
        sa.Column("passages", postgresql.JSONB(), nullable=False),
        sa.Column("code_parts", postgresql.ARRAY(sa.Text()), nullable=False),
        *[sa.Column(text, sa.String(), nullable=False) for text in texts],
        sa.Column(
            "codes",
            postgresql.TSVECTOR(),
            sa.Computed("array_to_tsvector(code_parts)", persisted=True),
            nullable=False,
        ),
        sa.Column("dutch", postgresql.TSVECTOR(), lexemes("dutch"), nullable=False),
        sa.Column("english", postgresql.TSVECTOR(), lexemes("english"), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_version_id"],
            ["programme_versions.id"],
            name=op.f("fk_search_entries_programme_version_id"),
        ),
        sa.PrimaryKeyConstraint("target_id", name=op.f("pk_search_entries")),
    )
    op.create_index(op.f("ix_search_entries_programme_version_id"), "search_entries", ["programme_version_id"])
    for vector in ("codes", "dutch", "english"):
        op.create_index(f"ix_search_entries_{vector}", "search_entries", [vector], postgresql_using="gin")
    op.create_table(
        "search_words",
        sa.Column("word", sa.String(), nullable=False),
        sa.Column("written", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("word", name=op.f("pk_search_words")),
    )


def downgrade() -> None:
    op.drop_table("search_words")
    op.drop_table("search_entries")
