"""What the worker does for moves: moves the trainees of a whole cohort, one after the other."""

from __future__ import annotations

from uuid import UUID

from procrastinate import RetryStrategy
from sqlalchemy.exc import OperationalError

from competencies.errors import RuleBroken
from lms.accounts.models import User
from lms.core import clock
from lms.core.db import transaction
from lms.core.jobs import jobs
from lms.core.logs import log
from lms.moves import actions, queries

AGAIN = RetryStrategy(max_attempts=3, wait=5, retry_exceptions={OperationalError})
"""When the database was away: who was moved already follows the old version no more, and is left out."""


@jobs.task(name="moves.move_cohort", retry=AGAIN)
def move_cohort(move_id: str, user_id: str, reason: str, enrolment_ids: str) -> None:
    """Move those trainees, whose keys have spaces between them.

    Each has a transaction of their own, so that nobody who assesses them has to wait for the others.
    """
    asked = enrolment_ids.split()
    refused = [one for one in asked if not _moved(UUID(move_id), UUID(user_id), UUID(one), reason)]
    log.info("cohort moved", move=move_id, asked=len(asked), refused=len(refused))


def _moved(move_id: UUID, user_id: UUID, enrolment_id: UUID, reason: str) -> bool:
    """Move one trainee; return False for who cannot be moved, and stays in the list where it says why."""
    try:
        with transaction() as session:
            move, by = queries.move_at_work(session, move_id), session.get_one(User, user_id)
            actions.move_trainees(
                session,
                move,
                queries.followers_by_id(session, move, [enrolment_id], by=user_id),
                versions=queries.both_versions(session, move.from_version_id, move.to_version_id),
                version=move.version,
                reason=reason,
                by=by,
                at=clock.now(),
            )
    except RuleBroken as broken:
        log.info("trainee not moved", move=str(move_id), enrolment=str(enrolment_id), code=broken.code)
        return False
    return True
