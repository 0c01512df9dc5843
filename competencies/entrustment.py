"""Entrustment decisions: who may decide what, and until when it is valid."""

from collections.abc import Collection
from datetime import date, timedelta
from uuid import UUID

from competencies.decisions import Decision, DecisionState, in_force, is_in_force, latest, state_of, valid_until_for
from competencies.errors import RuleBroken
from competencies.progress import EpaProgress
from competencies.scales import Level

__all__ = [
    "LONGEST_AHEAD",
    "Decision",
    "DecisionState",
    "check_decision",
    "in_force",
    "is_in_force",
    "latest",
    "state_of",
    "valid_until_for",
]

LONGEST_AHEAD = timedelta(days=31)
"""How far ahead a decision may take effect: a meeting decides now, the ward works with it from next month."""


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
    _check_four_eyes(decided_by, frozenset(assessors_of_counted) or progress.confirmers or progress.assessors_set_aside)
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
