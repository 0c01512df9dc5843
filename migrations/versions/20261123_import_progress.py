"""Make the table of how far imports are, and let scales and the vocabulary be imported."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "20261123_import_progress"
down_revision: str | None = "20261122_attainments"
branch_labels = None
depends_on = None

KINDS = ("programme", "package")
SHARED = ("scales", "vocabulary")


def upgrade() -> None:
    op.create_table(
        "import_progress",
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column(
            "phase",
            sa.Enum(
                "waiting",
                "reading",
                "comparing",
                "keeping",
                "storing",
                name="import_phase",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.CheckConstraint("done BETWEEN 0 AND total", name=op.f("ck_import_progress_done_fits_total")),
        sa.ForeignKeyConstraint(
            ["import_id"], ["imports.id"], name=op.f("fk_import_progress_import_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("import_id", name=op.f("pk_import_progress")),
    )
    op.execute("INSERT INTO import_progress (import_id, phase, done, total) SELECT id, 'waiting', 0, 0 FROM imports")
    _hold_kinds((*KINDS, *SHARED))


def downgrade() -> None:
    op.execute("DELETE FROM imports WHERE kind IN ('scales', 'vocabulary')")
    _hold_kinds(KINDS)
    op.drop_table("import_progress")


def _hold_kinds(kinds: tuple[str, ...]) -> None:
    name = op.f("ck_imports_import_kind")
    op.drop_constraint(name, "imports")
    op.create_check_constraint(name, "imports", sa.column("kind").in_(kinds))
