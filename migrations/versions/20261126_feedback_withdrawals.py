"""Let who answered be asked no more as well: refusing that would tell who answered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "20261126_feedback_withdrawals"
down_revision: str | None = "20261126_concerns"
branch_labels = None
depends_on = None

CHECK = "ck_feedback_raters_withdrawn_unanswered"


def upgrade() -> None:
    op.drop_constraint(op.f(CHECK), "feedback_raters", type_="check")


def downgrade() -> None:
    op.execute(sa.text("UPDATE feedback_raters SET withdrawn_at = NULL WHERE has_answered"))
    op.create_check_constraint(op.f(CHECK), "feedback_raters", "NOT (has_answered AND withdrawn_at IS NOT NULL)")
