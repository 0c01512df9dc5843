"""Give reflections tables of their own that only the writer, and whom they share with, can read.

Row security binds the owner of the tables as well, for that is the role of the application. What was written in the
logbook until now moves here; its lines there keep saying that there is a reflection.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "20261124_reflections"
down_revision: str | None = "20261124_shipped_files"
branch_labels = None
depends_on = None

READER = "NULLIF(current_setting('bekwaam.reader', true), '')::uuid"
OWN = f"USING (writer_id = {READER}) WITH CHECK (writer_id = {READER})"
SHARED = f"""FOR SELECT USING (EXISTS (
    SELECT FROM reflection_shares s
    WHERE s.reflection_id = reflections.id AND s.reader_id = {READER} AND s.revoked_at IS NULL
))"""
POLICIES = {
    "reflections": {"of_writer": OWN, "of_reader": SHARED},
    "reflection_shares": {
        "of_writer": OWN,
        "of_reader": f"FOR SELECT USING (reader_id = {READER} AND revoked_at IS NULL)",
    },
}

MOVE = """
INSERT INTO reflections (id, writer_id, text, line_id, created_at, changed_at, version)
SELECT id, trainee_id, note, id, created_at, created_at, 1
FROM activities WHERE kind = 'reflection' AND note NOT IN ('', 'Reflectie')
"""
"""A reflection that was moved has the key of its line, which is as good as any."""
MOVE_BACK = "UPDATE activities a SET note = r.text FROM reflections r WHERE r.line_id = a.id"


def upgrade() -> None:
    _make_reflections()
    _make_shares()
    op.execute(MOVE)
    op.execute("UPDATE activities SET note = 'Reflectie' WHERE kind = 'reflection'")
    op.execute(
        "ALTER TABLE activities ADD CONSTRAINT ck_activities_reflection_says_nothing "
        "CHECK (kind <> 'reflection' OR note IN ('', 'Reflectie')) NOT VALID"
    )
    for table, policies in POLICIES.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
        for name, rule in policies.items():
            op.execute(f"CREATE POLICY {name} ON {table} {rule}")


def _make_reflections() -> None:
    op.create_table(
        "reflections",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("writer_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("about_id", sa.Uuid(), nullable=True),
        sa.Column("line_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("text <> ''", name=op.f("ck_reflections_something_written")),
        sa.ForeignKeyConstraint(["about_id"], ["activities.id"], name=op.f("fk_reflections_about_id")),
        sa.ForeignKeyConstraint(["line_id"], ["activities.id"], name=op.f("fk_reflections_line_id")),
        sa.ForeignKeyConstraint(["writer_id"], ["users.id"], name=op.f("fk_reflections_writer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reflections")),
        sa.UniqueConstraint("id", "writer_id", name=op.f("uq_reflections_id_writer_id")),
        sa.UniqueConstraint("line_id", name=op.f("uq_reflections_line_id")),
    )
    op.create_index(op.f("ix_reflections_about_id"), "reflections", ["about_id"])
    op.create_index("ix_reflections_writer_id_created_at", "reflections", ["writer_id", "created_at", "id"])


def _make_shares() -> None:
    op.create_table(
        "reflection_shares",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reflection_id", sa.Uuid(), nullable=False),
        sa.Column("writer_id", sa.Uuid(), nullable=False),
        sa.Column("reader_id", sa.Uuid(), nullable=False),
        sa.Column("shared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("reader_id <> writer_id", name=op.f("ck_reflection_shares_with_somebody_else")),
        sa.CheckConstraint("revoked_at >= shared_at", name=op.f("ck_reflection_shares_moments_in_order")),
        sa.ForeignKeyConstraint(["reader_id"], ["users.id"], name=op.f("fk_reflection_shares_reader_id")),
        sa.ForeignKeyConstraint(
            ["reflection_id", "writer_id"],
            ["reflections.id", "reflections.writer_id"],
            name=op.f("fk_reflection_shares_reflection_id_writer_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reflection_shares")),
    )
    op.create_index("ix_reflection_shares_reader_id", "reflection_shares", ["reader_id"])
    op.create_index(
        "uq_reflection_shares_open",
        "reflection_shares",
        ["reflection_id", "reader_id"],
        unique=True,
        postgresql_where=sa.text("revoked_at IS NULL"),
    )


def downgrade() -> None:
    """Put what is counted back into the logbook; what was written apart from it has no place there and is lost."""
    op.execute("ALTER TABLE reflections DISABLE ROW LEVEL SECURITY")
    op.drop_constraint(op.f("ck_activities_reflection_says_nothing"), "activities", type_="check")
    op.execute(MOVE_BACK)
    op.execute("DROP POLICY of_reader ON reflections")
    op.drop_table("reflection_shares")
    op.drop_table("reflections")
