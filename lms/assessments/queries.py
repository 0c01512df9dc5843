"""What is asked about assessments, and the observations that they yield."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, literal, null, or_, select, true, tuple_, union_all
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.orm.interfaces import ORMOption

from competencies.observations import ActivityKind, AssessmentStatus, Observation
from competencies.requests import REFLECTION
from competencies.scales import Level, Scale
from lms.assessments.models import Assessment
from lms.cohorts.models import Cohort, Enrolment
from lms.cohorts.queries import visible_enrolments
from lms.core.paging import Page, page_of
from lms.curriculum.models import EpaRequirement, RatingScale
from lms.curriculum.queries import WITH_EVIDENCE
from lms.curriculum.values import scale_of
from lms.logbook.models import Activity, ActivityEpa
from lms.organisations.models import Department
from lms.organisations.permissions import Duties

PAGE = 50
ANSWERED = (AssessmentStatus.SUBMITTED, AssessmentStatus.DECLINED)

IN_A_LINE: tuple[ORMOption, ...] = (
    joinedload(Assessment.trainee),
    joinedload(Assessment.assessor),
    joinedload(Assessment.instrument),
    joinedload(Assessment.epa),
    joinedload(Assessment.activity).joinedload(Activity.department).joinedload(Department.organisation),
)

Observations = dict[tuple[UUID, UUID], list[Observation]]
"""Observations by enrolment and EPA."""


def visible_to(duties: Duties) -> Select[Assessment]:
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
    return session.scalar(
        visible_to(duties)
        .where(Assessment.id == assessment_id)
        .options(
            *IN_A_LINE,
            joinedload(Assessment.epa).options(*WITH_EVIDENCE),
            joinedload(Assessment.scale).selectinload(RatingScale.levels),
            joinedload(Assessment.enrolment).joinedload(Enrolment.cohort).joinedload(Cohort.organisation),
        )
    )


def waiting_for(session: Session, assessor_id: UUID) -> Sequence[Assessment]:
    """Return what the assessor was asked for and has not answered, the oldest first."""
    return session.scalars(
        _waiting().where(Assessment.assessor_id == assessor_id).order_by(Assessment.requested_at, Assessment.id)
    ).all()


def asked_by(session: Session, trainee_id: UUID) -> Sequence[Assessment]:
    """Return what the trainee asked for and still waits for, the oldest first, with who holds it."""
    return session.scalars(
        _waiting().where(Assessment.trainee_id == trainee_id).order_by(Assessment.requested_at, Assessment.id)
    ).all()


def _waiting() -> Select[Assessment]:
    return select(Assessment).where(Assessment.status == AssessmentStatus.REQUESTED).options(*IN_A_LINE)


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


def _cursor_of(assessment: Assessment) -> str:
    answered_at = assessment.answered_at or assessment.requested_at
    return f"{answered_at.timestamp():.6f}_{assessment.id}"


def _position_of(cursor: str | None) -> tuple[datetime, UUID] | None:
    moment, _, key = (cursor or "").partition("_")
    try:
        return datetime.fromtimestamp(float(moment), UTC), UUID(key)
    except (ValueError, OverflowError, OSError):
        return None


def observations_of(session: Session, enrolment_ids: Collection[UUID], *, epa_id: UUID | None = None) -> Observations:
    """Return what was seen of the enrolled trainees, by enrolment and EPA, in two statements whatever their number.

    These are the assessments that were given, and the reflections that count without one. The `id` of an observation is
    that of its assessment; a reflection has the id of its activity and is `by_trainee`.
    """
    rows = session.execute(union_all(_given(enrolment_ids, epa_id), _written(enrolment_ids, epa_id))).all()
    scales = _scales(session, {row.scale_id for row in rows if row.scale_id is not None})
    seen: defaultdict[tuple[UUID, UUID], list[Observation]] = defaultdict(list)
    for row in rows:
        seen[row.enrolment_id, row.epa_id].append(_observation(row, scales))
    return dict(seen)


def _given(enrolment_ids: Collection[UUID], epa_id: UUID | None) -> Select[*tuple[Any, ...]]:
    """Select the assessments that were given."""
    rows = (
        select(
            Assessment.enrolment_id,
            Assessment.epa_id,
            Assessment.id,
            Assessment.activity_id,
            Assessment.instrument_key.label("instrument"),
            Assessment.form_key.label("form"),
            Activity.performed_on,
            Assessment.assessor_id,
            (Assessment.assessor_id == Assessment.trainee_id).label("by_trainee"),
            Assessment.scale_id,
            Assessment.level_code,
            Assessment.passed,
            func.coalesce(Assessment.quantity, 1).label("quantity"),
            Assessment.facts,
            Assessment.answered_at,
        )
        .join(Activity, Activity.id == Assessment.activity_id)
        .where(Assessment.enrolment_id.in_(enrolment_ids), Assessment.status == AssessmentStatus.SUBMITTED)
    )
    return rows if epa_id is None else rows.where(Assessment.epa_id == epa_id)


def _written(enrolment_ids: Collection[UUID], epa_id: UUID | None) -> Select[*tuple[Any, ...]]:
    """Select the reflections in the same columns; each is taken to be on the form that its EPA asks for."""
    form = (
        select(func.min(EpaRequirement.form_key))
        .where(EpaRequirement.epa_id == ActivityEpa.epa_id, EpaRequirement.instrument_key == REFLECTION)
        .scalar_subquery()
    )
    rows = (
        select(
            Activity.enrolment_id,
            ActivityEpa.epa_id,
            Activity.id,
            Activity.id.label("activity_id"),
            literal(REFLECTION).label("instrument"),
            form.label("form"),
            Activity.performed_on,
            Activity.trainee_id.label("assessor_id"),
            true().label("by_trainee"),
            null().label("scale_id"),
            null().label("level_code"),
            null().label("passed"),
            literal(1).label("quantity"),
            null().label("facts"),
            Activity.created_at.label("answered_at"),
        )
        .join(ActivityEpa, ActivityEpa.activity_id == Activity.id)
        .where(Activity.enrolment_id.in_(enrolment_ids), Activity.kind == ActivityKind.REFLECTION)
    )
    return rows if epa_id is None else rows.where(ActivityEpa.epa_id == epa_id)


def _scales(session: Session, scale_ids: Collection[UUID]) -> dict[UUID, Scale]:
    rows = select(RatingScale).where(RatingScale.id.in_(scale_ids)).options(joinedload(RatingScale.levels))
    return {row.id: scale_of(row) for row in session.scalars(rows).unique()} if scale_ids else {}


def _observation(row: Any, scales: dict[UUID, Scale]) -> Observation:
    level: Level | None = scales[row.scale_id].level(row.level_code) if row.level_code is not None else None
    return Observation(
        id=row.id,
        epa_id=row.epa_id,
        activity_id=row.activity_id,
        instrument=row.instrument,
        form=row.form,
        observed_on=row.performed_on,
        assessor_id=row.assessor_id,
        by_trainee=row.by_trainee,
        level=level,
        passed=row.passed,
        quantity=row.quantity,
        facts=row.facts or {},
        answered_at=row.answered_at,
    )
