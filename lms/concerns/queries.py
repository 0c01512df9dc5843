"""What is asked about concerns: each question holds to who guides the trainee today, and nobody else.

Those are the trainers who are named on the enrolment and the lead of its cohort, each while they hold the role. Another
programme lead, the committee, an administrator, an auditor and a coordinator have none.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload, selectinload

from competencies.concerns import ConcernStep
from competencies.people import Role
from lms.accounts.models import User
from lms.cohorts.models import Cohort, Enrolment
from lms.cohorts.queries import current_trainers, guided_by
from lms.concerns.models import Concern, ConcernEntry
from lms.curriculum.models import ProgrammeVersion
from lms.notices.models import Notice, NoticeKind
from lms.organisations.models import RoleAssignment
from lms.organisations.permissions import Duties
from lms.organisations.queries import current


def guided(duties: Duties) -> ColumnElement[bool]:
    """Return the condition that the person guides the enrolment today; nobody guides themselves."""
    led = select(Cohort.id).where(
        Cohort.lead_id == duties.user_id, Cohort.organisation_id.in_(duties.places(Role.PROGRAMME_LEAD))
    )
    guides = or_(guided_by(duties.user_id, on=duties.on), Enrolment.cohort_id.in_(led))
    return guides & (Enrolment.trainee_id != duties.user_id)


_WITH_PEOPLE = (
    joinedload(Enrolment.trainee),
    joinedload(Enrolment.programme_version).joinedload(ProgrammeVersion.programme),
)


def one_guided_enrolment(session: Session, duties: Duties, enrolment_id: UUID) -> Enrolment | None:
    """Return an enrolment that the person guides, with trainee and programme."""
    return session.scalar(select(Enrolment).where(Enrolment.id == enrolment_id, guided(duties)).options(*_WITH_PEOPLE))


def readers_of(session: Session, enrolment: Enrolment, *, on: date) -> Sequence[User]:
    """Return who reads concerns on this enrolment on a day: its trainers by name, then the lead."""
    has_ended = enrolment.ended_on is not None and enrolment.ended_on < on
    trainers = () if has_ended else current_trainers(session, enrolment.id, on=on)
    leads = session.scalars(
        select(User)
        .join(Cohort, Cohort.lead_id == User.id)
        .join(RoleAssignment, RoleAssignment.user_id == User.id)
        .where(
            Cohort.id == enrolment.cohort_id,
            User.disabled_at.is_(None),
            RoleAssignment.role == Role.PROGRAMME_LEAD,
            RoleAssignment.organisation_id == Cohort.organisation_id,
            current(RoleAssignment.starts_on, RoleAssignment.ends_on, on),
        )
    ).all()
    people = dict.fromkeys([*trainers, *leads])
    return [one for one in people if one.id != enrolment.trainee_id]


def concerns_of_guide(session: Session, duties: Duties, enrolment_id: UUID | None = None) -> Sequence[Concern]:
    """Return the concerns about those whom a person guides, or about one of them, the latest first, with trainees."""
    theirs = select(Concern).join(Concern.enrolment).where(guided(duties))
    if enrolment_id is not None:
        theirs = theirs.where(Concern.enrolment_id == enrolment_id)
    return session.scalars(_listed(theirs)).all()


def concerns_about(session: Session, trainee_id: UUID) -> Sequence[Concern]:
    """Return the concerns about a person that somebody talked over with them, the latest first."""
    return session.scalars(_listed(select(Concern).where(_talked_with(trainee_id)))).all()


def _listed(concerns: Select[Concern]) -> Select[Concern]:
    return concerns.options(
        joinedload(Concern.enrolment).joinedload(Enrolment.trainee),
        joinedload(Concern.written_by),
        selectinload(Concern.steps),
    ).order_by(Concern.written_at.desc(), Concern.id)


def _talked_with(trainee_id: UUID) -> ColumnElement[bool]:
    talked = exists().where(ConcernEntry.concern_id == Concern.id, ConcernEntry.step == ConcernStep.TALKED)
    return and_(Concern.trainee_id == trainee_id, talked)


def one_readable(session: Session, duties: Duties, concern_id: UUID) -> Concern | None:
    """Return a concern to who guides the trainee, and to the trainee once somebody talked with them; with all of it."""
    theirs = Concern.enrolment_id.in_(select(Enrolment.id).where(guided(duties)))
    return session.scalar(
        select(Concern)
        .where(Concern.id == concern_id, or_(theirs, _talked_with(duties.user_id)))
        .options(
            joinedload(Concern.enrolment).options(*_WITH_PEOPLE),
            joinedload(Concern.epa),
            joinedload(Concern.written_by),
            selectinload(Concern.steps).joinedload(ConcernEntry.by),
        )
    )


def overdue(session: Session, *, on: date) -> Sequence[Concern]:
    """Return the concerns whose next step is late, also where the enrolment has ended."""
    latest = aliased(
        ConcernEntry,
        select(ConcernEntry)
        .ext(distinct_on(ConcernEntry.concern_id))
        .order_by(ConcernEntry.concern_id, ConcernEntry.number.desc())
        .subquery(),
    )
    waits_until = or_(and_(latest.concern_id.is_(None), Concern.talk_by < on), latest.due_on < on)
    return session.scalars(
        select(Concern)
        .join(Concern.enrolment)
        .outerjoin(latest, latest.concern_id == Concern.id)
        .where(waits_until)
        .options(contains_eager(Concern.enrolment))
        .order_by(Concern.id)
    ).all()


def told_of_late(session: Session) -> frozenset[tuple[UUID, UUID]]:
    """Return who was told since its last step that a concern is late: its key with the reader's."""
    last = select(func.max(ConcernEntry.at)).where(ConcernEntry.concern_id == Concern.id).scalar_subquery()
    notices = session.execute(
        select(Notice.about_id, Notice.reader_id)
        .join(Concern, Concern.id == Notice.about_id)
        .where(
            Notice.kind == NoticeKind.CONCERN_OVERDUE,
            Notice.at > func.coalesce(last, Concern.written_at),
        )
    )
    return frozenset((about_id, reader_id) for about_id, reader_id in notices)
