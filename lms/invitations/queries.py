"""What is asked about invitations."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from competencies.observations import AssessmentStatus
from competencies.requests import Offer, same_way
from competencies.scales import Direction
from lms.assessments.models import Assessment
from lms.assessments.queries import one_in_full, ways_for
from lms.cohorts.models import Cohort, Enrolment
from lms.curriculum.models import AssessmentInstrument, Epa, RatingScale
from lms.curriculum.queries import latest_form, scales_by_id
from lms.invitations.models import Invitation
from lms.invitations.tokens import Named, Purpose, is_token_of
from lms.invitations.values import Way
from lms.logbook.models import Activity
from lms.organisations.models import Department


def opened_by(session: Session, purpose: Purpose, named: Named, token: str) -> Invitation | None:
    """Return the invitation that a token opens: the one it names, of that organisation, where this is its token."""
    found = session.scalar(
        select(Invitation).where(
            Invitation.id == named.invitation_id, Invitation.organisation_id == named.organisation_id
        )
    )
    if found is None:
        return None
    kept = found.token_hash if purpose is Purpose.ANSWER else found.receipt_hash
    return found if is_token_of(token, kept) else None


def asked_by_link(session: Session, invitation: Invitation) -> Assessment:
    """Return what is asked, with all that its answer needs.

    Behind a code there is no request yet: then it is one that nobody stored, about what the code is for.
    """
    if invitation.assessment_id is not None:
        stored = one_in_full(session, invitation.assessment_id)
        assert stored is not None, "an invitation keeps its request"  # noqa: S101
        return stored
    activity = _activity(session, invitation.activity_id)
    return Assessment(
        activity=activity,
        activity_id=activity.id,
        enrolment=activity.enrolment,
        enrolment_id=activity.enrolment_id,
        trainee=activity.trainee,
        trainee_id=activity.trainee_id,
        epa=session.scalars(
            select(Epa).where(Epa.id == invitation.epa_id).options(selectinload(Epa.requirements))
        ).one(),
        epa_id=invitation.epa_id,
        instrument=session.get_one(AssessmentInstrument, invitation.instrument_key),
        instrument_key=invitation.instrument_key,
        form_key=invitation.form_key,
        scale=_scale(session, invitation.scale_id),
        scale_id=invitation.scale_id,
        form=None,
        instrument_form=(shared := latest_form(session, invitation.instrument_key)),
        direction=shared.direction if shared else Direction.RETROSPECTIVE,
        status=AssessmentStatus.REQUESTED,
        requested_at=invitation.made_at,
        version=1,
    )


def _activity(session: Session, activity_id: UUID) -> Activity:
    return session.scalars(
        select(Activity)
        .where(Activity.id == activity_id)
        .options(
            selectinload(Activity.epas),
            joinedload(Activity.trainee),
            joinedload(Activity.department).joinedload(Department.organisation),
            joinedload(Activity.enrolment).joinedload(Enrolment.cohort).joinedload(Cohort.organisation),
        )
    ).one()


def _scale(session: Session, scale_id: UUID | None) -> RatingScale | None:
    return scales_by_id(session, [scale_id])[scale_id] if scale_id else None


def way_of_code(session: Session, invitation: Invitation, asked: Assessment) -> Way:
    """Return in which way a code asks, as it can be asked now; `asked` is what it asks, with the EPAs of the activity.

    Raises `RuleBroken` instrument_not_offered where it no longer can.
    """
    ways = ways_for(session, asked.activity)
    offers = ways.offers.get(invitation.epa_id, ())
    offer: Offer = same_way(offers, invitation.instrument_key, invitation.form_key)
    return Way(epa=asked.epa, offer=offer, offers=offers, scale_id=invitation.scale_id)


def one_of_trainee(session: Session, trainee_id: UUID, invitation_id: UUID) -> Invitation | None:
    """Return an invitation about an activity of the trainee's own, with its activity and request."""
    return session.scalar(
        select(Invitation)
        .join(Invitation.activity)
        .where(Invitation.id == invitation_id, Activity.trainee_id == trainee_id)
        .options(
            joinedload(Invitation.activity).joinedload(Activity.trainee),
            joinedload(Invitation.assessment).joinedload(Assessment.assessor),
        )
    )


def count_open(session: Session, trainee_id: UUID, *, at: datetime) -> int:
    """Return how many links of a trainee can still be answered."""
    pending = select(func.count()).select_from(Invitation).join(Invitation.activity).outerjoin(Invitation.assessment)
    mine = pending.where(
        Activity.trainee_id == trainee_id,
        Invitation.expires_at > at,
        Invitation.answered_at.is_(None),
        Invitation.withdrawn_at.is_(None),
        or_(Assessment.id.is_(None), Assessment.status == AssessmentStatus.REQUESTED),
    )
    return session.scalar(mine) or 0


def of_request(session: Session, assessment_id: UUID) -> Invitation | None:
    """Return the invitation that belongs to a request, with its activity."""
    return session.scalar(
        select(Invitation).where(Invitation.assessment_id == assessment_id).options(joinedload(Invitation.activity))
    )
