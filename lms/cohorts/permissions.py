"""What people may do to cohorts and enrolments."""

from __future__ import annotations

from competencies.people import Role, is_current
from lms.cohorts.models import Cohort, Enrolment
from lms.organisations.permissions import Duties

READS_COHORTS = (Role.PROGRAMME_LEAD, Role.COMMITTEE_MEMBER, Role.AUDITOR)
"""Who reads the dossiers of all cohorts of the organisation where the role is held."""


def can_create_cohorts(duties: Duties) -> bool:
    """Whether the person may start a cohort in any organisation."""
    return duties.has(Role.PROGRAMME_LEAD)


def can_change_cohort(duties: Duties, cohort: Cohort) -> bool:
    """Whether the person may change the cohort and enrol trainees in it: a programme lead of its organisation."""
    return duties.holds(Role.PROGRAMME_LEAD, cohort.organisation_id)


def can_change_enrolment(duties: Duties, enrolment: Enrolment) -> bool:
    """Whether the person may change dates, place and trainers of the enrolment; needs its cohort, never one's own."""
    return enrolment.trainee_id != duties.user_id and can_change_cohort(duties, enrolment.cohort)


def is_guided_by(duties: Duties, enrolment: Enrolment) -> bool:
    """Whether the person is named as trainer of the enrolment, which has not ended, on the day; needs its trainers."""
    return is_current(enrolment.starts_on, enrolment.ended_on, duties.on) and any(
        one.trainer_id == duties.user_id and is_current(one.starts_on, one.ends_on, duties.on)
        for one in enrolment.trainers
    )


def can_read_trail(duties: Duties, enrolment: Enrolment) -> bool:
    """Whether the person may read the audit entries of the enrolment; needs its cohort."""
    return enrolment.cohort.organisation_id in duties.places(*READS_COHORTS)
