"""What a history consists of while it is simulated: activities, assessments and decisions that can still change."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from competencies.observations import ActivityKind, AssessmentStatus, Observation
from competencies.scales import Direction, Level
from competencies.waiting import USUAL
from lms.core.clock import day_of
from lms.demo.chronicle import Chronicle
from lms.demo.enrolments import Enrolment
from lms.demo.programmes import Need, Part
from lms.demo.rows import ActivityEpaRow, ActivityRow, AssessmentRow, DecisionRow, EvidenceRow

REQUESTED, SUBMITTED = AssessmentStatus.REQUESTED, AssessmentStatus.SUBMITTED


@dataclass(slots=True)
class Activity:
    """Something that the trainee logged, for the EPAs of `parts`."""

    id: UUID
    kind: ActivityKind
    performed_on: date
    department_id: UUID
    note: str
    quantity: int
    created_at: datetime
    parts: list[Part]
    rated_at: datetime | None = None
    reflection: str = ""
    """What was written, of a reflection; it is stored only of who can sign in, for nobody else could ever read it."""

    def rows(self, of: Enrolment) -> Iterator[NamedTuple]:
        """Return its row and those of its EPAs."""
        yield ActivityRow(
            self.id,
            of.id,
            of.trainee_id,
            self.kind,
            self.performed_on,
            self.department_id,
            self.note,
            self.quantity,
            self.created_at,
            self.rated_at,
            1,
        )
        for part in self.parts:
            yield ActivityEpaRow(self.id, part.epa_id)

    def tell(self, chronicle: Chronicle) -> None:
        """Tell of logging it."""
        facts = {
            "kind": self.kind,
            "performed_on": self.performed_on,
            "department": self.department_id,
            "epas": sorted(str(part.epa_id) for part in self.parts),
            "quantity": self.quantity,
            "note_length": len(self.note),
        }
        by = chronicle.subject
        chronicle.tell("activity.logged", at=self.created_at, by=by, target=self.id, after=facts)


@dataclass(slots=True)
class Assessment:
    """What somebody was asked, and what became of it."""

    id: UUID
    activity: Activity
    part: Part
    need: Need
    assessor_id: UUID
    requested_at: datetime
    status: AssessmentStatus = REQUESTED
    answered_at: datetime | None = None
    level: Level | None = None
    passed: bool | None = None
    quantity: int | None = None
    facts: Mapping[str, int] | None = None
    comment: str = ""
    decline_reason: str = ""
    extended_at: datetime | None = None

    @property
    def asked_on(self) -> date:
        """Return the day of the request."""
        return day_of(self.requested_at)

    @property
    def expires_on(self) -> date:
        """Return the last day on which it can be answered."""
        last = USUAL.expires_on(self.asked_on)
        return last if self.extended_at is None else USUAL.extended(last)

    def reminders(self, *, on: date) -> int:
        """Return how often its holder was reminded by a day."""
        return USUAL.reminders_due(self.asked_on, on=min(on, self.expires_on))

    @property
    def is_on_epa_scale(self) -> bool:
        """Return whether it is a rating on the scale of the EPA itself."""
        return self.level is not None and self.need.on_epa_scale

    def close(self, status: AssessmentStatus, at: datetime) -> None:
        """End it; an answer that was given holds the activity as it is."""
        self.status, self.answered_at = status, at
        if status is SUBMITTED and (self.activity.rated_at is None or at < self.activity.rated_at):
            self.activity.rated_at = at

    def say_not_observed(self) -> None:
        """Let the assessor have seen nothing of it, rather than decline."""
        self.decline_reason, self.status = "", AssessmentStatus.NOT_OBSERVED

    def observation(self, trainee_id: UUID) -> Observation | None:
        """Return what was seen, once it was answered."""
        if self.status is not SUBMITTED or self.answered_at is None:
            return None
        return Observation(
            id=self.id,
            epa_id=self.part.epa_id,
            activity_id=self.activity.id,
            instrument=self.need.requirement.instrument,
            form=self.need.requirement.form,
            observed_on=self.activity.performed_on,
            assessor_id=self.assessor_id,
            by_trainee=self.assessor_id == trainee_id,
            level=self.level,
            passed=self.passed,
            quantity=self.quantity or 1,
            facts=self.facts or {},
            answered_at=self.answered_at,
        )

    def row(self, of: Enrolment, *, today: date) -> AssessmentRow:
        """Return its row."""
        ended_on = today if self.answered_at is None else day_of(self.answered_at)
        reminders = self.reminders(on=ended_on)
        return AssessmentRow(
            self.id,
            self.activity.id,
            of.id,
            of.trainee_id,
            self.part.epa_id,
            self.assessor_id,
            self.need.requirement.instrument,
            self.need.requirement.form,
            self.need.scale_id,
            Direction.RETROSPECTIVE,
            self.status,
            self.requested_at,
            self.requested_at,
            self.expires_on,
            self.extended_at,
            USUAL.next_reminder(self.asked_on, sent=reminders),
            reminders,
            self.answered_at,
            self.level.code if self.level else None,
            self.level.rank if self.level else None,
            self.passed,
            self.quantity,
            json.dumps(self.facts) if self.facts else None,
            self.comment,
            self.decline_reason,
            1 if self.status is REQUESTED else 2,
        )

    def tell(self, chronicle: Chronicle) -> None:
        """Tell of the request and of its end."""
        trainee_id, asked = chronicle.subject, self._asked()
        chronicle.tell("assessment.requested", at=self.requested_at, by=trainee_id, target=self.id, after=asked)
        if self.extended_at is not None:
            before, after_it = USUAL.expires_on(self.asked_on), self.expires_on
            chronicle.tell(
                "assessment.extended",
                at=self.extended_at,
                by=trainee_id,
                target=self.id,
                before={"expires_on": before},
                after={"expires_on": after_it},
            )
        if self.status is AssessmentStatus.EXPIRED and self.answered_at is not None:
            waited, ended = {"status": REQUESTED}, {"status": self.status}
            at = self.answered_at
            chronicle.tell("assessment.expired", at=at, by=None, target=self.id, before=waited, after=ended)
        elif self.answered_at is not None:
            by = trainee_id if self.status is AssessmentStatus.WITHDRAWN else self.assessor_id
            action, after = f"assessment.{self.status.value}", self._ended()
            chronicle.tell(action, at=self.answered_at, by=by, target=self.id, before=asked, after=after)

    def _asked(self) -> dict[str, object]:
        return {
            "status": REQUESTED,
            "activity": self.activity.id,
            "epa": self.part.epa_id,
            "assessor": self.assessor_id,
            "instrument": self.need.requirement.instrument,
            "form": self.need.requirement.form,
        }

    def _ended(self) -> dict[str, object]:
        if self.status is AssessmentStatus.DECLINED:
            return {"status": self.status, "reason_length": len(self.decline_reason)}
        if self.status is not SUBMITTED:
            return {"status": self.status}
        return {
            "status": self.status,
            "performed_on": self.activity.performed_on,
            "level": self.level.code if self.level else None,
            "passed": self.passed,
            "quantity": self.quantity,
            "facts": self.facts,
            "comment_length": len(self.comment),
        }


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided, on which evidence."""

    id: UUID
    part: Part
    level: Level
    decided_by: UUID
    decided_on: date
    recorded_at: datetime
    valid_until: date | None
    remark: str
    overrule_reason: str
    requirements_met: bool
    evidence: tuple[Observation, ...]
    supersedes: Decision | None

    def rows(self, of: Enrolment) -> Iterator[NamedTuple]:
        """Return its row and those of its evidence."""
        scale_id = self.part.scale_id
        if scale_id is None:
            return
        yield DecisionRow(
            self.id,
            of.id,
            of.trainee_id,
            self.part.epa_id,
            scale_id,
            self.level.code,
            self.level.rank,
            self.decided_by,
            self.decided_on,
            self.recorded_at,
            self.valid_until,
            self.remark,
            self.requirements_met,
            self.overrule_reason,
            json.dumps(self.part.scope),
            self.supersedes.id if self.supersedes else None,
        )
        for seen in self.evidence:
            yield EvidenceRow(self.id, seen.id, seen.instrument)

    def tell(self, chronicle: Chronicle, of: Enrolment) -> None:
        """Tell of the decision and of the one that it supersedes."""
        last = self.supersedes
        before = {"decision": last.id, "level": last.level.code, "decided_on": last.decided_on} if last else None
        after = {
            "enrolment": of.id,
            "epa": self.part.epa_id,
            "level": self.level.code,
            "decided_on": self.decided_on,
            "valid_until": self.valid_until,
            "scope": self.part.scope,
            "remark": self.remark,
            "requirements_met": self.requirements_met,
            "overrule_reason": self.overrule_reason,
            "evidence": len(self.evidence),
        }
        chronicle.tell(
            "decision.taken", at=self.recorded_at, by=self.decided_by, target=self.id, before=before, after=after
        )
