"""What is asked about assessments: one, those that wait, and those that were given."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Select, Uuid, and_, bindparam, func, or_, select, tuple_
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.interfaces import ORMOption

from competencies.curricula import ResultKind
from competencies.observations import AssessmentStatus
from lms.accounts.models import User
from lms.assessments.models import Assessment
from lms.assessments.values import CameOf
from lms.cohorts.models import Cohort, Enrolment
from lms.cohorts.queries import visible_enrolments
from lms.cohorts.queries.scopes import ANY_READER, AnyReader, facts_of
from lms.core.paging import Page, page_of
from lms.curriculum.models import AssessmentForm, AssessmentInstrument, Epa, InstrumentForm, RatingScale
from lms.curriculum.queries import scale_values
from lms.logbook.models import Activity
from lms.organisations.models import Department
from lms.organisations.permissions import Duties

PAGE = 50
ANSWERED = (AssessmentStatus.SUBMITTED, AssessmentStatus.DECLINED, AssessmentStatus.NOT_OBSERVED)

IN_A_LINE: tuple[ORMOption, ...] = (
    joinedload(Assessment.trainee),
    joinedload(Assessment.assessor),
    joinedload(Assessment.instrument),
    joinedload(Assessment.epa),
    joinedload(Assessment.activity).joinedload(Activity.department).joinedload(Department.organisation),
)
IN_FULL: tuple[ORMOption, ...] = (
    *IN_A_LINE,
    joinedload(Assessment.epa).selectinload(Epa.requirements),
    joinedload(Assessment.scale).selectinload(RatingScale.levels),
    joinedload(Assessment.form),
    joinedload(Assessment.instrument_form),
    joinedload(Assessment.enrolment).joinedload(Enrolment.cohort).joinedload(Cohort.organisation),
)


def visible_to(duties: Duties | AnyReader) -> Select[Assessment]:
    """Return the assessments a person may see: asked by them, asked of them, and of the enrolments they may see."""
    enrolments = visible_enrolments(duties).with_only_columns(Enrolment.id)
    return select(Assessment).where(
        or_(
            Assessment.trainee_id == duties.user_id,
            Assessment.assessor_id == duties.user_id,
            Assessment.enrolment_id.in_(enrolments),
        )
    )


def one_visible(session: Session, duties: Duties, assessment_id: UUID) -> Assessment | None:
    """Return an assessment with all that its page and its answer need, if the person may see it."""
    return session.scalar(_one_visible(), {"assessment_id": assessment_id, **facts_of(duties)})


@cache
def _one_visible() -> Select[Assessment]:
    one = Assessment.id == bindparam("assessment_id", type_=Uuid)
    return visible_to(ANY_READER).where(one).options(*IN_FULL)


def in_full_as(session: Session, stored: Assessment, shown: Assessment, assessor: User) -> Assessment:
    """Return what was stored just now with all that its answer needs, which `shown` has: it was about the same."""
    own, shared = stored.form_id, stored.instrument_form_id
    set_committed_value(stored, "form", session.get_one(AssessmentForm, own) if own else None)
    set_committed_value(stored, "instrument_form", session.get_one(InstrumentForm, shared) if shared else None)
    set_committed_value(stored, "assessor", assessor)
    for name in ("activity", "enrolment", "trainee", "epa", "instrument", "scale"):
        set_committed_value(stored, name, getattr(shown, name))
    return stored


def one_in_full(session: Session, assessment_id: UUID) -> Assessment | None:
    """Return an assessment with all that its answer needs, for who holds its link."""
    return session.scalar(select(Assessment).where(Assessment.id == assessment_id).options(*IN_FULL))


def waiting_for(session: Session, assessor_id: UUID) -> Sequence[Assessment]:
    """Return what the assessor was asked for and has not answered, the oldest first."""
    return session.scalars(_waiting(), {"assessor_id": assessor_id}).all()


def waiting_together(session: Session, asked: Assessment) -> Sequence[Assessment]:
    """Return what waits for the same assessor about the same act, or the same kind of act there on that day.

    The oldest first, each with all that its answer needs. A number to confirm is given by itself, as it is filled in
    beforehand.
    """
    act = asked.activity
    same_event = and_(
        Activity.kind == act.kind,
        Activity.performed_on == act.performed_on,
        Activity.department_id == act.department_id,
    )
    return session.scalars(
        select(Assessment)
        .join(Assessment.activity)
        .join(Assessment.instrument)
        .where(
            Assessment.assessor_id == asked.assessor_id,
            Assessment.status == AssessmentStatus.REQUESTED,
            AssessmentInstrument.result != ResultKind.COUNT,
            or_(Assessment.activity_id == asked.activity_id, same_event),
        )
        .options(*IN_FULL)
        .order_by(Assessment.requested_at, Assessment.id)
    ).all()


def asked_by(session: Session, trainee_id: UUID) -> Sequence[Assessment]:
    """Return what the trainee asked for and still waits for, the oldest first, with who holds it."""
    return session.scalars(_asked_for(), {"trainee_id": trainee_id}).all()


@cache
def _waiting() -> Select[Assessment]:
    return _requested().where(Assessment.assessor_id == bindparam("assessor_id", type_=Uuid))


@cache
def _asked_for() -> Select[Assessment]:
    return _requested().where(Assessment.trainee_id == bindparam("trainee_id", type_=Uuid))


def _requested() -> Select[Assessment]:
    """Select what waits for an answer, the oldest first."""
    oldest_first = (Assessment.requested_at, Assessment.id)
    rows = select(Assessment).where(Assessment.status == AssessmentStatus.REQUESTED)
    return rows.options(*IN_A_LINE).order_by(*oldest_first)


def count_waiting(session: Session, assessor_id: UUID) -> int:
    """Return how many assessments wait for an answer of this person."""
    waiting = select(func.count()).where(
        Assessment.assessor_id == assessor_id, Assessment.status == AssessmentStatus.REQUESTED
    )
    return session.scalar(waiting) or 0


def of_activities(session: Session, activity_ids: Collection[UUID]) -> dict[UUID, list[Assessment]]:
    """Return the assessments that were asked of the activities, by activity, in the order they were asked."""
    rows = session.scalars(
        select(Assessment)
        .where(Assessment.activity_id.in_(activity_ids))
        .options(*IN_A_LINE, joinedload(Assessment.scale).selectinload(RatingScale.levels))
        .order_by(Assessment.requested_at, Assessment.id)
    )
    found: dict[UUID, list[Assessment]] = {key: [] for key in activity_ids}
    for row in rows:
        found[row.activity_id].append(row)
    return found


def came_of_activities(session: Session, activity_ids: Collection[UUID]) -> dict[UUID, list[CameOf]]:
    """Return of the same as `of_activities` what came of it and nothing else."""
    rows = session.execute(_came_of(), {"activity_ids": list(activity_ids)}).all()
    scales = scale_values(session, {row.scale_id for row in rows if row.scale_id is not None})
    found: dict[UUID, list[CameOf]] = {key: [] for key in activity_ids}
    for row in rows:
        found[row.activity_id].append(CameOf(scales.get(row.scale_id), *row[2:]))
    return found


@cache
def _came_of() -> Select[*tuple[Any, ...]]:
    asked = bindparam("activity_ids", type_=ARRAY(Uuid))
    return (
        select(
            Assessment.activity_id,
            Assessment.scale_id,
            Assessment.status,
            Assessment.answered_at,
            Assessment.level_code,
            Assessment.passed,
            Assessment.quantity,
            Assessment.facts,
        )
        .where(Assessment.activity_id == func.any(asked))
        .order_by(Assessment.requested_at, Assessment.id)
    )


def given_by(session: Session, assessor_id: UUID, *, before: str | None = None, size: int = PAGE) -> Page[Assessment]:
    """Return a page of what a person answered, given or declined, the latest first; `before` is a cursor."""
    rows = select(Assessment).where(Assessment.assessor_id == assessor_id, Assessment.status.in_(ANSWERED))
    position = _position_of(before)
    if position is not None:
        rows = rows.where(tuple_(Assessment.answered_at, Assessment.id) < tuple_(*position))
    latest = (
        rows.options(*IN_A_LINE, joinedload(Assessment.scale).selectinload(RatingScale.levels))
        .order_by(Assessment.answered_at.desc(), Assessment.id.desc())
        .limit(size + 1)
    )
    return page_of(session.scalars(latest).all(), size=size, cursor_of=_cursor_of)


def corrected_since(session: Session, assessor_id: UUID, *, since: datetime) -> Sequence[Assessment]:
    """Return what a person assessed and the trainee corrected after that and after a moment, the latest first."""
    return session.scalars(
        select(Assessment)
        .join(Assessment.activity)
        .where(
            Assessment.assessor_id == assessor_id,
            Assessment.trainee_id != assessor_id,
            Assessment.status == AssessmentStatus.SUBMITTED,
            Activity.corrected_at > Assessment.answered_at,
            Activity.corrected_at > since,
        )
        .options(*IN_A_LINE)
        .order_by(Activity.corrected_at.desc(), Assessment.id)
    ).all()


def _cursor_of(assessment: Assessment) -> str:
    answered_at = assessment.answered_at or assessment.requested_at
    return f"{answered_at.timestamp():.6f}_{assessment.id}"


def _position_of(cursor: str | None) -> tuple[datetime, UUID] | None:
    moment, _, key = (cursor or "").partition("_")
    try:
        return datetime.fromtimestamp(float(moment), UTC), UUID(key)
    except (ValueError, OverflowError, OSError):
        return None
