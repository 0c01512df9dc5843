"""Retiring a version shows who runs on it and stays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from competencies.people import EndReason, Role
from lms.accounts.models import User
from lms.cohorts.queries import followers_of
from lms.curriculum.models import ProgrammeOwner, Retirement
from lms.organisations.permissions import Duties
from lms.organisations.queries import held_roles
from tests.factories import TODAY, Ward, make_alliance, person_with, programme_version
from tests.pages import Browser

ClientOf = Callable[[User | None], Browser]


def duties(session: Session, user: User) -> Duties:
    return Duties(user.id, TODAY, held_roles(session, user.id, on=TODAY))


@pytest.fixture
def ward(session: Session) -> Ward:
    """Return a ward whose hospital owns the programme of its cohort."""
    ward = Ward(session)
    version = programme_version(session)
    session.add(ProgrammeOwner(programme_id=version.programme_id, organisation_id=ward.organisation.id))
    session.flush()
    return ward


def test_the_page_lists_the_cohorts_and_the_people_that_stay_on_the_version(
    ward: Ward, session: Session, client_of: ClientOf, statements: list[str]
) -> None:
    version_id, enrolment = ward.cohort.programme_version_id, ward.enrolment
    browser = client_of(ward.lead)
    statements.clear()
    page = browser.get(f"/programmes/{version_id}/retirement")
    assert len(statements) <= 8
    assert ward.cohort.name in page.text
    assert f"/cohorts/{ward.cohort.id}" in page.links()
    assert f"/enrolments/{enrolment.id}" in page.links()
    assert f"/programmes/{version_id}/moves" in page.links()
    browser.send(page, {"reason": "Vervangen"})
    assert session.get_one(Retirement, version_id).reason == "Vervangen"


def test_a_coordinator_reads_numbers_without_people_and_no_number_that_names_them(ward: Ward, session: Session) -> None:
    coordinator = person_with(session, Role.REGIONAL_COORDINATOR, make_alliance(session, ward.organisation))
    version_id = ward.cohort.programme_version_id
    mine = {one.cohort_id: one for one in followers_of(session, duties(session, ward.lead), version_id)}
    theirs = {one.cohort_id: one for one in followers_of(session, duties(session, coordinator), version_id)}
    assert mine[ward.cohort.id].trainees == len(mine[ward.cohort.id].people) == 1
    assert (theirs[ward.cohort.id].trainees, theirs[ward.cohort.id].people) == (None, ())


def listed(session: Session, ward: Ward) -> set[UUID]:
    found = followers_of(session, duties(session, ward.lead), ward.cohort.programme_version_id)
    return {one.cohort_id for one in found}


def test_a_cohort_that_is_over_is_not_listed_unless_somebody_still_follows_the_version(
    ward: Ward, session: Session
) -> None:
    ward.cohort.planned_end_on = TODAY - timedelta(days=1)
    session.flush()
    assert listed(session, ward) == {ward.cohort.id}
    ward.enrolment.ended_on, ward.enrolment.end_reason = TODAY - timedelta(days=1), EndReason.COMPLETED
    session.flush()
    assert listed(session, ward) == set()


def test_nobody_on_a_version_is_said_in_words(session: Session, client_of: ClientOf) -> None:
    version = programme_version(session, "imagine2")
    coordinator = person_with(session, Role.REGIONAL_COORDINATOR, make_alliance(session))
    page = client_of(coordinator).get(f"/programmes/{version.id}/retirement")
    assert "No cohort runs on it, and nobody follows it." in page.text
