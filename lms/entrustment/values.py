"""What a decision is made of: the declaration that was filled in, and the evidence it rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from competencies import entrustment
from competencies.invitations import Identity
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

    def stands_with(self, other: Held) -> bool:
        """Return whether one move recognised both together, as that of merged EPAs does: they are worth the same."""
        mine, others = self.recognition, other.recognition
        return (
            mine is not None
            and others is not None
            and (mine.enrolment_move_id, mine.level_code, mine.decided_on, mine.valid_until)
            == (others.enrolment_move_id, others.level_code, others.decided_on, others.valid_until)
        )


def state_on(held: Held, line: Sequence[Held], *, on: date) -> entrustment.DecisionState:
    """Return what a decision is worth on a day on one EPA, among all that holds there."""
    values = [one.value for one in line]
    last = entrustment.latest(values, on=on)
    together = (one for one in line if last is one.value and one.stands_with(held))
    return entrustment.state_of(next(together, held).value, values, on=on)


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
    """One observation that counted for a decision; without an assessment it is the trainee's own account.

    A closed round of feedback has none either: of it the number of `answers` is known. One that `is_disowned` was so
    after the decision, which stands until somebody takes another one.
    """

    observation_id: UUID
    assessment_id: UUID | None
    instrument: AssessmentInstrument
    performed_on: date
    answered_at: datetime
    assessor: User | None
    level: Level | None
    passed: bool | None
    quantity: int | None
    identity: Identity = Identity.ACCOUNT
    stated_role: str = ""
    is_disowned: bool = False
    answers: int | None = None


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
