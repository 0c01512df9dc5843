"""Who may write in cohorts."""

from uuid import uuid4

import pytest

from competencies.people import Role
from lms.cohorts.models import Cohort, Enrolment, EnrolmentTrainer
from lms.cohorts.permissions import (
    can_change_cohort,
    can_change_enrolment,
    can_create_cohorts,
    can_read_trail,
    is_guided_by,
)
from lms.organisations.permissions import Duties
from tests.factories import START, TODAY

HERE, ELSEWHERE, ME, SOMEBODY = uuid4(), uuid4(), uuid4(), uuid4()


def duties(role: Role | None, place: object = HERE) -> Duties:
    return Duties(ME, TODAY, frozenset({(role, place)} if role else set()))  # type: ignore[arg-type]


def enrolment(*, trainee: object = SOMEBODY, lead: object = SOMEBODY) -> Enrolment:
    return Enrolment(starts_on=START, cohort=Cohort(organisation_id=HERE, lead_id=lead), trainee_id=trainee)


@pytest.mark.parametrize("role", [None, *Role])
@pytest.mark.parametrize("place", [HERE, ELSEWHERE])
def test_only_a_programme_lead_of_the_organisation_changes_cohort_and_enrolment(
    role: Role | None, place: object
) -> None:
    person = duties(role, place)
    allowed = role is Role.PROGRAMME_LEAD and place == HERE
    assert can_change_cohort(person, enrolment().cohort) is allowed
    assert can_change_enrolment(person, enrolment()) is allowed
    assert can_create_cohorts(person) is (role is Role.PROGRAMME_LEAD)


def test_nobody_changes_the_own_enrolment() -> None:
    assert not can_change_enrolment(duties(Role.PROGRAMME_LEAD), enrolment(trainee=ME))


@pytest.mark.parametrize("role", [None, *Role])
@pytest.mark.parametrize("place", [HERE, ELSEWHERE])
def test_leads_committee_members_and_auditors_of_the_organisation_read_the_trail(
    role: Role | None, place: object
) -> None:
    readers = {Role.PROGRAMME_LEAD, Role.COMMITTEE_MEMBER, Role.AUDITOR}
    assert can_read_trail(duties(role, place), enrolment()) is (role in readers and place == HERE)


def test_who_leads_the_cohort_reads_its_trail_only_with_a_role_in_its_organisation() -> None:
    assert can_read_trail(duties(Role.PROGRAMME_LEAD), enrolment(lead=ME))
    assert not can_read_trail(duties(Role.PROGRAMME_LEAD, ELSEWHERE), enrolment(lead=ME))
    assert not can_read_trail(duties(Role.TRAINER), enrolment(lead=ME))


def test_who_is_named_as_trainer_on_the_day_guides() -> None:
    guided = enrolment()
    guided.trainers = [EnrolmentTrainer(trainer_id=ME, starts_on=START, ends_on=TODAY)]
    assert is_guided_by(duties(None), guided)
    guided.trainers = [EnrolmentTrainer(trainer_id=ME, starts_on=START, ends_on=START)]
    assert not is_guided_by(duties(None), guided)
    guided.trainers = [EnrolmentTrainer(trainer_id=ME, starts_on=START, ends_on=None)]
    guided.ended_on = START
    assert not is_guided_by(duties(None), guided)
    guided.ended_on = None
    guided.trainers = [EnrolmentTrainer(trainer_id=SOMEBODY, starts_on=START, ends_on=None)]
    assert not is_guided_by(duties(None), guided)
