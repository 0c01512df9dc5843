"""Who decides, and who did what to a decision."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from competencies.people import Role
from lms.accounts.models import User
from lms.cohorts.models import Enrolment, EnrolmentTrainer
from lms.cohorts.queries import not_ended
from lms.core.audit import trail_of
from lms.entrustment.models import Decision
from lms.entrustment.values import TrailLine
from lms.organisations.models import RoleAssignment
from lms.organisations.queries import current

SHOWN_OF_HASH = 12
"""Enough to compare by eye; `bekwaam check` compares the whole."""


def deciders_of(session: Session, enrolment: Enrolment, *, on: date) -> Sequence[User]:
    """Return who may decide on the trainee on a day, by name; the same people as `can_decide` lets through."""
    holders = select(RoleAssignment.user_id).where(current(RoleAssignment.starts_on, RoleAssignment.ends_on, on))
    home, place = enrolment.cohort.organisation_id, enrolment.department.organisation_id
    committee = holders.where(RoleAssignment.role == Role.COMMITTEE_MEMBER, RoleAssignment.organisation_id == home)
    trainers = holders.where(RoleAssignment.role == Role.TRAINER, RoleAssignment.organisation_id.in_({home, place}))
    decides: ColumnElement[bool] = or_(
        User.id.in_(committee), User.id.in_(trainers) & User.id.in_(_guides(enrolment.id, on))
    )
    return session.scalars(
        select(User)
        .where(decides, User.id != enrolment.trainee_id, User.disabled_at.is_(None))
        .order_by(User.name, User.id)
    ).all()


def _guides(enrolment_id: UUID, on: date) -> Select[UUID]:
    return (
        select(EnrolmentTrainer.trainer_id)
        .join(Enrolment)
        .where(
            EnrolmentTrainer.enrolment_id == enrolment_id,
            not_ended(on),
            Enrolment.starts_on <= on,
            current(EnrolmentTrainer.starts_on, EnrolmentTrainer.ends_on, on),
        )
    )


def people_by_id(session: Session, keys: Collection[UUID]) -> dict[UUID, User]:
    """Return the people with these keys."""
    return {user.id: user for user in session.scalars(select(User).where(User.id.in_(keys)))} if keys else {}


def trail_of_decision(session: Session, decision: Decision) -> Sequence[TrailLine]:
    """Return the audit entries about a decision, in the order they were written."""
    entries = trail_of(session, subject=decision.trainee_id, target=decision.id)
    people = people_by_id(session, {one.actor_id for one in entries if one.actor_id})
    return [
        TrailLine(
            sequence=one.sequence,
            action=one.action,
            actor=people[one.actor_id].name if one.actor_id else None,
            at=one.at,
            hash=one.hash.hex()[:SHOWN_OF_HASH],
        )
        for one in entries
    ]
