"""How long ratings take, for who leads programmes: the middle of each programme and department."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Date, case, cast, func, or_, select
from sqlalchemy.orm import Session

from competencies.observations import AssessmentStatus
from lms.assessments.models import Assessment
from lms.cohorts.models import Cohort, Enrolment
from lms.cohorts.queries import visible_cohorts
from lms.core.clock import HERE
from lms.core.small_groups import SMALLEST_GROUP
from lms.curriculum.models import ProgrammeVersion
from lms.logbook.models import Activity
from lms.organisations.models import Department, Organisation
from lms.organisations.permissions import Duties

LOOKED_BACK = timedelta(days=180)
SOON = 2


@dataclass(frozen=True, slots=True)
class Delay:
    """What became of the requests of one programme at one department: numbers of people who cannot be told apart.

    `middle` is the median of the days between act and rating and `soon` how many ratings came within two days; both
    are None where fewer than five people rated, so that nobody's own delay can be read off.
    """

    programme: dict[str, str]
    organisation: str
    department: str
    given: int
    middle: float | None
    soon: int | None
    waiting: int
    expired: int


def delays_seen(session: Session, duties: Duties) -> Sequence[Delay]:
    """Return the delays of what was asked in the last half year of the trainees whom the person leads; one statement.

    By programme, organisation and department; each counts the requests about what was done there.
    """
    rows = session.execute(_delays(duties)).all()
    return [
        Delay(
            programme=row.short_title,
            organisation=row.organisation,
            department=row.department,
            given=row.given,
            middle=row.middle if row.people >= SMALLEST_GROUP else None,
            soon=row.soon if row.people >= SMALLEST_GROUP else None,
            waiting=row.waiting,
            expired=row.expired,
        )
        for row in rows
    ]


def _delays(duties: Duties) -> Any:
    since = datetime.combine(duties.on, time(), UTC) - LOOKED_BACK
    given = Assessment.status == AssessmentStatus.SUBMITTED
    by_others = given & (Assessment.assessor_id != Assessment.trainee_id)
    days = case((by_others, _days()))
    cohorts = visible_cohorts(duties).with_only_columns(Cohort.id)
    counted = (
        select(
            ProgrammeVersion.programme_id,
            Activity.department_id,
            func.count().filter(by_others).label("given"),
            func.count(Assessment.assessor_id.distinct()).filter(by_others).label("people"),
            func.percentile_cont(0.5).within_group(days).label("middle"),
            func.count().filter(by_others, _days() <= SOON).label("soon"),
            func.count().filter(Assessment.status == AssessmentStatus.REQUESTED).label("waiting"),
            func.count().filter(Assessment.status == AssessmentStatus.EXPIRED).label("expired"),
        )
        .join(Activity, Activity.id == Assessment.activity_id)
        .join(Enrolment, Enrolment.id == Assessment.enrolment_id)
        .join(ProgrammeVersion, ProgrammeVersion.id == Enrolment.programme_version_id)
        .where(
            Enrolment.cohort_id.in_(cohorts),
            Assessment.started.is_(False),
            or_(Assessment.requested_at >= since, Assessment.status == AssessmentStatus.REQUESTED),
        )
        .group_by(ProgrammeVersion.programme_id, Activity.department_id)
        .subquery()
    )
    newest = (
        select(ProgrammeVersion.short_title)
        .where(ProgrammeVersion.programme_id == counted.c.programme_id)
        .order_by(ProgrammeVersion.loaded_at.desc())
        .limit(1)
        .correlate(counted)
        .scalar_subquery()
        .label("short_title")
    )
    return (
        select(counted, newest, Organisation.name.label("organisation"), Department.name.label("department"))
        .join(Department, Department.id == counted.c.department_id)
        .join(Organisation, Organisation.id == Department.organisation_id)
        .order_by(Organisation.name, newest, Department.name, Department.id)
    )


def _days() -> ColumnElement[Any]:
    """Return the days between the act and the answer, as they are counted in the region."""
    return cast(func.timezone(str(HERE), Assessment.answered_at), Date) - Activity.performed_on
