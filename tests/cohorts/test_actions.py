"""The rules of cohorts, enrolments and guidance, on the real database."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from competencies.errors import RuleBroken
from competencies.people import EndReason, Role
from lms.accounts.models import User
from lms.cohorts import actions
from lms.cohorts.actions.plans import LONGEST, LOOK_AHEAD, LOOK_BACK, check_plan
from lms.cohorts.models import Cohort, Enrolment, EnrolmentTrainer
from lms.cohorts.queries import one_cohort, one_enrolment
from lms.cohorts.values import planned_end, tracks_of
from lms.core.audit import AuditEntry
from lms.organisations.models import RoleAssignment
from lms.organisations.permissions import duties_of
from tests.factories import (
    NOW,
    START,
    TODAY,
    Ward,
    make_alliance,
    make_department,
    make_organisation,
    make_user,
    person_with,
    programme_version,
)

A_YEAR_ON = START + timedelta(days=365)


@pytest.fixture
def ward(session: Session) -> Ward:
    return Ward(session)


@pytest.fixture
def cohort(session: Session, ward: Ward) -> Cohort:
    found = one_cohort(session, duties_of(ward.lead.id, on=TODAY), ward.cohort.id)
    assert found is not None
    return found


@pytest.fixture
def enrolment(session: Session, ward: Ward) -> Enrolment:
    found = one_enrolment(session, duties_of(ward.lead.id, on=TODAY), ward.enrolment.id)
    assert found is not None
    return found


@contextmanager
def refused(code: str) -> Iterator[None]:
    with pytest.raises(RuleBroken) as raised:
        yield
    assert raised.value.code == code


def entries(session: Session, subject: object) -> list[str]:
    """Return the audited actions about a subject, in order."""
    rows = select(AuditEntry.action).where(AuditEntry.subject_id == subject).order_by(AuditEntry.sequence)
    return list(session.scalars(rows))


@pytest.mark.parametrize(
    ("starts_on", "planned_end_on", "code"),
    [
        (TODAY, TODAY, "plan_dates"),
        (TODAY, TODAY - timedelta(days=1), "plan_dates"),
        (TODAY - LOOK_BACK - timedelta(days=1), TODAY, "plan_start_far"),
        (TODAY + LOOK_AHEAD + timedelta(days=1), TODAY + 2 * LOOK_AHEAD, "plan_start_far"),
        (TODAY, TODAY + LONGEST + timedelta(days=1), "plan_too_long"),
    ],
)
def test_dates_that_make_no_sense_are_refused(starts_on: date, planned_end_on: date, code: str) -> None:
    with refused(code):
        check_plan(starts_on, planned_end_on, on=TODAY)


@pytest.mark.parametrize(
    ("starts_on", "planned_end_on"),
    [
        (TODAY, TODAY + timedelta(days=1)),
        (TODAY - LOOK_BACK, TODAY),
        (TODAY + LOOK_AHEAD, TODAY + LOOK_AHEAD + LONGEST),
    ],
)
def test_dates_at_the_edge_are_accepted(starts_on: date, planned_end_on: date) -> None:
    check_plan(starts_on, planned_end_on, on=TODAY)


def create(session: Session, ward: Ward, *, programme: str = "oncologieverpleegkundige", **other: object) -> Cohort:
    facts: dict[str, object] = {
        "programme_version": programme_version(session, programme),
        "organisation": ward.organisation,
        "name": "New",
        "starts_on": TODAY,
        "planned_end_on": A_YEAR_ON,
        "lead": ward.lead,
        "by": ward.lead,
    }
    return actions.create_cohort(session, at=NOW, **(facts | other))  # type: ignore[arg-type]


def test_a_cohort_is_made_and_audited_with_itself_as_subject(session: Session, ward: Ward) -> None:
    made = create(session, ward)
    assert (made.version, made.lead_id, made.organisation_id) == (1, ward.lead.id, ward.organisation.id)
    assert entries(session, made.id) == ["cohort.created"]


def test_a_cohort_without_end_takes_the_length_of_the_programme(session: Session, ward: Ward) -> None:
    made = create(session, ward, programme="functielaborant", starts_on=date(2027, 2, 1), planned_end_on=None)
    assert made.planned_end_on == date(2029, 1, 31)


def test_a_programme_without_length_needs_a_planned_end(session: Session, ward: Ward) -> None:
    assert planned_end(programme_version(session, "medisch-leiderschap"), TODAY) is None
    with refused("planned_end_needed"):
        create(session, ward, programme="medisch-leiderschap", planned_end_on=None)


def test_a_name_is_used_once_in_an_organisation(session: Session, ward: Ward) -> None:
    with refused("cohort_exists"):
        create(session, ward, name=ward.cohort.name)


def test_only_a_programme_lead_of_the_organisation_leads(session: Session, ward: Ward) -> None:
    for stranger in (ward.trainer, person_with(session, Role.PROGRAMME_LEAD, make_organisation(session))):
        with refused("lead_not_allowed"):
            create(session, ward, lead=stranger)


def edit(session: Session, cohort: Cohort, ward: Ward, **other: object) -> None:
    facts: dict[str, object] = {
        "version": cohort.version,
        "name": cohort.name,
        "starts_on": cohort.starts_on,
        "planned_end_on": cohort.planned_end_on,
        "lead": cohort.lead,
    }
    actions.edit_cohort(session, cohort, by=ward.lead, at=NOW, **(facts | other))  # type: ignore[arg-type]


def test_a_cohort_is_changed_with_what_was_before_in_the_audit(session: Session, ward: Ward, cohort: Cohort) -> None:
    was = cohort.name
    edit(session, cohort, ward, name="Renamed")
    assert (cohort.name, cohort.version) == ("Renamed", 2)
    entry = session.scalars(select(AuditEntry).where(AuditEntry.subject_id == cohort.id)).one()
    assert (entry.facts["before"]["name"], entry.facts["after"]["name"]) == (was, "Renamed")


def test_a_cohort_at_an_older_version_is_not_changed(session: Session, ward: Ward, cohort: Cohort) -> None:
    with pytest.raises(StaleDataError):
        edit(session, cohort, ward, version=cohort.version - 1, name="Late")


def test_a_cohort_does_not_take_the_name_of_another(session: Session, ward: Ward, cohort: Cohort) -> None:
    taken = create(session, ward)
    with refused("cohort_exists"):
        edit(session, cohort, ward, name=taken.name)


def test_a_lead_who_lost_the_role_stays_until_another_is_named(session: Session, ward: Ward, cohort: Cohort) -> None:
    role = session.scalars(select(RoleAssignment).where(RoleAssignment.user_id == ward.lead.id)).one()
    role.ends_on = START
    session.flush()
    edit(session, cohort, ward, name="Renamed")
    with refused("lead_not_allowed"):
        edit(session, cohort, ward, lead=ward.trainer)


def enrol(session: Session, cohort: Cohort, ward: Ward, trainee: User, **other: object) -> Enrolment:
    facts: dict[str, object] = {
        "department": ward.department,
        "track": None,
        "starts_on": cohort.starts_on,
        "planned_end_on": cohort.planned_end_on,
        "by": ward.lead,
    }
    return actions.enrol(session, cohort, trainee=trainee, at=NOW, **(facts | other))  # type: ignore[arg-type]


def test_enrolling_gives_the_role_and_the_trainers_and_is_audited_with_the_trainee_as_subject(
    session: Session, ward: Ward, cohort: Cohort
) -> None:
    newcomer = make_user(session)
    made = enrol(session, cohort, ward, newcomer, trainers=[ward.trainer, ward.second_trainer])
    role = session.scalars(select(RoleAssignment).where(RoleAssignment.user_id == newcomer.id)).one()
    assert (role.role, role.organisation_id, role.ends_on) == (Role.TRAINEE, ward.organisation.id, None)
    guides = session.scalars(select(EnrolmentTrainer).where(EnrolmentTrainer.enrolment_id == made.id)).all()
    assert {(one.trainer_id, one.starts_on) for one in guides} == {
        (ward.trainer.id, made.starts_on),
        (ward.second_trainer.id, made.starts_on),
    }
    assert entries(session, newcomer.id) == ["enrolment.made", "role.given", *["enrolment.trainer_assigned"] * 2]


def test_who_is_trainee_there_already_keeps_the_one_role(session: Session, ward: Ward, cohort: Cohort) -> None:
    known = person_with(session, Role.TRAINEE, ward.organisation)
    enrol(session, cohort, ward, known)
    assert session.scalar(select(func.count()).where(RoleAssignment.user_id == known.id)) == 1


def test_nobody_is_in_a_cohort_twice(session: Session, ward: Ward, cohort: Cohort) -> None:
    with refused("trainee_enrolled"):
        enrol(session, cohort, ward, ward.trainee)


def test_nobody_enrols_themselves(session: Session, ward: Ward, cohort: Cohort) -> None:
    with refused("own_enrolment"):
        enrol(session, cohort, ward, ward.lead)


def test_a_closed_account_is_not_enrolled(session: Session, ward: Ward, cohort: Cohort) -> None:
    closed = make_user(session)
    closed.disabled_at = NOW
    with refused("account_closed"):
        enrol(session, cohort, ward, closed)


def test_nobody_starts_after_the_cohort_ends(session: Session, ward: Ward, cohort: Cohort) -> None:
    late = cohort.planned_end_on + timedelta(days=1)
    with refused("enrolment_after_cohort"):
        enrol(session, cohort, ward, make_user(session), starts_on=late, planned_end_on=late + timedelta(days=9))


def test_a_department_elsewhere_is_refused_until_the_two_are_allied(
    session: Session, ward: Ward, cohort: Cohort
) -> None:
    elsewhere = make_organisation(session)
    theirs = make_department(session, elsewhere)
    with refused("department_elsewhere"):
        enrol(session, cohort, ward, make_user(session), department=theirs)
    make_alliance(session, ward.organisation, elsewhere)
    assert enrol(session, cohort, ward, make_user(session), department=theirs).department is theirs


def test_a_track_must_be_of_the_programme(session: Session, ward: Ward, cohort: Cohort) -> None:
    with refused("track_unknown"):
        enrol(session, cohort, ward, make_user(session), track="lung_function")
    routed = create(session, ward, programme="functielaborant", starts_on=START)
    assert list(tracks_of(routed.programme_version)) == [
        "lung_function",
        "heart_function",
        "neurophysiology",
        "vascular_function",
    ]
    with refused("track_needed"):
        enrol(session, routed, ward, make_user(session))
    with refused("track_unknown"):
        enrol(session, routed, ward, make_user(session), track="else")
    assert enrol(session, routed, ward, make_user(session), track="lung_function").track == "lung_function"


def test_an_account_is_found_or_made(session: Session, ward: Ward) -> None:
    known, password = actions.account_for(session, email=ward.trainee.email, name="", by=ward.lead, at=NOW)
    assert (known, password) == (ward.trainee, None)
    with refused("name_needed"):
        actions.account_for(session, email="x@test.example.org", name="", by=ward.lead, at=NOW)
    made, password = actions.account_for(session, email="x@test.example.org", name="X", by=ward.lead, at=NOW)
    assert made.name == "X"
    assert password is not None
    assert len(password) >= 16


def change(session: Session, enrolment: Enrolment, ward: Ward, **other: object) -> None:
    facts: dict[str, object] = {
        "version": enrolment.version,
        "department": enrolment.department,
        "track": enrolment.track,
        "starts_on": enrolment.starts_on,
        "planned_end_on": enrolment.planned_end_on,
    }
    actions.change_enrolment(session, enrolment, by=ward.lead, at=NOW, **(facts | other))  # type: ignore[arg-type]


def test_an_enrolment_is_changed_and_audited(session: Session, ward: Ward, enrolment: Enrolment) -> None:
    other = make_department(session, ward.organisation)
    change(session, enrolment, ward, department=other)
    assert (enrolment.department_id, enrolment.version) == (other.id, 2)
    assert entries(session, ward.trainee.id) == ["enrolment.changed"]


def test_an_enrolment_at_an_older_version_is_not_changed(session: Session, ward: Ward, enrolment: Enrolment) -> None:
    with pytest.raises(StaleDataError):
        change(session, enrolment, ward, version=enrolment.version + 1)


def test_an_enrolment_that_ended_only_reopens(session: Session, ward: Ward, enrolment: Enrolment) -> None:
    with refused("enrolment_open"):
        actions.reopen_enrolment(session, enrolment, by=ward.lead, at=NOW)
    actions.end_enrolment(session, enrolment, on=TODAY, reason=EndReason.COMPLETED, by=ward.lead, at=NOW)
    with refused("enrolment_ended"):
        change(session, enrolment, ward)
    with refused("enrolment_ended"):
        actions.end_enrolment(session, enrolment, on=TODAY, reason=EndReason.COMPLETED, by=ward.lead, at=NOW)
    with refused("enrolment_ended"):
        assign(session, enrolment, ward, ward.trainer)
    actions.reopen_enrolment(session, enrolment, by=ward.lead, at=NOW)
    change(session, enrolment, ward)
    ended = ["enrolment.trainer_ended", "enrolment.trainer_ended", "enrolment.ended"]
    assert entries(session, ward.trainee.id) == [*ended, "enrolment.reopened", "enrolment.changed"]


@pytest.mark.parametrize(("days", "code"), [(1, "end_in_future"), (-201, "end_before_start")])
def test_an_end_must_be_between_the_start_and_today(
    session: Session, ward: Ward, enrolment: Enrolment, days: int, code: str
) -> None:
    with refused(code):
        day = TODAY + timedelta(days=days)
        actions.end_enrolment(session, enrolment, on=day, reason=EndReason.DROPPED_OUT, by=ward.lead, at=NOW)


def test_the_end_of_an_enrolment_ends_its_guidance(session: Session, ward: Ward, enrolment: Enrolment) -> None:
    soon = TODAY + timedelta(days=5)
    third = person_with(session, Role.TRAINER, ward.organisation)
    assign(session, enrolment, ward, third, starts_on=soon)
    actions.end_enrolment(session, enrolment, on=START, reason=EndReason.TRANSFERRED, by=ward.lead, at=NOW)
    session.expire_all()
    ends = session.scalars(select(EnrolmentTrainer).where(EnrolmentTrainer.enrolment_id == enrolment.id))
    assert {(one.trainer_id, one.ends_on) for one in ends} == {
        (ward.trainer.id, START),
        (ward.second_trainer.id, START),
    }
    assert "enrolment.trainer_cancelled" in entries(session, ward.trainee.id)


def assign(
    session: Session,
    enrolment: Enrolment,
    ward: Ward,
    trainer: User,
    *,
    starts_on: date = TODAY,
    ends_on: date | None = None,
) -> EnrolmentTrainer:
    return actions.assign_trainer(
        session, enrolment, trainer=trainer, starts_on=starts_on, ends_on=ends_on, by=ward.lead, at=NOW
    )


def test_a_trainee_does_not_guide_themselves(session: Session, ward: Ward, enrolment: Enrolment) -> None:
    with refused("trainer_is_trainee"):
        assign(session, enrolment, ward, ward.trainee)


def test_only_trainers_near_the_cohort_guide(session: Session, ward: Ward, enrolment: Enrolment) -> None:
    elsewhere = make_organisation(session)
    visitor = person_with(session, Role.TRAINER, elsewhere)
    for nobody in (ward.committee_member, visitor):
        with refused("trainer_not_allowed"):
            assign(session, enrolment, ward, nobody)
    make_alliance(session, ward.organisation, elsewhere)
    assert assign(session, enrolment, ward, visitor).trainer_id == visitor.id


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "code"),
    [
        (START - timedelta(days=1), None, "guidance_before_start"),
        (TODAY, TODAY - timedelta(days=1), "guidance_dates"),
    ],
)
def test_guidance_on_days_that_make_no_sense_is_refused(
    session: Session, ward: Ward, enrolment: Enrolment, starts_on: date, ends_on: date | None, code: str
) -> None:
    third = person_with(session, Role.TRAINER, ward.organisation)
    with refused(code):
        assign(session, enrolment, ward, third, starts_on=starts_on, ends_on=ends_on)


def test_guidance_by_one_trainer_does_not_overlap(session: Session, ward: Ward, enrolment: Enrolment) -> None:
    third = person_with(session, Role.TRAINER, ward.organisation)
    day = timedelta(days=1)
    assign(session, enrolment, ward, third, starts_on=TODAY, ends_on=TODAY + 9 * day)
    for first, last in ((0, 0), (-5, 0), (9, None), (-5, None)):
        with refused("trainer_assigned"):
            ends_on = None if last is None else TODAY + last * day
            assign(session, enrolment, ward, third, starts_on=TODAY + first * day, ends_on=ends_on)
    assign(session, enrolment, ward, third, starts_on=TODAY - 5 * day, ends_on=TODAY - day)
    assign(session, enrolment, ward, third, starts_on=TODAY + 10 * day)


def test_guidance_ends_once(session: Session, ward: Ward, enrolment: Enrolment) -> None:
    guidance = next(one for one in enrolment.trainers if one.trainer_id == ward.trainer.id)
    actions.end_guidance(session, enrolment, guidance, on=TODAY, by=ward.lead, at=NOW)
    assert guidance.ends_on == TODAY
    with refused("guidance_ended"):
        actions.end_guidance(session, enrolment, guidance, on=TODAY, by=ward.lead, at=NOW)
    assert entries(session, ward.trainee.id) == ["enrolment.trainer_ended"]
