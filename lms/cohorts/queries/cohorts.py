"""What is asked about cohorts."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from functools import cache
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Uuid, bindparam, func, select
from sqlalchemy.orm import Session

from competencies.people import Role
from lms.cohorts.models import Cohort, Enrolment
from lms.cohorts.queries.scopes import ANY_READER, WITH_PLACE, facts_of, not_ended, visible_cohorts
from lms.cohorts.values import CohortSize
from lms.organisations.models import Organisation
from lms.organisations.permissions import Duties


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
    counted = select(Enrolment.cohort_id, *size_columns(on)).where(Enrolment.cohort_id.in_(cohort_ids))
    return {row[0]: CohortSize(*row[1:]) for row in session.execute(counted.group_by(Enrolment.cohort_id))}


def size_columns(on: date) -> tuple[ColumnElement[int], ColumnElement[int], ColumnElement[int]]:
    """Return the counts of a `CohortSize`, in its order."""
    active = (Enrolment.starts_on <= on) & not_ended(on)
    return (
        func.count().label("trainees"),
        func.count().filter(active).label("active"),
        func.count().filter(Enrolment.ended_on < on).label("ended"),
    )


def organisations_led(session: Session, duties: Duties) -> Sequence[Organisation]:
    """Return the organisations where a person is programme lead, by name."""
    led = duties.places(Role.PROGRAMME_LEAD)
    return session.scalars(select(Organisation).where(Organisation.id.in_(led)).order_by(Organisation.name)).all()
