"""What is asked about cohorts, enrolments and who guides whom; each read carries the scope of the reader."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload, selectinload

from competencies.people import Role
from lms.accounts.models import User
from lms.cohorts.models import Cohort, Enrolment, EnrolmentTrainer
from lms.cohorts.permissions import READS_COHORTS
from lms.curriculum.models import ProgrammeVersion
from lms.organisations.models import AllianceMembership, Organisation, RoleAssignment
from lms.organisations.permissions import Duties
from lms.organisations.queries import current

WITH_PLACE = (
    joinedload(Cohort.programme_version).joinedload(ProgrammeVersion.programme),
    joinedload(Cohort.organisation),
    joinedload(Cohort.lead),
)


def visible_cohorts(duties: Duties) -> Select[Cohort]:
    """Return the cohorts whose trainees a person may see by name: of their organisations, and those they lead."""
    seen: ColumnElement[bool] = Cohort.organisation_id.in_(duties.places(*READS_COHORTS))
    if duties.has(Role.PROGRAMME_LEAD):
        seen = or_(seen, Cohort.lead_id == duties.user_id)
    return select(Cohort).where(seen)


def visible_enrolments(duties: Duties) -> Select[Enrolment]:
    """Return the enrolments a person may see: their own, those they guide today, and those of visible cohorts."""
    return select(Enrolment).where(
        or_(
            Enrolment.trainee_id == duties.user_id,
            Enrolment.cohort_id.in_(visible_cohorts(duties).with_only_columns(Cohort.id)),
            guided_by(duties.user_id, on=duties.on),
        )
    )


def guided_by(user_id: UUID, *, on: date) -> ColumnElement[bool]:
    """Return the condition that a person guides the enrolment on a day.

    That asks three things of the day: the guidance, an enrolment that has not ended, and the role of trainer in the
    cohort's organisation or in one that shares an alliance with it. Who lost the role, lost the sight.
    """
    guided = select(EnrolmentTrainer.enrolment_id).where(
        EnrolmentTrainer.trainer_id == user_id, current(EnrolmentTrainer.starts_on, EnrolmentTrainer.ends_on, on)
    )
    trains_at = select(RoleAssignment.organisation_id).where(
        RoleAssignment.user_id == user_id,
        RoleAssignment.role == Role.TRAINER,
        current(RoleAssignment.starts_on, RoleAssignment.ends_on, on),
    )
    near = select(Cohort.id).where(Cohort.organisation_id.in_(circle_of(trains_at, on=on)))
    return Enrolment.id.in_(guided) & Enrolment.cohort_id.in_(near) & _not_ended(on)


def _not_ended(on: date) -> ColumnElement[bool]:
    return or_(Enrolment.ended_on.is_(None), Enrolment.ended_on >= on)


def circle_of(organisations: Collection[UUID] | Select[Any], *, on: date) -> Select[UUID]:
    """Return the keys of the organisations themselves and of all that share an alliance with one on that day."""
    other = aliased(AllianceMembership)
    partners = (
        select(other.organisation_id)
        .join(AllianceMembership, AllianceMembership.alliance_id == other.alliance_id)
        .where(
            AllianceMembership.organisation_id.in_(organisations),
            current(AllianceMembership.starts_on, AllianceMembership.ends_on, on),
            current(other.starts_on, other.ends_on, on),
        )
    )
    return select(Organisation.id).where(or_(Organisation.id.in_(organisations), Organisation.id.in_(partners)))


def cohorts_seen(session: Session, duties: Duties) -> Sequence[Cohort]:
    """Return the cohorts a person may see, the newest first, with programme, organisation and lead."""
    return session.scalars(
        visible_cohorts(duties).options(*WITH_PLACE).order_by(Cohort.starts_on.desc(), Cohort.name, Cohort.id)
    ).all()


def one_cohort(session: Session, duties: Duties, cohort_id: UUID) -> Cohort | None:
    """Return a cohort with programme, organisation and lead, if the person may see it."""
    return session.scalar(visible_cohorts(duties).where(Cohort.id == cohort_id).options(*WITH_PLACE))


def one_enrolment(session: Session, duties: Duties, enrolment_id: UUID) -> Enrolment | None:
    """Return an enrolment, if the person may see it: with cohort, programme, organisation, trainee and trainers."""
    return session.scalar(
        visible_enrolments(duties)
        .where(Enrolment.id == enrolment_id)
        .options(
            joinedload(Enrolment.cohort).options(*WITH_PLACE),
            joinedload(Enrolment.trainee),
            joinedload(Enrolment.department),
            selectinload(Enrolment.trainers).joinedload(EnrolmentTrainer.trainer),
        )
    )


def enrolments_of_trainee(session: Session, user_id: UUID) -> Sequence[Enrolment]:
    """Return a trainee's enrolments, the newest first, with cohort, programme, organisation and department."""
    return session.scalars(
        select(Enrolment)
        .where(Enrolment.trainee_id == user_id)
        .options(joinedload(Enrolment.cohort).options(*WITH_PLACE), joinedload(Enrolment.department))
        .order_by(Enrolment.starts_on.desc(), Enrolment.id)
    ).all()


def guided_enrolments(session: Session, user_id: UUID, *, on: date) -> Sequence[Enrolment]:
    """Return the enrolments a trainer guides on a day by trainee's name, with cohort, programme and department."""
    return session.scalars(
        select(Enrolment)
        .join(Enrolment.trainee)
        .where(guided_by(user_id, on=on))
        .options(
            contains_eager(Enrolment.trainee),
            joinedload(Enrolment.cohort).options(*WITH_PLACE),
            joinedload(Enrolment.department),
        )
        .order_by(User.name, Enrolment.id)
    ).all()


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
