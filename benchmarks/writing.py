"""What people write: activities to log, requests to answer, and the answers."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle, islice
from uuid import UUID

import psycopg

from benchmarks.book import Book
from benchmarks.client import Request
from benchmarks.forms import filled
from benchmarks.subjects import Dossier
from competencies.observations import ActivityKind, AssessmentStatus

WORDS = "Measured by the benchmark"


def logging(book: Book, people: Sequence[Dossier]) -> list[Request]:
    """Return, for each of the trainees, the form that logs an activity."""
    return [_log(book, one) for one in people]


def _log(book: Book, one: Dossier) -> Request:
    reader, path = book.readers[one.trainee_id], book.path("logbook.log")
    fields = book.form(reader.get(path), holding="performed_on")
    fields.pop("key")  # It would log once; without it every request logs.
    typed = {"note": [WORDS], "kind": [ActivityKind.PATIENT_CONTACT.value], "epas": [str(one.epa_id)]}
    return reader.post(path, filled(fields, typed))


def ask(book: Book, url: str, people: Sequence[Dossier], number: int) -> list[tuple[Dossier, UUID]]:
    """Let the trainees log activities and ask their trainers in turn; return so many requests that wait."""
    forms = dict(zip(people, logging(book, people), strict=True))
    for one in islice(cycle(people), number):
        _ask(book, one, book.post(forms[one]))
    trainers = {(one.trainee_id, one.trainer_id): one for one in people}
    asked = """
        SELECT s.id, s.trainee_id, s.assessor_id FROM assessments s JOIN activities a ON a.id = s.activity_id
        WHERE s.status = %s AND a.note = %s ORDER BY s.id"""
    with psycopg.connect(url) as connection:
        rows = connection.execute(asked, [AssessmentStatus.REQUESTED.value, WORDS]).fetchall()
    return [(trainers[trainee, trainer], key) for key, trainee, trainer in rows if (trainee, trainer) in trainers]


def _ask(book: Book, one: Dossier, page: str) -> None:
    reader = book.readers[one.trainee_id]
    fields = book.form(reader.get(page), holding="assessors")
    book.post(reader.post(page, filled(fields, {"assessors": [str(one.trainer_id)]})))


def rating_pages(book: Book, waiting: Sequence[tuple[Dossier, UUID]]) -> list[Request]:
    """Return the requests of the trainers for the pages on which they answer."""
    return [
        book.readers[one.trainer_id].get(book.path("assessments.submit", assessment_id=key)) for one, key in waiting
    ]


def ratings(book: Book, waiting: Sequence[tuple[Dossier, UUID]]) -> list[Request]:
    """Return the filled-in answers of the trainers: levels in turn, each with a word on it."""
    return [_rate(book, one, key, number) for number, (one, key) in enumerate(waiting)]


def _rate(book: Book, one: Dossier, key: UUID, number: int) -> Request:
    reader, path = book.readers[one.trainer_id], book.path("assessments.submit", assessment_id=key)
    fields = book.form(reader.get(path), holding="comment")
    levels = fields["level"].offered
    return reader.post(path, filled(fields, {"level": [levels[number % len(levels)]], "comment": [WORDS]}))


class Changes:
    """Changes an enrolment of a cohort before each request, so that the cohort's picture has to be drawn anew."""

    def __init__(self, url: str, cohort_id: UUID) -> None:
        self._url, self._cohort_id = url, cohort_id

    def __call__(self) -> None:
        """Store the enrolment as somebody would who changed it."""
        change = """
            UPDATE enrolments SET version = version + 1
            WHERE id = (SELECT id FROM enrolments WHERE cohort_id = %s ORDER BY id LIMIT 1)"""
        with psycopg.connect(self._url, autocommit=True) as connection:
            connection.execute(change, [self._cohort_id])
