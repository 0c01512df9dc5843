"""What changes cohorts."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from competencies.errors import RuleBroken
from competencies.people import Role
from lms.accounts.models import User
from lms.cohorts.actions.plans import check_plan, take_turn
from lms.cohorts.models import Cohort
from lms.cohorts.values import planned_end
from lms.core.audit import record
from lms.core.clock import day_of
from lms.curriculum.models import ProgrammeVersion
from lms.organisations.models import Organisation
from lms.organisations.queries import held_roles


def create_cohort(
    session: Session,
    *,
    programme_version: ProgrammeVersion,
    organisation: Organisation,
    name: str,
    starts_on: date,
    planned_end_on: date | None,
    lead: User,
    by: User | None,
    at: datetime,
) -> Cohort:
    """Start a cohort; without a planned end it gets the length of the programme.

    Raises `RuleBroken`: cohort_exists, lead_not_allowed, planned_end_needed, or one of `check_plan`.
    """
    last_day = planned_end_on or planned_end(programme_version, starts_on)
    if last_day is None:
        raise RuleBroken("planned_end_needed")
    check_plan(starts_on, last_day, on=day_of(at))
    _check_lead(session, organisation, lead, at=at)
    _check_name(session, organisation, name)
    cohort = Cohort(
        programme_version=programme_version,
        organisation=organisation,
        name=name,
        starts_on=starts_on,
        planned_end_on=last_day,
        lead=lead,
        created_at=at,
    )
    session.add(cohort)
    session.flush()
    facts = _facts(cohort) | {"programme_version": programme_version.id, "organisation": organisation.id}
    record(session, "cohort.created", subject=cohort.id, by=by.id if by else None, at=at, after=facts)
    return cohort


def edit_cohort(
    session: Session,
    cohort: Cohort,
    *,
    version: int,
    name: str,
    starts_on: date,
    planned_end_on: date,
    lead: User,
    by: User,
    at: datetime,
) -> None:
    """Change the name, the dates or the lead of a cohort; its programme stays what its trainees began with.

    Raises StaleDataError for a version that was changed meanwhile, and `RuleBroken` as `create_cohort` does.
    """
    take_turn(session, Cohort, cohort.id, version=version)
    check_plan(starts_on, planned_end_on, on=day_of(at))
    if lead.id != cohort.lead_id:
        _check_lead(session, cohort.organisation, lead, at=at)
    if name != cohort.name:
        _check_name(session, cohort.organisation, name)
    before = _facts(cohort)
    cohort.name, cohort.starts_on, cohort.planned_end_on, cohort.lead = name, starts_on, planned_end_on, lead
    session.flush()
    record(session, "cohort.changed", subject=cohort.id, by=by.id, at=at, before=before, after=_facts(cohort))


def _check_lead(session: Session, organisation: Organisation, lead: User, *, at: datetime) -> None:
    held = held_roles(session, lead.id, on=day_of(at))
    if lead.disabled_at is not None or (Role.PROGRAMME_LEAD, organisation.id) not in held:
        raise RuleBroken("lead_not_allowed", name=lead.name, organisation=organisation.name)


def _check_name(session: Session, organisation: Organisation, name: str) -> None:
    taken = select(Cohort.id).where(Cohort.organisation_id == organisation.id, Cohort.name == name)
    if session.scalar(taken) is not None:
        raise RuleBroken("cohort_exists", name=name, organisation=organisation.name)


def _facts(cohort: Cohort) -> dict[str, object]:
    return {
        "name": cohort.name,
        "starts_on": cohort.starts_on,
        "planned_end_on": cohort.planned_end_on,
        "lead": cohort.lead.id,
    }
