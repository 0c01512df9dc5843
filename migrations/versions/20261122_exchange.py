"""Make the tables of imports with their previews, and of framework packages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20261122_exchange"
down_revision: str | None = "20261122_moves"
branch_labels = None
depends_on = None

TABLES = ("imports", "import_lines", "packages", "package_items", "package_associations", "package_definitions")


def upgrade() -> None:
    op.create_table(
        "imports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("alliance_id", sa.Uuid(), nullable=True),
        sa.Column("uploaded_by_id", sa.Uuid(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("codec", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "reading",
                "ready",
                "refused",
                "applying",
                "applied",
                "failed",
                name="import_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "kind",
            sa.Enum("programme", "package", name="import_kind", native_enum=False, create_constraint=True, length=40),
            nullable=True,
        ),
        sa.Column("title", sa.String(), nullable=True),
        sa.Column("target_key", sa.String(), nullable=True),
        sa.Column("base_hash", sa.LargeBinary(), nullable=True),
        sa.Column("base_changed", sa.Boolean(), nullable=False),
        sa.Column("counts", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("result_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(applied_at IS NULL) = (state <> 'applied')", name=op.f("ck_imports_applied_at_fits_state")
        ),
        sa.CheckConstraint("num_nonnulls(organisation_id, alliance_id) = 1", name=op.f("ck_imports_one_place")),
        sa.ForeignKeyConstraint(["alliance_id"], ["alliances.id"], name=op.f("fk_imports_alliance_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_imports_organisation_id")),
        sa.ForeignKeyConstraint(["uploaded_by_id"], ["users.id"], name=op.f("fk_imports_uploaded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
    )
    op.create_index(op.f("ix_imports_alliance_id"), "imports", ["alliance_id"], unique=False)
    op.create_index(op.f("ix_imports_organisation_id"), "imports", ["organisation_id"], unique=False)
    op.create_index("ix_imports_uploaded_at", "imports", ["uploaded_at"], unique=False)
    op.create_table(
        "import_lines",
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "change",
            sa.Enum(
                "new",
                "changed",
                "removed",
                "unchanged",
                "problem",
                "remark",
                name="change",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("fields", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["imports.id"], name=op.f("fk_import_lines_import_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("import_id", "position", name=op.f("pk_import_lines")),
    )
    op.create_index(
        "ix_import_lines_import_id_change_position", "import_lines", ["import_id", "change", "position"], unique=False
    )
    op.create_table(
        "packages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("alliance_id", sa.Uuid(), nullable=True),
        sa.Column("programme_version_id", sa.Uuid(), nullable=True),
        sa.Column("identifier", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("creator", sa.String(), nullable=True),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("codec", sa.String(), nullable=False),
        sa.Column("document", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("rest", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("item_count", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.LargeBinary(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "num_nonnulls(organisation_id, alliance_id, programme_version_id) = 1", name=op.f("ck_packages_one_origin")
        ),
        sa.ForeignKeyConstraint(["alliance_id"], ["alliances.id"], name=op.f("fk_packages_alliance_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_packages_organisation_id")),
        sa.ForeignKeyConstraint(
            ["programme_version_id"], ["programme_versions.id"], name=op.f("fk_packages_programme_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_packages")),
        sa.UniqueConstraint("programme_version_id", name=op.f("uq_packages_programme_version_id")),
    )
    op.create_index(op.f("ix_packages_identifier"), "packages", ["identifier"], unique=False)
    op.create_index("uq_packages_alliance_id_identifier", "packages", ["alliance_id", "identifier"], unique=True)
    op.create_index(
        "uq_packages_organisation_id_identifier", "packages", ["organisation_id", "identifier"], unique=True
    )
    op.create_table(
        "package_associations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("package_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("identifier", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("destination", sa.String(), nullable=False),
        sa.Column("data", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["package_id"], ["packages.id"], name=op.f("fk_package_associations_package_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_package_associations")),
        sa.UniqueConstraint("package_id", "identifier", name=op.f("uq_package_associations_package_id_identifier")),
    )
    op.create_index(op.f("ix_package_associations_identifier"), "package_associations", ["identifier"], unique=False)
    op.create_index(
        "ix_package_associations_package_id_destination",
        "package_associations",
        ["package_id", "destination"],
        unique=False,
    )
    op.create_index(
        "ix_package_associations_package_id_origin", "package_associations", ["package_id", "origin"], unique=False
    )
    op.create_table(
        "package_definitions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("package_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "item",
                "association",
                "concept",
                "subject",
                "licence",
                "item_type",
                "grouping",
                "rubric",
                name="node_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("identifier", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("data", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["package_id"], ["packages.id"], name=op.f("fk_package_definitions_package_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_package_definitions")),
        sa.UniqueConstraint(
            "package_id", "kind", "identifier", name=op.f("uq_package_definitions_package_id_kind_identifier")
        ),
    )
    op.create_index(op.f("ix_package_definitions_identifier"), "package_definitions", ["identifier"], unique=False)
    op.create_table(
        "package_items",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("package_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("tree_position", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.Column("children", sa.Integer(), nullable=False),
        sa.Column("identifier", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=True),
        sa.Column("statement", sa.String(), nullable=False),
        sa.Column("item_type", sa.String(), nullable=True),
        sa.Column("data", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["package_id"], ["packages.id"], name=op.f("fk_package_items_package_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_package_items")),
        sa.UniqueConstraint("package_id", "identifier", name=op.f("uq_package_items_package_id_identifier")),
    )
    op.create_index(op.f("ix_package_items_identifier"), "package_items", ["identifier"], unique=False)
    op.create_index(
        "ix_package_items_package_id_parent_id_tree_position",
        "package_items",
        ["package_id", "parent_id", "tree_position"],
        unique=False,
    )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
