"""What is still needed for the diploma, on its page, and requirements beside observations in dossier and decision."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from competencies.attainments import AttainmentKind
from competencies.observations import ActivityKind, Context
from competencies.people import Role
from lms.accounts.models import User
from lms.assessments.queries import observations_of
from lms.attainments import actions
from lms.curriculum.models import Epa
from tests.attainments.attained import account, record
from tests.curriculum.test_requirements import HOURS, KPB, OUR, load, oncology
from tests.factories import NOW, TODAY, Ward, epa_of, give_role
from tests.pages import Browser
from tests.progress.history import decided, rated

ClientOf = Callable[[User | None], Browser]
SETTINGS = ("outpatient", "ward", "home_care")


@pytest.fixture
def ward(session: Session) -> Ward:
    return Ward(session)


def path(ward: Ward) -> str:
    return f"/enrolments/{ward.enrolment.id}/completion"


def placed(session: Session, ward: Ward, setting: str) -> None:
    record(session, ward, account(AttainmentKind.PLACEMENT, setting=setting), by=ward.trainer)


def test_the_care_chain_is_at_two_of_three_settings_and_says_which_one_lacks(
    session: Session, ward: Ward, client_of: ClientOf
) -> None:
    for setting in SETTINGS[:2]:
        placed(session, ward, setting)
    page = client_of(ward.trainee).get(path(ward))
    assert "Rules met: 0 of 3." in page.text
    assert "2 of 3 Still needed: Care-chain placement: Home care." in page.text
    placed(session, ward, SETTINGS[2])
    assert "Rules met: 1 of 3." in client_of(ward.trainer).get(path(ward)).text


def test_an_epa_counts_by_declaration_or_exemption_and_says_why_not_otherwise(
    session: Session, ward: Ward, client_of: ClientOf
) -> None:
    decided(session, ward, "onc-k2")
    decided(session, ward, "onc-k3", on=TODAY - timedelta(days=30), valid_until=TODAY - timedelta(days=1))
    decided(session, ward, "onc-k4", "3")
    freed = record(session, ward, account(AttainmentKind.EXEMPT_EPA), by=ward.lead)
    text = client_of(ward.lead).get(path(ward)).text
    assert "The declaration has expired" in text
    assert "Declared below the level that is asked for" in text
    assert "1 of 5 Still needed: 4 EPAs more, namely all of these." in text
    assert "An exemption does not count: Not confirmed by an assessor." in text
    actions.confirm(session, freed, by=ward.committee_member, at=NOW)
    text = client_of(ward.lead).get(path(ward)).text
    assert "2 of 5" in text
    assert "exempted on 19 Nov 2026" in text


def test_hours_of_the_study_load_are_no_rule_but_are_told(session: Session, ward: Ward, client_of: ClientOf) -> None:
    record(session, ward, account(amount=Decimal("100.5")), by=ward.trainer)
    record(session, ward, account(AttainmentKind.EXEMPT_HOURS, amount=Decimal(1000)), by=ward.lead)
    text = client_of(ward.auditor).get(path(ward)).text
    assert "1,200 hours of practice 100.5 of 1,200 Still needed: 1,099.5 hours of practice." in text


def test_rules_and_stages_of_a_programme_of_ones_own_are_told(session: Session, client_of: ClientOf) -> None:
    data = oncology(
        stage=[KPB, HOURS], rules=[{"kind": "any_of", "of": [{"kind": "tests", "min_count": 1, "tests": []}, HOURS]}]
    )
    data["completion"].append({"rule": "attendance", "min_percent": 80, "modules": ["m1"]} | OUR)
    load(session, data)
    ward = Ward(session)
    text = client_of(ward.trainee).get(path(ward)).text
    assert "End of route" in text
    assert "Still needed: 1 test passed." in text
    assert "240 at one organisation" in text
    assert "Attendance is at least 80%. It is about:" in text
    lead = client_of(ward.lead).get(f"/programmes/{ward.enrolment.programme_version_id}").text
    assert "What the stages ask beside the EPAs" in lead
    assert "One of these" in lead


def test_the_page_takes_as_many_statements_for_much_as_for_little(
    session: Session, ward: Ward, client_of: ClientOf, statements: list[str]
) -> None:
    trainee = client_of(ward.trainee)
    rated(session, ward)
    decided(session, ward)
    placed(session, ward, "ward")
    trainee.get(path(ward))
    statements.clear()
    trainee.get(path(ward))
    little = len(statements)
    for epa in ("onc-k1", "onc-k3", "onc-k4"):
        rated(session, ward, epa, by=ward.second_trainer)
        decided(session, ward, epa)
        placed(session, ward, "home_care")
    statements.clear()
    trainee.get(path(ward))
    assert len(statements) <= little <= 16


def with_hours(session: Session) -> tuple[Ward, Epa]:
    """Return a ward whose first EPA asks eight hours of practice and nothing else."""
    asked: dict[str, Any] = {"kind": "hours", "of": "practice", "min_hours": 8}
    version = load(session, oncology(evidence=[asked]))
    ward = Ward(session)
    epa = session.scalars(select(Epa).where(Epa.programme_version_id == version.id, Epa.key == "onc-k1")).one()
    return ward, epa


def test_hours_count_in_the_dossier_and_for_the_decision(session: Session, client_of: ClientOf) -> None:
    ward, epa = with_hours(session)
    address = f"/enrolments/{ward.enrolment.id}/epas/{epa.id}"
    trainer = client_of(ward.trainer)
    assert "8 hours of practice 0 of 8 Still needed: 8 hours of practice." in trainer.get(address).text
    waiting = record(session, ward)
    assert "Not confirmed by an assessor" in trainer.get(address).text
    form = trainer.get(f"{address}/decide")
    assert "8 hours of practice" in form.text
    refused = trainer.send(form, {"level": "4"}, status=422)
    assert "1 of 1 requirements are not met yet" in refused.text
    actions.confirm(session, waiting, by=ward.lead, at=NOW)
    assert "The one requirement for a declaration is met." in trainer.get(address).text
    decision = trainer.send(trainer.get(f"{address}/decide"), {"level": "4"})
    assert "All requirements were met." in decision.text
    assert "8 of 8" in decision.text


def test_a_decision_shows_the_file_as_it_was_then(session: Session, client_of: ClientOf) -> None:
    ward, epa = with_hours(session)
    trainer = client_of(ward.trainer)
    form = trainer.get(f"/enrolments/{ward.enrolment.id}/epas/{epa.id}/decide")
    decision = trainer.send(form, {"level": "4", "overrule_reason": "Seen often enough"})
    later = record(session, ward)
    later_on = NOW + timedelta(hours=3)
    actions.confirm(session, later, by=ward.trainer, at=later_on)
    shown = trainer.get(decision.path).text
    assert "0 of 8" in shown
    assert "8 of 8" not in shown


def test_an_observation_knows_its_department_whether_it_was_simulated_and_what_the_assessor_was(
    session: Session, ward: Ward
) -> None:
    give_role(session, ward.trainer, Role.PROGRAMME_LEAD, ward.organisation, ends_on=TODAY - timedelta(days=10))
    now, earlier = rated(session, ward), rated(session, ward, on=TODAY - timedelta(days=20))
    earlier.activity.kind = ActivityKind.SIMULATION
    session.flush()
    key = (ward.enrolment.id, epa_of(session, "onc-k2").id)
    seen = {one.id: one for one in observations_of(session, [ward.enrolment.id], roles=True)[key]}
    assert seen[now.id].assessor_roles == {Role.TRAINER}
    assert seen[earlier.id].assessor_roles == {Role.TRAINER, Role.PROGRAMME_LEAD}
    assert (seen[now.id].is_simulated, seen[earlier.id].is_simulated) == (False, True)
    assert seen[now.id].contexts == {Context.DEPARTMENT: str(ward.department.id)}
    (plain, *_rest) = observations_of(session, [ward.enrolment.id])[key]
    assert plain.assessor_roles == frozenset()
