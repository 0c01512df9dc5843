"""A form logs once, however often and by whomever it is sent."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from competencies.observations import ActivityKind
from lms.accounts.models import User
from lms.cohorts.models import Enrolment
from lms.core import db
from lms.core.audit import AuditEntry
from lms.core.keys import derived, uuid7
from lms.logbook.actions import Account, log
from lms.logbook.models import Activity
from lms.logbook.values import Offered
from lms.organisations.models import Department
from tests.factories import NOW, TODAY, Ward, epa_of
from tests.pages import Browser

ClientOf = Callable[[User | None], Browser]
SAID_AGAIN = "This form was sent before, so nothing was added now."


@pytest.fixture
def ward(session: Session) -> Ward:
    return Ward(session)


@pytest.fixture
def trainee(ward: Ward, client_of: ClientOf) -> Browser:
    return client_of(ward.trainee)


def typed(session: Session, note: str = "Changed a dressing") -> dict[str, str | list[str]]:
    return {"note": note, "kind": "procedure", "epas": [str(epa_of(session, "onc-k2").id)]}


def notes(session: Session) -> list[str]:
    return sorted(session.scalars(select(Activity.note)))


def test_a_double_tap_logs_once_and_both_taps_arrive_at_the_same_page(session: Session, trainee: Browser) -> None:
    form = trainee.get("/activities/new")
    first, second = (trainee.send(form, typed(session)) for _tap in range(2))
    assert first.path == second.path
    assert notes(session) == ["Changed a dressing"]
    logged = select(func.count()).where(AuditEntry.action == "activity.logged")
    assert session.scalar(logged) == 1


def test_each_opened_form_logs_for_itself(session: Session, trainee: Browser) -> None:
    for _time in range(2):
        trainee.send(trainee.get("/activities/new"), typed(session))
    assert notes(session) == ["Changed a dressing"] * 2


def test_a_used_form_with_another_text_logs_nothing_unseen_and_loses_no_text(
    session: Session, trainee: Browser
) -> None:
    form = trainee.get("/activities/new")
    trainee.send(form, typed(session))
    refused = trainee.send(form, typed(session, "Changed two dressings"), status=409)
    assert SAID_AGAIN in refused.text
    assert 'value="Changed two dressings"' in refused.source
    assert notes(session) == ["Changed a dressing"]
    trainee.send(refused)
    assert notes(session) == ["Changed a dressing", "Changed two dressings"]


def test_the_form_of_somebody_else_logs_nothing_and_does_not_say_whose_it_is(
    session: Session, ward: Ward, trainee: Browser, client_of: ClientOf
) -> None:
    form = trainee.get("/activities/new")
    other = client_of(ward.fellow(session))
    theirs = other.get("/activities/new")
    trainee.send(form, typed(session))
    taken = typed(session) | {"key": form.hidden("key")}
    refused = other.send(theirs, taken, action="/activities/new", status=409)
    assert SAID_AGAIN in refused.text
    assert ward.trainee.name not in refused.text
    assert notes(session) == ["Changed a dressing"]
    assert refused.hidden("key") not in {form.hidden("key"), theirs.hidden("key")}
    other.send(refused)
    assert notes(session) == ["Changed a dressing"] * 2


@pytest.mark.parametrize("key", ["", "nonsense", "9aaedcfa-0f21-4e50-902f-110eda3c00c1"])
def test_a_damaged_form_is_said_to_be_and_works_when_it_is_sent_again(
    session: Session, trainee: Browser, key: str
) -> None:
    refused = trainee.send(trainee.get("/activities/new"), typed(session) | {"key": key}, status=422)
    assert "The form did not arrive whole." in refused.text
    assert 'value="Changed a dressing"' in refused.source
    assert not notes(session)
    trainee.send(refused)
    assert notes(session) == ["Changed a dressing"]


def test_a_stored_key_follows_from_the_one_of_the_form_and_cannot_be_chosen() -> None:
    key = uuid7()
    made = [derived(key, number) for number in range(50)]
    assert made == [derived(key, number) for number in range(50)]
    assert len({key, derived(uuid7()), *made}) == 52
    assert {(one.version, one.int >> 80) for one in made} == {(7, key.int >> 80)}


def test_the_same_form_from_two_devices_at_once_logs_once(own_database: Flask) -> None:
    with own_database.app_context(), db.transaction() as session:
        ward = Ward(session)
        account = Account(
            kind=ActivityKind.PROCEDURE,
            performed_on=TODAY,
            department_id=ward.department.id,
            epa_ids=[epa_of(session, "onc-k2").id],
            note="Changed a dressing",
            quantity=1,
        )
        enrolment_id = ward.enrolment.id
    start, key = Barrier(4), uuid7()
    with ThreadPoolExecutor(4) as pool:
        attempts = [pool.submit(log_at, own_database, start, key, enrolment_id, account) for _device in range(4)]
    made = {attempt.result() for attempt in attempts}
    with own_database.app_context():
        assert made == {db.session().scalars(select(Activity.id)).one()}
        logged = select(func.count()).where(AuditEntry.action == "activity.logged")
        assert db.session().scalar(logged) == 1


def log_at(app: Flask, start: Barrier, key: UUID, enrolment_id: UUID, account: Account) -> UUID:
    """Log once all are ready, and return the activity that came of it."""
    with app.app_context():
        session = db.session()
        enrolment = session.get_one(Enrolment, enrolment_id)
        person = session.get_one(User, enrolment.trainee_id)
        epas = {epa.id: epa for epa in (epa_of(session, "onc-k2"),)}
        place = session.get_one(Department, account.department_id)
        start.wait(timeout=30)
        with db.transaction() as writing:
            (logged,) = log(
                writing,
                enrolment,
                [account],
                key=key,
                offered=Offered(epas, {place.id: place}, {}),
                by=person,
                on=TODAY,
                at=NOW,
            )
            return logged.id
