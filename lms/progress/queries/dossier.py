"""Everything about one trainee on one EPA."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session, joinedload

from competencies.observations import ActivityKind, AssessmentStatus
from competencies.scales import Direction
from lms.accounts.models import User
from lms.assessments.models import Assessment
from lms.core.paging import Page, page_of
from lms.curriculum.models import Epa
from lms.entrustment.models import Decision
from lms.logbook.models import Activity, ActivityEpa
from lms.progress.values import EpaInProgramme, Rated

PAGE = 25
IN_A_LINE = (joinedload(Assessment.assessor), joinedload(Assessment.instrument), joinedload(Assessment.activity))


def ratings_over_time(session: Session, enrolment_id: UUID, epa: EpaInProgramme) -> Sequence[Rated]:
    """Return the ratings of supervision that was given, on the EPA's own scale, in the order of the acts."""
    if epa.scale is None:
        return ()
    levels = {level.code: level for level in epa.scale.levels}
    rows = session.execute(
        select(
            Activity.performed_on,
            Assessment.level_code,
            (Assessment.assessor_id == Assessment.trainee_id).label("by_trainee"),
        )
        .join(Activity, Activity.id == Assessment.activity_id)
        .join(Epa, Epa.id == Assessment.epa_id)
        .where(
            Assessment.enrolment_id == enrolment_id,
            Assessment.epa_id == epa.epa_id,
            Assessment.status == AssessmentStatus.SUBMITTED,
            Assessment.direction == Direction.RETROSPECTIVE,
            Assessment.scale_id == Epa.scale_id,
            Assessment.level_code.is_not(None),
        )
        .order_by(Activity.performed_on, Assessment.answered_at, Assessment.id)
    )
    return [Rated(row.performed_on, levels[row.level_code], row.by_trainee) for row in rows]


def version_of(session: Session, enrolment_id: UUID, epa_id: UUID) -> str:
    """Return a text that changes whenever an answer or a decision comes to one trainee on one EPA."""
    answers = select(func.count(), func.max(Assessment.answered_at)).where(
        Assessment.enrolment_id == enrolment_id,
        Assessment.epa_id == epa_id,
        Assessment.status == AssessmentStatus.SUBMITTED,
    )
    decided = select(func.count(), func.max(Decision.recorded_at)).where(
        Decision.enrolment_id == enrolment_id, Decision.epa_id == epa_id
    )
    both = select(answers.subquery(), decided.subquery())
    return "|".join(map(str, session.execute(both).one()))


def assessments_of(
    session: Session, enrolment_id: UUID, epa_id: UUID, *, before: str | None = None, size: int = PAGE
) -> Page[Assessment]:
    """Return a page of what was answered on one EPA, the latest act first, with assessor, instrument and activity."""
    rows = (
        select(Assessment)
        .join(Assessment.activity)
        .where(
            Assessment.enrolment_id == enrolment_id,
            Assessment.epa_id == epa_id,
            Assessment.status.in_((AssessmentStatus.SUBMITTED, AssessmentStatus.DECLINED)),
        )
        .options(*IN_A_LINE)
        .order_by(Activity.performed_on.desc(), Assessment.id.desc())
        .limit(size + 1)
    )
    position = _position_of(before)
    if position is not None:
        rows = rows.where(tuple_(Activity.performed_on, Assessment.id) < tuple_(*position))
    return page_of(session.scalars(rows).all(), size=size, cursor_of=_cursor_of)


def _cursor_of(assessment: Assessment) -> str:
    return f"{assessment.activity.performed_on.isoformat()}_{assessment.id}"


def _position_of(cursor: str | None) -> tuple[date, UUID] | None:
    performed_on, _, key = (cursor or "").partition("_")
    try:
        return date.fromisoformat(performed_on), UUID(key)
    except ValueError:
        return None


def waiting_on(session: Session, enrolment_id: UUID, epa_id: UUID) -> Sequence[Assessment]:
    """Return what waits for an answer on one EPA, the oldest request first."""
    return session.scalars(
        select(Assessment)
        .where(
            Assessment.enrolment_id == enrolment_id,
            Assessment.epa_id == epa_id,
            Assessment.status == AssessmentStatus.REQUESTED,
        )
        .options(*IN_A_LINE)
        .order_by(Assessment.requested_at, Assessment.id)
    ).all()


def unassessed_count(session: Session, enrolment_id: UUID, epa_id: UUID) -> int:
    """Return how many activities for one EPA were never put to an assessor; reflections need none."""
    asked = select(Assessment.id).where(Assessment.activity_id == Activity.id, Assessment.epa_id == epa_id)
    logged = (
        select(func.count())
        .select_from(Activity)
        .join(ActivityEpa, ActivityEpa.activity_id == Activity.id)
        .where(
            Activity.enrolment_id == enrolment_id,
            ActivityEpa.epa_id == epa_id,
            Activity.kind != ActivityKind.REFLECTION,
            ~asked.exists(),
        )
    )
    return session.scalar(logged) or 0


def names_of(session: Session, user_ids: Collection[UUID]) -> Mapping[UUID, str]:
    """Return the names of people by id."""
    if not user_ids:
        return {}
    rows = session.execute(select(User.id, User.name).where(User.id.in_(user_ids)))
    return {row.id: row.name for row in rows}
