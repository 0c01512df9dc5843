"""Hold every line of a reflection, also those of before, to saying nothing of what was written."""

from __future__ import annotations

from alembic import op

revision: str = "20261124_reflection_lines"
down_revision: str | None = "20261124_reflections"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # In a transaction of its own: others go on working while the lines are looked at.
    op.execute("ALTER TABLE activities VALIDATE CONSTRAINT ck_activities_reflection_says_nothing")


def downgrade() -> None:
    """Nothing to undo: a constraint is not made doubtful again."""
