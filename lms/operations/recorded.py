"""Whether what was decided and assessed is what the audit record says: the entry of the step beside the row itself."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, Exists, String, cast, exists, func, or_, select

from competencies.invitations import Identity
from lms.assessments.models import Assessment
from lms.attainments.models import AttainmentRow, AttainmentStep
from lms.core.audit import AuditEntry
from lms.entrustment.models import Decision
from lms.evidence.models import EvidenceFile
from lms.logbook.models import Activity, ActivityVersion

_after = AuditEntry.facts["after"]


def decision_is_on_record() -> Exists:
    """Return the condition that a decision was recorded by whom, when and as what its row says."""
    return exists().where(
        AuditEntry.target_id == Decision.id,
        AuditEntry.action == "decision.taken",
        AuditEntry.subject_id == Decision.trainee_id,
        AuditEntry.actor_id == Decision.decided_by_id,
        AuditEntry.at == Decision.recorded_at,
        _after["level"].as_string() == Decision.level_code,
        _after["decided_on"].as_string() == cast(Decision.decided_on, String),
        _after["valid_until"].as_string().is_not_distinct_from(cast(Decision.valid_until, String)),
    )


def answer_is_on_record() -> Exists:
    """Return the condition that a given assessment was recorded as its row and that of its activity say."""
    return exists().where(
        AuditEntry.target_id == Assessment.id,
        AuditEntry.action == "assessment.submitted",
        AuditEntry.subject_id == Assessment.trainee_id,
        AuditEntry.actor_id == Assessment.assessor_id,
        AuditEntry.at == Assessment.answered_at,
        _after["performed_on"].as_string() == cast(_assessed_day(), String),
        _after["level"].as_string().is_not_distinct_from(Assessment.level_code),
        _after["passed"].as_string().is_not_distinct_from(cast(Assessment.passed, String)),
        _after["quantity"].as_string().is_not_distinct_from(cast(Assessment.quantity, String)),
        func.coalesce(_after["identity"].as_string(), Identity.ACCOUNT.value) == cast(Assessment.identity, String),
    )


def disowning_is_on_record() -> Exists:
    """Return the condition that a disowned assessment was recorded as disowned by the one in whose name it was."""
    return exists().where(
        AuditEntry.target_id == Assessment.id,
        AuditEntry.action == "assessment.disowned",
        AuditEntry.subject_id == Assessment.trainee_id,
        AuditEntry.actor_id == Assessment.assessor_id,
    )


def _assessed_day() -> ColumnElement[date]:
    """Return the day of the activity as it stood when the assessment was given: later corrections change nothing."""
    then = (
        select(ActivityVersion.performed_on)
        .where(
            ActivityVersion.activity_id == Activity.id,
            or_(ActivityVersion.number == 1, ActivityVersion.recorded_at < Assessment.answered_at),
        )
        .order_by(ActivityVersion.number.desc())
        .limit(1)
        .correlate(Activity, Assessment)
    )
    return func.coalesce(then.scalar_subquery(), Activity.performed_on)


def attainment_is_on_record() -> Exists:
    """Return the condition that an attainment was recorded by whom, when and as what its row says."""
    return exists().where(
        AuditEntry.target_id == AttainmentRow.id,
        AuditEntry.action == "attainment.recorded",
        AuditEntry.subject_id == AttainmentRow.trainee_id,
        AuditEntry.actor_id == AttainmentRow.recorded_by_id,
        AuditEntry.at == AttainmentRow.recorded_at,
        _after["kind"].as_string() == cast(AttainmentRow.kind, String),
        _after["key"].as_string().is_not_distinct_from(AttainmentRow.key),
        _after["setting"].as_string().is_not_distinct_from(AttainmentRow.setting),
        _after["amount"].as_string() == cast(AttainmentRow.amount, String),
        _after["done_on"].as_string() == cast(AttainmentRow.done_on, String),
        _after["passed"].as_string() == cast(AttainmentRow.passed, String),
    )


def file_is_on_record() -> Exists:
    """Return the condition that a file was recorded by whom, when and as what its row says."""
    return exists().where(
        AuditEntry.target_id == EvidenceFile.id,
        AuditEntry.action == "evidence.added",
        AuditEntry.actor_id == EvidenceFile.owner_id,
        AuditEntry.at == EvidenceFile.added_at,
        _after["file_kind"].as_string() == cast(EvidenceFile.kind, String),
        _after["size"].as_string() == cast(EvidenceFile.size, String),
        _after["hash"].as_string() == func.encode(EvidenceFile.hash, "hex"),
    )


def step_is_on_record() -> Exists:
    """Return the condition that a step with an attainment was recorded by whom, when and as what its row says."""
    return exists().where(
        AuditEntry.target_id == AttainmentStep.attainment_id,
        AuditEntry.action == "attainment." + cast(AttainmentStep.step, String),
        AuditEntry.actor_id == AttainmentStep.by_id,
        AuditEntry.at == AttainmentStep.at,
    )
