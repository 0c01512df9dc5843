"""What an assessor typed is saved for them alone, and two tabs lose nobody's words."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from competencies.answers import Answer
from competencies.errors import RuleBroken
from competencies.observations import AssessmentStatus
from lms.accounts.models import User
from lms.assessments import drafts
from lms.assessments.actions import decline, submit, withdraw
from lms.assessments.models import AnswerDraft, Assessment
from lms.assessments.queries import one_visible
from lms.assessments.values import rating_scale, seen_version
from lms.core import db
from lms.core.audit import AuditEntry
from lms.notices.models import Notice, NoticeKind
from lms.organisations.permissions import duties_of
from lms.standings.queries import standings_of
from tests.assessments.requests import ask_for
from tests.factories import NOW, TODAY, Ward
from tests.logbook.activities import log_activity
from tests.pages import Browser, Page, Values

ClientOf = Callable[[User | None], Browser]
NUMBER_AND_NAME = "Mevrouw de Vries, geboren 12-03-1951"


@pytest.fixture
def ward(session: Session) -> Ward:
    return Ward(session)


@pytest.fixture
def trainer(ward: Ward, client_of: ClientOf) -> Browser:
    return client_of(ward.trainer)


@pytest.fixture
def asked(session: Session, ward: Ward) -> Assessment:
    return ask_for(session, ward, log_activity(session, ward))


def press(browser: Browser, page: Page, button: str, values: Values, *, status: int = 200) -> Page:
    """Press another button of the form of an answer."""
    form = page.form("/submit")
    target = (form.get("action") or "").replace("/submit", f"/{button}")
    return browser.post(target, page.filled(form, values), status=status, token=False)


def opened(browser: Browser, asked: Assessment) -> Page:
    return browser.get(f"/assessments/{asked.id}/submit")


def test_a_draft_without_script_is_there_again_and_counts_nowhere(
    session: Session, trainer: Browser, asked: Assessment
) -> None:
    saved = press(trainer, opened(trainer, asked), "draft", {"comment": "Calm so far", "level": "3"})
    assert "Your draft is saved. Only you see it." in saved.text
    again = opened(trainer, asked)
    sent = again.filled(again.form("/submit"), {})
    assert (sent["comment"], sent["level"], sent["revision"]) == (["Calm so far"], ["3"], ["1"])
    assert asked.status is AssessmentStatus.REQUESTED
    assert not asked.comment


def test_a_draft_needs_no_level_and_is_gone_once_it_is_given(
    session: Session, trainer: Browser, asked: Assessment
) -> None:
    press(trainer, opened(trainer, asked), "draft", {"comment": "Calm so far"})
    trainer.send(opened(trainer, asked), {"level": "3"}, action="/submit")
    assert (asked.level_code, asked.comment) == ("3", "Calm so far")
    assert session.scalar(select(func.count()).select_from(AnswerDraft)) == 0


def test_the_draft_of_one_assessor_is_seen_by_nobody_else(
    ward: Ward, client_of: ClientOf, trainer: Browser, asked: Assessment
) -> None:
    press(trainer, opened(trainer, asked), "draft", {"comment": "Only mine to read"})
    for person in (ward.trainee, ward.second_trainer, ward.lead, ward.auditor):
        browser = client_of(person)
        for path in (f"/assessments/{asked.id}", f"/activities/{asked.activity_id}"):
            assert "Only mine to read" not in browser.get(path).source


def test_a_script_is_told_the_revision_and_when(trainer: Browser, asked: Assessment) -> None:
    page = opened(trainer, asked)
    data = page.filled(page.form("/submit"), {"comment": "Typing"})
    answer = trainer.client.post(
        f"/assessments/{asked.id}/draft", data=data, headers={"Accept": "application/json", "Accept-Language": "en"}
    )
    assert answer.get_json() == {"message": "Saved at 10:30", "revision": 1}
    stale = trainer.client.post(
        f"/assessments/{asked.id}/draft",
        data=data | {"comment": "Typed elsewhere"},
        headers={"Accept": "application/json", "Accept-Language": "en"},
    )
    assert stale.status_code == 409
    assert stale.get_json()["url"].endswith("/submit")


def test_two_tabs_show_both_texts_before_anything_is_saved_over(
    session: Session, trainer: Browser, asked: Assessment
) -> None:
    first, second = opened(trainer, asked), opened(trainer, asked)
    press(trainer, first, "draft", {"comment": "From the first tab"})
    both = press(trainer, second, "draft", {"comment": "From the second tab"}, status=409)
    assert "From the first tab" in both.text
    assert "From the second tab" in both.text
    press(trainer, both, "draft", {"comment": "From the first tab. From the second tab"})
    assert session.scalars(select(AnswerDraft.typed["comment"].as_string())).one() == (
        "From the first tab. From the second tab"
    )


def test_giving_it_in_one_tab_does_not_lose_what_another_tab_saved(trainer: Browser, asked: Assessment) -> None:
    first, second = opened(trainer, asked), opened(trainer, asked)
    press(trainer, first, "draft", {"comment": "Saved in the first tab"})
    both = trainer.send(second, {"level": "2", "comment": "Typed in the second"}, action="/submit", status=409)
    assert "Saved in the first tab" in both.text
    assert asked.status is AssessmentStatus.REQUESTED
    trainer.send(both, {"comment": "Saved in the first tab; typed in the second"}, action="/submit")
    assert asked.comment == "Saved in the first tab; typed in the second"


def test_the_same_answer_sent_twice_is_given_once(session: Session, trainer: Browser, asked: Assessment) -> None:
    page = opened(trainer, asked)
    for _tap in range(2):
        queue = trainer.send(page, {"level": "3", "comment": "Calm and careful"}, action="/submit")
        assert "is given." in queue.text
    given = select(func.count()).where(AuditEntry.action == "assessment.submitted")
    assert session.scalar(given) == 1


def test_another_answer_after_the_first_is_refused_and_its_words_kept(trainer: Browser, asked: Assessment) -> None:
    page = opened(trainer, asked)
    trainer.send(page, {"level": "3", "comment": "The first words"}, action="/submit")
    refused = trainer.send(page, {"level": "4", "comment": "Quite other words"}, action="/submit", status=409)
    assert "Quite other words" in refused.text
    assert (asked.level_code, asked.comment) == ("3", "The first words")


@pytest.mark.parametrize("button", ["draft", "not-observed"])
def test_what_seems_about_a_patient_is_saved_nowhere(
    session: Session, trainer: Browser, asked: Assessment, button: str
) -> None:
    refused = press(trainer, opened(trainer, asked), button, {"comment": NUMBER_AND_NAME}, status=422)
    assert "This is not about a patient" in refused.text
    assert session.scalar(select(func.count()).select_from(AnswerDraft)) == 0
    assert asked.status is AssessmentStatus.REQUESTED


def test_not_observed_closes_the_request_and_counts_nowhere(
    session: Session, ward: Ward, client_of: ClientOf, trainer: Browser, asked: Assessment
) -> None:
    queue = press(trainer, opened(trainer, asked), "not-observed", {})
    assert "you did not see it" in queue.text
    assert (asked.status, asked.level_code, asked.comment) == (AssessmentStatus.NOT_OBSERVED, None, "")
    row = standings_of(session, [ward.enrolment.id])[ward.enrolment.id, asked.epa_id]
    assert (row.rating_count, row.waiting_count) == (0, 0)
    told = select(Notice.reader_id).where(Notice.kind == NoticeKind.ASSESSMENT_NOT_OBSERVED)
    assert session.scalars(told).all() == [ward.trainee.id]
    assert "Not observed" in client_of(ward.trainee).get(f"/assessments/{asked.id}").text
    assert "Not observed" in trainer.get("/assessments/given").text


def test_the_same_can_be_asked_again_after_not_observed(session: Session, ward: Ward, trainer: Browser) -> None:
    activity = log_activity(session, ward)
    asked = ask_for(session, ward, activity)
    press(trainer, opened(trainer, asked), "not-observed", {"comment": "I was at another ward"})
    assert asked.comment == "I was at another ward"
    session.refresh(activity, ["epas"])
    assert ask_for(session, ward, activity).id != asked.id


def test_a_draft_goes_with_its_request(session: Session, ward: Ward, asked: Assessment) -> None:
    other = ask_for(session, ward, log_activity(session, ward))
    for one in (asked, other):
        drafts.save(session, one, {"comment": "Half a"}, seen=0, by=ward.trainer, at=NOW)
    decline(session, asked, reason="Not mine", seen=seen_version(asked), by=ward.trainer, at=NOW)
    withdraw(session, other, by=ward.trainee, at=NOW)
    assert session.scalar(select(func.count()).select_from(AnswerDraft)) == 0
    with pytest.raises(RuleBroken, match="assessment_step"):
        drafts.save(session, asked, {"comment": "Half a sentence"}, seen=1, by=ward.trainer, at=NOW)


def test_nobody_saves_a_draft_for_somebody_else(session: Session, ward: Ward, asked: Assessment) -> None:
    with pytest.raises(RuleBroken, match="not_the_assessor"):
        drafts.save(session, asked, {"comment": "Not mine"}, seen=0, by=ward.second_trainer, at=NOW)


def test_the_rater_is_coached_and_reads_the_same_marks_afterwards(
    ward: Ward, client_of: ClientOf, trainer: Browser, asked: Assessment
) -> None:
    page = opened(trainer, asked)
    assert "A comment that helps says:" in page.text
    said = "You checked the pump late. Next time check it before you start."
    trainer.send(page, {"level": "3", "comment": said}, action="/submit")
    read = trainer.get(f"/assessments/{asked.id}")
    assert read.text.count("(found)") == 3
    assert "(found)" not in client_of(ward.trainee).get(f"/assessments/{asked.id}").text


def test_the_rating_page_and_its_answers_take_few_statements(
    trainer: Browser, asked: Assessment, statements: list[str]
) -> None:
    page = opened(trainer, asked)
    assert len(statements) <= 6
    statements.clear()
    press(trainer, page, "draft", {"comment": "Calm"})
    assert len(statements) <= 16


@pytest.mark.parametrize("_round", range(3))
def test_two_devices_at_once_give_one_answer_and_lose_no_words(own_database: Flask, _round: int) -> None:
    with own_database.app_context(), db.transaction() as session:
        ward = Ward(session)
        asked = ask_for(session, ward, log_activity(session, ward, performed_on=TODAY - timedelta(days=1)))
        asked_id, trainer_id = asked.id, ward.trainer.id
    start = Barrier(4)
    with ThreadPoolExecutor(4) as pool:
        attempts = [pool.submit(save_at, own_database, start, asked_id, trainer_id, number) for number in range(4)]
    saved = [attempt.result() for attempt in attempts]
    assert sorted(saved, key=str) == [1, None, None, None]
    with own_database.app_context():
        kept = db.session().scalars(select(AnswerDraft)).one()
        assert kept.typed["comment"] == f"Words of device {saved.index(1)}"


def test_giving_it_on_two_devices_at_once_gives_one_rating_and_keeps_the_words_of_the_other(
    own_database: Flask,
) -> None:
    with own_database.app_context(), db.transaction() as session:
        ward = Ward(session)
        asked = ask_for(session, ward, log_activity(session, ward, performed_on=TODAY - timedelta(days=1)))
        asked_id, trainer_id, enrolment_id = asked.id, ward.trainer.id, ward.enrolment.id
    start = Barrier(3)
    with ThreadPoolExecutor(3) as pool:
        giving = [pool.submit(give_at, own_database, start, asked_id, trainer_id, code) for code in ("2", "4")]
        saving = pool.submit(save_at, own_database, start, asked_id, trainer_id, 7)
    given, saved = [one.result() for one in giving], saving.result()
    with own_database.app_context():
        session = db.session()
        row = session.get_one(Assessment, asked_id)
        drafted = session.scalars(select(AnswerDraft)).all()
        assert sum(given) == (row.status is AssessmentStatus.SUBMITTED)
        assert bool(drafted) == (row.status is AssessmentStatus.REQUESTED)
        assert saved is not None or row.status is AssessmentStatus.SUBMITTED
        entries = select(func.count()).where(AuditEntry.action == "assessment.submitted")
        assert session.scalar(entries) == sum(given)
        ((_pair, standing),) = standings_of(session, [enrolment_id]).items()
        assert standing.rating_count == sum(given)


def give_at(app: Flask, start: Barrier, asked_id: UUID, trainer_id: UUID, code: str) -> bool:
    """Give that level once all are ready; return whether it was in time and no words stood elsewhere."""
    with app.app_context():
        session = db.session()
        asked = one_visible(session, duties_of(trainer_id, on=TODAY), asked_id)
        assert asked is not None
        scale, trainer = rating_scale(asked), session.get_one(User, trainer_id)
        assert scale is not None
        answer, seen = Answer(level=scale.level(code), comment=f"Level {code}"), seen_version(asked)
        start.wait(timeout=30)
        try:
            with db.transaction() as writing:
                submit(writing, asked, answer, seen=seen, by=trainer, at=NOW)
                drafts.close(writing, asked, by=trainer, seen=0, sent={"comment": answer.comment})
        except (RuleBroken, StaleDataError):
            return False
        return True


def save_at(app: Flask, start: Barrier, asked_id: UUID, trainer_id: UUID, number: int) -> int | None:
    """Save once all are ready; return the revision, or None for who has to choose between two texts."""
    with app.app_context():
        session = db.session()
        asked, trainer = session.get_one(Assessment, asked_id), session.get_one(User, trainer_id)
        start.wait(timeout=30)
        try:
            with db.transaction() as writing:
                words = {"comment": f"Words of device {number}"}
                return drafts.save(writing, asked, words, seen=0, by=trainer, at=NOW)
        except RuleBroken:
            return None
