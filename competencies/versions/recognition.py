"""Which decisions hold on for the EPAs of another version."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from competencies.decisions import Decision, DecisionState, in_force, latest, state_of
from competencies.errors import RuleBroken
from competencies.scales import Level
from competencies.scope import ScopeGroup, check_scope
from competencies.versions.mapping import EpaMapping, EpaOfVersion, MappingKind

Decisions = Mapping[UUID, Sequence[Decision]]
"""Decisions by the old EPA that they are on."""


class Unrecognised(StrEnum):
    """Why nothing that was decided on the old EPAs holds on for a new one."""

    UNDECIDED = "undecided"
    SUSPENDED = "suspended"
    OTHER_SCALE = "other_scale"
    SCOPE_ASKS_MORE = "scope_asks_more"
    NOT_ALL_IN_FORCE = "not_all_in_force"


@dataclass(frozen=True, slots=True)
class Recognised:
    """What holds on: a level and its days, and the decisions that it rests on; one, or one of each merged EPA."""

    level: Level
    decided_on: date
    valid_until: date | None
    decisions: tuple[Decision, ...]


@dataclass(frozen=True, slots=True)
class Recognition:
    """What holds on for one new EPA; where nothing does, `reason` says why, or is null for an EPA from nothing."""

    epa_id: UUID
    recognised: tuple[Recognised, ...]
    reason: Unrecognised | None


def recognitions(
    mapping: EpaMapping,
    decisions: Decisions,
    *,
    old: Collection[EpaOfVersion],
    new: Collection[EpaOfVersion],
    on: date,
) -> tuple[Recognition, ...]:
    """Return what holds on for each new EPA, on a day; a level is never raised, an end never put off.

    Same, or a part of a split EPA: the newest decision as it stands, expired ones too, and one that is still to begin.
    Merged: only where a decision is in force on every source; then the lowest level, until the earliest end or the day
    before a source's next decision begins. Always on the same version of the same scale only, and only where the new
    scope asks no more than what was declared and has every limit that it was declared within.
    """
    before = {one.id: one for one in old}
    return tuple(_recognition(mapping, decisions, before, epa, on) for epa in new)


def _recognition(
    mapping: EpaMapping, decisions: Decisions, before: Mapping[UUID, EpaOfVersion], epa: EpaOfVersion, on: date
) -> Recognition:
    sources = mapping.sources_of(epa.id)
    if not sources or epa.scale is None:
        return Recognition(epa.id, (), None)
    if mapping.kind_of(epa.id) is MappingKind.MERGED:
        found = _common([decisions.get(source, ()) for source in sources], on)
    else:
        found = _standing(decisions.get(sources[0], ()), on)
    if isinstance(found, Unrecognised):
        return Recognition(epa.id, (), found)
    reason = _reason_against(found, [before[source] for source in sources], epa)
    return Recognition(epa.id, () if reason else found, reason)


def _standing(decisions: Sequence[Decision], on: date) -> tuple[Recognised, ...] | Unrecognised:
    """Return the newest decision that has begun, as it stands, and those that are still to begin."""
    last = latest(decisions, on=on)
    upcoming = [one for one in decisions if one.decided_on > on]
    holding = [*([last] if last else []), *sorted(upcoming, key=lambda one: (one.decided_on, one.recorded_at))]
    if not holding:
        return Unrecognised.UNDECIDED
    if last is not None and state_of(last, decisions, on=on) is DecisionState.SUSPENDED:
        return Unrecognised.SUSPENDED
    return tuple(Recognised(one.level, one.decided_on, one.valid_until, (one,)) for one in holding)


def _common(of_sources: Sequence[Sequence[Decision]], on: date) -> tuple[Recognised, ...] | Unrecognised:
    """Return what the decisions in force on all sources have in common."""
    holding = [in_force(decisions, on=on) for decisions in of_sources]
    held = [one for one in holding if one is not None]
    if not any(of_sources):
        return Unrecognised.UNDECIDED
    if len(held) < len(holding):
        return Unrecognised.NOT_ALL_IN_FORCE
    if not all(one.level.shares_scale_with(held[0].level) for one in held):
        return Unrecognised.OTHER_SCALE
    # Where a source has a decision still to begin, nobody decided yet on what it and the others have in common.
    upcoming = [one.decided_on - timedelta(days=1) for of_one in of_sources for one in of_one if one.decided_on > on]
    ends = [*upcoming, *(one.valid_until for one in held if one.valid_until is not None)]
    lowest = min((one.level for one in held), key=lambda level: level.rank)
    different = tuple({one.id: one for one in held}.values())
    return (Recognised(lowest, max(one.decided_on for one in held), min(ends, default=None), different),)


def _reason_against(
    found: Sequence[Recognised], sources: Sequence[EpaOfVersion], epa: EpaOfVersion
) -> Unrecognised | None:
    """Return why decisions cannot hold on for the new EPA, or null when they can."""
    if epa.scale is None or not all(one.level in epa.scale.levels for one in found):
        return Unrecognised.OTHER_SCALE
    if not all(_covers(one, sources, epa) for one in found):
        return Unrecognised.SCOPE_ASKS_MORE
    return None


def _covers(found: Recognised, sources: Sequence[EpaOfVersion], epa: EpaOfVersion) -> bool:
    """Return whether what was declared satisfies the scope of the new EPA; an unchanged scope asks no more."""
    if all(source.groups == epa.groups for source in sources) and len(sources) == 1:
        return True
    chosen: dict[str, set[str]] = {}
    for one in found.decisions:
        for group, options in one.scope.items():
            chosen.setdefault(group, set()).update(options)
    asked = {group.key for group in epa.groups}
    if any(_limited_by(group, chosen) for source in sources for group in source.groups if group.key not in asked):
        return False
    try:
        check_scope(epa.groups, {key: options for key, options in chosen.items() if key in asked})
    except RuleBroken:
        return False
    return True


def _limited_by(group: ScopeGroup, chosen: Mapping[str, set[str]]) -> bool:
    """Return whether the declaration leaves out some of the options of a group."""
    return chosen.get(group.key, set()) != {option.key for option in group.options}
