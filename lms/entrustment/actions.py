"""What records entrustment decisions."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from competencies.entrustment import check_decision
from competencies.errors import RuleBroken
from competencies.observations import ActivityKind
from competencies.progress import EpaProgress
from competencies.scales import Level
from competencies.scope import check_scope
from lms.accounts.models import User
from lms.cohorts.actions.plans import take_turn
from lms.cohorts.models import Enrolment
from lms.core.audit import record
from lms.core.clock import day_of
from lms.core.keys import uuid7
from lms.curriculum.models import Epa
from lms.curriculum.queries import scope_of
from lms.curriculum.requirements import requirements_of
from lms.curriculum.values import ProgrammeEpa, scale_of
from lms.entrustment import queries
from lms.entrustment.models import Decision, DecisionEvidence
from lms.entrustment.values import Declaration
from lms.logbook.models import Activity
from lms.notices.actions import notify
from lms.notices.models import NoticeKind
from lms.organisations.queries import accredited_for
from lms.standings.actions import note_decision


def decide(
    session: Session, enrolment: Enrolment, offered: ProgrammeEpa, declaration: Declaration, *, by: User, at: datetime
) -> Decision:
    """Record a decision on an EPA with the evidence that counts now; it supersedes the last one.

    Deciders on one enrolment take turns. Raises `RuleBroken`: decided_meanwhile where the last decision is no longer
    the one that the decider saw, changed_meanwhile for a trainee who was moved since, decided_before_enrolment,
    decided_after_enrolment, decided_before_last, and whatever `check_decision` and `check_scope` raise.
    """
    followed = enrolment.programme_version_id
    take_turn(session, Enrolment, enrolment.id)
    session.refresh(enrolment, ["ended_on", "programme_version_id", "move_id"])
    if enrolment.programme_version_id != followed:
        raise RuleBroken("changed_meanwhile")
    last = queries.last_of(session, enrolment.id, offered.epa.id)
    if (last.id if last else None) != declaration.supersedes:
        raise RuleBroken("decided_meanwhile")
    level = _level_of(offered.epa, declaration.level)
    held = queries.newest_held(session, enrolment, offered.epa.id, last)
    _check_day(enrolment, held.value.decided_on if held else None, declaration.decided_on)
    _hold_reflections(session, enrolment)
    progress = _checked(session, enrolment, offered, declaration, level, by=by, at=at)
    decision = _decision(enrolment, offered.epa, declaration, level, progress, by=by, at=at)
    session.add(decision)
    session.flush()
    evidence = _freeze(session, decision, progress, at=at)
    _note(session, decision, last, evidence)
    notify(session, decision.trainee_id, NoticeKind.DECISION_TAKEN, about=decision.id, by=by.id, at=at)
    return decision


def _level_of(epa: Epa, code: str) -> Level:
    if epa.scale is None:
        raise RuleBroken("epa_without_level", level=code)
    return scale_of(epa.scale).level(code)


def _check_day(enrolment: Enrolment, last_on: date | None, decided_on: date) -> None:
    """Accept a day within the enrolment and not before the decision that held until then, or raise."""
    if decided_on < enrolment.starts_on:
        raise RuleBroken("decided_before_enrolment", starts_on=enrolment.starts_on)
    if enrolment.ended_on is not None and decided_on > enrolment.ended_on:
        raise RuleBroken("decided_after_enrolment", ended_on=enrolment.ended_on)
    if last_on is not None and decided_on < last_on:
        raise RuleBroken("decided_before_last", decided_on=last_on)


def _hold_reflections(session: Session, enrolment: Enrolment) -> None:
    """Keep the trainee from changing reflections while they are read as evidence; assessed activities stay anyway."""
    mine = select(Activity.id).where(
        Activity.enrolment_id == enrolment.id, Activity.kind == ActivityKind.REFLECTION, Activity.rated_at.is_(None)
    )
    session.execute(mine.order_by(Activity.id).with_for_update(key_share=True))


def _checked(
    session: Session,
    enrolment: Enrolment,
    offered: ProgrammeEpa,
    declaration: Declaration,
    level: Level,
    *,
    by: User,
    at: datetime,
) -> EpaProgress:
    """Return the progress that the decision rests on, once all rules accept the declaration."""
    today = day_of(at)
    asked = requirements_of(offered.epa)
    seen = queries.observations_on(session, enrolment.id, offered.epa.id, asked=asked)
    progress = queries.progress_towards_level(
        offered.epa,
        offered.expected,
        seen,
        level,
        on=min(declaration.decided_on, today),
        file=queries.file_for(session, enrolment, asked),
    )
    check_decision(
        decided_by=by.id,
        trainee_id=enrolment.trainee_id,
        level=level,
        progress=progress,
        assessors_of_counted=progress.assessors,
        deciders_allowed={user.id for user in queries.deciders_of(session, enrolment, on=today)},
        decided_on=declaration.decided_on,
        valid_until=declaration.valid_until,
        today=today,
        overrule_reason=declaration.overrule_reason,
    )
    held = accredited_for(session, enrolment.department, on=declaration.decided_on)
    check_scope(scope_of(session, offered.epa), declaration.scope, site_attributes=held)
    return progress


def _decision(
    enrolment: Enrolment,
    epa: Epa,
    declaration: Declaration,
    level: Level,
    progress: EpaProgress,
    *,
    by: User,
    at: datetime,
) -> Decision:
    return Decision(
        id=uuid7(),
        enrolment_id=enrolment.id,
        trainee_id=enrolment.trainee_id,
        epa_id=epa.id,
        scale_id=epa.scale_id,
        level_code=level.code,
        level_rank=level.rank,
        decided_by_id=by.id,
        decided_on=declaration.decided_on,
        recorded_at=at,
        valid_until=declaration.valid_until,
        remark=declaration.remark.strip(),
        requirements_met=progress.is_met,
        overrule_reason=declaration.overrule_reason.strip(),
        scope={group: sorted(options) for group, options in declaration.scope.items() if options},
        supersedes_id=declaration.supersedes,
    )


def _freeze(session: Session, decision: Decision, progress: EpaProgress, *, at: datetime) -> int:
    """Keep what counted with the decision, hold reflections among it from now on, and return how much it is."""
    counted = {seen.id: seen.instrument for seen in progress.counted}
    session.add_all(
        DecisionEvidence(decision_id=decision.id, observation_id=key, instrument_key=instrument)
        for key, instrument in counted.items()
    )
    session.flush()
    session.execute(
        update(Activity)
        .where(Activity.id.in_(counted), Activity.kind == ActivityKind.REFLECTION)
        .values(rated_at=func.coalesce(Activity.rated_at, at))
        .execution_options(synchronize_session=False)
    )
    return len(counted)


def _note(session: Session, decision: Decision, last: Decision | None, evidence: int) -> None:
    """Bring the standing up to date and write the audit entry."""
    note_decision(
        session,
        enrolment_id=decision.enrolment_id,
        epa_id=decision.epa_id,
        decision_id=decision.id,
        level_code=decision.level_code,
        level_rank=decision.level_rank,
        decided_on=decision.decided_on,
        valid_until=decision.valid_until,
    )
    record(
        session,
        "decision.taken",
        subject=decision.trainee_id,
        by=decision.decided_by_id,
        at=decision.recorded_at,
        target=decision.id,
        before={"decision": last.id, "level": last.level_code, "decided_on": last.decided_on} if last else None,
        after=_facts(decision) | {"evidence": evidence},
    )


def _facts(decision: Decision) -> dict[str, object]:
    return {
        "enrolment": decision.enrolment_id,
        "epa": decision.epa_id,
        "level": decision.level_code,
        "decided_on": decision.decided_on,
        "valid_until": decision.valid_until,
        "scope": decision.scope,
        "remark": decision.remark,
        "requirements_met": decision.requirements_met,
        "overrule_reason": decision.overrule_reason,
    }
