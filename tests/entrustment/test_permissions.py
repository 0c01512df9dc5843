"""Who may decide: the predicate and the list of deciders say the same of everybody."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from competencies.people import EndReason, Role
from lms.accounts.models import User
from lms.cohorts.models import EnrolmentTrainer
from lms.entrustment.permissions import can_decide
from lms.entrustment.queries import deciders_of
from lms.organisations.permissions import duties_of
from tests.entrustment.examples import Laboratory
from tests.factories import (
    START,
    TODAY,
    give_role,
    make_alliance,
    make_department,
    make_organisation,
    make_user,
    person_with,
)

YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture
def ward(session: Session) -> Laboratory:
    return Laboratory(session)


def decides(session: Session, ward: Laboratory, person: User) -> bool:
    session.expire(ward.enrolment)
    enrolment = ward.loaded(session)
    allowed = can_decide(duties_of(person.id, on=TODAY), enrolment)
    assert (person in deciders_of(session, enrolment, on=TODAY)) is allowed
    return allowed


def guide(session: Session, ward: Laboratory, person: User, *, last: int | None = None) -> None:
    ends_on = None if last is None else TODAY + timedelta(days=last)
    session.add(
        EnrolmentTrainer(enrolment_id=ward.enrolment.id, trainer_id=person.id, starts_on=START, ends_on=ends_on)
    )
    session.flush()


@pytest.mark.parametrize(
    ("who", "allowed"),
    [
        ("trainer", True),
        ("second_trainer", True),
        ("committee_member", True),
        ("lead", False),
        ("administrator", False),
        ("auditor", False),
        ("trainee", False),
    ],
)
def test_current_trainers_and_committee_members_decide(
    session: Session, ward: Laboratory, who: str, allowed: bool
) -> None:
    assert decides(session, ward, getattr(ward, who)) is allowed


def test_a_trainer_of_the_house_who_does_not_guide_does_not_decide(session: Session, ward: Laboratory) -> None:
    assert not decides(session, ward, person_with(session, Role.TRAINER, ward.organisation))


@pytest.mark.parametrize(("last", "allowed"), [(-1, False), (0, True), (None, True)])
def test_a_trainer_decides_up_to_the_last_day_of_guidance(
    session: Session, ward: Laboratory, last: int | None, allowed: bool
) -> None:
    person = person_with(session, Role.TRAINER, ward.organisation)
    guide(session, ward, person, last=last)
    assert decides(session, ward, person) is allowed


def test_who_guides_without_the_role_today_does_not_decide(session: Session, ward: Laboratory) -> None:
    person = make_user(session)
    give_role(session, person, Role.TRAINER, ward.organisation, ends_on=YESTERDAY)
    guide(session, ward, person)
    assert not decides(session, ward, person)


def test_a_trainer_of_the_department_decides_and_one_of_a_third_organisation_does_not(
    session: Session, ward: Laboratory
) -> None:
    host, third = make_organisation(session), make_organisation(session)
    make_alliance(session, ward.organisation, host, third)
    ward.enrolment.department_id = make_department(session, host).id
    session.flush()
    of_host, of_third = person_with(session, Role.TRAINER, host), person_with(session, Role.TRAINER, third)
    guide(session, ward, of_host)
    guide(session, ward, of_third)
    assert decides(session, ward, of_host)
    assert not decides(session, ward, of_third)
    assert decides(session, ward, ward.trainer)


def test_after_the_end_of_an_enrolment_only_the_committee_decides(session: Session, ward: Laboratory) -> None:
    ward.enrolment.ended_on, ward.enrolment.end_reason = YESTERDAY, EndReason.COMPLETED
    session.flush()
    assert not decides(session, ward, ward.trainer)
    assert decides(session, ward, ward.committee_member)


def test_a_committee_member_elsewhere_does_not_decide(session: Session, ward: Laboratory) -> None:
    assert not decides(session, ward, person_with(session, Role.COMMITTEE_MEMBER, make_organisation(session)))


def test_a_trainee_with_the_right_roles_does_not_decide_about_themselves(session: Session, ward: Laboratory) -> None:
    give_role(session, ward.trainee, Role.COMMITTEE_MEMBER, ward.organisation)
    give_role(session, ward.trainee, Role.TRAINER, ward.organisation)
    assert not decides(session, ward, ward.trainee)
