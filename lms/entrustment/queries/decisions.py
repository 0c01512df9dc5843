"""What is asked about decisions."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import CompoundSelect, Select, Uuid, bindparam, func, select, union_all
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from competencies import entrustment
from lms.cohorts.models import Cohort, Enrolment
from lms.cohorts.queries import moves_of, visible_enrolments
from lms.curriculum.models import Epa, RatingScale
from lms.curriculum.queries import WITH_EVIDENCE, scale_values
from lms.curriculum.values import level_of
from lms.entrustment.models import Decision, Recognition
from lms.entrustment.values import Held
from lms.organisations.models import Department
from lms.organisations.permissions import Duties

WITH_LEVEL = (joinedload(Decision.scale).selectinload(RatingScale.levels), joinedload(Decision.decided_by))


def decisions_of(session: Session, enrolment_id: UUID, epa_id: UUID) -> Sequence[Decision]:
    """Return the decisions on one EPA of an enrolment, the newest first, with scale and decider."""
    return session.scalars(_of_one_epa(), {"enrolment_id": enrolment_id, "epa_id": epa_id}).all()


@cache
def _of_one_epa() -> Select[Decision]:
    enrolment_id, epa_id = (bindparam(name, type_=Uuid) for name in ("enrolment_id", "epa_id"))
    return _newest_first().where(Decision.enrolment_id == enrolment_id, Decision.epa_id == epa_id)


def decisions_of_enrolments(session: Session, enrolment_ids: Collection[UUID]) -> Sequence[Decision]:
    """Return all decisions on the enrolments, the newest first, with scale and decider."""
    return session.scalars(_newest_first().where(Decision.enrolment_id.in_(enrolment_ids))).all()


def decided_in(session: Session, enrolment_ids: Collection[UUID]) -> Sequence[tuple[UUID, entrustment.Decision]]:
    """Return all decisions on the enrolments as the domain knows them, each with its enrolment, the newest first.

    One statement, and another for scales that were not asked for before in this process.
    """
    rows = session.execute(_decided_in(), {"enrolments": list(enrolment_ids)}).all()
    levels = {
        key: {level.code: level for level in scale.levels}
        for key, scale in scale_values(session, {row.scale_id for row in rows}).items()
    }
    return [
        (
            row.enrolment_id,
            entrustment.Decision(
                id=row.id,
                epa_id=row.epa_id,
                level=levels[row.scale_id][row.level_code],
                decided_on=row.decided_on,
                valid_until=row.valid_until,
                decided_by=row.decided_by_id,
                recorded_at=row.recorded_at,
                scope=row.scope,
                overtaken_on=row.overtaken_on,
            ),
        )
        for row in rows
    ]


@cache
def _decided_in() -> Select[*tuple[Any, ...]]:
    newest = (Decision.decided_on.desc(), Decision.recorded_at.desc(), Decision.id.desc())
    enrolments = bindparam("enrolments", type_=ARRAY(Uuid))
    return (
        select(
            Decision.id,
            Decision.enrolment_id,
            Decision.epa_id,
            Decision.scale_id,
            Decision.level_code,
            Decision.decided_on,
            Decision.valid_until,
            Decision.decided_by_id,
            Decision.recorded_at,
            Decision.scope,
            Decision.overtaken_on.label("overtaken_on"),
        )
        .where(Decision.enrolment_id == func.any(enrolments))
        .order_by(*newest)
    )


def _newest_first() -> Select[Decision]:
    newest = (Decision.decided_on.desc(), Decision.recorded_at.desc(), Decision.id.desc())
    return select(Decision).options(*WITH_LEVEL).order_by(*newest)


def as_domain(decision: Decision) -> entrustment.Decision:
    """Return a decision as the domain knows it; needs its scale with the levels."""
    return entrustment.Decision(
        id=decision.id,
        epa_id=decision.epa_id,
        level=level_of(decision.scale, decision.level_code),
        decided_on=decision.decided_on,
        valid_until=decision.valid_until,
        decided_by=decision.decided_by_id,
        recorded_at=decision.recorded_at,
        scope=decision.scope,
        overtaken_on=decision.overtaken_on,
    )


def decided_on_epas(enrolments: Select[UUID] | None = None) -> CompoundSelect[*tuple[Any, ...]]:
    """Select what was decided on each EPA, of these enrolments or of all: decisions, and those that a move recognised.

    Only what the last move of an enrolment recognised holds.
    """
    columns = ("level_code", "level_rank", "decided_on", "valid_until", "recorded_at")
    taken = select(
        Decision.enrolment_id,
        Decision.epa_id,
        Decision.id.label("decision_id"),
        *(getattr(Decision, name) for name in columns),
    )
    recognised = select(
        Recognition.enrolment_id,
        Recognition.epa_id,
        Recognition.decision_id,
        *(getattr(Recognition, name) for name in columns),
    ).join(Enrolment, Enrolment.move_id == Recognition.enrolment_move_id)
    if enrolments is not None:
        taken = taken.where(Decision.enrolment_id.in_(enrolments))
        recognised = recognised.where(Recognition.enrolment_id.in_(enrolments))
    return union_all(taken, recognised)


def recognitions_of(session: Session, enrolment_ids: Collection[UUID]) -> Sequence[Recognition]:
    """Return what the last move of each enrolment recognised, each with its decision, its scale and its decider."""
    return session.scalars(
        select(Recognition)
        .join(Enrolment, Enrolment.move_id == Recognition.enrolment_move_id)
        .where(Recognition.enrolment_id.in_(enrolment_ids))
        .options(joinedload(Recognition.decision).options(*WITH_LEVEL), joinedload(Recognition.epa))
        .order_by(Recognition.decided_on.desc(), Recognition.recorded_at.desc(), Recognition.decision_id.desc())
    ).all()


def as_recognised(recognition: Recognition) -> entrustment.Decision:
    """Return a recognised decision as the domain knows it: on the new EPA, with the level and the days that hold on."""
    decision = as_domain(recognition.decision)
    return replace(
        decision,
        epa_id=recognition.epa_id,
        level=level_of(recognition.decision.scale, recognition.level_code),
        decided_on=recognition.decided_on,
        valid_until=recognition.valid_until,
        overtaken_on=None,
    )


def held_on(session: Session, enrolment: Enrolment, epa_id: UUID) -> Sequence[Held]:
    """Return what was decided on one EPA of an enrolment, the newest first, what the last move recognised included.

    Who was never moved costs no statement more than `decisions_of`.
    """
    taken = [Held(one, as_domain(one)) for one in decisions_of(session, enrolment.id, epa_id)]
    if enrolment.move_id is None:
        return taken
    found = recognitions_of(session, [enrolment.id])
    recognised = [Held(one.decision, as_recognised(one), one) for one in found if one.epa_id == epa_id]
    return sorted((*taken, *recognised), key=_when, reverse=True)


def _when(held: Held) -> tuple[date, datetime, UUID]:
    return held.value.decided_on, held.value.recorded_at, held.row.id


def newest_held(session: Session, enrolment: Enrolment, epa_id: UUID, last: Decision | None) -> Held | None:
    """Return the newest decision as it holds on an EPA; `last` is the last one that was taken there (`last_of`)."""
    if enrolment.move_id is None:
        return Held(last, as_domain(last)) if last else None
    return next(iter(held_on(session, enrolment, epa_id)), None)


def held_elsewhere(session: Session, decision: Decision) -> Sequence[Recognition]:
    """Return for which EPAs of the version that the trainee follows now a decision holds on; needs the enrolment."""
    if decision.enrolment.move_id is None:
        return ()
    found = recognitions_of(session, [decision.enrolment_id])
    return [one for one in found if one.decision_id == decision.id]


def overtaking(session: Session, decision: Decision) -> Decision | None:
    """Return the first later decision on what the EPA became when the trainee was moved; needs the enrolment."""
    if decision.overtaken_on is None:
        return None
    moves = moves_of(session, [decision.enrolment]).get(decision.enrolment_id, ())
    heirs = {new for move in moves for old, new in move.carried if old == str(decision.epa_id)}
    taken = reversed(decisions_of_enrolments(session, [decision.enrolment_id]))
    return next((one for one in taken if str(one.epa_id) in heirs and _taken(one) > _taken(decision)), None)


def _taken(decision: Decision) -> tuple[date, datetime, UUID]:
    return decision.decided_on, decision.recorded_at, decision.id


def last_of(session: Session, enrolment_id: UUID, epa_id: UUID) -> Decision | None:
    """Return the decision on an EPA of an enrolment that no other supersedes, with scale and decider."""
    later = aliased(Decision)
    superseded = select(later.id).where(later.supersedes_id == Decision.id).exists()
    return session.scalar(
        select(Decision)
        .options(*WITH_LEVEL)
        .where(Decision.enrolment_id == enrolment_id, Decision.epa_id == epa_id, ~superseded)
    )


def one_visible(session: Session, duties: Duties, decision_id: UUID) -> Decision | None:
    """Return a decision with all that its page needs, if the person may see its enrolment."""
    enrolments = visible_enrolments(duties).with_only_columns(Enrolment.id)
    cohort = joinedload(Decision.enrolment).joinedload(Enrolment.cohort)
    return session.scalar(
        select(Decision)
        .where(Decision.id == decision_id, Decision.enrolment_id.in_(enrolments))
        .options(
            *WITH_LEVEL,
            cohort.joinedload(Cohort.organisation),
            joinedload(Decision.enrolment).joinedload(Enrolment.programme_version),
            joinedload(Decision.enrolment).joinedload(Enrolment.department).joinedload(Department.organisation),
            joinedload(Decision.trainee),
            joinedload(Decision.epa).options(*WITH_EVIDENCE, joinedload(Epa.programme_version)),
            selectinload(Decision.evidence),
        )
    )
