"""The fixed sign-ins: everybody is there, and each finds something to do."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session, joinedload

from competencies.entrustment import DecisionState, state_of, valid_until_for
from competencies.people import Role
from lms.accounts.models import User
from lms.accounts.passwords import DEMO_PEOPLE
from lms.assessments.queries import waiting_for
from lms.cohorts.models import Cohort, Enrolment
from lms.cohorts.queries import enrolments_of_trainee, guided_enrolments
from lms.curriculum.models import ProgrammeVersion
from lms.curriculum.queries import epas_of_version
from lms.curriculum.values import ProgrammeEpa
from lms.entrustment import actions, queries
from lms.entrustment.models import Decision
from lms.entrustment.values import Declaration, validity_months
from lms.organisations.models import RoleAssignment
from lms.standings.models import Standing
from tests.demo.loaded import DAY, HASH, MOMENT


def person(session: Session, email: str) -> User:
    return session.scalars(select(User).where(User.email == email)).one()


def dossier(session: Session) -> tuple[Enrolment, dict[str, ProgrammeEpa]]:
    (enrolment,) = enrolments_of_trainee(session, person(session, "trainee@example.org").id)
    offered = epas_of_version(session, enrolment.cohort.programme_version_id)
    return enrolment, {one.epa.key: one for one in offered}


def states(session: Session, enrolment_id: UUID, epa_id: UUID) -> list[DecisionState]:
    known = [queries.as_domain(one) for one in queries.decisions_of(session, enrolment_id, epa_id)]
    return [state_of(one, known, on=DAY) for one in known]


@pytest.mark.parametrize("email", DEMO_PEOPLE)
def test_each_is_there_with_the_password_and_the_role(region: Session, email: str) -> None:
    user = person(region, email)
    held = region.scalars(select(RoleAssignment.role).where(RoleAssignment.user_id == user.id)).all()
    assert user.password_hash == HASH
    assert DEMO_PEOPLE[email] in held


def test_nobody_else_can_sign_in(region: Session) -> None:
    able = region.scalars(select(User.email).where(User.password_hash.is_not(None))).all()
    assert set(able) == set(DEMO_PEOPLE)


def test_all_but_the_coordinator_work_in_one_hospital(region: Session) -> None:
    enrolment, _epas = dossier(region)
    home = select(RoleAssignment.user_id).where(RoleAssignment.organisation_id == enrolment.cohort.organisation_id)
    emails = set(region.scalars(select(User.email).where(User.id.in_(home), User.password_hash.is_not(None))))
    assert emails == set(DEMO_PEOPLE) - {"region@example.org"}


def test_the_trainer_holds_another_role_in_another_organisation(region: Session) -> None:
    trainer = person(region, "trainer@example.org")
    held = region.execute(
        select(RoleAssignment.role, RoleAssignment.organisation_id).where(RoleAssignment.user_id == trainer.id)
    ).all()
    assert {role for role, _place in held} == {Role.TRAINER, Role.COMMITTEE_MEMBER}
    assert len({place for _role, place in held}) == 2


def test_the_lead_leads_two_cohorts(region: Session) -> None:
    lead = person(region, "lead@example.org")
    assert len(region.scalars(select(Cohort).where(Cohort.lead_id == lead.id)).all()) == 2


def test_the_trainer_guides_several_and_has_a_queue_of_different_instruments(region: Session) -> None:
    trainer = person(region, "trainer@example.org")
    guided = guided_enrolments(region, trainer.id, on=DAY)
    waiting = waiting_for(region, trainer.id)
    assert 8 <= len(guided) <= 11
    assert 5 <= len(waiting) <= 15
    assert len({one.instrument_key for one in waiting}) >= 5


def test_the_dossier_of_the_trainee_has_decisions_in_every_state(region: Session) -> None:
    enrolment, epas = dossier(region)
    assert states(region, enrolment.id, epas["onc-k1"].epa.id) == [DecisionState.IN_FORCE]
    assert states(region, enrolment.id, epas["onc-k4"].epa.id) == [DecisionState.IN_FORCE, DecisionState.SUPERSEDED]
    assert states(region, enrolment.id, epas["onc-k5"].epa.id) == [DecisionState.EXPIRED]
    undecided = {key for key, one in epas.items() if not states(region, enrolment.id, one.epa.id)}
    assert undecided == {"onc-k2", "onc-k3", "onc-s1", "onc-s2", "onc-s3", "onc-eol"}


def test_the_trainee_waits_for_some_and_was_declined_once(region: Session) -> None:
    enrolment, _epas = dossier(region)
    statuses = region.scalars(
        text("SELECT status FROM assessments WHERE enrolment_id = :one AND status <> 'submitted'"),
        {"one": enrolment.id},
    ).all()
    assert statuses.count("requested") >= 3
    assert statuses.count("declined") >= 1


def test_the_trainer_can_decide_on_an_epa_at_once(region: Session) -> None:
    enrolment, epas = dossier(region)
    enrolment = region.scalars(
        select(Enrolment)
        .where(Enrolment.id == enrolment.id)
        .options(joinedload(Enrolment.cohort).joinedload(Cohort.programme_version), joinedload(Enrolment.department))
    ).one()
    ready = epas["onc-k3"]
    level = ready.declaration_level
    assert level is not None
    declaration = Declaration(
        level=level.code,
        decided_on=DAY,
        valid_until=valid_until_for(validity_months(ready.epa), DAY),
        scope={},
        remark="",
        overrule_reason="",
        supersedes=None,
    )
    trainer = person(region, "trainer@example.org")
    decision = actions.decide(region, enrolment, ready, declaration, by=trainer, at=MOMENT)
    assert decision.requirements_met
    stored = region.get_one(Standing, (enrolment.id, ready.epa.id))
    assert stored.decision_id == decision.id


def test_the_first_programme_of_the_trainee_is_that_of_an_oncology_nurse(region: Session) -> None:
    enrolment, _epas = dossier(region)
    version = region.get_one(ProgrammeVersion, enrolment.cohort.programme_version_id)
    assert version.short_title["nl"] == "Oncologie"
    assert enrolment.starts_on < DAY < enrolment.planned_end_on
    assert region.scalar(select(Decision.id).where(Decision.enrolment_id == enrolment.id).limit(1)) is not None
