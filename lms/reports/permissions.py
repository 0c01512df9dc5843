"""What people may do with reports."""

from __future__ import annotations

from lms.cohorts.models import Enrolment
from lms.cohorts.permissions import can_read_trail
from lms.organisations.permissions import Duties


def can_read_audit_trail(duties: Duties, enrolment: Enrolment) -> bool:
    """Whether the person may read who did what in the enrolment: whoever oversees it, and its own trainee."""
    return enrolment.trainee_id == duties.user_id or can_read_trail(duties, enrolment)
