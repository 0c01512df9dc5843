"""Whether a declaration or an exemption holds on an EPA on a day, and why not."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from competencies.attainments import Attainment, AttainmentKind
from competencies.decisions import Decision, DecisionState, latest, state_of
from competencies.plans import Plan, PlannedEpa
from competencies.progress.reasons import SetAside, reason_against
from competencies.progress.records import Record
from competencies.requirements import DeclarationRequirement
from competencies.scales import Level


class Obstacle(StrEnum):
    """Why an EPA does not count as declared."""

    NOT_DECLARED = "not_declared"
    NOT_BEGUN = "not_begun"
    EXPIRED = "expired"
    SUSPENDED = "suspended"
    OTHER_SCALE = "other_scale"
    BELOW_LEVEL = "below_level"
    OTHER_SCOPE = "other_scope"
    REQUIREMENTS_UNMET = "requirements_unmet"
    NOT_OF_PLAN = "not_of_plan"


@dataclass(frozen=True, slots=True, kw_only=True)
class EpaStanding:
    """Whether an EPA counts, by the decision in force or by an exemption, and what stands in the way if not.

    `minimum` is the level that was asked; `set_aside` are the exemptions that do not count.
    """

    epa: str
    minimum: Level | None = None
    decision: Decision | None = None
    exemption: Attainment | None = None
    set_aside: tuple[tuple[Attainment, SetAside], ...] = ()
    obstacle: Obstacle | None = None

    @property
    def counts(self) -> bool:
        """Return whether nothing stands in the way."""
        return self.obstacle is None

    @property
    def is_exempted(self) -> bool:
        """Return whether it counts by an exemption."""
        return self.counts and self.exemption is not None


@dataclass(frozen=True, slots=True)
class DeclarationStep:
    """A declaration on the EPA that takes the obstacle away."""

    requirement: DeclarationRequirement
    obstacle: Obstacle

    @property
    def size(self) -> int:
        """Return how many acts it takes."""
        return 1


@dataclass(frozen=True, slots=True)
class DeclarationProgress:
    """Whether the EPA that a requirement names counts."""

    requirement: DeclarationRequirement
    standing: EpaStanding

    @property
    def is_met(self) -> bool:
        """Return whether nothing stands in the way."""
        return self.standing.counts

    @property
    def next_step(self) -> DeclarationStep | None:
        """Return the least that would meet it, or null when it is met."""
        return DeclarationStep(self.requirement, self.standing.obstacle) if self.standing.obstacle else None

    @property
    def size(self) -> int:
        """Return how many acts it still takes; 0 when it is met."""
        return 0 if self.is_met else 1


def declaration_progress(
    requirement: DeclarationRequirement, record: Record, plan: Plan, *, on: date
) -> DeclarationProgress:
    """Return whether the EPA counts on that day."""
    epa = plan.epa(requirement.epa)
    if epa is None:
        return DeclarationProgress(requirement, EpaStanding(epa=requirement.epa, obstacle=Obstacle.NOT_OF_PLAN))
    minimum = _level(epa, requirement.minimum)
    return DeclarationProgress(requirement, standing_on(epa, record, minimum=minimum, scope=requirement.scope, on=on))


def _level(epa: PlannedEpa, code: str | None) -> Level | None:
    """Return the level of that code on the EPA's scale; null is that of its declaration."""
    return epa.level_at(None) if code is None or epa.scale is None else epa.scale.level(code)


def standing_on(
    epa: PlannedEpa, record: Record, *, minimum: Level | None, scope: Mapping[str, Collection[str]], on: date
) -> EpaStanding:
    """Return whether an EPA counts on that day at that level for these options; an exemption counts for all of them."""
    decisions = record.decisions.get(epa.key, ())
    last = latest(decisions, on=on)
    obstacle = _obstacle(last, decisions, minimum, scope, on)
    freed = [one for one in record.of_kind(AttainmentKind.EXEMPT_EPA) if one.key == epa.key]
    reasons = [(one, reason_against(one, on)) for one in freed]
    exemption = next((one for one, reason in reasons if reason is None), None)
    if obstacle is not None and exemption is not None:
        obstacle = None
    elif obstacle is None:
        exemption = None
    return EpaStanding(
        epa=epa.key,
        minimum=minimum,
        decision=last,
        exemption=exemption,
        set_aside=tuple((one, reason) for one, reason in reasons if reason is not None),
        obstacle=obstacle,
    )


def _obstacle(
    last: Decision | None,
    decisions: Collection[Decision],
    minimum: Level | None,
    scope: Mapping[str, Collection[str]],
    on: date,
) -> Obstacle | None:
    """Return what stands in the way of counting the decision that matters, or null."""
    if last is None:
        return Obstacle.NOT_BEGUN if decisions else Obstacle.NOT_DECLARED
    state = state_of(last, decisions, on=on)
    if state is not DecisionState.IN_FORCE:
        return {DecisionState.EXPIRED: Obstacle.EXPIRED}.get(state, Obstacle.SUSPENDED)
    if minimum is not None and not last.level.shares_scale_with(minimum):
        return Obstacle.OTHER_SCALE
    if minimum is not None and not last.level.is_at_least(minimum):
        return Obstacle.BELOW_LEVEL
    return None if last.covers(scope) else Obstacle.OTHER_SCOPE
