"""Two tabs, and a round that closes meanwhile: one answer is kept, and never half of it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

from flask import Flask
from sqlalchemy import func, select

from competencies.errors import RuleBroken
from lms.core import db
from lms.multisource import actions, queries
from lms.multisource.models import FeedbackAnswer, Rater
from tests.factories import NOW, Ward
from tests.multisource.rounds import OFTEN, ask_many, open_round

TABS = 4


def test_of_all_tabs_that_send_an_answer_at_once_one_is_kept(own_database: Flask) -> None:
    with own_database.app_context(), db.transaction() as session:
        ward = Ward(session)
        (rater,) = ask_many(session, ward, open_round(session, ward), peers=1)
        round_id, user_id = rater.round_id, rater.user_id
    start = Barrier(TABS)
    with ThreadPoolExecutor(TABS) as pool:
        attempts = [pool.submit(answer, own_database, start, round_id, user_id) for _tab in range(TABS)]
    assert sorted(attempt.result() for attempt in attempts) == ["answered"] + ["feedback_given"] * (TABS - 1)
    with own_database.app_context():
        assert db.session().scalar(select(func.count()).select_from(FeedbackAnswer)) == 1
        assert db.session().scalar(select(func.count()).where(Rater.has_answered)) == 1


def answer(app: Flask, start: Barrier, round_id: UUID, user_id: UUID) -> str:
    """Answer once all are ready, and return what came of it."""
    with app.app_context():
        rater = queries.rater_in(db.session(), round_id, user_id)
        assert rater is not None
        start.wait(timeout=30)
        try:
            with db.transaction() as writing:
                actions.answer(writing, rater, OFTEN, at=NOW)
        except RuleBroken as broken:
            return broken.code
        return "answered"
