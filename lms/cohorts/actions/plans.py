"""The dates of a cohort or an enrolment, and who may write them next."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from competencies.errors import RuleBroken
from lms.cohorts.models import Cohort, Enrolment

YEAR = timedelta(days=366)
LOOK_BACK = 10 * YEAR
LOOK_AHEAD = 3 * YEAR
LONGEST = 10 * YEAR
"""Wide enough for a slow trainee in a long programme, narrow enough to catch a mistyped year."""


def check_plan(starts_on: date, planned_end_on: date, *, on: date) -> None:
    """Accept the dates, or raise `RuleBroken`: plan_dates, plan_start_far or plan_too_long."""
    if planned_end_on <= starts_on:
        raise RuleBroken("plan_dates", starts_on=starts_on, planned_end_on=planned_end_on)
    earliest, latest = on - LOOK_BACK, on + LOOK_AHEAD
    if not earliest <= starts_on <= latest:
        raise RuleBroken("plan_start_far", earliest=earliest, latest=latest)
    if planned_end_on > starts_on + LONGEST:
        raise RuleBroken("plan_too_long", latest=starts_on + LONGEST)


def take_turn(session: Session, kind: type[Cohort | Enrolment], key: UUID, *, version: int | None = None) -> None:
    """Make writers on one row take turns until the transaction ends.

    Raises StaleDataError where the row is no longer at the version that the writer saw; who only adds beside the row
    gives no version.
    """
    stored = session.scalar(select(kind.version).where(kind.id == key).with_for_update(key_share=True))
    if version is not None and stored != version:
        raise StaleDataError("changed meanwhile")
