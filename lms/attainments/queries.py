"""What is asked about attainments."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from competencies.attainments import Attainment
from lms.attainments.models import AttainmentRow, AttainmentStep
from lms.attainments.values import as_domain
from lms.cohorts.models import Cohort, Enrolment, EnrolmentTrainer
from lms.cohorts.queries import visible_enrolments
from lms.organisations.permissions import Duties


def attainments_of(session: Session, enrolment_id: UUID) -> Sequence[AttainmentRow]:
    """Return all that was recorded on an enrolment, the newest first, with organisation and steps."""
    return session.scalars(
        select(AttainmentRow)
        .where(AttainmentRow.enrolment_id == enrolment_id)
        .options(
            joinedload(AttainmentRow.organisation),
            joinedload(AttainmentRow.recorded_by),
            selectinload(AttainmentRow.steps).joinedload(AttainmentStep.by),
        )
        .order_by(AttainmentRow.done_on.desc(), AttainmentRow.id.desc())
    ).all()


def attained(
    session: Session, enrolment_ids: Collection[UUID], *, known_at: datetime | None = None
) -> Mapping[UUID, tuple[Attainment, ...]]:
    """Return what was attained on each enrolment as the domain counts it, in two statements whatever their number.

    With a moment: as it stood then, whatever was recorded, confirmed or withdrawn later.
    """
    rows = session.scalars(
        select(AttainmentRow)
        .where(AttainmentRow.enrolment_id.in_(enrolment_ids))
        .options(selectinload(AttainmentRow.steps))
        .order_by(AttainmentRow.done_on, AttainmentRow.id)
    ).all()
    known = [row for row in rows if known_at is None or row.recorded_at <= known_at]
    values = [(row.enrolment_id, as_domain(row, known_at=known_at)) for row in known]
    return {key: tuple(value for owner, value in values if owner == key) for key in enrolment_ids}


def one_visible(session: Session, duties: Duties, attainment_id: UUID) -> AttainmentRow | None:
    """Return an attainment with all that its page needs, if the person may see its enrolment."""
    enrolments = visible_enrolments(duties).with_only_columns(Enrolment.id)
    enrolment = joinedload(AttainmentRow.enrolment)
    return session.scalar(
        select(AttainmentRow)
        .where(AttainmentRow.id == attainment_id, AttainmentRow.enrolment_id.in_(enrolments))
        .options(
            joinedload(AttainmentRow.trainee),
            joinedload(AttainmentRow.organisation),
            joinedload(AttainmentRow.recorded_by),
            selectinload(AttainmentRow.steps).joinedload(AttainmentStep.by),
            enrolment.joinedload(Enrolment.cohort).joinedload(Cohort.organisation),
            enrolment.selectinload(Enrolment.trainers).joinedload(EnrolmentTrainer.trainer),
        )
    )
