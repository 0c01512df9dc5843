"""How far the evidence meets what the declaration on one EPA asks."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from competencies.observations import Observation
from competencies.plans import Plan
from competencies.progress.combined import AnyProgress, AnyStep
from competencies.progress.judging import attainments_counted, judge, observations_counted, observed_parts
from competencies.progress.records import Record
from competencies.requirements import AnyRequirement, requirements_for
from competencies.scales import Level

NOTHING = Record()
NO_PLAN = Plan()


@dataclass(frozen=True, slots=True)
class EpaProgress:
    """How far the evidence meets the requirements of one EPA for a declaration at `target`, on one day."""

    items: tuple[AnyProgress, ...]
    target: Level | None
    stage: str | None
    on: date

    @property
    def is_met(self) -> bool:
        """Return whether every requirement is met; without requirements nothing stands in the way."""
        return all(item.is_met for item in self.items)

    @property
    def unmet(self) -> tuple[AnyProgress, ...]:
        """Return the requirements that still lack something, in the order of the programme."""
        return tuple(item for item in self.items if not item.is_met)

    @property
    def next_steps(self) -> tuple[AnyStep, ...]:
        """Return the least that would meet each unmet requirement, in the order of the programme."""
        return tuple(step for item in self.items if (step := item.next_step))

    @property
    def counted(self) -> tuple[Observation, ...]:
        """Return every observation that counts for a requirement, once."""
        return observations_counted(self.items)

    @property
    def assessors(self) -> frozenset[UUID]:
        """Return the different assessors of everything that counts."""
        return frozenset[UUID]().union(*(part.assessors for part in observed_parts(self.items)))

    @property
    def confirmers(self) -> frozenset[UUID]:
        """Return the different people who confirmed the attainments that count: hours, placements, products, tests."""
        return frozenset(one.confirmed_by for one in attainments_counted(self.items) if one.confirmed_by is not None)

    @property
    def assessors_set_aside(self) -> frozenset[UUID]:
        """Return the different assessors of what does not count for some requirement."""
        seen = (one for part in observed_parts(self.items) for one, _reason in part.set_aside)
        return frozenset(one.assessed_by for one in seen if one.assessed_by is not None)


def epa_progress(
    requirements: Iterable[AnyRequirement],
    observations: Iterable[Observation],
    *,
    target: Level | None,
    stage: str | None,
    on: date,
    record: Record = NOTHING,
    plan: Plan = NO_PLAN,
) -> EpaProgress:
    """Return the progress on each requirement that a declaration at that stage asks, on that day.

    `observations` are those on this EPA; what else counts is looked up in the `record`, as the `plan` names it.
    """
    known = replace(record, observations=tuple(observations))
    items = tuple(judge(one, known, plan, on=on) for one in requirements_for(requirements, stage))
    return EpaProgress(items, target, stage, on)
