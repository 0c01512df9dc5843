"""Several trainees at one event, or one trainee on several EPAs, on one screen: all that is filled in, or nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from competencies.observations import AssessmentStatus
from lms.accounts.models import User
from lms.assessments.actions import withdraw
from lms.assessments.models import Assessment
from lms.core.audit import AuditEntry
from tests.assessments.requests import ask_for, in_full
from tests.factories import NOW, Ward
from tests.logbook.activities import log_activity
from tests.pages import Browser

ClientOf = Callable[[User | None], Browser]
GIVEN, WAITS = AssessmentStatus.SUBMITTED, AssessmentStatus.REQUESTED


@pytest.fixture
def ward(session: Session) -> Ward:
    return Ward(session)


@pytest.fixture
def asked(session: Session, ward: Ward) -> list[Assessment]:
    """Three requests of one event."""
    return [ask_for(session, ward, log_activity(session, ward, note=f"Patient {number}")) for number in range(3)]


@pytest.fixture
def trainer(ward: Ward, client_of: ClientOf, asked: list[Assessment]) -> Browser:
    assert asked
    return client_of(ward.trainer)


def path_of(one: Assessment) -> str:
    return f"/assessments/{one.id}/together"


def test_the_queue_leads_to_what_can_be_given_together(trainer: Browser, asked: list[Assessment]) -> None:
    queue = trainer.get("/assessments")
    assert "3 assessments together" in queue.text
    assert any(link.endswith("/together") for link in queue.links())
    page = trainer.get(path_of(asked[0]))
    assert all(f"Patient {number}" in page.text for number in range(3))


def test_what_is_filled_in_is_given_at_once_and_the_rest_waits(trainer: Browser, asked: list[Assessment]) -> None:
    first, second, third = asked
    typed = {f"{first.id}-level": "3", f"{first.id}-comment": "Calm", f"{third.id}-level": "4"}
    queue = trainer.send(trainer.get(path_of(first)), typed)
    assert "2 assessments are given." in queue.text
    assert [(one.status, one.level_code) for one in asked] == [(GIVEN, "3"), (WAITS, None), (GIVEN, "4")]
    assert second.comment == ""


def test_one_that_is_not_whole_gives_none_and_keeps_all_that_was_typed(
    trainer: Browser, asked: list[Assessment]
) -> None:
    first, second, _third = asked
    typed = {f"{first.id}-level": "3", f"{second.id}-comment": "No level chosen"}
    refused = trainer.send(trainer.get(path_of(first)), typed, status=422)
    assert "Choose one of these." in refused.text
    assert "No level chosen" in refused.source
    assert {one.status for one in asked} == {WAITS}


def test_one_that_waits_no_longer_gives_none_and_says_which(
    session: Session, ward: Ward, trainer: Browser, asked: list[Assessment]
) -> None:
    first, second, _third = asked
    page = trainer.get(path_of(first))
    withdraw(session, in_full(session, second, ward), by=ward.trainee, at=NOW)
    session.commit()
    typed = {f"{first.id}-level": "3", f"{second.id}-level": "4", f"{second.id}-comment": "Typed meanwhile"}
    refused = trainer.send(page, typed, status=409)
    assert "can no longer become" in refused.text
    assert "Typed meanwhile" in refused.source
    assert first.status is WAITS


def test_the_same_screen_sent_twice_gives_each_once(
    session: Session, trainer: Browser, asked: list[Assessment]
) -> None:
    page = trainer.get(path_of(asked[0]))
    typed = {f"{one.id}-level": "3" for one in asked}
    for _tap in range(2):
        assert "3 assessments are given." in trainer.send(page, typed).text
    given = select(func.count()).where(AuditEntry.action == "assessment.submitted")
    assert session.scalar(given) == 3


def test_an_empty_screen_is_told_so(trainer: Browser, asked: list[Assessment]) -> None:
    refused = trainer.send(trainer.get(path_of(asked[0])), {}, status=422)
    assert "Fill in at least one of these." in refused.text


def test_nobody_gives_what_was_asked_of_another(
    session: Session, ward: Ward, client_of: ClientOf, trainer: Browser, asked: list[Assessment]
) -> None:
    other = ask_for(session, ward, log_activity(session, ward), of=ward.second_trainer)
    page = trainer.get(path_of(asked[0]))
    assert str(other.id) not in page.source
    data = page.filled(page.form(), {f"{asked[0].id}-level": "3"})
    data |= {"row": [str(asked[0].id), str(other.id)], f"{other.id}-level": "1"}
    trainer.post(path_of(asked[0]), data, status=403, token=False)
    assert {asked[0].status, other.status} == {WAITS}
