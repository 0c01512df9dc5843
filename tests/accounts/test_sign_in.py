"""Signing in, staying signed in, and being thrown out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from lms.accounts import actions
from lms.accounts.models import User
from lms.accounts.passwords import hash_of
from lms.accounts.queries import live_sessions
from lms.core import clock
from lms.settings import Mode
from tests.factories import NOW, Ward, make_user
from tests.pages import Browser

ClientOf = Callable[[User | None], Browser]
PASSWORD = "a long enough password"


@pytest.fixture
def person(session: Session) -> User:
    user = make_user(session, email="Person@Example.org")
    user.password_hash = hash_of(PASSWORD)
    session.flush()
    return user


def attempt(browser: Browser, password: str, *, status: int = 200, email: str = "person@example.org") -> str:
    page = browser.get("/sign-in")
    return browser.send(page, {"email": email, "password": password}, status=status).text


def test_the_password_opens_the_account_however_the_address_is_capitalised(client_of: ClientOf, person: User) -> None:
    browser = client_of(None)
    attempt(browser, PASSWORD)
    assert person.name in browser.get("/account").text


def test_after_signing_in_one_goes_on_to_the_page_that_was_asked_for(client_of: ClientOf, person: User) -> None:
    browser = client_of(None)
    page = browser.get("/account")
    assert page.path == "/sign-in"
    assert browser.send(page, {"email": person.email, "password": PASSWORD}).path == "/account"


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/%09/evil.example", "//["],
)
def test_signing_in_never_leads_to_another_site(client_of: ClientOf, person: User, elsewhere: str) -> None:
    browser = client_of(None)
    page = browser.get(f"/sign-in?next={elsewhere}")
    assert browser.send(page, {"email": person.email, "password": PASSWORD}).path == "/"


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client_of: ClientOf, person: User) -> None:
    browser = client_of(None)
    wrong = attempt(browser, "not the password", status=422)
    unknown = attempt(browser, "not the password", status=422, email="nobody@example.org")
    assert "do not belong together" in wrong
    assert "do not belong together" in unknown


def test_a_field_that_is_left_empty_is_said(client_of: ClientOf) -> None:
    assert "Fill this in." in attempt(client_of(None), "", status=422)


def test_what_was_typed_stays_after_a_wrong_password(client_of: ClientOf, person: User) -> None:
    browser = client_of(None)
    page = browser.send(browser.get("/sign-in"), {"email": person.email, "password": "wrong"}, status=422)
    assert f'value="{person.email}"' in page.source


def test_ten_failures_close_the_account_for_a_while_even_with_the_right_password(
    client_of: ClientOf, person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = client_of(None)
    for _ in range(10):
        attempt(browser, "wrong", status=422)
    attempt(browser, PASSWORD, status=429)
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(minutes=16))
    attempt(browser, PASSWORD)


def test_a_hundred_failures_from_one_address_close_that_address(
    client_of: ClientOf, person: User, session: Session
) -> None:
    for number in range(100):
        actions.note_attempt(session, email=f"{number}@example.org", address="127.0.0.1", succeeded=False, at=NOW)
    session.commit()
    attempt(client_of(None), PASSWORD, status=429)


def test_a_disabled_account_opens_for_nobody(client_of: ClientOf, person: User, session: Session) -> None:
    browser = client_of(None)
    attempt(browser, PASSWORD)
    person.disabled_at = NOW
    session.commit()
    assert browser.get("/account").path == "/sign-in"
    attempt(client_of(None), PASSWORD, status=422)


def test_production_refuses_demonstration_people_and_their_password(
    app: Flask, client_of: ClientOf, person: User, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "BEKWAAM", replace(app.config["BEKWAAM"], mode=Mode.PRODUCTION))
    person.demo = True
    session.commit()
    attempt(client_of(None), PASSWORD, status=422)
    person.demo = False
    person.password_hash = hash_of("bekwaam-demo")
    session.commit()
    attempt(client_of(None), "bekwaam-demo", status=422)


def test_signing_out_ends_the_session_row_and_not_only_the_cookie(
    client_of: ClientOf, session: Session, person: User
) -> None:
    browser = client_of(person)
    stolen = browser.client.get_cookie("bekwaam")
    assert stolen
    browser.post("/sign-out")
    assert not live_sessions(session, person, at=NOW)
    browser.client.set_cookie("bekwaam", stolen.value)
    assert browser.get("/account").path == "/sign-in"


def test_signing_out_everywhere_ends_the_other_devices_too(client_of: ClientOf, person: User) -> None:
    here, there = client_of(person), client_of(person)
    here.post("/account/sign-out-everywhere")
    assert there.get("/account").path == "/sign-in"


def test_one_device_can_be_signed_out_and_only_ones_own(client_of: ClientOf, session: Session, person: User) -> None:
    here, there = client_of(person), client_of(person)
    stranger = client_of(make_user(session))
    target = live_sessions(session, person, at=NOW)
    stranger.post(f"/account/sessions/{target[0].id}/revoke", status=404)
    for opened in target:
        if f"/account/sessions/{opened.id}/revoke" in here.get("/account").source:
            here.post(f"/account/sessions/{opened.id}/revoke")
    assert there.get("/account").path == "/sign-in"
    assert here.get("/account").path == "/account"


def test_a_session_ends_by_itself_after_a_long_shift(
    client_of: ClientOf, person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = client_of(person)
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(hours=14, seconds=1))
    assert browser.get("/account").path == "/sign-in"


def test_a_new_password_needs_the_present_one_and_signs_other_devices_out(client_of: ClientOf, person: User) -> None:
    here, there = client_of(person), client_of(person)
    new = {"new": "another long password", "again": "another long password"}
    page = here.get("/account")
    refused = here.send(page, {"present": "wrong", **new}, action="/account/password", status=422)
    assert "not your present password" in refused.text
    here.send(page, {"present": PASSWORD, **new}, action="/account/password")
    assert here.get("/account").path == "/account"
    assert there.get("/account").path == "/sign-in"


def test_the_language_is_remembered_with_the_account(client_of: ClientOf, session: Session) -> None:
    ward = Ward(session)
    browser = client_of(ward.trainee)
    browser.post("/language", {"language": "nl", "next": "/account"})
    assert browser.get("/account").tree.get("lang") == "nl"
    assert client_of(ward.trainee).get("/account").tree.get("lang") == "nl"
    assert ward.trainee.language == "nl"


def test_a_language_that_was_chosen_outside_stays_inside_and_after_leaving(client_of: ClientOf, person: User) -> None:
    person.language = None
    browser = client_of(None)
    browser.post("/language", {"language": "nl", "next": "/sign-in"})
    inside = browser.send(browser.get("/sign-in"), {"email": person.email, "password": PASSWORD})
    assert inside.path == "/"
    assert inside.tree.get("lang") == "nl"
    assert browser.post("/sign-out").tree.get("lang") == "nl"


def test_a_form_left_open_still_posts_but_not_from_another_session(client_of: ClientOf, person: User) -> None:
    browser = client_of(person)
    token = browser.token()
    other = client_of(person)
    refused = other.send_raw("/account/sign-out-everywhere", {"csrf_token": token}, token=False)
    assert refused.status_code == 400


def test_a_password_that_somebody_else_saw_opens_nothing_but_the_choice_of_ones_own(
    client_of: ClientOf, person: User, session: Session
) -> None:
    person.password_is_first = True
    session.commit()
    browser = client_of(None)
    attempt(browser, PASSWORD)
    for path in ("/", "/activities", "/cohorts", "/organisations"):
        assert browser.get(path).path == "/account"
    own = {"present": PASSWORD, "new": "a password of my own", "again": "a password of my own"}
    browser.send(browser.get("/account"), own, action="/account/password")
    assert browser.get("/").path == "/"
