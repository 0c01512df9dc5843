"""Who follows a version of a programme now: what is asked before it is retired."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, contains_eager

from lms.accounts.models import User
from lms.cohorts.models import Cohort, Enrolment
from lms.cohorts.permissions import READS_COHORTS
from lms.cohorts.queries.scopes import not_ended
from lms.core.small_groups import SMALLEST_GROUP
from lms.organisations.models import Organisation
from lms.organisations.permissions import Duties


@dataclass(frozen=True, slots=True)
class Follower:
    """A trainee who follows a version now: the enrolment to open, and the name."""

    enrolment_id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class CohortOnVersion:
    """A cohort that runs on a version, or holds trainees who follow it; with names for who may see these.

    `trainees` is None for a reader who may not see the cohort while so few follow it that a number would name them.
    """

    cohort_id: UUID
    name: str
    organisation: str
    planned_end_on: date
    trainees: int | None
    people: Sequence[Follower]
    is_seen: bool


def followers_of(session: Session, duties: Duties, version_id: UUID) -> list[CohortOnVersion]:
    """Return the cohorts that run on a version on the day and the trainees who follow it, by organisation and name.

    Two statements. A cohort runs until its planned end, and longer while somebody in it follows the version.
    """
    follows = (Enrolment.programme_version_id == version_id) & not_ended(duties.on)
    held = select(Enrolment.id).where(follows, Enrolment.cohort_id == Cohort.id).exists()
    runs = (Cohort.programme_version_id == version_id) & (Cohort.planned_end_on >= duties.on)
    cohorts = session.scalars(
        select(Cohort)
        .join(Cohort.organisation)
        .where(or_(runs, held))
        .options(contains_eager(Cohort.organisation))
        .order_by(Organisation.name, Cohort.starts_on, Cohort.name, Cohort.id)
    ).all()
    people: defaultdict[UUID, list[Follower]] = defaultdict(list)
    rows = session.execute(
        select(Enrolment.cohort_id, Enrolment.id, User.name)
        .join(Enrolment.trainee)
        .where(follows)
        .order_by(User.name, Enrolment.id)
    )
    for row in rows:
        people[row.cohort_id].append(Follower(row.id, row.name))
    return [_on_version(cohort, people[cohort.id], duties) for cohort in cohorts]


def _on_version(cohort: Cohort, people: Sequence[Follower], duties: Duties) -> CohortOnVersion:
    is_seen = cohort.organisation_id in duties.places(*READS_COHORTS)
    return CohortOnVersion(
        cohort_id=cohort.id,
        name=cohort.name,
        organisation=cohort.organisation.name,
        planned_end_on=cohort.planned_end_on,
        trainees=len(people) if is_seen or not people or len(people) >= SMALLEST_GROUP else None,
        people=people if is_seen else (),
        is_seen=is_seen,
    )
