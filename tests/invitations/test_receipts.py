"""Saying that an assessment was not yours: it counts no longer, and everybody who relied on it can see so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from competencies.invitations import Identity
from competencies.observations import AssessmentStatus
from lms.accounts.models import User
from lms.assessments.models import Assessment
from lms.core import clock
from lms.core.audit import trail_of
from lms.entrustment.models import Decision, DecisionEvidence
from lms.notices.models import Notice, NoticeKind
from lms.operations.chains import Difference
from lms.operations.check import check_assessments
from lms.progress import history
from lms.standings.queries import standings_of
from tests.factories import NOW, TODAY, Ward
from tests.invitations.invited import GUEST, WHO, give, invite, last_link, show_code
from tests.logbook.activities import log_activity
from tests.pages import Browser

ClientOf = Callable[[User | None], Browser]


@pytest.fixture
def ward(session: Session) -> Ward:
    return Ward(session)


@pytest.fixture
def outside(client_of: ClientOf) -> Browser:
    return client_of(None)


def answered(app: Flask, session: Session, ward: Ward, browser: Browser, *, level: str = "3") -> tuple[Assessment, str]:
    """Return an assessment that was given by a link, and the link of its receipt."""
    activity = log_activity(session, ward)
    activity_id = activity.id
    _made, link = invite(app, session, ward, activity)
    give(browser, link, level=level)
    given = session.scalars(select(Assessment).where(Assessment.activity_id == activity_id)).one()
    return given, last_link(session)


def test_looking_at_the_receipt_changes_nothing(app: Flask, session: Session, ward: Ward, outside: Browser) -> None:
    given, receipt = answered(app, session, ward, outside)
    page = outside.get(receipt)
    assert "Was this you?" in page.heading
    assert ward.trainee.name in page.text
    assert "Calm and complete." not in page.text
    session.refresh(given)
    assert given.status is AssessmentStatus.SUBMITTED


def test_one_tap_lets_it_count_no_longer_and_those_who_rely_on_it_are_told(
    app: Flask, session: Session, ward: Ward, outside: Browser, client_of: ClientOf
) -> None:
    given, receipt = answered(app, session, ward, outside)
    assert "It counts no longer" in outside.send(outside.get(receipt)).heading
    session.refresh(given)
    assert (given.status, given.level_code) == (AssessmentStatus.DISOWNED, "3")
    (standing,) = standings_of(session, [ward.enrolment.id]).values()
    assert (standing.rating_count, standing.last_rating_code) == (0, None)
    assert session.execute(history.differences(ward.enrolment.id)).all() == []
    told = session.scalars(select(Notice.reader_id).where(Notice.kind == NoticeKind.ASSESSMENT_DISOWNED))
    assert set(told) == {ward.trainee.id, ward.lead.id}
    assert trail_of(session, target=given.id)[-1].action == "assessment.disowned"
    assert "This counts no longer" in client_of(ward.lead).get(f"/assessments/{given.id}").text


def test_the_rating_before_it_is_the_last_one_again(app: Flask, session: Session, ward: Ward, outside: Browser) -> None:
    first, _receipt = answered(app, session, ward, outside, level="2")
    _second, receipt = answered(app, session, ward, outside, level="4")
    outside.send(outside.get(receipt))
    (standing,) = standings_of(session, [ward.enrolment.id]).values()
    assert (standing.rating_count, standing.last_rating_code) == (1, "2")
    assert standing.last_answered_at == first.answered_at
    assert session.execute(history.differences(ward.enrolment.id)).all() == []


def test_saying_it_twice_says_it_once(app: Flask, session: Session, ward: Ward, outside: Browser) -> None:
    given, receipt = answered(app, session, ward, outside)
    page = outside.get(receipt)
    outside.send(page)
    assert "It counts no longer" in outside.send(page).heading
    actions = [entry.action for entry in trail_of(session, target=given.id)]
    assert actions.count("assessment.disowned") == 1


def test_the_same_can_be_asked_again(app: Flask, session: Session, ward: Ward, outside: Browser) -> None:
    activity = log_activity(session, ward)
    _made, link = show_code(app, session, ward, activity)
    give(outside, link, WHO)
    outside.send(outside.get(last_link(session)))
    _made, again = invite(app, session, ward, activity, GUEST)
    assert "it is sent" in give(outside, again)


def test_after_ninety_days_it_is_too_late(
    app: Flask, session: Session, ward: Ward, outside: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    _given, receipt = answered(app, session, ward, outside)
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=90))
    outside.get(receipt, status=410)


def test_a_decision_that_stands_on_it_says_so(
    app: Flask, session: Session, ward: Ward, outside: Browser, client_of: ClientOf
) -> None:
    given, receipt = answered(app, session, ward, outside)
    decision = _decided_on(session, ward, given)
    reader = client_of(ward.lead)
    before = reader.get(f"/decisions/{decision.id}").text
    assert "Evidence disowned since" not in before
    outside.send(outside.get(receipt))
    after = reader.get(f"/decisions/{decision.id}").text
    assert "Evidence disowned since" in after
    counted = before[before.index("The requirements on that day") : before.index("The evidence, as it was then")]
    assert counted in after, "what counted on that day stays what it was"


def _decided_on(session: Session, ward: Ward, given: Assessment) -> Decision:
    decision = Decision(
        enrolment_id=ward.enrolment.id,
        trainee_id=ward.trainee.id,
        epa_id=given.epa_id,
        scale_id=given.scale_id,
        level_code="3",
        level_rank=3,
        decided_by_id=ward.committee_member.id,
        decided_on=TODAY,
        recorded_at=NOW,
        remark="",
        requirements_met=False,
        overrule_reason="Seen often enough",
        scope={},
    )
    session.add(decision)
    session.flush()
    session.add(DecisionEvidence(decision_id=decision.id, observation_id=given.id, instrument_key=given.instrument_key))
    session.flush()
    return decision


@pytest.mark.parametrize(
    "tampered", [{"identity": Identity.ACCOUNT}, {"status": AssessmentStatus.DISOWNED}, {"level_code": "5"}]
)
def test_the_check_agrees_and_finds_what_nobody_recorded(
    app: Flask, session: Session, ward: Ward, outside: Browser, tampered: dict[str, object]
) -> None:
    given, _receipt = answered(app, session, ward, outside)
    check_assessments(session.connection(), lambda _rows: None)
    session.execute(update(Assessment).where(Assessment.id == given.id).values(**tampered))
    with pytest.raises(Difference, match=str(given.id)):
        check_assessments(session.connection(), lambda _rows: None)


def test_the_check_agrees_once_it_was_disowned(app: Flask, session: Session, ward: Ward, outside: Browser) -> None:
    _given, receipt = answered(app, session, ward, outside)
    outside.send(outside.get(receipt))
    check_assessments(session.connection(), lambda _rows: None)
