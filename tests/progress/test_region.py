"""What a region sees of the cohorts of its members: numbers, and no people."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from competencies.people import EndReason, Role
from lms.accounts.models import User
from lms.organisations.models import Alliance
from lms.organisations.permissions import Duties, duties_of
from lms.progress.queries import regional_cohorts
from tests.factories import TODAY, Ward, make_alliance, make_cohort, person_with
from tests.moves.examples import Moving, with_cohort
from tests.moves.test_actions import way_back
from tests.progress.history import decided

DAY = timedelta(days=1)


@pytest.fixture
def ward(session: Session) -> Ward:
    return Ward(session)


def duties(user: User) -> Duties:
    return duties_of(user.id, on=TODAY)


@pytest.fixture
def alliance(session: Session, ward: Ward) -> Alliance:
    return make_alliance(session, ward.organisation)


def test_a_region_counts_its_members_and_nobody_else(session: Session, ward: Ward, alliance: Alliance) -> None:
    other = Ward(session)
    coordinator = person_with(session, Role.REGIONAL_COORDINATOR, alliance)
    rows = regional_cohorts(session, duties(coordinator))
    assert [row.cohort_id for row in rows] == [ward.cohort.id]
    assert other.cohort.id not in {row.cohort_id for row in rows}
    assert rows[0].organisation == ward.organisation.name
    assert rows[0].trainees is None, "one trainee is nobody's number but their own"


def test_a_region_does_not_learn_what_became_of_the_few_people_of_a_cohort(
    session: Session, ward: Ward, alliance: Alliance
) -> None:
    coordinator = person_with(session, Role.REGIONAL_COORDINATOR, alliance)
    small = regional_cohorts(session, duties(coordinator))[0]
    assert (small.trainees, small.active, small.ended, small.decisions_in_force) == (None, None, None, None)
    for _ in range(9):
        ward.fellow(session)
    large = regional_cohorts(session, duties(coordinator))[0]
    assert (large.trainees, large.active, large.ended, large.decisions_in_force) == (10, 10, 0, 0)
    ward.enrolment.ended_on, ward.enrolment.end_reason = TODAY - DAY, EndReason.COMPLETED
    session.flush()
    one_left = regional_cohorts(session, duties(coordinator))[0]
    assert (one_left.active, one_left.ended) == (None, None)


def test_a_region_counts_a_declaration_that_holds_on_for_the_epas_where_it_holds_now(session: Session) -> None:
    ward = Moving(session)
    coordinator = person_with(session, Role.REGIONAL_COORDINATOR, make_alliance(session, ward.organisation))
    for _ in range(9):
        ward.fellow(session)
    for same_split_dropped in ("onc-k1", "onc-k2", "onc-k5"):
        decided(session, ward, same_split_dropped, "4")
    ward.publish(session)
    ward.moved(session)
    assert [row.decisions_in_force for row in regional_cohorts(session, duties(coordinator))] == [4]


def test_a_region_counts_no_more_what_is_overtaken_after_a_move_back(session: Session) -> None:
    ward = Moving(session)
    coordinator = person_with(session, Role.REGIONAL_COORDINATOR, make_alliance(session, ward.organisation))
    for _ in range(4):
        ward.fellow(session)
    ward.publish(session)
    ward.moved(session)
    decided(session, ward, ward.epa(session, "onc-k1"), "2", on=TODAY + 6 * DAY)
    ward.moved(session, way_back(session, ward, {}))
    ward.enrolment = with_cohort(session, ward.enrolment)
    decided(session, ward, ward.epa(session, "onc-k1", ward.old), "5")
    for on in (TODAY, TODAY + 6 * DAY):
        (row,) = regional_cohorts(session, duties_of(coordinator.id, on=on))
        assert row.decisions_in_force == 1


def test_a_region_counts_the_declaration_before_one_that_is_still_to_begin(session: Session) -> None:
    ward = Moving(session)
    coordinator = duties(person_with(session, Role.REGIONAL_COORDINATOR, make_alliance(session, ward.organisation)))
    for _ in range(4):
        ward.fellow(session)
    decided(session, ward, "onc-k1", "4")
    decided(session, ward, "onc-k1", "5", on=TODAY + DAY)
    assert [row.decisions_in_force for row in regional_cohorts(session, coordinator)] == [1]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.REGIONAL_COORDINATOR])
def test_only_a_regional_coordinator_sees_the_region(
    session: Session, ward: Ward, alliance: Alliance, role: Role
) -> None:
    person = person_with(session, role, ward.organisation)
    assert regional_cohorts(session, duties(person)) == []


def test_the_region_takes_one_statement(
    session: Session, ward: Ward, alliance: Alliance, statements: list[str]
) -> None:
    coordinator = person_with(session, Role.REGIONAL_COORDINATOR, alliance)
    make_cohort(session, ward.organisation, ward.lead)
    asked = duties(coordinator)
    session.expunge_all()
    statements.clear()
    rows = regional_cohorts(session, asked)
    assert {row.trainees for row in rows} == {None, 0}
    assert len(statements) == 1
