"""Who sees which cohorts and enrolments: role by place by day, on the real database."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from competencies.people import EndReason, Role
from lms.accounts.models import User
from lms.cohorts import queries
from lms.cohorts.models import EnrolmentTrainer
from lms.organisations.models import Organisation
from lms.organisations.permissions import Duties, duties_of
from tests.factories import (
    START,
    TODAY,
    Ward,
    enrol,
    give_role,
    make_alliance,
    make_cohort,
    make_department,
    make_organisation,
    make_user,
    person_with,
)

READERS = {Role.PROGRAMME_LEAD, Role.COMMITTEE_MEMBER, Role.AUDITOR}
OF_ORGANISATIONS = [role for role in Role if role is not Role.REGIONAL_COORDINATOR]
YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture
def ward(session: Session) -> Ward:
    return Ward(session)


def duties(user: User) -> Duties:
    return duties_of(user.id, on=TODAY)


def sees(session: Session, user: User, ward: Ward) -> tuple[bool, bool]:
    """Whether a person sees the cohort, and whether they see the enrolment."""
    cohorts = session.scalars(queries.visible_cohorts(duties(user))).all()
    enrolments = session.scalars(queries.visible_enrolments(duties(user))).all()
    assert (queries.one_cohort(session, duties(user), ward.cohort.id) in cohorts) is (ward.cohort in cohorts)
    found = queries.one_enrolment(session, duties(user), ward.enrolment.id)
    assert (found is not None) is (ward.enrolment in enrolments)
    return ward.cohort in cohorts, ward.enrolment in enrolments


@pytest.mark.parametrize("role", OF_ORGANISATIONS)
def test_a_role_in_the_own_organisation_shows_what_it_should(session: Session, ward: Ward, role: Role) -> None:
    person = person_with(session, role, ward.organisation)
    assert sees(session, person, ward) == (role in READERS, role in READERS)


@pytest.mark.parametrize("role", OF_ORGANISATIONS)
def test_a_role_in_another_organisation_shows_nothing(session: Session, ward: Ward, role: Role) -> None:
    elsewhere = make_organisation(session)
    make_alliance(session, ward.organisation, elsewhere)
    assert sees(session, person_with(session, role, elsewhere), ward) == (False, False)


@pytest.mark.parametrize("role", sorted(READERS))
@pytest.mark.parametrize(
    ("starts_on", "ends_on", "seen"),
    [
        (START, YESTERDAY, False),
        (START, TODAY, True),
        (TODAY, None, True),
        (TODAY + timedelta(days=1), None, False),
    ],
)
def test_a_role_shows_only_on_its_days(
    session: Session, ward: Ward, role: Role, starts_on: object, ends_on: object, seen: bool
) -> None:
    person = make_user(session)
    give_role(session, person, role, ward.organisation, starts_on=starts_on, ends_on=ends_on)  # type: ignore[arg-type]
    assert sees(session, person, ward) == (seen, seen)


def test_a_regional_coordinator_sees_no_cohort_and_no_enrolment(session: Session, ward: Ward) -> None:
    alliance = make_alliance(session, ward.organisation)
    assert sees(session, person_with(session, Role.REGIONAL_COORDINATOR, alliance), ward) == (False, False)


def test_a_trainee_sees_the_own_enrolment_and_not_that_of_a_fellow(session: Session, ward: Ward) -> None:
    fellow = ward.fellow(session)
    assert sees(session, ward.trainee, ward) == (False, True)
    assert sees(session, fellow, ward) == (False, False)


def test_a_trainee_keeps_seeing_an_enrolment_that_ended(session: Session, ward: Ward) -> None:
    end(session, ward)
    assert sees(session, ward.trainee, ward) == (False, True)


def end(session: Session, ward: Ward) -> None:
    ward.enrolment.ended_on, ward.enrolment.end_reason = YESTERDAY, EndReason.COMPLETED
    session.flush()


def test_a_trainer_sees_whom_they_guide(session: Session, ward: Ward) -> None:
    other = person_with(session, Role.TRAINER, ward.organisation)
    assert sees(session, ward.trainer, ward) == (False, True)
    assert sees(session, other, ward) == (False, False)


@pytest.mark.parametrize(
    ("first", "last", "seen"), [(-9, -1, False), (-9, 0, True), (0, 0, True), (0, None, True), (1, None, False)]
)
def test_a_trainer_sees_only_on_the_days_of_guidance(
    session: Session, ward: Ward, first: int, last: int | None, seen: bool
) -> None:
    person = person_with(session, Role.TRAINER, ward.organisation)
    ends_on = None if last is None else TODAY + timedelta(days=last)
    session.add(
        EnrolmentTrainer(
            enrolment_id=ward.enrolment.id,
            trainer_id=person.id,
            starts_on=TODAY + timedelta(days=first),
            ends_on=ends_on,
        )
    )
    session.flush()
    assert sees(session, person, ward) == (False, seen)
    guided = queries.guided_enrolments(session, person.id, on=TODAY)
    assert (ward.enrolment in guided) is seen
    assert (person in queries.current_trainers(session, ward.enrolment.id, on=TODAY)) is seen


def test_a_trainer_no_longer_sees_an_enrolment_that_ended(session: Session, ward: Ward) -> None:
    end(session, ward)
    assert sees(session, ward.trainer, ward) == (False, False)


def guide(session: Session, ward: Ward, place: Organisation, *, role_ended: bool = False) -> User:
    """Return a trainer of a place who is named as trainer of the enrolment."""
    person = make_user(session)
    give_role(session, person, Role.TRAINER, place, ends_on=YESTERDAY if role_ended else None)
    session.add(EnrolmentTrainer(enrolment_id=ward.enrolment.id, trainer_id=person.id, starts_on=START))
    session.flush()
    return person


def test_who_lost_the_role_of_trainer_lost_the_sight(session: Session, ward: Ward) -> None:
    person = guide(session, ward, ward.organisation, role_ended=True)
    assert sees(session, person, ward) == (False, False)
    assert person not in queries.current_trainers(session, ward.enrolment.id, on=TODAY)


@pytest.mark.parametrize(("allied_until", "seen"), [(None, True), (TODAY, True), (YESTERDAY, False), ("never", False)])
def test_a_trainer_of_another_organisation_sees_while_the_two_are_allied(
    session: Session, ward: Ward, allied_until: object, seen: bool
) -> None:
    elsewhere = make_organisation(session)
    if allied_until != "never":
        make_alliance(session, ward.organisation, elsewhere, ends_on=allied_until)  # type: ignore[arg-type]
    person = guide(session, ward, elsewhere)
    assert sees(session, person, ward) == (False, seen)
    assert (person in queries.current_trainers(session, ward.enrolment.id, on=TODAY)) is seen


def test_a_closed_account_is_no_current_trainer(session: Session, ward: Ward) -> None:
    ward.trainer.disabled_at = ward.trainer.created_at
    session.flush()
    assert queries.current_trainers(session, ward.enrolment.id, on=TODAY) == [ward.second_trainer]


def test_who_leads_a_cohort_and_moved_on_sees_it_no_more(session: Session, ward: Ward) -> None:
    elsewhere = make_organisation(session)
    mover = person_with(session, Role.PROGRAMME_LEAD, elsewhere)
    leaver = make_user(session)
    for lead in (mover, leaver):
        ward.cohort.lead_id = lead.id
        session.flush()
        assert sees(session, lead, ward) == (False, False)


def test_one_enrolment_comes_with_all_that_its_pages_need(session: Session, ward: Ward, statements: list[str]) -> None:
    asked = duties(ward.trainer)
    session.expunge_all()
    statements.clear()
    one = queries.one_enrolment(session, asked, ward.enrolment.id)
    assert one is not None
    assert one.programme_version.programme.key == "oncologieverpleegkundige"
    assert one.cohort.organisation.name
    assert one.cohort.lead.name
    assert one.trainee.name
    assert one.department.name
    assert {guidance.trainer.name for guidance in one.trainers} == {ward.trainer.name, ward.second_trainer.name}
    assert len(statements) == 1


def test_enrolments_of_a_cohort_come_by_name_in_one_statement(
    session: Session, ward: Ward, statements: list[str]
) -> None:
    for _number in range(3):
        ward.fellow(session)
    cohort_id = ward.cohort.id
    session.expunge_all()
    statements.clear()
    rows = queries.enrolments_of_cohort(session, cohort_id)
    names = [one.trainee.name for one in rows]
    assert len(names) == 4
    assert {one.department.name for one in rows} == {ward.department.name}
    assert len(statements) == 1


def test_a_trainee_has_the_newest_enrolment_first(session: Session, ward: Ward) -> None:
    later = make_cohort(session, ward.organisation, ward.lead, starts_on=TODAY)
    enrol(session, later, ward.trainee, ward.department)
    rows = queries.enrolments_of_trainee(session, ward.trainee.id)
    assert [one.cohort_id for one in rows] == [later.id, ward.cohort.id]


def test_the_sizes_of_a_cohort_count_who_is_active_and_who_ended(session: Session, ward: Ward) -> None:
    enrol(session, ward.cohort, make_user(session), ward.department, starts_on=TODAY + timedelta(days=1))
    ward.fellow(session)
    end(session, ward)
    size = queries.sizes_of(session, [ward.cohort.id], on=TODAY)[ward.cohort.id]
    assert (size.trainees, size.active, size.ended) == (3, 1, 1)


def test_trainers_and_departments_near_a_cohort_come_with_their_organisation_the_own_first(
    session: Session, ward: Ward
) -> None:
    ally = make_organisation(session, "A hospital before")
    make_alliance(session, ward.organisation, ally)
    theirs, away = make_department(session, ally), make_department(session, make_organisation(session))
    visitor = person_with(session, Role.TRAINER, ally)
    trainers = queries.trainers_near(session, ward.cohort, on=TODAY)
    assert trainers[-1] == (visitor, ally)
    assert {user for user, place in trainers[:-1]} == {ward.trainer, ward.second_trainer}
    departments = queries.departments_near(session, ward.cohort, on=TODAY)
    assert departments == [ward.department, theirs]
    assert away not in departments
