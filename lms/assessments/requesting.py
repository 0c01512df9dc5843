"""What every assessment begins as, asked by a trainee or begun by its assessor."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from competencies.errors import RuleBroken
from competencies.observations import AssessmentStatus
from competencies.requests import Offer
from competencies.scales import Direction
from lms.accounts.models import User
from lms.assessments.models import Assessment
from lms.curriculum.models import Epa
from lms.curriculum.queries import latest_form
from lms.logbook.models import Activity


def request_of(
    activity: Activity, epa: Epa, offer: Offer, scale_id: UUID | None, assessor_id: UUID, at: datetime
) -> Assessment:
    """Return a request that is not stored yet."""
    return Assessment(
        activity_id=activity.id,
        enrolment_id=activity.enrolment_id,
        trainee_id=activity.trainee_id,
        epa_id=epa.id,
        assessor_id=assessor_id,
        instrument_key=offer.instrument,
        form_key=offer.form,
        scale_id=scale_id,
        direction=Direction.RETROSPECTIVE,
        status=AssessmentStatus.REQUESTED,
        requested_at=at,
    )


def give_form(session: Session, assessment: Assessment, form_id: UUID | None) -> None:
    """Let the request keep its form: the programme's, else the newest version of the instrument's, now and for ever."""
    shared = latest_form(session, assessment.instrument_key)
    if shared is not None:
        assessment.direction = shared.direction
    assessment.form_id = form_id
    assessment.instrument_form_id = shared.id if shared is not None and form_id is None else None


def add(session: Session, asked: Assessment, assessor: User) -> None:
    """Store the request; the database refuses a second one to the same person, however fast a finger taps."""
    try:
        with session.begin_nested():
            session.add(asked)
    except IntegrityError as taken:
        raise RuleBroken("already_asked", assessor=assessor.name) from taken
