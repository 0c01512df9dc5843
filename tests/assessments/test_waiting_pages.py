"""The pages of requests that wait: their holder, handing on, more time, loads and limits, and delays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from competencies.answers import Answer
from competencies.observations import AssessmentStatus
from competencies.people import Role
from lms.accounts.models import User
from lms.assessments import limits
from lms.assessments.actions import submit
from lms.assessments.models import Assessment
from lms.assessments.queries import own_limit
from lms.assessments.values import rating_scale, seen_version
from tests.assessments.requests import ask_for, in_full
from tests.factories import NOW, Ward, person_with
from tests.logbook.activities import log_activity
from tests.pages import Browser

ClientOf = Callable[[User | None], Browser]


@pytest.fixture
def ward(session: Session) -> Ward:
    return Ward(session)


@pytest.fixture
def asked(session: Session, ward: Ward) -> Assessment:
    return ask_for(session, ward, log_activity(session, ward), at=NOW - timedelta(days=3))


def test_both_sides_see_the_holder_since_when_and_until_when(
    asked: Assessment, ward: Ward, client_of: ClientOf, statements: list[str]
) -> None:
    for reader in (ward.trainee, ward.trainer):
        page = client_of(reader).get(f"/assessments/{asked.id}")
        assert ward.trainer.name in page.text
        assert "waits 3 days" in page.text
        assert "until 1 Dec 2026" in page.text
    browser = client_of(ward.trainer)
    statements.clear()
    browser.get(f"/assessments/{asked.id}")
    assert len(statements) <= 6


def test_the_holder_hands_it_on_and_the_page_names_every_holder(
    session: Session, asked: Assessment, ward: Ward, client_of: ClientOf
) -> None:
    trainer = client_of(ward.trainer)
    assert f"/assessments/{asked.id}/hand-on" in trainer.get(f"/assessments/{asked.id}/submit").links()
    page = trainer.get(f"/assessments/{asked.id}/hand-on")
    assert "nothing waits" in page.text
    assert ward.trainer.name not in page.source.partition("<select")[2].partition("</select>")[0]
    done = trainer.send(page, {"assessor": str(ward.second_trainer.id)})
    assert f"{ward.second_trainer.name} holds the request now." in done.text
    shown = client_of(ward.trainee).get(f"/assessments/{asked.id}")
    assert f"{ward.trainer.name}, from 17 Nov 2026" in shown.text
    assert "waits 3 days" in shown.text
    assert f"{ward.second_trainer.name} has it since today" in client_of(ward.trainee).get("/").text
    trainer.get(f"/assessments/{asked.id}/hand-on", status=403)


def test_what_changed_meanwhile_is_not_handed_on(
    session: Session, asked: Assessment, ward: Ward, client_of: ClientOf
) -> None:
    trainer = client_of(ward.trainer)
    page = trainer.get(f"/assessments/{asked.id}/hand-on")
    session.get_one(Assessment, asked.id).comment = "x"
    session.flush()
    refused = trainer.send(page, {"assessor": str(ward.second_trainer.id)}, status=409)
    assert "This was changed after you opened it." in refused.text
    assert ward.second_trainer.name in trainer.send(refused, {"assessor": str(ward.second_trainer.id)}).text


def test_either_side_gives_more_time_once(asked: Assessment, ward: Ward, client_of: ClientOf) -> None:
    trainee = client_of(ward.trainee)
    page = trainee.send(trainee.get(f"/assessments/{asked.id}"), action="/extend")
    assert "until 8 Dec 2026" in page.text
    assert "Give it more time" not in page.text
    client_of(ward.trainer).post(f"/assessments/{asked.id}/extend", status=403)


def test_what_expired_says_so_and_leads_to_asking_again(
    session: Session, asked: Assessment, ward: Ward, client_of: ClientOf
) -> None:
    asked.status, asked.answered_at = AssessmentStatus.EXPIRED, NOW
    session.flush()
    page = client_of(ward.trainee).get(f"/assessments/{asked.id}")
    assert "Nobody answered in time." in page.text
    assert f"/activities/{asked.activity_id}/ask" in page.links()
    assert "Ask again" not in client_of(ward.trainer).get(f"/assessments/{asked.id}").text


def test_the_asker_sees_the_load_before_asking(session: Session, ward: Ward, client_of: ClientOf) -> None:
    limits.choose_limit(session, ward.trainer, most=1, by=ward.trainer, at=NOW)
    ask_for(session, ward, log_activity(session, ward, note="first"))
    activity = log_activity(session, ward, note="second")
    trainee = client_of(ward.trainee)
    page = trainee.get(f"/activities/{activity.id}/ask")
    assert f"{ward.trainer.name} – enough waits: 1 of 1" in page.text
    assert f"{ward.second_trainer.name} – nothing waits" in page.text
    refused = trainee.send(page, {"assessors": str(ward.trainer.id)}, status=422)
    assert f"1 requests wait for {ward.trainer.name}, and 1 is the most." in refused.text
    asked = trainee.send(page)
    assert ward.second_trainer.name in asked.text


def test_the_list_of_people_costs_the_same_for_one_and_for_many(
    session: Session, ward: Ward, client_of: ClientOf, statements: list[str]
) -> None:
    activity, trainee, counts = log_activity(session, ward), client_of(ward.trainee), []
    for _round in range(2):
        statements.clear()
        trainee.get(f"/activities/{activity.id}/ask")
        counts.append(len(statements))
        for _one in range(4):
            person_with(session, Role.TRAINER, ward.organisation)
    assert counts[0] == counts[1] <= 14


def test_a_person_chooses_how_much_may_wait(session: Session, ward: Ward, client_of: ClientOf) -> None:
    trainer = client_of(ward.trainer)
    for bad in ("0", "100", "many"):
        trainer.send(trainer.get("/assessments/limit"), {"most": bad}, status=422)
    assert "Your limit is stored." in trainer.send(trainer.get("/assessments/limit"), {"most": "4"}).text
    assert own_limit(session, ward.trainer.id) == 4
    trainer.send(trainer.get("/assessments/limit"), {"most": ""})
    assert own_limit(session, ward.trainer.id) is None


def test_an_administrator_chooses_for_the_trainers_of_the_organisation(ward: Ward, client_of: ClientOf) -> None:
    administrator = client_of(ward.administrator)
    address = f"/organisations/{ward.organisation.id}/request-limit"
    assert address in administrator.get(f"/organisations/{ward.organisation.id}").links()
    administrator.send(administrator.get(address), {"most": "7"})
    assert 'value="7"' in administrator.get(address).source
    assert "Your limit 7" in client_of(ward.trainer).get("/assessments/limit").text


def give(session: Session, ward: Ward, trainer: User, days: int) -> None:
    activity = log_activity(session, ward, note=f"{trainer.name} {days}")
    asked = ask_for(session, ward, activity, of=trainer, at=NOW)
    scale = rating_scale(asked)
    assert scale is not None
    seen, at = seen_version(asked), NOW + timedelta(days=days)
    submit(session, asked, Answer(level=scale.level("3")), seen=seen, by=trainer, at=at)


def test_the_trainees_list_says_after_how_many_days_it_was_assessed(
    session: Session, ward: Ward, client_of: ClientOf
) -> None:
    give(session, ward, ward.trainer, 3)
    assert "assessed after 3 days" in client_of(ward.trainee).get("/activities").text


def test_the_lead_reads_the_median_delay_where_nobody_can_be_told_apart(
    session: Session, asked: Assessment, ward: Ward, client_of: ClientOf, statements: list[str]
) -> None:
    lead = client_of(ward.lead)
    trainers = [person_with(session, Role.TRAINER, ward.organisation) for _one in range(5)]
    for days, trainer in enumerate(trainers[:4]):
        give(session, ward, trainer, days)
    assert "* not shown" in lead.get("/assessments/delays").text
    give(session, ward, trainers[4], 9)
    statements.clear()
    page = lead.get("/assessments/delays")
    assert len(statements) <= 3
    row = page.text.partition(ward.department.name)[2]
    assert row.split()[3:8] == ["5", "2", "3", "1", "0"]
    assert in_full(session, asked, ward).status is AssessmentStatus.REQUESTED
