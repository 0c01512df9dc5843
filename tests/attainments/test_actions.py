"""Recording, confirming, refusing and withdrawing: who may, what is refused, and what is kept."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from competencies.attainments import AttainmentKind, AttainmentState
from competencies.errors import RuleBroken
from lms.attainments import actions, queries
from lms.attainments.models import AttainmentRow
from lms.attainments.values import as_domain, state_of
from lms.core.audit import trail_of
from tests.attainments.attained import account, record
from tests.factories import NOW, START, TODAY, Ward


@pytest.fixture
def ward(session: Session) -> Ward:
    return Ward(session)


def stored(session: Session, row: AttainmentRow) -> AttainmentRow:
    """Return the attainment as it stands in the database, with its steps."""
    session.expire_all()
    (found,) = (one for one in queries.attainments_of(session, row.enrolment_id) if one.id == row.id)
    return found


def actions_noted(session: Session, row: AttainmentRow) -> list[str]:
    return [entry.action for entry in trail_of(session, target=row.id)]


def test_what_the_trainee_hands_in_waits_for_somebody_else(session: Session, ward: Ward) -> None:
    row = stored(session, record(session, ward))
    assert (state_of(row), as_domain(row).confirmed_by) == (AttainmentState.WAITING, None)
    actions.confirm(session, row, by=ward.trainer, at=NOW)
    row = stored(session, row)
    assert (state_of(row), as_domain(row).confirmed_by) == (AttainmentState.CONFIRMED, ward.trainer.id)
    assert actions_noted(session, row) == ["attainment.recorded", "attainment.confirmed"]


def test_what_a_trainer_records_counts_at_once(session: Session, ward: Ward) -> None:
    row = stored(session, record(session, ward, by=ward.trainer))
    assert as_domain(row).confirmed_by == ward.trainer.id


@pytest.mark.parametrize(
    "kind", [AttainmentKind.EXEMPT_HOURS, AttainmentKind.EXEMPT_EPA, AttainmentKind.EXTERNAL_DIPLOMA]
)
def test_what_decides_takes_two_people_beside_the_trainee(session: Session, ward: Ward, kind: AttainmentKind) -> None:
    row = stored(session, record(session, ward, account(kind), by=ward.lead))
    assert state_of(row) is AttainmentState.WAITING
    with pytest.raises(RuleBroken, match="confirmed_by_recorder"):
        actions.confirm(session, row, by=ward.lead, at=NOW)
    with pytest.raises(RuleBroken, match="own_confirmation"):
        actions.confirm(session, row, by=ward.trainee, at=NOW)
    actions.confirm(session, row, by=ward.committee_member, at=NOW)
    assert as_domain(stored(session, row)).confirmed_by == ward.committee_member.id


@pytest.mark.parametrize(
    ("kind", "changes", "code"),
    [
        (AttainmentKind.HOURS, {"done_on": TODAY + timedelta(days=1)}, "attained_in_future"),
        (AttainmentKind.HOURS, {"done_on": START - timedelta(days=1)}, "attained_before_enrolment"),
        (AttainmentKind.HOURS, {"amount": Decimal(0)}, "amount_out_of_range"),
        (AttainmentKind.HOURS, {"amount": Decimal("5000.01")}, "amount_out_of_range"),
        (AttainmentKind.EXTERNAL_DIPLOMA, {"proof": "  "}, "proof_missing"),
        (AttainmentKind.EXEMPT_HOURS, {"proof": ""}, "proof_missing"),
        (AttainmentKind.EXEMPT_EPA, {"ground": None}, "exemption_not_offered"),
        (AttainmentKind.EXEMPT_EPA, {"key": "onc-eol"}, "exemption_not_offered"),
        (AttainmentKind.EXEMPT_EPA, {"key": "lead-01"}, "exemption_not_offered"),
    ],
)
def test_what_cannot_be_is_refused(
    session: Session, ward: Ward, kind: AttainmentKind, changes: dict[str, Any], code: str
) -> None:
    with pytest.raises(RuleBroken, match=code):
        record(session, ward, account(kind, **changes))


@pytest.mark.parametrize("kind", [AttainmentKind.EXTERNAL_DIPLOMA, AttainmentKind.EXEMPT_EPA])
def test_a_diploma_and_an_exemption_may_be_older_than_the_enrolment(
    session: Session, ward: Ward, kind: AttainmentKind
) -> None:
    row = record(session, ward, account(kind, done_on=START - timedelta(days=900)))
    assert row.done_on < ward.enrolment.starts_on


def test_an_answer_is_given_once(session: Session, ward: Ward) -> None:
    row = record(session, ward)
    actions.refuse(session, row, reason="The roster says otherwise", by=ward.trainer, at=NOW)
    assert state_of(stored(session, row)) is AttainmentState.REFUSED
    with pytest.raises(RuleBroken, match="attainment_settled"):
        actions.confirm(session, row, by=ward.lead, at=NOW)
    with pytest.raises(RuleBroken, match="attainment_settled"):
        actions.withdraw(session, row, reason="Mistake", by=ward.lead, at=NOW)


def test_refusing_and_withdrawing_tell_why(session: Session, ward: Ward) -> None:
    row = record(session, ward)
    with pytest.raises(RuleBroken, match="refusal_reason_missing"):
        actions.refuse(session, row, reason=" ", by=ward.trainer, at=NOW)
    with pytest.raises(RuleBroken, match="withdrawal_reason_missing"):
        actions.withdraw(session, row, reason="", by=ward.trainee, at=NOW)


def test_what_is_withdrawn_stays_with_its_history_and_no_longer_counts(session: Session, ward: Ward) -> None:
    row = record(session, ward, by=ward.trainer)
    actions.withdraw(session, row, reason="Counted twice", by=ward.lead, at=NOW)
    row = stored(session, row)
    assert (state_of(row), as_domain(row).withdrawn_on) == (AttainmentState.WITHDRAWN, TODAY)
    assert [(step.step, step.reason) for step in row.steps] == [
        (AttainmentState.CONFIRMED, ""),
        (AttainmentState.WITHDRAWN, "Counted twice"),
    ]
    assert actions_noted(session, row)[-1] == "attainment.withdrawn"


@pytest.mark.parametrize(
    "change",
    ["UPDATE attainments SET amount = 9", "DELETE FROM attainments", "UPDATE attainment_steps SET reason = 'x'"],
)
def test_the_database_keeps_what_was_recorded(session: Session, ward: Ward, change: str) -> None:
    record(session, ward, by=ward.trainer)
    with pytest.raises(DBAPIError, match="append-only"):
        session.execute(text(change))


def test_attainments_of_many_come_in_two_statements(session: Session, ward: Ward, statements: list[str]) -> None:
    other = Ward(session)
    record(session, ward, by=ward.trainer)
    record(session, other, by=other.trainer)
    statements.clear()
    found = queries.attained(session, [ward.enrolment.id, other.enrolment.id])
    assert len(statements) == 2
    assert [len(found[one.enrolment.id]) for one in (ward, other)] == [1, 1]
