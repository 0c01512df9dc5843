"""The guard rails of every answer: headers, hosts, sizes, tokens, error pages, health and metrics."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask, request
from psycopg.errors import CheckViolation, UniqueViolation
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from lms.accounts.models import User
from lms.app import create_app
from tests.factories import Ward
from tests.pages import Browser

ClientOf = Callable[[User | None], Browser]


def test_every_answer_carries_the_security_headers(client_of: ClientOf) -> None:
    for path in ("/sign-in", "/health/live", "/static/app.css", "/nothing-here"):
        headers = client_of(None).raw(path).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "same-origin"


def test_pages_are_never_kept_by_a_cache_and_static_files_are(client_of: ClientOf) -> None:
    assert client_of(None).raw("/sign-in").headers["Cache-Control"] == "no-store"
    assert "max-age" in client_of(None).raw("/static/app.css").headers["Cache-Control"]


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost", 200),
        ("127.0.0.1:8000", 200),
        ("[::1]:8000", 200),
        ("evil.example", 400),
        ("localhost.evil.example:80", 400),
    ],
)
def test_a_host_that_is_not_ours_is_refused(client_of: ClientOf, host: str, status: int) -> None:
    assert client_of(None).client.get("/health/live", headers={"Host": host}).status_code == status


@pytest.mark.parametrize("path", ["/nl/learn/%00", "/ims/case/v1p1/CFItems/%00", "/%00"])
def test_an_address_with_a_nul_is_not_found(client_of: ClientOf, path: str) -> None:
    assert client_of(None).raw(path).status_code == 404


def test_a_request_that_is_too_large_is_refused_in_plain_words(client_of: ClientOf) -> None:
    browser = client_of(None)
    page = browser.get("/sign-in")
    refused = browser.send(page, {"email": "x" * 2_000_000}, status=413)
    assert refused.heading


def test_a_form_without_its_token_is_refused(client_of: ClientOf, session: Session) -> None:
    ward = Ward(session)
    assert client_of(ward.trainee).send_raw("/sign-out", token=False).status_code == 400


def test_what_is_not_there_is_a_page_in_the_readers_language(client_of: ClientOf, app: Flask) -> None:
    assert client_of(None).get("/nothing-here", status=404).tree.get("lang") == "en"
    assert Browser(app, None, language="nl").get("/nothing-here", status=404).tree.get("lang") == "nl"


def test_a_failure_of_ours_is_a_page_with_the_id_of_the_request_and_nothing_of_the_inside(
    app: Flask, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> str:
        raise RuntimeError("inside")

    monkeypatch.setitem(app.view_functions, "accounts.sign_in", fail)
    page = client_of(None).get("/sign-in", status=500)
    assert "inside" not in page.source
    answer = client_of(None).raw("/sign-in")
    assert answer.headers["X-Request-ID"] in answer.text


@pytest.mark.parametrize(("refusal", "status"), [(UniqueViolation(), 409), (CheckViolation(), 500)])
def test_what_two_people_make_at_once_is_made_once_and_the_other_is_told(
    app: Flask, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch, refusal: Exception, status: int
) -> None:
    def fail() -> str:
        raise IntegrityError("INSERT", {}, refusal)

    monkeypatch.setitem(app.view_functions, "accounts.sign_in", fail)
    client_of(None).get("/sign-in", status=status)


def test_a_request_keeps_the_id_that_it_came_with_if_it_is_one(client_of: ClientOf) -> None:
    client = client_of(None).client
    given = client.get("/health/live", headers={"X-Request-ID": "abc-12345678"}).headers["X-Request-ID"]
    made = client.get("/health/live", headers={"X-Request-ID": "no spaces\tplease"}).headers["X-Request-ID"]
    assert given == "abc-12345678"
    assert made != "no spaces\tplease"


def test_the_server_says_that_it_lives_and_that_it_is_ready(client_of: ClientOf) -> None:
    assert client_of(None).raw("/health/live").json == {"status": "live"}
    assert client_of(None).raw("/health/ready").json == {"status": "ready"}


def test_metrics_need_the_token_and_name_routes_not_addresses(client_of: ClientOf, session: Session) -> None:
    client = client_of(None).client
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 404
    client.get("/organisations/00000000-0000-7000-8000-000000000000")
    shown = client.get("/metrics", headers={"Authorization": "Bearer metrics-token"})
    assert shown.status_code == 200
    assert "/organisations/<uuid:organisation_id>" in shown.text
    assert "00000000-0000" not in shown.text


@pytest.mark.parametrize(
    "elsewhere", ["//evil.example", "/\t/evil.example", "/\n/evil.example", "/\\evil.example", "/\t/["]
)
def test_choosing_a_language_never_leads_to_another_site(client_of: ClientOf, elsewhere: str) -> None:
    browser = client_of(None)
    chosen = {"csrf_token": browser.token(), "language": "nl", "next": elsewhere}
    assert browser.client.post("/language", data=chosen).headers["Location"] == "/"


def test_a_form_that_expired_gives_back_what_was_typed_but_no_password(client_of: ClientOf, session: Session) -> None:
    typed = {
        "present": "my old secret",
        "new": "my new secret words",
        "again": "my new secret words",
        "note": "my note",
    }
    refused = client_of(Ward(session).trainee).send_raw("/account/password", typed, token=False)
    assert refused.status_code == 400
    assert "my note" in refused.text
    assert "secret" not in refused.text


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(app: Flask, client_of: ClientOf) -> None:
    browser = client_of(None)
    answer = browser.send_raw("/language", {"language": "nl", "next": "/sign-in"})
    cookie = answer.history[0].headers["Set-Cookie"] if answer.history else answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_a_database_that_is_gone_is_said_in_a_page(
    client_of: ClientOf, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    ward = Ward(session)
    browser = client_of(ward.trainee)

    def gone(*_args: object, **_kwargs: object) -> None:
        raise OperationalError("SELECT 1", {}, Exception("the server closed the connection"))

    monkeypatch.setattr("lms.accounts.queries.session_by_token", gone)
    page = browser.get("/account", status=500)
    assert ward.trainee.name not in page.text


@pytest.mark.parametrize(("proxies", "seen"), [(0, "10.0.0.1"), (1, "203.0.113.9")])
def test_the_address_of_a_caller_is_taken_from_a_proxy_only_where_one_is_trusted(
    app: Flask, monkeypatch: pytest.MonkeyPatch, proxies: int, seen: str
) -> None:
    behind = create_app(replace(app.config["BEKWAAM"], trusted_proxies=proxies))
    addresses: list[str | None] = []
    behind.before_request(lambda: addresses.append(request.remote_addr))
    told = {"X-Forwarded-For": "198.51.100.7, 203.0.113.9"}
    behind.test_client().get("/health/live", headers=told, environ_base={"REMOTE_ADDR": "10.0.0.1"})
    assert addresses == [seen]
