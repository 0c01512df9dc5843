"""Entrustment decisions: who may decide what, until when it is valid, and which decision is in force on a day."""

from calendar import monthrange
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import MAXYEAR, date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from competencies.errors import RuleBroken
from competencies.progress import EpaProgress
from competencies.scales import Level

LONGEST_AHEAD = timedelta(days=31)
"""How far ahead a decision may take effect: a meeting decides now, the ward works with it from next month."""


class DecisionState(StrEnum):
    """What a decision is worth on a day."""

    IN_FORCE = "in_force"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    UPCOMING = "upcoming"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One declaration on one EPA: in force from `decided_on` up to and including `valid_until` (null: no end)."""

    id: UUID
    epa_id: UUID
    level: Level
    decided_on: date
    valid_until: date | None
    decided_by: UUID
    recorded_at: datetime


def in_force(decisions: Iterable[Decision], *, on: date) -> Decision | None:
    """Return the decision that holds on that day among those on one EPA of one trainee, or null.

    It is the latest that has begun; once the latest has expired none holds, an older one does not revive.
    """
    latest = _latest(decisions, on)
    return latest if latest is not None and not _has_expired(latest, on) else None


def is_in_force(decision: Decision, decisions: Iterable[Decision], *, on: date) -> bool:
    """Return whether this is the decision that holds on that day among all those on its EPA."""
    return state_of(decision, decisions, on=on) is DecisionState.IN_FORCE


def state_of(decision: Decision, decisions: Iterable[Decision], *, on: date) -> DecisionState:
    """Return what the decision is worth on that day among all those on its EPA; superseded goes before expired."""
    if decision.decided_on > on:
        return DecisionState.UPCOMING
    latest = _latest(decisions, on)
    if latest is not None and latest.id != decision.id:
        return DecisionState.SUPERSEDED
    return DecisionState.EXPIRED if _has_expired(decision, on) else DecisionState.IN_FORCE


def valid_until_for(validity_months: int | None, decided_on: date) -> date | None:
    """Return the last valid day: the same day so many calendar months on, or the last day of a shorter month.

    Validity is part 8 of an EPA's description; null months mean that the declaration does not expire. A day that no
    calendar has, after a mistyped year, is the last one that it has.
    """
    if validity_months is None:
        return None
    years, month = divmod(decided_on.month - 1 + validity_months, 12)
    year, month = decided_on.year + years, month + 1
    if year > MAXYEAR:
        return date.max
    return date(year, month, min(decided_on.day, monthrange(year, month)[1]))


def check_decision(
    *,
    decided_by: UUID,
    trainee_id: UUID,
    level: Level,
    progress: EpaProgress,
    assessors_of_counted: Collection[UUID],
    deciders_allowed: Collection[UUID],
    decided_on: date,
    valid_until: date | None,
    today: date,
    overrule_reason: str | None = None,
) -> None:
    """Accept a declaration before it is recorded, or raise RuleBroken with the first rule that it breaks.

    Counts guide, people decide: with a reason one may decide on unmet requirements or above the target. What the
    declaration covers is the other half of the check: `check_scope`.
    """
    _check_decider(decided_by, trainee_id, deciders_allowed)
    _check_four_eyes(decided_by, frozenset(assessors_of_counted) or progress.assessors_set_aside)
    _check_days(decided_on, valid_until, today)
    _check_evidence(level, progress, overrule_reason)


def _check_decider(decided_by: UUID, trainee_id: UUID, allowed: Collection[UUID]) -> None:
    """Accept someone who is allowed to decide and is not the trainee, or raise."""
    if decided_by == trainee_id:
        raise RuleBroken("own_decision", decider=decided_by)
    if decided_by not in allowed:
        raise RuleBroken("decider_not_allowed", decider=decided_by)


def _check_four_eyes(decided_by: UUID, assessors: frozenset[UUID]) -> None:
    """Raise where the decider is the only one who assessed; where nothing counts, what was set aside is looked at."""
    if assessors == {decided_by}:
        raise RuleBroken("four_eyes", decider=decided_by)


def _check_days(decided_on: date, valid_until: date | None, today: date) -> None:
    """Accept a start at most LONGEST_AHEAD from today and an end not before it, or raise."""
    latest = today + LONGEST_AHEAD
    if decided_on > latest:
        raise RuleBroken("decided_in_future", decided_on=decided_on, latest=latest)
    if valid_until is not None and valid_until < decided_on:
        raise RuleBroken("valid_until_before_decision", decided_on=decided_on, valid_until=valid_until)


def _check_evidence(level: Level, progress: EpaProgress, overrule_reason: str | None) -> None:
    """Accept a level that the evidence carries or a reason is given for, or raise."""
    if progress.target is None:
        raise RuleBroken("epa_without_level", level=level.code)
    carries = progress.target.is_at_least(level)
    if overrule_reason and overrule_reason.strip():
        return
    if not progress.is_met:
        raise RuleBroken("requirements_unmet", unmet=len(progress.unmet), requirements=len(progress.items))
    if not carries:
        raise RuleBroken("level_above_target", level=level.code, target=progress.target.code)


def _latest(decisions: Iterable[Decision], on: date) -> Decision | None:
    """Return the last decision that has begun by that day; on one day the one recorded last."""
    begun = (one for one in decisions if one.decided_on <= on)
    return max(begun, key=lambda one: (one.decided_on, one.recorded_at, one.id), default=None)


def _has_expired(decision: Decision, on: date) -> bool:
    """Return whether the last valid day has passed."""
    return decision.valid_until is not None and decision.valid_until < on
