"""Attainments for the tests, recorded through the actions of the product."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from competencies.attainments import AttainmentKind
from lms.accounts.models import User
from lms.attainments import actions
from lms.attainments.models import AttainmentRow
from lms.attainments.values import Account
from lms.curriculum.queries import planned
from tests.factories import NOW, TODAY, Ward

PROOF = "Diploma, seen on paper"
YESTERDAY = TODAY - timedelta(days=1)


def account(kind: AttainmentKind = AttainmentKind.HOURS, **changes: Any) -> Account:
    """Return an account of that kind: eight hours of practice yesterday, but for the changes."""
    usual: dict[AttainmentKind, dict[str, Any]] = {
        AttainmentKind.HOURS: {"key": "practice", "amount": Decimal(8)},
        AttainmentKind.PLACEMENT: {"key": "care_chain", "setting": "ward"},
        AttainmentKind.EXEMPT_HOURS: {"key": "practice", "amount": Decimal(100), "ground": "portfolio", "proof": PROOF},
        AttainmentKind.EXEMPT_EPA: {"key": "onc-k1", "ground": "portfolio", "proof": PROOF},
        AttainmentKind.EXTERNAL_DIPLOMA: {"title": "Mbo 4", "proof": PROOF},
    }
    whole: dict[str, Any] = {"kind": kind, "done_on": YESTERDAY} | usual.get(kind, {}) | changes
    return Account(**whole)


def record(session: Session, ward: Ward, made: Account | None = None, *, by: User | None = None) -> AttainmentRow:
    """Return what was recorded on the ward's enrolment, by the trainee unless somebody else is named."""
    plan = planned(session, ward.enrolment.programme_version_id).plan
    return actions.record(session, ward.enrolment, made or account(), plan, by=by or ward.trainee, at=NOW)
