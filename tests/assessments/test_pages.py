"""The pages on which an assessment is asked for, given, declined and read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from competencies.answers import Answer
from competencies.observations import ActivityKind, AssessmentStatus
from competencies.people import Role
from lms.accounts.models import User
from lms.assessments.actions import submit
from lms.assessments.models import Assessment
from lms.assessments.queries import count_waiting
from lms.assessments.values import seen_version
from lms.logbook.models import Activity
from lms.organisations.models import RoleAssignment
from lms.standings.queries import standings_of
from tests.assessments.requests import ask_for
from tests.factories import NOW, TODAY, Ward, make_alliance, make_organisation, person_with
from tests.logbook.activities import log_activity
from tests.pages import Browser

ClientOf = Callable[[User | None], Browser]


@pytest.fixture
def ward(session: Session) -> Ward:
    return Ward(session)


@pytest.fixture
def trainee(ward: Ward, client_of: ClientOf) -> Browser:
    return client_of(ward.trainee)


@pytest.fixture
def trainer(ward: Ward, client_of: ClientOf) -> Browser:
    return client_of(ward.trainer)


def asked_about(session: Session, activity: Activity) -> list[Assessment]:
    return list(session.scalars(select(Assessment).where(Assessment.activity_id == activity.id)))


def test_one_tap_asks_the_own_trainer_in_the_likeliest_way(session: Session, ward: Ward, trainee: Browser) -> None:
    activity = log_activity(session, ward, kind=ActivityKind.CASE_DISCUSSION)
    page = trainee.send(trainee.get(f"/activities/{activity.id}/ask"))
    assert "The assessment is asked for." in page.text
    assert "Waiting" in page.text
    (asked,) = asked_about(session, activity)
    assert asked.assessor_id in {ward.trainer.id, ward.second_trainer.id}
    assert asked.instrument_key == "cbd"


def test_each_epa_becomes_a_request_of_its_own(session: Session, ward: Ward, trainee: Browser) -> None:
    activity = log_activity(session, ward, "onc-k2", "onc-k3")
    wanted = {epa.id for epa in activity.epas}
    page = trainee.send(trainee.get(f"/activities/{activity.id}/ask"), {"assessors": str(ward.trainer.id)})
    assert "2 assessments are asked for." in page.text
    assert {one.epa_id for one in asked_about(session, activity)} == wanted
    assert count_waiting(session, ward.trainer.id) == 2


def test_the_same_is_not_asked_twice(session: Session, ward: Ward, trainee: Browser) -> None:
    activity = log_activity(session, ward)
    page = trainee.get(f"/activities/{activity.id}/ask")
    trainee.send(page)
    refused = trainee.send(page, status=422)
    assert "for this already." in refused.text
    assert len(asked_about(session, activity)) == 1


def test_trainers_of_allied_organisations_are_a_tap_away(session: Session, ward: Ward, trainee: Browser) -> None:
    partner, stranger = make_organisation(session), make_organisation(session)
    make_alliance(session, ward.organisation, partner)
    away, far = (
        person_with(session, Role.TRAINER, place, name) for place, name in ((partner, "Away"), (stranger, "Far"))
    )
    activity = log_activity(session, ward)
    page = trainee.get(f"/activities/{activity.id}/ask")
    assert away.name not in page.text
    everywhere = trainee.get(next(link for link in page.links() if link.endswith("everywhere=1")))
    assert away.name in everywhere.text
    assert far.name not in everywhere.text
    trainee.send(everywhere, {"assessors": str(away.id)})
    assert asked_about(session, activity)[0].assessor_id == away.id


def test_without_trainers_the_page_says_whom_to_tell(session: Session, ward: Ward, trainee: Browser) -> None:
    activity = log_activity(session, ward)
    for one in session.scalars(select(RoleAssignment).where(RoleAssignment.role == Role.TRAINER)):
        one.ends_on = TODAY - timedelta(days=1)
    session.flush()
    page = trainee.get(f"/activities/{activity.id}/ask")
    assert "Your organisation has no trainer yet." in page.text
    everywhere = trainee.get(next(link for link in page.links() if link.endswith("everywhere=1")))
    assert "Tell your programme lead." in everywhere.text


def test_an_epa_that_was_asked_about_stays_with_its_activity(session: Session, ward: Ward, trainee: Browser) -> None:
    activity = log_activity(session, ward, "onc-k2", "onc-k3")
    first, second = (epa.id for epa in activity.epas)
    asked = ask_for(session, ward, activity)
    form = trainee.get(f"/activities/{activity.id}/edit")
    kept, free = (first, second) if asked.epa_id == first else (second, first)
    refused = trainee.send(form, {"epas": [str(free)], "note": "Typed meanwhile"}, status=422)
    assert "Keep that EPA." in refused.text
    assert 'value="Typed meanwhile"' in refused.source
    trainee.send(form, {"epas": [str(kept)]})
    page = trainee.get(f"/activities/{activity.id}")
    assert f"/epas/{kept}" in page.links()
    assert f"/epas/{free}" not in page.links()


def test_a_feedback_round_asks_several_people_and_oneself(session: Session, ward: Ward, trainee: Browser) -> None:
    activity = log_activity(session, ward, kind=ActivityKind.FEEDBACK_ROUND)
    page = trainee.get(f"/activities/{activity.id}/ask")
    people = [ward.trainer, ward.second_trainer, ward.trainee]
    assert "Choose at least one person." in trainee.send(page, {"assessors": []}, status=422).text
    trainee.send(page, {"assessors": [str(one.id) for one in people]})
    asked = asked_about(session, activity)
    assert {one.assessor_id for one in asked} == {one.id for one in people}
    assert {one.instrument_key for one in asked} == {"msf"}
    own = next(one for one in asked if one.assessor_id == ward.trainee.id)
    form = trainee.get(f"/assessments/{own.id}/submit")
    assert "Fill this in." in trainee.send(form, {"comment": " "}, status=422).text
    trainee.send(form, {"comment": "I ask for help sooner now"})
    assert own.status is AssessmentStatus.SUBMITTED


def test_the_queue_is_in_the_order_of_asking(session: Session, ward: Ward, trainer: Browser) -> None:
    for days in (1, 5, 3):
        activity = log_activity(session, ward, note=f"Asked {days} days ago")
        ask_for(session, ward, activity, at=NOW - timedelta(days=days))
    text = trainer.get("/assessments").text
    places = [text.index(f"waits {days} day") for days in (5, 3, 1)]
    assert places == sorted(places)
    assert "3 assessments wait for you" in text


def test_a_level_is_given_in_the_words_of_the_scale(
    session: Session, ward: Ward, trainer: Browser, trainee: Browser
) -> None:
    asked = ask_for(session, ward, log_activity(session, ward, performed_on=TODAY - timedelta(days=2)))
    form = trainer.get(f"/assessments/{asked.id}/submit")
    assert "What supervision was given in this activity?" in form.text
    assert "Indirect supervision" in form.text
    queue = trainer.send(form, {"level": "3", "comment": "Calm and careful"})
    assert "is given." in queue.text
    read = trainee.get(f"/assessments/{asked.id}").text
    for words in ("Indirect supervision", "Calm and careful", ward.trainer.name, "2 days after the activity"):
        assert words in read
    row = standings_of(session, [ward.enrolment.id])[ward.enrolment.id, asked.epa_id]
    assert (row.last_rating_code, row.rating_count, row.waiting_count) == ("3", 1, 0)


def test_a_level_is_demanded_and_the_comment_kept(session: Session, ward: Ward, trainer: Browser) -> None:
    asked = ask_for(session, ward, log_activity(session, ward))
    refused = trainer.send(trainer.get(f"/assessments/{asked.id}/submit"), {"comment": "Nearly there"}, status=422)
    assert "Choose one of these." in refused.text
    assert "Nearly there" in refused.text
    assert asked.status is AssessmentStatus.REQUESTED


@pytest.mark.parametrize(
    ("kind", "instrument", "typed", "shown"),
    [
        (ActivityKind.COURSE, "knowledge_test", {"passed": "no"}, "Not passed"),
        (ActivityKind.PROCEDURE, "logbook", {"quantity": "4"}, "4 times confirmed"),
        (ActivityKind.PROJECT, "product", {"level": "2"}, "Meets expectation"),
        (ActivityKind.SHIFT, "patient_feedback", {"comment": "Kind words"}, "Kind words"),
    ],
)
def test_the_question_follows_the_instrument(
    session: Session,
    ward: Ward,
    trainer: Browser,
    kind: ActivityKind,
    instrument: str,
    typed: dict[str, str],
    shown: str,
) -> None:
    asked = ask_for(session, ward, log_activity(session, ward, kind=kind, quantity=7), instrument=instrument)
    form = trainer.get(f"/assessments/{asked.id}/submit")
    trainer.send(form, typed)
    assert shown in trainer.get(f"/assessments/{asked.id}").text
    assert shown in trainer.get("/assessments/given").text or instrument == "patient_feedback"


def test_the_number_to_confirm_starts_as_logged(session: Session, ward: Ward, trainer: Browser) -> None:
    asked = ask_for(session, ward, log_activity(session, ward, quantity=7), instrument="logbook")
    trainer.send(trainer.get(f"/assessments/{asked.id}/submit"))
    assert asked.quantity == 7


def test_a_project_asks_for_the_numbers_of_the_programme(session: Session, client_of: ClientOf) -> None:
    ward = Ward(session, programme="medisch-leiderschap")
    activity = log_activity(session, ward, "lead-06", kind=ActivityKind.PROJECT)
    trainee = client_of(ward.trainee)
    trainee.send(trainee.get(f"/activities/{activity.id}/ask"), {"assessors": str(ward.trainer.id)})
    (asked,) = asked_about(session, activity)
    assert (asked.instrument_key, asked.form_key) == ("project", "project-record")
    trainer = client_of(ward.trainer)
    form = trainer.get(f"/assessments/{asked.id}/submit")
    assert "The programme asks for at least 10." in form.text
    assert "Fill this in." in trainer.send(form, {"data_points": "10"}, status=422).text
    trainer.send(form, {"data_points": "10", "linked_pdsa_cycles": "0"})
    assert asked.facts == {"data_points": 10, "linked_pdsa_cycles": 0}
    assert "Number of data points: 10" in trainer.get(f"/assessments/{asked.id}").text


def test_a_second_tab_gives_no_second_rating_and_loses_no_words(session: Session, ward: Ward, trainer: Browser) -> None:
    asked = ask_for(session, ward, log_activity(session, ward))
    first, second = (trainer.get(f"/assessments/{asked.id}/submit") for _tab in range(2))
    trainer.send(first, {"level": "3", "comment": "From the first tab"})
    refused = trainer.send(second, {"level": "5", "comment": "From the second tab"}, status=409)
    assert "You answered this before" in refused.text
    assert "From the second tab" in refused.text
    session.expire_all()
    assert (asked.level_code, asked.comment, asked.version) == ("3", "From the first tab", 2)
    trainer.send(second, {"level": None, "comment": "Incomplete"}, status=409)
    assert trainer.get(f"/assessments/{asked.id}/submit").heading.startswith("Assessment of")


def test_a_changed_activity_is_shown_again_with_what_was_typed(
    session: Session, ward: Ward, trainer: Browser, trainee: Browser
) -> None:
    activity = log_activity(session, ward)
    asked = ask_for(session, ward, activity)
    form = trainer.get(f"/assessments/{asked.id}/submit")
    trainee.send(trainee.get(f"/activities/{activity.id}/edit"), {"note": "It was another thing"})
    refused = trainer.send(form, {"level": "4", "comment": "Well done"}, status=409)
    assert "This was changed after you opened it." in refused.text
    assert "It was another thing" in refused.text
    assert "Well done" in refused.text
    trainer.send(refused)
    assert (asked.level_code, asked.comment) == ("4", "Well done")


def test_declining_needs_a_reason_that_the_trainee_reads(
    session: Session, ward: Ward, trainer: Browser, trainee: Browser
) -> None:
    asked = ask_for(session, ward, log_activity(session, ward))
    form = trainer.get(f"/assessments/{asked.id}/decline")
    assert "Fill this in." in trainer.send(form, {"reason": "  "}, status=422).text
    trainer.send(form, {"reason": "I was not on duty"})
    read = trainee.get(f"/assessments/{asked.id}").text
    assert "Declined" in read
    assert "I was not on duty" in read
    row = standings_of(session, [ward.enrolment.id])[ward.enrolment.id, asked.epa_id]
    assert (row.rating_count, row.waiting_count) == (0, 0)
    assert "Declined" in trainer.get("/assessments/given").text
    trainer.send(form, {"reason": "Again"}, status=409)


def test_the_trainee_withdraws_while_it_waits(session: Session, ward: Ward, trainer: Browser, trainee: Browser) -> None:
    asked = ask_for(session, ward, log_activity(session, ward))
    form = trainer.get(f"/assessments/{asked.id}/submit")
    page = trainee.get(f"/assessments/{asked.id}")
    trainee.send(page, action="/withdraw")
    assert asked.status is AssessmentStatus.WITHDRAWN
    assert "Nothing waits for you" in trainer.get("/assessments").text
    trainer.send(form, {"level": "3"}, status=409)
    trainee.send(page, action="/withdraw", status=409)
    assert "Withdrawn on" in trainee.get(f"/assessments/{asked.id}").text


def test_both_sides_see_who_holds_it_and_since_when(
    session: Session, ward: Ward, trainer: Browser, trainee: Browser
) -> None:
    asked = ask_for(session, ward, log_activity(session, ward), at=NOW - timedelta(days=2))
    for browser in (trainer, trainee):
        text = browser.get(f"/assessments/{asked.id}").text
        assert f"Held by {ward.trainer.name}" in text
        assert "18 Nov 2026 10:30" in text
        assert "waits 2 days" in text


def test_other_peoples_assessments_are_not_there(session: Session, ward: Ward, client_of: ClientOf) -> None:
    asked = ask_for(session, ward, log_activity(session, ward))
    stranger = person_with(session, Role.TRAINER, make_organisation(session))
    for other in (ward.fellow(session), ward.administrator, stranger):
        for path in ("", "/submit", "/decline"):
            client_of(other).get(f"/assessments/{asked.id}{path}", status=404)
        client_of(other).post(f"/assessments/{asked.id}/withdraw", status=404)
        client_of(other).get(f"/activities/{asked.activity_id}/ask", status=404)


def test_who_reads_the_dossier_reads_the_assessment_and_answers_nothing(
    session: Session, ward: Ward, client_of: ClientOf
) -> None:
    asked = ask_for(session, ward, log_activity(session, ward))
    for reader in (ward.second_trainer, ward.lead, ward.committee_member, ward.auditor):
        browser = client_of(reader)
        page = browser.get(f"/assessments/{asked.id}")
        assert not [link for link in page.links() if link.endswith(("/submit", "/decline"))]
        for path in ("submit", "decline"):
            browser.get(f"/assessments/{asked.id}/{path}", status=403)
            browser.post(f"/assessments/{asked.id}/{path}", {"reason": "No", "level": "3"}, status=403)
        browser.post(f"/assessments/{asked.id}/withdraw", status=403)
        browser.get(f"/activities/{asked.activity_id}/ask", status=403)
    assert asked.status is AssessmentStatus.REQUESTED


def test_an_assessor_of_another_organisation_reads_what_was_asked_and_no_more(
    session: Session, ward: Ward, client_of: ClientOf
) -> None:
    partner = make_organisation(session)
    make_alliance(session, ward.organisation, partner)
    away = person_with(session, Role.TRAINER, partner)
    asked = ask_for(session, ward, log_activity(session, ward), of=away)
    other = ask_for(session, ward, log_activity(session, ward))
    browser = client_of(away)
    assert browser.get(f"/assessments/{asked.id}/submit").heading == f"Assess {ward.trainee.name}"
    browser.get(f"/assessments/{other.id}", status=404)


def test_what_was_given_is_read_page_by_page(session: Session, ward: Ward, trainer: Browser) -> None:
    for number in range(53):
        asked = ask_for(
            session, ward, log_activity(session, ward, note=f"Line {number:02}"), instrument="patient_feedback"
        )
        moment = NOW + timedelta(seconds=number // 2)
        submit(session, asked, Answer(comment="Fine"), seen=seen_version(asked), by=ward.trainer, at=moment)
    first = trainer.get("/assessments/given")
    second = trainer.get(next(link for link in first.links() if "before=" in link))
    lines = [f"Line {number:02}" for number in range(53)]
    assert [one for one in lines if (one in first.text) == (one in second.text)] == []
    assert "Line 52" in first.text
    assert "Line 00" in second.text


def test_the_number_of_statements_does_not_grow(
    session: Session, ward: Ward, trainer: Browser, trainee: Browser, statements: list[str]
) -> None:
    asked = ask_for(session, ward, log_activity(session, ward))
    pages = (
        (trainer, "/assessments"),
        (trainer, f"/assessments/{asked.id}/submit"),
        (trainer, f"/assessments/{asked.id}"),
        (trainee, f"/activities/{asked.activity_id}/ask"),
        (trainee, f"/activities/{asked.activity_id}"),
    )

    def counts() -> list[int]:
        found = []
        for browser, path in pages:
            session.expire_all()
            statements.clear()
            browser.get(path)
            found.append(len(statements))
        return found

    before = counts()
    for number in range(6):
        activity = log_activity(session, ward, note=f"Activity {number}")
        ask_for(session, ward, activity)
        ask_for(session, ward, activity, of=ward.second_trainer)
    assert counts() == before
    assert max(before) <= 20


def test_who_is_no_trainer_any_more_is_told_so_and_can_still_decline(
    session: Session, ward: Ward, trainer: Browser
) -> None:
    asked = ask_for(session, ward, log_activity(session, ward))
    form = trainer.get(f"/assessments/{asked.id}/submit")
    roles = update(RoleAssignment).where(RoleAssignment.user_id == ward.trainer.id)
    session.execute(roles.values(ends_on=TODAY - timedelta(days=1)))
    session.commit()
    refused = trainer.send(form, {"level": "4", "comment": "Typed with care"}, status=422)
    assert "You are no trainer here today" in refused.text
    assert "Typed with care" in refused.text
    trainer.send(trainer.get(f"/assessments/{asked.id}/decline"), {"reason": "I moved to another hospital"})
    assert asked.status is AssessmentStatus.DECLINED
