"""Links under attack: guessed, replayed, expired, withdrawn, forwarded, tampered with, and tried by the hundred."""

from __future__ import annotations

import hashlib
import json
import logging
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterator
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
import structlog
from flask import Flask
from sqlalchemy import inspect, select, text
from sqlalchemy.orm import Session

from competencies.observations import AssessmentStatus
from lms.accounts.models import User
from lms.assessments.actions import withdraw
from lms.assessments.models import Assessment
from lms.assessments.queries import one_in_full
from lms.core import clock
from lms.core.access import gate_of
from lms.core.keys import uuid7
from lms.core.logs import set_up_logs
from lms.invitations.models import Invitation
from lms.invitations.throttle import MOST_ADDRESSES, Throttle
from lms.invitations.tokens import NONCE, Named, Purpose, Tokens
from lms.invitations.values import named
from lms.invitations.views.blueprint import THROTTLE
from lms.logbook.models import Activity
from tests.factories import NOW, Ward
from tests.invitations.invited import EMAIL, WHO, give, invite, last_link, show_code, tokens_of
from tests.logbook.activities import log_activity
from tests.pages import Browser

ClientOf = Callable[[User | None], Browser]
LENGTH = 72


@pytest.fixture(autouse=True)
def throttle(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Throttle:
    """Return a throttle that remembers nothing of other tests."""
    fresh = Throttle(100)
    monkeypatch.setitem(app.extensions, THROTTLE, fresh)
    return fresh


@pytest.fixture
def ward(session: Session) -> Ward:
    return Ward(session)


@pytest.fixture
def activity(session: Session, ward: Ward) -> Activity:
    return log_activity(session, ward)


@pytest.fixture
def outside(client_of: ClientOf) -> Browser:
    return client_of(None)


def nobody_answered(session: Session) -> bool:
    return session.scalar(select(Assessment).where(Assessment.status == AssessmentStatus.SUBMITTED)) is None


@pytest.mark.parametrize("place", range(LENGTH))
def test_a_token_with_any_byte_changed_is_not_ours(place: int) -> None:
    tokens, about = Tokens("a secret"), Named(uuid7(), uuid7())
    whole = bytearray(urlsafe_b64decode(tokens.make(Purpose.ANSWER, about, bytes(NONCE))))
    assert len(whole) == LENGTH
    for change in (1, 0x80, 0xFF):
        changed = bytearray(whole)
        changed[place] ^= change
        assert tokens.read(Purpose.ANSWER, urlsafe_b64encode(changed).decode()) is None


@pytest.mark.parametrize("place", range(0, LENGTH, 9))
def test_a_tampered_link_opens_nothing_and_asks_the_database_nothing(
    app: Flask, session: Session, ward: Ward, activity: Activity, outside: Browser, statements: list[str], place: int
) -> None:
    _made, link = invite(app, session, ward, activity)
    whole = bytearray(urlsafe_b64decode(link.removeprefix("/r/")))
    whole[place] ^= 1
    statements.clear()
    page = outside.get(f"/r/{urlsafe_b64encode(whole).decode()}", status=404)
    assert statements == []
    assert ward.trainee.name not in page.source


def test_a_guessed_link_opens_nothing(outside: Browser, statements: list[str]) -> None:
    statements.clear()
    for _one in range(5):
        outside.get(f"/r/{urlsafe_b64encode(os.urandom(LENGTH)).decode()}", status=404)
    assert statements == []


def test_whoever_has_the_secret_of_the_installation_and_a_key_still_has_to_guess(
    app: Flask, session: Session, ward: Ward, activity: Activity, outside: Browser
) -> None:
    made, _link = invite(app, session, ward, activity)
    sealed = tokens_of(app).make(Purpose.ANSWER, named(made), os.urandom(NONCE))
    outside.get(f"/r/{sealed}", status=404)


def test_a_link_of_another_organisation_or_installation_opens_nothing(
    app: Flask, session: Session, ward: Ward, activity: Activity, outside: Browser
) -> None:
    made, _link = show_code(app, session, ward, activity)
    assert made.nonce is not None
    elsewhere = Named(Ward(session).organisation.id, made.id)
    for tokens, about in ((tokens_of(app), elsewhere), (Tokens("of another installation"), named(made))):
        outside.get(f"/r/{tokens.make(Purpose.ANSWER, about, made.nonce)}", status=404)


def test_a_link_for_one_use_opens_no_other(
    app: Flask, session: Session, ward: Ward, activity: Activity, outside: Browser
) -> None:
    _made, link = invite(app, session, ward, activity)
    outside.get(link.replace("/r/", "/n/"), status=404)
    give(outside, link)
    outside.get(last_link(session).replace("/n/", "/r/"), status=404)


def test_an_answer_cannot_be_sent_again(
    app: Flask, session: Session, ward: Ward, activity: Activity, outside: Browser
) -> None:
    _made, link = invite(app, session, ward, activity)
    page = outside.get(link)
    sent = page.filled(page.form(), {"level": "3"})
    outside.send_raw(link, sent, token=False)
    assert "it is sent" in outside.post(link, sent | {"level": "5"}, token=False).heading
    (given,) = session.scalars(select(Assessment))
    assert given.level_code == "3"


def test_two_that_send_at_once_give_one_answer(
    app: Flask, session: Session, ward: Ward, activity: Activity, outside: Browser, client_of: ClientOf
) -> None:
    _made, link = show_code(app, session, ward, activity)
    other = client_of(None)
    first, second = outside.get(link), other.get(link)
    outside.send(first, {"level": "3", **WHO})
    refused = other.send(second, {"level": "5", **WHO, "email": "b@example.org"}, status=410)
    assert "This link was used" in refused.heading
    assert len(session.scalars(select(Assessment)).all()) == 1


@pytest.mark.parametrize(("kind", "lasts"), [(invite, timedelta(days=14)), (show_code, timedelta(minutes=10))])
def test_a_link_expires_to_the_second(
    app: Flask,
    session: Session,
    ward: Ward,
    activity: Activity,
    outside: Browser,
    monkeypatch: pytest.MonkeyPatch,
    kind: Callable[..., tuple[Invitation, str]],
    lasts: timedelta,
) -> None:
    _made, link = kind(app, session, ward, activity)
    monkeypatch.setattr(clock, "now", lambda: NOW + lasts - timedelta(seconds=1))
    page = outside.get(link)
    monkeypatch.setattr(clock, "now", lambda: NOW + lasts)
    for shut in (outside.get(link, status=410), outside.send(page, {"level": "3", **WHO}, status=410)):
        assert "This link expired" in shut.heading
        assert ward.trainee.name not in shut.source
    assert nobody_answered(session)


def test_a_link_that_was_withdrawn_opens_nothing(
    app: Flask, session: Session, ward: Ward, activity: Activity, outside: Browser, client_of: ClientOf
) -> None:
    sent, link = invite(app, session, ward, activity)
    page = outside.get(link)
    asked = one_in_full(session, sent.assessment_id) if sent.assessment_id else None
    assert asked is not None
    withdraw(session, asked, by=ward.trainee, at=NOW)
    assert "This link was withdrawn" in outside.get(link, status=410).heading
    outside.send(page, {"level": "3"}, status=410)
    code, link = show_code(app, session, ward, activity)
    trainee = client_of(ward.trainee)
    trainee.send(trainee.get(f"/codes/{code.id}"), action=f"/codes/{code.id}/withdraw")
    assert "This link was withdrawn" in outside.get(link, status=410).heading
    assert nobody_answered(session)


def test_a_link_that_was_forwarded_opens_nothing_once_the_first_browser_sent_something(
    app: Flask, session: Session, ward: Ward, activity: Activity, outside: Browser, client_of: ClientOf
) -> None:
    _made, link = invite(app, session, ward, activity)
    other = client_of(None)
    early = other.get(link)
    outside.send(outside.get(link), status=422)
    assert "This link was opened elsewhere" in other.get(link, status=403).heading
    other.send(early, {"level": "5"}, status=403)
    assert "it is sent" in give(outside, link)


def test_whoever_got_the_link_from_somebody_else_needs_one_of_their_own(
    app: Flask, session: Session, ward: Ward, activity: Activity, outside: Browser
) -> None:
    _made, link = invite(app, session, ward, activity)
    refused = give(outside, link, {"email": "somebody.else@example.org"}, status=422)
    assert "Ask the trainee to send you a link of your own." in refused
    assert nobody_answered(session)
    assert "it is sent" in give(outside, link, {"email": EMAIL.upper()})


def test_a_mark_of_another_link_or_of_ones_own_making_is_no_mark(
    app: Flask, session: Session, ward: Ward, activity: Activity, outside: Browser, client_of: ClientOf
) -> None:
    made, link = invite(app, session, ward, activity)
    outside.send(outside.get(link), status=422)
    other = client_of(None)
    for mark in (
        "x" * 96,
        Tokens("of another installation").make(Purpose.BROWSER, named(made), os.urandom(NONCE)),
        tokens_of(app).make(Purpose.BROWSER, named(made), os.urandom(NONCE)),
    ):
        other.client.set_cookie("bekwaam_link", mark, path=link)
        other.get(link, status=403)


def test_the_mark_of_a_browser_is_out_of_reach_of_scripts_other_sites_and_other_pages(
    app: Flask, session: Session, ward: Ward, activity: Activity, outside: Browser
) -> None:
    _made, link = invite(app, session, ward, activity)
    set_cookies = outside.raw(link).headers.getlist("Set-Cookie")
    mark = next(one for one in set_cookies if one.startswith("bekwaam_link="))
    for part in ("HttpOnly", "SameSite=Strict", f"Path={link}"):
        assert part in mark


def test_opening_a_link_writes_nothing(
    app: Flask, session: Session, ward: Ward, activity: Activity, outside: Browser, statements: list[str]
) -> None:
    _made, link = invite(app, session, ward, activity)
    statements.clear()
    outside.get(link)
    assert all(one.startswith("SELECT") for one in statements)


def test_a_link_opens_the_same_for_whoever_is_signed_in(
    app: Flask, session: Session, ward: Ward, activity: Activity, client_of: ClientOf
) -> None:
    _made, link = invite(app, session, ward, activity)
    page = client_of(ward.lead).get(link)
    assert ward.lead.name not in page.source
    assert page.links() == []


def test_the_address_is_told_to_no_other_page_and_to_no_search_engine(
    app: Flask, session: Session, ward: Ward, activity: Activity, outside: Browser
) -> None:
    _made, link = invite(app, session, ward, activity)
    for path in (link, link[:-1] + ("A" if link[-1] != "A" else "B")):
        headers = outside.raw(path).headers
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Cache-Control"] == "no-store"
        assert "noindex" in headers["X-Robots-Tag"]


def test_a_form_from_another_site_answers_nothing_and_binds_nothing(
    app: Flask, session: Session, ward: Ward, activity: Activity, outside: Browser, client_of: ClientOf
) -> None:
    _made, link = invite(app, session, ward, activity)
    forged = outside.send_raw(link, {"level": "3", **WHO}, token=False)
    assert forged.status_code == 400
    assert "it is sent" in give(client_of(None), link)


def test_too_many_wrong_links_from_one_address_are_refused_for_a_while_right_ones_too(
    app: Flask,
    session: Session,
    ward: Ward,
    activity: Activity,
    outside: Browser,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _made, link = invite(app, session, ward, activity)
    monkeypatch.setitem(app.extensions, THROTTLE, Throttle(5))
    for _one in range(5):
        outside.get(f"/r/{urlsafe_b64encode(os.urandom(LENGTH)).decode()}", status=404)
    for path in (f"/n/{urlsafe_b64encode(os.urandom(LENGTH)).decode()}", link):
        assert "Too many tries" in outside.get(path, status=429).heading
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(minutes=15))
    outside.get(link)


def test_the_throttle_counts_each_address_for_itself_and_stays_small() -> None:
    throttle = Throttle(1)
    for number in range(MOST_ADDRESSES + 1):
        throttle.note(f"address {number}", at=NOW)
    assert not throttle.is_over("address 0", at=NOW)
    assert throttle.is_over("address 1", at=NOW)
    assert not throttle.is_over("somebody else", at=NOW)


def test_no_token_is_found_in_any_table_log_metric_or_page_that_is_not_its_own(
    app: Flask,
    session: Session,
    ward: Ward,
    activity: Activity,
    outside: Browser,
    client_of: ClientOf,
    log: StringIO,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    activity_id = activity.id
    made, link = invite(app, session, ward, activity)
    second, code = show_code(app, session, ward, activity)
    give(outside, link)
    receipt = last_link(session)
    page = outside.get(receipt)
    secrets = [one.rpartition("/")[2] for one in (link, code, receipt)]
    shown = [client_of(ward.trainee).get(f"/activities/{activity_id}").source]
    shown += [client_of(ward.trainee).get(f"/codes/{second.id}").source]
    shown += [_failing(app, outside, link, monkeypatch)]
    shown += [outside.get(link[:-1] + ("A" if link[-1] != "A" else "B"), status=404).source]
    figures = outside.client.get("/metrics", headers={"Authorization": "Bearer metrics-token"}).text
    assert "/r/<secret:token>" in figures
    shown += [figures, *_texts(session)]
    outside.send(page)
    assert "/r/<secret:token>" in log.getvalue(), "the requests were logged, and by their route"
    assert "RuntimeError: inside" in log.getvalue(), "so was the failure"
    for secret in secrets:
        kept = [secret, secret[:60], urlsafe_b64decode(secret).hex(), urlsafe_b64decode(secret)[32:56].hex()]
        assert not [one for one in (*shown, log.getvalue()) for part in kept if part in one]
    assert made.token_hash == hashlib.sha256(secrets[0].encode()).digest()


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[StringIO]:
    """Return the log as `set_up_logs` has it written, for one test only."""
    before, chosen, written = structlog.get_config(), dict[str, Any](), StringIO()
    with monkeypatch.context() as patched:
        patched.setattr(structlog, "configure", lambda **options: chosen.update(options))
        patched.setattr(logging, "basicConfig", lambda **_options: None)
        set_up_logs()
    lines = structlog.PrintLoggerFactory(written)
    structlog.configure(**chosen | {"cache_logger_on_first_use": False, "logger_factory": lines})
    yield written
    structlog.configure(**before)


def _failing(app: Flask, browser: Browser, link: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the page of a failure on the address of a link."""

    def fail(token: str) -> str:
        raise RuntimeError("inside")

    view = app.view_functions["invitations.answer"]
    fail.gate = gate_of(view)  # type: ignore[attr-defined]
    with monkeypatch.context() as patched:
        patched.setitem(app.view_functions, "invitations.answer", fail)
        return browser.get(link, status=500).source


def _texts(session: Session) -> Iterator[str]:
    """Yield every row of every table as text, bytes as hexadecimal digits."""
    session.flush()
    tables = inspect(session.connection()).get_table_names()
    assert {"invitations", "mails", "audit_entries", "procrastinate_jobs"} <= set(tables)
    for table in tables:
        for (row,) in session.execute(text(f'SELECT to_json(t)::text FROM "{table}" t')):
            yield json.dumps(row)


def test_what_walks_the_tables_would_find_a_token(app: Flask, session: Session, ward: Ward, activity: Activity) -> None:
    _made, link = invite(app, session, ward, activity)
    secret = link.removeprefix("/r/")
    session.execute(text("UPDATE activities SET note = :secret"), {"secret": secret})
    assert [one for one in _texts(session) if secret in one]
