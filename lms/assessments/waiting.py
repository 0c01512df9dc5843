"""What happens to a request while it waits: handed on, given more time, brought to mind, and ended in the end.

Only handing it on changes its version: who is answering it has nothing else before them than they saw.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from competencies.errors import RuleBroken
from competencies.observations import AssessmentStatus, move
from competencies.requirements import MULTI_SOURCE_FEEDBACK
from competencies.waiting import check_extension, check_hand_on, terms_from
from lms.accounts.models import User
from lms.assessments import drafts
from lms.assessments.actions import HELD
from lms.assessments.limits import keep_within_limit
from lms.assessments.models import Assessment, HandOn
from lms.assessments.queries.terms import TERMS, terms_of
from lms.assessments.values import seen_version
from lms.cohorts.models import Enrolment
from lms.core.audit import record
from lms.core.clock import day_of
from lms.curriculum.models import ProgrammeVersion
from lms.notices.actions import notify, settle
from lms.notices.models import NoticeKind
from lms.standings.actions import note_withdrawal

AT_ONCE = 500
"""So many requests are brought to mind in one transaction."""


def is_personal(assessment: Assessment) -> bool:
    """Return whether nobody else can answer: it was asked by a link, or in a feedback round."""
    return assessment.invited or assessment.instrument_key == MULTI_SOURCE_FEEDBACK


def hand_on(
    session: Session,
    assessment: Assessment,
    *,
    to: UUID,
    assessors: Mapping[UUID, User],
    seen: str,
    by: User,
    at: datetime,
) -> None:
    """Let somebody else hold the request; `assessors` are those whom the trainee could have asked.

    Raises `RuleBroken` for who had it before, for one hand too many, for whom enough waits, or where it changed.
    """
    move(assessment.status, AssessmentStatus.SUBMITTED)
    if seen != seen_version(assessment):
        raise RuleBroken("changed_meanwhile")
    before = holders_before(session, assessment.id)
    check_hand_on(
        to,
        name=assessors[to].name if to in assessors else "",
        holders=[*before, assessment.assessor_id],
        trainee_id=assessment.trainee_id,
        assessors=assessors,
        is_personal=is_personal(assessment),
    )
    keep_within_limit(session, assessors[to], on=day_of(at))
    session.add(
        HandOn(
            assessment_id=assessment.id,
            number=len(before) + 1,
            from_id=by.id,
            to_id=to,
            held_since=assessment.held_since,
            at=at,
        )
    )
    drafts.forget(session, assessment)
    _give(session, assessment, assessors[to], at=at)
    _record(session, assessment, "assessment.handed_on", by=by, at=at, before=by.id, after=to)
    settle(session, *HELD, about=assessment.id, at=at)
    notify(session, to, NoticeKind.ASSESSMENT_HANDED_TO, about=assessment.id, by=by.id, at=at)
    notify(session, assessment.trainee_id, NoticeKind.ASSESSMENT_HANDED_ON, about=assessment.id, by=by.id, at=at)


def holders_before(session: Session, assessment_id: UUID) -> Sequence[UUID]:
    """Return who held a request before the one who holds it now, the first one first."""
    rows = select(HandOn.from_id).where(HandOn.assessment_id == assessment_id).order_by(HandOn.number)
    return session.scalars(rows).all()


def _give(session: Session, assessment: Assessment, to: User, *, at: datetime) -> None:
    """Let the person hold the request from now on; the database refuses whom the trainee asked the same."""
    reminded_on = terms_of(session, assessment.enrolment_id).next_reminder(day_of(at), sent=0)
    try:
        with session.begin_nested():
            assessment.assessor_id, assessment.held_since = to.id, at
            assessment.reminders, assessment.remind_on = 0, reminded_on
    except IntegrityError as taken:
        raise RuleBroken("already_asked_too", assessor=to.name) from taken


def extend(session: Session, assessment: Assessment, *, by: User, at: datetime) -> None:
    """Give the request more time, once, at the wish of who asked or who holds it; the other one is told."""
    move(assessment.status, AssessmentStatus.SUBMITTED)
    is_by_link = assessment.invited and assessment.assessor.outside
    check_extension(is_extended=assessment.extended_at is not None, is_personal=is_by_link)
    terms, was = terms_of(session, assessment.enrolment_id), assessment.expires_on
    until = terms.extended(was or terms.expires_on(day_of(assessment.requested_at)))
    if _change(session, assessment, Assessment.extended_at.is_(None), extended_at=at, expires_on=until) is None:
        raise RuleBroken("extended_before")
    subject, target = assessment.trainee_id, assessment.id
    before, after = {"expires_on": was}, {"expires_on": until}
    record(session, "assessment.extended", subject=subject, by=by.id, at=at, target=target, before=before, after=after)
    for reader_id in (assessment.trainee_id, assessment.assessor_id):
        notify(session, reader_id, NoticeKind.ASSESSMENT_EXTENDED, about=assessment.id, by=by.id, at=at)


def _change(
    session: Session, assessment: Assessment, condition: ColumnElement[bool], **values: date | datetime
) -> UUID | None:
    """Change what is about waiting, and not the version, if it still waits and the condition holds."""
    changed: UUID | None = session.execute(
        update(Assessment)
        .where(Assessment.id == assessment.id, Assessment.status == AssessmentStatus.REQUESTED, condition)
        .values(**values)
        .returning(Assessment.id)
        .execution_options(synchronize_session=False)
    ).scalar()
    session.expire(assessment, values.keys())
    return changed


def remind(session: Session, *, at: datetime) -> int:
    """Remind those who hold requests whose day has come, and return how many are left for another transaction.

    Each reminder is one notice, sent once: what was missed meanwhile is made up for by one.
    """
    today = day_of(at)
    rows = session.execute(
        select(
            Assessment.id, Assessment.assessor_id, Assessment.trainee_id, Assessment.held_since, TERMS.label("terms")
        )
        .join(Enrolment, Enrolment.id == Assessment.enrolment_id)
        .join(ProgrammeVersion, ProgrammeVersion.id == Enrolment.programme_version_id)
        .where(Assessment.status == AssessmentStatus.REQUESTED, Assessment.remind_on <= today)
        .order_by(Assessment.id)
        .limit(AT_ONCE)
        .with_for_update(of=Assessment, skip_locked=True)
    ).all()
    changes = []
    for row in rows:
        terms, held_on = terms_from(row.terms), day_of(row.held_since)
        sent = terms.reminders_due(held_on, on=today)
        changes.append({"key": row.id, "sent": sent, "next": terms.next_reminder(held_on, sent=sent)})
        kind = NoticeKind.ASSESSMENT_REMINDER
        settle(session, kind, about=row.id, at=at)
        notify(session, row.assessor_id, kind, about=row.id, by=row.trainee_id, at=at)
    if changes:
        session.connection().execute(_REMINDED, changes)
    return len(rows)


_REMINDED = (
    update(Assessment)
    .where(Assessment.id == bindparam("key"))
    .values(reminders=bindparam("sent"), remind_on=bindparam("next"))
)


def due_to_expire(session: Session, *, on: date) -> Sequence[UUID]:
    """Return the requests whose last day has passed, the longest gone first."""
    return session.scalars(
        select(Assessment.id)
        .where(Assessment.status == AssessmentStatus.REQUESTED, Assessment.expires_on < on)
        .order_by(Assessment.expires_on, Assessment.id)
    ).all()


def expire(session: Session, assessment_id: UUID, *, at: datetime) -> bool:
    """End a request whose last day has passed, and tell who asked and who held it; return whether that was done.

    Whoever answers it at the same moment was first or finds it expired.
    """
    assessment = session.scalar(
        select(Assessment)
        .where(
            Assessment.id == assessment_id,
            Assessment.status == AssessmentStatus.REQUESTED,
            Assessment.expires_on < day_of(at),
        )
        .options(joinedload(Assessment.assessor))
        .with_for_update(of=Assessment)
        .execution_options(populate_existing=True)
    )
    if assessment is None:
        return False
    assessment.status = move(assessment.status, AssessmentStatus.EXPIRED)
    assessment.answered_at = at
    session.flush()
    drafts.forget(session, assessment)
    note_withdrawal(session, enrolment_id=assessment.enrolment_id, epa_id=assessment.epa_id)
    subject, target = assessment.trainee_id, assessment.id
    before, after = {"status": AssessmentStatus.REQUESTED}, {"status": assessment.status}
    record(session, "assessment.expired", subject=subject, by=None, at=at, target=target, before=before, after=after)
    settle(session, *HELD, about=assessment.id, at=at)
    readers = {assessment.trainee_id} | (set() if assessment.assessor.outside else {assessment.assessor_id})
    for reader_id in sorted(readers):
        notify(session, reader_id, NoticeKind.ASSESSMENT_EXPIRED, about=assessment.id, by=None, at=at)
    return True


def _record(
    session: Session, assessment: Assessment, action: str, *, by: User, at: datetime, before: UUID, after: UUID
) -> None:
    subject, target = assessment.trainee_id, assessment.id
    was, now = {"assessor": before}, {"assessor": after}
    record(session, action, subject=subject, by=by.id, at=at, target=target, before=was, after=now)
