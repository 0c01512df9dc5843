"""What performance is measured on: a programme of twenty EPAs, cohorts of fifty trainees and one of a thousand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from itertools import count, islice
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from competencies.people import EndReason
from lms.curriculum import queries
from lms.curriculum.actions import load_programme
from lms.curriculum.schemas.source import Document
from lms.demo import names
from lms.demo.chance import Chance
from lms.demo.copying import Loader
from lms.demo.enrolments import Group, enrol
from lms.demo.groups import first_day, found, trainee
from lms.demo.histories import finish, live, paths_for, rows_of
from lms.demo.practising import Habits
from lms.demo.programmes import Course, courses
from lms.demo.region import Region
from lms.demo.sizes import MEASURED_COHORT, WIDE_COHORT, Extent
from lms.search.actions import index_missing

KEY = "demo-twintig-epas"
EPAS = 20
MODEL = "functielaborant"
TITLE = {"nl": f"Twintig EPA’s {names.MARK}", "en": f"Twenty EPAs {names.MARK}"}
SUMMARY = {
    "nl": "Verzonnen opleiding om mee te meten: EPA’s van de functielaborant zonder differentiaties.",
    "en": "An invented programme to measure with: EPAs of the function technician without tracks.",
}
MONTHS_AGO = (22, 18, 13, 8)
WIDE_MONTHS_AGO = 15
DROPPED_OUT = 0.05
FIRST_NUMBER = 1_000
EVIDENCE = (("kpb", 4, 2, "4"), ("reflection", 1, 0, None))
"""Instrument, least number, least assessors and least level of each requirement."""
DENSE = Habits(ratings_on_the_way=2.4, activities_alone=5.6, two_epas_at_once=0.1)
SHORT = Habits(ratings_on_the_way=0.0, activities_alone=0.0, two_epas_at_once=0.0)


def measured_course(session: Session, known: Mapping[str, Course], *, at: datetime) -> Course:
    """Load the measured programme where it is not there yet, and return it."""
    load_programme(session, _document(session, known), by=None, at=at)
    index_missing(session)
    return courses(session)[KEY]


def _document(session: Session, known: Mapping[str, Course]) -> Document:
    """Make the file of the measured programme, made from that of a programme that ships."""
    data = queries.document_of(session, known[MODEL].version.id)
    levelled = [epa for epa in data["epas"] if epa["scale"] is not None][:EPAS]
    data["epas"] = [_epa(epa, number) for number, epa in enumerate(levelled, 1)]
    data["programme"] |= {
        "key": KEY,
        "version": "1",
        "title": TITLE,
        "short_title": TITLE,
        "summary": SUMMARY,
        "status": "draft",
        "tracks": [],
    }
    data |= {
        "exemptions": [],
        "modules": [],
        "learning_activities": [],
        "crosswalk": [],
        "phases": [],
        "placements": [],
        "completion": [],
    }
    return Document(KEY, data, {})


def _epa(epa: dict[str, Any], number: int) -> dict[str, Any]:
    return epa | {
        "key": f"demo-{number:02}",
        "official_code": None,
        "local_code": f"D{number}",
        "tracks": [],
        "evidence": [_requirement(*one) for one in EVIDENCE],
    }


def _requirement(instrument: str, count: int, assessors: int, level: str | None) -> dict[str, Any]:
    return {
        "instrument": instrument,
        "form": None,
        "min_count": count,
        "min_assessors": assessors,
        "min_level": level,
        "stage": None,
    }


class Plan(NamedTuple):
    """A cohort that is measured: the number of its organisation, how many months ago it began, its trainees."""

    place: int
    months_ago: int
    trainees: int
    habits: Habits


def plans_for(extent: Extent) -> list[Plan]:
    """Return the measured cohorts of a size, and after them the one of a thousand trainees."""
    if not extent.measured_cohorts:
        return []
    cohorts = [
        Plan(number % extent.organisations, MONTHS_AGO[number % len(MONTHS_AGO)], MEASURED_COHORT, DENSE)
        for number in range(extent.measured_cohorts)
    ]
    return [*cohorts, Plan(0, WIDE_MONTHS_AGO, WIDE_COHORT, SHORT)]


def load_measured(
    loader: Loader,
    course: Course,
    region: Region,
    plans: Iterable[Plan],
    *,
    seed: int,
    today: date,
    advance: Callable[[], None],
) -> None:
    """Load the cohorts that are measured."""
    chance = Chance(f"{seed}/measured")
    numbers = count(1)
    for cohort, plan in enumerate(plans, 1):
        starts_on = first_day(today, months_ago=plan.months_ago)
        title = f"{TITLE['nl']} {cohort}"
        group = found(chance, loader, course, region.circle(plan.place), starts_on=starts_on, title=title)
        for number in islice(numbers, plan.trainees):
            history = _history(Chance(f"{seed}/measured/{number}"), number, group, plan.habits, today)
            loader.take(history)
            advance()


def _history(chance: Chance, number: int, group: Group, habits: Habits, today: date) -> Iterator[NamedTuple]:
    """Return everything about one trainee of a measured cohort."""
    yesterday = today - timedelta(days=1)
    starts_on = group.row.starts_on
    person = trainee(chance, FIRST_NUMBER + number, group, starts_on=starts_on)
    guides = tuple(chance.some_of(group.place.trainers[1:], 2))
    enrolment = enrol(chance, group, person.id, starts_on=starts_on, track=None, guides=guides)
    if chance.happens(DROPPED_OUT):
        enrolment.end(chance.day_in(starts_on, (yesterday - starts_on).days), EndReason.DROPPED_OUT)
    paths = paths_for(chance, enrolment)
    dossier = live(chance, enrolment, paths, last_day=enrolment.ended_on or yesterday, habits=habits)
    finish(dossier, paths, today=today)
    yield person.row
    yield from person.roles
    yield from rows_of(dossier, person.chronicle)
    yield from person.chronicle.rows(chance)
