"""What adds to the file of a trainee: recording, confirming, refusing and withdrawing."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from competencies.attainments import (
    AttainmentKind,
    AttainmentState,
    check_attainment,
    check_confirmation,
    check_withdrawal,
    counts_at_once,
)
from competencies.errors import RuleBroken
from competencies.exemptions import check_ground
from competencies.plans import Plan
from lms.accounts.models import User
from lms.attainments.models import AttainmentRow, AttainmentStep
from lms.attainments.values import Account, facts_of, state_of
from lms.cohorts.actions.plans import take_turn
from lms.cohorts.models import Enrolment
from lms.core.audit import record as note
from lms.core.clock import day_of
from lms.core.keys import uuid7


def record(
    session: Session, enrolment: Enrolment, account: Account, plan: Plan, *, by: User, at: datetime
) -> AttainmentRow:
    """Record what was attained; what a trainer or lead records and nothing hangs on, is confirmed at once.

    Raises `RuleBroken` for what the plan of the programme does not have, and whatever `check_attainment` raises.
    """
    check_attainment(
        done_on=account.done_on,
        starts_on=enrolment.starts_on,
        today=day_of(at),
        amount=account.amount,
        kind=account.kind,
        has_proof=bool(account.proof.strip()),
    )
    _check_ground(account, plan)
    row = _row(enrolment, account, by=by.id, at=at)
    session.add(row)
    session.flush()
    note(session, "attainment.recorded", subject=row.trainee_id, by=by.id, at=at, target=row.id, after=facts_of(row))
    if counts_at_once(account.kind, recorded_by=by.id, trainee_id=enrolment.trainee_id):
        _step(session, row, AttainmentState.CONFIRMED, by=by.id, at=at)
    return row


def _check_ground(account: Account, plan: Plan) -> None:
    """Accept an exemption on a ground of the programme, or raise exemption_not_offered."""
    if account.kind is AttainmentKind.EXEMPT_EPA:
        epa = plan.epa(account.key or "")
        if epa is None:
            raise RuleBroken("exemption_not_offered")
        check_ground(account.ground, plan.grounds, epa=epa.key, kind=epa.type, tracks=epa.tracks)


def _row(enrolment: Enrolment, account: Account, *, by: UUID, at: datetime) -> AttainmentRow:
    return AttainmentRow(
        id=uuid7(),
        enrolment_id=enrolment.id,
        trainee_id=enrolment.trainee_id,
        kind=account.kind,
        key=account.key,
        setting=account.setting,
        ground=account.ground,
        title=account.title.strip(),
        amount=account.amount,
        started_on=account.started_on,
        done_on=account.done_on,
        organisation_id=account.organisation_id,
        passed=account.passed,
        proof=account.proof.strip(),
        recorded_by_id=by,
        recorded_at=at,
    )


def confirm(session: Session, row: AttainmentRow, *, by: User, at: datetime) -> None:
    """Confirm an attainment, so that it counts from now on; raise what `check_confirmation` raises."""
    _answer(session, row, AttainmentState.CONFIRMED, by=by, at=at)


def refuse(session: Session, row: AttainmentRow, *, reason: str, by: User, at: datetime) -> None:
    """Say that an attainment does not count, and why; raise what `check_confirmation` raises."""
    if not reason.strip():
        raise RuleBroken("refusal_reason_missing")
    _answer(session, row, AttainmentState.REFUSED, by=by, at=at, reason=reason)


def _answer(
    session: Session, row: AttainmentRow, step: AttainmentState, *, by: User, at: datetime, reason: str = ""
) -> None:
    _take_turn(session, row)
    check_confirmation(row.kind, state_of(row), recorded_by=row.recorded_by_id, by=by.id, trainee_id=row.trainee_id)
    _step(session, row, step, by=by.id, at=at, reason=reason)


def withdraw(session: Session, row: AttainmentRow, *, reason: str, by: User, at: datetime) -> None:
    """Take an attainment back from today on, with the reason; raise what `check_withdrawal` raises."""
    _take_turn(session, row)
    check_withdrawal(state_of(row), reason=reason)
    _step(session, row, AttainmentState.WITHDRAWN, by=by.id, at=at, reason=reason)


def _take_turn(session: Session, row: AttainmentRow) -> None:
    """Let those who answer on one enrolment go one after another, each with the steps of the one before."""
    take_turn(session, Enrolment, row.enrolment_id)
    session.refresh(row, ["steps"])


def _step(
    session: Session, row: AttainmentRow, step: AttainmentState, *, by: UUID, at: datetime, reason: str = ""
) -> None:
    session.add(AttainmentStep(id=uuid7(), attainment_id=row.id, step=step, by_id=by, at=at, reason=reason.strip()))
    session.flush()
    facts = {"step": step, "reason": reason.strip()}
    note(session, f"attainment.{step.value}", subject=row.trainee_id, by=by, at=at, target=row.id, after=facts)
