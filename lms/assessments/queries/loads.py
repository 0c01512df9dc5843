"""How much waits for people, how soon they answer, and how much may wait for each."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Uuid, bindparam, case, func, select
from sqlalchemy.orm import Session

from competencies.observations import AssessmentStatus
from competencies.people import Role
from lms.accounts.models import User
from lms.assessments.models import Assessment, RequestLimit
from lms.organisations.models import RoleAssignment
from lms.organisations.queries import TODAY, current

USUAL_LIMIT = 15
"""So many requests may wait for somebody where neither they nor their organisation chose a number."""
LOOKED_BACK = timedelta(days=180)
ENOUGH_ANSWERS = 5
"""Fewer answers than this say nothing of how soon somebody answers."""
_PEOPLE = bindparam("people", type_=Uuid, expanding=True)
_DAY = 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class Load:
    """What waits for a person, the most that may, and after how many days they answer in the middle (None: unknown)."""

    open_now: int
    limit: int
    days: int | None

    @property
    def is_full(self) -> bool:
        """Return whether nobody can ask this person for more."""
        return self.open_now >= self.limit


def loads_of(session: Session, people: Collection[UUID], *, on: date) -> Mapping[UUID, Load]:
    """Return the load of each of these people on a day; one statement, however many they are."""
    if not people:
        return {}
    since = datetime.combine(on, time(), UTC) - LOOKED_BACK
    rows = session.execute(_loads(), {"people": list(people), "today": on, "since": since, "most": USUAL_LIMIT})
    return {row.id: Load(row.waiting, row.limit, row.days) for row in rows}


@cache
def _loads() -> Select[*tuple[Any, ...]]:
    took = func.extract("epoch", Assessment.answered_at - Assessment.held_since) / _DAY
    days = func.round(func.percentile_cont(0.5).within_group(took))
    answered = (
        select(Assessment.assessor_id, case((func.count() >= ENOUGH_ANSWERS, days)).label("days"))
        .where(
            Assessment.assessor_id.in_(_PEOPLE),
            Assessment.answered_at >= bindparam("since"),
            Assessment.started.is_(False),
            Assessment.status.in_((AssessmentStatus.SUBMITTED, AssessmentStatus.DECLINED)),
        )
        .group_by(Assessment.assessor_id)
        .subquery()
    )
    return (
        select(User.id, _waiting(), _limit(), answered.c.days)
        .outerjoin(answered, answered.c.assessor_id == User.id)
        .where(User.id.in_(_PEOPLE))
    )


def _waiting() -> Any:
    """Return how many requests of others wait for a person."""
    waits = (
        Assessment.assessor_id == User.id,
        Assessment.trainee_id != User.id,
        Assessment.status == AssessmentStatus.REQUESTED,
    )
    return select(func.count()).where(*waits).correlate(User).scalar_subquery().label("waiting")


def _limit() -> Any:
    """Return the most that may wait for a person: their own number, else the least of where they are a trainer."""
    own = select(RequestLimit.most).where(RequestLimit.user_id == User.id).correlate(User).scalar_subquery()
    of_place = (
        select(func.min(RequestLimit.most))
        .join(RoleAssignment, RoleAssignment.organisation_id == RequestLimit.organisation_id)
        .where(
            RoleAssignment.user_id == User.id,
            RoleAssignment.role == Role.TRAINER,
            current(RoleAssignment.starts_on, RoleAssignment.ends_on, TODAY),
        )
        .correlate(User)
        .scalar_subquery()
    )
    return func.coalesce(own, of_place, bindparam("most")).label("limit")


def limit_of_organisation(session: Session, organisation_id: UUID) -> int:
    """Return the most that may wait for a trainer of an organisation who chose no number."""
    chosen = select(RequestLimit.most).where(RequestLimit.organisation_id == organisation_id)
    return session.scalar(chosen) or USUAL_LIMIT


def own_limit(session: Session, user_id: UUID) -> int | None:
    """Return the number that a person chose, or None where their organisation's holds."""
    return session.scalar(select(RequestLimit.most).where(RequestLimit.user_id == user_id))
