"""The files that an activity holds: added and taken away until somebody assesses it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from competencies.errors import RuleBroken
from lms.accounts.models import User
from lms.evidence import actions
from lms.evidence.models import EvidenceFile
from lms.evidence.queries import same_file
from lms.evidence.receiving import Received
from lms.logbook.models import Activity
from lms.organisations.models import Department


def add_file(session: Session, activity: Activity, given: Received, *, by: User, at: datetime) -> EvidenceFile:
    """Keep a file with an activity that nobody assessed yet; the same file again is the one that is there.

    It is kept with the files of the organisation where the activity was done. Raises `RuleBroken`.
    """
    is_rated = _is_rated(session, activity)
    if same := same_file(session, activity.id, given.file.given_digest):
        return same
    if is_rated:
        raise RuleBroken("activity_rated")
    place = select(Department.organisation_id).where(Department.id == activity.department_id)
    return actions.keep(
        session,
        given.file,
        given.name,
        activity_id=activity.id,
        organisation_id=session.scalars(place).one(),
        trainee_id=activity.trainee_id,
        by=by,
        at=at,
    )


def remove_file(session: Session, activity: Activity, file: EvidenceFile, *, by: User, at: datetime) -> None:
    """Take a file away from an activity that nobody assessed yet; raise `RuleBroken` once somebody did."""
    if _is_rated(session, activity):
        raise RuleBroken("activity_rated")
    actions.remove(session, file, trainee_id=activity.trainee_id, by=by, at=at)


def _is_rated(session: Session, activity: Activity) -> bool:
    """Lock the activity and return whether somebody assessed it, as it is now."""
    rated_at = session.execute(select(Activity.rated_at).where(Activity.id == activity.id).with_for_update())
    return rated_at.scalar_one() is not None
