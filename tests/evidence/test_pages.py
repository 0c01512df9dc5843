"""The pages on which a trainee adds a file to an activity, and others read it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from lms.accounts.models import User
from lms.core.audit import trail_of
from lms.evidence.models import EvidenceFile
from lms.logbook.models import Activity
from tests.evidence.clamd import SIGN, scanner
from tests.evidence.made import pdf, photo_with_place
from tests.factories import NOW, Ward, epa_of
from tests.logbook.activities import log_activity
from tests.pages import Browser

ClientOf = Callable[[User | None], Browser]


@pytest.fixture
def ward(session: Session) -> Ward:
    return Ward(session)


@pytest.fixture
def activity(session: Session, ward: Ward) -> Activity:
    return log_activity(session, ward)


@pytest.fixture
def trainee(ward: Ward, client_of: ClientOf) -> Browser:
    return client_of(ward.trainee)


def added(
    browser: Browser, path: str, content: bytes, name: str = "verslag.pdf", **typed: str | list[str]
) -> TestResponse:
    """Send a form with a file, as a browser without script does."""
    data = {"csrf_token": browser.token(), "file": (BytesIO(content), name), **typed}
    return browser.answered("POST", path, data=data, content_type="multipart/form-data", follow_redirects=True)


def held(session: Session) -> list[EvidenceFile]:
    return list(session.scalars(select(EvidenceFile).order_by(EvidenceFile.added_at)))


def test_a_file_is_added_without_script_and_read_back(session: Session, activity: Activity, trainee: Browser) -> None:
    page = Browser._page(added(trainee, f"/activities/{activity.id}/files/new", pdf()), 200)
    assert "“verslag.pdf” is kept with this activity." in page.text
    (file,) = held(session)
    answer = trainee.raw(f"/activities/{activity.id}/files/{file.id}")
    assert answer.data == pdf()
    assert answer.headers["Content-Disposition"] == "attachment; filename=verslag.pdf"
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.content_length == file.size


def test_a_browser_that_has_the_file_already_is_told_so_but_only_after_access(
    session: Session, ward: Ward, activity: Activity, trainee: Browser, client_of: ClientOf
) -> None:
    added(trainee, f"/activities/{activity.id}/files/new", pdf())
    path = f"/activities/{activity.id}/files/{held(session)[0].id}"
    known = {"HTTP_IF_NONE_MATCH": trainee.raw(path).headers["ETag"]}
    answer = trainee.answered("GET", path, environ_overrides=known)
    assert (answer.status_code, answer.get_data()) == (304, b"")
    assert client_of(ward.fellow(session)).answered("GET", path, environ_overrides=known).status_code == 404


def test_the_record_keeps_hash_kind_and_size_but_no_name(
    session: Session, ward: Ward, activity: Activity, trainee: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    added(trainee, f"/activities/{activity.id}/files/new", pdf(), "geheim-verslag.pdf")
    (file,) = held(session)
    entry = trail_of(session, target=file.id)[-1]
    assert entry.action == "evidence.added"
    assert entry.subject_id == ward.trainee.id
    assert entry.facts["after"] == {
        "activity": str(activity.id),
        "hash": hashlib.sha256(pdf()).hexdigest(),
        "file_kind": "pdf",
        "size": len(pdf()),
    }
    assert "geheim" not in str([one.facts for one in trail_of(session, subject=ward.trainee.id)])
    assert "geheim" not in caplog.text


def test_the_same_file_twice_is_one(session: Session, activity: Activity, trainee: Browser) -> None:
    for name in ("een.jpg", "twee.jpg"):
        added(trainee, f"/activities/{activity.id}/files/new", photo_with_place(), name)
    assert [file.name for file in held(session)] == ["een.jpg"]


def test_a_file_that_is_refused_says_why_and_keeps_the_rest(
    session: Session, activity: Activity, trainee: Browser
) -> None:
    added(trainee, f"/activities/{activity.id}/files/new", pdf())
    answer = added(trainee, f"/activities/{activity.id}/files/new", b"<svg><script/></svg>", "tekening.pdf")
    assert answer.status_code == 422
    assert "drawing that can hold scripts" in answer.text
    assert [file.name for file in held(session)] == ["verslag.pdf"]


def test_a_form_without_a_file_asks_for_one(activity: Activity, trainee: Browser) -> None:
    page = trainee.get(f"/activities/{activity.id}/files/new")
    assert "(optional)" not in page.text
    assert "Choose a file." in trainee.send(page, status=422).text


def test_a_file_that_the_scanner_refuses_is_not_kept(
    session: Session, app: Flask, activity: Activity, trainee: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    with scanner() as clamd:
        monkeypatch.setitem(app.config, "BEKWAAM", replace(app.config["BEKWAAM"], virus_scanner=clamd.url))
        infected = added(trainee, f"/activities/{activity.id}/files/new", pdf(b"(" + SIGN + b")"))
        assert "The virus scanner refuses this file." in infected.text
        assert added(trainee, f"/activities/{activity.id}/files/new", pdf()).status_code == 200
    away = added(trainee, f"/activities/{activity.id}/files/new", pdf(b"(another)"))
    assert "try again in a few minutes" in away.text
    assert len(held(session)) == 1


def test_a_file_is_taken_away_until_somebody_assessed(
    session: Session, ward: Ward, activity: Activity, trainee: Browser, client_of: ClientOf
) -> None:
    added(trainee, f"/activities/{activity.id}/files/new", pdf())
    (file,) = held(session)
    path = f"/activities/{activity.id}/files/{file.id}"
    page = trainee.post(f"{path}/remove")
    assert "“verslag.pdf” is taken away." in page.text
    assert "Taken away on" in page.text
    assert (file.removed_by_id, file.removed_at) == (ward.trainee.id, NOW)
    assert trail_of(session, target=file.id)[-1].action == "evidence.removed"
    assert trainee.raw(path).status_code == 404
    assert "verslag.pdf" not in client_of(ward.trainer).get(f"/activities/{activity.id}").text


def test_after_an_assessment_files_stay_and_no_more_come(
    session: Session, activity: Activity, trainee: Browser
) -> None:
    added(trainee, f"/activities/{activity.id}/files/new", pdf())
    activity.rated_at = NOW
    session.flush()
    path = f"/activities/{activity.id}/files"
    assert trainee.send_raw(f"{path}/{held(session)[0].id}/remove").status_code == 403
    assert trainee.raw(f"{path}/new").status_code == 403
    assert trainee.raw(f"{path}/{held(session)[0].id}").status_code == 200
    assert "Add a photo or file" not in trainee.get(f"/activities/{activity.id}").text


def test_a_file_of_one_activity_is_not_found_at_another(
    session: Session, ward: Ward, activity: Activity, trainee: Browser
) -> None:
    added(trainee, f"/activities/{activity.id}/files/new", pdf())
    other = log_activity(session, ward)
    assert trainee.raw(f"/activities/{other.id}/files/{held(session)[0].id}").status_code == 404


def test_who_may_see_the_activity_reads_its_files_and_nobody_else(
    session: Session, ward: Ward, activity: Activity, trainee: Browser, client_of: ClientOf
) -> None:
    added(trainee, f"/activities/{activity.id}/files/new", pdf())
    path = f"/activities/{activity.id}/files/{held(session)[0].id}"
    readers = {ward.trainer: 200, ward.lead: 200, ward.auditor: 200, ward.administrator: 404}
    for reader, status in (readers | {ward.fellow(session): 404, Ward(session).trainer: 404}).items():
        assert client_of(reader).raw(path).status_code == status
    assert client_of(None).raw(path).status_code == 302


def test_a_photo_is_kept_while_logging(session: Session, ward: Ward, trainee: Browser) -> None:
    page = trainee.get("/activities/new")
    form = page.filled(page.form(), {"note": "Changed a dressing", "epas": [str(epa_of(session, "onc-k2").id)]})
    del form["csrf_token"]
    added(trainee, page.path, photo_with_place(), "IMG_1.jpeg", **form)
    (file,) = held(session)
    assert (file.name, file.kind.value) == ("IMG_1.jpg", "jpeg")
    assert session.get_one(Activity, file.activity_id).note == "Changed a dressing"
    again = added(trainee, page.path, photo_with_place(), "IMG_1.jpeg", **form)
    assert again.status_code == 200
    assert len(held(session)) == 1


def test_a_refused_photo_while_logging_loses_no_text_and_logs_nothing(
    session: Session, ward: Ward, trainee: Browser
) -> None:
    page = trainee.get("/activities/new")
    form = page.filled(page.form(), {"note": "Changed a dressing", "epas": [str(epa_of(session, "onc-k2").id)]})
    del form["csrf_token"]
    answer = added(trainee, page.path, b"MZ" + bytes(90), "IMG_1.jpeg", **form)
    assert answer.status_code == 422
    assert "Changed a dressing" in answer.text
    assert session.scalars(select(Activity).where(Activity.trainee_id == ward.trainee.id)).all() == []


def test_the_page_of_an_activity_takes_one_statement_for_its_files(
    session: Session, activity: Activity, trainee: Browser, statements: list[str]
) -> None:
    def taken() -> int:
        statements.clear()
        trainee.get(f"/activities/{activity.id}")
        return len(statements)

    without = taken()
    for number in range(4):
        added(trainee, f"/activities/{activity.id}/files/new", pdf(b"(%d)" % number))
    assert taken() == without
    assert sum("FROM evidence_files" in statement for statement in statements) == 1
