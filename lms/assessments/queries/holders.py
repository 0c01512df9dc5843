"""Who held a request before, and who else answers where it was done."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from lms.accounts.models import User
from lms.assessments.models import Assessment, HandOn
from lms.assessments.queries.loads import Load
from lms.logbook.models import Activity

MOST_ALTERNATIVES = 3
ACTIVE_FOR = timedelta(days=180)


def hand_ons_of(session: Session, assessment_ids: Collection[UUID]) -> Mapping[UUID, Sequence[HandOn]]:
    """Return how each of the requests went from hand to hand, the first hand first, with the people."""
    rows = session.scalars(
        select(HandOn)
        .where(HandOn.assessment_id.in_(assessment_ids))
        .options(joinedload(HandOn.from_), joinedload(HandOn.to))
        .order_by(HandOn.assessment_id, HandOn.number)
    )
    found: dict[UUID, list[HandOn]] = {key: [] for key in assessment_ids}
    for row in rows:
        found[row.assessment_id].append(row)
    return found


def alternatives(
    session: Session, activity: Activity, loads: Mapping[UUID, Load], *, besides: Collection[UUID], on: date
) -> Sequence[User]:
    """Return who else answers where the activity was done and can still be asked, who answers there most first."""
    free = {key for key, load in loads.items() if not load.is_full} - {activity.trainee_id, *besides}
    since = datetime.combine(on, time(), UTC) - ACTIVE_FOR
    return session.scalars(
        select(User)
        .join(Assessment, Assessment.assessor_id == User.id)
        .join(Activity, Activity.id == Assessment.activity_id)
        .where(User.id.in_(free), Activity.department_id == activity.department_id, Assessment.answered_at >= since)
        .group_by(User.id)
        .order_by(func.count().desc(), User.name, User.id)
        .limit(MOST_ALTERNATIVES)
    ).all()
