"""What a device is told that sends a form by itself: once is once, and never for another person."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.accounts.models import User, UserSession
from lms.assessments.models import Assessment
from lms.core import clock
from lms.core.audit import AuditEntry
from lms.logbook.models import Activity
from tests.assessments.requests import ask_for
from tests.factories import Ward, epa_of
from tests.logbook.activities import log_activity
from tests.pages import Browser, Page

ClientOf = Callable[[User | None], Browser]
Told = tuple[int, dict[str, Any]]


@pytest.fixture
def ward(session: Session) -> Ward:
    return Ward(session)


@pytest.fixture
def trainee(ward: Ward, client_of: ClientOf) -> Browser:
    return client_of(ward.trainee)


@pytest.fixture
def trainer(ward: Ward, client_of: ClientOf) -> Browser:
    return client_of(ward.trainer)


def sent(browser: Browser, page: Page, typed: dict[str, str | list[str]], **headers: str) -> Told:
    """Send the form of a page as a script does, and return what it is told."""
    form = page.form()
    values = page.filled(form, typed)
    asking = {"Accept": "application/json", **{name.replace("_", "-"): said for name, said in headers.items()}}
    answer = browser.answered("POST", form.get("action") or page.path, data=values, headers=asking)
    assert answer.json is not None, answer.text
    return answer.status_code, answer.json


def activity(session: Session, note: str = "Changed a dressing") -> dict[str, str | list[str]]:
    return {"note": note, "kind": "procedure", "epas": [str(epa_of(session, "onc-k2").id)]}


def notes(session: Session) -> list[str]:
    return sorted(session.scalars(select(Activity.note)))


def times(session: Session, action: str) -> int:
    return session.scalar(select(func.count()).where(AuditEntry.action == action)) or 0


def test_an_activity_that_is_sent_again_is_logged_once_and_told_the_same(session: Session, trainee: Browser) -> None:
    form = trainee.get("/activities/new")
    first, again = (sent(trainee, form, activity(session)) for _time in range(2))
    assert first == again
    assert first[0] == 200
    assert (first[1]["state"], first[1]["message"]) == ("done", "The activity is logged.")
    assert first[1]["url"].endswith("/ask")
    assert notes(session) == ["Changed a dressing"]
    assert times(session, "activity.logged") == 1
    assert "The activity is logged." not in trainee.get("/activities").text


def test_whoever_goes_on_to_the_page_reads_there_that_it_is_done(session: Session, trainee: Browser) -> None:
    _status, told = sent(trainee, trainee.get("/activities/new"), activity(session), Bekwaam_Goes_On="1")
    assert "The activity is logged." in trainee.get(told["url"]).text


def test_another_activity_under_the_same_key_is_a_conflict_that_shows_both(session: Session, trainee: Browser) -> None:
    form = trainee.get("/activities/new")
    sent(trainee, form, activity(session))
    status, told = sent(trainee, form, activity(session, "Changed two dressings"))
    assert (status, told["state"]) == (409, "conflict")
    assert ["What you did, in one line", "Changed a dressing"] in told["standing"]
    assert 'value="Changed two dressings"' in told["page"]
    assert notes(session) == ["Changed a dressing"]


def test_the_key_of_somebody_else_shows_nothing_of_theirs(
    session: Session, ward: Ward, trainee: Browser, client_of: ClientOf
) -> None:
    form = trainee.get("/activities/new")
    sent(trainee, form, activity(session))
    other = client_of(ward.fellow(session))
    taken = {"key": form.hidden("key"), **activity(session, "Mine")}
    status, told = sent(other, other.get("/activities/new"), taken)
    assert (status, told["state"], told["standing"]) == (409, "conflict", [])
    assert "Changed a dressing" not in told["page"]


def test_a_refusal_says_which_fields_and_brings_the_form_with_what_was_typed(
    session: Session, trainee: Browser
) -> None:
    status, told = sent(trainee, trainee.get("/activities/new"), activity(session) | {"note": " ", "quantity": "0"})
    assert (status, told["state"]) == (422, "refused")
    assert "What you did, in one line: Fill this in." in told["reasons"]
    assert "Number of times: Use a number from 1 to 999." in told["reasons"]
    assert 'value="0"' in told["page"]
    assert not notes(session)


def test_what_seems_about_a_patient_is_shown_and_can_be_overruled(session: Session, trainee: Browser) -> None:
    form = trainee.get("/activities/new")
    status, told = sent(trainee, form, activity(session, "Infuus bij 111222333"))
    assert (status, told["state"]) == (422, "refused")
    assert "111222333" in " ".join(told["reasons"])
    assert "not_about_a_patient" in told["page"]
    assert not notes(session)


def test_a_series_is_sent_once_as_well(session: Session, trainee: Browser) -> None:
    form = trainee.get("/activities/series")
    epa = epa_of(session, "onc-k2")
    for _time in range(2):
        status, told = sent(trainee, form, {f"times_{epa.id.hex}": "6", "note": "Spirometrie"})
        assert (status, told["message"]) == (200, "1 activity is logged: 6 times in all.")
    assert notes(session) == ["Spirometrie"]


def asked(session: Session, ward: Ward) -> Assessment:
    return ask_for(session, ward, log_activity(session, ward))


def test_a_rating_that_is_sent_again_is_given_once_and_told_the_same(
    session: Session, ward: Ward, trainer: Browser
) -> None:
    one = asked(session, ward)
    form = trainer.get(f"/assessments/{one.id}/submit")
    typed: dict[str, str | list[str]] = {"level": "3", "comment": " Calm and complete "}
    first, again = (sent(trainer, form, typed) for _time in range(2))
    assert first == again
    assert (first[0], first[1]["state"], first[1]["url"]) == (200, "done", "/assessments")
    assert (one.level_code, one.comment) == ("3", "Calm and complete")
    assert times(session, "assessment.submitted") == 1


def test_another_rating_of_the_same_request_is_a_conflict_that_shows_both(
    session: Session, ward: Ward, trainer: Browser
) -> None:
    one = asked(session, ward)
    form = trainer.get(f"/assessments/{one.id}/submit")
    sent(trainer, form, {"level": "3", "comment": "Calm"})
    status, told = sent(trainer, form, {"level": "4", "comment": "Calm"})
    assert (status, told["state"]) == (409, "conflict")
    assert told["reasons"] == ["You answered this before, and that answer stays. What you typed now is not stored."]
    assert ["Comment", "Calm"] in told["standing"]
    assert one.level_code == "3"


def test_a_double_tap_gives_a_rating_once_and_both_taps_arrive(session: Session, ward: Ward, trainer: Browser) -> None:
    form = trainer.get(f"/assessments/{asked(session, ward).id}/submit")
    for _tap in range(2):
        assert "is given." in trainer.send(form, {"level": "3", "comment": "Calm"}).text
    assert "You answered this before" in trainer.send(form, {"level": "4"}, status=409).text


def test_an_activity_that_changed_meanwhile_is_shown_as_it_is_now(
    session: Session, ward: Ward, trainer: Browser
) -> None:
    one = asked(session, ward)
    form = trainer.get(f"/assessments/{one.id}/submit")
    session.get_one(Activity, one.activity_id).note = "Placed two infusions"
    status, told = sent(trainer, form, {"level": "3"})
    assert (status, told["state"]) == (409, "conflict")
    assert "Placed two infusions" in told["page"]
    assert one.level_code is None


def test_a_request_that_was_taken_back_is_a_conflict_with_its_reason(
    session: Session, ward: Ward, trainer: Browser, trainee: Browser
) -> None:
    one = asked(session, ward)
    form = trainer.get(f"/assessments/{one.id}/submit")
    trainee.post(f"/assessments/{one.id}/withdraw")
    status, told = sent(trainer, form, {"level": "3"})
    assert (status, told["state"]) == (409, "conflict")
    assert "already" in told["reasons"][0]


def test_a_device_learns_for_whom_it_sends_and_each_person_has_a_key_of_their_own(
    ward: Ward, trainee: Browser, trainer: Browser, client_of: ClientOf
) -> None:
    told = {browser: browser.raw("/device/account").json for browser in (trainee, trainer, client_of(ward.trainee))}
    first, other, elsewhere = told.values()
    assert first is not None
    assert other is not None
    assert elsewhere is not None
    assert first["account"] == str(ward.trainee.id)
    assert first["key"] == elsewhere["key"] != other["key"]
    assert len(bytes.fromhex(first["key"])) == 32


def test_nothing_is_sent_for_another_person(session: Session, ward: Ward, trainee: Browser) -> None:
    form, colleague = trainee.get("/activities/new"), str(ward.trainer.id)
    assert sent(trainee, form, activity(session), Bekwaam_Account=colleague) == (401, {"state": "sign_in"})
    assert not notes(session)
    assert sent(trainee, form, activity(session), Bekwaam_Account=str(ward.trainee.id))[0] == 200


def test_a_session_that_ended_asks_to_sign_in_and_stores_nothing(
    session: Session, ward: Ward, trainee: Browser
) -> None:
    form = trainee.get("/activities/new")
    for opened in session.scalars(select(UserSession).where(UserSession.user_id == ward.trainee.id)):
        opened.revoked_at = clock.now()
    session.flush()
    assert sent(trainee, form, activity(session)) == (401, {"state": "sign_in"})
    assert trainee.answered("GET", "/device/account", headers={"Accept": "application/json"}).status_code == 401
    assert not notes(session)


def test_an_old_token_is_said_to_be_one(session: Session, trainee: Browser) -> None:
    form = trainee.get("/activities/new")
    status, told = sent(trainee, form, activity(session) | {"csrf_token": "old"})
    assert (status, told["state"]) == (400, "token")
    assert not notes(session)


@pytest.mark.parametrize(("path", "status"), [("/nothing-here", 404), ("/account", 405)])
def test_what_cannot_be_sent_is_refused_in_words(trainee: Browser, path: str, status: int) -> None:
    answer = trainee.answered(
        "POST", path, data={"csrf_token": trainee.token()}, headers={"Accept": "application/json"}
    )
    assert answer.status_code == status
    assert answer.json is not None
    assert answer.json["state"] == "refused"
    assert "<h1>" in answer.json["page"]
