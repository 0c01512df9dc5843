"""A person's days as an iCalendar feed (RFC 5545): whole days, with keys that stay, and no level or person in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from flask_babel import force_locale
from icalendar import Calendar, Event
from sqlalchemy.orm import Session

from lms.accounts.models import User
from lms.core.addresses import lasting_address
from lms.core.words import LANGUAGES, _, in_language
from lms.progress.queries import calendar as queries


@dataclass(frozen=True, slots=True)
class Day:
    """A day in a calendar; `uid` stays the same for ever, `stamp` and `revision` say which version of it this is."""

    uid: str
    on: date
    summary: str
    url: str
    stamp: datetime
    revision: int = 0


def feed_for(session: Session, user: User) -> bytes:
    """Return a person's calendar in their language; the same bytes as long as nothing changes."""
    with force_locale(user.language or LANGUAGES[0]):
        days = [*_expiries(session, user.id), *_ends(session, user.id), *_cohorts(session, user.id)]
        return as_icalendar(sorted(days, key=lambda one: (one.on, one.uid)), name="Bekwaam")


def _expiries(session: Session, user_id: UUID) -> Iterable[Day]:
    for one in queries.expiries_of(session, user_id):
        yield Day(
            uid=f"declaration-{one.decision_id}-{one.epa_id}@bekwaam",
            on=one.on,
            summary=_("Last day of your declaration: %(epa)s", epa=in_language(one.epa_title)),
            url=lasting_address("entrustment.decision", decision_id=one.decision_id),
            stamp=one.recorded_at,
        )


def _ends(session: Session, user_id: UUID) -> Iterable[Day]:
    for one in queries.enrolments_to_end(session, user_id):
        yield Day(
            uid=f"enrolment-{one.id}@bekwaam",
            on=one.planned_end_on,
            summary=_("Planned end of %(programme)s", programme=in_language(one.programme_version.title)),
            url=lasting_address("progress.enrolment", enrolment_id=one.id),
            stamp=one.created_at,
            revision=one.version,
        )


def _cohorts(session: Session, user_id: UUID) -> Iterable[Day]:
    for one in queries.cohorts_led(session, user_id):
        yield Day(
            uid=f"cohort-{one.id}@bekwaam",
            on=one.planned_end_on,
            summary=_("Planned end of the cohort %(name)s", name=one.name),
            url=lasting_address("progress.cohort", cohort_id=one.id),
            stamp=one.created_at,
            revision=one.version,
        )


def as_icalendar(days: Iterable[Day], *, name: str) -> bytes:
    """Return the days as a calendar that others can read."""
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//Bekwaam//Calendar//EN")
    calendar.add("x-wr-calname", name)
    for day in days:
        calendar.add_component(_event(day))
    content: bytes = calendar.to_ical()
    return content


def _event(day: Day) -> Event:
    event = Event()
    event.add("uid", day.uid)
    event.add("dtstamp", day.stamp)
    event.add("sequence", day.revision)
    event.add("dtstart", day.on)
    event.add("dtend", day.on + timedelta(days=1))
    event.add("summary", day.summary)
    event.add("url", day.url)
    event.add("transp", "TRANSPARENT")
    event.add("class", "PRIVATE")
    return event
