"""Whoever writes several assessments at once locks all standings first, and the chain of the audit record after them.

So does everybody else; in another order two of them would wait for each other for ever.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from sqlalchemy.orm import Session

from lms.accounts.models import User
from tests.assessments.requests import ask_for
from tests.factories import Ward, epa_of
from tests.logbook.activities import log_activity
from tests.pages import Browser

ClientOf = Callable[[User | None], Browser]
EPAS = ("onc-k2", "onc-k3")


@pytest.fixture
def ward(session: Session) -> Ward:
    return Ward(session)


def locked_before_the_audit(statements: Sequence[str]) -> bool:
    """Return whether the standings were locked in their order before the first entry of the audit record."""
    tables = [
        table
        for one in statements
        for table, mark in (("standings", "FROM standings"), ("audit", "INTO audit_heads"))
        if mark in one and (table == "audit" or "FOR UPDATE" in one)
    ]
    return tables[0] == "standings" and "audit" in tables


def test_beginning_unasked(session: Session, ward: Ward, client_of: ClientOf, statements: list[str]) -> None:
    trainer, typed = client_of(ward.trainer), {"note": "Infusion", "epa": str(epa_of(session, EPAS[0]).id)}
    form = trainer.get(f"/assessments/start/{ward.enrolment.id}")
    statements.clear()
    trainer.send(form, typed | {"level": "3"})
    assert locked_before_the_audit(statements)


def test_asking_about_several_epas(session: Session, ward: Ward, client_of: ClientOf, statements: list[str]) -> None:
    activity = log_activity(session, ward, *EPAS)
    trainee = client_of(ward.trainee)
    form = trainee.get(f"/activities/{activity.id}/ask")
    statements.clear()
    trainee.send(form, {"assessors": str(ward.trainer.id)})
    assert locked_before_the_audit(statements)


def test_giving_several_together(session: Session, ward: Ward, client_of: ClientOf, statements: list[str]) -> None:
    asked = [ask_for(session, ward, log_activity(session, ward, key)) for key in EPAS]
    trainer = client_of(ward.trainer)
    form = trainer.get(f"/assessments/{asked[0].id}/together")
    statements.clear()
    trainer.send(form, {f"{one.id}-level": "3" for one in asked})
    assert locked_before_the_audit(statements)
