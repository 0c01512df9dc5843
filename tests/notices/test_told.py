"""Who is told what, when something happens: in the same transaction, with keys only."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import String, cast, inspect, select
from sqlalchemy.orm import Session

from competencies.answers import Answer
from competencies.people import Role
from lms.assessments.actions import decline, submit, withdraw
from lms.assessments.values import rating_scale, seen_version
from lms.authoring.actions import start_draft, submit_draft
from lms.entrustment.actions import decide
from lms.notices.models import Notice, NoticeKind
from lms.notices.places import PLACES
from lms.notices.words import SENTENCES
from tests.assessments.requests import ask_for
from tests.entrustment.examples import Laboratory, declaration
from tests.factories import NOW, Ward, make_alliance, person_with
from tests.logbook.activities import log_activity
from tests.moves.examples import LATER, Moving
from tests.notices.told import told

SECRET = "Mevrouw Jansen-Proef"


@pytest.fixture
def ward(session: Session) -> Ward:
    return Ward(session)


def test_who_is_asked_for_an_assessment_is_told_and_nobody_else(session: Session, ward: Ward) -> None:
    asked = ask_for(session, ward, log_activity(session, ward))
    assert told(session, ward.trainer) == [(NoticeKind.ASSESSMENT_REQUESTED, asked.id, ward.trainee.id, True)]
    assert told(session, ward.trainee) == told(session, ward.second_trainer) == told(session, ward.lead) == []


def test_the_trainee_is_told_of_the_answer_and_the_request_is_done_with(session: Session, ward: Ward) -> None:
    given, declined = (ask_for(session, ward, log_activity(session, ward, note=str(number))) for number in range(2))
    scale = rating_scale(given)
    assert scale is not None
    answer = Answer(level=scale.level("3"), comment=SECRET)
    submit(session, given, answer, seen=seen_version(given), by=ward.trainer, at=LATER)
    reason = f"I was not there with {SECRET}"
    later = LATER + timedelta(hours=1)
    decline(session, declined, reason=reason, seen=seen_version(declined), by=ward.trainer, at=later)
    assert told(session, ward.trainee) == [
        (NoticeKind.ASSESSMENT_SUBMITTED, given.id, ward.trainer.id, True),
        (NoticeKind.ASSESSMENT_DECLINED, declined.id, ward.trainer.id, True),
    ]
    assert [unread for _kind, _about, _by, unread in told(session, ward.trainer)] == [False, False]
    assert SECRET not in everything(session)


def everything(session: Session) -> str:
    """Return all that is stored of notices."""
    columns = [cast(column, String) for column in inspect(Notice).columns]
    return "\n".join(" ".join(map(str, row)) for row in session.execute(select(*columns)))


def test_a_request_that_is_taken_back_is_no_news_any_more(session: Session, ward: Ward) -> None:
    asked = ask_for(session, ward, log_activity(session, ward))
    withdraw(session, asked, by=ward.trainee, at=LATER)
    assert told(session, ward.trainer) == [(NoticeKind.ASSESSMENT_REQUESTED, asked.id, ward.trainee.id, False)]
    assert session.scalars(select(Notice.to_mail).where(Notice.about_id == asked.id)).one() is False


def test_the_trainee_is_told_of_a_decision(session: Session) -> None:
    laboratory = Laboratory(session)
    laboratory.meet_the_requirements(session, laboratory.trainer, laboratory.second_trainer)
    decided = decide(
        session,
        laboratory.loaded(session),
        laboratory.offered(session),
        declaration(remark=SECRET),
        by=laboratory.committee_member,
        at=NOW,
    )
    expected = [(NoticeKind.DECISION_TAKEN, decided.id, laboratory.committee_member.id, True)]
    assert told(session, laboratory.trainee) == expected
    assert SECRET not in everything(session)


def test_everybody_who_may_review_a_draft_is_asked_and_its_writer_is_not(session: Session, ward: Ward) -> None:
    alliance = make_alliance(session, ward.organisation)
    others = [
        person_with(session, Role.PROGRAMME_LEAD, ward.organisation),
        person_with(session, Role.REGIONAL_COORDINATOR, alliance),
    ]
    content = {"programme": {"title": {"nl": "Nieuw", "en": "New"}}, "epas": [{"key": "first"}]}
    draft = start_draft(session, content, based_on=None, owner=ward.organisation.id, by=ward.lead, at=NOW)
    submit_draft(session, draft, problems=0, by=ward.lead, at=NOW)
    for other in others:
        assert told(session, other) == [(NoticeKind.DRAFT_REVIEW_ASKED, draft.id, ward.lead.id, True)]
    assert told(session, ward.lead) == told(session, ward.trainer) == []


def test_who_is_moved_to_another_version_is_told(session: Session) -> None:
    moving = Moving(session)
    moving.publish(session)
    moving.moved(session)
    assert told(session, moving.trainee) == [(NoticeKind.MOVE_MADE, moving.enrolment.id, moving.lead.id, True)]


def test_every_kind_has_words_and_a_page_that_is_there(app: Flask) -> None:
    assert set(SENTENCES) == set(PLACES) == set(NoticeKind)
    rules = {rule.endpoint: rule.arguments for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert all(rules[place.endpoint] == {place.key} for place in PLACES.values())
