"""Entrustment decisions on a day: which one is in force, and what each is worth."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from competencies.days import months_from
from competencies.scales import Level


class DecisionState(StrEnum):
    """What a decision is worth on a day."""

    IN_FORCE = "in_force"
    SUSPENDED = "suspended"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    UPCOMING = "upcoming"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One declaration on one EPA: in force from `decided_on` up to and including `valid_until` (null: no end).

    `scope` holds the options that it covers, by group. From `suspended_on` on it does not hold (null: never). From
    `overtaken_on` on a later decision on what its EPA became in another version has its place (null: never).
    """

    id: UUID
    epa_id: UUID
    level: Level
    decided_on: date
    valid_until: date | None
    decided_by: UUID
    recorded_at: datetime
    scope: Mapping[str, Collection[str]] = field(default_factory=dict, hash=False)
    suspended_on: date | None = None
    overtaken_on: date | None = None

    def covers(self, asked: Mapping[str, Collection[str]]) -> bool:
        """Return whether it was given for at least these options."""
        return all(set(options) <= set(self.scope.get(group, ())) for group, options in asked.items())

    def is_suspended(self, *, on: date) -> bool:
        """Return whether it is suspended on that day; the day of the suspension is the first one."""
        return self.suspended_on is not None and self.suspended_on <= on

    def is_overtaken(self, *, on: date) -> bool:
        """Return whether on that day a later decision holds in its place on what its EPA became."""
        return self.overtaken_on is not None and self.overtaken_on <= on


def in_force(decisions: Iterable[Decision], *, on: date) -> Decision | None:
    """Return the decision that holds on that day among those on one EPA of one trainee, or null.

    It is the latest that has begun; once that has expired or is suspended none holds, an older one does not revive.
    """
    last = latest(decisions, on=on)
    return last if last is not None and state_of(last, [last], on=on) is DecisionState.IN_FORCE else None


def is_in_force(decision: Decision, decisions: Iterable[Decision], *, on: date) -> bool:
    """Return whether this is the decision that holds on that day among all those on its EPA."""
    return state_of(decision, decisions, on=on) is DecisionState.IN_FORCE


def state_of(decision: Decision, decisions: Iterable[Decision], *, on: date) -> DecisionState:
    """Return what the decision is worth on that day among all those on its EPA; superseded goes before expired."""
    if decision.decided_on > on:
        return DecisionState.UPCOMING
    last = latest(decisions, on=on)
    if (last is not None and last.id != decision.id) or decision.is_overtaken(on=on):
        return DecisionState.SUPERSEDED
    return _worth(decision, on)


def latest(decisions: Iterable[Decision], *, on: date) -> Decision | None:
    """Return the last decision that has begun by that day; on one day the one recorded last."""
    begun = (one for one in decisions if one.decided_on <= on)
    return max(begun, key=lambda one: (one.decided_on, one.recorded_at, one.id), default=None)


def valid_until_for(validity_months: int | None, decided_on: date) -> date | None:
    """Return the last valid day: the same day so many calendar months on, or the last day of a shorter month.

    Validity is part 8 of an EPA's description; null months mean that the declaration does not expire. A day that no
    calendar has, after a mistyped year, is the last one that it has.
    """
    return None if validity_months is None else months_from(decided_on, validity_months)


def _worth(decision: Decision, on: date) -> DecisionState:
    """Return what the latest decision is worth; one that has expired stays so, suspended or not."""
    if decision.valid_until is not None and decision.valid_until < on:
        return DecisionState.EXPIRED
    return DecisionState.SUSPENDED if decision.is_suspended(on=on) else DecisionState.IN_FORCE
