"""What somebody's own ratings look like together: asked by that person only, and about nobody else by name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Date, Integer, Select, and_, cast, func, select
from sqlalchemy.orm import Session, aliased

from competencies.observations import AssessmentStatus
from competencies.scales import Direction
from competencies.stringency import DAYS_AROUND, Compared
from lms.assessments.models import Assessment
from lms.core.clock import HERE
from lms.logbook.models import Activity

GIVEN = and_(Assessment.status == AssessmentStatus.SUBMITTED, Assessment.assessor_id != Assessment.trainee_id)


class OwnRating(NamedTuple):
    """One rating that was given: on which day, how many days after the act, and what it says."""

    given_on: date
    days: int
    scale_id: UUID | None
    direction: Direction
    level_rank: int | None
    comment: str


def number_given(session: Session, user_id: UUID) -> int:
    """Return how many ratings a person ever gave."""
    return session.scalar(select(func.count()).where(Assessment.assessor_id == user_id, GIVEN)) or 0


def ratings_given(session: Session, user_id: UUID, *, since: datetime) -> Sequence[OwnRating]:
    """Return the ratings that a person gave since a moment, the earliest first."""
    given_on = cast(func.timezone(str(HERE), Assessment.answered_at), Date)
    rows = session.execute(
        select(
            given_on,
            cast(given_on - Activity.performed_on, Integer),
            Assessment.scale_id,
            Assessment.direction,
            Assessment.level_rank,
            Assessment.comment,
        )
        .join(Activity, Activity.id == Assessment.activity_id)
        .where(Assessment.assessor_id == user_id, GIVEN, Assessment.answered_at >= since)
        .order_by(Assessment.answered_at, Assessment.id)
    )
    return [OwnRating(*row) for row in rows]


def compared_with_others(session: Session, user_id: UUID, *, since: datetime) -> Sequence[Compared]:
    """Return each level that a person gave since a moment beside those that others gave; one statement.

    Of the same trainee on the same EPA, on the same version of a scale and in the same direction, about acts at most
    sixty days before or after. What nobody else rated is left out.
    """
    rows = session.execute(_compared(user_id, since))
    return [Compared(row.trainee_id, frozenset(row.others), row.lower, row.same, row.higher) for row in rows]


def _compared(user_id: UUID, since: datetime) -> Select[*tuple[Any, ...]]:
    other, act, other_act = aliased(Assessment), aliased(Activity), aliased(Activity)
    alike = [
        other.enrolment_id == Assessment.enrolment_id,
        other.epa_id == Assessment.epa_id,
        other.scale_id == Assessment.scale_id,
        other.direction == Assessment.direction,
        other.status == AssessmentStatus.SUBMITTED,
        other.level_rank.is_not(None),
        other.assessor_id.not_in([user_id, Assessment.trainee_id]),
    ]
    return (
        select(
            Assessment.trainee_id,
            func.array_agg(other.assessor_id.distinct()).label("others"),
            func.count().filter(other.level_rank < Assessment.level_rank).label("lower"),
            func.count().filter(other.level_rank == Assessment.level_rank).label("same"),
            func.count().filter(other.level_rank > Assessment.level_rank).label("higher"),
        )
        .join(act, act.id == Assessment.activity_id)
        .join(other, and_(*alike))
        .join(other_act, other_act.id == other.activity_id)
        .where(
            Assessment.assessor_id == user_id,
            GIVEN,
            Assessment.level_rank.is_not(None),
            Assessment.answered_at >= since,
            func.abs(other_act.performed_on - act.performed_on) <= DAYS_AROUND,
        )
        .group_by(Assessment.id, Assessment.trainee_id)
        .order_by(Assessment.id)
    )
