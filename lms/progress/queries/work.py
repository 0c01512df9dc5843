"""What a person has to do with trainees."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from competencies.observations import AssessmentStatus
from lms.assessments.models import Assessment
from lms.cohorts.models import Cohort, Enrolment, EnrolmentTrainer
from lms.organisations.queries import current


@dataclass(frozen=True, slots=True)
class Work:
    """What a person has to do with trainees on a day: `waiting` assessments, being one, guiding one, leading some."""

    waiting: int
    is_trainee: bool
    guides: bool
    leads: bool


def work_of(session: Session, user_id: UUID, *, on: date) -> Work:
    """Return what the person has to do with trainees on that day; one statement."""
    waiting = select(func.count()).where(
        Assessment.assessor_id == user_id, Assessment.status == AssessmentStatus.REQUESTED
    )
    guides = select(EnrolmentTrainer.id).where(
        EnrolmentTrainer.trainer_id == user_id, current(EnrolmentTrainer.starts_on, EnrolmentTrainer.ends_on, on)
    )
    row = session.execute(
        select(
            waiting.scalar_subquery().label("waiting"),
            select(Enrolment.id).where(Enrolment.trainee_id == user_id).exists().label("is_trainee"),
            guides.exists().label("guides"),
            select(Cohort.id).where(Cohort.lead_id == user_id).exists().label("leads"),
        )
    ).one()
    return Work(row.waiting or 0, is_trainee=row.is_trainee, guides=row.guides, leads=row.leads)
