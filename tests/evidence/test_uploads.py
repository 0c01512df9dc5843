"""A file that comes in pieces: it goes on where it was, comes once, and is cleared when nobody wants it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from lms.accounts.models import User
from lms.core import files
from lms.evidence import actions
from lms.evidence.models import EvidenceFile, Upload
from lms.evidence.values import LARGEST_FILE
from lms.logbook.models import Activity
from tests.evidence.made import pdf
from tests.factories import NOW, Ward
from tests.logbook.activities import log_activity
from tests.pages import Browser

ClientOf = Callable[[User | None], Browser]
WHOLE = pdf(b"(" + b"x" * 5000 + b")")


@pytest.fixture
def ward(session: Session) -> Ward:
    return Ward(session)


@pytest.fixture
def trainee(ward: Ward, client_of: ClientOf) -> Browser:
    return client_of(ward.trainee)


def begin(browser: Browser, key: UUID, size: int = len(WHOLE), name: str = "verslag.pdf") -> TestResponse:
    return browser.send_raw("/uploads", {"id": str(key), "name": name, "size": str(size)})


def send(browser: Browser, key: UUID, offset: int, piece: bytes) -> TestResponse:
    token = {"HTTP_X_CSRFTOKEN": browser.token()}
    return browser.answered("POST", f"/uploads/{key}/pieces/{offset}", data=piece, environ_overrides=token)


def use(browser: Browser, activity: Activity, key: UUID) -> TestResponse:
    return browser.send_raw(f"/activities/{activity.id}/files/new", {"upload": str(key)})


def test_a_file_comes_in_pieces_and_is_kept_whole(session: Session, ward: Ward, trainee: Browser) -> None:
    activity, key = log_activity(session, ward), uuid4()
    assert begin(trainee, key).json == {"received": 0, "size": len(WHOLE), "pieces": f"/uploads/{key}/pieces/"}
    for offset in range(0, len(WHOLE), 1000):
        answer = send(trainee, key, offset, WHOLE[offset : offset + 1000])
        assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["received"] == len(WHOLE)
    assert "“verslag.pdf” is kept" in use(trainee, activity, key).text
    (file,) = session.scalars(select(EvidenceFile))
    assert file.hash == hashlib.sha256(WHOLE).digest()
    assert files.digest_of(file.key) == file.hash


def test_a_file_that_is_used_twice_is_kept_once(session: Session, ward: Ward, trainee: Browser) -> None:
    activity, key = log_activity(session, ward), uuid4()
    begin(trainee, key)
    send(trainee, key, 0, WHOLE)
    for _ in range(2):
        assert use(trainee, activity, key).status_code == 200
    assert len(session.scalars(select(EvidenceFile)).all()) == 1


def test_after_a_lost_connection_it_goes_on_where_it_was(trainee: Browser) -> None:
    key = uuid4()
    begin(trainee, key)
    send(trainee, key, 0, WHOLE[:2000])
    again = begin(trainee, key)
    assert again.json is not None
    assert again.json["received"] == 2000
    assert trainee.raw(f"/uploads/{key}").json == again.json


@pytest.mark.parametrize("offset", [0, 1000, 2500, 4000])
def test_a_piece_that_is_not_the_next_is_answered_with_which_is(trainee: Browser, offset: int) -> None:
    key = uuid4()
    begin(trainee, key)
    send(trainee, key, 0, WHOLE[:2000])
    answer = send(trainee, key, offset, WHOLE[offset : offset + 500])
    assert answer.status_code == 409
    assert answer.json is not None
    assert answer.json["received"] == 2000


def test_more_than_was_said_is_refused(trainee: Browser) -> None:
    key = uuid4()
    begin(trainee, key, size=1000)
    answer = send(trainee, key, 0, WHOLE[:1001])
    assert answer.status_code == 422
    assert answer.json == {"message": "More of this file has come than was said. Choose it again."}


def test_a_part_of_a_file_is_never_kept(session: Session, ward: Ward, trainee: Browser) -> None:
    activity, key = log_activity(session, ward), uuid4()
    begin(trainee, key)
    send(trainee, key, 0, WHOLE[:-10])
    answer = use(trainee, activity, key)
    assert answer.status_code == 422
    assert "Only a part of this file has come." in answer.text


@pytest.mark.parametrize(
    ("size", "said"), [(0, "This file is empty."), (-1, "This file is empty."), (LARGEST_FILE + 1, "larger than 25 MB")]
)
def test_a_size_that_is_not_taken_is_refused_before_anything_is_sent(trainee: Browser, size: int, said: str) -> None:
    answer = begin(trainee, uuid4(), size=size)
    assert answer.status_code == 422
    assert answer.json is not None
    assert said in answer.json["message"]


@pytest.mark.parametrize("values", [{}, {"id": "x", "size": "9"}, {"id": str(uuid4()), "size": "many"}])
def test_a_beginning_that_says_nothing_is_refused(trainee: Browser, values: dict[str, str]) -> None:
    assert trainee.send_raw("/uploads", values).status_code == 400


def test_nobody_else_sees_continues_or_uses_it(
    session: Session, ward: Ward, trainee: Browser, client_of: ClientOf
) -> None:
    key, fellow = uuid4(), ward.fellow(session)
    begin(trainee, key)
    other = client_of(fellow)
    assert other.raw(f"/uploads/{key}").status_code == 404
    assert send(other, key, 0, WHOLE).status_code == 404
    assert client_of(None).raw(f"/uploads/{key}").status_code == 302


def test_a_key_that_somebody_else_uses_is_refused_and_theirs_stays(
    session: Session, ward: Ward, trainee: Browser, client_of: ClientOf
) -> None:
    key = uuid4()
    begin(trainee, key)
    send(trainee, key, 0, WHOLE[:100])
    assert begin(client_of(ward.fellow(session)), key).status_code == 409
    state = trainee.raw(f"/uploads/{key}").json
    assert state is not None
    assert state["received"] == 100


def test_without_the_token_of_the_form_nothing_is_taken(trainee: Browser) -> None:
    key = uuid4()
    begin(trainee, key)
    assert trainee.answered("POST", f"/uploads/{key}/pieces/0", data=b"x").status_code == 400


def test_what_nobody_finished_is_cleared_after_a_day(session: Session, trainee: Browser) -> None:
    old, new = uuid4(), uuid4()
    for key in (old, new):
        begin(trainee, key)
        send(trainee, key, 0, WHOLE[:100])
    session.get_one(Upload, old).started_at = NOW - timedelta(days=1, seconds=1)
    session.flush()
    assert actions.forget_old_uploads(session, at=NOW) == 1
    assert list(files.keys_below(f"uploads/{old}")) == []
    assert len(list(files.keys_below(f"uploads/{new}"))) == 1
    assert trainee.raw(f"/uploads/{old}").status_code == 404


def test_so_many_files_are_on_their_way_and_no_more(
    session: Session, trainee: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "MOST_UPLOADS", 2)
    assert [begin(trainee, uuid4()).status_code for _ in range(3)] == [200, 200, 422]
