"""What changes who guides a trainee."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from competencies.errors import RuleBroken
from lms.accounts.models import User
from lms.cohorts.actions.plans import take_turn
from lms.cohorts.models import Enrolment, EnrolmentTrainer
from lms.cohorts.queries import may_train
from lms.core.audit import record
from lms.core.clock import day_of


def assign_trainer(
    session: Session,
    enrolment: Enrolment,
    *,
    trainer: User,
    starts_on: date,
    ends_on: date | None = None,
    by: User | None,
    at: datetime,
) -> EnrolmentTrainer:
    """Let a trainer guide the trainee on those days, both included.

    Raises `RuleBroken`: enrolment_ended, trainer_is_trainee, guidance_dates, guidance_before_start, trainer_not_allowed
    for who is no trainer in the cohort's organisation or its alliances, or trainer_assigned where the days overlap.
    """
    take_turn(session, Enrolment, enrolment.id)
    session.refresh(enrolment, ["ended_on"])
    _check_days(enrolment, starts_on, ends_on)
    if trainer.id == enrolment.trainee_id:
        raise RuleBroken("trainer_is_trainee", name=trainer.name)
    if not may_train(session, trainer.id, enrolment.cohort, on=day_of(at)):
        raise RuleBroken("trainer_not_allowed", name=trainer.name)
    _check_overlap(session, enrolment, trainer, starts_on, ends_on)
    guidance = EnrolmentTrainer(enrolment_id=enrolment.id, trainer_id=trainer.id, starts_on=starts_on, ends_on=ends_on)
    session.add(guidance)
    session.flush()
    record(
        session,
        "enrolment.trainer_assigned",
        subject=enrolment.trainee_id,
        by=by.id if by else None,
        at=at,
        target=enrolment.id,
        after={"trainer": trainer.id, "starts_on": starts_on, "ends_on": ends_on},
    )
    return guidance


def _check_days(enrolment: Enrolment, starts_on: date, ends_on: date | None) -> None:
    if enrolment.ended_on is not None:
        raise RuleBroken("enrolment_ended", ended_on=enrolment.ended_on)
    if ends_on is not None and ends_on < starts_on:
        raise RuleBroken("guidance_dates", starts_on=starts_on, ends_on=ends_on)
    if starts_on < enrolment.starts_on:
        raise RuleBroken("guidance_before_start", starts_on=enrolment.starts_on)


def _check_overlap(
    session: Session, enrolment: Enrolment, trainer: User, starts_on: date, ends_on: date | None
) -> None:
    overlapping = select(EnrolmentTrainer.id).where(
        EnrolmentTrainer.enrolment_id == enrolment.id,
        EnrolmentTrainer.trainer_id == trainer.id,
        or_(EnrolmentTrainer.ends_on.is_(None), EnrolmentTrainer.ends_on >= starts_on),
    )
    if ends_on is not None:
        overlapping = overlapping.where(EnrolmentTrainer.starts_on <= ends_on)
    if session.scalar(overlapping.limit(1)) is not None:
        raise RuleBroken("trainer_assigned", name=trainer.name)


def end_guidance(
    session: Session, enrolment: Enrolment, guidance: EnrolmentTrainer, *, on: date, by: User, at: datetime
) -> None:
    """Let the guidance end with that day; one that was to begin later is taken back, and the audit record keeps it.

    Raises `RuleBroken` guidance_ended where it ended by that day already.
    """
    take_turn(session, Enrolment, enrolment.id)
    session.refresh(guidance, ["ends_on"])
    if guidance.ends_on is not None and guidance.ends_on <= on:
        raise RuleBroken("guidance_ended", ended_on=guidance.ends_on)
    _end(session, enrolment, guidance, on=on, by=by, at=at)


def end_all_guidance(session: Session, enrolment: Enrolment, *, on: date, by: User, at: datetime) -> None:
    """End with that day whatever guidance still runs, and take back what was to begin later."""
    running = select(EnrolmentTrainer).where(
        EnrolmentTrainer.enrolment_id == enrolment.id,
        or_(EnrolmentTrainer.ends_on.is_(None), EnrolmentTrainer.ends_on > on),
    )
    for guidance in session.scalars(running.order_by(EnrolmentTrainer.id)).all():
        _end(session, enrolment, guidance, on=on, by=by, at=at)


def _end(
    session: Session, enrolment: Enrolment, guidance: EnrolmentTrainer, *, on: date, by: User, at: datetime
) -> None:
    days = {"trainer": guidance.trainer_id, "starts_on": guidance.starts_on, "ends_on": guidance.ends_on}
    subject, target, ended = enrolment.trainee_id, enrolment.id, days | {"ends_on": on}
    if guidance.starts_on > on:
        session.delete(guidance)
        record(session, "enrolment.trainer_cancelled", subject=subject, by=by.id, at=at, target=target, before=days)
        return
    guidance.ends_on = on
    record(
        session, "enrolment.trainer_ended", subject=subject, by=by.id, at=at, target=target, before=days, after=ended
    )
