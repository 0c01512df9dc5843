"""Make the tables of drafts, and of who owns, publishes and retires programme versions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20261122_authoring"
down_revision: str | None = "20261122_job_queue"
branch_labels = None
depends_on = None

TABLES = ("programme_owners", "publications", "retirements", "drafts", "draft_parts", "draft_edits", "draft_reviews")
KEPT = ("draft_edits", "draft_reviews", "publications", "retirements")


def upgrade() -> None:
    op.create_table(
        "programme_owners",
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("alliance_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "num_nonnulls(organisation_id, alliance_id) = 1", name=op.f("ck_programme_owners_one_owner")
        ),
        sa.ForeignKeyConstraint(["alliance_id"], ["alliances.id"], name=op.f("fk_programme_owners_alliance_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_programme_owners_organisation_id")
        ),
        sa.ForeignKeyConstraint(["programme_id"], ["programmes.id"], name=op.f("fk_programme_owners_programme_id")),
        sa.PrimaryKeyConstraint("programme_id", name=op.f("pk_programme_owners")),
    )
    op.create_index(op.f("ix_programme_owners_alliance_id"), "programme_owners", ["alliance_id"], unique=False)
    op.create_index(op.f("ix_programme_owners_organisation_id"), "programme_owners", ["organisation_id"], unique=False)
    op.create_table(
        "publications",
        sa.Column("programme_version_id", sa.Uuid(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("published_by_id", sa.Uuid(), nullable=False),
        sa.Column("reviewed_by_id", sa.Uuid(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_version_id"], ["programme_versions.id"], name=op.f("fk_publications_programme_version_id")
        ),
        sa.ForeignKeyConstraint(["published_by_id"], ["users.id"], name=op.f("fk_publications_published_by_id")),
        sa.ForeignKeyConstraint(["reviewed_by_id"], ["users.id"], name=op.f("fk_publications_reviewed_by_id")),
        sa.PrimaryKeyConstraint("programme_version_id", name=op.f("pk_publications")),
    )
    op.create_table(
        "retirements",
        sa.Column("programme_version_id", sa.Uuid(), nullable=False),
        sa.Column("retired_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("retired_by_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_retirements_has_reason")),
        sa.ForeignKeyConstraint(
            ["programme_version_id"], ["programme_versions.id"], name=op.f("fk_retirements_programme_version_id")
        ),
        sa.ForeignKeyConstraint(["retired_by_id"], ["users.id"], name=op.f("fk_retirements_retired_by_id")),
        sa.PrimaryKeyConstraint("programme_version_id", name=op.f("pk_retirements")),
    )
    op.create_table(
        "drafts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("programme_key", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("title", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("based_on_id", sa.Uuid(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("alliance_id", sa.Uuid(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "in_review",
                "approved",
                "published",
                "discarded",
                name="draft_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("created_by_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_by_id", sa.Uuid(), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_by_id", sa.Uuid(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_version_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'published') = (published_version_id IS NOT NULL)", name=op.f("ck_drafts_published_has_version")
        ),
        sa.CheckConstraint(
            "(submitted_by_id IS NULL) = (submitted_at IS NULL)", name=op.f("ck_drafts_submission_whole")
        ),
        sa.CheckConstraint("num_nonnulls(organisation_id, alliance_id) = 1", name=op.f("ck_drafts_one_owner")),
        sa.ForeignKeyConstraint(["alliance_id"], ["alliances.id"], name=op.f("fk_drafts_alliance_id")),
        sa.ForeignKeyConstraint(["based_on_id"], ["programme_versions.id"], name=op.f("fk_drafts_based_on_id")),
        sa.ForeignKeyConstraint(["created_by_id"], ["users.id"], name=op.f("fk_drafts_created_by_id")),
        sa.ForeignKeyConstraint(["edited_by_id"], ["users.id"], name=op.f("fk_drafts_edited_by_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_drafts_organisation_id")),
        sa.ForeignKeyConstraint(
            ["published_version_id"], ["programme_versions.id"], name=op.f("fk_drafts_published_version_id")
        ),
        sa.ForeignKeyConstraint(["submitted_by_id"], ["users.id"], name=op.f("fk_drafts_submitted_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drafts")),
        sa.UniqueConstraint("published_version_id", name=op.f("uq_drafts_published_version_id")),
    )
    op.create_index(op.f("ix_drafts_alliance_id"), "drafts", ["alliance_id"], unique=False)
    op.create_index(op.f("ix_drafts_based_on_id"), "drafts", ["based_on_id"], unique=False)
    op.create_index(op.f("ix_drafts_organisation_id"), "drafts", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_drafts_programme_key"), "drafts", ["programme_key"], unique=False)
    op.create_table(
        "draft_parts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("section", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("data", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("edited_by_id", sa.Uuid(), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["drafts.id"], name=op.f("fk_draft_parts_draft_id")),
        sa.ForeignKeyConstraint(["edited_by_id"], ["users.id"], name=op.f("fk_draft_parts_edited_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_parts")),
    )
    op.create_index(
        "ix_draft_parts_draft_id_section_position", "draft_parts", ["draft_id", "section", "position"], unique=False
    )
    op.create_table(
        "draft_edits",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("part_id", sa.Uuid(), nullable=False),
        sa.Column("section", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "saved",
                "conflicting",
                "removed",
                name="edit_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("data", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("edited_by_id", sa.Uuid(), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["drafts.id"], name=op.f("fk_draft_edits_draft_id")),
        sa.ForeignKeyConstraint(["edited_by_id"], ["users.id"], name=op.f("fk_draft_edits_edited_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_edits")),
    )
    op.create_index("ix_draft_edits_draft_id_id", "draft_edits", ["draft_id", "id"], unique=False)
    op.create_index(
        "uq_draft_edits_part_id_revision",
        "draft_edits",
        ["part_id", "revision"],
        unique=True,
        postgresql_where=sa.text("kind = 'saved'"),
    )
    op.create_table(
        "draft_reviews",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column(
            "verdict",
            sa.Enum("approved", "sent_back", name="verdict", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("remark", sa.String(), nullable=False),
        sa.Column("content_hash", sa.LargeBinary(), nullable=False),
        sa.Column("reviewed_by_id", sa.Uuid(), nullable=False),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["drafts.id"], name=op.f("fk_draft_reviews_draft_id")),
        sa.ForeignKeyConstraint(["reviewed_by_id"], ["users.id"], name=op.f("fk_draft_reviews_reviewed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_reviews")),
    )
    op.create_index(op.f("ix_draft_reviews_draft_id"), "draft_reviews", ["draft_id"], unique=False)
    for table in KEPT:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
