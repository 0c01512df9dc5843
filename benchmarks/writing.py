"""What people write: activities to log, requests to answer, and the answers."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle, islice
from uuid import UUID

import psycopg

from benchmarks.book import Book
from benchmarks.client import Request
from benchmarks.forms import filled
from benchmarks.readers import Reader, nobody
from benchmarks.subjects import Dossier
from competencies.observations import ActivityKind, AssessmentStatus
from lms.assessments.forms import LARGEST_LIMIT
from lms.invitations.tokens import Named, Purpose, Tokens

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
    _let_much_wait(url, [one.trainer_id for one in people])
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


def _let_much_wait(url: str, trainers: Sequence[UUID]) -> None:
    """Let as many requests wait for each of the trainers as one can choose to."""
    choose = """
        INSERT INTO request_limits (id, user_id, most) SELECT gen_random_uuid(), one, %(most)s FROM unnest(%(all)s) one
        ON CONFLICT (user_id) DO UPDATE SET most = excluded.most"""
    with psycopg.connect(url) as connection:
        connection.execute(choose, {"most": LARGEST_LIMIT, "all": sorted(set(trainers))})


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
    return _answer(book, book.readers[one.trainer_id], book.path("assessments.submit", assessment_id=key), number)


def _answer(book: Book, reader: Reader, path: str, number: int, **typed: str) -> Request:
    """Return the form of that page as somebody fills it in, who chooses the levels in turn."""
    fields = book.form(reader.get(path), holding="comment")
    levels = fields["level"].offered
    values = {"level": levels[number % len(levels)], "comment": WORDS, **typed}
    return reader.post(path, filled(fields, {name: [value] for name, value in values.items()}))


def show_codes(book: Book, url: str, people: Sequence[Dossier], number: int) -> list[str]:
    """Let the trainees log activities and show codes for them in turn; return so many addresses behind them."""
    forms = dict(zip(people, logging(book, people), strict=True))
    for one in islice(cycle(people), number):
        _show_code(book, one, book.post(forms[one]))
    shown = """
        SELECT i.organisation_id, i.id, i.nonce FROM invitations i JOIN activities a ON a.id = i.activity_id
        WHERE i.assessment_id IS NULL AND a.note = %s AND a.trainee_id = ANY(%s) ORDER BY i.id"""
    with psycopg.connect(url) as connection:
        rows = connection.execute(shown, [WORDS, [one.trainee_id for one in people]]).fetchall()
    tokens = Tokens(book.app.config["SECRET_KEY"])
    made = (tokens.make(Purpose.ANSWER, Named(place, key), nonce) for place, key, nonce in rows)
    return [book.path("invitations.answer", token=token) for token in made]


def _show_code(book: Book, one: Dossier, page: str) -> None:
    """Follow the way from where one asks for an assessment of an activity."""
    reader, path = book.readers[one.trainee_id], page.replace("/ask", "/code")
    book.post(reader.post(path, filled(book.form(reader.get(path), holding="way"), {})))


def answers_by_link(book: Book, links: Sequence[str]) -> list[Request]:
    """Return the filled-in answers of somebody from outside behind each of the links."""
    somebody = nobody(book.app)
    who = {"name": "Rik Demo", "role": WORDS, "email": "rik@outside.example.org"}
    return [_answer(book, somebody, path, number, **who) for number, path in enumerate(links)]


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
