"""What is asked about enrolments."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Uuid, bindparam, or_, select
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload, load_only

from competencies.people import Role
from lms.accounts.models import User
from lms.cohorts.models import Cohort, Enrolment, EnrolmentTrainer
from lms.cohorts.queries.scopes import (
    ANY_READER,
    FOLLOWED,
    circle_of,
    facts_of,
    guided_by,
    not_ended,
    visible_enrolments,
)
from lms.organisations.models import AllianceMembership, RoleAssignment
from lms.organisations.permissions import Duties
from lms.organisations.queries import TODAY, current

_ASKED = bindparam("enrolment_id", type_=Uuid)
_PERSON = bindparam("user_id", type_=Uuid)


def one_enrolment(session: Session, duties: Duties, enrolment_id: UUID) -> Enrolment | None:
    """Return an enrolment, if the person may see it: with cohort, programme, organisation, trainee and trainers."""
    found = session.scalars(_one_enrolment(), {"enrolment_id": enrolment_id, **facts_of(duties)})
    return found.unique().one_or_none()


@cache
def _one_enrolment() -> Select[Enrolment]:
    return (
        visible_enrolments(ANY_READER)
        .where(Enrolment.id == _ASKED)
        .options(
            *FOLLOWED,
            joinedload(Enrolment.trainee),
            joinedload(Enrolment.department),
            joinedload(Enrolment.trainers).joinedload(EnrolmentTrainer.trainer),
        )
    )


def one_enrolment_in_short(session: Session, duties: Duties, enrolment_id: UUID) -> Enrolment | None:
    """Return an enrolment, if the person may see it, with its cohort only: a picture has no names to show."""
    return session.scalar(_one_in_short(), {"enrolment_id": enrolment_id, **facts_of(duties)})


@cache
def _one_in_short() -> Select[Enrolment]:
    return visible_enrolments(ANY_READER).where(Enrolment.id == _ASKED).options(joinedload(Enrolment.cohort))


def enrolments_of_trainee(session: Session, user_id: UUID) -> Sequence[Enrolment]:
    """Return a trainee's enrolments, the newest first, with cohort, programme, organisation and department."""
    return session.scalars(_of_trainee(), {"user_id": user_id}).all()


@cache
def _of_trainee() -> Select[Enrolment]:
    return (
        select(Enrolment)
        .where(Enrolment.trainee_id == _PERSON)
        .options(*FOLLOWED, joinedload(Enrolment.department))
        .order_by(Enrolment.starts_on.desc(), Enrolment.id)
    )


def enrolments_in_dates(session: Session, user_id: UUID) -> Sequence[Enrolment]:
    """Return a trainee's enrolments with nothing but from when until when they last."""
    return session.scalars(_in_dates(), {"user_id": user_id}).all()


@cache
def _in_dates() -> Select[Enrolment]:
    dates = load_only(Enrolment.trainee_id, Enrolment.starts_on, Enrolment.ended_on, raiseload=True)
    return select(Enrolment).where(Enrolment.trainee_id == _PERSON).options(dates)


def guided_enrolments(session: Session, user_id: UUID, *, on: date) -> Sequence[Enrolment]:
    """Return the enrolments a trainer guides on a day by trainee's name, with cohort, programme and department."""
    return session.scalars(_guided(), {"user_id": user_id, "today": on}).all()


@cache
def _guided() -> Select[Enrolment]:
    return (
        select(Enrolment)
        .join(Enrolment.trainee)
        .where(guided_by(_PERSON, on=TODAY))
        .options(
            contains_eager(Enrolment.trainee),
            *FOLLOWED,
            joinedload(Enrolment.department),
        )
        .order_by(User.name, Enrolment.id)
    )


def enrolments_of_cohort(session: Session, cohort_id: UUID) -> Sequence[Enrolment]:
    """Return the enrolments of a cohort by trainee's name, with trainee and department."""
    return session.scalars(
        select(Enrolment)
        .join(Enrolment.trainee)
        .where(Enrolment.cohort_id == cohort_id)
        .options(contains_eager(Enrolment.trainee), joinedload(Enrolment.department))
        .order_by(User.name, Enrolment.id)
    ).all()


def current_trainers(session: Session, enrolment_id: UUID, *, on: date) -> Sequence[User]:
    """Return who guides the enrolment on a day and is a trainer then, by name; never a closed account."""
    guides = select(EnrolmentTrainer.trainer_id).where(
        EnrolmentTrainer.enrolment_id == enrolment_id,
        current(EnrolmentTrainer.starts_on, EnrolmentTrainer.ends_on, on),
    )
    home = select(Cohort.organisation_id).join(Enrolment).where(Enrolment.id == enrolment_id)
    trainers = select(RoleAssignment.user_id).where(
        RoleAssignment.role == Role.TRAINER,
        RoleAssignment.organisation_id.in_(circle_of(home, on=on)),
        current(RoleAssignment.starts_on, RoleAssignment.ends_on, on),
    )
    return session.scalars(
        select(User)
        .where(User.id.in_(guides), User.id.in_(trainers), User.disabled_at.is_(None))
        .order_by(User.name, User.id)
    ).all()


def guides_of(session: Session, trainee_id: UUID, *, on: date) -> Sequence[User]:
    """Return who guides the trainee on a day, in any enrolment that has not ended, by name; never a closed account."""
    return session.scalars(
        select(User)
        .join(EnrolmentTrainer, EnrolmentTrainer.trainer_id == User.id)
        .join(Enrolment, Enrolment.id == EnrolmentTrainer.enrolment_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .join(RoleAssignment, RoleAssignment.user_id == User.id)
        .where(
            Enrolment.trainee_id == trainee_id,
            not_ended(on),
            current(EnrolmentTrainer.starts_on, EnrolmentTrainer.ends_on, on),
            RoleAssignment.role == Role.TRAINER,
            current(RoleAssignment.starts_on, RoleAssignment.ends_on, on),
            or_(RoleAssignment.organisation_id == Cohort.organisation_id, _are_allied(on)),
            User.disabled_at.is_(None),
        )
        .distinct()
        .order_by(User.name, User.id)
    ).all()


def _are_allied(on: date) -> ColumnElement[bool]:
    """Return the condition that the place of the role shares an alliance with that of the cohort on a day."""
    one, other = aliased(AllianceMembership), aliased(AllianceMembership)
    return (
        select(one.id)
        .join(other, other.alliance_id == one.alliance_id)
        .where(
            one.organisation_id == RoleAssignment.organisation_id,
            other.organisation_id == Cohort.organisation_id,
            current(one.starts_on, one.ends_on, on),
            current(other.starts_on, other.ends_on, on),
        )
        .exists()
    )
