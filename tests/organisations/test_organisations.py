"""Organisations, alliances and dated roles: what is stored, who reads it, who keeps it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from competencies.errors import RuleBroken
from competencies.people import OrganisationKind, Role
from lms.accounts.models import User
from lms.core.audit import trail_of
from lms.organisations import actions, queries
from lms.organisations.models import RoleAssignment
from lms.organisations.permissions import Duties, duties_of
from tests.factories import (
    NOW,
    TODAY,
    Ward,
    give_role,
    make_alliance,
    make_organisation,
    make_user,
    person_with,
)
from tests.pages import Browser

ClientOf = Callable[[User | None], Browser]
DAY = timedelta(days=1)


def duties(session: Session, user: User, on: date = TODAY) -> Duties:
    return duties_of(user.id, on=on)


def test_a_role_holds_on_its_first_and_its_last_day_and_not_around_them(session: Session) -> None:
    organisation, user = make_organisation(session), make_user(session)
    give_role(session, user, Role.TRAINER, organisation, starts_on=TODAY, ends_on=TODAY + 7 * DAY)
    held = [duties(session, user, TODAY + n * DAY).holds(Role.TRAINER, organisation.id) for n in (-1, 0, 7, 8)]
    assert held == [False, True, True, False]


def test_one_person_holds_several_roles_in_several_organisations_at_once(session: Session) -> None:
    here, there, user = make_organisation(session), make_organisation(session), make_user(session)
    give_role(session, user, Role.TRAINER, here)
    give_role(session, user, Role.TRAINEE, there)
    give_role(session, user, Role.COMMITTEE_MEMBER, there)
    held = duties(session, user)
    assert held.places(Role.TRAINER) == {here.id}
    assert held.places(Role.TRAINEE, Role.COMMITTEE_MEMBER) == {there.id}
    assert not held.has(Role.PROGRAMME_LEAD)


def test_the_same_role_is_not_held_twice_at_once(session: Session) -> None:
    organisation, user = make_organisation(session), make_user(session)
    give = partial(actions.give_role, session, user, organisation_id=organisation.id, since=TODAY, by=None, at=NOW)
    give(Role.TRAINER)
    with pytest.raises(RuleBroken, match="role_held"):
        give(Role.TRAINER)


def test_a_role_does_not_end_before_it_starts(session: Session) -> None:
    organisation, user = make_organisation(session), make_user(session)
    with pytest.raises(RuleBroken, match="role_dates"):
        actions.give_role(
            session,
            user,
            Role.TRAINER,
            organisation_id=organisation.id,
            since=TODAY,
            until=TODAY - DAY,
            by=None,
            at=NOW,
        )


@pytest.mark.parametrize("role", list(Role))
def test_the_database_holds_that_each_role_is_held_in_the_right_kind_of_place(session: Session, role: Role) -> None:
    organisation, user = make_organisation(session), make_user(session)
    alliance = make_alliance(session, organisation)
    wrong = organisation if role is Role.REGIONAL_COORDINATOR else alliance
    with pytest.raises(IntegrityError, match="place_fits_role"):
        give_role(session, user, role, wrong)


def test_ending_a_role_keeps_it_on_record_with_who_ended_it(session: Session) -> None:
    ward = Ward(session)
    assignment = session.scalars(select(RoleAssignment).where(RoleAssignment.user_id == ward.trainer.id)).one()
    actions.end_role(session, assignment, on=TODAY, by=ward.administrator, at=NOW)
    (entry,) = trail_of(session, subject=ward.trainer.id)
    assert (entry.action, entry.actor_id, entry.target_id) == ("role.ended", ward.administrator.id, assignment.id)
    assert entry.facts["after"]["ends_on"] == str(TODAY)


@pytest.mark.parametrize("ended_on", [TODAY - 30 * DAY, TODAY])
def test_a_role_that_ended_cannot_be_ended_again_and_so_be_held_once_more(session: Session, ended_on: date) -> None:
    ward, person = Ward(session), make_user(session)
    give_role(session, person, Role.COMMITTEE_MEMBER, ward.organisation, ends_on=ended_on)
    assignment = session.scalars(select(RoleAssignment).where(RoleAssignment.user_id == person.id)).one()
    with pytest.raises(RuleBroken, match="role_ended"):
        actions.end_role(session, assignment, on=TODAY, by=ward.administrator, at=NOW)
    assert assignment.ends_on == ended_on


def test_a_coordinator_sees_the_members_of_the_alliance_as_long_as_they_are(session: Session) -> None:
    member, former, stranger = (make_organisation(session) for _ in range(3))
    alliance = make_alliance(session, member)
    make_alliance(session, former, ends_on=TODAY - DAY)
    coordinator = person_with(session, Role.REGIONAL_COORDINATOR, alliance)
    seen = queries.organisations_visible(session, duties(session, coordinator))
    assert seen == [member]
    assert stranger not in seen


def test_people_are_found_by_role_place_and_day(session: Session) -> None:
    organisation, elsewhere = make_organisation(session), make_organisation(session)
    first, later, closed = (make_user(session) for _ in range(3))
    give_role(session, first, Role.TRAINER, organisation)
    give_role(session, later, Role.TRAINER, organisation, starts_on=TODAY + DAY)
    give_role(session, closed, Role.TRAINER, organisation)
    give_role(session, make_user(session), Role.TRAINER, elsewhere)
    closed.disabled_at = NOW
    session.flush()
    assert queries.people_holding(session, Role.TRAINER, [organisation.id], on=TODAY) == [first]


def test_the_administrator_adds_a_department_and_it_is_audited(client_of: ClientOf, session: Session) -> None:
    ward = Ward(session)
    browser = client_of(ward.administrator)
    path = f"/organisations/{ward.organisation.id}"
    page = browser.send(browser.get(path), {"name": "Cardiology"}, action="/departments")
    assert "Cardiology" in page.text
    again = browser.send(page, {"name": "Cardiology"}, action="/departments", status=422)
    assert "already" in again.text
    assert [entry.action for entry in trail_of(session, subject=ward.organisation.id)] == ["department.added"]


def test_the_administrator_gives_a_role_and_ends_it(client_of: ClientOf, session: Session) -> None:
    ward = Ward(session)
    newcomer = make_user(session, "Newcomer")
    browser = client_of(ward.administrator)
    page = browser.get(f"/organisations/{ward.organisation.id}")
    given = browser.send(page, {"email": newcomer.email, "role": "trainer", "starts_on": str(TODAY)}, action="/roles")
    assert newcomer.name in given.text
    assignment = session.scalars(select(RoleAssignment).where(RoleAssignment.user_id == newcomer.id)).one()
    browser.post(f"/organisations/{ward.organisation.id}/roles/{assignment.id}/end")
    session.refresh(assignment)
    assert assignment.ends_on == TODAY


def test_a_role_for_nobody_we_know_is_refused_with_what_was_typed(client_of: ClientOf, session: Session) -> None:
    ward = Ward(session)
    browser = client_of(ward.administrator)
    page = browser.get(f"/organisations/{ward.organisation.id}")
    typed = {"email": "nobody@test.example.org", "role": "trainer", "starts_on": str(TODAY)}
    refused = browser.send(page, typed, action="/roles", status=422)
    assert "Nobody has an account" in refused.text
    assert "nobody@test.example.org" in refused.source


@pytest.mark.parametrize("reader", ["trainee", "trainer", "committee_member"])
def test_who_holds_which_role_is_not_for_everybody(client_of: ClientOf, session: Session, reader: str) -> None:
    ward = Ward(session)
    page = client_of(getattr(ward, reader)).get(f"/organisations/{ward.organisation.id}")
    assert ward.auditor.name not in page.text


def test_an_organisation_of_others_does_not_exist_for_you(client_of: ClientOf, session: Session) -> None:
    ward, other = Ward(session), Ward(session)
    client_of(ward.administrator).get(f"/organisations/{other.organisation.id}", status=404)
    client_of(ward.auditor).post(f"/organisations/{ward.organisation.id}/departments", {"name": "x"}, status=403)


def test_an_alliance_shows_its_members_with_their_dates(client_of: ClientOf, session: Session) -> None:
    ward = Ward(session)
    partner = make_organisation(session, "Ambulance", OrganisationKind.AMBULANCE_SERVICE)
    alliance = make_alliance(session, ward.organisation, partner)
    page = client_of(ward.lead).get(f"/alliances/{alliance.id}")
    assert partner.name in page.text
    client_of(Ward(session).lead).get(f"/alliances/{alliance.id}", status=404)


def test_nobody_gives_themselves_a_role(session: Session) -> None:
    ward = Ward(session)
    with pytest.raises(RuleBroken, match="own_role"):
        actions.give_role(
            session,
            ward.administrator,
            Role.COMMITTEE_MEMBER,
            organisation_id=ward.organisation.id,
            since=TODAY,
            by=ward.administrator.id,
            at=NOW,
        )


def test_a_role_taken_back_before_it_began_never_holds_and_stays_on_record(session: Session) -> None:
    ward = Ward(session)
    user = make_user(session)
    later = give_role(session, user, Role.COMMITTEE_MEMBER, ward.organisation, starts_on=TODAY + 5 * DAY)
    actions.end_role(session, later, on=TODAY, by=ward.administrator, at=NOW)
    session.flush()
    assert not duties(session, user, TODAY + 5 * DAY).has(Role.COMMITTEE_MEMBER)
    (entry,) = trail_of(session, subject=user.id)
    assert (entry.action, entry.facts["before"]["role"]) == ("role.cancelled", "committee_member")
