"""Whether activities that were corrected say what their last version says, and each correction is on record."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Select, Text, case, cast, exists, func, select
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by
from sqlalchemy.orm import aliased

from lms.core.audit import AuditEntry
from lms.logbook.models import NO_CONTEXTS, Activity, ActivityEpa, ActivityVersion
from lms.operations.chains import Advance, Difference

AFTER = AuditEntry.facts["after"]
CORRECTIONS: Select[int] = select(func.count()).select_from(ActivityVersion)


def check_corrections(connection: Connection, advance: Advance) -> None:
    """Find every version of an activity in its place and on record; raise the first `Difference`."""
    for wrong in (_unkept(), _wrong_versions()):
        found = connection.execute(wrong.limit(1)).one_or_none()
        if found is not None:
            raise Difference(f"Activity {found.activity_id} {found.wrong}.")
    advance(connection.execute(CORRECTIONS).scalar_one())


def _unkept() -> Select[*tuple[Any, ...]]:
    """Return the activities that say they were corrected and of which no version is kept, and the other way round."""
    kept = exists().where(ActivityVersion.activity_id == Activity.id)
    wrong = case(
        (Activity.corrected_at.is_not(None) & ~kept, "was corrected, but what it said before is not there"),
        (Activity.corrected_at.is_(None) & kept, "has corrections, but does not say so"),
    )
    corrected = Activity.corrected_at.is_not(None) | Activity.id.in_(select(ActivityVersion.activity_id))
    return select(Activity.id.label("activity_id"), wrong.label("wrong")).where(corrected, wrong.is_not(None))


def _wrong_versions() -> Select[*tuple[Any, ...]]:
    version, before = aliased(ActivityVersion), aliased(ActivityVersion)
    last = ~exists().where(before.activity_id == version.activity_id, before.number > version.number)
    follows = exists().where(before.activity_id == version.activity_id, before.number == version.number - 1)
    wrong = case(
        ((version.number > 1) & ~follows, "lacks one of its versions"),
        ((version.number > 1) & ~_on_record(version), "has a correction that the audit record does not tell of"),
        (last & ~_stands(version), "does not say what its last correction says"),
    )
    judged = select(version.activity_id, wrong.label("wrong")).join(Activity, Activity.id == version.activity_id)
    return judged.where(wrong.is_not(None)).order_by(version.activity_id, version.number)


def _on_record(version: Any) -> Any:
    """Return the condition that an audit entry tells of a correction by whom, when and as what its row says."""
    return exists().where(
        AuditEntry.target_id == version.activity_id,
        AuditEntry.action == "activity.corrected",
        AuditEntry.actor_id == version.recorded_by_id,
        AuditEntry.at == version.recorded_at,
        AFTER["version"].as_string() == cast(version.number, Text),
        AFTER["kind"].as_string() == cast(version.kind, Text),
        AFTER["performed_on"].as_string() == cast(version.performed_on, Text),
        AFTER["department"].as_string() == cast(version.department_id, Text),
        AFTER["quantity"].as_string() == cast(version.quantity, Text),
        AFTER["note_length"].as_string() == cast(func.char_length(version.note), Text),
        cast(AFTER["epas"], JSONB) == version.epa_ids,
        func.coalesce(cast(AFTER["contexts"], JSONB), NO_CONTEXTS) == version.contexts,
    )


def _stands(version: Any) -> Any:
    """Return the condition that the activity says now what the version says."""
    key = ActivityEpa.epa_id
    chosen = func.jsonb_agg(aggregate_order_by(cast(key, Text), key))
    epas = select(chosen).where(ActivityEpa.activity_id == Activity.id)
    return (
        (Activity.kind == version.kind)
        & (Activity.performed_on == version.performed_on)
        & (Activity.department_id == version.department_id)
        & (Activity.note == version.note)
        & (Activity.quantity == version.quantity)
        & (Activity.contexts == version.contexts)
        & (Activity.corrected_at == version.recorded_at)
        & (epas.correlate(Activity).scalar_subquery() == version.epa_ids)
    )
