"""What is asked about cohorts."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from functools import cache
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Uuid, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload

from competencies.people import Role
from lms.cohorts.models import Cohort, Enrolment
from lms.cohorts.queries.scopes import ANY_READER, WITH_PLACE, facts_of, not_ended, visible_cohorts
from lms.cohorts.values import CohortSize, RegionalCohort
from lms.core.small_groups import SMALLEST_GROUP, without_small
from lms.organisations.models import Organisation
from lms.organisations.permissions import Duties
from lms.organisations.queries import members_of
from lms.standings.models import CarriedEpa, Standing


def cohorts_seen(session: Session, duties: Duties) -> Sequence[Cohort]:
    """Return the cohorts a person may see, the newest first, with programme, organisation and lead."""
    return session.scalars(
        visible_cohorts(duties).options(*WITH_PLACE).order_by(Cohort.starts_on.desc(), Cohort.name, Cohort.id)
    ).all()


def one_cohort(session: Session, duties: Duties, cohort_id: UUID) -> Cohort | None:
    """Return a cohort with programme, organisation and lead, if the person may see it."""
    return session.scalar(_one_cohort(), {"cohort_id": cohort_id, **facts_of(duties)})


@cache
def _one_cohort() -> Select[Cohort]:
    asked = bindparam("cohort_id", type_=Uuid)
    return visible_cohorts(ANY_READER).where(Cohort.id == asked).options(*WITH_PLACE)


def sizes_of(session: Session, cohort_ids: Collection[UUID], *, on: date) -> dict[UUID, CohortSize]:
    """Return how many trainees each cohort has on a day; a cohort without any is left out."""
    counted = select(Enrolment.cohort_id, *_size(on)).where(Enrolment.cohort_id.in_(cohort_ids))
    return {row[0]: CohortSize(*row[1:]) for row in session.execute(counted.group_by(Enrolment.cohort_id))}


def _size(on: date) -> tuple[ColumnElement[int], ColumnElement[int], ColumnElement[int]]:
    """Return the counts of a `CohortSize`, in its order."""
    active = (Enrolment.starts_on <= on) & not_ended(on)
    return (
        func.count().label("trainees"),
        func.count().filter(active).label("active"),
        func.count().filter(Enrolment.ended_on < on).label("ended"),
    )


def regional_cohorts(session: Session, duties: Duties) -> Sequence[RegionalCohort]:
    """Return the cohorts of all members of the alliances a person coordinates, as numbers; one statement."""
    members = members_of(duties.places(Role.REGIONAL_COORDINATOR), on=duties.on)
    sizes = select(Enrolment.cohort_id, *_size(duties.on)).group_by(Enrolment.cohort_id).subquery()
    in_force = (
        select(Enrolment.cohort_id, func.count().label("decisions"))
        .join(Standing, Standing.enrolment_id == Enrolment.id)
        .where(Standing.decided_on <= duties.on, ~Standing.is_recognised, ~_overtaken(duties.on))
        .where(or_(Standing.valid_until.is_(None), Standing.valid_until >= duties.on))
        .group_by(Enrolment.cohort_id)
        .subquery()
    )
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


def _overtaken(on: date) -> ColumnElement[bool]:
    """Return the condition that what a trainee was moved to has a later decision than a standing by that day."""
    heir = aliased(Standing)
    return exists().where(
        CarriedEpa.enrolment_id == Standing.enrolment_id,
        CarriedEpa.from_epa_id == Standing.epa_id,
        heir.enrolment_id == CarriedEpa.enrolment_id,
        heir.epa_id == CarriedEpa.epa_id,
        heir.decision_id != Standing.decision_id,
        heir.decided_on.between(Standing.decided_on, on),
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
        trainees=size.trainees,
        active=shown["active"],
        ended=shown["ended"],
        decisions_in_force=decisions_in_force if size.trainees >= SMALLEST_GROUP else None,
    )


def organisations_led(session: Session, duties: Duties) -> Sequence[Organisation]:
    """Return the organisations where a person is programme lead, by name."""
    led = duties.places(Role.PROGRAMME_LEAD)
    return session.scalars(select(Organisation).where(Organisation.id.in_(led)).order_by(Organisation.name)).all()
