"""Who may decide on a trainee."""

from __future__ import annotations

from competencies.people import Role
from lms.cohorts.models import Enrolment
from lms.cohorts.permissions import is_guided_by
from lms.organisations.permissions import Duties


def can_decide(duties: Duties, enrolment: Enrolment) -> bool:
    """Whether the person may decide on the trainee's EPAs; needs the cohort, the department and the trainers.

    That is for committee members of the cohort's organisation, and for current trainers of the enrolment who are
    trainer in the organisation of its cohort or its department; never for the trainee.
    """
    if enrolment.trainee_id == duties.user_id:
        return False
    home = enrolment.cohort.organisation_id
    if duties.holds(Role.COMMITTEE_MEMBER, home):
        return True
    trains_here = duties.places(Role.TRAINER) & {home, enrolment.department.organisation_id}
    return bool(trains_here) and is_guided_by(duties, enrolment)
