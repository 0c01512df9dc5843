"""Make the tables of the files with activities, and of those that are on their way."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "20261124_evidence"
down_revision: str | None = "20261124_contexts"
branch_labels = None
depends_on = None

KINDS = ("pdf", "jpeg", "png", "webp", "docx", "xlsx", "pptx", "odt", "ods", "odp")


def upgrade() -> None:
    op.create_table(
        "evidence_files",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(*KINDS, name="file_kind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("given_hash", sa.LargeBinary(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_by_id", sa.Uuid(), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("size > 0", name=op.f("ck_evidence_files_size_positive")),
        sa.CheckConstraint(
            "octet_length(hash) = 32 AND octet_length(given_hash) = 32", name=op.f("ck_evidence_files_hashes_whole")
        ),
        sa.CheckConstraint(
            "(removed_at IS NULL) = (removed_by_id IS NULL)", name=op.f("ck_evidence_files_removed_by_somebody")
        ),
        sa.CheckConstraint(
            "erased_at IS NULL OR removed_at IS NOT NULL", name=op.f("ck_evidence_files_erased_after_removal")
        ),
        sa.ForeignKeyConstraint(["activity_id"], ["activities.id"], name=op.f("fk_evidence_files_activity_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_evidence_files_organisation_id")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name=op.f("fk_evidence_files_owner_id")),
        sa.ForeignKeyConstraint(["removed_by_id"], ["users.id"], name=op.f("fk_evidence_files_removed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_files")),
    )
    op.create_index(
        "uq_evidence_files_activity_id_given_hash",
        "evidence_files",
        ["activity_id", "given_hash"],
        unique=True,
        postgresql_where=sa.text("removed_at IS NULL"),
    )
    op.create_index(op.f("ix_evidence_files_activity_id"), "evidence_files", ["activity_id"])
    op.create_index("ix_evidence_files_organisation_id_hash", "evidence_files", ["organisation_id", "hash"])
    op.create_index(
        "ix_evidence_files_to_erase",
        "evidence_files",
        ["removed_at"],
        postgresql_where=sa.text("removed_at IS NOT NULL AND erased_at IS NULL"),
    )
    op.create_table(
        "uploads",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("received", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("size > 0 AND received BETWEEN 0 AND size", name=op.f("ck_uploads_received_fits_size")),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name=op.f("fk_uploads_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uploads")),
    )
    op.create_index(op.f("ix_uploads_owner_id"), "uploads", ["owner_id"])
    op.create_index(op.f("ix_uploads_started_at"), "uploads", ["started_at"])


def downgrade() -> None:
    op.drop_table("uploads")
    op.drop_table("evidence_files")
