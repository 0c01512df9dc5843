"""Say of no EPA that is followed that its declaration holds elsewhere, as was said of parts of a split."""

from __future__ import annotations

from alembic import op

revision: str = "20261123_recognised_parts"
down_revision: str | None = "20261123_binding"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """UPDATE standings SET is_recognised = false
           FROM enrolments, decisions, epas
           WHERE standings.is_recognised AND enrolments.id = standings.enrolment_id
             AND decisions.id = standings.decision_id AND epas.id = standings.epa_id
             AND (decisions.epa_id <> standings.epa_id
               OR epas.programme_version_id = enrolments.programme_version_id
               OR EXISTS (SELECT FROM epa_references WHERE epa_references.epa_id = standings.epa_id
                    AND epa_references.programme_version_id = enrolments.programme_version_id))"""
    )


def downgrade() -> None:
    op.execute(
        """UPDATE standings SET is_recognised = true
           FROM enrolments
           WHERE NOT standings.is_recognised AND enrolments.id = standings.enrolment_id
             AND EXISTS (SELECT FROM recognitions WHERE recognitions.decision_id = standings.decision_id
                  AND recognitions.epa_id <> standings.epa_id
                  AND recognitions.enrolment_move_id = enrolments.move_id)"""
    )
