"""Cohorts, and the trainees who are enrolled in them."""

from __future__ import annotations

from datetime import date, timedelta

from competencies.entrustment import valid_until_for
from competencies.people import Role
from lms.cohorts.values import planned_end
from lms.demo import names
from lms.demo.chance import Chance
from lms.demo.chronicle import Chronicle
from lms.demo.copying import Loader
from lms.demo.enrolments import Group
from lms.demo.people import Account, Duty, Place, account
from lms.demo.programmes import Course
from lms.demo.rows import CohortRow

WITHOUT_LENGTH = 36
"""The months that a cohort lasts where the programme runs through the whole of a training."""
SEASONS = ("winter", "voorjaar", "zomer", "najaar")


def first_day(today: date, *, months_ago: int) -> date:
    """Return the first day of the month so many months ago."""
    years, month = divmod(today.year * 12 + today.month - 1 - months_ago, 12)
    return date(years, month + 1, 1)


def found(
    chance: Chance,
    loader: Loader,
    course: Course,
    circle: tuple[Place, ...],
    *,
    starts_on: date,
    title: str | None = None,
) -> Group:
    """Return a new cohort of the first organisation of the circle, its row on the way."""
    at = chance.moment(starts_on - timedelta(days=60))
    lead_id = circle[0].lead_id
    row = CohortRow(
        id=chance.key(at),
        programme_version_id=course.version.id,
        organisation_id=circle[0].id,
        name=title or _title(course, starts_on),
        starts_on=starts_on,
        planned_end_on=planned_end(course.version, starts_on)
        or valid_until_for(WITHOUT_LENGTH, starts_on)
        or starts_on,
        lead_id=lead_id,
        created_at=at,
        version=1,
    )
    facts = {
        "name": row.name,
        "starts_on": row.starts_on,
        "planned_end_on": row.planned_end_on,
        "lead": lead_id,
        "programme_version": course.version.id,
        "organisation": row.organisation_id,
    }
    chronicle = Chronicle(row.id)
    chronicle.tell("cohort.created", at=at, by=lead_id, after=facts)
    loader.take([row, *chronicle.rows(chance)])
    return Group(row, course, circle)


def _title(course: Course, starts_on: date) -> str:
    return f"{course.version.short_title['nl']}, {SEASONS[starts_on.month % 12 // 3]} {starts_on.year} {names.MARK}"


def trainee(
    chance: Chance,
    number: int,
    group: Group,
    *,
    starts_on: date,
    email: str | None = None,
    password_hash: str | None = None,
) -> Account:
    """Return the account of a new trainee at the organisation of the cohort."""
    return account(
        chance,
        name=names.person(chance),
        email=email or f"trainee-{number:05}@example.org",
        duties=[Duty(Role.TRAINEE, group.place.id, starts_on)],
        at=chance.moment(starts_on - timedelta(days=21)),
        password_hash=password_hash,
    )
