"""Accreditations: dated facts of a place, kept by its administrator."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from competencies.errors import RuleBroken
from lms.accounts.models import User
from lms.core.audit import trail_of
from lms.organisations import actions
from lms.organisations.models import Accreditation, Department
from lms.organisations.queries import accredited_for
from tests.factories import NOW, TODAY, Ward, make_department, make_organisation
from tests.pages import Browser

ClientOf = Callable[[User | None], Browser]
DAY = timedelta(days=1)
TRANSPLANT = "transplant_accreditation"


@pytest.fixture
def ward(session: Session) -> Ward:
    return Ward(session)


def accredit(
    session: Session,
    ward: Ward,
    department: Department | None = None,
    *,
    since: date = TODAY,
    until: date | None = None,
    attribute: str = TRANSPLANT,
) -> Accreditation:
    return actions.record_accreditation(
        session,
        ward.organisation,
        department,
        attribute=attribute,
        proof="JACIE 123",
        since=since,
        until=until,
        by=ward.administrator,
        at=NOW,
    )


@pytest.mark.parametrize(
    ("since", "until", "holds"),
    [
        (TODAY, None, True),
        (TODAY, TODAY, True),
        (TODAY - 9 * DAY, TODAY, True),
        (TODAY + DAY, None, False),
        (TODAY - 9 * DAY, TODAY - DAY, False),
    ],
    ids=["from that day", "that day only", "its last day", "from the next day", "until the day before"],
)
def test_an_accreditation_holds_on_its_days_both_ends_included(
    session: Session, ward: Ward, since: date, until: date | None, holds: bool
) -> None:
    accredit(session, ward, since=since, until=until)
    assert (TRANSPLANT in accredited_for(session, ward.department, on=TODAY)) is holds


def test_that_of_a_department_is_not_that_of_its_neighbours(session: Session, ward: Ward) -> None:
    neighbour = make_department(session, ward.organisation)
    elsewhere = make_department(session, make_organisation(session))
    accredit(session, ward, ward.department)
    places = (ward.department, neighbour, elsewhere)
    assert [bool(accredited_for(session, place, on=TODAY)) for place in places] == [True, False, False]
    accredit(session, ward)
    assert [bool(accredited_for(session, place, on=TODAY)) for place in places] == [True, True, False]


@pytest.mark.parametrize(
    ("since", "until"),
    [(TODAY, None), (TODAY - DAY, TODAY), (TODAY + 9 * DAY, None), (TODAY + 10 * DAY, TODAY + 20 * DAY)],
)
def test_the_same_one_is_not_held_twice_in_one_day(
    session: Session, ward: Ward, since: date, until: date | None
) -> None:
    accredit(session, ward, since=TODAY, until=TODAY + 10 * DAY)
    with pytest.raises(RuleBroken, match="accreditation_held"):
        accredit(session, ward, since=since, until=until)


def test_it_may_be_held_again_for_another_part_for_something_else_and_afterwards(session: Session, ward: Ward) -> None:
    accredit(session, ward, until=TODAY + 10 * DAY)
    accredit(session, ward, ward.department)
    accredit(session, ward, attribute="other")
    accredit(session, ward, since=TODAY + 11 * DAY)


def test_it_does_not_end_before_it_starts(session: Session, ward: Ward) -> None:
    with pytest.raises(RuleBroken, match="accreditation_dates"):
        accredit(session, ward, until=TODAY - DAY)


def test_an_end_is_set_once_and_recorded(session: Session, ward: Ward) -> None:
    held = accredit(session, ward, since=TODAY - DAY)
    actions.end_accreditation(session, held, on=TODAY, by=ward.administrator, at=NOW)
    assert held.ends_on == TODAY
    with pytest.raises(RuleBroken, match="accreditation_ended"):
        actions.end_accreditation(session, held, on=TODAY, by=ward.administrator, at=NOW)
    trail = trail_of(session, subject=ward.organisation.id, target=held.id)
    assert [one.action for one in trail] == ["accreditation.recorded", "accreditation.ended"]
    assert trail[1].facts["before"]["ends_on"] is None
    assert trail[1].facts["after"]["ends_on"] == str(TODAY)


def test_one_that_was_to_begin_later_is_taken_back_and_kept_in_the_audit(session: Session, ward: Ward) -> None:
    held = accredit(session, ward, since=TODAY + DAY)
    actions.end_accreditation(session, held, on=TODAY, by=ward.administrator, at=NOW)
    session.flush()
    assert session.scalars(select(Accreditation)).all() == []
    last = trail_of(session, subject=ward.organisation.id, target=held.id)[-1]
    assert (last.action, last.facts["before"]["proof"]) == ("accreditation.cancelled", "JACIE 123")


def test_an_administrator_records_one_on_the_page_and_ends_it(
    session: Session, ward: Ward, client_of: ClientOf
) -> None:
    browser, path = client_of(ward.administrator), f"/organisations/{ward.organisation.id}/accreditations"
    page = browser.get(path)
    assert "No accreditation is recorded here yet." in page.text
    page = browser.send(page, {"proof": "JACIE 123", "place": str(ward.department.id)}, action="/accreditations")
    row = f"Accredited transplant centre {ward.department.name} JACIE 123 20 Nov 2026"
    assert row in page.text
    held = session.scalars(select(Accreditation)).one()
    assert (held.attribute, held.department_id) == (TRANSPLANT, ward.department.id)
    page = browser.send(page, action=f"/{held.id}/end")
    assert f"{row} 20 Nov 2026" in page.text
    assert "The accreditation ends today." in page.text


def test_a_wrong_one_is_refused_at_its_field_and_what_was_typed_is_kept(
    session: Session, ward: Ward, client_of: ClientOf
) -> None:
    browser, path = client_of(ward.administrator), f"/organisations/{ward.organisation.id}/accreditations"
    typed = {"proof": "JACIE 9", "starts_on": "2026-11-20", "ends_on": "2026-11-01"}
    page = browser.send(browser.get(path), typed, status=422)
    assert "The accreditation would end on 1 November 2026, before it starts on 20 November 2026." in page.text
    assert page.filled(page.form(), {})["proof"] == ["JACIE 9"]
    again = browser.send(browser.get(path), {"proof": ""}, status=422)
    assert "Fill this in." in again.text


def test_others_read_the_page_and_find_no_form(ward: Ward, client_of: ClientOf) -> None:
    page = client_of(ward.trainer).get(f"/organisations/{ward.organisation.id}/accreditations")
    assert "Record an accreditation" not in page.text
