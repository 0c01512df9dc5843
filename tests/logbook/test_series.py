"""Logging what comes back: once more, and a whole shift at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from competencies.observations import ActivityKind
from lms.accounts.models import User
from lms.logbook.models import Activity
from tests.factories import START, TODAY, Ward, enrol, epa_of, make_cohort, make_department
from tests.logbook.activities import log_activity
from tests.pages import Browser, Values

ClientOf = Callable[[User | None], Browser]


@pytest.fixture
def ward(session: Session) -> Ward:
    return Ward(session)


@pytest.fixture
def trainee(ward: Ward, client_of: ClientOf) -> Browser:
    return client_of(ward.trainee)


def times(session: Session, epa: str) -> str:
    return f"times_{epa_of(session, epa).id.hex}"


def logged(session: Session) -> list[tuple[str, int, int, str]]:
    """Return EPA, days ago, times and words of everything that was logged."""
    rows = session.scalars(select(Activity).options(selectinload(Activity.epas)))
    return sorted((one.epas[0].key, (TODAY - one.performed_on).days, one.quantity, one.note) for one in rows)


def test_an_activity_is_logged_once_more_today(session: Session, ward: Ward, trainee: Browser) -> None:
    away = make_department(session, ward.organisation)
    first = log_activity(session, ward, "onc-k2", "onc-k3", performed_on=TODAY - timedelta(days=3), quantity=4)
    first.department_id = away.id
    page = trainee.get(f"/activities/{first.id}")
    again = trainee.get(next(link for link in page.links() if "like=" in link))
    trainee.send(again)
    second = session.scalars(select(Activity).where(Activity.id != first.id).options(selectinload(Activity.epas))).one()
    assert {epa.key for epa in second.epas} == {"onc-k2", "onc-k3"}
    assert (second.performed_on, second.note, second.quantity) == (TODAY, first.note, 4)
    assert (second.department_id, second.kind) == (away.id, first.kind)


def test_the_last_few_are_offered_to_log_once_more_each_once(session: Session, ward: Ward, trainee: Browser) -> None:
    for back, note in enumerate(("Infusion", "infusion", "Dressing", "Port", "Oldest")):
        log_activity(session, ward, note=note, performed_on=TODAY - timedelta(days=back))
    log_activity(session, ward, kind=ActivityKind.REFLECTION, note="What I thought of it")
    page = trainee.get("/activities/new")
    offered = [link for link in page.links() if "like=" in link]
    assert len(offered) == 3
    assert all(note in page.text for note in ("Infusion", "Dressing", "Port"))
    assert "Oldest" not in page.text
    assert "What I thought of it" not in page.text


def test_the_kind_that_was_logged_last_is_proposed(session: Session, ward: Ward, trainee: Browser) -> None:
    def proposed(path: str) -> object:
        page = trainee.get(path)
        return page.filled(page.form(), {})["kind"]

    assert proposed("/activities/new") == ["patient_contact"]
    log_activity(session, ward, kind=ActivityKind.SIMULATION)
    log_activity(session, ward, kind=ActivityKind.REFLECTION)
    assert proposed("/activities/new") == ["simulation"]
    assert proposed("/activities/series") == ["simulation"]


def test_nobody_repeats_what_another_logged(
    session: Session, ward: Ward, trainee: Browser, client_of: ClientOf
) -> None:
    mine = log_activity(session, ward)
    client_of(ward.fellow(session)).get(f"/activities/new?like={mine.id}", status=404)
    reader = client_of(ward.trainer).get(f"/activities/{mine.id}")
    assert not [link for link in reader.links() if "like=" in link]


def test_a_shift_is_logged_at_once_an_activity_for_each_epa(session: Session, trainee: Browser) -> None:
    page = trainee.get("/activities/series")
    done = trainee.send(page, {times(session, "onc-k2"): "6", times(session, "onc-k3"): "2", "kind": "procedure"})
    assert done.heading == "My activities"
    assert "2 activities are logged: 8 times in all." in done.text
    titles = {key: epa_of(session, key).title["en"] for key in ("onc-k2", "onc-k3")}
    assert logged(session) == [("onc-k2", 0, 6, titles["onc-k2"]), ("onc-k3", 0, 2, titles["onc-k3"])]


def test_several_days_have_the_numbers_each(session: Session, trainee: Browser) -> None:
    days = [(TODAY - timedelta(days=back)).isoformat() for back in (0, 2)]
    sent: Values = {times(session, "onc-k2"): "3", "days": days, "note": "Infusions"}
    trainee.send(trainee.get("/activities/series"), sent)
    assert logged(session) == [("onc-k2", 0, 3, "Infusions"), ("onc-k2", 2, 3, "Infusions")]


def test_a_series_that_is_sent_twice_is_logged_once(session: Session, trainee: Browser) -> None:
    page, sent = trainee.get("/activities/series"), {times(session, "onc-k2"): "6", times(session, "onc-k3"): "2"}
    second = [trainee.send(page, sent) for _tap in range(2)][1]
    assert "2 activities are logged: 8 times in all." in second.text
    assert len(logged(session)) == 2
    for other in ({times(session, "onc-k3"): ""}, {times(session, "onc-k4"): "1"}):
        refused = trainee.send(page, sent | other, status=409)
        assert "so nothing was added now" in refused.text
    assert len(logged(session)) == 2


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "Fill in how many times for at least one EPA."),
        ({"onc-k2": "0"}, "Fill in how many times for at least one EPA."),
        ({"onc-k2": "1000"}, "Use a number from 0 to 999."),
        ({"onc-k2": "-1"}, "Use a number from 0 to 999."),
        ({"onc-k2": "1", "days": []}, "Choose at least one day."),
        ({"onc-k2": "1", "days": ["2026-11-21"]}, "valid choice"),
        ({"onc-k2": "1", "days": ["2026-02-30"]}, "Invalid"),
        ({"onc-k2": "1", "note": "x" * 201}, "Use at most 200 characters."),
    ],
)
def test_what_cannot_be_logged_is_said_and_nothing_is_logged(
    session: Session, trainee: Browser, sent: dict[str, str | list[str]], said: str
) -> None:
    values = {times(session, name) if name.startswith("onc-") else name: value for name, value in sent.items()}
    page = trainee.send(trainee.get("/activities/series"), values, status=422)
    assert said in page.text
    assert not logged(session)


def test_more_than_sixty_at_once_are_refused(session: Session, trainee: Browser) -> None:
    page = trainee.get("/activities/series")
    form = page.form()
    numbers = [field.get("name") or "" for field in form.iter("input") if (field.get("name") or "").startswith("times")]
    days = [field.get("value") or "" for field in form.iter("input") if field.get("name") == "days"]
    refused = trainee.send(page, dict.fromkeys(numbers, "1") | {"days": days}, status=422)
    assert f"These would be {len(numbers) * len(days)} activities at once; log at most 60." in refused.text
    assert not logged(session)


def test_only_days_of_the_enrolment_are_offered(session: Session, ward: Ward, client_of: ClientOf) -> None:
    cohort = make_cohort(session, ward.organisation, ward.lead, starts_on=START)
    fresh = ward.fellow(session)
    enrolment = enrol(session, cohort, fresh, ward.department, starts_on=TODAY - timedelta(days=1))
    page = client_of(fresh).get(f"/activities/series?enrolment={enrolment.id}")
    days = [field.get("value") for field in page.form().iter("input") if field.get("name") == "days"]
    assert days == [TODAY.isoformat(), (TODAY - timedelta(days=1)).isoformat()]


def test_the_page_of_a_series_takes_as_many_statements_however_long_the_logbook(
    session: Session, ward: Ward, trainee: Browser, statements: list[str]
) -> None:
    def asked() -> int:
        session.expire_all()
        statements.clear()
        trainee.get("/activities/series")
        return len(statements)

    log_activity(session, ward)
    before = asked()
    for number in range(10):
        log_activity(session, ward, "onc-k3", note=f"Activity {number}")
    assert asked() == before <= 12
