"""Who a concern is between; which exist for a reader is for the queries."""

from __future__ import annotations

from competencies.people import Role
from lms.cohorts.models import Enrolment
from lms.cohorts.permissions import is_guided_by
from lms.concerns.models import Concern
from lms.organisations.permissions import Duties


def can_note_concerns(duties: Duties, enrolment: Enrolment) -> bool:
    """Whether the person guides the trainee today, as a trainer or as the lead of the cohort; needs both."""
    guides = is_guided_by(duties, enrolment) and duties.has(Role.TRAINER)
    leads = enrolment.cohort.lead_id == duties.user_id
    leads = leads and duties.holds(Role.PROGRAMME_LEAD, enrolment.cohort.organisation_id)
    return enrolment.trainee_id != duties.user_id and (guides or leads)


def is_about(duties: Duties, concern: Concern) -> bool:
    """Whether the person is the trainee, who adds nothing to it."""
    return concern.trainee_id == duties.user_id
