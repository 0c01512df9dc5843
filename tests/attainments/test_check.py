"""`bekwaam check` finds an attainment, or a step with it, that is not what the audit record says."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from lms.operations.chains import Difference
from lms.operations.check import check_attainments
from tests.attainments.attained import record
from tests.factories import Ward

CHANGES = {
    "attainments": (
        "amount = 80",
        "key = 'theory'",
        "kind = 'session'",
        "done_on = done_on - 1",
        "passed = false",
        "recorded_at = recorded_at + interval '1 hour'",
        "recorded_by_id = trainee_id",
    ),
    "attainment_steps": ("at = at + interval '1 hour'", "step = 'refused', reason = 'No'"),
}


def check(session: Session) -> int:
    """Return how many attainments were found to be right; raise the first difference."""
    session.flush()
    connection, counted = session.connection(), list[int]()
    assert isinstance(connection, Connection)
    check_attainments(connection, counted.append)
    return sum(counted)


@pytest.fixture
def ward(session: Session) -> Ward:
    found = Ward(session)
    record(session, found, by=found.trainer)
    return found


def test_what_was_recorded_and_confirmed_is_right(session: Session, ward: Ward) -> None:
    record(session, ward)
    assert check(session) == 2


@pytest.mark.parametrize(("table", "change"), [(table, one) for table, some in CHANGES.items() for one in some])
def test_what_was_changed_behind_our_back_is_named(session: Session, ward: Ward, table: str, change: str) -> None:
    session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER {table}_append_only"))
    session.execute(text(f"UPDATE {table} SET {change}"))
    with pytest.raises(Difference, match="is not what the audit record says was recorded"):
        check(session)
