"""Attainments as values: what was filled in, where each stands, and as the domain counts them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from competencies.attainments import Attainment, AttainmentKind, AttainmentState
from lms.attainments.models import AttainmentRow, AttainmentStep
from lms.core.clock import day_of

LAST_FIRST = (AttainmentState.WITHDRAWN, AttainmentState.REFUSED, AttainmentState.CONFIRMED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What somebody says was attained."""

    kind: AttainmentKind
    key: str | None = None
    setting: str | None = None
    ground: str | None = None
    title: str = ""
    amount: Decimal = Decimal(1)
    started_on: date | None = None
    done_on: date
    organisation_id: UUID | None = None
    passed: bool = True
    proof: str = ""


ON_RECORD = ("kind", "key", "setting", "ground", "title", "started_on", "done_on", "passed", "proof")
"""What the audit record keeps as it stands."""


def facts_of(row: Any) -> dict[str, object]:
    """Return what the audit record keeps of an attainment, from its row here or from one that is copied."""
    said = {name: getattr(row, name) for name in ON_RECORD}
    return said | {"enrolment": row.enrolment_id, "amount": f"{row.amount:.2f}", "organisation": row.organisation_id}


def step_of(row: AttainmentRow, state: AttainmentState) -> AttainmentStep | None:
    """Return that step with the attainment, or None where nobody took it; needs its steps."""
    return next((one for one in row.steps if one.step is state), None)


def state_of(row: AttainmentRow) -> AttainmentState:
    """Return where the attainment stands; needs its steps."""
    return next((state for state in LAST_FIRST if step_of(row, state)), AttainmentState.WAITING)


def as_domain(row: AttainmentRow, *, known_at: datetime | None = None) -> Attainment:
    """Return the attainment as the domain counts it, with what was done by that moment; needs its steps."""
    taken = {step.step: step for step in row.steps if known_at is None or step.at <= known_at}
    confirmed, withdrawn = taken.get(AttainmentState.CONFIRMED), taken.get(AttainmentState.WITHDRAWN)
    return Attainment(
        id=row.id,
        kind=row.kind,
        key=row.key,
        setting=row.setting,
        amount=row.amount,
        done_on=row.done_on,
        organisation_id=row.organisation_id,
        passed=row.passed,
        recorded_by=row.recorded_by_id,
        confirmed_by=confirmed.by_id if confirmed else None,
        withdrawn_on=day_of(withdrawn.at) if withdrawn else None,
    )
