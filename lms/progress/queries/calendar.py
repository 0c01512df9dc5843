"""The days that a person's calendar shows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from lms.cohorts.models import Cohort, Enrolment
from lms.core.db import Words
from lms.curriculum.models import Epa
from lms.entrustment.models import Decision
from lms.standings.models import Standing


class Expiry(NamedTuple):
    """The last day of a declaration of a person, and of which EPA."""

    decision_id: UUID
    epa_id: UUID
    epa_title: Words
    on: date
    recorded_at: datetime


def expiries_of(session: Session, user_id: UUID) -> Sequence[Expiry]:
    """Return the last days of the declarations that a person has, the first to end first.

    One that is overtaken before, by a later decision on what its EPA became, has no last day of its own.
    """
    holds = or_(
        Decision.epa_id != Standing.epa_id,
        Decision.overtaken_on.is_(None),
        Decision.overtaken_on > Standing.valid_until,
    )
    rows = session.execute(
        select(Decision.id, Standing.epa_id, Epa.title, Standing.valid_until, Decision.recorded_at)
        .join(Decision, Decision.id == Standing.decision_id)
        .join(Enrolment, Enrolment.id == Standing.enrolment_id)
        .join(Epa, Epa.id == Standing.epa_id)
        .where(Enrolment.trainee_id == user_id, Standing.valid_until.is_not(None), ~Standing.is_recognised, holds)
        .order_by(Standing.valid_until, Standing.epa_id)
    )
    return [Expiry(*row[:3], row.valid_until, row.recorded_at) for row in rows if row.valid_until is not None]


def enrolments_to_end(session: Session, user_id: UUID) -> Sequence[Enrolment]:
    """Return the enrolments of a person that have not ended, with their programme."""
    return session.scalars(
        select(Enrolment)
        .where(Enrolment.trainee_id == user_id, Enrolment.ended_on.is_(None))
        .options(joinedload(Enrolment.programme_version))
        .order_by(Enrolment.planned_end_on, Enrolment.id)
    ).all()


def cohorts_led(session: Session, user_id: UUID) -> Sequence[Cohort]:
    """Return the cohorts that a person leads, the first to end first."""
    return session.scalars(
        select(Cohort).where(Cohort.lead_id == user_id).order_by(Cohort.planned_end_on, Cohort.id)
    ).all()
