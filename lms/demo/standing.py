"""The current standing on each EPA, as it follows from a history."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from competencies.observations import AssessmentStatus
from lms.demo.enrolments import Enrolment
from lms.demo.records import Assessment, Decision
from lms.demo.rows import StandingRow


@dataclass(slots=True)
class _Standing:
    """What one EPA comes down to while its history is gone through."""

    ratings: int = 0
    waiting: int = 0
    last: Assessment | None = None
    decision: Decision | None = None

    def take(self, one: Assessment) -> None:
        """Take in what an assessment changes."""
        self.waiting += one.status is AssessmentStatus.REQUESTED
        if one.status is AssessmentStatus.SUBMITTED:
            self.ratings += 1
            if one.is_on_epa_scale and (self.last is None or _when(one) >= _when(self.last)):
                self.last = one


def _when(one: Assessment) -> tuple[object, ...]:
    return one.activity.performed_on, one.answered_at, one.id


def standings(of: Enrolment, assessments: Iterable[Assessment], decisions: Iterable[Decision]) -> Iterator[StandingRow]:
    """Return the standing on every EPA on which something was asked or decided."""
    found: dict[UUID, _Standing] = {}
    for one in assessments:
        found.setdefault(one.part.epa_id, _Standing()).take(one)
    for decision in decisions:
        known = found.setdefault(decision.part.epa_id, _Standing())
        if known.decision is None or known.decision.decided_on <= decision.decided_on:
            known.decision = decision
    return (_row(of.id, epa_id, one) for epa_id, one in found.items())


def _row(enrolment_id: UUID, epa_id: UUID, one: _Standing) -> StandingRow:
    decision, last = one.decision, one.last
    level = last.level if last else None
    return StandingRow(
        enrolment_id,
        epa_id,
        decision.id if decision else None,
        decision.level.code if decision else None,
        decision.level.rank if decision else None,
        decision.decided_on if decision else None,
        decision.valid_until if decision else None,
        one.ratings,
        level.code if level else None,
        level.rank if level else None,
        last.activity.performed_on if last else None,
        last.answered_at if last else None,
        one.waiting,
    )
