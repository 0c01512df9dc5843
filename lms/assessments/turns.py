"""What lets those who write several assessments at once wait for others in the order in which everybody waits."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.assessments.models import Assessment
from lms.logbook.models import Activity
from lms.standings.actions import hold_standings


def hold_requests(session: Session, asked: Collection[Assessment]) -> None:
    """Lock all that giving these requests changes: the requests, their activities, their standings, each by key."""
    keys, acts = [one.id for one in asked], [one.activity_id for one in asked]
    requests = select(Assessment.id).where(Assessment.id.in_(keys)).order_by(Assessment.id)
    session.execute(requests.with_for_update(key_share=True))
    activities = select(Activity.id).where(Activity.id.in_(acts)).order_by(Activity.id)
    session.execute(activities.with_for_update(key_share=True))
    hold_standings(session, [(one.enrolment_id, one.epa_id) for one in asked])


def hold_epas(session: Session, activity: Activity, epa_ids: Collection[UUID]) -> None:
    """Lock what asking for assessments of the activity on these EPAs changes: the activity, then their standings."""
    session.execute(select(Activity.id).where(Activity.id == activity.id).with_for_update(read=True, key_share=True))
    hold_standings(session, [(activity.enrolment_id, epa_id) for epa_id in epa_ids])
