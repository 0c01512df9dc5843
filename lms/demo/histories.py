"""The history of one enrolment from its first day to its last, and what is stored of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from competencies.observations import AssessmentStatus
from competencies.people import EndReason
from lms.demo.chance import Chance
from lms.demo.chronicle import Chronicle
from lms.demo.deciding import decide
from lms.demo.dossiers import Dossier
from lms.demo.enrolments import Enrolment
from lms.demo.growth import Path
from lms.demo.practising import Habits, practise, work_alone
from lms.demo.standing import standings

AS_ASKED = Habits(ratings_on_the_way=1.6, activities_alone=2.5, two_epas_at_once=0.12)


def paths_for(chance: Chance, enrolment: Enrolment) -> list[Path]:
    """Return how the trainee goes about each EPA: one after another with much overlap, faster or slower than most."""
    planned = (enrolment.planned_end_on - enrolment.starts_on).days
    parts = enrolment.group.course.parts_for(enrolment.track)
    pace = chance.lognormvariate(0, 0.18)
    return [
        Path(
            part,
            begins=enrolment.starts_on
            + timedelta(days=int(planned * (0.5 * number / len(parts) + chance.uniform(0, 0.08)))),
            days=max(20.0, planned * pace * chance.uniform(0.2, 0.36)),
            decided=chance.happens(0.88),
            early=chance.happens(0.08),
            short_months=chance.choice((6, 9)) if chance.happens(0.06) else None,
            renewed=chance.happens(0.5),
        )
        for number, part in enumerate(parts)
    ]


def live(
    chance: Chance, enrolment: Enrolment, paths: list[Path], *, last_day: date, habits: Habits = AS_ASKED
) -> Dossier:
    """Return everything that happened in the enrolment up to and including that day."""
    dossier = Dossier(chance, enrolment, last_day=last_day)
    for path in paths:
        practise(dossier, path, paths, habits)
    for path in paths:
        decide(dossier, path)
    for path in paths:
        work_alone(dossier, path, habits.activities_alone)
    return dossier


def finish(dossier: Dossier, paths: list[Path], *, today: date) -> None:
    """End the enrolment whose planned end has passed: completed where all is decided, else it is extended."""
    enrolment = dossier.enrolment
    if enrolment.ended_on is None and enrolment.planned_end_on < today:
        decided = {one.part.epa_id for one in dossier.decisions}
        if all(path.part.target is None or path.part.epa_id in decided for path in paths):
            enrolment.end(max(enrolment.planned_end_on, dossier.latest().date()), EndReason.COMPLETED)
        else:
            enrolment.extended_from = enrolment.planned_end_on
            enrolment.planned_end_on = today + timedelta(days=dossier.chance.randrange(30, 150))
    if enrolment.ended_on is not None:
        _take_back(dossier, datetime.combine(enrolment.ended_on, time(21, 10), UTC))


def _take_back(dossier: Dossier, at: datetime) -> None:
    """Withdraw what still waits when the enrolment ends."""
    for one in dossier.assessments:
        if one.status is AssessmentStatus.REQUESTED:
            one.close(AssessmentStatus.WITHDRAWN, at)


def rows_of(dossier: Dossier, chronicle: Chronicle) -> Iterator[NamedTuple]:
    """Return what is stored of a history, and tell of it in the chronicle of the trainee."""
    enrolment = dossier.enrolment
    enrolment.tell(chronicle)
    yield from enrolment.rows(dossier.chance)
    for activity in dossier.activities:
        activity.tell(chronicle)
        yield from activity.rows(enrolment)
    for assessment in dossier.assessments:
        assessment.tell(chronicle)
        yield assessment.row(enrolment, today=dossier.last_day)
    for decision in dossier.decisions:
        decision.tell(chronicle, enrolment)
        yield from decision.rows(enrolment)
    yield from standings(enrolment, dossier.assessments, dossier.decisions)
    if enrolment.ended_on is not None:
        enrolment.tell_end(chronicle, datetime.combine(enrolment.ended_on, time(21, 20), UTC))
