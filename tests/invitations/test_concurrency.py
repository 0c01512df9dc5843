"""Two phones with one code at once: one answers, the other hears that the link was used."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

from flask import Flask
from sqlalchemy import select

from competencies.answers import Answer
from competencies.errors import RuleBroken
from lms.assessments.models import Assessment
from lms.assessments.values import rating_scale, seen_version
from lms.core import db
from lms.invitations import actions, queries
from lms.invitations.models import Invitation
from lms.invitations.values import Guest
from lms.standings.models import Standing
from tests.factories import NOW, Ward
from tests.invitations.invited import show_code, tokens_of
from tests.logbook.activities import log_activity

PHONES = 4


def test_of_all_who_answer_one_code_at_once_one_answer_is_kept(own_database: Flask) -> None:
    with own_database.app_context(), db.transaction() as session:
        ward = Ward(session)
        made, _link = show_code(own_database, session, ward, log_activity(session, ward))
        key = made.id
    start = Barrier(PHONES)
    with ThreadPoolExecutor(PHONES) as pool:
        attempts = [pool.submit(answer, own_database, start, key, number) for number in range(PHONES)]
    assert sorted(attempt.result() for attempt in attempts) == ["answered"] + ["link_settled"] * (PHONES - 1)
    with own_database.app_context():
        assert len(db.session().scalars(select(Assessment)).all()) == 1
        assert db.session().scalars(select(Standing.rating_count)).one() == 1


def answer(app: Flask, start: Barrier, key: UUID, number: int) -> str:
    """Answer once all are ready, and return what came of it."""
    with app.app_context():
        session = db.session()
        invitation = session.get_one(Invitation, key)
        asked = queries.asked_by_link(session, invitation)
        scale = rating_scale(asked)
        assert scale is not None
        guest = Guest(email=f"phone{number}@example.org", name=f"Phone {number}", role="Physician")
        start.wait(timeout=30)
        try:
            with db.transaction() as writing:
                actions.answer(
                    writing,
                    invitation,
                    asked,
                    Answer(level=scale.levels[2]),
                    seen=seen_version(asked),
                    guest=guest,
                    browser=f"browser {number}",
                    way=queries.way_of_code(writing, invitation, asked),
                    tokens=tokens_of(app),
                    at=NOW,
                )
        except RuleBroken as broken:
            return broken.code
    return "answered"
