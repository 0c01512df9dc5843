"""Who and what is near enough to a cohort to take part in it: its organisation and those of its alliances."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, contains_eager

from competencies.people import Role
from lms.accounts.models import User
from lms.cohorts.models import Cohort
from lms.cohorts.queries.scopes import circle_of
from lms.organisations.models import Department, Organisation, RoleAssignment
from lms.organisations.queries import current


def may_train(session: Session, user_id: UUID, cohort: Cohort, *, on: date) -> bool:
    """Return whether a person is a trainer on a day where trainees of the cohort can be guided from."""
    return (
        session.scalar(_trainers_near(cohort, on=on).where(User.id == user_id).with_only_columns(User.id)) is not None
    )


def trainers_near(session: Session, cohort: Cohort, *, on: date) -> Sequence[tuple[User, Organisation]]:
    """Return who can guide trainees of the cohort, each with the organisation of the role; the cohort's own first."""
    elsewhere = Organisation.id != cohort.organisation_id
    return session.execute(_trainers_near(cohort, on=on).order_by(elsewhere, Organisation.name, User.name)).all()


def _trainers_near(cohort: Cohort, *, on: date) -> Select[User, Organisation]:
    return (
        select(User, Organisation)
        .join(RoleAssignment, RoleAssignment.user_id == User.id)
        .join(Organisation, Organisation.id == RoleAssignment.organisation_id)
        .where(
            RoleAssignment.role == Role.TRAINER,
            current(RoleAssignment.starts_on, RoleAssignment.ends_on, on),
            Organisation.id.in_(circle_of([cohort.organisation_id], on=on)),
            User.disabled_at.is_(None),
        )
    )


def departments_near(session: Session, cohort: Cohort, *, on: date) -> Sequence[Department]:
    """Return the departments where trainees of the cohort can work, with organisation; the cohort's own first."""
    elsewhere = Department.organisation_id != cohort.organisation_id
    return session.scalars(
        select(Department)
        .join(Department.organisation)
        .where(Department.organisation_id.in_(circle_of([cohort.organisation_id], on=on)))
        .options(contains_eager(Department.organisation))
        .order_by(elsewhere, Organisation.name, Department.name)
    ).all()


def is_in_circle(session: Session, organisation_id: UUID, cohort: Cohort, *, on: date) -> bool:
    """Return whether an organisation is the cohort's own or shares an alliance with it on that day."""
    circle = circle_of([cohort.organisation_id], on=on)
    return session.scalar(circle.where(Organisation.id == organisation_id)) is not None
