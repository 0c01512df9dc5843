"""What a closed round of feedback counts for: one on each EPA that asks for rounds, by the number of its answers."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from competencies.curricula import ResultKind
from competencies.progress import RequirementProgress, SetAside, observed_parts
from competencies.requirements import Requirement
from lms.accounts.models import User
from lms.core.clock import day_of
from lms.curriculum.requirements import requirements_of
from lms.entrustment.queries import evidence_of, frozen_observations, one_visible
from lms.multisource.counting import with_rounds
from lms.operations.check import check_decisions
from lms.organisations.permissions import duties_of
from lms.progress.queries import progress_of
from tests.factories import NOW, TODAY, Ward
from tests.multisource.rounds import answer_all, closed_round, open_round
from tests.pages import Browser
from tests.progress.history import decided

ClientOf = Callable[[User | None], Browser]


@pytest.fixture
def ward(session: Session) -> Ward:
    """Return a ward."""
    return Ward(session)


def asked_in_rounds(session: Session, ward: Ward) -> list[RequirementProgress]:
    """Return how far the trainee is with each requirement on rounds of feedback, on all EPAs."""
    progress = progress_of(session, [ward.enrolment.id], on=TODAY)
    return [part for one in progress.values() for part in observed_parts(one.items) if part.requirement.is_in_rounds]


def test_six_answers_beside_ones_own_meet_each_epa_that_asks_for_a_round(session: Session, ward: Ward) -> None:
    round_ = closed_round(session, ward, supervisors=3, peers=3)
    parts = asked_in_rounds(session, ward)
    assert len(parts) > 1
    for part in parts:
        assert part.is_met
        (counted,) = part.counted
        assert (counted.id, counted.answers, counted.level) == (round_.id, 6, None)
        assert (counted.observed_on, counted.assessed_by) == (day_of(NOW), None)


def test_five_answers_and_ones_own_are_too_few(session: Session, ward: Ward) -> None:
    closed_round(session, ward, supervisors=3, peers=2)
    for part in asked_in_rounds(session, ward):
        assert not part.is_met
        ((seen, reason),) = part.set_aside
        assert (seen.answers, reason) == (5, SetAside.TOO_FEW_ANSWERS)


def test_an_open_round_counts_for_nothing(session: Session, ward: Ward) -> None:
    answer_all(session, ward, open_round(session, ward), supervisors=3, peers=3)
    assert all(not part.counted and not part.set_aside for part in asked_in_rounds(session, ward))


def test_a_round_is_of_one_enrolment(session: Session, ward: Ward) -> None:
    closed_round(session, ward, supervisors=3, peers=3)
    assert not any(part.is_met for part in asked_in_rounds(session, Ward(session)))


def test_rounds_take_one_statement_and_none_where_no_epa_asks_for_them(
    session: Session, ward: Ward, statements: list[str]
) -> None:
    round_ = closed_round(session, ward, peers=3)
    one = Requirement(instrument="msf", result=ResultKind.NARRATIVE, min_count=1, min_assessors=6)
    statements.clear()
    assert with_rounds(session, {}, [ward.enrolment.id], {round_.id: ()}) == {}
    assert not statements
    assert with_rounds(session, {}, [ward.enrolment.id], {round_.id: (one,)}).keys() == {(ward.enrolment.id, round_.id)}
    assert len(statements) == 1


def test_a_decision_keeps_the_round_it_was_taken_on(session: Session, ward: Ward, client_of: ClientOf) -> None:
    round_ = closed_round(session, ward, supervisors=3, peers=3)
    made = decided(session, ward)
    session.flush()
    session.expunge_all()
    shown = one_visible(session, duties_of(ward.lead.id, on=TODAY), made.id)
    assert shown is not None
    assert [(one.observation_id, one.answers) for one in evidence_of(session, shown)] == [(round_.id, 6)]
    frozen = frozen_observations(session, shown, asked=requirements_of(shown.epa))
    assert [one.id for one in frozen] == [round_.id]
    check_decisions(session.connection(), lambda rows: None)
    path = f"/enrolments/{ward.enrolment.id}/epas/{made.epa_id}"
    for reader, page in ((ward.trainee, path), (ward.lead, f"/decisions/{made.id}")):
        text = client_of(reader).get(page).text
        assert "answers of 6 people" in text
        assert "Peers" not in text, "nobody who answered is named"
