"""What changes enrolments."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from competencies.errors import RuleBroken
from competencies.people import EndReason, Role
from lms.accounts.actions import create_user
from lms.accounts.models import User
from lms.accounts.queries import user_by_email
from lms.cohorts.actions.guidance import assign_trainer, end_all_guidance
from lms.cohorts.actions.plans import check_plan, take_turn
from lms.cohorts.models import Cohort, Enrolment
from lms.cohorts.queries import is_in_circle
from lms.cohorts.values import tracks_of
from lms.core.audit import record
from lms.core.clock import day_of
from lms.curriculum.models import ProgrammeVersion
from lms.organisations.actions import give_role
from lms.organisations.models import Department, RoleAssignment

FIRST_PASSWORD_BYTES = 12
"""Sixteen characters that nobody guesses, and that can still be typed over from a note."""


def account_for(session: Session, *, email: str, name: str, by: User, at: datetime) -> tuple[User, str | None]:
    """Return the account of an e-mail address, and the first password of one that was made just now.

    That password is kept nowhere: whoever enrols hands it over, and it opens nothing until the trainee has chosen
    another. Raises `RuleBroken` name_needed where there is no account and no name to make one with.
    """
    known = user_by_email(session, email)
    if known is not None:
        return known, None
    if not name:
        raise RuleBroken("name_needed")
    password = secrets.token_urlsafe(FIRST_PASSWORD_BYTES)
    user = create_user(session, email=email, name=name, password=password, by=by, at=at, password_is_first=True)
    return user, password


def enrol(
    session: Session,
    cohort: Cohort,
    *,
    trainee: User,
    department: Department,
    track: str | None,
    starts_on: date,
    planned_end_on: date,
    trainers: Sequence[User] = (),
    by: User | None,
    at: datetime,
) -> Enrolment:
    """Enrol a trainee with dates, place and trainers of their own, and give the role of trainee where it is not held.

    Raises `RuleBroken`: trainee_enrolled, own_enrolment, account_closed, enrolment_after_cohort, track_needed,
    track_unknown, department_elsewhere, or one of `check_plan` and `assign_trainer`.
    """
    take_turn(session, Cohort, cohort.id)
    _check_trainee(session, cohort, trainee, by)
    _check_place(session, cohort, department, starts_on, planned_end_on, at)
    _check_track(cohort.programme_version, track)
    enrolment = Enrolment(
        cohort=cohort,
        programme_version=cohort.programme_version,
        trainee=trainee,
        department=department,
        track=track,
        starts_on=starts_on,
        planned_end_on=planned_end_on,
        created_at=at,
    )
    session.add(enrolment)
    session.flush()
    facts = _facts(enrolment) | {"cohort": cohort.id}
    record(
        session,
        "enrolment.made",
        subject=trainee.id,
        by=by.id if by else None,
        at=at,
        target=enrolment.id,
        after=facts,
    )
    _make_trainee(session, enrolment, by=by, at=at)
    for trainer in trainers:
        assign_trainer(session, enrolment, trainer=trainer, starts_on=starts_on, by=by, at=at)
    return enrolment


def change_enrolment(
    session: Session,
    enrolment: Enrolment,
    *,
    version: int,
    department: Department,
    track: str | None,
    starts_on: date,
    planned_end_on: date,
    by: User,
    at: datetime,
) -> None:
    """Change the dates, the department or the track of an enrolment that has not ended.

    Raises StaleDataError for a version that was changed meanwhile, and `RuleBroken` as `enrol` does.
    """
    take_turn(session, Enrolment, enrolment.id, version=version)
    _refuse_ended(enrolment)
    _check_place(session, enrolment.cohort, department, starts_on, planned_end_on, at)
    _check_track(enrolment.programme_version, track)
    before = _facts(enrolment)
    enrolment.department, enrolment.track = department, track
    enrolment.starts_on, enrolment.planned_end_on = starts_on, planned_end_on
    session.flush()
    _record_change(session, "enrolment.changed", enrolment, by=by, at=at, before=before, after=_facts(enrolment))


def end_enrolment(
    session: Session, enrolment: Enrolment, *, on: date, reason: EndReason, by: User, at: datetime
) -> None:
    """End an enrolment with that day, and with it all guidance.

    Raises `RuleBroken`: enrolment_ended, end_before_start or end_in_future.
    """
    take_turn(session, Enrolment, enrolment.id)
    _refuse_ended(enrolment)
    if on < enrolment.starts_on:
        raise RuleBroken("end_before_start", starts_on=enrolment.starts_on)
    if on > day_of(at):
        raise RuleBroken("end_in_future")
    enrolment.ended_on, enrolment.end_reason = on, reason
    session.flush()
    end_all_guidance(session, enrolment, on=on, by=by, at=at)
    facts = {"ended_on": on, "end_reason": reason}
    _record_change(session, "enrolment.ended", enrolment, by=by, at=at, before={}, after=facts)


def reopen_enrolment(session: Session, enrolment: Enrolment, *, by: User, at: datetime) -> None:
    """Take back the end of an enrolment, as for an end by mistake; trainers are assigned anew.

    Raises `RuleBroken` enrolment_open where it has not ended.
    """
    take_turn(session, Enrolment, enrolment.id)
    session.refresh(enrolment, ["ended_on", "end_reason", "version"])
    if enrolment.ended_on is None:
        raise RuleBroken("enrolment_open")
    before = {"ended_on": enrolment.ended_on, "end_reason": enrolment.end_reason}
    enrolment.ended_on = enrolment.end_reason = None
    session.flush()
    _record_change(session, "enrolment.reopened", enrolment, by=by, at=at, before=before, after={})


def _check_trainee(session: Session, cohort: Cohort, trainee: User, by: User | None) -> None:
    """Accept who is not in the cohort yet, has an open account and does not enrol themselves, or raise."""
    if by is not None and by.id == trainee.id:
        raise RuleBroken("own_enrolment")
    if trainee.disabled_at is not None:
        raise RuleBroken("account_closed", name=trainee.name)
    there = select(Enrolment.id).where(Enrolment.cohort_id == cohort.id, Enrolment.trainee_id == trainee.id)
    if session.scalar(there) is not None:
        raise RuleBroken("trainee_enrolled", name=trainee.name)


def _check_place(
    session: Session,
    cohort: Cohort,
    department: Department,
    starts_on: date,
    planned_end_on: date,
    at: datetime,
) -> None:
    """Accept dates and a department that fit the cohort, or raise."""
    today = day_of(at)
    check_plan(starts_on, planned_end_on, on=today)
    if starts_on > cohort.planned_end_on:
        raise RuleBroken("enrolment_after_cohort", planned_end_on=cohort.planned_end_on)
    if not is_in_circle(session, department.organisation_id, cohort, on=today):
        raise RuleBroken("department_elsewhere", name=department.name)


def _check_track(version: ProgrammeVersion, track: str | None) -> None:
    """Accept a track of the programme where it has tracks, or raise."""
    tracks = tracks_of(version)
    if tracks and track is None:
        raise RuleBroken("track_needed")
    if track is not None and track not in tracks:
        raise RuleBroken("track_unknown", track=track)


def _refuse_ended(enrolment: Enrolment) -> None:
    if enrolment.ended_on is not None:
        raise RuleBroken("enrolment_ended", ended_on=enrolment.ended_on)


def _make_trainee(session: Session, enrolment: Enrolment, *, by: User | None, at: datetime) -> None:
    place = enrolment.cohort.organisation_id
    held = select(RoleAssignment.id).where(
        RoleAssignment.user_id == enrolment.trainee_id,
        RoleAssignment.role == Role.TRAINEE,
        RoleAssignment.organisation_id == place,
        RoleAssignment.ends_on.is_(None),
    )
    if session.scalar(held) is None:
        give_role(
            session,
            enrolment.trainee,
            Role.TRAINEE,
            organisation_id=place,
            since=enrolment.starts_on,
            by=by.id if by else None,
            at=at,
        )


def _record_change(
    session: Session,
    action: str,
    enrolment: Enrolment,
    *,
    by: User,
    at: datetime,
    before: Mapping[str, object],
    after: Mapping[str, object],
) -> None:
    record(
        session, action, subject=enrolment.trainee_id, by=by.id, at=at, target=enrolment.id, before=before, after=after
    )


def _facts(enrolment: Enrolment) -> dict[str, object]:
    return {
        "department": enrolment.department.id,
        "track": enrolment.track,
        "starts_on": enrolment.starts_on,
        "planned_end_on": enrolment.planned_end_on,
    }
