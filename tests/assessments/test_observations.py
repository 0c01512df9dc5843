"""The observations that assessments and reflections yield."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from competencies.answers import Answer
from competencies.observations import ActivityKind, Observation
from competencies.people import Role
from competencies.progress import progress_towards
from competencies.requirements import observed_in
from lms.assessments.actions import decline, submit
from lms.assessments.models import Assessment
from lms.assessments.queries import observations_of, ways_for
from lms.assessments.values import rating_scale, seen_version
from lms.curriculum.models import Epa, EpaRequirement
from lms.curriculum.queries import epas_by_id
from lms.curriculum.requirements import requirements_of
from tests.assessments.requests import ask_for
from tests.factories import NOW, TODAY, Ward, enrol, epa_of, person_with
from tests.logbook.activities import log_activity

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def ward(session: Session) -> Ward:
    return Ward(session)


def give(session: Session, ward: Ward, asked: Assessment, answer: Answer) -> None:
    by = ward.trainee if asked.assessor_id == ward.trainee.id else ward.trainer
    submit(session, asked, answer, seen=seen_version(asked), by=by, at=LATER)


def seen_at(session: Session, ward: Ward, epa_key: str = "onc-k2") -> list[Observation]:
    return observations_of(session, [ward.enrolment.id]).get((ward.enrolment.id, epa_of(session, epa_key).id), [])


def test_a_rating_becomes_an_observation_on_its_day(session: Session, ward: Ward) -> None:
    asked = ask_for(session, ward, log_activity(session, ward, performed_on=TODAY - timedelta(days=4)))
    scale = rating_scale(asked)
    assert scale is not None
    give(session, ward, asked, Answer(level=scale.level("3")))
    (seen,) = seen_at(session, ward)
    assert (seen.id, seen.activity_id, seen.instrument, seen.form) == (asked.id, asked.activity_id, "kpb", None)
    assert (seen.observed_on, seen.answered_at) == (TODAY - timedelta(days=4), LATER)
    assert seen.level == scale.level("3")
    assert (seen.assessor_id, seen.by_trainee, seen.assessed_by) == (ward.trainer.id, False, ward.trainer.id)


def test_what_waits_or_was_declined_is_no_observation(session: Session, ward: Ward) -> None:
    activity = log_activity(session, ward)
    ask_for(session, ward, activity, instrument="osats")
    declined = ask_for(session, ward, activity)
    decline(session, declined, reason="Not seen", seen=seen_version(declined), by=ward.trainer, at=LATER)
    assert seen_at(session, ward) == []


def test_a_logbook_line_counts_what_was_confirmed(session: Session, ward: Ward) -> None:
    asked = ask_for(session, ward, log_activity(session, ward, quantity=12), instrument="logbook")
    give(session, ward, asked, Answer(quantity=10))
    (seen,) = seen_at(session, ward)
    assert (seen.quantity, seen.level, seen.passed) == (10, None, None)


def test_a_test_says_whether_it_was_passed(session: Session, ward: Ward) -> None:
    asked = ask_for(session, ward, log_activity(session, ward, kind=ActivityKind.COURSE), instrument="knowledge_test")
    give(session, ward, asked, Answer(passed=False))
    (seen,) = seen_at(session, ward)
    assert seen.passed is False


def test_ones_own_answer_in_a_round_is_marked_as_such(session: Session, ward: Ward) -> None:
    round_ = log_activity(session, ward, kind=ActivityKind.FEEDBACK_ROUND)
    for person in (ward.trainee, ward.trainer):
        give(session, ward, ask_for(session, ward, round_, of=person, instrument="msf"), Answer(comment="Words"))
    seen = seen_at(session, ward)
    assert {one.assessed_by for one in seen} == {None, ward.trainer.id}
    assert {one.activity_id for one in seen} == {round_.id}


def test_a_project_brings_its_numbers(session: Session) -> None:
    ward = Ward(session, programme="medisch-leiderschap")
    activity = log_activity(session, ward, "lead-06", kind=ActivityKind.PROJECT)
    asked = ask_for(session, ward, activity, instrument="project", form="project-record")
    give(session, ward, asked, Answer(facts={"data_points": 12, "linked_pdsa_cycles": 2}))
    (seen,) = seen_at(session, ward, "lead-06")
    assert dict(seen.facts) == {"data_points": 12, "linked_pdsa_cycles": 2}
    (requirement,) = (
        one
        for one in observed_in(requirements_of(epas_by_id(session, [seen.epa_id])[seen.epa_id]))
        if one.instrument == "project"
    )
    assert progress_towards(requirement, [seen], on=TODAY).is_met


@pytest.mark.parametrize(
    ("programme", "epa_key"), [("oncologieverpleegkundige", "onc-k2"), ("medisch-leiderschap", None)]
)
def test_a_reflection_counts_by_itself_on_the_form_of_its_epa(
    session: Session, programme: str, epa_key: str | None
) -> None:
    ward = Ward(session, programme=programme)
    epa_key = epa_key or _reflective(session, ward)
    activity = log_activity(session, ward, epa_key, kind=ActivityKind.REFLECTION)
    (seen,) = seen_at(session, ward, epa_key)
    assert (seen.id, seen.by_trainee, seen.assessed_by) == (activity.id, True, None)
    epa = epas_by_id(session, [seen.epa_id])[seen.epa_id]
    asked = [one for one in observed_in(requirements_of(epa)) if one.instrument == "reflection"]
    assert all(seen in progress_towards(one, [seen], on=TODAY).counted for one in asked)
    offered = ways_for(session, activity).offers[seen.epa_id]
    assert not [offer for offer in offered if offer.required]


def _reflective(session: Session, ward: Ward) -> str:
    """Return the key of an EPA of the programme that asks for a reflection on a form."""
    found = session.scalar(
        select(Epa.key)
        .join(EpaRequirement)
        .where(
            Epa.programme_version_id == ward.cohort.programme_version_id,
            EpaRequirement.instrument_key == "reflection",
            EpaRequirement.form_key.is_not(None),
        )
        .limit(1)
    )
    assert found is not None
    return found


def test_many_are_read_in_one_statement_once_the_scale_is_known(
    session: Session, ward: Ward, statements: list[str]
) -> None:
    other = person_with(session, Role.TRAINEE, ward.organisation)
    second = enrol(session, ward.cohort, other, ward.department, ward.trainer)
    for key in ("onc-k2", "onc-k3", "onc-k2"):
        asked = ask_for(session, ward, log_activity(session, ward, key))
        scale = rating_scale(asked)
        assert scale is not None
        give(session, ward, asked, Answer(level=scale.level("3")))
    log_activity(session, ward, "onc-k2", "onc-k3", kind=ActivityKind.REFLECTION)
    observations_of(session, [ward.enrolment.id])
    statements.clear()
    found = observations_of(session, [ward.enrolment.id, second.id])
    assert len(statements) == 1
    by_epa = {key: len(seen) for key, seen in found.items()}
    k2, k3 = (epa_of(session, key).id for key in ("onc-k2", "onc-k3"))
    assert by_epa == {(ward.enrolment.id, k2): 3, (ward.enrolment.id, k3): 2}
    assert observations_of(session, [ward.enrolment.id], epa_id=k3).keys() == {(ward.enrolment.id, k3)}
    assert observations_of(session, []) == {}
