"""How far a trainee is with what the diploma asks, rule by rule, on one day."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from competencies.attainments import AttainmentKind, HoursOf
from competencies.completion.rules import CompletionRule, RuleKind
from competencies.curricula import EpaType
from competencies.plans import Plan, PlannedEpa
from competencies.progress import AnyProgress, AnyStep, EpaProgress, EpaStanding, Obstacle, Record, judge, standing_on
from competencies.requirements import (
    AnyRequirement,
    HoursRequirement,
    PiecesRequirement,
    PlacementRequirement,
    SessionsRequirement,
)


@dataclass(frozen=True, slots=True)
class EpasStep:
    """So many EPAs more, of those that do not count yet."""

    rule: CompletionRule
    epas: int
    open: tuple[EpaStanding, ...]

    @property
    def size(self) -> int:
        """Return how many declarations it takes."""
        return self.epas


@dataclass(frozen=True, slots=True)
class EpasProgress:
    """Which EPAs count for a rule, and what stands in the way of the others."""

    rule: CompletionRule
    epas: tuple[EpaStanding, ...]
    needed: int

    @property
    def counted(self) -> tuple[EpaStanding, ...]:
        """Return the EPAs that count, by declaration or by exemption."""
        return tuple(one for one in self.epas if one.counts)

    @property
    def open(self) -> tuple[EpaStanding, ...]:
        """Return the EPAs that do not count, each with its obstacle."""
        return tuple(one for one in self.epas if not one.counts)

    @property
    def missing(self) -> int:
        """Return how many EPAs more are needed."""
        return max(0, self.needed - len(self.counted))

    @property
    def is_met(self) -> bool:
        """Return whether nothing is missing."""
        return not self.missing

    @property
    def next_step(self) -> EpasStep | None:
        """Return the least that would meet it, or null when it is met."""
        return EpasStep(self.rule, self.missing, self.open) if self.missing else None


@dataclass(frozen=True, slots=True)
class ItemsProgress:
    """How far each requirement is that a rule asks; a rule that finds nothing to ask is met."""

    rule: CompletionRule
    items: tuple[AnyProgress, ...]

    @property
    def is_met(self) -> bool:
        """Return whether every requirement is met."""
        return all(item.is_met for item in self.items)

    @property
    def next_step(self) -> AnyStep | None:
        """Return the smallest step that still lacks, or null when it is met."""
        steps = [step for item in self.items if (step := item.next_step)]
        return min(steps, key=lambda step: step.size, default=None)


RuleProgress: TypeAlias = EpasProgress | ItemsProgress


@dataclass(frozen=True, slots=True)
class StageProgress:
    """How far what a stage asks beside its EPAs is met."""

    stage: str
    items: tuple[AnyProgress, ...]

    @property
    def is_met(self) -> bool:
        """Return whether every requirement is met."""
        return all(item.is_met for item in self.items)


@dataclass(frozen=True, slots=True)
class Completion:
    """How far a trainee is with each rule of the diploma, on one day."""

    rules: tuple[RuleProgress, ...]
    on: date

    @property
    def met(self) -> tuple[RuleProgress, ...]:
        """Return the rules that are met."""
        return tuple(one for one in self.rules if one.is_met)

    @property
    def is_met(self) -> bool:
        """Return whether every rule is met; a programme without rules is completed by people alone."""
        return bool(self.rules) and len(self.met) == len(self.rules)


def completion_of(
    rules: Iterable[CompletionRule],
    record: Record,
    plan: Plan,
    *,
    progress: Mapping[str, EpaProgress],
    on: date,
) -> Completion:
    """Return how far each rule is met on that day; `progress` is that of the EPAs without levels, by key."""
    return Completion(tuple(_rule_progress(one, record, plan, progress, on) for one in rules), on)


def stage_progress(
    stage: str, requirements: Sequence[AnyRequirement], record: Record, plan: Plan, *, on: date
) -> StageProgress:
    """Return how far what a stage asks of the programme as a whole is met on that day."""
    return StageProgress(stage, tuple(judge(one, record, plan, on=on) for one in requirements))


def _rule_progress(
    rule: CompletionRule, record: Record, plan: Plan, progress: Mapping[str, EpaProgress], on: date
) -> RuleProgress:
    if rule.kind.is_about_epas:
        asked = _epas_of(rule, plan, record.track)
        epas = tuple(_standing(epa, rule, record, progress, on) for epa in asked)
        return EpasProgress(rule, epas, len(epas) if rule.min_count is None else rule.min_count)
    return ItemsProgress(rule, tuple(judge(one, record, plan, on=on) for one in _asked_by(rule, plan)))


def _epas_of(rule: CompletionRule, plan: Plan, track: str | None) -> tuple[PlannedEpa, ...]:
    """Return the EPAs that a rule asks: offered ones only where some of them are enough."""
    kind = EpaType.CROSS_EPA if rule.kind is RuleKind.CROSS_EPA_COMPLETED else rule.type
    some = rule.kind is RuleKind.MIN_EPAS_OF_TYPE
    asked = (epa for epa in plan.epas if epa.type is kind and (some or not epa.is_optional))
    return tuple(epa for epa in asked if not rule.within_track or epa.is_for(track))


def _standing(
    epa: PlannedEpa, rule: CompletionRule, record: Record, progress: Mapping[str, EpaProgress], on: date
) -> EpaStanding:
    """Return whether an EPA counts; one without levels is not declared, it counts when its requirements are met."""
    minimum = epa.level_at(rule.at_stage) or epa.level_at(None)
    standing = standing_on(epa, record, minimum=minimum, scope={}, on=on)
    if epa.expected or standing.counts:
        return standing
    evidence = progress.get(epa.key)
    if evidence is not None and evidence.is_met:
        return EpaStanding(epa=epa.key)
    return EpaStanding(epa=epa.key, obstacle=Obstacle.REQUIREMENTS_UNMET, set_aside=standing.set_aside)


def _asked_by(rule: CompletionRule, plan: Plan) -> tuple[AnyRequirement, ...]:
    """Return the requirements that a rule stands for."""
    match rule.kind:
        case RuleKind.PLACEMENTS_COMPLETED:
            return tuple(PlacementRequirement(placement=one.key) for one in plan.placements if one.mandatory)
        case RuleKind.ATTENDANCE:
            return (SessionsRequirement(modules=rule.modules, min_percent=rule.min_percent),)
        case RuleKind.DELIVERABLES_COMPLETED:
            keys = plan.deliverables
            return (PiecesRequirement(kind=AttainmentKind.PRODUCT, min_count=len(keys), keys=keys),) if keys else ()
        case RuleKind.EXTERNAL_DIPLOMA:
            return (PiecesRequirement(kind=AttainmentKind.EXTERNAL_DIPLOMA),)
        case RuleKind.STUDY_LOAD_COMPLETED:
            return study_load_of(plan)
        case _:
            return (rule.requirement,) if rule.requirement is not None else ()


def study_load_of(plan: Plan) -> tuple[HoursRequirement, ...]:
    """Return the hours of practice and theory that the study load of a programme names."""
    load = {HoursOf.PRACTICE: plan.study_load.practice_hours, HoursOf.THEORY: plan.study_load.theory_hours}
    return tuple(HoursRequirement(of=of, min_hours=hours) for of, hours in load.items() if hours)
