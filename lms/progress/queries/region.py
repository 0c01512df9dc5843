"""The cohorts of a region as numbers, without people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import Select, Subquery, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from competencies.people import Role
from lms.cohorts.models import Cohort, Enrolment
from lms.cohorts.queries.cohorts import size_columns
from lms.cohorts.values import CohortSize
from lms.core.small_groups import SMALLEST_GROUP, without_small
from lms.entrustment.models import Decision
from lms.organisations.models import Organisation
from lms.organisations.permissions import Duties
from lms.organisations.queries import members_of
from lms.progress.queries.cells import newest_begun
from lms.progress.values import RegionalCohort
from lms.standings.models import Standing


def regional_cohorts(session: Session, duties: Duties) -> Sequence[RegionalCohort]:
    """Return the cohorts of all members of the alliances a person coordinates, as numbers; one statement."""
    members = members_of(duties.places(Role.REGIONAL_COORDINATOR), on=duties.on)
    of_members = select(Enrolment.id).join(Enrolment.cohort).where(Cohort.organisation_id.in_(members))
    sizes = select(Enrolment.cohort_id, *size_columns(duties.on)).group_by(Enrolment.cohort_id).subquery()
    in_force = _in_force(of_members, on=duties.on)
    counts = [
        func.coalesce(count, 0) for count in (sizes.c.trainees, sizes.c.active, sizes.c.ended, in_force.c.decisions)
    ]
    rows = session.execute(
        select(Cohort, *counts)
        .join(Cohort.organisation)
        .outerjoin(sizes, sizes.c.cohort_id == Cohort.id)
        .outerjoin(in_force, in_force.c.cohort_id == Cohort.id)
        .where(Cohort.organisation_id.in_(members))
        .options(contains_eager(Cohort.organisation), joinedload(Cohort.programme_version))
        .order_by(Organisation.name, Cohort.starts_on.desc(), Cohort.name)
    )
    return [_in_numbers(row[0], CohortSize(*row[1:4]), row[4]) for row in rows]


def _in_force(enrolments: Select[UUID], *, on: date) -> Subquery:
    """Select how many declarations are in force on a day, by cohort: each once, on the EPA where it holds now."""
    newest = newest_begun(enrolments, on=on).subquery("newest")
    here = (Standing.enrolment_id == newest.c.enrolment_id) & (Standing.epa_id == newest.c.epa_id)
    taken_here = (Decision.id == newest.c.decision_id) & (Decision.epa_id == newest.c.epa_id)
    return (
        select(Enrolment.cohort_id, func.count().label("decisions"))
        .join(newest, newest.c.enrolment_id == Enrolment.id)
        .join(Standing, here)
        .outerjoin(Decision, taken_here)
        .where(
            ~Standing.is_recognised,
            or_(newest.c.valid_until.is_(None), newest.c.valid_until >= on),
            or_(Enrolment.move_id.is_(None), Decision.overtaken_on.is_(None), Decision.overtaken_on > on),
        )
        .group_by(Enrolment.cohort_id)
        .subquery()
    )


def _in_numbers(cohort: Cohort, size: CohortSize, decisions_in_force: int) -> RegionalCohort:
    to_come = size.trainees - size.active - size.ended
    shown = without_small({"active": size.active, "ended": size.ended, "to come": to_come})
    return RegionalCohort(
        cohort_id=cohort.id,
        organisation=cohort.organisation.name,
        name=cohort.name,
        programme=cohort.programme_version.short_title,
        starts_on=cohort.starts_on,
        planned_end_on=cohort.planned_end_on,
        trainees=size.trainees if not size.trainees or size.trainees >= SMALLEST_GROUP else None,
        active=shown["active"],
        ended=shown["ended"],
        decisions_in_force=decisions_in_force if size.trainees >= SMALLEST_GROUP else None,
    )
