"""Asking, giving, declining and withdrawing, on the database."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from competencies.answers import Answer
from competencies.errors import RuleBroken
from competencies.observations import ActivityKind, AssessmentStatus
from competencies.people import Role
from lms.assessments.actions import decline, submit, withdraw
from lms.assessments.models import Assessment
from lms.assessments.values import facts_asked, rating_scale, seen_version
from lms.core.audit import AuditEntry
from lms.logbook.models import Activity, ActivityEpa
from tests.assessments.requests import ask_for, in_full
from tests.factories import NOW, TODAY, Ward, give_role, make_alliance, make_organisation, make_user, person_with
from tests.logbook.activities import log_activity

LATER = NOW + timedelta(hours=2)


@pytest.fixture
def ward(session: Session) -> Ward:
    return Ward(session)


def level(assessment: Assessment, code: str = "3", comment: str = "") -> Answer:
    scale = rating_scale(assessment)
    assert scale is not None
    return Answer(level=scale.level(code), comment=comment)


def give(session: Session, ward: Ward, assessment: Assessment, answer: Answer) -> None:
    submit(session, assessment, answer, seen=seen_version(assessment), by=ward.trainer, at=LATER)


def entries_about(session: Session, assessment: Assessment) -> list[AuditEntry]:
    return list(
        session.scalars(select(AuditEntry).where(AuditEntry.target_id == assessment.id).order_by(AuditEntry.sequence))
    )


def test_a_request_names_who_what_and_how(session: Session, ward: Ward) -> None:
    activity = log_activity(session, ward)
    asked = ask_for(session, ward, activity)
    assert (asked.trainee_id, asked.assessor_id) == (ward.trainee.id, ward.trainer.id)
    assert (asked.enrolment_id, asked.activity_id) == (ward.enrolment.id, activity.id)
    assert (asked.status, asked.requested_at, asked.answered_at) == (AssessmentStatus.REQUESTED, NOW, None)
    assert asked.scale_id == asked.epa.scale_id
    (entry,) = entries_about(session, asked)
    assert (entry.action, entry.subject_id, entry.actor_id) == (
        "assessment.requested",
        ward.trainee.id,
        ward.trainee.id,
    )


def test_a_product_is_rated_on_its_own_rubric(session: Session, ward: Ward) -> None:
    activity = log_activity(session, ward, kind=ActivityKind.PROJECT)
    asked = ask_for(session, ward, activity, instrument="product")
    assert asked.scale is not None
    assert asked.scale.key == "rubric-3"


def test_nobody_is_asked_twice_for_the_same(session: Session, ward: Ward) -> None:
    activity = log_activity(session, ward)
    asked = ask_for(session, ward, activity)
    with pytest.raises(RuleBroken, match="already_asked"):
        ask_for(session, ward, activity)
    ask_for(session, ward, activity, of=ward.second_trainer)
    ask_for(session, ward, activity, instrument="osats")
    withdraw(session, asked, by=ward.trainee, at=LATER)
    assert ask_for(session, ward, activity).id != asked.id


def test_who_gave_it_is_not_asked_for_it_again(session: Session, ward: Ward) -> None:
    activity = log_activity(session, ward)
    asked = ask_for(session, ward, activity)
    give(session, ward, asked, level(asked))
    with pytest.raises(RuleBroken, match="already_asked"):
        ask_for(session, ward, activity)


def test_only_trainers_of_the_organisations_involved_are_asked(session: Session, ward: Ward) -> None:
    activity = log_activity(session, ward)
    away = make_organisation(session)
    elsewhere = person_with(session, Role.TRAINER, away)
    former = make_user(session)
    give_role(session, former, Role.TRAINER, ward.organisation, ends_on=TODAY - timedelta(days=1))
    for person in (elsewhere, former, ward.lead):
        with pytest.raises(RuleBroken, match="assessor_not_available"):
            ask_for(session, ward, activity, of=person)
    make_alliance(session, ward.organisation, away)
    assert ask_for(session, ward, activity, of=elsewhere).assessor_id == elsewhere.id


def test_trainees_assess_themselves_only_in_a_feedback_round(session: Session, ward: Ward) -> None:
    give_role(session, ward.trainee, Role.TRAINER, ward.organisation)
    with pytest.raises(RuleBroken, match="own_assessment"):
        ask_for(session, ward, log_activity(session, ward), of=ward.trainee)
    round_ = log_activity(session, ward, kind=ActivityKind.FEEDBACK_ROUND)
    own = ask_for(session, ward, round_, of=ward.trainee, instrument="msf")
    submit(session, own, Answer(comment="I listen better"), seen=seen_version(own), by=ward.trainee, at=LATER)
    assert own.status is AssessmentStatus.SUBMITTED


def test_the_database_refuses_an_own_assessment_too(session: Session, ward: Ward) -> None:
    asked = ask_for(session, ward, log_activity(session, ward))
    with pytest.raises(IntegrityError, match="ck_assessments_never_ones_own"), session.begin_nested():
        asked.assessor_id = ward.trainee.id


def test_a_level_is_given_with_words_and_holds_the_activity(session: Session, ward: Ward) -> None:
    activity = log_activity(session, ward)
    asked = ask_for(session, ward, activity)
    before = activity.version
    give(session, ward, asked, level(asked, "3", "  Calm and careful "))
    assert (asked.level_code, asked.level_rank, asked.comment) == ("3", 3, "Calm and careful")
    assert (asked.status, asked.answered_at) == (AssessmentStatus.SUBMITTED, LATER)
    session.expire_all()
    assert (activity.rated_at, activity.version) == (LATER, before)


def test_the_audit_keeps_the_facts_and_not_the_words(session: Session, ward: Ward) -> None:
    asked = ask_for(session, ward, log_activity(session, ward))
    give(session, ward, asked, level(asked, "3", "Secret words"))
    entry = entries_about(session, asked)[-1]
    assert (entry.action, entry.actor_id) == ("assessment.submitted", ward.trainer.id)
    assert entry.facts["after"]["level"] == "3"
    assert entry.facts["after"]["comment_length"] == len("Secret words")
    assert entry.facts["before"]["status"] == "requested"
    assert "Secret" not in str(entry.facts)


def test_an_assessment_is_given_once_and_by_the_one_who_was_asked(session: Session, ward: Ward) -> None:
    asked = ask_for(session, ward, log_activity(session, ward))
    answer = level(asked)
    with pytest.raises(RuleBroken, match="not_the_assessor"):
        submit(session, asked, answer, seen=seen_version(asked), by=ward.second_trainer, at=LATER)
    give(session, ward, asked, answer)
    with pytest.raises(RuleBroken, match="assessment_step"):
        give(session, ward, asked, answer)
    with pytest.raises(RuleBroken, match="assessment_step"):
        withdraw(session, asked, by=ward.trainee, at=LATER)


def test_what_was_withdrawn_cannot_be_answered(session: Session, ward: Ward) -> None:
    asked = ask_for(session, ward, log_activity(session, ward))
    seen = seen_version(asked)
    withdraw(session, asked, by=ward.trainee, at=NOW)
    with pytest.raises(RuleBroken, match="assessment_step"):
        submit(session, asked, level(asked), seen=seen, by=ward.trainer, at=LATER)
    with pytest.raises(RuleBroken, match="assessment_step"):
        decline(session, asked, reason="Too late", seen=seen, by=ward.trainer, at=LATER)


def test_an_activity_that_changed_is_looked_at_again(session: Session, ward: Ward) -> None:
    activity = log_activity(session, ward)
    asked = ask_for(session, ward, activity)
    seen = seen_version(asked)
    activity.note = "Something else"
    session.flush()
    with pytest.raises(RuleBroken, match="changed_meanwhile"):
        submit(session, asked, level(asked), seen=seen, by=ward.trainer, at=LATER)


def test_an_activity_that_changes_at_the_last_moment_is_looked_at_again(session: Session, ward: Ward) -> None:
    activity = log_activity(session, ward)
    asked = ask_for(session, ward, activity)
    # Another connection stores a change that this session has not read.
    changed = update(Activity).where(Activity.id == activity.id).values(note="Else", version=Activity.version + 1)
    session.execute(changed.execution_options(synchronize_session=False))
    with pytest.raises(RuleBroken, match="changed_meanwhile"):
        give(session, ward, asked, level(asked))


def test_declining_takes_a_reason(session: Session, ward: Ward) -> None:
    asked = ask_for(session, ward, log_activity(session, ward))
    seen = seen_version(asked)
    with pytest.raises(RuleBroken, match="reason_missing"), session.begin_nested():
        decline(session, asked, reason=" ", seen=seen, by=ward.trainer, at=LATER)
    asked = in_full(session, asked, ward)
    decline(session, asked, reason="I was not there", seen=seen, by=ward.trainer, at=LATER)
    assert (asked.status, asked.decline_reason) == (AssessmentStatus.DECLINED, "I was not there")


def test_a_logbook_line_is_confirmed_in_number(session: Session, ward: Ward) -> None:
    asked = ask_for(session, ward, log_activity(session, ward, quantity=12), instrument="logbook")
    with pytest.raises(RuleBroken, match="answer_incomplete"), session.begin_nested():
        give(session, ward, asked, Answer(comment="Seen"))
    asked = in_full(session, asked, ward)
    give(session, ward, asked, Answer(quantity=10))
    assert (asked.quantity, asked.level_code) == (10, None)


def test_a_project_is_held_against_the_numbers_of_the_programme(session: Session) -> None:
    ward = Ward(session, programme="medisch-leiderschap")
    activity = log_activity(session, ward, "lead-06", kind=ActivityKind.PROJECT)
    asked = ask_for(session, ward, activity, instrument="project", form="project-record")
    assert facts_asked(asked) == {"linked_pdsa_cycles": 2, "data_points": 10}
    with pytest.raises(RuleBroken, match="answer_incomplete"), session.begin_nested():
        give(session, ward, asked, Answer(facts={"data_points": 10}))
    asked = in_full(session, asked, ward)
    give(session, ward, asked, Answer(facts={"data_points": 12, "linked_pdsa_cycles": 2}))
    assert asked.facts == {"data_points": 12, "linked_pdsa_cycles": 2}


def test_an_epa_with_a_request_stays_with_its_activity(session: Session, ward: Ward) -> None:
    activity = log_activity(session, ward, "onc-k2", "onc-k3")
    asked = ask_for(session, ward, activity)
    held = select(ActivityEpa).where(ActivityEpa.activity_id == activity.id, ActivityEpa.epa_id == asked.epa_id)
    row = session.scalars(held).one()
    with pytest.raises(IntegrityError, match="fk_assessments_activity_id_epa_id"), session.begin_nested():
        session.delete(row)


def test_a_day_is_the_day_of_the_activity(session: Session, ward: Ward) -> None:
    activity = log_activity(session, ward, performed_on=date(2026, 11, 3))
    asked = ask_for(session, ward, activity)
    give(session, ward, asked, level(asked))
    assert entries_about(session, asked)[-1].facts["after"]["performed_on"] == "2026-11-03"
