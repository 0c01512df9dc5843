"""One correction in the demonstration: the trainee who can sign in had the wrong day for what the trainer assessed."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from competencies.observations import ActivityKind, AssessmentStatus
from lms.accounts.models import User
from lms.assessments.actions import correct
from lms.assessments.models import Assessment
from lms.cohorts.models import Enrolment
from lms.core.keys import keys_from
from lms.demo.chance import Chance
from lms.demo.noticing import keep_in_the_app
from lms.demo.story import SIGN_IN
from lms.logbook.actions import Account
from lms.logbook.models import Activity
from lms.logbook.values import Offered

TRAINER = "trainer@example.org"
REASON = "Ik had de dag van het invullen genomen; het was in de dienst van de dag ervoor."


def show_correction(session: Session, chance: Chance, *, today: date) -> None:
    """Let the trainee put the day right of the last thing that the trainer assessed."""
    activity = session.scalar(_last_assessed())
    if activity is None:
        return
    account = Account(
        kind=activity.kind,
        performed_on=activity.performed_on - timedelta(days=1),
        department_id=activity.department_id,
        epa_ids=[epa.id for epa in activity.epas],
        note=activity.note,
        quantity=activity.quantity,
    )
    at = datetime.combine(today - timedelta(days=1), time(21, 40), UTC)
    with keys_from(lambda: UUID(str(chance.key(at)))):
        correct(
            session,
            activity,
            account,
            reason=REASON,
            seen=str(activity.version),
            offered=Offered({epa.id: epa for epa in activity.epas}, {activity.department_id: activity.department}, {}),
            by=activity.trainee,
            at=at,
        )
        session.flush()
    keep_in_the_app(session)


def _last_assessed() -> Select[Activity]:
    trainee, trainer = (select(User.id).where(User.email == email).scalar_subquery() for email in (SIGN_IN, TRAINER))
    return (
        select(Activity)
        .join(Assessment, Assessment.activity_id == Activity.id)
        .join(Enrolment, Enrolment.id == Activity.enrolment_id)
        .where(
            Activity.trainee_id == trainee,
            Assessment.assessor_id == trainer,
            Assessment.status == AssessmentStatus.SUBMITTED,
            Activity.kind.not_in([ActivityKind.REFLECTION, ActivityKind.FEEDBACK_ROUND]),
            Activity.performed_on > Enrolment.starts_on,
        )
        .options(
            joinedload(Activity.trainee),
            joinedload(Activity.enrolment),
            joinedload(Activity.department),
            selectinload(Activity.epas),
        )
        .order_by(Assessment.answered_at.desc(), Assessment.id)
        .limit(1)
    )
