"""Who follows the version that a move starts from."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ScalarSelect, Select, func, select, tuple_
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload

from lms.accounts.models import User
from lms.cohorts.models import Cohort, Enrolment, VersionMove
from lms.core.paging import Page, page_of

PAGE = 20
"""So many trainees are looked at and moved at once; who was moved makes room for the next."""
ORDER = (Cohort.starts_on, Cohort.name, User.name, Enrolment.id)


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


def followers(
    session: Session, move: VersionMove, *, by: UUID, after: UUID | None = None, size: int = PAGE
) -> Page[Enrolment]:
    """Return the first who can be moved, by cohort and name, with trainee and cohort.

    With `after` those behind that enrolment, whether it was moved meanwhile or not.
    """
    asked = _following(move, by=by)
    if after is not None:
        asked = asked.where(tuple_(*ORDER) > _place_of(after))
    rows = session.scalars(
        asked.options(contains_eager(Enrolment.trainee), contains_eager(Enrolment.cohort))
        .order_by(*ORDER)
        .limit(size + 1)
    ).all()
    return page_of(rows, size=size, cursor_of=lambda one: str(one.id))


def _place_of(enrolment_id: UUID) -> ScalarSelect[Any]:
    """Select where an enrolment stands in the order."""
    cohort, trainee, own = aliased(Cohort), aliased(User), aliased(Enrolment)
    return (
        select(cohort.starts_on, cohort.name, trainee.name, own.id)
        .select_from(own)
        .join(cohort, cohort.id == own.cohort_id)
        .join(trainee, trainee.id == own.trainee_id)
        .where(own.id == enrolment_id)
        .scalar_subquery()
    )


def count_followers(session: Session, move: VersionMove, *, by: UUID) -> int:
    """Return how many can be moved."""
    counted = _following(move, by=by).with_only_columns(func.count(), maintain_column_froms=True)
    return session.scalar(counted) or 0


def cohorts_of_followers(session: Session, move: VersionMove, *, by: UUID) -> Sequence[tuple[Cohort, int]]:
    """Return the cohorts of who can be moved, in their order, each with how many these are."""
    counted = _following(move, by=by).with_only_columns(Cohort, func.count(), maintain_column_froms=True)
    rows = session.execute(counted.group_by(Cohort.id).order_by(Cohort.starts_on, Cohort.name, Cohort.id))
    return [(row[0], row[1]) for row in rows]


def followers_in(session: Session, move: VersionMove, cohort_id: UUID, *, by: UUID) -> Sequence[Enrolment]:
    """Return who can be moved of a cohort, in the order of the list, with the cohort."""
    of_cohort = _following(move, by=by).where(Enrolment.cohort_id == cohort_id)
    return session.scalars(of_cohort.options(contains_eager(Enrolment.cohort)).order_by(*ORDER)).all()


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
