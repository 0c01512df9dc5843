"""What a decision is made of: the declaration that was filled in, and the evidence it rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from competencies import entrustment
from competencies.scales import Level
from lms.accounts.models import User
from lms.curriculum.models import AssessmentInstrument, Epa
from lms.entrustment.models import Decision, Recognition


@dataclass(frozen=True, slots=True)
class Held:
    """A decision as it holds on one EPA: its row, its value there, and what recognised it, null where it was taken."""

    row: Decision
    value: entrustment.Decision
    recognition: Recognition | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """What somebody declares; `supersedes` is the last decision that they saw before them, or null for none."""

    level: str
    decided_on: date
    valid_until: date | None
    scope: Mapping[str, Sequence[str]]
    remark: str
    overrule_reason: str
    supersedes: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One observation that counted for a decision; without an assessment it is the trainee's own account."""

    observation_id: UUID
    assessment_id: UUID | None
    instrument: AssessmentInstrument
    performed_on: date
    answered_at: datetime
    assessor: User | None
    level: Level | None
    passed: bool | None
    quantity: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailLine:
    """One audit entry: its place in the chain of its subject and the start of its hash; no actor is the system."""

    sequence: int
    action: str
    actor: str | None
    at: datetime
    hash: str


def validity_months(epa: Epa) -> int | None:
    """Return how many months a declaration on the EPA is valid, or None where it does not expire."""
    months: int | None = (epa.validity or {}).get("months")
    return months
