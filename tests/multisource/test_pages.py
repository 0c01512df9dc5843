"""The pages of rounds: asking, answering once by account or link, and a report that opens with the conversation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.accounts.models import User
from lms.multisource import actions
from lms.multisource.models import FeedbackAnswer, FeedbackRound, Goal, Rater
from tests.factories import NOW, Ward
from tests.multisource.rounds import GUEST, answer_all, closed_round, last_link, open_round, plan, tokens_of
from tests.pages import Browser

ClientOf = Callable[[User | None], Browser]


@pytest.fixture
def ward(session: Session, today: date) -> Ward:
    """Return a ward."""
    return Ward(session)


def test_colleagues_are_asked_and_answer_once(session: Session, ward: Ward, client_of: ClientOf) -> None:
    trainee, trainer = client_of(ward.trainee), client_of(ward.trainer)
    page = trainee.get(f"/enrolments/{ward.enrolment.id}/feedback-rounds/new")
    page = trainee.send(page, {"groups": ["supervisors", "peers"]})
    assert page.heading == "Ask colleagues"
    page = trainee.get(f"{page.path}?name={ward.trainer.name}")
    page = trainee.send(page, {"group": "supervisors", "people": [str(ward.trainer.id)]})
    assert "Trainers and supervisors 3 still needed 1 0" in page.text
    round_ = session.scalars(select(FeedbackRound)).one()
    assert ward.trainee.name in trainer.get("/feedback-rounds").text
    page = trainer.get(f"/feedback-rounds/{round_.id}/answer")
    assert "Trainers and supervisors" in page.text
    values = {"item_listens": "often", "item_again": "yes", "item_strength": "Calm at the bedside"}
    assert "stored apart from your name" in trainer.send(page, values).text
    assert trainer.get(f"/feedback-rounds/{round_.id}/answer").heading == "Thank you, your answer is stored"
    trainer.post(f"/feedback-rounds/{round_.id}/answer", values, status=410)
    page = trainee.get(f"/feedback-rounds/{round_.id}")
    assert "Trainers and supervisors 2 still needed 1 1" in page.text
    assert "Calm at the bedside" not in page.source


def test_a_report_is_locked_until_a_conversation_is_planned(session: Session, ward: Ward, client_of: ClientOf) -> None:
    trainee, trainer = client_of(ward.trainee), client_of(ward.trainer)
    round_ = open_round(session, ward, "peers")
    answer_all(session, ward, round_, peers=3)
    path = f"/feedback-rounds/{round_.id}"
    trainee.get(f"{path}/conversation", status=403)
    trainee.post(f"{path}/close")
    trainee.get(f"{path}/report", status=403)
    trainer.get(f"{path}/report", status=404)
    page = trainee.get(f"{path}/conversation")
    late = trainee.send(page, {"on": "2026-11-01", "guide": str(ward.trainer.id)}, status=422)
    assert "today or later" in late.text
    page = trainee.send(page, {"on": "2026-11-24", "guide": str(ward.trainer.id)})
    assert "Strength 0 of peers" in page.text
    assert trainee.raw(f"{path}/report.svg").status_code == 200
    assert "Strength 0 of peers" in trainer.get(f"{path}/report").text
    client_of(ward.second_trainer).get(f"{path}/report", status=404)
    client_of(ward.lead).get(f"{path}/report", status=403)


def test_goals_come_of_the_conversation(session: Session, ward: Ward, client_of: ClientOf) -> None:
    round_ = plan(session, ward, closed_round(session, ward, peers=3))
    trainee, trainer = client_of(ward.trainee), client_of(ward.trainer)
    page = trainer.get(f"/feedback-rounds/{round_.id}/goals/new")
    page = trainer.send(page, {"what": "Ask for help sooner", "due_on": "2027-01-10", "seen_by": "The ward is called"})
    assert "Ask for help sooner" in trainee.get("/feedback-rounds").text
    goal = session.scalars(select(Goal)).one()
    assert "Goes on" in trainee.post(f"/feedback-goals/{goal.id}/continued").text
    assert "Reached" in trainee.post(f"/feedback-goals/{goal.id}/reached").text


def test_somebody_outside_answers_once_by_a_link(app: Flask, session: Session, ward: Ward, client_of: ClientOf) -> None:
    round_ = open_round(session, ward)
    actions.ask_outside(session, round_, GUEST, "others", tokens=tokens_of(app), by=ward.trainee, at=NOW)
    link, outside = last_link(session), client_of(None)
    page = outside.get(link)
    assert "Others" in page.text
    refused = outside.send(page, {"item_listens": "often", "email": "somebody@else.example.org"}, status=422)
    assert "another" in refused.text
    assert "nothing" in outside.send(refused, {"item_listens": None, "email": GUEST.email}, status=422).text.lower()
    page = outside.send(page, {"item_listens": "often", "email": GUEST.email})
    assert page.heading == "Thank you, your answer is stored"
    outside.post(link, {"item_listens": "seldom", "email": GUEST.email}, status=410)
    assert session.scalars(select(FeedbackAnswer.answers)).all() == [{"listens": "often"}]
    wrong = link[:-8] + "AAAAAAAA"
    assert outside.get(wrong, status=404).heading == "This link opens nothing"


def test_a_link_that_is_withdrawn_or_of_a_closed_round_opens_nothing(
    app: Flask, session: Session, ward: Ward, client_of: ClientOf
) -> None:
    round_ = open_round(session, ward)
    rater = actions.ask_outside(session, round_, GUEST, "others", tokens=tokens_of(app), by=ward.trainee, at=NOW)
    link = last_link(session)
    client_of(ward.trainee).post(f"/feedback-rounds/{round_.id}/raters/{rater.id}/withdraw")
    assert client_of(None).get(link, status=410).heading == "Your answer is not asked any more"
    session.get_one(Rater, rater.id).withdrawn_at = None
    session.get_one(FeedbackRound, round_.id).closed_at = NOW
    assert client_of(None).get(link, status=410).heading == "This round is closed"


def test_a_report_says_what_it_withholds_and_takes_few_statements(
    session: Session, ward: Ward, client_of: ClientOf, statements: list[str]
) -> None:
    round_ = plan(session, ward, closed_round(session, ward, peers=3, others=1))
    browser, path = client_of(ward.trainee), f"/feedback-rounds/{round_.id}/report"
    statements.clear()
    page = browser.get(path)
    assert len(statements) <= 7
    assert "Others: 2 more answers were needed" in page.text
    assert "of others" not in page.text
    assert "My own words" in page.text
    assert "still needed" not in browser.get(f"/feedback-rounds/{round_.id}").text


def test_patient_data_in_an_answer_is_held_back(session: Session, ward: Ward, client_of: ClientOf) -> None:
    round_ = open_round(session, ward)
    browser = client_of(ward.trainee)
    page = browser.get(f"/feedback-rounds/{round_.id}/answer")
    page = browser.send(page, {"item_growth": "Mw. de Vries, 12-03-1948, was upset"}, status=422)
    assert "not about a patient" in page.text.lower()
    assert not session.scalars(select(FeedbackAnswer)).all()
