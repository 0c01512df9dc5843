"""What a person has to do with trainees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from competencies.observations import AssessmentStatus
from lms.accounts.models import User
from lms.assessments.models import Assessment
from lms.cohorts.models import Cohort, Enrolment, EnrolmentTrainer
from lms.organisations.queries import TODAY, current
from lms.rosters.queries import lately_paired


@dataclass(frozen=True, slots=True)
class Work:
    """What a person has to do with trainees on a day: `waiting` assessments, being one, guiding one, leading some.

    `met` says that a roster paired the person with somebody these days.
    """

    waiting: int
    is_trainee: bool
    guides: bool
    leads: bool
    met: bool


_waiting = select(func.count()).where(
    Assessment.assessor_id == User.id, Assessment.status == AssessmentStatus.REQUESTED
)
_guides = select(EnrolmentTrainer.id).where(
    EnrolmentTrainer.trainer_id == User.id, current(EnrolmentTrainer.starts_on, EnrolmentTrainer.ends_on, TODAY)
)

MY_WORK = (
    _waiting.correlate(User).scalar_subquery().label("waiting"),
    select(Enrolment.id).where(Enrolment.trainee_id == User.id).correlate(User).exists().label("is_trainee"),
    _guides.correlate(User).exists().label("guides"),
    select(Cohort.id).where(Cohort.lead_id == User.id).correlate(User).exists().label("leads"),
    lately_paired(User.id, on=TODAY).correlate(User).exists().label("met"),
)
"""The work of a reader, for `accounts.queries.live_session`."""


def work_from(known: Any) -> Work:
    """Return the work that `MY_WORK` selected."""
    return Work(known.waiting, is_trainee=known.is_trainee, guides=known.guides, leads=known.leads, met=known.met)
