"""What people may do to activities."""

from __future__ import annotations

from datetime import date

from competencies.observations import ActivityKind
from competencies.people import is_current
from lms.accounts.models import User
from lms.cohorts.models import Enrolment
from lms.logbook.models import Activity
from lms.logbook.values import SPECIAL


def can_log(user: User, enrolment: Enrolment, on: date) -> bool:
    """Whether the person may log an activity on the enrolment that day: their own, begun and not ended."""
    return enrolment.trainee_id == user.id and is_current(enrolment.starts_on, enrolment.ended_on, on)


def is_own(user: User, activity: Activity) -> bool:
    """Whether it is the person who logged the activity."""
    return activity.trainee_id == user.id


def can_edit(user: User, activity: Activity) -> bool:
    """Whether the person may change the activity: their own, until somebody assessed it."""
    return is_own(user, activity) and activity.rated_at is None


def can_correct(user: User, activity: Activity) -> bool:
    """Whether the person may correct the activity: their own, once somebody assessed it, but no reflection."""
    return is_own(user, activity) and activity.rated_at is not None and activity.kind is not ActivityKind.REFLECTION


def can_repeat(user: User, activity: Activity, on: date) -> bool:
    """Whether the person may log the like of an activity that day: their own, of a kind that comes back."""
    return activity.kind not in SPECIAL and can_log(user, activity.enrolment, on)
