"""The pages on concerns: who reads them, what may be added when, and that nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from competencies.people import Role
from lms.accounts.models import User
from lms.cohorts.models import EnrolmentTrainer
from lms.concerns import queries
from lms.concerns.actions import remind
from lms.concerns.models import Concern
from lms.core.audit import trail_of
from lms.notices.models import NoticeKind
from lms.organisations.permissions import duties_of
from tests.concerns.concerns import TOLD, noted, talk, talked_over
from tests.factories import NOW, TODAY, Ward, person_with
from tests.notices.told import told
from tests.pages import Browser

ClientOf = Callable[[User | None], Browser]


@pytest.fixture
def ward(session: Session) -> Ward:
    return Ward(session)


def path(ward: Ward, then: str = "") -> str:
    return f"/enrolments/{ward.enrolment.id}/concerns{then}"


def test_a_trainer_is_told_who_reads_it_and_then_writes(
    session: Session, ward: Ward, client_of: ClientOf, today: object
) -> None:
    mine = client_of(ward.trainer)
    assert "None yet." in mine.get(path(ward)).text
    form = mine.get(path(ward, "/new"))
    for reader in (ward.trainer, ward.second_trainer, ward.lead):
        assert reader.name in form.text
    for other in (ward.committee_member, ward.administrator, ward.auditor):
        assert other.name not in form.text
    page = mine.send(form, TOLD | {"factors": ["reliability"]})
    assert "Talk with the trainee by" in page.text
    assert "Reliability" in page.text
    assert "The trainee does not read this yet." in page.text
    assert mine.send(form, TOLD | {"factors": ["reliability"]}).path == page.path
    assert [kind for kind, *_rest in told(session, ward.lead)] == [NoticeKind.CONCERN_WRITTEN]
    assert [kind for kind, *_rest in told(session, ward.second_trainer)] == [NoticeKind.CONCERN_WRITTEN]
    assert told(session, ward.trainee) == []
    assert "Written down" in mine.get("/concerns").text
    assert mine.get(f"/enrolments/{ward.enrolment.id}").source.count(path(ward)) == 1


def test_an_empty_form_and_one_about_a_patient_keep_what_was_typed(
    ward: Ward, client_of: ClientOf, today: object
) -> None:
    mine = client_of(ward.lead)
    form = mine.get(path(ward, "/new"))
    refused = mine.send(form, {"said": "Kept as typed."}, status=422)
    assert refused.source.count("Fill this in.") >= 2
    assert "Kept as typed." in refused.source
    about = mine.send(form, TOLD | {"seen": "Meneer De Vries, geboren 03-04-1951, wachtte."}, status=422)
    assert "nobody can tell who the patient was" in about.text
    ahead = mine.send(form, TOLD | {"seen_on": (TODAY + timedelta(days=1)).isoformat()}, status=422)
    assert "This day is still to come." in ahead.text


def test_a_talk_shows_the_trainee_what_was_agreed_and_the_text_only_where_it_is_shared(
    session: Session, ward: Ward, client_of: ClientOf, today: object
) -> None:
    concern, mine, theirs = noted(session, ward), client_of(ward.second_trainer), client_of(ward.trainee)
    theirs.get(f"/concerns/{concern.id}", status=404)
    form = mine.get(f"/concerns/{concern.id}/steps/talked")
    agreed = {"text": "A week together.", "due_on": (TODAY + timedelta(days=7)).isoformat(), "shares": None}
    assert "the trainee does not read this" not in mine.send(form, agreed).text
    page = theirs.get(f"/concerns/{concern.id}")
    assert "A week together." in page.text
    assert TOLD["seen"] not in page.text
    assert "The text itself is not shared with you here." in page.text
    assert "Talked over with you" in theirs.get("/concerns").text
    assert [kind for kind, *_rest in told(session, ward.trainee)] == [NoticeKind.CONCERN_TALKED]
    talk(session, ward, session.get_one(Concern, concern.id))
    assert TOLD["seen"] in theirs.get(f"/concerns/{concern.id}").text


def test_a_correction_of_a_text_that_is_not_shared_is_not_for_the_trainee_and_each_form_says_who_reads_it(
    session: Session, ward: Ward, client_of: ClientOf, today: object
) -> None:
    concern, mine, theirs = talked_over(session, ward, shares=False), client_of(ward.lead), client_of(ward.trainee)
    steps = f"/concerns/{concern.id}/steps"
    form = mine.get(f"{steps}/corrected")
    assert "The trainee does not read it until" in form.text
    assert "the trainee does not read this" in mine.send(form, {"text": "It rang three times."}).text
    assert "It rang three times." not in theirs.get(f"/concerns/{concern.id}").text
    assert "Those who guide this trainee, and the trainee." in mine.get(f"{steps}/followed-up").text
    again = mine.get(f"{steps}/talked")
    assert "and what was added to it: Correction (20 Nov 2026)" in again.text
    mine.send(again, {"text": "All is shared.", "due_on": TODAY.isoformat()})
    assert "It rang three times." in theirs.get(f"/concerns/{concern.id}").text
    assert 'name="shares"' not in mine.get(f"{steps}/talked").source


def test_two_who_add_at_once_lose_no_text(session: Session, ward: Ward, client_of: ClientOf, today: object) -> None:
    concern, mine = talked_over(session, ward), client_of(ward.lead)
    form = mine.get(f"/concerns/{concern.id}/steps/closed")
    mine.send(mine.get(f"/concerns/{concern.id}/steps/followed-up"), {"text": "Three shifts went well."})
    late = mine.send(form, {"text": "Nothing more is needed."}, status=409)
    assert "Nothing more is needed." in late.source
    closed = mine.send(late)
    assert "Three shifts went well." in closed.text
    assert "Follow-up" not in closed.text.partition("What you can add")[2]
    again = mine.post(f"/concerns/{concern.id}/steps/closed", {"text": "Twice.", "seen": "3"}, status=409)
    assert "this step no longer fits" in again.text


def test_who_guides_no_longer_reads_no_longer_and_another_lead_never_does(
    session: Session, ward: Ward, client_of: ClientOf, today: object
) -> None:
    concern = noted(session, ward)
    other = person_with(session, Role.PROGRAMME_LEAD, ward.organisation)
    client_of(other).get(f"/concerns/{concern.id}", status=404)
    mine = client_of(ward.trainer)
    mine.get(f"/concerns/{concern.id}")
    guidance = session.query(EnrolmentTrainer).filter_by(trainer_id=ward.trainer.id).one()
    guidance.ends_on = TODAY - timedelta(days=1)
    session.flush()
    mine.get(f"/concerns/{concern.id}", status=404)
    assert queries.readers_of(session, ward.enrolment, on=TODAY) == [ward.second_trainer, ward.lead]


def test_a_late_step_is_brought_to_mind_once(session: Session, ward: Ward) -> None:
    noted(session, ward)
    for days in (7, 8, 9):
        remind(session, at=NOW + timedelta(days=days))
    kinds = [kind for kind, *_rest in told(session, ward.trainer)]
    assert kinds == [NoticeKind.CONCERN_OVERDUE]


def test_after_the_next_step_it_is_brought_to_mind_again(session: Session, ward: Ward) -> None:
    concern = noted(session, ward)
    remind(session, at=NOW + timedelta(days=8))
    talk(session, ward, concern, at=NOW + timedelta(days=9))
    for days in (13, 30, 31):
        remind(session, at=NOW + timedelta(days=days))
    late = [unread for kind, _about, _by, unread in told(session, ward.lead) if kind is NoticeKind.CONCERN_OVERDUE]
    assert late == [False, True]


def test_the_record_says_that_and_never_what(session: Session, ward: Ward) -> None:
    concern = talked_over(session, ward)
    entries = trail_of(session, target=concern.id)
    assert [(one.action, one.facts) for one in entries] == [("concern.noted", {}), ("concern.talked", {})]


def test_the_database_refuses_to_change_or_remove_one(session: Session, ward: Ward) -> None:
    talked_over(session, ward)
    for change in ("UPDATE concerns SET seen = 'x'", "DELETE FROM concern_entries"):
        with pytest.raises(DBAPIError, match="append-only"), session.begin_nested():
            session.execute(text(change))


def test_the_list_takes_as_many_statements_for_ten_as_for_one(
    session: Session, ward: Ward, statements: list[str]
) -> None:
    duties = duties_of(ward.trainer.id, on=TODAY)
    for _number in range(3):
        talked_over(session, ward)
    session.expunge_all()
    statements.clear()
    assert len(queries.concerns_of_guide(session, duties)) == 3
    assert len(statements) == 2
