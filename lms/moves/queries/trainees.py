"""Who follows the version that a move starts from."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from lms.accounts.models import User
from lms.cohorts.models import Cohort, Enrolment, VersionMove

PAGE = 50
"""So many trainees are looked at and moved at once; who was moved makes room for the next."""


def _following(move: VersionMove, *, by: UUID) -> Select[Enrolment]:
    """Select who follows the version in the organisation of the move and has not ended; never oneself."""
    return (
        select(Enrolment)
        .join(Enrolment.cohort)
        .join(Enrolment.trainee)
        .where(
            Enrolment.programme_version_id == move.from_version_id,
            Cohort.organisation_id == move.organisation_id,
            Enrolment.ended_on.is_(None),
            Enrolment.trainee_id != by,
        )
    )


def followers(session: Session, move: VersionMove, *, by: UUID, size: int = PAGE) -> Sequence[Enrolment]:
    """Return the first who can be moved, by cohort and name, with trainee and cohort."""
    return session.scalars(
        _following(move, by=by)
        .options(contains_eager(Enrolment.trainee), contains_eager(Enrolment.cohort))
        .order_by(Cohort.starts_on, Cohort.name, User.name, Enrolment.id)
        .limit(size)
    ).all()


def count_followers(session: Session, move: VersionMove, *, by: UUID) -> int:
    """Return how many can be moved."""
    counted = _following(move, by=by).with_only_columns(func.count(), maintain_column_froms=True)
    return session.scalar(counted) or 0


def followers_by_id(
    session: Session, move: VersionMove, enrolment_ids: Collection[UUID], *, by: UUID
) -> Sequence[Enrolment]:
    """Return those of these enrolments that can be moved, in the order of their trainees, with trainee and cohort."""
    return session.scalars(
        _following(move, by=by)
        .where(Enrolment.id.in_(enrolment_ids))
        .options(
            contains_eager(Enrolment.trainee),
            contains_eager(Enrolment.cohort),
            joinedload(Enrolment.programme_version),
        )
        .order_by(Enrolment.trainee_id, Enrolment.id)
    ).all()
