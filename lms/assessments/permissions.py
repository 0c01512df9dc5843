"""What people may do to assessments."""

from __future__ import annotations

from competencies.observations import AssessmentStatus
from competencies.people import Role
from lms.accounts.models import User
from lms.assessments.models import Assessment
from lms.assessments.waiting import is_personal
from lms.cohorts.permissions import READS_COHORTS
from lms.logbook.models import Activity
from lms.logbook.values import SPECIAL
from lms.organisations.permissions import Duties


def can_ask(user: User, activity: Activity) -> bool:
    """Whether the person may ask for an assessment of the activity: their own only."""
    return activity.trainee_id == user.id


def can_start(duties: Duties) -> bool:
    """Whether the person may assess trainees who did not ask: a trainer somewhere."""
    return duties.has(Role.TRAINER)


def can_rate_oneself(user: User, activity: Activity) -> bool:
    """Whether the person may rate themselves on the activity: their own, done and no reflection or feedback round."""
    return activity.trainee_id == user.id and activity.kind not in SPECIAL


def has_asked(user: User, assessment: Assessment) -> bool:
    """Whether it is the person who asked."""
    return assessment.trainee_id == user.id


def is_asked(user: User, assessment: Assessment) -> bool:
    """Whether it is the person who was asked."""
    return assessment.assessor_id == user.id


def can_answer(user: User, assessment: Assessment) -> bool:
    """Whether the person may give or decline the assessment now: they were asked, and it waits."""
    return is_asked(user, assessment) and assessment.status is AssessmentStatus.REQUESTED


def can_withdraw(user: User, assessment: Assessment) -> bool:
    """Whether the person may take the request back now: they asked, and it waits."""
    return has_asked(user, assessment) and assessment.status is AssessmentStatus.REQUESTED


def can_hand_on(user: User, assessment: Assessment) -> bool:
    """Whether the person may let somebody else hold the request: they hold it, and another one can answer it too."""
    return can_answer(user, assessment) and not is_personal(assessment)


def can_extend(user: User, assessment: Assessment) -> bool:
    """Whether the person may give the request more time: they asked or hold it, it waits, and it never had more.

    A link has a time of its own, and is sent again instead. Needs the assessor.
    """
    concerned = has_asked(user, assessment) or is_asked(user, assessment)
    waits = assessment.status is AssessmentStatus.REQUESTED and assessment.extended_at is None
    return concerned and waits and not (assessment.invited and assessment.assessor.outside)


def can_read_delays(duties: Duties) -> bool:
    """Whether the person may read how long ratings take: who reads the cohorts of an organisation."""
    return duties.has(*READS_COHORTS)
