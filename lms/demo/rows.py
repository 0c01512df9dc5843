"""The rows as they are copied: the fields of each have the names of the columns."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from competencies.attainments import AttainmentKind, AttainmentState
from competencies.concerns import ConcernStep
from competencies.observations import ActivityKind, AssessmentStatus
from competencies.people import EndReason, OrganisationKind, Role
from competencies.scales import Direction
from lms.notices.models import NoticeKind


class UserRow(NamedTuple):
    """A row of users."""

    id: UUID
    email: str
    name: str
    password_hash: str | None
    language: str | None
    demo: bool
    created_at: datetime


class OrganisationRow(NamedTuple):
    """A row of organisations."""

    id: UUID
    kind: OrganisationKind
    name: str
    demo: bool
    created_at: datetime


class DepartmentRow(NamedTuple):
    """A row of departments."""

    id: UUID
    organisation_id: UUID
    name: str


class AccreditationRow(NamedTuple):
    """What an organisation is accredited for, from a day on."""

    id: UUID
    organisation_id: UUID
    attribute: str
    proof: str
    starts_on: date


class AllianceRow(NamedTuple):
    """A row of alliances."""

    id: UUID
    name: str
    demo: bool
    created_at: datetime


class MembershipRow(NamedTuple):
    """A row of alliance_memberships."""

    id: UUID
    alliance_id: UUID
    organisation_id: UUID
    starts_on: date
    ends_on: date | None


class RoleRow(NamedTuple):
    """A row of role_assignments."""

    id: UUID
    user_id: UUID
    role: Role
    organisation_id: UUID | None
    alliance_id: UUID | None
    starts_on: date
    ends_on: date | None


class CohortRow(NamedTuple):
    """A row of cohorts."""

    id: UUID
    programme_version_id: UUID
    organisation_id: UUID
    name: str
    starts_on: date
    planned_end_on: date
    lead_id: UUID
    created_at: datetime
    version: int


class EnrolmentRow(NamedTuple):
    """A row of enrolments."""

    id: UUID
    cohort_id: UUID
    programme_version_id: UUID
    trainee_id: UUID
    department_id: UUID
    track: str | None
    starts_on: date
    planned_end_on: date
    ended_on: date | None
    end_reason: EndReason | None
    created_at: datetime
    version: int


class GuidanceRow(NamedTuple):
    """A row of enrolment_trainers."""

    id: UUID
    enrolment_id: UUID
    trainer_id: UUID
    starts_on: date
    ends_on: date | None


class ActivityRow(NamedTuple):
    """A row of activities."""

    id: UUID
    enrolment_id: UUID
    trainee_id: UUID
    kind: ActivityKind
    performed_on: date
    department_id: UUID
    note: str
    quantity: int
    created_at: datetime
    rated_at: datetime | None
    version: int


class ActivityEpaRow(NamedTuple):
    """A row of activity_epas."""

    activity_id: UUID
    epa_id: UUID


class AssessmentRow(NamedTuple):
    """A row of assessments."""

    id: UUID
    activity_id: UUID
    enrolment_id: UUID
    trainee_id: UUID
    epa_id: UUID
    assessor_id: UUID
    instrument_key: str
    form_key: str | None
    scale_id: UUID | None
    direction: Direction
    status: AssessmentStatus
    requested_at: datetime
    held_since: datetime
    expires_on: date
    extended_at: datetime | None
    remind_on: date | None
    reminders: int
    answered_at: datetime | None
    level_code: str | None
    level_rank: int | None
    passed: bool | None
    quantity: int | None
    facts: str | None
    comment: str
    decline_reason: str
    version: int


class DecisionRow(NamedTuple):
    """A row of decisions."""

    id: UUID
    enrolment_id: UUID
    trainee_id: UUID
    epa_id: UUID
    scale_id: UUID
    level_code: str
    level_rank: int
    decided_by_id: UUID
    decided_on: date
    recorded_at: datetime
    valid_until: date | None
    remark: str
    requirements_met: bool
    overrule_reason: str
    scope: str
    supersedes_id: UUID | None


class EvidenceRow(NamedTuple):
    """A row of decision_evidence."""

    decision_id: UUID
    observation_id: UUID
    instrument_key: str


class AttainmentRow(NamedTuple):
    """A row of attainments."""

    id: UUID
    enrolment_id: UUID
    trainee_id: UUID
    kind: AttainmentKind
    key: str | None
    setting: str | None
    ground: str | None
    title: str
    amount: Decimal
    started_on: date | None
    done_on: date
    organisation_id: UUID | None
    passed: bool
    proof: str
    recorded_by_id: UUID
    recorded_at: datetime


class AttainmentStepRow(NamedTuple):
    """A row of attainment_steps."""

    id: UUID
    attainment_id: UUID
    step: AttainmentState
    by_id: UUID
    at: datetime
    reason: str


class StandingRow(NamedTuple):
    """A row of standings."""

    enrolment_id: UUID
    epa_id: UUID
    decision_id: UUID | None
    level_code: str | None
    level_rank: int | None
    decided_on: date | None
    valid_until: date | None
    rating_count: int
    last_rating_code: str | None
    last_rating_rank: int | None
    last_rated_on: date | None
    last_answered_at: datetime | None
    waiting_count: int


class NoticeRow(NamedTuple):
    """A row of notices."""

    id: UUID
    reader_id: UUID
    kind: NoticeKind
    about_id: UUID
    by_id: UUID | None
    at: datetime
    read_at: datetime | None
    to_mail: bool


class RefusalRow(NamedTuple):
    """A row of address_refusals."""

    address: str
    code: int
    since: datetime


class EntryRow(NamedTuple):
    """A row of audit_entries."""

    id: UUID
    subject_id: UUID
    sequence: int
    action: str
    actor_id: UUID | None
    target_id: UUID | None
    at: datetime
    facts: str
    hash: bytes


class HeadRow(NamedTuple):
    """A row of audit_heads."""

    subject_id: UUID
    sequence: int
    hash: bytes


class ReflectionRow(NamedTuple):
    """A row of reflections."""

    id: UUID
    writer_id: UUID
    text: str
    about_id: UUID | None
    line_id: UUID | None
    created_at: datetime
    changed_at: datetime
    version: int


class ReflectionShareRow(NamedTuple):
    """A row of reflection_shares."""

    id: UUID
    reflection_id: UUID
    writer_id: UUID
    reader_id: UUID
    shared_at: datetime


class ConcernRow(NamedTuple):
    """A row of concerns."""

    id: UUID
    enrolment_id: UUID
    trainee_id: UUID
    epa_id: UUID | None
    factors: str
    seen_on: date
    seen: str
    said: str
    needed: str
    talk_by: date
    written_by_id: UUID
    written_at: datetime


class ConcernEntryRow(NamedTuple):
    """A row of concern_entries."""

    concern_id: UUID
    number: int
    step: ConcernStep
    text: str
    talked_on: date | None
    due_on: date | None
    shares: bool
    by_id: UUID
    at: datetime


TABLES: dict[type[NamedTuple], str] = {
    UserRow: "users",
    OrganisationRow: "organisations",
    DepartmentRow: "departments",
    AccreditationRow: "accreditations",
    AllianceRow: "alliances",
    MembershipRow: "alliance_memberships",
    RoleRow: "role_assignments",
    CohortRow: "cohorts",
    EnrolmentRow: "enrolments",
    GuidanceRow: "enrolment_trainers",
    ActivityRow: "activities",
    ActivityEpaRow: "activity_epas",
    AssessmentRow: "assessments",
    DecisionRow: "decisions",
    EvidenceRow: "decision_evidence",
    AttainmentRow: "attainments",
    AttainmentStepRow: "attainment_steps",
    StandingRow: "standings",
    ConcernRow: "concerns",
    ConcernEntryRow: "concern_entries",
    NoticeRow: "notices",
    RefusalRow: "address_refusals",
    EntryRow: "audit_entries",
    HeadRow: "audit_heads",
}
"""The table of each kind of row, in an order in which every row comes after those that it refers to."""

PRIVATE: dict[type[NamedTuple], str] = {ReflectionRow: "reflections", ReflectionShareRow: "reflection_shares"}
"""The tables in which the database lets people write for themselves only; they come after all others."""
