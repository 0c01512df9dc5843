"""The pages of cohorts and enrolments, as the people who use them see them."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from competencies.people import EndReason, Role
from lms.accounts.models import User
from lms.accounts.queries import user_by_email
from lms.cohorts.models import Cohort, Enrolment, EnrolmentTrainer
from lms.core.audit import AuditEntry
from lms.organisations.queries import held_roles
from tests.factories import (
    TODAY,
    Ward,
    make_alliance,
    make_cohort,
    make_department,
    make_organisation,
    make_user,
    person_with,
    programme_version,
)
from tests.pages import Browser

Clients = Callable[[User | None], Browser]


@pytest.fixture
def ward(session: Session) -> Ward:
    return Ward(session)


def test_a_lead_finds_the_cohorts_of_the_organisation(session: Session, ward: Ward, client_of: Clients) -> None:
    page = client_of(ward.lead).get("/cohorts")
    assert ward.cohort.name in page.text
    assert ward.organisation.name in page.text
    assert "/cohorts/new" in page.links()


@pytest.mark.parametrize("who", ["trainee", "trainer", "administrator"])
def test_who_follows_no_cohort_reads_why(ward: Ward, client_of: Clients, who: str) -> None:
    page = client_of(getattr(ward, who)).get("/cohorts")
    assert ward.cohort.name not in page.text
    assert "There are no cohorts that you follow" in page.text
    assert "/cohorts/new" not in page.links()


def test_a_region_sees_numbers_and_no_people(session: Session, ward: Ward, client_of: Clients) -> None:
    alliance = make_alliance(session, ward.organisation)
    coordinator = person_with(session, Role.REGIONAL_COORDINATOR, alliance)
    page = client_of(coordinator).get("/cohorts")
    assert ward.cohort.name in page.text
    for person in (ward.trainee, ward.lead, ward.trainer):
        assert person.name not in page.text
    assert f"/cohorts/{ward.cohort.id}" in page.links()
    numbers = client_of(coordinator).get(f"/cohorts/{ward.cohort.id}")
    assert ward.trainee.name not in numbers.text


def test_the_list_takes_as_many_statements_for_ten_cohorts_as_for_one(
    session: Session, ward: Ward, client_of: Clients, statements: list[str]
) -> None:
    client = client_of(ward.lead)
    client.get("/cohorts")
    statements.clear()
    client.get("/cohorts")
    once = len(statements)
    for _number in range(9):
        make_cohort(session, ward.organisation, ward.lead)
    statements.clear()
    client.get("/cohorts")
    assert len(statements) == once
    assert once <= 6


def test_a_lead_makes_a_cohort_that_gets_the_length_of_its_programme(
    session: Session, ward: Ward, client_of: Clients
) -> None:
    client = client_of(ward.lead)
    version = programme_version(session, "academic-alliance")
    values = {
        "programme_version": str(version.id),
        "organisation": str(ward.organisation.id),
        "name": "Leaders 2027",
        "starts_on": "2027-01-01",
        "planned_end_on": "",
        "lead": str(ward.lead.id),
    }
    page = client.send(client.get("/cohorts/new"), values)
    made = session.scalars(select(Cohort).where(Cohort.name == "Leaders 2027")).one()
    assert page.path == f"/cohorts/{made.id}/enrolments/new"
    assert (made.starts_on, made.planned_end_on) == (date(2027, 1, 1), date(2027, 12, 31))
    entry = session.scalars(select(AuditEntry).where(AuditEntry.subject_id == made.id)).one()
    assert (entry.action, entry.actor_id) == ("cohort.created", ward.lead.id)


def test_a_refused_cohort_keeps_what_was_typed(session: Session, ward: Ward, client_of: Clients) -> None:
    client = client_of(ward.lead)
    values = {
        "programme_version": str(programme_version(session).id),
        "organisation": str(ward.organisation.id),
        "name": ward.cohort.name,
        "lead": str(ward.lead.id),
    }
    page = client.send(client.get("/cohorts/new"), values, status=422)
    assert f"has a cohort with the name {ward.cohort.name} already" in page.text
    assert f'value="{ward.cohort.name}"' in page.source


def test_a_lead_changes_the_dates_of_a_cohort(session: Session, ward: Ward, client_of: Clients) -> None:
    client = client_of(ward.lead)
    page = client.get(f"/cohorts/{ward.cohort.id}/edit")
    client.send(page, {"planned_end_on": "2028-06-30"})
    session.refresh(ward.cohort)
    assert ward.cohort.planned_end_on == date(2028, 6, 30)
    assert ward.cohort.version == 2


def test_a_cohort_that_changed_meanwhile_is_not_overwritten(session: Session, ward: Ward, client_of: Clients) -> None:
    client = client_of(ward.lead)
    stale = client.get(f"/cohorts/{ward.cohort.id}/edit")
    client.send(client.get(f"/cohorts/{ward.cohort.id}/edit"), {"name": "First come"})
    page = client.send(stale, {"name": "Second come"}, status=409)
    assert "Second come" in page.text
    session.refresh(ward.cohort)
    assert ward.cohort.name == "First come"


def test_a_trainee_with_an_account_is_enrolled(session: Session, ward: Ward, client_of: Clients) -> None:
    newcomer = make_user(session, "Newcomer")
    client = client_of(ward.lead)
    values = {
        "email": newcomer.email.upper(),
        "department": str(ward.department.id),
        "trainer": str(ward.trainer.id),
    }
    page = client.send(client.get(f"/cohorts/{ward.cohort.id}/enrolments/new"), values)
    made = session.scalars(select(Enrolment).where(Enrolment.trainee_id == newcomer.id)).one()
    assert page.path == f"/enrolments/{made.id}/edit"
    assert ward.trainer.name in page.text
    assert (made.starts_on, made.planned_end_on) == (ward.cohort.starts_on, ward.cohort.planned_end_on)
    assert (Role.TRAINEE, ward.organisation.id) in held_roles(session, newcomer.id, on=TODAY)


def test_somebody_new_gets_an_account_with_a_password_shown_once(
    session: Session, ward: Ward, client_of: Clients
) -> None:
    client = client_of(ward.lead)
    page = client.get(f"/cohorts/{ward.cohort.id}/enrolments/new")
    values = {"email": "new@test.example.org", "department": str(ward.department.id)}
    refused = client.send(page, values, status=422)
    assert "Fill in the name too" in refused.text
    answer = client.send(page, values | {"name": "Nora New"})
    password = next(answer.tree.iter("code")).text or ""
    made = user_by_email(session, "new@test.example.org")
    assert made is not None
    assert made.name == "Nora New"
    stranger = client_of(None)
    stranger.send(stranger.get("/sign-in"), {"email": made.email, "password": password}, action="sign-in")
    assert made.name in stranger.get("/account").source


def test_a_programme_with_tracks_asks_for_one(session: Session, client_of: Clients) -> None:
    ward = Ward(session, programme="functielaborant", track="lung_function")
    newcomer = make_user(session)
    client = client_of(ward.lead)
    page = client.get(f"/cohorts/{ward.cohort.id}/enrolments/new")
    values = {"email": newcomer.email, "department": str(ward.department.id)}
    client.send(page, values, status=422)
    client.send(page, values | {"track": "heart_function"})
    assert session.scalars(select(Enrolment.track).where(Enrolment.trainee_id == newcomer.id)).one() == "heart_function"


def test_an_enrolment_changes_place_and_dates(session: Session, ward: Ward, client_of: Clients) -> None:
    other = make_department(session, ward.organisation)
    client = client_of(ward.lead)
    path = f"/enrolments/{ward.enrolment.id}/edit"
    client.send(client.get(path), {"department": str(other.id), "planned_end_on": "2028-01-01"}, action=path)
    session.refresh(ward.enrolment)
    assert (ward.enrolment.department_id, ward.enrolment.planned_end_on) == (other.id, date(2028, 1, 1))


def test_a_trainer_is_assigned_and_ended(session: Session, ward: Ward, client_of: Clients) -> None:
    third = person_with(session, Role.TRAINER, ward.organisation)
    client = client_of(ward.lead)
    path = f"/enrolments/{ward.enrolment.id}/edit"
    page = client.send(client.get(path), {"guide-trainer": str(third.id)}, action="/trainers")
    assert third.name in page.text
    guidance = session.scalars(select(EnrolmentTrainer).where(EnrolmentTrainer.trainer_id == third.id)).one()
    assert guidance.starts_on == TODAY
    page = client.send(page, action=f"/trainers/{guidance.id}/end")
    assert "Until today" in page.text
    session.refresh(guidance)
    assert guidance.ends_on == TODAY


def test_a_trainer_who_guides_already_is_refused_on_the_same_page(ward: Ward, client_of: Clients) -> None:
    client = client_of(ward.lead)
    page = client.get(f"/enrolments/{ward.enrolment.id}/edit")
    refused = client.send(page, {"guide-trainer": str(ward.trainer.id)}, action="/trainers", status=422)
    assert "guides this trainee in these days already" in refused.text


def test_an_enrolment_ends_and_is_reopened(session: Session, ward: Ward, client_of: Clients) -> None:
    client = client_of(ward.lead)
    path = f"/enrolments/{ward.enrolment.id}/edit"
    client.send(client.get(path), {"end-reason": EndReason.DROPPED_OUT.value}, action=f"{ward.enrolment.id}/end")
    session.expire_all()
    assert (ward.enrolment.ended_on, ward.enrolment.end_reason) == (TODAY, EndReason.DROPPED_OUT)
    open_ones = select(func.count()).where(
        EnrolmentTrainer.enrolment_id == ward.enrolment.id, EnrolmentTrainer.ends_on.is_(None)
    )
    assert session.scalar(open_ones) == 0
    page = client.get(path)
    assert "This enrolment has ended" in page.text
    client.send(page, action="/reopen")
    session.expire_all()
    assert ward.enrolment.ended_on is None


def test_an_end_in_the_future_is_refused_and_kept(session: Session, ward: Ward, client_of: Clients) -> None:
    client = client_of(ward.lead)
    tomorrow = (TODAY + timedelta(days=1)).isoformat()
    page = client.get(f"/enrolments/{ward.enrolment.id}/edit")
    refused = client.send(
        page, {"end-ended_on": tomorrow, "end-reason": "completed"}, action=f"{ward.enrolment.id}/end", status=422
    )
    assert "An enrolment ends today or on a day before" in refused.text
    assert f'value="{tomorrow}"' in refused.source


@pytest.mark.parametrize("who", ["committee_member", "auditor"])
def test_who_only_reads_may_not_write(ward: Ward, client_of: Clients, who: str) -> None:
    client = client_of(getattr(ward, who))
    client.get("/cohorts/new", status=403)
    client.get(f"/cohorts/{ward.cohort.id}/edit", status=403)
    client.get(f"/cohorts/{ward.cohort.id}/enrolments/new", status=403)
    client.get(f"/enrolments/{ward.enrolment.id}/edit", status=403)
    for path in ("trainers", "end", "reopen"):
        client.post(f"/enrolments/{ward.enrolment.id}/{path}", status=403)


def test_a_lead_elsewhere_finds_nothing(session: Session, ward: Ward, client_of: Clients) -> None:
    stranger = person_with(session, Role.PROGRAMME_LEAD, make_organisation(session))
    client = client_of(stranger)
    for path in (
        f"/cohorts/{ward.cohort.id}/edit",
        f"/cohorts/{ward.cohort.id}/enrolments/new",
        f"/enrolments/{ward.enrolment.id}/edit",
    ):
        client.get(path, status=404)


def test_the_page_of_an_enrolment_takes_a_known_number_of_statements(
    session: Session, ward: Ward, client_of: Clients, statements: list[str]
) -> None:
    client = client_of(ward.lead)
    path = f"/enrolments/{ward.enrolment.id}/edit"
    client.get(path)
    for _number in range(5):
        person_with(session, Role.TRAINER, ward.organisation)
    statements.clear()
    client.get(path)
    assert len(statements) <= 9
