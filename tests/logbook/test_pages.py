"""The pages on which a trainee logs activities."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from competencies.observations import ActivityKind
from competencies.people import EndReason, Role
from lms.accounts.models import User
from lms.logbook.models import Activity
from tests.factories import (
    TODAY,
    Ward,
    enrol,
    epa_of,
    make_alliance,
    make_cohort,
    make_department,
    make_organisation,
    person_with,
)
from tests.logbook.activities import log_activity
from tests.pages import Browser

ClientOf = Callable[[User | None], Browser]
Typed = dict[str, str | list[str]]


@pytest.fixture
def ward(session: Session) -> Ward:
    return Ward(session)


@pytest.fixture
def trainee(ward: Ward, client_of: ClientOf) -> Browser:
    return client_of(ward.trainee)


def typed(session: Session, **other: str | list[str]) -> Typed:
    return {"note": "Changed a dressing", "kind": "procedure", "epas": [str(epa_of(session, "onc-k2").id)], **other}


def logged(session: Session, ward: Ward) -> list[Activity]:
    return list(session.scalars(select(Activity).where(Activity.trainee_id == ward.trainee.id)))


def test_an_activity_is_logged_and_an_assessment_proposed(session: Session, ward: Ward, trainee: Browser) -> None:
    page = trainee.send(trainee.get("/activities/new"), typed(session))
    assert page.heading == "Ask for an assessment"
    assert "The activity is logged." in page.text
    (activity,) = logged(session, ward)
    assert (activity.performed_on, activity.quantity) == (date(2026, 11, 20), 1)
    assert activity.department_id == ward.department.id
    assert activity.enrolment_id == ward.enrolment.id


def test_a_reflection_is_not_written_in_the_logbook(session: Session, ward: Ward, trainee: Browser) -> None:
    page = trainee.get("/activities/new")
    values = page.filled(page.form(), typed(session)) | {"kind": "reflection"}
    trainee.post("/activities/new", values, status=422)
    assert "/reflections/new" in page.links()
    assert not logged(session, ward)


def test_of_a_reflection_the_day_and_the_epas_are_changed_here_and_its_text_is_not(
    session: Session, ward: Ward, trainee: Browser
) -> None:
    line = log_activity(session, ward, kind=ActivityKind.REFLECTION, note="What I thought")
    page = trainee.get(f"/activities/{line.id}/edit")
    values = page.filled(page.form(), {"performed_on": "2026-11-19"}) | {"note": "Smuggled in"}
    trainee.post(page.path, values, token=False)
    assert (line.note, line.performed_on) == ("Reflectie", date(2026, 11, 19))
    trainee.post(page.path, values | {"kind": "procedure"}, token=False, status=422)


def test_an_epa_that_is_sent_twice_is_logged_once(session: Session, trainee: Browser) -> None:
    epa = epa_of(session, "onc-k2")
    page = trainee.get("/activities/new")
    trainee.send(page, typed(session, epas=[str(epa.id), str(epa.id)]))
    activity = session.scalars(select(Activity).options(selectinload(Activity.epas))).one()
    assert activity.epas == [epa]


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("performed_on", "2026-11-21", "This day is still to come."),
        ("performed_on", "2026-01-01", "Your enrolment began on 4 May 2026."),
        ("performed_on", "", "Fill this in."),
        ("note", "  ", "Fill this in."),
        ("quantity", "0", "Use a number from 1 to 999."),
        ("quantity", "1000", "Use a number from 1 to 999."),
        ("epas", [], "Choose at least one EPA."),
    ],
)
def test_what_cannot_be_logged_is_said_beside_the_field_and_kept(
    session: Session, ward: Ward, trainee: Browser, field: str, value: str | list[str], said: str
) -> None:
    sent = typed(session, comment="") | {field: value}
    del sent["comment"]
    page = trainee.send(trainee.get("/activities/new"), sent, status=422)
    assert said in page.text
    if field != "note":
        assert 'value="Changed a dressing"' in page.source
    assert not logged(session, ward)


def test_only_epas_and_departments_of_the_programme_can_be_chosen(
    session: Session, ward: Ward, trainee: Browser
) -> None:
    elsewhere = make_department(session, make_organisation(session))
    foreign = epa_of(session, "lead-06")
    for choice in ({"department": str(elsewhere.id)}, {"epas": [str(foreign.id)]}):
        sent = trainee.get("/activities/new")
        values = sent.filled(sent.form(), typed(session)) | choice
        trainee.post("/activities/new", values, status=422)
    assert not logged(session, ward)


def test_a_department_of_an_allied_organisation_can_be_chosen(session: Session, ward: Ward, trainee: Browser) -> None:
    partner = make_organisation(session)
    make_alliance(session, ward.organisation, partner)
    away = make_department(session, partner)
    trainee.send(trainee.get("/activities/new"), typed(session, department=str(away.id)))
    assert logged(session, ward)[0].department_id == away.id


def test_who_is_no_trainee_has_nothing_to_log_on(ward: Ward, client_of: ClientOf) -> None:
    client_of(ward.trainer).get("/activities/new", status=403)
    assert "no running enrolment" in client_of(ward.trainer).get("/activities").text


def test_an_ended_enrolment_is_not_logged_on(session: Session, ward: Ward, trainee: Browser) -> None:
    ward.enrolment.ended_on, ward.enrolment.end_reason = TODAY - timedelta(days=1), EndReason.COMPLETED
    session.flush()
    trainee.get("/activities/new", status=403)


def test_who_follows_two_programmes_chooses_one(session: Session, ward: Ward, trainee: Browser) -> None:
    other = make_cohort(session, ward.organisation, ward.lead, programme="imagine2", starts_on=TODAY)
    second = enrol(session, other, ward.trainee, ward.department)
    assert "You follow another programme too" in trainee.get("/activities/new").text
    page = trainee.get(f"/activities/new?enrolment={ward.enrolment.id}")
    trainee.send(page, typed(session))
    assert logged(session, ward)[0].enrolment_id == ward.enrolment.id
    assert str(second.id) in " ".join(page.links())


def test_an_activity_is_changed_until_it_is_assessed(session: Session, ward: Ward, trainee: Browser) -> None:
    activity = log_activity(session, ward)
    page = trainee.get(f"/activities/{activity.id}/edit")
    assert trainee.send(page, {"note": "Two dressings", "quantity": "2"}).heading == "Two dressings"
    assert (activity.note, activity.quantity, activity.version) == ("Two dressings", 2, 2)


def test_two_tabs_do_not_overwrite_each_other(session: Session, ward: Ward, trainee: Browser) -> None:
    activity = log_activity(session, ward)
    first, second = (trainee.get(f"/activities/{activity.id}/edit") for _tab in range(2))
    trainee.send(first, {"note": "From the first tab"})
    refused = trainee.send(second, {"note": "From the second tab"}, status=409)
    assert "This was changed after you opened it." in refused.text
    assert 'value="From the second tab"' in refused.source
    assert activity.note == "From the first tab"
    trainee.send(refused)
    assert activity.note == "From the second tab"


def test_an_assessed_activity_stays_as_it_is(session: Session, ward: Ward, trainee: Browser) -> None:
    activity = log_activity(session, ward)
    page = trainee.get(f"/activities/{activity.id}/edit")
    activity.rated_at = activity.created_at
    session.flush()
    refused = trainee.send(page, {"note": "Too late"}, status=409)
    assert "has been assessed and stays as it is" in refused.text
    assert 'value="Too late"' in refused.source
    assert trainee.get(f"/activities/{activity.id}/edit").heading == "Correct an activity"
    assert activity.note != "Too late"


def test_another_persons_activity_is_not_there(session: Session, ward: Ward, client_of: ClientOf) -> None:
    activity = log_activity(session, ward)
    stranger = person_with(session, Role.TRAINER, make_organisation(session))
    for other in (ward.fellow(session), ward.administrator, stranger):
        client_of(other).get(f"/activities/{activity.id}", status=404)
        client_of(other).get(f"/activities/{activity.id}/edit", status=404)


def test_who_may_see_the_dossier_reads_the_activity_and_changes_nothing(
    session: Session, ward: Ward, client_of: ClientOf
) -> None:
    activity = log_activity(session, ward)
    for reader in (ward.trainer, ward.lead, ward.committee_member, ward.auditor):
        page = client_of(reader).get(f"/activities/{activity.id}")
        assert page.heading == activity.note
        assert not [link for link in page.links() if link.endswith(("/edit", "/ask"))]
        client_of(reader).get(f"/activities/{activity.id}/edit", status=403)


def test_the_logbook_is_read_page_by_page(session: Session, ward: Ward, trainee: Browser) -> None:
    for number in range(55):
        log_activity(session, ward, note=f"Activity {number:02}", performed_on=TODAY - timedelta(days=number // 2))
    first = trainee.get("/activities")
    older = next(link for link in first.links() if "before=" in link)
    second = trainee.get(older)
    shown = [f"Activity {number:02}" for number in range(55)]
    assert sorted(one for one in shown if one in first.text + second.text) == shown
    assert not [one for one in shown if one in first.text and one in second.text]
    assert "Activity 54" not in first.text
    assert "Activity 00" in trainee.get("/activities?before=nonsense").text


def test_the_number_of_statements_does_not_grow(
    session: Session, ward: Ward, trainee: Browser, statements: list[str]
) -> None:
    def asked(path: str) -> int:
        session.expire_all()
        statements.clear()
        trainee.get(path)
        return len(statements)

    activity = log_activity(session, ward)
    before = asked("/activities"), asked(f"/activities/{activity.id}"), asked("/activities/new")
    for number in range(10):
        log_activity(session, ward, note=f"Activity {number}")
    assert (asked("/activities"), asked(f"/activities/{activity.id}"), asked("/activities/new")) == before
    assert before <= (4, 12, 20)
