"""A trainee's own rating of an act, beside the assessor's."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from competencies.scales import Direction, Level
from competencies.self_ratings import check_self_rating
from lms.accounts.models import User
from lms.assessments.models import SelfRating
from lms.assessments.queries import answered_epas
from lms.core.audit import record
from lms.curriculum.models import Epa
from lms.curriculum.values import scale_of
from lms.logbook.models import Activity


def rate_oneself(
    session: Session, activity: Activity, epa: Epa, *, level: Level, comment: str, by: User, at: datetime
) -> None:
    """Keep the trainee's own level of the act on one of its EPAs; needs the EPA with its scale.

    Raises `RuleBroken` for another person, a level of another scale, a second one, or one that comes after an
    assessor's. The audit has that it was given and nothing of what it says.
    """
    activity_id, epa_id = activity.id, epa.id
    session.execute(select(Activity.id).where(Activity.id == activity_id).with_for_update())
    given = session.scalar(
        select(SelfRating.id).where(SelfRating.activity_id == activity_id, SelfRating.epa_id == epa_id)
    )
    check_self_rating(
        level,
        scale=scale_of(epa.scale) if epa.scale else None,
        by=by.id,
        trainee_id=activity.trainee_id,
        answered=epa_id in answered_epas(session, activity_id),
        given=given is not None,
    )
    own = SelfRating(
        activity_id=activity_id,
        epa_id=epa_id,
        trainee_id=activity.trainee_id,
        scale_id=epa.scale_id,
        level_code=level.code,
        direction=Direction.RETROSPECTIVE,
        comment=comment.strip(),
        rated_at=at,
    )
    session.add(own)
    session.flush()
    facts = {"activity": activity_id, "epa": epa_id, "comment_length": len(own.comment)}
    record(session, "self_rating.given", subject=activity.trainee_id, by=by.id, at=at, target=own.id, after=facts)
