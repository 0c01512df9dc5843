"""What people may do with rounds. To read what was answered takes more than to run a round."""

from __future__ import annotations

from competencies.people import Role, is_current
from lms.accounts.models import User
from lms.cohorts.models import Enrolment
from lms.cohorts.permissions import can_change_cohort
from lms.multisource.models import FeedbackRound
from lms.organisations.permissions import Duties


def can_open(duties: Duties, enrolment: Enrolment) -> bool:
    """Whether the person may open a round: the trainee, or a programme lead of the cohort; needs its cohort."""
    is_theirs = enrolment.trainee_id == duties.user_id or can_change_cohort(duties, enrolment.cohort)
    return is_theirs and is_current(enrolment.starts_on, enrolment.ended_on, duties.on)


def can_run(duties: Duties, round_: FeedbackRound) -> bool:
    """Whether the person may ask people and close the round: the trainee, or a programme lead there."""
    return round_.trainee_id == duties.user_id or duties.holds(Role.PROGRAMME_LEAD, round_.organisation_id)


def can_plan(user: User, round_: FeedbackRound) -> bool:
    """Whether the person may plan the conversation: the trainee, of a round that is closed."""
    return round_.trainee_id == user.id and round_.closed_at is not None


def can_read_report(user: User, round_: FeedbackRound) -> bool:
    """Whether the person may read the report: the trainee and the named guide, once a conversation is planned."""
    return round_.conversation_on is not None and user.id in {round_.trainee_id, round_.guide_id}
